"""Packed data (gzip, bzip2, xz, zstd), unpacked as it is read, and no further than its contents explain.

A kilobyte may stand for a gigabyte that would take hours to read. So a file has an `Allowance`, whatever is packed
in it, however deep; where it is used up the file is given up. Whoever means such a file may still unpack it.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from io import BufferedReader, RawIOBase
from typing import Any

from spindetect.errors import needed
from spindetect.read.format import Bytes
from spindetect.settings import Settings

_ALWAYS = 1 << 19  # bytes that any file may unpack to
LEAST = 300
"""Bytes as which any article counts that was packed, however short it is."""
_BLOCK = 1 << 16
_SIP = 1 << 13  # packed bytes at a time, so that all Pythons have read equally far, and little more than they need
PACKINGS = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ\x00": "xz", b"\x28\xb5\x2f\xfd": "zstd"}
"""The bytes with which packed files begin."""
DAMAGED = (OSError, EOFError, zlib.error, lzma.LZMAError)
"""The errors that unpacking raises."""
DAMAGED_BUNDLE = (
    *(*DAMAGED, zipfile.BadZipFile, tarfile.TarError, struct.error),
    *(RuntimeError, ValueError, LookupError, TypeError, OverflowError),
)
"""Errors of Python's own readers of bundles: input that they don't expect is a fault of the file, too."""


class Allowance:
    """How many bytes a file may still unpack to; its own bytes add to that, those of packed files in it don't.

    That is ``times`` its own size, and a little. Texts unpack to 3 to 5 times their size, pages to 4 to 12 times,
    many of one site to 50 times.
    """

    def __init__(self, times: int = Settings().unpack_times) -> None:
        self._times = times
        self._left = _ALWAYS

    @property
    def most(self) -> int:
        """Bytes to read at most: one more than are left, so that it is noticed."""
        return self._left + 1

    def took(self, packed: int) -> None:
        """So many bytes of the file itself are read."""
        self._left += self._times * packed

    def gave(self, size: int) -> None:
        """So many bytes came of what is packed; raises ``OSError`` when that is too much."""
        self._left -= size
        if self._left < 0:
            raise OSError(
                "it unpacks to far more than articles do; if that is meant, unpack it, or scan with --unpack-times"
            )


class _Piped(RawIOBase):
    """A stream whose bytes ``give`` gives, as few at a time as it likes."""

    def __init__(self, give: Callable[[int], bytes]) -> None:
        self._give = give

    def readable(self) -> bool:
        """True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer."""
        data = self._give(len(buffer))
        buffer[: len(data)] = data
        return len(data)


class _Sips(BufferedReader):
    """Packed data, as few bytes at a time on all Pythons, and quick where a reader asks for each of them."""

    def read(self, size: int | None = -1, /) -> bytes:
        """At most as many as are asked for, none at the end."""
        return self.read1(_SIP if size is None or size < 0 else min(size, _SIP))


def piped(give: Callable[[int], bytes]) -> BufferedReader:
    """A stream whose bytes ``give`` gives, at most so many at a time as it is asked for."""
    return BufferedReader(_Piped(give), _BLOCK)


def counted(stream: Bytes, allowance: Allowance) -> Bytes:
    """A file whose bytes add to its allowance as they are read."""

    def give(size: int) -> bytes:
        data = stream.read(min(size, _SIP))
        allowance.took(len(data))
        return data

    return piped(give)


def unpacked(stream: Bytes, packing: str, allowance: Allowance) -> Bytes:
    """A packed stream's content; reading it raises ``OSError`` when the allowance is used up.

    Raises `MissingExtra` for zstd without pyarrow.
    """
    packed: Any = _Sips(_Piped(lambda size: stream.read(min(size, _SIP))), _SIP)
    if packing == "gzip":
        content: Any = gzip.GzipFile(fileobj=packed)
    elif packing == "bzip2":
        content = bz2.BZ2File(packed)
    elif packing == "xz":
        content = lzma.LZMAFile(packed)  # noqa: SIM115
    else:
        content = needed("pyarrow", "read a .zst file", "parquet").CompressedInputStream(packed, "zstd")

    def give(size: int) -> bytes:
        data: bytes = content.read(min(size, allowance.most))
        allowance.gave(len(data))
        return data

    return piped(give)
