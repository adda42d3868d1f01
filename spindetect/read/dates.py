"""When an article says that it was published: in metadata, front matter or byline, or in its address.

Only what speaks of the page's own article counts: not the date of a video, a comment, a list of other articles or
the site, not one of a change, and nothing in an HTML comment. Where several contradict each other none is believed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import TYPE_CHECKING

from spindetect.files import shipped_table
from spindetect.read.boilerplate import boilerplate_marks
from spindetect.read.linked_data import LinkedData
from spindetect.read.rules import PARTS
from spindetect.read.times import is_filler, month_number, parse_time
from spindetect.records import Mark

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MAY_SAY = re.compile(r"<meta\b|datePublished|<time\b|dateline|byline|publish", re.IGNORECASE)
_PROPERTY = "article:published_time"
_NAMES = shipped_table("read/times.toml")["metadata"].split()
_ARTICLE = re.compile(r"(?:article|posting|report|webpage|creativework)\Z", re.IGNORECASE)
_CHANGED_DATE = re.compile(
    r"\b(?:updated|modified|edited|corrected|revised|changed)\b(?:[^.;|·<>]|<[^<>]{0,200}>){0,20}?"
    rf"(?:{PARTS['DATE']})(?![\w/-])",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"comment|related|teaser|recommend|promo|sidebar|widget|footer|popular|trending|latest|recirc|more-|updated|modif",
    re.IGNORECASE,
)
_CHANGED = re.compile(r"\b(?:updated|modified|edited|corrected|revised|changed)\b[^.;|·]{0,20}\Z", re.IGNORECASE)
_NO_ARTICLE = frozenset(
    {"aside", "nav", "footer", "script", "style", "meta", "link", "title", "form", "noscript", "h1"}
)
_WHOLE = frozenset({"html", "head", "body", "main", "article"})
_OF_THE_PAGE = frozenset({"", "mainentity", "mainentityofpage", "blogpost"})
_FRONT = re.compile(
    r"(?:^|\n)[ \t]*(?:date|published|pubdate|publishdate)[ \t]*[:=][ \t]*"
    r"[\"']?([^\"'\r\n]{4,60}?)[\"']?[ \t]*(?=\r?\n|$)",
    re.IGNORECASE,
)
_SHOWN = re.compile(rf"(?<![\w/.-])(?:{PARTS['DATE']})(?![\w/-])", re.IGNORECASE)
_HEAD = 2_000  # characters in which an article's byline stands, and so many words of the article at most before it
_HEAD_WORDS = 60
# [/2024/03/03/, /2024/mar/03/, /20240303/, /2024-03-03-]; a month alone where only that is given [/2024/03/].
_IN_ADDRESS = re.compile(
    rf"[/_-]((?:19|20)\d\d)(?:/({PARTS['MONTH']}|\d\d?)(?:/(\d\d?))?(?=/)|(-?)(\d\d)\4(\d\d)(?=[/_.-]|$))",
    re.IGNORECASE,
)


def tree_time(page: str, tree: HtmlElement, linked: LinkedData) -> tuple[str | None, str | None]:
    """The published time of a page that was parsed, and where it stands; ``linked`` are the page's linked data."""
    if not _MAY_SAY.search(page):
        return None, None
    given = list(_metadata(tree))
    tiers = [
        (_PROPERTY, [value for name, value in given if name == _PROPERTY]),
        ("linked data", linked.published),
        ("linked data", list(linked.others)),
        *((one, [value for name, value in given if name == one]) for one in _NAMES),
    ]
    tiers = [(where, [value for value in values if not is_filler(value)]) for where, values in tiers]
    tiers = [(where, values) for where, values in tiers if values]
    for where, values in tiers:
        if any(parse_time(value) for value in values) and _agree(values):
            return next(value for value in values if parse_time(value)), where
    if not tiers:
        shown = _byline_time(deepcopy(tree))
        return shown, "byline" if shown else None
    odd = ((values[0], where) for where, values in tiers if not any(map(parse_time, values)))
    return next(odd, (None, None))


def _agree(values: Sequence[str]) -> bool:
    """Whether times may be the same one, as closely as each is known."""
    moments = [moment for moment in map(parse_time, values) if moment]
    return max(moment.first for moment in moments) <= min(moment.last for moment in moments)


