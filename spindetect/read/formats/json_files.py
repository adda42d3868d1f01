"""JSON: lines, arrays, single articles, and the answers of news services; values are read one at a time."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any

from spindetect.read.fields import TOO_DEEP, flattened, named_fields
from spindetect.read.format import RECORD_BYTES_PER_CHARACTER, BadRecord, Bytes, Entry, Format
from spindetect.read.unpacking import DAMAGED

_LINES = (".jsonl", ".ndjson")
_BLOCK = 1 << 18
_LARGEST = 1 << 26  # bytes of one value: the answer of a service; a longer file has an array or lines
_DEEPEST = 4  # objects in which the list of articles is looked for
_BEGINNING = re.compile(rb'(?:\xef\xbb\xbf)?[\s\x1e]*(?:\[\s*)?\{\s*(?:"[^"\r\n]{1,100}"\s*:|\})')
# Before values also commas, separators of records (RFC 7464), marks of joined files, and a disk's empty blocks.
_SPACE = re.compile(r"[\s,\x1e\0\ufeff]*")
_DECODER = json.JSONDecoder(strict=False)


def read_lines(stream: Bytes, name: str, max_characters: int) -> Iterator[Entry | BadRecord]:
    """The records in JSON lines, each with its line's number; a line may have several."""
    longest = max_characters * RECORD_BYTES_PER_CHARACTER
    number = 0
    try:
        while line := stream.readline(longest + 1):
            number += 1
            place = f"{name}, line {number}"
            if len(line) > longest:
                while line and not line.endswith(b"\n"):
                    line = stream.readline(longest + 1)
                yield BadRecord(place, "it is far longer than any article that is taken.")
            else:
                try:
                    records = _on_line(line)
                except RecursionError:
                    yield BadRecord(place, TOO_DEEP)
                except ValueError:  # Python's own reason is another one in each version
                    yield BadRecord(place, "it isn't JSON. Each line must be an object with an article's fields.")
                else:
                    yield from (_entry(fields, place) for fields in records)
    except DAMAGED as error:
        yield BadRecord(f"{name}, after line {number}", f"the rest cannot be read: {error}. Check the file.")


def _on_line(line: bytes) -> list[Any]:
    """The values on a line, in Windows-1252 where it isn't UTF-8. Raises ``ValueError`` where one isn't JSON."""
    try:
        text = line.decode()
    except UnicodeDecodeError:
        text = line.decode("cp1252", "replace")
    values: list[Any] = []
    at = 0
    while (at := _SPACE.match(text, at).end()) < len(text):  # type: ignore[union-attr]  # it matches anything
        value, at = _DECODER.raw_decode(text, at)
        values += value if isinstance(value, list) and all(isinstance(one, dict) for one in value) else [value]
    return values


def _entry(fields: Any, place: str) -> Entry | BadRecord:
    if not isinstance(fields, dict):
        return BadRecord(place, f"found a {type(fields).__name__}, expected an object with the article's fields.")
    return Entry(place, flattened(fields))


def read_json(stream: Bytes, name: str, max_characters: int) -> Iterator[Entry | BadRecord]:
    """The articles in a JSON file: an array's items, those in a service's answer, one object, or lines of them."""
    longest = max(_LARGEST, max_characters * RECORD_BYTES_PER_CHARACTER)
    number = 0
    try:
        for in_array, value in _Values(stream, longest):
            if in_array and isinstance(value, dict) and "@type" in value and not _has_text(value):
                number += 1
                continue  # of linked data, whatever isn't an article
            for fields in [value] if in_array else _articles(value):
                number += 1
                yield _entry(fields, f"{name}, item {number}")
    except RecursionError:
        yield BadRecord(f"{name}, after item {number}", TOO_DEEP)
    except (*DAMAGED, ValueError) as error:
        yield BadRecord(f"{name}, after item {number}", f"the rest cannot be read: {error}. Check the file.")


