"""Columns of a page that were drawn line by line, so that each line goes on in the next column."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

_SAME_LINE, _NEXT_LINE = 2.0, 1.6  # units of the page, and lines
# Columns begin where at least so many lines, and of all lines so many, go on; a line of one has so many characters.
_FEWEST_LINES, _OF_LINES, _CHARACTERS, _MOST_COLUMNS = 5, 0.4, 15, 6
_FAR = 1e9


class Box(NamedTuple):
    """A part of a page, in its units; the lower and left edges belong to it."""

    left: float
    right: float
    bottom: float
    top: float

    def holds(self, x: float, y: float) -> bool:
        """Whether what begins there is in it."""
        return self.left <= x < self.right and self.bottom <= y < self.top


def boxes_of(shown: Sequence[tuple[float, float, int]]) -> list[Box | None]:
    """The parts of a page in the order of reading: what is above its columns, each column, what is below.

    ``shown`` has of each string, in the order in which they are drawn, where it begins and its length. Without
    columns that were drawn line by line, all is one part, None.
    """
    lines, heights = 0, dict[int, list[float]]()
    for (left, above, _), (x, y, _) in pairwise([(0.0, -_FAR, 0), *shown]):
        if abs(y - above) < _SAME_LINE and x > left:
            heights.setdefault(round(x), []).append(y)
        else:
            lines += 1
    fewest = max(_FEWEST_LINES, _OF_LINES * lines)
    starts = sorted(x for x, found in heights.items() if len(found) >= fewest)
    if not 0 < len(starts) < _MOST_COLUMNS:
        return [None]
    parted = sorted({y for start in starts for y in heights[start]})
    bottom, top = parted[0], parted[-1]
    near = _NEXT_LINE * median([above - below for below, above in pairwise(parted)] or [0.0])
    written = sorted({y for _, y, _ in shown})
    for y in written:  # a column may be longer than the others, at either end
        top = y if top < y < top + near else top
    for y in reversed(written):
        bottom = y if bottom - near < y < bottom else bottom
    edges = [-_FAR, *(start - 1.0 for start in starts), _FAR]
    columns = [Box(left, right, bottom, top + 1.0) for left, right in pairwise(edges)]
    sizes = [sum(count for x, y, count in shown if column.holds(x, y)) for column in columns]
    if min(sizes) < _CHARACTERS * max(len(heights[start]) for start in starts):
        return [None]
    return [Box(-_FAR, _FAR, top + 1.0, _FAR), *columns, Box(-_FAR, _FAR, -_FAR, bottom)]
