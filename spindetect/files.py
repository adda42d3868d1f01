"""Writing files that appear whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from spindetect.temporary import unguessable


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A file to write to that takes its place when all is written and on disk; left by an error, it never does.

    The permissions of a file that it replaces stay. Raises ``OSError`` as the system does.
    """
    temporary = unguessable(path)
    try:
        with temporary.open("xb") as stream:  # never somebody else's file or link
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        if path.exists():
            temporary.chmod(path.stat().st_mode & 0o7777)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
