"""Inventories of two whole texts: which facts, names, numbers, quotations and turns of phrase they share.

They don't ask how words were exchanged, so they tell a rewrite that reorganises a story, which keeps all its
facts, from an independent report of the event, which has facts of its own.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Literal, NamedTuple, TypeVar

from spindetect.align.lexical.costs import numeral
from spindetect.records import Document, Word
from spindetect.segment.english import CALENDAR, NATIONS, TITLE_ABBREVIATIONS, TITLE_HEADS

# Words from which a quotation is one: fewer are a title, or a word in inverted commas.
_FEWEST_QUOTED = 3
# Words this common in English are no anchors, nor is what a text says more than three times.
_ANCHOR_SURPRISAL = 6.0
_MOST_OFTEN = 3
_MOST_ANCHORS = 400
# Mostly a pronoun, an adverb or a list's first.
_NO_NUMBER = "1"
# The numbers in a numeral, whatever stands around them [71st, 2.1bn, 25%-30, 1:59.41, 15-, 7am].
_NUMBERS = re.compile(r"\d+(?:[.:/⁄]\d+)*")
# No facts [Sen. Smith, Senator Smith], nor are days and months.
_NO_NAMES = CALENDAR | TITLE_HEADS | TITLE_ABBREVIATIONS | {word.rstrip(".") for word in TITLE_ABBREVIATIONS}
_NO_NAMES |= {*"jan. feb. aug. sept. sept oct. nov. nov dec. dec".split()}
# The first letter of the alphabets after Latin.
_AFTER_LATIN = "\u0370"
# Endings of words that are seldom names.
_COMMON_ENDINGS = tuple("ing ed ly ness ment ments tion tions less able ers ists isms".split())
# Content words from which a sentence that has them all in capitals is a heading in title case.
_FEWEST_IN_TITLES = 3

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Side:
    """One text's items of a sort, and how much of them the other has too; counts of words."""

    has: float
    shared: float

    @property
    def new(self) -> float:
        """The items that the other text hasn't."""
        return self.has - self.shared


Item = Literal["names", "numerals", "vocabulary", "narration", "quotations", "phrases", "word_pairs"]
"""The items that are counted: names and content words by stem, the latter also outside quotations alone, different
numbers, words in quotations, 5-grams, pairs of words."""

Inventory = Mapping[Item, tuple[Side, Side]]
"""The suspect's items and those of them that it shares, and the reference's."""


class Order(NamedTuple):
    """Kendall's ``tau`` (-1 to 1) of the places of rare words that both texts have, and their number."""

    tau: float
    anchors: int


def take_inventory(
    suspect: Document, reference: Document, beside: tuple[range, range], instead: Mapping[int, Sequence[Word]]
) -> tuple[Inventory, Order]:
    """Compare what two texts have, and in which order, in the words ``beside`` each other.

    Boilerplate takes no part, nor does what lies beyond the other text's beginning or end, if that is an excerpt.
    ``instead`` has the reference's words for tokens of the suspect that are the same ones, written otherwise
    [Kyiv -> Kiev]: they count as had by both.
    """
    common = _unknown_but_common(suspect, reference)
    mine, theirs = _Text(suspect, beside[0], instead, common), _Text(reference, beside[1], {}, common)
    return {
        "names": _sides(mine.names, theirs.names, mine.stems, theirs.stems),
        "numerals": _sides(mine.numbers, theirs.numbers, mine.numbers, theirs.numbers),
        "vocabulary": _sides(mine.content, theirs.content, mine.content, theirs.content),
        "narration": _sides(mine.narration, theirs.narration, mine.stems, theirs.stems),
        "quotations": (_quoted(mine, theirs.pairs), _quoted(theirs, mine.pairs)),
        "phrases": _sides(mine.phrases, theirs.phrases, mine.phrases, theirs.phrases),
        "word_pairs": _sides(mine.pairs, theirs.pairs, mine.pairs, theirs.pairs),
    }, _order(mine.words, theirs.words)


