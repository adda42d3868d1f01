"""A scan's output: one file of rows, or a folder of Parquet files.

OUT/part-00000.parquet   the first 50,000 rows
OUT/_SUCCESS             empty; it is there when all files are, as other tools have it, too
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, count, islice

from spindetect.errors import SpindetectError
from spindetect.scan.places import Place
from spindetect.scan.plan import Plan
from spindetect.scan.rows import Row, arrow_schema, as_line, as_table

_TOGETHER = 1_000  # rows of a row group
_DONE = "_SUCCESS"
_OURS = re.compile(rf"part-\d{{5}}\.parquet|{_DONE}")
# Files that appear and go while a folder is looked at, on systems that put them there.
_NOBODYS = re.compile(r"\..*")


def is_there(plan: Plan) -> bool:
    """Whether the output is there, whole or in part; raises `SpindetectError` for a folder of something else."""
    if not plan.in_files:
        if plan.out.is_folder():
            raise SpindetectError(f"{plan.out} is a folder, and a file was expected. Name another file.")
        return plan.out.exists()
    names = [name for name in plan.out.names() if not _NOBODYS.fullmatch(name)]
    if foreign := [name for name in names if not _OURS.fullmatch(name)]:
        raise SpindetectError(f"{plan.out} holds {foreign[0]}, which no scan wrote. Name a new or an empty folder.")
    return bool(names)


def clear(plan: Plan) -> None:
    """Delete what an earlier scan left in an output that is a folder; a file is replaced when all is done."""
    if plan.in_files and is_there(plan):
        for name in sorted(plan.out.names(), key=lambda name: name != _DONE):
            if _OURS.fullmatch(name):
                plan.out.child(name).remove()


def write_output(plan: Plan, rows: Iterator[Row]) -> None:
    """Write rows to the file or folder that was asked for, as its ending says."""
    if not plan.in_files:
        _write(plan.out, rows)
        return
    plan.out.make_folder()
    for number in count():
        first = next(rows, None)
        if first is None and number:  # an empty input has one file, for its columns
            break
        rest = islice(rows, plan.file_rows - 1)
        _write(plan.out.child(f"part-{number:05}.parquet"), rest if first is None else chain([first], rest))
    with plan.out.child(_DONE).written():
        pass


def _write(file: Place, rows: Iterator[Row]) -> None:
    with file.written() as stream:
        if not file.name.endswith(".parquet"):
            stream.writelines(map(as_line, rows))
            return
        import pyarrow.parquet

        with pyarrow.parquet.ParquetWriter(stream, arrow_schema(), compression="zstd") as writer:
            while group := list(islice(rows, _TOGETHER)):
                writer.write_table(as_table(group))
