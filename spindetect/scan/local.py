"""The engine for one machine: a process on each core."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from spindetect.scan.parts import Parts
from spindetect.scan.plan import Plan
from spindetect.scan.pool import Pool
from spindetect.scan.rows import Item, Row, failed_row
from spindetect.scan.work import LOST, Scanner

Advance = Callable[[int], object]
"""Called with how many more suspects are done."""


def run(plan: Plan, items: Iterable[Item], parts: Parts, jobs: int, advance: Advance) -> None:
    """Scan all items that aren't in a finished part, writing part after part."""
    finished = parts.finished()
    left = (item for item in items if part_of(item, plan) not in finished)
    rows = Pool(jobs, _start, (plan,), _lost).results(left)
    for number, group in groupby(_watched(rows, advance), lambda row: (row["number"] - 1) // plan.part):
        parts.write(number, list(group))


def part_of(item: Item, plan: Plan) -> int:
    """The number of the part that a suspect belongs to."""
    return (item[0] - 1) // plan.part


def _watched(rows: Iterator[Row], advance: Advance) -> Iterator[Row]:
    for row in rows:
        advance(1)
        yield row


def _start(plan: Plan) -> Callable[[list[Item]], list[Row]]:
    return Scanner(plan).rows


def _lost(item: Item) -> Row:
    return failed_row(*item, LOST)
