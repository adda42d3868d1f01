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
from heapq import nsmallest
from math import fsum

import numpy as np
from numpy.typing import NDArray

from spindetect.align.lexical.lexicon import Answers, Lexicon
from spindetect.align.sentences.candidates import Candidates
from spindetect.align.sentences.profiles import Profile, Profiles, dice, shared_weight
from spindetect.records import Document, Sentence

# Similarity below which a pair isn't even a candidate; independent sentences on one topic reach about 0.15.
_CANDIDATE = 0.12
# Of the sentences that are alike to one, so many of the most alike and so many of the nearest are considered:
# sentences made to one pattern would else make pairs without end.
_MOST_ALIKE = 30
_NEAREST = 20
# The least of a pair, its own similarity and its neighbours' support together.
_ACCEPT = 0.32
# Share of the neighbours' similarity that counts as support.
_SUPPORT = 0.25
_NOTHING: dict[int, float] = {}
# A sentence joins a neighbour's pair if that raises the pair's similarity by this much.
_JOIN_GAIN = 0.04


@dataclass(frozen=True, slots=True)
class SentenceLink:
    """Half-open ranges of sentence indices (in each document) that answer to each other."""

    suspect: range
    reference: range
    similarity: float


@dataclass(frozen=True, slots=True)
class _Texts:
    """Both texts' profiles, and what the lexicon knows between them."""

    suspect: Profiles
    reference: Profiles
    answers: Answers


def align_sentences(suspect: Document, reference: Document, lexicon: Lexicon) -> list[SentenceLink]:
    """Return the aligned sentences in the suspect's order; boilerplate takes no part."""
    texts = _texts(suspect, reference, lexicon)
    return _join_neighbours(texts, _choose(_similarities(texts)))


def sentence_similarities(suspect: Document, reference: Document, lexicon: Lexicon) -> NDArray[np.float64]:
    """How alike the sentences are by their words, as the alignment starts from it.

    Shape (suspect's sentences, reference's sentences), values 0 to 1. It is 0 for page
    boilerplate, and for pairs so little alike (under 0.12) that they aren't considered.
    """
    matrix = np.zeros((len(suspect.sentences), len(reference.sentences)))
    for place, value in _similarities(_texts(suspect, reference, lexicon)).items():
        matrix[place] = value
    return matrix


def _texts(suspect: Document, reference: Document, lexicon: Lexicon) -> _Texts:
    mine = {word.stem for word in suspect.words if word.content}
    theirs = {word.stem for word in reference.words if word.lexical}
    return _Texts(Profiles(suspect), Profiles(reference), lexicon.stem_answers.either_way(mine, theirs))


def _similarities(texts: _Texts) -> dict[tuple[int, int], float]:
    """Similarity (0 to 1) of all pairs of sentences that share a content word, or a known substitution of one."""
    profiles = texts.reference.alone()
    candidates = Candidates(profiles, texts.answers, _CANDIDATE)
    similarity: dict[tuple[int, int], float] = {}
    for index, profile in texts.suspect.alone().items():
        found = candidates.similar(profile)
        if found is None:
            found = _beside(index, profile, profiles)
        similarity |= {(index, other): alike for other, alike in _considered(index, found).items()}
    return similarity | dict.fromkeys(_repeated(texts.suspect.document, texts.reference.document), 1.0)


def _considered(index: int, found: Mapping[int, float]) -> Mapping[int, float]:
    """Of the sentences alike to the one at ``index``, by theirs, those that are considered."""
    if len(found) <= _MOST_ALIKE + _NEAREST:
        return found
    alike = nsmallest(_MOST_ALIKE, found, key=lambda other: (-found[other], abs(other - index), other))
    nearest = nsmallest(_NEAREST, found, key=lambda other: (abs(other - index), other))
    return {other: found[other] for other in (*alike, *nearest)}


