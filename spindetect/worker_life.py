"""A worker process, its part and its limits: it starts, and answers item by item until nobody asks any more."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from threading import Thread
from typing import Any, Literal

from spindetect.memory import MEGABYTE, limited
from spindetect.settings import ARTICLE_SECONDS, MEMORY_LIMIT

Fate = Literal["died", "late", "large"]
"""The fate of an item without a result: its workers died, twice, or it took too long or too much memory."""

DIED = "the worker process that had it died, twice; it may need more memory than there is"


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one item: seconds (None: any number), and bytes beyond those that its process has loaded."""

    seconds: float | None = ARTICLE_SECONDS
    bytes: int | None = MEMORY_LIMIT * MEGABYTE

    def reason(self, fate: Fate) -> str:
        """The fate of an item without a result, in a sentence."""
        if fate == "late":
            return f"it took more than {self.seconds:g} seconds, the time limit, and was given up."
        if fate == "large" and self.bytes:
            return f"it took more than {self.bytes // MEGABYTE:,} MB of memory, the limit, and was given up."
        return f"{DIED}."


@dataclass(frozen=True, slots=True)
class Failure:
    """An error that a worker raised, on its way to the caller."""

    error: Exception


@dataclass(frozen=True, slots=True)
class Question:
    """A worker's question to the process that feeds it, while it is at an item."""

    asked: Any


def one_thread_each() -> None:
    """Let the numerical libraries of this process and its children compute in one thread, unless told otherwise.

    They multiply small matrices, which is slower in more threads. NumPy must not be loaded yet.
    """
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")


def begin_to_serve() -> None:
    """The first steps of every process that works for another one: it ends with that one, and not by Control-C."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupted parent hangs up
    Thread(target=_leave_with_parent, daemon=True).start()


def serve(
    line: Connection,
    start: Callable[..., Callable[[Any], Any]],
    arguments: tuple[Any, ...],
    memory_limit: int | None = None,
    asking: bool = False,
) -> None:
    """A worker's life: start, then answer until nobody asks any more; ``asking`` gives it a way to ask back."""
    begin_to_serve()
    with suppress(EOFError, OSError):  # the parent hung up
        work = _attempt(start, *arguments, *([partial(_ask, line)] if asking else []))
        if isinstance(work, Failure):
            line.send(work)
            return
        gc.freeze()  # a loaded model stays; going through it again and again to find garbage takes time
        line.send(None)
        with limited(memory_limit) if memory_limit else nullcontext():
            while True:
                for item in line.recv():
                    line.send(_attempt(work, item))


def _ask(line: Connection, asked: Any) -> Any:
    """The parent's answer, which sends nothing else to a worker that is at an item."""
    line.send(Question(asked))
    try:
        answer = line.recv()
    except MemoryError:
        os._exit(1)  # what is left of the answer in the line would be taken for that to the next question
    if isinstance(answer, Failure):
        raise answer.error
    return answer


def _leave_with_parent() -> None:
    """End this process when the one that started it is gone, also in the middle of an item without end."""
    if parent := parent_process():
        parent.join()
        os._exit(1)


def _attempt(work: Callable[..., Any], *arguments: Any) -> Any:
    """The result of ``work``, or the error that it raises."""
    try:
        return work(*arguments)
    except MemoryError:
        return Failure(MemoryError())  # without what it holds by its traceback
    except Exception as error:
        return Failure(error)
