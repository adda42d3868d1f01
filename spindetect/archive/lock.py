"""Locks and refusals: tantivy's locks, taken without tantivy, and SQLite's errors where the system refused.

The locks serve work on an index that tantivy can't open; a refusal is no damage to the catalogue.
"""

from __future__ import annotations

import errno
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from spindetect.errors import ArchiveBusy, InvalidArchive, SpindetectError
from spindetect.files import refused

if sys.platform == "win32":
    import msvcrt

    def _lock(stream: BinaryIO) -> None:
        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(stream: BinaryIO) -> None:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold a lock file, which the system lets go of after a kill; raises `ArchiveBusy` while somebody else does."""
    if path.exists() and not path.is_file():  # to open a pipe would wait for ever
        raise InvalidArchive(f"{path} isn't a file, and should be an empty one. Delete it.")
    with path.open("ab") as stream:
        try:
            _lock(stream)
        except OSError as error:
            raise busy(path.parent.parent) from error
        yield


def busy(archive: Path) -> ArchiveBusy:
    """The error for a second writer."""
    return ArchiveBusy(
        f"{archive} is being written to by another process or thread. "
        "Wait until it is done; reading goes on meanwhile."
    )


_REFUSALS = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_READONLY: errno.EACCES,
    sqlite3.SQLITE_PERM: errno.EACCES,
    sqlite3.SQLITE_CANTOPEN: errno.EACCES,
    sqlite3.SQLITE_IOERR: errno.EIO,
    sqlite3.SQLITE_NOMEM: errno.ENOMEM,
}
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def sqlite_refused(path: Path, error: sqlite3.Error) -> SpindetectError | None:
    """The error for a fault of the system and not of the catalogue at ``path``; None for damage."""
    extended = getattr(error, "sqlite_errorcode", None) or 0
    code = extended & 0xFF
    if code in _BUSY:
        return busy(path.parent)
    number = _REFUSALS.get(code) if extended != sqlite3.SQLITE_IOERR_SHORT_READ else None
    if number is None:
        return None
    try:  # SQLite doesn't say why it can't open a file
        with path.open("rb"), path.open("rb"):
            pass
    except OSError as reason:
        number = reason.errno or number
    return refused(path, OSError(number, ""))
