"""How a text chose its words: those it gained and lost against another, and who chooses so.

Language models and translators have habits that no list of exchanges holds: they add "additionally" and "crucial",
and drop contractions. Whatever was exchanged for what, the words that are new and those that are gone tell of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import fsum, log1p, sqrt
from typing import NamedTuple

from spindetect.records import Document

MOST = 4.0
"""The log-odds that a choice of words may reach."""
# A text gains words at a rate that counts so many words more, so that a short one gains little.
_PRIOR_WORDS = 20
# Texts that changed less than this (in the scale of the rates' norm) say less.
PRIOR_NORM = 1.0


class Changed(NamedTuple):
    """How much of each word a text gained and lost: log of 1 and the number per 100 words."""

    gained: Mapping[str, float]
    lost: Mapping[str, float]


@dataclass(frozen=True)
class WordChoice:
    """The nats that each word gained or lost adds to the log-odds of a model's or a translator's choice."""

    gained: Mapping[str, float] = field(default_factory=dict)
    lost: Mapping[str, float] = field(default_factory=dict)
    intercept: float = 0.0

    def log_odds(self, changed: Changed) -> float:
        """The log-odds as far as they speak for such an author, 0 to `MOST`.

        Below 0 they say nothing: a model that nobody knows chooses otherwise. How many words were changed
        hardly counts, since their rates are scaled to a length of nearly 1.
        """
        found = [(rate, self.gained[word]) for word, rate in changed.gained.items() if word in self.gained]
        found += [(rate, self.lost[word]) for word, rate in changed.lost.items() if word in self.lost]
        if not found:
            return 0.0
        norm = norm_of([rate for rate, _ in found])
        total = self.intercept + fsum([rate * weight for rate, weight in found]) / norm
        return max(0.0, min(MOST, total))


def norm_of(rates: Sequence[float]) -> float:
    """The divisor of rates, so that how many words were changed hardly counts."""
    return sqrt(fsum([rate * rate for rate in rates])) + PRIOR_NORM


UNKNOWN_AUTHOR = WordChoice()
"""Knows no words: all choices of words say nothing."""


def changed_words(suspect: Document, reference: Document) -> Changed:
    """The words, by normal form, that one text has more often than the other. Numbers don't count."""
    mine, theirs = _counts(suspect), _counts(reference)
    return Changed(_more(mine, theirs, suspect.word_count), _more(theirs, mine, reference.word_count))


def _counts(document: Document) -> Counter[str]:
    words = map(document.words.__getitem__, document.lexical)
    return Counter([word.norm for word in words if word.shape == "word"])


def _more(counts: Mapping[str, int], others: Mapping[str, int], words: int) -> dict[str, float]:
    more = [(word, count - others.get(word, 0)) for word, count in counts.items()]
    return {word: log1p(100.0 * count / (words + _PRIOR_WORDS)) for word, count in more if count > 0}
