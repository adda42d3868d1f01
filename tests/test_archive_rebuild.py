"""Making an archive's index anew: from whatever is left, whole or not at all, and by one at a time."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from archives import checkpointed, flip, ids, records
from stories import story

from spindetect import Archive
from spindetect.archive.archive import Added
from spindetect.archive.catalogue import Catalogue
from spindetect.archive.rebuild import Rebuilt
from spindetect.archive.verify import problems
from spindetect.errors import ArchiveBusy, DamagedIndex, InvalidArchive, SpindetectError

ROOT = Path(__file__).parents[1]


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.create(tmp_path / "news") as made:
        made.add(records(0, 30))
        yield made


def _spoil_index(archive: Archive) -> Path:
    file = next(archive.index.folder.glob("*.term"))
    flip(file, 30)
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
    flip(archive.texts.path, row.start + 9)
    assert _files_named(problems(archive.path)) == [index_file.name, "texts.bin"]
    path = checkpointed(archive)
    (path / "catalogue.sqlite").write_bytes(b"no catalogue")
    assert _files_named(problems(path)) == ["catalogue.sqlite", index_file.name]


def test_verify_names_all_that_is_missing_or_no_archive(archive: Archive, tmp_path: Path) -> None:
    path = checkpointed(archive)
    for name in ("archive.json", "catalogue.sqlite", "texts.bin", "index/meta.json"):
        (path / name).unlink()
    found = problems(path)
    assert [name in line for name, line in zip(("archive.json", "sqlite", ".bin", "meta"), found, strict=True)] == (
        [True] * 4
    )
    with pytest.raises(InvalidArchive, match=r"there is no archive at .*nowhere"):
        problems(tmp_path / "nowhere")


def _files_named(found: list[str]) -> list[str]:
    """The first file that each problem names."""
    return [re.findall(r"[^/\\ ]+\.(?:term|bin|sqlite)", line)[0] for line in found]


def test_articles_whose_texts_are_lost_are_struck_out_only_when_asked(archive: Archive) -> None:
    archive.add([{"id": "further", "text": story(12)}, {"id": "again", "text": story(3)}])
    (row,) = archive.catalogue.again(4)
    lost = archive.catalogue.row(13)
    assert lost is not None
    for one in (row, lost):
        flip(archive.texts.path, one.start + 9)
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


def test_who_had_the_archive_open_writes_to_the_new_index(archive: Archive) -> None:
    Archive.rebuild(archive.path)
    assert archive.add(records(30, 32)) == Added(added=2)
    assert archive.remove(["s3"]) == []
    assert (archive.verify(), ids(archive, story(31), 1)) == ([], ["s31"])
    listed = set(json.loads((archive.index.folder / ".managed.json").read_bytes()))
    assert {file.name for file in archive.index.folder.iterdir() if file.suffix != ".lock"} - listed <= {
        ".managed.json"
    }


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


def test_of_a_damaged_catalogue_no_index_is_made(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Catalogue, "problems", lambda _: ["row 3 missing from index by_name"])
    with pytest.raises(InvalidArchive, match=r"row 3 missing from index by_name\. Restore it from a backup"):
        Archive.rebuild(archive.path)
    assert [file.name for file in archive.path.iterdir() if "unfinished" in file.name] == []


def test_rebuilding_deletes_only_what_is_of_an_index(archive: Archive) -> None:
    notes = archive.index.folder / "notes.txt"
    notes.write_text("not an index", "utf-8")
    old = set(archive.index.folder.glob("*.term"))
    Archive.rebuild(archive.path)
    assert notes.exists()
    assert old.isdisjoint(archive.index.folder.iterdir())


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes on Windows")
def test_a_pipe_in_a_locks_place_is_not_waited_for(archive: Archive) -> None:
    lock = archive.index.folder / ".tantivy-writer.lock"
    lock.unlink()
    os.mkfifo(lock)
    with pytest.raises(InvalidArchive, match=r"writer\.lock isn't a file"):
        Archive.rebuild(archive.path)


_REBUILDING = """
import sys
from spindetect import Archive
print("ready", flush=True)
while True:
    Archive.rebuild(sys.argv[1])
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no SIGKILL on Windows")
@pytest.mark.slow
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
