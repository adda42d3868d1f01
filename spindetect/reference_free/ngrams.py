"""How English words follow one another: counts of single words, pairs and triples, and what they make likely.

The n-grams themselves aren't kept, only 32-bit hashes of them, so that no text can be read back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from spindetect.records import Document, Word

Ids = NDArray[np.int64]
Floats = NDArray[np.float64]

CLASSES = ("number", "name", "unknown", "comma", "mark", "start")
"""Stand-ins for all that isn't a word of the vocabulary; their ids follow those of the words."""

_NONE: Mapping[str, int] = MappingProxyType({})

# Counts are kept as eighths of a doubling, in one byte; its level is one more, and 0 is that of what was never met.
_CODES_A_DOUBLING = 8.0
_COUNTS: Floats = np.concatenate([[0.0], np.exp2(np.arange(256) / _CODES_A_DOUBLING)])
# Witten and Bell's estimate of how many kinds of words follow a context: this factor times the context's
# count to this power. Chosen by perplexity on Wikipedia, the BBC and ABC, each left out of the counts.
_KINDS_AFTER_ONE = (3.0, 0.8)
_KINDS_AFTER_TWO = (6.0, 0.8)
_MIX = np.uint64(0x9E3779B97F4A7C15)  # Knuth's multiplier, 2**64 over the golden ratio
# Words that fit worse than the old ones by more nats say no more.
_MOST_MISFIT = 8.0
_WORD_BITS = np.uint64(16)


@dataclass(frozen=True, eq=False)
class Table:
    """Counts of n-grams by their hashes, which ascend; what isn't held counts 0.

    Hashes are spread evenly, so the first bits of one say nearly where it stands: ``_starts`` leads from them
    to the first hash that begins so. That takes a third of the time of a binary search.
    """

    hashes: NDArray[np.uint32]
    codes: NDArray[np.uint8]
    _shift: np.uint32 = field(init=False, repr=False)
    _starts: NDArray[np.int32] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        bits = max(1, len(self.hashes).bit_length())
        shift = np.uint32(32 - bits)
        sizes = np.bincount(self.hashes >> shift, minlength=1 << bits)
        starts = np.concatenate([[0], np.cumsum(sizes)]).clip(max=max(len(self.hashes) - 1, 0))
        object.__setattr__(self, "_shift", shift)
        object.__setattr__(self, "_starts", starts.astype(np.int32))

    def counts(self, hashes: NDArray[np.uint32]) -> Floats:
        """How often each n-gram was met, shape as asked."""
        return _COUNTS.take(self.levels(hashes))

    def levels(self, hashes: NDArray[np.uint32]) -> Ids:
        """The levels of these counts, 0 to 256, shape as asked."""
        levels, last = np.zeros(len(hashes), dtype=np.int64), len(self.hashes) - 1
        if last < 0:
            return levels
        places = self._starts.take(hashes >> self._shift)
        met = self.hashes.take(places)
        behind = (met < hashes).nonzero()[0]
        while len(behind):  # hashes ascend: the next ones, until they aren't lower
            following = np.minimum(places.take(behind) + 1, last)
            places[behind] = following
            found = self.hashes.take(following)
            met[behind] = found
            behind = behind[(found < hashes.take(behind)) & (following < last)]
        right = (met == hashes).nonzero()[0]
        levels[right] = self.codes.take(places.take(right)) + np.int64(1)
        return levels


def table(keys: NDArray[np.uint64], counts: NDArray[np.int64]) -> Table:
    """A table of n-grams given by `pair_keys` or `triple_keys`; of two with one hash the commoner counts."""
    hashes = hashed(keys)
    codes = np.clip(np.rint(np.log2(counts) * _CODES_A_DOUBLING), 0, 255).astype(np.uint8)
    order = np.lexsort((-codes.astype(np.int16), hashes))
    hashes, codes = hashes[order], codes[order]
    first = np.r_[True, hashes[1:] != hashes[:-1]] if len(hashes) else np.zeros(0, dtype=bool)
    return Table(hashes[first], codes[first])


