"""Folders: what is left out in them is said, and with --strict it is an error; nothing goes unmentioned."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from samples import SAMPLES, TEXT
from stories import story
from typer.testing import CliRunner, Result

from spindetect.archive.inputs import read_records
from spindetect.cli import app
from spindetect.errors import UnknownField
from spindetect.read.folders import list_folder
from spindetect.read.generated import note_reports

UNREAD = {
    "a.png": b"\x89PNG",
    "b.png": b"\x89PNG",
    "c.doc": b"\xd0\xcf\x11\xe0",
    "d.xlsx": b"PK\x03\x04",
    "NOTES": b"x",
}


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments])


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """A folder with the story in each format, files that aren't read, a hidden one, and a link to nothing."""
    for module in ("pyarrow", "pypdf", "striprtf", "warcio"):
        pytest.importorskip(module)
    folder = tmp_path / "mixed"
    folder.mkdir()
    for name, (ending, write) in SAMPLES.items():
        (folder / f"{name}{ending}").write_bytes(write())
    for name, data in UNREAD.items():
        (folder / name).write_bytes(data)
    (folder / ".hidden").touch()
    (folder / "gone.txt").symlink_to(folder / "nowhere.txt")
    return folder


def test_each_file_of_a_folder_is_scored_or_counted_among_those_left_out(mixed: Path, tmp_path: Path) -> None:
    (tmp_path / "reference.txt").write_text(TEXT, "utf-8")
    result = run("score", mixed, "--reference", tmp_path / "reference.txt", "--format", "jsonl")
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert {row["verdict"] for row in rows} == {"copied"}
    scored = {path.name for path in mixed.iterdir() for row in rows if row["suspect"]["name"].startswith(str(path))}
    assert scored == {f"{name}{ending}" for name, (ending, _) in SAMPLES.items()}
    said = (
        f"spindetect: left out in {mixed}: 1 file without an ending, 1 .doc, 2 .png, 1 .xlsx (no format that "
        "is read); 1 hidden; 1 that aren't files, or are links to nothing, to folders or out of it.\n"
    )
    assert (result.stderr, result.exit_code) == (said, 0)
    counted = sum(map(int, re.findall(r"\d+", said.removeprefix(f"spindetect: left out in {mixed}: "))))
    assert len(rows) + counted == len(list(mixed.iterdir()))


def test_strict_makes_it_an_error(mixed: Path, tmp_path: Path) -> None:
    for arguments in (
        ("score", mixed, "--strict"),
        ("archive", "add", tmp_path / "news", mixed, "--strict"),
        ("scan", mixed, "--out", tmp_path / "rows.jsonl", "--strict"),
    ):
        result = run(*arguments)
        assert result.exit_code == 2
        assert "With --strict all must be read" in result.stderr
    assert not (tmp_path / "rows.jsonl").exists() and not (tmp_path / "news").exists()


def test_strict_is_content_with_hidden_files_and_our_own_reports(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text(TEXT, "utf-8")
    (tmp_path / ".git").mkdir()
    assert run("score", tmp_path, "--report-dir", tmp_path / "reports").exit_code == 0
    result = run("score", tmp_path, "--strict")
    assert result.exit_code == 0
    assert result.stderr == f"spindetect: left out in {tmp_path}: 2 of spindetect's own reports; 1 hidden.\n"


@pytest.mark.slow
def test_archive_and_scan_say_it_once(mixed: Path, tmp_path: Path) -> None:
    added = run("archive", "add", tmp_path / "news", mixed)
    assert added.stderr.count("left out in") == 1
    assert "articles in" in added.stdout
    scanned = run("scan", mixed, "--out", tmp_path / "rows.jsonl", "--jobs", 1)
    assert scanned.stderr.count("left out in") == 1
    assert len((tmp_path / "rows.jsonl").read_text("utf-8").splitlines()) == len(SAMPLES)


def test_links_to_folders_are_counted_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text(TEXT, "utf-8")
    (tmp_path / "loop").symlink_to(tmp_path)
    folder = list_folder(tmp_path)
    assert (folder.files, folder.special) == ((tmp_path / "one.txt",), 1)


@pytest.mark.parametrize(("name", "count"), [("feed.jsonl", 3), ("feed.json", 3), ("feed.csv", 3)])
def test_score_takes_each_article_of_a_file(tmp_path: Path, name: str, count: int) -> None:
    rows = [{"id": str(number), "text": story(number)} for number in range(count)]
    text = json.dumps(rows) if name == "feed.json" else "".join(json.dumps(row) + "\n" for row in rows)
    if name == "feed.csv":
        text = "id,text\n" + "".join(f'{row["id"]},"{row["text"]}"\n' for row in rows)
    (tmp_path / name).write_text(text, "utf-8")
    result = run("score", tmp_path / name, "--format", "jsonl")
    names = [json.loads(line)["suspect"]["name"] for line in result.stdout.splitlines()]
    assert len(names) == count and names[1].startswith(f"{tmp_path / name}, ") and names[1].endswith(" 2")
    assert run("compare", tmp_path / name).exit_code == 2
    assert "holds several articles" in run("compare", tmp_path / name).stderr


@pytest.mark.slow
@pytest.mark.parametrize("field", ["text=bdy", "published=whne"])
def test_a_wrong_field_name_says_what_the_fields_are_called(tmp_path: Path, field: str) -> None:
    feed = tmp_path / "feed.jsonl"
    feed.write_text(
        '{"id": "a", "text": "It rained."}\n{"id": "b", "text": "It stopped.", "when": "2026"}\n', "utf-8"
    )
    wrong = field.partition("=")[2]
    said = f"no record of {feed} has a field {wrong!r}; they have 'id', 'text', 'when'. Check --field."
    with pytest.raises(UnknownField, match=re.escape(said)):
        list(read_records(feed, dict([field.split("=")])))  # type: ignore[misc]
    result = run("scan", feed, "--out", tmp_path / "rows.jsonl", "--field", field)
    assert (result.exit_code, result.stderr) == (2, f"spindetect: {said}\n")
    assert [path.name for path in tmp_path.iterdir()] == ["feed.jsonl"]  # nothing stands in the next one's way
    assert run("scan", feed, "--out", tmp_path / "rows.jsonl", "--jobs", 1).exit_code == 0


def test_links_to_files_elsewhere_are_counted_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.txt").write_text("It is a secret.", "utf-8")
    (tmp_path / "in" / "one.txt").write_text(TEXT, "utf-8")
    (tmp_path / "in" / "s.txt").symlink_to(tmp_path / "secret.txt")
    (tmp_path / "in" / "t.txt").symlink_to(tmp_path / "in" / "one.txt")
    folder = list_folder(tmp_path / "in")
    assert ([path.name for path in folder.files], folder.special) == (["one.txt", "t.txt"], 1)


@pytest.mark.parametrize("listed", [False, True])
def test_a_page_that_says_it_was_made_here_is_an_article_unless_a_run_listed_it(
    tmp_path: Path, listed: bool
) -> None:
    page = tmp_path / "farm.html"
    page.write_text(f'<html><head><meta name="generator" content="spindetect report"></head><p>{TEXT}', "utf-8")
    if listed:
        note_reports(tmp_path, [page.name])
    folder = list_folder(tmp_path)
    assert (len(folder.files), folder.reports) == ((0, 1) if listed else (1, 0))
    page.write_text(page.read_text("utf-8") + "Changed.", "utf-8")
    assert len(list_folder(tmp_path).files) == 1
