"""Measure substitutions and sentence pairs against hand-labelled alignments.

The measure: a substitution found matches a labelled one when they overlap on both sides
and the mean of the two character intersections-over-unions is at least 0.5, one to one,
best first. Labelled items of kind ``form`` or ``rewrite`` and doubtful ones are
optional, and so are unmatched finds of those kinds.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spindetect.detector import Detector
from spindetect.findings import SentencePair
from spindetect.kinds import KINDS
from spindetect.records import Span
from spindetect.results import Comparison

_OPTIONAL = tuple(kind for kind, row in KINDS.items() if row.counts in ("form", "stretch"))


@dataclass(frozen=True, slots=True)
class GoldCounts:
    """Counts over one labelled text, to be added up: substitutions, kinds, quotation flags, sentence pairs."""

    found: int = 0
    missed: int = 0
    spurious: int = 0
    kind_right: int = 0
    quoted_right: int = 0
    pairs: int = 0
    pairs_found: int = 0
    pairs_given: int = 0
    pairs_false: int = 0

    def __add__(self, other: GoldCounts) -> GoldCounts:
        names = self.__dataclass_fields__
        return GoldCounts(**{name: getattr(self, name) + getattr(other, name) for name in names})

    @property
    def f1(self) -> float:
        """F1 of the substitutions, micro-averaged over what was added up."""
        return 2 * self.found / max(1, 2 * self.found + self.missed + self.spurious)

    @property
    def kinds(self) -> float:
        """Share of the substitutions found whose kind is right."""
        return self.kind_right / max(1, self.found)

    @property
    def quoted(self) -> float:
        """Share of the substitutions found whose quotation flag is right."""
        return self.quoted_right / max(1, self.found)

    @property
    def pair_recall(self) -> float:
        """Share of the labelled sentence pairs found."""
        return self.pairs_found / max(1, self.pairs)

    @property
    def pair_errors(self) -> float:
        """Share of the sentence pairs given that aren't labelled."""
        return self.pairs_false / max(1, self.pairs_given)


def measure_gold(folder: Path, detector: Detector) -> dict[str, GoldCounts]:
    """Compare every labelled text with its reference and count; by file name."""
    counts = {}
    for path in sorted(folder.glob("*.json")):
        gold = json.loads(path.read_text("utf-8"))
        comparison = detector.compare(gold["suspect_text"], gold["reference_text"])
        counts[path.stem] = _count(gold, comparison)
    return counts


def _count(gold: Mapping[str, Any], comparison: Comparison) -> GoldCounts:
    """Count one text; a labelled sentence pair is found when one given covers it by half on both sides."""
    items = [item for pair in gold["pairs"] for item in pair["substitutions"]]
    given = comparison.substitutions
    scored = []
    for i, item in enumerate(items):
        for j, one in enumerate(given):
            suspect = _overlap_share(Span(*item["suspect_span"]), one.suspect.span)
            reference = _overlap_share(Span(*item["reference_span"]), one.reference.span)
            if suspect and reference and suspect + reference >= 1.0:
                scored.append((suspect + reference, i, j))
    matches: dict[int, int] = {}
    for _, i, j in sorted(scored, reverse=True):  # one to one, best first
        if i not in matches and j not in matches.values():
            matches[i] = j
    optional = [item["kind"] in _OPTIONAL or bool(item.get("doubtful")) for item in items]
    hits = [(items[i], given[j]) for i, j in matches.items() if not optional[i]]
    used = set(matches.values())
    labelled = [(Span(*pair["suspect"]), Span(*pair["reference"])) for pair in gold["pairs"]]
    return GoldCounts(
        found=len(hits),
        missed=sum(i not in matches and not optional[i] for i in range(len(items))),
        spurious=sum(j not in used and one.kind not in _OPTIONAL for j, one in enumerate(given)),
        kind_right=sum(item["kind"] == one.kind for item, one in hits),
        quoted_right=sum(bool(item["quoted"]) == one.quoted for item, one in hits),
        pairs=len(labelled),
        pairs_found=sum(any(_same(pair, one) for one in comparison.alignment) for pair in labelled),
        pairs_given=len(comparison.alignment),
        pairs_false=sum(not any(_same(pair, one) for pair in labelled) for one in comparison.alignment),
    )


def _overlap_share(one: Span, other: Span) -> float:
    """Intersection over union of two spans, 0 to 1."""
    return one.overlap(other) / max(1, max(one.end, other.end) - min(one.start, other.start))


def _same(labelled: tuple[Span, Span], given: SentencePair) -> bool:
    suspect, reference = labelled
    return _overlap_share(suspect, given.suspect) >= 0.5 and _overlap_share(reference, given.reference) >= 0.5
