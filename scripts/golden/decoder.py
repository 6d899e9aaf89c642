"""Writes the golden fixtures of the decoder: outputs and gradients of transformers' own models.

Usage: python scripts/golden/decoder.py model-core/src/test/resources/golden
Needs torch and transformers. The weights are a closed formula that the Java tests compute too
(CounterRandom and GoldenModel), so only outputs are written. Reference values are in float64.
"""
import base64
import json
import sys

import numpy as np
import torch
import transformers

MASK = (1 << 64) - 1
GAMMA = 0x9E3779B97F4A7C15


def mix(bits):
    with np.errstate(over="ignore"):
        bits = np.asarray(bits, dtype=np.uint64)
        bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return bits ^ (bits >> np.uint64(31))


def key(seed, name):
    value = int(mix((seed + GAMMA) & MASK))
    for letter in name.encode():
        value = int(mix((value * 31 + letter + GAMMA) & MASK))
    return value


def uniform(k, counters):
    with np.errstate(over="ignore"):
        counters = counters.astype(np.uint64)
        stirred = mix(counters * np.uint64(GAMMA) + np.uint64(GAMMA))
        bits = mix(np.uint64(int(mix((k + GAMMA) & MASK))) ^ stirred)
    return (bits >> np.uint64(11)).astype(np.float64) * 2.0**-53


def fill(model, seed):
    """Every parameter is scale * (2 u - 1), plus 1 for the weights of norms."""
    for name, parameter in model.named_parameters():
        values = 2.0 * uniform(key(seed, name), np.arange(parameter.numel())) - 1.0
        if parameter.dim() == 1:
            values = 0.2 * values + (1.0 if name.endswith("weight") else 0.0)
        else:
            values = 0.3 * values
        parameter.data.copy_(torch.from_numpy(values.astype(np.float32)).view(parameter.shape))


def adapt(model, case):
    """Freezes the model; modules that end with a target get lora_A and lora_B, as PEFT does it."""
    if "lora" not in case:
        return
    rank, alpha, targets = (case["lora"][name] for name in ("rank", "alpha", "targets"))
    model.requires_grad_(False)
    for name, module in list(model.named_modules()):
        if not name.endswith(tuple("." + target for target in targets)):
            continue
        weight = module.weight
        conv = isinstance(module, transformers.pytorch_utils.Conv1D)  # stored [in, out]
        outputs, inputs = reversed(weight.shape) if conv else weight.shape
        module.lora_A = torch.nn.Linear(inputs, rank, bias=False)
        module.lora_B = torch.nn.Linear(rank, outputs, bias=False)
        module.register_forward_hook(
            lambda m, args, y: y + alpha / rank * m.lora_B(m.lora_A(args[0]))
        )
    if hasattr(model, "score"):
        model.score.requires_grad_(True)


def encode(tensor):
    return base64.b64encode(tensor.detach().float().numpy().astype("<f4").tobytes()).decode()


def sequences(seed, lengths, vocabulary):
    k = key(seed, "tokens")
    drawn = uniform(k, np.arange(sum(lengths)))
    tokens = (drawn * vocabulary).astype(int).tolist()
    rows, start = [], 0
    for length in lengths:
        rows.append(tokens[start : start + length])
        start += length
    return rows


def padded(rows):
    longest = max(len(row) for row in rows)
    ids = torch.zeros(len(rows), longest, dtype=torch.long)
    mask = torch.zeros(len(rows), longest, dtype=torch.long)
    for i, row in enumerate(rows):
        ids[i, : len(row)] = torch.tensor(row)
        mask[i, : len(row)] = 1
    return ids, mask


def coefficients(seed, count):
    return 2.0 * uniform(key(seed, "coefficients"), np.arange(count)) - 1.0


def generate(model, case, row, **settings):
    prompt = torch.tensor([row[: case["prompt"]]])
    out = model.generate(
        prompt,
        attention_mask=torch.ones_like(prompt),
        do_sample=False,
        max_new_tokens=case["new_tokens"],
        pad_token_id=0,
        **settings,
    )
    return out[0, case["prompt"] :].tolist()


