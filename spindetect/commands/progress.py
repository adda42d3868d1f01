"""A progress bar on standard error, for long runs that a person watches."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress

WORTH_A_BAR = 20  # files; fewer are done within a second or so


def worth_a_bar(total: int) -> bool:
    """Whether there is much to do and standard error is a terminal."""
    return total >= WORTH_A_BAR and sys.stderr is not None and sys.stderr.isatty()


@contextmanager
def progress_bar(total: int, visible: bool) -> Iterator[Callable[[], None]]:
    """A function to call after each of ``total`` steps; it does nothing unless ``visible``."""
    if not visible:
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("scoring"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total)
        yield lambda: bar.advance(task)


class RateBar:
    """Shows the rate and, where the total is known, the time remaining."""

    def begin_at(self, count: int) -> None:
        """Begin with so many done already: they have no part in the rate."""

    def advance(self, count: int) -> None:
        """Say that so many more are done."""


class ShownBar(RateBar):
    """The same, on a bar of rich's."""

    def __init__(self, bar: Progress, total: int | None) -> None:
        self._bar = bar
        self._task = bar.add_task("", total=total)

    def begin_at(self, count: int) -> None:
        """Begin with so many done already: they have no part in the rate."""
        self._bar.reset(self._task, completed=count)

    def advance(self, count: int) -> None:
        """Say that so many more are done."""
        self._bar.advance(self._task, count)


@contextmanager
def rate_bar(total: int | None, visible: bool) -> Iterator[RateBar]:
    """A bar for much work; it does nothing unless ``visible``."""
    if not visible:
        yield RateBar()
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.progress import Task as Shown
    from rich.text import Text

    class Rate(ProgressColumn):
        """Articles a second."""

        def render(self, task: Shown) -> Text:
            """The rate of late."""
            return Text(f"{task.speed:,.1f}/s" if task.speed else "")

    columns = (TextColumn("scanning"), BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, speed_estimate_period=120) as bar:
        yield ShownBar(bar, total)
