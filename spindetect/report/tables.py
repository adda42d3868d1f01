"""Many results as text: JSON, JSON lines, CSV, and a table for people.

Each function takes results as they come and yields the text piece by piece, so that
a long run neither waits nor keeps them all in memory.
"""

from __future__ import annotations

import csv
import io
import json
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Literal, get_args

from spindetect.findings import Giveaway, Result, Substitution
from spindetect.report.data import report_dict
from spindetect.report.edits import Granularity
from spindetect.report.inert import inert, inert_json, no_formula
from spindetect.report.restoring import search_terms
from spindetect.report.words import NO_ACQUITTAL, direction_matters, family_share, who_copied

"""The results that are written: a comparison, or the report on an article scored alone."""
Format = Literal["table", "json", "jsonl", "csv"]
FORMATS: tuple[Format, ...] = get_args(Format)

# Coverage from which another article of an archive deserves a line of its own.
_WORTH_NAMING = 0.05
# Queries to show below the row of an article scored alone.
_QUERIES = 2
_HEADINGS = ("score", "reuse", "verdict", "coverage", "substitutions", "file")
_BELOW: Any = {"width": 80, "initial_indent": 7 * " ", "subsequent_indent": 9 * " ", "break_on_hyphens": False}
_ROW = "{:>5}  {:>5}  {:<15}  {:>8}  {:>13}  {}\n"  # back_translated and llm_rewritten fit the third column


def write_report(result: Result, with_text: bool = False, granularity: Granularity = "substitution") -> str:
    """One report as an indented JSON object, with the texts as they were read and edits if these are asked for."""
    return _json(result, with_text, granularity, indent=2) + "\n"


def as_json(
    comparisons: Iterable[Result], with_text: bool = False, granularity: Granularity = "substitution"
) -> Iterator[str]:
    """A JSON array of reports, also for a single one."""
    opening = "[\n"
    for comparison in comparisons:
        yield opening + _json(comparison, with_text, granularity, indent=2)
        opening = ",\n"
    yield "[]\n" if opening == "[\n" else "\n]\n"


def as_jsonl(
    comparisons: Iterable[Result], with_text: bool = False, granularity: Granularity = "substitution"
) -> Iterator[str]:
    """One report a line."""
    for comparison in comparisons:
        yield _json(comparison, with_text, granularity) + "\n"


def as_csv(comparisons: Iterable[Result]) -> Iterator[str]:
    """Comma-separated values (RFC 4180, lines ending in LF), one row a comparison, headings first.

    Warnings share one cell, joined by ``"; "``. Unprintable characters in names and
    warnings are written as ``<U+XXXX>``, and a name that a spreadsheet would take for a formula
    [=1+1] has an apostrophe before it; the JSON formats have them exactly. ``copy`` is the
    side that is the copy, empty where that can't be told or nobody asked, and ``reason`` says why.
    ``family`` is the tool that made the substitutions, ``family_share`` the share of them that it makes.
    ``undecided`` names the reasons for that verdict, joined by spaces. ``copy_probability`` is the probability that
    the suspect is the copy, if either is.
    """
    yield _csv_line(CSV_COLUMNS)
    for comparison in comparisons:
        yield _csv_line(cell(comparison) for cell in _CSV.values())


def as_table(comparisons: Iterable[Result], show_reference: bool = False) -> Iterator[str]:
    """A table for people, with a file's warnings below its row; nothing when there are no comparisons.

    ``show_reference`` also names the reference that the suspect was scored against.
    """
    natural = False
    for index, comparison in enumerate(comparisons):
        if index == 0:
            yield _ROW.format(*_HEADINGS)
        natural |= comparison.verdict == "natural"
        file = inert(comparison.suspect.article.name)
        reuse, coverage, found = "-", "-", len(comparison.giveaways)  # alone, "substitutions" are giveaways
        if not comparison.reference_free:
            reuse, coverage = f"{comparison.reuse:.1f}", f"{comparison.coverage:.0%}"
            found = len(comparison.substitutions)
            file += f"  (best match: {inert(comparison.reference.article.name)})" if show_reference else ""
        yield _ROW.format(f"{comparison.score:.1f}", reuse, comparison.verdict, coverage, str(found), file)
        yield from _searches(comparison) if comparison.reference_free else _found(comparison)
        for warning in comparison.warnings:
            yield f"       warning: {inert(warning)}\n"
    if natural:
        yield f"natural: {NO_ACQUITTAL[0].lower()}{NO_ACQUITTAL[1:]}\n"


