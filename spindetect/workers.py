"""Spreading work over processes: results in order, a bounded number of tasks under way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

# Items handed to a worker process at a time.
_CHUNK = 8


def in_processes(
    work: Callable[[list[Item]], list[Result]],
    items: Iterable[Item],
    jobs: int,
    start: Callable[..., None],
    arguments: tuple[Any, ...],
) -> Iterator[Result]:
    """Yield ``work``'s results for all items, in order; ``start(*arguments)`` is called once in each process."""
    remaining = iter(items)
    context = get_context("spawn")  # forking a process that runs threads can deadlock
    with ProcessPoolExecutor(jobs, context, start, arguments) as pool:
        under_way: list[Future[list[Result]]] = []
        for _ in range(2 * jobs):
            under_way += _submit(pool, work, remaining)
        while under_way:
            finished = under_way.pop(0).result()
            under_way += _submit(pool, work, remaining)
            yield from finished


def _submit(
    pool: ProcessPoolExecutor, work: Callable[[list[Item]], list[Result]], remaining: Iterator[Item]
) -> list[Future[list[Result]]]:
    """Hand some items to the pool, if there are any left."""
    chunk = list(islice(remaining, _CHUNK))
    return [pool.submit(work, chunk)] if chunk else []
