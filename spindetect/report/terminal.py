"""The terminal's view of a comparison: both sides, sentence by aligned sentence, then the reasons.

It reads the same with and without colour; see `spindetect.report.marking` for the marks.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from spindetect.findings import RELATIONS, Result
from spindetect.records import Document
from spindetect.report.inert import inert
from spindetect.report.layout import EMPTY_LINE, STRONG, Paragraph, paragraph, rendered
from spindetect.report.reasons import evidence_reasons, reuse_words, score_reasons
from spindetect.report.sides import EVERYTHING, Selection, sides
from spindetect.report.words import UNDECIDED, VERDICTS, counted, direction_matters, which_tool, who_copied

MINIMUM_WIDTH = 40  # in less, the marks leave no room for the words
READABLE_WIDTH = 100  # longer lines of running text are hard to follow back to their beginning
_LEAST_SHOWN = 0.01  # relations less probable than this are left out of the summary


def verdict_words(result: Result) -> str:
    """The verdict's meaning; the reasons of an undecided one."""
    reasons = [UNDECIDED[one.reason] for one in result.undecided if one.reason in UNDECIDED]
    return "; ".join(dict.fromkeys(reasons)) or VERDICTS[result.verdict].meaning


def render(comparison: Result, width: int = 80, color: bool = False, selection: Selection = EVERYTHING) -> str:
    """The whole view, as text whose lines are at most ``width`` columns wide (at least 40).

    From 100 columns on the reference and the suspect stand side by side, in less below
    each other. With ``color`` it holds ANSI escapes of the eight basic colours, without
    it none. Whatever an article holds comes out as visible characters only. A
    ``selection`` leaves substitutions and sentences out; the summary counts them all.
    """
    width = max(width, MINIMUM_WIDTH)
    readable = min(width, READABLE_WIDTH)
    chosen = selection.of(comparison)
    return (
        rendered(_summary(comparison), readable, color)
        + rendered(sides(chosen, width, selection), width, color)
        + rendered(_reasons(chosen, readable), readable, color)
    )


def _reasons(comparison: Result, width: int) -> Iterator[Paragraph]:
    """Why the score is what it is."""
    yield EMPTY_LINE
    yield from score_reasons(comparison, width)
    yield from evidence_reasons(comparison, width)


def _summary(comparison: Result) -> Iterator[Paragraph]:
    """Score and verdict, how probable each relation is, what was compared, and the warnings.

    Which side is the copy comes first where it matters, so that the verdict accuses nobody.
    """
    copying = who_copied(comparison.direction) if comparison.direction else ""
    first = direction_matters(comparison)
    if first:
        other = " Read the evidence the other way round." if comparison.reference_is_copy else ""
        yield paragraph(Text(f"{copying[0].upper()}{copying[1:]}.{other}", STRONG))
    score = Text.assemble("Spin score ", (f"{comparison.score:.1f}", STRONG), " of 100: ")
    verdict = Text.assemble((comparison.verdict, STRONG), f" ({verdict_words(comparison)})")
    yield paragraph(Text.assemble(score, verdict))
    yield paragraph(
        Text.assemble((f"{comparison.reuse:.1f}", STRONG), f" of 100: {reuse_words(comparison)}"), "reuse      "
    )
    ordered = sorted(comparison.relations.items(), key=lambda item: (-item[1], RELATIONS.index(item[0])))
    named = [f"{name} {share:.0%}" for name, share in ordered if share >= _LEAST_SHOWN]
    yield paragraph(", ".join(named), "relations  ")
    yield paragraph(_size(comparison.suspect), "suspect    ")
    yield paragraph(_size(comparison.reference), "reference  ")
    found = comparison.substitutions
    replaced = counted(len(found), "substitution")
    telltales, quoted = sum(item.telltale for item in found), sum(item.quoted for item in found)
    aligned = f"{comparison.coverage:.0%} of the suspect's words are in aligned sentences; {replaced}"
    yield paragraph(f"{aligned}, {telltales} tell-tale, {quoted} in quotations", "aligned    ")
    if tool := which_tool(comparison):
        yield paragraph(inert(tool), "tool       ")
    if copying and not first:
        yield paragraph(copying, "direction  ")
    for warning in comparison.warnings:
        yield paragraph(inert(warning), Text("warning    ", STRONG))


def _size(document: Document) -> str:
    """An article's name and size, and how much around it was left out."""
    boilerplate = len(document.sentences) - document.sentence_count - document.ignored_count
    size = f"{counted(document.word_count, 'word')} in {counted(document.sentence_count, 'sentence')}"
    kinds = ((boilerplate, "of boilerplate"), (document.ignored_count, "ignored"))
    parts = " and ".join(f"{count} {kind}" for count, kind in kinds if count)
    left_out = f", not counting {parts}" if parts else ""
    return f"{inert(document.article.name)} ({size}{left_out})"
