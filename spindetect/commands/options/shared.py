"""Arguments and options that several commands have, and reading the limits among them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from spindetect.errors import SpindetectError

Model = Annotated[str, typer.Option(help="A model's name, or the folder it is in.", metavar="MODEL")]
SETTINGS: Mapping[str, Any] = {
    "allow_private": Annotated[
        bool, typer.Option("--allow-private", help="Links may lead to this machine and to private networks.")
    ],
    "ignore_robots": Annotated[
        bool, typer.Option("--ignore-robots", help="Fetch pages even if a site's robots.txt forbids it.")
    ],
    "evidence": Annotated[
        str | None,
        typer.Option(
            "--save-evidence",
            help="Keep the fetched pages in this folder, as WARC files with time and SHA-256.",
            metavar="DIR",
        ),
    ],
    "model": Model,
    "pipeline": Annotated[
        str | None, typer.Option(help="An installed spaCy pipeline that finds sentences.", metavar="NAME")
    ],
    "lm": Annotated[
        str | None,
        typer.Option(help="A language model, a GGUF file: it reads what is in doubt alone.", metavar="FILE"),
    ],
    "max_characters": Annotated[int, typer.Option(min=1, help="Longer articles are refused.", metavar="N")],
    "unpack_times": Annotated[
        int, typer.Option(min=1, help="Times its size that a packed file may unpack to.", metavar="N")
    ],
    "max_words": Annotated[int, typer.Option(min=1, help="Articles of more words are refused.", metavar="N")],
}
"""Options of what `spindetect.settings.Settings` holds, by its fields' names."""

LINKS = ("allow_private", "ignore_robots", "evidence")
SCORING = ("model", "pipeline", "lm", "max_characters", "max_words")

Archive = Annotated[Path, typer.Argument(help="The archive's folder.", metavar="ARCHIVE")]
View = Annotated[Literal["table", "json"], typer.Option(help="How to write it.")]
Suspect = Annotated[
    str, typer.Argument(help="The article to examine: a file, a link, or - for standard input.", metavar="SUSPECT")
]
Reference = Annotated[
    str | None,
    typer.Argument(
        help="The article it may be made from: a file, a link, or -; without one the suspect is scored alone.",
        metavar="REFERENCE",
    ),
]
FromArchive = Annotated[
    Path | None, typer.Option(help="In place of REFERENCE: an archive to find the source in.", metavar="ARCHIVE")
]
Ignore = Annotated[
    list[str],
    typer.Option(
        help="A shared text, such as boilerplate or a press release; sentences from it don't count. "
        "May be given several times.",
        metavar="FILE",
    ),
]
Columns = Annotated[
    list[str], typer.Option("--field", help="Another name of a field, such as text=body.", metavar="NAME=COLUMN")
]
Strict = Annotated[bool, typer.Option("--strict", help="Treat files in a folder that can't be read as an error.")]
TimeLimit = Annotated[
    float,
    typer.Option(
        min=0, help="Seconds after which an article is given up, with an error; 0: no limit.", metavar="SECONDS"
    ),
]
MemoryLimit = Annotated[
    int,
    typer.Option(
        min=100, help="Megabytes for one article, beyond those of the model; more is an error.", metavar="MB"
    ),
]
Granularity = Annotated[
    Literal["substitution", "edit"],
    typer.Option(
        help="With edit, JSON also has the changes as annotators mark them: adjacent ones as one, "
        "insertions and deletions separate."
    ),
]
WithText = Annotated[
    bool, typer.Option("--with-text", help="Put the texts as read into the JSON; spans count in them.")
]
Output = Annotated[Path | None, typer.Option(help="Write to this file instead of standard output.", metavar="FILE")]
Date = Annotated[
    str | None, typer.Option(help="The date of reports, such as 2026-11-29. [default: today]", metavar="DAY")
]
Anonymous = Annotated[
    bool, typer.Option("--anonymous", help="Leave out the names of outlets, links and file names in reports.")
]
Data = Annotated[
    Path,
    typer.Option(help="The folder where the service keeps its database.", metavar="DIR", envvar="SPINDETECT_DATA"),
]
Database = Annotated[
    str | None,
    typer.Option(
        help="Another database, as postgresql://user:password@host/name.",
        metavar="URL",
        envvar="SPINDETECT_DATABASE",
    ),
]
DATA = Path("spindetect-service")


LIMITS = ("score", "reuse")


def parse_limits(given: Iterable[str]) -> dict[str, float]:
    """The limits that options give: ``50`` and ``score=50`` limit the score, ``reuse=80`` the reuse.

    Raises `SpindetectError` for another name, for what is no number, and for one that isn't 0 to 100.
    """
    limits: dict[str, float] = {}
    for text in given:
        name, separator, number = text.rpartition("=")
        name = name if separator else "score"
        try:
            limit = float(number)
        except ValueError:
            limit = -1.0
        if name not in LIMITS or not 0.0 <= limit <= 100.0:
            named = " or ".join(f"{one}=NUMBER" for one in LIMITS)
            raise SpindetectError(
                f"a limit, as of --fail-at, is a number of 0 to 100, or {named}; {text!r} is neither."
            )
        limits[name] = min(limit, limits.get(name, limit))
    return limits
