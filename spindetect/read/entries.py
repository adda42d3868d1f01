"""The articles in a file of any format, one by one: unpacked where it is packed, bundles opened, documents read."""

from __future__ import annotations

import bz2
import gzip
import lzma
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BufferedReader, BytesIO, RawIOBase
from typing import IO, Any, cast

from spindetect.errors import MissingExtra, SpindetectError
from spindetect.read.decode import as_declared
from spindetect.read.files import too_long
from spindetect.read.format import HEAD, BadRecord, Bytes, Entry, Format, LeftOut, Member, Unread, needed
from spindetect.read.formats import by_media_type, by_name, tell_format, told_by_content, unpacked_name

_BLOCK = 1 << 16
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([^\s;\"']{1,40})", re.IGNORECASE)
_DECODED = frozenset({"text", "markdown", "html"})
_DEEPEST = 3  # bundles in bundles
_PACKINGS = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ\x00": "xz", b"\x28\xb5\x2f\xfd": "zstd"}


Said = Callable[[str], object]
"""Called with the reason for which a page was left out."""


def passed_over(_: str) -> None:
    """Say nothing."""


class Rewound(RawIOBase):
    """A stream whose beginning was read already, from its beginning."""

    def __init__(self, head: bytes, stream: Bytes) -> None:
        self._head, self._stream = head, stream

    def readable(self) -> bool:
        """True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer, first with what was read already."""
        found = self._head[: len(buffer)] if self._head else self._stream.read(len(buffer))
        self._head = self._head[len(found) :]
        buffer[: len(found)] = found
        return len(found)


def opened(stream: Bytes, name: str) -> tuple[Format, Bytes, str]:
    """The format of a stream, the stream at its beginning, unpacked if it is packed, and its name without that.

    What is packed twice isn't unpacked twice. Raises `MissingExtra` for zstd without pyarrow.
    """
    head, stream = _beginning(stream)
    packing = next((kind for magic, kind in _PACKINGS.items() if head.startswith(magic)), None)
    if packing is None or tell_format(head, name).name == "warc":  # its reader knows gzip members
        return tell_format(head, name), stream, name
    head, stream = _beginning(_unpacking(stream, packing))
    return tell_format(head, unpacked_name(name)), stream, unpacked_name(name)


def _beginning(stream: Bytes) -> tuple[bytes, Bytes]:
    """The first bytes of a stream, and the stream from its beginning."""
    head = b""
    while len(head) < HEAD and (more := stream.read(HEAD - len(head))):
        head += more
    if getattr(stream, "seekable", bool)() and isinstance(stream, (BufferedReader, BytesIO)):
        stream.seek(-len(head), 1)
        return head, stream
    return head, BufferedReader(Rewound(head, stream), _BLOCK)


def _unpacking(stream: Bytes, packing: str) -> Bytes:
    if packing == "gzip":
        return cast(Bytes, gzip.GzipFile(fileobj=stream))
    if packing == "bzip2":
        return cast(Bytes, bz2.BZ2File(stream))
    if packing == "xz":
        return cast(Bytes, lzma.LZMAFile(cast(IO[bytes], stream)))
    arrow = needed("pyarrow", "read a .zst file", "parquet")
    return BufferedReader(arrow.CompressedInputStream(stream, "zstd"), _BLOCK)


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
    except MissingExtra:
        raise
    except (OSError, EOFError, zlib.error, lzma.LZMAError, SpindetectError) as error:
        return BadRecord(document.place, str(error))
    reading = replace(reading, warnings=(*document.warnings, *reading.warnings))
    return Entry(document.place, document.fields, reading)


def unread_entries(
    stream: Bytes, name: str, max_characters: int, left_out: Said = passed_over, depth: int = 0
) -> Iterator[Unread | Entry | BadRecord]:
    """The same, with documents as they are; cutting a file into its articles takes little for each."""
    place = name
    try:
        form, stream, name = opened(stream, name)
        if form.document:
            yield _unread(stream, form, place, name, max_characters)
            return
    except MissingExtra:
        raise
    except (OSError, EOFError, zlib.error, lzma.LZMAError, SpindetectError) as error:
        yield BadRecord(place, str(error))
        return
    assert form.many  # noqa: S101  # a format has one reader or the other
    for item in form.many(stream, place, max_characters):
        if isinstance(item, LeftOut):
            left_out(item.reason)
        elif not isinstance(item, Member):
            yield item
        elif depth >= _DEEPEST:
            yield BadRecord(item.place, f"it lies in more than {_DEEPEST} archives inside each other. Unpack it.")
        else:
            yield from _inside(item, max_characters, left_out, depth + 1)


def _unread(stream: Bytes, form: Format, place: str, name: str, max_characters: int) -> Unread:
    """The document in a stream; raises `UnreadableArticle` for one that is too long."""
    largest = form.largest(max_characters)
    data = stream.read(largest + 1)
    if len(data) > largest:
        raise too_long(name, f"more than {largest:,} bytes", max_characters)
    return Unread(place, name, data, form.name)


def read_member(member: Member, max_characters: int) -> Iterator[Entry | BadRecord]:
    """The articles in a file that another one holds, or that was fetched; content goes over media type and name."""
    for item in _inside(member, max_characters):
        try:
            yield read_document(item, max_characters) if isinstance(item, Unread) else item
        except MissingExtra as error:
            yield BadRecord(item.place, str(error))


def _inside(
    member: Member, max_characters: int, left_out: Said = passed_over, depth: int = 1
) -> Iterator[Unread | Entry | BadRecord]:
    """The same, with documents as they are."""
    head = member.data[:HEAD]
    form = by_media_type(member.media_type) if member.media_type else None
    try:
        packed = head.startswith(tuple(_PACKINGS))
        if form and form.document and not packed and told_by_content(head, member.name) in (None, form):
            data, warnings = member.data, tuple[str, ...]()
            if form.name in _DECODED and (charset := _CHARSET.search(member.media_type)):
                data, warnings = as_declared(data, charset[1])
            document = _unread(BytesIO(data), form, member.place, member.place, max_characters)
            yield replace(document, fields=member.fields, warnings=warnings)
            return
        for entry in unread_entries(BytesIO(member.data), member.place, max_characters, left_out, depth):
            yield (
                entry if isinstance(entry, BadRecord) else replace(entry, fields={**member.fields, **entry.fields})
            )
    except SpindetectError as error:  # one member that can't be read is no reason to leave out the others
        yield BadRecord(member.place, str(error))
