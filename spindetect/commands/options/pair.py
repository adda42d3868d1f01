"""Arguments and options of ``spindetect compare`` and ``spindetect restore``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

import typer

from spindetect.commands.options.shared import (
    LINKS,
    SCORING,
    FromArchive,
    Granularity,
    Ignore,
    Output,
    Reference,
    Suspect,
    WithText,
)
from spindetect.kinds import KINDS
from spindetect.settings import Settings


@dataclass(frozen=True, slots=True)
class CompareOptions:
    """The arguments of one call of ``spindetect compare``; a ``width`` of None is the terminal's, or 80 when piped.

    Without a ``reference`` the suspect is scored alone.

    ``kinds`` are named as ``name,term``; None stands for all.
    """

    suspect: Suspect
    reference: Reference = None
    archive: FromArchive = None
    ignore: Ignore = field(default_factory=list)
    format: Annotated[Literal["text", "json"], typer.Option(help="A view to read, or the full report.")] = "text"
    granularity: Granularity = "substitution"
    color: Annotated[
        Literal["auto", "always", "never"], typer.Option(help="Colour; auto: when a terminal shows it.")
    ] = "auto"
    with_text: WithText = False
    width: Annotated[
        int | None,
        typer.Option(
            min=40,
            help="Columns to use; side by side from 100 on. [default: the terminal's, up to 160; 80 when piped]",
            metavar="N",
        ),
    ] = None
    only_changed: Annotated[bool, typer.Option("--only-changed", help="Leave out unchanged sentences.")] = False
    kinds: Annotated[
        str | None,
        typer.Option(
            help=f"Mark only these kinds of substitutions: {', '.join(KINDS)}; several as name,term.",
            metavar="KIND,...",
        ),
    ] = None
    settings: Annotated[Settings, LINKS + SCORING] = field(default_factory=Settings)


@dataclass(frozen=True, slots=True)
class RestoreOptions:
    """The arguments of one call of ``spindetect restore``; ``suspect`` is a file, a link or ``-``."""

    suspect: Annotated[str, typer.Argument(help="An article, or - for standard input.", metavar="SUSPECT")]
    format: Annotated[
        Literal["marked", "plain", "json"],
        typer.Option(help="With every change marked, the text alone, or with all guesses."),
    ] = "marked"
    output: Output = None
    ignore: Ignore = field(default_factory=list)
    settings: Annotated[Settings, (*LINKS, "model", "pipeline", "max_characters")] = field(default_factory=Settings)
