"""Damaged archives: each file cut off, bit-flipped or another's, and what is wrong is said."""

from __future__ import annotations

import errno
import json
import os
import random
import sqlite3
import subprocess
import sys
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from archives import checkpointed, flip, ids, put, records
from bit_flips import flips
from stories import story

from spindetect import Archive
from spindetect.archive import records as records_module
from spindetect.archive.archive import Added
from spindetect.archive.index import IndexWriter, writing_to
from spindetect.archive.rebuild import Rebuilt
from spindetect.archive.records import UnusableRecord, make_record, pack, unpack
from spindetect.archive.verify import problems
from spindetect.archive.writing import Writing
from spindetect.errors import InvalidArchive, SpindetectError, SystemRefused
from spindetect.files import refused

ROOT = Path(__file__).parents[1]


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.create(tmp_path / "news") as made:
        made.add(records(0, 30))
        yield made


def test_records_survive_packing() -> None:
    record = make_record({"id": "1", "text": "Text \ud83d with half a character", "n": 1.5})
    assert unpack(pack(record, keep_text=True)) == record
    assert unpack(pack(record, keep_text=False)).text is None


def test_what_is_no_archive_says_so(tmp_path: Path, archive: Archive) -> None:
    with pytest.raises(InvalidArchive, match="there is no archive at"):
        Archive.open(tmp_path / "nowhere")
    with pytest.raises(InvalidArchive, match="there is something already"):
        Archive.create(archive.path)
    (archive.path / "archive.json").write_text('{"format": 99}')
    with pytest.raises(InvalidArchive, match="has format 99, this version of spindetect reads 1"):
        Archive.open(archive.path)
    (archive.path / "archive.json").write_text("{")
    with pytest.raises(InvalidArchive, match=r"archive\.json is damaged"):
        Archive.open(archive.path)


