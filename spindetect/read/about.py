"""What a page says of its own article beside its head: who wrote it, and when it was changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from spindetect.read.linked_data import LinkedData
from spindetect.records import About

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LONGEST = 300  # characters of a field
_WEB = ("http://", "https://")


def about_page(tree: HtmlElement, linked: LinkedData) -> About:
    """What a page's linked data say of its article, or else its metadata."""
    given: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = (element.get("property") or element.get("name") or "").strip().lower()
        given.setdefault(name, element.get("content") or "")
    own = linked.articles[0] if len(linked.articles) == 1 else {}
    return About(
        author=_first(_name(own.get("author")), given.get("author"), given.get("article:author")),
        modified=_first(own.get("dateModified"), given.get("article:modified_time"), given.get("og:updated_time")),
    )


def _name(value: Any) -> str | None:
    """The name of a person or an organisation in linked data, of several all, [Ann Other, Tom Else]."""
    if isinstance(value, list):
        return ", ".join(name for one in value[:9] if (name := _name(one))) or None
    if isinstance(value, Mapping):
        value = value.get("name")
    return value if isinstance(value, str) else None


def _first(*values: Any) -> str | None:
    """The first value that is a string with something in it, on one line; an author's page isn't a name."""
    plain = (" ".join(value.split())[:_LONGEST] for value in values if isinstance(value, str))
    return next((value for value in plain if value and not value.lower().startswith(_WEB)), None)
