"""The page on an article scored alone: the answer, how the words add up, and the article, marked."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import fsum

from spindetect.findings import Result
from spindetect.records import Sentence, Span
from spindetect.reference_free.hearing import HEARD
from spindetect.report.html.answer import Answer, Fact, Share, document_size, how_sure, tool_fact, warnings_of
from spindetect.report.html.pieces import Marking, Numbers, giveaway_markings, pieces
from spindetect.report.html.rows import Asides, Cell, Row
from spindetect.report.words import NO_ACQUITTAL, PAGES, VERDICTS, bounded, counted, percent, signed

ALONE_LIMITS: tuple[str, ...] = tuple(PAGES["limits_alone"])
_COPYING: str = PAGES["copying"]


@dataclass(frozen=True, slots=True)
class Addend:
    """The nats that some of the words add to the score's log-odds."""

    text: str
    nats: str


def answer_alone(report: Result) -> Answer:
    """Verdict, sureness and facts in sentences, of a suspect without a reference."""
    spun = report.probability
    if report.verdict == "undecided" and report.warnings:
        sureness = f"The score of {bounded(report.score)} says little here, and it is no accusation."
    else:
        sureness = (
            "The model puts the probability that a machine replaced the suspect’s words at "
            f"{percent(spun)}, assuming that half of all such texts are spun. It read the suspect alone, "
            "without a reference."
        )
    if report.verdict == "spun":
        sureness += " Where spun texts are rarer, be less sure."
    return Answer(
        headline=_headline(report),
        sureness=sureness,
        direction="",
        copying=_COPYING,
        limit=NO_ACQUITTAL if report.verdict == "natural" else "",
        reuse="",
        score=bounded(report.score),
        verdict=VERDICTS[report.verdict].name,
        machine=report.verdict == "spun",
        shares=(_share("spun", spun, True), _share("not spun", 1.0 - spun, False)),
        facts=_facts(report),
        warnings=warnings_of(report),
    )


def word_sum(report: Result) -> tuple[Addend, ...]:
    """How the score's log-odds add up over the words: the phrases marked, all others, the starting point."""
    every = fsum(item.nats for item in report.contributions)
    marked = fsum(one.weight for one in report.giveaways)
    names = {feature.name for feature in HEARD}
    heard = [item.nats for item in report.contributions if item.feature in names]
    return (
        Addend(f"{counted(len(report.giveaways), 'marked phrase')} together", signed(marked)),
        Addend("all other words together, each a little", signed(every - marked - fsum(heard))),
        *([Addend("what the language model finds", signed(fsum(heard)))] if heard else []),
        Addend("the starting point", signed(report.intercept)),
        Addend(f"together: a spin score of {bounded(report.score)}", signed(every + report.intercept)),
    )


def _headline(report: Result) -> str:
    if report.verdict == "spun":
        return (
            f"The suspect was {how_sure(report.probability)} spun: "
            "its words read as if a spinning program had replaced others with them."
        )
    if report.verdict == "natural":
        return "There are no signs that a spinning program made the suspect."
    reason = "There is too little to go by." if report.warnings else "The evidence points both ways."
    return f"There is no verdict. {reason}"


def _share(name: str, share: float, machine: bool) -> Share:
    return Share(name, percent(share), round(100.0 * share, 1), machine)


def _facts(report: Result) -> tuple[Fact, ...]:
    found = report.giveaways
    telltales = sum(one.telltale for one in found)
    original = sum(one.original is not None for one in found)
    quoted = sum(one.quoted for one in found)
    marked = f"{counted(len(found), 'phrase')}, {telltales} tell-tale; of {original} the original can be guessed"
    return (
        Fact("Suspect", document_size(report.suspect)),
        Fact("Suspicious", marked if found else "no phrase"),
        Fact(
            "Quotations",
            f"{counted(quoted, 'suspicious phrase')} inside direct quotations" if quoted else "no phrase",
        ),
        *tool_fact(report),
    )


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
