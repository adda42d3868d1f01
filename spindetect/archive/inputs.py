"""Reading articles to archive or to scan: files of all formats and folders of them, in bounded memory.

A record that can't be read stands in its place as a `BadRecord`; the others go on.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import chain, groupby, islice
from pathlib import Path
from typing import Any

from spindetect.archive.records import (
    LONGEST_FIELD,
    Record,
    UnusableRecord,
    check_length,
    document_record,
    make_record,
    shortened,
)
from spindetect.errors import UnknownField, UnreadableArticle, needed
from spindetect.links.url import URL
from spindetect.read.entries import Said, link_entries, passed_over, read_document, unread_entries
from spindetect.read.fields import named_fields
from spindetect.read.files import STANDARD_INPUT, open_file
from spindetect.read.folders import Folder, list_folder
from spindetect.read.format import BadRecord, Bytes, Entry, Unread, weight
from spindetect.read.formats import by_name
from spindetect.settings import Settings
from spindetect.worker_life import Fate, Limits
from spindetect.workers import Pool, processes

_SAID = ("author", "modified")  # of an article beside the fields that every record has
RawRecord = Unread | Entry | BadRecord | Record

_SHORT = 1 << 14  # bytes of a text, a page or a mail
_LONG = 1 << 18  # bytes of a record's fields
_FIRST = 8  # records among which a named field must be
_OUTLINE = ("id", "title", "url", "published", "outlet")


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
    limit = (settings or Settings()).max_characters
    for entry in read_late_records(source, columns, settings, folder, left_out):
        yield record_of(entry, columns, limit)


def read_late_records(
    source: Path | URL,
    columns: Mapping[str, str] | None = None,
    settings: Settings | None = None,
    folder: Callable[[Folder], object] = Folder.require_some,
    left_out: Said = passed_over,
) -> Iterator[RawRecord]:
    """The same before they are read, which `record_of` does: what is left to do for each is independent."""
    if isinstance(source, URL):
        entries: Iterator[RawRecord] = link_entries(source, settings or Settings())
        for entry in _with_fields(entries, str(source), columns.values()) if columns else entries:
            yield _identified(entry, "", "")
        return
    if source.is_dir():
        found = list_folder(source)
        found.require_some()
        folder(found)
        files = found.files
    else:
        files = (source,)
    for number, path in enumerate(files):
        yield from unread_in_file(path, columns if number == 0 else None, settings, left_out, 0, source)


def unread_in_file(
    path: Path,
    columns: Mapping[str, str] | None,
    settings: Settings | None = None,
    left_out: Said = passed_over,
    offset: int = 0,
    found_in: Path | None = None,
) -> Iterator[RawRecord]:
    """The unread articles in one file; raises `UnknownField` for ``columns`` that its first ones don't have.

    Of a crawl, those from the record at ``offset`` on; of a file that was ``found_in`` a folder, none if it has
    become something else since.
    """
    try:
        with open_file(path, found_in if found_in != path else None) as stream:
            if offset:
                stream.seek(offset)
            yield from unread_in(stream, str(path), str(path.absolute()), columns, settings, left_out)
    except UnreadableArticle as error:
        yield BadRecord(str(path), str(error))


def unread_in(
    stream: Bytes,
    name: str,
    id: str,
    columns: Mapping[str, str] | None,
    settings: Settings | None = None,
    left_out: Said = passed_over,
) -> Iterator[RawRecord]:
    """The unread articles in a file called ``name``; one that is a document of its own has an id made of ``id``."""
    settings = settings or Settings()
    limit = settings.max_characters
    entries = unread_entries(stream, name, limit, left_out, settings.unpack_times)
    for entry in _with_fields(entries, name, columns.values()) if columns else entries:
        found = _identified(entry, name, id)
        yield _within(found, columns or {}, limit) if isinstance(found, Entry) else found


def _identified(entry: RawRecord, name: str, id: str) -> RawRecord:
    """A document with an id of its own: that of the file, and its place in it if that is a bundle."""
    if isinstance(entry, Unread):
        return replace(entry, id=id + entry.place.removeprefix(name))
    if isinstance(entry, Entry) and entry.reading:
        return replace(entry, fields={"id": id + entry.place.removeprefix(name), **entry.fields})
    return entry


def _within(entry: Entry, columns: Mapping[str, str], limit: int) -> Entry | BadRecord:
    """The entry, or what is wrong with it: a text that is too long isn't sent about to be refused elsewhere."""
    try:
        check_length(entry.fields, columns, limit)
    except UnusableRecord as error:
        return BadRecord(entry.place, str(error))
    return entry


