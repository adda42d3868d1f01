"""Align sentences: which of the suspect's answer to which of the reference's.

Not a monotone path as in Gale and Church (1993): paragraphs of a copy may be moved,
dropped and inserted. Every pair of sentences that share something gets a similarity;
neighbours that agree support each other; the best pairs are taken first, and a
sentence left over beside a pair may join it (1-2 and 2-1).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np
from numpy.typing import NDArray

from spindetect.datatypes import Document, Sentence, Word
from spindetect.lexicon import Lexicon

# Similarity below which a pair isn't even a candidate; independent sentences on one topic reach about 0.15.
_CANDIDATE = 0.12
# What a pair needs, its own similarity and its neighbours' support together.
_ACCEPT = 0.32
# Share of the neighbours' similarity that counts as support.
_SUPPORT = 0.25
# A known substitution counts this share of an equal word.
_KNOWN = 0.7
# A sentence joins a neighbour's pair if that raises the pair's similarity by this much.
_JOIN_GAIN = 0.04
# A stem in more sentences than this (and than one in ten) says nothing about which sentence is meant.
_COMMON = 20


@dataclass(frozen=True, slots=True)
class SentenceLink:
    """Half-open ranges of sentence indices (in each document) that answer to each other."""

    suspect: range
    reference: range
    similarity: float


@dataclass(frozen=True, slots=True)
class _Profile:
    """A sentence as a bag of stems with weights; ``total`` is their sum."""

    weights: Mapping[str, float]
    total: float


def align_sentences(suspect: Document, reference: Document, lexicon: Lexicon) -> list[SentenceLink]:
    """Return the aligned sentences in the suspect's order; page furniture takes no part."""
    similarity = _similarities(suspect, reference, lexicon)
    chosen = _choose(similarity)
    return _join_neighbours(suspect, reference, chosen, lexicon)


def sentence_similarities(suspect: Document, reference: Document, lexicon: Lexicon) -> NDArray[np.float64]:
    """How alike the sentences are by their words, as the alignment starts from it.

    Shape (suspect's sentences, reference's sentences), values 0 to 1. It is 0 for page
    furniture, and for pairs so little alike (under 0.12) that they aren't considered.
    """
    matrix = np.zeros((len(suspect.sentences), len(reference.sentences)))
    for place, value in _similarities(suspect, reference, lexicon).items():
        matrix[place] = value
    return matrix


def word_weight(word: Word) -> float:
    """How much a word tells about which sentence is meant, 0 to 1.5: rare words, names and numbers most."""
    if not word.lexical:
        return 0.0
    if word.function:
        return 0.08
    salient = 1.25 if word.capitalised or word.shape == "number" else 1.0
    return salient * min(1.2, 0.2 + word.rarity / 8.0)


def _profile(document: Document, sentences: Sequence[Sentence]) -> _Profile:
    weights: dict[str, float] = defaultdict(float)
    for sentence in sentences:
        for word in document.words[sentence.first : sentence.last]:
            weight = word_weight(word)
            if weight:
                weights[word.stem] += weight
    return _Profile(weights, fsum(weights.values()))


def _words_by_stem(document: Document, sentences: Sequence[Sentence]) -> dict[str, Word]:
    return {
        word.stem: word
        for sentence in sentences
        for word in document.words[sentence.first : sentence.last]
        if word.content
    }


