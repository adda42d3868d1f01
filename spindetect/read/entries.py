"""The articles in a file of any format, one by one: unpacked where it is packed, bundles opened, documents read."""

from __future__ import annotations

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BufferedReader, BytesIO
from typing import Any

from spindetect.errors import MissingExtra, SpindetectError, UnreadableArticle
from spindetect.links.connection import Fetched
from spindetect.links.fetch import fetch
from spindetect.links.url import URL
from spindetect.read.decode import as_declared
from spindetect.read.files import too_long
from spindetect.read.format import HEAD, BadRecord, Bytes, Entry, Format, LeftOut, Member, Unread, weight
from spindetect.read.formats import by_media_type, by_name, format_by_content, tell_format, unpacked_name
from spindetect.read.unpacking import DAMAGED, LEAST, PACKINGS, Allowance, counted, piped, unpacked
from spindetect.settings import Settings

_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([^\s;\"']{1,40})", re.IGNORECASE)
_DECODED = frozenset({"text", "markdown", "html"})
_DEEPEST = 3  # bundles in bundles


REPORT_BUG = "report this bug"
"""The request after a fault that nobody foresaw."""
Said = Callable[[str], object]
"""Called with the reason for which a page was left out."""


def passed_over(_: str) -> None:
    """Say nothing."""


def opened(stream: Bytes, name: str, allowance: Allowance, inside: bool = False) -> tuple[Format, Bytes, str, bool]:
    """The format of a stream, the stream at its beginning and its name, and whether it is packed: then unpacked.

    ``inside`` says that it is part of a file that has the ``allowance``. A file that is packed twice is unpacked
    once. Raises `MissingExtra` for zstd without pyarrow.
    """
    head, stream = _beginning(stream)
    if head.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) and tell_format(head, name).many:  # as spreadsheets save text
        decoder, wide = getincrementaldecoder("utf-16")("replace"), stream
        head, stream = _beginning(piped(lambda size: decoder.decode(wide.read(size)).encode()))
    packing = next((kind for magic, kind in PACKINGS.items() if head.startswith(magic)), None)
    form = tell_format(head, name)
    if packing is None or form.name == "warc":  # its reader knows gzip members
        if form.packs and not inside:
            if stream.seekable():
                at = stream.tell()
                allowance.took(stream.seek(0, 2) - at)
                stream.seek(at)
            else:  # what it has is known as it is read only
                stream = counted(stream, allowance)
        return form, stream, name, form.packs
    packed = stream if inside else counted(stream, allowance)
    head, stream = _beginning(unpacked(packed, packing, allowance))
    return tell_format(head, unpacked_name(name)), stream, unpacked_name(name), True


def _beginning(stream: Bytes) -> tuple[bytes, Bytes]:
    """The first bytes of a stream, and the stream from its beginning."""
    head = b""
    while len(head) < HEAD and (more := stream.read(HEAD - len(head))):
        head += more
    if getattr(stream, "seekable", bool)() and isinstance(stream, (BufferedReader, BytesIO)):
        stream.seek(-len(head), 1)
        return head, stream
    again = BytesIO(head)
    return head, piped(lambda size: again.read(size) or stream.read(size))


def read_entries(
    stream: Bytes, name: str, max_characters: int, left_out: Said = passed_over
) -> Iterator[Entry | BadRecord]:
    """The articles in a file called ``name``, one by one; what can't be read stands in its place as a `BadRecord`.

    ``left_out`` is told why pages of a crawl are left out. Raises `MissingExtra` when the file itself takes a
    package that isn't installed.
    """
    for item in unread_entries(stream, name, max_characters, left_out):
        try:
            yield read_document(item, max_characters) if isinstance(item, Unread) else item
        except MissingExtra as error:  # one member that takes it is no reason to leave out the others
            if item.place == name:
                raise
            yield BadRecord(item.place, str(error))


def read_document(document: Unread, max_characters: int) -> Entry | BadRecord:
    """A document as an article; raises `MissingExtra` when that takes a package which isn't installed."""
    form = by_name(document.format)
    assert form.document  # noqa: S101  # whoever made it has looked
    try:
        reading = form.document(document.data, document.name, max_characters)
    except (MissingExtra, MemoryError):
        raise
    except (*DAMAGED, SpindetectError) as error:
        return BadRecord(document.place, str(error))
    except Exception as error:  # a fault of ours, or of a library, must not stop whoever reads thousands
        return BadRecord(
            document.place, f"it cannot be read ({type(error).__name__}: {error}); please {REPORT_BUG}."
        )
    if document.warnings:
        reading = replace(reading, warnings=(*document.warnings, *reading.warnings))
    return Entry(document.place, document.fields, reading)


