"""What the lexicon knows between two texts: which words of the one may stand for which of the other."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np
from numpy.typing import NDArray

Answers = dict[str, list[tuple[str, float]]]
"""For words of a suspect, those of the reference that they may stand for, with the association (0 to 1)."""


class AnswerTable:
    """All words that each word may stand for, as arrays, since a text asks for thousands of them at once.

    ``known`` are triples of a reference's word, the suspect's word that may stand for it, and the
    association. What the word of number ``n`` may stand for lies at ``starts[n]`` up to ``starts[n + 1]``.
    """

    def __init__(self, known: Iterable[tuple[str, str, float]]) -> None:
        numbers: dict[str, int] = {}
        sources, suspects, association = [], [], []
        for reference, suspect, strength in known:
            sources.append(numbers.setdefault(reference, len(numbers)))
            suspects.append(numbers.setdefault(suspect, len(numbers)))
            association.append(strength)
        by_suspect = np.argsort(np.array(suspects, dtype=np.intp), kind="stable")
        counts = np.bincount(np.array(suspects, dtype=np.intp), minlength=len(numbers))
        self._starts = np.concatenate(([0], np.cumsum(counts)))
        self._sources: NDArray[np.intp] = np.array(sources, dtype=np.intp)[by_suspect]
        self._association: NDArray[np.float64] = np.array(association, dtype=np.float64)[by_suspect]
        self._numbers = numbers
        self._words = list(numbers)

    def between(self, suspect: Collection[str], reference: Collection[str]) -> Answers:
        """The answers of the suspect's words among the reference's; words without one are left out."""
        return self._between(self._numbers_of(suspect), self._numbers_of(reference))

    def _between(self, asked: NDArray[np.intp], others: NDArray[np.intp]) -> Answers:
        there = np.zeros(len(self._words), dtype=bool)
        there[others] = True
        counts = self._starts[asked + 1] - self._starts[asked]
        before = np.cumsum(counts) - counts
        places = np.arange(counts.sum()) + np.repeat(self._starts[asked] - before, counts)
        hits = np.flatnonzero(there[self._sources[places]])
        places, words = places[hits], np.repeat(asked, counts)[hits]
        found: dict[str, list[tuple[str, float]]] = {}
        triples = zip(
            words.tolist(), self._sources[places].tolist(), self._association[places].tolist(), strict=True
        )
        for word, source, association in triples:
            found.setdefault(self._words[word], []).append((self._words[source], association))
        return found

    def either_way(self, one: Collection[str], other: Collection[str]) -> Answers:
        """The answers of one text's words among the other's, whichever of the two was made from the other."""
        mine, theirs = self._numbers_of(one), self._numbers_of(other)
        found = {word: dict(answers) for word, answers in self._between(mine, theirs).items()}
        for source, answers in self._between(theirs, mine).items():
            for word, association in answers:
                known = found.setdefault(word, {})
                known[source] = max(association, known.get(source, 0.0))
        return {word: list(known.items()) for word, known in found.items()}

    def _numbers_of(self, words: Collection[str]) -> NDArray[np.intp]:
        found = map(self._numbers.get, words)
        return np.array([number for number in found if number is not None], dtype=np.intp)
