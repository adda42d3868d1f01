"""Share out the features' contributions among the substitutions they count."""

from __future__ import annotations

from collections.abc import Mapping

from spindetect.score.evidence import Evidence
from spindetect.score.features import FEATURES


def swap_weights(evidence: Evidence, contributions: Mapping[str, float]) -> list[float]:
    """What each substitution adds to the log-odds, in nats, in the order of `Evidence.swaps`.

    A feature that is a sum over substitutions gives each its share of the feature's
    contribution; so the weights add up to what those features contribute together.
    """
    swaps = evidence.swaps
    weights = [0.0] * len(swaps)
    for feature in FEATURES:
        if feature.per_swap is None or not contributions.get(feature.name):
            continue
        amounts = [feature.per_swap(one) for one in swaps]
        whole = sum(amounts)
        if whole:
            for place, amount in enumerate(amounts):
                weights[place] += contributions[feature.name] * amount / whole
    return weights
