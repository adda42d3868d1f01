"""Both articles side by side as rows: aligned pairs, sentences without a partner, and what isn't compared."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice, takewhile
from typing import Literal

from spindetect.findings import Result, SentencePair
from spindetect.records import Article, Document, Mark, Span
from spindetect.report.blocks import Numbered, Paired, Side, Unmatched, blocks, giveaways_in, numbers_of
from spindetect.report.html.pieces import Numbers, Piece, aside, giveaway_markings, pair_pieces, pieces
from spindetect.report.inert import inert
from spindetect.report.words import counted, percent

RowKind = Literal["pair", "alone", "text", "boilerplate", "ignored"]

_LONGEST_ASIDE = 1500  # characters; of a page's boilerplate nobody needs to read more


@dataclass(frozen=True, slots=True)
class Cell:
    """One side of a row; ``at`` is where it starts in its text, in code points."""

    side: Side
    at: int
    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A row: one or both sides, what there is to say of it, and whether anything in it was changed."""

    kind: RowKind
    suspect: Cell | None
    reference: Cell | None
    notes: tuple[str, ...] = ()
    changed: bool = True
    tampered: bool = False
    moved: bool = False


def rows(comparison: Result, numbering: Numbers) -> list[Row]:
    """All of both articles in the order of `blocks`, what isn't compared before what it stands before."""
    queues = Asides(comparison.suspect, "suspect"), Asides(comparison.reference, "reference")
    found: list[Row] = []
    for block in blocks(comparison):
        if isinstance(block, Paired):
            made = [_pair_row(comparison, block, numbering)]
        else:
            made = list(_unmatched(comparison, block, numbering))
        for row in made:
            for queue, cell in zip(queues, (row.suspect, row.reference), strict=True):
                if cell is not None and not (row.moved and cell.side == "reference"):
                    found += queue.before(cell.at)
            found.append(row)
    return found + queues[0].rest() + queues[1].rest()


class Asides:
    """A document's boilerplate and ignored sentences, in reading order, a row for each stretch of either."""

    def __init__(self, document: Document, side: Side, alone: bool = False) -> None:
        self.article, self.side, self.alone = document.article, side, alone
        self.spans = [sentence.span for sentence in document.sentences if sentence.boilerplate]
        self.next = 0
        self.marks = [mark for mark in self.article.marks if mark.kind != "markup"]

    def before(self, position: int) -> list[Row]:
        """The rows that are left of it before ``position``."""
        first = self.next
        while self.next < len(self.spans) and self.spans[self.next].start < position:
            self.next += 1
        stretches = groupby(self.spans[first : self.next], self._ignored)
        return [self._row(list(spans), ignored) for ignored, spans in stretches]

    def rest(self) -> list[Row]:
        """All that is left of it."""
        return self.before(len(self.article.text) + 1)

    def _ignored(self, span: Span) -> bool:
        """Whether a sentence is left out because many share it, and not as boilerplate."""
        return any(mark.kind == "ignored" for mark in self._marks(span))

    def _row(self, spans: Sequence[Span], ignored: bool) -> Row:
        """A stretch of boilerplate, or of ignored sentences: these are the article's own and shown whole."""
        texts = [span.of(self.article.text) for span in spans]
        shown = " ".join(texts) if ignored else _cut(inert(" · ".join(texts)))
        note = self._note(self._reasons(spans), ignored)
        cell = Cell(self.side, spans[0].start, "", (aside(shown, ignored),))
        kind: RowKind = "ignored" if ignored else "boilerplate"
        return _one_sided(cell, kind, note, changed=False)

    def _note(self, reasons: str, ignored: bool) -> str:
        """The note on a stretch; without another side there is no need to name this one."""
        if self.alone:
            return f"ignored: shared by many ({reasons})" if ignored else f"boilerplate, not scored: {reasons}"
        if ignored:
            return f"ignored: shared by many ({self.side}; {reasons})"
        return f"boilerplate of the {self.side}, not compared: {reasons}"

    def _reasons(self, spans: Sequence[Span]) -> str:
        """Why it is left out, each reason once."""
        return inert(", ".join(dict.fromkeys(mark.reason for span in spans for mark in self._marks(span))))

    def _marks(self, span: Span) -> list[Mark]:
        """The marks that a span meets."""
        first = bisect_right(self.marks, span.start, key=lambda mark: mark.span.end)
        return list(takewhile(lambda mark: mark.span.start < span.end, islice(self.marks, first, None)))


def _cut(text: str) -> str:
    """Boilerplate, or its beginning and how much more there is."""
    more = len(text) - _LONGEST_ASIDE
    return text if more <= 0 else f"{text[:_LONGEST_ASIDE]}… and {counted(more, 'more character')}"


def _pair_row(comparison: Result, block: Paired, numbering: Numbers) -> Row:
    """An aligned pair, with what there is to say of it."""
    pair = block.pair
    tampered = any(item.quoted for item in pair.substitutions)
    changed = bool(pair.substitutions or pair.added or pair.dropped)
    notes = [f"{percent(pair.similarity, 0)} alike" if changed else "unchanged"]
    if len(block.suspect) != len(block.reference):
        notes.append("split" if len(block.suspect) > len(block.reference) else "merged")
    notes += ["moved"] if block.moved else []
    notes += ["quotation altered"] if tampered else []
    for side, document, span in (
        ("suspect", comparison.suspect, pair.suspect),
        ("reference", comparison.reference, pair.reference),
    ):
        if page := document.article.page(span.start):
            notes.append(f"page {page} of the {side}")
    return Row(
        "pair",
        _pair_cell(comparison.suspect.article, pair, "suspect", block.suspect, numbering),
        _pair_cell(comparison.reference.article, pair, "reference", block.reference, numbering),
        tuple(notes),
        changed,
        tampered,
        block.moved,
    )


def _pair_cell(
    article: Article, pair: SentencePair, side: Side, sentences: Sequence[Numbered], numbering: Numbers
) -> Cell:
    start = (pair.suspect if side == "suspect" else pair.reference).start
    return Cell(side, start, numbers_of(sentences, "\N{EN DASH}"), pair_pieces(article, pair, side, numbering))


def _unmatched(comparison: Result, block: Unmatched, numbering: Numbers) -> Iterator[Row]:
    """Sentences that one side has alone, a row each; in the suspect's with what gives them away."""
    mine = block.side == "suspect"
    document = comparison.suspect if mine else comparison.reference
    note = "not in this reference" if mine else "not in the suspect"
    for sentence in block.sentences:
        found = giveaways_in(comparison.giveaways, sentence.span) if mine else ()
        shown = tuple(pieces(document.article, sentence.span, giveaway_markings(found, numbering)))
        row = _one_sided(Cell(block.side, sentence.span.start, str(sentence.number), shown), "alone", note)
        yield replace(row, notes=(note, "phrases that give it away")) if found else row


def _one_sided(cell: Cell, kind: RowKind, note: str, changed: bool = True) -> Row:
    suspect, reference = (cell, None) if cell.side == "suspect" else (None, cell)
    return Row(kind, suspect, reference, (note,), changed)
