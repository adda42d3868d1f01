"""Jobs: many articles at once, done in the background and kept so that a kill loses and doubles nothing.

An item's result, the case that it opens and the messages about it are stored in one transaction, which first makes
sure that the item still waits. Items in work when the server died still wait, and are done again.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import secrets
import zlib
from collections.abc import Sequence
from contextlib import suppress
from time import time
from typing import Any

from sqlalchemy import Connection, Row, and_, func, select

from spindetect.errors import SpindetectError
from spindetect.service.core import Service
from spindetect.service.crew import Busy, Request
from spindetect.service.keys import Caller
from spindetect.service.problems import Problem, problem_of
from spindetect.service.scoring import FORMS, errand_of
from spindetect.service.store import note
from spindetect.service.tables import job_items, jobs
from spindetect.service.work import Done, Errand

log = logging.getLogger("spindetect.service")
_IDLE = 1.0  # seconds between two looks for items when nobody says that there are some
_ITEM_SECONDS = 600.0


def add_job(
    write: Connection, asked: str, items: Sequence[dict[str, Any]], caller: Caller, key: str | None
) -> tuple[str, bool]:
    """A job's id, and whether it is new: the same request under the same idempotency key is the same job.

    Raises `Problem` for another request under the key.
    """
    requests = [json.dumps(item, sort_keys=True).encode() for item in items]
    digest = hashlib.sha256(b"\n".join([asked.encode(), *requests])).hexdigest()
    once = f"{caller.name}:{key}" if key else None
    if once and (there := write.execute(select(jobs.c.id, jobs.c.digest).where(jobs.c.once == once)).first()):
        if there.digest != digest:
            raise Problem("key_reused", "another job was sent under this idempotency key.")
        return there.id, False
    id = secrets.token_hex(16)
    values = {"id": id, "actor": caller.name, "asked": asked, "state": "waiting", "total": len(items)}
    write.execute(jobs.insert().values(**values, created=time(), once=once, digest=digest))
    rows = [
        {"job_id": id, "number": number, "request": zlib.compress(one), "state": "waiting"}
        for number, one in enumerate(requests)
    ]
    write.execute(job_items.insert(), rows)
    note(write, caller.name, "job added", f"{id}: {asked}, {len(items)} items")
    return id, True


def state_of(read: Connection, id: str, caller: Caller) -> dict[str, Any]:
    """How far a job is; raises `Problem` when there is none, or it is somebody else's."""
    job = _job(read, id, caller)
    counted = select(job_items.c.state, func.count()).where(job_items.c.job_id == id).group_by(job_items.c.state)
    counts: dict[str, int] = {row[0]: row[1] for row in read.execute(counted)}
    return {
        "id": id,
        "asked": job.asked,
        "state": job.state,
        "total": job.total,
        "done": counts.get("done", 0),
        "failed": counts.get("failed", 0),
        "created": job.created,
        "finished": job.finished,
    }


def results_of(read: Connection, id: str, caller: Caller, first: int, limit: int) -> list[dict[str, Any]]:
    """The items of a job from number ``first`` on, each with its report or its problem if it is finished."""
    _job(read, id, caller)
    wanted = (job_items.c.job_id == id) & (job_items.c.number >= first)
    rows = read.execute(select(job_items).where(wanted).order_by(job_items.c.number).limit(limit))
    return [
        {
            "number": row.number,
            "state": row.state,
            ("problem" if row.state == "failed" else "report"): row.result
            and json.loads(zlib.decompress(row.result)),
        }
        for row in rows
    ]


def cancel_job(write: Connection, id: str, caller: Caller) -> None:
    """Do no more of a job; what is done stays."""
    if _job(write, id, caller).state == "waiting":
        write.execute(jobs.update().where(jobs.c.id == id).values(state="cancelled", finished=time()))
        note(write, caller.name, "job cancelled", id)


