"""Lines of a hard-wrapped text: which go on with the line above, and which stand at the head or foot of a page."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

_LONGEST, _NUMBER = 80, re.compile(r"\d{1,4}")
_FEWEST_LINES, _PAGES = 5, 3  # lines of a page, and pages


def wrapped_breaks(text: str, ends: Sequence[tuple[int, int]]) -> tuple[set[int], set[int]]:
    """Starts of lines that go on with the line above, and of pages' heads; none unless the text is hard-wrapped.

    A line of 45 to 120 characters with a line right below it may have been wrapped;
    the text was if two such breaks, and a tenth of them, go on in lower case.
    """
    breaks = {
        start
        for (above, end), (start, _) in pairwise(ends)
        if 45 <= end - above <= 120 and start - end <= 4 and text.count("\n", end, start) <= 1
        # a mail's [Ann wrote:] and code end with their line, quotations and rules begin with theirs
        if text[end - 1] != ":" and text[start] not in ">-_*•|" and text.find(" ", above, end) > 0
    }
    if sum(text[start].islower() for start in breaks) < max(2, len(breaks) / 10):
        return set(), set()
    heads = _running_heads([(begin, text[begin:end]) for begin, end in ends])
    return breaks - {begin for (above, _), (begin, _) in pairwise(ends) if heads & {above, begin}}, heads


def _running_heads(lines: Sequence[tuple[int, str]]) -> set[int]:
    """Starts of lines alike but for a number that rises by one, some lines apart [- 1 -, - 2 -, - 3 -]."""
    alike: dict[str, list[tuple[int, int, list[int]]]] = defaultdict(list)
    for at, (start, line) in enumerate(lines):
        if len(line) <= _LONGEST and (numbers := _NUMBER.findall(line)):
            alike[_NUMBER.sub("#", " ".join(line.split()))].append((at, start, list(map(int, numbers))))
    heads: set[int] = set()
    for pages in alike.values():
        steps = [later[0] - earlier[0] for earlier, later in pairwise(pages)]
        rises = [{y - x for x, y in zip(a[2], b[2], strict=True)} for a, b in pairwise(pages)]
        if len(pages) >= _PAGES and all(1 in rise and rise <= {0, 1} for rise in rises):
            regular = _FEWEST_LINES <= max(steps) <= 2 * min(steps[:-1])  # the last page may be short
            heads |= {start for _, start, _ in pages} if regular else set()
    return heads
