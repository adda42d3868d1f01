"""The engine for one machine: a process on each core."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import groupby
from typing import Any

from spindetect.read.format import weight
from spindetect.scan.parts import Parts
from spindetect.scan.plan import Plan
from spindetect.scan.rows import Item, Row
from spindetect.scan.work import lost_row, start
from spindetect.workers import Pool

Advance = Callable[[int], object]
"""Called with how many more suspects are done."""


def run(plan: Plan, items: Iterable[Item], parts: Parts, jobs: int, advance: Advance) -> None:
    """Scan all items that aren't in a finished part, writing part after part."""
    finished = parts.finished()
    left = (item for item in items if part_of(item, plan) not in finished)
    pool = worker_pool(plan, jobs)
    rows = pool.results(left)
    for number, group in groupby(_watched(rows, advance), lambda row: (row["number"] - 1) // plan.part):
        parts.write(number, list(group))


def worker_pool(plan: Plan, jobs: int, answer: Callable[[Any], Any] | None = None) -> Pool[Item, Row]:
    """Processes that make rows of suspects, each within its limits; ``answer`` answers what they ask of shards."""
    return Pool(
        jobs,
        start,
        (plan,),
        partial(lost_row, plan),
        plan.time_limit,
        plan.memory_limit,
        lambda item: weight(item[1]),
        answer,
    )


def part_of(item: Item, plan: Plan) -> int:
    """The number of the part that a suspect belongs to."""
    return (item[0] - 1) // plan.part


def _watched(rows: Iterator[Row], advance: Advance) -> Iterator[Row]:
    for row in rows:
        advance(1)
        yield row
