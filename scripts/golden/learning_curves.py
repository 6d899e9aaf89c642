"""Learning curves of PPO, RLOO and DPO in rlhf4j and in PyTorch, from the same models at equal settings.

Usage: python scripts/golden/learning_curves.py DIRECTORY [--seeds N] [--iterations N] [--rlhf4j COMMAND]
(from the repository root; needs torch, transformers and tokenizers)

A small Llama is fine-tuned on a few demonstrations; a random model of the same shape, its scores scaled to variance 1, is reward model and first
critic. PPO and RLOO then run for N iterations in both programs, each with samples of its own, for N seeds on either side. Printed are the mean
scores and KLs by iteration, the differences of the means, and these in standard errors; what no seed enters (the loss and accuracy of DPO, all pairs in each
step) is compared step by step. Ends with an error where the mean score or KL over all iterations, or over their second half, differs by more
than three standard errors, or DPO's loss by more than 1e-4 of it.
"""
import argparse
import json
import math
import shlex
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

import torch
import transformers
from torch.nn.functional import logsigmoid

import training_steps as steps

BETA, KL, CLIP, VALUE_CLIP, LAMBDA, NEW_TOKENS, SAMPLES, MISSING_END = 0.3, 0.05, 0.2, 0.2, 0.95, 12, 4, 1.0
SETTINGS = {
    "ppo": {"epochs": 4, "minibatch": 32, "rate": 3e-4, "critic": 1e-3},
    "rloo": {"epochs": 1, "minibatch": 32, "rate": 5e-4, "critic": 1e-3},
}
DPO_STEPS, DPO_RATE = 60, 5e-4
LARGEST_ERRORS = 3


class Adam(steps.Adam):
    def __init__(self, net, rate):
        super().__init__(net)
        self.rate = rate

    def step(self, loss):
        steps.RATE = self.rate
        super().step(loss)


def padded(rows):
    longest = max(map(len, rows))
    return torch.tensor([row + [0] * (longest - len(row)) for row in rows])


class Responses:
    """Prompts with their responses, each row padded behind its end, where no earlier token sees it."""

    def __init__(self, prompts, responses):
        self.rows = padded([p + r for p, r in zip(prompts, responses)])
        width = max(map(len, responses))
        at = [[min(len(p) + t, len(p) + len(r) - 1) for t in range(width)] for p, r in zip(prompts, responses)]
        self.at = torch.tensor(at)
        self.mask = torch.tensor([[t < len(r) for t in range(width)] for r in responses])

    def part(self, chosen):
        part = Responses.__new__(Responses)
        part.rows, part.at, part.mask = self.rows[chosen], self.at[chosen], self.mask[chosen]
        return part

    def logprobs(self, net):
        every = torch.log_softmax(net(input_ids=self.rows).logits[:, :-1], -1)
        taken = every.gather(2, self.rows[:, 1:, None])[:, :, 0]
        return taken.gather(1, self.at - 1)

    def values(self, net):
        """Before each token of the response."""
        hidden = net.model(input_ids=self.rows).last_hidden_state
        return net.score(hidden)[:, :, 0].gather(1, self.at - 1)


def sample(net, prompts, end, generator):
    rows, going = [list(p) for p in prompts], set(range(len(prompts)))
    for _ in range(NEW_TOKENS):
        order = sorted(going)
        logits = net(input_ids=padded([rows[i] for i in order])).logits
        last = torch.stack([logits[k, len(rows[i]) - 1] for k, i in enumerate(order)])
        tokens = torch.multinomial(torch.softmax(last, -1), 1, generator=generator)[:, 0].tolist()
        for i, token in zip(order, tokens):
            rows[i].append(token)
            if token == end:
                going.discard(i)
        if not going:
            break
    return [row[len(p):] for row, p in zip(rows, prompts)]


