"""Reading articles to archive or to scan: files of all formats and folders of them, in bounded memory.

A record that can't be read stands in its place as a `BadRecord`; the others go on.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from functools import partial
from io import BufferedReader
from itertools import chain, groupby, islice
from pathlib import Path
from typing import Any

from spindetect.archive.records import Record, UnusableRecord, document_record, make_record
from spindetect.errors import SpindetectError, UnknownField, UnreadableArticle
from spindetect.links.url import URL
from spindetect.read.entries import Said, opened, passed_over, read_late, read_member
from spindetect.read.files import STANDARD_INPUT, open_file
from spindetect.read.folders import Folder, list_folder
from spindetect.read.format import BadRecord, Bytes, Entry, Member, needed
from spindetect.read.formats import by_ending
from spindetect.read.formats.tables import count_rows
from spindetect.read.linked import link_entries
from spindetect.settings import Settings
from spindetect.workers import DIED, Fate, Pool, processes

_SAID = ("author", "modified")  # of an article beside the fields that every record has
_SIP = 1 << 13  # bytes of a packed file at a time, where it matters how many were needed
_BLOCK = 1 << 20  # bytes read at a time
_PAGE_SECONDS = 60.0  # for one page of a crawl
_FIRST = 8  # records among which a named field must be
_SAMPLE = 8 * _BLOCK  # bytes of a file from which its articles are estimated


def read_records(
    source: Path | URL,
    columns: Mapping[str, str] | None = None,
    settings: Settings | None = None,
    folder: Callable[[Folder], object] = Folder.require_some,
    left_out: Said = passed_over,
) -> Iterator[Record | BadRecord]:
    """Yield the articles in a file or folder, or those that a link leads to, one by one.

    A file may be of any of the formats in `spindetect.read.formats`. Of a file that is one article, the
    absolute path is the id, of what was fetched the address. In a folder, and those below it, all files of
    these formats are read, by path; ``folder`` is called with what it holds. ``columns`` maps our field names to
    the records' own. ``left_out`` is told why a page of a crawl is passed over.
    """
    settings = settings or Settings()
    for item in read_late_records(source, columns, settings, folder, left_out):
        yield record_of(item, columns, settings.max_characters)


def read_late_records(
    source: Path | URL,
    columns: Mapping[str, str] | None,
    settings: Settings,
    folder: Callable[[Folder], object] = Folder.require_some,
    left_out: Said = passed_over,
) -> Iterator[Record | BadRecord | Member]:
    """The same, but of a crawl the pages as they are, for `record_of` to make records of where there is time."""
    limit = settings.max_characters
    entries: Iterator[Entry | BadRecord | Member]
    if isinstance(source, URL):
        entries = link_entries(source, settings)
        entries = _with_fields(entries, str(source), columns.values()) if columns else entries
        yield from _records(entries, "", "", columns, limit)
        return
    if source.is_dir():
        found = list_folder(source)
        found.require_some()
        folder(found)
        files = found.files
    else:
        files = (source,)
    for number, path in enumerate(files):
        try:
            with open_file(path) as stream:
                entries = read_late(stream, str(path), limit, left_out)
                if columns and number == 0:
                    entries = _with_fields(entries, str(path), columns.values())
                yield from _records(entries, str(path), str(path.absolute()), columns, limit)
        except UnreadableArticle as error:
            yield BadRecord(str(path), str(error))


def record_of(
    item: Record | BadRecord | Member, columns: Mapping[str, str] | None, max_characters: int
) -> Record | BadRecord:
    """The record of a page that was left as it was; of anything else, what it is."""
    if not isinstance(item, Member):
        return item
    entry = next(read_member(item, max_characters))
    return entry if isinstance(entry, BadRecord) else _made(entry, "", "", columns, max_characters)


def records_in(
    stream: Bytes,
    name: str,
    id: str,
    columns: Mapping[str, str] | None,
    max_characters: int,
    left_out: Said = passed_over,
) -> Iterator[Record | BadRecord | Member]:
    """The records in a file called ``name``, pages of a crawl as they are; a file of one article has ``id``."""
    return _records(read_late(stream, name, max_characters, left_out), name, id, columns, max_characters)


def made_records(
    items: Iterator[Record | BadRecord | Member], columns: Mapping[str, str] | None, settings: Settings, jobs: int
) -> Iterator[Record | BadRecord]:
    """The records of items, in order; pages of a crawl are read on ``jobs`` processes (0: one on each core)."""
    count = processes(jobs)
    if count == 1:
        yield from (record_of(item, columns, settings.max_characters) for item in items)
        return
    lost = partial(_lost, limit=_PAGE_SECONDS)
    with Pool(count, _reading, (columns, settings.max_characters), lost, _PAGE_SECONDS) as pool:
        for kind, group in groupby(items, type):
            if kind is Member:
                yield from pool.of(group)
            else:
                yield from (record_of(item, columns, settings.max_characters) for item in group)


def _reading(
    columns: Mapping[str, str] | None, max_characters: int
) -> Callable[[Record | BadRecord | Member], Record | BadRecord]:
    return partial(record_of, columns=columns, max_characters=max_characters)


def _lost(item: Record | BadRecord | Member, fate: Fate, limit: float) -> BadRecord:
    place = item.id if isinstance(item, Record) else item.place
    return BadRecord(place, f"{DIED}." if fate == "died" else f"it took more than {limit:g} seconds to read.")


def _records(
    entries: Iterator[Entry | BadRecord | Member],
    name: str,
    id: str,
    columns: Mapping[str, str] | None,
    max_characters: int,
) -> Iterator[Record | BadRecord | Member]:
    for entry in entries:
        yield _made(entry, name, id, columns, max_characters) if isinstance(entry, Entry) else entry


def _with_fields(
    entries: Iterator[Entry | BadRecord | Member], name: str, columns: Collection[str]
) -> Iterator[Entry | BadRecord | Member]:
    """The entries as they are; raises `UnknownField` when none of the first ones has a field that was named."""
    first = list(islice(entries, _FIRST))
    found = dict.fromkeys(key for entry in first if not isinstance(entry, BadRecord) for key in entry.fields)
    unknown = [column for column in columns if column not in found]
    if found and unknown:
        raise UnknownField(
            f"no record of {name} has a field {unknown[0]!r}; they have {', '.join(map(repr, found))}. "
            "Check --field."
        )
    return chain(first, entries)


def _made(
    entry: Entry, name: str, id: str, columns: Mapping[str, str] | None, max_characters: int
) -> Record | BadRecord:
    try:
        if entry.reading is None:
            return make_record(entry.fields, columns, max_characters)
        known = {
            "id": id + entry.place.removeprefix(name),  # a file in a bundle goes by its place in it
            "published": entry.reading.published,
            "title": entry.reading.title,
            "url": entry.reading.url,
            "outlet": entry.reading.outlet,
            **{name: value for name in _SAID if (value := getattr(entry.reading.about, name))},
        }
        return document_record(entry.reading.text, {**known, **entry.fields})
    except UnusableRecord as error:
        return BadRecord(entry.place, str(error))


def count_records(source: Path) -> int:
    """About how many articles a file or folder has, for a progress bar; what can't be read isn't counted.

    Of a large file of lines the beginning is read, and the rest is taken to be like it.
    """
    files = list_folder(source).files if source.is_dir() else (source,)
    return sum(map(_count_in, files))


def _count_in(path: Path) -> int:
    form = by_ending(path.name)
    if form and form.name == "jsonl":
        return _count_lines(path)
    if form is None or form.name != "parquet":
        return 1
    with suppress(OSError), path.open("rb") as stream:
        return count_rows(stream)
    return 0


def _count_lines(path: Path) -> int:
    """Lines of a file; of one of more than `_SAMPLE` bytes as many as there are if all are about as long."""
    count = 0
    with (
        suppress(OSError, EOFError, zlib.error, SpindetectError),
        _Sips(path.open("rb", buffering=0), _SIP) as packed,
    ):
        _, stream, _ = opened(packed, path.name)
        seen = 0
        while seen < _SAMPLE:
            block = stream.read(_BLOCK)
            if not block:
                return count
            seen += len(block)
            count += block.count(b"\n")
        return count * path.stat().st_size // max(1, packed.tell())
    return count


class _Sips(BufferedReader):
    """A file handed out in small pieces, so that its place says how much of it was needed: gzip reads far ahead."""

    def read(self, size: int | None = -1, /) -> bytes:
        """At most `_SIP` bytes."""
        return self.read1(_SIP if size is None or size < 0 else min(size, _SIP))


def check_there(source: Path) -> None:
    """Raise `UnreadableArticle` when there is no such file or folder."""
    if not source.exists() and str(source) != STANDARD_INPUT:
        raise UnreadableArticle(f"there is no file or folder {source}. Check its name.")


def record_files(source: Path) -> list[Path]:
    """The files that ``source`` stands for; raises `UnreadableArticle` when a folder has none."""
    if not source.is_dir():
        return [source]
    found = list_folder(source)
    found.require_some()
    return list(found.files)


def pyarrow_for(purpose: str) -> Any:
    """The package pyarrow; raises `MissingExtra` when it isn't installed."""
    return needed("pyarrow", purpose, "parquet")
