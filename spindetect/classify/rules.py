"""Which kind a substitution is. The rules are tried in order; the first that applies gives kind and reason.

That both phrases are one (a form) is told in `spindetect.align.lexical.same_word`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from itertools import takewhile
from typing import NamedTuple

from spindetect.align.lexical.costs import numeral, roman
from spindetect.align.lexical.lexicon import Entry, Lexicon
from spindetect.align.lexical.one_thing import contracted
from spindetect.align.lexical.same_word import UNRELATED, same_phrase
from spindetect.classify.numerals import number_of
from spindetect.classify.phrases import PhrasePair
from spindetect.kinds import Altered, Kind, Variant
from spindetect.records import Word
from spindetect.segment.english import (
    CALENDAR,
    COMBINING_FORMS,
    DEMONYMS,
    MAGNITUDES,
    NUMBER_WORDS,
    ORGANISATION_HEADS,
    PARTICLES,
    QUANTIFIERS,
    TITLE_HEADS,
)

_HEADS = TITLE_HEADS | ORGANISATION_HEADS
_ARTICLES = {"a", "an"}
_INFLECTED = "the same word, inflected, contracted or written differently"
_ANOTHER_DAY = "another day or month"
_ARTICLE = "the article's form before another word"
_DERIVED = "the same words in other forms"
# Letters that words of one stem begin with, at least, and their share of the longer word.
_STEM, _KINDRED = 5, 0.65
# Forms of the verbs that are grammar words, whose stems differ.
_VERBS = {
    **dict.fromkeys(("am", "is", "are", "was", "were", "be", "been", "being"), "be"),
    **dict.fromkeys(("have", "has", "had", "having"), "have"),
    **dict.fromkeys(("do", "does", "did", "done", "doing"), "do"),
}
_LANGUAGE = ("language", "languages")


Names = tuple[AbstractSet[str], AbstractSet[str]]
"""Words, by normal form, that the reference and the suspect have as names only."""


class Context(NamedTuple):
    """A phrase pair's words on both sides, and the words that stand before them (None at a sentence's start).

    ``lexicon`` knows of substitutions and of related words; ``known`` is what it says of this substitution.
    ``names`` are words, by normal form, that each text has as names only, also where they begin a sentence.
    """

    phrases: PhrasePair
    reference: Sequence[Word]
    suspect: Sequence[Word]
    reference_before: Word | None
    suspect_before: Word | None
    lexicon: Lexicon
    known: Entry | None = None
    names: Names = (frozenset(), frozenset())


def kind_of(context: Context) -> tuple[Kind, str]:
    """The substitution's kind, and the reason in words, a `Variant` where both phrases are the same."""
    for rule in _RULES:
        found = rule(context)
        if found:
            return found
    if [_figure(context.reference), _figure(context.suspect)].count(True) == 1:
        return "rewrite", "a figure in words' place, or the reverse"  # [Thursday -> 3 July]
    return "synonym", "another word of similar meaning"


def _figure(words: Sequence[Word]) -> bool:
    return any(word.shape == "number" for word in words)


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
    reason = context.phrases.quantity
    if reason is None:
        return None
    return "unit" if reason in (Variant.CONVERTED, Altered.MISCONVERTED) else "number", reason


