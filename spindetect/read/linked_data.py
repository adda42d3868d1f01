"""A page's linked data (JSON-LD, schema.org) on its own article, and on nothing else on the page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_ARTICLE = re.compile(
    r"(?:[A-Za-z]*Article|[A-Za-z]*BlogPosting|Report|SocialMediaPosting|DiscussionForumPosting)\Z"
)
_PAGE = re.compile(r"(?:[A-Za-z]*Page|CreativeWork)\Z")
_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{4,60})"')
_TYPES = re.compile(r'"@type"\s*:\s*"([^"]{1,60})"')
# Things that an article's own data have beside it, none of which has a published time of its own.
_PARTS = frozenset(
    "WebPage Person Organization NewsMediaOrganization ImageObject BreadcrumbList ListItem SearchAction".split()
)
_MOST = 1_000  # objects that are looked at


@dataclass(frozen=True, slots=True)
class LinkedData:
    """The subjects of a page's linked data: its own articles, and times of things that may be no article.

    Of several articles those count that the page's address or title names; if none is named, all do.
    """

    articles: tuple[Mapping[str, Any], ...] = ()
    others: tuple[str, ...] = ()

    @property
    def published(self) -> list[str]:
        """The published times of the articles."""
        return [time for item in self.articles if (time := _time(item))]

    @property
    def body(self) -> str:
        """The text of the page's only article, with the posts of a live blog; empty where it isn't given."""
        own = self.articles[0] if len(self.articles) == 1 else {}
        posts = own.get("liveBlogUpdate")
        given = [own, *(posts[:_MOST] if isinstance(posts, list) else [])]
        bodies = [one.get("articleBody") for one in given if isinstance(one, dict)]
        return "\n\n".join([one for one in bodies if isinstance(one, str)])


def linked_data(tree: HtmlElement) -> LinkedData:
    """The linked data of a page, as far as they are about its own article, or the page itself."""
    articles: list[dict[str, Any]] = []
    others: list[str] = []
    loose: list[str] = []
    for script in tree.iter("script"):
        text = _unwrapped(script.text or "")
        if not text.startswith(("{", "[")) or ("datePublished" not in text and "headline" not in text):
            continue
        try:
            data = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            # The published time in what isn't JSON counts if it is of nothing but one article.
            times = set(_DATE.findall(text))
            alien = [kind for kind in _TYPES.findall(text) if not _ARTICLE.match(kind) and kind not in _PARTS]
            loose += times if len(times) == 1 and not alien else ()
            continue
        for kind, item in _items(data):
            if kind == "article":
                articles.append(item)
            elif time := _time(item):
                others.append(time)
    names = _names(tree) if len(articles) > 1 else (set(), set())
    named = [item for item in articles if _is_named(item, *names)]
    return LinkedData(tuple(named or articles), tuple(others or loose))


def _unwrapped(text: str) -> str:
    """A script's text without what once hid scripts from browsers and parsers."""
    text = (unescape(text) if '"' not in text else text).strip()
    for opening in ("//", "/*", "<![CDATA[", "<!--", "*/"):
        text = text.removeprefix(opening).lstrip()
    for closing in ("*/", "-->", "]]>", "/*", "//", ";"):
        text = text.removesuffix(closing).rstrip()
    return text


def _items(data: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """The articles and pages that the data are about, not those that they merely mention."""
    waiting, seen = [data], 0
    while waiting and seen < _MOST:
        item = waiting.pop(0)
        seen += 1
        if isinstance(item, list):
            waiting += item
        elif isinstance(item, dict):
            kinds = [kind.rpartition("/")[2].rpartition(":")[2] for kind in _listed(item.get("@type"))]
            waiting += [item["@graph"]] if "@graph" in item else []
            if any(map(_ARTICLE.match, kinds)):
                yield "article", item
            elif not kinds or any(map(_PAGE.match, kinds)):
                waiting += [item["mainEntity"]] if isinstance(item.get("mainEntity"), dict) else []
                yield "other", item


def _listed(value: Any) -> list[str]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]


def _time(item: Mapping[str, Any]) -> str:
    value = item.get("datePublished")
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, dict):
        value = value.get("@value")
    return value.strip() if isinstance(value, str) else ""


def _names(tree: HtmlElement) -> tuple[set[str], set[str]]:
    """The addresses that a page gives as its own, and its titles."""
    links = [one.get("href") for one in tree.iter("link") if one.get("rel") == "canonical"]
    links += [one.get("content") for one in tree.iter("meta") if one.get("property") == "og:url"]
    titles = ["".join(one.itertext()) for one in tree.iter("title", "h1")]
    titles += [one.get("content") for one in tree.iter("meta") if one.get("property") == "og:title"]
    return {_address(link or "") for link in links} - {""}, {_plain(title) for title in titles} - {""}


def _is_named(item: dict[str, Any], addresses: set[str], titles: set[str]) -> bool:
    """Whether an article's address or headline is the page's own; titles may have the site's name at their end."""
    main = item.get("mainEntityOfPage")
    own = [item.get("url"), item.get("@id"), main.get("@id") if isinstance(main, dict) else main]
    if any(isinstance(one, str) and _address(one) in addresses for one in own):
        return True
    headline = _plain(item.get("headline") or item.get("name") or "")
    return bool(headline) and any(title == headline or title.startswith(headline + " ") for title in titles)


def _address(address: str) -> str:
    return re.sub(r"\Ahttps?://(?:www\.)?|[?#].*|/\Z", "", address.strip().lower())


def _plain(text: Any) -> str:
    return " ".join(re.findall(r"\w+", text.lower())) if isinstance(text, str) else ""
