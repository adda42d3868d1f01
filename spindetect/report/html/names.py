"""Both articles as the report's first lines name them: title, outlet, date, link; never a path."""

from __future__ import annotations

import re
from dataclasses import dataclass

from spindetect.files import last_part
from spindetect.findings import Result
from spindetect.records import Article, Document
from spindetect.report.blocks import Side
from spindetect.report.html.origin import web_link
from spindetect.report.inert import inert

_LONGEST = 160  # characters of a title
_BEGINNING = 70  # characters of an article that has no title
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})[\d:.+-]*Z?$")


@dataclass(frozen=True, slots=True)
class Named:
    """An article's names, inert; ``title`` is its beginning in quotation marks where it has none."""

    side: Side
    title: str
    outlet: str
    published: str
    link: str
    shown_link: str
    file: str


def names(result: Result) -> tuple[Named, ...]:
    """The suspect, and the reference if there is one; of an archived reference what the archive knows of it."""
    suspect = _named("suspect", result.suspect)
    if result.reference_free:
        return (suspect,)
    reference = _named("reference", result.reference)
    if not result.candidates:
        return suspect, reference
    best = result.candidates[0]
    article = result.reference.article
    known = Article(
        article.text,
        article.name,
        title=best.title or article.title,
        url=best.url or article.url,
        outlet=best.outlet or article.outlet,
        published=best.published or article.published,
    )
    return suspect, _of_article("reference", known, result.reference)


def title_of(article: Article, document: Document) -> str:
    """An article's name: its title, or its first words in quotation marks, or its file's name."""
    if article.title and article.title.strip():
        return _cut(inert(article.title.strip()), _LONGEST)
    first = next((one.span for one in document.sentences if not one.boilerplate), None)
    if first is None:
        return inert(last_part(article.name))
    line = article.text[first.start : first.start + 2 * _BEGINNING].strip().partition("\n")[0]
    beginning = inert(line).strip()
    return f"“{_cut(beginning, _BEGINNING)}”"


def _named(side: Side, document: Document) -> Named:
    return _of_article(side, document.article, document)


def _of_article(side: Side, article: Article, document: Document) -> Named:
    link = web_link(article.url or "")
    return Named(
        side=side,
        title=title_of(article, document),
        outlet=inert(article.outlet or ""),
        published=inert(_MOMENT.sub(r"\1, \2", article.published or "")[:40]),
        link=link,
        shown_link=_cut(re.sub(r"\Ahttps?://(?:www\.)?", "", inert(article.url or "")), 60),
        file=inert(last_part(article.name)) if article.name != article.title else "",
    )


def _cut(text: str, most: int) -> str:
    """A text, or its first whole words and an ellipsis."""
    if len(text) <= most:
        return text
    return f"{text[:most].rsplit(' ', 1)[0].rstrip(' ,;:.')}…"
