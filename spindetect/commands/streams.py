"""Where commands write to: standard output, a file that appears only when complete, standard error."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Literal

from spindetect.errors import SpindetectError
from spindetect.files import refused, whole_file
from spindetect.report.inert import inert

FINE = 0
REACHED = 1  # something reached --fail-at
FAILED = 2  # something could not be scored; also what a wrong command line exits with
INTERRUPTED = 130  # as shells count it: 128 and the signal's number, here SIGINT
BROKEN_PIPE = 141  # SIGPIPE

Color = Literal["auto", "always", "never"]
PIPED_WIDTH = 80
WIDEST = 160  # two columns of text, neither too long a line to follow back to its beginning

Write = Callable[[str], object]


def complain(message: str) -> None:
    """Say on standard error what was wrong, in one line of visible characters."""
    if sys.stderr is not None:
        sys.stderr.write(f"spindetect: {inert(message)}\n")
        sys.stderr.flush()


@contextmanager
def open_output(path: Path | None, hold: bool = False) -> Iterator[Write]:
    """A function that writes text to a file, or to standard output without one.

    The file appears, or is replaced, only when everything was written. ``hold`` keeps
    what goes to standard output back until the end, so that it doesn't run through a
    progress bar. Raises `SpindetectError` when the file can't be made.
    """
    if path is not None:
        with ExitStack() as stack:
            with _refusals(path):
                stream = stack.enter_context(whole_file(path))
            yield lambda text: stream.write(text.encode("utf-8", "backslashreplace"))
            with _refusals(path):
                stack.close()
    elif hold:
        held: list[str] = []
        try:
            yield held.append
        finally:
            write_output("".join(held))
    else:
        yield write_output


def write_output(text: str) -> None:
    """Write to standard output at once: in a terminal's own encoding, otherwise in UTF-8.

    Characters that the encoding lacks are written as escapes. Raises ``OSError`` as the system
    does: ``BrokenPipeError`` when nobody reads any more.
    """
    encoding = sys.stdout.encoding if sys.stdout.isatty() else "utf-8"
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode(encoding, "backslashreplace"))
    sys.stdout.buffer.flush()


def abandon_output() -> None:
    """Send what is left for standard output nowhere, so that leaving doesn't fail on a broken pipe.

    The recipe of https://docs.python.org/3/library/signal.html#note-on-sigpipe.
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def use_color(choice: Color) -> bool:
    """Whether to colour; ``auto`` is for terminals that can, unless ``NO_COLOR`` is set (no-color.org)."""
    if choice != "auto":
        return choice == "always"
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def output_width() -> int:
    """Columns to use: the terminal's, at most 160; 80 when it isn't one."""
    if not sys.stdout.isatty():
        return PIPED_WIDTH
    return min(shutil.get_terminal_size((PIPED_WIDTH, 24)).columns, WIDEST)


@contextmanager
def _refusals(path: Path) -> Iterator[None]:
    """Turn the system's refusal to write into an error that says what to do."""
    try:
        yield
    except OSError as error:
        raise refused(path, error, "write") or SpindetectError(
            f"cannot write {path}: {error.strerror}. Name a file in a folder that may be written to."
        ) from error