def scores(net, tokenizer, prompts, responses):
    """Of the decoded text, as in rlhf4j; without an end token MISSING_END less."""
    end = tokenizer.eos_token_id
    rows = []
    for text, response in zip(prompts, responses):
        said = tokenizer.decode(response, skip_special_tokens=True, clean_up_tokenization_spaces=False)
        tokens = tokenizer(text, add_special_tokens=False).input_ids
        tokens = tokens + tokenizer(said, add_special_tokens=False).input_ids
        rows.append(tokens + ([end] if response[-1] == end else []))
    hidden = net.score(net.model(input_ids=padded(rows)).last_hidden_state)[:, :, 0]
    last = hidden[torch.arange(len(rows)), torch.tensor([len(row) - 1 for row in rows])]
    cut = torch.tensor([response[-1] != end for response in responses])
    return last - MISSING_END * cut


def gae(rewards, values, mask):
    """Schulman et al. 2016, eq. 16, gamma 1, of padded rows."""
    advantages, last = torch.zeros_like(rewards), torch.zeros(len(rewards), dtype=rewards.dtype)
    for t in reversed(range(rewards.shape[1])):
        following = values[:, t + 1] * mask[:, t + 1] if t + 1 < rewards.shape[1] else 0.0
        last = (rewards[:, t] + following - values[:, t] + LAMBDA * last) * mask[:, t]
        advantages[:, t] = last
    return advantages


def mean(values, mask):
    return (values * mask).sum() / mask.sum()


def iterate(algorithm, directory, texts, tokenizer, iterations, seed):
    """One run in PyTorch: mean score and KL of each iteration's samples."""
    generator = torch.Generator().manual_seed(seed)
    own = SETTINGS[algorithm]
    policy, reference = (steps.language_model(directory / "policy") for _ in range(2))
    reward, critic = (steps.scalar_model(directory / "reward") for _ in range(2))
    adam, critic_adam = Adam(policy, own["rate"]), Adam(critic, own["critic"])
    texts = [text for text in texts for _ in range(SAMPLES)]
    prompts = [tokenizer(text, add_special_tokens=False).input_ids for text in texts]
    curve = []
    for _ in range(iterations):
        with torch.no_grad():
            tokens = sample(policy, prompts, tokenizer.eos_token_id, generator)
            batch = Responses(prompts, tokens)
            mask = batch.mask
            score = scores(reward, tokenizer, texts, tokens)
            old, base = batch.logprobs(policy), batch.logprobs(reference)
            ratio = (old - base) * mask
            curve.append((score.mean().item(), ratio.sum(1).mean().item()))
            rewards = -KL * ratio
            rewards[torch.arange(len(tokens)), mask.sum(1) - 1] += score
            if algorithm == "ppo":
                old_values = batch.values(critic)
                plain = gae(rewards, old_values, mask)
                returns = plain + old_values
                center = mean(plain, mask)
                advantages = (plain - center) / torch.sqrt(mean((plain - center) ** 2, mask) + 1e-8)
            else:  # Ahmadian et al. 2024, eq. 6
                total = rewards.sum(1).reshape(-1, SAMPLES)
                others = (total.sum(1, keepdim=True) - total) / (SAMPLES - 1)
                advantages = (total - others).reshape(-1, 1).expand_as(rewards)
        for _ in range(own["epochs"]):
            for chosen in torch.randperm(len(tokens), generator=generator).split(own["minibatch"]):
                part, on = batch.part(chosen), mask[chosen]
                taken, advantage = part.logprobs(policy), advantages[chosen]
                if algorithm == "ppo":  # Schulman et al. 2017, eq. 7
                    ratios = torch.exp((taken - old[chosen]) * on)
                    loss = torch.maximum(-advantage * ratios, -advantage * ratios.clamp(1 - CLIP, 1 + CLIP))
                    values, before = part.values(critic), old_values[chosen]
                    clipped = before + (values - before).clamp(-VALUE_CLIP, VALUE_CLIP)
                    wanted = returns[chosen]
                    critic_adam.step(0.5 * mean(torch.maximum((values - wanted) ** 2, (clipped - wanted) ** 2), on))
                else:
                    loss = -advantage * taken
                adam.step(mean(loss, on))
    return curve