def hashed(keys: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """32-bit hashes of n-grams' keys, spread evenly."""
    mixed = keys * _MIX
    mixed ^= mixed >> np.uint64(29)
    mixed *= _MIX
    mixed >>= np.uint64(32)
    return mixed.astype(np.uint32)


def pair_keys(first: Ids, second: Ids) -> NDArray[np.uint64]:
    """One number for each pair of ids under 65,536."""
    return (first.astype(np.uint64) << _WORD_BITS) | second.astype(np.uint64)


def triple_keys(first: Ids, second: Ids, third: Ids) -> NDArray[np.uint64]:
    """One number for each triple of ids under 65,536."""
    return (pair_keys(first, second) << _WORD_BITS) | third.astype(np.uint64)


class NGramModel:
    """Counts of words that follow one another. Words are ids: rows of the vocabulary, more words, then `CLASSES`.

    ``singles`` has a count for each id, ``more`` the ids of the words that the vocabulary lacks. Safe to share
    between threads.
    """

    def __init__(
        self, singles: NDArray[np.int64], pairs: Table, triples: Table, more: Mapping[str, int] = _NONE
    ) -> None:
        self.singles = singles
        self.more = more
        self.pairs = pairs
        self.triples = triples
        self._single = (singles + 1.0) / (singles.sum() + len(singles))
        self._kinds_after = _kinds(singles.astype(np.float64), *_KINDS_AFTER_ONE)
        self.log_single: Floats = np.log(self._single)

    @property
    def words(self) -> int:
        """How many ids are words."""
        return len(self.singles) - len(CLASSES)

    def ids(self, found: Sequence[Word]) -> list[int]:
        """The ids of words."""
        return ids_of(found, self.words, self.more)

    def after_one(self, first: Ids, second: Ids) -> Floats:
        """Probability of ``second`` after ``first``, elementwise."""
        return self.after_one_given(first, second, self.together(first, second))

    def after_two(self, first: Ids, second: Ids, third: Ids) -> Floats:
        """Probability of ``third`` after ``first second``, elementwise."""
        pairs = self.together(first, second), self.together(second, third)
        return self.after_two_given((first, second, third), *pairs)

    def together(self, first: Ids, second: Ids) -> Ids:
        """How often ``second`` was met after ``first``, elementwise: the levels of the counts."""
        return self.pairs.levels(hashed(pair_keys(first, second)))

    def after_one_given(self, first: Ids, second: Ids, together: Ids) -> Floats:
        """The same as `after_one`, given how often they were met `together`."""
        kinds = self._kinds_after[first]
        return (_COUNTS[together] + kinds * self._single[second]) / (self.singles[first] + kinds)

    def after_two_given(self, words: tuple[Ids, Ids, Ids], before: Ids, together: Ids) -> Floats:
        """The same as `after_two`, given how often the first two and the last two were met `together`."""
        first, second, third = words
        shorter = self.after_one_given(second, third, together)
        worth = ((together > 0) & (before > 0)).nonzero()[0]  # where a pair was never met, nor were all three
        counts = np.zeros(len(first))
        counts[worth] = self.triples.counts(hashed(triple_keys(first[worth], second[worth], third[worth])))
        kinds = _KINDS_BY_LEVEL[before]
        return (counts + kinds * shorter) / (_COUNTS[before] + kinds)

    def surprisal_in_place(self, document: Document, tokens: Sequence[int]) -> Floats:
        """How surprising each token of some whole sentences is after the one before it, in nats; ascending."""
        ids = np.array(self.ids([document.words[token] for token in tokens]), np.int64)
        before = np.roll(ids, 1)
        firsts = {sentence.first for sentence in document.sentences}
        before[[token in firsts for token in tokens]] = self.words + CLASSES.index("start")
        surprisal: Floats = -np.log(self.after_one(before, ids))
        return surprisal

    def misfits_in_place(self, document: Document, old: Sequence[tuple[int, Word]]) -> Floats:
        """By how many nats each old word would fit better than the token in whose place it stood.

        ``old`` has the tokens' indices and the words. At most 8 either way; 0 where the vocabulary lacks one word.
        """
        words, start = document.words, self.words + CLASSES.index("start")
        ends = {sentence.first for sentence in document.sentences} | {len(words)}
        theirs = np.array(self.ids([word for _, word in old]), np.int64)
        mine = np.array(self.ids([words[at] for at, _ in old]), np.int64)
        before = np.array([start if at in ends else self.ids([words[at - 1]])[0] for at, _ in old], np.int64)
        after = np.array([start if at + 1 in ends else self.ids([words[at + 1]])[0] for at, _ in old], np.int64)
        first, second = np.r_[before, theirs, before, mine], np.r_[theirs, after, mine, after]
        fits = np.log(self.after_one(first, second)).reshape(4, -1)
        misfits = np.clip(fits[0] + fits[1] - fits[2] - fits[3], -_MOST_MISFIT, _MOST_MISFIT)
        return np.where(np.maximum(theirs, mine) < self.words, misfits, 0.0)


def _kinds(before: Floats, factor: float, power: float) -> Floats:
    """How many kinds of words follow contexts met so often; a context met at most once has ``factor``."""
    kinds = np.full(len(before), factor)
    often = np.flatnonzero(before > 1.0)
    kinds[often] *= before[often] ** power
    return kinds


_KINDS_BY_LEVEL = _kinds(_COUNTS, *_KINDS_AFTER_TWO)


@dataclass(frozen=True, eq=False)
class Line:
    """A document as ids of an n-gram model, a start before each sentence and two at either end.

    ``tokens`` has for each id the index of its token in the document, -1 for a start.
    """

    ids: Ids
    tokens: Ids
    ngrams: NGramModel

    @cached_property
    def together(self) -> Ids:
        """How often each id and the next one were met together, as levels; one fewer than there are ids."""
        return self.ngrams.together(self.ids[:-1], self.ids[1:])

    @cached_property
    def chances(self) -> Floats:
        """Probability of each id but the first two after the two before it."""
        words = self.ids[:-2], self.ids[1:-1], self.ids[2:]
        return self.ngrams.after_two_given(words, self.together[:-1], self.together[1:])


def line_of(document: Document, ngrams: NGramModel, counted_as: Ids | None = None) -> Line:
    """The document outside boilerplate as ids, each as the one it is ``counted_as``."""
    start = ngrams.words + CLASSES.index("start")
    ids, tokens = [start], [-1]
    for sentence in document.sentences:
        if sentence.boilerplate:
            continue
        ids.append(start)
        tokens.append(-1)
        ids += ngrams.ids(document.words[sentence.first : sentence.last])
        tokens += range(sentence.first, sentence.last)
    found = np.array([*ids, start, start])
    return Line(found if counted_as is None else counted_as[found], np.array([*tokens, -1, -1]), ngrams)


def ids_of(found: Sequence[Word], words: int, more: Mapping[str, int]) -> list[int]:
    """The ids of words, of which there are so many; ``more`` has those that the vocabulary lacks.

    A token outside the vocabulary has the place of its class in `CLASSES` after them; a number never is one.
    """
    ids = []
    for word in found:
        row = word.row if word.row >= 0 else more.get(word.norm, -1)
        if word.shape == "word":
            ids.append(row if row >= 0 else words + (1 if word.capitalised else 2))
        else:
            ids.append(words + (0 if word.shape == "number" else 3 if word.norm == "," else 4))
    return ids
