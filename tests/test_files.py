"""Files that appear whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from spindetect import Assessment, Detector
from spindetect.archive.inputs import unread_in_file
from spindetect.commands.sources import named_files, read_all
from spindetect.commands.streams import open_output
from spindetect.errors import UnreadableArticle
from spindetect.files import whole_file
from spindetect.read.files import open_file
from spindetect.read.folders import list_folder
from spindetect.read.format import BadRecord
from spindetect.settings import Settings


@pytest.mark.skipif(os.name == "nt", reason="no such permissions there")
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644])
def test_a_file_that_is_written_again_keeps_its_permissions(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "scores.csv"
    path.write_text("old", encoding="utf-8")
    path.chmod(mode)
    with open_output(path) as write:
        write("new")
    assert (path.read_text(encoding="utf-8"), path.stat().st_mode & 0o777) == ("new", mode)
    assert [one.name for one in tmp_path.iterdir()] == ["scores.csv"]


@pytest.mark.skipif(os.name == "nt", reason="links take rights there")
def test_a_link_that_somebody_put_there_is_replaced_unless_it_may_be_followed(tmp_path: Path) -> None:
    theirs = tmp_path / "profile"
    theirs.write_text("theirs", "utf-8")
    (tmp_path / "part").symlink_to(theirs)
    with whole_file(tmp_path / "part", follow=False) as stream:
        stream.write(b"ours")
    assert (theirs.read_text("utf-8"), (tmp_path / "part").read_text("utf-8")) == ("theirs", "ours")
    assert not (tmp_path / "part").is_symlink()


@pytest.mark.skipif(os.name == "nt", reason="links and pipes are other things there")
@pytest.mark.parametrize("by", ["link", "folder", "pipe", "link within"])
def test_a_file_of_a_folder_that_was_swapped_since_is_not_read(tmp_path: Path, by: str) -> None:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "out").mkdir()
    path = tmp_path / "in" / "deep" / "a.txt"
    for file in (path, tmp_path / "in" / "b.txt", tmp_path / "out" / "a.txt"):
        file.write_text("It rained.", "utf-8")
    [found, _] = list_folder(tmp_path / "in").files[::-1]
    assert found == path
    path.unlink()
    if by == "folder":
        path.parent.rmdir()
        path.parent.symlink_to(tmp_path / "out")
    elif by == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(tmp_path / ("out" if by == "link" else "in") / ("a.txt" if by == "link" else "b.txt"))
    if by == "link within":
        with open_file(path, tmp_path / "in") as stream:
            assert stream.read() == b"It rained."
        return
    with pytest.raises(UnreadableArticle, match=r"it is no file in .* any more"), open_file(path, tmp_path / "in"):
        pass
    [row] = unread_in_file(path, None, found_in=tmp_path / "in")
    assert isinstance(row, BadRecord)


@pytest.mark.skipif(os.name == "nt", reason="links and pipes are other things there")
@pytest.mark.parametrize("by", ["link", "pipe", "nothing"])
def test_score_reads_no_file_of_a_folder_that_was_swapped_since(tmp_path: Path, by: str) -> None:
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / "a.txt"
    for file in (path, tmp_path / "a.txt"):
        file.write_text("It rained.", "utf-8")
    failed: list[str] = []
    found = named_files([str(path.parent)], failed.append, strict=True)
    if by != "nothing":
        path.unlink()
        path.symlink_to(tmp_path / "a.txt") if by == "link" else os.mkfifo(path)
    articles = read_all(found, Settings(), failed.append)  # references, and what holds many
    [here] = Detector.load().score_many(found)  # suspects, which workers read
    if by == "nothing":
        assert [one.name for one in articles] == [str(path)] and isinstance(here, Assessment) and not failed
    else:
        assert not articles and failed == [str(here)] and "it is no file in" in str(here)


def test_a_file_that_an_error_leaves_stays_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "scores.csv"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(RuntimeError), whole_file(path) as stream:
        stream.write(b"half")
        raise RuntimeError
    assert path.read_bytes() == b"old" and [one.name for one in tmp_path.iterdir()] == ["scores.csv"]
