"""How much each example weighs, and what it is left out with."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from spindetect.training.pairs.dataset import Example
from spindetect.training.pairs.kinds import unit

# The share of honest examples: three in four, since an accusation hurts more than a miss. Reports say so: a score
# assumes that one such suspect in four is a machine's work.
_HONEST = 0.75
# A kind weighs as the square root of its examples, up to so many: between "all alike" and "by size".
_MOST_OF_A_KIND = 400


def unit_of(example: Example) -> str:
    """What an example is left out with: its kind's unit, its spinner, or its corpus."""
    return unit(example.kind) if example.kind else example.family or example.id.split(":")[0]


def example_weights(examples: Sequence[Example], positive: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Weights with mean 1: both sides by `_HONEST`, kinds within a side damped, large groups within a kind too."""
    kinds = [example.kind or unit_of(example) for example in examples]
    sizes = Counter((kind, example.group) for kind, example in zip(kinds, examples, strict=True))
    weights = np.array([sizes[kind, one.group] ** -0.5 for kind, one in zip(kinds, examples, strict=True)])
    counts, totals = Counter(kinds), defaultdict[str, float](float)
    for kind, weight in zip(kinds, weights.tolist(), strict=True):
        totals[kind] += weight
    weights *= [min(counts[kind], _MOST_OF_A_KIND) ** 0.5 / totals[kind] for kind in kinds]
    for side, share in ((positive, 1.0 - _HONEST), (~positive, _HONEST)):
        if side.any():
            weights[side] *= share * len(weights) / weights[side].sum()
    return weights
