"""What a phrase may have said before it was spun: the lexicon read backwards, and words of kindred meaning.

How well each supposed original would stand in the phrase's place is measured by the collocations.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spindetect.alone.collocations import Collocations, Floats, Ids, Line
from spindetect.lexicon import LONGEST_PHRASE

# What a supposed original may gain or lose on either side, in nats, so that no single count decides.
_MOST_GAINED = 6.0


@dataclass(frozen=True, eq=False)
class Supposed:
    """What each word and phrase may stand for.

    Those of the word with id ``i`` are ``words[starts[i]:starts[i + 1]]``; ``habit`` is how
    readily a spinner makes the exchange (a log-probability, at most 0), ``kindred`` whether it
    is only supposed from kindred meaning. ``phrases`` does the same for phrases of ids, of
    which one side or the other has more than one word.
    """

    starts: NDArray[np.int64]
    words: NDArray[np.int64]
    habit: Floats
    kindred: NDArray[np.bool_]
    phrases: Mapping[tuple[int, ...], Sequence[tuple[tuple[int, ...], float]]]


@dataclass(frozen=True, slots=True)
class Ranking:
    """How much counts what for an original to be likely: weights fitted on spun texts whose originals are known.

    ``left`` and ``right`` weigh the gain before and after the phrase, ``habit`` that of the spinner;
    ``kindred`` (nats) is taken off words that are only of kindred meaning, ``phrase`` off longer phrases.
    ``other`` (nats) is the likelihood of an original that isn't among those supposed.
    """

    left: float
    right: float
    habit: float
    kindred: float
    phrase: float
    other: float


@dataclass(frozen=True, eq=False)
class Guesses:
    """Supposed originals of a line's phrases, one an entry, those of one phrase together.

    ``place`` is the phrase's first place in the line, ``length`` its number of words, ``likely`` how
    likely the original is against the others and against the phrase as written, in nats.
    ``words`` are the originals' ids.
    """

    place: Ids
    length: Ids
    likely: Floats
    kindred: NDArray[np.bool_]
    words: Sequence[tuple[int, ...]]


def guesses(line: Line, supposed: Supposed, collocations: Collocations, ranking: Ranking) -> Guesses:
    """Every supposed original of every word and phrase of a line, with how likely it is."""
    place, rows = _of_words(line, supposed)
    left, right = gains(line, place, supposed.words[rows], collocations)
    likely = ranking.left * left + ranking.right * right + ranking.habit * supposed.habit[rows]
    likely -= ranking.kindred * supposed.kindred[rows]
    found = _of_phrases(line, supposed)
    gained = phrase_gains(line, found, collocations)
    habits = np.array([habit for _, _, _, habit in found])
    longer = 0.5 * (ranking.left + ranking.right) * gained + ranking.habit * habits - ranking.phrase
    singles = [(row,) for row in supposed.words[rows].tolist()]
    return Guesses(
        np.concatenate([place, np.array([at for at, *_ in found], dtype=np.int64)]),
        np.concatenate([np.ones(len(place), dtype=np.int64), np.array([n for _, n, *_ in found], dtype=np.int64)]),
        np.concatenate([likely, longer]),
        np.concatenate([supposed.kindred[rows], np.zeros(len(found), dtype=bool)]),
        [*singles, *(original for _, _, original, _ in found)],
    )


def _of_words(line: Line, supposed: Supposed) -> tuple[Ids, Ids]:
    """For each supposition of each single word: its place in the line, and its row in ``supposed.words``."""
    words = len(supposed.starts) - 1
    places = np.flatnonzero((line.tokens >= 0) & (line.ids < words))
    first, last = supposed.starts[line.ids[places]], supposed.starts[line.ids[places] + 1]
    counts = last - first
    before = np.cumsum(counts) - counts
    rows = np.arange(int(counts.sum())) + np.repeat(first - before, counts)
    return np.repeat(places, counts), rows


def gains(line: Line, place: Ids, original: Ids, collocations: Collocations) -> tuple[Floats, Floats]:
    """How much likelier a line would be with another word in a place: by what is before it, and by what follows.

    In nats, between -6 and 6 each; shape as ``place``.
    """
    own, which = np.unique(place, return_inverse=True)
    before, after = _stands(line, own, line.ids[own], collocations)
    other_before, other_after = _stands(line, place, original, collocations)
    return _bounded(other_before - before[which]), _bounded(other_after - after[which])


def _stands(line: Line, place: Ids, word: Ids, collocations: Collocations) -> tuple[Floats, Floats]:
    """Log-probability of words in places, given what is before; and of what follows, given them."""
    ids = line.ids
    before = collocations.after_two(ids[place - 2], ids[place - 1], word)
    following, next_one = ids[place + 1], ids[place + 2]
    after = collocations.after_two(ids[place - 1], word, following)
    after = after * collocations.after_two(word, following, next_one)
    return np.log(before), np.log(after)


def _bounded(gain: Floats) -> Floats:
    return np.clip(gain, -_MOST_GAINED, _MOST_GAINED)


Occurrence = tuple[int, int, tuple[int, ...], float]
"""A phrase's first place in a line, its length, an original supposed for it, and the spinner's habit."""


def _of_phrases(line: Line, supposed: Supposed) -> list[Occurrence]:
    """Suppositions that involve more than one word on either side."""
    ids = line.ids.tolist()
    found: list[Occurrence] = []
    for place in line.inside.tolist():
        for length in range(1, LONGEST_PHRASE + 1):
            known = supposed.phrases.get(tuple(ids[place : place + length]), ())
            found += [(place, length, original, habit) for original, habit in known]
    return found


def phrase_gains(line: Line, found: Sequence[Occurrence], collocations: Collocations) -> Floats:
    """The same as both `gains` together, for phrases: with two words' context on either side, -12 to 12 nats."""
    if not found:
        return np.zeros(0)
    ids = line.ids.tolist()
    stretches = []
    for place, length, original, _ in found:
        before, after = ids[place - 2 : place], ids[place + length : place + length + 2]
        stretches += [[*before, *ids[place : place + length], *after], [*before, *original, *after]]
    whole = log_likelihoods(stretches, collocations)
    return np.clip(whole[1::2] - whole[::2], -2 * _MOST_GAINED, 2 * _MOST_GAINED)


def log_likelihoods(stretches: Sequence[Sequence[int]], collocations: Collocations) -> Floats:
    """Log-probability of each stretch of ids after its first two."""
    flat = np.array(
        [(i, *s[n : n + 3]) for i, s in enumerate(stretches) for n in range(len(s) - 2)], dtype=np.int64
    )
    chances = np.log(collocations.after_two(flat[:, 1], flat[:, 2], flat[:, 3]))
    return np.bincount(flat[:, 0], weights=chances, minlength=len(stretches)).astype(np.float64)
