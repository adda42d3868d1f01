"""tantivy's locks, taken without tantivy, to work on an index that tantivy can't open."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from spindetect.errors import ArchiveBusy, InvalidArchive

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
    """What to tell the second who wants to write."""
    return ArchiveBusy(
        f"{archive} is being written to by another process or thread. "
        "Wait until it is done; reading goes on meanwhile."
    )
