"""Learn what a spun phrase may have said before, and which words spinners put in, from simulated spinners."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from spindetect.align.lexical.lexicon import Entry
from spindetect.align.lexical.one_thing import regional
from spindetect.reference_free.ngrams import Ids
from spindetect.reference_free.originals import Supposed
from spindetect.reference_free.token_features import Table
from spindetect.segment.vocabulary import Vocabulary
from spindetect.training.language.lexicon import SOURCES, Counts
from spindetect.training.reference_free.regional import american_words

# Of the words that one may stand for, the likeliest so many; of words of kindred meaning, the nearest.
_MOST_KNOWN = 16
_MOST_KINDRED = 10
_LEAST_KINDRED = 0.35
# The habit assumed for a word of kindred meaning, in nats, at a cosine of 0.7, and how it changes with the cosine.
_KINDRED_HABIT = (-3.0, 0.7, 3.0)
_LEAST_HABIT = math.log(1e-3)
# Shares below which words count as never put in, or never met.
_FLOOR = 1e-6


def habit_of(entry: Entry) -> float:
    """How readily the substitution is made, as a log-probability; the association is a scaled root of it."""
    return max(_LEAST_HABIT, 2.0 * math.log(max(entry.association - 0.3, 1e-3) / 0.7))


def suppose(
    entries: Mapping[tuple[str, str], Entry],
    kindred: Kindred,
    rows: Mapping[str, int],
    function: NDArray[np.bool_],
    same: Ids,
) -> Supposed:
    """Lead every word and phrase back to what it may stand for; ``kindred`` are words that are near by vector.

    None stands for one of another country, nor for a word that counts as another one (``same``, of `counted_as`).
    """
    words = [*rows]

    def may_stand(new: int, old: int) -> bool:
        return bool(same[new] != same[old] == old) and not regional(words[old], words[new])

    singles: dict[int, dict[int, float]] = {}
    phrases: dict[tuple[int, ...], list[tuple[tuple[int, ...], float]]] = {}
    for (reference, suspect), entry in entries.items():
        old, new = (tuple(rows.get(word, -1) for word in phrase.split()) for phrase in (reference, suspect))
        if min(*old, *new) < 0:
            continue
        if len(old) == len(new) == 1:
            if may_stand(new[0], old[0]):
                singles.setdefault(new[0], {})[old[0]] = habit_of(entry)
        elif len(new) > 1 and not regional(reference, suspect):
            phrases.setdefault(new, []).append((old, habit_of(entry)))
    near, cosines = kindred
    kindred_habit, at, slope = _KINDRED_HABIT
    found: list[list[tuple[int, float, bool]]] = []
    for row in range(len(rows)):
        known = sorted(singles.get(row, {}).items(), key=lambda item: (-item[1], item[0]))[:_MOST_KNOWN]
        found.append([(word, habit, False) for word, habit in known])
        if function[row] or row >= len(near):
            continue
        kept = {word for word, _ in known}
        found[row] += [
            (word, kindred_habit + slope * (cosine - at), True)
            for word, cosine in zip(near[row].tolist(), cosines[row].tolist(), strict=True)
            if cosine > _LEAST_KINDRED and word not in kept and may_stand(row, word)
        ]
    flat = [item for items in found for item in items]
    return Supposed(
        np.cumsum([0, *map(len, found)]),
        np.array([word for word, _, _ in flat]),
        np.array([habit for _, habit, _ in flat]),
        np.array([supposed for _, _, supposed in flat]),
        {new: sorted(known, key=lambda one: (-one[1], one[0]))[:_MOST_KNOWN] for new, known in phrases.items()},
    )


Kindred = tuple[NDArray[np.int64], NDArray[np.float32]]
"""Each word's nearest others, nearest first, with their cosines; both of shape (words, so many)."""


def nearest(vectors: NDArray[np.float32], most: int = _MOST_KINDRED) -> Kindred:
    """The words of kindred meaning; ``vectors`` are unit rows, one for each word of the vocabulary."""
    near, cosines = [], []
    for first in range(0, len(vectors), 1000):
        alike = vectors[first : first + 1000] @ vectors.T
        alike[np.arange(len(alike)), np.arange(first, first + len(alike))] = -1.0
        few = np.sort(np.argpartition(-alike, most, axis=1)[:, :most], axis=1)
        found = np.take_along_axis(alike, few, axis=1)
        order = np.argsort(-found, axis=1, kind="stable")
        near.append(np.take_along_axis(few, order, axis=1))
        cosines.append(np.take_along_axis(found, order, axis=1))
    return np.concatenate(near), np.concatenate(cosines)


def function_words(words: Iterable[str], vocabulary: Vocabulary) -> NDArray[np.bool_]:
    """Whether each word is a function word."""
    return np.array([vocabulary[word].function for word in words], dtype=bool)


def learn_table(
    spun: Mapping[str, Counts],
    singles: NDArray[np.int64],
    capital: NDArray[np.float64],
    function: NDArray[np.bool_],
    rows: Mapping[str, int],
    same: Ids,
    without: Iterable[str] = (),
) -> Table:
    """The words that spinners put in, some sources left out, against how common words are (``singles``).

    The rarer ones of another country aren't taken for theirs; ``same`` are `counted_as`'s.
    """
    words = len(rows)
    shares = np.zeros(words)
    for name, (families, weight) in SOURCES.items():
        if name not in set(without):
            shares += weight * _put_in([spun[family] for family in families if family in spun], rows)
    shares /= max(shares.sum(), _FLOOR)
    common = singles[:words] / singles.sum()
    put_in = np.log((shares + _FLOOR) / (common + _FLOOR))
    for american, british in american_words(rows):
        if singles[rows[british]] < singles[rows[american]]:
            put_in[rows[british]] = min(put_in[rows[british]], 0.0)
    return Table(put_in, capital, function, same)


def _put_in(counts: Sequence[Counts], rows: Mapping[str, int]) -> NDArray[np.float64]:
    """How often each word was put in, as shares."""
    found: Counter[int] = Counter()
    for (reference, suspect), count in (item for one in counts for item in one.items()):
        kept = set(reference.split())
        found.update(
            {row: count for word in suspect.split() if word not in kept and (row := rows.get(word, -1)) >= 0}
        )
    shares = np.zeros(len(rows))
    shares[list(found)] = list(found.values())
    return shares / max(1.0, shares.sum())
