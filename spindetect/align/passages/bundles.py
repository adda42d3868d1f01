"""Bundles of aligned sentences: links that stand near each other on both sides, in whatever order.

A rewriter keeps few of a paragraph's words, but says its sentences one by one. So a bundle is
where a passage may be, and the more alike its sentences are, the better a place to grow one from;
what stands in no passage afterwards may be one by its sentences alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from spindetect.align.lexical.lexicon import Lexicon
from spindetect.align.passages.growth import long_enough, needed
from spindetect.align.passages.stretches import (
    KEPT_AT_FIRST,
    Indices,
    Lines,
    Match,
    Stretch,
    WordLine,
    estimate_kept,
    word_likelihoods,
)
from spindetect.align.sentences.alignment import SentenceLink, align_sentences

# Links this many sentences apart on both sides belong together: one was split, dropped or put in.
_APART = 3
# A link is evidence as far as it is more alike than this; sentences on one subject are as much.
_BY_SUBJECT = 0.35
# A bundle less alike than this is none.
_LEAST_ALIKE = 1.0
# The least of a bundle where the suspect has no passage yet: words in links, each counted by how much more alike
# its link is, ...
_ALIKE = 10.0
# ... and evidence by its words, in nats on the weaker side: so much, or what a grown passage needs if that is more.
# The more of the suspect is in passages, the likelier the rest was taken from the same text: both shrink to the
# share that isn't, down to this one.
_EVIDENCE = 30.0
_LEAST_SHARE = 0.15
# The least share of words that a bundle has kept, and the rounds to estimate it.
_LEAST_KEPT = 0.3
_ROUNDS = 3
_NO_LEXICON = Lexicon()

_Pair = tuple[Stretch, Stretch]


@dataclass(frozen=True, slots=True)
class Bundle:
    """The stretches from the first to the last of some links' words.

    ``alike`` are the words in the links (on the side that has fewer), each counted by how much more alike its link
    is than sentences on one subject.
    """

    match: Match
    alike: float


def find_bundles(lines: Lines) -> list[Bundle]:
    """All bundles of two texts, those of the most alike sentences first.

    The sentences are aligned anew by equal words, since an alignment of sentences in order drops
    the links that a rewriter leaves. No substitutions need be known for that.
    """
    suspect, reference = lines.suspect.document, lines.reference.document
    links = align_sentences(suspect, reference, _NO_LEXICON)
    mine, theirs = _first_words(lines.suspect), _first_words(lines.reference)
    bundles = []
    for bundled in _near(links):
        match = Match(
            Stretch(*_ends([link.suspect for link in bundled], mine)),
            Stretch(*_ends([link.reference for link in bundled], theirs)),
        )
        alike = sum(
            max(0.0, link.similarity - _BY_SUBJECT)
            * min(_words(link.suspect, mine), _words(link.reference, theirs))
            for link in bundled
        )
        if alike >= _LEAST_ALIKE:
            bundles.append(Bundle(match, alike))
    return sorted(bundles, key=lambda one: (-one.alike, one.match.suspect.start, one.match.reference.start))


def left_over(lines: Lines, bundles: Sequence[Bundle], passages: Sequence[_Pair]) -> list[_Pair]:
    """The bundles that are passages by themselves, where the suspect has none of ``passages``."""
    taken = np.zeros(len(lines.suspect), dtype=bool)
    for mine, _ in passages:
        taken[mine.start : mine.end] = True
    share = max(_LEAST_SHARE, 1.0 - float(taken.mean()))
    least = share * max(_EVIDENCE, needed(lines))
    found: list[_Pair] = []
    for bundle in bundles:
        if bundle.alike < share * _ALIKE:
            break
        mine = bundle.match.suspect
        free = not taken[mine.start : mine.end].any()
        if free and long_enough(lines, bundle.match) and evidence(lines, bundle.match) >= least:
            taken[mine.start : mine.end] = True
            found.append((mine, bundle.match.reference))
    return found


def evidence(lines: Lines, match: Match) -> float:
    """The evidence, in nats on the weaker side, that the two stretches as they are draw on each other."""
    mine = lines.suspect.types[match.suspect.start : match.suspect.end]
    theirs = lines.reference.types[match.reference.start : match.reference.end]
    sides = []
    for here, there in ((mine, theirs), (theirs, mine)):
        kept = KEPT_AT_FIRST
        for _ in range(_ROUNDS):
            scores, origin = word_likelihoods(here, there, lines.chance, kept)
            kept = estimate_kept(origin, _LEAST_KEPT)
        sides.append(float(scores.sum()))
    return min(sides)


def _near(links: Sequence[SentenceLink]) -> list[list[SentenceLink]]:
    """The links, which are in the suspect's order, in groups: one is near another of its group on both sides."""
    group = list(range(len(links)))

    def first(index: int) -> int:
        while group[index] != index:
            group[index] = group[group[index]]
            index = group[index]
        return index

    for index, link in enumerate(links):
        # No two links share a sentence, so few begin within reach.
        for later in range(index + 1, len(links)):
            other = links[later]
            if other.suspect.start - link.suspect.stop > _APART:
                break
            ahead, behind = other.reference.start - link.reference.stop, link.reference.start - other.reference.stop
            if max(ahead, behind) <= _APART:
                group[first(later)] = first(index)
    groups: dict[int, list[SentenceLink]] = defaultdict(list)
    for index, link in enumerate(links):
        groups[first(index)].append(link)
    return list(groups.values())


def _first_words(line: WordLine) -> Indices:
    """Where each sentence's words begin in the line, and at last where the line ends."""
    firsts = [sentence.first for sentence in line.document.sentences]
    return np.append(np.searchsorted(line.tokens, firsts), len(line))


def _ends(sentences: Sequence[range], first_words: Indices) -> tuple[int, int]:
    """From the first word of the first sentence to past the last word of the last."""
    start, stop = min(one.start for one in sentences), max(one.stop for one in sentences)
    return int(first_words[start]), int(first_words[stop])


def _words(sentences: range, first_words: Indices) -> int:
    return int(first_words[sentences.stop] - first_words[sentences.start])