def _similarities(suspect: Document, reference: Document, lexicon: Lexicon) -> dict[tuple[int, int], float]:
    """Similarity (0 to 1) of all pairs of sentences that share a content word, or a known substitution of one."""
    profiles = {
        index: _profile(reference, [sentence])
        for index, sentence in enumerate(reference.sentences)
        if not sentence.furniture
    }
    postings: dict[str, list[int]] = defaultdict(list)
    for index, profile in profiles.items():
        for stem in profile.weights:
            postings[stem].append(index)
    limit = max(_COMMON, len(profiles) // 10)
    stems = {stem: found for stem, found in postings.items() if len(found) <= limit}
    similarity: dict[tuple[int, int], float] = {}
    for index, sentence in enumerate(suspect.sentences):
        if sentence.furniture:
            continue
        profile = _profile(suspect, [sentence])
        shared = _shared(profile, _words_by_stem(suspect, [sentence]), profiles, stems, lexicon)
        for other, weight in shared.items():
            dice = _dice(weight, profile, profiles[other])
            if dice >= _CANDIDATE:
                similarity[index, other] = min(1.0, dice)
        if not shared:
            similarity |= _beside(index, profile, profiles)
    return similarity | dict.fromkeys(_repeated(suspect, reference), 1.0)


def _dice(shared: float, one: _Profile, other: _Profile) -> float:
    """Dice's coefficient of two profiles by the weight they share, 0 to 1, or a little above by known swaps."""
    return 2.0 * shared / max(1e-9, one.total + other.total)


def _beside(index: int, profile: _Profile, profiles: Mapping[int, _Profile]) -> dict[tuple[int, int], float]:
    """Similarities with the sentences at about the same place, for one whose words are too common to look up."""
    found = {}
    for other in range(index - 2, index + 3):
        if other in profiles:
            theirs = profiles[other]
            weight = fsum(min(mine, theirs.weights.get(stem, 0.0)) for stem, mine in profile.weights.items())
            dice = _dice(weight, profile, theirs)
            if dice >= _CANDIDATE:
                found[index, other] = min(1.0, dice)
    return found


def _repeated(suspect: Document, reference: Document) -> Iterator[tuple[int, int]]:
    """Pairs of sentences that are the same word for word, the n-th of a kind with the n-th.

    Sentences of common words alone would not be found by their stems.
    """
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for index, sentence in reversed(list(enumerate(reference.sentences))):
        if not sentence.furniture:
            places[_norms(reference, sentence)].append(index)
    for index, sentence in enumerate(suspect.sentences):
        if not sentence.furniture and (found := places.get(_norms(suspect, sentence))):
            yield index, found.pop()


def _norms(document: Document, sentence: Sentence) -> tuple[str, ...]:
    words = document.words[sentence.first : sentence.last]
    return tuple(word.norm for word in words if word.lexical)


def _shared(
    profile: _Profile,
    words: Mapping[str, Word],
    profiles: Mapping[int, _Profile],
    postings: Mapping[str, Sequence[int]],
    lexicon: Lexicon,
) -> dict[int, float]:
    """Weight that a suspect's sentence shares with each of the reference's sentences."""
    shared: dict[int, float] = defaultdict(float)
    common = []
    for stem, weight in profile.weights.items():
        exact = postings.get(stem)
        if exact is None:
            common.append((stem, weight))  # of too many sentences, or of none
        for other in exact or ():
            shared[other] += min(weight, profiles[other].weights[stem])
        if stem not in words:
            continue
        best: dict[int, float] = {}
        sources = lexicon.stem_sources.get(stem, {})
        for source in sources.keys() & postings.keys():
            if source in profile.weights:
                continue  # it may answer to itself
            for other in postings[source]:
                gain = _KNOWN * (0.4 + 0.6 * sources[source]) * min(weight, profiles[other].weights[source])
                best[other] = max(best.get(other, 0.0), gain)
        for other, gain in best.items():
            if stem not in profiles[other].weights:
                shared[other] += gain
    for other in shared:
        theirs = profiles[other].weights
        shared[other] += fsum(min(weight, theirs[stem]) for stem, weight in common if stem in theirs)
    return shared


def _choose(similarity: Mapping[tuple[int, int], float]) -> list[SentenceLink]:
    """Take pairs one to one, best first, judged by their similarity and their neighbours' support."""
    supported = {
        (i, j): value + _SUPPORT * (_best_near(similarity, i, j, -1) + _best_near(similarity, i, j, 1))
        for (i, j), value in similarity.items()
    }
    used_suspect: set[int] = set()
    used_reference: set[int] = set()
    chosen = []
    for (i, j), value in sorted(
        supported.items(), key=lambda item: (-item[1], abs(item[0][0] - item[0][1]), item[0])
    ):
        if value >= _ACCEPT and i not in used_suspect and j not in used_reference:
            used_suspect.add(i)
            used_reference.add(j)
            chosen.append(SentenceLink(range(i, i + 1), range(j, j + 1), similarity[i, j]))
    return sorted(chosen, key=lambda link: link.suspect.start)


def _best_near(similarity: Mapping[tuple[int, int], float], i: int, j: int, way: int) -> float:
    """The best similarity among the pairs that would stand next to (i, j) in an unmoved text."""
    near = ((i + way, j + way), (i + way, j + 2 * way), (i + 2 * way, j + way))
    return max(similarity.get(pair, 0.0) for pair in near)


def _join_neighbours(
    suspect: Document, reference: Document, chosen: Sequence[SentenceLink], lexicon: Lexicon
) -> list[SentenceLink]:
    """Let sentences left over join the pair beside them where the pair gains by it."""
    used_suspect = {index for link in chosen for index in link.suspect}
    used_reference = {index for link in chosen for index in link.reference}
    joined = []
    for link in chosen:
        best = link
        for i in (link.suspect.start - 1, link.suspect.stop):
            if _free(suspect, i, used_suspect):
                best = _better(suspect, reference, best, _grown(link.suspect, i), link.reference, lexicon)
        for j in (link.reference.start - 1, link.reference.stop):
            if _free(reference, j, used_reference):
                best = _better(suspect, reference, best, link.suspect, _grown(link.reference, j), lexicon)
        used_suspect.update(best.suspect)
        used_reference.update(best.reference)
        joined.append(best)
    return joined


def _free(document: Document, index: int, used: set[int]) -> bool:
    inside = 0 <= index < len(document.sentences)
    return inside and index not in used and not document.sentences[index].furniture


def _grown(stretch: range, index: int) -> range:
    return range(min(stretch.start, index), max(stretch.stop, index + 1))


def _better(
    suspect: Document, reference: Document, best: SentenceLink, left: range, right: range, lexicon: Lexicon
) -> SentenceLink:
    """The link of the grown stretches if it beats ``best`` by enough, else ``best``."""
    mine = [suspect.sentences[index] for index in left]
    theirs = [reference.sentences[index] for index in right]
    profile, other = _profile(suspect, mine), _profile(reference, theirs)
    postings = dict.fromkeys(other.weights, (0,))
    shared = _shared(profile, _words_by_stem(suspect, mine), {0: other}, postings, lexicon)
    dice = _dice(shared.get(0, 0.0), profile, other)
    if dice > best.similarity + _JOIN_GAIN:
        return SentenceLink(left, right, min(1.0, dice))
    return best
