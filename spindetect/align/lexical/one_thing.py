"""Phrases that name one thing, by lists and by what such words are made of; the lists are in ``one_thing.toml``.

They are one here and over the Atlantic, shortened and written out, a place's old and new name, and the words that
style guides put in others' places: for men and women alike, and for people rather than conditions. Words that are
one by their letters alone are told in `spindetect.align.lexical.same_word`, which asks here too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from spindetect.files import shipped_table
from spindetect.kinds import Variant
from spindetect.records import Word
from spindetect.segment.english import CALENDAR, CLITICS, OTHER_ABBREVIATIONS, OTHER_CLITICS, TITLE_ABBREVIATIONS

_PAIRS: dict[str, tuple[tuple[str, str], ...]] = {
    name: tuple([(pair.split("/")[0], pair.split("/")[1]) for pair in pairs.replace("\n", " ").split(", ")])
    for name, pairs in shipped_table("align/lexical/one_thing.toml").items()
}
# By what makes them two, in the list's order; the American, former, full and replaced ones first.


def _both_ways(pairs: Iterable[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    return frozenset([two for one, other in pairs for two in ((one, other), (other, one))])


SPELLINGS = _PAIRS["spellings"]
AMERICAN = _PAIRS["american"]
_AMERICAN_FIRST = frozenset(AMERICAN)
_BOTH_WAYS = _both_ways(AMERICAN)
_RENAMED = _both_ways(_PAIRS["places"])
_ABBREVIATIONS = TITLE_ABBREVIATIONS | OTHER_ABBREVIATIONS
_SHORTENED = _both_ways(_PAIRS["short"])
_INCLUSIVE = frozenset(_PAIRS["inclusive"])
_CONTRACTIONS = _both_ways(OTHER_CLITICS | frozenset(CLITICS.items()))
# Which letters an abbreviation leaves out doesn't tell [Lt. -> Lieutenant], nor are these made of initials alone.
_FEWEST_INITIALS = 2
_MEN = ("man", "men", "woman", "women")
# Letters of the trade that a word for a man or a woman at work has, and that the other phrase begins or ends with.
_SHORTEST_TRADE = 3


def listed(reference: Sequence[Word], suspect: Sequence[Word]) -> Variant | None:
    """Why two phrases name one thing, as lists of such phrases have it; None if they don't.

    They are American and British words, the plural too, names that a place has [Bombay -> Mumbai], short forms
    [Jan. -> January], and words for everybody [fireman -> firefighter, his -> their].
    """
    phrases = " ".join([word.norm for word in reference]), " ".join([word.norm for word in suspect])
    if regional(*phrases):
        return Variant.REGIONAL
    places = phrases[0].removeprefix("the ").replace(".", ""), phrases[1].removeprefix("the ").replace(".", "")
    if places in _RENAMED and not any(
        word.text.islower() and (word.content or word.text == "us") for word in (*reference, *suspect)
    ):
        return Variant.RENAMED
    if phrases in _SHORTENED or _abbreviated(reference, suspect):
        return Variant.SHORTENED
    return Variant.INCLUSIVE if _put_for(*phrases) or _put_for(*phrases[::-1]) else None


def contracted(reference: Sequence[Word], suspect: Sequence[Word]) -> bool:
    """Whether the sides differ in nothing but contractions [is -> 's, cannot -> can't, let's -> let us]."""
    if len(reference) != len(suspect):
        return False
    differing = 0
    for one, other in zip(reference, suspect, strict=True):
        if one.norm != other.norm:
            if (one.norm, other.norm) not in _CONTRACTIONS:
                return False
            differing += 1
    return differing > 0


def _abbreviated(reference: Sequence[Word], suspect: Sequence[Word]) -> bool:
    """Whether one side abbreviates the other [Jan. -> January, U.N. -> United Nations, Calif. -> California]."""
    short, full = sorted((reference, suspect), key=lambda side: sum(len(word.norm) for word in side))
    if len(short) != 1:
        return False
    brief = short[0].norm.replace(".", "")
    if len(full) > 1:
        named = [word for word in full if not word.function]
        initials = [
            "".join(one[0] for word in words for one in word.norm.split("-") if one) for words in (named, full)
        ]
        capitals = short[0].text.removesuffix("s" if full[-1].norm.endswith("s") else "")  # [NGOs]
        if not (capitals.isupper() or [char.isupper() for char in capitals[:1] + capitals[-1:]] == [True, True]):
            return False
        return len(brief) >= _FEWEST_INITIALS and capitals.casefold().replace(".", "") in initials  # [MoH]
    word = full[0].norm
    if len(brief) == 1:  # [D. Mercer -> Diane Mercer]
        return short[0].text.endswith(".") and full[0].capitalised and word.startswith(brief)
    if word in CALENDAR:
        return len(brief) >= 3 and word.startswith(brief)
    return f"{brief}." in _ABBREVIATIONS and len(brief) < len(word) and _in_order(brief, word)


def _in_order(brief: str, word: str) -> bool:
    """Whether a word has an abbreviation's letters in their order, and begins with its first."""
    place = 0
    for letter in brief:
        place = word.find(letter, place) + 1
        if not place:
            return False
    return brief[:1] == word[:1]


def regional(one: str, other: str) -> bool:
    """Whether two normal forms name one thing, one in British and the other in American English."""
    return not _singulars(one, other).isdisjoint(_BOTH_WAYS)


def american_for(british: str, american: str) -> bool:
    """Whether two normal forms name one thing, the first in British and the second in American English."""
    return not _singulars(american, british).isdisjoint(_AMERICAN_FIRST)


def _singulars(one: str, other: str) -> set[tuple[str, str]]:
    """The pair as it stands, and with plural endings taken off both."""
    return {(one, other), *((left, right) for left in _singular(one) for right in _singular(other))}


def _singular(phrase: str) -> list[str]:
    """The singulars that a plural may have [lorries -> lorry, lorrie; torches -> torch, torche]."""
    if not phrase.endswith("s"):
        return []
    found = [phrase[:-1]]
    if phrase.endswith("es"):
        found.append(phrase[:-2])
    if phrase.endswith("ies"):
        found.append(phrase[:-3] + "y")
    return found


@lru_cache(maxsize=20_000)
def _put_for(old: str, new: str) -> bool:
    """Whether a word for everybody stands in a word's place."""
    if not {(old, new), (old.removesuffix("s"), new.removesuffix("s"))}.isdisjoint(_INCLUSIVE):
        return True
    trade = next((old.removesuffix(end) for end in _MEN if old.endswith(end)), "").removesuffix("-")
    if len(trade) < _SHORTEST_TRADE or " " in trade or new.endswith(_MEN):
        return False
    return new.startswith(trade) or new.endswith(trade)
