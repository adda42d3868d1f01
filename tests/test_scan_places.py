"""Scans that read and write elsewhere: folders of Parquet files, and file systems by their URIs."""

from __future__ import annotations

import gzip
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from objects import CREDENTIALS, bucket
from stories import story

from spindetect import Archive
from spindetect.archive.inputs import record_of
from spindetect.archive.records import Record
from spindetect.errors import SpindetectError
from spindetect.read.article import read_article
from spindetect.read.format import BadRecord
from spindetect.scan import scan
from spindetect.scan.feeds import count_feed, feed_files, read_feed
from spindetect.scan.parts import read_part
from spindetect.scan.places import Far, Place, place
from spindetect.settings import Settings

pyarrow = pytest.importorskip("pyarrow", reason="needs pyarrow: pip install 'spindetect[parquet]'")
parquet = pytest.importorskip("pyarrow.parquet")

DATA = Path(__file__).parents[1] / "data"
SUSPECTS = 12
KINDS = ("path", "file", "fsspec", "s3")

Row = dict[str, Any]


@pytest.fixture(scope="module", params=KINDS)
def root(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An empty folder of each kind; what follows its name is in `options`."""
    folder = tmp_path_factory.mktemp(request.param) / "news"
    folder.mkdir()
    if request.param == "path":
        yield str(folder)
    elif request.param == "s3":
        with pytest.MonkeyPatch.context() as patch:
            for name, value in CREDENTIALS.items():
                patch.setenv(name, value)
            with bucket() as (uri, options):
                yield f"{uri}?{options}"
    else:
        yield {"file": folder.as_uri(), "fsspec": f"fsspec+file://{folder}"}[request.param]


def under(root: str, name: str) -> str:
    """The address of a file or folder in a root."""
    address, mark, options = root.partition("?")
    return f"{address}/{name}{mark}{options}"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("places") / "archive"
    with Archive.create(path) as made:
        made.add([{"id": "harbor", "text": read_article(DATA / "harbor" / "original.txt").text}])
        made.add({"id": f"s{number}", "text": story(number)} for number in range(20))
    return path


def records() -> list[dict[str, str]]:
    found = [{"id": f"f{number}", "text": story(15 + number)} for number in range(SUSPECTS - 1)]
    return [*found[:3], {"id": "spun", "text": read_article(DATA / "harbor" / "spun.txt").text}, *found[3:]]


@pytest.fixture(scope="module")
def expected(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    """The rows of the feed, as a plain scan of a plain file has them."""
    folder = tmp_path_factory.mktemp("expected")
    (folder / "feed.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records()), "utf-8")
    scan(folder / "feed.jsonl", folder / "rows.jsonl", [archive], jobs=1)
    return rows_of(place(folder / "rows.jsonl"))


@pytest.fixture(scope="module")
def feed(root: str) -> str:
    """The feed in three files of different kinds, in folders of their own, and a file that isn't data."""
    folder = place(under(root, "feed"))
    found = records()
    for name in ("", "day=1", "day=2", "day=3"):
        (folder.child(name) if name else folder).make_folder()
    with folder.child("day=1").child("a.jsonl.gz").written() as stream:
        stream.write(gzip.compress("".join(json.dumps(record) + "\n" for record in found[:5]).encode()))
    with folder.child("day=2").child("b.parquet").written() as stream:
        parquet.write_table(pyarrow.Table.from_pylist(found[5:8]), stream)
    with folder.child("day=3").child("c.jsonl").written() as stream:
        stream.writelines(json.dumps(record).encode() + b"\n" for record in found[8:])
    with folder.child("_metadata.jsonl").written() as stream:
        stream.write(b"{}\n")
    return under(root, "feed")


def read_all(file: Place) -> list[Record | BadRecord]:
    """The articles of a feed, cut out and read."""
    return [record_of(entry, None, Settings().max_characters) for entry in read_feed(file)]


def of_input(rows: list[Row], name: str) -> list[Row]:
    """The rows as a scan of an input of that name has them."""
    return [row | {"input": str(place(name))} for row in rows]


def rows_of(out: Place) -> list[Row]:
    if out.is_folder():
        return [row for name in out.names() if name != "_SUCCESS" for row in read_part(out.child(name))]
    return list(read_part(out))


# --- places ---------------------------------------------------------------------


def test_a_file_is_there_whole_or_not_at_all(root: str) -> None:
    folder = place(under(root, "whole"))
    folder.make_folder()
    file = folder.child("a.txt")
    for text in (b"one", b"another"):
        with file.written() as stream:
            stream.write(text)
        with file.opened() as stream:
            assert stream.read() == text
    with pytest.raises(KeyError), file.written() as stream:
        stream.write(b"half")
        raise KeyError
    with file.opened() as stream:
        assert stream.read() == b"another"
    assert folder.names() == ["a.txt"]
    assert file.exists() and not file.is_folder() and folder.is_folder()
    file.remove()
    assert not file.exists()
    folder.remove()
    assert folder.names() == []


def test_what_is_not_there_is_told(root: str) -> None:
    assert not place(under(root, "nowhere")).exists()
    assert place(under(root, "nowhere")).names() == []
    place(under(root, "nowhere")).remove()


def test_places_beside_and_below_keep_their_options(root: str) -> None:
    made = place(under(root, "feed/a.jsonl"))
    assert made.beside("b") == place(under(root, "feed/b"))
    assert made.beside("b").child("c") == place(under(root, "feed/b/c"))
    assert made.name == "a.jsonl"


def test_a_system_that_nobody_knows_is_refused() -> None:
    with pytest.raises(SpindetectError, match=r"cannot reach gopher://host/: .* Give a path, or a URI"):
        place("gopher://host/feed")


# --- reading --------------------------------------------------------------------


def test_a_feed_is_read_alike_wherever_it_lies(root: str, feed: str) -> None:
    if "://" not in root:
        pytest.skip("the underscore is a mark for other file systems only")
    assert [getattr(record, "id", record) for record in read_all(place(feed))] == [one["id"] for one in records()]
    assert [file.place.name for file in feed_files(place(feed))] == ["a.jsonl.gz", "b.parquet", "c.jsonl"]
    assert count_feed(place(f"{feed}")) is None


def test_tables_are_counted_and_pages_are_articles(root: str, feed: str) -> None:
    file = place(under(root, "page.md"))
    with file.written() as stream:
        stream.write(b"# The harbour\n\nIt opened.\n")
    (record,) = read_all(file)
    assert getattr(record, "text", "").startswith("# The harbour")
    assert count_feed(file) == 1
    assert count_feed(place(under(root, "feed/day=2/b.parquet"))) == 3


def test_an_input_that_is_not_there_is_refused(archive: Path, tmp_path: Path) -> None:
    missing = (tmp_path / "missing.jsonl").as_uri()
    with pytest.raises(SpindetectError, match=r"there is no file or folder file://.*missing.jsonl"):
        scan(missing, tmp_path / "rows.jsonl", [archive])
    (tmp_path / "empty").mkdir()
    with pytest.raises(SpindetectError, match=r"no articles in file://.*empty"):
        scan((tmp_path / "empty").as_uri(), tmp_path / "rows.jsonl", [archive])
    assert not (tmp_path / "rows.jsonl.parts").exists()


# --- scanning -------------------------------------------------------------------


@pytest.mark.slow
def test_a_folder_of_files_holds_the_rows_of_one_file(
    root: str, feed: str, archive: Path, expected: list[Row]
) -> None:
    out = place(under(root, "rows"))
    source = feed if "://" in root else under(feed, "day=1")
    rows = expected if "://" in root else expected[:5]
    done = scan(source, under(root, "rows"), [archive], jobs=1, part=4, file_rows=5)
    assert (done.rows, done.errors) == (len(rows), 0)
    assert out.names() == ["_SUCCESS", *(f"part-{number:05}.parquet" for number in range(-(-len(rows) // 5)))]
    assert rows_of(out) == of_input(rows, source)
    table = out.child("part-00000.parquet")
    with table.opened() as stream:
        assert parquet.read_metadata(stream).num_rows == 5
    assert not place(under(root, "rows.parts")).exists()


@pytest.mark.slow
def test_nothing_is_written_over_or_among_what_no_scan_wrote(
    root: str, feed: str, archive: Path, expected: list[Row]
) -> None:
    out = place(under(root, "again"))
    source = under(root, "feed/day=1/a.jsonl.gz")
    scan(source, under(root, "again"), [archive], jobs=1, file_rows=2)
    with pytest.raises(SpindetectError, match="is there already, and complete"):
        scan(source, under(root, "again"), [archive], jobs=1)
    scan(source, under(root, "again"), [archive], jobs=1, overwrite=True)
    assert out.names() == ["_SUCCESS", "part-00000.parquet"]
    assert rows_of(out) == of_input(expected[:5], source)
    with out.child("mine.txt").written() as stream:
        stream.write(b"mine")
    with pytest.raises(SpindetectError, match=r"holds mine.txt, which no scan wrote"):
        scan(source, under(root, "again"), [archive], jobs=1, overwrite=True)
    assert out.names() == ["_SUCCESS", "mine.txt", "part-00000.parquet"]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
@pytest.mark.slow
def test_killed_while_it_writes_elsewhere_a_scan_resumes_without_losing_or_repeating_a_row(
    root: str, feed: str, archive: Path, expected: list[Row], tmp_path: Path
) -> None:
    if "path" in root or "fsspec" in root:
        pytest.skip("the first is tested elsewhere, the second lies on the same disk")
    (tmp_path / "go.py").write_text(
        "import sys; from spindetect.scan import scan\n"
        "if __name__ == '__main__': scan(*sys.argv[1:3], [sys.argv[3]], jobs=1, part=1, resume=True, file_rows=5)"
    )
    parts = place(under(root, "killed.parts"))
    kills = 0
    while not place(under(root, "killed")).child("_SUCCESS").exists() or parts.exists():
        before = len(parts.names())
        process = subprocess.Popen([sys.executable, tmp_path / "go.py", feed, under(root, "killed"), archive])
        while process.poll() is None:
            if kills < 2 and len(parts.names()) > max(before, 2):
                process.kill()
                kills += 1
                break
            time.sleep(0.01)
        process.wait()
    assert kills == 2
    assert rows_of(place(under(root, "killed"))) == of_input(expected, feed)


def test_an_archive_of_the_input_itself_must_be_on_a_disk(root: str, feed: str) -> None:
    if not isinstance(place(feed), Far):
        pytest.skip("a path is on a disk")
    with pytest.raises(SpindetectError, match=r"an archive must be on a disk.*name it with --archive"):
        scan(feed, under(root, "itself"), itself=True)


def test_an_output_in_the_input_is_refused(root: str, feed: str, archive: Path) -> None:
    with pytest.raises(SpindetectError, match=r"rows is, or lies in, .*feed, which the scan reads"):
        scan(feed, under(root, "feed/rows"), [archive])


def test_a_folder_is_no_file_to_write_and_an_unknown_ending_is_refused(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "feed.txt").write_text("An article.", "utf-8")
    (tmp_path / "rows.jsonl").mkdir()
    with pytest.raises(SpindetectError, match="is a folder, and a file was expected"):
        scan(tmp_path / "feed.txt", tmp_path / "rows.jsonl", [archive])
    with pytest.raises(SpindetectError, match=r"ends in .jsonl or .parquet, or without an ending"):
        scan(tmp_path / "feed.txt", tmp_path / "rows.csv", [archive])
