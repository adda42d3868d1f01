"""The changes in a sentence pair, in units as annotators count them, and the little that was kept in between."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spindetect.align.lexical.lexicon import Lexicon
from spindetect.align.words.cells import free_words
from spindetect.align.words.odds import stretch_odds
from spindetect.findings import SentencePair, Substitution
from spindetect.records import Document, Span, Word

_Substituted = Sequence[tuple[Span, Substitution]]

# Units kept between two changes, up to so many, may belong to one edit with both.
_KEPT = 2
_NO_LEXICON = Lexicon()
_MOST_PAIRS = 250_000  # of units that are judged by the network, so that time and memory stay bounded
# Units at each end of what no substitution holds that may be cut off one by one.
_EDGE = 3


class Unit(NamedTuple):
    """A token as edits count them, a hyphenated word being one.

    ``swap`` is the number of the substitution that it belongs to, -1 for none, and ``kind`` its kind; ``alone``
    says that nothing answers to it. ``key`` is what it is compared by, ``words`` are its parts.
    """

    start: int
    end: int
    key: str
    stem: str
    content: bool
    mark: bool
    swap: int = -1
    kind: str = ""
    alone: bool = False
    words: Sequence[Word] = ()


class Atom(NamedTuple):
    """The units that no edit cuts: half-open ranges of units, reference from, to, suspect from, to."""

    i: int
    k: int
    j: int
    n: int
    kind: Literal["kept", "swap", "dropped", "added"]


Place = tuple[int, int, int, int]
"""Half-open ranges of units: reference from, to, suspect from, to."""


class Region(NamedTuple):
    """Units of both sides, and the atoms of changes that little or nothing that was kept stands between.

    ``answers`` says how probably each unit of the reference answers to each of the suspect, 0 to 1.
    """

    reference: Sequence[Unit]
    suspect: Sequence[Unit]
    atoms: Sequence[Atom]
    answers: NDArray[np.float32]


def regions(pair: SentencePair, suspect: Document, reference: Document) -> list[Region]:
    """The changed regions, in order: each begins and ends with a change."""
    subs = pair.substitutions
    left = _units(reference, pair.reference, [(one.reference.span, one) for one in subs], pair.dropped)
    right = _units(suspect, pair.suspect, [(one.suspect.span, one) for one in subs], pair.added)
    words = [
        [at for at, unit in enumerate(units) if not unit.mark and unit.swap < 0 and not unit.alone]
        for units in (left, right)
    ]
    same = _matching([left[at].key.casefold() for at in words[0]], [right[at].key.casefold() for at in words[1]])
    kept: list[tuple[int, int]] = []
    last = (-1, -1)
    for i, j in [*((words[0][a], words[1][b]) for a, b in same), (len(left), len(right))]:
        marks = _matching(
            [left[at].key if left[at].mark else (0, at) for at in range(last[0] + 1, i)],
            [right[at].key if right[at].mark else (1, at) for at in range(last[1] + 1, j)],
        )
        kept += [(last[0] + 1 + a, last[1] + 1 + b) for a, b in marks]
        last = (i, j)
        if i < len(left) and (left[i].key == right[j].key or _opens(left, i) or _opens(right, j)):
            kept.append(last)
    answers = answering(left, right, kept)
    found: list[Region] = []
    between: list[Atom] = []
    i = j = 0
    for k, n in [*kept, (len(left), len(right))]:
        if k > i or n > j:
            atoms = atoms_between(left, right, i, k, j, n)
            if found and len(between) <= _KEPT:
                found[-1] = found[-1]._replace(atoms=[*found[-1].atoms, *between, *atoms])
            else:
                found.append(Region(left, right, atoms, answers))
            between = []
        between.append(Atom(k, k + 1, n, n + 1, "kept"))
        i, j = k + 1, n + 1
    return found


def answering(left: Sequence[Unit], right: Sequence[Unit], kept: Sequence[tuple[int, int]]) -> NDArray[np.float32]:
    """How probably units answer to each other: surely those ``kept``, others (if not many) as the network says."""
    found = np.zeros((len(left), len(right)), np.float32)
    if found.size > _MOST_PAIRS:
        return found
    sides = [[(at, word) for at, unit in enumerate(units) for word in unit.words] for units in (left, right)]
    of = [np.array([at for at, _ in side], np.intp) for side in sides]
    starts = [np.searchsorted(places, range(len(units))) for places, units in zip(of, (left, right), strict=True)]
    anchors = [(int(starts[0][a]) + at, int(starts[1][b]) + at) for a, b in kept
               if len(left[a].words) == len(right[b].words) for at in range(len(left[a].words))]  # fmt: skip
    free = free_words(([word for _, word in sides[0]], [word for _, word in sides[1]]), anchors)
    if free[0].words and free[1].words:
        odds = np.array(stretch_odds([free], _NO_LEXICON)[0])
        rows, columns = (of[side][[place[3] for place in free[side].places]] for side in (0, 1))
        np.maximum.at(found, (rows[:, None], columns), (1.0 / (1.0 + np.exp(-odds))).round(4))
    found[[a for a, _ in kept], [b for _, b in kept]] = 1.0
    return found


def atoms_between(left: Sequence[Unit], right: Sequence[Unit], i: int, k: int, j: int, n: int) -> list[Atom]:
    """A stretch in which nothing was kept: its substitutions, and what stands between them by itself.

    Substitutions whose order changed are one atom; one of a stretch as a whole is none, since it may fall apart.
    """
    swaps = {unit.swap for unit in left[i:k]} & {unit.swap for unit in right[j:n] if unit.kind != "rewrite"} - {-1}
    parts: list[tuple[int, int, int, int]] = []
    for part in sorted(_of_swap(left, i, k, swap) + _of_swap(right, j, n, swap) for swap in swaps):
        while parts and not (parts[-1][1] <= part[0] and parts[-1][3] <= part[2]):
            last = parts.pop()
            part = (
                min(part[0], last[0]), max(part[1], last[1]), min(part[2], last[2]), max(part[3], last[3])
            )  # fmt: skip
        parts.append(part)
    found: list[Atom] = []
    for part in [*parts, (k, k, n, n)]:
        found += [Atom(a, b, j, j, "dropped") for a, b in _cut(i, part[0])]
        found += [Atom(part[0], part[0], a, b, "added") for a, b in _cut(j, part[2])]
        if part[1] > part[0]:
            found.append(Atom(*part, "swap"))
        i, j = part[1], part[3]
    return found


def _of_swap(units: Sequence[Unit], start: int, stop: int, swap: int) -> tuple[int, int]:
    mine = [at for at in range(start, stop) if units[at].swap == swap]
    return mine[0], mine[-1] + 1


def _cut(start: int, stop: int) -> list[tuple[int, int]]:
    """Units one by one, those in the middle of many together."""
    ends = [*range(start, stop + 1)]
    if stop - start > 2 * _EDGE:
        ends = [*ends[: _EDGE + 1], *ends[-_EDGE - 1 :]]
    return [*pairwise(ends)]


def _matching(left: Sequence[object], right: Sequence[object]) -> list[tuple[int, int]]:
    """Places of the same things in both, ascending in both."""
    blocks = SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks()
    return [(block.a + step, block.b + step) for block in blocks for step in range(block.size)]


def _units(document: Document, span: Span, substituted: _Substituted, alone: Sequence[Span]) -> list[Unit]:
    """The tokens of a span; what is joined without a space is one unit, but for marks at its edges."""
    tokens = document.tokens(span)
    first, last = tokens.start, tokens.stop
    units: list[Unit] = []
    chunk: list[int] = []
    for token in range(first, last + 1):
        joined = token < last and chunk and document.starts[token] == document.span(chunk[-1], chunk[-1] + 1).end
        if chunk and not joined:
            lexical = [one for one in chunk if document.words[one].lexical]
            inner = range(lexical[0], lexical[-1] + 1) if lexical else range(chunk[0], chunk[-1] + 1)
            parts = [[one] for one in chunk if one not in inner]
            for part in sorted([*parts, [one for one in chunk if one in inner]]):
                whole = document.span(part[0], part[-1] + 1)
                words = [document.words[one] for one in part]
                swap = next((number for number, (one, _) in enumerate(substituted) if one.overlap(whole)), -1)
                units.append(
                    Unit(
                        whole.start,
                        whole.end,
                        whole.of(document.article.text),
                        "".join(word.stem for word in words),
                        any(word.content for word in words),
                        not lexical or part[0] not in inner,
                        swap,
                        substituted[swap][1].kind if swap >= 0 else "",
                        any(whole.overlap(one) for one in alone),
                        [word for word in words if word.lexical],
                    )
                )
            chunk = []
        if token < last and document.words[token].shape != "space":
            chunk.append(token)
    return units


def _opens(units: Sequence[Unit], at: int) -> bool:
    """Whether a unit opens a sentence, so that its case says nothing."""
    return at == 0 or units[at - 1].key in (".", ":")
