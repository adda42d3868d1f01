"""How well real altered news is told from other news without a reference."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from spindetect.detector import Detector
from spindetect.training.reference_free import window

EXCERPT = 300
"""Words of an excerpt, about."""
_HONEST_ROLES = ("original", "original_partial", "independent")


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Area under the ROC curve."""
    from sklearn.metrics import roc_auc_score

    labels = [1] * len(positive) + [0] * len(negative)
    return float(roc_auc_score(labels, [*positive, *negative]))


def recall_at(positive: Sequence[float], negative: Sequence[float], rate: float = 0.01) -> float:
    """Share of the positive found where at most ``rate`` of the negative are accused."""
    limit = np.sort(negative)[::-1][int(rate * len(negative))]
    return float(np.mean(np.array(positive) > limit))


def wild_figures(corpora: Path, detector: Detector) -> dict[str, Any]:
    """Real spun news against their originals and independent reports, and the other machine texts."""
    records = [json.loads(line) for line in (corpora / "wild" / "records.jsonl").read_text("utf-8").splitlines()]
    rng = np.random.default_rng(0)
    by_role: dict[str, list[float]] = {}
    for record in records:
        text = window(record["text"], rng, EXCERPT)
        by_role.setdefault(record["role"], []).append(detector.score(text).score)
    spun = by_role["spun"]
    honest = [score for role in _HONEST_ROLES for score in by_role[role]]
    return {
        "spun": len(spun),
        "honest": len(honest),
        "auroc": auroc(spun, honest),
        "recall_at_1_percent": recall_at(spun, honest),
        "spun_at_50": float(np.mean(np.array(spun) >= 50)),
        "honest_at_50": float(np.mean(np.array(honest) >= 50)),
        "at_50_by_role": {
            role: [int(np.sum(np.array(found) >= 50)), len(found)] for role, found in by_role.items()
        },
    }