def _roman(context: Context) -> tuple[Kind, str] | None:
    """A Roman numeral for another numeral, beside words that were kept [Phase III -> phase three, XIV -> XVI].

    A single letter is one after a name only [Charles V -> Charles the Fifth], and so is a thesaurus's [two -> II].
    """
    phrases = context.reference, context.suspect
    if not any(roman(word.text) for word in (*context.reference, *context.suspect)):
        return None
    both = list(takewhile(lambda pair: pair[0].norm == pair[1].norm, zip(*phrases, strict=False)))
    sides = [[word for word in side[len(both) :] if word.norm != "the"] for side in phrases]
    if [len(side) for side in sides] != [1, 1]:
        return None
    (old,), (new,) = sides
    values = [numeral(word.norm) or roman(word.text) or "" for word in (old, new)]
    before = both[-1] if both else (context.reference_before, context.suspect_before)
    named = any(word and word.capitalised and word.content for word in before)
    loose = 1 in (len(old.text), len(new.text)) or not NUMBER_WORDS.keys().isdisjoint((old.text, new.text))
    pronoun = old.text == "I" and new.text.islower()  # [Then I -> Then one]
    if not all(values) or not (roman(old.text) or roman(new.text)) or (loose and not named) or pronoun:
        return None
    same = values[0].rstrip("dhnrst") == values[1].rstrip("dhnrst")
    return "number", Variant.SAME_NUMBER if same else Altered.ANOTHER_NUMBER


def _form(context: Context) -> tuple[Kind, str] | None:
    """Contraction, inflection, spelling, hyphenation, case."""
    left, right = context.reference, context.suspect
    stems, others = [[_VERBS.get(word.stem, word.stem) for word in side] for side in (left, right)]
    if stems == others:
        return "form", Variant.CONTRACTED if contracted(left, right) else _INFLECTED
    if reason := same_phrase(left, right, context.lexicon.relatedness):
        return "form", reason
    if {word.norm for word in (*left, *right)} == _ARTICLES:
        return "form", _ARTICLE
    if len(left) == len(right) > 1 and all(map(_kindred, left, right)):
        return "form", _DERIVED
    return None


def _kindred(one: Word, other: Word) -> bool:
    """Whether two words are one, or long ones made of one stem [regulatory -> regulators, approvals -> approve]."""
    letters = zip(one.norm, other.norm, strict=False)
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], letters))
    return one.stem == other.stem or shared >= max(_STEM, _KINDRED * max(len(one.norm), len(other.norm)))


def _number(context: Context) -> tuple[Kind, str] | None:
    """Another number, or another day or month [July 1 -> June 1]."""
    left, right = context.reference, context.suspect
    days = [[word.norm for word in side if word.norm in CALENDAR and word.capitalised] for side in (left, right)]
    if all(days) and all(word.norm in CALENDAR or numeral(word.norm) for word in (*left, *right)):
        return "number", Altered.ANOTHER_NUMBER if days[0] == days[1] else _ANOTHER_DAY
    before = [value for word in left if (value := numeral(word.norm))]
    if not before or not _numeric(left) or not _numeric(right):
        return None
    after = [value for word in right if (value := numeral(word.norm))]
    if not after:
        return None
    old, new = number_of(" ".join(_norms(left))), number_of(" ".join(_norms(right)))
    same = before == after if old is None or new is None else old == new  # [5 -> five million] is another number
    return "number", Variant.SAME_NUMBER if same else Altered.ANOTHER_NUMBER


def _demonym(context: Context) -> tuple[Kind, str] | None:
    left, right = context.reference, context.suspect
    if right[-1].norm not in _LANGUAGE or left[-1].norm in _LANGUAGE:
        return None
    if any(word.norm in DEMONYMS for word in right):
        return "demonym", "a nationality turned into a language"
    return None


def _rewrite(context: Context) -> tuple[Kind, str] | None:
    """A stretch reworded, phrases that have no word in common, or a word that nobody knows in a word's place."""
    if context.phrases.rewritten or (
        _unrelated(context)
        and not (  # [Diane Mercer -> Laura Finch]
            all(word.capitalised for word in (*context.reference, *context.suspect))
            and proper(context.reference, context.reference_before, context.names[0])
        )
    ):
        return "rewrite", "a stretch reworded beyond word for word"
    unheard_of = _unheard_of(context) and not context.reference[0].capitalised
    return ("rewrite", "a rare or invented word for another") if unheard_of else None


