"""What a scan reads: the articles of its input, numbered, and the files they are in, wherever those lie."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

from spindetect.archive.inputs import (
    LINES,
    TABLES,
    BadRecord,
    Bytes,
    article_record,
    count_records,
    ends_with,
    from_lines,
    from_table,
    read_records,
    record_files,
)
from spindetect.archive.records import Record
from spindetect.errors import SpindetectError
from spindetect.read.article import article_from_bytes
from spindetect.read.files import ARTICLE_ENDINGS
from spindetect.scan.places import Far, FoundFile, Here, Place
from spindetect.settings import Settings

_BLOCK = 1 << 20  # bytes fetched at a time
_BYTES_PER_CHARACTER = 4  # what an article's file may take; see `spindetect.read.files`


def read_feed(
    source: Place, columns: Mapping[str, str] | None = None, settings: Settings | None = None
) -> Iterator[Record | BadRecord]:
    """Yield the articles in a file or folder, one by one, as `read_records` does."""
    if isinstance(source, Here):
        yield from read_records(source.path, columns, settings)
        return
    limit = settings or Settings()
    for file in feed_files(source):
        if isinstance(file.place, Far):
            yield from _read(file.place, columns, limit)


def feed_files(source: Place) -> list[FoundFile]:
    """The files that ``source`` stands for; raises `SpindetectError` when there are none."""
    if isinstance(source, Here):
        return [_found(path) for path in record_files(source.path)]
    if not source.is_folder():
        return [source.itself()]
    endings = (*LINES, *TABLES, *ARTICLE_ENDINGS)
    if found := [file for file in source.files() if ends_with(file.place.name, endings)]:
        return found
    raise SpindetectError(
        f"no articles in {source}: expected .jsonl, .parquet, .txt, .md or .html files. Name another folder."
    )


def count_feed(source: Place) -> int | None:
    """About how many articles there are; None when finding out would take reading them over a network."""
    if isinstance(source, Here):
        return count_records(source.path)
    count = 0
    for file in feed_files(source):
        if ends_with(file.place.name, LINES):
            return None
        count += _rows(file.place) if ends_with(file.place.name, TABLES) else 1
    return count


def _found(path: Path) -> FoundFile:
    try:
        stat = path.stat()
    except OSError as error:
        raise SpindetectError(f"cannot read {path}: {error.strerror}. Name a file or folder.") from error
    return FoundFile(Here(path.resolve()), stat.st_size, stat.st_mtime_ns)


def _read(file: Far, columns: Mapping[str, str] | None, settings: Settings) -> Iterator[Record | BadRecord]:
    if ends_with(file.name, LINES):
        yield from from_lines(_streamed(file), str(file), columns, settings)
    elif ends_with(file.name, TABLES):
        yield from from_table(file.opened(), str(file), columns, settings)
    else:
        yield _article(file, settings)


def _article(file: Far, settings: Settings) -> Record | BadRecord:
    """A file's one article; its URI is the id."""
    try:
        with file.opened() as stream:
            data = stream.read(_BYTES_PER_CHARACTER * settings.max_characters + 1)
        article = article_from_bytes(data, str(file), max_characters=settings.max_characters)
        return article_record(article, str(file), settings)
    except (SpindetectError, OSError) as error:
        return BadRecord(str(file), str(error))


@contextmanager
def _streamed(file: Far) -> Iterator[Bytes]:
    """A file's bytes, decompressed; pyarrow's own streams don't give lines."""
    with file.streamed() as stream, BufferedReader(stream, _BLOCK) as lines:  # type: ignore[type-var]
        yield lines


def _rows(file: Place) -> int:
    import pyarrow
    import pyarrow.parquet

    try:
        with file.opened() as stream:
            return int(pyarrow.parquet.read_metadata(stream).num_rows)
    except (OSError, pyarrow.ArrowException):
        return 0