class _Text:
    """One text's items, taken in one walk over its words."""

    def __init__(
        self, document: Document, beside: range, instead: Mapping[int, Sequence[Word]], common: AbstractSet[str]
    ) -> None:
        lexical, quoted = document.lexical[beside.start : beside.stop], document.quoted
        held = [(document.words[index], index) for index in lexical]
        if instead:
            held = [(one, index) for word, index in held for one in instead.get(index, (word,))]
        words = [word for word, _ in held]
        content = [(word, index) for word, index in held if word.content]
        content = [(word, index) for word, index in content if word.shape == "word"]
        vague = _capitalised_anyway(document, content)
        norms = [word.norm for word in words]
        self.words = words
        self.norms = norms
        self.quoted = [quoted[index] for _, index in held] if True in quoted else []
        self.numbers = {value for norm in {*norms} for value in _numbers(norm)} - {_NO_NUMBER}
        self.content = {word.stem for word, _ in content}
        self.narration = (
            {word.stem for word, index in content if not quoted[index]} if self.quoted else self.content
        )
        some = [(word, index) for word, index in content if word.capitalised and word.norm not in _NO_NAMES]
        named = [w for w, at in some if at not in vague or (w.row < 0 and w.norm not in common)]
        # No letters [Mr A], no English words in another alphabet's.
        named = [word for word in named if len(word.norm) > 1 and word.norm < _AFTER_LATIN]
        self.names = {NATIONS.get(word.norm, word.stem) for word in named}
        self.stems = {word.stem for word in words} | self.names
        self.pairs = set(pairwise(norms))
        self.phrases = set(zip(norms, norms[1:], norms[2:], norms[3:], norms[4:], strict=False))


def _unknown_but_common(*documents: Document) -> AbstractSet[str]:
    """Words that no vocabulary has and that a capital at a sentence's beginning makes no names.

    A text has them in lower case, or they end as other words do and none has them as names inside its sentences.
    """
    pairs = [pair for one in documents for pair in pairwise(one.words) if pair[1].row < 0 and pair[1].lexical]
    lower = {word.norm for _, word in pairs if not word.capitalised}
    inside = {word.norm for before, word in pairs if word.capitalised and before.lexical}
    first = [word.norm for one in documents for word in one.words if word.capitalised and word.row < 0]
    return lower.union([norm for norm in first if norm.endswith(_COMMON_ENDINGS) and norm not in inside])


def _capitalised_anyway(document: Document, content: Sequence[tuple[Word, int]]) -> set[int]:
    """Tokens that have a capital, name or not: each sentence's first word, and all of headings in title case."""
    lexical, places = document.lexical, [index for _, index in content]
    found: set[int] = set()
    for sentence in document.sentences:
        found.update(lexical[(place := bisect_left(lexical, sentence.first)) : place + 1])
        first, last = bisect_left(places, sentence.first), bisect_left(places, sentence.last)
        if last - first >= _FEWEST_IN_TITLES and all(word.capitalised for word, _ in content[first:last]):
            found.update(places[first:last])
    return found


def _numbers(norm: str) -> list[str]:
    """The values in a numeral, without thousands' commas, ordinals' endings, units and what they are joined to.

    >>> _numbers("71st"), _numbers("2.1bn"), _numbers("25%-30"), _numbers("second"), _numbers("dog")
    (['71'], ['2.1'], ['25', '30'], ['2'], [])
    """
    value = numeral(norm)
    return [one.replace(":", ".").lstrip("0") or "0" for one in _NUMBERS.findall(value)] if value else []


def _sides(mine: set[T], theirs: set[T], all_mine: set[T], all_theirs: set[T]) -> tuple[Side, Side]:
    """The items that both have, and of each its share of all that the other has."""
    return Side(len(mine), len(mine & all_theirs)), Side(len(theirs), len(theirs & all_mine))


def _quoted(text: _Text, theirs: set[tuple[str, str]]) -> Side:
    """Words in quotations, and those of them that the other text has after the same word, quoted or not."""
    has = shared = 0
    if True in text.quoted:
        for quoted, run in groupby(zip(text.norms, text.quoted, strict=True), key=itemgetter(1)):
            norms = [norm for norm, _ in run] if quoted else []
            if len(norms) >= _FEWEST_QUOTED:
                has += len(norms) - 1
                shared += sum([pair in theirs for pair in pairwise(norms)])
    return Side(has, shared)


def _order(mine: Sequence[Word], theirs: Sequence[Word]) -> Order:
    """Kendall's tau of the first places of rare words in common, and how many there are."""
    first: list[dict[str, int]] = []
    for side in (mine, theirs):
        rare = [
            (word.stem, place)
            for place, word in enumerate(side)
            if word.surprisal >= _ANCHOR_SURPRISAL and word.content
        ]
        counts = Counter([stem for stem, _ in rare])
        first.append({stem: place for stem, place in reversed(rare) if counts[stem] <= _MOST_OFTEN})
    both = sorted([(place, first[1][stem]) for stem, place in first[0].items() if stem in first[1]])[:_MOST_ANCHORS]
    count = len(both)
    if count < 2:
        return Order(0.0, count)
    seen: list[int] = []
    concordant = 0
    for _, place in both:
        concordant += bisect_left(seen, place)
        insort(seen, place)
    return Order(4.0 * concordant / (count * (count - 1)) - 1.0, count)
