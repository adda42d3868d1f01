"""A scan's finished parts on disk: numbered, each whole or not there at all, and the scan that they belong to.

OUT.parts/manifest.json         what was asked for; a scan is resumed only when that is the same
OUT.parts/part-00000007.jsonl   the rows of suspects 449 to 512, say; or .parquet
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from spindetect.errors import SpindetectError
from spindetect.scan.places import Place
from spindetect.scan.rows import Row, as_line, from_table

if TYPE_CHECKING:
    import pyarrow

_MANIFEST = "manifest.json"
_MADE_BY = "spindetect scan"
INPUT = "input"
_LARGEST_MANIFEST = 10_000_000  # bytes
_PART = re.compile(r"part-(\d{8})\.(jsonl|parquet)")


class Parts:
    """The finished parts of a scan. Several may write; nobody writes the same part twice."""

    def __init__(self, folder: Place) -> None:
        self.folder = folder

    def require_ours(self) -> None:
        """Raise `SpindetectError` for a folder of that name that no scan to this output made."""
        if not self.folder.exists() or (self.folder.is_folder() and not self._names()):
            return
        manifest = self.folder.child(_MANIFEST)
        try:
            with manifest.opened() as stream:
                found = json.loads(stream.read(_LARGEST_MANIFEST))
            if (found["made_by"], found["parts"]) == (_MADE_BY, self.folder.name):
                return
        except (OSError, SpindetectError, ValueError, LookupError, TypeError, RecursionError):
            pass
        raise SpindetectError(
            f"{self.folder} wasn't made by a scan to this output, so it stays as it is, and a scan needs the name. "
            "Move it away, or name another output."
        )

    def begin(self, identity: Mapping[str, Any]) -> None:
        """Make the folder, or check that what is there is of the same scan."""
        identity = {"made_by": _MADE_BY, "parts": self.folder.name, **identity}
        manifest = self.folder.child(_MANIFEST)
        if not manifest.exists():
            self.folder.make_folder()
            with manifest.written(follow=False) as stream:
                stream.write(json.dumps(dict(identity), indent=1).encode() + b"\n")
            return
        with manifest.opened() as stream:
            found = json.loads(stream.read())
        changed = [name for name in identity if found.get(name) != identity[name]]
        if changed:
            raise SpindetectError(
                f"cannot resume the scan in {self.folder}: {', '.join(changed)} changed since, so its rows may not "
                "be those of now. Start anew with --overwrite, or scan as it was begun."
            )

    def finished(self) -> frozenset[int]:
        """Numbers of the parts that are there, from 0."""
        return frozenset(self._files())

    def rows_finished(self, size: int) -> int:
        """How many rows the finished parts have, each ``size`` but for the input's last."""
        files = self._files()
        if not files:
            return 0
        return size * (len(files) - 1) + sum(1 for _ in read_part(files[max(files)]))

    def last_rows(self) -> list[Row]:
        """The rows of the last part before which all are finished; none if the first isn't."""
        files = self._files()
        number = next((number for number in range(len(files)) if number not in files), len(files))
        return list(read_part(files[number - 1])) if number else []

    def write(self, number: int, rows: Sequence[Row]) -> None:
        """Write a part."""
        with self.folder.child(f"part-{number:08}.jsonl").written(follow=False) as stream:
            stream.writelines(map(as_line, rows))

    def write_table(self, number: int, table: pyarrow.Table) -> None:
        """Write a part that is a table already."""
        write_table(table, self.folder.child(f"part-{number:08}.parquet"))

    def rows(self) -> Iterator[Row]:
        """All rows, in order."""
        for _, place in sorted(self._files().items()):
            yield from read_part(place)

    def remove(self) -> None:
        """Delete what a scan put there, the manifest last, and the folder if nothing else is in it."""
        self.require_ours()
        for place in self._files().values():
            place.remove()
        self.folder.child(INPUT).remove()
        self.folder.child(_MANIFEST).remove()
        if not self._names():
            self.folder.remove()

    def _names(self) -> list[str]:
        """The folder's parts, without files that were begun and never finished."""
        return [name for name in self.folder.names() if not name.startswith(".")]

    def _files(self) -> dict[int, Place]:
        matches = map(_PART.fullmatch, self.folder.names())
        return {int(match[1]): self.folder.child(match[0]) for match in matches if match}


def read_part(place: Place) -> Iterator[Row]:
    """A part's rows."""
    if place.name.endswith(".parquet"):
        yield from from_table(read_table(place))
        return
    with place.opened() as stream:
        yield from map(json.loads, stream.read().splitlines())


def write_table(table: pyarrow.Table, place: Place) -> None:
    """Write a Parquet file that appears whole or not at all, even if others write the same file."""
    import pyarrow.parquet

    with place.written(follow=False) as stream:
        pyarrow.parquet.write_table(table, stream, compression="zstd")


def read_table(place: Place) -> pyarrow.Table:
    """A Parquet file's rows."""
    import pyarrow.parquet

    with place.opened() as stream:
        return pyarrow.parquet.read_table(stream)
