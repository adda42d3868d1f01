"""Pairs of words that no anchor holds, as the network of `spindetect.align.words.odds` sees them: all at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import cdist

from spindetect.align.lexical.costs import ending, grammar_class, numeral
from spindetect.align.lexical.lexicon import Lexicon
from spindetect.align.lexical.same_word import misspelling
from spindetect.align.lexical.translation import AnswerTable
from spindetect.records import Word

Floats = NDArray[np.float32]
_Indices = NDArray[np.intp]
_Properties = list[NDArray[np.generic]]


class Side(NamedTuple):
    """The words of a strand that no anchor holds, and where they stand.

    ``places`` are rows of four: the gap between two anchors, from 0; the place in it, from 0; the gap's words on
    this side; the words of the strand before.
    """

    words: Sequence[Word]
    places: Sequence[tuple[int, int, int, int]]
    length: int


Stretch = tuple[Side, Side]
"""The sides of a sentence pair, reference first; each holds a word at least."""


class Cells(NamedTuple):
    """All pairs of words of many stretches, row by row: the network's input and how they lie.

    ``words`` is (words of both sides, properties), ``norms`` their spellings; ``pairs`` is (pairs, properties).
    ``left`` and ``right`` say which words a pair is of, ``down`` is the order by the latter. ``at`` are the pairs'
    places in grids of ``size`` cells together, each with a border, and ``wide`` is how far the row above is.
    """

    words: Floats
    norms: list[str]
    pairs: Floats
    left: _Indices
    right: _Indices
    down: _Indices
    at: _Indices
    wide: _Indices
    size: int


def free_words(words: tuple[Sequence[Word], Sequence[Word]], anchors: Sequence[tuple[int, int]]) -> Stretch:
    """What no anchor holds of two strands."""
    sides = []
    for side in (0, 1):
        places, before = [], -1
        held = [anchor[side] for anchor in anchors]
        for gap, at in enumerate([*held, len(words[side])]):
            places += [(gap, place, at - before - 1, before + 1 + place) for place in range(at - before - 1)]
            before = at
        sides.append(Side([words[side][place[3]] for place in places], places, len(words[side])))
    return sides[0], sides[1]


def cells_of(stretches: Sequence[Stretch], lexicon: Lexicon) -> Cells:
    """All pairs of words of the stretches as the network sees them."""
    rows = np.array([len(one.words) for one, _ in stretches])
    columns = np.array([len(other.words) for _, other in stretches])
    sizes = rows * columns
    stretch = np.repeat(np.arange(len(stretches)), sizes)
    within = np.arange(len(stretch)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    m = columns[stretch]
    i, j = within // m, within % m
    ends = np.cumsum(rows + columns)
    starts = ends - rows - columns
    left, right = starts[stretch] + i, (starts + rows)[stretch] + j
    known = [word for stretch_ in stretches for side in stretch_ for word in side.words]
    words = np.array([word_properties(word) for word in known], np.float32)
    places = np.array([place for one in stretches for side in one for place in side.places], np.float32)
    lengths = np.repeat(
        [side.length for one in stretches for side in one], [len(side.words) for one in stretches for side in one]
    )
    compared = _compared(stretches, known, (left, right), lexicon)
    grids = (rows + 2) * (columns + 2)
    at = (np.cumsum(grids) - grids)[stretch] + (i + 1) * (m + 2) + j + 1
    of_words = _of_words(words[left], words[right], compared)
    of_places = _of_places(places[left].T, places[right].T, lengths[left], lengths[right])
    down = np.argsort(right, kind="stable")
    of_rivals = _of_rivals(compared[-1], left, right, down)
    pairs = np.array([*compared, *of_words, *of_places, *of_rivals], np.float32).T
    return Cells(words, [word.norm for word in known], pairs, left, right, down, at, m + 2, int(grids.sum()))


@lru_cache(maxsize=20_000)
def word_properties(word: Word) -> tuple[float, ...]:
    """What is known of a word by itself, each within 0 to 1.5."""
    norm = word.norm
    number = word.shape == "number" or numeral(norm) is not None
    kind, end = grammar_class(norm), ending(norm)
    return (
        word.function, number, word.surprisal / 8.0, word.capitalised, word.row >= 0, min(1.5, len(norm) / 8.0),
        *[kind == one for one in range(1, 6)], *[end == one for one in range(1, 10)],
    )  # fmt: skip


def _compared(
    stretches: Sequence[Stretch], words: Sequence[Word], lines: tuple[_Indices, _Indices], lexicon: Lexicon
) -> list[Floats]:
    """What is known of the pairs of words: same, association both ways, spelling, relatedness, likeness."""
    left, right = lines
    ids: dict[str, int] = {}
    stems = np.array([ids.setdefault(word.stem, len(ids)) for word in words])
    numerals = np.array([ids.setdefault(numeral(word.norm) or word.stem, len(ids)) for word in words])
    same = (stems[left] == stems[right]) | (numerals[left] == numerals[right])
    unknown = np.array([word.row < 0 for word in words])
    for at in np.flatnonzero((unknown[left] | unknown[right]) & ~same).tolist():
        same[at] = misspelling(words[left[at]], words[right[at]])
    norms = [word.norm for word in words]
    inflected = _associations([word.stem for word in words], left, right, lexicon.stem_answers)
    exact = _associations(norms, left, right, lexicon.answers)
    association, back = np.where(exact > 0.0, exact, inflected)
    spelling = np.empty(len(left), np.float32)
    related = np.zeros(len(left), np.float32)
    rows = np.array([word.row for word in words])
    at = start = 0
    for one, other in stretches:
        middle, end = start + len(one.words), start + len(one.words) + len(other.words)
        until = at + len(one.words) * len(other.words)
        spelling[at:until] = cdist(norms[start:middle], norms[middle:end], scorer=JaroWinkler.similarity).ravel()
        if not unknown.all():
            related[at:until] = (lexicon.vectors[rows[start:middle]] @ lexicon.vectors[rows[middle:end]].T).ravel()
        at, start = until, end
    related = np.where(unknown[left] | unknown[right], np.float32(0.0), related.round(4))
    content = np.array([word.content for word in words])
    alike = np.maximum(related, np.where(content[left] & content[right], 0.5 * (spelling - 0.6), 0.0))
    alike = np.maximum(alike, np.where(association > 0.0, 0.5 + 0.4 * association, 0.4 * (back > 0.0)))
    alike = np.maximum(alike, same).astype(np.float32)
    return [same, association, back, np.maximum(0.0, 2.0 * spelling - 1.0), related, alike]


def _associations(words: Sequence[str], left: _Indices, right: _Indices, known: AnswerTable) -> Floats:
    """How readily the lexicon has words turn into others, 0 to 1: forth and back, shape (2, pairs)."""
    numbers: dict[str, int] = {}
    ids = np.array([numbers.setdefault(word, len(numbers)) for word in words])
    codes = {
        numbers[source] * len(numbers) + numbers[word]: association
        for word, answers in known.between(numbers, numbers).items()
        for source, association in answers
    }
    listed = np.array([-1, *sorted(codes)])
    strength = np.array([0.0, *[codes[code] for code in sorted(codes)]], np.float32)
    wanted = np.stack([ids[left] * len(numbers) + ids[right], ids[right] * len(numbers) + ids[left]])
    places = np.minimum(np.searchsorted(listed, wanted), len(listed) - 1)
    found: Floats = np.where(listed[places] == wanted, strength[places], np.float32(0.0))
    return found


def _of_words(one: Floats, other: Floats, compared: Sequence[Floats]) -> _Properties:
    """What the two words have in common beside what is known of the pair."""
    unknown = (compared[0] == 0.0) & (compared[1] == 0.0)
    functions = one[:, 0] + other[:, 0]
    return [
        unknown & (functions == 0.0),
        unknown & (functions == 1.0),
        unknown & (functions == 2.0),
        (one[:, 6:11] * other[:, 6:11]).sum(axis=1),
        (one[:, 11:] * other[:, 11:]).sum(axis=1),
        one[:, 1] * other[:, 1],
        one[:, 1] != other[:, 1],
        one[:, 3] * other[:, 3],
        np.abs(one[:, 2] - other[:, 2]),
        np.minimum(one[:, 2], other[:, 2]),
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


def _of_rivals(alike: Floats, left: _Indices, right: _Indices, down: _Indices) -> _Properties:
    """How alike the best others in the row and in the column are, and how much more the words are than these."""
    row, column = _best_other(alike, left), np.empty_like(alike)
    column[down] = _best_other(alike[down], right[down])
    better = [np.maximum(0.0, alike - one) for one in (row, column)]
    return [row, better[0], column, better[1], np.minimum(*better)]


def _best_other(alike: Floats, line: _Indices) -> Floats:
    """For each pair the highest likeness of another one in the same line, 0 if it is alone; lines ascend.

    Several that are the most alike aren't one another's rivals: each has the highest of the rest.
    """
    starts = np.flatnonzero(np.diff(line, prepend=-1))
    lengths = np.diff(starts, append=len(line))
    highest = np.repeat(np.maximum.reduceat(alike, starts), lengths)
    best = alike >= highest
    second = np.repeat(np.maximum.reduceat(np.where(best, np.float32(-1.0), alike), starts), lengths)
    return np.maximum(0.0, np.where(best, second, highest)).astype(np.float32)
