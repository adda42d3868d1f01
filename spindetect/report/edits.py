"""A comparison's changes as an annotator marks them: touching changes as one edit, insertions and deletions apart.

`Substitution` is the smallest phrase that was replaced. People who mark edits by hand mark the stretch that was
written anew: [these results hold -> this result holds] is one edit to them. Where a stretch is one edit and where
it falls apart was learnt from their marks (arXivEdits, Jiang, Xu and Stevens 2022): a linear model chooses among
the ways in which it may fall apart. ``benchmarks/learn_edits.py`` makes the weights.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from math import fsum
from typing import Literal

from spindetect.findings import Result, SentencePair
from spindetect.records import Document, Span
from spindetect.report.stretches import Stretch, Unit, stretches

Granularity = Literal["substitution", "edit"]
"""How changes are told: the smallest phrases that were replaced, or edits beside them as annotators mark them."""
EditType = Literal["substitution", "insertion", "deletion"]

# Units beside substitutions, up to this many, may belong to the same edit.
_BESIDE = 3
# A stretch of at most this many units on both sides together is short.
_SHORT = 5
_EDGES = ("before, reference", "after, reference", "before, suspect", "after, suspect")


@dataclass(frozen=True, slots=True)
class Edit:
    """A change: the stretch of the reference that became one of the suspect; None for what was added or dropped."""

    suspect: Span | None
    reference: Span | None

    @property
    def type(self) -> EditType:
        """What the change is, by which of its sides there are."""
        if self.reference is None:
            return "insertion"
        return "substitution" if self.suspect is not None else "deletion"


Segment = tuple[int, int, int, int]
"""Half-open ranges of a stretch's units: reference from, to, suspect from, to."""


def edits(result: Result) -> list[list[Edit]]:
    """The edits of each sentence pair, in the suspect's order."""
    return [pair_edits(pair, result.suspect, result.reference) for pair in result.alignment]


def pair_edits(
    pair: SentencePair, suspect: Document, reference: Document, weights: Mapping[str, float] | None = None
) -> list[Edit]:
    """The edits of a sentence pair."""
    weights = weights if weights is not None else _weights()
    return [
        edit_of(stretch, segment)
        for stretch in stretches(pair, suspect, reference)
        for segment in segmented(stretch, weights)
    ]


def edit_of(stretch: Stretch, segment: Segment) -> Edit:
    """A segment as an edit of the two texts."""
    i, k, j, n = segment
    old = Span(stretch.reference[i].start, stretch.reference[k - 1].end) if k > i else None
    return Edit(Span(stretch.suspect[j].start, stretch.suspect[n - 1].end) if n > j else None, old)


@cache
def _weights() -> dict[str, float]:
    text = files("spindetect.report").joinpath("edits.json").read_text(encoding="utf-8")
    weights: dict[str, float] = json.loads(text)
    return weights


# --- where a stretch falls apart ---------------------------------------------------------------------------


def segmented(stretch: Stretch, weights: Mapping[str, float]) -> list[Segment]:
    """The segmentation of a stretch that the model likes best, the first of equals; in order."""

    def liking(segments: Sequence[Segment]) -> float:
        named = [item for segment in segments for item in features(stretch, segment).items()]
        return fsum([weights.get(name, 0.0) * much for name, much in named])

    return max(segmentations(stretch), key=liking)


def segmentations(stretch: Stretch) -> list[list[Segment]]:
    """The ways in which a stretch may fall apart.

    It is one edit; all of it was dropped and written anew; its substitutions are one edit, with few of the units
    beside them or with none; or each of them is one. Marks at its edges may be edits of their own.
    """
    left, right = len(stretch.reference), len(stretch.suspect)
    if not left or not right:
        return [[(0, left, 0, right)]]
    found = [[(0, left, 0, right)], [(0, left, 0, 0), (left, left, 0, right)]]
    parts = _parts(stretch)
    if parts:
        hull = (
            min(p[0] for p in parts),
            max(p[1] for p in parts),
            min(p[2] for p in parts),
            max(p[3] for p in parts),
        )
        i, k, j, n = hull
        near = (
            0 if i <= _BESIDE else i, left if left - k <= _BESIDE else k,
            0 if j <= _BESIDE else j, right if right - n <= _BESIDE else n,
        )  # fmt: skip
        found += [[near], [hull], _in_order(parts)]
    units = stretch.reference, stretch.suspect
    first, last = [side[0].mark for side in units], [side[-1].mark for side in units]
    if (any(first) or any(last)) and min(left, right) > 0:
        inner = (int(first[0]), left - last[0], int(first[1]), right - last[1])
        if inner[1] > inner[0] and inner[3] > inner[2]:
            found.append([inner])
    return [_filled(segments, left, right) for segments in found if segments]


def _parts(stretch: Stretch) -> list[Segment]:
    """The units of each substitution that has some on both sides."""
    found = []
    for swap in sorted(_swaps(stretch.reference) & _swaps(stretch.suspect)):
        mine = [at for at, unit in enumerate(stretch.reference) if unit.swap == swap]
        theirs = [at for at, unit in enumerate(stretch.suspect) if unit.swap == swap]
        found.append((mine[0], mine[-1] + 1, theirs[0], theirs[-1] + 1))
    return found


