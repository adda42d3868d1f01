"""Crawls of the web: pages told apart cheaply, read in worker processes, each row with its place in the file."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path

import pytest
from links import PAGE
from stories import story

from spindetect.archive.inputs import made_records, read_late_records, read_records, record_of
from spindetect.archive.records import Record
from spindetect.read import pages
from spindetect.read.first_pass import NO_PROSE, OTHER_LANGUAGE, not_worth_reading
from spindetect.read.format import BadRecord, Unread
from spindetect.scan.parts import Parts
from spindetect.scan.places import Here, place
from spindetect.scan.plan import Plan
from spindetect.scan.reading import suspects
from spindetect.scan.rows import failed_row
from spindetect.scan.scanning import scan
from spindetect.settings import Settings
from spindetect.worker_life import Limits

GERMAN = "Der Hafen wurde am Dienstag gesperrt, und die Behörden sagten, die Arbeiten werden noch lange dauern. "
WARC = pytest.importorskip("warcio.warcwriter")


def page(number: int) -> str:
    told = "".join(f"<p>{one}.</p>" for one in story(number).split(". "))
    head = f"<!DOCTYPE html><html><head><title>Story {number}</title></head>"
    return f"{head}<body><article>{told}</article></body></html>"


def write(path: Path, pages: list[tuple[str, str, bytes]], packed: bool = True) -> Path:
    """A crawl of pages, each with its status, media type and body, after its request."""
    from warcio.statusandheaders import StatusAndHeaders

    with path.open("wb") as stream:
        warc = WARC.WARCWriter(stream, gzip=packed)
        for number, (status, media_type, body) in enumerate(pages):
            address = f"https://news.example/{number}"
            asked = StatusAndHeaders("GET / HTTP/1.1", [("Host", "news.example")], is_http_request=True)
            warc.write_record(warc.create_warc_record(address, "request", BytesIO(b""), http_headers=asked))
            headers = StatusAndHeaders(status, [("Content-Type", media_type)], protocol="HTTP/1.1")
            record = warc.create_warc_record(address, "response", BytesIO(body), len(body), http_headers=headers)
            warc.write_record(record)
    return path


def crawl(path: Path, count: int) -> Path:
    return write(path, [("200 OK", "text/html; charset=utf-8", page(number).encode()) for number in range(count)])


MIXED = [
    ("200 OK", "text/html", page(1).encode()),
    ("404 Not Found", "text/html", page(2).encode()),
    ("200 OK", "image/png", b"\x89PNG\r\n\x1a\n"),
    ("200 OK", "text/html; charset=utf-8", f"<html><body><p>{GERMAN * 8}</p></body></html>".encode()),
    ("200 OK", "text/html", b"<html><body><ul><li>Home<li>News</ul></body></html>"),
    ("200 OK", "text/html; charset=windows-1251", page(3).replace("Story", "История").encode("cp1251")),
    ("200 OK", "text/html", b"%PDF-1.4 damaged"),
    ("200 OK", "text/plain", story(4).encode()),
]


@pytest.mark.parametrize("packed", [True, False])
def test_of_a_crawl_the_pages_that_hold_an_article_are_read(tmp_path: Path, packed: bool) -> None:
    left_out: list[str] = []
    found = list(read_records(write(tmp_path / "a.warc.gz", MIXED, packed), left_out=left_out.append))
    assert [one.id if isinstance(one, Record) else type(one) for one in found] == [
        "https://news.example/0",
        "https://news.example/5",
        BadRecord,
        "https://news.example/7",
    ]
    assert isinstance(found[1], Record) and found[1].title == "История 3"
    assert left_out == [OTHER_LANGUAGE, NO_PROSE]


def test_each_page_has_its_place_in_the_file(tmp_path: Path) -> None:
    from warcio.archiveiterator import ArchiveIterator

    path = crawl(tmp_path / "a.warc.gz", 3)
    for record in read_records(path):
        assert isinstance(record, Record) and record.other["warc_file"] == str(path)
        with path.open("rb") as stream:
            stream.seek(record.other["warc_offset"])
            there = next(iter(ArchiveIterator(stream)))
            assert there.rec_headers.get_header("WARC-Target-URI") == record.id
            assert there.rec_headers.get_header("WARC-Record-ID") == record.other["warc_record_id"]


def test_pages_are_read_late_and_in_any_number_of_processes(tmp_path: Path) -> None:
    path = write(tmp_path / "a.warc.gz", MIXED)
    late = list(read_late_records(path, None, Settings()))
    assert [isinstance(one, Unread) for one in late] == [True, True, True, True]
    once = list(made_records(iter(late), None, Settings(), 1, Limits()))
    assert once == list(read_records(path)) == list(made_records(iter(late), None, Settings(), 2, Limits()))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (page(5), ""),
        (PAGE, ""),
        (f"<body><p lang=de>{GERMAN * 9}</p></body>", OTHER_LANGUAGE),
        (f"<body>{''.join(f'<a>Section number {n} of all</a>' for n in range(4))}</body>", NO_PROSE),
        (
            "<html><script>" + "var the = 'and that from which this have'; " * 99 + "</script><body></body>",
            NO_PROSE,
        ),
        ('<html><body><script type="application/json">{"text": "' + story(1) + '"}</script></body></html>', ""),
        (page(6).upper(), ""),
    ],
)
def test_a_fast_look_tells_which_pages_deserve_a_slow_one(body: str, reason: str) -> None:
    assert not_worth_reading(body.encode()) == reason


def test_what_is_no_article_is_left_out_before_the_main_text_is_sought_and_makes_no_difference() -> None:
    aside = "<aside><p>" + "Read this as well, said the paper. " * 40 + "</p></aside>"
    data = '<script type="application/ld+json">{"@type": "NewsArticle"}</script>'
    for stories in (1, 3):  # 3: so long that the rest of the page isn't looked at
        told = "".join(f"<p>{one}.</p>{aside}" for n in range(stories) for one in story(n).split(". "))
        body = f"<nav><a>Home</a></nav>{data}<article>{told}</article><footer>{aside}</footer>"
        source = f"<html><body>{body}</body></html>"
        text, _ = pages.main_text(source)
        assert (text, len(text) > 1_100) == (pages._extract(source), stories == 3)
        assert story(0).split(". ")[1] in text and "said the paper" not in text


def test_utf_16_isnt_looked_into() -> None:
    assert not_worth_reading(page(1).encode("utf-16")) == ""


@pytest.mark.slow
def test_the_rows_of_a_scan_have_the_places(tmp_path: Path) -> None:
    path = write(tmp_path / "a.warc.gz", MIXED)
    done = scan(path, tmp_path / "rows.jsonl", jobs=1)
    rows = [json.loads(line) for line in (tmp_path / "rows.jsonl").read_text("utf-8").splitlines()]
    assert (done.rows, done.errors, dict(done.left_out)) == (4, 1, {OTHER_LANGUAGE: 1, NO_PROSE: 1})
    assert [row["number"] for row in rows] == [1, 2, 3, 4]
    assert {row["warc_file"] for row in rows if not row["error"]} == {str(path)}
    offsets = [row["warc_offset"] for row in rows if not row["error"]]
    assert offsets == sorted(set(offsets)) and offsets[0] > 0


def feed(path: Path, numbers: range) -> None:
    """A feed in RSS or Atom, by the ending."""
    one, id = ("item", "guid") if path.suffix == ".rss" else ("entry", "id")
    text = "description" if one == "item" else "summary"
    entries = "".join(f"<{one}><{id}>n{n}</{id}><{text}>{story(n)}</{text}></{one}>" for n in numbers)
    whole = f"<rss><channel>{entries}</channel></rss>" if one == "item" else f"<feed>{entries}</feed>"
    path.write_text(f"<?xml version='1.0'?>{whole}", "utf-8")


@pytest.mark.slow
def test_a_scan_that_is_killed_in_feeds_and_in_a_crawl_loses_and_doubles_nothing(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    feed(tmp_path / "in" / "a.rss", range(100, 112))
    feed(tmp_path / "in" / "b.atom", range(200, 212))
    crawl(tmp_path / "in" / "c.warc.gz", 16)
    out = tmp_path / "rows.jsonl"
    parts = Parts(Here(tmp_path / "rows.jsonl.parts"))
    command = (
        "from spindetect.scan.scanning import scan; "
        f"scan({str(tmp_path / 'in')!r}, {str(out)!r}, jobs=1, part=2, resume=True)"
    )
    for least, most in ((2, 6), (8, 12), (14, 19)):  # in the first feed, in the second one, in the crawl
        begun = subprocess.Popen([sys.executable, "-c", command])
        while begun.poll() is None and len(parts.finished()) < least:
            time.sleep(0.01)
        begun.kill()
        begun.wait()
        assert least <= len(parts.finished()) < most
    done = scan(tmp_path / "in", out, jobs=1, part=2, resume=True)
    assert done.resumed >= 28
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    ids = [f"n{n}" for n in (*range(100, 112), *range(200, 212))]
    assert [row["id"] for row in rows] == [*ids, *(f"https://news.example/{number}" for number in range(16))]


RSS = f"<rss><channel><item><guid>f1</guid><description>{story(21)}</description></item>" + (
    f"<item><guid>f2</guid><description>{story(22)}</description></item></channel></rss>"
)


def test_a_scan_goes_on_at_the_last_record_without_what_is_before_it(tmp_path: Path) -> None:
    pages = [("200 OK", "text/html; charset=utf-8", page(number).encode()) for number in range(8)]
    pages[6:6] = [("200 OK", "application/rss+xml", RSS.encode()), ("404 Not Found", "text/html", b"<p>No</p>")]
    plan = Plan(place(write(tmp_path / "a.warc.gz", pages)), place(tmp_path / "rows.jsonl"), ())
    items = list(suspects(plan))
    assert [number for number, _ in items] == list(range(1, 11))
    rows = [failed_row(number, record_of(item, None, 9_999), "") for number, item in items]
    for done, first in ((8, 7), (10, 10)):  # in the middle of a feed in the crawl, and at its end
        again = list(suspects(plan, done=rows[:done]))
        assert again == items[first - 1 :]
    path = tmp_path / "a.warc.gz"
    damaged = bytearray(path.read_bytes())
    damaged[: rows[3]["warc_offset"]] = bytes(rows[3]["warc_offset"])
    path.write_bytes(damaged)
    assert list(suspects(plan, done=rows[2:4])) == items[3:]
    other = rows[3] | {"warc_record_id": "another"}
    assert isinstance(next(suspects(plan, done=[rows[2], other]))[1], BadRecord)  # from the beginning, then


def test_a_page_without_an_address_or_in_an_encoding_of_its_own_costs_no_other(tmp_path: Path) -> None:
    brotli = pytest.importorskip("brotli")
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    out = BytesIO()
    writer = WARCWriter(out, gzip=False)
    bodies = [page(number).encode() for number in range(4)]
    sent = (bodies[0], None), (brotli.compress(bodies[1]), "br"), (b"\xff" * 40, "br"), (bodies[3], None)
    for number, (body, encoding) in enumerate(sent):
        fields = [("Content-Type", "text/html"), *([("Content-Encoding", encoding)] if encoding else [])]
        headers = StatusAndHeaders("200 OK", fields, protocol="HTTP/1.1")
        where = f"http://a.b/{number}"
        writer.write_record(writer.create_warc_record(where, "response", BytesIO(body), http_headers=headers))
    path = tmp_path / "a.warc"
    path.write_bytes(out.getvalue().replace(b"WARC-Target-URI: http://a.b/0\r\n", b"", 1))
    first, second, third, fourth = read_records(path)
    assert isinstance(third, BadRecord) and "cannot be decoded" in third.reason
    assert isinstance(second, Record) and isinstance(fourth, Record)
    assert second.url == "http://a.b/1" and fourth.url == "http://a.b/3"
    assert first != fourth


@pytest.mark.parametrize("packed", [True, False])
def test_a_page_that_the_files_end_cuts_is_no_whole_article(tmp_path: Path, packed: bool) -> None:
    path = write(tmp_path / "a.warc", [("200 OK", "text/html", page(number).encode()) for number in (1, 2)], packed)
    path.write_bytes(path.read_bytes()[:-300])
    first, second = read_records(path)
    assert isinstance(first, Record)
    assert isinstance(second, BadRecord) and "ends within it" in second.reason


@pytest.mark.parametrize(("off", "read"), [(0, 3), (-1, 3), (-400, 2), (600, 0)])
def test_a_page_that_declares_another_length_is_an_error_if_text_is_lost(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], off: int, read: int
) -> None:
    pages = [("200 OK", "text/html", page(number).encode()) for number in (1, 2, 3)]
    path = write(tmp_path / "a.warc", pages, packed=False)
    found = re.search(rb"WARC-Type: response(?:.|\n)*?Content-Length: (\d+)", path.read_bytes())
    assert found
    declared = b"%d" % (int(found[1]) + off)
    path.write_bytes(path.read_bytes()[: found.start(1)] + declared + path.read_bytes()[found.end(1) :])
    articles = list(read_records(path))
    assert sum(isinstance(one, Record) for one in articles) == read
    bad = [one.reason for one in articles if isinstance(one, BadRecord)]
    assert bool(bad) == (read < 3) and all("isn't the one that it declares" in reason for reason in bad[:1])
    assert capfd.readouterr() == ("", "")
