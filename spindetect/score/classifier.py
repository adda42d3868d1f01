"""The classifier: features to the probability of each relation, as sums that can be shown.

Two steps, both logistic regressions: is it a machine's work, and, on either side, which
relation. The parts and the intercept add up to the score exactly.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spindetect.records import MACHINE_RELATIONS, RELATIONS, Relation
from spindetect.score.additive import Logit, ramps, sigmoid

HONEST_RELATIONS: tuple[Relation, ...] = tuple(r for r in RELATIONS if r not in MACHINE_RELATIONS)


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
        machine = sigmoid(log_odds)
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
