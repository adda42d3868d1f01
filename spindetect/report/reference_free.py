"""The terminal's view of an article scored alone: its giveaways marked, the reasons, what to search for.

The marks are those of the comparing view: ``[what it may have said? → what it says]{kind}``.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from spindetect.findings import Result
from spindetect.report.blocks import giveaways_in
from spindetect.report.inert import inert
from spindetect.report.layout import EMPTY_LINE, STRONG, Paragraph, paragraph, rendered, rule
from spindetect.report.marking import marked_alone
from spindetect.report.reasons import evidence_reasons, score_reasons
from spindetect.report.restoring import search_terms
from spindetect.report.terminal import MINIMUM_WIDTH, READABLE_WIDTH, verdict_words
from spindetect.report.words import NO_ACQUITTAL, counted, which_tool


def render_alone(report: Result, width: int = 80, color: bool = False) -> str:
    """The whole view, as text whose lines are at most ``width`` columns wide (at least 40).

    With ``color`` it holds ANSI escapes of the eight basic colours, without it none. Whatever the
    article holds comes out as visible characters only.
    """
    readable = min(max(width, MINIMUM_WIDTH), READABLE_WIDTH)
    view = list(_summary(report))
    if report.giveaways:
        odd = "gives it away" if report.verdict == "spun" else "reads oddly all the same"
        view += [EMPTY_LINE, rule(f"the article, with what {odd}", readable), *_article(report)]
    view += [EMPTY_LINE, *score_reasons(report, readable), *evidence_reasons(report, readable)]
    return rendered([*view, *_searches(report, readable)], readable, color)


def _summary(report: Result) -> Iterator[Paragraph]:
    score = Text.assemble(
        ("Spin score ", ""), (f"{report.score:.1f}", STRONG), (" of 100, with no reference: ", "")
    )
    yield paragraph(Text.assemble(score, (report.verdict, STRONG), f" ({verdict_words(report)})"))
    if report.verdict == "natural":
        yield paragraph(NO_ACQUITTAL)
    size = f"{counted(report.suspect.word_count, 'word')} in {counted(report.suspect.sentence_count, 'sentence')}"
    yield paragraph(f"{inert(report.suspect.article.name)} ({size})", "suspect    ")
    if tool := which_tool(report):
        yield paragraph(inert(tool), "tool       ")
    for warning in report.warnings:
        yield paragraph(inert(warning), Text("warning    ", STRONG))


def _article(report: Result) -> Iterator[Paragraph]:
    """The sentences that hold a giveaway, each marked."""
    for sentence in report.suspect.sentences:
        mine = giveaways_in(report.giveaways, sentence.span)
        if mine:
            yield paragraph(marked_alone(report.suspect.article, sentence.span, mine), "  ")


def _searches(report: Result, width: int) -> Iterator[Paragraph]:
    terms = search_terms(report)
    if terms:
        yield EMPTY_LINE
        yield rule("to find the source, search for", width)
        for query in terms:
            yield paragraph(inert(query), "  ")
