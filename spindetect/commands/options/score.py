"""Arguments and options of ``spindetect score``."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

import typer

from spindetect.commands.options.shared import (
    LINKS,
    SCORING,
    Anonymous,
    Date,
    Granularity,
    Ignore,
    Output,
    Strict,
    WithText,
)
from spindetect.settings import Settings


@dataclass(frozen=True, slots=True)
class ScoreOptions:
    """The arguments of one call; ``suspects`` and ``references`` are files, folders, links or ``-``.

    ``candidates`` are articles of the archive to compare each suspect with; None stands for `CANDIDATES`.
    ``fail_at`` holds limits as typed. ``force`` lets ``output`` take the place of any file, not only of one that
    holds scores. With ``strict`` it is an error when files of a folder are of no format that is read. ``date`` and
    ``anonymous`` are of the reports, as in `spindetect.commands.options.report.ReportOptions`.
    """

    suspects: Annotated[
        list[str],
        typer.Argument(
            help="Articles to score: files, folders of articles, links, or - for standard input.", metavar="SUSPECT"
        ),
    ]
    references: Annotated[
        list[str],
        typer.Option(
            "--reference",
            help="An article, a link, or a folder of articles to score against; may be given several times.",
            metavar="REF",
        ),
    ] = field(default_factory=list)
    archive: Annotated[
        Path | None,
        typer.Option(help="In place of --reference: an archive to find the sources in.", metavar="ARCHIVE"),
    ] = None
    candidates: Annotated[
        int | None,
        typer.Option(
            min=1, help="With --archive: articles to compare each suspect with. [default: 5]", metavar="N"
        ),
    ] = None
    ignore: Ignore = field(default_factory=list)
    format: Annotated[Literal["table", "json", "jsonl", "csv"], typer.Option(help="How to write the results.")] = (
        "table"
    )
    granularity: Granularity = "substitution"
    output: Output = None
    force: Annotated[
        bool, typer.Option("--force", help="Let --output replace a file that doesn't hold scores.")
    ] = False
    strict: Strict = False
    with_text: WithText = False
    jobs: Annotated[int, typer.Option(min=1, help="Processes to score with.", metavar="N")] = 1
    fail_at: Annotated[
        list[str],
        typer.Option(
            help="Exit with 1 when a score is this or higher, or with reuse=NUMBER the reuse; may be repeated. A "
            "suspect whose reference is told to be the copy doesn't count.",
            metavar="SCORE",
        ),
    ] = field(default_factory=list)
    report_dir: Annotated[
        Path | None,
        typer.Option(
            help="Also write an HTML report on each suspect, and an index, to this folder.", metavar="DIR"
        ),
    ] = None
    date: Date = None
    anonymous: Anonymous = False
    settings: Annotated[Settings, LINKS + SCORING] = field(default_factory=Settings)
