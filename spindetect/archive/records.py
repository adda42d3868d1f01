"""An archived article: a text with its id, title, URL, time, outlet and all other fields that came with it."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import blake2b
from typing import Any

from spindetect.errors import SpindetectError
from spindetect.read.fields import DEEPEST, FIELDS, TOO_DEEP, named_fields, plain_text
from spindetect.read.times import parse_time

# Bytes of a record before it is compressed: 30 MB of JSON lines are 90 MB when all is escaped. What says that it is
# longer, a few kilobytes may, was made to fill the memory.
_LARGEST = 200_000_000
LONGEST_FIELD = 20_000  # characters of an id, a title, an address: what is longer is no such thing
_LONGEST_SHOWN = 80
_LONGEST_MESSAGE = 2_000
_PACKED_LEVEL = 1  # zlib's fastest: level 6 saves another tenth and takes three times as long


class UnusableRecord(SpindetectError):
    """A record can't be archived: it has no text, or a field of a wrong type."""


@dataclass(frozen=True, slots=True)
class Record:
    """An article as it is archived; ``text`` is None when the archive was told not to keep it.

    ``published`` is as the record had it (see `spindetect.read.times.parse_time`), ``other``
    holds the fields that spindetect has no use for itself; ``digest`` is that of the text.
    """

    id: str
    text: str | None
    title: str | None = None
    url: str | None = None
    published: str | None = None
    outlet: str | None = None
    other: Mapping[str, Any] = field(default_factory=dict)
    digest: int = 0

    @property
    def name(self) -> str:
        """The article's name in a report: its title with its id, or the id alone."""
        return f"{self.title} ({self.id})" if self.title and self.title != self.id else self.id

    def to_dict(self) -> dict[str, Any]:
        """Its fields as plain data, unknown ones included, what is missing left out."""
        known = {name: getattr(self, name) for name in FIELDS}
        return {**self.other, **{name: value for name, value in known.items() if value is not None}}


def make_record(
    fields: Mapping[str, Any], columns: Mapping[str, str] | None = None, max_characters: int = 5_000_000
) -> Record:
    """The record in some fields; ``columns`` says under which names to look for those of `FIELDS`.

    Fields that ``columns`` doesn't name are looked for under our names, then under those that others use. Of a
    text that is HTML, what it shows is kept. Without an id, the URL is the id, and without a URL the text's
    digest. Raises `UnusableRecord` when there is no text, or a field isn't what it must be.
    """
    named = named_fields(fields, columns)
    text = plain_text(_text(fields, named["text"], max_characters))
    return _record(fields, named, text)


def document_record(text: str, fields: Mapping[str, Any]) -> Record:
    """The record of an article that was a document of its own, with what else is known of it under our names.

    Raises `UnusableRecord` when it has no text.
    """
    return _record(fields, {name: name for name in FIELDS}, text)


def _record(fields: Mapping[str, Any], named: Mapping[str, str], text: str) -> Record:
    if not text.strip():
        raise UnusableRecord(f"its {named['text']!r} is empty, so there is nothing to archive.")
    values = {name: _string(fields, column) for name, column in named.items() if name != "text"}
    used = frozenset(named.values())
    digest = content_digest(text)
    values["id"] = values["id"] or values["url"] or f"{digest & (2**64 - 1):016x}"
    other = {name: value for name, value in fields.items() if name not in used and value is not None}
    inside: list[Any] = list(other.values())
    for _ in range(DEEPEST):
        if not inside:
            break
        inside = [
            one
            for value in inside
            if isinstance(value, (dict, list, tuple))
            for one in (value.values() if isinstance(value, dict) else value)
        ]
    if inside:  # packing them would overrun the stack
        raise UnusableRecord(TOO_DEEP)
    return Record(text=text, other=other, digest=digest, **values)  # type: ignore[arg-type]


