"""Feeds (RSS, Atom), sitemaps and other XML with articles, by lxml's parser with one entry in memory at a time.

Other XML is news agencies' (NITF, NewsML, NewsML-G2), exports with an element for each article, and what is one
article in paragraphs (TEI, DocBook, TTML). Damaged files are read as far as they go. feedparser isn't used, as it
takes the whole feed into memory; what it knows of ancient feeds isn't news any more.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from io import RawIOBase
from itertools import islice
from typing import TYPE_CHECKING, Any

from spindetect.memory import check_memory
from spindetect.read import pages
from spindetect.read.decode import decode
from spindetect.read.fields import ELEMENTS, named_fields
from spindetect.read.format import RECORD_BYTES_PER_CHARACTER, BadRecord, Bytes, Entry, Format
from spindetect.read.unpacking import DAMAGED

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_BEGINNING = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,300}\?>\s*)?(?:<(?:!--(?:[^-]|-(?!->)){0,2000}--|[?!][^>]{0,500})>\s*){0,9}"
    rb"<(?:[\w-]{1,20}:)?(?:rss|feed|RDF|urlset|sitemapindex|nitf|NewsML|news(?:Item|Message)|TEI|tt)\b(?=[^>]*>)"
)
_ENTRIES = frozenset({"item", "entry"})
# Elements that hold an article each in exports of other programs, if there is a text among what they hold.
_RECORDS = frozenset({"article", "record", "row", "doc", "document", "story", "newsitem", "post", "news"})
# Where agencies' XML has a text, what it is part of, and which elements there say what of it, the best first.
_BODIES = frozenset({"body.content", "inlineXML", "inlineData", "DataContent"})
_ITEMS = frozenset({"nitf", "newsItem", "NewsItem"})
_DEEPEST, _LONGEST_HEAD = 50, 300  # elements around a text, and before it, that are looked at
_NOT_TEXT = ("media", "teiHeader")
_CALLED = {"para": "p", "simpara": "p", "hl2": "h2", "lb": "br"}  # elements that HTML has under another name
_XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml\b")
_DECLARED = re.compile(
    rb"(\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"'])((utf-?16|utf-?32|ucs|unicode)?[\w.-]{0,40})", re.IGNORECASE
)
_WESTERN = {"utf-8": b"utf-8", "cp1252": b"windows-1252"}
_HTML = re.compile(rb"<(?:!doctype\s+)?html\b", re.IGNORECASE)
_SITEMAPS = frozenset({"urlset", "sitemapindex"})
_LARGEST_SITEMAP = 50_000_000  # bytes, as sitemaps.org has it
_CHANNELS = frozenset({"channel", "feed"})
# Where an entry has its text: of each kind the first that is there counts, and of all the longest.
_TEXTS = ("encoded", "content", "body", "fulltext", "description", "summary")
_TIMES = ("published", "pubDate", "issued", "date", "created")  # ``updated`` says when it was changed
_LINKS_ONLY = "it is a sitemap, which lists links and holds no articles. Fetch the pages that it names."
_NO_ARTICLES = "it is XML without articles. Expected RSS, Atom, or elements such as <article> that hold a <text>."
_NO_URL = frozenset({"self", "replies", "edit", "enclosure", "hub", "license"})


def read_articles(stream: Bytes, name: str, max_characters: int) -> Iterator[Entry | BadRecord]:
    """The articles of a file: of a feed its entries, each with what text there is of it, or else its summary."""
    from lxml import etree

    number = 0
    measured = _Measured(stream, max_characters * RECORD_BYTES_PER_CHARACTER)
    outlet = local = ""
    try:
        elements = etree.iterparse(
            measured, events=("end",), recover=True, resolve_entities=False, no_network=True, huge_tree=True
        )
        for _, element in elements:
            local, parent = _local(element), element.getparent()
            around = _local(parent) if parent is not None else ""
            if around in _SITEMAPS:
                measured.taken = 0
                element.clear()
            elif local in _SITEMAPS:
                yield BadRecord(name, _LINKS_ONLY)
            elif local == "title" and around in _CHANNELS and not outlet:
                outlet = _text(element)
            fields = _fields(element, outlet) if local in _ENTRIES else _record(element, local)
            if local in _BODIES and not _within(element, _ENTRIES) and not (fields := _agency_fields(element)):
                element.clear()
            if fields:
                number += 1
                measured.taken = 0
                yield Entry(f"{name}, entry {number}", fields)
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
        if not number and local not in _SITEMAPS:
            text = _text_of_all(elements.root)
            yield Entry(name, {"text": text}) if text else BadRecord(name, _NO_ARTICLES)
    except (etree.LxmlError, *DAMAGED, ValueError) as error:
        check_memory(error)
        yield BadRecord(f"{name}, after entry {number}", f"the rest cannot be read: {error}. Check the file.")


def sitemap_links(data: bytes) -> tuple[list[str], list[str]] | None:
    """The pages and the further sitemaps that a sitemap names; None for what is no sitemap.

    >>> sitemap_links(b"<urlset><url><loc>https://news.example/1</loc></url></urlset>")
    (['https://news.example/1'], [])
    """
    from lxml import etree

    if data.startswith(b"\x1f\x8b"):  # many sitemaps are files in gzip
        stream = zlib.decompressobj(zlib.MAX_WBITS | 32)
        try:
            data = stream.decompress(data, _LARGEST_SITEMAP)
        except zlib.error:
            return None
    if not _BEGINNING.match(data[:4096]) or not re.search(rb"<(?:\w+:)?(?:urlset|sitemapindex)\b", data[:4096]):
        return None
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
    tree = etree.fromstring(data, parser)
    found: dict[str, list[str]] = {"url": [], "sitemap": []}
    for element in tree.iter("{*}loc") if tree is not None else ():
        around = element.getparent()
        if around is not None and _local(around) in found and (link := _text(element)):
            found[_local(around)].append(link)
    return found["url"], found["sitemap"]


def _record(element: Element, local: str) -> dict[str, Any]:
    """The fields of an element that holds an article, by its children's names; nothing if it holds no text."""
    if local not in _RECORDS or not len(element):
        return {}
    fields = {child.get("name") or _local(child): _shown(child) for child in element if isinstance(child.tag, str)}
    return fields if fields.get(named_fields(fields)["text"]) else {}


