"""A comparison's changes as an annotator marks them: touching changes as one edit, insertions and deletions apart.

`Substitution` is the smallest phrase that was replaced. People who mark edits by hand mark the stretch that was
written anew: [these results hold -> this result holds] is one edit to them. Where a stretch is one edit and where
it falls apart was learnt from their marks (arXivEdits, Jiang, Xu and Stevens 2022): a linear model judges each edit
that there may be, and the best cut of the whole is taken. ``benchmarks/learn_edits.py`` makes the weights.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from math import fsum
from typing import Literal

from spindetect.align.lexical.costs import grammar_class
from spindetect.findings import Result, SentencePair
from spindetect.records import Document, Span
from spindetect.report.stretches import Atom, Region, Unit, regions

Granularity = Literal["substitution", "edit"]
"""How changes are told: the smallest phrases that were replaced, or edits beside them as annotators mark them."""
EditType = Literal["substitution", "insertion", "deletion"]

# Atoms that an edit may have.
_MOST_ATOMS = 18
# What marks are in place of a class of grammar words.
_MARK = 6
_KEPT = ("kept", "end")
_BETWEEN = ["swap", "kept", "swap"]
_EDGES = ("before, reference", "before, suspect", "after, reference", "after, suspect")


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


Group = tuple[int, int]
"""Half-open range of a region's atoms: an edit, or one that was kept."""


def edits(result: Result) -> list[list[Edit]]:
    """The edits of each sentence pair, in the suspect's order."""
    return [pair_edits(pair, result.suspect, result.reference) for pair in result.alignment]


def pair_edits(pair: SentencePair, suspect: Document, reference: Document) -> list[Edit]:
    """The edits of a sentence pair."""
    weights = _weights()
    found = []
    for region in regions(pair, suspect, reference):
        ways = groups(region)
        liked = [
            fsum([weights.get(name, 0.0) * much for name, much in features(region, way).items()]) for way in ways
        ]
        made = [edit_of(region, ways[at]) for at in best_cut(ways, liked)]
        found += [edit for edit in made if edit is not None]
    return found


def edit_of(region: Region, group: Group) -> Edit | None:
    """A group as an edit of the two texts, None if it was kept."""
    i, k, j, n = _ranges(region, group)
    if _was_kept(region, group):
        return None
    old = Span(region.reference[i].start, region.reference[k - 1].end) if k > i else None
    return Edit(Span(region.suspect[j].start, region.suspect[n - 1].end) if n > j else None, old)


@cache
def _weights() -> dict[str, float]:
    text = files("spindetect.report").joinpath("edits.json").read_text(encoding="utf-8")
    weights: dict[str, float] = json.loads(text)
    return weights


# --- where a region falls apart ----------------------------------------------------------------------------


def groups(region: Region) -> list[Group]:
    """The groups of neighbouring atoms that may be edits, and each kept one by itself, by their ends."""
    atoms = region.atoms
    return [
        (start, stop)
        for stop in range(1, len(atoms) + 1)
        for start in range(max(0, stop - _MOST_ATOMS), stop)
        if stop - start == 1 or any(atom.kind != "kept" for atom in atoms[start:stop])
    ]


def best_cut(ways: Sequence[Group], liked: Sequence[float]) -> list[int]:
    """Which of the groups, in order by their ends, make up the whole and are liked best together."""
    best: dict[int, tuple[float, int]] = {0: (0.0, -1)}
    for at, (start, stop) in enumerate(ways):
        total = best[start][0] + liked[at]
        if stop not in best or total > best[stop][0]:
            best[stop] = total, at
    found, end = [], max(best)
    while end:
        found.append(best[end][1])
        end = ways[found[-1]][0]
    return found[::-1]


def _ranges(region: Region, group: Group) -> tuple[int, int, int, int]:
    first, last = region.atoms[group[0]], region.atoms[group[1] - 1]
    return first.i, last.k, first.j, last.n


