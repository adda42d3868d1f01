"""Getting at the bytes of articles: files and standard input, and the errors for those that can't be read."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from spindetect.errors import UnreadableArticle

STANDARD_INPUT = "-"


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
def open_file(path: Path) -> Iterator[BinaryIO]:
    """A file's bytes to read from, or standard input's for ``-``.

    Raises ``UnreadableArticle`` when it is missing, a folder or not permitted.
    """
    if str(path) == STANDARD_INPUT:
        yield standard_input()
        return
    try:
        with path.open("rb") as stream:
            yield stream
    except FileNotFoundError as error:
        raise _unreadable(path, "there is no such file. Check the path") from error
    except IsADirectoryError as error:
        raise _unreadable(path, "it is a folder, and a file was expected. Name a file in it") from error
    except PermissionError as error:
        raise _unreadable(path, "permission was denied. Check who may read it") from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise _unreadable(path, f"the system says {error}. Check the path") from error


def standard_input() -> BinaryIO:
    """The bytes piped in; raises ``UnreadableArticle`` when there is no standard input."""
    if sys.stdin is None:
        raise UnreadableArticle("cannot read -: there is no standard input. Pipe an article in, or name a file.")
    return sys.stdin.buffer


def _unreadable(path: Path, finding: str) -> UnreadableArticle:
    return UnreadableArticle(f"cannot read {path}: {finding}.")
