"""When a page or a Markdown file says that it was published."""

from __future__ import annotations

from pathlib import Path

import pytest

from spindetect.read.article import read_article
from spindetect.read.dates import front_matter_time, page_time

DATA = Path(__file__).parents[1] / "data"


@pytest.mark.parametrize(
    ("page", "time"),
    [
        ('<meta property="article:published_time" content="2026-01-05T06:07:08Z">', "2026-01-05T06:07:08Z"),
        ("<META CONTENT='5 Jan 2026' NAME='Date' />", "5 Jan 2026"),
        ('<meta itemprop="datePublished" content=" 2026-01-05 ">', "2026-01-05"),
        ('<script type="application/ld+json">{"datePublished" : "2026-01-05"}</script>', "2026-01-05"),
        (
            '<meta name="date" content="2020-01-01"><script>{"datePublished":"2026-01-05"}</script>'
            '<meta property="og:published_time" content="2021-01-01">',
            "2026-01-05",
        ),
        (
            '<script>{"datePublished":"2026-01-06"}</script>'
            '<meta property="article:published_time" content="2026-01-05">',
            "2026-01-05",
        ),
        ('<meta name="date" content="">', None),
        ('<meta name="description" content="2026-01-05">', None),
        ("<p>Published 2026-01-05</p>", None),
        ("", None),
    ],
)
def test_the_time_in_a_page(page: str, time: str | None) -> None:
    assert page_time(page) == time


@pytest.mark.parametrize(
    ("front", "time"),
    [
        ("---\ntitle: Rain\ndate: 2026-01-05T06:07:08Z\n---", "2026-01-05T06:07:08Z"),
        ("---\r\nPublishDate: '2026-01-05'\r\n---", "2026-01-05"),
        ('+++\ndate = "2026-01-05"\n+++', "2026-01-05"),
        ("---\nupdate: 2026-01-05\n---", None),
        ("---\ntitle: The date\n---", None),
    ],
)
def test_the_time_in_front_matter(front: str, time: str | None) -> None:
    assert front_matter_time(front) == time


def test_articles_carry_their_time() -> None:
    assert read_article(DATA / "harbor" / "original.html").published == "2025-11-13T18:42:00-04:00"
    assert read_article(DATA / "harbor" / "spun.md").published == "2025-11-14T03:17:52+00:00"
    assert read_article(DATA / "harbor" / "spun.txt").published is None
