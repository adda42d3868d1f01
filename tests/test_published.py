"""When a page or a Markdown file says that it was published."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from spindetect.read.article import read_article
from spindetect.read.dates import front_matter_time, tree_time
from spindetect.read.linked_data import linked_data
from spindetect.read.pages import parsed
from spindetect.read.times import parse_time

DATA = Path(__file__).parents[1] / "data"


def page_time(page: str) -> str | None:
    """The published time in a page, as its reader asks for it."""
    page, tree = parsed(page)
    return None if tree is None else tree_time(page, tree, linked_data(tree))[0]


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
        ('<meta name="DC.date" content="2026-01-05">', "2026-01-05"),
        ("<p class='date'>Updated 7 January 2026 | Published 5 January 2026</p>", "2026-01-05"),
        (
            '<script type="application/ld+json">{&quot;@type&quot;:&quot;NewsArticle&quot;,'
            "&quot;datePublished&quot;:&quot;2026-01-05&quot;}</script>",
            "2026-01-05",
        ),
        ('<meta name="date" content="">', None),
        ('<meta name="description" content="2026-01-05">', None),
        ("<p>The mill was built on 2006-01-05.</p>", None),
        ("", None),
    ],
)
def test_the_time_in_a_page(page: str, time: str | None) -> None:
    assert page_time(page) == time


def data(*items: object) -> str:
    return "".join(f'<script type="application/ld+json">{json.dumps(item)}</script>' for item in items)


def published(time: str) -> str:
    return f'<meta property="article:published_time" content="{time}">'


def scoped(kind: str, inside: str, attributes: str = "") -> str:
    return f'<div itemscope {attributes} itemtype="https://schema.org/{kind}">{inside}</div>'


OLD = {"@type": "NewsArticle", "headline": "Old", "datePublished": "2018-01-01"}
OWN = {"@type": "NewsArticle", "headline": "The mill closes", "datePublished": "2026-01-05"}
VIDEO = {"@type": "VideoObject", "datePublished": "2021-06-01"}


@pytest.mark.parametrize(
    "page",
    [
        data({"@graph": [VIDEO, OWN]}),
        data({"@type": "WebSite", "datePublished": "2012-06-01"}, OWN),
        data(VIDEO) + '<meta name="date" content="2026-01-05">',
        data({**OWN, "comment": [{"@type": "Comment", "datePublished": "2026-02-01"}]}),
        data({**OWN, "video": VIDEO, "isPartOf": OLD}),
        data({"@type": "ItemList", "itemListElement": [OLD]}, OWN),
        data({"@type": "WebPage", "datePublished": "2019-01-01", "mainEntity": OWN}),
        data({"@type": ["https://schema.org/NewsArticle", "Thing"], "datePublished": ["2026-01-05"]}),
        data(OLD, OWN) + "<h1>The mill closes</h1>",
        data({**OLD, "url": "https://x.org/old"}, {**OWN, "url": "http://www.x.org/mill/"})
        + '<link rel="canonical" href="https://x.org/mill?page=1">',
        "<!-- " + published("1999-01-01") + " -->" + published("2026-01-05"),
        published("2020-01-01") + published("2026-01-05") + data(OWN),
        published("1970-01-01T00:00:00Z") + data(OWN),
        published("0001-01-01") + '<meta property="article:modified_time" content="2026-03-01">' + data(OWN),
        '<script type="application/ld+json">//<![CDATA[\n' + json.dumps(OWN) + "\n//]]></script>",
        '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2026-01-05",}</script>',
        scoped("Comment", '<meta itemprop="datePublished" content="2020-01-01">')
        + scoped("NewsArticle", '<time itemprop="datePublished" datetime="2026-01-05">today</time>'),
        scoped("NewsArticle", '<meta itemprop="datePublished" content="2018-01-01">', 'itemprop="itemListElement"')
        + '<meta name="date" content="2026-01-05">',
        '<aside><time datetime="2018-01-01">x</time></aside><article><time datetime="2026-01-05">x</time>'
        '<div class="comments"><time datetime="2026-02-01">x</time></div></article>',
        '<article>Updated: <time datetime="2026-01-06">x</time><time datetime="2026-01-05">x</time></article>',
        '<article><p class="byline">By A. Reyes, January 5, 2026</p><p>Rain.</p></article><footer>© 2019</footer>',
    ],
)
def test_only_what_speaks_of_the_article_counts(page: str) -> None:
    found = page_time(f"<html><head><title>Mill</title></head><body>{page}</body></html>")
    assert found and parse_time(found) == parse_time("2026-01-05")


@pytest.mark.parametrize(
    "page",
    [
        published("2020-01-01") + published("2026-01-05"),  # one is a teaser's, and nobody says which
        data(OLD, OWN),
        data(VIDEO),
        '<script type="application/ld+json">{"@type": "VideoObject", "datePublished": "2021-06-01",}</script>',
        '<meta property="article:modified_time" content="2026-01-05">'
        '<meta property="og:updated_time" content="2026">',
        published("1970-01-01"),
        published("0001-01-01T00:00:00Z"),
        "<article><p>One.</p><time datetime='2018-01-01'>x</time></article><article><p>Two.</p></article>",
        "<article><p>Last modified on <time datetime='2026-01-06'>6 January</time></p><p>Rain.</p></article>",
        "<time class='updated' datetime='2026-02-01'>x</time><footer>© 2019 The Courier</footer>",
        "<!-- " + data(OWN) + " -->",
        "<article><p class='date'>Last updated: <b>7 March 2026</b></p><p>Rain.</p></article>",
        "<article><p class='date'>03/04/2026</p><p>Rain.</p></article>",
        "<article><h1>A talk on 7 March 2026</h1><p class='byline'>By Ann Lee</p><p>Rain.</p></article>",
        "<article><p class='byline'>By Ann Lee</p><p>The council of the island voted on Monday, 7 March 2026, to "
        "close the pier at the end of June, after a long debate and many speeches.</p></article>",
    ],
)
def test_what_speaks_of_something_else_is_no_publication(page: str) -> None:
    assert page_time(f"<html><head><title>News</title></head><body>{page}</body></html>") is None


STORY = "The ferry to Skarvoy will stop in October, the council of the island said on Monday after a long debate."


@pytest.mark.parametrize(
    ("line", "same"),
    [
        ("By Ann Lee, 3 March 2024", "2024-03-03"),
        ("By Ann Lee | March 3, 2024 | 4 min read", "2024-03-03"),
        ("Published: March 3, 2024 Updated: March 5, 2024", "2024-03-03"),
        ("Sunday 3 March 2024 10.15 GMT", "2024-03-03"),
        ("By Ann Lee, 13/03/2024", "2024-03-13"),
        ("By Ann Lee, 03/04/2024", None),
        ("Updated March 5, 2024", None),
        ("March 3, 2024\n\nBy Ann Lee, 9 March 2024", None),
        ("The fair takes place on March 30, 2024, at the old pier of the island, and everybody may come.", None),
    ],
)
def test_a_byline_dates_an_article(line: str, same: str | None) -> None:
    text = f"Island loses its ferry\n\n{line}\n\n{STORY}\n\n{STORY} {STORY}"
    paragraphs = "".join(f"<p>{one}</p>" for one in text.split("\n\n"))
    for article in (read_article(text), read_article(f"<html><body><article>{paragraphs}</article></body></html>")):
        assert parse_time(article.published) == parse_time(same)
        assert article.about.dated_by == ("byline" if same else None)


def test_a_date_below_the_article_is_of_something_else() -> None:
    assert read_article("\n\n".join(["Ferry stops", *[STORY] * 4, "Published March 3, 2024"])).published is None


@pytest.mark.parametrize(
    ("address", "date"),
    [
        ("https://x.org/2024/03/03/ferry.html", "2024-03-03"),
        ("https://x.org/news/2024/mar/3/ferry?page=2", "2024-03-03"),
        ("https://x.org/2024/03/ferry/", "2024-03"),
        ("https://x.org/20240303/ferry", "2024-03-03"),
        ("https://x.org/ferry-2024-03-03.html", "2024-03-03"),
        ("https://x.org/story/20249913-ferry", None),
        ("https://x.org/2024/ferry", None),
        ("https://x.org/ferry?date=/2024/03/03/", None),
    ],
)
def test_an_address_dates_an_article(address: str, date: str | None) -> None:
    page = f'<html><head><link rel="canonical" href="{address}"></head><body><p>{STORY}</p></body></html>'
    article = read_article(page)
    assert (article.published, article.about.dated_by) == (date, "address" if date else None)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("13/11/2025", "2025-11-13"),
        ("11/13/2025", "2025-11-13"),
        ("13.11.2025", "2025-11-13"),
        ("13-11-2025, 18:42", "2025-11-13"),
        ("5/5/2025", "2025-05-05"),
        ("03/04/2025", None),
        ("3.4.2025 10:00", None),
        ("13/13/2025", None),
        ("31/02/2025", None),
        ("13/11.2025", None),
        ("0001-01-01", None),
        ("0001-01-01T00:00:00Z", None),
        ("1970-01-01", None),
        ("1970-01-01T00:00:00+00:00", None),
        ("1969-12-31T19:00:00-05:00", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("Jan 1, 1970", None),
        ("1900-01-01", None),
        ("9999-12-31T23:59:59Z", None),
        ("0", None),
    ],
)
def test_dates_in_numbers_and_times_that_stand_for_none(text: str, same: str | None) -> None:
    assert parse_time(text) == parse_time(same)
    assert (parse_time(text) is None) == (same is None)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2025-11-13T10:00+02:00", "2025-11-13T08:00", "2025-11-13T08:01"),
        (
            "2025-11-13T10:00",
            "2025-11-12T20:00",
            "2025-11-13T22:01",
        ),  # noon is first in Kiribati, last on Baker Island
        ("2025-11-13", "2025-11-12T10:00", "2025-11-14T12:00"),
    ],
)
def test_a_time_without_a_zone_may_be_of_any_zone_on_earth(text: str, first: str, last: str) -> None:
    moment = parse_time(text)
    assert moment is not None
    assert [one.isoformat()[:16] for one in (moment.first, moment.last)] == [first, last]


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("Mon, 07 Jul 2025 10:00:00 MEST", "2025-07-07T08:00:00Z"),
        ("Mon, 07 Jul 2025 10:00:00 BST", "2025-07-07T09:00:00Z"),
        ("Mon, 07 Jul 2025 10:00:00 EDT", "2025-07-07T14:00:00Z"),
        ("Mon, 07 Jul 2025 10:00:00 IST", "2025-07-07T10:00:00"),  # of India, Ireland or Israel
        ("Mon Jul 07 2025 10:00:00 GMT+0200 (Central European Summer Time)", "2025-07-07T08:00:00Z"),
        ("Mon Jul  7 10:00:00 CEST 2025", "2025-07-07T08:00:00Z"),
        ("2025-07-07 10:00:00 UTC+2", "2025-07-07T08:00:00Z"),
        ("2025-07-07 08:00:00.000 UTC", "2025-07-07T08:00:00Z"),
        ("2025-07-07 10:00:00 +0200 CEST", "2025-07-07T08:00:00Z"),
        ("2025-07-07T10:00:00.5+02:00[Europe/Berlin]", "2025-07-07T08:00:00.5Z"),
        ("2025-7-7 9:05", "2025-07-07T09:05"),
        ("2025.07.07", "2025-07-07"),
        ("1751875200000000", "2025-07-07T08:00:00Z"),
        ("/Date(1751875200000+0200)/", "2025-07-07T08:00:00Z"),
        ("Published: July 7, 2025 | Updated: July 9, 2025", "2025-07-07"),
        ("7 July 2025 (updated 9 July 2025)", "2025-07-07"),
        ("7 July 2025 (updated)", None),
        ("Updated 7 July 2025", None),
        ("1980-01-01T00:00:00Z", None),
    ],
)
def test_times_as_programs_write_them(text: str, same: str | None) -> None:
    assert parse_time(text) == parse_time(same)
    assert (parse_time(text) is None) == (same is None)


@pytest.mark.parametrize("time", ["1970-01-03", "1969-07-20", "1865-04-15", "1970-01-01T12:00:00Z", "1970-06"])
def test_old_times_are_times(time: str) -> None:
    assert parse_time(time) is not None


@pytest.mark.parametrize(
    "page",
    [
        "<meta " * 100_000,
        "<script>{" * 50_000,
        "<time datetime='2026-01-05'>" * 30_000,
        '<script type="application/ld+json">' + " " * 200_000 + '{"datePublished": ' + "[" * 100_000 + "</script>",
        data([OWN] * 3_000) + "<h1>x</h1>" * 3_000,
        "<div itemscope>" * 3_000 + "<meta itemprop='datePublished' content='2026-01-05'>" * 3_000,
        "<b>" * 20_000 + "<meta itemprop='datePublished' content='2026-01-05'>" * 10_000,
    ],
)
def test_long_pages_take_time_in_proportion(page: str) -> None:
    page_time(page)  # nothing is timed: what is quadratic would take minutes


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
    assert read_article(DATA / "harbor" / "spun.txt").published == "November 14, 2025"
