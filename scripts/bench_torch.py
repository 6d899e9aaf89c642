"""PyTorch's side of scripts/bench: python bench_torch.py WORK SHAPE BATCH THREADS.

PyTorch in eager mode with transformers, float32, on as many threads as the Java side. Reads lines with
seconds; for each it works for so long, at least one round, and prints one JSON object.
"""

import json
import resource
import sys
import time

import torch
from transformers import GPT2Config, GPT2ForSequenceClassification, GPT2LMHeadModel

SEQUENCES, LENGTH = 8, 128
PROMPT, NEW_TOKENS = 32, 64
SHAPES = {
    "small": dict(n_layer=4, n_head=4, n_embd=256, n_inner=1024, n_positions=256, vocab_size=4096),
    "gpt2": dict(n_layer=12, n_head=12, n_embd=768, n_inner=3072, n_positions=1024, vocab_size=50257),
}


def train(model, _):
    tokens = torch.randint(model.config.vocab_size, (SEQUENCES, LENGTH))
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-4)

    def step():
        optimizer.zero_grad()
        model(tokens, labels=tokens).loss.backward()
        optimizer.step()

    return step


def score(model, _):
    """Log-probability of each next token, one sequence after the other: the fastest of five ways."""
    tokens = torch.randint(model.config.vocab_size, (SEQUENCES, LENGTH))

    def logprobs():
        logits = model(tokens).logits[:, :-1]
        chosen = logits.gather(-1, tokens[:, 1:, None]).squeeze(-1)
        return chosen - torch.stack([sequence.logsumexp(-1) for sequence in logits])

    return logprobs


def reward(model, _):
    """One number for each sequence."""
    tokens = torch.randint(1, model.config.vocab_size, (SEQUENCES, LENGTH))  # 0 would be padding
    return lambda: model(tokens)


def generate(model, batch_size):
    model.eval()
    prompts = torch.randint(model.config.vocab_size, (batch_size, PROMPT))
    mask = torch.ones_like(prompts)
    return lambda: model.generate(
        prompts,
        attention_mask=mask,
        do_sample=True,
        top_k=0,
        max_new_tokens=NEW_TOKENS,
        min_new_tokens=NEW_TOKENS,
        pad_token_id=0,
    )


def repeat(work, seconds):
    times = []
    while sum(times) < seconds or not times:
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return times


def main():
    name, shape, batch_size, threads = sys.argv[1:]
    torch.set_num_threads(int(threads))
    torch.manual_seed(1)
    config = GPT2Config(**SHAPES[shape], resid_pdrop=0, embd_pdrop=0, attn_pdrop=0)
    config.pad_token_id, config.num_labels = 0, 1
    model = (GPT2ForSequenceClassification if name == "reward" else GPT2LMHeadModel)(config)
    works = {"train": train, "score": score, "reward": reward, "generate": generate}
    work = works[name](model, int(batch_size))
    with torch.set_grad_enabled(name == "train"):
        for line in sys.stdin:
            times = repeat(work, float(line))
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(json.dumps({"seconds": times, "peak_memory": peak}), flush=True)


if __name__ == "__main__":
    main()
