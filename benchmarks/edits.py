"""The word alignment of two tokenised sentences as edits of whole stretches of tokens, as arXivEdits marks them."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from spindetect.align.strands import Link, Strand, strand
from spindetect.align.words import align_words
from spindetect.classify.phrases import Swap, find_swaps
from spindetect.detector import Detector
from spindetect.records import Article, Document

EditType = Literal["substitution", "insertion", "deletion"]

# A stretch of at most this many tokens on both sides together is one edit as it stands ...
_SHORT = 5
# ... in a longer one, words that nothing answers to belong to the swap beside them up to this many.
_BESIDE = 3
# Marks that were added or dropped at a stretch's edge are edits of their own.
_LOOSE = frozenset(",;:")


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
    """Our alignment as edits of whole stretches: what stands between two tokens that were kept.

    A short stretch is one edit. In a longer one the swaps, with the few unanswered words
    beside them, are the substitution and the rest was added and dropped; all of it was,
    where the stretch was reworded as a whole or holds no swap.
    """
    aligned = Aligned(reference, suspect, detector)
    edits: list[Edit] = []
    i = j = 0
    for next_i, next_j in [*aligned.kept(), (len(reference), len(suspect))]:
        for edit in _without_loose_marks(Edit(range(i, next_i), range(j, next_j)), reference, suspect):
            edits += _cut(edit, aligned) if edit.type == "substitution" else [edit]
        i, j = next_i + 1, next_j + 1
    return [edit for edit in edits if edit.reference or edit.suspect]


class Aligned:
    """Two tokenised sentences with our word alignment, read off as ranges of the corpus's tokens."""

    def __init__(self, reference: Sequence[str], suspect: Sequence[str], detector: Detector) -> None:
        self.texts = reference, suspect
        documents = [detector.document(Article(" ".join(tokens))) for tokens in self.texts]
        strands = [strand(document, 0, len(document.words)) for document in documents]
        lexicon = detector.model.lexicon
        alignment = align_words([(strands[0], strands[1])], lexicon)[0]
        swaps, self._links = find_swaps(alignment, documents[1], documents[0], lexicon)
        self._tokens = [_token_numbers(*sides) for sides in zip(self.texts, documents, strands, strict=True)]
        self.swaps = [self._edit(swap) for swap in swaps]
        self.rewritten = [self._edit(swap) for swap in swaps if swap.rewritten]

    def _edit(self, part: Swap | Link) -> Edit:
        """The tokens that a swap or a link touches."""
        left, right = self._tokens
        return Edit(
            range(left[part.reference[0]], left[part.reference[-1]] + 1),
            range(right[part.suspect[0]], right[part.suspect[-1]] + 1),
        )

    def kept(self) -> list[tuple[int, int]]:
        """Tokens left as they were, ascending: all their words are equal, or they are the same marks in between."""
        kept: list[tuple[int, int]] = []
        last = (-1, -1)
        for place in [*self._kept_words(), (len(self.texts[0]), len(self.texts[1]))]:
            kept += self._kept_marks(last, place)
            kept.append(place)
            last = place
        return kept[:-1]

    def _kept_words(self) -> Iterator[tuple[int, int]]:
        equal = [self._edit(link) for link in self._links if link.relation == "equal" and not link.crossing]
        linked = Counter((edit.reference.start, edit.suspect.start) for edit in equal)
        words = [Counter(tokens) for tokens in self._tokens]
        last = (-1, -1)
        for (i, j), count in sorted(linked.items()):
            whole = count == words[0][i] == words[1][j] and i > last[0] and j > last[1]
            if whole and (self.texts[0][i] == self.texts[1][j] or self._opens(i, j)):
                last = (i, j)
                yield last

    def _opens(self, i: int, j: int) -> bool:
        """Whether either token opens a sentence, so that its case says nothing."""
        return any(at == 0 or side[at - 1] in (".", ":") for side, at in zip(self.texts, (i, j), strict=True))

    def _kept_marks(self, last: tuple[int, int], place: tuple[int, int]) -> Iterator[tuple[int, int]]:
        """Tokens without words that both sides have between two places."""
        sides: list[list[object]] = []
        for number in (0, 1):
            held = set(self._tokens[number])
            gap = range(last[number] + 1, place[number])
            sides.append([(number, at) if at in held else self.texts[number][at] for at in gap])
        for block in SequenceMatcher(None, sides[0], sides[1], autojunk=False).get_matching_blocks():
            for step in range(block.size):
                yield last[0] + 1 + block.a + step, last[1] + 1 + block.b + step


