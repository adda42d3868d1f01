"""The service itself, without HTTP: its workers, its store, and what is done with every result."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from fastapi import Request
from sqlalchemy import select
from starlette.concurrency import run_in_threadpool

from spindetect.links.fetch import fetch
from spindetect.links.url import URL
from spindetect.report.words import bounded
from spindetect.service import hooks
from spindetect.service.cases import open_case
from spindetect.service.crew import Busy, Crew
from spindetect.service.forgetting import forget
from spindetect.service.keys import Caller, Keys
from spindetect.service.metrics import Metrics
from spindetect.service.problems import Problem
from spindetect.service.settings import ServiceSettings
from spindetect.service.store import Store
from spindetect.service.tables import cases
from spindetect.service.work import ANYHOW, Done, Errand, Given, start

if TYPE_CHECKING:
    from sqlalchemy import Connection

Made = TypeVar("Made")
log = logging.getLogger("spindetect.service")
_HOUR = 3600.0
_LINKS = 8  # requests whose links are fetched at once


class Service:
    """Everything that a running service has; `spindetect.service.app` puts HTTP in front of it."""

    def __init__(self, settings: ServiceSettings) -> None:
        settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.settings = settings
        self.store = Store(settings.database_url)
        self.keys = Keys(self.store)
        arguments = (settings.detector, settings.archive)
        self.crew = Crew(settings.workers, start, arguments, settings.waiting)
        self.metrics = Metrics(self.crew)
        self.hooks = hooks.Hooks(self.store)
        self.archive_lock = Lock()  # an archive has one writer at a time
        self._fetchers = ThreadPoolExecutor(_LINKS, "links")
        self._fetching = 0
        self.woken = asyncio.Event()  # there are items of a job to do

    def close(self) -> None:
        """End the workers and let go of the store."""
        self.crew.stop()
        self._fetchers.shutdown(wait=False, cancel_futures=True)
        self.store.close()

    async def ask(self, request: Request, errand: Errand, caller: Caller) -> tuple[Done, int | None]:
        """Have a worker do an errand for a request, and record it; the result, and its case if it has one.

        The work is given up when the one who asked has gone.
        """
        errand = await self.fetched(errand)
        done = await self._worked(request, errand)
        if again := await self.again(errand, done):
            done = await self._worked(request, again)
        case = None
        if done.case or self.hooks.concern(done):
            case = await self.write(lambda write: self.record(write, errand, done, caller.name))
        return done, case

    async def _worked(self, request: Request, errand: Errand) -> Done:
        """A worker's answer to an errand, unless the client goes away."""
        if self.crew.fault:
            raise Problem("not_ready", self.crew.fault, headers={"Retry-After": "5"})
        asked = self.crew.submit(errand, self.settings.work_seconds)
        answered = asyncio.wrap_future(asked.future)
        gone = asyncio.ensure_future(_disconnected(request))
        try:
            await asyncio.wait({answered, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not answered.done():
                raise asyncio.CancelledError
            done: Done = answered.result()
        finally:
            asked.abandoned.set()
            gone.cancel()
            with suppress(asyncio.CancelledError):
                await gone
        return done

    async def again(self, errand: Errand, done: Done) -> Errand | None:
        """The errand to run once more, if the suspect makes no case now but has one: that gets the new result."""
        if done.case or done.digest is None:
            return None
        there = select(cases.c.id).where(cases.c.once == done.digest)
        has_one = await self.read(lambda read: read.execute(there).first())
        return replace(errand, case_at=ANYHOW) if has_one else None

    async def fetched(self, errand: Errand) -> Errand:
        """The errand with what its links lead to; raises `UnreadableLink`, and `Busy` when too many are fetched.

        They are fetched here and not by the workers, so that a slow site keeps no worker, and no site is asked for
        more than one page at a time.
        """
        sides = {"suspect": errand.suspect, "reference": errand.reference}
        links = {side: given for side, given in sides.items() if given and given.link and not given.fetched}
        if not links and not any(one.link for one in errand.ignore):
            return errand
        if self._fetching >= _LINKS:
            raise Busy(5)
        self._fetching += 1
        try:
            found: dict[str, Any] = {side: await self._fetch(given) for side, given in links.items()}
            found["ignore"] = tuple([await self._fetch(given) for given in errand.ignore])
        finally:
            self._fetching -= 1
        return replace(errand, **found)

    async def _fetch(self, given: Given) -> Given:
        if not given.link:
            return given
        loop = asyncio.get_running_loop()
        settings = self.settings.detector
        return replace(given, fetched=await loop.run_in_executor(self._fetchers, fetch, URL(given.link), settings))

    def record(self, write: Connection, errand: Errand, done: Done, actor: str) -> int | None:
        """Open the case that a result gives rise to, or renew it, and note whom to tell of it; the case's id."""
        if done.case is None:
            self.hooks.announce(write, errand, done, None)
            return None
        reuse = f"reuse {bounded(done.case.reuse)}, " if done.case.source else ""
        how = "found in the archive" if errand.asked == "sources" and done.case.source else "compared on request"
        if done.case.source is None:
            how = "no source found" if errand.asked == "sources" else "scored alone"
        figures = f"{reuse}spin score {bounded(done.case.score)}"
        case = open_case(write, done.case, f"{how}: {figures}", actor)
        self.metrics.cases.inc(case.new)
        if case.new or case.before:
            self.hooks.announce(write, errand, done, case.id, case.before)
        return case.id

    async def forget(self) -> None:
        """Delete the texts of cases that were decided long enough ago, every hour, for ever."""
        days = self.settings.keep_days
        while days is not None:
            try:
                await self.write(lambda write: forget(write, days))
            except Exception:  # the store may be away for a moment
                log.exception("deleting old texts failed")
            await asyncio.sleep(_HOUR)

    async def write(self, change: Callable[[Connection], Made]) -> Made:
        """Change the store in one transaction, away from the loop that answers requests."""

        def changed() -> Made:
            with self.store.writing() as write:
                return change(write)

        return await run_in_threadpool(changed)

    async def read(self, look: Callable[[Connection], Made]) -> Made:
        """Look something up in the store, away from the loop that answers requests."""

        def looked() -> Made:
            with self.store.reading() as read:
                return look(read)

        return await run_in_threadpool(looked)


async def _disconnected(request: Request) -> None:
    """Return when the one who asked has hung up; the body must have been read."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def service_of(request: Request) -> Service:
    """The service that a request is for."""
    found: Service = request.app.state.service
    return found


def needs(scope: str) -> Callable[[Request], Awaitable[Caller]]:
    """A dependency that gives the caller, who must have a scope ("" for any key)."""

    async def caller(request: Request) -> Caller:
        words = request.headers.get("authorization", "").split()
        key = words[1] if len(words) == 2 and words[0].lower() == "bearer" else None
        keys = service_of(request).keys
        found = keys.remembered(key) or await run_in_threadpool(keys.caller, key)
        if found is None:
            said = "the key isn't valid." if key else "this service has API keys, and the request has none."
            raise Problem("unauthenticated", said, headers={"WWW-Authenticate": "Bearer"})
        if scope and not found.may(scope):
            raise Problem(
                "forbidden", f"the key needs the scope {scope!r}; it has {', '.join(sorted(found.scopes))}."
            )
        return found

    return caller
