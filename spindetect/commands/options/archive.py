"""Arguments and options of ``spindetect archive add`` and ``spindetect archive find``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

import typer

from spindetect.commands.options.shared import (
    LINKS,
    Archive,
    Columns,
    Ignore,
    MemoryLimit,
    Strict,
    Suspect,
    TimeLimit,
    View,
)
from spindetect.settings import ARTICLE_SECONDS, MEMORY_LIMIT, Settings


@dataclass(frozen=True, slots=True)
class AddOptions:
    """The arguments of one call of ``spindetect archive add``; ``columns`` are ``NAME=COLUMN`` as typed.

    With ``follow`` the pages that feeds and sitemaps name are fetched. Documents are read on ``jobs`` processes (0:
    one on each core), each within ``time_limit`` seconds (0: no limit) and ``memory_limit`` megabytes.
    """

    archive: Archive
    sources: Annotated[
        list[str],
        typer.Argument(
            help="Articles: files in any supported format, folders of them, links, - for standard input.",
            metavar="SOURCE",
        ),
    ]
    columns: Columns = field(default_factory=list)
    keep_texts: Annotated[bool, typer.Option("--text/--no-text", help="Keep the texts, to compare with.")] = True
    strict: Strict = False
    jobs: Annotated[
        int, typer.Option(min=0, help="Processes to read documents with; 0: one on each core.", metavar="N")
    ] = 0
    time_limit: TimeLimit = ARTICLE_SECONDS
    memory_limit: MemoryLimit = MEMORY_LIMIT
    follow: Annotated[
        bool, typer.Option("--follow", help="Fetch the pages that links to feeds and sitemaps name.")
    ] = False
    settings: Annotated[Settings, (*LINKS, "max_characters", "unpack_times")] = field(default_factory=Settings)


@dataclass(frozen=True, slots=True)
class FindOptions:
    """The arguments of one call of ``spindetect archive find``."""

    archive: Archive
    suspect: Suspect
    limit: Annotated[int, typer.Option(min=1, help="Articles to find.", metavar="N")] = 5
    ignore: Ignore = field(default_factory=list)
    format: View = "table"
    settings: Annotated[Settings, (*LINKS, "model", "max_characters", "max_words")] = field(
        default_factory=Settings
    )