@pytest.mark.parametrize("name", ["catalogue.sqlite", "texts.bin", "index/meta.json"])
def test_opening_names_the_file_that_is_missing_or_cut_off(archive: Archive, name: str) -> None:
    archive.close()
    for ending in ("-wal", "-shm"):
        (archive.path / f"catalogue.sqlite{ending}").unlink(missing_ok=True)
    file = archive.path / name
    whole = file.read_bytes()
    expected = name if name != "index/meta.json" else "index"
    for damage in (whole[: len(whole) // 3], None):
        file.unlink() if damage is None else put(file, damage)
        with pytest.raises(InvalidArchive, match=expected):
            Archive.open(archive.path)
    put(file, whole)
    assert Archive.open(archive.path).verify() == []


def test_verify_names_each_damaged_file(archive: Archive) -> None:
    row = archive.catalogue.row(12)
    assert row is not None
    flip(archive.texts.path, row.start + row.length // 2)
    damaged = archive.read(archive.catalogue.rows(12, 1)[0][0]).id  # its neighbour is whole
    assert damaged == "s12"
    index_file = next(archive.index.folder.glob("*.idx"))
    flip(index_file, 50)
    found = "\n".join(archive.verify())
    assert f"{archive.texts.path} is damaged at byte {row.start:,}" in found
    assert f"{index_file} is damaged: its checksum is wrong" in found
    assert len(found.splitlines()) == 2
    with pytest.raises(InvalidArchive, match="archive verify"):
        archive.read(row)


def test_verify_names_articles_that_are_not_in_the_index(archive: Archive) -> None:
    writer = archive.index.writer()
    writer.delete(4, 5)
    writer.commit()
    writer.add(9, "twice")
    writer.commit()
    writer.close()
    archive.refresh()
    found = archive.verify()
    assert [fault.partition("damaged: ")[2].partition(". ")[0] for fault in found] == [
        "'s3' isn't in it and can't be found",
        "'s4' isn't in it and can't be found",
        "'s8' is in it twice",
    ]
    assert all(fault.endswith(f"spindetect archive rebuild {archive.path}") for fault in found)
    assert Archive.rebuild(archive.path) == Rebuilt(articles=30)
    assert (archive.verify(), ids(Archive.open(archive.path), story(3), 1)) == ([], ["s3"])


def _files(path: Path) -> list[Path]:
    return sorted(file for file in path.rglob("*") if file.is_file() and file.suffix != ".lock")


# --- anything, anywhere -------------------------------------------------------------


def _cut(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data))]


def _flipped(data: bytes, rng: random.Random) -> bytes:
    place = rng.randrange(len(data))
    return data[:place] + bytes([data[place] ^ 1 << rng.randrange(8)]) + data[place + 1 :]


def _foreign(data: bytes, rng: random.Random) -> bytes:
    return rng.randbytes(len(data))


@pytest.mark.parametrize("spoil", [_cut, _flipped, _foreign])
def test_a_spoilt_file_is_named_or_does_no_harm(
    archive: Archive, tmp_path: Path, spoil: Callable[[bytes, random.Random], bytes]
) -> None:
    path = checkpointed(archive)
    rng = random.Random(3)
    for file in _files(path):
        whole = file.read_bytes()
        for _ in range(4):
            put(file, spoil(whole, rng))
            try:
                with Archive.open(path) as opened:
                    assert ids(opened, story(3), 1) == ["s3"], file
            except InvalidArchive as error:
                assert str(file) in str(error) or str(file.parent) in str(error)
                assert problems(path), f"verify finds nothing wrong with {file}"
        put(file, whole)
    assert problems(path) == []


@pytest.mark.parametrize("name", ["texts.bin", "catalogue.sqlite", "archive.json", "index/meta.json", "*.term"])
def test_another_files_content_is_refused_or_found_by_verify(archive: Archive, name: str) -> None:
    path = checkpointed(archive)
    file = next((path / "index").glob(name)) if "*" in name else path / name
    put(file, b"PK\x03\x04 is how quite another file begins. " * 5000)
    found = "\n".join(problems(path))
    assert str(file) in found
    assert ("archive rebuild" in found) == (file.parent.name == "index")
    assert "Restore" in found or "rebuild" in found


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes on Windows")
@pytest.mark.parametrize("name", ["texts.bin", "catalogue.sqlite", "archive.json", "index/meta.json", "*.term"])
def test_a_pipe_in_a_files_place_is_not_waited_for(archive: Archive, name: str) -> None:
    path = checkpointed(archive)
    file = next((path / "index").glob(name)) if "*" in name else path / name
    file.unlink()
    os.mkfifo(file)
    with pytest.raises(InvalidArchive, match=file.name):
        Archive.open(path)


# --- tampering --------------------------------------------------------------------


@pytest.mark.parametrize("format", ["true", "1.0", '"1"', "[" * 9000, "null"])
def test_a_format_that_only_looks_like_ours_is_refused(archive: Archive, format: str) -> None:
    (archive.path / "archive.json").write_text(f'{{"format": {format}}}')
    with pytest.raises(InvalidArchive, match=r"has format|archive\.json is damaged"):
        Archive.open(archive.path)


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TRIGGER t AFTER DELETE ON articles BEGIN DELETE FROM articles; END",
        "CREATE VIEW v AS SELECT 1",
        "DROP TABLE again; CREATE VIEW again AS WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT n FROM x) "
        "SELECT n AS name, n AS key, n AS start, n AS length FROM x",
        "DROP TABLE erasures",
        "UPDATE ends SET key = 9223372036854775807",
        "UPDATE ends SET texts = -1",
        "UPDATE ends SET texts = 'much'",
        "DELETE FROM ends",
    ],
)
def test_a_catalogue_that_was_tampered_with_is_refused(archive: Archive, sql: str) -> None:
    _change(archive, sql)
    with pytest.raises(InvalidArchive, match=r"catalogue\.sqlite can't be used"):
        Archive.open(archive.path)


@pytest.mark.parametrize(
    "change", ["length = 9000000000000000000", "start = -5", "start = 9223372036854775807", "length = 'long'"]
)
def test_a_stretch_that_is_not_in_the_texts_is_not_read(archive: Archive, change: str) -> None:
    _change(archive, f"UPDATE articles SET {change} WHERE key = 4")
    with Archive.open(archive.path) as opened:
        with pytest.raises(InvalidArchive, match=r"texts\.bin is damaged at byte|stands where a number"):
            opened.find(story(3))
        assert opened.verify()


@pytest.mark.parametrize(
    "sql",
    [
        "DROP TABLE articles; CREATE VIEW articles AS WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 "
        "FROM t) SELECT x AS key, x AS name, x AS digest, 0 AS start, 10 AS length FROM t",
        "CREATE TRIGGER t AFTER INSERT ON articles BEGIN DELETE FROM articles; END",
    ],
    ids=["view", "trigger"],
)
def test_what_is_put_into_a_catalogue_that_is_open_is_not_run(archive: Archive, sql: str) -> None:
    with closing(sqlite3.connect(archive.catalogue.path)) as connection:
        connection.executescript(sql)
    with pytest.raises(InvalidArchive, match=r"catalogue\.sqlite can't be used: (?:not authorized|it hasn't)"):
        archive.catalogue.count()
        archive.add(records(30, 31))


