"""Limits of a request: its size, speed, host name and sender. Plain ASGI, so it comes first."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.datastructures import Headers

from spindetect.service.problems import Problem
from spindetect.service.settings import LOOPBACK, ServiceSettings

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

SAFE = ("GET", "HEAD", "OPTIONS")
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)


class RequestLimits:
    """Refuses what is too large, too slow, under a foreign name or from another website."""

    def __init__(self, app: Callable[[Scope, Receive, Send], Awaitable[None]], settings: ServiceSettings) -> None:
        self.app = app
        self.settings = settings
        self.names = {*LOOPBACK, settings.host, *settings.hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on with its limits."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def sending(message: MutableMapping[str, Any]) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message["headers"] = [*message.get("headers", ()), *_HEADERS]
            await send(message)

        headers = Headers(scope=scope)
        try:
            self._check(scope["method"], headers)
            await self.app(scope, self._limited(receive, headers), sending)
        except Problem as problem:
            if started:
                raise
            # Whatever else was sent isn't read any more: the connection ends here.
            problem.headers["Connection"] = "close"
            await problem.response()(scope, receive, sending)

    def _check(self, method: str, headers: Headers) -> None:
        """Raise `Problem` for a request that a foreign website had somebody's browser send."""
        host = headers.get("host", "")
        name = host[1 : host.find("]")] if host.startswith("[") else host.partition(":")[0]
        if name.lower() not in self.names:
            raise Problem("wrong_host", f"{name[:200]!r} isn't a name of this service.")
        origin = headers.get("origin")
        foreign = origin is not None and origin.partition("://")[2] != host
        if method not in SAFE and (foreign or headers.get("sec-fetch-site") in ("cross-site", "same-site")):
            raise Problem("cross_site", f"it was sent by a page of {origin or 'another website'}.")
        length = headers.get("content-length", "0")
        if length.isdecimal() and int(length) > self.settings.max_bytes:
            raise self._too_large()

    def _too_large(self) -> Problem:
        return Problem("too_large", f"at most {self.settings.max_bytes:,} bytes are taken.")

    def _limited(self, receive: Receive, headers: Headers) -> Receive:
        """The body's pieces, as long as they are in time and not too many."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self.settings.body_seconds
        received, whole = 0, False

        async def limited() -> MutableMapping[str, Any]:
            nonlocal received, whole
            if whole:
                return await receive()
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError as error:
                seconds = self.settings.body_seconds
                raise Problem("body_too_slow", f"the body wasn't there after {seconds:g} s.") from error
            received += len(message.get("body", b""))
            whole = not message.get("more_body", False)
            if received > self.settings.max_bytes:
                raise self._too_large()
            return message

        return limited
