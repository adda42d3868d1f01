"""Scanning: every suspect has its row, whatever dies on the way, and however many work on it."""

from __future__ import annotations

import gzip
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from multiprocessing import active_children
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest
from labour import frail
from rich.progress import Progress
from stories import story
from typer.testing import CliRunner

from spindetect import Archive
from spindetect.align.lexical.lexicon import Lexicon
from spindetect.archive.inputs import BadRecord
from spindetect.archive.records import UnusableRecord, make_record
from spindetect.archive.searching import Hit
from spindetect.archive.shards import open_archives
from spindetect.cli import app
from spindetect.commands.progress import ShownBar
from spindetect.errors import SpindetectError, SystemRefused
from spindetect.kinds import KINDS
from spindetect.read.article import read_article
from spindetect.read.format import Entry
from spindetect.scan import scan
from spindetect.scan.clusters import clusters
from spindetect.scan.feeds import count_records
from spindetect.scan.parts import Parts, read_part
from spindetect.scan.places import Here, Place, place
from spindetect.scan.plan import Plan
from spindetect.scan.reading import Start, _messages, suspects
from spindetect.scan.rows import COLUMNS, as_table, failed_row, from_table
from spindetect.scan.work import Scanner
from spindetect.worker_life import DIED

ROOT = Path(__file__).parents[1]
DATA = ROOT / "data"
SUSPECTS = 40

Row = dict[str, Any]


