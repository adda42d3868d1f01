"""Sentences of texts without punctuation, as captions and transcripts have them: cut where a small network says.

For each word the network gives the probability that a sentence begins there, from the words about it: an embedding
of each, a row of convolutions that reach further and further (van den Oord et al. 2016,
https://arxiv.org/abs/1609.03499), and the mean over more than a hundred words, which tells speech from prose.
Weights and what passes from layer to layer are whole multiples of powers of two, small enough for exact sums, so
that the same text is cut alike on every machine. `benchmarks/learn_bare.py` learns them.
"""

from __future__ import annotations

import io
import re
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
WEIGHTS_CRC = 3835488488
DILATIONS = (1, 2, 4, 8)
"""How many words apart the three are that each convolution after the first sees."""
AROUND = 64
"""Words on each side that the mean is taken of, which joins in after the second convolution."""
EMBEDDING_UNIT, WEIGHT_UNIT, SIGNAL_UNIT, MEAN_UNIT = 64.0, 512.0, 64.0, 256.0
"""Embeddings, weights, what passes between layers and the means are whole multiples of 1 in so many."""
MOST = 127 / SIGNAL_UNIT
"""The most that passes between layers; the least is 0."""
_EDGE = 2  # rows of nothing before and after a text
# A boundary that is two words off is still a good one: it counts what is probable within two words.
_NEAR = 2
# How probable a boundary must be to begin with, at least and at most, how often that is worked out, and how much
# the probability of its own word counts besides: without it more are near the right place and hardly any in it.
_USUAL, _LEAST, _TRIES, _OWN = 0.34, (0.25, 0.5), 2, 0.1
_AT_ONCE = 4096  # words worked on together, so that memory stays bounded
_REACH = 96  # more words than lie between one and the farthest that it depends on
# A stretch of more words with hardly a sign among them has no punctuation; where the text has none at all fewer
# will do, still fewer if it is the whole text and no headline among others, more if it has other signs; one that
# ends in a full stop may be a long sentence.
_LONGEST, _LONGEST_OF_BARE, _LONGEST_OF_WHOLE, _LONGEST_OF_SIGNS, _LONGEST_ENDED = 30, 24, 12, 50, 60
_PUNCTUATED = 0.03
_ROUNDS, _SEEN = 10, 1.0
_NUMBER = re.compile(r"[.,:-]*\d[\d.,:-]*")

Chances = NDArray[np.float64]
_Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Network:
    """Hashes of the words known, ascending, a row of the embeddings for each from the third on, and the layers.

    Row 0 stands for nothing, row 1 for a word that isn't known. ``layers`` are (steps, inputs, outputs).
    """

    hashes: NDArray[np.uint32]
    embeddings: NDArray[np.int8]
    layers: tuple[_Floats, ...]
    biases: tuple[_Floats, ...]
    wide: _Floats
    output: _Floats
    bias: float


@cache
def _network() -> _Network:
    packed = WEIGHTS.read_bytes()
    with np.load(io.BytesIO(packed), allow_pickle=False) as found:
        arrays = {name: found[name] for name in found.files}

    def unpacked(name: str, unit: float = WEIGHT_UNIT) -> _Floats:
        return (arrays[name] / unit).astype(np.float32)

    numbers = range(len(DILATIONS) + 1)
    return _Network(
        arrays["hashes"],
        arrays["embeddings"],
        tuple(unpacked(f"layer{number}") for number in numbers),
        tuple(unpacked(f"bias{number}", WEIGHT_UNIT * SIGNAL_UNIT) for number in numbers),
        unpacked("wide"),
        unpacked("output"),
        float(arrays["bias"] / (WEIGHT_UNIT * SIGNAL_UNIT)),
    )


def network_word(norm: str) -> str:
    """The word as the network sees it: all numbers are one."""
    return "#" if _NUMBER.fullmatch(norm) else norm


def word_ending(spelling: str) -> str:
    """The ending that stands for a word that isn't known."""
    return f"~{spelling[-3:]}"


