"""DOCX, ODT and EPUB: XML in a ZIP archive, read with lxml, which reading pages takes already.

python-docx and odfpy aren't used: the first leaves out what stands in accepted insertions, content controls
and text boxes, and both unpack every part of a file before its size can be looked at.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import unquote

from spindetect.errors import UnreadableArticle
from spindetect.memory import check_memory
from spindetect.read import pages
from spindetect.read.decode import decode
from spindetect.read.files import too_long
from spindetect.read.format import DOCUMENT_BYTES_PER_CHARACTER, Format, Reading
from spindetect.read.hidden import HIDDEN_TEXT
from spindetect.read.unpacking import DAMAGED_BUNDLE

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_ZIP = b"PK\x03\x04"
_ODT, _EPUB = b"mimetypeapplication/vnd.oasis.opendocument.text", b"mimetypeapplication/epub+zip"
# XML of documents is packed to a tenth, of long tables to a thirtieth; more than that was made to fill the memory.
_MOST_TIMES_PACKED = 50
_ALWAYS = 1 << 16  # bytes that any document may unpack to; a bundle holds many small ones
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT_WORD = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_ODF_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_ODF_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
# Elements that a document doesn't show where they stand: deleted text, field codes, notes, comments.
_WORD_UNSHOWN = frozenset("del moveFrom instrText footnoteReference endnoteReference pPr sectPr rt".split())
_COUNT = re.compile(r"[0-9]{1,9}")
_ODF_UNSHOWN = frozenset("tracked-changes note annotation annotation-end table-of-content forms ruby-text".split())
_MATHS = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_TINY = 5  # half-points: letters that nobody sees


class _Parts:
    """The parts of a document, each unpacked no further than a text of the most characters may take."""

    def __init__(self, data: bytes, name: str, max_characters: int) -> None:
        self.name = name
        self.left = min(DOCUMENT_BYTES_PER_CHARACTER * max_characters, _ALWAYS + _MOST_TIMES_PACKED * len(data))
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except DAMAGED_BUNDLE as error:  # RuntimeError: a version of ZIP that Python doesn't know
            raise self.damaged(error) from error
        self.names = frozenset(self._zip.namelist())

    def read(self, part: str) -> bytes:
        """A part's bytes."""
        try:
            with self._zip.open(part) as stream:
                data = stream.read(self.left + 1)
        except DAMAGED_BUNDLE as error:
            raise self.damaged(error) from error
        self.left -= len(data)
        if self.left < 0:
            raise UnreadableArticle(
                f"cannot read {self.name}: it unpacks to far more than documents do. Save it anew, or as text."
            )
        return data

    def xml(self, part: str) -> Element:
        """A part's XML; entities aren't looked up."""
        from lxml import etree

        parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, remove_comments=True)
        try:
            root = etree.fromstring(self.read(part), parser)
        except (etree.LxmlError, ValueError) as error:
            check_memory(error)
            raise self.damaged(error) from error
        if root is None:
            raise self.damaged(ValueError(f"{part} is no XML"))
        return root

    def damaged(self, error: Exception) -> UnreadableArticle:
        """The error for a document that isn't what it should be."""
        return UnreadableArticle(
            f"cannot read {self.name}: the document is damaged ({str(error).strip() or type(error).__name__}). "
            "Save it anew, or as text."
        )


def read_docx(data: bytes, name: str, max_characters: int) -> Reading:
    """The visible text of a DOCX document, a paragraph to a line, without deleted text, notes and headers."""
    parts = _Parts(data, name, max_characters)
    root = parts.xml("word/document.xml")
    word = _STRICT_WORD if root.tag.startswith(_STRICT_WORD) else _WORD
    styles = parts.xml("word/styles.xml").iter(f"{word}style") if "word/styles.xml" in parts.names else ()
    vanishing = {
        style.get(f"{word}styleId") for style in styles if _is_on(style.find(f"{word}rPr/{word}vanish"), word)
    }
    hidden = _hidden_characters(root, word, vanishing)
    found = _reading(_word_pieces(root, word), name, max_characters)
    return replace(found, warnings=(HIDDEN_TEXT.format(hidden),)) if hidden else found


