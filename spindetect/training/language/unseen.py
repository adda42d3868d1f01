"""Learn what a substitution that the lexicon doesn't hold says: by how near the two words are.

A spinner's alternatives come from a thesaurus or a translation table, so that even of an
unknown tool they lie near the word they replace; what people put in its place is often
unrelated. The evidence is log P(nearness | a spinner's) - log P(nearness | a person's),
both over substitutions that no *other* source of the lexicon knows.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from spindetect.segment.vocabulary import Vocabulary
from spindetect.training.language.lexicon import SOURCES, Counts

# Cosines between which the evidence is interpolated.
_KNOTS = (0.0, 0.2, 0.4, 0.6, 0.8)
# Mass spread over the bins, so that an empty one proves nothing.
_SMOOTHING = 0.1
# An unseen substitution never says as much as one that was seen, nor enough to be a tell-tale.
_MOST_NATS = 0.9

Curve = tuple[tuple[float, float], ...]
"""Knots of a piecewise-linear function, ascending: relatedness, and the evidence in nats there."""


def learn_unseen(
    spun: Mapping[str, Counts],
    people: Counts,
    vectors: NDArray[np.int8],
    vocabulary: Vocabulary,
    without: Iterable[str] = (),
) -> Curve:
    """Evidence of an unseen exchange of two content words, by the cosine of their vectors (words, dimensions)."""
    unit = vectors / np.maximum(np.linalg.norm(vectors.astype(np.float64), axis=1, keepdims=True), 1e-9)
    left_out = set(without)
    tables = {
        name: {pair for family in families for pair in spun.get(family, ())}
        for name, (families, _) in SOURCES.items()
        if name not in left_out
    }
    spinners = np.zeros(len(_KNOTS))
    for name, table in tables.items():
        others = set().union(*(found for other, found in tables.items() if other != name))
        weight = SOURCES[name][1]
        spinners += weight * _histogram(dict.fromkeys(table - others, 1.0), unit, vocabulary)
    known = set().union(*tables.values())
    persons = _histogram({pair: float(n) for pair, n in people.items() if pair not in known}, unit, vocabulary)
    nats = [math.log(one / other) for one, other in zip(_smoothed(spinners), _smoothed(persons), strict=True)]
    return tuple(
        (knot, round(max(-_MOST_NATS, min(_MOST_NATS, value)), 3)) for knot, value in zip(_KNOTS, nats, strict=True)
    )


def _histogram(
    weights: Mapping[tuple[str, str], float], unit: NDArray[np.float64], vocabulary: Vocabulary
) -> NDArray[np.float64]:
    """How the nearness of the single content words is spread over bins around the knots; sums to 1."""
    edges = [-1.0, *((low + high) / 2 for low, high in pairwise(_KNOTS)), 1.01]
    cosines, masses = [], []
    for (reference, suspect), weight in weights.items():
        old, new = vocabulary[reference], vocabulary[suspect]
        if old.content and new.content and min(old.row, new.row) >= 0 and old.stem != new.stem:
            cosines.append(float(unit[old.row] @ unit[new.row]))
            masses.append(weight)
    found, _ = np.histogram(cosines, edges, weights=masses)
    return found / max(1e-9, found.sum())


def _smoothed(mass: NDArray[np.float64]) -> NDArray[np.float64]:
    shares = mass / max(1e-9, mass.sum())
    return (1 - _SMOOTHING) * shares + _SMOOTHING / len(shares)
