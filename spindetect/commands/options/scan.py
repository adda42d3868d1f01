"""Arguments and options of ``spindetect scan``."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

import typer

from spindetect.commands.options.shared import LINKS, SCORING, Columns, Ignore, MemoryLimit, Strict, TimeLimit
from spindetect.settings import CANDIDATES, FILE_ROWS, MEMORY_LIMIT, SAME_STORY, SUSPECT_SECONDS, Settings


@dataclass(frozen=True, slots=True)
class ScanOptions:
    """The arguments of one call of ``spindetect scan``; ``columns`` are ``NAME=COLUMN`` as typed.

    A ``time_limit`` of 0 stands for none; ``memory_limit`` is in megabytes.
    """

    source: Annotated[
        str,
        typer.Argument(
            help="The input: a file in any supported format, a folder of them, or a URI such as s3://bucket/feed.",
            metavar="INPUT",
        ),
    ]
    out: Annotated[
        str,
        typer.Option(
            "--out",
            "-o",
            help="The .jsonl or .parquet file to write, or a folder for Parquet files; or a URI.",
            metavar="OUT",
        ),
    ]
    archives: Annotated[
        list[Path],
        typer.Option(
            "--archive",
            help="The archive to find sources in, or a folder of archives; several are searched as one.",
            metavar="ARCHIVE",
        ),
    ] = field(default_factory=list)
    itself: Annotated[
        bool,
        typer.Option("--self", help="Scan the input against itself: who copies whom, and clusters of one story."),
    ] = False
    alone: Annotated[
        bool, typer.Option("--alone", help="Score each article without a reference, too: column alone_score.")
    ] = False
    candidates: Annotated[
        int, typer.Option(min=1, help="Articles of the archive to compare each suspect with.", metavar="N")
    ] = CANDIDATES
    ignore: Ignore = field(default_factory=list)
    columns: Columns = field(default_factory=list)
    strict: Strict = False
    report_dir: Annotated[
        Path | None,
        typer.Option(
            help="Write an HTML report on each article over --report-at to this folder, too.", metavar="DIR"
        ),
    ] = None
    report_at: Annotated[
        list[str],
        typer.Option(
            help="Score, or with reuse=NUMBER reuse, from which there is a report; may be repeated. [default: 50]",
            metavar="SCORE",
        ),
    ] = field(default_factory=list)
    jobs: Annotated[int, typer.Option(min=0, help="Processes to scan with; 0: one on each core.", metavar="N")] = 0
    resume: Annotated[bool, typer.Option("--resume", help="Continue an interrupted scan.")] = False
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Start again, and replace existing output.")] = (
        False
    )
    cluster_at: Annotated[
        float,
        typer.Option(
            min=0, max=1, help="With --self: coverage from which two articles are one story.", metavar="SHARE"
        ),
    ] = SAME_STORY
    time_limit: TimeLimit = SUSPECT_SECONDS
    memory_limit: MemoryLimit = MEMORY_LIMIT
    file_rows: Annotated[
        int,
        typer.Option(
            "--rows-per-file", min=1, help="If --out is a folder: rows in each of its files.", metavar="N"
        ),
    ] = FILE_ROWS
    engine: Annotated[
        Literal["local", "ray"],
        typer.Option(help="This machine, or a Ray cluster (pip install 'spindetect[ray]')."),
    ] = "local"
    spread: Annotated[
        bool,
        typer.Option("--spread", help="With --engine ray: nodes without an archive ask the nodes that have it."),
    ] = False
    address: Annotated[
        str | None, typer.Option(help="With --engine ray: the cluster's address.", metavar="ADDRESS")
    ] = None
    settings: Annotated[Settings, (*LINKS, *SCORING, "unpack_times")] = field(default_factory=Settings)
