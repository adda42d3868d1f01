"""Quantities written in another unit, currency or zone: each is one phrase pair, number and unit together."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from itertools import chain

from spindetect.align.words.strands import Link, Strand, WordAlignment
from spindetect.classify.numerals import PARTS
from spindetect.classify.phrases import PhrasePair
from spindetect.classify.quantities import Quantity, quantity_at
from spindetect.classify.units import UNITS, Unit
from spindetect.kinds import Altered, Variant
from spindetect.records import Document, Span
from spindetect.segment.english import MAGNITUDES, NUMBER_WORDS

_ARTICLES = ("a", "an")
_MAY_BEGIN = frozenset(NUMBER_WORDS) | {"half", "quarter", "noon", "midday", "midnight", *_ARTICLES}
_NOT_LETTERS = str.maketrans("", "", " -")
# Words of which an article may be the number [a mile, a third, a million].
_CONVERTIBLE = frozenset(spelling.partition("-")[0] for spelling in UNITS) | frozenset(PARTS) | MAGNITUDES
# Characters after the last word of a strand in which a unit's sign may stand [6'2"].
_SIGNS = 3
# Numbers from the first on may be rounded, by so much; those of one order are fewer times apart than the last.
_LARGE, _ROUNDING, _SAME_ORDER = 1e5, 0.05, 1e3


def with_conversions(
    pairs: Sequence[PhrasePair],
    links: Sequence[Link],
    alignment: WordAlignment,
    suspect: Document,
    reference: Document,
) -> tuple[list[PhrasePair], list[Link]]:
    """The phrase pairs with those of quantities made whole, and the links without what lies inside these.

    A wider phrase pair's changes beside a quantity stay a phrase pair [by 5 p.m. EST -> before 22:00 GMT].
    """
    sides = (alignment.reference, reference), (alignment.suspect, suspect)
    places = [_numerals(strand) for strand, _ in sides]
    old, new = (_quantities(*side, at) if all(places) else [] for side, at in zip(sides, places, strict=True))
    whole: list[PhrasePair] = []
    for (left, words, wide_words), (right, others, wide_others) in _answering(old, new, links) if new else ():
        wide, reason = (left.rate or left, right.rate or right), None
        if wide[0].per != wide[1].per:  # [$4 a gallon -> $1.06 a litre]
            reason = held_against(*wide)
        if reason:
            (left, right), words, others = wide, wide_words, wide_others
        elif _written(left, reference) != _written(right, suspect):
            reason = held_against(left, right)
        if reason and not any(one.rewritten and _reaches(one, words, others) for one in pairs):
            spans = Span(left.start, left.end), Span(right.start, right.end)
            whole.append(PhrasePair(words, others, quantity=reason, spans=spans))
    if not whole:
        return list(pairs), list(links)
    parts = list(chain.from_iterable([_without(one, whole) for one in pairs]))
    inside = {index for one in whole for index in one.suspect}
    kept = [link for link in links if not inside.intersection(link.suspect)]
    return sorted([*parts, *whole], key=lambda phrases: phrases.suspect.start), kept


def _numerals(strand: Strand) -> list[int]:
    """The words of a strand with which a quantity may begin."""
    follow = [word.norm for word in strand.words[1:]] + [""]
    words = enumerate(zip(strand.words, follow, strict=False))
    may = [(at, word, after) for at, (word, after) in words if word.shape == "number" or word.norm in _MAY_BEGIN]
    return [at for at, word, after in may if word.norm not in _ARTICLES or after in _CONVERTIBLE]


def _quantities(strand: Strand, document: Document, places: Sequence[int]) -> list[Placed]:
    """The quantities that begin at some of a strand's words, with the words that each takes, and its rate."""
    found: list[Placed] = []
    text, starts = document.article.text, [document.starts[token] for token in strand.tokens]
    final = strand.tokens[-1]
    stop = document.starts[final] + len(document.words[final].text) + _SIGNS
    beyond = 0
    for index in places:
        if index < beyond:
            continue
        quantity = quantity_at(text, starts[index] + (text[starts[index]] in "-−"), stop)
        if quantity:
            first = min(bisect_left(starts, quantity.start), index)
            last = max(bisect_left(starts, quantity.end), index + 1)
            beyond = bisect_left(starts, quantity.rate.end) if quantity.rate else last
            found.append((quantity, range(first, last), range(first, beyond)))
    return found


Placed = tuple[Quantity, range, range]


def _answering(old: Sequence[Placed], new: Sequence[Placed], links: Sequence[Link]) -> list[tuple[Placed, Placed]]:
    """The quantities that answer to each other: linked, or between the same words that were kept."""
    pairs: list[tuple[Placed, Placed]] = []
    free = list(new)
    straight = [link for link in links if link.relation == "equal" and not link.crossing]
    for one in old:
        linked = {place for link in links if _meet(link.reference, one[1]) for place in link.suspect}
        # Between which kept words of the suspect it stood.
        low = max([link.suspect.stop for link in straight if link.reference.stop <= one[1].start], default=0)
        after = [link.suspect.start for link in straight if link.reference.start >= one[1].stop]
        high = min(after, default=math.inf)
        fitting = [other for other in free if linked.intersection(other[1])] or [
            other for other in free if low <= other[1].start and other[1].stop <= high
        ]
        if fitting:
            pairs.append((one, fitting[0]))
            free.remove(fitting[0])
    return pairs


def _written(quantity: Quantity, document: Document) -> str:
    """A quantity as it is written, but for case, spaces and hyphens."""
    return document.article.text[quantity.start : quantity.end].casefold().translate(_NOT_LETTERS)