def _within(element: Element, names: frozenset[str]) -> list[Element]:
    """The elements of these names that it is in, from inside out."""
    return [one for one in islice(element.iterancestors(), _DEEPEST) if _local(one) in names]


def _agency_fields(body: Element) -> dict[str, Any]:
    """The fields of an agency's item by the element that holds its text; nothing if it holds none."""
    fields: dict[str, Any] = {"text": _shown(body)}
    around = _within(body, _ITEMS)
    head = list(islice(around[-1].iter("*"), _LONGEST_HEAD)) if fields["text"] and around else []
    for name, elements in ELEMENTS.items():
        for one in sorted(
            (one for one in head if _local(one) in elements), key=lambda one: elements.index(_local(one))
        ):
            said = one.get("norm") or one.get("literal") or one.get("holder") or " ".join(_text(one).split())
            fields[name] = fields.get(name) or said
    return fields if fields["text"] else {}


def _text_of_all(root: Element | None) -> str:
    """The text of XML that holds one article: of its body if it has one, or else of its paragraphs."""
    from lxml import etree

    if root is None or not _shown(root) or next(root.iter("p"), None) is None:
        return ""
    if root.tag == "tt":  # captions
        return " ".join(_shown(root).split())
    body = next(root.iter("body", "text"), None)
    if body is not None:
        return _shown(body)
    shown = []
    walk = etree.iterwalk(root, events=("start",), tag="p")
    for _, one in walk:
        shown.append(_shown(one))
        walk.skip_subtree()
    return "\n".join(shown)