def _found(comparison: Result) -> Iterator[str]:
    """Lines below the row of a comparison with an archive's article: the copy, and the other candidates."""
    if comparison.direction and (comparison.candidates or direction_matters(comparison)):
        yield textwrap.fill(who_copied(comparison.direction), **_BELOW) + "\n"
    others = comparison.candidates[1:]
    near = [item for item in others if item.coverage >= _WORTH_NAMING]
    for item in near:
        result = f"{item.verdict}, {item.score:.1f}, reuse {item.reuse:.1f}, coverage {item.coverage:.0%}"
        yield f"       also compared: {inert(item.title or item.id)} ({result})\n"
    if far := len(others) - len(near):
        yield f"       {'also' if near else 'also compared:'} {far} with less than {_WORTH_NAMING:.0%} in common\n"


def _searches(report: Result) -> Iterator[str]:
    """Lines below the row of an article scored alone that may be spun: what to search for."""
    if report.verdict != "natural":
        for query in search_terms(report, _QUERIES):
            yield f"       search for: {inert(query)}\n"


def as_text(
    comparisons: Iterable[Result],
    format: Format,
    show_reference: bool = False,
    with_text: bool = False,
    granularity: Granularity = "substitution",
) -> Iterator[str]:
    """The comparisons in one of `FORMATS`; ``show_reference`` is for the table, what follows it for JSON."""
    if format == "table":
        return as_table(comparisons, show_reference)
    if format == "csv":
        return as_csv(comparisons)
    return (as_json if format == "json" else as_jsonl)(comparisons, with_text, granularity)


def _json(result: Result, with_text: bool, granularity: Granularity, indent: int | None = None) -> str:
    """A report as JSON, on one line without ``indent``."""
    report = report_dict(result, with_text, granularity)
    return inert_json(json.dumps(report, ensure_ascii=False, allow_nan=False, indent=indent))


def _items(result: Result) -> tuple[Substitution, ...] | tuple[Giveaway, ...]:
    return result.giveaways if result.reference_free else result.substitutions


def _number(value: float | None, digits: int = 4) -> str:
    return "" if value is None else f"{value:.{digits}f}"


def _csv_line(cells: Iterable[str]) -> str:
    """One line of CSV, quoted where it must be."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()


_CSV: Mapping[str, Callable[[Result], str]] = {
    "score": lambda one: _number(one.score, 2),
    "verdict": lambda one: one.verdict,
    "coverage": lambda one: _number(None if one.reference_free else one.coverage),
    "substitutions": lambda one: str(len(_items(one))),
    "telltales": lambda one: str(sum(item.telltale for item in _items(one))),
    "suspect": lambda one: no_formula(inert(one.suspect.article.name)),
    "reference": lambda one: "" if one.reference_free else no_formula(inert(one.reference.article.name)),
    "warnings": lambda one: no_formula(inert("; ".join(one.warnings))),
    "copy": lambda one: (one.direction and one.direction.copy) or "",
    "reason": lambda one: no_formula(inert(one.direction.reason)) if one.direction else "",
    "family": lambda one: one.family or "",
    "family_share": lambda one: _number(family_share(one)),
    "reuse": lambda one: _number(one.reuse, 2),
    "undecided": lambda one: " ".join([reason.reason for reason in one.undecided]),
    "copy_probability": lambda one: _number(one.direction.probability if one.direction else None),
}
"""The columns of `as_csv`, and what each has of a result."""
CSV_COLUMNS = tuple(_CSV)
