"""Cases: what is opened when a suspect looks like a copy or spun, how it ranks, and the events that decide it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from time import time
from typing import Any, Literal, NamedTuple, get_args

from sqlalchemy import Connection, Row, select
from sqlalchemy.exc import IntegrityError

from spindetect.errors import SpindetectError
from spindetect.service.chain import add_event, history, lock, state_of
from spindetect.service.store import keep, note
from spindetect.service.tables import cases
from spindetect.service.work import CaseFile, Named

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
_FIELDS = ("digest", "title", "url", "outlet", "published", "words")
# How far a figure must move to be another one: it does so a little with every article that is archived.
_MOVES = {"score": 1.0, "reuse": 1.0, "coverage": 0.01}
_LONGEST_NOTE = 5000
_LONGEST_TAG = 40


class NoCase(SpindetectError):
    """There is no such case."""


class NotPossible(SpindetectError):
    """A case can't be changed in this way."""


def priority(score: float, reuse: float, coverage: float, copy: str | None, alone: bool = False) -> float:
    """How soon a case deserves a look, 0 to 100: harm, times how much of the suspect it concerns, times doubt.

    Harm is the higher of reuse and spin score: a copy is theft though nothing was spun. Coverage is the share of
    the suspect that the source accounts for. A case that is all but settled is worth two thirds of one that
    could go either way, as a look changes less. A suspect that was scored ``alone`` counts half, because the
    moderator has no source to compare it with. One that was told to be the original waits at the end.

    >>> round(priority(1.4, 100.0, 1.0, None)), round(priority(60.0, 60.0, 1.0, None))
    (67, 59)
    """
    harm = max(score, reuse) / 100.0
    doubt = 4.0 * harm * (1.0 - harm)
    worth = 100.0 * harm * (0.5 if alone else coverage) * (1.0 + 0.5 * doubt) / 1.5
    return 0.1 * worth if copy == "reference" else worth


class Opened(NamedTuple):
    """A case that a suspect has; what it said before if it says something else now; and whether it is ``new``."""

    id: int
    new: bool
    before: Row[Any] | None = None


def open_case(write: Connection, file: CaseFile, why: str, actor: str) -> Opened:
    """The case of a suspect: a new one, or the one that it has, which takes what was found now.

    Earlier findings stay in the case's events, and so does a decision, as one on the earlier findings. A
    source that was found stays where the suspect was scored alone since then, or compared with what isn't one.
    """
    lock(write)
    mine = cases.c.once == file.suspect.digest
    there = write.execute(select(cases).where(mine).with_for_update()).first()
    if there is None:
        at, words = time(), " ".join(map(_searched, filter(None, (file.suspect, file.source))))
        values = {**_finding(write, file), **_suspect(file), "words": words, **state_of(())}
        made = cases.insert().values(**values, once=file.suspect.digest, opened=at, found=at, why=why)
        try:
            with write.begin_nested():
                id = write.execute(made).inserted_primary_key[0]  # type: ignore[index]
        except IntegrityError:  # somebody else opened it meanwhile
            return Opened(write.execute(select(cases.c.id).where(mine)).scalar_one(), False)
        note(write, actor, "case opened", f"{id}: {file.suspect.title}")
        return Opened(id, True)
    past = [json.loads(one.value)["url"] for one in history(write, there.id) if one.kind == "seen"]
    urls = file.suspect.url, there.suspect_url
    if None not in urls and urls[0] not in (urls[1], *past):  # sent under an address that its case doesn't have yet
        seen = {name: getattr(file.suspect, name) for name in ("url", "title", "outlet", "published")}
        _add(write, there, actor, "seen", json.dumps(seen))
    known = {name: value for name, value in _suspect(file).items() if getattr(there, name) is None}
    sides = filter(None, (file.suspect, file.source))
    words = " ".join([there.words, *[said for said in map(_searched, sides) if said not in there.words]])
    change = cases.update().where(mine)
    source = file.source.digest if file.source else None
    better = source is not None and file.worth
    finding = _finding(write, file) if better or source == there.source_digest else None
    if finding is None or (there.forgotten is None and not _changed(there, finding)):
        write.execute(change.values(**known, words=words))
        return Opened(there.id, False)
    changes = {
        name: (getattr(there, name), finding[name])
        for name in (*_MOVES, "verdict", "source_digest", "source_title")
    }
    _add(write, there, actor, "found", json.dumps({"why": (there.why, why), **changes}))
    note(write, actor, "case scored again", f"{there.id}: {file.suspect.title}")
    values = {**finding, **known, "found": time(), "forgotten": None, "words": words, "why": why}
    write.execute(change.values(**values, **state_of(history(write, there.id))))
    return Opened(there.id, False, there)


