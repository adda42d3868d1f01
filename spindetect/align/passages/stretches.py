"""Where one text speaks in another's words: a likelihood for every word, and the best stretch of them.

A stretch of the suspect answers to a stretch of the reference when its words are likelier
drawn from the other stretch than from what such texts talk about anyway. A word scores
the log of that ratio, and the best stretch is the run of words with the highest sum
(Bentley 1984, "Programming pearls", the maximum subarray). Words count as a bag: a
spinner's swaps, a translator's order and a shuffler's leave enough of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spindetect.records import Document, Span

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
Counts = NDArray[np.floating[Any]] | NDArray[np.integer[Any]]

# The share of running English that is "the", which surprisal is measured against.
_SHARE_OF_THE = 0.05
# A word's chance of standing anywhere: this share is its frequency in each of the two texts,
# the rest its frequency in English. So a text's own subject proves nothing.
_OWN_TEXTS = 0.4
# ... where the word's first occurrence counts so much less: that it occurs is what is to be explained. Without
# that, growth stops in the middle of a text that is reused as a whole.
_LEFT_OUT = 0.9
# A stretch rather begins and ends where a sentence does: what that is worth, in nats. It takes more than
# two chance matches to overrule it.
SENTENCE_EDGE = 4.0
# The share of words that a stretch is thought to have kept, before it is known.
KEPT_AT_FIRST = 0.7
_MOST_KEPT = 0.98


@dataclass(frozen=True, slots=True)
class WordLine:
    """A document's words in a row, boilerplate and punctuation left out.

    ``tokens`` are their indices in the document, ``types`` numbers each word's stem, the same in
    both documents. ``edges`` (one entry more) is what it is worth for a stretch to begin or end before a
    word, in nats: `SENTENCE_EDGE` where a sentence does, else 0.
    """

    document: Document
    tokens: Indices
    types: Indices
    edges: Floats

    def __len__(self) -> int:
        return len(self.types)

    def span(self, stretch: Stretch) -> Span:
        """Where in the text a stretch of at least one word lies."""
        return self.document.span(int(self.tokens[stretch.start]), int(self.tokens[stretch.end - 1]) + 1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words ``start`` up to, not including, ``end`` of a line; ``score`` is their evidence in nats.

    ``kept`` (0 to 1) is the estimated share of them that comes from the other text.
    """

    start: int
    end: int
    score: float = 0.0
    kept: float = KEPT_AT_FIRST

    def __len__(self) -> int:
        return self.end - self.start

    def meets(self, other: Stretch) -> bool:
        """Whether the two have a word in common."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Match:
    """Two stretches that answer to each other."""

    suspect: Stretch
    reference: Stretch

    def meets(self, other: Match) -> bool:
        """Whether the two share words on both sides."""
        return self.suspect.meets(other.suspect) and self.reference.meets(other.reference)


@dataclass(frozen=True, slots=True)
class Lines:
    """Two documents' word lines, and what is known of each type: how often it occurs, and its chance.

    ``counts`` and ``chance`` are arrays over types; ``chance`` is the share of words that would be
    of that type where nothing was reused, ``english`` the share in general English.
    """

    suspect: WordLine
    reference: WordLine
    suspect_counts: Floats
    reference_counts: Floats
    english: Floats
    chance: Floats


def word_lines(suspect: Document, reference: Document) -> Lines:
    """Line up both documents' words."""
    mine, theirs = suspect.lexical, reference.lexical
    words = [*map(suspect.words.__getitem__, mine), *map(reference.words.__getitem__, theirs)]
    stems = [word.stem for word in words]
    # Of the words with one stem the first stands for all.
    by_stem = dict(zip(reversed(stems), reversed(words), strict=True))
    numbers = dict(zip(by_stem, range(len(by_stem)), strict=True))
    types = np.fromiter(map(numbers.__getitem__, stems), np.intp, len(stems))
    lines = _word_line(suspect, mine, types[: len(mine)]), _word_line(reference, theirs, types[len(mine) :])
    counts = [np.bincount(line.types, minlength=len(numbers)).astype(float) for line in lines]
    english = _SHARE_OF_THE * np.exp(-np.array([word.surprisal for word in by_stem.values()], dtype=float))
    own = sum(
        np.maximum(0.0, count - _LEFT_OUT) / max(1, len(line)) for count, line in zip(counts, lines, strict=True)
    )
    chance = _OWN_TEXTS * own + (1.0 - 2.0 * _OWN_TEXTS) * english
    return Lines(*lines, counts[0], counts[1], english, chance)


def _word_line(document: Document, words: Sequence[int], types: Indices) -> WordLine:
    tokens = np.array(words, dtype=np.intp)
    edges = np.zeros(len(words) + 1)
    edges[np.searchsorted(tokens, [sentence.first for sentence in document.sentences])] = SENTENCE_EDGE
    edges[-1] = SENTENCE_EDGE
    return WordLine(document, tokens, types, edges)


def likelihoods(there: Counts, size: int, chance: Floats, kept: float) -> tuple[Floats, Floats]:
    """For each type, its score in nats and the probability that a word of it comes from over there.

    ``there`` counts the types in the other stretch of ``size`` words. With ``kept`` 0.7 a word
    that isn't there scores log(0.3) = -1.2; one that is scores the more the rarer it is. Given for
    words instead of types, ``there`` and ``chance`` lead to the words' scores.
    """
    drawn = there / max(1, size)
    drawn *= kept
    drawn /= chance
    mixed = (1.0 - kept) + drawn
    return np.log(mixed), drawn / mixed


def word_likelihoods(types: Indices, there: Indices, chance: Floats, kept: float) -> tuple[Floats, Floats]:
    """`likelihoods` of the words of ``types``, with the words ``there`` as the other stretch.

    The time it takes depends on the words given, and not on how many types the texts have.
    """
    ordered = np.sort(there)
    counts = np.searchsorted(ordered, types, "right") - np.searchsorted(ordered, types)
    return likelihoods(counts, len(there), chance[types], kept)


def best_stretch(scores: Floats, within: Stretch, edges: Floats) -> Stretch:
    """The run with the highest sum that holds the best run inside ``within``; empty where nothing is positive.

    ``edges`` are those of the word line, one entry more than ``scores``.
    """
    sums = np.zeros(len(scores) + 1)
    np.add.accumulate(scores, out=sums[1:])
    inner = sums[within.start : within.end + 1]
    rises = inner - np.minimum.accumulate(inner)
    top = int(rises.argmax())
    if rises[top] <= 0.0:
        return Stretch(within.start, within.start)
    end = within.start + top
    start = within.start + int(inner[: top + 1].argmin())
    start -= int((sums[: start + 1] - edges[: start + 1])[::-1].argmin())
    end += int((sums[end:] + edges[end:]).argmax())
    return Stretch(start, end, float(sums[end] - sums[start]))


def estimate_kept(origin: Floats, least: float) -> float:
    """The share of words that come from the other text, ``least`` to 0.98: a step of expectation-maximisation.

    ``origin`` is the probability of it for each word; there must be at least one.
    """
    return min(_MOST_KEPT, max(least, float(np.add.reduce(origin)) / len(origin)))
