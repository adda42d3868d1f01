"""Inventories of two whole texts: which facts, names, numbers, quotations and turns of phrase they share.

They don't ask how words were exchanged, so they tell a rewrite that reorganises a story, which keeps all its
facts, from an independent report of the event, which has facts of its own.
"""

from __future__ import annotations

import math
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby

from spindetect.align.costs import numeral
from spindetect.records import Document, Word
from spindetect.segment.english import CALENDAR

# Words of the n-grams that count as a turn of phrase in common.
_N_GRAM = 5
# Words this common in English are no anchors, nor is what a text says more than three times.
_ANCHOR_SURPRISAL = 6.0
_MOST_OFTEN = 3
_MOST_ANCHORS = 400


@dataclass(frozen=True, slots=True)
class Side:
    """What one text has of something, and how much of that the other has too; counts of words."""

    has: float
    shared: float

    @property
    def new(self) -> float:
        """What the other text hasn't."""
        return self.has - self.shared


@dataclass(frozen=True, slots=True)
class Inventory:
    """What the suspect has and shares, and what the reference has and shares, as (suspect, reference).

    ``order`` (-1 to 1) is Kendall's tau of the places of rare words that both have, ``anchors`` their number.
    ``numbers`` are different ones, ``names`` and ``words`` (content words) different stems, ``quoted`` words in
    quotations, ``phrases`` different 5-grams, ``pairs`` different pairs of neighbouring words.
    """

    names: tuple[Side, Side]
    numbers: tuple[Side, Side]
    words: tuple[Side, Side]
    quoted: tuple[Side, Side]
    phrases: tuple[Side, Side]
    pairs: tuple[Side, Side]
    order: float
    anchors: int


def take_inventory(suspect: Document, reference: Document) -> Inventory:
    """Compare what two texts have; boilerplate takes no part."""
    mine, theirs = _words(suspect), _words(reference)
    stems = [{word.stem for word in side} for side in (mine, theirs)]
    order, anchors = _order(mine, theirs)
    return Inventory(
        names=_sides(_names(suspect), _names(reference), stems),
        numbers=_sides(_numbers(mine), _numbers(theirs)),
        words=_sides(_content(mine), _content(theirs)),
        quoted=(_quoted(suspect, stems[1], reference), _quoted(reference, stems[0], suspect)),
        phrases=_sides(_grams(mine, _N_GRAM), _grams(theirs, _N_GRAM)),
        pairs=_sides(_grams(mine, 2), _grams(theirs, 2)),
        order=order,
        anchors=anchors,
    )


def _words(document: Document) -> list[Word]:
    return [document.words[index] for index in document.lexical]


def _sides(
    mine: Collection[object], theirs: Collection[object], beside: Sequence[Collection[object]] = ((), ())
) -> tuple[Side, Side]:
    """Counts for both texts; ``beside`` is what else of each counts as sharing it."""
    other, own = set(theirs), set(mine)
    left = sum(one in other or one in beside[1] for one in own)
    right = sum(one in own or one in beside[0] for one in other)
    return Side(len(own), left), Side(len(other), right)


def _names(document: Document) -> set[str]:
    """Stems of words with a capital that don't merely open a sentence; no days and months."""
    opening = {sentence.first for sentence in document.sentences}
    found: set[str] = set()
    before = -1
    for index in document.lexical:
        word = document.words[index]
        opens = any(place in opening for place in range(before + 1, index + 1))
        before = index
        if word.capitalised and word.content and word.shape == "word" and word.norm not in CALENDAR:
            if not opens or word.row < 0:
                found.add(word.stem)
    return found


def _numbers(words: Sequence[Word]) -> set[str]:
    values = {numeral(word.norm) for word in words if word.norm not in ("one", "first")}
    return {value for value in values if value}


def _content(words: Sequence[Word]) -> set[str]:
    return {word.stem for word in words if word.content and word.shape == "word"}


def _grams(words: Sequence[Word], size: int) -> set[tuple[str, ...]]:
    norms = [word.norm for word in words]
    return set(zip(*(norms[start:] for start in range(size)), strict=False))


def _quoted(document: Document, stems: Collection[str], other: Document) -> Side:
    """Content words in quotations, and those of them that the other text holds in a run of two, quoted or not."""
    words = [(document.words[index], document.quoted[index]) for index in document.lexical]
    theirs = _grams(_words(other), 2)
    has = shared = 0
    for quoted, run in groupby(words, key=lambda item: item[1]):
        if not quoted:
            continue
        norms = [word.norm for word, _ in run]
        if len(norms) < 3:
            continue  # a title or a word in inverted commas
        has += len(norms) - 1
        shared += sum(pair in theirs for pair in zip(norms, norms[1:], strict=False))
    return Side(has, shared)


def _order(mine: Sequence[Word], theirs: Sequence[Word]) -> tuple[float, int]:
    """Kendall's tau of the first places of rare words in common, and how many there are."""
    first = [_first_places(side) for side in (mine, theirs)]
    both = [(place, first[1][stem]) for stem, place in first[0].items() if stem in first[1]][:_MOST_ANCHORS]
    count = len(both)
    if count < 2:
        return 0.0, count
    seen: list[int] = []
    concordant = 0
    for _, place in sorted(both):
        concordant += bisect_left(seen, place)
        insort(seen, place)
    return 4.0 * concordant / (count * (count - 1)) - 1.0, count


def _first_places(words: Sequence[Word]) -> dict[str, int]:
    counts = Counter(word.stem for word in words)
    places: dict[str, int] = {}
    for place, word in enumerate(words):
        if word.content and word.surprisal >= _ANCHOR_SURPRISAL and counts[word.stem] <= _MOST_OFTEN:
            places.setdefault(word.stem, place)
    return places


def geometric(one: float, other: float) -> float:
    """The geometric mean of two shares."""
    return math.sqrt(max(0.0, one) * max(0.0, other))
