"""The features in sentences that a person can read; features that say the same thing are one reason.

The score is an exact sum over some eighty features, many of which measure one thing in several ways, with opposite
signs if need be ("would fit much better +8.77", "would fit better -7.70"). People are told the sum of each such
group, by the feature that weighs most on its side. The exact parts stay in the tables.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Literal, TypeVar

from spindetect.files import shipped_table
from spindetect.findings import Contribution, Result
from spindetect.report.inert import inert
from spindetect.score.manner import HABITS

Unit = Literal["share", "rate", "plain", "words"]
One = TypeVar("One")

FOR_A_MACHINE, AGAINST_A_MACHINE = "What speaks for a machine", "What speaks for a person"


@dataclass(frozen=True, slots=True)
class Plain:
    """How a feature is told, as ``plain.toml`` has it: from ``much_from`` on it is much."""

    group: str
    unit: Unit
    much_from: float
    machine: Literal["over", "under", ""]
    little: str
    much: str


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason for the score: the sentence, what it adds to the log-odds in nats, and its parts."""

    text: str
    nats: float
    parts: tuple[Contribution, ...]


PLAIN: dict[str, Plain] = {name: Plain(*row) for name, row in shipped_table("report/plain.toml").items()}
for _name, (_things, _) in HABITS.items():
    _said = [f"{more} {_things} than in the reference" for more in ("no more", "more")]
    PLAIN[_name] = Plain("manner", "rate", 0.02, "", *_said)
"""Every feature that is told in words of its own; any other is told by its explanation, as a reason of its own."""


def reasons(result: Result) -> list[Reason]:
    """The reasons of the score, strongest first; with the intercept the nats add up to its log-odds."""
    groups: dict[str, list[Contribution]] = {}
    for item in result.contributions:
        row = PLAIN.get(item.feature)
        groups.setdefault(row.group if row else item.feature, []).append(item)
    found = [_reason(parts, result.reference_free) for parts in groups.values()]
    return sorted(found, key=lambda one: (-abs(one.nats), one.text))


def on_both_sides(
    result: Result, found: Sequence[One], nats: Callable[[One], float], most: int
) -> list[tuple[str, list[One], int]]:
    """The items found and how many of them to show; where nothing is decided, each side under its own heading."""
    if result.verdict != "undecided":
        return [("", list(found), most)]
    sides = [one for one in found if nats(one) >= 0], [one for one in found if nats(one) < 0]
    headed = zip((FOR_A_MACHINE, AGAINST_A_MACHINE), sides, strict=True)
    return [(heading, side, (most + 1) // 2 if all(sides) else most) for heading, side in headed if side]


def plain_words(item: Contribution, alone: bool = False, typical: bool = True) -> str:
    """A feature and its value in words; ``typical`` adds where machines' texts have it, ``alone`` spun ones.

    "few long stretches were left unchanged (12%; typical of machines: under 60%)". Where a part points the other
    way than its value does by itself, the sentence takes no side: it is the feature's explanation.
    """
    row = PLAIN.get(item.feature)
    if row is None:
        return inert(f"{item.explanation} ({item.value:.3g})")
    much = item.value >= row.much_from
    said = row.much if much else row.little
    value = _measured(item.value, row.unit)
    notes = [] if "{}" in said else [value]
    if row.machine and typical:
        bound = f"{100 * row.much_from:.2g}%" if row.unit == "share" else f"{row.much_from:.2g}"
        notes.append(f"typical of {'spun texts' if alone else 'machines'}: {row.machine} {bound}")
        if (much == (row.machine == "over")) != (item.nats > 0):
            said, notes = inert(item.explanation.removesuffix(", per 100 words")), [value, notes[-1]]
    said = said.replace("{}", value)
    return f"{said} ({'; '.join(notes)})" if notes else said


def _reason(parts: Sequence[Contribution], alone: bool) -> Reason:
    """The reason that some contributions make together, told by the one that weighs most on its side."""
    nats = fsum([part.nats for part in parts])
    lead = max(parts, key=lambda part: (part.nats if nats > 0 else -part.nats, part.feature))
    return Reason(plain_words(lead, alone), nats, tuple(sorted(parts, key=lambda part: -abs(part.nats))))


def _measured(value: float, unit: Unit) -> str:
    if unit == "words":  # which the feature counts by their logarithm
        return f"{math.expm1(value):.0f} words"
    if unit == "share":
        return f"{value:.0%}" if value >= 0.1 or value == 0.0 else f"{100 * value:.1f}%"
    return f"{value:.2g} per 100 words" if unit == "rate" else f"{value:.2g}"