def _text(fields: Mapping[str, Any], column: str, max_characters: int) -> str:
    text = fields.get(column)
    if text is None:
        has = ", ".join(shortened(repr(name), _LONGEST_SHOWN) for name in list(fields)[:12]) or "nothing"
        if column in fields:
            raise UnusableRecord(f"its {column!r} is null, so there is no text; it has {has}.")
        raise UnusableRecord(f"there is no field {column!r}; it has {has}. Say which holds it: --field text=NAME.")
    if not isinstance(text, str):
        raise UnusableRecord(f"its {column!r} is a {type(text).__name__}, but must be a string.")
    _check_length(text, max_characters)
    return text


def check_length(fields: Mapping[str, Any], columns: Mapping[str, str], max_characters: int) -> None:
    """Raise `UnusableRecord` for fields whose text is too long."""
    text = fields.get(named_fields(fields, columns)["text"])
    _check_length(text if isinstance(text, str) else "", max_characters)


def _check_length(text: str, max_characters: int) -> None:
    if len(text) > max_characters:
        raise UnusableRecord(f"its text has {len(text):,} characters, and at most {max_characters:,} are taken.")


def _string(fields: Mapping[str, Any], column: str) -> str | None:
    """A field as a string: numbers and times are written out; None where it is missing or blank."""
    value = fields.get(column)
    if value is None:
        return None
    if type(value) is not str and isinstance(value, Mapping) and isinstance(value.get("name"), str):
        value = value["name"]  # as schema.org and NewsAPI have outlets
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise UnusableRecord(f"its {column!r} is a {type(value).__name__}, but must be a string or a number.")
    if isinstance(value, str) and len(value) > LONGEST_FIELD:
        raise UnusableRecord(
            f"its {column!r} has {len(value):,} characters, and at most {LONGEST_FIELD:,} are taken."
        )
    return str(value).strip() or None


def shortened(text: str, longest: int = _LONGEST_MESSAGE) -> str:
    """A text for a message, cut where it is longer than one should be."""
    return text if len(text) <= longest else f"{text[:longest]}..."


def content_digest(text: str) -> int:
    """64 bits that stand for a text, white space apart, as the signed number that SQLite keeps."""
    return hashed(" ".join(text.split()))


def hashed(text: str) -> int:
    """64 bits that stand for a string, as a signed number. Of a million strings, no two are likely to agree."""
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def earliest(records: Sequence[Record]) -> Record:
    """The record published earliest, as far as that is known; the first of those that say nothing else."""
    best, known = records[0], parse_time(records[0].published)
    for record in records[1:]:
        moment = parse_time(record.published)
        if moment and (known is None or moment.last < known.first):
            best, known = record, moment
    return best


def pack(record: Record, keep_text: bool) -> bytes:
    """A record as compressed bytes, with its text or without."""
    fields = {
        **{name: value for name in FIELDS if (value := getattr(record, name)) is not None},
        "digest": record.digest,
        "other": record.other,
    }
    if not keep_text:
        del fields["text"]
    packed = json.dumps(fields, default=_plain).encode("ascii")
    if len(packed) > _LARGEST:
        raise UnusableRecord(
            f"with all its fields it has {len(packed):,} bytes, and at most {_LARGEST:,} are taken."
        )
    return zlib.compress(packed, _PACKED_LEVEL)


def unpack(packed: bytes) -> Record:
    """The record in compressed bytes; raises ``zlib.error`` or ``ValueError`` when they aren't a whole one."""
    stream = zlib.decompressobj()
    unpacked = stream.decompress(packed, _LARGEST)
    if not stream.eof or stream.unused_data:
        raise ValueError("it isn't as long as it was when it was added")
    try:
        return _checked(Record(**{"text": None, **json.loads(unpacked)}))
    except (TypeError, RecursionError) as error:
        raise ValueError("it isn't a record") from error


def _checked(record: Record) -> Record:
    """The record; raises ``TypeError`` when a field isn't what it must be."""
    optional = (record.text, record.title, record.url, record.published, record.outlet)
    if (
        type(record.id) is not str
        or type(record.digest) is not int
        or type(record.other) is not dict
        or not all(value is None or type(value) is str for value in optional)
    ):
        raise TypeError("a field isn't what it must be")
    return record


def _plain(value: object) -> str:
    """Values for which JSON has no form, as Parquet's times, numbers and bytes, written out."""
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
