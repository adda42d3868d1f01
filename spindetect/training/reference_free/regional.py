"""Which words count as another one: spellings of one word, and British words as the American ones.

General texts are mostly American. British words had few counts there, misfitted their slots by habit, and stood for
their American names, so that a British article looked spun.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from spindetect.align.lexical.one_thing import AMERICAN, SPELLINGS
from spindetect.align.lexical.same_word import nearly_alike
from spindetect.reference_free.ngrams import Ids
from spindetect.training.spinners.dictionaries import inflect

# How often vowels stand before letters that are spelt otherwise, at least [colour, not pour; labelled, not called].
_VOWELS_BEFORE = {"tre": 0, "bre": 0, "gre": 0, "chre": 0, "lled": 2, "lling": 2, "ller": 2}
_ENDINGS = {"our", "ise", "isa", "isi", "ence", "ogue", "amme", "yse", "ysi"}
# Where "ae" and "oe" are an "e" elsewhere: not in names, "poets" and "canoes".
_LIGATURES = re.compile(r"aed|aem|aest|aeol|aeont|aepi|foet|oede|coel|oesoph|rhoea")
# A word met so often less than its American name counts as it, if their cosine is at least so high.
_RARER, _ALIKE = 3, 0.5


def american_words(known: Container[str]) -> Iterator[tuple[str, str]]:
    """American and British words of the package's list, and their plurals, those of which both are known."""
    for pair in AMERICAN:
        for american, british in (pair, [inflect(word, "s") for word in pair]):
            if american in known and british in known:
                yield american, british


def counted_as(
    words: Sequence[str], counts: NDArray[np.int64], vectors: NDArray[np.float32], function: NDArray[np.bool_]
) -> Ids:
    """The id as which each of so many ``counts`` counts, as `Table` has it; ``vectors`` are of the first words.

    Of several American names [petrol -> gasoline, gas] the one that the list has last.
    """
    rows, found = {word: row for row, word in enumerate(words)}, np.arange(len(counts))
    for american, british in american_words(rows):
        common, rare = rows[american], rows[british]
        kindred = max(rare, common) >= len(vectors) or float(vectors[rare] @ vectors[common]) >= _ALIKE
        kindred = kindred and not (function[rare] or function[common])
        # of one meaning, and one by consonants [mum -> mom] or by nearly all letters
        bare, other = (re.sub("[aeiouy]", "", word) for word in (american, british))
        spelt = bare == other or (min(len(american), len(british)) >= 5 and nearly_alike(american, british))
        if _RARER * counts[rare] <= counts[common] and (kindred or spelt):
            found[rare] = common
    for word, row in rows.items():
        for spelling in other_spellings(word):
            if spelling in rows:
                rare, common = sorted((row, rows[spelling]), key=lambda one: (int(counts[one]), one))
                found[rare] = common
    return found[found]


def other_spellings(word: str) -> Iterator[str]:
    """The American spellings that a word may have by its letters, words or not.

    >>> sorted(other_spellings("colour")), sorted(other_spellings("mourning")), sorted(other_spellings("called"))
    (['color'], [], [])
    """
    for british, american in SPELLINGS:
        before, letters, after = word.partition(british)
        vowels = len(re.findall("[aeiouy]+", before)) >= _VOWELS_BEFORE.get(british, british in _ENDINGS)
        if letters and len(word) > 3 and (_LIGATURES.search(word) if american == "e" else vowels):
            yield f"{before}{american}{after}"
