"""Share out the features' contributions among the substitutions they count."""

from __future__ import annotations

from collections.abc import Mapping
from math import fsum

from spindetect.score.evidence import Evidence
from spindetect.score.features import FEATURES


def substitution_weights(evidence: Evidence, parts: Mapping[str, float]) -> list[float]:
    """What each substitution adds to the log-odds, in nats, in the order of `Evidence.substitutions`.

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
