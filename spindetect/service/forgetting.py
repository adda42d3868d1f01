"""Deleting texts some time after they were decided about. Decisions, figures, titles, links and notes stay."""

from __future__ import annotations

from time import time

from sqlalchemy import Connection, select, union

from spindetect.service.chain import lock
from spindetect.service.store import note
from spindetect.service.tables import blobs, cases, events, job_items, jobs

FINAL = ("copy", "licensed", "no_copy")  # who is unsure, or has passed a case on, still needs its texts
DAY = 86_400.0


def forget(write: Connection, days: float) -> int:
    """Delete the texts and reports of cases that were decided ``days`` ago, and old jobs; how many cases.

    A case that was scored again, or undone, since then keeps them. Texts that another case has as well stay.
    """
    lock(write)  # so that nobody opens a case with a text that is being deleted
    before = time() - days * DAY
    over = cases.c.decision.in_(FINAL) & (cases.c.decided < before) & (cases.c.found < before)
    forgotten = write.execute(
        cases.update().where(over, cases.c.forgotten.is_(None)).values(forgotten=time())
    ).rowcount
    if forgotten:
        kept = cases.c.forgotten.is_(None)
        past = select(events.c.page).join(cases, cases.c.id == events.c.case_id)
        columns = [select(cases.c[name]).where(kept) for name in ("suspect_digest", "source_digest", "page")]
        needed = [one.where(one.selected_columns[0].is_not(None)) for one in (*columns, past.where(kept))]
        write.execute(blobs.delete().where(blobs.c.digest.not_in(union(*needed))))
        note(write, "service", "texts deleted", f"of {forgotten:,} cases decided {days:g} days ago")
    ended = select(jobs.c.id).where(jobs.c.finished < before)
    if done := write.execute(job_items.delete().where(job_items.c.job_id.in_(ended))).rowcount:
        write.execute(jobs.delete().where(jobs.c.finished < before))
        note(write, "service", "jobs deleted", f"{done:,} items of jobs finished {days:g} days ago")
    return int(forgotten)
