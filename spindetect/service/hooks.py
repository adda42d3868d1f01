"""Webhooks: messages about suspects that reach a score, in the form of Standard Webhooks, signed and retried.

Messages are stored in the transaction that records the result, so that a kill loses none. A
message may come twice; its ``webhook-id`` is the same then. It holds figures, titles and links, and no text of an
article.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import ipaddress
import json
import secrets
import socket
from contextlib import suppress
from dataclasses import asdict
from time import monotonic, time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
from sqlalchemy import Connection, Row, select

from spindetect.service.problems import Problem
from spindetect.service.store import Store, note
from spindetect.service.tables import deliveries, hooks
from spindetect.service.work import Done, Errand

if TYPE_CHECKING:
    from collections.abc import Sequence

BACK_OFF = (5.0, 30.0, 120.0, 600.0, 3600.0, 21600.0)
"""Seconds until a message is sent again; after the last it is a dead letter."""
_REMEMBERED = 2.0
_AT_ONCE = 20
_PATIENCE = 10.0


class Hooks:
    """The webhooks in a store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._seen = 0.0
        self._all: Sequence[Row[Any]] = ()
        self.woken = asyncio.Event()

    def _valid(self) -> Sequence[Row[Any]]:
        if monotonic() - self._seen > _REMEMBERED:
            with self._store.reading() as read:
                self._all = read.execute(select(hooks).where(hooks.c.removed.is_(None))).all()
            self._seen = monotonic()
        return self._all

    def forget(self) -> None:
        """See changes at once."""
        self._seen = 0.0

    def concern(self, done: Done) -> bool:
        """Whether anybody is to be told of a result."""
        return any((getattr(done, hook.figure) or 0.0) >= hook.least for hook in self._valid())

    def announce(
        self, write: Connection, errand: Errand, done: Done, case: int | None, before: Row[Any] | None = None
    ) -> None:
        """Note down the messages that a result gives rise to; none of a figure that the case had reached before."""
        suspect = errand.suspect
        source = done.case.source if done.case else errand.reference
        for hook in self._valid():
            if (getattr(done, hook.figure) or 0.0) < hook.least:
                continue
            if before is not None and getattr(before, hook.figure) >= hook.least:
                continue
            body = {
                "type": "suspect.reached",
                "timestamp": time(),
                "data": {
                    "figure": hook.figure,
                    "least": hook.least,
                    "score": done.score,
                    "reuse": done.reuse,
                    "verdict": done.verdict,
                    "direction": asdict(done.case.direction) if done.case and done.case.direction else None,
                    "case": case,
                    "suspect": _named(suspect),
                    "source": _named(source) if source else None,
                },
            }
            row = {"hook_id": hook.id, "body": json.dumps(body), "state": "waiting", "tries": 0, "due": time()}
            write.execute(deliveries.insert().values(**row))

    async def deliver(self) -> None:
        """Send what is due, for ever."""
        async with httpx.AsyncClient(timeout=_PATIENCE, follow_redirects=False, trust_env=False) as client:
            while True:
                due = await asyncio.to_thread(self._due)
                await asyncio.gather(*(self._send(client, one) for one in due))
                if not due:
                    self.woken.clear()
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self.woken.wait(), 1.0)

    def _due(self) -> Sequence[Row[Any]]:
        late = (deliveries.c.state == "waiting") & (deliveries.c.due <= time())
        found = (
            select(deliveries, hooks.c.url, hooks.c.secret, hooks.c.removed)
            .join(hooks, deliveries.c.hook_id == hooks.c.id)
            .where(late)
            .order_by(deliveries.c.due)
            .limit(_AT_ONCE)
        )
        with self._store.reading() as read:
            return read.execute(found).all()

    async def _send(self, client: httpx.AsyncClient, one: Row[Any]) -> None:
        """Send a message, and note what went wrong, None when it arrived."""
        id, stamp = f"msg_{one.id}", str(int(time()))
        headers = {
            "content-type": "application/json",
            "webhook-id": id,
            "webhook-timestamp": stamp,
            "webhook-signature": signature(one.secret, id, stamp, one.body),
        }
        try:
            fault = "the webhook was removed" if one.removed else await asyncio.to_thread(_refused, one.url)
            if not fault:
                answer = await client.post(one.url, content=one.body, headers=headers)
                fault = None if answer.is_success else f"it answered {answer.status_code}"
        except (httpx.HTTPError, OSError) as error:
            fault = f"{type(error).__name__}: {error}"[:300]
        await asyncio.to_thread(self._note, one, fault)

    def _note(self, one: Row[Any], fault: str | None) -> None:
        tries = one.tries + 1
        values: dict[str, Any] = {"tries": tries, "fault": fault, "state": "done"}
        if fault:
            dead = one.removed or tries > len(BACK_OFF)
            values["state"] = "dead" if dead else "waiting"
            values["due"] = time() + BACK_OFF[min(tries, len(BACK_OFF)) - 1]
        with self._store.writing() as write:
            write.execute(deliveries.update().where(deliveries.c.id == one.id).values(**values))


def signature(secret: str, id: str, stamp: str, body: str) -> str:
    """The signature of a message, as Standard Webhooks has it."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = hmac.new(key, f"{id}.{stamp}.{body}".encode(), hashlib.sha256).digest()
    return f"v1,{base64.b64encode(signed).decode()}"


def add_hook(write: Connection, url: str, figure: str, least: float, actor: str) -> dict[str, Any]:
    """A new webhook; its secret is shown this once. Raises `Problem` for an address that nothing is sent to."""
    if refused := _refused(url):
        raise Problem("link_refused", f"nothing is sent there: {refused}.")
    id, secret = secrets.token_hex(6), f"whsec_{base64.b64encode(secrets.token_bytes(24)).decode()}"
    values = {"id": id, "url": url, "figure": figure, "least": least}
    write.execute(hooks.insert().values(**values, secret=secret, created=time()))
    note(write, actor, "webhook added", f"{id}: {url} at {figure} {least:g}")
    return {**values, "secret": secret}


def remove_hook(write: Connection, id: str, actor: str) -> bool:
    """Remove a webhook; whether there was one."""
    there = (hooks.c.id == id) & hooks.c.removed.is_(None)
    if not write.execute(hooks.update().where(there).values(removed=time())).rowcount:
        return False
    note(write, actor, "webhook removed", id)
    return True


def _refused(url: str) -> str | None:
    """Why nothing is sent to an address; None when it may be. Own networks are fine: an administrator named them.

    Link-local addresses aren't: there, a machine in a cloud gives everybody on it its secrets.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        return "it isn't a web address without a password"
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
    except (OSError, ValueError, UnicodeError):
        return None  # it may be there later
    for one in found:
        address = ipaddress.ip_address(str(one[4][0]).partition("%")[0])
        if address.is_link_local or address.is_multicast or address.is_unspecified:
            return f"{address} isn't a server's address"
    return None


def _named(article: Any) -> dict[str, Any]:
    return {name: getattr(article, name) for name in ("title", "url", "outlet", "published")}
