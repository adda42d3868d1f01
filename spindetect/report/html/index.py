"""The entries of the index page over many reports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from spindetect.files import last_part
from spindetect.findings import Candidate, Direction, Result, Verdict
from spindetect.report.html.answer import warnings_of
from spindetect.report.html.names import title_of
from spindetect.report.inert import inert
from spindetect.report.words import NO_ACQUITTAL, VERDICTS, bounded, counted, percent, who_copied


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """The index's row on one report; ``order`` sorts it, the rest is text to show.

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


def entry(result: Result, file: str) -> IndexEntry:
    """The entry of a report written to ``file``, a name in the index's own folder."""
    comparison = None if result.reference_free else result
    found = comparison.substitutions if comparison else result.giveaways
    suspect = result.suspect.article
    return made_entry(
        file,
        (suspect.name, comparison.reference.article.name if comparison else ""),
        title_of(suspect, result.suspect),
        result.verdict,
        (result.score, result.reuse, comparison.coverage if comparison else None),
        comparison.direction if comparison else None,
        comparison.candidates if comparison else (),
        (len(found), sum(item.telltale for item in found), sum(item.quoted for item in found)),
        warnings_of(result),
    )


def made_entry(
    file: str,
    names: tuple[str, str],
    title: str,
    verdict: Verdict,
    figures: tuple[float, float | None, float | None],
    direction: Direction | None,
    candidates: Sequence[Candidate],
    counts: tuple[int, int, int],
    warnings: tuple[str, ...],
) -> IndexEntry:
    """The entry of a report in ``file``, from what is known of its result.

    ``names`` are the articles', the reference's empty where there is none; ``figures`` score, reuse and coverage;
    ``counts`` those of substitutions or giveaways, of tell-tales and of what is quoted. Title and ``warnings`` are
    inert.
    """
    (suspect, reference), (score, reuse, coverage) = names, figures
    reversed_ = direction is not None and direction.copy == "reference"
    band = round((score if reuse is None else reuse) / 10.0)
    return IndexEntry(
        order=(reversed_, -band, -score, suspect),
        reuse="" if reuse is None else bounded(reuse),
        reference_is_copy=reversed_,
        file=file,
        score=bounded(score),
        width=f"{score:.1f}",
        reuse_width="" if reuse is None else f"{reuse:.1f}",
        verdict=VERDICTS[verdict].name,
        title=title,
        suspect=inert(last_part(suspect)),
        reference=inert(last_part(reference)),
        source=_source(candidates),
        direction=who_copied(direction) if direction else "",
        coverage="" if coverage is None else percent(coverage, 0),
        substitutions=counts[0],
        telltales=counts[1],
        quoted=counts[2],
        warnings=warnings,
    )


def _source(candidates: Sequence[Candidate]) -> str:
    """Whose and from when a reference from an archive is, and how many others were compared; "" for a file."""
    if not candidates:
        return ""
    best, others = candidates[0], len(candidates) - 1
    known = [inert(part) for part in (best.outlet, best.published) if part]
    return ", ".join([*known, *([f"{counted(others, 'other candidate')}"] if others else [])])


def sorted_entries(entries: Iterable[IndexEntry]) -> list[IndexEntry]:
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
    entries: tuple[IndexEntry, ...]


def grouped(entries: Iterable[IndexEntry]) -> tuple[Group, ...]:
    """The entries in their order, those with a reference apart from those without one."""
    found = list(entries)
    compared = tuple([entry for entry in found if entry.reference])
    alone = tuple([entry for entry in found if not entry.reference])
    clean = VERDICTS["natural"].name
    note = f"“{clean}”: {NO_ACQUITTAL}" if any(entry.verdict == clean for entry in alone) else ""
    groups = (Group("Compared with a reference", "", True, compared), Group("Scored alone", note, False, alone))
    return tuple([group for group in groups if group.entries])
