"""From a text, a file or standard input to an ``Article``: tell the format, read, mark."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

from spindetect.errors import UnreadableArticle
from spindetect.links.url import URL
from spindetect.read import markdown
from spindetect.read.boilerplate import boilerplate_marks
from spindetect.read.dates import address_time, head_time
from spindetect.read.entries import link_entries, read_entries
from spindetect.read.fields import named_fields, plain_text
from spindetect.read.files import FolderFile, open_file, too_long
from spindetect.read.format import BadRecord, Bytes, Entry, Markup, Reading
from spindetect.read.formats import by_ending
from spindetect.read.formats.texts import reading_of
from spindetect.read.marks import hide, tidy
from spindetect.read.tags import tag_marks
from spindetect.records import About, Article, Mark, Span
from spindetect.repair.damage import as_meant
from spindetect.settings import Settings

# A text that may be the name of a file, if its ending is that of a format: somebody left out the Path.
_FILE_NAME = re.compile(r"\S{0,200}[\w/\\-](?:\.\w{1,9}){1,2}")
_NAMED = "this text looks like the name of a file; to read the file, give its Path"
_LONGEST_DISGUISED = 500_000  # characters; in longer texts nobody looks for boilerplate in disguise
_SAID = ("published", "title", "url", "outlet")


def read_article(
    source: str | Path | FolderFile | URL | Article, *, settings: Settings | None = None, name: str | None = None
) -> Article:
    """The article that ``source`` is or names, with boilerplate and markup marked.

    A ``str`` is the text itself, of a page as well as plain; a ``Path`` is a file of one of the formats in
    `spindetect.read.formats` that holds one article, ``Path("-")`` standard input; a ``URL`` is fetched; an
    ``Article`` is returned as it is. ``name`` is what the article is called in messages and reports: by default the
    path as given, or "text".

    Raises ``UnreadableArticle`` for a file that is missing, a folder, not permitted or of no format that is
    read, that holds several articles or none, and for more than ``settings.max_characters`` characters;
    ``UnreadableLink`` for a link that can't or may not be fetched.
    """
    if isinstance(source, Article):
        return source
    settings = settings or Settings()
    limit = settings.max_characters
    if isinstance(source, URL):
        return only_article(link_entries(source, settings), name or str(source), limit)
    if isinstance(source, str):
        if len(source) > limit:
            raise too_long(name or "text", f"{len(source):,} characters", limit)
        article = article_of(reading_of(source), name or "text")
        named = _FILE_NAME.fullmatch(source) and by_ending(source)
        return replace(article, warnings=(*article.warnings, _NAMED)) if named else article
    path, folder = (source.path, source.folder) if isinstance(source, FolderFile) else (source, None)
    if not isinstance(path, Path):
        raise TypeError(
            f"a source is a {type(path).__name__}, but must be a str (a text), a Path (a file), a URL (a link) "
            "or an Article"
        )
    with open_file(path, folder) as stream:
        return _one_article(stream, name or str(path), str(path), limit)


def article_from_bytes(
    data: bytes, name: str, *, path: Path | None = None, max_characters: int = Settings().max_characters
) -> Article:
    """The article in a file's bytes; its ending is that of ``path``, or of ``name`` without one.

    Raises ``UnreadableArticle`` for what can't be read, is too long, or isn't one article.
    """
    return _one_article(BytesIO(data), name, str(path or name), max_characters)


def _one_article(stream: Bytes, name: str, path: str, max_characters: int) -> Article:
    """The one article in a file; raises ``UnreadableArticle`` when there are more, or none."""
    return only_article(read_entries(stream, path, max_characters), name, max_characters)


def only_article(entries: Iterator[Entry | BadRecord], name: str, max_characters: int) -> Article:
    """The one article among some entries; raises ``UnreadableArticle`` when there are more, or none."""
    found = list(islice(entries, 2))
    if not found:
        raise UnreadableArticle(f"cannot read {name}: it holds no articles. Check the file.")
    if len(found) > 1:
        raise UnreadableArticle(
            f"cannot read {name}: it holds several articles, and one was expected. Score or scan them all "
            "(spindetect score, spindetect scan), or save the one that is meant."
        )
    if isinstance(found[0], BadRecord):
        raise found[0].error
    return article_of_entry(found[0], name, max_characters)


def article_of_entry(entry: Entry, name: str, max_characters: int) -> Article:
    """The article that a file, or a part of one, has as ``entry``."""
    if entry.reading:
        return article_of(entry.reading, name)
    named = named_fields(entry.fields)
    text = entry.fields.get(named["text"])
    if not isinstance(text, str):
        raise UnreadableArticle(f"cannot read {entry.place}: it has no field with a text. Save the text itself.")
    if len(text) > max_characters:
        raise too_long(entry.place, f"{len(text):,} characters", max_characters)
    published, title, url, outlet = [_said(entry.fields.get(named[one])) for one in _SAID]
    about = About(
        author=_said(entry.fields.get("author")),
        dated_by=f"field {named['published']!r}" if published else None,
        **{one: _said(entry.fields.get(one)) for one in ("link", "fetched", "sha256")},
    )
    return article_of(Reading(plain_text(text), "text", None, (), published, title, url, outlet, (), about), name)


def _said(value: Any) -> str | None:
    """A field's value as a text; of an outlet with fields of its own its name."""
    said = value.get("name") if isinstance(value, Mapping) else value
    return str(said) if said else None


def article_of(reading: Reading, name: str) -> Article:
    """The article of a reading, with its marks."""
    article = article_from_text(
        reading.text,
        name,
        reading.markup,
        encoding=reading.encoding,
        warnings=reading.warnings,
        published=reading.published,
        pages=reading.pages,
    )
    published, dated_by = reading.published, reading.about.dated_by
    if not published and (published := head_time(article.text, article.marks)):
        dated_by = "byline"
    if not published and (published := address_time(reading.url or "")):
        dated_by = "address"
    about = replace(reading.about, dated_by=dated_by)
    return replace(
        article, published=published, title=reading.title, url=reading.url, outlet=reading.outlet, about=about
    )


def article_from_text(
    text: str,
    name: str = "text",
    format: Markup = "text",
    *,
    encoding: str | None = None,
    warnings: tuple[str, ...] = (),
    published: str | None = None,
    pages: tuple[int, ...] = (),
) -> Article:
    """An article of ``text`` as it stands, with its marks; of a page, ``text`` is what was extracted."""
    markup = markdown.markup_marks(text) if format == "markdown" else tag_marks(text) if format == "text" else []
    plain = hide(text, markup) if markup else text
    # Boilerplate may be damaged or in disguise as well.
    seen = as_meant(plain) if len(plain) <= _LONGEST_DISGUISED else None
    boilerplate = boilerplate_marks(seen.text if seen else plain)
    if seen:
        spans = (Span(seen.starts[mark.span.start], seen.ends[mark.span.end - 1]) for mark in boilerplate)
        boilerplate = [Mark(span, mark.kind, mark.reason) for span, mark in zip(spans, boilerplate, strict=True)]
    if not text.strip():
        warnings = (*warnings, "empty: there is no text in it")
    return Article(text, name, format, encoding, tidy([*boilerplate, *markup]), warnings, published, pages)
