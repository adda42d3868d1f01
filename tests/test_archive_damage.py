"""Damaged archives: each file cut off, bit-flipped or another's; what is wrong is said, and the index made anew."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from stories import story

from spindetect import Archive
from spindetect.archive import records as records_module
from spindetect.archive.archive import Added
from spindetect.archive.rebuild import Rebuilt
from spindetect.archive.records import UnusableRecord, make_record, pack, unpack
from spindetect.archive.verify import problems
from spindetect.errors import ArchiveBusy, DamagedIndex, InvalidArchive, SpindetectError
from spindetect.lexicon import Lexicon

ROOT = Path(__file__).parents[1]


def records(first: int, last: int) -> list[dict[str, Any]]:
    """Stories as records with ids s0, s1, ..."""
    return [{"id": f"s{number}", "text": story(number)} for number in range(first, last)]


def ids(archive: Archive, text: str, limit: int = 5) -> list[str]:
    return [hit.record.id for hit in archive.find_text(text, limit, Lexicon())]


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
        file.unlink() if damage is None else file.write_bytes(damage)
        with pytest.raises(InvalidArchive, match=expected):
            Archive.open(archive.path)
    file.write_bytes(whole)
    assert Archive.open(archive.path).verify() == []


def test_verify_names_each_damaged_file(archive: Archive) -> None:
    row = archive.catalogue.row(12)
    assert row is not None
    _flip(archive.texts.path, row.start + row.length // 2)
    damaged = archive.read(archive.catalogue.rows(12, 1)[0][0]).id  # its neighbour is whole
    assert damaged == "s12"
    index_file = next(archive.index.folder.glob("*.idx"))
    _flip(index_file, 50)
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


def _flip(path: Path, place: int) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 0x55
    path.write_bytes(bytes(data))


def _checkpointed(archive: Archive) -> Path:
    """The archive's folder, closed, with all that the catalogue holds in its one file."""
    archive.catalogue._all("PRAGMA wal_checkpoint(TRUNCATE)")
    archive.close()
    for ending in ("-wal", "-shm"):
        (archive.path / f"catalogue.sqlite{ending}").unlink(missing_ok=True)
    return archive.path


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
    path = _checkpointed(archive)
    rng = random.Random(3)
    for file in _files(path):
        whole = file.read_bytes()
        for _ in range(4):
            file.write_bytes(spoil(whole, rng))
            try:
                with Archive.open(path) as opened:
                    assert ids(opened, story(3), 1) == ["s3"], file
            except InvalidArchive as error:
                assert str(file) in str(error) or str(file.parent) in str(error)
                assert problems(path), f"verify finds nothing wrong with {file}"
        file.write_bytes(whole)
    assert problems(path) == []


@pytest.mark.parametrize("name", ["texts.bin", "catalogue.sqlite", "archive.json", "index/meta.json", "*.term"])
def test_another_files_content_is_refused_or_found_by_verify(archive: Archive, name: str) -> None:
    path = _checkpointed(archive)
    file = next((path / "index").glob(name)) if "*" in name else path / name
    file.write_bytes(b"PK\x03\x04 is how quite another file begins. " * 5000)
    found = "\n".join(problems(path))
    assert str(file) in found
    assert ("archive rebuild" in found) == (file.parent.name == "index")
    assert "Restore" in found or "rebuild" in found


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes on Windows")
@pytest.mark.parametrize("name", ["texts.bin", "catalogue.sqlite", "archive.json", "index/meta.json", "*.term"])
def test_a_pipe_in_a_files_place_is_not_waited_for(archive: Archive, name: str) -> None:
    path = _checkpointed(archive)
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


# --- making the index anew ----------------------------------------------------------


def _spoil_index(archive: Archive) -> Path:
    file = next(archive.index.folder.glob("*.term"))
    _flip(file, 30)
    return file


def test_a_damaged_index_is_named_with_its_remedy_and_can_be_made_anew(archive: Archive) -> None:
    file = _spoil_index(archive)
    with pytest.raises(DamagedIndex) as caught:
        Archive.open(archive.path)
    assert str(caught.value) == (
        f"the archive's index is damaged: {file} is damaged: its checksum is wrong. Make it anew from the "
        f"archive's texts: spindetect archive rebuild {archive.path}"
    )
    assert problems(archive.path) == [str(caught.value)]
    assert Archive.rebuild(archive.path) == Rebuilt(articles=30)
    with Archive.open(archive.path) as again:
        assert (again.verify(), len(again), again.index.count) == ([], 30, 30)
        assert [ids(again, story(number), 1) for number in range(30)] == [[f"s{number}"] for number in range(30)]
        assert again.add(records(28, 33)) == Added(added=3, known=2)
        assert again.verify() == []


@pytest.mark.parametrize("name", ["", "meta.json", ".managed.json", "*.idx"])
def test_whatever_is_missing_of_the_index_it_can_be_made_anew(archive: Archive, name: str) -> None:
    folder = archive.index.folder
    shutil.rmtree(folder) if not name else next(folder.glob(name)).unlink()
    with pytest.raises(DamagedIndex, match=f"{name.strip('*') or 'meta.json'} is missing"):
        Archive.open(archive.path)
    Archive.rebuild(archive.path)
    assert problems(archive.path) == []


