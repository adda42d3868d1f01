"""Comparing two articles: the view in the terminal, or the full report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from spindetect.commands.streams import FINE, Color, output_width, use_color, write_output
from spindetect.errors import SpindetectError
from spindetect.settings import Settings

View = Literal["text", "json"]


@dataclass(frozen=True, slots=True)
class CompareOptions:
    """What ``spindetect compare`` was asked for; a ``width`` of None is the terminal's, or 80 when piped."""

    suspect: str
    reference: str
    format: View = "text"
    color: Color = "auto"
    width: int | None = None
    settings: Settings = field(default_factory=Settings)
    ignore: Sequence[str] = ()


def compare(options: CompareOptions) -> int:
    """Show the comparison of two articles and return exit code 0."""
    if options.suspect == options.reference == "-":
        raise SpindetectError("standard input was named twice and can be read only once. Name a file.")
    from spindetect.detector import Detector

    detector = Detector.load(settings=options.settings)
    comparison = detector.compare(
        Path(options.suspect), Path(options.reference), [Path(name) for name in options.ignore]
    )
    if options.format == "json":
        from spindetect.report.tables import write_report

        write_output(write_report(comparison))
    else:
        from spindetect.report.terminal import render

        width = options.width or output_width()
        write_output(render(comparison, width, use_color(options.color)))
    return FINE
