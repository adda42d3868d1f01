"""Arguments and options of ``spindetect report``."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from spindetect.commands.options.shared import LINKS, SCORING, Anonymous, Date, FromArchive, Ignore, Reference
from spindetect.settings import Settings

FACTS = ("name", "title", "url", "outlet", "published")
"""Fields of `spindetect.records.Article` that an option may set instead of the article itself."""


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """The arguments of one call of ``spindetect report``; an ``output`` of ``-`` is standard output.

    The suspect is compared with a ``reference``, with its likeliest source in an ``archive``, or scored alone. In
    its place a ``row`` of a scan may be named, as ``FILE:ID``; ``input`` is where what was scanned lies now.
    ``overwrite`` lets the report take the place of any file, not only of a report or an empty file. ``date`` is
    the report's day (ISO 8601), today's by default; ``anonymous`` leaves out outlets, links and file names.
    """

    output: Annotated[
        Path, typer.Option("--output", "-o", help="The file to write; - for standard output.", metavar="FILE")
    ]
    suspect: Annotated[
        str | None,
        typer.Argument(help="The article to examine: a file, a link, or - for standard input.", metavar="SUSPECT"),
    ] = None
    reference: Reference = None
    archive: FromArchive = None
    row: Annotated[
        str | None,
        typer.Option(help="In place of SUSPECT: a row of a scan, by its file and its id.", metavar="FILE:ID"),
    ] = None
    input: Annotated[
        str | None, typer.Option(help="With --row: the scanned input, if it has moved.", metavar="INPUT")
    ] = None
    ignore: Ignore = field(default_factory=list)
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace any file; without this option only a report is replaced.")
    ] = False
    name: Annotated[
        str | None, typer.Option(help="The suspect's name, in place of its file's.", metavar="NAME")
    ] = None
    title: Annotated[str | None, typer.Option(help="The suspect's title.", metavar="TITLE")] = None
    url: Annotated[str | None, typer.Option(help="The suspect's address.", metavar="URL")] = None
    outlet: Annotated[str | None, typer.Option(help="The suspect's outlet.", metavar="OUTLET")] = None
    published: Annotated[str | None, typer.Option(help="The suspect's time of publication.", metavar="TIME")] = None
    reference_name: Annotated[
        str | None, typer.Option(help="The reference's name, in place of its file's.", metavar="NAME")
    ] = None
    reference_title: Annotated[str | None, typer.Option(help="The reference's title.", metavar="TITLE")] = None
    reference_url: Annotated[str | None, typer.Option(help="The reference's address.", metavar="URL")] = None
    reference_outlet: Annotated[str | None, typer.Option(help="The reference's outlet.", metavar="OUTLET")] = None
    reference_published: Annotated[
        str | None, typer.Option(help="The reference's time of publication.", metavar="TIME")
    ] = None
    date: Date = None
    anonymous: Anonymous = False
    settings: Annotated[Settings, LINKS + SCORING] = field(default_factory=Settings)

    @property
    def suspect_facts(self) -> dict[str, str]:
        """The given fields that replace the suspect's own."""
        return {fact: said for fact in FACTS if (said := getattr(self, fact)) is not None}

    @property
    def reference_facts(self) -> dict[str, str]:
        """The given fields that replace the reference's own."""
        return {fact: said for fact in FACTS if (said := getattr(self, f"reference_{fact}")) is not None}