def prepare(directory):
    """A policy that speaks the demonstrations' words, and a reward model with scores of mean 0 and variance 1 on what it says."""
    steps.make_models(directory, "llama")
    demonstrations, preferences = steps.write_rows(directory)
    tokenizer = transformers.AutoTokenizer.from_pretrained(directory / "policy")
    end = [tokenizer.eos_token_id]

    def encode(text):
        return tokenizer(text, add_special_tokens=False).input_ids

    texts = [row["prompt"][0]["content"] for row in demonstrations]
    prompts = [encode(text) for text in texts]
    shown = Responses(prompts, [encode(row["response"]) + end for row in demonstrations])
    policy = steps.language_model(directory / "policy")
    adam = Adam(policy, 3e-3)
    for _ in range(60):
        adam.step(-mean(shown.logprobs(policy), shown.mask))
    policy.float().save_pretrained(directory / "policy")
    reward = steps.scalar_model(directory / "reward")
    with torch.no_grad():
        many = prompts * 16
        generator = torch.Generator().manual_seed(17)
        tokens = sample(policy.double(), many, end[0], generator)
        complete = [(text, row) for text, row in zip(texts * 16, tokens) if row[-1] == end[0]]
        given = scores(reward, tokenizer, *zip(*complete))
        reward.score.weight /= given.std()
    reward.float().save_pretrained(directory / "reward")
    pairs = [tuple(map(encode, (row["prompt"][0]["content"], row["chosen"], row["rejected"]))) + (row["weight"],)
             for row in preferences]
    return tokenizer, texts, [(p, c + end, r + end, w) for p, c, r, w in pairs]


def words(settings):
    return [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]


def run(options, command, *arguments):
    subprocess.run(
        [*shlex.split(options.rlhf4j), command, *map(str, arguments), "--quiet", "--set", "trainer.workers=1"],
        check=True, stdout=subprocess.DEVNULL,
    )


def optimizer(section, rate, epochs):
    return {
        f"{section}.epochs": epochs, f"{section}.learning-rate": rate, f"{section}.schedule": "constant",
        f"{section}.warmup-steps": 0, f"{section}.gradient-clip": 0, f"{section}.adam-epsilon": steps.EPSILON,
    }


def rlhf4j_curve(options, directory, algorithm, seed):
    own = SETTINGS[algorithm]
    output = directory / f"{algorithm}-{seed}"
    run(options, "ppo", "--model", directory / "policy", "--reward-model", directory / "reward", "--input",
        directory / "prompts.jsonl", "--output", output, "--output-format", "jsonl", "--seed", seed,
        *words(optimizer("ppo", own["rate"], own["epochs"])),
        *words({
            "ppo.algorithm": algorithm, "ppo.iterations": options.iterations, "ppo.responses-per-iteration": 16 * SAMPLES,
            "ppo.minibatch-size": own["minibatch"], "generation.samples-per-prompt": SAMPLES,
            "generation.max-new-tokens": NEW_TOKENS, "kl.coefficient": KL, "kl.controller": "fixed",
            "ppo.critic-learning-rate": own["critic"], "ppo.clip-range": CLIP, "ppo.value-clip-range": VALUE_CLIP,
            "ppo.gae-lambda": LAMBDA, "score.missing-end": "penalty", "score.missing-end-penalty": MISSING_END,
        }))
    metrics = steps.jsonl(Path(f"{output}.ppo") / "metrics" / "ppo.jsonl")
    return [(row["objective/score"], row["objective/kl"]) for row in metrics]


def difference(ours, theirs):
    """Of the means, and its standard error by Welch."""
    error = math.sqrt(statistics.variance(ours) / len(ours) + statistics.variance(theirs) / len(theirs))
    return statistics.mean(ours) - statistics.mean(theirs), error


