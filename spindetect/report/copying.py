"""Which side is the copy, in words that every view uses."""

from __future__ import annotations

from spindetect.findings import MACHINE_RELATIONS, Direction, Result
from spindetect.report.inert import inert

# Probability from which a direction is stated as a fact; published times alone reach it, two weak signs don't.
_SURE = 0.9


def direction_matters(comparison: Result) -> bool:
    """Whether it belongs in the first line: it is told, or the suspect is accused and it isn't."""
    direction = comparison.direction
    return direction is not None and (direction.copy is not None or comparison.verdict in MACHINE_RELATIONS)


def which_copy(direction: Direction) -> str:
    """Which side is the copy, or that it can't be told, as a clause.

    >>> which_copy(Direction("suspect", "the suspect's words are rarer", 0.8))
    'the suspect is probably the copy'
    """
    if direction.copy is None:
        return "which text is the copy can't be told"
    sure = max(direction.probability, 1.0 - direction.probability) >= _SURE
    return f"the {direction.copy} is {'' if sure else 'probably '}the copy"


def who_copied(direction: Direction) -> str:
    """Which side is the copy, or that it can't be told, and why; inert, without a full stop.

    >>> who_copied(Direction("suspect", "the suspect was published later", 0.92))
    'the suspect is the copy: the suspect was published later'
    """
    return f"{which_copy(direction)}: {inert(direction.reason)}"
