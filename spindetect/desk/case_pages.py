"""A case: its evidence, what is like it, what happened to it, and what is done with it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response
from sqlalchemy import ColumnElement, Connection, func, select
from starlette.concurrency import run_in_threadpool

from spindetect.desk import letters
from spindetect.desk.accounts import User
from spindetect.desk.queue_pages import BRIEF, case_named, check_undo, done_just_now, guarded
from spindetect.desk.web import Refused, at_least, back_to, desk_of, evidence_in, page
from spindetect.score.families import UNKNOWN
from spindetect.service.cases import HAPPENINGS, happen
from spindetect.service.chain import history
from spindetect.service.queue import Filters, neighbour
from spindetect.service.store import Store
from spindetect.service.tables import cases, users

router = APIRouter(prefix="/desk/cases", include_in_schema=False)
Moderator = Annotated[User, Depends(at_least("moderator"))]
_LIKE = 20  # cases that are like one, shown beside it


@router.get("/{id}")
async def shown(request: Request, id: int, user: Moderator) -> Response:
    """A case's page."""
    desk = desk_of(request)
    filters = Filters.of(request.query_params)

    def found(read: Connection) -> dict[str, Any]:
        case = case_named(read, id)
        past = history(read, id)
        decided = select(cases.c.decision, func.count()).where(cases.c.suspect_outlet == case.suspect_outlet)
        return {
            "case": case,
            "past": past,
            "undone": {event.undoes for event in past},
            "candidates": json.loads(case.candidates)[1:],
            "found": {event.id: json.loads(event.value) for event in past if event.kind == "found"},
            "cluster": _others(read, case, cases.c.source_digest == case.source_digest)
            if case.source_digest
            else (),
            "also": letters.elsewhere(past),
            "family": _others(read, case, cases.c.family == case.family)
            if case.family not in (None, UNKNOWN)
            else (),
            "outlet": dict(read.execute(decided.group_by(cases.c.decision)).all()) if case.suspect_outlet else {},
            "next": neighbour(read, filters, case),
            "previous": neighbour(read, filters, case, after=False),
            "done": done_just_now(read, request.query_params.get("done", "")),
            "people": read.execute(select(users.c.name).where(users.c.disabled.is_(False))).scalars().all(),
        }

    values = await desk.service.read(found)
    text = await run_in_threadpool(_page_of, desk.service.store, values["case"], values["case"].page)
    evidence = evidence_in(text)
    others = desk.look(id, user.name)
    values |= {"filters": filters, "others": others, "letters": letters.KINDS, "most": _LIKE}
    return page(request, "case.html.j2", user, values, evidence=evidence)


@router.post("/{id}/events")
async def happened(request: Request, id: int, user: Moderator) -> Response:
    """Decide, note, tag, assign or undo; after a decision the next case opens."""
    form = await request.form()
    kind, value = str(form.get("kind", "")), str(form.get("value", ""))
    filters = Filters.of({key: str(one) for key, one in form.items()})
    if kind not in HAPPENINGS:
        raise Refused(400, "The desk doesn't know what to do.")

    def change(write: Connection) -> int | None:
        case = case_named(write, id)
        if kind == "assign" and value:
            if value != user.name and not user.is_at_least("lead"):
                raise Refused(403, "A lead assigns cases to others.")
            named = select(users.c.id).where(users.c.name == value, users.c.disabled.is_(False))
            if write.execute(named).first() is None:
                raise Refused(400, f"There is no {value[:60]} at this desk.")
        if kind == "undo":
            check_undo(write, user, id)
        following = neighbour(write, filters, case)  # as the queue was when the case was opened
        happen(write, id, user.name, kind, value)
        return following

    following = await guarded(desk_of(request).service.write, change)
    query = filters.query()
    if kind != "decide":
        return back_to(f"/desk/cases/{id}{'?' if query else ''}{query}", request)
    done = f"done={id}"
    if following is None:
        return back_to(f"/desk?{'&'.join(filter(None, [query, done]))}", request)
    return back_to(f"/desk/cases/{following}?{'&'.join(filter(None, [query, done]))}", request)


@router.post("/{id}/here")
async def here(request: Request, id: int, user: Moderator) -> Response:
    """Note that somebody looks at a case, and say who else does."""
    return JSONResponse({"others": desk_of(request).look(id, user.name)})


@router.get("/{id}/report.html")
async def report(request: Request, id: int, user: Moderator) -> Response:
    """A case's report, as the one file that is sent to others; with ``event``, as it was before that event."""
    service = desk_of(request).service
    event = request.query_params.get("event", "")

    def found(read: Connection) -> tuple[Any, str]:
        case = case_named(read, id)
        pages = {str(one.id): one.page for one in history(read, id)} if event else {}
        return case, pages.get(event) or "" if event else case.page

    text = await run_in_threadpool(_page_of, service.store, *await service.read(found))
    headers = {
        "Content-Disposition": f'attachment; filename="report-{id}.html"',
        "Content-Security-Policy": "sandbox",
    }
    return Response(_there(text).encode("utf-8", "replace"), media_type="text/html; charset=utf-8", headers=headers)


@router.get("/{id}/letters/{kind}.eml")
async def draft(request: Request, id: int, kind: Literal["plain", "dmca"], user: Moderator) -> Response:
    """A letter as a draft for a mail program, with the report attached."""
    service = desk_of(request).service
    case, past = await service.read(lambda read: _with_source(read, id))
    text = _there(await run_in_threadpool(_page_of, service.store, case, case.page))
    headers = {"Content-Disposition": f'attachment; filename="letter-{id}.eml"'}
    return Response(letters.draft(kind, case, past, text), media_type="message/rfc822", headers=headers)


@router.get("/{id}/letters/{kind}")
async def letter(request: Request, id: int, kind: Literal["plain", "dmca"], user: Moderator) -> Response:
    """A letter about a case, to read and complete."""
    case, past = await desk_of(request).service.read(lambda read: _with_source(read, id))
    subject, text = letters.letter(kind, case, past)
    values = {"case": case, "kind": kind, "letters": letters.KINDS, "subject": subject, "text": text}
    return page(request, "letter.html.j2", user, values)


def _page_of(store: Store, case: Any, digest: str) -> str:
    """A report of a case; "" where there is none any more."""
    return "" if case.forgotten else (store.blob(digest) or b"").decode("utf-8", "replace")


def _there(text: str) -> str:
    if not text:
        raise Refused(
            410, "The texts of this case were deleted some time after its decision, and so was the report."
        )
    return text


def _with_source(read: Connection, id: int) -> tuple[Any, Sequence[Any]]:
    """A case to write a letter about, and its events; raises `Refused` where nothing is known that was copied."""
    case = case_named(read, id)
    if case.source_digest is None:
        raise Refused(409, "No source is known, so there is nobody yet whose article this letter could be about.")
    return case, history(read, id)


def _others(read: Connection, case: Any, alike: ColumnElement[bool]) -> Sequence[Any]:
    """Other cases that have something in common with one."""
    others = select(*BRIEF).where(alike, cases.c.id != case.id).order_by(cases.c.priority.desc()).limit(_LIKE)
    return read.execute(others).all()
