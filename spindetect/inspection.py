"""Looking inside an alignment: what it started from, and which word answers to which.

Nothing here is computed in another way than for the score; it is computed once more
because a comparison doesn't keep it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from spindetect.align.lexical.lexicon import Lexicon
from spindetect.align.sentences.pairs import align_pair, sentences_of
from spindetect.align.words.strands import Strand
from spindetect.classify.phrases import find_phrase_pairs
from spindetect.findings import Result, SentencePair
from spindetect.records import Document, Span


@dataclass(frozen=True, slots=True)
class WordLink:
    """Neighbouring words of the suspect and of the reference that answer to each other.

    ``equal`` links join one word to the same word, ``replaced`` ones join a phrase to
    what stands for it; ``crossing`` ones changed their place in the sentence.
    """

    suspect: tuple[Span, ...]
    reference: tuple[Span, ...]
    relation: Literal["equal", "replaced"]
    crossing: bool


@dataclass(frozen=True, slots=True)
class PairWords:
    """The words of a sentence pair on both sides, without punctuation, and the links between them.

    A word without a link was added, or dropped.
    """

    suspect: tuple[Span, ...]
    reference: tuple[Span, ...]
    links: tuple[WordLink, ...]


def pair_words(comparison: Result, pair: SentencePair, lexicon: Lexicon) -> PairWords:
    """The word alignment of one of the comparison's sentence pairs; links in the suspect's order.

    Raises ``ValueError`` when the pair isn't one of this comparison's.
    """
    if pair not in comparison.alignment:
        raise ValueError("the sentence pair isn't in this comparison; take one from its alignment.")
    suspect, reference = comparison.suspect, comparison.reference
    mine, theirs = sentences_of(suspect, pair.suspect), sentences_of(reference, pair.reference)
    alignment = align_pair(suspect, reference, mine, theirs, lexicon)
    links = find_phrase_pairs(alignment, suspect, reference, lexicon)[1]
    own, other = _spans(suspect, alignment.suspect), _spans(reference, alignment.reference)
    found = [
        WordLink(
            suspect=own[link.suspect.start : link.suspect.stop],
            reference=other[link.reference.start : link.reference.stop],
            relation=link.relation,
            crossing=link.crossing,
        )
        for link in links
    ]
    return PairWords(own, other, tuple(found))


def _spans(document: Document, strand: Strand) -> tuple[Span, ...]:
    """Where the strand's words stand in the text."""
    return tuple(document.span(token, token + 1) for token in strand.tokens)
