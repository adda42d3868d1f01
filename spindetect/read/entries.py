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
from spindetect.read.format import HEAD, BadRecord, Bytes, Entry, Format, LeftOut, Member, Reading, needed
from spindetect.read.formats import by_media_type, tell_format, told_by_content, unpacked_name

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


def read_document(stream: Bytes, form: Format, name: str, max_characters: int) -> Reading:
    """The article of a format that holds one; raises `UnreadableArticle` for what is too long or damaged."""
    assert form.document  # noqa: S101  # whoever asks has looked
    largest = form.largest(max_characters)
    data = stream.read(largest + 1)
    if len(data) > largest:
        raise too_long(name, f"more than {largest:,} bytes", max_characters)
    return form.document(data, name, max_characters)


def read_entries(
    stream: Bytes, name: str, max_characters: int, depth: int = 0, left_out: Said = passed_over
) -> Iterator[Entry | BadRecord]:
    """The articles in a file called ``name``, one by one; what can't be read stands in its place as a `BadRecord`.

    ``left_out`` is told why pages of a crawl are left out. Raises `MissingExtra` when the file itself takes a
    package that isn't installed.
    """
    place = name
    try:
        form, stream, name = opened(stream, name)
        if form.document:
            yield Entry(place, {}, read_document(stream, form, name, max_characters))
            return
    except MissingExtra:
        raise
    except (OSError, EOFError, zlib.error, lzma.LZMAError, SpindetectError) as error:
        yield BadRecord(place, str(error))
        return
    for item in _many(form, stream, place, max_characters, left_out):
        if not isinstance(item, Member):
            yield item
        elif depth >= _DEEPEST:
            yield BadRecord(item.place, f"it lies in more than {_DEEPEST} archives inside each other. Unpack it.")
        else:
            yield from read_member(item, max_characters, depth + 1)


def read_late(
    stream: Bytes, name: str, max_characters: int, left_out: Said = passed_over
) -> Iterator[Entry | BadRecord | Member]:
    """The same, but of a crawl the pages as they are, for others to read: that takes nearly all of the time."""
    head, stream = _beginning(stream)
    form = tell_format(head, name)
    if form.name != "warc":
        yield from read_entries(stream, name, max_characters)
        return
    for item in _many(form, stream, name, max_characters, left_out):
        if isinstance(item, Member) and not _is_document(item):
            yield from read_member(item, max_characters)
        else:
            yield item


def _many(
    form: Format, stream: Bytes, name: str, max_characters: int, left_out: Said
) -> Iterator[Entry | BadRecord | Member]:
    assert form.many  # noqa: S101  # a format has one reader or the other
    for item in form.many(stream, name, max_characters):
        if isinstance(item, LeftOut):
            left_out(item.reason)
        else:
            yield item


def _is_document(member: Member) -> Format | None:
    """The format of a member that is one article, as its content and then its media type say; None for others."""
    head = member.data[:HEAD]
    form = by_media_type(member.media_type) if member.media_type else None
    if form is None or not form.document or head.startswith(tuple(_PACKINGS)):
        return None
    return form if told_by_content(head, member.name) in (None, form) else None


def read_member(member: Member, max_characters: int, depth: int = 1) -> Iterator[Entry | BadRecord]:
    """The articles in a file that another one holds, or that was fetched; content goes over media type and name."""
    try:
        if form := _is_document(member):
            data, warnings = member.data, tuple[str, ...]()
            if form.name in _DECODED and (charset := _CHARSET.search(member.media_type)):
                data, warnings = as_declared(data, charset[1])
            reading = read_document(BytesIO(data), form, member.place, max_characters)
            yield Entry(member.place, member.fields, replace(reading, warnings=(*warnings, *reading.warnings)))
            return
        for entry in read_entries(BytesIO(member.data), member.place, max_characters, depth):
            yield replace(entry, fields={**member.fields, **entry.fields}) if isinstance(entry, Entry) else entry
    except SpindetectError as error:  # one member that can't be read is no reason to leave out the others
        yield BadRecord(member.place, str(error))
