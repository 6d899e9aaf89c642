"""Trains a random model directory of transformers in rlhf4j and in PyTorch, side by side.

Usage: python scripts/golden/training_steps.py DIRECTORY [--steps N] [--family llama|gpt2] [--rlhf4j COMMAND]
(from the repository root; needs torch, transformers and tokenizers)

SFT, reward model and DPO take N steps of Adam on the same rows: the loss of each step is compared. Of PPO and RLOO, one iteration: rollouts
and scores are those that rlhf4j published, everything after them (log-probabilities, values, rewards, advantages, losses, weights) is computed
again. The losses are written out from their papers' equations; Adam has Deeplearning4j's form, whose epsilon is not corrected for bias.
Ends with an error where the largest relative difference of a loss is above 1e-4, or that of the change of a weight above 1 %.
"""
import argparse
import json
import math
import random
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import torch
import transformers
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from torch.nn.functional import logsigmoid

transformers.utils.logging.disable_progress_bar()
END = "<|endoftext|>"
WORDS = "the sea is calm and wide a small boat sails home while gulls cry over grey rocks in rain".split()
RATE, EPSILON, BETA, KL, CLIP, VALUE_CLIP, LAMBDA = 1e-3, 1e-5, 0.3, 0.1, 0.2, 0.2, 0.95
LOSS_TOLERANCE, CHANGE_TOLERANCE = 1e-4, 0.01


def text(numbers, least, most):
    return " ".join(numbers.choice(WORDS) for _ in range(numbers.randint(least, most)))


def make_models(directory, family):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(
        [" ".join(WORDS)],
        trainers.BpeTrainer(
            vocab_size=290, special_tokens=[END], initial_alphabet=pre_tokenizers.ByteLevel.alphabet()
        ),
    )
    wrapped = transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token=END, bos_token=END)
    size = len(wrapped)
    end = wrapped.eos_token_id
    shared = dict(vocab_size=size, bos_token_id=end, eos_token_id=end, pad_token_id=None, initializer_range=0.08)
    if family == "llama":
        config = transformers.LlamaConfig(
            num_hidden_layers=3, num_attention_heads=6, num_key_value_heads=2, hidden_size=36, intermediate_size=52,
            max_position_embeddings=96, **shared,
        )
        kinds = (transformers.LlamaForCausalLM, transformers.LlamaForSequenceClassification)
    else:
        config = transformers.GPT2Config(
            n_layer=3, n_head=3, n_embd=42, n_inner=100, n_positions=96, resid_pdrop=0, embd_pdrop=0, attn_pdrop=0,
            **shared,
        )
        kinds = (transformers.GPT2LMHeadModel, transformers.GPT2ForSequenceClassification)
    torch.manual_seed(5)
    for name, kind in zip(("policy", "reward"), kinds):
        config.num_labels = 1
        kind(config).save_pretrained(directory / name)
        wrapped.save_pretrained(directory / name)


