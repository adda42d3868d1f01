"""Strands: the words of some sentences without punctuation, and links between two of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Literal, NamedTuple

from spindetect.records import Document, Word


class Link(NamedTuple):
    """Words of the reference and of the suspect that answer to each other; half-open word ranges.

    The ranges count within the pair's `Strand`. ``equal`` links join one word to the same word.
    """

    reference: range
    suspect: range
    relation: Literal["equal", "replaced"]
    crossing: bool = False


@dataclass(frozen=True, slots=True)
class Strand:
    """The words of some sentences, without punctuation: their token indices and where a phrase may not cross.

    ``barrier[i]`` is set when punctuation other than a hyphen stands before word ``i``.
    """

    tokens: tuple[int, ...]
    words: tuple[Word, ...]
    barrier: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class WordAlignment:
    """Two strands and the links between them, in the suspect's order; what has no link was added or dropped.

    ``crossing`` are likely links beside those, in any order; their words may have others too. ``moved`` are the
    words of the reference and of the suspect that stand in a sentence beside the other's.
    """

    reference: Strand
    suspect: Strand
    links: tuple[Link, ...]
    moved: tuple[frozenset[int], frozenset[int]] = (frozenset(), frozenset())
    crossing: tuple[Link, ...] = ()

    def phrases(self, link: Link) -> tuple[tuple[Word, ...], tuple[Word, ...]]:
        """The words of the reference and of the suspect that a link joins."""
        old, new = link.reference, link.suspect
        return self.reference.words[old.start : old.stop], self.suspect.words[new.start : new.stop]


def strand(document: Document, first: int, last: int) -> Strand:
    """The words among the tokens ``first`` up to, not including, ``last``."""
    tokens: list[int] = []
    barrier: list[bool] = []
    blocked = True
    for index in range(first, last):
        word = document.words[index]
        if word.lexical:
            tokens.append(index)
            barrier.append(blocked)
            blocked = False
        elif word.norm not in ("-", "'", "'s"):
            blocked = True
    return Strand(tuple(tokens), tuple(document.words[index] for index in tokens), tuple(barrier))


def linked_words(links: Sequence[Link]) -> tuple[set[int], set[int]]:
    """The reference's words and the suspect's that any of the links joins."""
    left = set(chain.from_iterable([link.reference for link in links]))
    return left, set(chain.from_iterable([link.suspect for link in links]))


def content_stems(words: Iterable[Word]) -> frozenset[str]:
    """The stems of the content words among some words."""
    return frozenset([word.stem for word in words if word.content])


def link_of(reference: Strand, suspect: Strand, left: range, right: range) -> Link:
    """A link, ``equal`` when it joins one word to the same word (case and disguise apart)."""
    if len(left) == len(right) == 1:
        return word_link(reference, suspect, left.start, right.start)
    return Link(left, right, "replaced")


def word_link(reference: Strand, suspect: Strand, i: int, j: int) -> Link:
    """The link of the reference's word ``i`` with the suspect's word ``j``."""
    return _of_single(i, j, "equal" if reference.words[i].norm == suspect.words[j].norm else "replaced")


@lru_cache(maxsize=10_000)  # most links are of words at about the same place
def _of_single(i: int, j: int, relation: Literal["equal", "replaced"]) -> Link:
    return Link(range(i, i + 1), range(j, j + 1), relation)
