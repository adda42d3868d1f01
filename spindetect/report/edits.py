"""A comparison's changes as an annotator marks them: touching changes as one edit, insertions and deletions apart.

`Substitution` is the smallest phrase that was replaced. People who mark edits by hand mark the stretch that was
written anew: [these results hold -> this result holds] is one edit to them. Where a stretch is one edit and where
it falls apart was learnt from their marks (arXivEdits, Jiang, Xu and Stevens 2022): a linear model says how likely
each cut is, and the one with the best F1 to be expected is taken. ``benchmarks/learn_edits.py`` makes the weights.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import fsum
from typing import Literal

import numpy as np

from spindetect.align.lexical.costs import ending, grammar_class
from spindetect.findings import Result, SentencePair
from spindetect.records import Document, Span
from spindetect.report.stretches import Place, Region, Unit, regions

Granularity = Literal["substitution", "edit"]
"""How changes are told: the smallest phrases that were replaced, or edits beside them as annotators mark them."""
EditType = Literal["substitution", "insertion", "deletion"]

_MOST_NODES = 40  # places to cut at that an edit may reach over
_SHORT = 9  # pairs of words of a substitution that may fall apart
_MARKS = frozenset(",.():;")  # that are classes of their own
# How probable an edit must be, about half the F1 that can be expected, and what one counts beside a substitution.
_LEAST, _ONE_SIDED = 0.35, 0.3


@dataclass(frozen=True, slots=True)
class Edit:
    """A change: the stretch of the reference that became one of the suspect; None for what was added or dropped."""

    suspect: Span | None
    reference: Span | None

    @property
    def type(self) -> EditType:
        """Whether it inserts, deletes or exchanges, by which of its sides there are."""
        if self.reference is None:
            return "insertion"
        return "substitution" if self.suspect is not None else "deletion"


def edits(result: Result) -> list[list[Edit]]:
    """The edits of each sentence pair, in the suspect's order."""
    return [pair_edits(pair, result.suspect, result.reference) for pair in result.alignment]


def pair_edits(pair: SentencePair, suspect: Document, reference: Document) -> list[Edit]:
    """The edits of a sentence pair: those with which the F1 that can be expected is best."""
    weights, found = _weights(), list[Edit]()
    for region in regions(pair, suspect, reference):
        ways = groups(region)
        liked = [
            fsum([weights.get(name, 0.0) * much for name, much in features(region, way).items()]) for way in ways
        ]
        made = [edit_of(region, way) for way in ways]
        worth = [
            (share - _LEAST) * (1.0 if edit.type == "substitution" else _ONE_SIDED) if edit else 0.0
            for edit, share in zip(made, shares(ways, liked)[1], strict=True)
        ]
        found += [edit for at in best_cut(ways, worth) if (edit := made[at]) is not None]
    return found


def edit_of(region: Region, place: Place) -> Edit | None:
    """Units of both sides as an edit of the two texts, None if they were kept."""
    i, k, j, n = place
    if (i, k, j, n, "kept") in region.atoms:
        return None
    old = Span(region.reference[i].start, region.reference[k - 1].end) if k > i else None
    return Edit(Span(region.suspect[j].start, region.suspect[n - 1].end) if n > j else None, old)


@cache
def _weights() -> dict[str, float]:
    text = files("spindetect.report").joinpath("edits.json").read_text(encoding="utf-8")
    weights: dict[str, float] = json.loads(text)
    return weights


# --- where a region falls apart ----------------------------------------------------------------------------


def groups(region: Region) -> list[Place]:
    """Places that may be edits, and each kept unit: cut between atoms, in short substitutions anywhere."""
    nodes = {(atom.i, atom.j) for atom in region.atoms} | {(region.atoms[-1].k, region.atoms[-1].n)}
    for i, k, j, n, kind in region.atoms:
        if kind == "swap" and (k - i) * (n - j) <= _SHORT:
            nodes |= {(x, y) for x in range(i, k + 1) for y in range(j, n + 1)}
    places, kept = sorted(nodes), {(atom.i, atom.j) for atom in region.atoms if atom.kind == "kept"}
    found = []
    for stop, (k, n) in enumerate(places):
        for i, j in places[max(0, stop - _MOST_NODES) : stop]:
            same = sum([i <= x < k for x, _ in kept])
            if j <= n and (same < 2 or (k - i, n - j) != (same, same)):
                found.append((i, k, j, n))
    return found


def best_cut(ways: Sequence[Place], liked: Sequence[float]) -> list[int]:
    """Which of the groups, in order by their ends, make up the whole and are liked best together."""
    best: dict[tuple[int, int], tuple[float, int]] = {(ways[0][0], ways[0][2]): (0.0, -1)}
    for at, (i, k, j, n) in enumerate(ways):
        total = best[i, j][0] + liked[at]
        if (k, n) not in best or total > best[k, n][0]:
            best[k, n] = total, at
    found, at = [], best[max(best)][1]
    while at >= 0:
        found.append(at)
        at = best[ways[at][0], ways[at][2]][1]
    return found[::-1]


def shares(ways: Sequence[Place], liked: Sequence[float]) -> tuple[float, list[float]]:
    """The logarithm of the sum over all cuts, and in what share of them each group is (forward and backward)."""
    nodes = {node: at for at, node in enumerate(sorted({(k, n) for _, k, _, n in ways}), 1)}
    starts = np.array([nodes.get((i, j), 0) for i, _, j, _ in ways])
    stops = np.array([nodes[k, n] for _, k, _, n in ways])
    last, worth = len(nodes), np.array(liked)
    forward, backward = np.full(last + 1, -np.inf), np.full(last + 1, -np.inf)
    forward[0] = backward[last] = 0.0
    for at in range(1, last + 1):
        here = stops == at
        forward[at] = np.logaddexp.reduce(forward[starts[here]] + worth[here])
    for at in range(last - 1, -1, -1):
        here = starts == at
        backward[at] = np.logaddexp.reduce(backward[stops[here]] + worth[here])
    found = np.exp(forward[starts] + worth + backward[stops] - forward[last]).round(6)
    return float(forward[last]), found.tolist()


