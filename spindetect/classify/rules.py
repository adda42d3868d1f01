"""Which kind a substitution is. The rules are tried in order; the first that applies gives kind and reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from spindetect.align.costs import PARTICLES, numeral
from spindetect.align.same_word import CONVERTED, SAME_NUMBER, same_word
from spindetect.classify.phrases import Swap
from spindetect.classify.quantities import ANOTHER_NUMBER, MISCONVERTED, number_of
from spindetect.kinds import Kind
from spindetect.records import Word
from spindetect.segment.english import (
    CALENDAR,
    DEMONYMS,
    MAGNITUDES,
    ORGANISATION_HEADS,
    QUANTIFIERS,
    TITLE_HEADS,
)

_HEADS = TITLE_HEADS | ORGANISATION_HEADS
_ARTICLES = {"a", "an"}
_INFLECTED = "the same word, inflected, contracted or written differently"
_ARTICLE = "the article's form before another word"
_LANGUAGE = ("language", "languages")


class Context(NamedTuple):
    """A swap's words on both sides, and the words that stand before them (None at a sentence's start)."""

    swap: Swap
    reference: Sequence[Word]
    suspect: Sequence[Word]
    reference_before: Word | None
    suspect_before: Word | None


def kind_of(context: Context) -> tuple[Kind, str]:
    """The substitution's kind, and the reason in words."""
    for rule in _RULES:
        found = rule(context)
        if found:
            return found
    return "synonym", "another word of similar meaning"


def _disguise(context: Context) -> tuple[Kind, str] | None:
    if True not in [word.disguised for word in context.suspect]:
        return None
    if any(word.disguised for word in context.reference):
        return None
    if _norms(context.suspect) == _norms(context.reference):
        return "disguise", "the same word with look-alike or invisible characters"
    return None


def _quantity(context: Context) -> tuple[Kind, str] | None:
    """A quantity in another unit; of the same unit it is the number's or the unit's form."""
    reason = context.swap.quantity
    if reason in (CONVERTED, MISCONVERTED):
        return "unit", reason
    return ("number", reason) if reason else None


def _form(context: Context) -> tuple[Kind, str] | None:
    """Contraction, inflection, spelling, hyphenation, case."""
    left, right = context.reference, context.suspect
    if [word.stem for word in left] == [word.stem for word in right]:
        return "form", _INFLECTED
    if reason := same_word(left, right):
        return "form", reason
    if {word.norm for word in (*left, *right)} == _ARTICLES:
        return "form", _ARTICLE
    return None


def _number(context: Context) -> tuple[Kind, str] | None:
    left, right = context.reference, context.suspect
    if len(left) == 1 and not numeral(left[0].norm):
        return None
    before = [value for word in left if (value := numeral(word.norm))]
    if not before or not _numeric(left) or not _numeric(right):
        return None
    after = [value for word in right if (value := numeral(word.norm))]
    if not after:
        return None
    old, new = number_of(" ".join(_norms(left))), number_of(" ".join(_norms(right)))
    same = before == after or (old is not None and old == new)
    return "number", SAME_NUMBER if same else ANOTHER_NUMBER


def _demonym(context: Context) -> tuple[Kind, str] | None:
    left, right = context.reference, context.suspect
    if right[-1].norm not in _LANGUAGE or left[-1].norm in _LANGUAGE:
        return None
    if any(word.norm in DEMONYMS for word in right):
        return "demonym", "a nationality turned into a language"
    return None


def _rewrite(context: Context) -> tuple[Kind, str] | None:
    return ("rewrite", "a stretch reworded beyond word for word") if context.swap.rewritten else None


def _name(context: Context) -> tuple[Kind, str] | None:
    if context.swap.head:
        return "name", "part of a title or an organisation's name"
    if proper(context.reference, context.reference_before):
        return "name", "part of a proper name"
    if context.reference_before and any(
        w.capitalised and w.function and w.norm in CALENDAR for w in context.reference
    ):
        return "name", "the name of a month"
    if proper(context.suspect, context.suspect_before) and any(word.content for word in context.reference):
        return "name", "written as a proper name in the suspect"
    return None


def _term(context: Context) -> tuple[Kind, str] | None:
    """A fixed expression with words exchanged inside it; a verb exchanged together with its particle is none."""
    if not context.swap.fixed:
        return None
    last, other = context.reference[-1], context.suspect[-1]
    if last.norm in PARTICLES and last.norm != other.norm:
        return None
    return "term", "a fixed expression, broken up"


def _function(context: Context) -> tuple[Kind, str] | None:
    """Grammar words; a quantifier counts as a content word."""
    left, right = context.reference, context.suspect
    grammatical = [_grammatical(word) for word in left]
    if all(grammatical) or (any(grammatical) and all(_grammatical(word) for word in right)):
        return "function", "a grammar word for another"
    return None


_RULES: tuple[Callable[[Context], tuple[Kind, str] | None], ...] = (
    _disguise,
    _quantity,
    _form,
    _number,
    _demonym,
    _rewrite,
    _name,
    _function,
    _term,
)


def proper(words: Sequence[Word], before: Word | None) -> bool:
    """Whether a phrase is, or holds, a proper name: a capitalised content word not just opening a sentence.

    Opening one, it takes a title, an organisation's head or a word seen nowhere in general
    English to be sure.
    """
    for place, word in enumerate(words):
        if not word.capitalised or not word.content or word.norm in CALENDAR:
            continue
        if place > 0 or before is not None:
            return True
        if len(words) > 1 and words[1].capitalised and words[1].content:
            return True
        if word.norm in _HEADS and len(words) > 1:
            return True
    return False


def _norms(words: Sequence[Word]) -> list[str]:
    return [word.norm for word in words]


def _grammatical(word: Word) -> bool:
    return word.function and word.norm not in QUANTIFIERS


def _numeric(words: Sequence[Word]) -> bool:
    """Whether a phrase is a numeral, perhaps with a magnitude or a unit of money."""
    return all(numeral(word.norm) or word.norm in MAGNITUDES or len(word.norm) <= 3 for word in words)
