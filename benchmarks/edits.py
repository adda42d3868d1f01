"""The word alignment of two tokenised sentences as edits of whole stretches of tokens, as arXivEdits marks them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from spindetect.align.words.alignment import align_words
from spindetect.align.words.strands import Strand, strand
from spindetect.classify.phrases import PhrasePair, find_phrase_pairs
from spindetect.classify.substitutions import substitutions
from spindetect.detector import Detector
from spindetect.findings import SentencePair
from spindetect.pipeline import answered, unanswered
from spindetect.records import Article, Document, Span
from spindetect.report import edits as report_edits
from spindetect.report.edits import pair_edits

EditType = Literal["substitution", "insertion", "deletion"]


@dataclass(frozen=True, slots=True)
class Edit:
    """A change: half-open token ranges, the one empty in an insertion, the other in a deletion."""

    reference: range
    suspect: range

    @property
    def type(self) -> EditType:
        """What the change is, by which of its sides hold tokens."""
        if not self.reference:
            return "insertion"
        return "substitution" if self.suspect else "deletion"


def edits_of(reference: Sequence[str], suspect: Sequence[str], detector: Detector) -> list[Edit]:
    """Our edits of two sentences that are aligned with one another, as a report gives them."""
    pair, new, old = forced_pair(reference, suspect, detector)
    return [token_edit(edit, reference, suspect) for edit in pair_edits(pair, new, old)]


def forced_pair(
    reference: Sequence[str], suspect: Sequence[str], detector: Detector
) -> tuple[SentencePair, Document, Document]:
    """Two tokenised sentences as a pair of our alignment, with the suspect's and the reference's document."""
    new, old = (detector.document(Article(" ".join(tokens))) for tokens in (suspect, reference))
    lexicon = detector.model.lexicon
    words = align_words([(strand(old, 0, len(old.words)), strand(new, 0, len(new.words)))], lexicon)[0]
    swaps, links = find_phrase_pairs(words, new, old, lexicon)
    judged = substitutions(swaps, words, new, old, lexicon)
    theirs, mine = answered(swaps, links)
    pair = SentencePair(
        suspect=Span(0, len(new.article.text)),
        reference=Span(0, len(old.article.text)),
        similarity=1.0,
        substitutions=tuple(item.weighing(0.0) for item in judged),
        added=unanswered(words.suspect, new, mine),
        dropped=unanswered(words.reference, old, theirs),
    )
    return pair, new, old


def token_edit(edit: report_edits.Edit, reference: Sequence[str], suspect: Sequence[str]) -> Edit:
    """An edit of the texts as one of their tokens."""
    return Edit(_touched(edit.reference, reference), _touched(edit.suspect, suspect))


def _touched(span: Span | None, tokens: Sequence[str]) -> range:
    if span is None:
        return range(0)
    starts = [0, *accumulate(len(token) + 1 for token in tokens)]
    return range(bisect_right(starts, span.start) - 1, bisect_right(starts, span.end - 1))


class Aligned:
    """Two tokenised sentences with our word alignment, read off as ranges of the corpus's tokens."""

    def __init__(self, reference: Sequence[str], suspect: Sequence[str], detector: Detector) -> None:
        self.texts = reference, suspect
        documents = [detector.document(Article(" ".join(tokens))) for tokens in self.texts]
        strands = [strand(document, 0, len(document.words)) for document in documents]
        lexicon = detector.model.lexicon
        alignment = align_words([(strands[0], strands[1])], lexicon)[0]
        swaps, _ = find_phrase_pairs(alignment, documents[1], documents[0], lexicon)
        self._tokens = [token_numbers(*sides) for sides in zip(self.texts, documents, strands, strict=True)]
        self.swaps = [self._edit(swap) for swap in swaps]

    def _edit(self, part: PhrasePair) -> Edit:
        """The tokens that a phrase pair touches."""
        left, right = self._tokens
        return Edit(
            range(left[part.reference[0]], left[part.reference[-1]] + 1),
            range(right[part.suspect[0]], right[part.suspect[-1]] + 1),
        )


def token_numbers(tokens: Sequence[str], document: Document, words: Strand) -> list[int]:
    """For each word of a strand the number of the corpus's token that it stands in."""
    starts, at = [], 0
    for token in tokens:
        starts.append(at)
        at += len(token) + 1
    return [bisect_right(starts, document.starts[token]) - 1 for token in words.tokens]