def features(region: Region, place: Place) -> dict[str, float]:
    """The model's features, by name, of units that may be an edit; none of one that was kept."""
    if (*place, "kept") in region.atoms:
        return {}
    i, k, j, n = place
    left, right, first, last = region.reference[i:k], region.suspect[j:n], region.atoms[0], region.atoms[-1]
    kept = {atom.i: atom.j for atom in region.atoms if atom.kind == "kept"}
    sides = ((i, k, first.i, last.k, {*kept}), (j, n, first.j, last.n, {*kept.values()}))
    # whether the units before and after were changed as well
    beside = [(start > low and start - 1 not in among, stop < high and stop not in among)
              for start, stop, low, high, among in sides]  # fmt: skip
    apart = [not (one or other) for one, other in zip(*beside, strict=True)]
    # how probably the changed units answer at best to one inside, and to one outside
    inside, outside = list[list[float]](), list[list[float]]()
    tables = zip(sides, sides[::-1], (region.answers, region.answers.T), strict=True)
    for (start, stop, *_, among), (low, high, *_), table in tables:
        mine = table[[at for at in range(start, stop) if at not in among]]
        inside.append(mine[:, low:high].max(axis=1, initial=0.0).tolist())
        outside.append(np.delete(mine, slice(low, high), axis=1).max(axis=1, initial=0.0).tolist())
    both, out = inside[0] + inside[1], outside[0] + outside[1]
    found: dict[str, float] = {
        "whole": place == (first.i, last.k, first.j, last.n),
        "apart": all(apart),
        "apart at one end": apart[0] != apart[1],
        "linked outside most": max(out, default=0.0),
        "linked outside": sum(out) / max(1, len(out)),
    }
    name = ""
    if left and right:
        found |= _of_sides(left, right)
        found |= {
            "linked first": region.answers[i, j],
            "linked last": region.answers[k - 1, n - 1],
            "linked, reference": sum(inside[0]) / max(1, len(inside[0])),
            "linked, suspect": sum(inside[1]) / max(1, len(inside[1])),
            "linked most": max(both, default=0.0),
            "linked inside rather": (sum(both) - sum(out)) / max(1, len(both)),
        }
    else:
        name, side = (" dropped", left) if left else (" added", right)
        found |= {
            name: 1.0,
            f"long{name}": min(len(side) - 1, 12),
            f"marks{name}": all(unit.mark for unit in side),
            f"function{name}": not any(unit.content or unit.mark for unit in side),
            "beside same": sum(beside[0] if left else beside[1]),
            "beside other": sum(beside[1] if left else beside[0]),
        }
    for classes in ([_class(unit) for unit in units] for units in (left, right) if units):
        for one in (f"first {classes[0]}", f"last {classes[-1]}", *[f"join {one}" for one in classes[1:]]):
            found[one + name] = found.get(one + name, 0.0) + 0.5
    return {name: float(much) for name, much in found.items() if much}


def _of_sides(left: Sequence[Unit], right: Sequence[Unit]) -> dict[str, float]:
    """The features of an exchange by its words, and by the substitutions among them."""
    sizes, edges = (len(left), len(right)), [(left[0], right[0]), (left[-1], right[-1])]
    swaps = {unit.swap for unit in left} & {unit.swap for unit in right} - {-1}
    return {
        "sub": 1.0,
        "sub 1-1": sizes == (1, 1),
        "sub 1-n": (sizes[0] == 1) != (sizes[1] == 1),
        "sub length": min(sizes[0], 6) + min(sizes[1], 6) - 2,
        "sub lengths differ": min(abs(sizes[0] - sizes[1]), 6),
        "sub long": max(sizes) > 5,
        "edge marks differ": sum([one.mark != other.mark for one, other in edges]),
        "edge marks": sum([one.mark and other.mark for one, other in edges]) if sum(sizes) > 2 else 0.0,
        "marks only": all(unit.mark for unit in (*left, *right)),
        "marks for words": all(unit.mark for unit in left) != all(unit.mark for unit in right),
        "inner marks": sum([any(unit.mark for unit in side[1:-1]) for side in (left, right)]),
        "same but case": [unit.key.casefold() for unit in left] == [unit.key.casefold() for unit in right],
        "function only": not any(unit.content or unit.mark for unit in (*left, *right)),
        "content differs": any(unit.content for unit in left) != any(unit.content for unit in right),
        "first differs": _class(left[0]) != _class(right[0]),
        "last differs": _class(left[-1]) != _class(right[-1]),
        "no swap": not swaps,
        "one swap": len(swaps) == 1,
        "more swaps": max(0, min(len(swaps), 5) - 1),
        **{f"kind {unit.kind}": 1.0 for unit in left if unit.swap in swaps},
    }


def _class(unit: Unit) -> str:
    """A mark itself, a class of grammar words, a number, or a content word's ending and capital."""
    if unit.mark:
        return unit.key if unit.key in _MARKS else "mark"
    if not unit.content:
        return f"grammar {grammar_class(unit.key.lower())}"
    if unit.key[0] == "[" or unit.key[0].isdigit():
        return "placeholder" if unit.key[0] == "[" else "number"
    return f"ending {ending(unit.words[-1].norm) if unit.words else 0}{unit.key[0].isupper() * ' capital'}"
