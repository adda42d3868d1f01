"""The classifier: features to the probability of each relation, as sums that can be shown.

Two steps, both logistic regressions: is it a machine's work, and, on either side, which
relation. Each feature enters through ramps between fixed knots, so its part in the
log-odds may bend but remains one number, and the parts and the intercept add up to
the score exactly.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import mul

from spindetect.records import MACHINE_RELATIONS, RELATIONS, Relation

HONEST_RELATIONS: tuple[Relation, ...] = tuple(r for r in RELATIONS if r not in MACHINE_RELATIONS)


def ramps(value: float, knots: Sequence[float]) -> list[float]:
    """How far a value has come between each knot and the next, 0 to 1; constant beyond both ends.

    >>> ramps(3.0, (0.0, 2.0, 4.0))
    [1.0, 0.5]
    """
    return [min(1.0, max(0.0, (value - low) / (high - low))) for low, high in pairwise(knots)]


@dataclass(frozen=True, slots=True)
class Logit:
    """One linear function of the ramps: an intercept, and for each feature a weight per ramp (in nats)."""

    intercept: float
    weights: Mapping[str, Sequence[float]]

    def part(self, feature: str, steps: Sequence[float]) -> float:
        """What one feature adds, given its ramps."""
        return math.fsum(map(mul, self.weights[feature], steps))

    def total(self, steps: Mapping[str, Sequence[float]]) -> float:
        """The whole sum."""
        return math.fsum([self.intercept, *(self.part(feature, found) for feature, found in steps.items())])


@dataclass(frozen=True, slots=True)
class Classifier:
    """Knots of each feature, the logit of "a machine did it", and one logit for each relation on either side.

    ``typical`` is what each feature adds on average; contributions are counted from there.
    """

    knots: Mapping[str, Sequence[float]]
    typical: Mapping[str, float]
    machine: Logit
    relation: Mapping[Relation, Logit]

    def steps(self, features: Mapping[str, float]) -> dict[str, list[float]]:
        """The features' ramps."""
        return {name: ramps(features[name], knots) for name, knots in self.knots.items()}

    def parts(self, steps: Mapping[str, Sequence[float]]) -> dict[str, float]:
        """What each feature adds to the log-odds against its lowest value, for a rate: against none at all."""
        return {name: self.machine.part(name, found) for name, found in steps.items()}

    def contributions(self, parts: Mapping[str, float]) -> dict[str, float]:
        """What each feature adds to the log-odds of the score, in nats, against what it typically adds.

        With `intercept` they sum to the log-odds.
        """
        return {name: part - self.typical[name] for name, part in parts.items()}

    @property
    def intercept(self) -> float:
        """The log-odds of a comparison that is typical in every feature."""
        return math.fsum([self.machine.intercept, *self.typical.values()])

    def relations(self, steps: Mapping[str, Sequence[float]], log_odds: float) -> dict[str, float]:
        """Probability of each relation, given the log-odds that a machine did it."""
        machine = 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, log_odds))))
        shares = self._softmax(MACHINE_RELATIONS, steps) | self._softmax(HONEST_RELATIONS, steps)
        return {
            name: shares[name] * (machine if name in MACHINE_RELATIONS else 1.0 - machine) for name in RELATIONS
        }

    def _softmax(self, names: Sequence[Relation], steps: Mapping[str, Sequence[float]]) -> dict[str, float]:
        totals = {name: self.relation[name].total(steps) for name in names}
        highest = max(totals.values())
        powers = {name: math.exp(total - highest) for name, total in totals.items()}
        whole = math.fsum(powers.values())
        return {name: power / whole for name, power in powers.items()}
