"""A text rewritten, and where each of its characters stands in the text as read."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

Char = tuple[str, int, int]
"""A character as written anew, and the stretch of the text that it stands for."""
Edit = tuple[int, int, Sequence[Char]]
"""A stretch of the text, and the characters that take its place."""


@dataclass(frozen=True, slots=True)
class SeenThrough:
    """A text rewritten; ``starts`` and ``ends`` give each character's stretch in the text as read."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]


def rewritten(text: str, edits: Sequence[Edit]) -> SeenThrough:
    """The text with each edit made; the edits are sorted and don't overlap."""
    pieces: list[str] = []
    starts, ends = array("i"), array("i")
    at = 0
    end_of_text: Edit = (len(text), len(text), ())
    for first, last, chars in [*edits, end_of_text]:
        pieces.append(text[at:first])
        starts.extend(range(at, first))
        ends.extend(range(at + 1, first + 1))
        for char, start, end in chars:
            pieces.append(char)
            starts.append(start)
            ends.append(end)
        at = last
    return SeenThrough("".join(pieces), starts, ends)


def replacing(start: int, end: int, new: str) -> Edit:
    """An edit that writes ``new`` for a stretch; each of its characters stands for an equal part of it.

    [=E2=80=99 -> ’]; a stretch that is shorter than ``new`` is shared by neighbouring characters.
    """
    size, count = end - start, max(1, len(new))
    return (
        start,
        end,
        [
            (
                char,
                start + place * size // count,
                max(start + place * size // count + 1, start + (place + 1) * size // count),
            )
            for place, char in enumerate(new)
        ],
    )


def through(first: SeenThrough | None, second: SeenThrough | None) -> SeenThrough | None:
    """Two rewritings as one: ``second`` rewrites what ``first`` gave; None stands for one that changes nothing."""
    if first is None or second is None:
        return first or second
    starts = array("i", [first.starts[place] for place in second.starts])
    ends = array("i", [first.ends[place - 1] for place in second.ends])
    return SeenThrough(second.text, starts, ends)
