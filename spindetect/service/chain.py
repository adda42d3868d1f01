"""The chain of events: each is sealed with a hash over itself and the seal before it, so that no edit goes unseen.

The database refuses to change events, but its owner can still do so. A changed, added, removed or reordered
event breaks the chain from there on. Whoever can rewrite the whole chain is found out by a seal that was kept
elsewhere: exports have those of decisions, and `spindetect desk verify --seal` looks one up.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select, text

from spindetect.service.store import unpacked
from spindetect.service.tables import blobs, cases, events

_FIRST = "0" * 64
_LOCK = 0x5E_A1  # of PostgreSQL's advisory locks, for those who add to the chain
_AT_ONCE = 2000
_PAGES_AT_ONCE = 50
_MOST_FAULTS = 20
FIELDS = tuple(one.name for one in events.c if one.name != "seal")
_OF_DECISION = ("decision", "decided", "decided_by", "decided_score", "decided_reuse", "decided_source")
CACHED = (*_OF_DECISION, "stale", "assigned", "tags")  # columns of a case that say what its events come to


@dataclass(frozen=True, slots=True)
class Verified:
    """The outcome of checking the chain: how many events there are, the last seal, and the faults found."""

    events: int
    seal: str
    faults: tuple[str, ...]


def seal_of(before: str, event: Sequence[Any]) -> str:
    """The seal of an event, whose `FIELDS` are given, after the one with the seal ``before``."""
    return hashlib.sha256(json.dumps([before, *event]).encode()).hexdigest()


def add_event(write: Connection, **values: Any) -> int:
    """Seal an event and add it to the chain; its id. What is given is what its columns hold.

    `lock` must have been called in the transaction.
    """
    last = write.execute(select(events.c.id, events.c.seal).order_by(events.c.id.desc()).limit(1)).first()
    values = {**dict.fromkeys(FIELDS), **values, "id": last.id + 1 if last else 1}
    seal = seal_of(last.seal if last else _FIRST, [values[name] for name in FIELDS])
    write.execute(events.insert().values(**values, seal=seal))
    return int(values["id"])


def lock(write: Connection) -> None:
    """Let nobody else add to the chain until the transaction ends; comes before any lock on a case."""
    if write.dialect.name == "postgresql":  # elsewhere there is one writer at a time
        write.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))


def history(read: Connection, id: int) -> Sequence[Row[Any]]:
    """A case's events, first to last."""
    return read.execute(select(events).where(events.c.case_id == id).order_by(events.c.id)).all()


def state_of(past: Sequence[Row[Any]]) -> dict[str, Any]:
    """The state after a case's events, those that were undone left out: its columns that are named in `CACHED`."""
    undone = {one.undoes for one in past}
    state: dict[str, Any] = {**dict.fromkeys(_OF_DECISION), "stale": False, "assigned": None}
    tags: dict[str, None] = {}
    for one in past:
        if one.id in undone:
            continue
        if one.kind == "decide":
            state |= {"decision": one.value, "decided": one.at, "decided_by": one.actor, "stale": False}
            state |= {f"decided_{name}": getattr(one, name) for name in ("score", "reuse")}
            state["decided_source"] = one.source_digest
        elif one.kind == "found":
            state["stale"] = state["decision"] is not None
        elif one.kind == "assign":
            state["assigned"] = one.value or None
        elif one.kind == "tag":
            tags[one.value] = None
        elif one.kind == "untag":
            tags.pop(one.value, None)
    return {**state, "tags": "".join(f" {tag} " for tag in tags)}


def verify(read: Connection, seal: str = "", evidence: bool = False) -> Verified:
    """Check every event against the chain, every case against its events, and that a ``seal`` is in the chain.

    With ``evidence``, which takes longer, the stored reports that people decided upon as well.
    """
    before, count, faults, there = _FIRST, 0, [], not seal
    in_order = select(events).order_by(events.c.id)
    for event in read.execute(in_order.execution_options(yield_per=_AT_ONCE)):
        count += 1
        if event.seal != seal_of(before, [getattr(event, name) for name in FIELDS]):
            faults.append(f"event {event.id}, of case {event.case_id}, or one before it isn't as it was")
        before, there = event.seal, there or event.seal == seal
    if not there:
        faults.append("the seal that was kept isn't in the chain: it was made anew, or cut off before it")
    past: list[Row[Any]] = []
    ordered = select(events).order_by(events.c.case_id, events.c.id)
    decided = {row.id: row for row in read.execute(select(cases.c.id, *[cases.c[name] for name in CACHED]))}
    for event in [*read.execute(ordered.execution_options(yield_per=_AT_ONCE)), None]:
        if past and (event is None or event.case_id != past[0].case_id):
            case = decided.pop(past[0].case_id, None)
            state = state_of(past)
            if case is None or any(getattr(case, name) != state[name] for name in CACHED):
                faults.append(f"case {past[0].case_id} doesn't say what its events come to")
            past = []
        past += [event] if event is not None else []
    nothing = state_of(())
    for case in decided.values():
        if any(getattr(case, name) != nothing[name] for name in CACHED):
            faults.append(f"case {case.id} has a state, and no events")
    pages = select(blobs).where(blobs.c.digest.in_(select(events.c.page)))
    for one in read.execute(pages.execution_options(yield_per=_PAGES_AT_ONCE)) if evidence else ():
        if unpacked(one.digest, one.data) is None:
            faults.append(f"the report {one.digest} isn't the one that was decided upon")
    return Verified(count, before, tuple(faults[:_MOST_FAULTS]))
