"""Worker processes that load the model once and answer one request at a time each.

`spindetect.workers.Pool` works through a list; here requests come one by one, urgent ones first, and one that
nobody waits for any more is dropped. A worker that dies is replaced, and what it was at is tried once more.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from queue import PriorityQueue
from threading import Event, Lock, Thread
from time import monotonic
from typing import Any

from spindetect.errors import SpindetectError
from spindetect.worker_life import DIED, Failure, serve

_LOOK = 0.1  # seconds between two looks at whether anybody still waits
# A worker at something that nobody waits for is left to finish it for so long: a new one takes longer to start.
_GRACE = 3.0
_STILLBORN = 3  # times in a row that a worker may die while it starts
_LAST = 1 << 62


class Busy(SpindetectError):
    """As many requests wait as may; ``seconds`` says when to come again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"as many requests wait for a worker as may. Come again in {seconds} s.")
        self.seconds = seconds


class TookTooLong(SpindetectError):
    """A request wasn't answered within its time."""


class WorkerDied(SpindetectError):
    """The worker that had a request died, twice."""


@dataclass(order=True, slots=True)
class Request:
    """One thing to do; ``rank`` and ``number`` say what comes first."""

    rank: int
    number: int
    item: Any = field(compare=False)
    deadline: float = field(compare=False)
    future: Future[Any] = field(compare=False, default_factory=Future)
    abandoned: Event = field(compare=False, default_factory=Event)
    again: bool = field(compare=False, default=False)

    def settle(self, result: Any) -> None:
        """Hand over the result, or the error, which is raised where the request waits."""
        if self.future.done():
            return
        if isinstance(result, Exception):
            self.future.set_exception(result)
        else:
            self.future.set_result(result)


class Crew:
    """``size`` processes, each of which calls ``start(*arguments)`` once and then does its work on items.

    At most ``waiting`` urgent requests wait; `submit` raises `Busy` for more. ``seconds`` is what a request may
    take.
    """

    def __init__(
        self, size: int, start: Callable[..., Callable[[Any], Any]], arguments: tuple[Any, ...], waiting: int
    ) -> None:
        self.size = size
        self.waiting = waiting
        self.replaced = 0
        self.ready = Event()
        self.fault = ""
        self._start = start
        self._arguments = arguments
        self._queue: PriorityQueue[Request] = PriorityQueue()
        self._numbers = itertools.count()
        self._lock = Lock()
        self._urgent = 0
        self._mean = 0.05  # seconds that an item takes, roughly
        self._ended = False
        self._threads = [Thread(target=self._life, daemon=True, name=f"worker-{one}") for one in range(size)]
        self.processes: dict[str, int] = {}
        for thread in self._threads:
            thread.start()

    @property
    def in_hand(self) -> int:
        """Urgent requests that wait or are being worked at."""
        return self._urgent

    def submit(self, item: Any, seconds: float, urgent: bool = True) -> Request:
        """Have an item worked at; ``request.future`` has the result. Raises `Busy` when too many wait."""
        with self._lock:
            if urgent and self._urgent >= self.size + self.waiting:
                raise Busy(max(1, round(self._mean * self._urgent / self.size)))
            self._urgent += urgent
        request = Request(0 if urgent else 1, next(self._numbers), item, monotonic() + seconds)
        if urgent:
            request.future.add_done_callback(lambda _: self._one_less())
        self._queue.put(request)
        return request

    def stop(self) -> None:
        """End all processes; what waits is given up."""
        self._ended = True
        for _ in self._threads:
            self._queue.put(Request(_LAST, next(self._numbers), None, 0.0))
        for thread in self._threads:
            thread.join(5.0)

    def _one_less(self) -> None:
        with self._lock:
            self._urgent -= 1

    def _life(self) -> None:
        """A thread's life: keep one worker going, and hand it one request after another."""
        worker: tuple[BaseProcess, Connection] | None = None
        while not self._ended:
            if worker is None:
                worker = self._hire()
            request = self._queue.get()
            if request.rank == _LAST:
                break
            if request.abandoned.is_set():
                request.settle(SpindetectError("nobody waits for it any more."))
            elif monotonic() > request.deadline:
                request.settle(TookTooLong("it waited too long for a worker. Come again later."))
            elif worker is None:
                request.settle(WorkerDied(self.fault))
            elif not self._handle(request, *worker):
                _bury(*worker)
                worker = None
                self.replaced += not self._ended
        if worker:
            _bury(*worker)

    def _hire(self) -> tuple[BaseProcess, Connection] | None:
        """A process that has loaded what it needs; None when none can be had."""
        context = get_context("spawn")  # forking a process that runs threads can deadlock
        for _ in range(_STILLBORN):
            ours, theirs = context.Pipe()
            process = context.Process(target=serve, args=(theirs, self._start, self._arguments), daemon=True)
            process.start()
            theirs.close()  # or its death would go unnoticed
            with suppress(EOFError, OSError):
                while not self._ended and not ours.poll(_LOOK):
                    pass
                if self._ended:
                    break
                said = ours.recv()
                if isinstance(said, Failure):
                    self.fault = str(said.error)
                    _bury(process, ours)
                    return None
                self.processes[process.name] = process.pid or 0
                self.fault = ""
                self.ready.set()
                return process, ours
            _bury(process, ours)
        self.fault = self.fault or "worker processes die while they start. Is there enough memory?"
        return None

    def _handle(self, request: Request, process: BaseProcess, line: Connection) -> bool:
        """Have a worker do a request; False when the worker can't be used any more."""
        begun = monotonic()
        try:
            line.send([request.item])
            while not line.poll(_LOOK):
                now = monotonic()
                if self._ended:
                    return False
                if request.abandoned.is_set() and now - begun > _GRACE:
                    request.settle(SpindetectError("nobody waits for it any more."))
                    return False
                if now > request.deadline:
                    request.settle(TookTooLong("it took longer than a request may. Shorten the texts."))
                    return False
            result = line.recv()
        except (EOFError, OSError):
            if request.again:
                request.settle(WorkerDied(f"{DIED}."))
            else:
                request.again = True
                self._queue.put(request)
            return False
        self._mean += 0.1 * (monotonic() - begun - self._mean)
        request.settle(result.error if isinstance(result, Failure) else result)
        return True


def _bury(process: BaseProcess, line: Connection) -> None:
    line.close()
    process.kill()
    process.join()
