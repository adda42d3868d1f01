"""Marking the markup in a plain text that isn't Markdown: BBCode, HTML tags, wiki links, LaTeX, terminal codes.

The text stays as it is in the file. Each syntax is a row of ``tags.toml``: the signs are marked where they come as
often as chance doesn't bring them. Every pattern is linear: repetitions are bounded, or exclude what may follow.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from spindetect.files import shipped_table
from spindetect.read.marks import MOST_SIGNS, tidy
from spindetect.records import Mark, Span


@dataclass(frozen=True, slots=True)
class Syntax:
    """One markup: what it is called, a string that all of it has, and the stretches of a text that are its signs.

    A text is taken to have it when there are at least ``fewest`` signs.
    """

    name: str
    needs: str
    signs: Callable[[str], Iterator[tuple[int, int]]]
    fewest: int


def _whole(pattern: str) -> Callable[[str], Iterator[tuple[int, int]]]:
    """All of what a pattern matches."""
    compiled = re.compile(pattern)
    return lambda text: (found.span() for found in compiled.finditer(text))


def _around(pattern: str) -> Callable[[str], Iterator[tuple[int, int]]]:
    """The parts of a match before and after the pattern's one group, which the signs are about."""
    compiled = re.compile(pattern)

    def signs(text: str) -> Iterator[tuple[int, int]]:
        for found in compiled.finditer(text):
            for start, end in ((found.start(), found.start(1)), (found.end(1), found.end())):
                if start < end:
                    yield start, end

    return signs


def _closed(closing: str, tag: str) -> Callable[[str], Iterator[tuple[int, int]]]:
    """The tags whose name, their first group, some tag in the text closes."""
    ends, tags = re.compile(closing), re.compile(tag)

    def signs(text: str) -> Iterator[tuple[int, int]]:
        names = {found[1].lower() for found in ends.finditer(text)}
        for found in tags.finditer(text) if names else ():
            if found[1].lower() in names:
                yield found.span()

    return signs


_TABLE = shipped_table("read/tags.toml")
_BETWEEN = r"(?<![\w{0}]){0}(\w(?:[\w '’-]{{0,80}}\w)?){0}(?![\w{0}])"
# How the signs of a row are found, by the name of its patterns.
_HOW: dict[str, Callable[..., Callable[[str], Iterator[tuple[int, int]]]]] = {
    "whole": _whole,
    "around": _around,
    "closed": _closed,
    "between": lambda sign: _around(_BETWEEN.format(re.escape(sign))),
}


def _filled(pattern: str) -> str:
    return re.sub(r"\{([A-Z]+)\}", lambda named: _filled(_TABLE["parts"][named[1]]), pattern)


_SYNTAXES = [
    Syntax(row["name"], row["needs"], make(*map(_filled, row[how])), row.get("fewest", 1))
    for row in _TABLE["syntax"]
    for how, make in _HOW.items()
    if how in row
]


def tag_marks(text: str) -> list[Mark]:
    """Marks of the markup in a text that isn't Markdown or HTML, sorted, none of them overlapping.

    >>> [mark.span.of("A [b]mill[/b] closed.") for mark in tag_marks("A [b]mill[/b] closed.")]
    ['[b]', '[/b]']
    """
    marks: list[Mark] = []
    for syntax in _SYNTAXES:
        if syntax.needs in text:
            signs = list(islice(syntax.signs(text), MOST_SIGNS))
            if len(signs) >= syntax.fewest:
                marks += [Mark(Span(start, end), "markup", syntax.name) for start, end in signs]
    return list(tidy(marks))
