"""Dictionaries made from the thesaurus and the list of tortured phrases.

Words are looked up when a text needs them, so that a dictionary costs nothing to make
and one as large as WordNet never has to be written out with all its inflected forms.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, zip_longest

from spindetect.segment.english import CALENDAR, FUNCTION_WORDS, NUMBER_WORDS
from spindetect.training.corpora import Thesaurus
from spindetect.training.spinners.replacement import Entry

# How a form is undone, first fit first; each is checked by inflecting what comes out.
_ENDINGS = {
    "s": (("s", ""), ("es", ""), ("ies", "y")),
    "ed": (("ed", ""), ("d", ""), ("ied", "y")),
    "ing": (("ing", ""), ("ing", "e")),
    "ly": (("ly", ""), ("ily", "y")),
}
# The slots that each part of speech has a form for; "" is the lemma itself.
_SLOTS = {"n": ("", "s"), "v": ("", "s", "ed", "ing"), "a": ("", "ly"), "s": ("", "ly"), "r": ("",)}
_PLAIN = re.compile(r"[a-z]+(?:[ -][a-z]+){0,2}")
# Rarer senses are what thesauruses list last and spinners seldom reach.
_FEW_SENSES = 3
_CLOSED = FUNCTION_WORDS | CALENDAR | NUMBER_WORDS.keys()


def inflect(lemma: str, slot: str) -> str:
    """Give a lemma a regular ending ("s", "ed", "ing", "ly" or none), as crudely as spinners do.

    >>> [inflect("carry", "ed"), inflect("make", "ing"), inflect("go", "ed"), inflect("happy", "ly")]
    ['carried', 'making', 'goed', 'happily']
    """
    consonant_y = lemma.endswith("y") and lemma[-2:-1] not in "aeiou"
    if slot == "s":
        if consonant_y:
            return lemma[:-1] + "ies"
        return lemma + ("es" if lemma.endswith(("s", "x", "z", "ch", "sh")) else "s")
    if slot == "ed":
        return lemma[:-1] + "ied" if consonant_y else lemma + ("d" if lemma.endswith("e") else "ed")
    if slot == "ing":
        return (lemma[:-1] if re.search(r"[^eoy]e$", lemma) else lemma) + "ing"
    if slot == "ly":
        return lemma[:-1] + "ily" if consonant_y else lemma + "ly"
    return lemma


class Lexicon:
    """The thesaurus seen from inflected words: what may stand for "examined", not only for "examine".

    ``common`` are words of everyday news; ``is_common`` goes by them. Of each part of speech the commonest
    ``senses`` count.
    """

    def __init__(
        self, thesaurus: Thesaurus, common: frozenset[str] = frozenset(), senses: int = _FEW_SENSES
    ) -> None:
        self._thesaurus = thesaurus
        self._senses = senses
        self._common = common
        self._irregular: dict[tuple[str, str], str] = {}
        for form, lemma in thesaurus.forms.items():
            self._irregular.setdefault((lemma, self._slot(form, lemma)), form)
        self._stand_ins = functools.lru_cache(maxsize=30_000)(self._find_stand_ins)

    def is_common(self, phrase: str) -> bool:
        """Whether every word of ``phrase`` is an everyday one."""
        return all(word in self._common for word in phrase.split(" "))

    def _slot(self, form: str, lemma: str) -> str:
        """The slot that an irregular form fills: told by its ending, else a verb's past, else a plural."""
        for ending in ("ing", "s"):
            if form.endswith(ending):
                return ending
        return "ed" if any(pos == "v" for pos, _ in self._thesaurus.senses.get(lemma, ())) else "s"

    def analyses(self, word: str) -> Iterator[tuple[str, str]]:
        """Yield the (lemma, slot) readings of a lower-case word that the thesaurus may know."""
        yield word, ""
        if word in self._thesaurus.forms:
            lemma = self._thesaurus.forms[word]
            yield lemma, self._slot(word, lemma)
        for slot, endings in _ENDINGS.items():
            for ending, base in endings:
                lemma = word.removesuffix(ending) + base
                if word.endswith(ending) and inflect(lemma, slot) == word:
                    yield lemma, slot

    def form(self, phrase: str, slot: str, pos: str) -> str:
        """A phrase bent to ``slot``: a verb's first word [look at -> looked at], else its last."""
        if not slot:
            return phrase
        before, space, word = ("", "", phrase) if pos == "v" else phrase.rpartition(" ")
        word, gap, after = word.partition(" ")
        return before + space + self._irregular.get((word, slot), inflect(word, slot)) + gap + after

    def synonyms(self, word: str, inflected: bool = True) -> tuple[str, ...]:
        """The words that share a synset with the lower-case ``word``, commonest senses first."""
        return self._stand_ins(word, inflected, False)

    def kin(self, word: str, inflected: bool = True) -> tuple[str, ...]:
        """The words near the lower-case ``word`` in the thesaurus that are no synonyms, nearest first."""
        return self._stand_ins(word, inflected, True)

    def _find_stand_ins(self, word: str, inflected: bool, kin: bool) -> tuple[str, ...]:
        """Synonyms or kin for every reading of ``word``, the readings by turns, bent to its form."""
        table = self._thesaurus.kin if kin else self._thesaurus.senses
        bent: list[list[str]] = []
        for lemma, slot in self.analyses(word):
            senses: dict[str, list[tuple[str, ...]]] = {}
            for pos, phrases in table.get(lemma, ()):
                senses.setdefault(pos, []).append(phrases)
            for pos, lists in senses.items():
                if slot in _SLOTS[pos]:
                    plain = [one for one in chain(*lists[: self._senses]) if one != lemma and _PLAIN.fullmatch(one)]
                    bent.append([self.form(phrase, slot if inflected else "", pos) for phrase in plain])
        by_turns = chain.from_iterable(zip_longest(*bent))
        return tuple(dict.fromkeys(phrase for phrase in by_turns if phrase and phrase != word))


class ThesaurusDictionary:
    """Content words with their synonyms, bent to the word's form or (``inflected`` false) left as lemmas."""

    def __init__(self, lexicon: Lexicon, inflected: bool = True) -> None:
        self._lexicon = lexicon
        self._inflected = inflected

    def lengths(self, first: str) -> Sequence[int]:
        """The length of ``first`` itself: heads are single words."""
        return (len(first),) if is_content(first) else ()

    def entry(self, head: str) -> Entry | None:
        """The synonyms of ``head``, or None when it has none."""
        choices = self._lexicon.synonyms(head, self._inflected)
        return Entry(0, choices) if choices else None


def is_content(word: str) -> bool:
    """Whether a spinner that knows what function words are would look ``word`` up."""
    return len(word) > 2 and word.isalpha() and word.islower() and word not in _CLOSED


def tortured_lines(phrases: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Dictionary lines of (expected, tortured) phrases, longest heads first as in the tools' lists.

    The list's few function words [by -> inevitably tom's] are left out: each would
    outnumber all the terms together.
    """
    lines: dict[str, list[str]] = {}
    for expected, tortured in phrases:
        if expected not in FUNCTION_WORDS:
            lines.setdefault(expected, [expected]).append(tortured)
    return sorted(lines.values(), key=lambda line: -len(line[0].split()))