def _token_numbers(tokens: Sequence[str], document: Document, words: Strand) -> list[int]:
    """For each word of a strand the number of the corpus's token that it stands in."""
    starts, at = [], 0
    for token in tokens:
        starts.append(at)
        at += len(token) + 1
    return [bisect_right(starts, document.starts[token]) - 1 for token in words.tokens]


def _without_loose_marks(edit: Edit, reference: Sequence[str], suspect: Sequence[str]) -> list[Edit]:
    """Set apart a comma at a stretch's edge that the other side hasn't [While -> In contrast | ,]."""
    left, right = edit.reference, edit.suspect
    for edge in (-1, 0):
        if edit.type != "substitution":
            return [edit]
        marks = reference[left[edge]], suspect[right[edge]]
        lengths = len(left), len(right)
        if marks[0] in _LOOSE and lengths[0] > 1 and _wordy(marks[1]):
            left, loose = _split(left, edge)
            rest = _without_loose_marks(Edit(left, right), reference, suspect)
            return [*rest, Edit(loose, range(0))]
        if marks[1] in _LOOSE and lengths[1] > 1 and _wordy(marks[0]):
            right, loose = _split(right, edge)
            rest = _without_loose_marks(Edit(left, right), reference, suspect)
            return [*rest, Edit(range(0), loose)]
    return [edit]


def _wordy(token: str) -> bool:
    return any(char.isalnum() for char in token)


def _split(tokens: range, edge: int) -> tuple[range, range]:
    """A range without its last (edge -1) or first (0) token, and that token."""
    return (tokens[:-1], tokens[-1:]) if edge else (tokens[1:], tokens[:1])


def _cut(edit: Edit, aligned: Aligned) -> list[Edit]:
    """A stretch with tokens on both sides as one substitution, and what was added and dropped around it."""
    if len(edit.reference) + len(edit.suspect) <= _SHORT:
        return [edit]
    apart = [Edit(edit.reference, range(0)), Edit(range(0), edit.suspect)]
    swaps = [swap for swap in aligned.swaps if _meet(swap, edit)]
    if not swaps or any(_meet(swap, edit) for swap in aligned.rewritten):
        return apart
    left = _hull([swap.reference for swap in swaps], edit.reference)
    right = _hull([swap.suspect for swap in swaps], edit.suspect)
    around = [range(edit.reference.start, left.start), range(left.stop, edit.reference.stop)]
    beside = [range(edit.suspect.start, right.start), range(right.stop, edit.suspect.stop)]
    return [
        Edit(left, right),
        *(Edit(tokens, range(0)) for tokens in around),
        *(Edit(range(0), tokens) for tokens in beside),
    ]


def _meet(one: Edit, other: Edit) -> bool:
    """Whether two edits share tokens on both sides."""
    pairs = ((one.reference, other.reference), (one.suspect, other.suspect))
    return all(left.start < right.stop and right.start < left.stop for left, right in pairs)


def _hull(parts: Sequence[range], whole: range) -> range:
    """The tokens from the first part to the last, with the few of ``whole`` that are left beside them."""
    start = max(whole.start, min(part.start for part in parts))
    stop = min(whole.stop, max(part.stop for part in parts))
    return range(
        whole.start if start - whole.start <= _BESIDE else start,
        whole.stop if whole.stop - stop <= _BESIDE else stop,
    )
