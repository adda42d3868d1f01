"""Sentences of texts without punctuation, as captions and transcripts have them: cut where a small network says.

For each word it looks at the words about it and gives the probability that a sentence begins there. The weights
are whole numbers and are summed exactly, so that the same text is cut alike on every machine.
`spindetect.training.bare` learns them.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Collection, Sequence
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
_ROUNDS, _SEEN = 10, 1.0

Chances = NDArray[np.float64]


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


def bare_starts(words: Sequence[Word], first: int, last: int, bare: bool, lines: Collection[int] = ()) -> list[int]:
    """The tokens between ``first`` and ``last`` at which sentences begin; none in punctuated text.

    ``bare`` says that no sentence of the text ends in punctuation; what other signs it has then say nothing.
    ``lines`` are tokens at which lines begin that may end anywhere.
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
    new_lines = [first < index and index in lines for index in lexical]
    chances = _with_signs(chances, [words[index] for index in lexical], new_lines)
    return [lexical[place] for place in _chosen(chances)]


def _chances(spellings: Sequence[str]) -> Chances:
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
    chances: Chances = 1.0 / (1.0 + np.exp(-(np.concatenate(sums) / network.scale + network.bias)))
    return chances.round(6)


def _with_signs(chances: Chances, words: Sequence[Word], on_new_line: Sequence[bool]) -> Chances:
    """The probabilities given capitals and line breaks, as far as these tell where this text's sentences begin.

    What share of the beginnings has a sign, and what share of all other words, is estimated along with the
    probabilities (expectation maximisation); so names in a text that begins its sentences in lower case say
    nothing, nor do captions' lines. Grammar words, other words and those not known have their own shares.
    """
    capital = np.array([word.capitalised for word in words])
    kinds = np.array([-1 if word.shape == "number" or word.norm == "i" else 2 * word.function + (word.row >= 0)
                      for word in words])  # fmt: skip
    signs = [(capital, kinds == kind) for kind in range(4)]
    signs.append((np.array(on_new_line), np.ones(len(words), bool)))
    signs = [(sign, among) for sign, among in signs if 0 < (sign & among).sum() < among.sum()]
    given = chances
    for _ in range(_ROUNDS if signs else 0):
        odds = chances / np.maximum(1e-6, 1.0 - chances)
        for sign, among in signs:
            share = float(sign[among].mean())
            ours, others = _share(given[among], sign[among], share), _share(1.0 - given[among], sign[among], share)
            odds[among] *= np.where(sign[among], ours / others, (1.0 - ours) / (1.0 - others))
        given = (odds / (1.0 + odds)).round(6)
    return given


def _share(weights: Chances, sign: NDArray[np.bool_], share: float) -> float:
    """The share of words that have a sign, by their weights, as if some more had been seen with the usual one."""
    whole = np.rint(weights * 1e6).astype(np.int64)  # sums of whole numbers are the same on every machine
    return float((int(whole[sign].sum()) / 1e6 + _SEEN * share) / (int(whole.sum()) / 1e6 + _SEEN))


def _chosen(chances: Chances) -> list[int]:
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
