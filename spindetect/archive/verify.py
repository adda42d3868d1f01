"""Checking an archive: everything is read once, and what is damaged is named."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import TYPE_CHECKING

from spindetect.archive.catalogue import Row
from spindetect.archive.records import content_digest
from spindetect.errors import SpindetectError

if TYPE_CHECKING:
    from spindetect.archive.archive import Archive

_STEP = 10_000  # articles looked at together
_MOST_NAMED = 20  # of one kind of damage
# A file of tantivy's ends in: JSON that has a CRC-32 of all before it, that JSON's length, a fixed number.
_TANTIVY = 1337
_WORD = 4


def problems(archive: Archive) -> list[str]:
    """What is wrong with the archive, one line each, at most `_MOST_NAMED` of a kind."""
    found = [f"{archive.catalogue.path}: {problem}." for problem in archive.catalogue.problems()]
    found += _index_files(archive.path / "index")
    damaged: list[str] = []
    unindexed: list[str] = []
    doubled: list[str] = []
    for rows in _steps(archive):
        damaged += [fault for row, digest in rows if (fault := _record_fault(archive, row, digest))]
        keys = archive.index.keys(rows[0][0].key, rows[-1][0].key)
        present = set(keys)
        unindexed += [_named(archive, row) for row, _ in rows if row.key not in present]
        doubled += (
            [_named(archive, row) for row, _ in rows if keys.count(row.key) > 1] if len(present) < len(keys) else []
        )
    found += _some(damaged)
    found += _some(
        [f"{archive.index.folder}: {name} isn't in the index, so it can't be found." for name in unindexed]
    )
    return found + _some([f"{archive.index.folder}: {name} is in the index twice." for name in doubled])


def _steps(archive: Archive) -> Iterator[list[tuple[Row, int]]]:
    """The catalogue's rows, some at a time."""
    rows = archive.catalogue.rows(0, _STEP)
    while rows:
        yield rows
        rows = archive.catalogue.rows(rows[-1][0].key, _STEP)


def _record_fault(archive: Archive, row: Row, digest: int) -> str:
    """What is wrong with an article's record; empty if nothing is."""
    try:
        record = archive.read(row)
    except SpindetectError as error:
        return str(error)
    whole = record.digest == digest and (record.text is None or content_digest(record.text) == digest)
    return "" if whole else f"{archive.texts.path}: the text of {record.id!r} isn't the one that was added."


def _named(archive: Archive, row: Row) -> str:
    try:
        return repr(archive.read(row).id)
    except SpindetectError:
        return f"article number {row.key}"


def _some(faults: list[str]) -> list[str]:
    """The first few faults, and how many more there are."""
    more = len(faults) - _MOST_NAMED
    return [*faults[:_MOST_NAMED], f"... and {more:,} more of this kind."] if more > 0 else faults


def _index_files(folder: Path) -> list[str]:
    """Which of the index's files don't have the checksum that they were written with."""
    try:
        listed = json.loads((folder / "meta.json").read_bytes())["segments"]
        names = {segment["segment_id"].replace("-", "") for segment in listed}
    except (OSError, ValueError, LookupError, TypeError) as error:
        return [f"{folder / 'meta.json'} is damaged ({error}). Restore it from a backup."]
    files = sorted(path for path in folder.iterdir() if path.name.split(".")[0] in names)
    return [f"{path} is damaged: {fault}. Restore it from a backup." for path in files if (fault := _fault(path))]


def _fault(path: Path) -> str:
    """What is wrong with a file of tantivy's; empty if nothing is."""
    try:
        with path.open("rb") as stream, mmap(stream.fileno(), 0, access=ACCESS_READ) as data:
            size = int.from_bytes(data[-2 * _WORD : -_WORD], "little")
            if int.from_bytes(data[-_WORD:], "little") != _TANTIVY:
                return "its end is missing"
            end = len(data) - size - 2 * _WORD
            wanted = json.loads(data[end : end + size])["crc"]
            with memoryview(data) as whole, whole[:end] as body:
                return "" if zlib.crc32(body) == wanted else "its checksum is wrong"
    except (OSError, ValueError, LookupError, TypeError) as error:
        return str(error)
