"""Regenerates the model-directory fixtures: tiny directories as transformers writes them.

Usage: python scripts/golden/models.py   (from the repository root; needs `transformers`)

Weight k of a tensor called n is a small exact fraction that depends on k and n only (see `value`),
so that tests can recompute it, exactly also in 16 bits. expected.json holds what the Llama-like models
compute: log-probabilities of each token but the first, or scalars at each token.
"""

import json
import shutil
from pathlib import Path

import torch
from transformers import (
    AutoModelForCausalLM,
    AutoModelForSequenceClassification,
    GPT2Config,
    GPT2ForSequenceClassification,
    GPT2LMHeadModel,
    LlamaConfig,
    MistralConfig,
    Qwen2Config,
)

ROOT = Path("model-core/src/test/resources/golden/models")
SHAPE = dict(n_layer=2, n_head=2, n_embd=4, n_positions=6, vocab_size=10, bos_token_id=0, eos_token_id=0)
LLAMA_SHAPE = dict(
    num_hidden_layers=2, num_attention_heads=2, num_key_value_heads=1, hidden_size=8, intermediate_size=6,
    max_position_embeddings=16, vocab_size=10, bos_token_id=0, eos_token_id=0,
)
LLAMA3 = dict(
    rope_type="llama3", rope_theta=100.0, factor=4.0, low_freq_factor=1.0, high_freq_factor=4.0,
    original_max_position_embeddings=8,
)
YARN = dict(rope_type="yarn", rope_theta=1000.0, factor=2.0, original_max_position_embeddings=8)
LLAMA_LIKE = {
    "llama": LlamaConfig(tie_word_embeddings=True, rope_parameters=LLAMA3, **LLAMA_SHAPE),
    "llama-biases": LlamaConfig(attention_bias=True, mlp_bias=True, head_dim=6, **LLAMA_SHAPE),
    "llama-scalar": LlamaConfig(
        rope_parameters=dict(rope_type="linear", rope_theta=500.0, factor=2.0), **LLAMA_SHAPE
    ),
    "mistral": MistralConfig(sliding_window=3, head_dim=4, rope_parameters=YARN, **LLAMA_SHAPE),
    "mistral-scalar": MistralConfig(sliding_window=None, **LLAMA_SHAPE),
    "qwen2": Qwen2Config(
        use_sliding_window=True, sliding_window=4, max_window_layers=1, tie_word_embeddings=True, **LLAMA_SHAPE
    ),
    "qwen2-scalar": Qwen2Config(
        rope_parameters=dict(rope_type="dynamic", rope_theta=1e6, factor=2.0), **LLAMA_SHAPE
    ),
}
TOKENS = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8]


def value(name, k):
    return ((sum(name.encode()) * 31 + k * 7) % 127 - 63) / 64


def fill(model):
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            flat = parameter.view(-1)
            flat.copy_(torch.tensor([value(name, k) for k in range(flat.numel())]))
    return model


def llama_like(name, config):
    if name.endswith("-scalar"):
        config.num_labels = 1
        config.pad_token_id = 0
        model = fill(AutoModelForSequenceClassification.from_config(config, attn_implementation="eager"))
    else:
        model = fill(AutoModelForCausalLM.from_config(config, attn_implementation="eager"))
    model.save_pretrained(ROOT / name, max_shard_size=3000 if name == "llama-biases" else "1GB")
    model = model.double().eval()
    tokens = torch.tensor([TOKENS])
    with torch.no_grad():
        if name.endswith("-scalar"):
            return model.score(model.model(tokens).last_hidden_state)[0, :, 0].tolist()
        logprobs = torch.log_softmax(model(tokens).logits[0], -1)
        return logprobs[torch.arange(len(TOKENS) - 1), tokens[0, 1:]].tolist()


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
    expected = {name: llama_like(name, config) for name, config in LLAMA_LIKE.items()}
    (ROOT / "expected.json").write_text(json.dumps({"tokens": TOKENS, "outputs": expected}, indent=1) + "\n")


if __name__ == "__main__":
    main()
