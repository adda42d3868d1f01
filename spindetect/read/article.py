"""From a text, a file or standard input to an ``Article``: decode, tell the format, extract, mark."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from spindetect.read import markdown, pages
from spindetect.read.boilerplate import boilerplate_marks
from spindetect.read.dates import front_matter_time, page_time
from spindetect.read.decode import decode
from spindetect.read.files import read_bytes, too_long
from spindetect.read.marks import hide, tidy
from spindetect.records import Article, Mark, Span
from spindetect.segment.damage import as_meant
from spindetect.settings import Settings

Format = Literal["text", "markdown", "html"]

_HTML_ENDINGS = frozenset({".html", ".htm", ".xhtml"})
_MARKDOWN_ENDINGS = frozenset({".md", ".markdown"})


def read_article(
    source: str | Path | Article, *, settings: Settings | None = None, name: str | None = None
) -> Article:
    """The article that ``source`` is or names, with boilerplate and markup marked.

    A ``str`` is the text itself; a ``Path`` is a file of plain text, Markdown or
    HTML, ``Path("-")`` standard input; an ``Article`` is returned as it is.
    ``name`` is what the article is called in messages and reports: by default the
    path as given, or "text".

    Raises ``UnreadableArticle`` for a file that is missing, a folder, not permitted
    or not text, and for more than ``settings.max_characters`` characters.
    """
    if isinstance(source, Article):
        return source
    limit = (settings or Settings()).max_characters
    if isinstance(source, str):
        _check_length(source, name or "text", limit)
        return article_from_text(source, name or "text")
    if not isinstance(source, Path):
        raise TypeError(
            f"a source is a {type(source).__name__}, but must be a str (a text), a Path (a file) or an Article"
        )
    return article_from_bytes(read_bytes(source, limit), name or str(source), path=source, max_characters=limit)


def article_from_bytes(
    data: bytes, name: str, *, path: Path | None = None, max_characters: int = Settings().max_characters
) -> Article:
    """The article in a file's bytes; its ending is that of ``path``, or of ``name`` without one.

    Raises ``UnreadableArticle`` for what isn't text or is too long.
    """
    decoded = decode(data, name)
    _check_length(decoded.text, name, max_characters)
    form = told_format(decoded.text, (path or Path(name)).suffix.lower())
    if form != "html":
        return article_from_text(decoded.text, name, form, encoding=decoded.encoding, warnings=decoded.warnings)
    text, warnings = pages.main_text(decoded.text) if decoded.text.strip() else ("", ())
    warnings = (*decoded.warnings, *warnings)
    published = page_time(decoded.text)
    return article_from_text(text, name, form, encoding=decoded.encoding, warnings=warnings, published=published)


def article_from_text(
    text: str,
    name: str = "text",
    format: Format = "text",
    *,
    encoding: str | None = None,
    warnings: tuple[str, ...] = (),
    published: str | None = None,
) -> Article:
    """An article of ``text`` as it stands, with its marks; of a page, ``text`` is what was extracted."""
    markup = markdown.markup_marks(text) if format == "markdown" else []
    if format == "markdown" and published is None and (front := markdown.front_matter(text)):
        published = front_matter_time(front.of(text))
    boilerplate = _boilerplate(hide(text, markup) if markup else text)
    if not text.strip():
        warnings = (*warnings, "empty: there is no text in it")
    return Article(text, name, format, encoding, tidy([*boilerplate, *markup]), warnings, published)


def _boilerplate(text: str) -> list[Mark]:
    """Marks of the boilerplate, which may be damaged or in disguise as well."""
    seen = as_meant(text)
    if seen is None:
        return boilerplate_marks(text)
    return [
        Mark(Span(seen.starts[mark.span.start], seen.ends[mark.span.end - 1]), mark.kind, mark.reason)
        for mark in boilerplate_marks(seen.text)
    ]


def told_format(text: str, ending: str) -> Format:
    """The format of a decoded file, by its content and its ending (with dot, lower case).

    A page's beginning, or a fragment such as ``<p>...</p>``, makes HTML of any file but
    Markdown; an .html file without a tag is plain text. Without an ending that says
    more, what has Markdown's front matter, or headings and links, is Markdown.
    """
    if pages.is_page(text):
        return "html"
    if ending in _HTML_ENDINGS:
        return "html" if pages.has_tag(text) else "text"
    if ending in _MARKDOWN_ENDINGS:
        return "markdown"
    if pages.is_fragment(text):
        return "html"
    return "markdown" if markdown.reads_as_markdown(text) else "text"


def _check_length(text: str, name: str, max_characters: int) -> None:
    if len(text) > max_characters:
        raise too_long(name, f"{len(text):,} characters", max_characters)
