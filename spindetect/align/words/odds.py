"""Odds that two words answer to each other where a sentence was written anew, and their places say little.

A small network judges all pairs of the words that no anchor holds: what is known of the two words and where they
stand, then what was made of the pairs about them and of the best ones in the same row and column. It is learnt from
sentences that people aligned by hand (MultiMWA: Lan, Jiang and Xu 2021,
https://aclanthology.org/2021.findings-acl.435) by ``benchmarks/learn_odds.py``. All pairs of many sentences are
judged at once. Weights and what passes between the layers are whole multiples of powers of two, small enough for
exact sums, so that the odds are the same on every machine.
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
from spindetect.segment.bare import hashed_places

WEIGHTS = Path(__file__).with_name("odds.npz")
# The CRC-32 of the file; a package with other weights would give other links under the same signature.
WEIGHTS_CRC = 119848585
VECTOR_UNIT, WEIGHT_UNIT, SIGNAL_UNIT = 32.0, 512.0, 64.0
"""Vectors, weights and what passes between layers are whole multiples of 1 in so many."""
MOST = 255 / SIGNAL_UNIT
"""What passes between layers is at most this, and at least 0."""
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
    layers = learnt.layers
    vectors = learnt.vectors[hashed_places(learnt.hashes, cells.norms)]  # the last row is nobody's
    words = _rounded(cells.words) @ layers["words"] + vectors @ layers["meanings"]
    pairs = _rounded(cells.pairs) @ layers["pairs"]
    pairs += _rounded(vectors[cells.left] * vectors[cells.right]) @ layers["products"]
    pairs += words[cells.left] + words[cells.right] + layers["bias"]
    signal = _signal(_signal(pairs) @ layers["hidden"] + layers["hidden_bias"])
    grid = np.zeros((cells.size, signal.shape[1]), np.float32)
    grid[cells.at] = signal
    beside = [up * cells.wide + side for up, side in AROUND]
    around = grid[cells.at[:, None] + np.stack(beside, axis=1)].reshape(len(signal), -1)
    found = around @ layers["around"].reshape(around.shape[1], -1)
    for line, down, weights in zip((cells.left, cells.right), (None, cells.down), layers["best"], strict=True):
        ordered, values = (line, signal) if down is None else (line[down], signal[down])
        starts = np.flatnonzero(np.diff(ordered, prepend=-1))
        best = np.zeros((len(cells.words), signal.shape[1]), np.float32)
        best[ordered[starts]] = np.maximum.reduceat(values, starts)
        found += (best @ weights)[line]
    found = _signal(found + signal + layers["around_bias"])
    odds: Floats = (found @ layers["output"] + layers["output_bias"]).astype(np.float32)
    return odds


def _rounded(values: Floats) -> Floats:
    rounded: Floats = np.rint(values * SIGNAL_UNIT).astype(np.float32)
    rounded /= SIGNAL_UNIT
    return rounded


def _signal(values: Floats) -> Floats:
    """What passes on to the next layer: nothing below 0, in steps that add up exactly."""
    return np.clip(_rounded(values), 0.0, MOST)
