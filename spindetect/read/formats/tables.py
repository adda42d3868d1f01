"""Tables: CSV and TSV by Python's own csv, Parquet by pyarrow; a row is an article."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date, time
from decimal import Decimal
from typing import Any

from spindetect.errors import needed
from spindetect.read.fields import flattened
from spindetect.read.format import BYTES_PER_CHARACTER, BadRecord, Bytes, Entry, Format
from spindetect.read.unpacking import DAMAGED

_DELIMITERS = ",;\t|"
_BACKSLASHED = re.compile(r"\\\"(?![\",;\t|\s])")  # [\"No\", he said], as Spark and MySQL write quotes
_RETURNS = re.compile(rb"(?<=\r)(?!\n|$)")
_ROWS = 256  # of a Parquet file at a time, at most
_BATCH_BYTES = 1 << 24  # of rows at a time
_AS_OBJECTS = 30  # bytes of Python's objects for one of lists and structs, which it has one by one


def read_csv(stream: Bytes, name: str, max_characters: int) -> Iterator[Entry | BadRecord]:
    """The rows of a CSV or TSV file, under the names in its first one, at the delimiter that is commonest there."""
    # The limit is Python's own for all its readers: 128 kB, less than an article may have.
    csv.field_size_limit(max(csv.field_size_limit(), max_characters + 1))
    row = 0
    try:
        lines = _Lines(stream, max_characters * BYTES_PER_CHARACTER)
        first = next(lines, "").removeprefix("\ufeff")
        told, first = (first[4:5], next(lines, "")) if first[:4].lower() == "sep=" else ("", first)  # as Excel is
        delimiter = told or ("\t" if name.lower().endswith(".tsv") else max(_DELIMITERS, key=first.count))
        names = [name.strip() for name in next(csv.reader([first], delimiter=delimiter), [])]
        for cells in csv.reader(lines, delimiter=delimiter, skipinitialspace=delimiter != "\t"):
            lines.taken = 0
            if any(cells):
                row += 1
                yield Entry(
                    f"{name}, row {row}", {key: cell for key, cell in zip(names, cells, strict=False) if cell}
                )
    except (*DAMAGED, csv.Error, ValueError) as error:
        yield BadRecord(f"{name}, after row {row}", f"the rest cannot be read: {error}. Check the file.")


class _Lines(Iterator[str]):
    """A stream's lines, decoded; ``taken`` counts the bytes handed out since the reader set it to 0.

    Raises ``ValueError`` where those of one row are more than any article's, as after a quotation mark that
    nobody closes. A line that isn't UTF-8 is Windows-1252, which spreadsheets write.
    """

    def __init__(self, stream: Bytes, longest: int) -> None:
        self._stream = stream
        self._longest = longest
        self._backslashes = False
        self._rest: list[
            bytes
        ] = []  # of a line that carriage returns alone cut, as spreadsheets write for old Macs
        self.taken = 0

    def __next__(self) -> str:
        if not self._rest:
            self._rest = _RETURNS.split(self._stream.readline(self._longest + 1))[::-1]
        line = self._rest.pop()
        self.taken += len(line)
        if self.taken > self._longest:
            raise ValueError("one row is far longer than any article that is taken")
        if not line:
            raise StopIteration
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            text = line.decode("cp1252", "replace")
        self._backslashes = self._backslashes or _BACKSLASHED.search(text) is not None
        return (text.replace('\\"', '""') if self._backslashes else text).replace("\0", "")


def read_parquet(stream: Bytes, name: str, max_characters: int) -> Iterator[Entry | BadRecord]:
    """The rows of a Parquet file, few at a time where they are long."""
    arrow = needed("pyarrow", "read a Parquet file", "parquet")
    parquet = needed("pyarrow.parquet", "read a Parquet file", "parquet")
    row = 0
    try:
        # Strings that repeat stay one string each: a thousand rows of one string of 20 MB are 20 MB.
        with parquet.ParquetFile(stream) as looked_at:
            kinds = arrow.types.is_string, arrow.types.is_binary
            strings = [field.name for field in looked_at.schema_arrow if any(kind(field.type) for kind in kinds)]
        with parquet.ParquetFile(stream, read_dictionary=strings) as table:
            for group in range(table.num_row_groups):
                about = table.metadata.row_group(group)
                size = _fitting(about.total_byte_size // max(1, about.num_rows))
                for batch in table.iter_batches(batch_size=size, row_groups=[group]):
                    step = _fitting(max((_longest(column, arrow) for column in batch.columns), default=1))
                    for start in range(0, batch.num_rows, step):
                        for fields in batch.slice(start, step).to_pylist():
                            row += 1
                            plain = {key: _plain(value) for key, value in fields.items()}
                            yield Entry(f"{name}, row {row}", flattened(plain))
    except (OSError, arrow.ArrowException, MemoryError, ValueError) as error:
        yield BadRecord(f"{name}, after row {row}", f"the rest cannot be read: {error}. Check the file.")


def _plain(value: Any) -> Any:
    """A value as JSON has it: bytes are text not declared as such, times and exact numbers are written out."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, (date, time)):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _fitting(row_bytes: int) -> int:
    """How many rows of a size are taken at a time."""
    return max(1, min(_ROWS, _BATCH_BYTES // max(1, row_bytes)))


def _longest(column: Any, arrow: Any) -> int:
    """Bytes of the longest value of a column of strings, or of one of lists and structs as objects."""
    import pyarrow.compute

    values = column.dictionary if arrow.types.is_dictionary(column.type) else column
    kinds = (arrow.types.is_string, arrow.types.is_large_string, arrow.types.is_binary, arrow.types.is_large_binary)
    if not any(kind(values.type) for kind in kinds):
        return int(_AS_OBJECTS * column.nbytes // max(1, len(column))) if arrow.types.is_nested(column.type) else 1
    return int(pyarrow.compute.max(pyarrow.compute.binary_length(values)).as_py() or 1)


def count_rows(stream: Bytes) -> int:
    """How many rows a Parquet file has; 0 for one that can't be read."""
    arrow = needed("pyarrow", "read a Parquet file", "parquet")
    parquet = needed("pyarrow.parquet", "read a Parquet file", "parquet")
    try:
        return int(parquet.read_metadata(stream).num_rows)
    except (OSError, arrow.ArrowException):
        return 0


ROWS = (
    Format(name="csv", title="a table (CSV or TSV)", endings=(".csv", ".tsv"),
           media_types=("text/csv", "text/tab-separated-values"),
           kept="each row's fields; their text without tags if it is HTML", many=read_csv),
    Format(name="parquet", title="a Parquet file", endings=(".parquet",),
           media_types=("application/vnd.apache.parquet",),
           kept="each row's fields; their text without tags if it is HTML", many=read_parquet, magic=(b"PAR1",),
           extra="parquet", packs=True, jumps=True),
)  # fmt: skip
