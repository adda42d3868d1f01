"""Invented spinners: each has substitutions, words and habits of its own, drawn from a seed.

They stand for the spinners that nobody has a dictionary of, so that a model learns what
spinning does to a text and not what one tool's list says.
"""

from __future__ import annotations

import functools
import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from spindetect.files import shipped_table
from spindetect.segment.english import NUMBER_WORDS
from spindetect.training.spinners.dictionaries import Lexicon, is_content
from spindetect.training.spinners.replacement import DictionarySpinner, Entry, Exclusions, LineDictionary, SpunText

_SUBSTITUTIONS = tuple(map(tuple, shipped_table("training/spinners/invented.toml")["substitutions"]))
# A bilingual or chemical dictionary applied the wrong way round.
_BACKWARDS = tuple({"the": "nan", "in": "successful", "on": "connected", "at": "astatine", "as": "arsenic"}.items())
_NUMBERS = tuple((str(value), word) for word, value in NUMBER_WORDS.items())

# How far down the thesaurus's list of stand-ins an invented line may reach.
_REACH = 8


@dataclass(frozen=True, slots=True)
class Habits:
    """The habits of one invented spinner; all shares are in 0 to 1.

    ``share`` of the words have a line. A line's members are synonyms in ``near`` of the
    cases, words close by in the thesaurus else, and words close to those in ``far`` of
    the cases. ``everyday`` spinners use common words only; ``naive`` ones look function
    words up as if they were nouns.
    """

    share: float
    near: float
    far: float
    inflected: bool
    everyday: bool
    naive: bool


def draw_habits(rng: np.random.Generator) -> Habits:
    """Draw the habits of a spinner that nobody has seen."""
    share, near, far = rng.uniform((0.3, 0.2, 0.0), (0.9, 0.8, 0.1)).tolist()
    inflected, everyday, naive = (rng.random(3) < (0.8, 0.75, 0.15)).tolist()
    return Habits(share, near, far, inflected, everyday, naive)


def draw_substitutions(rng: np.random.Generator, naive: bool) -> list[Sequence[str]]:
    """Draw the substitutions of function words and set phrases that an invented spinner knows."""
    known = rng.random(len(_SUBSTITUTIONS)) < rng.uniform(0.1, 0.8)
    lines: list[Sequence[str]] = list(_BACKWARDS) if naive else []
    lines += [line for line, keep in zip(_SUBSTITUTIONS, known, strict=True) if keep]
    return [*lines, *_NUMBERS] if rng.random() < 0.3 else lines


class InventedDictionary:
    """A dictionary made up word by word: each ``seed`` gives another, always the same one."""

    def __init__(self, lexicon: Lexicon, habits: Habits, seed: int) -> None:
        self._lexicon = lexicon
        self._habits = habits
        self._seed = seed
        self._find = functools.cache(self._invent)

    def lengths(self, first: str) -> Sequence[int]:
        """The length of ``first`` itself: heads are single words."""
        wanted = len(first) > 1 and first.islower() if self._habits.naive else is_content(first)
        return (len(first),) if wanted else ()

    def entry(self, head: str) -> Entry | None:
        """The line invented for ``head``, or None where the dictionary has none."""
        choices = self._find(head)
        return Entry(0, choices) if choices else None

    def _invent(self, head: str) -> tuple[str, ...]:
        """One or two stand-ins for ``head``, drawn from what the thesaurus has around it."""
        rng = random.Random(f"{self._seed}:{head}")
        if rng.random() >= self._habits.share:
            return ()
        synonyms, kin = self._around(head)
        pool = synonyms if rng.random() < self._habits.near else kin
        if kin and rng.random() < self._habits.far:
            pool = self._around(rng.choice(kin))[1]
        pool = (pool or synonyms or kin)[:_REACH]
        return tuple(rng.sample(pool, min(len(pool), rng.choice((1, 2)))))

    def _around(self, word: str) -> tuple[list[str], list[str]]:
        """Synonyms and kin of ``word`` that a spinner of these habits would use."""
        lexicon, habits = self._lexicon, self._habits
        both = lexicon.synonyms(word, habits.inflected), lexicon.kin(word, habits.inflected)
        fits = lexicon.is_common if habits.everyday else bool
        synonyms, kin = (list(filter(fits, phrases)) for phrases in both)
        return synonyms, kin


class WildSpinner:
    """Stands for the spinners that nobody has seen: each text is spun by one of many invented ones.

    ``seeds`` are the invented spinners to draw from; give training and testing different
    ranges to measure on spinners that training never met.
    """

    def __init__(self, lexicon: Lexicon, seeds: range = range(400)) -> None:
        self._seeds = seeds
        self.invented = functools.lru_cache(maxsize=8)(functools.partial(_invent, lexicon))

    def spin(
        self, text: str, rng: np.random.Generator, rate: float = 1.0, exclusions: Exclusions | None = None
    ) -> SpunText:
        """Spin ``text`` by an invented spinner drawn from the seeds."""
        seed = self._seeds[int(rng.integers(len(self._seeds)))]
        return self.invented(seed).spin(text, rng, rate, exclusions)


def _invent(lexicon: Lexicon, seed: int) -> DictionarySpinner:
    """Make the invented spinner of a seed: its substitutions and words; a few leave braces or disguise letters."""
    rng = np.random.default_rng(seed)
    habits = draw_habits(rng)
    phrases = LineDictionary(draw_substitutions(rng, habits.naive), keep_head=False)
    residue, disguise = np.where(rng.random(2) < (0.2, 0.1), rng.uniform(0, (0.03, 0.2)), 0.0).tolist()
    dictionaries = (phrases, InventedDictionary(lexicon, habits, seed))
    return DictionarySpinner(dictionaries, residue=residue, disguise=disguise)