def _metadata(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    """The page's ``<meta>`` elements and microdata: names in lower case, and values."""
    for element in tree.iter("meta", "time", "span"):
        value = (element.get("content") or element.get("datetime") or "").strip()
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        if value and name and (element.tag == "meta" or element.get("itemprop")) and _is_of_article(element):
            yield name.strip().lower(), value


def _is_of_article(element: HtmlElement) -> bool:
    """Whether the nearest thing that an element is said to belong to, if any, is an article or the page."""
    for around in element.iterancestors():
        if around.get("itemscope") is not None:
            # A property of an article, a comment or a video say, is no article of the page's.
            kind = around.get("itemtype") or ""
            own = (around.get("itemprop") or "").lower() in _OF_THE_PAGE
            return own and (not kind or _ARTICLE.search(kind.rstrip("/")) is not None)
    return True


def _byline_time(tree: HtmlElement) -> str | None:
    """The date in a byline, by htmldate, when there is one only.

    htmldate by itself takes the dates of videos, comments, other articles and changes; so it is shown only what is
    left when these, and all metadata, are gone, which ``tree`` isn't what it was after.
    """
    from lxml import html

    articles = tree.findall(".//article")
    if len(articles) > 1:
        return None
    root = articles[0] if articles else tree
    for element in [one for one in root.iter() if isinstance(one.tag, str) and one.tag not in _WHOLE]:
        labels = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('itemprop') or ''}"
        if element.tag in _NO_ARTICLE or _ELSEWHERE.search(labels):
            element.drop_tree()
    for element in [one for one in root.iter("time") if _CHANGED.search(_label(one))]:
        element.drop_tree()
    times = [value for one in root.iter("time") if (value := one.get("datetime")) and parse_time(value)]
    if times and not _agree(times):
        return None
    if times:
        return times[0]
    from htmldate import find_date

    shown = _CHANGED_DATE.sub("", html.tostring(root, encoding="unicode"))
    found = find_date(f"<html><body>{shown}</body></html>", original_date=True, extensive_search=False)
    if found is not None and not is_filler(found):
        year, month, day = map(int, found.split("-"))
        either = rf"(?<!\d)(?:0?{day}[./-]0?{month}|0?{month}[./-]0?{day})[./-]{year}(?!\d)"
        return None if day <= 12 and day != month and re.search(either, shown) else str(found)
    from spindetect.read.pages import visible_text

    text = visible_text(shown)[:_HEAD]
    return head_time(text, boilerplate_marks(text))


def head_time(text: str, marks: Sequence[Mark]) -> str | None:
    """The date in a byline or a line of its own above an article, as it stands there, when there is one only."""
    found: list[str] = []
    words = at = 0
    for mark in marks:
        words += len(text[at : mark.span.start].split())
        at = mark.span.end
        if words > _HEAD_WORDS or mark.span.start > _HEAD:
            break
        if mark.reason in ("byline", "date line"):
            line = mark.span.of(text)
            found += [date[0] for date in _SHOWN.finditer(line) if not _CHANGED.search(line[: date.start()])]
    found = [date for date in found if parse_time(date)]
    return found[0] if found and _agree(found) else None


def address_time(address: str) -> str | None:
    """The day or month that a web page's address says it is of.

    >>> address_time("https://news.example/2024/mar/03/rain"), address_time("https://news.example/2024/03/rain/")
    ('2024-03-03', '2024-03')
    """
    found = _IN_ADDRESS.search(address.partition("?")[0])
    if not found:
        return None
    month, day = found[2] or found[5], found[3] or found[6]
    number = int(month) if month.isdigit() else month_number(month)
    date = f"{found[1]}-{number:02}" + (f"-{int(day):02}" if day else "")
    return date if parse_time(date) else None


def _label(element: HtmlElement) -> str:
    """The text right before an element, in its parent [Updated: <time>]."""
    before, parent = element.getprevious(), element.getparent()
    return (
        parent.text if before is None and parent is not None else before.tail if before is not None else ""
    ) or ""


def front_matter_time(front: str) -> str | None:
    """The published time in a Markdown file's front matter.

    >>> front_matter_time("---\\ntitle: Rain\\ndate: 2025-11-14\\n---")
    '2025-11-14'
    """
    found = _FRONT.search(front)
    return found[1] if found and not is_filler(found[1]) else None
