"""Reading articles to archive or to scan: files, folders, JSON lines and Parquet, in bounded memory.

A record that can't be read stands in its place as a `BadRecord`; the others go on.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from io import BufferedIOBase, BufferedReader, RawIOBase
from pathlib import Path
from typing import IO, Any, cast

from spindetect.archive.records import TOO_DEEP, Record, UnusableRecord, make_record
from spindetect.errors import MissingExtra, SpindetectError, UnreadableArticle
from spindetect.read.files import STANDARD_INPUT, article_files, standard_input
from spindetect.records import Article
from spindetect.settings import Settings

LINES = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz", ".jsonl.zst", ".ndjson.zst")
TABLES = (".parquet",)
Bytes = IO[bytes] | BufferedIOBase
_ROWS = 256  # of a Parquet file at a time
_SIP = 1 << 13  # bytes of a packed file at a time, where it matters how many were needed
_BLOCK = 1 << 20  # bytes read at a time
_SAMPLE = 8 * _BLOCK  # bytes of a file from which its articles are estimated
_BYTES_PER_CHARACTER = 6  # JSON may write a character as \uXXXX


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A record that can't be used: where it stands, and why."""

    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


def read_records(
    source: Path, columns: Mapping[str, str] | None = None, settings: Settings | None = None
) -> Iterator[Record | BadRecord]:
    """Yield the articles in a file or folder, one by one.

    ``.jsonl`` (also ``.gz``, ``.zst``) and ``.parquet`` hold a record a line or row; any
    other file is one article, its absolute path the id. In a folder, and those below it, all files
    of these kinds are read, by path. ``columns`` maps our field names to the records' own.
    """
    limit = settings or Settings()
    for path in record_files(source):
        if ends_with(path.name, LINES) or str(path) == STANDARD_INPUT:
            yield from from_lines(_opened(path), str(path), columns, limit)
        elif ends_with(path.name, TABLES):
            yield from from_table(_opened(path), str(path), columns, limit)
        else:
            yield _from_article(path, limit)


def count_records(source: Path) -> int:
    """About how many articles a file or folder has, for a progress bar; what can't be read isn't counted.

    Of a large file of lines the beginning is read, and the rest is taken to be like it.
    """
    return sum(map(_count_in, record_files(source)))


def _count_in(path: Path) -> int:
    if ends_with(path.name, LINES):
        return _count_lines(path)
    if not ends_with(path.name, TABLES):
        return 1
    arrow = pyarrow_for("read a Parquet file")
    import pyarrow.parquet

    try:
        return int(pyarrow.parquet.read_metadata(path).num_rows)
    except (OSError, arrow.ArrowException):
        return 0


