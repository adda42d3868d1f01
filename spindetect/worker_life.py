"""What a worker process does: it starts, and answers item by item until nobody asks any more."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from threading import Thread
from typing import Any

from spindetect.memory import limited


@dataclass(frozen=True, slots=True)
class Failure:
    """What a worker raised, on its way to whoever asked."""

    error: Exception


def begin_to_serve() -> None:
    """What every process does first that works for another one: it ends with that one, and not by Control-C."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupted parent hangs up
    Thread(target=_leave_with_parent, daemon=True).start()


def serve(
    line: Connection,
    start: Callable[..., Callable[[Any], Any]],
    arguments: tuple[Any, ...],
    memory_limit: int | None = None,
) -> None:
    """A worker's life: start, then answer until nobody asks any more."""
    begin_to_serve()
    with suppress(EOFError, OSError):  # the parent hung up
        work = _attempt(start, *arguments)
        if isinstance(work, Failure):
            line.send(work)
            return
        gc.freeze()  # a loaded model stays; going through it again and again to find garbage takes time
        line.send(None)
        with limited(memory_limit) if memory_limit else nullcontext():
            while True:
                for item in line.recv():
                    line.send(_attempt(work, item))


def _leave_with_parent() -> None:
    """End this process when the one that started it is gone, also in the middle of an item without end."""
    if parent := parent_process():
        parent.join()
        os._exit(1)


def _attempt(work: Callable[..., Any], *arguments: Any) -> Any:
    """What ``work`` gives, or what it raises."""
    try:
        return work(*arguments)
    except MemoryError:
        return Failure(MemoryError())  # without what it holds by its traceback
    except Exception as error:
        return Failure(error)