def _beside(index: int, profile: Profile, profiles: Mapping[int, Profile]) -> dict[int, float]:
    """Similarities with the sentences at about the same place, for one whose words are too common to look up."""
    found = {}
    for other in range(index - 2, index + 3):
        if other in profiles:
            theirs = profiles[other]
            weight = fsum(min(mine, theirs.weights.get(stem, 0.0)) for stem, mine in profile.weights.items())
            alike = dice(weight, profile, theirs)
            if alike >= _CANDIDATE:
                found[other] = min(1.0, alike)
    return found


def _repeated(suspect: Document, reference: Document) -> Iterator[tuple[int, int]]:
    """Pairs of sentences that are the same word for word, the n-th of a kind with the n-th.

    Sentences of common words alone would not be found by their stems.
    """
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for index, sentence in reversed(list(enumerate(reference.sentences))):
        if not sentence.boilerplate:
            places[_norms(reference, sentence)].append(index)
    for index, sentence in enumerate(suspect.sentences):
        if not sentence.boilerplate and (found := places.get(_norms(suspect, sentence))):
            yield index, found.pop()


def _norms(document: Document, sentence: Sentence) -> tuple[str, ...]:
    words = document.words[sentence.first : sentence.last]
    return tuple([word.norm for word in words if word.lexical])


def _choose(similarity: Mapping[tuple[int, int], float]) -> list[SentenceLink]:
    """Take pairs one to one, best first, judged by their similarity and their neighbours' support."""
    rows: dict[int, dict[int, float]] = {}
    for (i, j), value in similarity.items():
        rows.setdefault(i, {})[j] = value
    best_first = sorted(
        [
            (-value, abs(i - j), i, j)
            for i, row in rows.items()
            for j, own in row.items()
            if (value := own + _SUPPORT * (_best_near(rows, i, j, -1) + _best_near(rows, i, j, 1))) >= _ACCEPT
        ]
    )
    used_suspect: set[int] = set()
    used_reference: set[int] = set()
    chosen = []
    for _, _, i, j in best_first:
        if i not in used_suspect and j not in used_reference:
            used_suspect.add(i)
            used_reference.add(j)
            chosen.append(SentenceLink(range(i, i + 1), range(j, j + 1), similarity[i, j]))
    return sorted(chosen, key=lambda link: link.suspect.start)


def _best_near(rows: dict[int, dict[int, float]], i: int, j: int, way: int) -> float:
    """The best similarity among the pairs that would stand next to (i, j) in an unmoved text."""
    near, next_but_one = rows.get(i + way, _NOTHING), rows.get(i + 2 * way, _NOTHING)
    return max(near.get(j + way, 0.0), near.get(j + 2 * way, 0.0), next_but_one.get(j + way, 0.0))


def _join_neighbours(texts: _Texts, chosen: Sequence[SentenceLink]) -> list[SentenceLink]:
    """Let sentences left over join the pair beside them where the pair gains by it."""
    used_suspect = {index for link in chosen for index in link.suspect}
    used_reference = {index for link in chosen for index in link.reference}
    joined = []
    for link in chosen:
        best = link
        for i in (link.suspect.start - 1, link.suspect.stop):
            if _free(texts.suspect.document, i, used_suspect):
                best = _better(texts, best, _grown(link.suspect, i), link.reference)
        for j in (link.reference.start - 1, link.reference.stop):
            if _free(texts.reference.document, j, used_reference):
                best = _better(texts, best, link.suspect, _grown(link.reference, j))
        used_suspect.update(best.suspect)
        used_reference.update(best.reference)
        joined.append(best)
    return joined


def _free(document: Document, index: int, used: set[int]) -> bool:
    inside = 0 <= index < len(document.sentences)
    return inside and index not in used and not document.sentences[index].boilerplate


def _grown(stretch: range, index: int) -> range:
    return range(min(stretch.start, index), max(stretch.stop, index + 1))


def _better(texts: _Texts, best: SentenceLink, left: range, right: range) -> SentenceLink:
    """The link of the grown stretches if it beats ``best`` by enough, else ``best``."""
    mine, theirs = texts.suspect[left], texts.reference[right]
    alike = dice(shared_weight(mine, theirs, texts.answers), mine, theirs)
    if alike > best.similarity + _JOIN_GAIN:
        return SentenceLink(left, right, min(1.0, alike))
    return best
