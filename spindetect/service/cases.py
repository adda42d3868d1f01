"""Cases: what is opened when a suspect looks like a copy, how it ranks, and the events that decide it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from time import time
from typing import Any, Literal, get_args

from sqlalchemy import Connection, Row, select
from sqlalchemy.exc import IntegrityError

from spindetect.errors import SpindetectError
from spindetect.service.store import keep, note
from spindetect.service.tables import cases, events
from spindetect.service.work import CaseFile

Decision = Literal["copy", "licensed", "no_copy", "unsure", "escalated"]
DECISIONS: Mapping[Decision, str] = {
    "copy": "Confirmed copy",
    "licensed": "Licensed",
    "no_copy": "Not a copy",
    "unsure": "Unsure",
    "escalated": "Escalated",
}
Happening = Literal["decide", "note", "tag", "untag", "assign", "undo"]
HAPPENINGS: tuple[Happening, ...] = get_args(Happening)
_SEARCHED = [(side, field) for side in ("suspect", "source") for field in ("title", "url", "outlet")]
_LONGEST_NOTE = 5000
_LONGEST_TAG = 40


class NoCase(SpindetectError):
    """There is no such case."""


class NotPossible(SpindetectError):
    """A case can't be changed in this way."""


def priority(score: float, reuse: float, coverage: float, copy: str | None) -> float:
    """How soon a case deserves a look, 0 to 100: harm, times how much of the suspect it concerns, times doubt.

    Harm is the higher of reuse and spin score: a copy is theft though nothing was spun. Coverage is the share of
    the suspect that the source accounts for. A case that is all but settled is worth two thirds of one that
    could go either way, as a look changes less. A suspect that was told to be the original waits at the end.

    >>> round(priority(1.4, 100.0, 1.0, None)), round(priority(60.0, 60.0, 1.0, None))
    (67, 59)
    """
    harm = max(score, reuse) / 100.0
    doubt = 4.0 * harm * (1.0 - harm)
    worth = 100.0 * harm * coverage * (1.0 + 0.5 * doubt) / 1.5
    return 0.1 * worth if copy == "reference" else worth


def open_case(write: Connection, file: CaseFile, why: str, actor: str) -> tuple[int, bool]:
    """The case of a suspect and its source, and whether it is new: the same two articles are one case."""
    same = (cases.c.suspect_digest == file.suspect.digest) & (cases.c.source_digest == file.source.digest)
    there = write.execute(select(cases.c.id).where(same)).scalar()
    if there is not None:
        return there, False
    for side in (file.suspect, file.source):
        keep(write, side.text.encode("utf-8", "surrogatepass"))
    copy = file.direction.copy if file.direction else None
    values = {
        f"{name}_{field}": getattr(side, field)
        for name, side in (("suspect", file.suspect), ("source", file.source))
        for field in ("digest", "title", "url", "outlet", "published", "words")
    }
    values = {name: value.replace("\0", "") if isinstance(value, str) else value for name, value in values.items()}
    made = cases.insert().values(
        **values,
        opened=time(),
        why=why,
        source_id=file.source.id,
        score=file.score,
        reuse=file.reuse,
        coverage=file.coverage,
        verdict=file.verdict,
        copy=copy,
        direction_reason=file.direction.reason if file.direction else None,
        family=file.family,
        signature=file.signature,
        candidates=json.dumps([asdict(one) for one in file.candidates]),
        page=keep(write, file.page.encode("utf-8", "surrogatepass")),
        priority=priority(file.score, file.reuse, file.coverage, copy),
        words=" ".join(filter(None, (values[f"{side}_{field}"] for side, field in _SEARCHED))).lower(),
        tags="",
    )
    try:
        with write.begin_nested():
            id = write.execute(made).inserted_primary_key[0]  # type: ignore[index]
    except IntegrityError:  # somebody else opened it meanwhile
        return write.execute(select(cases.c.id).where(same)).scalar_one(), False
    note(write, actor, "case opened", f"{id}: {file.suspect.title}")
    return id, True


def happen(write: Connection, id: int, actor: str, kind: Happening, value: str) -> int:
    """Add an event to a case, and see to what it changes; the event's id.

    An undo takes back the case's last event that isn't undone yet; with ``value`` the id of an event, that one.
    Raises `NoCase`, and `NotPossible` for a value that isn't one.
    """
    lock = select(cases).where(cases.c.id == id).with_for_update()
    case = write.execute(lock).first()
    if case is None:
        raise NoCase(f"there is no case {id}.")
    value = _checked(kind, value)
    undoes = _undone(write, id, actor, value) if kind == "undo" else None
    event = events.insert().values(
        case_id=id, at=time(), actor=actor, kind=kind, value=value, signature=case.signature, undoes=undoes
    )
    made: int = write.execute(event).inserted_primary_key[0]  # type: ignore[index]
    note(write, actor, f"case {kind}", f"{id}: {value}")
    write.execute(cases.update().where(cases.c.id == id).values(**_state(history(write, id))))
    return made


def history(read: Connection, id: int) -> Sequence[Row[Any]]:
    """A case's events, first to last."""
    return read.execute(select(events).where(events.c.case_id == id).order_by(events.c.id)).all()


def _checked(kind: Happening, value: str) -> str:
    value = value.replace("\0", "").strip()
    if kind == "decide" and value not in DECISIONS:
        raise NotPossible(f"found the decision {value[:40]!r}, expected one of {', '.join(DECISIONS)}.")
    if kind in ("tag", "untag"):
        value = "-".join(value.lower().split())
        if not value or len(value) > _LONGEST_TAG:
            raise NotPossible(f"a tag has 1 to {_LONGEST_TAG} characters.")
    if kind == "note" and not 0 < len(value) <= _LONGEST_NOTE:
        raise NotPossible(f"a note has 1 to {_LONGEST_NOTE:,} characters; this one has {len(value):,}.")
    return value


def _undone(write: Connection, id: int, actor: str, value: str) -> int:
    """The event that an undo takes back."""
    past = history(write, id)
    undone = {one.undoes for one in past}
    left = [one.id for one in past if one.kind != "undo" and one.id not in undone]
    if value and int(value) in left if value.isdecimal() else not value and left:
        return int(value) if value else left[-1]
    raise NotPossible(f"there is nothing to undo in case {id}.")


def _state(past: Sequence[Row[Any]]) -> dict[str, Any]:
    """What a case's events come to, those that were undone left out."""
    undone = {one.undoes for one in past}
    state: dict[str, Any] = {"decision": None, "decided": None, "decided_by": None, "assigned": None}
    tags: dict[str, None] = {}
    for one in past:
        if one.id in undone:
            continue
        if one.kind == "decide":
            state |= {"decision": one.value, "decided": one.at, "decided_by": one.actor}
        elif one.kind == "assign":
            state["assigned"] = one.value or None
        elif one.kind == "tag":
            tags[one.value] = None
        elif one.kind == "untag":
            tags.pop(one.value, None)
    return {**state, "tags": "".join(f" {tag} " for tag in tags)}
