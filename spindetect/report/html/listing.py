"""Every substitution in a list, like ones together: what the printed page has in place of hovering."""

from __future__ import annotations

from dataclasses import dataclass

from spindetect.records import Result, Substitution
from spindetect.report.alike import alike
from spindetect.report.blocks import Paired, blocks
from spindetect.report.html.pieces import Key, Numbers, classes, key
from spindetect.report.html.wording import sentence_numbers, signed
from spindetect.report.inert import inert


@dataclass(frozen=True, slots=True)
class Place:
    """Where a substitution is: its number, and that of the suspect's sentence."""

    number: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Listed:
    """Substitutions that are alike: what each was and became, why it counts, and the places of all of them.

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
    places: tuple[Place, ...]


def listing(comparison: Result, numbering: Numbers) -> list[Listed]:
    """All substitutions, strongest evidence first."""
    sentences = _sentences(comparison)
    groups = alike(comparison.substitutions)
    return [
        _listed(number, group, tuple(Place(numbering[one][0], sentences[key(one)]) for one in group))
        for number, group in enumerate(groups, start=1)
    ]


def _sentences(comparison: Result) -> dict[Key, str]:
    """The number of the suspect's sentence, or sentences, that each substitution is in."""
    return {
        key(item): sentence_numbers(block.suspect)
        for block in blocks(comparison)
        if isinstance(block, Paired)
        for item in block.pair.substitutions
    }


def _listed(number: int, group: tuple[Substitution, ...], places: tuple[Place, ...]) -> Listed:
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
        places=places,
    )
