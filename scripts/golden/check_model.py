"""Checks that transformers reads a model directory written by rlhf4j, with identical weights.

Usage: python scripts/golden/check_model.py DIRECTORY
"""

import json
import struct
import sys
from pathlib import Path

import numpy
import torch
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification, AutoTokenizer


def raw(path):
    data = path.read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__")
    for name, tensor in header.items():
        start, end = tensor["data_offsets"]
        values = numpy.frombuffer(data[8 + length + start : 8 + length + end], "<f4")
        yield name, values.reshape(tensor["shape"])


def main():
    directory = Path(sys.argv[1])
    architecture = json.loads((directory / "config.json").read_text())["architectures"][0]
    scalar = architecture.endswith("ForSequenceClassification")
    auto = AutoModelForSequenceClassification if scalar else AutoModelForCausalLM
    model, info = auto.from_pretrained(directory, output_loading_info=True)
    assert not any(info.values()), info
    state = model.state_dict()
    for name, values in raw(directory / "model.safetensors"):
        assert torch.equal(state[name], torch.from_numpy(values.copy())), name
    if (directory / "tokenizer.json").exists():
        print(AutoTokenizer.from_pretrained(directory).eos_token)
    print("ok", architecture, sum(p.numel() for p in model.parameters()), "parameters")


if __name__ == "__main__":
    main()
