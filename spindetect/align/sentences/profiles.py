"""Profiles: sentences as bags of stems with weights, and what two of them have in common."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum

from spindetect.align.lexical.lexicon import Answers
from spindetect.records import Document

# A sure substitution counts this share of an equal word.
_KNOWN = 0.7


@dataclass(frozen=True, slots=True)
class Profile:
    """Sentences as a bag of stems with weights; ``total`` is their sum, ``content`` the content words' stems."""

    weights: dict[str, float]
    total: float
    content: set[str]


class Profiles:
    """The profiles of a document's sentences, alone and of some that stand together; each is made once."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._made: dict[range, Profile] = {}

    def __getitem__(self, sentences: range) -> Profile:
        """The profile of some neighbouring sentences."""
        made = self._made.get(sentences)
        if made is None:
            made = self._made[sentences] = self._make(sentences)
        return made

    def alone(self) -> dict[int, Profile]:
        """The profile of every sentence by itself, by its index; boilerplate is left out."""
        sentences = enumerate(self.document.sentences)
        return {index: self[range(index, index + 1)] for index, sentence in sentences if not sentence.boilerplate}

    def _make(self, sentences: range) -> Profile:
        ends = self.document.sentences[sentences.start], self.document.sentences[sentences.stop - 1]
        words = [word for word in self.document.words[ends[0].first : ends[1].last] if word.weight]
        weights: dict[str, float] = {}
        for word in words:
            weights[word.stem] = weights.get(word.stem, 0.0) + word.weight
        return Profile(weights, fsum(weights.values()), {word.stem for word in words if word.content})


def known_share(association: float) -> float:
    """The share of an equal word that a known substitution counts, 0.28 to 0.7."""
    return _KNOWN * (0.4 + 0.6 * association)


def shared_weight(mine: Profile, theirs: Profile, answers: Answers) -> float:
    """Weight that a suspect's and a reference's profile share: by equal stems, else by the best known swap."""
    shared = 0.0
    for stem, weight in mine.weights.items():
        if stem in theirs.weights:
            shared += min(weight, theirs.weights[stem])
        elif stem in mine.content:
            shared += max(
                [
                    known_share(association) * min(weight, theirs.weights[source])
                    for source, association in answers.get(stem, ())
                    if source in theirs.weights and source not in mine.weights  # there it may answer to itself
                ],
                default=0.0,
            )
    return shared


def dice(shared: float, one: Profile, other: Profile) -> float:
    """Dice's coefficient of two profiles by the weight they share, 0 to 1, or a little above by known swaps."""
    return 2.0 * shared / max(1e-9, one.total + other.total)
