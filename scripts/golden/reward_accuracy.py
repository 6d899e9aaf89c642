"""Held-out accuracy of a reward model trained in rlhf4j and in PyTorch, from the same weights on the same rows.

Usage: python scripts/golden/reward_accuracy.py DIRECTORY INPUT [--seeds N] [--epochs N] [--rlhf4j COMMAND]
(from the repository root; needs torch, transformers and tokenizers)

INPUT is a raw file of preference pairs, as `prepare` takes it, or the sentence polarity archive (.zip), whose positive and negative sentences are
paired by chance, the positive one chosen. rlhf4j prepares and splits the rows by prompt (35 % held out), trains a tokenizer and makes the weights
of each seed; transformers puts a head on them. From there `reward` trains, and beside it torch.optim.Adam, twice: in a random order of its own, and in the
order that rlhf4j takes. Held-out pairs are scored by `score` and by PyTorch. Pairs longer than the context are left out everywhere. Given the same DIRECTORY again it goes on behind the last finished seed.

Ends with an error where the mean accuracies differ by more than 2 points in own orders, or where models trained in one order score differently:
accuracies more than 2 points apart, or margins correlated by less than 0.99 in any seed.
"""
import argparse
import json
import math
import multiprocessing
import random
import shlex
import shutil
import statistics
import subprocess
import sys
import zipfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import torch
import transformers
from torch.nn.functional import logsigmoid

import training_steps as steps

transformers.utils.logging.set_verbosity_error()
BATCH, RATE, WARMUP, CLIP, EPSILON, HELD_OUT = 32, 5e-4, 10, 1.0, 1e-8, 0.35
LARGEST_DIFFERENCE, LEAST_CORRELATION = 0.02, 0.99
SPEAKERS = {"user": "\n\nHuman: ", "assistant": "\n\nAssistant: "}
TURN = "\n\nAssistant:"


def run(options, command, *arguments):
    """The result that the command prints."""
    done = subprocess.run(
        [*shlex.split(options.rlhf4j), command, *map(str, arguments), "--quiet"], check=True, stdout=subprocess.PIPE, text=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def words(settings):
    return [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]


def sentence_pairs(archive, output):
    """A number as the prompt: rows are split by prompt, and it tells nothing."""
    with zipfile.ZipFile(archive) as files:
        sides = [[line.strip() for line in files.read(name).decode("latin-1").splitlines() if line.strip()]
                 for end in (".pos", ".neg") for name in files.namelist() if name.endswith(end)]
    numbers = random.Random(0)
    for side in sides:
        numbers.shuffle(side)
    rows = ({"prompt": f"Review {i}:", "chosen": " " + good, "rejected": " " + bad} for i, (good, bad) in enumerate(zip(*sides)))
    output.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return output


def prompt_text(messages):
    """As rlhf4j writes messages for a tokenizer without a chat template."""
    if all(message["role"] == "text" for message in messages):
        return "".join(message["content"] for message in messages)
    return "".join(SPEAKERS[message["role"]] + message["content"] for message in messages) + TURN


class Pair:
    def __init__(self, row, tokenizer):
        def encode(text):
            return tokenizer(text, add_special_tokens=False).input_ids

        self.id, self.split = row["pair_id"], row["split"]
        self.prompt, self.texts = prompt_text(row["prompt"]), (row["chosen"], row["rejected"])
        start = encode(self.prompt)
        self.tokens = [start + encode(text) + [tokenizer.eos_token_id] for text in self.texts]


def scores(net, pairs):
    """Of chosen and rejected at the end token, [pairs, 2]; sequences of like length together."""
    rows = [row for pair in pairs for row in pair.tokens]
    order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
    size = 16
    body = net.model if hasattr(net, "model") else net.transformer
    parts = []
    for start in range(0, len(rows), size):
        part = [rows[i] for i in order[start : start + size]]
        longest = max(map(len, part))
        hidden = body(input_ids=torch.tensor([row + [0] * (longest - len(row)) for row in part])).last_hidden_state
        ends = torch.tensor([len(row) - 1 for row in part])
        parts.append(net.score(hidden[torch.arange(len(part)), ends])[:, 0])
    places = torch.empty(len(rows), dtype=torch.long)
    places[torch.tensor(order)] = torch.arange(len(rows))
    return torch.cat(parts)[places].reshape(-1, 2)


def margins(net, pairs):
    with torch.no_grad():
        both = torch.cat([scores(net, pairs[i : i + 64]) for i in range(0, len(pairs), 64)]).double()
    return (both[:, 0] - both[:, 1]).tolist()


BITS = (1 << 64) - 1


def mixed(value):
    """Finaliser of splitmix64 (Steele, Lea and Flood 2014)."""
    z = (value + 0x9E3779B97F4A7C15) & BITS
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & BITS
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB & BITS
    return z ^ (z >> 31)


def id_hash(text):
    """FNV-1a, mixed."""
    value = 0xCBF29CE484222325
    for character in text:
        value = (value ^ ord(character)) * 0x100000001B3 & BITS
    return mixed(value)


def their_order(pairs, seed, epoch):
    """rlhf4j's: by a hash of seed, epoch and id, as a signed number."""
    epoch_seed = mixed(id_hash(f"reward/epoch-{epoch}") ^ mixed(seed))
    return sorted(pairs, key=lambda pair: mixed(id_hash(pair.id) ^ mixed(epoch_seed)) ^ (1 << 63))


def own_order(pairs, seed, epoch):
    return random.Random(f"{seed} {epoch}").sample(pairs, len(pairs))


def train(start, pairs, epochs, order, seed):
    """Bradley-Terry with torch.optim.Adam; warm-up, then half a cosine, as `reward.schedule` has it."""
    net = transformers.AutoModelForSequenceClassification.from_pretrained(start).float().eval()  # no dropout on either side
    adam = torch.optim.Adam(net.parameters(), lr=RATE, eps=EPSILON)
    total, step = epochs * math.ceil(len(pairs) / BATCH), 0
    for epoch in range(epochs):
        rows = order(pairs, seed, epoch)
        for first in range(0, len(rows), BATCH):
            rate = min(1, (step + 1) / WARMUP) if step < WARMUP else 0.5 * (1 + math.cos(math.pi * (step - WARMUP) / (total - WARMUP)))
            adam.param_groups[0]["lr"] = RATE * rate
            both = scores(net, rows[first : first + BATCH])
            loss = -logsigmoid(both[:, 0] - both[:, 1]).mean()
            adam.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), CLIP)
            adam.step()
            step += 1
    return net


