"""Paragraphs on a terminal, alone or side by side: wrapped to a width, with colour or without."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest

from rich.console import Console
from rich.text import Text

FAINT = "dim"
STRONG = "bold"
GUTTER = " │ "
CROSSING = "─┼─"  # of the gutter and a rule
_SHALLOW = " " * 9  # an indent that leaves room on narrow screens; as deep as that of the score's reasons


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A text, what its first line begins with, and what its other lines begin with."""

    text: Text
    first: Text
    rest: str


@dataclass(frozen=True, slots=True)
class Columns:
    """Two paragraphs side by side, with ``between`` (three columns wide), faint, on every line between them."""

    left: Paragraph
    right: Paragraph
    between: str = GUTTER


def paragraph(text: str | Text, first: str | Text = "", style: str = "") -> Paragraph:
    """A paragraph whose other lines are indented as deep as the beginning of its first is wide."""
    beginning = Text(first) if isinstance(first, str) else first
    body = text.copy() if isinstance(text, Text) else Text(text)
    body.stylize_before(style)
    return Paragraph(body, beginning, " " * beginning.cell_len)


EMPTY_LINE = paragraph("")


def rule(title: str, width: int) -> Paragraph:
    """A headline with a line drawn to the right edge; cut where it doesn't fit."""
    text = Text(f"── {title} " if title else "")
    text.truncate(width, overflow="ellipsis")
    text.append("─" * (width - text.cell_len))
    return paragraph(text, style=FAINT)


def column_widths(width: int) -> tuple[int, int]:
    """How wide the left and the right of two columns are in ``width`` columns altogether."""
    left = (width - len(GUTTER)) // 2
    return left, width - len(GUTTER) - left


def rule_across(left: str, right: str, width: int) -> Columns:
    """A headline over both columns, with a title for each."""
    room = column_widths(width)
    return Columns(rule(left, room[0]), rule(right, room[1]), CROSSING)


def rendered(paragraphs: Iterable[Paragraph | Columns], width: int, color: bool) -> str:
    """The paragraphs as text whose lines are at most ``width`` columns wide.

    With ``color`` it holds ANSI escapes of the eight basic colours, without it none.
    A word too long for a line is broken.
    """
    console = Console(
        file=io.StringIO(),
        width=width,
        force_terminal=color,
        color_system="standard" if color else None,
        no_color=not color,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    with console.capture() as capture:
        for item in paragraphs:
            for line in _lines(item, console, width):
                line.rstrip()
                console.print(line, no_wrap=True, overflow="ignore", crop=False)
    return capture.get()


def _lines(item: Paragraph | Columns, console: Console, width: int) -> Iterator[Text]:
    """The lines of a paragraph, or of two side by side; one empty line when there is no text."""
    if isinstance(item, Paragraph):
        yield from _wrapped(item, console, width)
        return
    room = column_widths(width)
    sides = _wrapped(item.left, console, room[0]), _wrapped(item.right, console, room[1])
    for left, right in zip_longest(*sides, fillvalue=Text()):
        gap = " " * (room[0] - left.cell_len)
        yield Text.assemble(left, gap, (item.between, FAINT), right)


def _wrapped(item: Paragraph, console: Console, width: int) -> Iterator[Text]:
    """A paragraph's lines, at most ``width`` columns wide; below its beginning if that takes more than half."""
    first, rest = item.first, item.rest
    if 2 * first.cell_len > width:
        if first.plain.strip():
            yield first.copy()
        first, rest = Text(_SHALLOW), _SHALLOW
    for index, line in enumerate(item.text.wrap(console, width - len(rest), overflow="fold") or [Text()]):
        yield Text.assemble(first if index == 0 else rest, line)
