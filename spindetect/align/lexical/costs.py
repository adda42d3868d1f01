"""Linguistic costs: how well one word, or one phrase, stands for another. Each states its range.

All are gains (higher is better) on one scale: leaving a word unlinked is worth 0, and
linking two equal content words about 1.5. Whether two phrases are one is told in `same_word`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from spindetect.align.lexical.lexicon import Lexicon
from spindetect.align.lexical.one_thing import listed
from spindetect.align.lexical.same_word import misspelling
from spindetect.files import shipped_table
from spindetect.records import Word
from spindetect.segment.english import (
    AUXILIARIES,
    CONJUNCTIONS,
    DETERMINERS,
    MODALS,
    NUMBER_WORDS,
    ORDINAL_WORDS,
    PARTICLES,
    PREPOSITIONS,
    PRONOUNS,
)

_CLASSES = (DETERMINERS, PRONOUNS, PREPOSITIONS, CONJUNCTIONS, AUXILIARIES | MODALS)
_SUFFIXES = ("ing", "ed", "ly", "tion", "ment", "ness", "est", "er", "s")
_ENDING_IN_S = {6, 9}
# Chosen on the train half of arXivEdits, so that likely words gain as much as known substitutions.
_GAIN_OF_A_NAT = 0.35
_ROMAN = re.compile(r"(?=[IVXL]{1,9}\Z|[A-Z]{4})M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_VERBAL = AUXILIARIES | MODALS
_SENSES = [
    frozenset(one.split(" | ")) for one in shipped_table("align/lexical/grammar.toml")["senses"].splitlines()
]
GRAMMAR_PHRASES = frozenset([phrase for sense in _SENSES for phrase in sense if " " in phrase])
"""Phrases that stand for grammar words [in the region of]."""


def word_gain(reference: Word, suspect: Word, lexicon: Lexicon) -> float:
    """Gain of linking two single words, 0 to 1.5.

    Equal words gain most, then inflections of one word, known substitutions, words of a
    kind; a content word for a function word, or a word that is no numeral for a figure, gains nothing, unless
    capitals make it another word [American -> US].
    """
    if reference.norm == suspect.norm:
        return 0.9 if reference.function else 1.5
    if reference.stem == suspect.stem or same_number(reference, suspect):
        return 1.2
    if (reference.row < 0 or suspect.row < 0) and misspelling(reference, suspect):
        return 1.2
    known = lexicon.find_words(reference, suspect)
    if known:
        return 0.75 + 0.45 * known.association
    if reference.function != suspect.function:
        letters = reference.text if reference.function else suspect.text
        return 1.2 if len(letters) > 1 and letters.isupper() and listed((reference,), (suspect,)) else 0.0
    if reference.function:
        return 0.6 if any(reference.norm in same and suspect.norm in same for same in _CLASSES) else 0.0
    if (reference.shape == "number") != (suspect.shape == "number"):
        return 0.6 if numeral(reference.norm) and numeral(suspect.norm) else 0.0
    related = max(0.0, lexicon.relatedness(reference.row, suspect.row))
    one, other = ending(reference.norm), ending(suspect.norm)
    inflected = one > 0 and (one == other or {one, other} == _ENDING_IN_S)  # [stopping -> halting]
    return 0.4 + 0.5 * related + 0.1 * inflected


def odds_gain(odds: float) -> float:
    """Gain of linking two single words whose log-odds of answering to each other are known (nats), 0 to 1.5."""
    return max(0.0, min(1.5, _GAIN_OF_A_NAT * odds))


def known_phrase_gain(association: float, words: int) -> float:
    """Gain of a replacement that the lexicon knows, of so many words on both sides together, 1.1 to 2.6.

    The longer the phrases the more, so that [called -> known as] is not taken apart.
    """
    return 0.95 + 0.45 * association + 0.2 * (words - 2)


@lru_cache(maxsize=20_000)
def grammar_association(reference: str, suspect: str) -> float:
    """How readily a grammar word and a phrase stand for each other, 0 or 0.6 [about -> in the region of]."""
    return 0.6 * any(reference in sense and suspect in sense for sense in _SENSES)


def takes_particle(reference: Sequence[Word], suspect: Sequence[Word]) -> bool:
    """Whether one side is a content word, the other one with a particle [ended -> wrapped up]."""
    if len(reference) + len(suspect) != 3:
        return False
    tail = (reference if len(reference) == 2 else suspect)[1]
    return tail.norm in PARTICLES and reference[0].content and suspect[0].content


PARTICLE_GAIN = 0.1
"""Gain of a particle that a word takes on or loses, beside the gain of the word."""

SOLID_GAIN = 1.4
"""Gain of a compound written in another number of words [per cent -> percent]."""

VERBAL_GAIN = 0.75
"""Gain of auxiliaries for auxiliaries, whatever their number [were -> have been]."""


def verbal(words: Sequence[Word]) -> bool:
    """Whether all words (at least one) are auxiliaries or modals."""
    return words[-1].norm in _VERBAL and all(word.norm in _VERBAL for word in words)


def joined(words: Sequence[Word]) -> str:
    """A phrase as the lexicon spells it: normal forms with single spaces between."""
    return words[0].norm if len(words) == 1 else " ".join([word.norm for word in words])


def same_number(reference: Word, suspect: Word) -> bool:
    """Whether the two are one numeral in two forms [five -> 5, first -> 1st, 1,000 -> 1000]."""
    value = numeral(reference.norm)
    return value is not None and value == numeral(suspect.norm)


@lru_cache(maxsize=20_000)  # asked of every word that may stand for another
def numeral(norm: str) -> str | None:
    """A numeral's value in digits, ordinals with their ending; None for anything else.

    >>> numeral("five"), numeral("1,000"), numeral("first"), numeral("dog")
    ('5', '1000', '1st', None)
    """
    if norm in NUMBER_WORDS:
        return str(NUMBER_WORDS[norm])
    if norm in ORDINAL_WORDS:
        value = ORDINAL_WORDS[norm]
        ending = {1: "st", 2: "nd", 3: "rd"}.get(value, "th")
        return f"{value}{ending}"
    return norm.replace(",", "") if norm[:1].isdigit() else None


def roman(text: str) -> str | None:
    """A Roman numeral's value in digits [XIV -> 14]; None for all else, and for large ones that are short [CD]."""
    values = [_ROMAN_VALUES[letter] for letter in text] if _ROMAN.fullmatch(text) else []
    ahead = [*values[1:], 0]
    return (
        str(sum([-one if one < after else one for one, after in zip(values, ahead, strict=True)]))
        if values
        else None
    )


@lru_cache(maxsize=20_000)
def grammar_class(norm: str) -> int:
    """Which class of function words a word belongs to, from 1; 0 for none."""
    return next((number for number, members in enumerate(_CLASSES, 1) if norm in members), 0)


@lru_cache(maxsize=20_000)
def ending(norm: str) -> int:
    """Which ending a word has, from 1; 0 for none. Long words only, "sing" has none."""
    return next((n for n, one in enumerate(_SUFFIXES, 1) if norm.endswith(one) and len(norm) > len(one) + 2), 0)
