"""When an article says that it was published: in a page's metadata, or in Markdown's front matter."""

from __future__ import annotations

import re
from html import unescape

# By how widely they are used; the first that is there counts.
_NAMES = (
    "article:published_time",
    "datePublished",
    "og:published_time",
    "parsely-pub-date",
    "dc.date.issued",
    "pubdate",
    "publish-date",
    "date",
)
_META = re.compile(r"<meta\s[^<>]{1,1000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\b(name|property|itemprop|content)\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_LINKED_DATA = re.compile(r'"datePublished"\s*:\s*"([^"]{4,60})"')
_FRONT = re.compile(
    r"(?:^|\n)[ \t]*(?:date|published|pubdate|publishdate)[ \t]*[:=][ \t]*"
    r"[\"']?([^\"'\r\n]{4,60}?)[\"']?[ \t]*(?=\r?\n|$)",
    re.IGNORECASE,
)
# Metadata stand at the beginning of a page.
_READ = 300_000


def page_time(page: str) -> str | None:
    """The published time in an HTML page's ``<meta>`` elements or linked data, as it stands there.

    >>> page_time('<meta property="article:published_time" content="2025-11-13T18:42:00-04:00">')
    '2025-11-13T18:42:00-04:00'
    """
    page = page[:_READ]
    given: dict[str, str] = {}
    for meta in _META.finditer(page):
        found = {name.lower(): double or single for name, double, single in _ATTRIBUTE.findall(meta[0])}
        name = found.get("property") or found.get("name") or found.get("itemprop") or ""
        given.setdefault(name.lower(), unescape(found.get("content", "")).strip())
    linked = _LINKED_DATA.search(page)
    times = [given.get(name.lower(), "") for name in _NAMES]
    return next(filter(None, [times[0], linked[1] if linked else "", *times[1:]]), None)


def front_matter_time(front: str) -> str | None:
    """The published time in a Markdown file's front matter.

    >>> front_matter_time("---\\ntitle: Rain\\ndate: 2025-11-14\\n---")
    '2025-11-14'
    """
    found = _FRONT.search(front)
    return found[1] if found else None
