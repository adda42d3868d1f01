"""Work for processes to do, some of which they don't survive; apart, as every process imports it anew."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path
from threading import Event
from time import sleep
from typing import TYPE_CHECKING, Any

from spindetect.errors import SpindetectError

if TYPE_CHECKING:
    from spindetect.scan.plan import Plan
    from spindetect.scan.rows import Item, Row


def doubling() -> Callable[[int], int]:
    return lambda number: 2 * number


def dying(marks: Path) -> Callable[[int], int]:
    """Work that dies at 7 every time, and at 20 and 21 the first time."""

    def work(number: int) -> int:
        first = not (marks / str(number)).exists()
        (marks / str(number)).touch()
        if number == 7 or (number in (20, 21) and first):
            os._exit(1)
        return 2 * number

    return work


def hanging() -> Callable[[int], int]:
    """Work that never comes to an end at 5."""

    def work(number: int) -> int:
        if number == 5:
            Event().wait()
        return 2 * number

    return work


def listening(told: Path) -> Callable[[int], int]:
    """Work that never comes to an end, and listens on the port that it writes to a file as long as it lives."""

    def work(number: int) -> int:
        listener = socket.create_server(("127.0.0.1", 0))
        told.with_suffix(".tmp").write_text(str(listener.getsockname()[1]), "utf-8")
        told.with_suffix(".tmp").replace(told)
        Event().wait()
        return number

    return work


def refusing_some() -> Callable[[int], int]:
    def work(number: int) -> int:
        if number == 3:
            raise LookupError("there is no 3")
        return number

    return work


def stillborn() -> Callable[[int], int]:
    os._exit(1)


def refusing() -> Callable[[int], int]:
    raise SpindetectError("there is no model")


def without_file() -> Callable[[int], int]:
    raise FileNotFoundError("there is no file")


def some_refused(number: int) -> int:
    if number == 3:
        raise SpindetectError("there is no 3")
    return number


def deadly_but_in(process: int, number: int) -> int:
    """Work at 3 of which every process dies but the one with a number."""
    if number == 3 and os.getpid() != process:
        os._exit(1)
    return number


def fate(number: int, fate: str) -> str:
    return f"{number} {fate}"


def frail(plan: Plan, deadly: str, endless: str) -> Callable[[Item], Row]:
    """A scan's worker that one article kills, and that with another one doesn't come to an end."""
    from spindetect.read.format import Entry
    from spindetect.scan.work import Scanner

    scanner = Scanner(plan)

    def work(item: Item) -> Row:
        id = item[1].fields.get("id") if isinstance(item[1], Entry) else None
        if id == deadly:
            os._exit(1)
        if id == endless:
            Event().wait()
        return scanner.row(*item)

    return work


def clerk() -> Callable[[Any], Any]:
    """What a crew's workers do: as they are told."""

    def work(item: Any) -> Any:
        if item == "die":
            os._exit(1)
        if item == "fail":
            raise SpindetectError("it failed.")
        if isinstance(item, float):
            sleep(item)
        return item

    return work


def asking(ask: Callable[[Any], Any]) -> Callable[[int], str]:
    """Work that asks back at each item, twice at an even one; what is raised becomes part of the result."""

    def work(number: int) -> str:
        if number == 7:
            os._exit(1)
        told = []
        for _ in range(2 - number % 2):
            try:
                told.append(f"{ask(number)}")
            except LookupError as error:
                told.append(f"error: {error}")
        return " ".join(told)

    return work
