"""Regenerates the model-directory fixtures: tiny GPT-2 directories as transformers writes them.

Usage: python scripts/golden/models.py   (from the repository root; needs `transformers`)

Weight k of a tensor called n is a small exact fraction that depends on k and n only (see `value`),
so that tests can recompute it, exactly also in 16 bits.
"""

import json
import shutil
from pathlib import Path

import torch
from transformers import GPT2Config, GPT2ForSequenceClassification, GPT2LMHeadModel

ROOT = Path("model-core/src/test/resources/golden/models")
SHAPE = dict(n_layer=2, n_head=2, n_embd=4, n_positions=6, vocab_size=10, bos_token_id=0, eos_token_id=0)


def value(name, k):
    return ((sum(name.encode()) * 31 + k * 7) % 127 - 63) / 64


def fill(model):
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            flat = parameter.view(-1)
            flat.copy_(torch.tensor([value(name, k) for k in range(flat.numel())]))
    return model


def main():
    shutil.rmtree(ROOT, ignore_errors=True)
    fill(GPT2LMHeadModel(GPT2Config(**SHAPE))).save_pretrained(ROOT / "language-model")
    fill(GPT2ForSequenceClassification(GPT2Config(num_labels=1, **SHAPE))).save_pretrained(ROOT / "scalar")
    fill(GPT2LMHeadModel(GPT2Config(tie_word_embeddings=False, **SHAPE))).save_pretrained(ROOT / "untied")
    fill(GPT2LMHeadModel(GPT2Config(**SHAPE))).half().save_pretrained(ROOT / "half")
    fill(GPT2LMHeadModel(GPT2Config(**SHAPE))).bfloat16().save_pretrained(ROOT / "bfloat16")
    fill(GPT2LMHeadModel(GPT2Config(**SHAPE))).save_pretrained(ROOT / "sharded", max_shard_size=1000)
    # As the first GPT-2 files: no prefix, mask buffers, n_ctx.
    from safetensors.torch import load_file, save_file

    weights = load_file(ROOT / "language-model" / "model.safetensors")
    old = {name.removeprefix("transformer."): tensor for name, tensor in weights.items()}
    old["h.0.attn.bias"] = torch.tril(torch.ones(6, 6, dtype=torch.uint8)).view(1, 1, 6, 6)
    old["h.0.attn.masked_bias"] = torch.tensor(-1e4)
    (ROOT / "old").mkdir()
    save_file(old, ROOT / "old" / "model.safetensors", metadata={"format": "pt"})
    config = {"architectures": ["GPT2LMHeadModel"], "model_type": "gpt2", "n_ctx": 6, "torch_dtype": "float32"}
    config.update({k: v for k, v in SHAPE.items() if k != "n_positions"})
    (ROOT / "old" / "config.json").write_text(json.dumps(config, indent=1))


if __name__ == "__main__":
    main()
