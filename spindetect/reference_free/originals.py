"""A phrase's possible wordings before it was spun: the lexicon read backwards, and words of kindred meaning.

How well each supposed original would stand in the phrase's place is measured by the ngrams.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from spindetect.reference_free.ngrams import Floats, Ids, Line, NGramModel, pair_keys
from spindetect.reference_free.slots import Read

# The most that a supposed original may gain or lose on either side, in nats, so that no single count decides.
_MOST_GAINED = 6.0


@dataclass(frozen=True, eq=False)
class Supposed:
    """The originals that each word and phrase may stand for.

    Those of the word with id ``i`` are ``words[starts[i]:starts[i + 1]]``; ``habit`` is how
    readily a spinner makes the exchange (a log-probability, at most 0), ``kindred`` whether it
    is only supposed from kindred meaning. ``phrases`` does the same for phrases of ids, of
    two to four words, ``lengths`` has for the first two ids of such the numbers of words, and ``begins`` these two
    as `pair_keys`, ascending.
    """

    starts: NDArray[np.int64]
    words: NDArray[np.int64]
    habit: Floats
    kindred: NDArray[np.bool_]
    phrases: Mapping[tuple[int, ...], Sequence[tuple[tuple[int, ...], float]]]
    lengths: Mapping[tuple[int, int], Sequence[int]] = field(init=False)
    begins: NDArray[np.uint64] = field(init=False)

    def __post_init__(self) -> None:
        lengths: dict[tuple[int, int], set[int]] = {}
        for phrase in self.phrases:
            lengths.setdefault((phrase[0], phrase[1]), set()).add(len(phrase))
        object.__setattr__(self, "lengths", {two: sorted(found) for two, found in lengths.items()})
        first, second = np.array([*lengths], dtype=np.int64).reshape(-1, 2).T
        object.__setattr__(self, "begins", np.sort(pair_keys(first, second)))


@dataclass(frozen=True, slots=True)
class Ranking:
    """How much counts what for an original to be likely: weights fitted on spun texts whose originals are known.

    ``left`` and ``right`` weigh the gain before and after the phrase, ``slot`` how much better it fits
    its slot, ``habit`` the spinner's;
    ``kindred`` (nats) is taken off words that are only of kindred meaning, ``phrase`` off longer phrases.
    ``other`` (nats) is the likelihood of an original that isn't among those supposed.
    """

    left: float
    right: float
    slot: float
    habit: float
    kindred: float
    phrase: float
    other: float


@dataclass(frozen=True, eq=False)
class Guesses:
    """Supposed originals of a line's phrases, one an entry, those of one phrase together.

    ``place`` is the phrase's first place in the line, ``length`` its number of words, ``likely`` how
    likely the original is against the others and against the phrase as written, in nats.
    ``words`` are the originals of single words, which come first, ``phrases`` those of phrases.
    """

    place: Ids
    length: Ids
    likely: Floats
    kindred: NDArray[np.bool_]
    words: Ids
    phrases: Sequence[tuple[int, ...]]

    def original(self, guess: int) -> tuple[int, ...]:
        """The ids of one original."""
        single = len(self.words)
        return (int(self.words[guess]),) if guess < single else self.phrases[guess - single]


def guesses(line: Line, read: Read, supposed: Supposed, ranking: Ranking) -> Guesses:
    """Every supposed original of every word and phrase of a line, with how likely it is."""
    place, rows = _of_words(line, supposed)
    words = supposed.words[rows]
    left, right = gains(line, place, words)
    likely = ranking.left * left + ranking.right * right + ranking.habit * supposed.habit[rows]
    likely -= ranking.kindred * supposed.kindred[rows]
    if ranking.slot:
        likely += ranking.slot * _bounded(read.own[place] - read.log_odds(place, words))
    found = _of_phrases(line, supposed)
    gained = phrase_gains(line, found)
    habits = np.array([habit for _, _, _, habit in found])
    longer = 0.5 * (ranking.left + ranking.right) * gained + ranking.habit * habits - ranking.phrase
    return Guesses(
        np.concatenate([place, np.array([at for at, *_ in found], dtype=np.int64)]),
        np.concatenate([np.ones(len(place), dtype=np.int64), np.array([n for _, n, *_ in found], dtype=np.int64)]),
        np.concatenate([likely, longer]),
        np.concatenate([supposed.kindred[rows], np.zeros(len(found), dtype=bool)]),
        words,
        [original for _, _, original, _ in found],
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


def gains(line: Line, place: Ids, original: Ids) -> tuple[Floats, Floats]:
    """How much likelier a line would be with another word in a place: by what is before it, and by what follows.

    In nats, between -6 and 6 each; shape as ``place``.
    """
    ids, ngrams, chances = line.ids, line.ngrams, line.chances
    first, second, following, last = (ids[place + offset] for offset in (-2, -1, 1, 2))
    left, right = np.split(
        ngrams.together(np.concatenate([second, original]), np.concatenate([original, following])), 2
    )
    before = ngrams.after_two_given((first, second, original), line.together[place - 2], left)
    after = ngrams.after_two_given((second, original, following), left, right)
    after = after * ngrams.after_two_given((original, following, last), right, line.together[place + 1])
    own = np.log(chances)[place - 2], np.log(chances[:-1] * chances[1:])[place - 1]
    return _bounded(np.log(before) - own[0]), _bounded(np.log(after) - own[1])


def _bounded(gain: Floats) -> Floats:
    return np.clip(gain, -_MOST_GAINED, _MOST_GAINED)


Occurrence = tuple[int, int, tuple[int, ...], float]
"""A phrase's first place in a line, its length, an original supposed for it, and the spinner's habit."""


def _of_phrases(line: Line, supposed: Supposed) -> list[Occurrence]:
    """Suppositions of phrases of more than one word."""
    ids = line.ids.tolist()
    found: list[Occurrence] = []
    keys, begins = pair_keys(line.ids[:-1], line.ids[1:]), supposed.begins
    if not len(begins):
        return []
    held = begins[np.searchsorted(begins, keys).clip(max=len(begins) - 1)] == keys
    for place in np.flatnonzero(held).tolist():
        for length in supposed.lengths[ids[place], ids[place + 1]]:
            known = supposed.phrases.get(tuple(ids[place : place + length]), ())
            found += [(place, length, original, habit) for original, habit in known]
    return found


def phrase_gains(line: Line, found: Sequence[Occurrence]) -> Floats:
    """The same as both `gains` together, for phrases: with two words' context on either side, -12 to 12 nats."""
    if not found:
        return np.zeros(0)
    ids = line.ids.tolist()
    stretches = []
    for place, length, original, _ in found:
        before, after = ids[place - 2 : place], ids[place + length : place + length + 2]
        stretches += [[*before, *ids[place : place + length], *after], [*before, *original, *after]]
    whole = log_likelihoods(stretches, line.ngrams)
    return np.clip(whole[1::2] - whole[::2], -2 * _MOST_GAINED, 2 * _MOST_GAINED)


def log_likelihoods(stretches: Sequence[Sequence[int]], ngrams: NGramModel) -> Floats:
    """Log-probability of each stretch of ids after its first two."""
    sizes = np.array([len(stretch) for stretch in stretches], dtype=np.int64)
    flat = np.fromiter(chain.from_iterable(stretches), np.int64, int(sizes.sum()))
    which = np.repeat(np.arange(len(sizes)), sizes)
    last = np.flatnonzero(which[2:] == which[:-2]) + 2
    chances = np.log(ngrams.after_two(flat[last - 2], flat[last - 1], flat[last]))
    return np.bincount(which[last], weights=chances, minlength=len(stretches)).astype(np.float64)
