"""Getting at the bytes of articles: files and standard input, and the errors for those that can't be read."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from spindetect.errors import UnreadableArticle

STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class FolderFile:
    """A file as it was found in a folder: when it is opened it must still be one in there."""

    path: Path
    folder: Path

    def __str__(self) -> str:
        return str(self.path)


def too_long(name: str, size: str, max_characters: int) -> UnreadableArticle:
    """The error for an input of more than ``max_characters`` characters; ``size`` says what was found."""
    return UnreadableArticle(
        f"cannot read {name}: it has {size}, and at most {max_characters:,} characters are taken. "
        "Cut out the article, or raise the setting max_characters."
    )


def too_many_words(name: str, words: int, max_words: int) -> UnreadableArticle:
    """The error for a text of more than ``max_words`` words."""
    return UnreadableArticle(
        f"cannot compare {name}: it has {words:,} words, and at most {max_words:,} are taken. "
        "Cut out the article, or raise the setting max_words."
    )


@contextmanager
def open_file(path: Path, folder: Path | None = None) -> Iterator[BinaryIO]:
    """A file's bytes to read from, or standard input's for ``-``.

    Raises ``UnreadableArticle`` when it is missing, a folder or not permitted; of one that was found in ``folder``
    also when by now it is a link out of it, or no file.
    """
    if str(path) == STANDARD_INPUT:
        yield standard_input()
        return
    try:
        with path.open("rb") if folder is None else _opened_in(folder, path) as stream:
            yield stream
    except FileNotFoundError as error:
        raise _unreadable(path, "there is no such file. Check the path") from error
    except IsADirectoryError as error:
        raise _unreadable(path, "it is a folder, and a file was expected. Name a file in it") from error
    except PermissionError as error:
        raise _unreadable(path, "permission was denied. Check who may read it") from error
    except _Swapped as error:
        raise _unreadable(path, f"it is no file in {folder} any more. Check who may write there") from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise _unreadable(path, f"the system says {error}. Check the path") from error


class _Swapped(Exception):
    """Something else is there than was found in a folder."""


def _opened_in(folder: Path, path: Path) -> BinaryIO:
    """A file of a folder; raises `_Swapped` if it leads out of it, or is a pipe, which would be waited for.

    The opened file is looked at, and not its name, since others may swap it at any time, and back.
    """
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        found = os.fstat(descriptor)
        if stat.S_ISDIR(found.st_mode):
            raise IsADirectoryError
        real = Path(f"/proc/self/fd/{descriptor}") if sys.platform == "linux" else path
        real = real.readlink() if real.is_symlink() else real.resolve()
        same = sys.platform == "linux" or os.path.samestat(found, real.lstat())
        if not (stat.S_ISREG(found.st_mode) and same and real.is_relative_to(folder.resolve())):
            raise _Swapped
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def standard_input() -> BinaryIO:
    """The bytes piped in; raises ``UnreadableArticle`` when there is no standard input."""
    if sys.stdin is None:
        raise UnreadableArticle("cannot read -: there is no standard input. Pipe an article in, or name a file.")
    return sys.stdin.buffer


def _unreadable(path: Path, finding: str) -> UnreadableArticle:
    return UnreadableArticle(f"cannot read {path}: {finding}.")
