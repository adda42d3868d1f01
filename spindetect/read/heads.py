"""The head of an article's page or its front matter: title, address, outlet, author, time of its last change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from spindetect.read.linked_data import LinkedData
from spindetect.records import About

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LONGEST = 300  # characters of a title or a name; an address may be longer
_LONGEST_ADDRESS = 2_000
_SEPARATED = re.compile(r"(?<!\s)\s++[|\u2013\u2014\u00b7-]\s+")
_WEB = re.compile(r"https?://[^\s/\\]\S*", re.IGNORECASE)
_ADDRESS_BEGINS = ("http://", "https://")
_FRONT = re.compile(
    r"(?:^|\n)[ \t]*+(title|headline|url|link|canonical|outlet|source|site|publisher)[ \t]*+[:=]([^\r\n]*+)",
    re.IGNORECASE,
)


class Head(NamedTuple):
    """An article's title, address and outlet, each None where nothing says it."""

    title: str | None = None
    url: str | None = None
    outlet: str | None = None


def page_head(tree: HtmlElement | None) -> Head:
    """The head of a page: its metadata, and where they are silent its own title without the site's name."""
    if tree is None:
        return Head()
    given = _metadata(tree)
    outlet = _first(given.get("og:site_name"), given.get("application-name"))
    links = [link.get("href") for link in tree.iter("link") if (link.get("rel") or "").lower() == "canonical"]
    headings = ["".join(one.itertext()) for one in islice(tree.iter("h1"), 1)]
    titles = ["".join(one.itertext()) for one in islice(tree.iter("title"), 1)]
    own = titles[0].strip() if titles else None
    parts = _SEPARATED.split(own or "")
    if own and len(parts) > 1 and (outlet is None or parts[-1].casefold() == outlet.casefold()):
        # without the site's name at its end [Rain in Castara | The Coast -> Rain in Castara]
        own = own[: own.rindex(parts[-1])].rstrip(" |\u2013\u2014\u00b7-")
    title = _first(given.get("og:title"), given.get("twitter:title"), own, *headings[:1])
    return Head(title, _address(*links, given.get("og:url")), outlet)


def _metadata(tree: HtmlElement) -> dict[str, str]:
    """The contents of a page's ``meta`` elements, by their names; the first of several."""
    given: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = (meta.get("property") or meta.get("name") or "").strip().lower()
        given.setdefault(name, meta.get("content") or "")
    return given


def front_head(front: str) -> Head:
    """The head in a Markdown file's front matter.

    >>> front_head("---\\ntitle: \\"Rain\\"\\nurl: https://news.example/rain\\n---")
    Head(title='Rain', url='https://news.example/rain', outlet=None)
    """
    given = {name.lower(): value.strip().strip("\"'") for name, value in reversed(_FRONT.findall(front))}
    return Head(
        _first(*[given.get(name) for name in ("title", "headline")]),
        _address(*[given.get(name) for name in ("url", "link", "canonical", "source")]),
        _first(*[given.get(name) for name in ("outlet", "publisher", "site", "source")]),
    )


def _first(*found: str | None) -> str | None:
    """The first text that says something, on one line."""
    lines = (" ".join(text.split()) for text in found if text)
    return next((line[:_LONGEST] for line in lines if line and not _WEB.fullmatch(line)), None)


def _address(*found: str | None) -> str | None:
    """The first that is a web page's address."""
    addresses: Iterable[str] = (address.strip() for address in found if address)
    return next((one for one in addresses if len(one) <= _LONGEST_ADDRESS and _WEB.fullmatch(one)), None)


def about_page(tree: HtmlElement, linked: LinkedData) -> About:
    """Author and last change of a page's article, by its linked data or else its metadata."""
    given = _metadata(tree)
    own = linked.articles[0] if len(linked.articles) == 1 else {}
    return About(
        author=_said(_name(own.get("author")), given.get("author"), given.get("article:author")),
        modified=_said(own.get("dateModified"), given.get("article:modified_time"), given.get("og:updated_time")),
    )


def _name(value: Any) -> str | None:
    """The name of a person or an organisation in linked data, of several all, [Ann Other, Tom Else]."""
    if isinstance(value, list):
        return ", ".join(name for one in value[:9] if (name := _name(one))) or None
    if isinstance(value, Mapping):
        value = value.get("name")
    return value if isinstance(value, str) else None


def _said(*values: Any) -> str | None:
    """The first value that is a string with something in it, on one line; an author's page isn't a name."""
    plain = (" ".join(value.split())[:_LONGEST] for value in values if isinstance(value, str))
    return next((value for value in plain if value and not value.lower().startswith(_ADDRESS_BEGINS)), None)
