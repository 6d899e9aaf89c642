"""Writes the golden fixture of the preference losses: first steps in PyTorch, float64.

Usage: python scripts/golden/preferences.py model-core/src/test/resources/golden
Needs torch and transformers. Policy and reference are GPT-2 models whose weights are the closed
formula of decoder.py under two seeds. The losses are written out from their papers' equations.
"""
import json
import sys

import torch
import transformers
from torch.nn.functional import logsigmoid

from decoder import fill, sequences

CONFIG = dict(
    model_type="gpt2", n_layer=2, n_head=2, n_embd=16, n_inner=None, n_positions=24, vocab_size=37,
    layer_norm_epsilon=1e-5, tie_word_embeddings=True,
)
PROMPTS = [4, 3, 5]
CHOSEN = [3, 6, 2]
REJECTED = [5, 2, 4]
WEIGHTS = [1.0, 0.5, 2.0]
BETA, SMOOTHING, SIMPO_BETA, GAMMA, DESIRABLE, UNDESIRABLE = 0.3, 0.1, 2.0, 1.0, 1.0, 1.5


def model(seed):
    config = transformers.AutoConfig.for_model(**CONFIG)
    created = transformers.AutoModelForCausalLM.from_config(config, attn_implementation="eager")
    fill(created, seed)
    return created.double().eval()


def logprobs(net, prompt, response):
    row = torch.tensor([prompt + response])
    every = torch.log_softmax(net(input_ids=row).logits[0, :-1], -1)
    picked = every.gather(1, row[0, 1:, None])[:, 0]
    return picked[len(prompt) - 1 :]


def weighted(losses):
    weights = torch.tensor(WEIGHTS, dtype=torch.float64)
    return (weights * torch.stack(losses)).sum() / weights.sum()


def ratios(pairs, kind=torch.sum):
    return [(kind(c - rc), kind(r - rr)) for c, r, rc, rr, *_ in pairs]


def dpo(pairs):
    return weighted([-logsigmoid(BETA * (c - r)) for c, r in ratios(pairs)])


def cdpo(pairs):
    return weighted([
        -(1 - SMOOTHING) * logsigmoid(BETA * (c - r)) - SMOOTHING * logsigmoid(-BETA * (c - r))
        for c, r in ratios(pairs)
    ])


def ipo(pairs):
    return weighted([(c - r - 1 / (2 * BETA)) ** 2 for c, r in ratios(pairs)])


def ipo_mean(pairs):
    return weighted([(c - r - 1 / (2 * BETA)) ** 2 for c, r in ratios(pairs, torch.mean)])


def simpo(pairs):
    return weighted([-logsigmoid(SIMPO_BETA * (c.mean() - r.mean()) - GAMMA) for c, r, *_ in pairs])


def orpo(pairs):
    def odds(x):
        return x.mean() - torch.log1p(-x.mean().exp())

    return weighted([-c.mean() - BETA * logsigmoid(odds(c) - odds(r)) for c, r, *_ in pairs])


def kto(pairs):
    unrelated = [(u - ru).sum() for *_, us in pairs for u, ru in us]
    z = torch.clamp(torch.stack(unrelated).mean().detach(), min=0)
    both = [
        DESIRABLE * (1 - torch.sigmoid(BETA * (c - z))) + UNDESIRABLE * (1 - torch.sigmoid(BETA * (z - r)))
        for c, r in ratios(pairs)
    ]
    return weighted(both) / 2  # two responses per row


def main(directory):
    policy, reference = model(1), model(2)
    lengths = [length for triple in zip(PROMPTS, CHOSEN, REJECTED) for length in triple]
    texts = sequences(5, lengths, CONFIG["vocab_size"])
    rows = [texts[i : i + 3] for i in range(0, len(texts), 3)]
    cases = {}
    for loss_of in (dpo, cdpo, ipo, ipo_mean, simpo, orpo, kto):
        pairs = []
        for i, (prompt, chosen, rejected) in enumerate(rows):
            other = rows[(i + 1) % len(rows)]
            unrelated = [
                (logprobs(policy, prompt, y), logprobs(reference, prompt, y).detach()) for y in other[1:]
            ]
            policies = [logprobs(policy, prompt, y) for y in (chosen, rejected)]
            references = [logprobs(reference, prompt, y).detach() for y in (chosen, rejected)]
            pairs.append((*policies, *references, unrelated))
        policy.zero_grad()
        loss = loss_of(pairs)
        loss.backward()
        norm = torch.sqrt(sum((p.grad**2).sum() for p in policy.parameters()))
        cases[loss_of.__name__] = dict(loss=loss.item(), gradient_norm=norm.item())
    fixture = dict(config=CONFIG, weights=WEIGHTS, rows=rows, cases=cases)
    with open(f"{directory}/preferences.json", "w") as file:
        json.dump(fixture, file, indent=1)
        file.write("\n")
    print(cases)


if __name__ == "__main__":
    main(sys.argv[1])
