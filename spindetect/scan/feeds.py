"""A scan's input: its articles, numbered, and the files they are in, wherever those lie; how many there are."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from io import BufferedReader
from pathlib import Path

from spindetect.archive.inputs import RawRecord, record_files, unread_in, unread_in_file
from spindetect.errors import MissingExtra, SpindetectError, UnknownField
from spindetect.read.entries import Said, opened, passed_over
from spindetect.read.files import open_file
from spindetect.read.folders import expected_endings, list_folder
from spindetect.read.format import BadRecord
from spindetect.read.formats import by_ending
from spindetect.read.formats.tables import count_rows
from spindetect.read.unpacking import Allowance
from spindetect.scan.places import Far, FoundFile, Here, Place
from spindetect.settings import Settings

_BLOCK = 1 << 20  # bytes fetched at a time


def read_feed(
    source: Place,
    columns: Mapping[str, str] | None = None,
    settings: Settings | None = None,
    left_out: Said = passed_over,
) -> Iterator[RawRecord]:
    """Yield the articles in a file or folder, one by one, as `read_late_records` does."""
    for number, place in enumerate(feed_places(source)):
        yield from read_file(place, columns if number == 0 else None, settings, left_out, 0, source)


def read_file(
    place: Place,
    columns: Mapping[str, str] | None,
    settings: Settings | None,
    left_out: Said,
    offset: int = 0,
    source: Place | None = None,
) -> Iterator[RawRecord]:
    """The articles in one file, which ``source`` is or was found in, as `unread_in_file` gives them."""
    if isinstance(place, Here):
        folder = source.path if isinstance(source, Here) else None
        yield from unread_in_file(place.path, columns, settings, left_out, offset, folder)
    else:
        yield from _read(place, columns, settings, left_out, offset)


def feed_places(source: Place) -> list[Place]:
    """The files that ``source`` stands for, as it names them; raises `SpindetectError` when there are none."""
    if isinstance(source, Here):
        return [Here(path) for path in record_files(source.path)]
    return [file.place for file in feed_files(source)]


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
    file: Far, columns: Mapping[str, str] | None, settings: Settings | None, left_out: Said, offset: int
) -> Iterator[RawRecord]:
    """The records in a file; of one that is an article the URI is the id."""
    form = by_ending(file.name)
    try:
        # Packed data stays so for now: `unread_in` knows all packings, pyarrow's streams only some.
        with file.opened() if offset or (form and form.jumps) else file.streamed() as stream:
            buffered = BufferedReader(stream, _BLOCK)  # type: ignore[type-var]  # pyarrow's own don't give lines
            if offset:
                buffered.seek(offset)
            yield from unread_in(buffered, str(file), str(file), columns, settings, left_out)
    except (MissingExtra, UnknownField):
        raise
    except (SpindetectError, OSError) as error:
        yield BadRecord(str(file), str(error))


def _rows(file: Place) -> int:
    try:
        with file.opened() as stream:
            return count_rows(stream)
    except OSError:
        return 0


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
