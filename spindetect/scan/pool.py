"""Worker processes that may die: what a dead one had is tried once more, one by one, and the others go on.

``concurrent.futures`` gives up the whole pool when a process dies, and doesn't say at what.
"""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Generic, TypeVar

from spindetect.errors import SpindetectError

Given = TypeVar("Given")
Made = TypeVar("Made")

_CHUNK = 4  # items handed to a worker at a time
# Chunks for each worker that may be finished before the one that all wait for: so memory stays bounded.
_AHEAD = 16
_PATIENCE = 5.0  # seconds for a worker to leave by itself
_STILLBORN = 3  # workers that may die while they start


@dataclass(slots=True)
class _Chunk(Generic[Given]):
    """Items in a worker's hands, each with its place in the input; ``again`` after a first death."""

    items: Sequence[tuple[int, Given]]
    again: bool = False


@dataclass(slots=True)
class _Worker(Generic[Given]):
    process: BaseProcess
    line: Connection
    chunk: _Chunk[Given] | None = None
    started: bool = False


@dataclass(slots=True)
class Pool(Generic[Given, Made]):
    """Does ``start(*arguments)``'s work on ``jobs`` processes; ``lost`` is the result of what kills them."""

    jobs: int
    start: Callable[..., Callable[[list[Given]], list[Made]]]
    arguments: tuple[Any, ...]
    lost: Callable[[Given], Made]
    _workers: list[_Worker[Given]] = field(default_factory=list)
    _again: deque[_Chunk[Given]] = field(default_factory=deque)
    _made: dict[int, Made] = field(default_factory=dict)
    _stillborn: int = 0

    def results(self, items: Iterable[Given]) -> Iterator[Made]:
        """Each item's result, in order. Raises what a worker raises while it starts."""
        numbered = enumerate(items)
        following = 0
        try:
            while True:
                self._hand_out(numbered, following)
                busy = [worker for worker in self._workers if worker.chunk]
                if not busy:
                    return
                ready = wait([worker.line for worker in busy])
                for worker in [worker for worker in busy if worker.line in ready]:
                    self._take(worker)
                while following in self._made:
                    yield self._made.pop(following)
                    following += 1
        finally:
            self._stop()

    def _hand_out(self, numbered: Iterator[tuple[int, Given]], following: int) -> None:
        """Give every idle worker something to do, as long as there is something; start workers as needed."""
        while (
            len(idle := [worker for worker in self._workers if not worker.chunk]) or len(self._workers) < self.jobs
        ):
            chunk = self._next(numbered, following)
            if chunk is None:
                return
            worker = idle[0] if idle else self._hire()
            worker.chunk = chunk
            with suppress(OSError):  # it died idle; `_take` sees that too
                worker.line.send([item for _, item in chunk.items])

    def _next(self, numbered: Iterator[tuple[int, Given]], following: int) -> _Chunk[Given] | None:
        if self._again:
            return self._again.popleft()
        if len(self._made) >= _AHEAD * _CHUNK * self.jobs:
            return None
        items = list(islice(numbered, _CHUNK))
        return _Chunk(items) if items else None

    def _take(self, worker: _Worker[Given]) -> None:
        """Receive a worker's results, or bury it."""
        chunk = worker.chunk
        assert chunk is not None  # noqa: S101
        try:
            results = worker.line.recv()
        except (EOFError, OSError):
            self._bury(worker, chunk)
            return
        if isinstance(results, SpindetectError):
            raise results
        if results is None:
            worker.started = True
            return
        self._made.update(zip((number for number, _ in chunk.items), results, strict=True))
        worker.chunk = None

    def _bury(self, worker: _Worker[Given], chunk: _Chunk[Given]) -> None:
        """Put what a dead worker had into other hands, or say that it is lost."""
        self._workers.remove(worker)
        worker.line.close()
        worker.process.kill()
        worker.process.join()
        if not worker.started:
            self._forgive(chunk)
        elif chunk.again:
            self._made.update((number, self.lost(item)) for number, item in chunk.items)
        else:
            self._again.extend(_Chunk([item], again=True) for item in chunk.items)

    def _forgive(self, chunk: _Chunk[Given]) -> None:
        """A worker died before it had begun, which is no item's fault; a few times that may be chance."""
        self._stillborn += 1
        if self._stillborn > _STILLBORN:
            raise SpindetectError(
                f"{self._stillborn} worker processes died while they started. Is there enough memory? "
                "Give fewer --jobs; in a Python script, call scan() under if __name__ == '__main__'."
            )
        self._again.appendleft(chunk)

    def _hire(self) -> _Worker[Given]:
        context = get_context("spawn")  # forking a process that runs threads can deadlock
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, self.start, self.arguments), daemon=True)
        process.start()
        theirs.close()  # or its death would go unnoticed
        worker: _Worker[Given] = _Worker(process, ours)
        self._workers.append(worker)
        return worker

    def _stop(self) -> None:
        for worker in self._workers:
            worker.line.close()
            if worker.chunk:
                worker.process.terminate()
        for worker in self._workers:
            worker.process.join(_PATIENCE)
            if worker.process.is_alive():
                worker.process.kill()
        self._workers.clear()


def _serve(line: Connection, start: Callable[..., Callable[[Any], Any]], arguments: tuple[Any, ...]) -> None:
    """A worker's life: start, then answer until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupted parent hangs up
    try:
        work = start(*arguments)
    except SpindetectError as error:
        line.send(error)
        return
    with suppress(EOFError, OSError):  # the parent hung up
        line.send(None)
        while True:
            line.send(work(line.recv()))
