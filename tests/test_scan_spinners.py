"""Scanning for the tool: its columns, articles scored with no reference, groups of unknown spinners."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from spindetect import Archive, Detector
from spindetect.commands.scan import _spinners
from spindetect.errors import SpindetectError
from spindetect.read.article import read_article
from spindetect.scan import scan, spinners
from spindetect.scan.parts import read_part
from spindetect.scan.places import place
from spindetect.scan.rows import COLUMNS
from spindetect.scan.scanning import Summary
from spindetect.scan.spinners import spinner_groups, with_groups
from spindetect.score.families import UNKNOWN

DATA = Path(__file__).parents[1] / "data"
STORIES = ("harbor", "battery", "heatwave")

Row = dict[str, Any]


def rows_of(path: Path) -> list[Row]:
    return list(read_part(place(path)))


@pytest.fixture(scope="module")
def feed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every story as it was and spun, and a line that can't be used."""
    path = tmp_path_factory.mktemp("spinners") / "feed.jsonl"
    lines = [
        json.dumps({"id": f"{story}-{which}", "text": read_article(DATA / story / f"{which}.txt").text})
        for story in STORIES
        for which in ("original", "spun")
    ]
    path.write_text("\n".join([*lines, '{"id": "broken']) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("spinners") / "news"
    with Archive.create(path) as made:
        made.add({"id": name, "text": read_article(DATA / name / "original.txt").text} for name in STORIES)
    return path


@pytest.fixture(scope="module")
def alone(feed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("spinners") / "rows.jsonl"
    summary = scan(feed, out, jobs=1, part=3)
    assert (summary.rows, summary.errors, summary.families["wp_auto_spinner"]) == (7, 1, 3)
    return out


@pytest.mark.slow
def test_with_nothing_to_scan_against_every_article_is_scored_alone(alone: Path, feed: Path) -> None:
    rows = {row["id"]: row for row in rows_of(alone)}
    assert all(list(row) == list(COLUMNS) for row in rows.values())
    detector = Detector.load()
    for story in STORIES:
        row = rows[f"{story}-spun"]
        report = detector.score(DATA / story / "spun.txt")
        assert row["score"] == row["alone_score"] == pytest.approx(report.score, abs=1e-4)
        assert (row["verdict"], row["family"]) == ("spun", "wp_auto_spinner")
        assert row["family_share"] == pytest.approx(report.families[0].share, abs=1e-6)
        assert row["substitutions"] == len(report.giveaways) > 0
        assert (row["source_id"], row["coverage"], row["candidates"]) == (None, None, [])
        assert rows[f"{story}-original"]["family"] is None
    assert "broken" not in rows and sum(row["error"] is not None for row in rows.values()) == 1


@pytest.mark.slow
def test_alone_neither_workers_nor_parts_nor_a_resumption_matter(alone: Path, feed: Path, tmp_path: Path) -> None:
    scan(feed, tmp_path / "two.jsonl", jobs=2, part=2)
    assert (tmp_path / "two.jsonl").read_bytes() == alone.read_bytes()
    scan(feed, tmp_path / "rows.parquet", jobs=1)
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["rows.parquet", "two.jsonl"], "no archive is made"


@pytest.mark.slow
def test_with_an_archive_the_family_is_told_by_the_source(archive: Path, feed: Path, tmp_path: Path) -> None:
    scan(feed, tmp_path / "rows.jsonl", [archive], jobs=1)
    rows = {row["id"]: row for row in rows_of(tmp_path / "rows.jsonl")}
    found = Detector.load().compare(DATA / "harbor" / "spun.txt", DATA / "harbor" / "original.txt")
    assert rows["harbor-spun"]["family"] == found.family == "wp_auto_spinner"
    assert rows["harbor-spun"]["family_share"] == pytest.approx(found.families[0].share, abs=0.02)
    assert rows["harbor-spun"]["alone_score"] is None, "it wasn't asked for"


@pytest.mark.slow
def test_the_score_alone_is_filled_in_when_asked_for(
    archive: Path, alone: Path, feed: Path, tmp_path: Path
) -> None:
    scan(feed, tmp_path / "rows.jsonl", [archive], jobs=1, alone=True)
    rows, before = rows_of(tmp_path / "rows.jsonl"), rows_of(alone)
    assert [row["alone_score"] for row in rows] == [row["alone_score"] for row in before]
    assert rows[1]["source_id"] == "harbor"


@pytest.mark.slow
def test_the_command_says_which_tools(feed: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "spindetect", "scan", feed, "--out", tmp_path / "rows.jsonl", "--jobs", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "")
    assert done.stdout.splitlines()[1] == "3 articles by wp_auto_spinner."


def test_the_summary_says_in_words_how_many_are_by_unknown_spinners() -> None:
    done = Summary(families=Counter({UNKNOWN: 2, "wordnet": 1}), groups=1)
    unknown = "2 articles by a spinner that is none of the known ones"
    assert _spinners(done) == f"1 article by wordnet; {unknown}, in 1 group of like ones.\n"
    assert _spinners(Summary()) == ""


def test_a_text_without_a_title_has_its_first_words_in_its_row(alone: Path) -> None:
    row = rows_of(alone)[0]
    assert row["title"].startswith("“") and row["title"].endswith(("…”", "”"))
    assert read_article(DATA / "harbor" / "original.txt").text.startswith(row["title"].strip("“”…"))


def test_without_archives_none_can_be_spread(feed: Path, tmp_path: Path) -> None:
    with pytest.raises(SpindetectError, match="Give --archive"):
        scan(feed, tmp_path / "rows.jsonl", engine="ray", spread=True)


# --- groups -------------------------------------------------------------------


def row(number: int, exchanges: list[str], family: str | None = UNKNOWN) -> Row:
    return {"number": number, "family": family, "unknown_exchanges": exchanges}


def numbered(*numbers: int) -> list[str]:
    return [f"word{one} -> swap{one}" for one in numbers]


def test_articles_that_share_three_exchanges_are_by_one_spinner() -> None:
    rows = [
        row(1, numbered(1, 2, 3, 4)),
        row(2, numbered(2, 3, 9)),
        row(3, numbered(5, 6, 7)),
        row(4, numbered(2, 3, 4)),
    ]
    assert spinner_groups(rows) == {1: 1, 4: 1}


def test_groups_hang_together_and_are_numbered_as_they_appear() -> None:
    rows = [
        row(1, numbered(1, 2, 3)),
        row(2, numbered(11, 12, 13)),
        row(3, numbered(21, 22, 23)),
        row(5, numbered(11, 12, 13)),
        row(6, numbered(1, 2, 3, 21, 22, 23)),
    ]
    assert spinner_groups(rows) == {1: 1, 2: 2, 3: 1, 5: 2, 6: 1}


def test_three_of_very_many_exchanges_are_chance() -> None:
    assert spinner_groups([row(1, numbered(*range(50))), row(2, numbered(0, 1, 2, *range(100, 140)))]) == {}


def test_only_unknown_families_are_grouped() -> None:
    same = numbered(1, 2, 3)
    assert spinner_groups([row(1, same), row(2, same, "wordnet"), row(3, same, None)]) == {}


def test_memory_is_bounded_and_what_is_remembered_still_links(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spinners, "_MOST", 3)
    first, later = numbered(1, 2, 3), numbered(4, 5, 6)
    assert spinner_groups([row(1, first), row(2, later), row(3, later), row(4, first)]) == {1: 1, 4: 1}


def test_groups_are_filled_in_where_there_are_any() -> None:
    given = [{"number": 1, "spinner_cluster": None}, {"number": 2, "spinner_cluster": None}]
    assert [one["spinner_cluster"] for one in with_groups(iter(given), {2: 7})] == [None, 7]
