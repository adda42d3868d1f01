"""Candidates: the reference's sentences that share enough with one of the suspect's, by an inverted index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import fsum

import numpy as np
from numpy.typing import NDArray

from spindetect.align.lexical.lexicon import Answers
from spindetect.align.sentences.profiles import Profile, dice, known_share

# A stem in more sentences than this (and than one in ten) says nothing about which sentence is meant. From some
# 4,500 sentences on it is fewer than one in ten, so that a word of each leads to so many hits in all: they would
# grow with the square of the length.
_COMMON = 20
_MOST_HITS = 2_000_000
_NOWHERE: list[tuple[int, float]] = []  # where a stem stands that stands nowhere
# From so many sentences in the reference, and so many hits among them, NumPy is faster.
_MANY = 200

_Known = tuple[str, float, list[tuple[int, float]]]
"""A stem that another may stand for, the share of an equal one that counts, and its places and weights."""

# Sums taken in another order differ by less.
_ROUNDING = 1e-9


class Candidates:
    """The reference's sentences, to be found by what they share with a sentence of the suspect.

    ``profiles`` are those of its sentences by their index, ``least`` is the similarity (0 to 1) that they need.
    """

    def __init__(self, profiles: Mapping[int, Profile], answers: Answers, least: float) -> None:
        self._profiles = profiles
        self._least = least
        postings: dict[str, list[tuple[int, float]]] = {}
        for index, profile in profiles.items():
            for stem, weight in profile.weights.items():
                postings.setdefault(stem, []).append((index, weight))
        limit = max(_COMMON, min(len(profiles) // 10, _MOST_HITS // max(1, len(profiles))))
        self._common = {stem for stem, found in postings.items() if len(found) > limit}
        self._arrays = _Arrays(profiles, postings) if len(profiles) >= _MANY else None
        self._postings = {stem: found for stem, found in postings.items() if stem not in self._common}
        self._swaps = {stem: self._known(found) for stem, found in answers.items()}

    def _known(self, answers: Sequence[tuple[str, float]]) -> list[_Known]:
        """A stem's known substitutions among the telling stems, with the share that each counts."""
        return [
            (source, known_share(association), self._postings[source])
            for source, association in answers
            if source in self._postings
        ]

    def similar(self, profile: Profile) -> dict[int, float] | None:
        """The sentences' similarities (0 to 1) by index; None if none shares a telling stem at all."""
        everywhere = [(stem, profile.weights[stem]) for stem in profile.weights.keys() & self._common]
        if self._arrays and self._hits(profile) >= _MANY:
            shared = self._shared_of_many(self._arrays, profile, everywhere)
        else:
            shared = self._shared(profile)
        if shared is None:
            return None
        found = {}
        for index, weight in shared.items():
            theirs = self._profiles[index]
            weight += fsum([min(mine, theirs.weights[stem]) for stem, mine in everywhere if stem in theirs.weights])
            alike = dice(weight, profile, theirs)
            if alike >= self._least:
                found[index] = min(1.0, alike)
        return found

    def _hits(self, profile: Profile) -> int:
        """How often a telling stem leads to a sentence; a sentence may be counted several times."""
        equal = sum(len(self._postings.get(stem, _NOWHERE)) for stem in profile.weights)
        return equal + sum(len(found) for stem in profile.content for _, _, found in self._swaps.get(stem, ()))

    def _shared(self, profile: Profile) -> dict[int, float] | None:
        """Weight shared with each sentence by telling stems, `shared_weight` for all at once; None without any."""
        shared: dict[int, float] = {}
        for stem, weight in profile.weights.items():
            for index, theirs in self._postings.get(stem, _NOWHERE):
                shared[index] = shared.get(index, 0.0) + (weight if weight < theirs else theirs)
            swaps = self._swaps.get(stem)
            if not swaps or stem not in profile.content:
                continue
            best: dict[int, float] = {}
            for source, share, found in swaps:
                if source in profile.weights:
                    continue  # it may answer to itself
                for index, theirs in found:
                    gain = share * (weight if weight < theirs else theirs)
                    if gain > best.get(index, 0.0):
                        best[index] = gain
            for index, gain in best.items():
                if stem not in self._profiles[index].weights:
                    shared[index] = shared.get(index, 0.0) + gain
        return shared or None

    def _shared_of_many(
        self, arrays: _Arrays, profile: Profile, everywhere: Sequence[tuple[str, float]]
    ) -> dict[int, float] | None:
        """The same in NumPy, added up in the same order; sentences that can't be similar enough are left out."""
        shared, best = np.zeros(len(arrays.totals)), np.zeros(len(arrays.totals))
        for stem, weight in profile.weights.items():
            if stem in self._postings:
                places, theirs = arrays.postings[stem]
                shared[places] += np.minimum(weight, theirs)
            if stem in profile.content and self._swaps.get(stem):
                self._add_known(arrays, profile, stem, shared, best)
        if not shared.any():
            return None
        common = np.zeros(len(shared))
        for stem, weight in everywhere:
            places, theirs = arrays.postings[stem]
            common[places] += np.minimum(weight, theirs)
        alike = 2.0 * (shared + common) / (profile.total + arrays.totals)
        places = np.flatnonzero((shared > 0.0) & (alike >= self._least - _ROUNDING))
        return {arrays.indices[place]: float(shared[place]) for place in places}

    def _add_known(
        self, arrays: _Arrays, profile: Profile, stem: str, shared: NDArray[np.float64], best: NDArray[np.float64]
    ) -> None:
        """Add what a stem's best known substitution gives in each sentence that doesn't hold the stem itself.

        ``best`` is all zeros, and is again afterwards: only the sentences that are hit are looked at, since all
        of them for each stem would be the square of the length.
        """
        hit = []
        for source, share, _ in self._swaps[stem]:
            if source not in profile.weights:
                places, theirs = arrays.postings[source]
                gains = share * np.minimum(profile.weights[stem], theirs)
                best[places] = np.maximum(best[places], gains)
                hit.append(places)
        if not hit:
            return
        if stem in arrays.postings:
            best[arrays.postings[stem][0]] = 0.0
        for places in hit:
            shared[places] += best[places]
            best[places] = 0.0


class _Arrays:
    """The index as arrays: ``postings`` lead from a stem to places among the sentences and weights.

    ``indices`` and ``totals`` are the sentences' indices and the sums of their weights.
    """

    def __init__(
        self, profiles: Mapping[int, Profile], postings: Mapping[str, Sequence[tuple[int, float]]]
    ) -> None:
        self.indices = list(profiles)
        self.totals = np.array([profile.total for profile in profiles.values()])
        places = {index: place for place, index in enumerate(self.indices)}
        self.postings = {
            stem: (np.array([places[index] for index, _ in found]), np.array([weight for _, weight in found]))
            for stem, found in postings.items()
        }
