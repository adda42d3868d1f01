"""Exchange words as spinners do, on texts that are ids already: half a million words a second.

A stretch's words are exchanged for what a dictionary holds, for words whose vectors are near, for any words of the
same ending, or for any word at all; each stretch by one of these makers or by a mixture.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from spindetect.reference_free.ngrams import CLASSES, Floats, Ids
from spindetect.training.language.lexicon import Counts
from spindetect.training.spinners.dictionaries import Lexicon, is_content
from spindetect.training.spinners.replacement import Entry

Bools = NDArray[np.bool_]

# Shares of stretches that are left as they are, and of content words exchanged in the others.
_UNTOUCHED = 0.35
_RATES = (0.05, 0.7)
_MIXED = 0.3
# Of some stretches the exchanged words are exchanged again: a large thesaurus leads as far from the meaning.
_TWICE = 0.2
_SPARES_NAMES = 0.5
# Function words are exchanged so much more rarely.
_FUNCTION_RATE = 0.06
# Shares of what is put in that no vocabulary holds.
_UNKNOWN_RATES = (0.0, 0.0, 0.05, 0.15)
_ENDINGS = ("ing", "tion", "ness", "ed", "ly", "er", "s")


@dataclass(frozen=True, eq=False)
class Exchanges:
    """The words for which a word may be exchanged: those of id ``i`` are ``words[starts[i]:starts[i + 1]]``."""

    starts: Ids
    words: Ids

    @classmethod
    def of(cls, found: Mapping[int, Sequence[int]], size: int) -> Exchanges:
        """The table of a mapping from ids under ``size``."""
        lists = [sorted(set(found.get(word, ())) - {word}) for word in range(size)]
        flat = [other for many in lists for other in many]
        return cls(np.cumsum([0, *map(len, lists)]), np.array([*flat, 0], dtype=np.int64))

    def draw(self, ids: Ids, rng: np.random.Generator) -> Ids:
        """One of its exchanges for each id, or the id itself."""
        first, last = self.starts[ids], self.starts[ids + 1]
        drawn = self.words[first + (rng.random(len(ids)) * (last - first)).astype(np.int64)]
        return np.where(last > first, drawn, ids)


class ExchangeDictionary:
    """The exchanges of content words as a spinner's dictionary."""

    def __init__(self, exchanges: Exchanges, words: Sequence[str]) -> None:
        self._exchanges = exchanges
        self._words = words
        self._rows = {word: row for row, word in enumerate(words)}

    def lengths(self, first: str) -> Sequence[int]:
        """The length of ``first`` itself: heads are single words."""
        return (len(first),) if is_content(first) else ()

    def entry(self, head: str) -> Entry | None:
        """The words for which ``head`` may be exchanged, or None."""
        row = self._rows.get(head)
        if row is None:
            return None
        found = self._exchanges.words[self._exchanges.starts[row] : self._exchanges.starts[row + 1]].tolist()
        return Entry(0, tuple(self._words[one] for one in found)) if found else None


def exchanges_of_thesaurus(lexicon: Lexicon, words: Sequence[str]) -> dict[str, Exchanges]:
    """A thesaurus's words for each content word in any of its senses, and those near it, inflected or not."""
    rows = {word: row for row, word in enumerate(words)}
    tables = {}
    for name, look_up in (("synonyms", lexicon.synonyms), ("kin", lexicon.kin)):
        found = {
            row: [rows[one] for inflected in (True, False) for one in look_up(word, inflected) if one in rows]
            for word, row in rows.items()
            if is_content(word)
        }
        tables[name] = Exchanges.of(found, len(words))
    return tables


def exchanges_of_spinners(
    spun: Mapping[str, Counts], near: NDArray[np.int64], rows: Mapping[str, int]
) -> dict[str, Exchanges]:
    """Each simulated spinner's exchanges of words, and the words that are near each by vector."""
    tables: dict[str, Exchanges] = {"near": Exchanges.of(dict(enumerate(near.tolist())), len(rows))}
    for name, counts in spun.items():
        found: dict[int, list[int]] = {}
        for reference, suspect in counts:
            if reference in rows and suspect in rows:
                found.setdefault(rows[reference], []).append(rows[suspect])
        tables[name] = Exchanges.of(found, len(rows))
    return tables


