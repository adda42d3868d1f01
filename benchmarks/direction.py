"""How often it is told which of two texts is the copy, and how often rightly: real altered news, in both orders.

    python benchmarks/direction.py --corpora DIR [--output FILE]

Every machine-made text of ``DIR/wild`` is compared with its original, and its original with it. None of them was
trained on; which signs are weighed was chosen with a look at them. Times aren't known there, so all that is
told is told by words.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from spindetect.detector import Detector
from spindetect.results import Comparison
from spindetect.training.corpora import read_wild

MACHINE = ("spun", "back_translated", "llm_rewritten", "machine")


class Told(NamedTuple):
    """A comparison's relation, which side is the copy, and which was told to be."""

    relation: str
    copy: Literal["suspect", "reference"]
    told: Literal["suspect", "reference"] | None

    @property
    def right(self) -> bool:
        """Whether what was told is so."""
        return self.told == self.copy


def compare_both_ways(corpora: Path, detector: Detector) -> list[Told]:
    """What is told of each machine-made text and its original, in both orders."""
    found = []
    for pair in read_wild(corpora):
        if pair.relation not in MACHINE:
            continue
        orders = ((pair.suspect, pair.reference, "suspect"), (pair.reference, pair.suspect, "reference"))
        for suspect, reference, copy in orders:
            comparison = detector.compare(suspect, reference)
            found.append(Told(pair.relation, copy, _told(comparison)))  # type: ignore[arg-type]
    return found


def _told(comparison: Comparison) -> Literal["suspect", "reference"] | None:
    return comparison.direction.copy if comparison.direction else None


def figures(rows: Sequence[Told]) -> dict[str, float]:
    """The share that is told, and the share of these that is right; 1 where nothing was told."""
    told = [row for row in rows if row.told]
    return {"told": len(told) / len(rows), "right": sum(row.right for row in told) / max(len(told), 1)}


def main() -> int:
    """Print a line for each relation, and one for all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--output", type=Path)
    chosen = parser.parse_args()
    rows = compare_both_ways(chosen.corpora, Detector.load())
    groups: dict[str, list[Told]] = defaultdict(list)
    for row in rows:
        groups[row.relation].append(row)
    found = {name: {"comparisons": len(group), **figures(group)} for name, group in {**groups, "all": rows}.items()}
    for name, values in found.items():
        print(
            f"{name:16} {values['comparisons']:4} told {values['told']:.0%}, of these right {values['right']:.1%}"
        )
    if chosen.output:
        chosen.output.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
