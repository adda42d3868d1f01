"""The base of all pages of the desk: the signed-in user, the token that forms send back, the making of pages."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from time import monotonic
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from spindetect.desk.accounts import Accounts, Role, User
from spindetect.errors import SpindetectError
from spindetect.report.html.origin import web_link
from spindetect.report.html.page import policy_digest
from spindetect.report.inert import inert
from spindetect.report.words import VERDICTS, bounded, tool_name
from spindetect.service.cases import DECISIONS
from spindetect.service.core import Service, service_of
from spindetect.service.limits import SAFE
from spindetect.service.queue import STATES, outlets


@dataclass(frozen=True, slots=True)
class ReportParts:
    """A report's style, body and script. All of it was written by spindetect; texts in it are escaped."""

    style: str
    body: str
    script: str

    @property
    def style_digest(self) -> str:
        """The style's digest, as content security policies write it."""
        return policy_digest(self.style)

    @property
    def script_digest(self) -> str:
        """The script's digest."""
        return policy_digest(self.script)


def evidence_in(page: str) -> ReportParts | None:
    """The parts of a stored report; None when it isn't one.

    Markup in an article is escaped, so these are the page's: its first style, its last script.

    >>> evidence_in("<style>a</style><body>b<script>c</script></body>")
    ReportParts(style='a', body='b', script='c')
    """
    head, began, rest = page.partition("<body")
    style, styled, _ = head.partition("<style>")[2].partition("</style>")
    inside, ended, _ = rest.partition(">")[2].rpartition("</body>")
    body, scripted, last = inside.rpartition("<script>")
    script, closed, _ = last.rpartition("</script>")
    return ReportParts(style, body, script) if began and styled and ended and scripted and closed else None


COOKIE = "spindetect_desk"
_COUNTED = 60.0  # seconds for which the list of outlets to choose from stays as it is
_HERE = 25.0  # seconds since somebody's page was last heard of in which they count as looking at a case


class Refused(SpindetectError):
    """The desk doesn't do what was asked."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(said)
        self.status = status


class SignIn(SpindetectError):
    """Nobody is signed in."""


@dataclass(slots=True)
class Desk:
    """The desk of a service: its accounts, and who looks at which case now."""

    service: Service
    accounts: Accounts
    _outlets: tuple[float, list[str]] = (float("-inf"), [])
    _looking: dict[int, dict[str, float]] = field(default_factory=dict)

    def outlets(self, read: Connection) -> list[str]:
        """The outlets with most cases; counted anew after a while, as that takes a moment with many."""
        if monotonic() - self._outlets[0] > _COUNTED:
            self._outlets = (monotonic(), outlets(read))
        return self._outlets[1]

    def look(self, case: int, name: str) -> list[str]:
        """Note that somebody looks at a case; who else does."""
        now = monotonic()
        here = {who: at for who, at in self._looking.get(case, {}).items() if now - at < _HERE}
        self._looking[case] = {**here, name: now}
        if len(self._looking) > 1000:
            self._looking = {id: who for id, who in self._looking.items() if now - max(who.values()) < _HERE}
        return sorted(who for who in here if who != name)


def desk_of(request: Request) -> Desk:
    """The desk that a request is for."""
    service = service_of(request)
    if getattr(request.app.state, "desk", None) is None:
        accounts = Accounts(service.store, service.settings.session_seconds)
        request.app.state.desk = Desk(service, accounts)
    found: Desk = request.app.state.desk
    return found


# --- who is there ---------------------------------------------------------------------


def at_least(role: Role) -> Callable[[Request], Awaitable[User]]:
    """A dependency: the user who is signed in, with at least this role; forms must send their token back."""

    async def user(request: Request) -> User:
        desk = desk_of(request)
        found = await run_in_threadpool(_signed_in, request, desk)
        if found is None:
            raise SignIn
        if request.method not in SAFE:
            form = await request.form()
            sent = request.headers.get("x-csrf-token") or form.get("csrf")
            if not isinstance(sent, str) or not hmac.compare_digest(sent.encode(), found.csrf.encode()):
                raise Refused(
                    403, "This page was open too long, or the request didn't come from it. Load it again."
                )
        if not found.is_at_least(role):
            raise Refused(403, f"That takes the role {role}; you have {found.role}.")
        return found

    return user


def _signed_in(request: Request, desk: Desk) -> User | None:
    """The user of a request: a session's, or the one that the proxy in front names."""
    settings = desk.service.settings
    token = request.cookies.get(COOKIE, "")
    user = desk.accounts.at(token) if token else None
    peer = request.client.host if request.client else ""
    if not settings.user_header or peer not in settings.proxies:
        return user
    name = request.headers.get(settings.user_header, "")
    if user and user.name == name:
        return user
    known = desk.accounts.named(name) if name else None
    if known is None:
        return None
    request.state.new_session, user = desk.accounts.begin(known)
    return user


def keep_session(request: Request, response: Response, token: str | None = None) -> None:
    """Set the cookie of a session that was begun for this request."""
    settings = service_of(request).settings
    if new := token or getattr(request.state, "new_session", None):
        response.set_cookie(
            COOKIE,
            new,
            max_age=int(settings.session_seconds),
            path="/desk",
            httponly=True,
            samesite="lax",
            secure=settings.secure_cookies,
        )


# --- pages ----------------------------------------------------------------------------


def page(
    request: Request,
    template: str,
    user: User | None,
    values: Mapping[str, Any],
    status: int = 200,
    evidence: ReportParts | None = None,
) -> HTMLResponse:
    """A page of the desk. With ``evidence`` a report's own style and script may run in it, and no others."""
    made = (
        environment()
        .get_template(template)
        .render(user=user, evidence=evidence, states=STATES, decisions=DECISIONS, path=request.url.path, **values)
    )
    response = HTMLResponse(
        made, status, {"Content-Security-Policy": policy(evidence), "Cache-Control": "no-store"}
    )
    keep_session(request, response)
    return response


def policy(evidence: ReportParts | None = None) -> str:
    """The content security policy of a page: files of the desk's own, nothing from elsewhere, nothing in line."""
    style, script = (
        ("", "") if evidence is None else (f" '{evidence.style_digest}'", f" '{evidence.script_digest}'")
    )
    return (
        f"default-src 'none'; style-src 'self'{style}; script-src 'self'{script}; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def back_to(path: str, request: Request) -> RedirectResponse:
    """Go on at a page of the desk."""
    response = RedirectResponse(path, 303)
    keep_session(request, response)
    return response


@cache
def environment() -> Environment:
    """The templates' environment: whatever a template doesn't mark as safe is escaped."""
    made = Environment(
        loader=PackageLoader("spindetect.desk"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda value: inert(value) if type(value) is str else value,  # what doesn't print is shown
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"when": when, "bounded": bounded, "link": web_link, "share": lambda value: f"{value:.0%}"}
    made.filters |= {"verdict": lambda verdict: VERDICTS[verdict].name, "tool": tool_name}
    made.filters["brief"] = lambda value: bounded(value).replace("over ", ">").replace("under ", "<")
    made.filters["lines"] = lambda text: Markup("\n").join(escape(inert(line)) for line in text.splitlines())
    return made


def when(at: float | None) -> str:
    """A time for people, in UTC."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M") if at else ""
