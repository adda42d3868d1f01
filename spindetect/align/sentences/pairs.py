"""Put the two aligners together: candidate sentence pairs, their words, and which pairs hold."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum
from typing import NamedTuple

from spindetect.align.lexical.lexicon import Lexicon
from spindetect.align.sentences.alignment import align_sentences
from spindetect.align.words.alignment import align_words
from spindetect.align.words.strands import Strand, WordAlignment, strand
from spindetect.records import Document, Sentence, Span

# Similarity by word alignment that a pair needs on its own; independent reports' best pairs reach about 0.4.
_ALONE = 0.44
# ... and beside a neighbour that holds, in the same order.
_SUPPORTED = 0.30
# Similarity by words in any order from which a pair says where the texts meet, though no word is compared.
_MEETING = 0.4
# A text has come to its end beside the other if it goes on for so many words at most.
_REST = 25
# A link's worth by its kind; a guess between unrelated words is worth nothing.
_KNOWN = 0.85
_REWORDED = 0.2
_RELATED_FROM = 0.3


@dataclass(frozen=True, slots=True)
class AlignedPair:
    """Sentences that answer to each other (half-open index ranges), and their words' alignment."""

    suspect: range
    reference: range
    words: WordAlignment
    similarity: float


class Alignment(NamedTuple):
    """The aligned pairs that hold, in the suspect's order, and the words of all sentences linked at first.

    ``linked`` counts them in the suspect and in the reference: a reworked sentence may share its words with another
    in any order and yet be no pair to compare word by word. ``beside`` are the words, by place in ``lexical``,
    that have the other text beside them.
    """

    pairs: list[AlignedPair]
    linked: tuple[int, int]
    beside: tuple[range, range]


def align(suspect: Document, reference: Document, lexicon: Lexicon) -> Alignment:
    """Align two documents' sentences and words."""
    candidates = align_sentences(suspect, reference, lexicon)
    strands = [(_strand(reference, link.reference), _strand(suspect, link.suspect)) for link in candidates]
    aligned = align_words(strands, lexicon)
    pairs = [
        AlignedPair(link.suspect, link.reference, words, similarity(words, lexicon))
        for link, words in zip(candidates, aligned, strict=True)
    ]
    sure = {(pair.suspect.start, pair.reference.start): pair for pair in pairs if pair.similarity >= _ALONE}
    ends = {(pair.suspect.stop, pair.reference.stop) for pair in sure.values()}
    kept = []
    for pair in pairs:  # those alike by themselves, or fairly so beside a neighbour that is
        before = (pair.suspect.start, pair.reference.start) in ends
        after = (pair.suspect.stop, pair.reference.stop) in sure
        if pair.similarity >= _ALONE or (pair.similarity >= _SUPPORTED and (before or after)):
            kept.append(pair)
    alike = [
        max(pair.similarity - _ALONE, one.similarity - _MEETING)
        for pair, one in zip(pairs, candidates, strict=True)
    ]
    meeting = [pair for pair, gain in zip(pairs, alike, strict=True) if gain >= 0.0]
    return Alignment(kept, (_linked(pairs, 1), _linked(pairs, 0)), _beside(meeting, suspect, reference))


def _beside(pairs: Sequence[AlignedPair], *texts: Document) -> tuple[range, range]:
    """The words of each text, by place in its ``lexical``, that have the other text beside them.

    An excerpt may begin or end before the other text does. Where both begin with one pair, and one has hardly a
    word before it, they are beside each other from there on; and so at their ends.
    """
    found = [range(len(text.lexical)) for text in texts]
    both = [(pair.words.suspect.tokens, pair.words.reference.tokens) for pair in pairs]
    strands = [(mine, theirs) for mine, theirs in both if mine and theirs]
    for end, nearest in ((0, min), (-1, max)) if strands else ():
        meeting = [nearest([strand[side][end] for strand in strands]) for side in (0, 1)]
        rest = [bisect_left(text.lexical, token) for text, token in zip(texts, meeting, strict=True)]
        if end:
            rest = [len(text.lexical) - 1 - before for text, before in zip(texts, rest, strict=True)]
        for side in (0, 1) if meeting in [[mine[end], theirs[end]] for mine, theirs in strands] else ():
            if rest[side] > _REST >= rest[1 - side]:
                found[side] = found[side][: -rest[side]] if end else found[side][rest[side] :]
    return found[0], found[1]


def _linked(pairs: Sequence[AlignedPair], side: int) -> int:
    return sum(len((pair.words.reference, pair.words.suspect)[side].words) for pair in pairs)


def align_pair(
    suspect: Document, reference: Document, mine: range, theirs: range, lexicon: Lexicon
) -> WordAlignment:
    """The word alignment of some neighbouring sentences (ranges of indices) of each document."""
    return align_words([(_strand(reference, theirs), _strand(suspect, mine))], lexicon)[0]


def sentence_span(document: Document, sentences: range) -> Span:
    """The span of consecutive sentences in the text."""
    return Span(document.sentences[sentences.start].span.start, document.sentences[sentences.stop - 1].span.end)


def sentences_of(document: Document, span: Span) -> range:
    """The indices of the sentences that begin in a span; back from `sentence_span`."""
    first = bisect_left(document.sentences, span.start, key=_start)
    return range(first, bisect_left(document.sentences, span.end, first, key=_start))


def _start(sentence: Sentence) -> int:
    return sentence.span.start


def similarity(alignment: WordAlignment, lexicon: Lexicon) -> float:
    """Share of two strands' words, by weight, that are linked in order, 0 to 1; a known swap counts 0.85."""
    total = fsum([word.weight for word in (*alignment.reference.words, *alignment.suspect.words)])
    if not total:
        return 0.0
    old, new = alignment.reference.words, alignment.suspect.words
    linked = []
    for link in alignment.links:
        if link.relation == "equal":
            linked += [old[link.reference.start].weight, new[link.suspect.start].weight]
            continue
        left, right = alignment.phrases(link)
        if [word.stem for word in left] == [word.stem for word in right]:
            worth = 1.0
        elif lexicon.find(left, right):
            worth = _KNOWN
        elif len(left) == len(right) == 1:
            worth = max(0.0, lexicon.relatedness(left[0].row, right[0].row) - _RELATED_FROM)
        else:
            worth = _REWORDED
        linked += [worth * word.weight for word in left + right]
    return fsum(linked) / total


def _strand(document: Document, sentences: range) -> Strand:
    return strand(document, document.sentences[sentences.start].first, document.sentences[sentences.stop - 1].last)
