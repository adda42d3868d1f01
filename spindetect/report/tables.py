"""Many results as text: JSON, JSON lines, CSV, and a table for people.

Each function takes results as they come and yields the text piece by piece, so that
a long run neither waits nor keeps them all in memory.
"""

from __future__ import annotations

import csv
import io
import json
import textwrap
from collections.abc import Iterable, Iterator
from typing import Any, Literal, get_args

from spindetect.findings import Giveaway, Result, Substitution
from spindetect.report.copying import direction_matters, who_copied
from spindetect.report.data import report_dict
from spindetect.report.edits import Granularity
from spindetect.report.inert import inert, inert_json
from spindetect.report.restoring import search_terms
from spindetect.report.tool import family_share
from spindetect.report.words import NO_ACQUITTAL

"""What is written: a comparison, or the report on an article scored alone."""
Format = Literal["table", "json", "jsonl", "csv"]
FORMATS: tuple[Format, ...] = get_args(Format)

CSV_COLUMNS = (
    "score",
    "verdict",
    "coverage",
    "substitutions",
    "telltales",
    "suspect",
    "reference",
    "warnings",
    "copy",
    "reason",
    "family",
    "family_share",
    "reuse",
    "undecided",
    "copy_probability",
)
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")  # what a formula begins with in a spreadsheet
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
        yield _csv_line(_csv_cells(comparison))


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


def _telltales(result: Result) -> int:
    """How many substitutions, or giveaways, hardly anyone but a machine would make."""
    return sum(item.telltale for item in _items(result))


def _items(result: Result) -> tuple[Substitution, ...] | tuple[Giveaway, ...]:
    return result.giveaways if result.reference_free else result.substitutions


def _csv_cells(comparison: Result) -> tuple[str, ...]:
    """A result's cells in the order of `CSV_COLUMNS`; of an article scored alone there is no reference."""
    if comparison.reference_free:
        names = _cell(comparison.suspect.article.name), ""
        counts = "", str(len(comparison.giveaways)), str(_telltales(comparison))
        warnings = _cell("; ".join(comparison.warnings))
        return (
            f"{comparison.score:.2f}",
            comparison.verdict,
            *counts,
            *names,
            warnings,
            "",
            "",
            *_family(comparison),
            *_reuse(comparison),
            "",
        )
    direction = comparison.direction
    return (
        f"{comparison.score:.2f}",
        comparison.verdict,
        f"{comparison.coverage:.4f}",
        str(len(comparison.substitutions)),
        str(_telltales(comparison)),
        _cell(comparison.suspect.article.name),
        _cell(comparison.reference.article.name),
        _cell("; ".join(comparison.warnings)),
        (direction.copy or "") if direction else "",
        _cell(direction.reason) if direction else "",
        *_family(comparison),
        *_reuse(comparison),
        f"{direction.probability:.4f}" if direction else "",
    )


def _reuse(result: Result) -> tuple[str, str]:
    """The reuse, empty without a reference, and the reasons to decide nothing."""
    reuse = "" if result.reuse is None else f"{result.reuse:.2f}"
    return reuse, " ".join([one.reason for one in result.undecided])


def _family(result: Result) -> tuple[str, str]:
    """The tool that made the substitutions, and the share of them that it makes."""
    share = family_share(result)
    return result.family or "", "" if share is None else f"{share:.4f}"


def _cell(text: str) -> str:
    """A text as a cell that shows it: unprintable characters visible, formulas as their text.

    The recipe of https://owasp.org/www-community/attacks/CSV_Injection.
    """
    shown = inert(text)
    return f"'{shown}" if shown.startswith(_FORMULA) else shown


def _csv_line(cells: Iterable[str]) -> str:
    """One line of CSV, quoted where it must be."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()
