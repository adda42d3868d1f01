"""The archive's texts: compressed records one after the other in a single file that only grows."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from spindetect.errors import InvalidArchive
from spindetect.files import refused

_turn = Lock()


class TextFile:
    """Reads stretches of the file; the catalogue says where they lie. Safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if path.exists() and not path.is_file():
            raise InvalidArchive(f"{path} isn't a file. Restore it from a backup.")
        try:
            self._file = path.open("rb", buffering=0)
        except OSError as error:
            raise refused(path, error, "read") or InvalidArchive(
                f"cannot read {path}: {error.strerror}. Restore it from a backup."
            ) from error

    def read(self, start: int, length: int) -> bytes:
        """The bytes at ``start``; raises ``ValueError`` for a stretch that isn't in the file."""
        size = self.size()
        if start < 0 or length < 0 or start + length > size:
            raise ValueError(f"{length:,} bytes were expected there, and the file has {size:,}")
        file = self._file.fileno()
        if hasattr(os, "pread"):
            return os.pread(file, length, start)
        with _turn:  # Windows has one position for all that read, so they take turns
            os.lseek(file, start, os.SEEK_SET)
            return os.read(file, length)

    def size(self) -> int:
        """Bytes in the file."""
        return os.fstat(self._file.fileno()).st_size

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


class TextWriter:
    """Appends to the file; what lies behind ``end`` was never committed and is cut off."""

    def __init__(self, path: Path, end: int) -> None:
        self._path = path
        with self._refusals():
            self._stream = path.open("r+b", buffering=1 << 20)
            self._stream.truncate(end)
            self._stream.seek(end)
        self.end = end

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise refused(self._path, error) or error from error

    def append(self, packed: bytes) -> int:
        """Write some bytes and return where they start."""
        start = self.end
        with self._refusals():
            self._stream.write(packed)
        self.end += len(packed)
        return start

    def erase(self, start: int, length: int) -> None:
        """Overwrite a stretch with zeros; raises `InvalidArchive` for one that was never written."""
        if start < 0 or length < 0 or start + length > self.end:
            raise InvalidArchive(
                f"the catalogue beside {self._stream.name} is damaged: it says to erase {length:,} bytes at "
                f"{start:,}, but {self.end:,} were written. Restore it from a backup."
            )
        with self._refusals():
            self._stream.seek(start)
            self._stream.write(bytes(length))
            self._stream.seek(self.end)

    def sync(self) -> None:
        """Wait until all is on disk."""
        with self._refusals():
            self._stream.flush()
            os.fsync(self._stream.fileno())

    def close(self) -> None:
        """Let go of the file."""
        with self._refusals():
            self._stream.close()
