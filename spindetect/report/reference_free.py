"""The terminal's view of an article scored alone: its giveaways marked, the reasons, what to search for.

The marks are those of the comparing view: ``[what it may have said → what it says]{kind}``.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from spindetect.records import Giveaway, Result, Sentence
from spindetect.report.inert import inert
from spindetect.report.layout import EMPTY_LINE, FAINT, STRONG, Paragraph, counted, paragraph, rendered, rule
from spindetect.report.marking import ARROW, KIND_STYLES, shown
from spindetect.report.reasons import MOST_SUBSTITUTIONS, score_reasons
from spindetect.report.restoring import search_terms
from spindetect.report.terminal import MINIMUM_WIDTH, READABLE_WIDTH, verdict_words
from spindetect.report.tool import which_tool


def render_alone(report: Result, width: int = 80, color: bool = False) -> str:
    """The whole view, as text whose lines are at most ``width`` columns wide (at least 40).

    With ``color`` it holds ANSI escapes of the eight basic colours, without it none. Whatever the
    article holds comes out as visible characters only.
    """
    readable = min(max(width, MINIMUM_WIDTH), READABLE_WIDTH)
    return rendered(_view(report, readable), readable, color)


def _view(report: Result, width: int) -> Iterator[Paragraph]:
    yield from _summary(report)
    if report.giveaways:
        yield EMPTY_LINE
        yield rule("the article, with what gives it away", width)
        yield from _article(report)
    yield EMPTY_LINE
    yield from score_reasons(report, width)
    yield from _giveaways(report, width)
    yield from _searches(report, width)


def _summary(report: Result) -> Iterator[Paragraph]:
    score = Text.assemble(
        ("Spin score ", ""), (f"{report.score:.1f}", STRONG), (" of 100, with no reference: ", "")
    )
    yield paragraph(Text.assemble(score, (report.verdict, STRONG), f" ({verdict_words(report)})"))
    size = f"{counted(report.suspect.word_count, 'word')} in {counted(report.suspect.sentence_count, 'sentence')}"
    yield paragraph(f"{inert(report.suspect.article.name)} ({size})", "suspect    ")
    if tool := which_tool(report):
        yield paragraph(inert(tool), "tool       ")
    for warning in report.warnings:
        yield paragraph(inert(warning), Text("warning    ", STRONG))


def _article(report: Result) -> Iterator[Paragraph]:
    """The sentences that hold a giveaway, each marked."""
    for sentence in report.suspect.sentences:
        mine = [one for one in report.giveaways if one.suspect.span.overlap(sentence.span)]
        if mine:
            yield paragraph(_marked(report, sentence, mine), "  ")


def _marked(report: Result, sentence: Sentence, giveaways: list[Giveaway]) -> Text:
    text, at = report.suspect.article.text, sentence.span.start
    marked = Text()
    for one in giveaways:
        marked.append(shown(text[at : one.suspect.span.start]))
        old = f"{shown(one.original.text)} {ARROW} " if one.original else ""
        marked.append(f"[{old}{shown(one.suspect.text)}]{{{one.kind}}}", KIND_STYLES[one.kind])
        at = one.suspect.span.end
    marked.append(shown(text[at : sentence.span.end]))
    return marked


def _giveaways(report: Result, width: int) -> Iterator[Paragraph]:
    """The phrases that weigh most, each with its reason."""
    ranked = sorted(report.giveaways, key=lambda one: -one.weight)
    if not ranked:
        return
    yield EMPTY_LINE
    yield rule("strongest giveaways", width)
    for one in ranked[:MOST_SUBSTITUTIONS]:
        guesses = ", ".join(f"{inert(guess.text)} {guess.probability:.0%}" for guess in one.guesses)
        said = Text.assemble((inert(one.suspect.text), STRONG), f"  (perhaps {guesses})" if guesses else "")
        yield paragraph(said, Text.assemble((f"{one.weight:+7.2f}", STRONG), "  "))
        yield paragraph(inert(one.reason), " " * 9, style=FAINT)
    if len(ranked) > MOST_SUBSTITUTIONS:
        yield paragraph(f"and {len(ranked) - MOST_SUBSTITUTIONS} more, weaker ones", style=FAINT)


def _searches(report: Result, width: int) -> Iterator[Paragraph]:
    terms = search_terms(report)
    if terms:
        yield EMPTY_LINE
        yield rule("to find the source, search for", width)
        for query in terms:
            yield paragraph(inert(query), "  ")