def test_a_writer_does_not_cut_off_texts_because_the_catalogue_says_so(archive: Archive) -> None:
    before = archive.texts.path.read_bytes()
    _change(archive, "UPDATE ends SET texts = 0")
    with Archive.open(archive.path) as opened:
        with pytest.raises(InvalidArchive, match="says that the texts end at byte 0, but the last of them ends"):
            opened.add(records(30, 31))
        assert opened.texts.path.read_bytes() == before


def test_an_erasure_of_what_was_never_written_is_refused(archive: Archive) -> None:
    _change(archive, "INSERT INTO erasures VALUES (0, 10, 9000000000000)")
    with pytest.raises(InvalidArchive, match="says to erase 9,000,000,000,000 bytes at 10"):
        archive.add([])


def _change(archive: Archive, sql: str) -> None:
    with closing(sqlite3.connect(archive.catalogue.path)) as connection:
        connection.executescript(sql)


def test_a_record_that_unpacks_to_far_more_than_any_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records_module, "_LARGEST", 10_000)
    bomb = zlib.compress(b'{"id": "1", "digest": 1, "text": "' + b"x" * 10_000_000 + b'"}')
    with pytest.raises(ValueError, match="isn't as long as it was"):
        unpack(bomb)
    with pytest.raises(UnusableRecord, match="at most 10,000 are taken"):
        pack(make_record({"id": "1", "text": "x" * 10_000}), keep_text=True)


@pytest.mark.parametrize(
    "fields",
    [{"id": 5}, {"id": "1", "text": ["x"]}, {"id": "1", "digest": "7"}, {"id": "1", "other": []}, [], {"x": 1}],
)
def test_what_unpacks_to_no_record_is_refused(fields: object) -> None:
    with pytest.raises(ValueError, match="it isn't a record"):
        unpack(zlib.compress(json.dumps(fields).encode()))


def test_a_record_too_large_is_told_and_the_others_added(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records_module, "_LARGEST", 5_000)
    bad: list[object] = []
    given = [{"id": "large", "text": "A tale.", "notes": "x" * 5_000}, *records(30, 31)]
    assert archive.add(given, report=bad.append) == Added(added=1, unusable=1)
    assert str(bad[0]).startswith("the record 'large': with all its fields it has 5,")
    assert archive.verify() == []


@pytest.mark.parametrize("method", ["add", "commit"])
def test_a_full_disk_is_told_in_our_words_and_harms_nothing(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    def full(*_: object) -> None:
        with writing_to(archive.index.folder):
            raise ValueError("An IO error occurred: 'No space left on device (os error 28) at path \"x\"'")

    with monkeypatch.context() as patch:
        patch.setattr(IndexWriter, method, full)
        with pytest.raises(SpindetectError, match=r"index: the disk may be full.*repeat the command") as caught:
            archive.add(records(30, 33))
    assert "os error" not in str(caught.value)
    assert (archive.verify(), len(archive)) == ([], 30)
    assert archive.add(records(30, 33)) == Added(added=3)


# --- what the system refuses is no damage -------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX systems")
@pytest.mark.parametrize(("limit", "advice"), [("n", "too many files are open"), ("f", "ulimit -f")])
def test_out_of_handles_and_out_of_space_are_told_from_damage(tmp_path: Path, limit: str, advice: str) -> None:
    with Archive.create(tmp_path / "news") as made:
        made.add(records(0, 3))
    (tmp_path / "more.jsonl").write_text("".join(json.dumps(one) + "\n" for one in records(3, 900)), "utf-8")
    script = f"""
import resource, signal, sys
from spindetect.cli import app
import spindetect.archive.archive, spindetect.detector, tantivy
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
if "{limit}" == "n":
    opened = [open("/dev/null") for _ in range(20)]
    resource.setrlimit(resource.RLIMIT_NOFILE, (opened[-1].fileno() + 3, opened[-1].fileno() + 3))
else:
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
app(["archive", "add", r"{tmp_path / "news"}", r"{tmp_path / "more.jsonl"}", "--jobs", "1"])
"""
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert found.returncode == 2
    assert advice in found.stderr
    assert "damaged" not in found.stderr and "anew" not in found.stderr
    assert not problems(tmp_path / "news")
    with Archive.open(tmp_path / "news") as archive:
        assert len(archive) >= 3


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (OSError(errno.ENOSPC, "full"), "the disk may be full"),
        (ValueError("An IO error occurred: 'Too many open files (os error 24)'"), "too many files"),
        (PermissionError(errno.EACCES, "denied"), "permission was denied"),
        (OSError(errno.EIO, "failed"), "the disk failed"),
    ],
)
def test_a_refusal_says_what_to_do_and_nothing_of_damage(error: Exception, advice: str) -> None:
    told = str(refused(Path("news"), error))
    assert advice in told and "damage" not in told and "anew" not in told


