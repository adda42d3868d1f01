"""Direct quotation: which tokens lie between quotation marks."""

from __future__ import annotations

from collections.abc import Sequence

from spindetect.records import Word

_OPENING = frozenset("“„«")
_CLOSING = frozenset("”»")
_STRAIGHT = frozenset('"″＂')
_MARKS = _OPENING | _CLOSING | _STRAIGHT
# A mark left open for longer than this was a typo or an inch sign, not a quotation.
_LONGEST_QUOTATION = 400


def quoted_tokens(words: Sequence[Word], paragraph_starts: Sequence[int]) -> list[bool]:
    """Say of each token whether it stands in a direct quotation; the marks themselves don't count.

    Double quotation marks only, typographic or straight. A quotation that is still open
    at the end of a paragraph ends there (the next paragraph opens it again, by convention);
    ``paragraph_starts`` are the token indices at which paragraphs begin.
    """
    quoted = [False] * len(words)
    breaks = set(paragraph_starts)
    marks = {index for index, word in enumerate(words) if word.text in _MARKS}
    opened: int | None = None
    for index in sorted(marks | breaks):
        if index in breaks and opened is not None:
            _fill(quoted, opened, index)
            opened = None
        mark = words[index].text if index in marks else ""
        if opened is None and (mark in _OPENING or mark in _STRAIGHT):
            opened = index + 1
        elif opened is not None and (mark in _CLOSING or mark in _STRAIGHT):
            _fill(quoted, opened, index)
            opened = None
    if opened is not None:
        _fill(quoted, opened, len(words))
    return quoted


def _fill(quoted: list[bool], first: int, last: int) -> None:
    if last - first <= _LONGEST_QUOTATION:
        quoted[first:last] = [True] * (last - first)
