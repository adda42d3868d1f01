"""The classifier: features to the answers, as sums that can be shown.

    reuse        is the suspect a version of the reference, by whatever means?
    machine      if it is, did a machine reword it?
    translation  if hardly a phrase was kept, might the two be translations of one source by two people?
    relation     on either side of that line, which relation is it?

Each is a logistic regression on the features' ramps. Parts and intercept add up to log-odds exactly.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from spindetect.findings import MACHINE_RELATIONS, RELATIONS, Relation
from spindetect.score.additive import Logit, ramps, sigmoid
from spindetect.score.word_choice import WordChoice

HONEST_RELATIONS: tuple[Relation, ...] = tuple(r for r in RELATIONS if r not in MACHINE_RELATIONS)
PEOPLES_VERSIONS: tuple[Relation, ...] = ("copied", "edited")
TOLD_APART: tuple[Relation, ...] = (*MACHINE_RELATIONS, *PEOPLES_VERSIONS)
"""The relations that have a logit of their own; of the honest ones ``independent`` follows from the reuse."""

Steps = Mapping[str, Sequence[float]]
"""The ramps of each feature."""


@dataclass(frozen=True, slots=True)
class Explained:
    """A logit whose parts are counted from what each feature adds on average, its ``typical`` part (nats)."""

    logit: Logit
    typical: Mapping[str, float]

    def parts(self, steps: Steps) -> dict[str, float]:
        """The nats that each feature adds to the log-odds against its lowest value, a rate against none at all."""
        return {name: self.logit.part(name, steps[name]) for name in self.typical}

    def contributions(self, parts: Mapping[str, float]) -> dict[str, float]:
        """The nats that each feature adds to the log-odds, against its typical addition.

        With `intercept` they sum to the log-odds.
        """
        return {name: part - self.typical[name] for name, part in parts.items()}

    @property
    def intercept(self) -> float:
        """The log-odds of a comparison that is typical in every feature."""
        return math.fsum([self.logit.intercept, *self.typical.values()])


@dataclass(frozen=True, slots=True)
class Classifier:
    """Knots of each feature, and the logits that are functions of its ramps between them.

    ``words`` are the words that language models and translators choose: one of the features.
    """

    knots: Mapping[str, Sequence[float]]
    machine: Explained
    reuse: Explained
    translation: Logit
    relation: Mapping[Relation, Logit]
    words: WordChoice = field(default_factory=WordChoice)

    def steps(self, features: Mapping[str, float]) -> dict[str, list[float]]:
        """The features' ramps."""
        return {name: ramps(features[name], knots) for name, knots in self.knots.items()}

    def relations(self, steps: Steps, log_odds: float, version: float) -> dict[str, float]:
        """Probability of each relation, given the log-odds that a machine did it.

        ``version`` is the probability that the suspect is a version of the reference: if no machine reworded it and
        it is none, it is ``independent``.
        """
        machine = sigmoid(log_odds)
        honest = 1.0 - machine
        shares = {name: machine * share for name, share in self._softmax(MACHINE_RELATIONS, steps).items()}
        people = self._softmax(PEOPLES_VERSIONS, steps)
        shares |= {name: honest * version * share for name, share in people.items()}
        shares["independent"] = honest * (1.0 - version)
        return {name: shares[name] for name in RELATIONS}

    def _softmax(self, names: Sequence[Relation], steps: Steps) -> dict[str, float]:
        totals = {name: self.relation[name].total(steps) for name in names}
        highest = max(totals.values())
        powers = {name: math.exp(total - highest) for name, total in totals.items()}
        whole = math.fsum(powers.values())
        return {name: power / whole for name, power in powers.items()}