def pytorch_margins(start, pairs, held_out, epochs, order, seed):
    torch.set_num_threads(1)  # one process for each order
    return margins(train(start, pairs, epochs, order, seed), held_out)


def rlhf4j_margins(options, directory, seed, pairs):
    model = directory / f"reward-{seed}"
    result = run(options, "reward", "--model", directory / f"start-{seed}", "--input", directory / "data", "--output", model, "--seed", seed,
                 *words({"trainer.workers": 1, "reward.epochs": options.epochs, "reward.batch-size": BATCH, "reward.learning-rate": RATE,
                         "reward.schedule": "cosine", "reward.warmup-steps": WARMUP, "reward.gradient-clip": CLIP,
                         "reward.adam-epsilon": EPSILON, "reward.weight-decay": 0}))
    output = directory / f"scores-{seed}"
    run(options, "score", "--model", model, "--input", directory / "responses.jsonl", "--output", output, "--output-format", "jsonl")
    given = {row["rollout_id"]: row["raw_score"] for row in steps.rows_of(output)}
    return [given[f"{pair.id}-0"] - given[f"{pair.id}-1"] for pair in pairs], result


def right(values):
    return [(value > 0) + 0.5 * (value == 0) for value in values]


def accuracy(values):
    return statistics.mean(right(values))


def make_data(options, directory):
    source = options.input
    if source.suffix == ".zip":
        source = sentence_pairs(source, directory / "pairs.jsonl")
    run(options, "prepare", "--input", source, "--output", directory / "data", "--output-format", "jsonl",
        *words({"prepare.validation-share": 0, "prepare.test-share": HELD_OUT}))
    run(options, "tokenizer", "--input", directory / "data", "--output", directory / "tokenizer", "--vocab-size", 2048)


def prepare(options, directory):
    if not (directory / "tokenizer").exists():
        make_data(options, directory)
    counts = json.loads((directory / "data" / "summary.json").read_text())
    tokenizer = transformers.AutoTokenizer.from_pretrained(directory / "tokenizer")
    pairs = [Pair(row, tokenizer) for row in steps.rows_of(directory / "data" / "preferences")]
    fitting = [pair for pair in pairs if max(map(len, pair.tokens)) <= options.context]
    train_pairs, held_out = ([pair for pair in fitting if pair.split == split] for split in ("train", "test"))
    with open(directory / "responses.jsonl", "w") as file:
        for pair in held_out:
            for k, text in enumerate(pair.texts):
                file.write(json.dumps({"rollout_id": f"{pair.id}-{k}", "prompt": pair.prompt, "response": text}) + "\n")
    print(f"{counts['kept']} pairs of {counts['read']} kept, {len(pairs) - len(fitting)} longer than {options.context} tokens; "
          f"{len(train_pairs)} to train on, {len(held_out)} held out", flush=True)
    return train_pairs, held_out


