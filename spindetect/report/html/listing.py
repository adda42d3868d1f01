"""Every piece of evidence in a list, like ones together: what the printed page has in place of hovering."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from spindetect.findings import Giveaway, Result
from spindetect.report.alike import alike, before, weight_of
from spindetect.report.blocks import Paired, blocks, numbered, numbers_of
from spindetect.report.html.pieces import Item, Key, Numbers, classes, evidence_of, key
from spindetect.report.inert import inert
from spindetect.report.words import percent, signed


@dataclass(frozen=True, slots=True)
class Place:
    """Where a piece of evidence is: its number, and that of the suspect's sentence."""

    number: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Listed:
    """Items that are alike: what each was and became, why it counts, and the places of all of them.

    ``total`` is the weight of all; ``perhaps`` are the guesses at what a giveaway said. ``telling`` is how
    probably a reader finds it more telling than most, "" where that isn't known.
    """

    group: int
    reference: str
    suspect: str
    perhaps: str
    unmatched: bool
    kind: str
    classes: str
    telltale: bool
    quoted: bool
    telling: str
    total: str
    reason: str
    places: tuple[Place, ...]


def listing(result: Result, numbering: Numbers) -> list[Listed]:
    """All substitutions and giveaways, the most telling first."""
    sentences = _sentences(result)
    return [
        _listed(result, number, group, tuple(Place(numbering[one][0], sentences[key(one)]) for one in group))
        for number, group in enumerate(alike(evidence_of(result)), start=1)
    ]


def perhaps(giveaway: Giveaway) -> str:
    """A phrase's possible originals, each guess with its probability, inert; "" without a guess."""
    return ", ".join(f"{inert(guess.text)} {percent(guess.probability, 0)}" for guess in giveaway.guesses)


def _sentences(result: Result) -> dict[Key, str]:
    """The number of the suspect's sentence, or sentences, that each item is in."""
    found: dict[Key, str] = {
        key(item): numbers_of(block.suspect, "\N{EN DASH}")
        for block in (blocks(result) if result.substitutions else ())
        if isinstance(block, Paired)
        for item in block.pair.substitutions
    }
    sentences = numbered(result.suspect) if result.giveaways else ()
    ends = [sentence.span.end for sentence in sentences]
    for one in result.giveaways:
        found[key(one)] = str(sentences[bisect_right(ends, one.suspect.span.start)].number)
    return found


def _listed(result: Result, number: int, group: tuple[Item, ...], places: tuple[Place, ...]) -> Listed:
    item = group[0]
    unmatched = isinstance(item, Giveaway) and not result.reference_free
    known = [one.persuasion for one in group if one.persuasion is not None]
    return Listed(
        group=number,
        reference=inert(before(item)),
        suspect=inert(item.suspect.text),
        perhaps=perhaps(item) if isinstance(item, Giveaway) else "",
        unmatched=unmatched,
        kind=item.kind,
        classes=classes(item),
        telltale=item.telltale,
        quoted=item.quoted,
        telling=percent(max(known), 0) if known else "",
        total="" if unmatched else signed(weight_of(group)),
        reason=inert(item.reason),
        places=places,
    )
