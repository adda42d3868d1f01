"""The queue, what is done to many of its cases at once, saved views, and exports."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated, Any, Literal, get_args

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response, StreamingResponse
from sqlalchemy import Connection, select

from spindetect.desk import export
from spindetect.desk.accounts import User
from spindetect.desk.web import Refused, at_least, back_to, desk_of, page
from spindetect.findings import Verdict
from spindetect.service.cases import NoCase, NotPossible, happen, undoable
from spindetect.service.chain import history
from spindetect.service.queue import PER_PAGE, SORTS, Filters, counts_of, page_of
from spindetect.service.tables import cases, users, views

router = APIRouter(prefix="/desk", include_in_schema=False)
Moderator = Annotated[User, Depends(at_least("moderator"))]
Lead = Annotated[User, Depends(at_least("lead"))]
BRIEF = (
    *(cases.c.id, cases.c.suspect_title, cases.c.suspect_outlet, cases.c.suspect_published),
    *(cases.c.score, cases.c.reuse, cases.c.decision, cases.c.source_title, cases.c.source_digest),
)
_MOST_AT_ONCE = 500
_MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson"}


@router.get("")
async def queue(request: Request, user: Moderator) -> Response:
    """The queue, the most urgent first."""
    desk, filters = desk_of(request), Filters.of(request.query_params)

    def found(read: Connection) -> dict[str, Any]:
        saved = select(views).where(views.c.user_id == user.id).order_by(views.c.name)
        return {
            "cases": page_of(read, filters),
            "counts": counts_of(read, filters),
            "outlets": desk.outlets(read),
            "people": read.execute(select(users.c.name).where(users.c.disabled.is_(False))).scalars().all(),
            "saved": read.execute(saved).all(),
            "done": done_just_now(read, request.query_params.get("done", "")),
        }

    values = await desk.service.read(found)
    pages = max(1, -(-values["counts"][filters.state] // PER_PAGE))
    return page(
        request,
        "queue.html.j2",
        user,
        {**values, "filters": filters, "pages": pages, "sorts": SORTS, "verdicts": get_args(Verdict)},
    )


@router.post("/bulk")
async def bulk(request: Request, user: Moderator) -> Response:
    """Decide, tag or assign several cases at once, or undo what was done last to each."""
    form = await request.form(max_fields=_MOST_AT_ONCE + 50)
    ids = [int(str(one)) for one in form.getlist("id") if str(one).isdecimal() and len(str(one)) < 10]
    kind, value = str(form.get("kind", "decide")), str(form.get("value", ""))
    if kind not in ("decide", "tag", "assign", "undo") or not ids or len(ids) > _MOST_AT_ONCE:
        raise Refused(400, f"Choose 1 to {_MOST_AT_ONCE} cases, and what to do with them.")
    value = user.name if kind == "assign" else value

    def happened(write: Connection) -> None:
        for id in ids:
            if kind == "undo":
                check_undo(write, user, id)
            happen(write, id, user.name, kind, value)  # type: ignore[arg-type]

    await guarded(desk_of(request).service.write, happened)
    return back_to(within_desk(str(form.get("back", ""))), request)


@router.post("/views")
async def save_view(request: Request, user: Moderator) -> Response:
    """Keep the queue's filters under a name, or drop what is kept under it."""
    form = await request.form()
    name = " ".join(str(form.get("name", "")).split())[:60]
    filters = Filters.of({key: str(value) for key, value in form.items()})
    drop = form.get("drop") is not None

    def saved(write: Connection) -> None:
        write.execute(views.delete().where(views.c.user_id == user.id, views.c.name == name))
        if name and not drop:
            write.execute(views.insert().values(user_id=user.id, name=name, query=filters.query(page=1)))

    await desk_of(request).service.write(saved)
    return back_to(f"/desk?{filters.query()}", request)


@router.get("/export.{form}")
async def exported(
    request: Request, form: Literal["csv", "jsonl", "parquet", "pairs"], user: Moderator
) -> Response:
    """The cases that the filters let through, as a file; ``pairs`` is the decided ones with their texts."""
    store = desk_of(request).service.store
    filters = Filters.of(request.query_params)
    ending = "jsonl" if form == "pairs" else form
    headers = {"Content-Disposition": f'attachment; filename="{"pairs" if form == "pairs" else "cases"}.{ending}"'}
    if form == "parquet":
        data = await desk_of(request).service.read(lambda read: export.as_parquet(read, filters))
        return Response(data, media_type="application/vnd.apache.parquet", headers=headers)

    def pieces() -> Iterator[str]:
        if form == "pairs":
            yield from export.labelled_pairs(store)
            return
        with store.reading() as read:
            yield from (export.as_csv if form == "csv" else export.as_jsonl)(read, filters)

    return StreamingResponse(pieces(), media_type=_MEDIA_TYPES[ending], headers=headers)


async def guarded(write: Callable[[Callable[[Connection], Any]], Any], change: Callable[[Connection], Any]) -> Any:
    """Make a change; what isn't possible is refused."""
    try:
        return await write(change)
    except NoCase as error:
        raise Refused(404, str(error)) from error
    except NotPossible as error:
        raise Refused(400, str(error)) from error


def within_desk(path: str) -> str:
    """A page of the desk to go on at, whatever a form says: nothing leads elsewhere."""
    plain = path.isprintable() and path.isascii() and "\\" not in path
    return path if plain and (path == "/desk" or path.startswith(("/desk?", "/desk/cases/"))) else "/desk"


def done_just_now(read: Connection, id: str) -> Any:
    """The case that was decided just before, to say so and to undo it; None when there is none."""
    wanted = select(*BRIEF).where(cases.c.id == int(id)) if id.isdecimal() and len(id) < 10 else None
    return read.execute(wanted).first() if wanted is not None else None


def case_named(read: Connection, id: int) -> Any:
    """A case by its number; raises `Refused` when there is none."""
    row = read.execute(select(cases).where(cases.c.id == id)).first() if 0 < id < 2**31 else None
    if row is None:
        raise Refused(404, f"There is no case {id}.")
    return row


def check_undo(read: Connection, user: User, id: int) -> None:
    """Raise `Refused` unless the user did what would be undone, or is a lead."""
    left = undoable(history(read, id))
    if left and left[-1].actor != user.name and not user.is_at_least("lead"):
        raise Refused(403, f"{left[-1].actor} did that last; a lead can undo it.")
