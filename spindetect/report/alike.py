"""Substitutions that are alike, told once: spinners make the same exchange again and again."""

from __future__ import annotations

from collections.abc import Iterable

from spindetect.records import Substitution


def alike(substitutions: Iterable[Substitution]) -> list[tuple[Substitution, ...]]:
    """The substitutions in groups of the same phrases, kind, flags, weight and reason, strongest evidence first.

    A weight speaks for or against spinning, so its size counts, times how many there are.
    Among equal ones, tell-tales and changed quotations go first, then the order given.
    """
    groups: dict[tuple[object, ...], list[Substitution]] = {}
    for item in substitutions:
        phrases = (item.suspect.text, item.reference.text)
        key = (item.kind, *phrases, item.quoted, item.telltale, item.weight, item.reason)
        groups.setdefault(key, []).append(item)
    ordered = sorted(
        groups.values(),
        key=lambda group: (-abs(group[0].weight * len(group)), not group[0].telltale, not group[0].quoted),
    )
    return [tuple(group) for group in ordered]
