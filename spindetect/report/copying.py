"""Which side is the copy, in words that every view uses."""

from __future__ import annotations

from spindetect.records import MACHINE_RELATIONS, Direction, Result
from spindetect.report.inert import inert


def direction_matters(comparison: Result) -> bool:
    """Whether it belongs in the first line: it is told, or the suspect is accused and it isn't."""
    direction = comparison.direction
    return direction is not None and (direction.copy is not None or comparison.verdict in MACHINE_RELATIONS)


def who_copied(direction: Direction) -> str:
    """Which side is the copy, or that it can't be told, and why; inert, without a full stop.

    >>> who_copied(Direction("suspect", "the suspect was published later"))
    'the suspect is the copy: the suspect was published later'
    """
    copy = direction.copy
    told = f"the {copy} is the copy" if copy else "which one is the copy can't be told"
    return f"{told}: {inert(direction.reason)}"
