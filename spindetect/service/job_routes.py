"""The addresses of jobs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field, ValidationError
from sqlalchemy.exc import IntegrityError

from spindetect.service.core import needs, service_of
from spindetect.service.forms import Strict, form_of
from spindetect.service.jobs import add_job, cancel_job, results_of, state_of
from spindetect.service.keys import Caller
from spindetect.service.openapi import problems, takes
from spindetect.service.problems import Problem
from spindetect.service.scoring import FORMS

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])
Scorer = Annotated[Caller, Depends(needs("score"))]
Once = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)]
_EVERY = 0.5  # seconds between two looks at a job whose progress is followed
_ALIVE = 15.0  # seconds of silence after which something is sent, so that proxies keep the line open


_LINKS = {
    name: {"operationId": name, "parameters": {"id": "$response.body#/id"}}
    for name in ("state_of_job", "results_of_job", "events_of_job", "cancel_job")
}


class JobForm(Strict):
    """The work to do on each of many articles; every item has the form that the address of that name takes."""

    asked: Literal["compare", "score", "sources"]
    items: Annotated[list[dict[str, Any]], Field(min_length=1)]


class JobState(BaseModel):
    """How far a job is."""

    id: str
    asked: str
    state: Literal["waiting", "done", "cancelled"]
    total: int
    done: int
    failed: int
    created: float
    finished: float | None


class JobItem(BaseModel):
    """The outcome of one item."""

    number: int
    state: Literal["waiting", "done", "failed"]
    report: dict[str, Any] | None = None
    problem: dict[str, Any] | None = None


@router.post(
    "",
    status_code=202,
    responses={202: {"links": _LINKS}, **problems("key_reused", "in_progress", body=True)},
    openapi_extra=takes(JobForm, multipart=False),
)
async def add(request: Request, response: Response, caller: Scorer, key: Once = None) -> JobState:
    """Have many articles scored in the background. The answer's Location is where to look how far that is."""
    service = service_of(request)
    form = await form_of(request, JobForm)
    if len(form.items) > service.settings.max_items:
        raise Problem("too_large", f"a job has at most {service.settings.max_items:,} items.")
    for number, item in enumerate(form.items):
        try:
            FORMS[form.asked].model_validate(item)
        except ValidationError as error:
            errors = [
                {"field": ".".join(["items", str(number), *map(str, one["loc"])]), "message": one["msg"]}
                for one in error.errors()[:20]
            ]
            raise Problem("invalid", f"{errors[0]['field']}: {errors[0]['message']}", errors) from error
    try:
        id, _ = await service.write(lambda write: add_job(write, form.asked, form.items, caller, key))
    except IntegrityError as error:  # two under one key at the very same moment
        raise Problem("in_progress", "the same job is being added.") from error
    service.woken.set()
    response.headers["Location"] = f"/v1/jobs/{id}"
    return JobState(**await service.read(lambda read: state_of(read, id, caller)))


@router.get("/{id}", operation_id="state_of_job", responses=problems("not_found"))
async def state(request: Request, id: str, caller: Scorer) -> JobState:
    """How far a job is."""
    return JobState(**await service_of(request).read(lambda read: state_of(read, id, caller)))


@router.get(
    "/{id}/results",
    operation_id="results_of_job",
    responses=problems("not_found", "invalid"),
    response_model_exclude_unset=True,
)
async def results(
    request: Request,
    id: str,
    caller: Scorer,
    first: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> list[JobItem]:
    """The items of a job from number ``first`` on, with the reports of those that are done."""
    found = await service_of(request).read(lambda read: results_of(read, id, caller, first, limit))
    return [JobItem(**one) for one in found]


@router.get(
    "/{id}/events",
    operation_id="events_of_job",
    responses={200: {"content": {"text/event-stream": {}}}, **problems("not_found")},
    response_class=StreamingResponse,
)
async def events(request: Request, id: str, caller: Scorer) -> StreamingResponse:
    """A job's progress as server-sent events, until it is finished."""
    service = service_of(request)
    first = await service.read(lambda read: state_of(read, id, caller))

    async def messages() -> AsyncIterator[str]:
        said, now, silent = None, first, 0.0
        while True:
            if now != said:
                name = "progress" if now["state"] == "waiting" else "finished"
                yield f"event: {name}\ndata: {json.dumps(now)}\n\n"
                said, silent = now, 0.0
                if name == "finished":
                    return
            elif silent >= _ALIVE:
                yield ": still here\n\n"
                silent = 0.0
            await asyncio.sleep(_EVERY)
            silent += _EVERY
            now = await service.read(lambda read: state_of(read, id, caller))

    return StreamingResponse(messages(), media_type="text/event-stream", headers={"Cache-Control": "no-store"})


@router.post("/{id}/cancel", operation_id="cancel_job", responses=problems("not_found"))
async def cancel(request: Request, id: str, caller: Scorer) -> JobState:
    """Do no more of a job; what is done stays."""
    service = service_of(request)
    await service.write(lambda write: cancel_job(write, id, caller))
    return JobState(**await service.read(lambda read: state_of(read, id, caller)))
