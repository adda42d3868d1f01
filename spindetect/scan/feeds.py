"""What a scan reads: the articles of its input, numbered, and the files they are in, wherever those lie."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BufferedReader
from pathlib import Path

from spindetect.archive.inputs import count_records, read_late_records, record_files, records_in
from spindetect.archive.records import Record
from spindetect.errors import MissingExtra, SpindetectError
from spindetect.read.entries import Said, passed_over
from spindetect.read.folders import expected_endings
from spindetect.read.format import BadRecord, Member
from spindetect.read.formats import by_ending
from spindetect.read.formats.tables import count_rows
from spindetect.scan.places import Far, FoundFile, Here, Place
from spindetect.settings import Settings

_BLOCK = 1 << 20  # bytes fetched at a time
_ANYWHERE = frozenset({"parquet", "zip"})  # formats whose readers jump about in a file


def read_feed(
    source: Place,
    columns: Mapping[str, str] | None = None,
    settings: Settings | None = None,
    left_out: Said = passed_over,
) -> Iterator[Record | BadRecord | Member]:
    """Yield the articles in a file or folder, one by one, as `read_late_records` does."""
    settings = settings or Settings()
    if isinstance(source, Here):
        yield from read_late_records(source.path, columns, settings, left_out=left_out)
        return
    for file in feed_files(source):
        if isinstance(file.place, Far):
            yield from _read(file.place, columns, settings, left_out)


def feed_files(source: Place) -> list[FoundFile]:
    """The files that ``source`` stands for; raises `SpindetectError` when there are none."""
    if isinstance(source, Here):
        return [_found(path) for path in record_files(source.path)]
    if not source.is_folder():
        return [source.itself()]
    if found := [file for file in source.files() if by_ending(file.place.name)]:
        return found
    raise SpindetectError(f"no articles in {source}: {expected_endings()}. Name another folder.")


def count_feed(source: Place) -> int | None:
    """About how many articles there are; None when finding out would take reading them over a network."""
    if isinstance(source, Here):
        return count_records(source.path)
    count = 0
    for file in feed_files(source):
        form = by_ending(file.place.name)
        if form and form.many and form.name != "parquet":
            return None
        count += _rows(file.place) if form and form.many else 1
    return count


def _found(path: Path) -> FoundFile:
    try:
        stat = path.stat()
    except OSError as error:
        raise SpindetectError(f"cannot read {path}: {error.strerror}. Name a file or folder.") from error
    return FoundFile(Here(path.resolve()), stat.st_size, stat.st_mtime_ns)


def _read(
    file: Far, columns: Mapping[str, str] | None, settings: Settings, left_out: Said
) -> Iterator[Record | BadRecord | Member]:
    """The records in a file; of one that is an article the URI is the id."""
    form = by_ending(file.name)
    try:
        # What is packed stays so for now: `records_in` knows all packings, pyarrow's streams only some.
        with file.opened() if form and form.name in _ANYWHERE else file.streamed() as stream:
            buffered = BufferedReader(stream, _BLOCK)  # type: ignore[type-var]  # pyarrow's own don't give lines
            yield from records_in(buffered, str(file), str(file), columns, settings.max_characters, left_out)
    except MissingExtra:
        raise
    except (SpindetectError, OSError) as error:
        yield BadRecord(str(file), str(error))


def _rows(file: Place) -> int:
    try:
        with file.opened() as stream:
            return count_rows(stream)
    except OSError:
        return 0
