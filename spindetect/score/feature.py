"""A feature: a named number of a comparison, and what it may say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from spindetect.score.evidence import Amount, Evidence


@dataclass(frozen=True, slots=True)
class Feature:
    """A named number.

    ``direction`` is 1 if more of it can only speak for a machine, -1 if only against one, 0 if it may do
    either: the classifier is bound to that; None if it says nothing of machines. ``per_substitution`` gives each
    substitution's share in it, where it is a sum over them. ``reuse`` is the direction in which it speaks for the
    suspect's being a version of the reference, by whatever means; None where it says nothing of that.
    ``translation``: whether it tells a machine's work from a person's translation, though not from other work.
    """

    name: str
    explanation: str
    value: Callable[[Evidence], float]
    direction: int | None = 0
    per_substitution: Amount | None = None
    reuse: int | None = None
    translation: bool = False


def share(part: float, whole: float) -> float:
    """``part`` of ``whole``, 0 of nothing."""
    return part / whole if whole else 0.0