def unread_entries(
    stream: Bytes,
    name: str,
    max_characters: int,
    left_out: Said = passed_over,
    unpack_times: int = Settings().unpack_times,
    depth: int = 0,
    allowance: Allowance | None = None,
) -> Iterator[Unread | Entry | BadRecord]:
    """The same, with documents as they are; cutting a file into its articles takes little for each."""
    place, inside, allowance = name, allowance is not None, allowance or Allowance(unpack_times)
    try:
        form, stream, name, packed = opened(stream, name, allowance, inside)
        if form.document:
            yield _unread(stream, form, place, name, max_characters)
            return
        assert form.many  # noqa: S101  # a format has one reader or the other
        if form.jumps and not stream.seekable():
            why = f"{form.title} is read from its end, which a pipe or a packed file hasn't at hand"
            raise UnreadableArticle(f"cannot read {place}: {why}. Save it as a file of its own, and name that.")
        for item in form.many(stream, place, max_characters):
            if packed:
                allowance.gave(LEAST + (weight(item) if form.packs else 0))
            elif not inside:
                allowance.took(weight(item))
            if isinstance(item, LeftOut):
                left_out(item.reason)
            elif not isinstance(item, Member):
                yield item
            elif depth >= _DEEPEST:
                yield BadRecord(
                    item.place, f"it lies in more than {_DEEPEST} archives inside each other. Unpack it."
                )
            else:
                yield from _inside(item, max_characters, left_out, depth + 1, allowance)
    except MissingExtra:
        raise
    except SpindetectError as error:
        yield BadRecord(place, str(error))
    except DAMAGED as error:
        yield BadRecord(place, f"it cannot be unpacked: {error}. Check the file.")


def _unread(stream: Bytes, form: Format, place: str, name: str, max_characters: int, **more: Any) -> Unread:
    """The document in a stream; raises `UnreadableArticle` for one that is too long."""
    largest = form.largest(max_characters)
    data = stream.read(largest + 1)
    if len(data) > largest:
        raise too_long(name, f"more than {largest:,} bytes", max_characters)
    return Unread(place, name, data, form.name, **more)


def read_member(member: Member, max_characters: int) -> Iterator[Entry | BadRecord]:
    """The articles in a file that another one holds, or that was fetched; content goes over media type and name."""
    for item in _inside(member, max_characters):
        try:
            yield read_document(item, max_characters) if isinstance(item, Unread) else item
        except MissingExtra as error:
            yield BadRecord(item.place, str(error))


def _inside(
    member: Member,
    max_characters: int,
    left_out: Said = passed_over,
    depth: int = 1,
    allowance: Allowance | None = None,
) -> Iterator[Unread | Entry | BadRecord]:
    """The same, with documents as they are."""
    head = member.data[:HEAD]
    form = by_media_type(member.media_type) if member.media_type else None
    try:
        packed = head.startswith(tuple(PACKINGS))
        if form and form.document and not packed and format_by_content(head, member.name) in (None, form):
            data, warnings = member.data, tuple[str, ...]()
            if form.name in _DECODED and (charset := _CHARSET.search(member.media_type)):
                data, warnings = as_declared(data, charset[1])
            more = {"fields": member.fields, "warnings": warnings}
            yield _unread(BytesIO(data), form, member.place, member.place, max_characters, **more)
            return
        inner = unread_entries(
            BytesIO(member.data), member.place, max_characters, left_out, depth=depth, allowance=allowance
        )
        for entry in inner:
            if member.fields and not isinstance(entry, BadRecord):
                entry = replace(entry, fields={**member.fields, **entry.fields})
            yield entry
    except SpindetectError as error:  # one member that can't be read is no reason to leave out the others
        yield BadRecord(member.place, str(error))


def link_entries(url: URL, settings: Settings) -> Iterator[Entry | BadRecord]:
    """The articles that a link leads to: one on a page, more in a feed; raises `UnreadableLink`."""
    yield from fetched_entries(fetch(url, settings), settings.max_characters)


def fetched_entries(fetched: Fetched, max_characters: int) -> Iterator[Entry | BadRecord]:
    """The articles in what was fetched, each with where and when that was, and the digest of what came."""
    address = fetched.answer.url
    fields = {"link": fetched.url.address, "fetched": fetched.when, "sha256": fetched.sha256}
    member = Member(address.address, address.file_name, fetched.body, fetched.media_type, fields)
    for entry in read_member(member, max_characters):
        if isinstance(entry, Entry) and entry.reading:
            reading = replace(
                entry.reading,
                url=entry.reading.url or address.address,
                outlet=entry.reading.outlet or address.host,
                about=replace(entry.reading.about, **fields),
            )
            entry = replace(entry, reading=reading)
        yield entry