def compare(algorithm, ours, theirs):
    """Curves by seed; whether mean scores and KLs agree."""
    print(f"{algorithm}: mean over seeds (standard deviation over seeds)\n"
          "iteration | score rlhf4j | score PyTorch | difference, standard errors | KL rlhf4j | KL PyTorch")
    count = len(ours[0])
    for i in range(count):
        one, other = ([[curve[i][k] for curve in side] for k in range(2)] for side in (ours, theirs))
        gap, error = difference(one[0], other[0])
        shown = [f"{statistics.mean(v):.3f} ({statistics.stdev(v):.3f})" for v in (one[0], other[0], one[1], other[1])]
        print(f"{i + 1} | {shown[0]} | {shown[1]} | {gap:+.3f}, {gap / error:+.1f} | {shown[2]} | {shown[3]}", flush=True)
    agree = True
    for name, first in (("all iterations", 0), ("their second half", count // 2)):
        for k, what in enumerate(("score", "KL")):
            gap, error = difference(*([statistics.mean(c[k] for c in curve[first:]) for curve in side] for side in (ours, theirs)))
            print(f"{algorithm}, {what} over {name}: difference {gap:+.4f}, standard error {error:.4f}", flush=True)
            agree &= abs(gap) <= LARGEST_ERRORS * error
    return agree


def dpo_agrees(options, directory, pairs):
    output = directory / "dpo-tuned"
    run(options, "dpo", "--model", directory / "policy", "--input", directory / "preferences.jsonl", "--output", output,
        *words(optimizer("dpo", DPO_RATE, DPO_STEPS)), *words({"dpo.batch-size": len(pairs), "dpo.beta": BETA}))
    theirs = steps.jsonl(output / "metrics" / "dpo.jsonl")
    net, reference = (steps.language_model(directory / "policy") for _ in range(2))
    chosen, rejected = (Responses([p for p, *_ in pairs], [row[k] for row in pairs]) for k in (1, 2))
    weights = torch.tensor([row[3] for row in pairs])

    def totals(model):
        return [(side.logprobs(model) * side.mask).sum(1) for side in (chosen, rejected)]

    with torch.no_grad():
        base = totals(reference)
    adam, ours = Adam(net, DPO_RATE), []
    for _ in range(DPO_STEPS):
        won, lost = totals(net)
        margin = BETA * (won - base[0] - lost + base[1])  # Rafailov et al. 2023, eq. 7
        loss = -(weights * logsigmoid(margin)).sum() / weights.sum()
        right = (margin > 0).double() + 0.5 * (margin == 0).double()
        ours.append((loss.item(), right.mean().item()))
        adam.step(loss)
    worst = max(abs(row["loss"] - loss) / max(0.01, loss) for row, (loss, _) in zip(theirs, ours))
    accuracy = max(abs(row["accuracy"] - right) for row, (_, right) in zip(theirs, ours))
    for step in sorted({0, 1, 4, 9, 19, 39, len(ours) - 1}):
        print(f"dpo step {step + 1}: loss rlhf4j {theirs[step]['loss']:.6f}, PyTorch {ours[step][0]:.6f}; "
              f"accuracy {theirs[step]['accuracy']:.3f}, {ours[step][1]:.3f}")
    print(f"dpo: {len(ours)} steps, largest relative difference of the loss {worst:.1e}, largest difference of the accuracy {accuracy:.1e}",
          flush=True)
    return len(theirs) == len(ours) and worst <= steps.LOSS_TOLERANCE and accuracy <= 1e-6


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("directory", type=Path)
    parser.add_argument("--seeds", type=int, default=6)
    parser.add_argument("--iterations", type=int, default=10)
    parser.add_argument("--rlhf4j", default="scripts/rlhf4j")
    options = parser.parse_args()
    torch.set_num_threads(1)  # small products
    shutil.rmtree(options.directory, ignore_errors=True)
    directory = options.directory.resolve()
    directory.mkdir(parents=True)
    tokenizer, texts, pairs = prepare(directory)
    agree = dpo_agrees(options, directory, pairs)
    for algorithm in SETTINGS:
        theirs = [iterate(algorithm, directory, texts, tokenizer, options.iterations, seed) for seed in range(options.seeds)]
        ours = [rlhf4j_curve(options, directory, algorithm, seed) for seed in range(options.seeds)]
        (directory / f"{algorithm}-curves.json").write_text(json.dumps({"rlhf4j": ours, "PyTorch": theirs}))
        agree &= compare(algorithm, ours, theirs)
    sys.exit(0 if agree else "They differ.")


if __name__ == "__main__":
    main()
