"""Pairs of words that no anchor holds, as the network of `spindetect.align.words.odds` sees them: all at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import cdist

from spindetect.align.lexical.costs import ending, grammar_class, numeral
from spindetect.align.lexical.lexicon import Entry, Lexicon
from spindetect.align.lexical.same_word import misspelling
from spindetect.records import Word

Floats = NDArray[np.float32]
_Indices = NDArray[np.intp]
_Properties = list[NDArray[np.generic]]
_NUMBERS = np.arange(1, 10, dtype=np.float32)
_NOBODY = np.zeros(20, np.float32)
_NOTHING: dict[str, Entry] = {}


class Side(NamedTuple):
    """The words of a strand that no anchor holds, and where they stand.

    ``places`` are rows of four: the gap between two anchors, from 0; the place in it, from 0; the gap's words on
    this side; the words of the strand before. ``strand`` are all its words.
    """

    words: Sequence[Word]
    places: Sequence[tuple[int, int, int, int]]
    strand: Sequence[Word]


Stretch = tuple[Side, Side]
"""The sides of a sentence pair, reference first; each holds a word at least."""


class Cells(NamedTuple):
    """All pairs of words of many stretches, row by row: the network's input and how they lie.

    ``words`` is (words of all strands, properties), after each strand a row of zeros, at ``breaks``; ``norms`` are
    their spellings and ``free`` the places of the free ones. ``pairs`` is (pairs, properties).
    ``left`` and ``right`` say which free words a pair is of, ``down`` is the order by the latter, and ``starts``
    are the places at which a row begins, and in that order a column. ``at`` are the pairs' places in grids of
    ``size`` cells together, each with a border, and ``wide`` is how far the row above is.
    """

    words: Floats
    norms: list[str]
    breaks: _Indices
    free: _Indices
    pairs: Floats
    left: _Indices
    right: _Indices
    down: _Indices
    starts: tuple[_Indices, _Indices]
    at: _Indices
    wide: _Indices
    size: int


def free_words(words: tuple[Sequence[Word], Sequence[Word]], anchors: Sequence[tuple[int, int]]) -> Stretch:
    """The words of two strands that no anchor holds."""
    sides = []
    for side in (0, 1):
        places, before = [], -1
        held = [anchor[side] for anchor in anchors]
        for gap, at in enumerate([*held, len(words[side])]):
            places += [(gap, place, at - before - 1, before + 1 + place) for place in range(at - before - 1)]
            before = at
        sides.append(Side([words[side][place[3]] for place in places], places, words[side]))
    return sides[0], sides[1]


def cells_of(stretches: Sequence[Stretch], lexicon: Lexicon) -> Cells:
    """All pairs of words of the stretches as the network sees them."""
    rows = np.array([len(one.words) for one, _ in stretches])
    columns = np.array([len(other.words) for _, other in stretches])
    sizes = rows * columns
    stretch = np.repeat(np.arange(len(stretches)), sizes)
    within = np.arange(len(stretch)) - (np.cumsum(sizes) - sizes)[stretch]
    m = columns[stretch]
    i, j = within // m, within % m
    starts = np.cumsum(rows + columns) - rows - columns
    left, right = starts[stretch] + i, (starts + rows)[stretch] + j
    down = np.argsort(right, kind="stable")
    lines = np.repeat(columns, rows), np.repeat(rows, columns)
    begins = np.cumsum(lines[0]) - lines[0], np.cumsum(lines[1]) - lines[1]
    sides = [side for one in stretches for side in one]
    known = [word for side in sides for word in side.words]
    words = np.concatenate([one for s in sides for one in (*map(word_properties, s.strand), _NOBODY)])
    words = words.reshape(-1, len(_NOBODY))
    places = np.array([place for side in sides for place in side.places], np.float32).T
    spans = np.array([len(side.strand) for side in sides])
    breaks = np.cumsum(spans + 1) - 1
    lengths, first = np.repeat([spans, breaks - spans], [len(side.words) for side in sides], axis=1)
    free = first + places[3].astype(np.intp)
    compared = _compared(stretches, known, (left, right), lexicon)
    grids = (rows + 2) * (columns + 2)
    at = (np.cumsum(grids) - grids)[stretch] + (i + 1) * (m + 2) + j + 1
    found = [
        *compared,
        *_of_words(words[free], left, right, compared),
        *_of_places(places.take(left, axis=1), places.take(right, axis=1), lengths[left], lengths[right]),
        *_of_rivals(compared[-1], down, begins, lines),
    ]
    pairs = np.empty((len(found), len(left)), np.float32)
    for row, values in zip(pairs, found, strict=True):
        row[:] = values
    norms = [norm for side in sides for norm in (*[word.norm for word in side.strand], "")]
    return Cells(words, norms, breaks, free, pairs.T, left, right, down, begins, at, m + 2, int(grids.sum()))


@lru_cache(maxsize=20_000)
def word_properties(word: Word) -> Floats:
    """The properties of a word by itself, each within 0 to 1.5."""
    norm = word.norm
    number = word.shape == "number" or numeral(norm) is not None
    kind, end = grammar_class(norm), ending(norm)
    properties = (
        word.function, number, word.surprisal / 8.0, word.capitalised, word.row >= 0, min(1.5, len(norm) / 8.0),
        *[kind == one for one in range(1, 6)], *[end == one for one in range(1, 10)],
    )  # fmt: skip
    return np.array(properties, np.float32)


def _compared(
    stretches: Sequence[Stretch], words: Sequence[Word], lines: tuple[_Indices, _Indices], lexicon: Lexicon
) -> list[Floats]:
    """The properties of pairs of words: same, association both ways, spelling, relatedness, likeness."""
    left, right = lines
    ids: dict[str, int] = {}
    stems = np.array([ids.setdefault(word.stem, len(ids)) for word in words])
    numerals = np.array([ids.setdefault(numeral(word.norm) or word.stem, len(ids)) for word in words])
    same = (stems[left] == stems[right]) | (numerals[left] == numerals[right])
    rows = np.array([word.row for word in words])
    unknown = rows < 0
    strange = unknown[left] | unknown[right]
    asked = np.flatnonzero(strange & ~same)
    pairs = zip(left[asked].tolist(), right[asked].tolist(), strict=True)
    same[asked] = [misspelling(words[one], words[other]) for one, other in pairs]
    norms = [word.norm for word in words]
    association, back = np.zeros((2, len(left)), np.float32)
    spelling, related = np.empty(len(left), np.float32), np.zeros(len(left), np.float32)
    at = start = 0
    for one, other in stretches:
        middle, end = start + len(one.words), start + len(one.words) + len(other.words)
        until = at + len(one.words) * len(other.words)
        spelling[at:until] = cdist(norms[start:middle], norms[middle:end], scorer=JaroWinkler.similarity).ravel()
        if len(lexicon.vectors) and not unknown.all():
            related[at:until] = (lexicon.vectors[rows[start:middle]] @ lexicon.vectors[rows[middle:end]].T).ravel()
        _associate(one.words, other.words, lexicon, association[at:until].reshape(len(one.words), -1))
        _associate(other.words, one.words, lexicon, back[at:until].reshape(len(one.words), -1).T)
        at, start = until, end
    related = np.where(strange, np.float32(0.0), related.round(4))
    content = np.array([word.content for word in words])
    alike = np.maximum(related, np.where(content[left] & content[right], 0.5 * (spelling - 0.6), 0.0))
    alike = np.maximum(alike, np.where(association > 0.0, 0.5 + 0.4 * association, 0.4 * (back > 0.0)))
    alike = np.maximum(alike, same).astype(np.float32)
    return [same, association, back, np.maximum(0.0, 2.0 * spelling - 1.0), related, alike]


def _associate(old: Sequence[Word], new: Sequence[Word], lexicon: Lexicon, table: Floats) -> None:
    """Write how readily the lexicon has each of some words turn into each of others, 0 to 1, where it has them."""
    spelt, stems = defaultdict(list), defaultdict(list)
    for row, word in enumerate(old):
        spelt[word.norm].append(row)
        stems[word.stem].append(row)
    for column, word in enumerate(new):
        for known, rows in (
            (lexicon.stem_sources.get(word.stem, _NOTHING), stems),
            (lexicon.sources.get(word.norm, _NOTHING), spelt),  # last, since the very words count more
        ):
            for source in known.keys() & rows.keys():
                for row in rows[source]:
                    table[row, column] = known[source].association


def _of_words(words: Floats, left: _Indices, right: _Indices, compared: Sequence[Floats]) -> _Properties:
    """The properties that two words share or not, beside those of the pair."""
    unknown = (compared[0] == 0.0) & (compared[1] == 0.0)
    columns = [*words[:, :4].T, words[:, 6:11] @ _NUMBERS[:5], words[:, 11:] @ _NUMBERS[:9]]
    ones, others = ([column.take(line) for column in columns] for line in (left, right))
    functions = ones[0] + others[0]
    return [
        unknown & (functions == 0.0),
        unknown & (functions == 1.0),
        unknown & (functions == 2.0),
        (ones[4] == others[4]) & (ones[4] > 0.0),
        (ones[5] == others[5]) & (ones[5] > 0.0),
        ones[1] * others[1],
        ones[1] != others[1],
        ones[3] * others[3],
        np.abs(ones[2] - others[2]),
        np.minimum(ones[2], others[2]),
        np.maximum(0.0, compared[4] - 0.4),
        compared[4] * (functions == 0.0),
    ]


def _of_places(one: Floats, other: Floats, n: Floats, m: Floats) -> _Properties:
    """Where the words stand, in their gaps and in the sentences of n and m words."""
    same = one[0] == other[0]
    size, wide = one[2], other[2]
    off = np.abs((one[1] + 0.5) / size - (other[1] + 0.5) / wide)
    from_start, from_end = np.abs(one[1] - other[1]), np.abs((size - one[1]) - (wide - other[1]))
    whole = np.abs((one[3] + 0.5) / n - (other[3] + 0.5) / m)
    return [
        same,
        np.log1p(np.abs(one[0] - other[0])),
        same * off,
        same * off * np.log(size * wide),
        same * np.log1p(from_start),
        same * np.log1p(from_end),
        same * np.log1p(np.minimum(from_start, from_end)),
        same * (one[1] == 0) * (other[1] == 0),
        same * (one[1] == size - 1) * (other[1] == wide - 1),
        same * (size == wide),
        same * np.log(size * wide) / 4.0,
        same * np.abs(np.log(size / wide)),
        whole,
        np.log1p(whole * np.minimum(n, m)),
        np.log1p(np.abs(one[3] - other[3])),
        np.log(n * m) / 6.0,
    ]


def _of_rivals(
    alike: Floats, down: _Indices, starts: tuple[_Indices, _Indices], lengths: tuple[_Indices, _Indices]
) -> _Properties:
    """How alike the best others in the row and in the column are, and how much more the words are than these."""
    row, column = _best_other(alike, starts[0], lengths[0]), np.empty_like(alike)
    column[down] = _best_other(alike[down], starts[1], lengths[1])
    better = [np.maximum(0.0, alike - one) for one in (row, column)]
    return [row, better[0], column, better[1], np.minimum(*better)]


def _best_other(alike: Floats, starts: _Indices, lengths: _Indices) -> Floats:
    """For each pair the highest likeness of another one in the same line, 0 if alone; lines follow each other.

    Several that are the most alike aren't one another's rivals: each has the highest of the rest.
    """
    highest = np.repeat(np.maximum.reduceat(alike, starts), lengths)
    best = alike >= highest
    second = np.repeat(np.maximum.reduceat(np.where(best, np.float32(-1.0), alike), starts), lengths)
    return np.maximum(0.0, np.where(best, second, highest)).astype(np.float32)