def _unrelated(context: Context) -> bool:
    """Whether phrases of several words stand in each other's place whose words aren't related at all.

    Particles after them and numbers don't count [ended -> wrapped up, 67-word -> 37-year-old].
    """
    if context.known or context.phrases.head or context.phrases.fixed or not len(context.lexicon.vectors):
        return False
    both = context.reference, context.suspect
    left, right = [[w for i, w in enumerate(side) if not i or w.norm not in PARTICLES] for side in both]
    if len(left) + len(right) < 3 or not any(w.content for w in left) or not any(w.content for w in right):
        return False
    return not any(_alike(one, other, context.lexicon) for one in left for other in right)


def _alike(one: Word, other: Word, lexicon: Lexicon) -> bool:
    """Whether two content words that are no numbers may answer to each other."""
    if not (one.content and other.content) or "number" in (one.shape, other.shape):
        return False
    related = one.stem == other.stem or lexicon.find_words(one, other)
    return bool(related) or lexicon.relatedness(one.row, other.row) >= UNRELATED


def _unheard_of(context: Context) -> bool:
    """Whether both of two single words are unknown to the model, so that nothing says that they mean the same."""
    if context.known or not len(context.lexicon.vectors) or not len(context.reference) == len(context.suspect) == 1:
        return False
    both = context.reference[0], context.suspect[0]
    if both[1].stem in context.lexicon.stem_sources:  # a word that others were exchanged for
        return False
    return all(word.row < 0 and word.content and word.shape == "word" for word in both)


def _name(context: Context) -> tuple[Kind, str] | None:
    if context.phrases.head:
        return "name", "part of a title or an organisation's name"
    opening = _unheard_of(context) and context.reference[0].capitalised  # [Zorblax said -> Quimbley said]
    if opening or proper(context.reference, context.reference_before, context.names[0]):
        other = not context.known and all(w.capitalised for w in (*context.reference, *context.suspect))
        return "name", "another name in a name's place" if other else "part of a proper name"
    if context.reference_before and any(
        w.capitalised and w.function and w.norm in CALENDAR for w in context.reference
    ):
        return "name", "the name of a month"
    if proper(context.suspect, context.suspect_before, context.names[1]) and any(
        word.content for word in context.reference
    ):
        return "name", "written as a proper name in the suspect"
    return None


def _term(context: Context) -> tuple[Kind, str] | None:
    """A fixed expression with words exchanged inside it.

    A verb exchanged together with its particle is none, nor a word that follows a prefix [self-ruled].
    """
    if not context.phrases.fixed:
        return None
    first, last, other = context.reference[0], context.reference[-1], context.suspect[-1]
    if first.norm in COMBINING_FORMS and first.norm == context.suspect[0].norm:
        return None
    if last.norm in PARTICLES and last.norm != other.norm:
        return None
    return "term", "a fixed expression, broken up"


def _function(context: Context) -> tuple[Kind, str] | None:
    """Grammar words; a quantifier counts as a content word."""
    left, right = context.reference, context.suspect
    grammatical = [_grammatical(word) for word in left]
    if all(_grammatical(word) for word in right) and any(grammatical):
        return "function", "a grammar word for another"
    if all(grammatical):
        return "function", "another word in a grammar word's place"
    single = len(left) == len(right) == 1 and _grammatical(right[0]) and not context.known
    unrelated = single and context.lexicon.relatedness(left[0].row, right[0].row) < UNRELATED
    return ("function", "a grammar word in another word's place") if unrelated else None


_RULES: tuple[Callable[[Context], tuple[Kind, str] | None], ...] = (
    _disguise, _quantity, _roman, _form, _number, _demonym, _rewrite, _name, _function, _term
)  # fmt: skip


def proper(words: Sequence[Word], before: Word | None, names: AbstractSet[str] = frozenset()) -> bool:
    """Whether a phrase is, or holds, a proper name: a capitalised content word not just opening a sentence.

    Opening one, it takes a title or an organisation's head to be sure, or a word that is a name elsewhere.
    """
    for place, word in enumerate(words):
        if not word.capitalised or not word.content or word.norm in CALENDAR:
            continue
        if place > 0 or before is not None or word.norm in names:
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
