"""The queue of cases: filtered, searched, sorted and counted, for the desk and for programs alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Connection, Row, and_, desc, func, or_, select

from spindetect.service.cases import DECISIONS
from spindetect.service.tables import cases

STATES: Mapping[str, str] = {
    "open": "Open",
    **{str(name): said for name, said in DECISIONS.items()},
    "stale": "Scored again since",
    "all": "All",
}
SORTS: Mapping[str, str] = {
    "priority": "most urgent",
    "newest": "newest",
    "reuse": "most reuse",
    "score": "most spun",
}
_SORTED_BY: Mapping[str, Any] = {name: cases.c["opened" if name == "newest" else name] for name in SORTS}
NONE = "-"  # of who has it, of its source
PER_PAGE = 50
_SHOWN = tuple(one for one in cases.c if one.name not in ("candidates", "signature", "words"))


@dataclass(frozen=True, slots=True)
class Filters:
    """The part of the queue that an address asks for; an empty field wants everything.

    ``state`` is one of `STATES`, ``assigned`` a name or "-" for nobody, ``source`` the digest of a source's text
    or "-" for none, ``least`` the least reuse or spin score, ``q`` words to find in titles, links, outlets, tags.
    """

    state: str = "open"
    q: str = ""
    outlet: str = ""
    verdict: str = ""
    assigned: str = ""
    tag: str = ""
    family: str = ""
    source: str = ""
    least: float = 0.0
    sort: str = "priority"
    page: int = 1

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Filters:
        """The filters in an address; what isn't understood is left out."""
        found: dict[str, Any] = {}
        for one in fields(cls):
            value = asked.get(one.name, "").replace("\0", "").strip()[:200]
            if isinstance(one.default, str):
                found[one.name] = value or one.default
            elif value.replace(".", "", 1).isdecimal():
                found[one.name] = float(value) if one.name == "least" else int(float(value))
        state, sort = found["state"], found["sort"]
        found |= {"state": state if state in STATES else "open", "sort": sort if sort in SORTS else "priority"}
        return cls(**found | {"page": min(max(found.get("page", 1), 1), 10_000)})

    def query(self, **changes: Any) -> str:
        """The filters as they stand in an address, with some changed, those that want everything left out."""
        chosen = {**asdict(self), **changes}
        given = {one.name: chosen[one.name] for one in fields(self) if chosen[one.name] != one.default}
        return urlencode(given)

    @property
    def wanted(self) -> ColumnElement[bool]:
        """The condition that cases meet."""
        return and_(*self._conditions(), self._state())

    def _state(self) -> ColumnElement[bool]:
        if self.state == "open":
            return cases.c.decision.is_(None)
        if self.state == "stale":
            return cases.c.stale
        return cases.c.decision == self.state if self.state in DECISIONS else cases.c.id > 0

    def _conditions(self) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = [cases.c.id > 0] if self.narrow else []
        for column, value in (
            (cases.c.suspect_outlet, self.outlet),
            (cases.c.verdict, self.verdict),
            (cases.c.family, self.family),
            (cases.c.source_digest, self.source),
            (cases.c.assigned, self.assigned),
        ):
            if value:
                found.append(column.is_(None) if value == NONE else column == value)
        if self.tag:
            found.append(cases.c.tags.contains(f" {self.tag} ", autoescape=True))
        if self.least:
            found.append(or_(cases.c.reuse >= self.least, cases.c.score >= self.least))
        for word in self.q.lower().split()[:8]:
            found.append(or_(*[one.contains(word, autoescape=True) for one in (cases.c.words, cases.c.tags)]))
        return found

    @property
    def narrow(self) -> bool:
        """Whether anything but the state is asked for."""
        asked = (self.q, self.outlet, self.verdict, self.assigned, self.tag, self.family, self.source, self.least)
        return any(asked)

    @property
    def _order(self) -> tuple[Any, Any]:
        return desc(_SORTED_BY[self.sort]), desc(cases.c.id)


def page_of(read: Connection, filters: Filters) -> Sequence[Row[Any]]:
    """The cases on a page of the queue, without what only the case's own page shows."""
    found = select(*_SHOWN).where(filters.wanted).order_by(*filters._order)
    return read.execute(found.limit(PER_PAGE).offset(PER_PAGE * (filters.page - 1))).all()


def counts_of(read: Connection, filters: Filters) -> dict[str, int]:
    """How many cases are in each of `STATES`, of those that the other filters let through."""
    conditions = filters._conditions()
    counted = select(cases.c.decision, func.count()).where(*conditions).group_by(cases.c.decision)
    found: dict[str | None, int] = {row[0]: row[1] for row in read.execute(counted)}
    stale = select(func.count()).select_from(cases).where(cases.c.stale, *conditions)
    named = {"open": found.get(None, 0), **{str(name): found.get(name, 0) for name in DECISIONS}}
    return {**named, "stale": read.execute(stale).scalar_one(), "all": sum(named.values())}


def neighbour(read: Connection, filters: Filters, case: Row[Any], after: bool = True) -> int | None:
    """The case that follows one in the queue, or comes before it; None at the end."""
    column = _SORTED_BY[filters.sort]
    here = case._mapping[column.name]
    beyond = (
        or_(column < here, and_(column == here, cases.c.id < case.id))
        if after
        else or_(column > here, and_(column == here, cases.c.id > case.id))
    )
    order = filters._order if after else (column.asc(), cases.c.id.asc())
    found = select(cases.c.id).where(filters.wanted, beyond).order_by(*order).limit(1)
    return read.execute(found).scalar()


def outlets(read: Connection) -> list[str]:
    """The outlets with most cases, to choose from."""
    column = cases.c.suspect_outlet
    most = select(column).where(column.is_not(None)).group_by(column).order_by(desc(func.count()), column)
    return list(read.execute(most.limit(50)).scalars())