def rows_of(path: Path) -> list[Row]:
    return list(read_part(place(path)))


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The three example originals and forty stories."""
    path = tmp_path_factory.mktemp("scan") / "news"
    with Archive.create(path) as made:
        made.add(
            {"id": name, "title": f"The {name}", "text": read_article(DATA / name / "original.txt").text}
            for name in ("harbor", "battery", "heatwave")
        )
        made.add({"id": f"s{number}", "text": story(number)} for number in range(40))
    return path


@pytest.fixture(scope="module")
def feed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Stories that the archive has, spun articles, stories that it hasn't, and lines that can't be used."""
    path = tmp_path_factory.mktemp("scan") / "feed.jsonl"
    spun = [read_article(DATA / name / "spun.txt").text for name in ("harbor", "battery", "heatwave")]
    records: list[object] = [{"id": f"f{number}", "text": story(30 + number)} for number in range(SUSPECTS - 6)]
    records[5:5] = [{"id": f"spun{place}", "title": "A title", "text": text} for place, text in enumerate(spun)]
    lines = [json.dumps(record) for record in records]
    lines[9:9] = ['{"id": "broken', '{"id": "no text"}', "[1, 2]"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def scanned(archive: Path, feed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The feed's rows as one process makes them."""
    out = tmp_path_factory.mktemp("scan") / "rows.jsonl"
    scan(feed, out, [archive], jobs=1, part=8)
    return out


# --- rows -----------------------------------------------------------------------


@pytest.mark.slow
def test_every_suspect_has_one_row_in_order(scanned: Path) -> None:
    rows = rows_of(scanned)
    assert [row["number"] for row in rows] == list(range(1, SUSPECTS + 1))
    assert all(list(row) == list(COLUMNS) for row in rows)


def test_a_spun_article_is_told_with_its_source_and_its_substitutions(scanned: Path) -> None:
    row = next(row for row in rows_of(scanned) if row["id"] == "spun0")
    assert (row["source_id"], row["source_title"], row["title"]) == ("harbor", "The harbor", "A title")
    assert row["score"] > 90 and row["verdict"] == "spun" and row["coverage"] > 0.8
    assert row["direction"] == "suspect" and "tell-tales of a machine" in row["direction_reason"]
    assert row["substitutions"] == sum(row[f"{kind}_substitutions"] for kind in KINDS)
    weights = [item["weight"] for item in row["top_substitutions"]]
    assert weights == sorted(weights, reverse=True) and len(weights) == 10
    assert row["candidates"][0]["id"] == "harbor"
    assert row["cluster"] is None and row["error"] is None


def test_only_a_source_is_named(archive: Path, tmp_path: Path) -> None:
    feed = tmp_path / "feed.jsonl"
    feed.write_text(
        json.dumps({"id": "strange", "text": read_article(DATA / "harbor" / "independent.txt").text}) + "\n",
        encoding="utf-8",
    )
    scan(feed, tmp_path / "rows.jsonl", [archive], jobs=1)
    (row,) = rows_of(tmp_path / "rows.jsonl")
    assert row["verdict"] == "independent" and row["score"] is not None
    columns = [*(name for name in COLUMNS if name.startswith("source_")), "direction", "direction_reason"]
    assert len(columns) == 8 and {row[name] for name in columns} == {None}


@pytest.mark.slow
def test_what_cannot_be_read_is_a_row_with_its_place_and_reason(scanned: Path, feed: Path) -> None:
    errors = {row["number"]: row for row in rows_of(scanned) if row["error"]}
    assert sorted(errors) == [10, 11, 12]
    assert errors[10]["id"] == f"{feed}, line 10" and "isn't JSON" in errors[10]["error"]
    assert "no field 'text'" in errors[11]["error"]
    assert "expected an object" in errors[12]["error"]


def test_without_ray_the_engine_is_refused_in_one_line(
    archive: Path, feed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray.data", None)
    arguments = ["scan", feed, "--archive", archive, "--out", tmp_path / "rows.jsonl", "--engine", "ray"]
    result = CliRunner().invoke(app, list(map(str, arguments)))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("spindetect: to scan on a cluster takes ray, which isn't installed. Run: pip")
    assert result.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_rows_are_the_same_as_jsonl_and_as_parquet(
    archive: Path, feed: Path, scanned: Path, tmp_path: Path
) -> None:
    pytest.importorskip("pyarrow")
    scan(feed, tmp_path / "rows.parquet", [archive], jobs=2, part=8)
    assert rows_of(tmp_path / "rows.parquet") == rows_of(scanned)


@pytest.mark.slow
def test_the_number_of_workers_and_the_parts_do_not_matter(
    archive: Path, feed: Path, scanned: Path, tmp_path: Path
) -> None:
    scan(feed, tmp_path / "rows.jsonl", [archive], jobs=2, part=5)
    assert (tmp_path / "rows.jsonl").read_bytes() == scanned.read_bytes()


def test_halves_of_characters_reach_no_file() -> None:
    row = failed_row(1, make_record({"id": "a\ud800", "text": "b"}), "c\udfff")
    assert row["id"] == "a?" and row["error"] == "c?"
    pytest.importorskip("pyarrow")
    assert from_table(as_table([row])) == [row]


def test_our_own_fault_stays_in_its_row(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scanner = Scanner(Plan(Here(tmp_path), Here(tmp_path / "o.jsonl"), (archive,)))
    monkeypatch.setattr("spindetect.retrieve.searching.compare_documents", lambda *_: [][0])
    row = scanner.row(7, make_record({"id": "x", "text": story(1)}))
    assert (row["number"], row["id"]) == (7, "x")
    assert row["error"] == "spindetect failed (IndexError: list index out of range); please report this bug"


def test_what_the_system_refuses_stops_the_scan_and_is_no_articles_row(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise SystemRefused("the disk may be full")

    scanner = Scanner(Plan(Here(tmp_path), Here(tmp_path / "o.jsonl"), (archive,)))
    monkeypatch.setattr(scanner, "_found", full)
    with pytest.raises(SystemRefused):
        scanner.row(7, make_record({"id": "x", "text": story(1)}))


# --- reading --------------------------------------------------------------------


def test_a_file_whose_reading_process_is_killed_is_begun_anew_and_no_article_is_lost_or_doubled(
    archive: Path, tmp_path: Path
) -> None:
    feed = tmp_path / "feed.jsonl"
    lines = (json.dumps({"id": str(number), "text": "It rained. " * 900}) for number in range(300))
    feed.write_text("\n".join(lines), "utf-8")  # more than a pipe holds
    found = suspects(Plan(Here(feed), Here(tmp_path / "o.jsonl"), (archive,)))
    first = next(found)
    active_children()[0].kill()
    ids = [suspect.fields["id"] for _, suspect in [first, *found] if isinstance(suspect, Entry)]
    assert ids == [str(number) for number in range(300)]


def test_records_are_counted_ahead_for_the_progress_bar(tmp_path: Path, feed: Path) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(feed.read_bytes()))
    (tmp_path / "b.txt").write_text("One article.", encoding="utf-8")
    assert count_records(tmp_path) == SUSPECTS + 1


# --- deaths ---------------------------------------------------------------------


@pytest.mark.slow
def test_an_article_that_kills_its_worker_and_one_without_end_are_rows_and_the_others_unharmed(
    archive: Path, feed: Path, scanned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("spindetect.scan.local.start", partial(frail, deadly="spun1", endless="spun2"))
    done = scan(feed, tmp_path / "rows.jsonl", [archive], jobs=2, part=8, time_limit=4)
    rows = {row["id"]: row for row in rows_of(tmp_path / "rows.jsonl")}
    assert done.errors == 5
    assert rows["spun1"]["error"] == f"{DIED}."
    assert rows["spun2"]["error"] == "it took more than 4 seconds, the time limit, and was given up."
    whole = {row["id"]: row for row in rows_of(scanned)}
    assert [id for id in whole if rows[id] != whole[id]] == ["spun1", "spun2"]


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_costs_no_row(
    archive: Path, feed: Path, scanned: Path, tmp_path: Path
) -> None:
    killed: list[BaseProcess] = []

    def kill_one(_: int) -> None:
        if not killed:
            killed.append(active_children()[0])
            killed[0].kill()

    scan(feed, tmp_path / "rows.jsonl", [archive], jobs=2, part=8, advance=kill_one)
    assert killed
    assert (tmp_path / "rows.jsonl").read_bytes() == scanned.read_bytes()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
@pytest.mark.slow
def test_killed_at_any_moment_a_scan_resumes_without_losing_or_repeating_a_row(
    archive: Path, feed: Path, scanned: Path, tmp_path: Path
) -> None:
    out = tmp_path / "rows.jsonl"
    code = (
        "import sys; from spindetect.scan import scan\n"
        "if __name__ == '__main__': scan(*sys.argv[1:3], [sys.argv[3]], jobs=1, part=3, resume=True)"
    )
    script = tmp_path / "go.py"
    script.write_text(code, encoding="utf-8")
    rng = random.Random(11)
    kills = 0
    while not out.exists() or (tmp_path / "rows.jsonl.parts").exists():
        process = subprocess.Popen([sys.executable, script, feed, out, archive])
        parts = len(list(tmp_path.glob("rows.jsonl.parts/part-*")))
        wanted = min(parts + rng.randint(1, 5), SUSPECTS // 3 + 1)
        while process.poll() is None:
            if kills < 4 and len(list(tmp_path.glob("rows.jsonl.parts/part-*"))) >= wanted:
                time.sleep(0.05 * rng.random())
                process.kill()
                kills += 1
                break
            time.sleep(0.005)
        process.wait()
    assert kills >= 2
    assert out.read_bytes() == scanned.read_bytes()
    # Of a kill while the output is written a hidden file is left.
    left = (path.name for path in tmp_path.iterdir() if not path.name.endswith(".tmp"))
    assert sorted(left) == ["go.py", "rows.jsonl"]


@pytest.mark.slow
def test_a_scan_that_goes_on_says_how_many_were_done_before(
    archive: Path, feed: Path, scanned: Path, tmp_path: Path
) -> None:
    out = tmp_path / "rows.jsonl"
    with pytest.raises(InterruptedError):
        scan(feed, out, [archive], jobs=1, part=8, advance=_interrupting(20))
    before: list[int] = []
    advanced: list[int] = []
    done = scan(feed, out, [archive], jobs=1, part=8, resume=True, before=before.append, advance=advanced.append)
    assert before == [16] and sum(advanced) == SUSPECTS - 16
    assert (done.resumed, done.rows) == (16, SUSPECTS)
    assert out.read_bytes() == scanned.read_bytes()


def _interrupting(after: int) -> Callable[[int], None]:
    left = iter(range(after))

    def advance(_: int) -> None:
        if next(left, None) is None:
            raise InterruptedError

    return advance


def test_the_bar_begins_with_what_is_done_and_does_not_take_it_for_speed() -> None:
    with Progress(disable=True) as bar:
        shown = ShownBar(bar, 40)
        shown.begin_at(16)
        assert (bar.tasks[0].completed, bar.tasks[0].speed) == (16, None)
        shown.advance(1)
        assert bar.tasks[0].completed == 17


def test_a_part_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    parts = Parts(Here(tmp_path / "parts"))
    parts.begin({"input": "a"})
    with pytest.raises(TypeError):
        parts.write(0, [{"number": 1}, {"number": object()}])
    assert not parts.finished()
    assert parts.folder.names() == ["manifest.json"]


# --- beginning and resuming -----------------------------------------------------


def test_what_is_there_is_not_overwritten_unasked(archive: Path, scanned: Path, feed: Path) -> None:
    before = scanned.read_bytes()
    with pytest.raises(SpindetectError, match=r"is there already, and complete. Replace it with --overwrite"):
        scan(feed, scanned, [archive])
    with pytest.raises(SpindetectError, match="is there already, and complete"):
        scan(feed, scanned, [archive], resume=True)
    assert scanned.read_bytes() == before


@pytest.mark.slow
def test_an_interrupted_scan_is_neither_continued_nor_replaced_unasked(
    archive: Path, feed: Path, tmp_path: Path
) -> None:
    out = tmp_path / "rows.jsonl"
    Parts(Here(tmp_path / "rows.jsonl.parts")).begin({})
    with pytest.raises(SpindetectError, match=r"--resume, or start anew with --overwrite"):
        scan(feed, out, [archive])
    with pytest.raises(SpindetectError, match=r"input, archives, .* changed since"):
        scan(feed, out, [archive], resume=True)
    assert scan(feed, out, [archive], jobs=1, overwrite=True).rows == SUSPECTS


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("feed.jsonl", "rows.csv"), r"ends in .jsonl or .parquet"),
        (("-", "rows.jsonl"), r"standard input can't be scanned"),
        (("feed.jsonl", "nowhere/rows.jsonl"), r"there is no folder"),
        ((".", "rows.jsonl"), r"rows.jsonl is, or lies in, .*, which the scan reads"),
        (("feed.jsonl", "feed.jsonl"), r"feed.jsonl is, or lies in, .*, which the scan reads"),
        (("missing.jsonl", "rows.jsonl", ["no archive"]), r"there is no archive at"),
    ],
)
def test_what_cannot_be_scanned_is_refused_before_anything_is_made(
    arguments: tuple[Any, ...], message: str, feed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "feed.jsonl").write_bytes(feed.read_bytes())
    with pytest.raises(SpindetectError, match=message):
        scan(*arguments, itself=arguments[0] == ".", overwrite=True)
    assert [path.name for path in tmp_path.iterdir()] == ["feed.jsonl"]


@pytest.mark.slow
def test_the_command_scans_and_says_how_it_went(archive: Path, feed: Path, scanned: Path, tmp_path: Path) -> None:
    out = tmp_path / "rows.jsonl"
    command = [sys.executable, "-m", "spindetect", "scan", feed, "--archive", archive, "--out", out, "--jobs", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "")
    assert done.stdout == f"{SUSPECTS} rows in {out}; 3 with an error.\n3 articles by wp_auto_spinner.\n"
    assert out.read_bytes() == scanned.read_bytes()


@pytest.mark.slow
def test_the_command_writes_a_folder_of_files(archive: Path, feed: Path, scanned: Path, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    out = tmp_path / "rows"
    command = [sys.executable, "-m", "spindetect", "scan", feed.as_uri(), "--archive", archive, "--out", out]
    more = ["--jobs", "1", "--rows-per-file", "25", "--time-limit", "0"]
    done = subprocess.run([*command, *more], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "")
    assert done.stdout == f"{SUSPECTS} rows in {out}; 3 with an error.\n3 articles by wp_auto_spinner.\n"
    assert sorted(path.name for path in out.iterdir()) == ["_SUCCESS", "part-00000.parquet", "part-00001.parquet"]
    rows = rows_of(out / "part-00000.parquet") + rows_of(out / "part-00001.parquet")
    assert [row["id"] for row in rows if not row["error"]] == [
        row["id"] for row in rows_of(scanned) if not row["error"]
    ]


# --- shards ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def shards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive's articles in two shards, in one folder; a story stands in both."""
    folder = tmp_path_factory.mktemp("shards")
    names = ("harbor", "battery", "heatwave")
    records = [{"id": n, "title": f"The {n}", "text": read_article(DATA / n / "original.txt").text} for n in names]
    records += [{"id": f"s{number}", "text": story(number)} for number in range(40)]
    for name, some in (("a", records[:20]), ("b", records[19:])):
        with Archive.create(folder / name) as made:
            made.add(some)
    return folder


@pytest.mark.slow
def test_shards_give_the_rows_of_one_archive(shards: Path, feed: Path, scanned: Path, tmp_path: Path) -> None:
    whole = {row["number"]: row for row in rows_of(scanned)}
    for name, archives in (("folder", [shards]), ("list", [shards / "a", shards / "b"])):
        scan(feed, tmp_path / f"{name}.jsonl", archives, jobs=1)
        for row in rows_of(tmp_path / f"{name}.jsonl"):
            expected = whole[row["number"]]
            if expected["source_id"] is None:  # nothing was found: which strangers were compared is chance
                assert row["source_id"] is None and row["error"] == expected["error"]
                continue
            assert row["candidates"][0] == expected["candidates"][0]
            assert row["archives"] == [str(path) for path in archives]
            assert row | {"candidates": []} == expected | {"candidates": [], "archives": row["archives"]}


def test_an_article_of_several_shards_is_found_once(shards: Path) -> None:
    with open_archives([shards]) as both:
        hits: list[Hit] = both.find_text(story(16), 5, Lexicon())
    assert [hit.record.id for hit in hits].count("s16") == 1 and hits[0].record.id == "s16"


# --- a corpus against itself ----------------------------------------------------


@pytest.mark.slow
def test_a_corpus_scanned_against_itself_falls_into_its_stories(tmp_path: Path) -> None:
    scan(DATA / "sites", tmp_path / "rows.jsonl", itself=True, jobs=1)
    rows = rows_of(tmp_path / "rows.jsonl")
    stories: dict[int, set[str]] = {}
    for row in rows:
        assert row["source_id"] != row["id"]
        stories.setdefault(row["cluster"], set()).add(Path(row["id"]).stem)
    assert sorted(map(sorted, stories.values())) == [["battery"], ["harbor"], ["heatwave"]]
    assert sorted(row["cluster"] for row in rows) == [1] * 5 + [2] * 5 + [3] * 5


@pytest.mark.slow
def test_duplicates_copies_and_strangers(tmp_path: Path) -> None:
    feed = tmp_path / "feed.jsonl"
    told = {"id": "late", "text": story(1), "published": "2025-03-01"}
    records = [
        told,
        {"id": "early", "text": story(1) + "\n\nIt ends here.", "published": "2025-01-01"},
        {**told, "id": "same text", "published": "2025-02-01"},
        told,
        {"id": "stranger", "text": story(2)},
    ]
    feed.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    scan(feed, tmp_path / "rows.jsonl", itself=True, jobs=1)
    rows = rows_of(tmp_path / "rows.jsonl")
    assert [row["source_id"] for row in rows[:4]] == ["same text", "same text", "early", "same text"]
    assert [row["cluster"] for row in rows] == [1, 1, 1, 1, None]
    assert {row["original"] for row in rows[:4]} == {"early"}
    assert rows[0]["original_reason"] == "it was published before all others (2025-01-01)"
    assert rows[1]["direction"] == "reference"


def related(id: str, *others: str, direction: str | None = None, published: str | None = None) -> Row:
    alike = [{"id": other, "coverage": 0.9, "verdict": "spun", "published": None} for other in others]
    source = others[0] if others else None
    return {
        "id": id,
        "published": published,
        "candidates": alike,
        "source_id": source,
        "direction": direction,
        "error": None,
    }


def test_a_cluster_is_what_hangs_together() -> None:
    found = clusters([related("a", "b"), related("c", "d"), related("e"), related("d", "b")], 0.3)
    assert {id: cluster.number for id, cluster in found.items()} == {"a": 1, "b": 1, "c": 1, "d": 1}


def test_the_original_is_the_one_that_is_not_shown_to_be_a_copy() -> None:
    rows = [related("a", "b", direction="reference"), related("c", "a", direction="suspect")]
    assert {(one.original, one.reason) for one in clusters(rows, 0.3).values()} == {
        ("a", "all others are shown to be copies")
    }


def test_where_no_times_are_known_the_original_is_what_copies_are_shown_to_be_of() -> None:
    rows = [
        related("b", "a", direction="suspect"),
        related("c", "b", direction="suspect"),
        related("d", "a"),
        related("a", "b", direction="reference"),
    ]
    (cluster,) = set(clusters(rows, 0.3).values())
    assert cluster.original == "a"
    assert cluster.reason == "2 of 4 are shown to be copies of it, and of none else; not sure"


def test_evidence_for_two_originals_is_evidence_for_none() -> None:
    rows = [
        related("b", "a", direction="suspect"),
        related("d", "c", direction="suspect"),
        related("a", "c"),
    ]
    (cluster,) = set(clusters(rows, 0.3).values())
    assert cluster.original is None
    assert cluster.reason == "neither times nor words tell which of 2 articles was first"


def test_evidence_that_goes_round_in_a_circle_tells_nothing() -> None:
    rows = [related("a", "b", direction="suspect"), related("b", "a", direction="suspect"), related("c", "a")]
    (cluster,) = set(clusters(rows, 0.3).values())
    assert cluster.original is None


def test_what_is_shown_to_be_a_copy_needs_no_time() -> None:
    rows = [
        related("b", "a", direction="suspect"),
        related("a", "c", published="2025-01-01"),
        related("c", "a", published="2025-02-03"),
    ]
    (cluster,) = set(clusters(rows, 0.3).values())
    assert cluster.original == "a"
    assert cluster.reason.startswith(
        "it was published before all others that aren't shown to be copies (2025-01-01"
    )


def test_nothing_tells_the_original_when_times_overlap_and_words_say_nothing() -> None:
    rows = [related("a", "b", published="2025-01-01"), related("b", "a", published="2025-01-01")]
    (cluster,) = set(clusters(rows, 0.3).values())
    assert cluster.original is None and "neither times nor words tell" in cluster.reason


def test_too_little_in_common_is_no_cluster() -> None:
    assert clusters([related("a", "b")], 0.95) == {}


def test_a_bad_record_is_in_no_cluster() -> None:
    row = failed_row(1, BadRecord("feed, line 1", "why"), "why")
    assert clusters([row], 0.3) == {}


# --- inputs made to hold a scan up ------------------------------------------------------


@pytest.mark.slow
def test_what_takes_too_much_memory_is_its_own_rows_error_and_no_other_ones(archive: Path, tmp_path: Path) -> None:
    feed = tmp_path / "feed"
    feed.mkdir()
    (feed / "a.json").write_text(
        '{"a": [' + "[]," * 4_000_000 + "[]]}", "utf-8"
    )  # 12 MB, and some 300 MB as objects
    (feed / "b.jsonl").write_text(json.dumps({"id": "x", "text": story(1)}) + "\n", "utf-8")
    plan = Plan(Here(feed), Here(tmp_path / "o.jsonl"), (archive,), memory_limit=100 << 20)
    bad, good = (suspect for _, suspect in suspects(plan))
    assert isinstance(bad, BadRecord) and "takes more than 100 MB of memory, the limit" in bad.reason
    assert isinstance(good, Entry) and good.fields["id"] == "x"


@pytest.mark.slow
def test_a_file_that_cannot_be_cut_into_articles_in_time_is_given_up_and_the_next_one_read(
    archive: Path, tmp_path: Path
) -> None:
    feed = tmp_path / "feed"
    feed.mkdir()
    os.mkfifo(feed / "a.jsonl")  # named itself, and not found in a folder, it is waited for
    (feed / "b.jsonl").write_text(json.dumps({"id": "x", "text": story(1)}) + "\n", "utf-8")
    plan = Plan(Here(feed / "a.jsonl"), Here(tmp_path / "o.jsonl"), (archive,), time_limit=3)
    places: list[Place] = [Here(feed / "a.jsonl"), Here(feed / "b.jsonl")]
    assert [kind for kind, _ in _messages(plan, places, Start())] == ["file", "end"]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"k" * 10_000_000: 1}, "there is no field 'text'; it has 'kkkk"),
        ({"id": "i" * 10_000_000, "text": "It rained."}, "its 'id' has 10,000,000 characters"),
        ({"text": None}, "its 'text' is null"),
    ],
)
def test_the_message_on_a_record_is_short_whatever_the_record_has(fields: dict[str, Any], reason: str) -> None:
    with pytest.raises(UnusableRecord, match=reason) as raised:
        make_record(fields)
    assert len(str(raised.value)) < 300


