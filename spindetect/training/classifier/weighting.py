"""How much each example weighs, and what it is left out with."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from spindetect.score.verdict import MACHINE_IS_ONE_IN
from spindetect.training.pairs.dataset import Example
from spindetect.training.pairs.kinds import unit

# A kind weighs as the square root of its examples, up to so many: between "all alike" and "by size".
_MOST_OF_A_KIND = 400


def unit_of(example: Example) -> str:
    """The unit with which an example is left out: its kind's, its spinner, or its corpus."""
    return unit(example.kind) if example.kind else example.named


def example_weights(examples: Sequence[Example], positive: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Weights with mean 1: one positive in `MACHINE_IS_ONE_IN`, kinds damped, large groups within a kind too."""
    kinds = [example.named for example in examples]
    sizes = Counter((kind, example.group) for kind, example in zip(kinds, examples, strict=True))
    weights = np.array([sizes[kind, one.group] ** -0.5 for kind, one in zip(kinds, examples, strict=True)])
    counts, totals = Counter(kinds), defaultdict[str, float](float)
    for kind, weight in zip(kinds, weights.tolist(), strict=True):
        totals[kind] += weight
    weights *= [min(counts[kind], _MOST_OF_A_KIND) ** 0.5 / totals[kind] for kind in kinds]
    for side, share in ((positive, 1.0 / MACHINE_IS_ONE_IN), (~positive, 1.0 - 1.0 / MACHINE_IS_ONE_IN)):
        if side.any():
            weights[side] *= share * len(weights) / weights[side].sum()
    return weights