def record_of(entry: RawRecord, columns: Mapping[str, str] | None, max_characters: int) -> Record | BadRecord:
    """The record that an entry is, once it is read."""
    id = entry.id if isinstance(entry, Unread) else None
    if isinstance(entry, Unread):
        entry = read_document(entry, max_characters)
    if isinstance(entry, BadRecord | Record):
        return entry
    try:
        if entry.reading is None:
            return make_record(entry.fields, columns, max_characters)
        known = {
            "id": id,
            "published": entry.reading.published,
            "title": entry.reading.title,
            "url": entry.reading.url,
            "outlet": entry.reading.outlet,
            **{name: value for name in _SAID if (value := getattr(entry.reading.about, name))},
        }
        return document_record(entry.reading.text, {**known, **entry.fields})
    except UnusableRecord as error:
        return BadRecord(entry.place, str(error))


def made_records(
    items: Iterator[RawRecord], columns: Mapping[str, str] | None, settings: Settings, jobs: int, limits: Limits
) -> Iterator[Record | BadRecord]:
    """The records of what was cut out of files, in order, read on ``jobs`` processes (0: one on each core).

    Each has its ``limits`` of time and memory. Short texts and pages are read here, as that takes less than to send
    them, and there is little in them that takes long.
    """

    def lost(item: RawRecord, fate: Fate) -> BadRecord:
        outline = outlined(item, columns)
        return BadRecord(outline.id if isinstance(outline, Record) else outline.place, limits.reason(fate))

    read = partial(record_of, columns=columns, max_characters=settings.max_characters)
    pool: Pool[RawRecord, Record | BadRecord] = Pool(
        processes(jobs), partial, (read,), lost, limits.seconds, limits.bytes, weight
    )
    with pool:
        for heavy, group in groupby(items, is_heavy):
            if heavy:
                yield from pool.of(group)
            else:
                yield from map(read, group)


def is_heavy(item: RawRecord) -> bool:
    """Whether reading may take long, or much memory: documents that pack something, and whatever is long."""
    if isinstance(item, Unread):
        return not by_name(item.format).light or weight(item) > _SHORT
    return isinstance(item, Entry) and weight(item) > _LONG


def outlined(entry: RawRecord, columns: Mapping[str, str] | None) -> Record | BadRecord:
    """The fields of an entry that isn't read yet, as a record without its text; it may lack even its id."""
    if isinstance(entry, BadRecord | Record):
        return entry
    if isinstance(entry, Unread):
        id, url = str(entry.fields.get("id") or entry.id), entry.fields.get("url")
        return Record(id, None, url=url, other=entry.fields) if id else BadRecord(entry.place, "")
    named = named_fields(entry.fields, columns)
    said = {
        name: str(value)
        for name in _OUTLINE
        if (value := entry.fields.get(named[name])) and len(str(value)[: LONGEST_FIELD + 1]) <= LONGEST_FIELD
    }
    if "id" not in said:
        return BadRecord(entry.place, "")
    return Record(said["id"], None, said.get("title"), said.get("url"), said.get("published"), said.get("outlet"))


def _with_fields(entries: Iterator[RawRecord], name: str, columns: Collection[str]) -> Iterator[RawRecord]:
    """The entries as they are; raises `UnknownField` when none of the first ones has a field that was named."""
    first = list(islice(entries, _FIRST))
    found = dict.fromkeys(key for entry in first if isinstance(entry, Entry) for key in entry.fields)
    unknown = [column for column in columns if column not in found]
    if found and unknown:
        listed = ", ".join(shortened(repr(name), 80) for name in islice(found, 50))
        raise UnknownField(f"no record of {name} has a field {unknown[0]!r}; they have {listed}. Check --field.")
    return chain(first, entries)


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