def _hidden_characters(root: Element, word: str, vanishing: set[str | None]) -> int:
    """Empty the runs that don't show or are struck out, unless they hold most of the text; how much was in them.

    White letters don't show where nothing has a ground of its own. What is marked as hidden or struck isn't told.
    """
    grounds = root.iter(f"{word}shd", f"{word}highlight", f"{word}background", f"{word}tblStyle")
    grounded = any(one.get(f"{word}fill") not in ("auto", "FFFFFF") for one in grounds)
    told: list[Element] = []
    silent: list[Element] = []
    for properties in root.iter(f"{word}rPr"):
        given = {one.tag.removeprefix(word): one for one in properties if isinstance(one.tag, str)}
        size, colour = (given[one].get(f"{word}val", "") if one in given else "" for one in ("sz", "color"))
        style = given["rStyle"].get(f"{word}val") if "rStyle" in given else None
        tiny = bool(_COUNT.fullmatch(size)) and int(size) < _TINY
        if style in vanishing or any(_is_on(given.get(one), word) for one in ("vanish", "strike", "dstrike")):
            silent += properties.itersiblings(f"{word}t")
        elif tiny or (colour.upper() == "FFFFFF" and not grounded):
            told += properties.itersiblings(f"{word}t")
    hidden = sum(len(one.text or "") for one in told)
    whole = sum(len(one.text or "") for one in root.iter(f"{word}t"))
    for element in [*silent, *told] if 2 * (hidden + sum(len(one.text or "") for one in silent)) < whole else []:
        element.text = None
    return hidden if 2 * hidden < whole else 0


def _is_on(element: Element | None, word: str) -> bool:
    """Whether a property of a run is there, and not switched off."""
    return element is not None and element.get(f"{word}val", "1") not in ("0", "false", "off")


def _word_pieces(root: Element, word: str) -> Iterator[str]:
    shown = {
        f"{word}t": None,
        f"{word}tab": "\t",
        f"{word}br": "\n",
        f"{word}cr": "\n",
        f"{word}noBreakHyphen": "-",
        _MATHS: None,
    }
    skipped = {f"{word}{name}" for name in _WORD_UNSHOWN} | {f"{_COMPATIBILITY}Fallback"}
    stack: list[tuple[Element, bool]] = [(root, False)]
    boxes: list[tuple[Element, bool]] = []  # text boxes, which stand beside their paragraph
    while stack:
        element, done = stack.pop()
        if done:
            yield "\n\n" if _ends(element, word) else ""
            stack += reversed(boxes)
            boxes.clear()
        elif element.tag == f"{word}br" and element.get(f"{word}type") in ("page", "column"):
            yield " "
        elif element.tag in shown:
            yield shown[element.tag] or element.text or ""
        elif element.tag == f"{word}txbxContent" and any(begun for _, begun in stack):
            boxes += [(child, False) for child in element if isinstance(child.tag, str)]
        elif element.tag not in skipped:
            if element.tag == f"{word}p":
                stack.append((element, True))
            stack += [(child, False) for child in reversed(element) if isinstance(child.tag, str)]


def _ends(paragraph: Element, word: str) -> bool:
    """Whether what follows is a paragraph of its own: the mark wasn't deleted, and it is no large first letter."""
    deleted = paragraph.find(f"{word}pPr/{word}rPr/{word}del")
    frame = paragraph.find(f"{word}pPr/{word}framePr")
    return deleted is None and (frame is None or frame.get(f"{word}dropCap", "none") == "none")


def read_odt(data: bytes, name: str, max_characters: int) -> Reading:
    """The visible text of an ODT document, a paragraph to a line: without deleted text, notes and comments."""
    root = _Parts(data, name, max_characters).xml("content.xml")
    body = root.find(f"{_ODF_OFFICE}body")
    return _reading(_odf_pieces(root if body is None else body), name, max_characters)


