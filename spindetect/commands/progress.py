"""A progress bar on standard error, for long runs that a person watches."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

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


@contextmanager
def rate_bar(total: int | None, visible: bool) -> Iterator[Callable[[int], None]]:
    """A function to call with how many more are done; shows the rate and, with a ``total``, the time remaining."""
    if not visible:
        yield lambda _: None
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
        task = bar.add_task("", total=total)
        yield lambda count: bar.advance(task, count)
