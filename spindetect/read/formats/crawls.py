"""Crawls of the web (WARC and WET), by warcio, which streams and knows records in gzip members of their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from spindetect.errors import needed
from spindetect.read.first_pass import not_worth_reading
from spindetect.read.format import DOCUMENT_BYTES_PER_CHARACTER, BadRecord, Bytes, Format, LeftOut, Member
from spindetect.read.unpacking import DAMAGED

_HTML = ("text/html", "application/xhtml+xml")
_FEEDS = ("application/rss+xml", "application/atom+xml", "application/xml", "text/xml", "application/json")
_PAGES = frozenset({*_HTML, *_FEEDS, "text/plain", "application/pdf"})
_OFF = 4  # bytes by which programs get the length of a record wrong


class _Beyond(list[bytes]):
    """What follows records beyond the length that they declare; in the place of a text that warcio prints."""

    def format(self, _: int, line: bytes) -> str:
        """Keep what follows a record, and give nothing to be printed."""
        self.append(line.strip())
        return ""


def read_crawl(stream: Bytes, name: str, max_characters: int) -> Iterator[Member | BadRecord | LeftOut]:
    """The pages in a crawl, each with its address and its place in the file; what isn't a page is passed over.

    So are pages without an English article, as far as a fast look tells. The stream may stand at any record.
    """
    archive = needed("warcio.archiveiterator", "read a web crawl", "documents")
    exceptions = needed("warcio.exceptions", "read a web crawl", "documents")
    largest = DOCUMENT_BYTES_PER_CHARACTER * max_characters
    offset = 0
    try:
        records = archive.ArchiveIterator(stream)
        beyond = records.INC_RECORD = _Beyond()
        headers = records.loader.load_http_headers  # which takes it for granted that a record has an address
        records.loader.load_http_headers = lambda kind, address, *rest: headers(kind, address or "http:", *rest)
        for record in records:
            if media_type := _page_type(record):
                try:
                    data, unread = _payload(record, largest + 1), ""
                except (MemoryError, OSError):
                    raise
                except Exception as error:  # warcio raises a bare one for an encoding that it doesn't know
                    data, unread = b"", f"it cannot be decoded ({error})."
                offset = records.get_record_offset()  # which reads to the record's end
                address = record.rec_headers.get_header("WARC-Target-URI") or f"byte {offset}"
                place = f"{name}, byte {offset} ({address})"
                if getattr(record.raw_stream, "limit", 0) > _OFF:
                    unread = "the file ends within it."
                if any(len(line) > _OFF for line in beyond):
                    unread = "its length isn't the one that it declares, so a part of it or of the next is lost."
                beyond.clear()
                if unread:
                    yield BadRecord(place, unread)
                elif len(data) > largest:
                    yield BadRecord(place, "it is far longer than any article that is taken.")
                elif media_type.startswith(_HTML) and (reason := not_worth_reading(data)):
                    yield LeftOut(reason)
                else:
                    yield Member(place, "", data, media_type, _fields(record, offset, address, name))
    except (*DAMAGED, ValueError, exceptions.ArchiveLoadFailed) as error:
        yield BadRecord(f"{name}, after byte {offset}", f"the rest cannot be read: {error}. Check the file.")


def _payload(record: Any, most: int) -> bytes:
    """At most so many bytes of a record's content, decoded; warcio 1.8 can't drive brotli 1.2."""
    encoding = record.http_headers.get_header("Content-Encoding") if record.http_headers else None
    if (encoding or "").strip().lower() != "br":
        return bytes(record.content_stream().read(most))
    brotli = needed("brotli", "read a page that was sent as brotli", "documents")
    decoder, data = brotli.Decompressor(), bytearray()
    while len(data) < most and not decoder.is_finished() and (packed := record.raw_stream.read(1 << 14)):
        data += decoder.process(packed, output_buffer_limit=most)
    return bytes(data[:most])


def _page_type(record: Any) -> str:
    """The media type of a record that is a page which was there, "" for any other record."""
    if record.rec_type == "conversion":
        return "text/plain"
    if record.rec_type == "resource":
        found = record.rec_headers.get_header("Content-Type") or ""
    elif record.rec_type == "response" and record.http_headers and record.http_headers.get_statuscode() == "200":
        found = record.http_headers.get_header("Content-Type") or ""
    else:
        return ""
    return found if found.partition(";")[0].strip().lower() in _PAGES else ""


def _fields(record: Any, offset: int, address: str, name: str) -> dict[str, Any]:
    return {
        "id": address,
        "url": address,
        "warc_file": name,
        "warc_offset": offset,
        "warc_record_id": record.rec_headers.get_header("WARC-Record-ID"),
        "warc_date": record.rec_headers.get_header("WARC-Date"),
    }


ROWS = (
    Format(name="warc", title="a web crawl (WARC or WET)", endings=(".warc", ".warc.gz", ".wet", ".wet.gz"),
           media_types=("application/warc",),
           kept="the main text of each page, its address and its place in the file", many=read_crawl,
           magic=(b"WARC/1.",), extra="documents", packs=True),
)  # fmt: skip
