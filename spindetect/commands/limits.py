"""Limits of a score or a reuse, as the command line has them."""

from __future__ import annotations

from collections.abc import Iterable

from spindetect.errors import SpindetectError

LIMITS = ("score", "reuse")


def parse_limits(given: Iterable[str]) -> dict[str, float]:
    """The limits that options give: ``50`` and ``score=50`` limit the score, ``reuse=80`` the reuse.

    Raises `SpindetectError` for another name, for what is no number, and for one that isn't 0 to 100.
    """
    limits: dict[str, float] = {}
    for text in given:
        name, separator, number = text.rpartition("=")
        name = name if separator else "score"
        try:
            limit = float(number)
        except ValueError:
            limit = -1.0
        if name not in LIMITS or not 0.0 <= limit <= 100.0:
            raise SpindetectError(
                f"a limit is a number of 0 to 100, or {' or '.join(f'{one}=NUMBER' for one in LIMITS)}; "
                f"{text!r} is neither."
            )
        limits[name] = min(limit, limits.get(name, limit))
    return limits
