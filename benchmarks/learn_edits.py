"""Learn where a changed stretch is one edit and where it falls apart, from the hand-marked edits of arXivEdits.

    python benchmarks/learn_edits.py TRAIN_FILE [--output spindetect/report/edits.json]

An averaged perceptron over the segmentations of `spindetect.report.edits`: of those that a stretch has, the one
that agrees best with the marked edits is to be liked best. Stretches of which no segmentation has a marked edit are
left out. Prints how many stretches are segmented otherwise after each pass.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from arxivedits import read_arxivedits
from edits import Edit, forced_pair, token_edit

from spindetect.detector import Detector
from spindetect.report.edits import Segment, edit_of, features, segmentations, segmented
from spindetect.report.stretches import Stretch, stretches

PASSES = 6
SEED = 0


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
            if best[0] > 0:
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
    """The averaged weights of a perceptron."""
    weights: dict[str, float] = defaultdict(float)
    total: dict[str, float] = defaultdict(float)
    order, rng, step = list(found), random.Random(SEED), 0
    for turn in range(PASSES):
        rng.shuffle(order)
        wrong = 0
        for stretch, right in order:
            step += 1
            given = segmented(stretch, weights)
            if given == right:
                continue
            wrong += 1
            for segments, sign in ((right, 1.0), (given, -1.0)):
                for segment in segments:
                    for name, much in features(stretch, segment).items():
                        weights[name] += sign * much
                        total[name] += sign * much * step
        print(f"pass {turn + 1}: {wrong} of {len(order)} stretches segmented otherwise")
    return {name: round(weights[name] - total[name] / step, 4) for name in sorted(weights)}


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