# --- what lies where a scan would write -------------------------------------------------


@pytest.mark.parametrize("way", [["--overwrite"], ["--resume"], []])
@pytest.mark.parametrize("name", ["rows.jsonl.parts", "rows.jsonl.archive"])
def test_a_folder_of_the_users_is_never_removed(tmp_path: Path, name: str, way: list[str]) -> None:
    feed = tmp_path / "feed.jsonl"
    feed.write_text(json.dumps({"id": "x", "text": story(1)}) + "\n", "utf-8")
    (tmp_path / name).mkdir()
    (tmp_path / name / "thesis.txt").write_text("Two years of work.", "utf-8")
    out = ["--out", str(tmp_path / "rows.jsonl"), "--self", "--jobs", "1"]
    found = CliRunner().invoke(app, ["scan", str(feed), *out, *way])
    assert found.exit_code == 2 and "wasn't made by a scan to this output" in found.stderr
    assert [path.name for path in (tmp_path / name).iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize("text", ["[]", "null", '"a"', "[" * 100_000, '{"made_by": 1}', "\0", ""], ids=range(7))
def test_a_forged_manifest_is_none_of_ours(tmp_path: Path, text: str) -> None:
    parts = Parts(Here(tmp_path / "rows.parts"))
    parts.folder.make_folder()
    (tmp_path / "rows.parts" / "manifest.json").write_text(text, "utf-8")
    for act in (parts.require_ours, parts.remove):
        with pytest.raises(SpindetectError, match="wasn't made by a scan to this output"):
            act()


@pytest.mark.skipif(os.name == "nt", reason="links take rights there")
def test_a_part_is_written_and_removed_where_it_is_and_not_where_a_link_leads(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    for name in ("profile", "theirs/a.txt"):
        (tmp_path / name).write_text("theirs", "utf-8")
    parts = Parts(Here(tmp_path / "rows.parts"))
    parts.begin({"code": "1"})
    (tmp_path / "rows.parts" / "part-00000000.jsonl").symlink_to(tmp_path / "profile")
    (tmp_path / "rows.parts" / "part-00000001.jsonl").symlink_to(tmp_path / "profile")
    (tmp_path / "rows.parts" / "input").symlink_to(tmp_path / "theirs")
    parts.write(0, [])
    parts.remove()
    assert [(tmp_path / name).read_text("utf-8") for name in ("profile", "theirs/a.txt")] == ["theirs"] * 2


def test_what_a_user_put_into_a_scans_parts_stays(tmp_path: Path) -> None:
    parts = Parts(Here(tmp_path / "rows.parts"))
    parts.begin({"code": "1"})
    parts.write(0, [])
    (tmp_path / "rows.parts" / "note.txt").write_text("Mine.", "utf-8")
    parts.remove()
    assert [path.name for path in (tmp_path / "rows.parts").iterdir()] == ["note.txt"]
