"""The entries of the index page over many reports."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from spindetect.files import last_part
from spindetect.records import Result
from spindetect.report.copying import who_copied
from spindetect.report.html.answer import warnings_of
from spindetect.report.html.names import title_of
from spindetect.report.html.wording import bounded, counted, percent
from spindetect.report.inert import inert
from spindetect.report.words import NO_ACQUITTAL, VERDICT_NAMES


@dataclass(frozen=True, slots=True)
class Entry:
    """What the index says of one report; ``order`` sorts it, the rest is text to show.

    Of a suspect scored alone, ``reference`` and ``coverage`` are empty, and ``substitutions`` counts giveaways.
    """

    order: tuple[bool, float, float, str]
    reference_is_copy: bool
    file: str
    score: str
    reuse: str
    width: str
    reuse_width: str
    verdict: str
    title: str
    suspect: str
    reference: str
    source: str
    direction: str
    coverage: str
    substitutions: int
    telltales: int
    quoted: int
    warnings: tuple[str, ...]


def entry(result: Result, file: str) -> Entry:
    """The entry of a report written to ``file``, a name in the index's own folder."""
    comparison = None if result.reference_free else result
    found = comparison.substitutions if comparison else result.giveaways
    reversed_ = comparison is not None and comparison.reference_is_copy
    return Entry(
        order=(reversed_, -_band(result), -result.score, result.suspect.article.name),
        reuse="" if result.reuse is None else bounded(result.reuse),
        reference_is_copy=reversed_,
        file=file,
        score=bounded(result.score),
        width=f"{result.score:.1f}",
        reuse_width="" if result.reuse is None else f"{result.reuse:.1f}",
        verdict=VERDICT_NAMES[result.verdict],
        title=title_of(result.suspect.article, result.suspect),
        suspect=inert(last_part(result.suspect.article.name)),
        reference=inert(last_part(comparison.reference.article.name)) if comparison else "",
        source=_source(comparison) if comparison else "",
        direction=who_copied(comparison.direction) if comparison and comparison.direction else "",
        coverage=percent(comparison.coverage, 0) if comparison else "",
        substitutions=len(found),
        telltales=sum(item.telltale for item in found),
        quoted=sum(item.quoted for item in found),
        warnings=warnings_of(result),
    )


def _band(result: Result) -> int:
    """The tenth that the reuse lies in, or without a reference the score."""
    return round((result.score if result.reuse is None else result.reuse) / 10.0)


def _source(comparison: Result) -> str:
    """Whose and from when a reference from an archive is, and how many others were compared; "" for a file."""
    if not comparison.candidates:
        return ""
    best, others = comparison.candidates[0], len(comparison.candidates) - 1
    known = [inert(part) for part in (best.outlet, best.published) if part]
    return ", ".join([*known, *([f"{counted(others, 'other candidate')}"] if others else [])])


def sorted_entries(entries: Iterable[Entry]) -> list[Entry]:
    """The surest reuse first, by tenths; then the highest score, then by name.

    Suspects whose reference is the copy come last; an article scored alone stands where its score would.
    """
    return sorted(entries, key=lambda one: (one.order, one.file))


@dataclass(frozen=True, slots=True)
class Group:
    """The entries that were compared, or those that were scored alone."""

    title: str
    note: str
    compared: bool
    entries: tuple[Entry, ...]


def grouped(entries: Iterable[Entry]) -> tuple[Group, ...]:
    """The entries in their order, those with a reference apart from those without one."""
    found = list(entries)
    compared = tuple([entry for entry in found if entry.reference])
    alone = tuple([entry for entry in found if not entry.reference])
    clean = VERDICT_NAMES["natural"]
    note = f"“{clean}”: {NO_ACQUITTAL}" if any(entry.verdict == clean for entry in alone) else ""
    groups = (
        Group("Compared with a reference", "", True, compared),
        Group("Scored alone", note, False, alone),
    )
    return tuple([group for group in groups if group.entries])
