"""An article scored alone, to read: its paragraphs with every giveaway marked, and the list of them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spindetect.records import Giveaway, Result, Sentence, Span
from spindetect.report.blocks import numbered
from spindetect.report.html.pieces import Marking, Piece, classes, pieces
from spindetect.report.html.reference_free import perhaps
from spindetect.report.html.rows import Cell, LeftOut, Row
from spindetect.report.html.wording import signed
from spindetect.report.inert import inert

# Sentences of a paragraph, so that a text without paragraphs is laid out piece by piece, too.
_LONGEST = 12


@dataclass(frozen=True, slots=True)
class ListedGiveaway:
    """A giveaway as the list has it: what it says, what it may have said, why it counts, where it stands."""

    number: int
    suspect: str
    original: str
    perhaps: str
    kind: str
    classes: str
    telltale: bool
    quoted: bool
    weight: str
    reason: str
    sentence: int


def paragraphs(report: Result) -> list[Row]:
    """The article's paragraphs in order, with what isn't the article before what it stands before."""
    left_out = LeftOut(report.suspect, "suspect", alone=True)
    markings = [(one.suspect.span, _piece(number, one)) for number, one in enumerate(report.giveaways, start=1)]
    starts = [span.start for span, _ in markings]
    found: list[Row] = []
    for sentences in _paragraphs(report):
        span = Span(sentences[0].span.start, sentences[-1].span.end)
        inside = markings[bisect_right(starts, span.start - 1) : bisect_right(starts, span.end - 1)]
        found += left_out.before(span.start)
        found.append(_row(report, span, inside))
    return found + left_out.rest()


def giveaway_list(report: Result) -> list[ListedGiveaway]:
    """All giveaways, those that weigh most first."""
    sentences = numbered(report.suspect)
    ends = [sentence.span.end for sentence in sentences]
    found = [
        _listed(number, one, sentences[bisect_right(ends, one.suspect.span.start)].number)
        for number, one in enumerate(report.giveaways, start=1)
    ]
    weights = [one.weight for one in report.giveaways]
    return sorted(found, key=lambda item: (-weights[item.number - 1], item.number))


def _paragraphs(report: Result) -> Iterator[list[Sentence]]:
    """The sentences outside boilerplate, those of one paragraph together, at most twelve."""
    text = report.suspect.article.text
    begun: list[Sentence] = []
    for sentence in report.suspect.sentences:
        between = text[begun[-1].span.end : sentence.span.start] if begun else ""
        if begun and (sentence.boilerplate or len(begun) == _LONGEST or between.count("\n") > 1):
            yield begun
            begun = []
        if not sentence.boilerplate:
            begun.append(sentence)
    if begun:
        yield begun


def _row(report: Result, span: Span, markings: Sequence[Marking]) -> Row:
    shown = tuple(pieces(report.suspect.article, span, markings))
    return Row("text", Cell("suspect", span.start, "", shown), None, changed=bool(markings))


def _piece(number: int, one: Giveaway) -> Piece:
    original = inert(one.original.text) if one.original else ""
    return Piece("giveaway", inert(one.suspect.text), number, classes=classes(one), original=original)


def _listed(number: int, one: Giveaway, sentence: int) -> ListedGiveaway:
    return ListedGiveaway(
        number=number,
        suspect=inert(one.suspect.text),
        original=inert(one.original.text) if one.original else "",
        perhaps=perhaps(one),
        kind=one.kind,
        classes=classes(one),
        telltale=one.telltale,
        quoted=one.quoted,
        weight=signed(one.weight),
        reason=inert(one.reason),
        sentence=sentence,
    )