def _job(read: Connection, id: str, caller: Caller) -> Row[Any]:
    job = read.execute(select(jobs).where(jobs.c.id == id)).first()
    if job is None or (job.actor != caller.name and not caller.may("admin")):
        raise Problem("not_found", f"there is no job {id[:40]!r}.")
    return job


class Runner:
    """Works at the items of jobs whenever no request is more urgent."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._at: dict[tuple[str, int], asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Work at what there is to do, for ever."""
        service = self._service
        while True:
            service.woken.clear()
            try:
                for row in await service.read(self._next):
                    self._at[row.job_id, row.number] = asyncio.create_task(self._do(row))
            except Exception:  # the store may be away for a moment; nothing is lost by trying again
                log.exception("looking for the items of jobs failed")
            waiting = [*self._at.values(), asyncio.ensure_future(service.woken.wait())]
            await asyncio.wait(waiting, timeout=_IDLE, return_when=asyncio.FIRST_COMPLETED)
            waiting[-1].cancel()
            self._at = {key: task for key, task in self._at.items() if not task.done()}

    def _next(self, read: Connection) -> Sequence[Row[Any]]:
        """Items to begin with: as many as keep the workers busy, those of the oldest job first."""
        room = 2 * self._service.crew.size - len(self._at)
        if room <= 0:
            return ()
        waiting = and_(job_items.c.state == "waiting", jobs.c.state == "waiting")
        found = (
            select(job_items, jobs.c.asked, jobs.c.actor)
            .join(jobs, jobs.c.id == job_items.c.job_id)
            .where(waiting)
            .order_by(jobs.c.created, job_items.c.number)
            .limit(room + len(self._at))
        )
        return [row for row in read.execute(found) if (row.job_id, row.number) not in self._at][:room]

    async def _do(self, row: Row[Any]) -> None:
        service = self._service
        done: Done | SpindetectError
        request: Request | None = None
        errand = None
        try:
            form = FORMS[row.asked].model_validate_json(zlib.decompress(row.request))
            errand = errand_of(row.asked, form, service.settings)
            while True:
                try:
                    errand = await service.fetched(errand)
                    break
                except Busy:  # requests that somebody waits for go first
                    await asyncio.sleep(_IDLE)
            request = service.crew.submit(errand, _ITEM_SECONDS, urgent=False)
            made: Done = await asyncio.wrap_future(request.future)
            if again := await service.again(errand, made):
                request = service.crew.submit(again, _ITEM_SECONDS, urgent=False)
                made = await asyncio.wrap_future(request.future)
            done = made
        except SpindetectError as error:
            done = error
        except Exception:  # a fault of ours; the item would be tried for ever
            log.exception("item %s of job %s failed", row.number, row.job_id)
            done = Problem("internal", "the service's log says more.")
        finally:
            if request:
                request.abandoned.set()
        with suppress(asyncio.CancelledError):
            if await service.write(lambda write: self._finish(write, row, errand, done)):
                service.metrics.items.labels("failed" if isinstance(done, SpindetectError) else "done").inc()

    def _finish(
        self, write: Connection, row: Row[Any], errand: Errand | None, done: Done | SpindetectError
    ) -> bool:
        """Store what came of an item, unless it is there already; whether it was stored."""
        failed = isinstance(done, SpindetectError)
        result = (
            json.dumps(problem_of(done).to_dict()).encode() if isinstance(done, SpindetectError) else done.report
        )
        mine = (job_items.c.job_id == row.job_id) & (job_items.c.number == row.number)
        values = {"state": "failed" if failed else "done", "result": zlib.compress(result)}
        changed = write.execute(job_items.update().where(mine, job_items.c.state == "waiting").values(**values))
        if not changed.rowcount:
            return False
        if isinstance(done, Done) and errand:
            self._service.record(write, errand, done, row.actor)
        left = select(job_items.c.number).where(job_items.c.job_id == row.job_id, job_items.c.state == "waiting")
        if write.execute(left.limit(1)).first() is None:
            over = (jobs.c.id == row.job_id) & (jobs.c.state == "waiting")
            write.execute(jobs.update().where(over).values(state="done", finished=time()))
        return True