class _Measured(RawIOBase):
    """A stream that refuses to go on when one entry takes more than any article may; ``taken`` is what it took."""

    def __init__(self, stream: Bytes, longest: int) -> None:
        self._stream, self._longest, self._begun, self.taken = stream, longest, False, 0

    def read(self, size: int = -1) -> bytes:
        """Read on."""
        data = self._stream.read(size)
        # Programs leave another declaration in: text in ASCII isn't UTF-16, and nothing Western is UTF-8 by chance.
        declared = None if self._begun else _DECLARED.match(data)
        if declared and (declared[3] or not data.isascii()) and (found := _WESTERN.get(decode(data).encoding)):
            data = declared[1] + found + data[declared.end() :]
        self._begun = True
        self.taken += len(data)
        if self.taken > self._longest:
            raise ValueError("one entry is far longer than any article that is taken")
        return data


def _fields(entry: Element, outlet: str) -> dict[str, Any]:
    """An entry's fields under our own names; others that are plain strings go along."""
    found: dict[str, list[Element]] = {}
    for child in entry:
        if isinstance(child.tag, str):
            found.setdefault(_local(child), []).append(child)
    texts = [_shown(element) for name in _TEXTS for element in found.get(name, [])[:1]]
    source = ""
    for one in found.get("source", []):
        titles = (_text(inner) for inner in one if isinstance(inner.tag, str) and _local(inner) == "title")
        source = source or next(titles, "") or (one.text or "").strip()
    fields = {
        "id": _first(found, "guid", "id"),
        "title": pages.shown_text(_first(found, "title"))
        if "<" in _first(found, "title")
        else _first(found, "title"),
        "url": _link(found),
        "published": _first(found, *_TIMES),
        "outlet": source or outlet,
        "text": max(texts, key=len, default=""),
        "author": _first(found, "creator", "author"),
    }
    return {name: " ".join(value.split()) if name != "text" else value for name, value in fields.items() if value}


def _shown(element: Element) -> str:
    """An element's text: HTML in it, escaped or not, is shown as a page would be."""
    from lxml import etree

    if len(element):
        for one in element.iter("*"):  # whatever name space it is of
            one.tag = _CALLED.get(_local(one), _local(one))
        etree.strip_elements(element, *_NOT_TEXT, with_tail=False)
        return pages.shown_text(etree.tostring(element, encoding="unicode", with_tail=False))
    text = element.text or ""
    if element.get("type") == "text" or not ("<" in text or "&" in text):
        return text.strip()
    return pages.shown_text(text)


def _link(found: dict[str, list[Element]]) -> str:
    """The entry's own page: RSS has it as text, Atom as an address."""
    links = [link for link in found.get("link", []) if link.get("rel", "alternate") not in _NO_URL]
    links.sort(key=lambda link: link.get("rel", "alternate") != "alternate")
    for link in links:
        if address := (link.get("href") or link.text or "").strip():
            return str(address)
    guid = _first(found, "guid")
    return guid if guid.startswith(("http://", "https://")) else ""


def _first(found: dict[str, list[Element]], *names: str) -> str:
    return next((text for name in names for element in found.get(name, []) if (text := _text(element))), "")


def _text(element: Element) -> str:
    return "".join(element.itertext()).strip()


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2] if isinstance(element.tag, str) else ""


ROWS = (
    Format(
        name="feed",
        title="a feed (RSS or Atom), or XML with articles",
        endings=(".rss", ".atom", ".rdf", ".xml"),
        media_types=("application/rss+xml", "application/atom+xml", "application/xml", "text/xml"),
        kept="each entry's text, without tags, or else its summary",
        many=read_articles,
        # a feed, or XML that isn't a page: which articles are in it, its elements say
        recognises=lambda head, _: bool(_BEGINNING.match(head) or (_XML.match(head) and not _HTML.search(head))),
    ),
)