def write_rows(directory):
    numbers = random.Random(3)
    demonstrations, preferences, prompts = [], [], []
    for i in range(16):
        prompt = [{"role": "text", "content": text(numbers, 3, 8)}]
        common = {"prompt_id": f"p{i}", "split": "train", "source": "test", "prompt": prompt}
        chosen, rejected = (" " + text(numbers, 2, 9) for _ in range(2))
        weight = 1.0 if i % 3 else 0.5
        demonstrations.append({"demonstration_id": f"d{i}", **common, "response": chosen, "weight": weight})
        preferences.append({
            "pair_id": f"c{i}", "group_id": f"c{i}", **common, "chosen": chosen, "rejected": rejected, "weight": weight,
        })
        prompts.append(common)
    for name, rows in (("demonstrations", demonstrations), ("preferences", preferences), ("prompts", prompts)):
        (directory / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return demonstrations, preferences


class Adam:
    """Deeplearning4j's form: epsilon is added to the uncorrected root."""

    def __init__(self, net):
        self.parameters = list(net.parameters())
        self.moments = [(torch.zeros_like(p), torch.zeros_like(p)) for p in self.parameters]
        self.steps = 0

    def step(self, loss):
        gradients = torch.autograd.grad(loss, self.parameters, allow_unused=True)
        self.steps += 1
        rate = RATE * math.sqrt(1 - 0.999**self.steps) / (1 - 0.9**self.steps)
        with torch.no_grad():
            for parameter, gradient, (mean, square) in zip(self.parameters, gradients, self.moments):
                if gradient is None:
                    continue
                mean.mul_(0.9).add_(gradient, alpha=0.1)
                square.mul_(0.999).addcmul_(gradient, gradient, value=0.001)
                parameter.sub_(rate * mean / (square.sqrt() + EPSILON))


def language_model(path):
    return transformers.AutoModelForCausalLM.from_pretrained(path, attn_implementation="eager").double().eval()


def scalar_model(path):
    return transformers.AutoModelForSequenceClassification.from_pretrained(path, attn_implementation="eager").double().eval()


def logprobs(net, prompt, response):
    row = torch.tensor([prompt + response])
    every = torch.log_softmax(net(input_ids=row).logits[0, :-1], -1)
    return every.gather(1, row[0, 1:, None])[len(prompt) - 1 :, 0]


def scalars(net, tokens):
    body = net.model if hasattr(net, "model") else net.transformer
    return net.score(body(input_ids=torch.tensor([tokens])).last_hidden_state)[0, :, 0]


def curve(net, steps, loss):
    adam = Adam(net)
    losses = []
    for _ in range(steps):
        value = loss(net)
        losses.append(value.item())
        adam.step(value)
    return losses


def sft(net, rows):
    """Mean over response tokens, the end token included, each with its row's weight."""
    total, weights = 0, 0
    for prompt, response, weight in rows:
        taken = logprobs(net, prompt, response)
        total = total - weight * taken.sum()
        weights += weight * len(response)
    return total / weights


def reward(net, rows):
    """Bradley-Terry: -log sigmoid(score of the chosen - score of the rejected), at the end token."""
    losses = [-w * logsigmoid(scalars(net, p + c)[-1] - scalars(net, p + r)[-1]) for p, c, r, w in rows]
    return sum(losses) / sum(w for *_, w in rows)


def dpo(rows, reference):
    """Rafailov et al. 2023, eq. 7."""
    with torch.no_grad():
        base = [(logprobs(reference, p, c).sum() - logprobs(reference, p, r).sum()) for p, c, r, _ in rows]

    def loss(net):
        differences = [logprobs(net, p, c).sum() - logprobs(net, p, r).sum() - b for (p, c, r, _), b in zip(rows, base)]
        return sum(-w * logsigmoid(BETA * d) for d, (*_, w) in zip(differences, rows)) / sum(w for *_, w in rows)

    return loss


def gae(rewards, values):
    """Schulman et al. 2016, eq. 16, gamma 1."""
    advantages, last = torch.zeros_like(rewards), 0.0
    for t in reversed(range(len(rewards))):
        following = values[t + 1] if t + 1 < len(rewards) else 0.0
        last = rewards[t] + following - values[t] + LAMBDA * last
        advantages[t] = last
    return advantages


class Comparison:
    def __init__(self):
        self.worst = 0.0
        self.failed = False

    def values(self, name, theirs, ours, tolerance):
        difference = max(abs(a - b) / max(0.01, abs(b)) for a, b in zip(theirs, ours))
        self.failed |= not difference <= tolerance or len(theirs) != len(ours)
        print(f"{name}: rlhf4j {theirs[0]:.6f} ... {theirs[-1]:.6f}, PyTorch {ours[0]:.6f} ... {ours[-1]:.6f}, "
              f"{len(ours)} compared, largest relative difference {difference:.1e}", flush=True)

    def weights(self, name, path, net, start, load):
        theirs, before = load(path).state_dict(), load(start).state_dict()
        error, change = 0.0, 0.0
        for key, value in net.state_dict().items():
            error = max(error, (theirs[key] - value).abs().max().item())
            change = max(change, (value - before[key]).abs().max().item())
        self.failed |= not error <= CHANGE_TOLERANCE * change
        print(f"{name}: weights changed by up to {change:.2e}, difference at most {error:.1e}", flush=True)


def jsonl(path):
    return [json.loads(line) for line in Path(path).read_text().splitlines()]


def rows_of(directory):
    return [row for part in sorted(Path(directory).glob("part-*")) for row in jsonl(part)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("directory", type=Path)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--family", default="llama")
    parser.add_argument("--rlhf4j", default="scripts/rlhf4j")
    options = parser.parse_args()
    shutil.rmtree(options.directory, ignore_errors=True)
    directory = options.directory.resolve()
    directory.mkdir(parents=True)
    make_models(directory, options.family)
    demonstrations, preferences = write_rows(directory)
    tokenizer = transformers.AutoTokenizer.from_pretrained(directory / "policy")
    compared = Comparison()

    def run(command, *arguments):
        subprocess.run(
            [*shlex.split(options.rlhf4j), command, *map(str, arguments), "--quiet", "--set", "trainer.workers=1"],
            check=True, stdout=subprocess.DEVNULL,
        )

    def optimizer(section, **others):
        settings = {
            "epochs": options.steps, "batch-size": len(preferences), "learning-rate": RATE, "schedule": "constant",
            "warmup-steps": 0, "gradient-clip": 0, "adam-epsilon": EPSILON, **others,
        }
        return [word for key, value in settings.items() for word in ("--set", f"{section}.{key}={value}")]

    def encode(value):
        return tokenizer(value, add_special_tokens=False).input_ids

    def response(value):
        return encode(value) + [tokenizer.eos_token_id]

    def train(command, model, data, loss, load, *arguments):
        output = directory / f"{command}-tuned"
        run(command, "--model", directory / model, "--input", directory / f"{data}.jsonl", "--output", output,
            *optimizer(command), *arguments)
        theirs = [row["loss"] for row in jsonl(output / "metrics" / f"{command}.jsonl")]
        net = load(directory / model)
        compared.values(command, theirs, curve(net, options.steps, loss), LOSS_TOLERANCE)

    rows = [(encode(d["prompt"][0]["content"]), response(d["response"]), d["weight"]) for d in demonstrations]
    train("sft", "policy", "demonstrations", lambda net: sft(net, rows), language_model)
    pairs = [(encode(p["prompt"][0]["content"]), response(p["chosen"]), response(p["rejected"]), p["weight"])
             for p in preferences]
    train("reward", "reward", "preferences", lambda net: reward(net, pairs), scalar_model)
    train("dpo", "policy", "preferences", dpo(pairs, language_model(directory / "policy")), language_model,
          "--set", f"dpo.beta={BETA}")
    for algorithm in ("ppo", "rloo"):
        on_policy(directory, algorithm, run, optimizer, compared, tokenizer)
    sys.exit("They differ." if compared.failed else 0)


def scored(tokenizer, row):
    """What a reward model reads is text: tokens are encoded anew, and the end token follows where one was sampled."""
    tokens = tokenizer(row["prompt_text"], add_special_tokens=False).input_ids
    tokens = tokens + tokenizer(row["response"], add_special_tokens=False).input_ids
    return tokens + ([tokenizer.eos_token_id] if row["finish_reason"] == "stop" else [])


def on_policy(directory, algorithm, run, optimizer, compared, tokenizer):
    """One iteration: four epochs of one minibatch (RLOO: one)."""
    output = directory / algorithm
    run("ppo", "--model", directory / "policy", "--reward-model", directory / "reward", "--input",
        directory / "prompts.jsonl", "--output", output, "--output-format", "jsonl", *optimizer("ppo", epochs=4),
        *(word for setting in (
            f"ppo.algorithm={algorithm}", "ppo.iterations=1", "ppo.responses-per-iteration=32", "ppo.minibatch-size=32",
            "generation.samples-per-prompt=2", "generation.max-new-tokens=12", f"kl.coefficient={KL}",
            "kl.controller=fixed", f"ppo.critic-learning-rate={RATE}", f"ppo.clip-range={CLIP}",
            f"ppo.value-clip-range={VALUE_CLIP}", f"ppo.gae-lambda={LAMBDA}",
        ) for word in ("--set", setting)))
    work = Path(f"{output}.ppo")
    rollouts = rows_of(work / "datasets" / "rollouts" / "iteration=00001")
    scores = {row["rollout_id"]: row for row in rows_of(work / "datasets" / "scores" / "iteration=00001")}
    metrics = jsonl(work / "metrics" / "ppo.jsonl")[0]
    policy, critic = language_model(directory / "policy"), scalar_model(directory / "reward")
    rollouts.sort(key=lambda row: row["rollout_id"])
    tokens = [(row["prompt_tokens"], row["response_tokens"]) for row in rollouts]
    with torch.no_grad():
        old = [logprobs(policy, *row) for row in tokens]
        raw = [scalars(critic, scored(tokenizer, row))[-1].item() for row in rollouts]
        compared.values(f"{algorithm} log-probabilities", [v for row in rollouts for v in row["logprobs"]],
                        torch.cat(old).tolist(), LOSS_TOLERANCE)
        compared.values(f"{algorithm} scores", [scores[row["rollout_id"]]["raw_score"] for row in rollouts], raw,
                        LOSS_TOLERANCE)
        old_values = [scalars(critic, p + r)[len(p) - 1 : -1] for p, r in tokens]
        rewards = [torch.zeros(len(r), dtype=torch.float64) for _, r in tokens]  # policy = reference: no KL yet
        for row, given in zip(rollouts, rewards):
            given[-1] += scores[row["rollout_id"]]["score"]
        if algorithm == "ppo":
            plain = [gae(r, v) for r, v in zip(rewards, old_values)]
            returns = [a + v for a, v in zip(plain, old_values)]
            every = torch.cat(plain)
            advantages = [(a - every.mean()) / torch.sqrt(every.var(unbiased=False) + 1e-8) for a in plain]
        else:
            advantages = []
            for row, given in zip(rollouts, rewards):
                others = [scores[o["rollout_id"]]["score"] for o in rollouts
                          if o["prompt_id"] == row["prompt_id"] and o is not row]
                advantages.append(torch.full_like(given, given.sum().item() - sum(others) / len(others)))

    def policy_loss(net):
        losses = []
        for row, before, advantage in zip(tokens, old, advantages):
            taken = logprobs(net, *row)
            ratio = torch.exp(taken - before)
            if algorithm == "ppo":  # Schulman et al. 2017, eq. 7
                losses.append(torch.maximum(-advantage * ratio, -advantage * ratio.clamp(1 - CLIP, 1 + CLIP)))
            else:  # Ahmadian et al. 2024, eq. 6
                losses.append(-advantage * taken)
        return torch.cat(losses).mean()

    def value_loss(net):
        losses = []
        for (p, r), before, wanted in zip(tokens, old_values, returns):
            values = scalars(net, p + r)[len(p) - 1 : -1]
            clipped = before + (values - before).clamp(-VALUE_CLIP, VALUE_CLIP)
            losses.append(0.5 * torch.maximum((values - wanted) ** 2, (clipped - wanted) ** 2))
        return torch.cat(losses).mean()

    losses = curve(policy, 4 if algorithm == "ppo" else 1, policy_loss)
    compared.values(f"{algorithm} policy loss", [metrics["policy/loss"]], [sum(losses) / len(losses)], LOSS_TOLERANCE)
    compared.weights(f"{algorithm} policy", output, policy, directory / "policy", language_model)
    if algorithm == "ppo":
        losses = curve(critic, 4, value_loss)
        compared.values("ppo value loss", [metrics["value/loss"]], [sum(losses) / len(losses)], LOSS_TOLERANCE)


if __name__ == "__main__":
    main()
