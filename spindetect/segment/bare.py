"""Sentences of texts without punctuation, as captions and transcripts have them: cut where a small network says.

For each word it looks at the words about it and gives the probability that a sentence begins there. The weights
are whole numbers and are summed exactly, so that the same text is cut alike on every machine.
`spindetect.training.bare` learns them.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from spindetect.records import Word

WEIGHTS = Path(__file__).with_name("bare.npz")
# The CRC-32 of the file; a package with other weights would give other sentences under the same signature.
WEIGHTS_CRC = 1591116890
BEFORE, AFTER = 7, 8  # words that the network sees before a boundary and after it
# A boundary that is two words off is still a good one: probabilities within two words count together.
_NEAR = 2
# Hand-set with the documents of `benchmarks/sentences.py` in view: what a boundary must reach, and how far
# boundaries are apart at least.
_LEAST, _APART = 0.3, 5
_AT_ONCE = 4096  # words worked on together, so that memory stays bounded
# A stretch of more words with hardly a sign among them has no punctuation; where the text has none at all fewer
# will do, more if it has other signs, and one that ends in a full stop may be a long sentence.
_LONGEST, _LONGEST_OF_BARE, _LONGEST_OF_SIGNS, _LONGEST_ENDED = 30, 24, 50, 60
_PUNCTUATED = 0.03


@dataclass(frozen=True, slots=True)
class _Network:
    """Hashes of the words known, ascending, and integer weights; ``scale`` turns the sum into log-odds."""

    hashes: NDArray[np.uint32]
    embeddings: NDArray[np.float64]
    hidden: NDArray[np.float64]
    hidden_bias: NDArray[np.float64]
    output: NDArray[np.float64]
    scale: float
    bias: float


@cache
def _network() -> _Network:
    packed = WEIGHTS.read_bytes()
    with np.load(io.BytesIO(packed), allow_pickle=False) as found:
        arrays = {name: found[name] for name in found.files}
    scale, bias = arrays["scale"].tolist()
    hidden = arrays["hidden"].astype(np.float64)
    return _Network(
        arrays["hashes"],
        arrays["embeddings"].astype(np.float64),
        hidden,
        arrays["hidden_bias"].astype(np.float64),
        arrays["output"].astype(np.float64),
        float(scale),
        float(bias),
    )


def network_word(word: Word) -> str:
    """What the network sees of a word: a number as such, a rare word by its last letters."""
    if word.shape == "number":
        return "#"
    norm = word.norm
    return norm if word.row >= 0 or word.function else f"~{norm[-2:]}"


def bare_starts(words: Sequence[Word], first: int, last: int, bare: bool) -> list[int]:
    """The tokens between ``first`` and ``last`` at which sentences begin; none in punctuated text.

    ``bare`` says that no sentence of the text ends in punctuation; what other signs it has then say nothing.
    """
    if last - first <= _LONGEST_OF_BARE:
        return []
    lexical = [index for index in range(first, last) if words[index].lexical]
    signs = sum(word.shape == "punctuation" and not word.norm.startswith("'") for word in words[first:last])
    many = signs > _PUNCTUATED * len(lexical)
    if bare:
        longest = _LONGEST_OF_SIGNS if many else _LONGEST_OF_BARE
    elif many:
        return []
    else:
        longest = _LONGEST_ENDED if words[last - 1].norm[:1] in (".", "!", "?") else _LONGEST
    if len(lexical) <= longest:
        return []
    chances = _chances([network_word(words[index]) for index in lexical])
    capitals = sum(words[index].capitalised for index in lexical)
    if 2 * capitals < len(lexical):  # [coming | As you know]
        for place, index in enumerate(lexical):
            if words[index].capitalised and words[index].function and words[index].norm != "i":
                chances[place] = max(chances[place], 0.9)
    return [lexical[place] for place in _chosen(chances)]


def _chances(spellings: Sequence[str]) -> NDArray[np.float64]:
    """The probability of each word to begin a sentence, to six places."""
    network = _network()
    hashes = np.array([zlib.crc32(spelling.encode("utf-8", "replace")) for spelling in spellings], np.uint32)
    places = np.minimum(np.searchsorted(network.hashes, hashes), len(network.hashes) - 1)
    # Row 0 of the embeddings stands for what is beyond the text, row 1 for a word that isn't known.
    rows = np.where(network.hashes[places] == hashes, places + 2, 1)
    padded = np.concatenate([np.zeros(BEFORE, np.intp), rows, np.zeros(AFTER, np.intp)])
    sums: list[NDArray[np.float64]] = []
    for start in range(0, len(rows), _AT_ONCE):
        count = min(_AT_ONCE, len(rows) - start)
        seen = np.stack([padded[start + at : start + at + count] for at in range(BEFORE + AFTER)], axis=1)
        inputs = network.embeddings[seen].reshape(count, -1)
        sums.append(np.maximum(inputs @ network.hidden + network.hidden_bias, 0.0) @ network.output)
    chances: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-(np.concatenate(sums) / network.scale + network.bias)))
    return chances.round(6)


def _chosen(chances: NDArray[np.float64]) -> list[int]:
    """The boundaries with most probability about them beyond what each must reach, by dynamic programming."""
    count = len(chances)
    worth = np.convolve(chances, np.ones(2 * _NEAR + 1), "full")[_NEAR : _NEAR + count] - _LEAST + 0.3 * chances
    worths: list[float] = worth.round(6).tolist()
    best = [0.0] * (count + 1)  # of the words up to here
    taken = [False] * count
    for place in range(1, count):
        gain = worths[place] + (best[place - _APART + 1] if place >= _APART else 0.0)
        taken[place] = place > 1 and gain > best[place]
        best[place + 1] = gain if taken[place] else best[place]
    chosen: list[int] = []
    place = count - 1
    while place > 0:
        if taken[place]:
            chosen.append(place)
            place -= _APART
        else:
            place -= 1
    return chosen[::-1]
