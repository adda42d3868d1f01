"""Crawls of the web: pages told apart cheaply, read in worker processes, each row with its place in the file."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path

import pytest
from links import PAGE
from stories import story

from spindetect.archive.inputs import made_records, read_late_records, read_records
from spindetect.archive.records import Record
from spindetect.read.first_pass import NO_PROSE, OTHER_LANGUAGE, not_worth_reading
from spindetect.read.format import BadRecord, Unread
from spindetect.scan.parts import Parts
from spindetect.scan.places import Here
from spindetect.scan.scanning import scan
from spindetect.settings import Settings

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
    once = list(made_records(iter(late), None, Settings(), 1))
    assert once == list(read_records(path)) == list(made_records(iter(late), None, Settings(), 2))


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


def test_utf_16_isnt_looked_into() -> None:
    assert not_worth_reading(page(1).encode("utf-16")) == ""


def test_the_rows_of_a_scan_have_the_places(tmp_path: Path) -> None:
    path = write(tmp_path / "a.warc.gz", MIXED)
    done = scan(path, tmp_path / "rows.jsonl", jobs=1)
    rows = [json.loads(line) for line in (tmp_path / "rows.jsonl").read_text("utf-8").splitlines()]
    assert (done.rows, done.errors, dict(done.left_out)) == (4, 1, {OTHER_LANGUAGE: 1, NO_PROSE: 1})
    assert [row["number"] for row in rows] == [1, 2, 3, 4]
    assert {row["warc_file"] for row in rows if not row["error"]} == {str(path)}
    offsets = [row["warc_offset"] for row in rows if not row["error"]]
    assert offsets == sorted(set(offsets)) and offsets[0] > 0


@pytest.mark.slow
def test_a_scan_of_a_crawl_that_is_killed_loses_and_doubles_nothing(tmp_path: Path) -> None:
    path = crawl(tmp_path / "a.warc.gz", 40)
    out = tmp_path / "rows.jsonl"
    parts = Parts(Here(tmp_path / "rows.jsonl.parts"))
    command = f"from spindetect.scan.scanning import scan; scan({str(path)!r}, {str(out)!r}, jobs=1, part=4)"
    begun = subprocess.Popen([sys.executable, "-c", command])
    while begun.poll() is None and len(parts.finished()) < 3:
        time.sleep(0.01)
    begun.kill()
    begun.wait()
    assert 3 <= len(parts.finished()) < 10
    done = scan(path, out, jobs=1, part=4, resume=True)
    assert done.resumed >= 12
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [row["id"] for row in rows] == [f"https://news.example/{number}" for number in range(40)]
