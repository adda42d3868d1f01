"""Signing in and out, the accounts, how model and moderators agree, and the audit log."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlalchemy import select
from starlette.concurrency import run_in_threadpool

from spindetect.desk.accounts import ROLES, TooManyTries, User
from spindetect.desk.agreement import LEAST_SURE, agreement
from spindetect.desk.queue_pages import within_desk
from spindetect.desk.web import COOKIE, Refused, at_least, back_to, desk_of, keep_session, page
from spindetect.errors import SpindetectError
from spindetect.service.chain import verify
from spindetect.service.tables import audit

router = APIRouter(prefix="/desk", include_in_schema=False)
Moderator = Annotated[User, Depends(at_least("moderator"))]
Lead = Annotated[User, Depends(at_least("lead"))]
Admin = Annotated[User, Depends(at_least("admin"))]
_LINES = 200


@router.get("/login")
async def login(request: Request) -> Response:
    """The page to sign in at."""
    return _login(request, "", str(request.query_params.get("back", "")), 200)


@router.post("/login")
async def sign_in(request: Request) -> Response:
    """Sign in: a new session begins, whatever cookie came with the request."""
    form = await request.form()
    name, password, back = (str(form.get(key, ""))[:1000] for key in ("name", "password", "back"))
    accounts = desk_of(request).accounts
    try:
        user = await run_in_threadpool(accounts.check, name, password)
    except TooManyTries as error:
        return _login(request, str(error), back, 429)
    if user is None:
        return _login(request, "Name and password don't fit together.", back, 401)
    if old := request.cookies.get(COOKIE):
        await run_in_threadpool(accounts.end, old)
    token, _ = await run_in_threadpool(accounts.begin, user)
    response = back_to(within_desk(back), request)
    keep_session(request, response, token)
    return response


@router.post("/logout")
async def sign_out(request: Request, user: Moderator) -> Response:
    """End the session."""
    await run_in_threadpool(desk_of(request).accounts.end, request.cookies.get(COOKIE, ""))
    response = back_to("/desk/login", request)
    response.delete_cookie(COOKIE, path="/desk")
    return response


@router.get("/agreement")
async def agree(request: Request, user: Lead) -> Response:
    """How model and moderators agree, where a source was known or where none was."""
    alone = request.query_params.get("of") == "alone"
    found = await desk_of(request).service.read(lambda read: agreement(read, alone))
    return page(request, "agreement.html.j2", user, {"found": found, "sure": LEAST_SURE, "alone": alone})


@router.get("/people")
async def people(request: Request, user: Admin) -> Response:
    """The accounts."""
    return await _people(request, user, "", None)


@router.post("/people")
async def change(request: Request, user: Admin) -> Response:
    """Make an account, give somebody another role or password, close an account or open it."""
    form = {key: str(value) for key, value in (await request.form()).items()}
    accounts = desk_of(request).accounts
    name, role = form.get("name", ""), form.get("role", "")
    if form.get("do") == "add":
        try:
            password = await run_in_threadpool(accounts.add, name, role, None, user.name)
        except SpindetectError as error:
            return await _people(request, user, str(error), None)
        return await _people(request, user, "", (name, password))
    if name == user.name:
        raise Refused(400, "Somebody else has to change your account, so that there is always an admin.")
    disabled = {"close": True, "open": False}.get(form.get("do", ""))
    await run_in_threadpool(accounts.change, name, role or None, disabled, user.name)
    return back_to("/desk/people", request)


@router.get("/log")
async def log(request: Request, user: Admin) -> Response:
    """The last lines of the audit log; and, if asked, whether the record of decisions is as it was."""
    last = select(audit).order_by(audit.c.id.desc()).limit(_LINES)
    service, seal = desk_of(request).service, request.query_params.get("seal")
    lines = await service.read(lambda read: read.execute(last).all())
    verified = None if seal is None else await service.read(lambda read: verify(read, seal.strip()[:64]))
    return page(request, "log.html.j2", user, {"lines": lines, "verified": verified, "seal": seal or ""})


async def _people(request: Request, user: User, fault: str, made: tuple[str, str] | None) -> Response:
    rows = await run_in_threadpool(desk_of(request).accounts.all)
    values: dict[str, Any] = {"people": rows, "roles": ROLES, "fault": fault, "made": made}
    return page(request, "people.html.j2", user, values, 400 if fault else 200)


def _login(request: Request, fault: str, back: str, status: int) -> Response:
    return page(request, "login.html.j2", None, {"fault": fault, "back": within_desk(back)}, status)
