"""Figures and pictures over scored examples: discrimination, false accusations, calibration."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from spindetect.findings import MACHINE_RELATIONS, RELATIONS

_BINS = 10


@dataclass(frozen=True, slots=True)
class Scored:
    """An example after scoring; ``relation`` is the true one ("machine" where only that much is known)."""

    id: str
    relation: str
    operator: str
    group: str
    family: str
    touched: float
    words: int
    score: float
    likeliest: str
    verdict: str

    @property
    def machine(self) -> bool:
        """Whether a machine made the suspect."""
        return self.relation in (*MACHINE_RELATIONS, "machine")


def auroc(rows: Sequence[Scored]) -> float:
    """Probability that a machine's work scores higher than honest work; NaN without both."""
    from sklearn.metrics import roc_auc_score

    labels = [row.machine for row in rows]
    if len(set(labels)) < 2:
        return float("nan")
    return float(roc_auc_score(labels, [row.score for row in rows]))


def share_reaching(rows: Sequence[Scored], score: float) -> float:
    """Share of the rows that score at least ``score``."""
    return float(np.mean([row.score >= score for row in rows])) if rows else float("nan")


def macro_f1(rows: Sequence[Scored]) -> float:
    """F1 of the likeliest relation, averaged over the relations that occur; large groups are damped.

    The corpora hold hundreds of pairs on one event: unweighted, that event would be the figure.
    """
    from sklearn.metrics import f1_score

    return float(
        f1_score(
            [row.relation for row in rows],
            [row.likeliest for row in rows],
            labels=sorted({row.relation for row in rows}),
            average="macro",
            sample_weight=balanced(rows),
            zero_division=0.0,
        )
    )


@dataclass(frozen=True, slots=True)
class Bin:
    """Examples of about one score: their share of all, their mean score and the share of machines' work, 0 to 1."""

    mass: float
    score: float
    truth: float


def reliability(rows: Sequence[Scored]) -> list[Bin]:
    """The score against the truth in ten equal bins, relations weighing alike; empty bins are left out."""
    weights = balanced(rows)
    scores = np.array([row.score for row in rows]) / 100.0
    truth = np.array([row.machine for row in rows])
    place = np.minimum((scores * _BINS).astype(int), _BINS - 1)
    bins = []
    for number in range(_BINS):
        inside = place == number
        if weights[inside].sum():
            score, share = (np.average(values[inside], weights=weights[inside]) for values in (scores, truth))
            bins.append(Bin(float(weights[inside].sum() / weights.sum()), float(score), float(share)))
    return bins


def calibration_error(rows: Sequence[Scored]) -> float:
    """Expected calibration error of the score over the bins of `reliability`, 0 to 1."""
    return sum(one.mass * abs(one.score - one.truth) for one in reliability(rows))


def balanced(rows: Sequence[Scored]) -> NDArray[np.float64]:
    """Weights under which the two sides, the relations of a side and, roughly, their groups count alike."""
    sizes = Counter((row.relation, row.group) for row in rows)
    damped = np.array([sizes[row.relation, row.group] ** -0.5 for row in rows])
    totals: Counter[str] = Counter()
    for row, weight in zip(rows, damped.tolist(), strict=True):
        totals[row.relation] += weight
    sides = Counter(relation in (*MACHINE_RELATIONS, "machine") for relation in totals)
    return np.array(
        [weight / totals[row.relation] / sides[row.machine] for row, weight in zip(rows, damped, strict=True)]
    )


def interval(
    rows: Sequence[Scored], figure: Callable[[Sequence[Scored]], float], rounds: int = 200, seed: int = 0
) -> tuple[float, float]:
    """A 95% bootstrap interval of a figure, drawing whole groups."""
    rng = np.random.default_rng(seed)
    groups: dict[str, list[Scored]] = {}
    for row in rows:
        groups.setdefault(row.group, []).append(row)
    names = sorted(groups)
    drawn = []
    for _ in range(rounds):
        sample = [row for place in rng.integers(len(names), size=len(names)) for row in groups[names[place]]]
        drawn.append(figure(sample))
    low, high = np.nanquantile(drawn, (0.025, 0.975))
    return float(low), float(high)


def draw(rows: Sequence[Scored], folder: Path) -> list[Path]:
    """Draw the confusion matrix and the reliability diagram of scored examples as PNG files."""
    from matplotlib.figure import Figure

    confusion, calibration = Figure(figsize=(6.4, 5.4)), Figure(figsize=(5.4, 5.0))
    # rows: what it was; columns: the likeliest relation; shares of each row, in per cent
    names = [name.replace("_", " ") for name in RELATIONS]
    table = np.zeros((len(RELATIONS), len(RELATIONS)))
    for row, weight in zip(rows, balanced(rows), strict=True):
        table[RELATIONS.index(row.relation), RELATIONS.index(row.likeliest)] += weight
    table = 100.0 * table / np.maximum(table.sum(axis=1, keepdims=True), 1e-12)
    axes = confusion.subplots()
    axes.imshow(table, cmap="Blues", vmin=0, vmax=100)
    for (i, j), share in np.ndenumerate(table):
        axes.text(j, i, f"{share:.0f}", ha="center", va="center", color="white" if share > 60 else "black")
    axes.set_xticks(range(len(names)), names, rotation=35, ha="right")
    axes.set_yticks(range(len(names)), names)
    axes.set_xlabel("likeliest relation")
    axes.set_ylabel("true relation")
    axes.set_title("Held-out pairs of 100 words or more (% of each row)")
    # the share of machines' work among pairs with about the same score, against that score
    bins = [found for found in reliability(rows) if found.mass > 0.002]
    axes = calibration.subplots()
    axes.plot([0, 100], [0, 100], color="grey", linewidth=1, linestyle="--", label="perfectly calibrated")
    axes.plot([100 * b.score for b in bins], [100 * b.truth for b in bins], marker="o", label="measured")
    for found in bins:
        axes.annotate(f"{100 * found.mass:.0f}%", (100 * found.score, 100 * found.truth), xytext=(6, -12),
                      textcoords="offset points", fontsize=8)  # fmt: skip
    axes.set_xlabel("spin score")
    axes.set_ylabel("machines' work, % (beside each point: its share of the pairs)")
    axes.set_title("Reliability")
    axes.legend(loc="lower right")
    paths = [folder / "confusion.png", folder / "reliability.png"]
    for figure, path in zip((confusion, calibration), paths, strict=True):
        figure.savefig(path, dpi=110, bbox_inches="tight", metadata={"Software": None})
    return paths
