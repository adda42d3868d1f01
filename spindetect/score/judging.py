"""From features to the answers: reuse, score, relations, verdict, how much of the evidence counts, and weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import fsum
from typing import NamedTuple

from spindetect.findings import Undecided, Verdict
from spindetect.score.additive import sigmoid
from spindetect.score.classifier import Classifier, Explained
from spindetect.score.evidence import Evidence
from spindetect.score.features import FEATURES
from spindetect.score.verdict import (
    PRIOR_LOG_ODDS,
    evidence_cautions,
    length_share,
    undecided_share,
    unscorable,
    verdict,
    version_share,
)


class Weighted(NamedTuple):
    """An answer of which only a share counts: what each feature adds, in nats, and the intercept beside."""

    nats: dict[str, float]
    intercept: float

    @property
    def log_odds(self) -> float:
        """The whole sum."""
        return fsum([self.intercept, *self.nats.values()])


class Judgement(NamedTuple):
    """The answers on a comparison.

    ``version`` is the probability that the suspect is a version of the reference, whose log-odds are ``reuse``.
    ``parts`` is what each feature adds to the log-odds of a machine against its lowest value, in nats.
    """

    version: float
    reuse: Weighted
    machine: Weighted
    parts: dict[str, float]
    relations: dict[str, float]
    verdict: Verdict
    undecided: tuple[Undecided, ...]


def judge(
    classifier: Classifier,
    features: Mapping[str, float],
    words: int,
    reasons: Sequence[Undecided] = (),
    explained: Callable[[], Sequence[Undecided]] = tuple,
) -> Judgement:
    """Judge a comparison by its features, the words of the shorter text, and reasons to decide nothing.

    ``explained`` gives reasons not to believe evidence that speaks for a machine, and is asked only if any does.

    The evidence that a machine reworded the suspect counts as far as the suspect is a version of the reference at
    all, and as far as nothing else explains the changes; for the rest the score falls back on the prior.
    """
    steps = classifier.steps(features)
    length = length_share(words)
    reuse = _weighted(classifier.reuse, classifier.reuse.parts(steps), length)
    version = sigmoid(reuse.log_odds)
    parts = classifier.machine.parts(steps)
    log_odds = fsum([classifier.machine.logit.intercept, *parts.values()])
    translation = classifier.translation.total(steps) if log_odds > 0.0 else 0.0  # else nobody asks
    reasons = [*reasons, *evidence_cautions(features, version, log_odds, translation, explained)]
    share = 0.0 if unscorable(reasons) else length * version_share(version)
    if reasons:
        share = undecided_share(share, log_odds)
    machine = _weighted(classifier.machine, parts, share)
    relations = classifier.relations(steps, machine.log_odds, version)
    weighed = {name: share * part for name, part in parts.items()}
    return Judgement(version, reuse, machine, weighed, relations, *verdict(relations, reasons))


def _weighted(answer: Explained, parts: Mapping[str, float], share: float) -> Weighted:
    nats = {name: share * part for name, part in answer.contributions(parts).items()}
    return Weighted(nats, share * answer.intercept + (1.0 - share) * PRIOR_LOG_ODDS)


def substitution_weights(evidence: Evidence, parts: Mapping[str, float]) -> list[float]:
    """The nats that each substitution adds to the log-odds, in the order of `Evidence.substitutions`.

    ``parts`` is what each feature adds against a comparison without substitutions. One
    that is a sum over substitutions gives each its share; so the weights add up to
    what those features add together.
    """
    weights = [0.0] * len(evidence.substitutions)
    for feature in FEATURES:
        if feature.per_substitution is None or not parts.get(feature.name):
            continue
        amounts, part = evidence.amounts(feature.per_substitution), parts[feature.name]
        whole = fsum(amounts)
        if whole:
            weights = [
                weight + part * amount / whole if amount else weight
                for weight, amount in zip(weights, amounts, strict=True)
            ]
    return weights
