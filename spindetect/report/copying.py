"""Which side is the copy, in words that every view uses."""

from __future__ import annotations

from spindetect.records import Direction
from spindetect.report.inert import inert


def who_copied(direction: Direction) -> str:
    """Which side is the copy, or that it can't be told, and why; inert, without a full stop.

    >>> who_copied(Direction("suspect", "the suspect was published later"))
    'the suspect is the copy: the suspect was published later'
    """
    copy = direction.copy
    told = f"the {copy} is the copy" if copy else "which one is the copy can't be told"
    return f"{told}: {inert(direction.reason)}"