def language_model(case, config, seed):
    model = transformers.AutoModelForCausalLM.from_config(config, attn_implementation="eager")
    adapt(model, case)
    fill(model, seed)
    model = model.double().eval()
    rows = sequences(seed, case["lengths"], config.vocab_size)
    ids, mask = padded(rows)
    if case["padded"]:
        logits = model(input_ids=ids, attention_mask=mask).logits / case["temperature"]
    else:  # a window that sees only padding makes NaN gradients
        each = [model(input_ids=torch.tensor([row])).logits[0] for row in rows]
        logits = torch.nn.utils.rnn.pad_sequence(each, batch_first=True) / case["temperature"]
    logprobs = torch.log_softmax(logits, -1)
    outputs, entropies = [], []
    for i, row in enumerate(rows):
        for t in range(case["first_target"], len(row)):
            outputs.append(logprobs[i, t - 1, row[t]])
            entropies.append(-(logprobs[i, t - 1].exp() * logprobs[i, t - 1]).sum())
    outputs = torch.stack(outputs)
    (outputs * torch.from_numpy(coefficients(seed, len(outputs)))).sum().backward()
    last = logits[0, len(rows[0]) - 1] * case["temperature"]
    model = model.float()
    greedy = [generate(model, case, row, eos_token_id=config.vocab_size + 1) for row in rows]
    settings = dict(repetition_penalty=1.4, min_new_tokens=5, eos_token_id=greedy[0][1])
    penalised = [generate(model, case, row, **settings) for row in rows]
    return model, {
        "outputs": encode(outputs),
        "entropies": encode(torch.stack(entropies)),
        "lastLogits": encode(last),
        "greedy": greedy,
        "penalised": {**settings, "tokens": penalised},
    }


def scalar(case, config, seed):
    config.num_labels = 1
    config.pad_token_id = None  # else its embedding would get no gradient
    model = transformers.AutoModelForSequenceClassification.from_config(
        config, attn_implementation="eager"
    )
    adapt(model, case)
    fill(model, seed)
    model = model.double().eval()
    rows = sequences(seed, case["lengths"], config.vocab_size)
    ids, mask = padded(rows)
    hidden = model.base_model(input_ids=ids, attention_mask=mask).last_hidden_state
    scores = model.score(hidden).squeeze(-1)
    outputs = [scores[i, t] for i, row in enumerate(rows) for t in range(len(row))]
    outputs = torch.stack(outputs)
    (outputs * torch.from_numpy(coefficients(seed, len(outputs)))).sum().backward()
    return model, {"outputs": encode(outputs)}


def gpt2(**changes):
    base = dict(
        vocab_size=37, n_positions=24, n_embd=16, n_layer=2, n_head=2,
        resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0,
        bos_token_id=0, eos_token_id=0,
    )
    base.update(changes)
    return transformers.GPT2Config(**base)


def llama(kind, **changes):
    base = dict(
        vocab_size=37, hidden_size=16, intermediate_size=28, num_hidden_layers=2,
        num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=64,
        rms_norm_eps=1e-5, tie_word_embeddings=True, bos_token_id=0, eos_token_id=0,
    )
    base.update(changes)
    return kind(**base)


