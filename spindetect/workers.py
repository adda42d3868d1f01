"""Spreading work over processes that may die: results in order, and nothing lost but what kills them.

``concurrent.futures`` gives up the whole pool when a process dies, and doesn't say at what.
Here each worker has a line of its own and answers item by item, so that it is known what a
dead one had: that item is tried once more in a fresh worker, and the others go on.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from time import monotonic
from typing import Any, Generic, TypeVar

from spindetect.errors import SpindetectError
from spindetect.worker_life import DIED, Failure, Fate, Question, serve

Given = TypeVar("Given")
Made = TypeVar("Made")

_CHUNK = 4  # items handed to a worker at a time
_CHUNK_WEIGHT = 1 << 22
# Chunks for each worker that may be finished before the one that all wait for: so memory stays bounded.
_AHEAD = 16
_PATIENCE = 5.0  # seconds for a worker to leave by itself
# One process can't wait for more than 63 others at once there (WaitForMultipleObjects).
_MOST_ON_WINDOWS = 60
_STILLBORN = 3  # workers that may die while they start


def attempts(
    work: Callable[[Given], Made], inputs: Iterable[Given], jobs: int, doing: Callable[[Given], str]
) -> Iterator[Made | SpindetectError]:
    """``work`` on each input, lazily and in order, on ``jobs`` processes (0: one on each core; 1: in this one).

    An input at which ``work`` raises a `SpindetectError` gives that in its place, and the others go on; so
    does one that kills its process twice, as "cannot ``doing(input)``: ...". ``work`` is pickled, once for each
    process: an object that it holds and that takes long to send says by ``__reduce__`` how it is loaded anew.
    """
    count = processes(jobs)
    if count == 1:
        return map(partial(_tried, work), inputs)

    def lost(item: Given, _: Fate) -> SpindetectError:
        return SpindetectError(f"cannot {doing(item)}: {DIED}.")

    # Pickled here, so that what can't be loaded there is an error of a process that lives.
    pool: Pool[Given, Made | SpindetectError] = Pool(count, _loaded, (pickle.dumps(work),), lost)
    return pool.results(inputs)


def processes(jobs: int) -> int:
    """How many processes ``jobs`` stands for: 0 for one on each core."""
    if jobs < 0:
        raise ValueError(f"jobs is {jobs}; give the number of processes, or 0 for one on each core.")
    return jobs or os.cpu_count() or 1


def _tried(work: Callable[[Given], Made], item: Given) -> Made | SpindetectError:
    try:
        return work(item)
    except SpindetectError as error:
        return error


def _loaded(work: bytes) -> Callable[[Any], Any]:
    return partial(_tried, pickle.loads(work))  # noqa: S301  # it comes from the process that started this one


@dataclass(frozen=True, slots=True)
class _Task(Generic[Given]):
    """An item with its place in the input; ``again`` after it was in a dead worker's hands."""

    place: int
    item: Given
    again: bool = False


@dataclass(slots=True)
class _Worker(Generic[Given]):
    """A process, the line to it, what it has to do (first the one it is at) and when it began that."""

    process: BaseProcess
    line: Connection
    tasks: deque[_Task[Given]] = field(default_factory=deque)
    since: float = 0.0
    started: bool = False


