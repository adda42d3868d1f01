"""The addresses of cases, for programs that moderators use in place of the desk."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel
from sqlalchemy import Row, select

from spindetect.service.cases import NoCase, NotPossible, happen
from spindetect.service.chain import history
from spindetect.service.core import needs, service_of
from spindetect.service.forms import Strict, form_of
from spindetect.service.keys import Caller
from spindetect.service.openapi import problems, takes
from spindetect.service.problems import Problem
from spindetect.service.queue import Filters, page_of
from spindetect.service.tables import cases

router = APIRouter(prefix="/v1/cases", tags=["cases"])
Reviewer = Annotated[Caller, Depends(needs("review"))]
_FIELDS = ("digest", "title", "url", "outlet", "published", "words")


class EventForm(Strict):
    """Something that happens to a case; ``value`` is a decision, a note's text, a tag, or who has it."""

    kind: Literal["decide", "note", "tag", "untag", "assign", "undo"]
    value: str = ""


class Event(BaseModel):
    """Something that happened to a case: who did what, when, with which model's report and figures before them.

    ``found`` is what scoring the suspect again came to, ``seen`` another address of the same text; their values are
    JSON. ``seal`` is the event's in the chain of all events.
    """

    id: int
    at: float
    actor: str
    kind: str
    value: str
    signature: str
    undoes: int | None
    score: float | None
    reuse: float | None
    source_digest: str | None
    seal: str


class Side(BaseModel):
    """One of a case's two articles."""

    digest: str
    id: str | None = None
    title: str
    url: str | None
    outlet: str | None
    published: str | None
    words: int


class Case(BaseModel):
    """A suspect and the article that it is likely to be made from, if one was found.

    ``stale``: it was scored otherwise since it was decided, when it had the figures ``decided_score`` and so on.
    """

    id: int
    opened: float
    found: float
    why: str
    suspect: Side
    source: Side | None
    score: float
    reuse: float | None
    coverage: float | None
    verdict: str
    copied: Literal["suspect", "reference"] | None
    family: str | None
    priority: float
    decision: str | None
    decided: float | None
    decided_by: str | None
    decided_score: float | None
    decided_reuse: float | None
    stale: bool
    forgotten: float | None
    assigned: str | None
    tags: list[str]
    candidates: list[dict[str, Any]] | None = None
    events: list[Event] | None = None


_LINKS = {
    name: {"operationId": name, "parameters": {"id": "$response.body#/0/id"}} for name in ("case", "event_of_case")
}


@router.get("", responses={200: {"links": _LINKS}, **problems("invalid")}, response_model_exclude_unset=True)
async def listed(
    request: Request,
    _: Reviewer,
    state: str = "open",
    q: Annotated[str, Query(max_length=200)] = "",
    sort: Literal["priority", "newest", "reuse", "score"] = "priority",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> list[Case]:
    """A page of the queue: 50 cases, the most urgent first."""
    asked = Filters.of({**request.query_params, "state": state, "q": q, "sort": sort, "page": str(page)})
    rows = await service_of(request).read(lambda read: page_of(read, asked))
    return [case_of(row) for row in rows]


@router.get(
    "/{id}", operation_id="case", responses=problems("not_found", "invalid"), response_model_exclude_unset=True
)
async def one(request: Request, id: int, _: Reviewer) -> Case:
    """A case with its candidates and all that happened to it."""

    def found(read: Any) -> Case | None:
        row = read.execute(select(cases).where(cases.c.id == id)).first() if 0 < id < 2**31 else None
        if row is None:
            return None
        events = [
            Event(**{name: getattr(event, name) for name in Event.model_fields}) for event in history(read, id)
        ]
        return case_of(row).model_copy(update={"candidates": json.loads(row.candidates), "events": events})

    case = await service_of(request).read(found)
    if case is None:
        raise Problem("not_found", f"there is no case {id}.")
    return case


@router.post(
    "/{id}/events",
    operation_id="event_of_case",
    status_code=201,
    responses=problems("not_found", body=True),
    openapi_extra=takes(EventForm, multipart=False),
)
async def add(request: Request, id: int, caller: Reviewer) -> Event:
    """Decide a case, note something down, tag it, assign it, or undo what was done last."""
    form = await form_of(request, EventForm)

    def happened(write: Any) -> Event:
        made = happen(write, id, caller.name, form.kind, form.value)
        row = next(event for event in history(write, id) if event.id == made)
        return Event(**{name: getattr(row, name) for name in Event.model_fields})

    try:
        if not 0 < id < 2**31:
            raise NoCase(f"there is no case {id}.")
        return await service_of(request).write(happened)
    except NoCase as error:
        raise Problem("not_found", str(error)) from error
    except NotPossible as error:
        raise Problem("invalid", str(error), [{"field": "value", "message": str(error)}]) from error


def case_of(row: Row[Any]) -> Case:
    """A case as programs get it."""
    values = dict(row._mapping)
    sides: dict[str, Any] = {
        side: Side(**{name: values[f"{side}_{name}"] for name in _FIELDS}, id=values.get(f"{side}_id"))
        for side in ("suspect", "source")
        if values[f"{side}_digest"] is not None
    }
    if "source" not in sides:
        values |= {"source": None, "reuse": None, "coverage": None}
    same = [name for name in Case.model_fields if name in values and name not in ("tags", "candidates")]
    plain: dict[str, Any] = {name: values[name] for name in same}
    return Case(**plain, **sides, copied=values["copy"], tags=values["tags"].split())