def _was_kept(region: Region, group: Group) -> bool:
    return group[1] - group[0] == 1 and region.atoms[group[0]].kind == "kept"


def features(region: Region, group: Group) -> dict[str, float]:
    """What the model sees of a group, by name; nothing of one that was kept."""
    if _was_kept(region, group):
        return {}
    i, k, j, n = _ranges(region, group)
    left, right = region.reference[i:k], region.suspect[j:n]
    start, stop = group
    atoms = region.atoms[start:stop]
    beside = (
        region.atoms[start - 1].kind if start else "end",
        region.atoms[stop].kind if stop < len(region.atoms) else "end",
    )
    if not left or not right:
        return _one_sided("del" if left else "ins", left or right, beside)
    whole = stop - start == len(region.atoms)
    return {
        **_of_sides(left, right),
        **_of_atoms(region, atoms, beside),
        "all changed here": float(beside[0] in _KEPT and beside[1] in _KEPT),
        "all": float(whole),
        "all short": float(whole and len(left) + len(right) <= 5),
    }


def _of_sides(left: Sequence[Unit], right: Sequence[Unit]) -> dict[str, float]:
    """What an exchange is by its words."""
    sizes = len(left), len(right)
    edges = [(left[0], right[0]), (left[-1], right[-1])]
    swaps = {unit.swap for unit in right} - {-1}
    kinds = {unit.kind for unit in left if unit.swap in swaps}
    found = {
        "sub": 1.0,
        "sub 1-1": float(sizes == (1, 1)),
        "sub 1-n": float((sizes[0] == 1) != (sizes[1] == 1)),
        "sub length": float(min(sizes[0], 6) + min(sizes[1], 6) - 2),
        "sub lengths differ": float(min(abs(sizes[0] - sizes[1]), 6)),
        "sub long": float(max(sizes) > 5),
        "sub very long": float(max(sizes) > 10),
        "no swap or rewrite": float(not kinds),
        "edge marks differ": float(sum([one.mark != other.mark for one, other in edges])),
        "edge marks": float(sum([one.mark and other.mark for one, other in edges])) if sum(sizes) > 2 else 0.0,
        "marks only": float(all(unit.mark for unit in (*left, *right))),
        "marks for words": float(all(unit.mark for unit in left) != all(unit.mark for unit in right)),
        "inner mark": float(sum([any(unit.mark for unit in side[1:-1]) for side in (left, right)])),
        "same but case": float([u.key.casefold() for u in left] == [u.key.casefold() for u in right]),
        "function only": float(not any(unit.content or unit.mark for unit in (*left, *right))),
        "content differs": float(any(u.content for u in left) != any(u.content for u in right)),
        **{f"kind {kind}": 1.0 for kind in kinds},
    }
    for name, (one, other) in zip(("first", "last"), edges, strict=True):
        found[f"{name} differs"] = float(_class(one) != _class(other))
        for unit in (one, other):
            found[f"{name} {_class(unit)}"] = found.get(f"{name} {_class(unit)}", 0.0) + 0.5
    return found


