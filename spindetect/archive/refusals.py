"""What SQLite says where nothing is wrong with a catalogue, but the system refused to read or write it."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

from spindetect.archive.lock import busy
from spindetect.errors import SpindetectError
from spindetect.files import refused

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
    """What to tell of an error that says nothing of the catalogue at ``path``; None for damage."""
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
