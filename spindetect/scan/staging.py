"""The input of a scan on a cluster, cut into parts that any node can read, and how often each was tried.

OUT.parts/input/part-00000007.parquet            suspects 449 to 512, say
OUT.parts/input/tries-00000007/part.8f2c...      somebody began that part
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from spindetect.archive.inputs import RawRecord
from spindetect.read.format import BadRecord, Entry, Unread
from spindetect.scan.parts import INPUT, read_table, write_table
from spindetect.scan.places import Place
from spindetect.scan.rows import Item

# The fields kept of each kind beside a document's bytes.
_ABOUT = {
    "BadRecord": ("place", "reason"),
    "Unread": ("place", "name", "format", "fields", "warnings", "id"),
    "Entry": ("place", "fields"),
}


class Input:
    """The parts of the input, in the folder of the parts that are finished."""

    def __init__(self, parts: Place) -> None:
        self.folder = parts.child(INPUT)

    def begin(self) -> None:
        """Make the folder; what was tried before a scan was killed is forgotten, as that was no suspect's fault."""
        self.remove()
        self.folder.make_folder()

    def stage(self, items: Iterable[Item], size: int, finished: frozenset[int]) -> Iterator[int]:
        """Write every part that isn't finished to a file of its own; yield the parts' numbers."""
        for number, group in groupby(items, lambda item: (item[0] - 1) // size):
            if number not in finished:
                import pyarrow

                rows = []
                for place, suspect in group:
                    kind = type(suspect).__name__
                    about = {name: getattr(suspect, name) for name in _ABOUT[kind]}
                    data = suspect.data if isinstance(suspect, Unread) else b""
                    rows.append(
                        {"number": place, "kind": kind, "about": json.dumps(about, default=str), "data": data}
                    )
                write_table(pyarrow.Table.from_pylist(rows), self._file(number))
                yield number

    def items(self, number: int) -> list[Item]:
        """The suspects of a part, as they were cut out of the input."""
        rows = read_table(self._file(number)).to_pylist()
        return [(row["number"], _unpacked(row)) for row in rows]

    def tries(self, number: int, what: str) -> int:
        """How often ``what``, in a part, was tried."""
        return sum(name.partition(".")[0] == what for name in self._marks(number).names())

    def note_try(self, number: int, what: str) -> None:
        """Remember that ``what`` is tried; files of their own, as a file can't grow in every file system."""
        self._marks(number).make_folder()
        with self._marks(number).child(f"{what}.{os.urandom(8).hex()}").written(follow=False):
            pass

    def forget_tries(self, number: int, what: str) -> None:
        """Forget that ``what`` was tried: it came to an end."""
        for name in self._marks(number).names():
            if name.partition(".")[0] == what:
                self._marks(number).child(name).remove()

    def remove(self) -> None:
        """Delete all."""
        self.folder.remove()

    def _file(self, number: int) -> Place:
        return self.folder.child(f"part-{number:08}.parquet")

    def _marks(self, number: int) -> Place:
        return self.folder.child(f"tries-{number:08}")


def _unpacked(row: Mapping[str, Any]) -> RawRecord:
    about = json.loads(row["about"])
    if row["kind"] == "BadRecord":
        return BadRecord(**about)
    if row["kind"] == "Unread":
        return Unread(**{**about, "warnings": tuple(about["warnings"])}, data=row["data"])
    return Entry(**about)