@dataclass(slots=True)
class Pool(Generic[Given, Made]):
    """Does ``start(*arguments)``'s work on ``jobs`` processes, each of which calls it once.

    ``lost`` gives the result of an item that has none: one that killed its worker twice, or
    that took longer than ``time_limit`` seconds or, beyond what was loaded, more than ``memory_limit`` bytes
    (None: there is no limit). All of them must be picklable: the processes are started afresh, on
    every system alike. ``weigh`` says how many bytes an item has; heavy ones are handed out one by one.

    With ``answer``, ``start`` has a further argument: a function that a worker may call while it is at an
    item, to have ``answer`` called in this process. It gives what that gives, or raises what is in its `Failure`.
    An error of ``answer`` is raised where results are awaited; an item's time stands still meanwhile.
    """

    jobs: int
    start: Callable[..., Callable[[Given], Made]]
    arguments: tuple[Any, ...]
    lost: Callable[[Given, Fate], Made]
    time_limit: float | None = None
    memory_limit: int | None = None
    weigh: Callable[[Given], int] | None = None
    answer: Callable[[Any], Any] | None = None
    _workers: list[_Worker[Given]] = field(default_factory=list)
    _again: deque[_Task[Given]] = field(default_factory=deque)
    _made: dict[int, Made | Failure] = field(default_factory=dict)
    _stillborn: int = 0

    def __post_init__(self) -> None:
        if sys.platform == "win32":
            self.jobs = min(self.jobs, _MOST_ON_WINDOWS)

    def __enter__(self) -> Pool[Given, Made]:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def results(self, items: Iterable[Given]) -> Iterator[Made]:
        """Each item's result, in order; the processes end with the last. Raises what a worker raises."""
        with self:
            yield from self.of(items)

    def of(self, items: Iterable[Given]) -> Iterator[Made]:
        """The same, and the processes stay for the next items, until `stop`."""
        tasks = (_Task(place, item) for place, item in enumerate(items))
        following = 0
        self._made.clear()
        while True:
            self._hand_out(tasks)
            if following in self._made:
                made = self._made.pop(following)
                if isinstance(made, Failure):
                    raise made.error
                yield made
                following += 1
                self._collect(0)
            elif any(worker.tasks for worker in self._workers):
                self._collect(self._until_late())
            else:
                return

    def stop(self) -> None:
        """End the processes; those at work are not waited for."""
        for worker in self._workers:
            worker.line.close()
            if worker.tasks:
                worker.process.terminate()
        for worker in self._workers:
            worker.process.join(_PATIENCE)
            if worker.process.is_alive():
                worker.process.kill()
        self._workers.clear()
        self._again.clear()

    def _hand_out(self, tasks: Iterator[_Task[Given]]) -> None:
        """Give every idle worker something to do, as long as there is something; start workers as needed."""
        while (
            len(idle := [worker for worker in self._workers if not worker.tasks]) or len(self._workers) < self.jobs
        ):
            if self._again:  # alone, so that no other item is in its company if it kills again
                chunk = [self._again.popleft()]
            elif len(self._made) < _AHEAD * _CHUNK * self.jobs:
                chunk = self._chunk(tasks)
            else:
                chunk = []
            if not chunk:
                return
            worker = idle[0] if idle else self._hire()
            worker.tasks.extend(chunk)
            worker.since = monotonic()
            with suppress(OSError):  # it died idle; `_take` sees that too
                worker.line.send([task.item for task in chunk])

    def _chunk(self, tasks: Iterator[_Task[Given]]) -> list[_Task[Given]]:
        chunk: list[_Task[Given]] = []
        weight = 0
        for task in islice(tasks, _CHUNK):
            chunk.append(task)
            weight += self.weigh(task.item) if self.weigh else 0
            if weight >= _CHUNK_WEIGHT:
                break
        return chunk

    def _collect(self, patience: float | None) -> None:
        """Take what workers have to say, after ``patience`` seconds at most (None: no limit); end the late."""
        busy = [worker for worker in self._workers if worker.tasks]
        ready = wait([worker.line for worker in busy], patience)
        for worker in busy:
            if worker.line in ready:
                self._take(worker)
            elif (
                self.time_limit is not None
                and worker.started  # loading isn't any item's fault
                and monotonic() - worker.since >= self.time_limit
            ):
                task = self._bury(worker)
                self._made[task.place] = self.lost(task.item, "late")

    def _until_late(self) -> float | None:
        """Seconds until the first worker is too late; None when none can be."""
        if self.time_limit is None:
            return None
        at_work = [worker.since for worker in self._workers if worker.tasks and worker.started]
        return max(0.0, min(at_work) + self.time_limit - monotonic()) if at_work else None

    def _take(self, worker: _Worker[Given]) -> None:
        """Receive a worker's next result, or put what a dead one had into other hands."""
        try:
            result = worker.line.recv()
        except (EOFError, OSError):
            self._replace(worker)
            return
        if isinstance(result, Question) and self.answer:
            self._answer(worker, result, self.answer)
            return
        worker.since = monotonic()
        if worker.started:
            task = worker.tasks.popleft()
            large = isinstance(result, Failure) and isinstance(result.error, MemoryError)
            self._made[task.place] = self.lost(task.item, "large") if large else result
        elif isinstance(result, Failure):
            raise result.error
        worker.started = True

    def _answer(self, worker: _Worker[Given], question: Question, answered: Callable[[Any], Any]) -> None:
        """Answer a worker; an error ends all workers, because this one would wait for ever."""
        began = monotonic()
        try:
            answer = answered(question.asked)
        except BaseException:
            self.stop()
            raise
        worker.since += monotonic() - began
        with suppress(OSError):  # it died meanwhile; `_take` sees that too
            worker.line.send(answer)

    def _replace(self, worker: _Worker[Given]) -> None:
        """See to what a dead worker had: the item it was at is tried again, or lost."""
        task = self._bury(worker)
        if worker.started and task.again:
            self._made[task.place] = self.lost(task.item, "died")
        elif worker.started:
            self._again.append(_Task(task.place, task.item, again=True))
        elif self._stillborn == _STILLBORN:
            raise SpindetectError(
                f"{_STILLBORN + 1} worker processes died while they started. Is there enough memory? "
                "Give fewer jobs; in a Python script, make the call under if __name__ == '__main__'."
            )
        else:  # it had not begun, which is no item's fault; a few times that may be chance
            self._stillborn += 1
            self._again.appendleft(task)

    def _bury(self, worker: _Worker[Given]) -> _Task[Given]:
        """End a worker for good; the item it was at. What it hadn't begun goes to others, who take it first."""
        self._workers.remove(worker)
        worker.line.close()
        worker.process.kill()
        worker.process.join()
        task = worker.tasks.popleft()
        self._again.extendleft(reversed(worker.tasks))
        return task

    def _hire(self) -> _Worker[Given]:
        context = get_context("spawn")  # forking a process that runs threads can deadlock
        ours, theirs = context.Pipe()
        process = context.Process(
            target=serve,
            args=(theirs, self.start, self.arguments, self.memory_limit, self.answer is not None),
            daemon=True,
        )
        process.start()
        theirs.close()  # or its death would go unnoticed
        worker: _Worker[Given] = _Worker(process, ours)
        self._workers.append(worker)
        return worker
