"""Plain text, Markdown and HTML; which of them a file is, its content says."""

from __future__ import annotations

import quopri
import re
from dataclasses import replace

from spindetect.read import markdown, pages
from spindetect.read.dates import front_matter_time, tree_time
from spindetect.read.decode import decode
from spindetect.read.fields import plain_text
from spindetect.read.files import too_long
from spindetect.read.format import Format, Markup, Reading
from spindetect.read.heads import about_page, front_head, page_head
from spindetect.read.linked_data import LinkedData, linked_data
from spindetect.read.state import state_text
from spindetect.records import About

_QUOTED_TAG = re.compile(rb"<[A-Za-z][^<>]{0,200}=3D[\"']")
_FULL_LINE, _LONGEST_LINE = 70, 76  # bytes; quoted-printable breaks lines at 76
_BEGINNING = 1 << 16
# How much longer the text in a page's linked data is where the page shows part of it, and words of a line of prose.
_WHOLE, _PROSE = 1.5, 12
_FROM_DATA = "the page shows part of its text or none: the whole was taken from its linked data"
_FROM_STATE = "the page shows part of its text or none: the whole was taken from what its scripts would show"
_HTML_ENDINGS = (".html", ".htm", ".xhtml")
_MARKDOWN_ENDINGS = (".md", ".markdown")


def read_text(data: bytes, name: str, max_characters: int) -> Reading:
    """A file of text in any encoding: HTML if it is that, or else what it says as it stands."""
    if _is_quoted_page(data[:_BEGINNING]):
        data = quopri.decodestring(data)
    decoded = decode(data, name)
    if len(decoded.text) > max_characters:
        raise too_long(name, f"{len(decoded.text):,} characters", max_characters)
    found = reading_of(decoded.text, name)
    return replace(found, encoding=decoded.encoding, warnings=(*decoded.warnings, *found.warnings))


def read_page(data: bytes, name: str, max_characters: int) -> Reading:
    """A file that its ending or its sender calls HTML: with a tag in it, it is read as a page."""
    ending = "" if name.lower().endswith(_HTML_ENDINGS) else _HTML_ENDINGS[0]
    return read_text(data, name + ending, max_characters)


def _is_quoted_page(beginning: bytes) -> bool:
    """Whether a page is still quoted-printable, as one that was cut out of a mail: its tags are broken by signs."""
    if not beginning.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return False
    if _QUOTED_TAG.search(beginning):
        return True
    full = [line for line in beginning.splitlines() if len(line) >= _FULL_LINE]
    broken = [line for line in full if line.endswith(b"=") and len(line) <= _LONGEST_LINE]
    return len(broken) > 2 and 2 * len(broken) > len(full)


def reading_of(text: str, name: str = "") -> Reading:
    """A decoded text, its format told by content and by the name's ending."""
    markup = markup_of(text, name)
    if markup == "html":
        if not text.strip():
            return Reading("", markup)
        page, tree = pages.parsed(text)
        published, about, linked = None, About(), LinkedData()
        if tree is not None:
            linked = linked_data(tree)
            published, dated_by = tree_time(page, tree, linked)
            about = replace(about_page(tree, linked), dated_by=dated_by)
        head = page_head(tree)
        shown, warnings = pages.main_text_of(page, tree)
        if len(linked.body) > _WHOLE * len(shown) and _begins(shown, whole := plain_text(linked.body)):
            shown, warnings = whole, (*warnings, _FROM_DATA)
        elif tree is not None and len(whole := state_text(tree)) > _WHOLE * len(shown) and _begins(shown, whole):
            shown, warnings = whole, (*warnings, _FROM_STATE)
        return Reading(shown, markup, None, warnings, published, *head, about=about)
    if markup == "markdown" and (front := markdown.front_matter(text)):
        written = front.of(text)
        published = front_matter_time(written)
        about = About(dated_by="front matter" if published else None)
        return Reading(text, markup, None, (), published, *front_head(written), about=about)
    return Reading(text, markup)


def _begins(shown: str, whole: str) -> bool:
    """Whether a page shows nothing but part of a text, as what stands above a paywall."""
    prose = [line for line in shown.split("\n") if line.count(" ") >= _PROSE]
    return not prose or " ".join(prose[0].split()) in " ".join(whole.split())


def markup_of(text: str, name: str) -> Markup:
    """The markup of a decoded file, by its content and its name's ending.

    A page's beginning, or a fragment such as ``<p>...</p>``, makes HTML of any file but
    Markdown; an .html file without a tag is plain text. Without an ending that says
    more, what has Markdown's front matter, or headings and links, is Markdown.
    """
    name = name.lower()
    if pages.is_page(text):
        return "html"
    if name.endswith(_HTML_ENDINGS):
        return "html" if pages.has_tag(text) else "text"
    if name.endswith(_MARKDOWN_ENDINGS):
        return "markdown"
    if pages.is_fragment(text):
        return "html"
    return "markdown" if markdown.reads_as_markdown(text) else "text"


ROWS = (
    Format(name="text", title="plain text", endings=(".txt", ".text"), media_types=("text/plain",),
           kept="all of it, as it stands", document=read_text, light=True),
    Format(name="markdown", title="Markdown", endings=_MARKDOWN_ENDINGS,
           media_types=("text/markdown", "text/x-markdown"), kept="all of it, its syntax marked",
           document=read_text, light=True),
    Format(name="html", title="an HTML page", endings=_HTML_ENDINGS,
           media_types=("text/html", "application/xhtml+xml"), kept="the main text",
           document=read_page, light=True),
)  # fmt: skip
