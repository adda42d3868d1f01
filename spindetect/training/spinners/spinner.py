"""Simulated article spinners: families of them, and mixtures to train on, each spun text with its truth.

families(corpora)["wp2015"].spin(text, rng, rate=0.5) -> SpunText
mixture(families, rng).spin(text, rng)                -> SpunText
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from spindetect.training.corpora import read_spinner, read_texts, read_thesaurus, read_tortured
from spindetect.training.spinners.dictionaries import Lexicon, ThesaurusDictionary, tortured_lines
from spindetect.training.spinners.invented import WildSpinner
from spindetect.training.spinners.replacement import (
    DictionarySpinner,
    Edit,
    Exclusions,
    LineDictionary,
    SpunText,
    phrase_pairs,
)

__all__ = [
    "Edit", "Exclusions", "Recipe", "Spinner", "SpunText", "WildSpinner", "common_words", "families", "mixture",
    "phrase_pairs",
]  # fmt: skip

# A square favours the first synonyms: of four, the first is drawn half the time, the last an eighth.
_FIRST_SENSES = 2.0


class Spinner(Protocol):
    """Anything that spins a text and says what it did."""

    def spin(
        self, text: str, rng: np.random.Generator, rate: float = 1.0, exclusions: Exclusions | None = None
    ) -> SpunText:
        """Spin ``text``: each head found is replaced with probability ``rate`` unless excluded."""
        ...


# News and general prose, small enough to read at once.
_EVERYDAY_TEXTS = ("bbc_greene2005", "nltk_brown")
# Words met less often are names, slips and rarities.
_EVERYDAY_COUNT = 4


def common_words(corpora: Path) -> frozenset[str]:
    """Lower-case words that everyday texts use at least ``_EVERYDAY_COUNT`` times."""
    counts: Counter[str] = Counter()
    for name in _EVERYDAY_TEXTS:
        for paragraphs in read_texts(corpora, name):
            counts.update(re.findall(r"\b[a-z]+\b", " ".join(paragraphs)))
    return frozenset(word for word, count in counts.items() if count >= _EVERYDAY_COUNT)


def families(corpora: Path, wild_seeds: range = range(400)) -> dict[str, Spinner]:
    """Make every family of spinner from the corpora; takes about five seconds.

    ``wp2015`` and ``wp2019`` are a real tool with its own dictionaries; ``thesaurus``
    copies a word's inflection to its WordNet synonym and ``thesaurus_plain`` doesn't;
    ``tortured`` swaps scientific terms, then words as ``thesaurus`` does; ``wild`` is
    many invented spinners.
    """
    lexicon = Lexicon(read_thesaurus(corpora), common_words(corpora))
    thesaurus = ThesaurusDictionary(lexicon)
    plain = ThesaurusDictionary(lexicon, inflected=False)
    terms = LineDictionary(tortured_lines(read_tortured(corpora)), keep_head=False)
    return {
        "wp2015": DictionarySpinner((LineDictionary(read_spinner(corpora, 2015)),)),
        "wp2019": DictionarySpinner((LineDictionary(read_spinner(corpora, 2019)),)),
        "thesaurus": DictionarySpinner((thesaurus,), skew=_FIRST_SENSES),
        "thesaurus_plain": DictionarySpinner((plain,), skew=_FIRST_SENSES),
        "tortured": DictionarySpinner((terms, thesaurus), skew=_FIRST_SENSES),
        "wild": WildSpinner(lexicon, wild_seeds),
    }


@dataclass(frozen=True, slots=True)
class Recipe:
    """One way to spin: a family of spinner and how its user set it."""

    family: str
    spinner: Spinner
    rate: float
    exclusions: Exclusions

    def spin(self, text: str, rng: np.random.Generator) -> SpunText:
        """Spin ``text`` as the recipe says."""
        return self.spinner.spin(text, rng, self.rate, self.exclusions)


# From a light touch to nearly all that the tool can do.
_RATES = (0.15, 0.9)


def mixture(
    spinners: Mapping[str, Spinner], rng: np.random.Generator, rates: tuple[float, float] = _RATES
) -> Recipe:
    """Draw a family evenly, a rate between the two of ``rates``, and each exclusion now and then."""
    family = sorted(spinners)[int(rng.integers(len(spinners)))]
    names, quotations, title = (rng.random(3) < (0.4, 0.2, 0.3)).tolist()
    exclusions = Exclusions(names, quotations, title, every=int(rng.choice((1, 1, 1, 1, 2, 3))))
    return Recipe(family, spinners[family], float(rng.uniform(*rates)), exclusions)
