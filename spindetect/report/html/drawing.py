"""Numbers and paths of inline pictures: places in a text as places in a picture."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps numbers from ``low`` up to ``high`` to 0 up to ``size``; an empty range maps to 0."""

    low: float
    high: float
    size: float

    def __call__(self, value: float) -> float:
        """Where ``value`` lies in the picture."""
        if self.high <= self.low:
            return 0.0
        return self.size * (value - self.low) / (self.high - self.low)


def number(value: float) -> str:
    """A coordinate with at most one decimal, as short as it can be written.

    >>> number(12.0), number(3.14159), number(-0.01)
    ('12', '3.1', '0')
    """
    rounded = round(value, 1) + 0.0
    return f"{rounded:.0f}" if rounded == int(rounded) else f"{rounded:.1f}"


def segment(x: float, y: float, to_x: float, to_y: float) -> str:
    """A line as a piece of a path."""
    return f"M{number(x)} {number(y)}L{number(to_x)} {number(to_y)}"


def box(x: float, y: float, width: float, height: float) -> str:
    """A rectangle as a piece of a path."""
    return f"M{number(x)} {number(y)}h{number(width)}v{number(height)}h{number(-width)}z"


def ribbon(top: tuple[float, float], bottom: tuple[float, float], y: float, height: float) -> str:
    """A band from a stretch above to a stretch below, as a piece of a path."""
    upper = f"M{number(top[0])} {number(y)}H{number(top[1])}"
    return f"{upper}L{number(bottom[1])} {number(y + height)}H{number(bottom[0])}z"


def path(parts: Iterable[str]) -> str:
    """The pieces as one path: one element, however many there are."""
    return "".join(parts)
