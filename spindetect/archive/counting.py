"""About how many articles a file or folder holds, for a progress bar."""

from __future__ import annotations

import zlib
from contextlib import suppress
from pathlib import Path

from spindetect.errors import SpindetectError
from spindetect.read.entries import opened
from spindetect.read.files import open_file
from spindetect.read.folders import list_folder
from spindetect.read.formats import by_ending
from spindetect.read.formats.tables import count_rows
from spindetect.read.unpacking import Allowance

_BLOCK = 1 << 20  # bytes read at a time
_SAMPLE = 8 * _BLOCK  # bytes of a file from which its articles are estimated


def count_records(source: Path) -> int:
    """About how many articles a file or folder has, for a progress bar; what can't be read isn't counted.

    Of a large file of lines the beginning is read, and the rest is taken to be like it.
    """
    files = list_folder(source).files if source.is_dir() else (source,)
    return sum(_count_in(path, source if source.is_dir() else None) for path in files)


def _count_in(path: Path, folder: Path | None) -> int:
    form = by_ending(path.name)
    if form is None or form.name not in ("jsonl", "parquet"):
        return 1
    count = 0
    with suppress(OSError, EOFError, zlib.error, SpindetectError), open_file(path, folder) as packed:
        if form.name == "parquet":
            return count_rows(packed)
        _, stream, *_ = opened(packed, path.name, Allowance())
        seen = 0
        while seen < _SAMPLE:
            block = stream.read(_BLOCK)
            if not block:
                return count
            seen += len(block)
            count += block.count(b"\n")
        return count * path.stat().st_size // max(1, packed.tell())
    return count