def bare_starts(
    words: Sequence[Word], starts: Sequence[int], first: int, last: int, bare: bool, lines: Collection[int] = ()
) -> list[int]:
    """The tokens between ``first`` and ``last`` at which sentences begin; in punctuated text only likely ones.

    ``bare`` says that no sentence of the text ends in punctuation; what other signs it has then say nothing.
    ``lines`` are tokens at which lines begin that may end anywhere.
    """
    fewest = _LONGEST_OF_WHOLE if bare and last - first == len(words) else _LONGEST_OF_BARE
    if last - first <= (fewest if bare else _LONGEST):
        return []
    lexical = [index for index in range(first, last) if words[index].lexical or words[index].norm == "'s"]
    signs = [at for at in range(first, last) if words[at].shape == "punctuation" and words[at].norm[:1] != "'"]
    touching = {at for at in range(first + 1, last) if starts[at] == starts[at - 1] + len(words[at - 1].text)}
    many = sum(not (bare and {at, at + 1} <= touching) for at in signs) > _PUNCTUATED * len(lexical)
    if bare:
        longest = _LONGEST_OF_SIGNS if many else fewest
    elif many:
        return []
    else:
        longest = _LONGEST_ENDED if words[last - 1].norm[:1] in (".", "!", "?") else _LONGEST
    if len(lexical) <= longest:
        return []
    chances = _chances([network_word(words[index].norm) for index in lexical])
    new_lines = [first < index and index in lines for index in lexical]
    chances = _with_signs(chances, [words[index] for index in lexical], new_lines)
    within = {place for place, at in enumerate(lexical)
              if at in touching and (at - 1 in touching or words[at - 1].lexical)}  # fmt: skip
    return [lexical[place] for place in _chosen(chances, within) if bare or chances[place] >= _LEAST[1]]


def _chances(spellings: Sequence[str]) -> Chances:
    """The probability of each word to begin a sentence, to six places."""
    network = _network()
    rows = hashed_places(network.hashes, spellings) + 2
    ending = rows == 1
    if ending.any():
        endings = [word_ending(spellings[at]) for at in np.flatnonzero(ending).tolist()]
        rows[ending] = hashed_places(network.hashes, endings) + 2
    rows = np.pad(rows, _EDGE)
    odds = [_log_odds(network, rows, start) for start in range(0, len(rows), _AT_ONCE)]
    chances: Chances = 1.0 / (1.0 + np.exp(-np.concatenate(odds)[_EDGE:-_EDGE]))
    return chances.round(6)


def hashed_places(hashes: NDArray[np.uint32], spellings: Sequence[str]) -> NDArray[np.intp]:
    """Where the CRC-32 of some spellings stand among ascending ones; -1 for those that don't."""
    wanted = np.array([zlib.crc32(spelling.encode("utf-8", "replace")) for spelling in spellings], np.uint32)
    places = np.minimum(np.searchsorted(hashes, wanted), len(hashes) - 1)
    return np.where(hashes[places] == wanted, places, -1)


def _log_odds(network: _Network, rows: NDArray[np.intp], start: int) -> Chances:
    """The log-odds of the words from ``start`` on, `_AT_ONCE` of them, given those within `_REACH`."""
    first, last = max(0, start - _REACH), min(len(rows), start + _AT_ONCE + _REACH)
    inputs = network.embeddings[rows[first:last]].astype(np.float32) / np.float32(EMBEDDING_UNIT)
    sums = convolved(inputs, network.layers[0], 1) + network.biases[0]
    for number, apart in enumerate(DILATIONS, 1):
        sums += convolved(_signal(sums), network.layers[number], apart) + network.biases[number]
        if number == 2:
            sums += np.rint(_means(_signal(sums)) @ network.wide * (WEIGHT_UNIT * SIGNAL_UNIT)) / np.float32(
                WEIGHT_UNIT * SIGNAL_UNIT
            )
    odds = (_signal(sums) @ network.output).astype(np.float64) + network.bias
    return odds[start - first : start - first + _AT_ONCE][: len(rows) - start]