def _meet(one: range, other: range) -> bool:
    return one.start < other.stop and other.start < one.stop


def _reaches(phrases: PhrasePair, words: range, others: range) -> bool:
    """Whether a stretch that was reworded as a whole holds more content than the two quantities."""
    return (
        _meet(phrases.reference, words)
        and len(phrases.reference) + len(phrases.suspect) > len(words) + len(others) + 4
    )


def _without(phrases: PhrasePair, whole: Sequence[PhrasePair]) -> list[PhrasePair]:
    """The parts of a phrase pair before and after quantities, where words are left on both sides."""
    for one in whole:
        if not _meet(phrases.reference, one.reference) and not _meet(phrases.suspect, one.suspect):
            continue
        sides = (phrases.reference, one.reference), (phrases.suspect, one.suspect)
        before = [range(mine.start, min(mine.stop, other.start)) for mine, other in sides]
        after = [range(max(mine.start, other.stop), mine.stop) for mine, other in sides]
        left = [PhrasePair(reference, suspect) for reference, suspect in (before, after) if reference and suspect]
        return list(chain.from_iterable([_without(part, whole) for part in left]))
    return [phrases]


# --- right or wrong ---------------------------------------------------------------------------


def held_against(old: Quantity, new: Quantity) -> Variant | Altered | None:
    """How one quantity differs from the other; None if they can't be held against each other.

    The same thing with another number, or a number written otherwise, is left to the rule for numbers.
    """
    if old.minutes and new.minutes:
        if old.zone and new.zone and old.zone != new.zone:
            return Variant.CONVERTED if old.greenwich & new.greenwich else Altered.MISCONVERTED
        return Variant.RESTATED if old.minutes & new.minutes else Altered.ANOTHER_NUMBER
    if old.minutes or new.minutes:
        return None
    if not old.units or not new.units:  # a unit's letter may stand for a magnitude [3.5m copies]
        if not (old.magnified or not old.units) or not (new.magnified or not new.units):
            return None
        one, other = old.magnified or old.numbers[0], new.magnified or new.numbers[0]
        if abs(one - other) <= 0.006:
            return Variant.SAME_NUMBER
        large = max(old.magnified, new.magnified) > 0.0 and min(one, other) * _SAME_ORDER > max(one, other)
        return _rounded(one, other) or (Altered.ANOTHER_NUMBER if large else None)
    dimensions = {unit.dimension for unit in old.units}
    if any("/".join(unit.dimension.split("/")[::-1]) in dimensions for unit in new.units if "/" in unit.dimension):
        # The rate the other way round: 9.4 l/100 km is 10.6 km/l [30 mpg -> 7.8 l/100 km].
        turned = [Unit(u.name, "/".join(u.dimension.split("/")[::-1]), 1 / u.most, 1 / u.least) for u in new.units]
        numbers = sorted([1 / (number or 1e-9) for number in new.numbers])
        new = new._replace(numbers=tuple(numbers), step=new.step * numbers[0] ** 2, units=tuple(turned))
    pairs = [(u, v) for u in old.units for v in new.units if u.dimension == v.dimension]
    if len(old.numbers) != len(new.numbers) or (old.bare and new.bare):
        return None
    if old.numbers == new.numbers:
        for u, v in pairs:  # one unit, or two dollars of which one country's may not be named
            dollars = u.name.endswith("dollar") and v.name.endswith("dollar")
            if u.name == v.name or (dollars and "dollar" in (u.name, v.name)):
                return Variant.RESTATED
    others = [(u, v) for u, v in pairs if u.name != v.name]
    if len(others) < len(pairs) and (reason := _rounded(old.numbers[0], new.numbers[0])):
        return reason
    if any(_converts(old, u, new, v) for u, v in others):
        return Variant.CONVERTED
    return Altered.MISCONVERTED if others and len(others) == len(pairs) else None


def _converts(old: Quantity, one: Unit, new: Quantity, other: Unit) -> bool:
    """Whether the numbers are each other's conversions, as far as they are rounded.

    Temperatures may be differences as well [warmer by 9°F -> by 5°C]. A conversion of money with the number left as
    it was is none, whatever the day's rate.
    """
    if one.dimension == "money" and old.numbers == new.numbers:
        return False
    pairs = list(zip(old.numbers, new.numbers, strict=True))
    rounding = (old.step * one.most + new.step * other.most) / 2
    if one.dimension == "temperature":
        allowed = min(max(rounding, 0.6), 1.2)
        scales = [((a - one.zero) * one.most, (b - other.zero) * other.most) for a, b in pairs]
        apart = [(a * one.most, b * other.most) for a, b in pairs]
        return any(all(abs(a - b) <= allowed for a, b in kelvins) for kelvins in (scales, apart))
    for a, b in pairs:
        coarse = min(a / (old.step or a), b / (new.step or b)) < 10
        worth = b * other.most
        allowed = min(max(rounding, 0.01 * worth), (0.125 if coarse else 0.06) * worth)
        if a * one.least > b * other.most + allowed or a * one.most < b * other.least - allowed:
            return False
    return True


def _rounded(one: float, other: float) -> Variant | None:
    """Whether one of two large numbers is the other one, rounded [4.98 billion -> 5 billion]."""
    digits = [len(f"{number:.0f}".rstrip("0")) for number in (one, other)]
    exact, brief = (one, other) if digits[0] > digits[1] else (other, one)
    near = brief >= _LARGE and abs(exact - brief) <= _ROUNDING * brief and digits[0] != digits[1]
    return Variant.ROUNDED if near and float(f"{exact:.{min(digits) - 1}e}") == brief else None