def test_verify_names_damage_of_catalogue_texts_and_index_at_once(archive: Archive) -> None:
    row = archive.catalogue.row(12)
    assert row is not None
    index_file = _spoil_index(archive)
    _flip(archive.texts.path, row.start + 9)
    assert _files_named(problems(archive.path)) == [index_file.name, "texts.bin"]
    path = _checkpointed(archive)
    (path / "catalogue.sqlite").write_bytes(b"no catalogue")
    assert _files_named(problems(path)) == ["catalogue.sqlite", index_file.name]


def _files_named(found: list[str]) -> list[str]:
    """The first file that each problem names."""
    return [re.findall(r"[^/\\ ]+\.(?:term|bin|sqlite)", line)[0] for line in found]


def test_articles_whose_texts_are_lost_are_struck_out_only_when_asked(archive: Archive) -> None:
    archive.add([{"id": "further", "text": story(12)}, {"id": "again", "text": story(3)}])
    (row,) = archive.catalogue.again(4)
    lost = archive.catalogue.row(13)
    assert lost is not None
    for one in (row, lost):
        _flip(archive.texts.path, one.start + 9)
    _spoil_index(archive)
    with pytest.raises(
        InvalidArchive, match=r"2 of the records in .* can't be read.*Nothing was changed.*--drop-lost"
    ) as told:
        Archive.rebuild(archive.path)
    assert f"damaged at byte {lost.start:,}" in str(told.value)
    assert not (archive.path / "index.unfinished").exists()
    assert Archive.rebuild(archive.path, drop_lost=True) == Rebuilt(articles=29, dropped=1)
    with Archive.open(archive.path) as again:
        assert (again.verify(), len(again), again.record("further"), again.record("again")) == ([], 29, None, None)
        assert again.add([*records(0, 30), {"id": "again", "text": story(3)}]) == Added(added=1, known=30)
        assert again.verify() == []


def test_without_kept_texts_the_index_is_made_from_the_files_that_are_there(
    archive: Archive, tmp_path: Path
) -> None:
    file = tmp_path / "kept.txt"
    file.write_text(story(40), "utf-8")
    archive.add([{"id": str(file), "text": story(40)}], keep_texts=False)
    _spoil_index(archive)
    assert Archive.rebuild(archive.path) == Rebuilt(articles=31)
    with Archive.open(archive.path) as again:
        assert ids(again, story(40), 1) == [str(file)]
    file.unlink()
    with pytest.raises(InvalidArchive, match="keeps no text of"):
        Archive.rebuild(archive.path)


def test_nobody_rebuilds_while_another_writes_nor_writes_while_another_rebuilds(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile() -> Iterator[dict[str, Any]]:
        with pytest.raises(ArchiveBusy, match="being written to"):
            Archive.rebuild(archive.path)
        yield from records(30, 31)

    assert archive.add(meanwhile()) == Added(added=1)
    told: list[str] = []

    def adding(*_: object) -> int:
        with pytest.raises(ArchiveBusy) as caught:
            archive.add(records(31, 32))
        told.append(str(caught.value))
        raise SpindetectError("enough")

    monkeypatch.setattr("spindetect.archive.rebuild._index_all", adding)
    with pytest.raises(SpindetectError, match="enough"):
        Archive.rebuild(archive.path)
    assert "being written to" in told[0]
    assert archive.add(records(31, 32)) == Added(added=1)


def test_readers_go_on_while_the_index_is_made_anew(archive: Archive) -> None:
    with Archive.open(archive.path) as reader:
        Archive.rebuild(archive.path)
        assert ids(reader, story(3), 1) == ["s3"]
        reader.refresh()
        assert ids(reader, story(4), 1) == ["s4"]


@pytest.mark.parametrize("step", range(9))
def test_stopped_at_any_step_of_moving_in_the_archive_is_whole(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    replace, calls = Path.replace, iter(range(100))

    def killed(self: Path, target: Path) -> Path:
        if next(calls) == step:
            raise KeyboardInterrupt
        return replace(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", killed)
        if step == 8:  # six files and two lists were moved
            Archive.rebuild(archive.path)
        else:
            with pytest.raises(KeyboardInterrupt):
                Archive.rebuild(archive.path)
    with Archive.open(archive.path) as again:
        assert (ids(again, story(3), 1), again.verify()) == (["s3"], [])
        assert again.add(records(30, 32)) == Added(added=2)
    assert Archive.rebuild(archive.path) == Rebuilt(articles=32)
    assert len([file for file in (archive.path / "index").iterdir() if file.suffix == ".term"]) == 1
    assert problems(archive.path) == []


_REBUILDING = """
import sys
from spindetect import Archive
print("ready", flush=True)
while True:
    Archive.rebuild(sys.argv[1])
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no SIGKILL on Windows")
def test_killed_at_any_moment_rebuilding_leaves_a_whole_archive(archive: Archive) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}
    moments = random.Random(7)
    for _ in range(5):
        command = [sys.executable, "-c", _REBUILDING, str(archive.path)]
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as process:
            assert process.stdout and process.stdout.readline() == b"ready\n"
            time.sleep(0.2 + 0.4 * moments.random())
            process.kill()
        assert process.returncode == -signal.SIGKILL
        assert problems(archive.path) == []
    Archive.rebuild(archive.path)
    assert not (archive.path / "index.unfinished").exists()
