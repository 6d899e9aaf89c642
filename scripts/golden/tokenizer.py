"""Regenerates the tokenizer fixtures: merges learned and texts encoded by Hugging Face tokenizers.

Usage: python scripts/golden/tokenizer.py   (from the repository root; needs `tokenizers`)
"""

import json
import random
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

CORE = Path("model-core/src/test/resources/golden/tokenizer")
JOBS = Path("spark-jobs/src/test/resources/golden/tokenizer")
END = "<|endoftext|>"
ODD_TEXTS = [
    "",
    " ",
    "\n\nHuman: How are you?\n\nAssistant: I'm fine, thanks!  You'll see.",
    "tabs\tand  double  spaces   \n \n\u00a0no-break\u3000ideographic\u2003em",
    "Gr\u00fc\u00dfe, na\u00efve caf\u00e9 — \u201cquotes\u201d \u2026",
    "e\u0301 combining, \u200d joiner, \ufeff mark, \u0000 nul",
    "\u4f60\u597d\uff0c\u4e16\u754c \u3053\u3093\u306b\u3061\u306f \uc548\ub155",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f600\U0001f3fd \U00010348 \U0010ffff",
    "3.14 \u0663\u0664 \u00bd \u2167 1,000,000",
    "We've they're I'd 'S 'T don't  ''",
    "before<|endoftext|>after <|endoftext|>",
]


def corpus():
    generator = random.Random(7)
    words = "the a cat dog sat mat on under ran aaaa aaaaaa abab banana bananas naïve 你好 I'll we've 2024 !!!".split()
    return [" ".join(generator.choices(words, k=generator.randint(3, 12))) for _ in range(120)]


def main():
    CORE.mkdir(parents=True, exist_ok=True)
    JOBS.mkdir(parents=True, exist_ok=True)
    lines = corpus()
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        min_frequency=2,
        special_tokens=[END],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(lines, trainer)
    model = json.loads(tokenizer.to_str())["model"]
    (JOBS / "corpus.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (JOBS / "learned.json").write_text(
        json.dumps({"vocab": model["vocab"], "merges": model["merges"]}, indent=1), encoding="utf-8"
    )
    tokenizer.save(str(CORE / "tokenizer.json"))
    config = {"eos_token": END, "tokenizer_class": "PreTrainedTokenizerFast"}
    (CORE / "tokenizer_config.json").write_text(json.dumps(config, indent=1))
    encodings = [
        {
            "text": text,
            "tokens": tokenizer.encode(text).ids,
            "decoded": tokenizer.decode(tokenizer.encode(text).ids),
        }
        for text in ODD_TEXTS + lines[:5]
    ]
    (CORE / "encodings.json").write_text(json.dumps(encodings, indent=1))


if __name__ == "__main__":
    main()
