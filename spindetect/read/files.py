"""Getting at the bytes of articles: files, standard input, and the article files in a folder."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import BinaryIO

from spindetect.errors import UnreadableArticle
from spindetect.read.generated import is_generated_file

STANDARD_INPUT = "-"
ARTICLE_ENDINGS = frozenset({".txt", ".text", ".md", ".markdown", ".html", ".htm", ".xhtml"})
_PAGE_ENDINGS = frozenset({".html", ".htm", ".xhtml"})
# No encoding that we read needs more bytes for a character, so a longer file is sure to be too long.
_BYTES_PER_CHARACTER = 4


def article_files(folder: Path) -> list[Path]:
    """The article files in a folder and the folders below it, sorted by path.

    Articles are told by their endings (``ARTICLE_ENDINGS``, in any case); files and
    folders whose names begin with a dot are left out, and so are spindetect's own reports
    (`report_files`). Raises ``UnreadableArticle`` when ``folder`` isn't a folder that can be listed.
    """
    return [file for file in _named_as_articles(folder) if not _is_report(file)]


def report_files(folder: Path) -> list[Path]:
    """The files among a folder's that would be articles but for being spindetect's own reports, sorted by path."""
    return [file for file in _named_as_articles(folder) if _is_report(file)]


def _is_report(file: Path) -> bool:
    return file.suffix.lower() in _PAGE_ENDINGS and is_generated_file(file)


def _named_as_articles(folder: Path) -> list[Path]:
    """The files in a folder and below it that have an article's ending."""
    if not folder.is_dir():
        found = "a file" if folder.exists() else "nothing"
        raise UnreadableArticle(f"cannot list {folder}: expected a folder of articles, found {found} there.")
    found_files: list[Path] = []
    for parent, folders, names in os.walk(folder, onerror=_refuse_listing):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found_files += [Path(parent) / name for name in names if _is_article_name(name)]
    return sorted(file for file in found_files if file.is_file())


def _is_article_name(name: str) -> bool:
    return not name.startswith(".") and Path(name).suffix.lower() in ARTICLE_ENDINGS


def _refuse_listing(error: OSError) -> None:
    raise UnreadableArticle(f"cannot list {error.filename}: {error.strerror}. Check its permissions.") from error


def read_bytes(path: Path, max_characters: int) -> bytes:
    """The bytes of a file, or of standard input for ``-``.

    Raises ``UnreadableArticle`` when it is missing, a folder, not permitted, or so
    large that it must hold more than ``max_characters`` characters.
    """
    if str(path) == STANDARD_INPUT:
        data = _read_up_to(standard_input(), max_characters)
    else:
        data = _read_file(path, max_characters)
    if len(data) > _BYTES_PER_CHARACTER * max_characters:
        raise too_long(str(path), f"more than {_BYTES_PER_CHARACTER * max_characters:,} bytes", max_characters)
    return data


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


def _read_file(path: Path, max_characters: int) -> bytes:
    try:
        with path.open("rb") as stream:
            return _read_up_to(stream, max_characters)
    except FileNotFoundError as error:
        raise _unreadable(path, "there is no such file. Check the path") from error
    except IsADirectoryError as error:
        raise _unreadable(path, "it is a folder, and a file was expected. Name a file in it") from error
    except PermissionError as error:
        raise _unreadable(path, "permission was denied. Check who may read it") from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise _unreadable(path, f"the system says {error}. Check the path") from error


def _read_up_to(stream: BinaryIO, max_characters: int) -> bytes:
    # One byte more than fits tells that it is too long, even of an endless stream.
    return stream.read(_BYTES_PER_CHARACTER * max_characters + 1)


def standard_input() -> BinaryIO:
    """The bytes piped in; raises ``UnreadableArticle`` when there is no standard input."""
    if sys.stdin is None:
        raise UnreadableArticle("cannot read -: there is no standard input. Pipe an article in, or name a file.")
    return sys.stdin.buffer


def _unreadable(path: Path, finding: str) -> UnreadableArticle:
    return UnreadableArticle(f"cannot read {path}: {finding}.")
