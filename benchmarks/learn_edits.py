"""Learn where a changed stretch is one edit and where it falls apart, from the hand-marked edits of arXivEdits.

    python benchmarks/learn_edits.py TRAIN_FILE [--output spindetect/report/edits.json]

A log-linear model of the segmentations of `spindetect.report.edits`: of those that a stretch has, the one that
agrees best with the marked edits is to be likeliest. Stretches of which no segmentation has a marked edit, or that
have only one, are left out. Prints how many stretches are segmented otherwise.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from arxivedits import read_arxivedits
from edits import Edit, forced_pair, token_edit
from numpy.typing import NDArray

from spindetect.detector import Detector
from spindetect.report.edits import Segment, edit_of, features, segmentations
from spindetect.report.stretches import Stretch, stretches

# Of 1, 3, 10, 30 and 100 the best in cross-validation on the train half.
PENALTY = 10.0


def examples(path: Path, detector: Detector) -> list[tuple[Stretch, list[Segment]]]:
    """Stretches, each with the segmentation that agrees best with a labelling of its pair."""
    found = []
    for labelled in read_arxivedits(path):
        pair, suspect, reference = forced_pair(labelled.reference, labelled.suspect, detector)
        for stretch in stretches(pair, suspect, reference):
            ways = segmentations(stretch)
            scored = []
            for way in ways:
                made = {token_edit(edit_of(stretch, one), labelled.reference, labelled.suspect) for one in way}
                agreeing = max(_agreement(made, labelling) for labelling in labelled.labellings)
                scored.append((agreeing, -len(way)))
            best = max(scored)
            if best[0] > 0 and len(ways) > 1:
                found.append((stretch, ways[scored.index(best)]))
    return found


def _agreement(made: set[Edit], marked: frozenset[Edit]) -> float:
    """How well a stretch's edits agree with those that are marked where they are: F1."""
    near = [one for one in marked if any(_touch(one, other) for other in made)]
    return 2 * len(made & marked) / (len(made) + len(near)) if made else 0.0


def _touch(one: Edit, other: Edit) -> bool:
    return any(
        set(mine) & set(theirs) for mine, theirs in ((one.reference, other.reference), (one.suspect, other.suspect))
    )


def learn(found: Sequence[tuple[Stretch, list[Segment]]]) -> dict[str, float]:
    """The weights that make the right segmentations likeliest, less for large ones."""
    from scipy.optimize import minimize

    ways = [[_features(stretch, way) for way in segmentations(stretch)] for stretch, _ in found]
    right = [segmentations(stretch).index(way) for stretch, way in found]
    names = sorted({name for one in ways for way in one for name in way})
    tables = [np.array([[way.get(name, 0.0) for name in names] for way in one]) for one in ways]

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        total, slope = 0.5 * PENALTY * weights @ weights, PENALTY * weights
        for table, place in zip(tables, right, strict=True):
            liked = table @ weights
            log_sum = np.logaddexp.reduce(liked)
            total += log_sum - liked[place]
            slope = slope + np.exp(liked - log_sum) @ table - table[place]
        return float(total), slope

    fitted = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B").x
    wrong = sum(int((table @ fitted).argmax()) != place for table, place in zip(tables, right, strict=True))
    print(f"{wrong} of {len(right)} stretches segmented otherwise")
    return {name: round(float(weight), 4) for name, weight in zip(names, fitted, strict=True)}


def _features(stretch: Stretch, segments: Sequence[Segment]) -> dict[str, float]:
    total: dict[str, float] = defaultdict(float)
    for segment in segments:
        for name, much in features(stretch, segment).items():
            total[name] += much
    return total


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
