"""What a scan has finished, on disk: numbered parts that appear whole or not at all, and what they are parts of.

OUT.parts/manifest.json         what was asked for; a scan is resumed only when that is the same
OUT.parts/part-00000007.jsonl   the rows of suspects 449 to 512, say
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from spindetect.errors import SpindetectError
from spindetect.scan.rows import Row, arrow_schema, as_line, as_table, from_table
from spindetect.temporary import unguessable

_MANIFEST = "manifest.json"
_PART = re.compile(r"part-(\d{8})\.(jsonl|parquet)")


class Parts:
    """The finished parts of a scan. Several may write; nobody writes the same part twice."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def begin(self, identity: Mapping[str, Any]) -> None:
        """Make the folder, or check that what is there is of the same scan."""
        manifest = self.folder / _MANIFEST
        if not manifest.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            with whole_file(manifest) as stream:
                stream.write(json.dumps(dict(identity), indent=1).encode() + b"\n")
            return
        found = json.loads(manifest.read_bytes())
        changed = [name for name in identity if found.get(name) != identity[name]]
        if changed:
            raise SpindetectError(
                f"cannot resume the scan in {self.folder}: {', '.join(changed)} changed since, so its rows may not "
                "be those of now. Start anew with --overwrite, or scan as it was begun."
            )

    def finished(self) -> frozenset[int]:
        """Numbers of the parts that are there, from 0."""
        return frozenset(self._files())

    def write(self, number: int, rows: Sequence[Row]) -> None:
        """Write a part."""
        with whole_file(self.folder / f"part-{number:08}.jsonl") as stream:
            stream.writelines(map(as_line, rows))

    def rows(self) -> Iterator[Row]:
        """All rows, in order."""
        for _, path in sorted(self._files().items()):
            yield from read_part(path)

    def remove(self) -> None:
        """Delete the folder, the manifest last, so that what is left of it is known for what it is."""
        for path in self._files().values():
            path.unlink(missing_ok=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _files(self) -> dict[int, Path]:
        found = (
            ((_PART.fullmatch(path.name), path) for path in self.folder.iterdir()) if self.folder.is_dir() else ()
        )
        return {int(match[1]): path for match, path in found if match}


def read_part(path: Path) -> Iterator[Row]:
    """A part's rows."""
    if path.suffix == ".parquet":
        import pyarrow.parquet

        yield from from_table(pyarrow.parquet.read_table(path, partitioning=None))
        return
    with path.open("rb") as stream:
        yield from map(json.loads, stream)


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A file to write to that takes its place when all is written and on disk."""
    temporary = unguessable(path)
    try:
        with temporary.open("xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


# --- the output -----------------------------------------------------------------

_TOGETHER = 1_000  # rows of a row group


def write_output(path: Path, rows: Iterator[Row]) -> None:
    """Write rows to the file that was asked for, as its ending says."""
    writer: Callable[[IO[bytes], Iterator[Row]], None] = _as_parquet if path.suffix == ".parquet" else _as_lines
    with whole_file(path) as stream:
        writer(stream, rows)


def _as_lines(stream: IO[bytes], rows: Iterator[Row]) -> None:
    stream.writelines(map(as_line, rows))


def _as_parquet(stream: IO[bytes], rows: Iterator[Row]) -> None:
    import pyarrow.parquet

    with pyarrow.parquet.ParquetWriter(stream, arrow_schema(), compression="zstd") as writer:
        for group in grouped(rows, _TOGETHER):
            writer.write_table(as_table(group))


def grouped(rows: Iterator[Row], size: int) -> Iterator[list[Row]]:
    """Lists of ``size`` rows running; the last may be shorter."""
    from itertools import islice

    while group := list(islice(rows, size)):
        yield group
