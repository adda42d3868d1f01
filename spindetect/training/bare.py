"""Learn where sentences begin in texts without punctuation: `spindetect.segment.bare`'s weights.

    python -m spindetect.training.bare --corpora DIR [--leave-out DIR/sentences] [--epochs 5]

Sentences are those that the rules find in punctuated texts; the network sees their words alone. It is an embedding
of each word, one hidden layer and a logistic output, trained with Adam (Kingma & Ba 2015,
https://arxiv.org/abs/1412.6980) and rounded to whole numbers. Lines that stand in the documents of
``--leave-out`` aren't learnt from.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import random
import re
import sys
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from spindetect.detector import Detector
from spindetect.records import Article
from spindetect.segment.bare import AFTER, BEFORE, WEIGHTS, network_word

# Files of DIR/text, how many words of each are read, and how often they are shown: speech and the web count more.
SOURCES = {
    **{"gum": (400_000, 3), "nltk_masc": (450_000, 2), "whitehouse_briefings": (500_000, 1)},
    **{"nltk_abc": (150_000, 1), "nltk_brown": (300_000, 1), "allsides": (400_000, 1)},
    **{"bbc_greene2005": (150_000, 1), "nltk_state_union": (100_000, 1), "nltk_inaugural": (60_000, 1)},
    **{"un_general_debate": (100_000, 1), "18f_blog": (100_000, 1), "wikitext2_valid_test": (100_000, 1)},
}
_LINES = 20  # make a document
_WORDS, _DIMENSIONS, _HIDDEN, _BATCH = 12_000, 24, 96, 4096
_RATE, _WARM_UP, _DROPPED, _UNKNOWN = 2e-3, 300, 0.2, 0.05
_EMBEDDING_SCALE, _HIDDEN_SCALE, _OUTPUT_SCALE = 32.0, 64.0, 64.0

_Example = tuple[list[str], list[int]]
_Weights = dict[str, NDArray[np.float32]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Read, learn, write the weights and print their checksum, which `spindetect.segment.bare` holds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--leave-out", type=Path)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--output", type=Path, default=WEIGHTS)
    chosen = parser.parse_args(arguments)
    rng = random.Random(2)
    examples = list(read(chosen.corpora / "text", left_out(chosen.leave_out), rng))
    rng.shuffle(examples)
    words = [word for word, _ in Counter(word for one, _ in examples for word in one).most_common(_WORDS)]
    packed = pack(words, learn(examples, words, chosen.epochs))
    chosen.output.write_bytes(packed)
    sys.stdout.write(f"{chosen.output}: {len(packed):,} bytes, WEIGHTS_CRC = {zlib.crc32(packed)}\n")
    return 0


def left_out(folder: Path | None) -> str:
    """The words of the documents to leave out, one after the other."""
    files = sorted(folder.glob("*.jsonl")) if folder else []
    rows = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    return " | ".join(_plain(row["text"]) for row in rows)


def _plain(text: str) -> str:
    return " ".join(re.sub(r"\W+", " ", text.lower()).split())


def read(folder: Path, leave_out: str, rng: random.Random) -> Iterator[_Example]:
    """Documents of twenty lines as what the network sees of their words, and where their sentences begin."""
    detector = Detector.load()
    for name, (budget, times) in SOURCES.items():
        lines = gzip.decompress((folder / f"{name}.txt.gz").read_bytes()).decode("utf-8").split("\n")
        lines = [line for line in lines if not (line and _plain(line) and _plain(line) in leave_out)]
        blocks = ["\n".join(lines[start : start + _LINES]) for start in range(0, len(lines), _LINES)]
        rng.shuffle(blocks)
        for block in blocks:
            document = detector.document(Article(block))
            words: list[str] = []
            begins: list[int] = []
            for sentence in document.sentences:
                tokens = document.words[sentence.first : sentence.last]
                lexical = [network_word(word) for word in tokens if word.lexical]
                ended = any(word.text[0] in ".!?" for word in tokens[-3:])
                if lexical and (ended or len(lexical) >= 12 or name == "gum"):  # others are headlines
                    begins.append(len(words))
                    words += lexical
            if words:
                yield from [(words, begins)] * times
            budget -= len(words)
            if budget < 0:
                break


def learn(examples: Sequence[_Example], words: Sequence[str], epochs: int) -> _Weights:
    """The network's weights after some passes over the examples, in an order drawn from a fixed seed."""
    from scipy.sparse import csr_matrix

    index = {word: place + 2 for place, word in enumerate(words)}
    windows, begins = _windows(examples, index)
    rng = np.random.default_rng(0)
    size = (BEFORE + AFTER) * _DIMENSIONS
    weights: _Weights = {
        "embeddings": rng.normal(0, 0.1, (len(words) + 2, _DIMENSIONS)).astype(np.float32),
        "hidden": rng.normal(0, (2 / size) ** 0.5, (size, _HIDDEN)).astype(np.float32),
        "hidden_bias": np.zeros(_HIDDEN, np.float32),
        "output": rng.normal(0, 0.1, _HIDDEN).astype(np.float32),
        "bias": np.full(1, -3, np.float32),
    }
    means = {name: np.zeros_like(one) for name, one in weights.items()}
    squares = {name: np.zeros_like(one) for name, one in weights.items()}
    batches = len(windows) // _BATCH
    for step in range(1, epochs * batches + 1):
        if step % batches == 1:
            order = rng.permutation(len(windows))
        chosen = order[(step - 1) % batches * _BATCH :][:_BATCH]
        seen, wanted = windows[chosen], begins[chosen]
        seen = np.where((rng.random(seen.shape) < _UNKNOWN) & (seen > 0), 1, seen)
        inputs = weights["embeddings"][seen].reshape(_BATCH, -1)
        sums = inputs @ weights["hidden"] + weights["hidden_bias"]
        kept = ((rng.random(sums.shape) >= _DROPPED) / (1 - _DROPPED)).astype(np.float32)
        active = np.maximum(sums, 0) * kept
        found = 1 / (1 + np.exp(-(active @ weights["output"] + weights["bias"])))
        error = ((found - wanted) / _BATCH).astype(np.float32)
        back = np.outer(error, weights["output"]) * kept * (sums > 0)
        flat = csr_matrix((np.ones(seen.size, np.float32), seen.ravel(), np.arange(seen.size + 1)),
                          shape=(seen.size, len(words) + 2))  # fmt: skip
        gradients = {
            "embeddings": flat.T @ (back @ weights["hidden"].T).reshape(-1, _DIMENSIONS),
            "hidden": inputs.T @ back,
            "hidden_bias": back.sum(0),
            "output": active.T @ error,
            "bias": np.array([error.sum()], np.float32),
        }
        rate = _RATE * min(1, step / _WARM_UP) * max(0.03, 1 - step / (epochs * batches))
        for name, one in gradients.items():
            means[name] = 0.9 * means[name] + 0.1 * one
            squares[name] = 0.999 * squares[name] + 0.001 * one**2
            corrected = means[name] / (1 - 0.9**step)
            weights[name] -= rate * corrected / (np.sqrt(squares[name] / (1 - 0.999**step)) + 1e-7)
    return weights


