"""An article scored alone, to read: its paragraphs with every giveaway marked."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from spindetect.findings import Result
from spindetect.records import Sentence, Span
from spindetect.report.html.pieces import Marking, Numbers, giveaway_markings, pieces
from spindetect.report.html.rows import Asides, Cell, Row

# Sentences of a paragraph, so that a text without paragraphs is laid out piece by piece, too.
_LONGEST = 12


def paragraphs(report: Result, numbers: Numbers) -> list[Row]:
    """The article's paragraphs in order, with what isn't the article before what it stands before."""
    left_out = Asides(report.suspect, "suspect", alone=True)
    markings = giveaway_markings(report.giveaways, numbers)
    starts = [span.start for span, _ in markings]
    found: list[Row] = []
    for sentences in _paragraphs(report):
        span = Span(sentences[0].span.start, sentences[-1].span.end)
        inside = markings[bisect_right(starts, span.start - 1) : bisect_right(starts, span.end - 1)]
        found += left_out.before(span.start)
        found.append(_row(report, span, inside))
    return found + left_out.rest()


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
