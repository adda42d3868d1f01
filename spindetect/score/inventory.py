"""Inventories of two whole texts: which facts, names, numbers, quotations and turns of phrase they share.

They don't ask how words were exchanged, so they tell a rewrite that reorganises a story, which keeps all its
facts, from an independent report of the event, which has facts of its own.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Literal, NamedTuple

from spindetect.align.costs import numeral
from spindetect.records import Document, Word
from spindetect.segment.english import CALENDAR

# Words of the n-grams that count as a turn of phrase in common.
_N_GRAM = 5
# Words from which a quotation is one: fewer are a title, or a word in inverted commas.
_FEWEST_QUOTED = 3
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


Item = Literal["names", "numerals", "vocabulary", "narration", "quotations", "phrases", "word_pairs"]
"""What is counted: names and content words by stem, the latter also outside quotations alone, different numbers,
words in quotations, 5-grams, pairs of words."""

Inventory = Mapping[Item, tuple[Side, Side]]
"""What the suspect has and shares of each item, and what the reference has and shares."""


class Order(NamedTuple):
    """Kendall's ``tau`` (-1 to 1) of the places of rare words that both texts have, and their number."""

    tau: float
    anchors: int


def take_inventory(suspect: Document, reference: Document) -> tuple[Inventory, Order]:
    """Compare what two texts have, and in which order; boilerplate takes no part."""
    mine, theirs = _words(suspect), _words(reference)
    stems = [{word.stem for word in side} for side in (mine, theirs)]
    pairs = [_grams(side, 2) for side in (mine, theirs)]
    return {
        "names": _sides(_names(suspect), _names(reference), stems),
        "numerals": _sides(_numbers(mine), _numbers(theirs)),
        "vocabulary": _sides(_content(mine), _content(theirs)),
        "narration": _sides(_content(_words(suspect, False)), _content(_words(reference, False)), stems),
        "quotations": (_quoted(suspect, pairs[1]), _quoted(reference, pairs[0])),
        "phrases": _sides(_grams(mine, _N_GRAM), _grams(theirs, _N_GRAM)),
        "word_pairs": _sides(pairs[0], pairs[1]),
    }, _order(mine, theirs)


def _words(document: Document, quotations: bool = True) -> list[Word]:
    """The words of a document, those in quotations or not."""
    words, quoted = document.words, document.quoted
    return [words[index] for index in document.lexical if quotations or not quoted[index]]


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
        named = word.capitalised and word.content and word.shape == "word" and word.norm not in CALENDAR
        if named and (not opens or word.row < 0):
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


def _quoted(document: Document, theirs: Collection[tuple[str, ...]]) -> Side:
    """Words in quotations, and those of them that the other text has after the same word, quoted or not."""
    words = [(document.words[index].norm, document.quoted[index]) for index in document.lexical]
    has = shared = 0
    for quoted, run in groupby(words, key=itemgetter(1)):
        norms = [norm for norm, _ in run] if quoted else []
        if len(norms) >= _FEWEST_QUOTED:
            has += len(norms) - 1
            shared += sum([pair in theirs for pair in pairwise(norms)])
    return Side(has, shared)


def _order(mine: Sequence[Word], theirs: Sequence[Word]) -> Order:
    """Kendall's tau of the first places of rare words in common, and how many there are."""
    first = [_first_places(side) for side in (mine, theirs)]
    both = [(place, first[1][stem]) for stem, place in first[0].items() if stem in first[1]][:_MOST_ANCHORS]
    count = len(both)
    if count < 2:
        return Order(0.0, count)
    seen: list[int] = []
    concordant = 0
    for _, place in sorted(both):
        concordant += bisect_left(seen, place)
        insort(seen, place)
    return Order(4.0 * concordant / (count * (count - 1)) - 1.0, count)


def _first_places(words: Sequence[Word]) -> dict[str, int]:
    counts = Counter(word.stem for word in words)
    places: dict[str, int] = {}
    for place, word in enumerate(words):
        if word.content and word.surprisal >= _ANCHOR_SURPRISAL and counts[word.stem] <= _MOST_OFTEN:
            places.setdefault(word.stem, place)
    return places
