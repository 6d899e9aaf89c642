"""Regenerates the sampling fixtures: what the logits processors of transformers make of fixed logits.

Usage: python scripts/golden/sampling.py   (from the repository root; needs `torch` and `transformers`)
"""

import json
from pathlib import Path

import torch
from transformers import LogitsProcessorList
from transformers.generation.logits_process import (
    MinPLogitsWarper,
    RepetitionPenaltyLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

TARGET = Path("model-core/src/test/resources/golden/sampling.json")
CASES = [
    dict(temperature=0.7, top_k=5),
    dict(temperature=1.3, top_p=0.8),
    dict(temperature=1.0, min_p=0.15),
    dict(temperature=0.9, top_k=12, top_p=0.9),
    dict(temperature=1.5, top_k=20, top_p=0.95, min_p=0.05),
    dict(temperature=1.0, penalty=1.6, top_k=8),
    dict(temperature=0.8, penalty=0.7, top_p=0.7, min_p=0.02),
    dict(temperature=2.0, top_p=0.01),
    dict(temperature=0.3, min_p=0.9),
    dict(temperature=1.0, penalty=1.1, top_k=29, top_p=0.999),
]


def probabilities(case, logits, seen):
    processors = LogitsProcessorList()
    if "penalty" in case:
        processors.append(RepetitionPenaltyLogitsProcessor(case["penalty"]))
    processors.append(TemperatureLogitsWarper(case["temperature"]))
    if "top_k" in case:
        processors.append(TopKLogitsWarper(case["top_k"]))
    if "top_p" in case:
        processors.append(TopPLogitsWarper(case["top_p"]))
    if "min_p" in case:
        processors.append(MinPLogitsWarper(case["min_p"]))
    return torch.softmax(processors(seen, logits), -1)[0].tolist()


def main():
    torch.manual_seed(3)
    logits = torch.randn(1, 30) * 2
    logits[0, 7] = logits[0, 19]  # a tie
    seen = torch.tensor([[4, 19, 4, 0, 22, 11]])
    golden = {
        "logits": logits[0].tolist(),
        "seen": sorted(set(seen[0].tolist())),
        "cases": [{**case, "probabilities": probabilities(case, logits, seen)} for case in CASES],
    }
    TARGET.write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
    main()