def _in_order(parts: Sequence[Segment]) -> list[Segment]:
    """The parts if they follow one another on both sides; else none."""
    ordered = sorted(parts)
    ahead = all(one[1] <= other[0] and one[3] <= other[2] for one, other in pairwise(ordered))
    return ordered if ahead else []


def _filled(segments: Sequence[Segment], left: int, right: int) -> list[Segment]:
    """Segments with what they leave out, which was dropped or added."""
    found: list[Segment] = []
    i = j = 0
    for segment in [*segments, (left, left, right, right)]:
        if segment[0] > i:
            found.append((i, segment[0], j, j))
        if segment[2] > j:
            found.append((segment[0], segment[0], j, segment[2]))
        if segment[1] > segment[0] or segment[3] > segment[2]:
            found.append(segment)
        i, j = max(i, segment[1]), max(j, segment[3])
    return found


def features(stretch: Stretch, segment: Segment) -> dict[str, float]:
    """What the model sees of a segment, by name."""
    i, k, j, n = segment
    left, right = stretch.reference[i:k], stretch.suspect[j:n]
    if not left or not right:
        return _one_sided(stretch, segment)
    old, new = _swaps(left), _swaps(right)
    outer = _swaps([*stretch.reference[:i], *stretch.reference[k:]])
    outer |= _swaps([*stretch.suspect[:j], *stretch.suspect[n:]])
    whole = (old & new) - outer
    edges = [(left[0].mark, right[0].mark), (left[-1].mark, right[-1].mark)]
    stems = {unit.stem for unit in left} & {unit.stem for unit in right}
    lonely = [_lonely(left), _lonely(left[::-1]), _lonely(right), _lonely(right[::-1])]
    return {
        "sub": 1.0,
        "sub 1-1": float(len(left) == len(right) == 1),
        "sub 1-n": float((len(left) == 1) != (len(right) == 1)),
        "sub length": float(min(len(left), 6) + min(len(right), 6) - 2),
        "sub lengths differ": float(min(abs(len(left) - len(right)), 6)),
        "sub long": float(max(len(left), len(right)) > 5),
        "swaps": float(min(len(whole), 1)),
        "more swaps": float(max(0, len(whole) - 1)),
        "no swap": float(not whole),
        "cut": float(len((old ^ new) | ((old & new) & outer))),
        "edge marks differ": float(sum([one != other for one, other in edges])),
        "edge marks": float(sum([one and other for one, other in edges])) if len(left) + len(right) > 2 else 0.0,
        "marks only": float(all(unit.mark for unit in (*left, *right))),
        "marks for words": float(all(unit.mark for unit in left) != all(unit.mark for unit in right)),
        "same stem": float(bool(stems)),
        **{f"lonely {name}": float(min(count, 4)) for name, count in zip(_EDGES, lonely, strict=True)},
        "lonely many": float(sum([count > 2 for count in lonely])),
        "swap first": float(left[0].swap == right[0].swap >= 0),
        "swap last": float(left[-1].swap == right[-1].swap >= 0),
        "no swap, longer": float(not whole and len(left) + len(right) > 3),
        "no swap, long": float(not whole and len(left) + len(right) > 6),
        "all short": float(
            len(stretch.reference) + len(stretch.suspect) <= _SHORT
            and (i, j) == (0, 0)
            and (k, n) == (len(stretch.reference), len(stretch.suspect))
        ),
        "same but case": float([u.key.casefold() for u in left] == [u.key.casefold() for u in right]),
        "function only": float(not any(unit.content or unit.mark for unit in (*left, *right))),
        "first function differs": float(left[0].content != right[0].content),
        "last function differs": float(left[-1].content != right[-1].content),
        "all": float(k - i == len(stretch.reference) and n - j == len(stretch.suspect)),
        "content differs": float(any(u.content for u in left) != any(u.content for u in right)),
    }


def _one_sided(stretch: Stretch, segment: Segment) -> dict[str, float]:
    """The features of an insertion or a deletion."""
    i, k, j, n = segment
    left, right = stretch.reference[i:k], stretch.suspect[j:n]
    swaps = _swaps(left) | _swaps(right)
    side = left or right
    units, first, last = (stretch.reference, i, k) if k > i else (stretch.suspect, j, n)
    beside = (*units[max(0, first - 1) : first], *units[last : last + 1])  # next to it, on its own side
    name = "del" if left else "ins"
    return {
        name: 1.0,
        f"{name} long": float(len(side) - 1),
        "cut": float(len(swaps)),
        f"{name} marks": float(all(unit.mark for unit in side)),
        f"{name} mark first": float(side[0].mark and len(side) > 1),
        f"{name} mark last": float(side[-1].mark and len(side) > 1),
        "alone": float(not swaps),
        "alone beside a swap": float(not swaps and any(unit.swap >= 0 for unit in beside)),
        f"{name} function": float(not any(unit.content or unit.mark for unit in side)),
        f"{name} all": float(i == j == 0 and k == len(stretch.reference) and n == len(stretch.suspect)),
        "beside": float(len(side) == 1 and not side[0].mark),
    }


def _swaps(units: Sequence[Unit]) -> set[int]:
    return {unit.swap for unit in units if unit.swap >= 0}


def _lonely(units: Sequence[Unit]) -> int:
    """How many units at the beginning belong to no substitution."""
    return next((place for place, unit in enumerate(units) if unit.swap >= 0), len(units))
