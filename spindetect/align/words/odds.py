"""Odds that two words answer to each other where a sentence was written anew, and their places say little.

A small network judges all pairs of the words that no anchor holds: what is known of the two words and of those
beside them, and where they stand; then, twice, what was made of the pairs about them and of the best ones in the
same row and column. It is learnt from sentences that people aligned by hand (MultiMWA: Lan, Jiang and Xu 2021,
https://aclanthology.org/2021.findings-acl.435) and from more that a large network aligned, which had learnt it from
these (Hinton et al. 2015, https://arxiv.org/abs/1503.02531), by ``benchmarks/learn_odds.py``. All pairs of many
sentences are judged at once. Weights and what passes between the layers are whole multiples of powers of two, small
enough for exact sums, so that the odds are the same on every machine.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from spindetect.align.lexical.lexicon import Lexicon
from spindetect.align.words.cells import Cells, Floats, Stretch, cells_of
from spindetect.segment.bare import convolved, hashed_places, in_steps

WEIGHTS = Path(__file__).with_name("odds.npz")
# The CRC-32 of the file; a package with other weights would give other links under the same signature.
WEIGHTS_CRC = 2104464259
VECTOR_UNIT, WEIGHT_UNIT, SIGNAL_UNIT = 32.0, 512.0, 64.0
"""Vectors, weights and what passes between layers are whole multiples of 1 in so many."""
MOST = 255 / SIGNAL_UNIT
"""The most that passes between layers; the least is 0."""
AROUND = ((0, 0), (-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1))
"""The pairs about a pair that join in: words on the reference's side, and on the suspect's."""


@dataclass(frozen=True, slots=True)
class Network:
    """Hashes of the words known, ascending, a row of ``vectors`` for each, then one of zeros; and the layers."""

    hashes: NDArray[np.uint32]
    vectors: Floats
    layers: dict[str, Floats]


@cache
def network() -> Network:
    """The weights as the package holds them."""
    with np.load(io.BytesIO(WEIGHTS.read_bytes()), allow_pickle=False) as found:
        arrays = {name: found[name] for name in found.files}
    vectors = np.pad(arrays.pop("vectors"), ((0, 1), (0, 0))) / VECTOR_UNIT
    hashes = arrays.pop("hashes")
    return Network(
        hashes,
        vectors.astype(np.float32),
        {name: (one / WEIGHT_UNIT).astype(np.float32) for name, one in arrays.items()},
    )


def stretch_odds(stretches: Sequence[Stretch], lexicon: Lexicon) -> list[list[list[float]]]:
    """For each stretch the log-odds, in nats, that word i of the reference answers to word j of the suspect."""
    if not stretches:
        return []
    odds: list[float] = _log_odds(cells_of(stretches, lexicon), network()).tolist()
    tables, at = [], 0
    for old, new in stretches:
        width = len(new.words)
        tables.append([odds[start : start + width] for start in range(at, at + len(old.words) * width, width)])
        at += len(old.words) * width
    return tables


def _log_odds(cells: Cells, learnt: Network) -> Floats:
    """Sums and signals are counted in steps of 1 / `SIGNAL_UNIT`, and so are whole numbers between the layers."""
    layers, (rows, columns) = learnt.layers, cells.starts
    vectors = learnt.vectors[hashed_places(learnt.hashes, cells.norms)]  # the last row is nobody's
    properties = _whole(cells.words)
    context = _in_context(vectors, properties, cells.breaks, layers)[cells.free]
    vectors = vectors[cells.free]
    words = properties[cells.free] @ layers["words"] + (vectors @ layers["meanings"]) * SIGNAL_UNIT
    words += context @ layers["context"]
    meant = np.concatenate([vectors, np.rint(context @ layers["turned"]) / np.float32(SIGNAL_UNIT)], axis=1)
    sums = _whole(cells.pairs) @ layers["pairs"]
    products = meant.take(cells.left, axis=0)
    products *= meant.take(cells.right, axis=0)
    sums += _whole(products) @ layers["products"]
    sums += words.take(cells.left, axis=0)
    sums += words.take(cells.right, axis=0)
    signal = _signal(_signal(sums, layers["bias"]) @ layers["hidden"], layers["hidden_bias"])
    grid = np.zeros((cells.size, signal.shape[1]), np.float32)
    beside = np.array([cells.at + up * cells.wide + side for up, side in AROUND]).T
    whose = cells.left[rows], cells.right[cells.down[columns]]
    for weights, lines, bias in zip(layers["around"], layers["best"], layers["around_bias"], strict=True):
        grid[cells.at] = signal
        found = grid.take(beside, axis=0).reshape(len(signal), -1) @ weights.reshape(-1, weights.shape[2])
        highest = np.maximum.reduceat(signal, rows), np.maximum.reduceat(signal.take(cells.down, axis=0), columns)
        added = np.zeros_like(words)
        for of, best, line in zip(whose, highest, lines, strict=True):
            added[of] = best @ line
        found += added.take(cells.left, axis=0)
        found += added.take(cells.right, axis=0)
        found += signal
        signal = _signal(found, bias)
    odds = signal @ layers["output"] / SIGNAL_UNIT + layers["output_bias"]
    return odds.astype(np.float32)


def _in_context(vectors: Floats, properties: Floats, breaks: NDArray[np.intp], layers: dict[str, Floats]) -> Floats:
    """Signals of the words of sentences in their place: those of their neighbours go in, twice."""
    sums = properties @ layers["inner"] + (vectors @ layers["inner_meanings"]) * SIGNAL_UNIT
    signal = _signal(sums, layers["inner_bias"])
    for weights, bias in zip(layers["beside"], layers["beside_bias"], strict=True):
        signal[breaks] = 0.0
        signal += _signal(convolved(signal, weights, 1), bias)
        np.minimum(signal, np.float32(MOST * SIGNAL_UNIT), out=signal)
    return signal


def _whole(values: Floats) -> Floats:
    """Values in whole steps."""
    steps: Floats = values * np.float32(SIGNAL_UNIT)
    return np.rint(steps, out=steps)


def _signal(sums: Floats, bias: Floats) -> Floats:
    """The signal that passes on to the next layer: nothing below 0, in whole steps; ``sums`` are used up."""
    sums += bias * np.float32(SIGNAL_UNIT)
    return in_steps(sums, MOST * SIGNAL_UNIT)