def _changed(case: Row[Any], finding: Mapping[str, Any]) -> bool:
    """Whether what was found now is something else than what the case says."""
    if any(getattr(case, name) != finding[name] for name in ("verdict", "source_digest")):
        return True
    return any(abs(getattr(case, name) - finding[name]) >= least for name, least in _MOVES.items())


def _finding(write: Connection, file: CaseFile) -> dict[str, Any]:
    """The findings on a suspect, as its case has them; the texts and the report are stored."""
    copy = file.direction.copy if file.direction else None
    for side in filter(None, (file.suspect, file.source)):
        keep(write, side.text.encode("utf-8", "surrogatepass"))
    source = {f"source_{name}": _kept(getattr(file.source, name, None)) for name in (*_FIELDS, "id")}
    figures = {name: getattr(file, name) for name in (*_MOVES, "verdict", "family", "signature")}
    return {
        **source,
        **figures,
        "copy": copy,
        "direction_reason": file.direction.reason if file.direction else None,
        "candidates": json.dumps([asdict(one) for one in file.candidates]),
        "page": keep(write, file.page.encode("utf-8", "surrogatepass")),
        "priority": priority(file.score, file.reuse, file.coverage, copy, file.source is None),
    }


def _suspect(file: CaseFile) -> dict[str, Any]:
    """A suspect, as its case has it."""
    return {f"suspect_{name}": _kept(getattr(file.suspect, name)) for name in _FIELDS}


def _kept(value: Any) -> Any:
    """A value as every database takes it."""
    return value.replace("\0", "") if isinstance(value, str) else value


def _searched(side: Named) -> str:
    return " ".join(filter(None, (_kept(one) for one in (side.title, side.url, side.outlet)))).lower()


def _add(write: Connection, case: Row[Any], actor: str, kind: str, value: str, undoes: int | None = None) -> int:
    """Add an event, with what the case says at the time; its id."""
    said = {name: getattr(case, name) for name in ("signature", "score", "reuse", "source_digest", "page")}
    said["reuse"] = None if case.source_digest is None else case.reuse
    return add_event(write, case_id=case.id, at=time(), actor=actor, kind=kind, value=value, undoes=undoes, **said)


def happen(write: Connection, id: int, actor: str, kind: Happening, value: str) -> int:
    """Add an event to a case, and see to what it changes; the event's id.

    An undo takes back the case's last event that isn't undone yet; with ``value`` the id of an event, that one.
    Raises `NoCase`, and `NotPossible` for a value that isn't one.
    """
    lock(write)
    case = write.execute(select(cases).where(cases.c.id == id).with_for_update()).first()
    if case is None:
        raise NoCase(f"there is no case {id}.")
    value = _checked(kind, value)
    undoes = None
    if kind == "undo":
        left = [one.id for one in undoable(history(write, id))]
        if not (value and int(value) in left if value.isdecimal() else not value and left):
            raise NotPossible(f"there is nothing to undo in case {id}.")
        undoes = int(value) if value else left[-1]
    made = _add(write, case, actor, kind, value, undoes)
    note(write, actor, f"case {kind}", f"{id}: {value}")
    write.execute(cases.update().where(cases.c.id == id).values(**state_of(history(write, id))))
    return made


def undoable(past: Sequence[Row[Any]]) -> list[Row[Any]]:
    """The events of a case that can be taken back: those of people that weren't yet."""
    undone = {one.undoes for one in past}
    return [one for one in past if one.kind in HAPPENINGS and one.kind != "undo" and one.id not in undone]


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
