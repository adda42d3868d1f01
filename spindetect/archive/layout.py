"""The parts of an archive's folder, and making an empty one.

ARCHIVE/archive.json        format and version
ARCHIVE/catalogue.sqlite    which articles there are
ARCHIVE/texts.bin           the articles
ARCHIVE/index/              which words they have
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from spindetect.archive.catalogue import Catalogue
from spindetect.archive.index import Index
from spindetect.errors import InvalidArchive, SystemRefused
from spindetect.files import bounded_bytes, refused, unguessable

FORMAT = 1
ABOUT, CATALOGUE, TEXTS, INDEX = "archive.json", "catalogue.sqlite", "texts.bin", "index"
_LONGEST_PATH = 500  # bytes of the catalogue's path; SQLite takes 511, and adds an ending
_BESIDE = 22  # characters that the unfinished archive's name is longer
_LARGEST_ABOUT = 10_000  # bytes; it has fifty


def check_path(path: Path) -> None:
    """Raise `SystemRefused` for a path that SQLite or tantivy can't be given."""
    size = len(os.fsencode(path.absolute() / CATALOGUE))
    if size > _LONGEST_PATH:
        raise SystemRefused(
            f"the path of the archive has {size:,} bytes with the files in it, and SQLite takes {_LONGEST_PATH}. "
            f"Move it to a shorter path: {path}"
        )
    if any("\ud800" <= char <= "\udfff" for char in str(path.absolute())):
        raise SystemRefused(
            "the path of the archive has characters that the locale lacks. Set PYTHONUTF8=1, or a UTF-8 locale: "
            f"{path}"
        )


def check_format(path: Path) -> None:
    """Raise `InvalidArchive` for what isn't an archive, or one of another format."""
    check_path(path)
    about = path / ABOUT
    try:
        found = json.loads(bounded_bytes(about, _LARGEST_ABOUT))["format"]
    except FileNotFoundError as error:
        raise InvalidArchive(
            f"there is no archive at {path}: no {ABOUT} in it. Make one: spindetect archive add {path} FILE..."
        ) from error
    except NotADirectoryError as error:
        raise InvalidArchive(f"{path} is a file, not an archive. Name the archive's folder.") from error
    except (OSError, ValueError, LookupError, TypeError, RecursionError) as error:
        raise refused(about, error) or InvalidArchive(
            f"{about} is damaged: it doesn't say which format the archive has. "
            f'Restore it from a backup; this version of spindetect writes {{"format": {FORMAT}}}.'
        ) from error
    if type(found) is not int or found != FORMAT:
        raise InvalidArchive(
            f"the archive {path} has format {found!r}, this version of spindetect reads {FORMAT}. "
            "Use the version that made it, or build it anew."
        )


def make_empty(path: Path) -> None:
    """Make an empty archive in a new folder; raises `InvalidArchive` when there is something already."""
    from spindetect.version import __version__

    check_path(path.with_name(f"{path.name}{' ' * _BESIDE}"))
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise _taken(path)
    unfinished = unguessable(path)
    unfinished.mkdir(parents=True)
    Catalogue.create(unfinished / CATALOGUE).close()
    (unfinished / TEXTS).touch()
    Index.create(unfinished / INDEX)
    about = {"format": FORMAT, "made_by": f"spindetect {__version__}"}
    (unfinished / ABOUT).write_text(json.dumps(about) + "\n", "utf-8")
    try:
        if path.exists():
            path.rmdir()  # empty, as was checked
        unfinished.rename(path)  # so that an archive is there whole or not at all
    except OSError as error:  # somebody else made one meanwhile
        shutil.rmtree(unfinished, ignore_errors=True)
        raise _taken(path) from error


def _taken(path: Path) -> InvalidArchive:
    return InvalidArchive(
        f"cannot make an archive at {path}: there is something already. "
        "Name a folder that doesn't exist yet, or an empty one."
    )
