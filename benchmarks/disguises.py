"""Put every disguise on spun and on honest articles, and compare the score with the undisguised one's.

    python benchmarks/disguises.py --corpora DIR [--seeds DIR] [--output FILE]

Spun are the examples in data/, the spun pairs of DIR/wild and, with --seeds, the first two
articles of that folder; honest the pairs of DIR/wild that people made. Only the suspect is
disguised. A page's disguise is compared with the plain page.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from spindetect.detector import Detector
from spindetect.read.article import article_from_bytes
from spindetect.records import MACHINE_RELATIONS
from spindetect.results import Comparison
from spindetect.training.disguises import DISGUISES, PAGES, html_of, page
from spindetect.training.evaluate import wild_examples

ROOT = Path(__file__).resolve().parent.parent
RATES = (0.1, 0.3, 1.0)  # shares of the words disguised
FLOOR = 0.95


class Pair(NamedTuple):
    """A suspect and its reference, and whether a spinner made the one from the other."""

    suspect: str
    reference: str
    spun: bool


class Outcome(NamedTuple):
    """A disguised suspect's score beside the plain one's, and how many substitutions of kind ``disguise``."""

    spun: bool
    plain: float
    disguised: float
    listed: int

    @property
    def ratio(self) -> float:
        """The disguised score over the plain one."""
        return self.disguised / self.plain


def pairs(corpora: Path, seeds: Path | None) -> Iterator[Pair]:
    """The spun pairs, then the honest ones."""
    for spun in sorted((ROOT / "data").glob("*/spun.txt")):
        yield Pair(spun.read_text("utf-8"), spun.with_name("original.txt").read_text("utf-8"), True)
    if seeds:
        first, second = sorted(seeds.glob("*.txt"))[:2]
        yield Pair(first.read_text("utf-8"), second.read_text("utf-8"), True)
    for example in wild_examples(corpora):
        if example.relation == "spun" or example.relation not in (*MACHINE_RELATIONS, "machine"):
            yield Pair(example.suspect, example.reference, example.relation == "spun")


def measure(detector: Detector, name: str, rate: float, pair: Pair, seed: int) -> Outcome:
    """Compare one pair plain and disguised."""
    rng = np.random.default_rng(seed)
    if name in DISGUISES:
        disguised, plain = DISGUISES[name](pair.suspect, rng, rate), pair.suspect
        found, usual = detector.compare(disguised, pair.reference), detector.compare(plain, pair.reference)
    else:
        found = _page_compared(detector, PAGES[name](pair.suspect, rng, rate), pair)
        usual = _page_compared(detector, page(html_of(pair.suspect)), pair)
    listed = sum(item.kind == "disguise" for item in found.substitutions)
    return Outcome(pair.spun, usual.score, found.score, listed)


def _page_compared(detector: Detector, html: str, pair: Pair) -> Comparison:
    return detector.compare(article_from_bytes(html.encode("utf-8"), "suspect.html"), pair.reference)


def summary(outcomes: list[Outcome]) -> dict[str, float | int]:
    """What became of the spun and of the honest ones' scores."""
    spun, honest = [one for one in outcomes if one.spun], [one for one in outcomes if not one.spun]
    ratios = [one.ratio for one in spun]
    moves = [one.disguised - one.plain for one in honest]
    return {
        "spun": len(spun),
        "spun_ratio_median": round(statistics.median(ratios), 4),
        "spun_ratio_worst": round(min(ratios), 4),
        "spun_below_floor": sum(ratio < FLOOR for ratio in ratios),
        "spun_listed_median": statistics.median(one.listed for one in spun),
        "honest": len(honest),
        "honest_points_median": round(statistics.median(moves), 2),
        "honest_points_least": round(min(moves), 2),
        "honest_points_most": round(max(moves), 2),
        "honest_50_or_more_plain": sum(one.plain >= 50 for one in honest),
        "honest_50_or_more": sum(one.disguised >= 50 for one in honest),
    }


def main() -> int:
    """Print the table; the exit status is 1 if a spun article's score fell below the floor."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpora", required=True, type=Path)
    parser.add_argument("--seeds", type=Path)
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    detector = Detector.load()
    chosen = list(pairs(options.corpora, options.seeds))
    table: dict[str, dict[str, dict[str, float | int]]] = {}
    print(f"{'':30}      spun: disguised / plain score          honest: change in points")
    print(f"{'disguise':30} rate  median   worst  under {FLOOR}  listed  median   least    most  at 50+ (plain)")
    for name in (*DISGUISES, *PAGES):
        for rate in RATES:
            found = [measure(detector, name, rate, pair, seed) for seed, pair in enumerate(chosen)]
            row = table.setdefault(name, {})[str(rate)] = summary(found)
            print(
                f"{name:30} {rate:4.1f} {row['spun_ratio_median']:7.3f} {row['spun_ratio_worst']:7.3f}"
                f" {row['spun_below_floor']:4} of {row['spun']:3} {row['spun_listed_median']:7.0f}"
                f" {row['honest_points_median']:7.1f} {row['honest_points_least']:7.1f}"
                f" {row['honest_points_most']:7.1f}"
                f" {row['honest_50_or_more']:4} ({row['honest_50_or_more_plain']}) of {row['honest']}"
            )
    if options.output:
        options.output.write_text(json.dumps(table, indent=2) + "\n", "utf-8")
    return int(any(row["spun_below_floor"] for rows in table.values() for row in rows.values()))


if __name__ == "__main__":
    sys.exit(main())