def _of_atoms(region: Region, atoms: Sequence[Atom], beside: tuple[str, str]) -> dict[str, float]:
    """What an exchange is by what it joins and what it is cut from."""
    kinds = [atom.kind for atom in atoms]
    swaps, kept = kinds.count("swap"), [region.reference[atom.i] for atom in atoms if atom.kind == "kept"]
    left = [unit for atom in atoms if atom.kind != "kept" for unit in region.reference[atom.i : atom.k]]
    right = [unit for atom in atoms if atom.kind != "kept" for unit in region.suspect[atom.j : atom.n]]
    answered = [sum([_answered(unit) for unit in side]) for side in (left, right)]
    size = sum([atom.k - atom.i + atom.n - atom.j for atom in atoms])
    found = {
        "swap one": float(swaps == 1),
        "more swaps": float(max(0, min(swaps, 5) - 1)),
        "no swap": float(not swaps),
        "no swap, longer": float(not swaps and size > 3),
        "no swap, long": float(not swaps and size > 6),
        "no swap kept": float(not swaps and bool(kept)),
        "split swaps": float((beside[0], kinds[0]).count("swap") // 2 + (beside[1], kinds[-1]).count("swap") // 2),
        "split": float(sum([one in ("dropped", "added") for one in beside])),
        "answered": float(sum([min(one, 3) for one in answered])),
        "answered both": float(all(answered)),
        "answered one": float(any(answered) and not all(answered)),
        "kept": float(len(kept)),
        "kept some": float(bool(kept)),
        "kept content": float(sum([unit.content for unit in kept])),
        "kept edge": float(sum([kind == "kept" for kind in (kinds[0], kinds[-1])])),
        "kept between swaps": float(sum([kinds[at : at + 3] == _BETWEEN for at in range(len(kinds))])),
        "kept share": len(kept) / max(len(left) + len(kept), len(right) + len(kept)),
        "same stem": float(not kept and bool({unit.stem for unit in left} & {unit.stem for unit in right})),
        "swap first": float(kinds[0] == "swap"),
        "swap last": float(kinds[-1] == "swap"),
        **{
            f"lonely {name}": much for name, much in zip(_EDGES, _lonely(atoms) + _lonely(atoms[::-1]), strict=True)
        },
    }
    names = [f"kept {_class(unit)}" for unit in kept]
    for one, other in pairwise(atoms):
        if "kept" not in (one.kind, other.kind):
            sides = [*region.reference[other.i : other.k], *region.suspect[other.j : other.n]]
            names.append(f"join before {_class(sides[0])}")
        if one.kind == other.kind == "swap":
            names.append(f"join swaps before {_class(region.suspect[other.j])}")
    for name in names:
        found[name] = found.get(name, 0.0) + 1.0
    return found


def _one_sided(name: str, side: Sequence[Unit], beside: tuple[str, str]) -> dict[str, float]:
    """The features of an insertion or a deletion."""
    same, other = ("dropped", "added") if name == "del" else ("added", "dropped")
    answered = sum([_answered(unit) for unit in side])
    return {
        name: 1.0,
        f"{name} long": float(len(side) - 1),
        f"{name} marks": float(all(unit.mark for unit in side)),
        f"{name} mark first": float(side[0].mark and len(side) > 1),
        f"{name} mark last": float(side[-1].mark and len(side) > 1),
        f"{name} function": float(not any(unit.content or unit.mark for unit in side)),
        f"{name} first {_class(side[0])}": 1.0,
        f"{name} last {_class(side[-1])}": 1.0,
        "one beside swap": float(beside.count("swap")),
        "one beside same": float(beside.count(same)),
        "one beside other": float(beside.count(other)),
        "one short beside swap": float(len(side) == 1 and not side[0].mark and "swap" in beside),
        "one all": float(beside[0] in _KEPT and beside[1] in _KEPT),
        "one answered": float(answered > 0),
        "one all answered": float(answered == len(side)),
    }


def _class(unit: Unit) -> int:
    """The class of grammar words, 0 for content words."""
    return 0 if unit.content else _MARK if unit.mark else grammar_class(unit.key.lower())


def _answered(unit: Unit) -> bool:
    """Whether a word answers to one elsewhere."""
    return not unit.alone and not unit.mark and unit.swap < 0


def _lonely(atoms: Sequence[Atom]) -> list[float]:
    """How many units of both sides stand before the first substitution or what was kept, at most 4."""
    before = next((at for at, atom in enumerate(atoms) if atom.kind in ("swap", "kept")), len(atoms))
    sizes = [(atom.k - atom.i, atom.n - atom.j) for atom in atoms[:before]]
    return [float(min(4, sum([size[side] for size in sizes]))) for side in (0, 1)]