@dataclass(frozen=True, eq=False)
class Forger:
    """Exchanges words of stretches: by ``tables``, or for words drawn by how common they are (``counts``)."""

    tables: Sequence[Exchanges]
    counts: NDArray[np.int64]
    function: Bools
    words: Sequence[str]
    _pools: list[tuple[Ids, Floats]] = field(init=False)  # by ending, function words, then all others
    _pool_of: Ids = field(init=False)

    def __post_init__(self) -> None:
        endings = [
            next((n for n, end in enumerate(_ENDINGS) if word.endswith(end)), len(_ENDINGS)) for word in self.words
        ]
        pool_of = np.where(self.function, len(_ENDINGS) + 1, np.array(endings))
        pools = [np.flatnonzero(pool_of == pool) for pool in range(len(_ENDINGS) + 2)]
        pools.append(np.flatnonzero(~self.function))
        cumulated = [np.cumsum((self.counts[pool] + 1.0) ** 0.6) for pool in pools]
        shares = [weights / (weights[-1:] * (1 + 1e-9)) for weights in cumulated]
        object.__setattr__(self, "_pool_of", pool_of)
        object.__setattr__(self, "_pools", list(zip(pools, shares, strict=True)))

    def exchange(self, ids: Ids, capitals: Bools, rng: np.random.Generator) -> Ids:
        """The stretches, a row each, with some of their words exchanged."""
        rows, size = ids.shape
        known = ids < len(self.words)
        function = known & self.function[np.where(known, ids, 0)]
        rates: Floats = np.where(rng.random((rows, 1)) < _UNTOUCHED, 0.0, rng.uniform(*_RATES, (rows, 1)))
        spared = capitals & (rng.random((rows, 1)) < _SPARES_NAMES)
        chosen: Bools = (rng.random((rows, size)) < rates) & known & ~function & ~spared
        new = self._made(ids, chosen, rng)
        new = self._made(new, chosen & (new != ids) & (rng.random((rows, 1)) < _TWICE), rng)
        unknown = chosen & (rng.random((rows, size)) < rng.choice(_UNKNOWN_RATES, (rows, 1)))
        new[unknown] = len(self.words) + CLASSES.index("unknown")
        swapped = (rng.random((rows, size)) < _FUNCTION_RATE * rates) & function
        new[swapped] = self._draw(self._pool_of[ids[swapped]], rng)
        return new

    def _made(self, ids: Ids, chosen: Bools, rng: np.random.Generator) -> Ids:
        """The stretches with the chosen words exchanged, each stretch by one maker or by a mixture."""
        rows, size = ids.shape
        makers = len(self.tables) + 2
        maker = np.repeat(rng.integers(0, makers, (rows, 1)), size, axis=1)
        mixed = np.flatnonzero(rng.random(rows) < _MIXED)
        maker[mixed] = rng.integers(0, makers, (len(mixed), size))
        new = ids.copy()
        for number, table in enumerate(self.tables):
            mine = chosen & (maker == number)
            new[mine] = table.draw(ids[mine], rng)
        for number, pools in ((makers - 2, self._pool_of), (makers - 1, np.full(len(self.words), -1))):
            mine = chosen & (maker == number)
            new[mine] = self._draw(pools[ids[mine]], rng)
        return new

    def _draw(self, pools: Ids, rng: np.random.Generator) -> Ids:
        """A word of each pool, common ones oftener."""
        drawn = np.zeros(len(pools), dtype=np.int64)
        for number in np.unique(pools).tolist():
            mine = pools == number
            pool, upto = self._pools[number]
            drawn[mine] = pool[np.searchsorted(upto, rng.random(int(mine.sum())), side="right")]
        return drawn
