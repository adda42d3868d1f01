"""Feeds and sitemaps by their links: nothing is fetched, added or lost twice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from links import Site, serving
from stories import story
from test_crawls import page

from spindetect.archive.archive import Archive
from spindetect.archive.following import Memory
from spindetect.commands.archive import AddOptions, add
from spindetect.commands.scan import ScanOptions
from spindetect.commands.scan import scan as scan_command
from spindetect.links import hosts
from spindetect.links.url import URL
from spindetect.read.formats.feeds_and_xml import sitemap_links
from spindetect.settings import Settings

OPEN = Settings(allow_private=True, link_seconds=5.0, ignore_robots=True)


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hosts, "PAUSE", 0.0)
    hosts.host_of.cache_clear()


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        for number in range(5):
            site.pages[f"/{number}"] = ("text/html", page(number).encode(), {})
        yield site


def feed(site: Site, numbers: range, whole: bool = True) -> None:
    """A feed of some stories, in full or with a line of each."""
    items = "".join(
        f"<item><guid>story-{number}</guid><link>{site.url(f'/{number}')}</link><description>"
        f"{story(number) if whole else 'Read more'}</description></item>"
        for number in numbers
    )
    body = f"<?xml version='1.0'?><rss><channel><title>Coast</title>{items}</channel></rss>"
    site.pages["/feed.xml"] = ("application/rss+xml", body.encode(), {"ETag": f'"{numbers.stop}"'})


def added(site: Site, archive: Path, path: str, follow: bool = False) -> int:
    site.asked.clear()
    return add(AddOptions(archive, [site.url(path)], settings=OPEN, jobs=1, follow=follow))


def count(archive: Path) -> int:
    with Archive.open(archive) as opened:
        return len(opened)


def test_a_feed_is_read_again_only_if_it_changed(
    site: Site, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    archive = tmp_path / "archive"
    feed(site, range(2))
    assert added(site, archive, "/feed.xml") == 0
    assert added(site, archive, "/feed.xml") == 0
    assert "0 added, 0 already there" in capfd.readouterr().out  # it wasn't sent a second time
    feed(site, range(3))
    assert added(site, archive, "/feed.xml") == 0
    assert "1 added, 0 already there" in capfd.readouterr().out  # the two weren't looked at again
    assert count(archive) == 3


def test_of_a_feed_the_pages_are_fetched_when_that_is_asked_for(site: Site, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    feed(site, range(2), whole=False)
    assert added(site, archive, "/feed.xml", follow=True) == 0
    assert site.asked == ["/feed.xml", "/0", "/1"]
    feed(site, range(3), whole=False)
    assert added(site, archive, "/feed.xml", follow=True) == 0
    assert site.asked == ["/feed.xml", "/2"]
    with Archive.open(archive) as opened:
        assert story(2).split(". ")[0] in opened.text(site.url("/2"))


def test_what_failed_is_fetched_again(site: Site, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    feed(site, range(2), whole=False)
    there = site.pages.pop("/1")
    assert added(site, archive, "/feed.xml", follow=True) == 2
    site.pages["/1"] = there
    assert added(site, archive, "/feed.xml", follow=True) == 0
    assert site.asked == ["/feed.xml", "/1"]
    assert count(archive) == 2


def test_a_sitemap_and_those_that_it_names_are_followed_once(site: Site, tmp_path: Path) -> None:
    urls = "".join(f"<url><loc>{site.url(f'/{number}')}</loc></url>" for number in range(3))
    maps = "".join(f"<sitemap><loc>{site.url(path)}</loc></sitemap>" for path in ("/news.xml", "/map.xml"))
    space = "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'"
    site.pages["/news.xml"] = ("text/xml", f"<urlset {space}>{urls}</urlset>".encode(), {"ETag": '"1"'})
    site.pages["/map.xml"] = ("text/xml", f"<sitemapindex {space}>{maps}</sitemapindex>".encode(), {"ETag": '"2"'})
    archive = tmp_path / "archive"
    with pytest.raises(Exception, match="none of the 1 records"):
        added(site, archive, "/map.xml")
    assert added(site, archive, "/map.xml", follow=True) == 0  # it names itself, and comes to an end
    assert count(archive) == 3
    assert added(site, archive, "/map.xml", follow=True) == 0
    assert not [path for path in site.asked if path in ("/0", "/1", "/2")]


@pytest.mark.slow
def test_a_link_is_scanned_and_what_it_led_to_is_kept(site: Site, tmp_path: Path) -> None:
    feed(site, range(3))
    out = tmp_path / "rows.jsonl"
    assert scan_command(ScanOptions(site.url("/feed.xml"), str(out), settings=OPEN, jobs=1)) == 0
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [row["id"] for row in rows] == [f"story-{number}" for number in range(3)]
    assert {row["warc_file"] for row in rows} == {f"{out}.warc.gz"}


def test_a_damaged_sitemap_is_read_as_far_as_it_goes() -> None:
    assert sitemap_links(b"<urlset><url><loc>https://a.example/</loc></url><url><lo") == (
        ["https://a.example/"],
        [],
    )


def test_what_is_no_sitemap_is_none() -> None:
    assert sitemap_links(b"<html><body><urlset></body></html>") is None
    assert sitemap_links(b"\x1f\x8b damaged") is None


def test_what_is_remembered_of_a_feed_stays_small_whatever_its_ids_are(tmp_path: Path) -> None:
    memory, url = Memory(tmp_path / "memory.json"), URL("https://news.example/feed")
    ids = [f"{number}" + "a" * 100_000 for number in range(20)]
    assert all(memory.is_new(url, id) for id in ids) and not any(memory.is_new(url, id) for id in ids)
    memory.save()
    assert memory.path.stat().st_size < 10_000
