"""Putting marks in order, and seeing the text without what they cover."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from spindetect.records import Mark, Span

_NOT_LINE_END = re.compile(r"[^\r\n]")
HIDDEN = "\x00"
MOST_SIGNS = 200_000
"""Signs of a markup that are marked in a text: a long book has a tenth of them, and each costs as much as any."""


def tidy(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """The marks sorted by start and without overlaps.

    Boilerplate and what is ignored go over markup, since they cover whole lines or
    sentences; otherwise what starts first keeps its place. A mark that is partly covered is cut to what is left of
    it, one that is wholly covered is dropped.
    """
    marks = list(marks)
    boilerplate = _without_overlaps(mark for mark in marks if mark.kind != "markup")
    markup = _without_overlaps(mark for mark in marks if mark.kind == "markup")
    if not boilerplate or not markup:
        return tuple(boilerplate or markup)
    return tuple(sorted(boilerplate + _outside(markup, boilerplate), key=lambda mark: mark.span))


def _without_overlaps(marks: Iterable[Mark]) -> list[Mark]:
    kept: list[Mark] = []
    end = 0
    for mark in sorted(marks, key=lambda mark: (mark.span.start, -mark.span.end)):
        if mark.span.end > end:
            start = max(mark.span.start, end)
            kept.append(mark if start == mark.span.start else _cut(mark, start, mark.span.end))
            end = mark.span.end
    return kept


def _cut(mark: Mark, start: int, end: int) -> Mark:
    return Mark(Span(start, end), mark.kind, mark.reason)


def _outside(marks: Sequence[Mark], covers: Sequence[Mark]) -> list[Mark]:
    """The pieces of ``marks`` that lie outside ``covers``; both are sorted and free of overlaps."""
    left: list[Mark] = []
    first = 0
    for mark in marks:
        while first < len(covers) and covers[first].span.end <= mark.span.start:
            first += 1
        start, index = mark.span.start, first
        while index < len(covers) and covers[index].span.start < mark.span.end:
            if start < covers[index].span.start:
                left.append(_cut(mark, start, covers[index].span.start))
            start, index = covers[index].span.end, index + 1
        if start < mark.span.end:
            left.append(mark if start == mark.span.start else _cut(mark, start, mark.span.end))
    return left


def hide(text: str, marks: Sequence[Mark]) -> str:
    """``text`` with every character that ``marks`` cover replaced by ``HIDDEN``, line ends apart.

    The length stays the same, so offsets into the result are offsets into the text.
    """
    pieces: list[str] = []
    end = 0
    for mark in marks:
        pieces += (text[end : mark.span.start], _NOT_LINE_END.sub(HIDDEN, mark.span.of(text)))
        end = mark.span.end
    return "".join(pieces) + text[end:]