def _odf_pieces(root: Element) -> Iterator[str]:
    stack: list[Element | str] = [root]
    while stack:
        element = stack.pop()
        if isinstance(element, str):
            yield element
            continue
        if not isinstance(element.tag, str):
            continue
        name = element.tag.rpartition("}")[2]
        if name in _ODF_UNSHOWN:
            continue
        if element.tag == f"{_ODF_TEXT}s":
            count = element.get(f"{_ODF_TEXT}c") or "1"
            yield " " * (min(100, int(count)) if _COUNT.fullmatch(count) else 1)
        elif element.tag in (f"{_ODF_TEXT}tab", f"{_ODF_TEXT}line-break"):
            yield "\t" if name == "tab" else "\n"
        paragraph = element.tag in (f"{_ODF_TEXT}p", f"{_ODF_TEXT}h")
        if paragraph:
            stack.append("\n\n")
        for child in reversed(element):
            stack += [" ".join(child.tail.split("\n"))] if child.tail else []
            stack.append(child)
        if element.text and (paragraph or element.tag.startswith(_ODF_TEXT)):
            yield " ".join(element.text.split("\n"))


def read_epub(data: bytes, name: str, max_characters: int) -> Reading:
    """The chapters of an EPUB book in the order of reading, without its table of contents."""
    parts = _Parts(data, name, max_characters)
    place = next((one.get("full-path") for one in parts.xml("META-INF/container.xml").iter("{*}rootfile")), None)
    if not place:
        raise parts.damaged(ValueError("it names no contents"))
    book = parts.xml(place)
    items = {item.get("id"): item for item in book.iter("{*}item")}
    title = next((one.text for one in book.iter("{http://purl.org/dc/elements/1.1/}title")), None)
    chapters = []
    for reference in book.iter("{*}itemref"):
        item = items.get(reference.get("idref"))
        if item is None or "nav" in (item.get("properties") or "") or "html" not in (item.get("media-type") or ""):
            continue
        path = posixpath.normpath(posixpath.join(posixpath.dirname(place), unquote(item.get("href") or "")))
        chapters.append(pages.shown_text(decode(parts.read(path), name).text))
    found = _reading(iter("\n\n".join(chapters)), name, max_characters)
    return Reading(found.text, warnings=found.warnings, title=title)


def _reading(pieces: Iterator[str], name: str, max_characters: int) -> Reading:
    text = "".join(pieces)
    lines = "\n".join(line.rstrip() for line in text.split("\n"))
    while "\n\n\n" in lines:
        lines = lines.replace("\n\n\n", "\n\n")
    if len(lines) > max_characters:
        raise too_long(name, f"{len(lines):,} characters", max_characters)
    return Reading(lines.strip())


ROWS = (
    Format(name="docx", title="a Word document", endings=(".docx", ".docm"),
           media_types=("application/vnd.openxmlformats-officedocument.wordprocessingml.document",),
           kept="what it shows, without headers, footers, notes and deleted text", document=read_docx,
           recognises=lambda head, name: (
               head.startswith(_ZIP) and b"word/" in head and not name.lower().endswith(".zip")),
           bytes_per_character=DOCUMENT_BYTES_PER_CHARACTER),
    Format(name="odt", title="an OpenDocument text", endings=(".odt",),
           media_types=("application/vnd.oasis.opendocument.text",),
           kept="what it shows, without headers, footers, notes and deleted text", document=read_odt,
           recognises=lambda head, _: head.startswith(_ZIP) and head[30:].startswith(_ODT),
           bytes_per_character=DOCUMENT_BYTES_PER_CHARACTER),
    Format(name="epub", title="an EPUB book", endings=(".epub",), media_types=("application/epub+zip",),
           kept="its chapters in the order of reading", document=read_epub,
           recognises=lambda head, _: head.startswith(_ZIP) and head[30:].startswith(_EPUB),
           bytes_per_character=DOCUMENT_BYTES_PER_CHARACTER),
)  # fmt: skip