def test_an_error_that_is_no_refusal_is_none() -> None:
    assert refused(Path("news"), OSError(errno.ENOENT, "missing")) is None
    assert refused(Path("news"), ValueError("it isn't an index")) is None


# --- the hash tree ------------------------------------------------------------------------


@pytest.mark.slow
def test_of_bits_turned_round_none_gives_a_wrong_answer_that_nothing_tells(tmp_path: Path) -> None:
    found = flips(tmp_path, articles=3, every=499)
    assert sum(map(Counter.total, found.values())) > 100
    assert {name: counts["silent"] for name, counts in found.items() if counts["silent"]} == {}


def edited(archive: Archive, *statements: str) -> list[str]:
    """What verifying says of an archive whose catalogue somebody has edited."""
    path = checkpointed(archive)
    with closing(sqlite3.connect(path / "catalogue.sqlite", isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)
    return problems(path)


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        ("UPDATE articles SET key = -key WHERE key IN (3, 4)", "number 1 to 1,024 aren't as they were"),
        ("DELETE FROM articles WHERE key = 5", "article number 5, or a further id of its, is missing"),
        ("UPDATE articles SET name = name + 1 WHERE key = 2", "its entry of 's1' isn't as it was written"),
        ("UPDATE ends SET key = key + 7", "its root doesn't fit"),
        ("DELETE FROM leaves WHERE key = 1", "its entry of 's0' isn't as it was written"),
        ("UPDATE tree SET hash = 'x'", "number 1 to 1,024 aren't as they were"),
        ("UPDATE files SET hash = 'x' WHERE name = 'archive.json'", "archive.json isn't what was written"),
    ],
)
def test_an_edit_of_the_catalogue_is_found_and_says_which_article(archive: Archive, edit: str, told: str) -> None:
    assert any(told in line for line in edited(archive, edit))


def test_articles_whose_numbers_are_swapped_are_found(archive: Archive) -> None:
    swap = [f"UPDATE articles SET key = {new} WHERE key = {old}" for old, new in ((1, 999), (2, 1), (999, 2))]
    assert any("'s0'" in line for line in edited(archive, *swap))


def test_an_edit_with_a_tree_made_anew_is_found_by_the_root_that_was_kept(archive: Archive) -> None:
    root = archive.info().root
    assert root and archive.verify(root) == []
    archive.remove("s1")
    assert archive.verify() == []
    (told,) = archive.verify(root)
    assert f"expected {root}" in told


def test_an_archive_without_a_tree_gets_one_when_it_is_written_to(archive: Archive) -> None:
    edited(archive, *(f"DROP TABLE {table}" for table in ("leaves", "tree", "files", "root")))
    with Archive.open(archive.path) as older:
        assert older.info().root == "" and older.verify() == []
        older.add(records(100, 101))
        assert older.info().root and older.verify(older.info().root) == []


def test_after_a_kill_there_is_no_root_until_somebody_writes(archive: Archive) -> None:
    writing = Writing(archive.texts.path, archive.index, archive.catalogue.path)
    writing.add(make_record(records(50, 51)[0]), keep_text=True)
    assert archive.info().root == ""
    writing._opened.close()  # all that a kill leaves open
    assert archive.verify() == [] and archive.info().root == ""
    archive.add([])
    assert archive.info().root and archive.verify(archive.info().root) == []


# --- paths --------------------------------------------------------------------------------


def test_a_path_that_is_too_long_is_told_and_is_no_damage(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["a" * 100] * 5)
    for attempt in (Archive.create, Archive.open):
        with pytest.raises(SystemRefused, match=r"has [0-9]+ bytes .* SQLite takes 500"):
            attempt(deep)
    assert not deep.exists()


def test_a_path_that_the_locale_lacks_is_told_and_is_no_damage(tmp_path: Path) -> None:
    with pytest.raises(SystemRefused, match="PYTHONUTF8=1"):
        Archive.open(tmp_path / "\udcc3\udca9")