def _windows(examples: Sequence[_Example], index: dict[str, int]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Of each word but a document's first the rows of those about it, and whether a sentence begins with it."""
    windows: list[NDArray[np.int32]] = []
    wanted: list[NDArray[np.float32]] = []
    for words, begins in examples:
        rows = np.array([0] * BEFORE + [index.get(word, 1) for word in words] + [0] * AFTER, np.int32)
        windows.append(np.stack([rows[at : at + len(words)] for at in range(BEFORE + AFTER)], 1)[1:])
        wanted.append(np.isin(np.arange(1, len(words)), begins).astype(np.float32))
    return np.concatenate(windows), np.concatenate(wanted)


def pack(words: Sequence[str], weights: _Weights) -> bytes:
    """The weights as whole numbers of a byte or four, and hashes in the place of the words, as an ``.npz`` file."""
    hashes = np.array([zlib.crc32(word.encode()) for word in words], np.uint32)
    order = np.argsort(hashes)

    def whole(name: str, scale: float, least: int, most: int) -> NDArray[np.float64]:
        return np.clip(np.rint(weights[name].astype(np.float64) * scale), least, most)

    embeddings = whole("embeddings", _EMBEDDING_SCALE, -127, 127).astype(np.int8)
    arrays = {
        "hashes": hashes[order],
        "embeddings": np.concatenate([embeddings[:2], embeddings[2:][order]]),
        "hidden": whole("hidden", _HIDDEN_SCALE, -127, 127).astype(np.int8),
        "hidden_bias": whole("hidden_bias", _EMBEDDING_SCALE * _HIDDEN_SCALE, -(2**31), 2**31 - 1).astype(np.int32),
        "output": whole("output", _OUTPUT_SCALE, -(2**31), 2**31 - 1).astype(np.int32),
        "scale": np.array([_EMBEDDING_SCALE * _HIDDEN_SCALE * _OUTPUT_SCALE, float(weights["bias"][0])]),
    }
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


if __name__ == "__main__":
    sys.exit(main())