CASES = {
    "gpt2_tied": dict(config=gpt2(), lengths=[7, 19, 12], temperature=0.7),
    "gpt2_untied_wide": dict(
        config=gpt2(
            vocab_size=53, n_embd=24, n_layer=1, n_head=3, n_inner=40,
            tie_word_embeddings=False, layer_norm_epsilon=1e-4,
        ),
        lengths=[24, 5],
        temperature=1.0,
    ),
    "gpt2_scalar": dict(
        config=gpt2(n_layer=1, n_head=4), lengths=[3, 20, 11, 8], temperature=1.0, head="scalar"
    ),
    "llama": dict(
        config=llama(transformers.LlamaConfig), lengths=[7, 33, 12], temperature=0.7
    ),
    "llama3_biases": dict(
        config=llama(
            transformers.LlamaConfig, attention_bias=True, mlp_bias=True, head_dim=6,
            num_hidden_layers=1, tie_word_embeddings=False,
            rope_parameters=dict(
                rope_type="llama3", rope_theta=100.0, factor=4.0, low_freq_factor=1.0,
                high_freq_factor=4.0, original_max_position_embeddings=16,
            ),
        ),
        lengths=[40, 9],
        temperature=1.0,
    ),
    "qwen2": dict(
        config=llama(
            transformers.Qwen2Config, num_attention_heads=2, num_key_value_heads=1,
            rope_parameters=dict(rope_type="linear", rope_theta=1000.0, factor=2.0),
        ),
        lengths=[21, 6, 5],
        temperature=1.3,
    ),
    "mistral_window": dict(
        config=llama(
            transformers.MistralConfig, head_dim=8, num_key_value_heads=4, sliding_window=5,
            num_hidden_layers=1, tie_word_embeddings=False,
        ),
        lengths=[64, 11],
        padded=False,
        temperature=1.0,
    ),
    "llama_scalar": dict(
        config=llama(transformers.LlamaConfig, num_hidden_layers=1),
        lengths=[3, 20, 11],
        temperature=1.0,
        head="scalar",
    ),
    "qwen2_window": dict(
        config=llama(
            transformers.Qwen2Config, use_sliding_window=True, sliding_window=4, max_window_layers=1,
        ),
        lengths=[17, 9],
        padded=False,
        temperature=1.0,
    ),
    "llama_yarn": dict(
        config=llama(
            transformers.LlamaConfig, num_hidden_layers=1, head_dim=12,
            rope_parameters=dict(
                rope_type="yarn", rope_theta=50.0, factor=4.0, beta_fast=8.0, beta_slow=0.5,
                original_max_position_embeddings=16,
            ),
        ),
        lengths=[40, 9],
        temperature=1.0,
    ),
    "lora_gpt2": dict(
        config=gpt2(), lengths=[7, 19, 12], temperature=0.7,
        lora=dict(rank=3, alpha=5, targets=["c_attn", "mlp.c_proj"]),
    ),
    "lora_llama": dict(
        config=llama(transformers.Qwen2Config, tie_word_embeddings=False), lengths=[7, 33, 12],
        temperature=0.7,
        lora=dict(rank=2, alpha=6, targets=["q_proj", "v_proj", "o_proj", "up_proj"]),
    ),
    "lora_scalar": dict(
        config=gpt2(), lengths=[3, 20, 11], temperature=1.0, head="scalar",
        lora=dict(rank=2, alpha=4, targets=["c_attn"]),
    ),
}


def main(directory):
    for seed, (name, case) in enumerate(CASES.items(), start=1):
        torch.manual_seed(seed)
        case = {"first_target": 2, "prompt": 3, "new_tokens": 12, "head": "lm", "padded": True, **case}
        write = scalar if case["head"] == "scalar" else language_model
        model, golden = write(case, case["config"], seed)
        trained = {n: p for n, p in model.named_parameters() if p.requires_grad}
        assert all(p.grad is not None for p in trained.values()), name
        golden["gradients"] = {n: encode(p.grad) for n, p in trained.items()}
        settings = {k: v for k, v in case.items() if k != "config"}
        shape = json.loads(case["config"].to_json_string(use_diff=False))
        keep = {k: v for k, v in shape.items() if k in KEPT}
        golden = {"seed": seed, "config": keep, **settings, **golden}
        with open(f"{directory}/decoder_{name}.json", "w") as file:
            json.dump(golden, file, indent=1)
            file.write("\n")


KEPT = {
    "model_type", "vocab_size", "n_positions", "n_embd", "n_layer", "n_head", "n_inner",
    "layer_norm_epsilon", "tie_word_embeddings",
    "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads",
    "num_key_value_heads", "head_dim", "max_position_embeddings", "rms_norm_eps",
    "rope_parameters", "rope_theta", "rope_scaling", "sliding_window",
    "max_window_layers", "attention_bias", "mlp_bias",
}

if __name__ == "__main__":
    main(sys.argv[1])
