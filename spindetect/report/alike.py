"""Pieces of evidence in the order in which they convince, like ones together: spinners repeat themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import fsum
from typing import TypeVar

from spindetect.findings import Giveaway, Result, Substitution

SOMETHING = 0.005
"""A weight in nats; what is less shows as 0.00."""

Piece = TypeVar("Piece", Substitution, Giveaway, Substitution | Giveaway)


def before(item: Substitution | Giveaway) -> str:
    """The phrase that stood there: the reference's, or the likeliest guess; "" without one."""
    if isinstance(item, Substitution):
        return item.reference.text
    return item.original.text if item.original else ""


def alike(found: Iterable[Piece]) -> list[tuple[Piece, ...]]:
    """The items in groups of the same phrases, kind, flags and reason, the most telling first.

    How persuasive an item is decides, where that is known, among substitutions that weigh anything in the score;
    those that don't, or that speak against spinning, come after them. Otherwise it is the weight, which speaks for
    or against spinning, so that its size counts, times how many there are. Among equal ones, tell-tales and
    changed quotations go first, then the order given.
    """
    groups: dict[tuple[object, ...], list[Piece]] = {}
    for item in found:
        key = (item.kind, before(item), item.suspect.text, item.quoted, item.telltale, item.reason)
        groups.setdefault(key, []).append(item)
    return [tuple(group) for group in sorted(groups.values(), key=_rank)]


def strongest(found: Iterable[Piece], most: int) -> list[tuple[Piece, ...]]:
    """The groups to show first: no two with the same new word while there are others."""
    groups = alike(found)
    chosen: list[tuple[Piece, ...]] = []
    shown: set[str] = set()
    for group in groups:
        words = {word for word in group[0].suspect.text.casefold().split() if len(word) > 3}
        if len(chosen) < most and not words & shown:
            chosen.append(group)
            shown |= words
    chosen += [group for group in groups if group not in chosen][: most - len(chosen)]
    return sorted(chosen, key=_rank)


def best(group: Sequence[Piece]) -> Piece:
    """The item of a group that convinces most where it stands."""
    return max(group, key=lambda item: item.persuasion or 0.0)


def weight_of(group: Sequence[Piece]) -> float:
    """The nats that the items of a group add to the score's log-odds together."""
    return fsum([item.weight for item in group])


def how_often(result: Result, group: Sequence[Piece]) -> str:
    """How often an exchange was made, and of how many times that it could have been; "" for a single one.

    "7 of 8 times"
    """
    times = len(group)
    if times < 2:
        return ""
    wanted = before(group[0]).casefold().split()
    spans = [pair.reference for pair in result.alignment]
    words = result.reference.words
    starts = result.reference.starts
    norms = [word.norm for word in words]
    there = sum(
        norms[at : at + len(wanted)] == wanted and any(span.start <= starts[at] < span.end for span in spans)
        for at in range(len(norms))
    )
    return f"{times} of {there} times" if there > times else f"{times} times"


def _rank(group: Sequence[Piece]) -> tuple[bool, float, float, bool, bool]:
    first, weight = group[0], weight_of(group)
    telling = max(item.persuasion or 0.0 for item in group)
    weightless = isinstance(first, Substitution) and first.persuasion is not None and weight < SOMETHING
    return weightless, -telling, -abs(weight), not first.telltale, not first.quoted
