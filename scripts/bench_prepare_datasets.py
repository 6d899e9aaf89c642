"""The exact part of prepare with Hugging Face datasets and two processes: ingest, checks,
normalisation, exact deduplication, split, and with a tokenizer the tokens of each row.
Usage: bench_prepare_datasets.py INPUT OUTPUT [TOKENIZER]

Rows that are no JSON end the JSON reader of datasets, so lines are read as text and parsed in a
map, which is also what it takes to count them."""

import glob
import hashlib
import json
import os
import shutil
import sys
import time
import unicodedata

import datasets
from tokenizers import Tokenizer


def normalize(text):
    return " ".join(unicodedata.normalize("NFC", text).split())


def digest(*parts):
    sha = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8")
        sha.update(len(data).to_bytes(4, "big"))
        sha.update(data)
    return sha.hexdigest()[:32]


def parse(line):
    """(reason, prompt, chosen, rejected)"""
    try:
        row = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        return "invalid_utf8", "", "", ""
    except ValueError:
        return "malformed_json", "", "", ""
    if not any(key in row for key in ("prompt", "chosen", "rejected")):
        return "unknown_format", "", "", ""
    if any(row.get(key) is None for key in ("prompt", "chosen", "rejected")):
        return "missing_field", "", "", ""
    texts = [row["prompt"], row["chosen"], row["rejected"]]
    if any(not isinstance(text, str) for text in texts):
        return "wrong_type", "", "", ""
    prompt, chosen, rejected = map(normalize, texts)
    if not prompt:
        return "empty_prompt", "", "", ""
    if not chosen or not rejected:
        return "empty_response", "", "", ""
    if chosen == rejected:
        return "identical_responses", "", "", ""
    return "", *texts


def ids(batch):
    columns = {name: [] for name in ("reason", "prompt", "chosen", "rejected", "prompt_id", "key")}
    for line in batch["line"]:
        reason, prompt, chosen, rejected = parse(line)
        prompt_id = digest("prompt", "text", normalize(prompt))
        key = digest("comparison", prompt_id, normalize(chosen), normalize(rejected))
        for name, value in zip(columns, (reason, prompt, chosen, rejected, prompt_id, key)):
            columns[name].append(value)
    return columns


def lengths(batch, tokenizer):
    texts = [text for name in ("prompt", "chosen", "rejected") for text in batch[name]]
    encodings = tokenizer.encode_batch(texts, add_special_tokens=False)
    rows = len(batch["prompt"])
    counts = [len(encoding.ids) for encoding in encodings]
    prompt, chosen, rejected = (counts[i * rows:(i + 1) * rows] for i in range(3))
    return {"tokens": [2 * p + c + r for p, c, r in zip(prompt, chosen, rejected)]}


def split_of(prompt_id):
    u = int(digest("split", "0", prompt_id)[:16], 16) / 2**64
    return "test" if u < 0.05 else "validation" if u < 0.1 else "train"


def lines(files):
    for file in files:
        with open(file, "rb") as stream:
            for line in stream:
                yield {"line": line}


def main():
    source, output, *tokenizers = sys.argv[1:]
    shutil.rmtree(output, ignore_errors=True)
    files = sorted(glob.glob(os.path.join(source, "*.jsonl")))
    datasets.disable_progress_bars()
    start = time.time()
    rows = datasets.Dataset.from_generator(
        lines,
        gen_kwargs={"files": files},
        num_proc=min(2, len(files)),
        cache_dir=os.path.join(output, "cache"),
        features=datasets.Features({"line": datasets.Value("binary")}),
    )
    rows = rows.map(ids, batched=True, num_proc=2, remove_columns=["line"])
    read = len(rows)
    good = rows.filter(lambda reasons: [not r for r in reasons], input_columns="reason",
                       batched=True, num_proc=2)
    seen = set()
    first = []
    for i, key in enumerate(good["key"]):
        if key not in seen:
            seen.add(key)
            first.append(i)
    kept = good.select(first)
    kept = kept.map(lambda batch: {"split": [split_of(p) for p in batch["prompt_id"]]},
                    batched=True, num_proc=2)
    if tokenizers:
        tokenizer = Tokenizer.from_file(os.path.join(tokenizers[0], "tokenizer.json"))
        kept = kept.map(lengths, fn_kwargs={"tokenizer": tokenizer}, batched=True, num_proc=2)
    for shard in range(2):
        kept.shard(2, shard).to_parquet(os.path.join(output, f"part-{shard}.parquet"))
    seconds = time.time() - start
    print(json.dumps({"datasets": datasets.__version__, "read": read, "kept": len(kept),
                      "quarantined": read - len(good), "duplicates": len(good) - len(kept),
                      "tokens": sum(kept["tokens"]) if tokenizers else None,
                      "seconds": round(seconds, 1),
                      "microseconds_per_row": round(seconds / read * 1e6, 1)}))


if __name__ == "__main__":
    main()
