"""``spindetect archive``: what the commands say, and that they make and change nothing without cause."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from archives import flip
from hostile_inputs import HOSTILE
from stories import story

from spindetect import Archive
from spindetect.commands.archive import AddOptions, add, rebuild, verify
from spindetect.errors import SpindetectError


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    with Archive.create(tmp_path / "news") as made:
        made.add({"id": f"s{number}", "text": story(number)} for number in range(10))
    return tmp_path / "news"


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (["{", '{"id": "1"}', '{"id": "2", "text": ""}'], "none of the 3 records can be used"),
        ([""], "there are no records"),
    ],
)
def test_where_nothing_can_be_used_no_archive_is_left_behind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], lines: list[str], why: str
) -> None:
    feed = tmp_path / "feed.jsonl"
    feed.write_text("\n".join(lines), "utf-8")
    with pytest.raises(SpindetectError, match=f"{why}, so no archive was made at .*new"):
        add(AddOptions(tmp_path / "new", [str(feed)]))
    assert [path.name for path in tmp_path.iterdir()] == ["feed.jsonl"]
    assert capsys.readouterr().err.count("not added: ") == len(list(filter(None, lines)))


def test_a_usable_record_after_bad_ones_makes_the_archive_and_all_are_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    feed = tmp_path / "feed.jsonl"
    feed.write_text("\n".join(["{", json.dumps({"id": "1", "text": story(1)}), '{"id": "2"}']), "utf-8")
    assert add(AddOptions(tmp_path / "new", [str(feed)])) == 2
    told = capsys.readouterr()
    assert told.out.startswith(
        "1 added, 0 already there, 0 left as they were (same id, another text), 2 unusable. "
    )
    assert told.err.count("not added: ") == 2


def test_an_archive_that_is_there_stays_where_nothing_can_be_added(archive: Path, tmp_path: Path) -> None:
    feed = tmp_path / "feed.jsonl"
    feed.write_text("{", "utf-8")
    assert add(AddOptions(archive, [str(feed)])) == 2
    with Archive.open(archive) as opened:
        assert len(opened) == 10


def test_verify_and_rebuild_say_what_they_found_and_did(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(archive) == 0
    assert capsys.readouterr().out == f"{archive}: 10 articles, all as they were added.\n"
    flip(next((archive / "index").glob("*.idx")), 20)
    assert verify(archive) == 2
    assert f"spindetect archive rebuild {archive}" in capsys.readouterr().err
    assert rebuild(archive, drop_lost=False) == 0
    assert capsys.readouterr().out == f"{archive}: the index was made anew, of 10 articles.\n"
    assert verify(archive) == 0


def test_rebuild_says_what_it_struck_out(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    flip(archive / "texts.bin", 9)
    with pytest.raises(SpindetectError, match=r"1 of the records in .* can't be read"):
        rebuild(archive, drop_lost=False)
    assert rebuild(archive, drop_lost=True) == 2
    assert capsys.readouterr().out == (
        f"{archive}: the index was made anew, of 9 articles. 1 had no text that can be read and were struck out.\n"
    )
    assert verify(archive) == 0


def test_a_document_that_takes_too_long_or_too_much_memory_is_said_and_the_others_are_added(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "feed"
    folder.mkdir()
    (folder / "a.txt").write_text("It rained all day, and the mill was closed.", "utf-8")
    (folder / "form.pdf").write_bytes(HOSTILE["pdf"][1]["pages of one content"](100_000))  # a second
    assert add(AddOptions(tmp_path / "news", [str(folder)], jobs=1, time_limit=0.05)) == 2
    said = capsys.readouterr()
    assert "1 added" in said.out and "1 unusable" in said.out
    assert "form.pdf: it took more than 0.05 seconds, the time limit, and was given up." in said.err