def _signal(sums: _Floats) -> _Floats:
    """The part of its sums that a layer hands on."""
    unit = np.float32(SIGNAL_UNIT)
    return in_steps(sums * unit, MOST * SIGNAL_UNIT) / unit


def in_steps(values: _Floats, most: float) -> _Floats:
    """Values as whole numbers of 0 to ``most``, in their place."""
    np.rint(values, out=values)
    np.maximum(values, np.float32(0.0), out=values)
    return np.minimum(values, np.float32(most), out=values)


def convolved(inputs: _Floats, layer: _Floats, apart: int) -> _Floats:
    """Each word's sum over the words about it, ``apart`` from one another; nothing stands beyond the ends."""
    steps, count = len(layer), len(inputs)
    before = steps // 2 * apart
    padded = np.zeros((count + 2 * before, inputs.shape[1]), np.float32)
    padded[before : before + count] = inputs
    seen = np.concatenate([padded[step * apart : step * apart + count] for step in range(steps)], axis=1)
    return seen @ layer.reshape(-1, layer.shape[2])


def _means(signal: _Floats) -> _Floats:
    """The mean over the words within `AROUND` of each."""
    totals = np.concatenate([np.zeros((1, signal.shape[1])), np.cumsum(signal, axis=0, dtype=np.float64)])
    places = np.arange(len(signal))
    after, before = np.minimum(places + AROUND + 1, len(signal)), np.maximum(places - AROUND, 0)
    means = (totals[after] - totals[before]) / (after - before)[:, None]
    return (np.rint(means * MEAN_UNIT) / MEAN_UNIT).astype(np.float32)


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


def _chosen(chances: Chances, within: Collection[int] = ()) -> list[int]:
    """The boundaries with the best F1 that can be expected, by dynamic programming.

    Each has words of its own, at most `_NEAR` from it; it is right if a sentence begins among them, and where it
    stands should be likely itself. Another must be half as probable as the F1 of those found so (Dinkelbach 1967,
    https://doi.org/10.1287/mnsc.13.7.492). ``within`` are places at which there is none, as inside a word.
    """
    count = len(chances)
    likely, missed = chances.copy(), np.ones(count + 1)
    likely[0] = 0.0  # that the text begins there is no news
    others, wanted = 1.0 - likely, float(likely.sum())
    likely[[0, *within]] = -np.inf
    right: list[list[float]] = []  # the probability that a sentence begins among so many words from each on
    worths: list[list[float]] = []
    places: list[list[int]] = []
    for length in range(1, min(count, 2 * _NEAR + 1) + 1):
        begins = np.arange(count - length + 1)
        missed = missed[:-1] * others[length - 1 :]
        centres = np.array([begins + at for at in range(max(0, length - 1 - _NEAR), min(length - 1, _NEAR) + 1)])
        best = centres[np.argmax(likely[centres], axis=0), begins]
        right.append((1.0 - missed).tolist())
        worths.append((1.0 - missed + _OWN * likely[best]).round(6).tolist())
        places.append(best.tolist())
    least, chosen = _USUAL, [0]
    for _ in range(_TRIES):
        gained, taken = [0.0] * (count + 1), [0] * (count + 1)  # of the words up to here
        for end in range(1, count + 1):
            gained[end] = gained[end - 1]
            for length, worth in enumerate(worths[:end], 1):
                gain = gained[end - length] + worth[end - length] - least
                if gain > gained[end]:
                    gained[end], taken[end] = gain, length
        end, expected, chosen = count, 0.0, []
        while end > 0:
            length = taken[end]
            end -= max(1, length)
            if length:
                chosen.append(places[length - 1][end])
                expected += right[length - 1][end]
        least = round(min(max(expected / max(1e-6, len(chosen) + wanted), _LEAST[0]), _LEAST[1]), 6)
    return chosen[::-1]