def _count_lines(path: Path) -> int:
    """Lines of a file; of one of more than `_SAMPLE` bytes as many as there are if all are about as long."""
    count = 0
    with suppress(OSError, EOFError, zlib.error), path.open("rb") as packed, _sipped(packed, path.name) as stream:
        for _ in range(_SAMPLE // _BLOCK):
            block = stream.read(_BLOCK)
            if not block:
                return count
            count += block.count(b"\n")
        return count * path.stat().st_size // max(1, packed.tell())
    return count


def check_there(source: Path) -> None:
    """Raise `UnreadableArticle` when there is no such file or folder."""
    if not source.exists() and str(source) != STANDARD_INPUT:
        raise UnreadableArticle(f"there is no file or folder {source}. Check its name.")


def record_files(source: Path) -> list[Path]:
    """The files that ``source`` stands for; raises `UnreadableArticle` when a folder has none."""
    if not source.is_dir():
        return [source]
    tables = (path for path in source.rglob("*") if ends_with(path.name, LINES + TABLES) and path.is_file())
    shown = [path for path in tables if not any(part.startswith(".") for part in path.relative_to(source).parts)]
    found = sorted([*article_files(source), *shown])
    if not found:
        raise UnreadableArticle(
            f"no articles in {source}: expected .txt, .md, .html, .jsonl or .parquet files. Name another folder."
        )
    return found


def ends_with(name: str, endings: tuple[str, ...]) -> bool:
    """Whether a file's name has one of some endings, in any case."""
    return name.lower().endswith(endings)


def _from_article(path: Path, settings: Settings) -> Record | BadRecord:
    """A file's one article, read as a suspect would be."""
    from spindetect.read.article import read_article

    try:
        return article_record(read_article(path, settings=settings), str(path.absolute()), settings)
    except SpindetectError as error:
        return BadRecord(str(path), str(error))


def article_record(article: Article, id: str, settings: Settings) -> Record:
    """The record of an article that is a file of its own; raises `UnusableRecord`."""
    fields = {"id": id, "text": article.text, "published": article.published}
    return make_record(fields, max_characters=settings.max_characters)


def from_lines(
    opened: AbstractContextManager[Bytes], name: str, columns: Mapping[str, str] | None, settings: Settings
) -> Iterator[Record | BadRecord]:
    """The records in the JSON lines of a file called ``name``, whose bytes ``opened`` gives."""
    number = 0
    try:
        with opened as stream:
            for number, line in _lines(stream, settings.max_characters * _BYTES_PER_CHARACTER):
                if line is None:
                    yield BadRecord(f"{name}, line {number}", "it is far longer than any article that is taken.")
                elif line.strip():
                    yield _from_line(line, f"{name}, line {number}", columns, settings)
    except (OSError, EOFError, zlib.error) as error:
        yield BadRecord(f"{name}, after line {number}", f"the rest cannot be read: {error}. Check the file.")


def _from_line(
    line: bytes, place: str, columns: Mapping[str, str] | None, settings: Settings
) -> Record | BadRecord:
    try:
        fields = json.loads(line)
    except RecursionError:
        return BadRecord(place, TOO_DEEP)
    except ValueError:  # Python's own reason is another one in each version
        return BadRecord(place, "it isn't JSON. Each line must be an object with an article's fields.")
    if not isinstance(fields, dict):
        return BadRecord(place, f"found a {type(fields).__name__}, expected an object with the article's fields.")
    return _made(fields, place, columns, settings)


def _made(
    fields: Mapping[str, Any], place: str, columns: Mapping[str, str] | None, settings: Settings
) -> Record | BadRecord:
    try:
        return make_record(fields, columns, settings.max_characters)
    except UnusableRecord as error:
        return BadRecord(place, str(error))


def _lines(stream: Bytes, longest: int) -> Iterator[tuple[int, bytes | None]]:
    """Each line with its number, None in place of one of more than ``longest`` bytes."""
    number = 0
    while line := stream.readline(longest + 1):
        number += 1
        if len(line) <= longest:
            yield number, line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(longest + 1)
        yield number, None


@contextmanager
def _opened(path: Path) -> Iterator[Bytes]:
    """A file's bytes, decompressed where its name says that they are compressed."""
    if path.name == STANDARD_INPUT:
        yield standard_input()
        return
    with path.open("rb") as packed, _unpacked(packed, path.name) as stream:
        yield stream


class _Sips(RawIOBase):
    """A file handed out in small pieces, so that its place says how much of it was needed: gzip reads far ahead."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        found = self._stream.read(min(len(buffer), _SIP))
        buffer[: len(found)] = found
        return len(found)


def _sipped(packed: IO[bytes], name: str) -> AbstractContextManager[Bytes]:
    """The same as `_unpacked`, reading no further than it must."""
    return _unpacked(cast(IO[bytes], _Sips(packed)) if name.lower().endswith(".gz") else packed, name)


@contextmanager
def _unpacked(packed: IO[bytes], name: str) -> Iterator[IO[bytes] | BufferedIOBase]:
    """The bytes of an open file, decompressed where its name says that they are compressed."""
    if name.lower().endswith(".gz"):
        with gzip.GzipFile(fileobj=packed) as unzipped:
            yield unzipped
    elif name.lower().endswith(".zst"):
        arrow = pyarrow_for("read a .zst file")
        with BufferedReader(arrow.CompressedInputStream(packed, "zstd"), _BLOCK) as unpacked:
            yield unpacked
    else:
        yield packed


def from_table(
    opened: AbstractContextManager[Bytes], name: str, columns: Mapping[str, str] | None, settings: Settings
) -> Iterator[Record | BadRecord]:
    """The records in the Parquet file called ``name``, whose bytes ``opened`` gives."""
    arrow = pyarrow_for("read a Parquet file")
    import pyarrow.parquet

    row = 0
    try:
        with opened as stream, pyarrow.parquet.ParquetFile(stream) as table:
            for batch in table.iter_batches(batch_size=_ROWS):
                for fields in batch.to_pylist():
                    row += 1
                    yield _made(fields, f"{name}, row {row}", columns, settings)
    except (OSError, arrow.ArrowException) as error:
        yield BadRecord(f"{name}, after row {row}", f"the rest cannot be read: {error}. Check the file.")


def pyarrow_for(purpose: str) -> Any:
    """The package pyarrow; raises `MissingExtra` when it isn't installed."""
    try:
        import pyarrow
    except ImportError as error:
        raise MissingExtra(
            f"to {purpose} takes pyarrow, which isn't installed. Run: pip install 'spindetect[parquet]'"
        ) from error
    return pyarrow