def _articles(value: Any) -> list[Any]:
    """The articles in a value that stands for itself: it, or the first list of objects that have a text."""
    if not isinstance(value, dict) or _has_body(value):
        return [value]
    if _has_body(own := flattened(value)) and own.keys() <= value.keys():  # not what is in one of its fields
        return [value]
    level: list[Any] = [value]
    emptied = False
    for _ in range(_DEEPEST):
        for one in level:
            if isinstance(one, list):
                items = list(map(_source, one))
                emptied |= not items
                if any(_has_text(item) for item in items):  # the other items of linked data are no articles
                    return [item for item in items if _has_text(item) or "@type" not in item]
            elif items := [item for item in one.values() if _has_body(item)]:
                return items
        inside = (item for one in level if isinstance(one, dict) for item in one.values())
        level = [item for item in inside if isinstance(item, (dict, list))]
    return [] if emptied else [value]


def _source(item: Any) -> Any:
    return flattened(item) if isinstance(item, dict) else item


def _has_text(item: Any) -> bool:
    return isinstance(item, dict) and isinstance(item.get(named_fields(item)["text"]), str)


def _has_body(item: Any) -> bool:
    """Whether something is an article by more than a description, which services, authors and feeds have, too."""
    return _has_text(item) and named_fields(item)["text"].lower() != "description"


class _Values:
    """The values in a stream of JSON, one at a time, and for each whether it is an item of an array around all.

    Where what was read isn't a whole value, twice as much is tried, so that a byte is looked at a few times
    only. Raises ``ValueError`` for what isn't JSON, or a value of more than ``longest`` bytes.
    """

    def __init__(self, stream: Bytes, longest: int) -> None:
        self._stream = stream
        self._longest = longest
        self._text = ""
        self._ended = False
        first = stream.read(4)
        encoding = "utf-8-sig" if first.startswith(codecs.BOM_UTF8) else json.detect_encoding(first)
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._text = self._decoder.decode(first)

    def __iter__(self) -> Iterator[tuple[bool, Any]]:
        self._more(_BLOCK)
        at = self._skip(0)
        in_array = False
        while at < len(self._text):
            if self._text[at] == "[]"[in_array]:  # arrays may follow one another
                in_array = not in_array
                at += 1
            else:
                value, at = self._value(at)
                yield in_array, value
            at = self._skip(at)
        if in_array:
            raise ValueError("the array doesn't end")

    def _value(self, at: int) -> tuple[Any, int]:
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, at)
                if end < len(self._text) or self._ended:
                    return value, end
            except ValueError:
                if self._ended:
                    raise ValueError("it isn't JSON") from None
            size = len(self._text) - at
            if size > self._longest:
                raise ValueError("one value is far longer than any article that is taken")
            self._text, at = self._text[at:], 0
            self._more(max(_BLOCK, size))

    def _skip(self, at: int) -> int:
        while True:
            found = _SPACE.match(self._text, at)
            at = found.end() if found else at
            if at < len(self._text) or self._ended:
                return at
            self._text, at = "", 0
            self._more(_BLOCK)

    def _more(self, size: int) -> None:
        data = self._stream.read(size)
        self._ended = not data
        self._text += self._decoder.decode(data, final=self._ended)


def _is_json(head: bytes, name: str) -> bool:
    return _BEGINNING.match(head) is not None


def _is_lines(head: bytes, name: str) -> bool:
    """Whether the first line is an object with another one after it, or is named so and begins as one."""
    first, _, rest = head.partition(b"\n")
    if not _is_json(first, name) or first.lstrip(b"\xef\xbb\xbf \t\r").startswith(b"["):
        return False
    return name.lower().endswith(_LINES) or (first.rstrip().endswith(b"}") and bool(rest.strip()))


ROWS = (
    Format(name="jsonl", title="JSON lines", endings=_LINES,
           media_types=("application/jsonl", "application/x-ndjson"),
           kept="each line's fields; their text without tags if it is HTML", many=read_lines, recognises=_is_lines),
    Format(name="json", title="JSON", endings=(".json",),
           media_types=("application/json", "application/feed+json"),
           kept="the fields of an article, of each in an array or in a news service's answer", many=read_json,
           recognises=_is_json),
)  # fmt: skip
