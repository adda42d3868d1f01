"""Pictures of an evaluation: which relation is taken for which, and whether the score means what it says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from spindetect.records import RELATIONS
from spindetect.training.figures import Scored, balanced, reliability


def draw(rows: Sequence[Scored], folder: Path) -> list[Path]:
    """Draw the confusion matrix and the reliability diagram of scored examples as PNG files."""
    from matplotlib.figure import Figure

    confusion, calibration = Figure(figsize=(6.4, 5.4)), Figure(figsize=(5.4, 5.0))
    _confusion(confusion.subplots(), rows)
    _reliability(calibration.subplots(), rows)
    paths = [folder / "confusion.png", folder / "reliability.png"]
    for figure, path in zip((confusion, calibration), paths, strict=True):
        figure.savefig(path, dpi=110, bbox_inches="tight", metadata={"Software": None})
    return paths


def _confusion(axes, rows: Sequence[Scored]) -> None:  # type: ignore[no-untyped-def]
    """Rows: what it was; columns: the likeliest relation; shares of each row, in per cent."""
    names = [name.replace("_", " ") for name in RELATIONS]
    table = np.zeros((len(RELATIONS), len(RELATIONS)))
    for row, weight in zip(rows, balanced(rows), strict=True):
        table[RELATIONS.index(row.relation), RELATIONS.index(row.likeliest)] += weight
    table = 100.0 * table / np.maximum(table.sum(axis=1, keepdims=True), 1e-12)
    axes.imshow(table, cmap="Blues", vmin=0, vmax=100)
    for i in range(len(names)):
        for j in range(len(names)):
            axes.text(
                j, i, f"{table[i, j]:.0f}", ha="center", va="center", color="white" if table[i, j] > 60 else "black"
            )
    axes.set_xticks(range(len(names)), names, rotation=35, ha="right")
    axes.set_yticks(range(len(names)), names)
    axes.set_xlabel("likeliest relation")
    axes.set_ylabel("true relation")
    axes.set_title("Held-out pairs of 100 words or more (% of each row)")


def _reliability(axes, rows: Sequence[Scored]) -> None:  # type: ignore[no-untyped-def]
    """The share of machines' work among pairs with about the same score, against that score."""
    bins = [found for found in reliability(rows) if found.mass > 0.002]
    axes.plot([0, 100], [0, 100], color="grey", linewidth=1, linestyle="--", label="perfectly calibrated")
    axes.plot([100 * b.score for b in bins], [100 * b.truth for b in bins], marker="o", label="measured")
    for found in bins:
        axes.annotate(f"{100 * found.mass:.0f}%", (100 * found.score, 100 * found.truth), xytext=(6, -12),
                      textcoords="offset points", fontsize=8)  # fmt: skip
    axes.set_xlabel("spin score")
    axes.set_ylabel("machines' work, % (beside each point: its share of the pairs)")
    axes.set_title("Reliability")
    axes.legend(loc="upper left")