def make_start(options, directory, seed):
    run(options, "init", "--tokenizer", directory / "tokenizer", "--output", directory / f"init-{seed}", "--seed", seed,
        *words({"model.family": options.family, "model.layers": 3, "model.heads": 4, "model.hidden-size": 128, "model.context-length": options.context}))
    start = directory / f"start-{seed}"
    torch.manual_seed(seed)
    net = transformers.AutoModelForSequenceClassification.from_pretrained(directory / f"init-{seed}", num_labels=1)
    net.save_pretrained(start)
    transformers.AutoTokenizer.from_pretrained(directory / "tokenizer").save_pretrained(start)
    return start, sum(p.numel() for p in net.parameters())


def compared(name, ours, theirs):
    """Mean difference of the accuracies, with its standard errors over held-out pairs and over seeds."""
    gaps = [accuracy(a) - accuracy(b) for a, b in zip(ours, theirs)]
    by_pair = [statistics.mean(column) for column in zip(*([x - y for x, y in zip(right(a), right(b))] for a, b in zip(ours, theirs)))]
    over_pairs = statistics.stdev(by_pair) / math.sqrt(len(by_pair))
    over_seeds = statistics.stdev(gaps) / math.sqrt(len(gaps)) if len(gaps) > 1 else math.nan
    like = [statistics.correlation(a, b) for a, b in zip(ours, theirs)]
    means = [statistics.mean(map(accuracy, side)) for side in (ours, theirs)]
    print(f"{name}: rlhf4j {means[0]:.4f}, PyTorch {means[1]:.4f}, difference {100 * statistics.mean(gaps):+.2f} points, standard error "
          f"{100 * over_pairs:.2f} over pairs, {100 * over_seeds:.2f} over seeds; margins correlated by {min(like):.4f} to {max(like):.4f}", flush=True)
    return abs(statistics.mean(gaps)), min(like)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("directory", type=Path)
    parser.add_argument("input", type=Path)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--context", type=int, default=384)
    parser.add_argument("--family", default="gpt2")
    parser.add_argument("--rlhf4j", default="scripts/rlhf4j")
    options = parser.parse_args()
    directory = options.directory.resolve()
    directory.mkdir(parents=True, exist_ok=True)
    settings = json.dumps([str(options.input), options.epochs, options.context, options.family, BATCH, RATE, WARMUP, CLIP, EPSILON, HELD_OUT])
    stored = directory / "settings.json"
    if stored.exists() and stored.read_text() != settings:
        sys.exit(f"{directory} holds a run with other settings; name another directory.")
    stored.write_text(settings)
    train_pairs, held_out = prepare(options, directory)
    ours, own, same = [], [], []
    pool = ProcessPoolExecutor(2, multiprocessing.get_context("spawn"))
    for seed in range(options.seeds):
        done = directory / f"margins-{seed}.json"
        if not done.exists():
            for name in ("init", "start", "reward", "scores"):
                shutil.rmtree(directory / f"{name}-{seed}", ignore_errors=True)
            start, parameters = make_start(options, directory, seed)
            tasks = [pool.submit(pytorch_margins, start, train_pairs, held_out, options.epochs, order, seed) for order in (own_order, their_order)]
            values, result = rlhf4j_margins(options, directory, seed, held_out)
            lines = [parameters, result["test"]["accuracy"], values, *(task.result() for task in tasks)]
            done.write_text(json.dumps(lines))
        parameters, reported, *values = json.loads(done.read_text())
        for results, value in zip((ours, own, same), values):
            results.append(value)
        print(f"seed {seed}, {parameters} parameters: accuracy rlhf4j {accuracy(ours[-1]):.4f} (as it reports {reported:.4f}), "
              f"PyTorch {accuracy(own[-1]):.4f} in its own order, {accuracy(same[-1]):.4f} in rlhf4j's", flush=True)
    spread = math.sqrt(0.25 / len(held_out))
    print(f"An accuracy near 0.5 on {len(held_out)} pairs has a standard error of {100 * spread:.1f} points.")
    gap, _ = compared("own orders", ours, own)
    same_gap, like = compared("same order", ours, same)
    sys.exit("They differ." if max(gap, same_gap) > LARGEST_DIFFERENCE or not like >= LEAST_CORRELATION else 0)


if __name__ == "__main__":
    main()
