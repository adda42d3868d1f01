"""Every substitution in a list, like ones together: what the printed page has in place of hovering."""

from __future__ import annotations

from dataclasses import dataclass

from spindetect.datatypes import Comparison, Substitution
from spindetect.report.alike import alike
from spindetect.report.html.pieces import Numbers, classes
from spindetect.report.html.wording import signed
from spindetect.report.inert import inert


@dataclass(frozen=True, slots=True)
class Listed:
    """Substitutions that are alike: what each was and became, why it counts, and the numbers of all of them.

    ``weight`` is that of one of them, ``total`` that of all.
    """

    group: int
    reference: str
    suspect: str
    kind: str
    classes: str
    telltale: bool
    quoted: bool
    weight: str
    total: str
    reason: str
    places: tuple[int, ...]


def listing(comparison: Comparison, numbers: Numbers) -> list[Listed]:
    """All substitutions, strongest evidence first."""
    groups = alike(comparison.substitutions)
    return [_listed(number, group, numbers) for number, group in enumerate(groups, start=1)]


def _listed(number: int, group: tuple[Substitution, ...], numbers: Numbers) -> Listed:
    item = group[0]
    return Listed(
        group=number,
        reference=inert(item.reference.text),
        suspect=inert(item.suspect.text),
        kind=item.kind,
        classes=classes(item),
        telltale=item.telltale,
        quoted=item.quoted,
        weight=signed(item.weight),
        total=signed(item.weight * len(group)),
        reason=inert(item.reason),
        places=tuple(numbers[one][0] for one in group),
    )
