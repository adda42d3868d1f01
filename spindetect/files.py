"""Writing files that appear whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

_LONGEST = 50  # characters kept of a name, so that the longer one fits where the name itself does


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A file to write to that takes its place when all is written and on disk; after an error, it never does.

    It gets the permissions of the file that it replaces, and nobody can read it earlier who couldn't read that one.
    A symbolic link stays one; a device or a pipe is written to as it is. Raises ``OSError`` as the system does.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        with path.open("wb") as stream:
            yield stream
        return
    target = path.resolve()
    if target.is_dir():
        raise IsADirectoryError(None, "it is a folder, and a file was expected")
    mode = target.stat().st_mode & 0o7777 if target.exists() else None
    temporary = unguessable(target)
    created = 0o666 if mode is None else 0o600  # less what the user's umask takes away

    def opener(name: str, flags: int) -> int:
        return os.open(name, flags, created)

    try:
        with open(temporary, "xb", opener=opener) as stream:  # a Path's own has no opener
            if mode is not None:
                temporary.chmod(mode)
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def unguessable(path: Path) -> Path:
    """A hidden name beside ``path``, in the same folder, that nobody can have put a file or a link at before.

    Open a file there with mode ``x``, which follows no link.
    """
    return path.with_name(f".{path.name[:_LONGEST]}.{os.urandom(8).hex()}.tmp")
