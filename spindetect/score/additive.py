"""Additive models: log-odds that are a sum of what each feature adds, so that a score can be explained exactly.

Each feature enters through ramps between fixed knots, so its part may bend but remains one number. The scores
with a reference and without one are both made of these.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import mul
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from spindetect.findings import Contribution

_MOST_LOG_ODDS = 50.0  # beyond this a probability is 0 or 1, and its exponential may overflow


def ramps(value: float, knots: Sequence[float]) -> list[float]:
    """How far a value has come between each knot and the next, 0 to 1; constant beyond both ends.

    >>> ramps(3.0, (0.0, 2.0, 4.0))
    [1.0, 0.5]
    """
    return [min(1.0, max(0.0, (value - low) / (high - low))) for low, high in pairwise(knots)]


def ramp_matrix(values: NDArray[np.float64], knots: Sequence[Sequence[float]]) -> NDArray[np.float64]:
    """The `ramps` of many values at once: a row an item, a column a feature; shape (items, all ramps)."""
    columns = np.repeat(np.arange(len(knots)), [len(found) - 1 for found in knots])
    low, high = (
        np.array([knot for found in knots for knot in found[part]]) for part in (slice(-1), slice(1, None))
    )
    found = values[:, columns]
    found -= low
    found /= high - low
    return np.clip(found, 0.0, 1.0, out=found)


def sigmoid(log_odds: float) -> float:
    """The probability of these log-odds."""
    return 1.0 / (1.0 + math.exp(-max(-_MOST_LOG_ODDS, min(_MOST_LOG_ODDS, log_odds))))


@dataclass(frozen=True, slots=True)
class Logit:
    """One linear function of the ramps: an intercept, and for each feature a weight per ramp (in nats)."""

    intercept: float
    weights: Mapping[str, Sequence[float]]

    def part(self, feature: str, steps: Sequence[float]) -> float:
        """The addition of one feature, given its ramps."""
        return math.fsum(map(mul, self.weights[feature], steps))

    def total(self, steps: Mapping[str, Sequence[float]]) -> float:
        """The whole sum."""
        parts = [math.fsum(map(mul, weights, steps[feature])) for feature, weights in self.weights.items()]
        return math.fsum([self.intercept, *parts])


class Explained(Protocol):
    """A row of a table of features: its name, and the sentence that explains it to a person."""

    @property
    def name(self) -> str:
        """How a model names it."""

    @property
    def explanation(self) -> str:
        """A sentence for a person."""


def contributions(
    table: Iterable[Explained], features: Mapping[str, float], nats: Mapping[str, float]
) -> tuple[Contribution, ...]:
    """The contributions of a table's features to a score, with values and explanations, strongest first."""
    explanations = {feature.name: feature.explanation for feature in table}
    found = [Contribution(name, features[name], part, explanations[name]) for name, part in nats.items()]
    return tuple(sorted(found, key=lambda item: (-abs(item.nats), item.feature)))
