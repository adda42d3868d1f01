"""Learn where a changed stretch is one edit and where it falls apart, from the hand-marked edits of arXivEdits.

    python benchmarks/learn_edits.py TRAIN_FILE [--output spindetect/report/edits.json]

A log-linear model of the ways to cut the regions of `spindetect.report.edits` into edits and what was kept: of
these, the one that has most of the marked edits is to be likeliest, by more the worse another one is (softmax
margin, Gimpel and Smith 2010, https://aclanthology.org/N10-1112). Of a pair's labellings the one is taken that the
regions can be cut into best. Regions that have none of its edits are left out.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from arxivedits import read_arxivedits
from edits import Edit, forced_pair, token_edit
from numpy.typing import NDArray

from spindetect.detector import Detector
from spindetect.report.edits import best_cut, edit_of, features, groups, shares
from spindetect.report.stretches import Place, regions

# Chosen in cross-validation on the train half; of the penalty 5, 10, 20, 30 and 50, of the margin 0, 1.5 and 3.
PENALTY, MARGIN = 20.0, 1.5
# A feature is learnt of so many groups at least.
FEWEST = 30
# What an edit costs that isn't marked, beside one that is; an insertion or deletion counts less.
_COST, _ONE_SIDED, _EACH = 0.4, 0.1, 0.01

Floats = NDArray[np.float64]


class Cuts(NamedTuple):
    """The groups that a region's cuts are made of, what the model sees of each, and what each is worth."""

    ways: list[Place]
    seen: list[dict[str, float]]
    worth: Floats
    right: list[int]


def examples(path: Path, detector: Detector) -> list[Cuts]:
    """The regions of each pair that have marked edits."""
    found = []
    for labelled in read_arxivedits(path):
        pair, suspect, reference = forced_pair(labelled.reference, labelled.suspect, detector)
        here = []
        for region in regions(pair, suspect, reference):
            ways = groups(region)
            made = [edit_of(region, way) for way in ways]
            edits = [one and token_edit(one, labelled.reference, labelled.suspect) for one in made]
            here.append((ways, [features(region, way) for way in ways], edits))
        best: tuple[float, list[Cuts]] = (-np.inf, [])
        for marked in labelled.labellings:
            cuts, total = [], 0.0
            for ways, seen, edits in here:
                worth = np.array([_worth(edit, marked) for edit in edits])
                right = best_cut(ways, worth.tolist())
                total += float(worth[right].sum())
                if any(edits[at] in marked for at in right):
                    cuts.append(Cuts(ways, seen, worth, right))
            of_all = sum(1.0 if one.type == "substitution" else _ONE_SIDED for one in marked)
            best = max(best, (total / max(1.0, of_all), cuts), key=lambda one: one[0])
        found += best[1]
    return found


def _worth(edit: Edit | None, marked: frozenset[Edit]) -> float:
    if edit is None:
        return 0.0
    return (1.0 if edit.type == "substitution" else _ONE_SIDED) * ((edit in marked) - _COST) - _EACH


def learn(found: Sequence[Cuts]) -> dict[str, float]:
    """The weights that make the right cuts likeliest, less for large ones."""
    from scipy.optimize import minimize

    counts = Counter(name for one in found for seen in one.seen for name in seen)
    names = sorted(name for name, count in counts.items() if count >= FEWEST)
    tables = [np.array([[seen.get(name, 0.0) for name in names] for seen in one.seen]) for one in found]

    def loss(weights: Floats) -> tuple[float, Floats]:
        total, slope = 0.5 * PENALTY * weights @ weights, PENALTY * weights
        for one, table in zip(found, tables, strict=True):
            liked = table @ weights - MARGIN * one.worth
            whole, share = shares(one.ways, liked.tolist())
            total += whole - liked[one.right].sum()
            slope = slope + np.array(share) @ table - table[one.right].sum(axis=0)
        return float(total), slope

    fitted = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": 120}).x
    wrong = [
        best_cut(one.ways, (table @ fitted).tolist()) != one.right for one, table in zip(found, tables, strict=True)
    ]
    print(f"{sum(wrong)} of {len(wrong)} regions cut otherwise")
    return {name: round(float(weight), 4) for name, weight in zip(names, fitted, strict=True)}


def main() -> None:
    """Learn the weights and write them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--output", type=Path, default=Path("spindetect/report/edits.json"))
    options = parser.parse_args()
    weights = learn(examples(options.file, Detector.load()))
    options.output.write_text(json.dumps(weights, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
