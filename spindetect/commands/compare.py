"""Comparing two articles: the view in the terminal, or the full report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spindetect.commands.options.pair import CompareOptions
from spindetect.commands.sources import named_source
from spindetect.commands.streams import FINE, output_width, use_color, write_output
from spindetect.errors import SpindetectError
from spindetect.kinds import KINDS, Kind
from spindetect.report.sides import EVERYTHING, Selection
from spindetect.results import Assessment, Comparison
from spindetect.settings import Settings

if TYPE_CHECKING:
    from spindetect.scorer import Source


def compare(options: CompareOptions) -> int:
    """Show the comparison of two articles and return exit code 0."""
    if [options.suspect, options.reference, *options.ignore].count("-") > 1:
        raise SpindetectError("standard input was named twice and can be read only once. Name a file.")
    selection = _selection(options.kinds, options.only_changed)
    if options.format == "json" and selection != EVERYTHING:
        raise SpindetectError("--only-changed and --kinds are for the text view; a JSON report has it all.")
    if options.reference is None and selection != EVERYTHING:
        raise SpindetectError("--only-changed and --kinds are for two articles. Name a reference, too.")
    if options.with_text and options.format != "json":
        raise SpindetectError("--with-text is for JSON. Give --format json.")
    if options.granularity == "edit" and options.format != "json":
        raise SpindetectError("--granularity edit is for the JSON report. Add --format json.")
    result = compared(options.suspect, options.reference, options.archive, options.ignore, options.settings)
    if options.format == "json":
        from spindetect.report.tables import write_report

        write_output(write_report(result, options.with_text, options.granularity))
        return FINE
    width, color = options.width or output_width(), use_color(options.color)
    if result.reference_free:
        from spindetect.report.reference_free import render_alone

        write_output(render_alone(result, width, color))
    else:
        from spindetect.report.terminal import render

        write_output(render(result, width, color, selection))
    return FINE


def compared(
    suspect: str,
    reference: str | None,
    archive: Path | None,
    ignored: Sequence[str],
    settings: Settings,
    facts: tuple[Mapping[str, str], Mapping[str, str]] = ({}, {}),
) -> Comparison | Assessment:
    """A suspect against a reference, against its likeliest source in an archive, or alone.

    ``facts`` are fields of both articles, by their names, that go over what these say of themselves.
    """
    if archive is not None and reference is not None:
        raise SpindetectError("name a reference or give --archive, not both.")
    from spindetect.detector import Detector

    detector = Detector.load(settings=settings)
    ignore = [named_source(name) for name in ignored]

    def described(name: str, said: Mapping[str, str]) -> Source:
        source = named_source(name)
        return replace(detector.document(source).article, **dict[str, Any](said)) if said else source

    given = described(suspect, facts[0])
    if archive is not None:
        from spindetect.archive.archive import Archive

        with Archive.open(archive) as opened:
            return detector.find_sources(given, opened, ignore=ignore)
    if reference is None:
        return detector.score(given, ignore)
    return detector.compare(given, described(reference, facts[1]), ignore)


def _selection(kinds: str | None, only_changed: bool) -> Selection:
    """The selection of ``--kinds a,b`` and ``--only-changed``; raises `SpindetectError` for an unknown kind."""
    if kinds is None:
        return Selection(only_changed=only_changed)
    named = frozenset(name.strip() for name in kinds.split(","))
    chosen: frozenset[Kind] = frozenset(kind for kind in KINDS if kind in named)
    unknown = sorted(named - chosen)
    if unknown:
        raise SpindetectError(
            f"{unknown[0]!r} is no kind of substitution. Give one or more of {', '.join(KINDS)}, "
            "separated by commas."
        )
    return Selection(chosen, only_changed)
