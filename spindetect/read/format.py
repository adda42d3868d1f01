"""Input formats: the signs by which a format's files are told, their reader, and the reader's output.

The formats themselves are rows beside their readers, in `spindetect.read.formats`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BufferedIOBase
from typing import IO, Any, Literal

from spindetect.errors import UnreadableArticle
from spindetect.records import About

Bytes = IO[bytes] | BufferedIOBase
Markup = Literal["text", "markdown", "html"]
HEAD = 4096  # bytes of a file from which its format is told
BYTES_PER_CHARACTER = 4  # no encoding of texts needs more, so a longer file is sure to be too long
# Documents hold fonts and pictures beside their text, and their XML is some ten times as long as what it says.
DOCUMENT_BYTES_PER_CHARACTER = 20
RECORD_BYTES_PER_CHARACTER = 6  # JSON may write a character as \uXXXX


@dataclass(frozen=True, slots=True)
class Reading:
    """One article as a reader found it: its text, how that is marked up, and what came with it.

    ``pages`` are the places in the text at which the pages of a document begin, if it has pages.
    """

    text: str
    markup: Markup = "text"
    encoding: str | None = None
    warnings: tuple[str, ...] = ()
    published: str | None = None
    title: str | None = None
    url: str | None = None
    outlet: str | None = None
    pages: tuple[int, ...] = ()
    about: About = field(default_factory=About)


@dataclass(frozen=True, slots=True)
class Entry:
    """One article in a file: where it stands, what fields the file has of it, and ``reading`` if it was a document.

    Without a reading the text is one of the fields.
    """

    place: str
    fields: Mapping[str, Any]
    reading: Reading | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside another one, with the fields that the outer one has of it."""

    place: str
    name: str
    data: bytes
    media_type: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A record that nobody wants, as a page of a crawl in another language, and why: it is counted, no more."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unread:
    """A document that is still to be read: its place, its bytes, their format's name, and what is known of it.

    Reading it may take long, so it is left to the worker processes.
    """

    place: str
    name: str
    data: bytes
    format: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    id: str = ""


def weight(item: object) -> int:
    """About how many bytes an article takes on its way, those of its data, its fields and its text."""
    size = len(getattr(item, "data", b"")) + len(getattr(item, "text", None) or "")
    left = list((getattr(item, "fields", None) or {}).values())
    while left:
        value = left.pop()
        if isinstance(value, list | tuple | dict):
            left += value.values() if isinstance(value, dict) else value
            size += len(value)
        elif isinstance(value, str | bytes):
            size += len(value)
    return size


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A record that can't be used: where it stands, and why."""

    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"

    @property
    def error(self) -> UnreadableArticle:
        """The same as an error to raise."""
        return UnreadableArticle(self.reason if self.reason.startswith("cannot ") else f"cannot read {self}")


Document = Callable[[bytes, str, int], Reading]
"""Reads one article from a file's bytes, its name, and the most characters that are taken."""
Many = Callable[[Bytes, str, int], Iterator[Entry | Member | BadRecord | LeftOut]]
"""Reads a file of many articles from its stream, its name, and the most characters an article may have."""


@dataclass(frozen=True, slots=True)
class Format:
    """One input format; it has either a ``document`` reader or one for ``many`` articles.

    ``magic`` are bytes that its files, and no others, begin with; ``recognises`` says so of a file's first
    bytes and its name where that takes more. Endings come with their dot, in lower case.
    ``kept`` says what of a file becomes the text, ``extra`` which optional packages it takes, ``packs`` whether
    what it holds is packed in it, ``jumps`` whether its reader begins at the end, ``light`` whether nothing in a
    file is longer than it says, so that a short one is soon read.
    """

    name: str
    title: str
    endings: tuple[str, ...]
    media_types: tuple[str, ...]
    kept: str
    document: Document | None = None
    many: Many | None = None
    magic: tuple[bytes, ...] = ()
    recognises: Callable[[bytes, str], bool] | None = None
    extra: str | None = None
    packs: bool = False
    jumps: bool = False
    light: bool = False
    bytes_per_character: int = BYTES_PER_CHARACTER

    def has_ending(self, name: str) -> bool:
        """Whether a file's name says that it is of this format."""
        return name.lower().endswith(self.endings)

    def largest(self, max_characters: int) -> int:
        """Bytes that a document may have."""
        return self.bytes_per_character * max_characters

    def fits(self, head: bytes, name: str) -> bool:
        """Whether a file's first bytes say that it is of this format."""
        return head.startswith(self.magic) or (self.recognises is not None and self.recognises(head, name))
