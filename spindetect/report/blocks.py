"""The order in which two articles are shown: aligned sentences, and in between those without a partner."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from spindetect.findings import Giveaway, Result, SentencePair
from spindetect.records import Document, Span

Side = Literal["suspect", "reference"]


@dataclass(frozen=True, slots=True)
class Numbered:
    """A sentence's span and its number, counted from 1 outside boilerplate."""

    number: int
    span: Span


def numbers_of(sentences: Sequence[Numbered], dash: str = "-") -> str:
    """The sentences' numbers, as ``3`` or ``3-4``; ``?`` when there are none."""
    if not sentences:
        return "?"
    first, last = sentences[0].number, sentences[-1].number
    return str(first) if first == last else f"{first}{dash}{last}"


@dataclass(frozen=True, slots=True)
class Paired:
    """An aligned pair; ``moved`` when it isn't one of the most pairs that stand in the same order on both sides."""

    pair: SentencePair
    suspect: tuple[Numbered, ...]
    reference: tuple[Numbered, ...]
    moved: bool


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Sentences of one side, one after the other, that nothing on the other side answers to."""

    side: Side
    sentences: tuple[Numbered, ...]


def blocks(comparison: Result) -> list[Paired | Unmatched]:
    """All sentences of both sides outside boilerplate, in reading order.

    The suspect's order leads. Sentences that only the reference has come after the pair
    that holds the reference sentence before them, or first of all when there is none.
    """
    suspect, reference = numbered(comparison.suspect), numbered(comparison.reference)
    pairs = sorted(comparison.alignment, key=lambda item: item.suspect)
    unmoved = _in_order([pair.reference.start for pair in pairs])
    placed: list[tuple[tuple[int, int], Paired | Unmatched]] = []
    for index, pair in enumerate(pairs):
        sentences = _within(suspect, pair.suspect), _within(reference, pair.reference)
        placed.append(((pair.suspect.start, 0), Paired(pair, *sentences, index not in unmoved)))
    aligned = _Spans(pair.suspect for pair in comparison.alignment)
    for sentence in suspect:
        if not aligned.touches(sentence.span):
            placed.append(((sentence.span.start, 0), Unmatched("suspect", (sentence,))))
    answered = _Spans(pair.reference for pair in comparison.alignment)
    partners = {pair.reference: pair.suspect.start for pair in comparison.alignment}
    for sentence in reference:
        if not answered.touches(sentence.span):
            before = answered.last_before(sentence.span.end)
            place = (partners[answered.spans[before]], 1) if before >= 0 else (-1, 0)
            placed.append((place, Unmatched("reference", (sentence,))))
    return _joined([block for _, block in sorted(placed, key=lambda item: item[0])])


def numbered(document: Document) -> tuple[Numbered, ...]:
    """The document's sentences outside boilerplate, with their numbers."""
    spans = [sentence.span for sentence in document.sentences if not sentence.boilerplate]
    return tuple(Numbered(number, span) for number, span in enumerate(spans, start=1))


def giveaways_in(giveaways: Sequence[Giveaway], span: Span) -> Sequence[Giveaway]:
    """Those of a result's giveaways, which are in the text's order, that lie in a stretch."""
    first = bisect_right(giveaways, span.start, key=lambda one: one.suspect.span.end)
    last = bisect_left(giveaways, span.end, key=lambda one: one.suspect.span.start)
    return giveaways[first:last]


class _Spans:
    """Spans that don't overlap, to look up by place."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self.spans = sorted(spans)
        self.starts = [span.start for span in self.spans]

    def last_before(self, position: int) -> int:
        """Index of the last span that starts before ``position``; -1 when there is none."""
        return bisect_left(self.starts, position) - 1

    def touches(self, span: Span) -> bool:
        """Whether one of the spans overlaps ``span``."""
        index = self.last_before(span.end)
        return index >= 0 and self.spans[index].overlap(span) > 0


def _in_order(starts: Sequence[int]) -> set[int]:
    """Where the longest rising series of ``starts`` is; what isn't in it must have been moved.

    Fredman, "On computing the length of longest increasing subsequences" (1975): ``ends``
    holds, for each length, where a series of that length can end lowest.

    >>> sorted(_in_order([0, 90, 10, 20]))
    [0, 2, 3]
    """
    ends: list[int] = []
    before: list[int] = []
    for index, start in enumerate(starts):
        length = bisect_left(ends, start, key=lambda end: starts[end])
        before.append(ends[length - 1] if length else -1)
        ends[length : length + 1] = [index]
    found, at = set(), ends[-1] if ends else -1
    while at >= 0:
        found.add(at)
        at = before[at]
    return found


def _within(sentences: Sequence[Numbered], span: Span) -> tuple[Numbered, ...]:
    """The sentences that ``span`` touches."""
    at = bisect_left(sentences, span.start, key=lambda sentence: sentence.span.end)
    found = []
    while at < len(sentences) and sentences[at].span.start < span.end:
        if sentences[at].span.overlap(span):
            found.append(sentences[at])
        at += 1
    return tuple(found)


def _joined(parts: Sequence[Paired | Unmatched]) -> list[Paired | Unmatched]:
    """The blocks with neighbouring unmatched sentences of one side made into one block."""
    result: list[Paired | Unmatched] = []
    for block in parts:
        last = result[-1] if result else None
        if isinstance(block, Unmatched) and isinstance(last, Unmatched) and block.side == last.side:
            result[-1] = Unmatched(block.side, last.sentences + block.sentences)
        else:
            result.append(block)
    return result
