"""Counts that the features are made of, taken once over a comparison's aligned pairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, chain
from typing import NamedTuple

from spindetect.align.pairs import AlignedPair
from spindetect.align.strands import Link
from spindetect.classify.swaps import Swap
from spindetect.datatypes import Document, SentencePair, Substitution, Word
from spindetect.lexicon import Lexicon

# Evidence of one substitution is bounded, so that no single swap decides.
MOST_EVIDENCE = 4.0
# A run of at least this many equal words in order counts as copied verbatim.
LONG_RUN = 8


class Swapped(NamedTuple):
    """A substitution with what the lexicon says of it: ``evidence`` in nats (bounded), ``known`` or not.

    ``relatedness`` is the cosine of the words' vectors, ``rarer`` by how many nats the new
    words are rarer than the old; both 0 but for single words.
    """

    item: Substitution
    swap: Swap
    known: bool
    evidence: float
    relatedness: float
    rarer: float


@dataclass(frozen=True, slots=True)
class PairEvidence:
    """One aligned pair: its words, how many are equal, moved, added or dropped, and its swaps."""

    suspect_words: int
    reference_words: int
    suspect_content: int
    equal: int
    equal_content: int
    crossing: int
    added_content: int
    dropped_content: int
    added_function: int
    dropped_function: int
    swaps: tuple[Swapped, ...]
    sentences: tuple[int, int]
    moved: bool
    adjacent: bool
    similarity: float

    @property
    def changes(self) -> tuple[Swapped, ...]:
        """The swaps that changed a word; one in disguise is kept."""
        return tuple(one for one in self.swaps if one.item.kind != "disguise")


@dataclass(frozen=True, slots=True)
class Evidence:
    """All pairs' evidence, both documents' words outside page furniture, and the words in long runs.

    ``aligned`` are the suspect's and the reference's words in aligned sentences, ``swaps`` all
    substitutions but those of kind ``form``.
    """

    pairs: tuple[PairEvidence, ...]
    suspect_words: int
    reference_words: int
    in_long_runs: int
    aligned: tuple[int, int] = field(init=False)
    swaps: tuple[Swapped, ...] = field(init=False)

    def __post_init__(self) -> None:
        words = sum(pair.suspect_words for pair in self.pairs), sum(pair.reference_words for pair in self.pairs)
        object.__setattr__(self, "aligned", words)
        found = (one for pair in self.pairs for one in pair.swaps if one.item.kind != "form")
        object.__setattr__(self, "swaps", tuple(found))


def gather(
    aligned: Sequence[tuple[AlignedPair, SentencePair, Sequence[Swap], Sequence[Link]]],
    suspect: Document,
    reference: Document,
    lexicon: Lexicon,
) -> Evidence:
    """Count what the features need, pair by pair."""
    pairs = []
    furthest = -1
    last: AlignedPair | None = None
    for pair, view, swaps, links in aligned:
        order = pair.reference.start < furthest, last is not None and _follows(last, pair)
        furthest = max(furthest, pair.reference.start)
        last = pair
        pairs.append(_pair_evidence(pair, view, swaps, links, order, lexicon))
    runs = _in_long_runs([(pair, links) for pair, _, _, links in aligned], suspect, reference)
    return Evidence(tuple(pairs), suspect.word_count, reference.word_count, runs)


def _pair_evidence(
    pair: AlignedPair,
    view: SentencePair,
    swaps: Sequence[Swap],
    links: Sequence[Link],
    order: tuple[bool, bool],
    lexicon: Lexicon,
) -> PairEvidence:
    left, right = pair.words.reference, pair.words.suspect
    equal = [link for link in links if link.relation == "equal"]
    linked: list[Link | Swap] = [*links, *swaps]
    linked_left = set(chain.from_iterable([one.reference for one in linked]))
    linked_right = set(chain.from_iterable([one.suspect for one in linked]))
    added = [word.content for index, word in enumerate(right.words) if index not in linked_right]
    dropped = [word.content for index, word in enumerate(left.words) if index not in linked_left]
    return PairEvidence(
        suspect_words=len(right.words),
        reference_words=len(left.words),
        suspect_content=sum([word.content for word in right.words]),
        equal=len(equal),
        equal_content=sum([right.words[link.suspect.start].content for link in equal]),
        crossing=sum([link.crossing for link in links]),
        added_content=sum(added),
        dropped_content=sum(dropped),
        added_function=len(added) - sum(added),
        dropped_function=len(dropped) - sum(dropped),
        swaps=tuple(
            _swapped(item, swap, left.words, right.words, lexicon)
            for item, swap in zip(view.substitutions, swaps, strict=True)
        ),
        sentences=(len(pair.suspect), len(pair.reference)),
        moved=order[0],
        adjacent=order[1],
        similarity=pair.similarity,
    )


def _follows(last: AlignedPair, pair: AlignedPair) -> bool:
    """Whether a pair comes right after another on both sides, at most one sentence skipped."""
    ahead = pair.suspect.start - last.suspect.stop, pair.reference.start - last.reference.stop
    return all(0 <= step <= 1 for step in ahead)


def _swapped(
    item: Substitution, swap: Swap, left: Sequence[Word], right: Sequence[Word], lexicon: Lexicon
) -> Swapped:
    old, new = left[swap.reference.start : swap.reference.stop], right[swap.suspect.start : swap.suspect.stop]
    known = lexicon.find(old, new)
    evidence = 0.0 if item.kind in ("form", "number", "rewrite", "disguise") else lexicon.evidence(old, new, known)
    bounded = max(-MOST_EVIDENCE, min(MOST_EVIDENCE, evidence))
    single = len(old) == len(new) == 1
    related = lexicon.relatedness(old[0].row, new[0].row) if single else 0.0
    rarer = new[0].rarity - old[0].rarity if single and item.kind == "synonym" else 0.0
    return Swapped(item, swap, known is not None, bounded, related, rarer)


def _in_long_runs(
    aligned: Sequence[tuple[AlignedPair, Sequence[Link]]], suspect: Document, reference: Document
) -> int:
    """Words in runs of at least `LONG_RUN` equal words that follow each other on both sides, across sentences."""
    left, right = _ordinals(reference), _ordinals(suspect)
    total = run = 0
    last = (-2, -2)
    for pair, links in aligned:
        for link in links:
            if link.relation != "equal":
                continue
            old = left[pair.words.reference.tokens[link.reference[0]]]
            new = right[pair.words.suspect.tokens[link.suspect[0]]]
            if (old, new) == (last[0] + 1, last[1] + 1):
                run += 1
            else:
                total += run if run >= LONG_RUN else 0
                run = 1
            last = old, new
    return total + (run if run >= LONG_RUN else 0)


def _ordinals(document: Document) -> list[int]:
    """For each token the number of words up to it."""
    return list(accumulate([word.lexical for word in document.words]))
