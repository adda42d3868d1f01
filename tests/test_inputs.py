"""Reading records: files, folders, JSON lines and Parquet, and what is wrong with them."""

from __future__ import annotations

import gzip
import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from stories import story

from spindetect import Archive
from spindetect.archive.inputs import BadRecord, read_records, record_files
from spindetect.archive.records import Record, pack, unpack
from spindetect.errors import MissingExtra, UnreadableArticle
from spindetect.scan import feeds
from spindetect.scan.feeds import count_records
from spindetect.settings import Settings

ROWS = [{"id": f"s{number}", "text": story(number), "desk": number} for number in range(600)]


def lines(rows: list[dict[str, object]]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def write(path: Path, rows: list[dict[str, object]]) -> Path:
    """Rows in the form that the file's name says."""
    if path.suffix == ".parquet":
        import pyarrow
        import pyarrow.parquet

        pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), path)
    elif path.suffix == ".zst":
        import pyarrow

        with pyarrow.output_stream(str(path), compression="zstd") as stream:
            stream.write(lines(rows))
    else:
        path.write_bytes(gzip.compress(lines(rows)) if path.suffix == ".gz" else lines(rows))
    return path


@pytest.mark.parametrize("name", ["a.jsonl", "a.ndjson", "a.jsonl.gz", "A.JSONL.GZ", "a.jsonl.zst", "a.parquet"])
def test_every_form_gives_the_same_records(tmp_path: Path, name: str) -> None:
    if name.endswith((".zst", ".parquet")):
        pytest.importorskip("pyarrow")
    name = name if name != "A.JSONL.GZ" else "A.JSONL.gz"
    found = list(read_records(write(tmp_path / name, ROWS)))
    assert [record.to_dict() for record in found if isinstance(record, Record)] == ROWS


def test_a_file_of_any_other_kind_is_one_article(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        '<html><head><meta name="pubdate" content="2026-01-05"></head><body><article>'
        f"<p>{story(1)}</p><p>{story(2)}</p></article></body></html>",
        "utf-8",
    )
    (record,) = read_records(page)
    assert isinstance(record, Record)
    assert (record.id, record.published) == (str(page), "2026-01-05")
    assert record.text == f"{story(1)}\n{story(2)}"


def test_a_folder_is_all_that_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "below" / ".hidden").mkdir(parents=True)
    write(tmp_path / "below" / "feed.jsonl", ROWS[:2])
    write(tmp_path / "below" / ".hidden" / "feed.jsonl", ROWS[2:4])
    (tmp_path / "one.txt").write_text(story(1), "utf-8")
    (tmp_path / "notes.png").write_bytes(b"\x89PNG")
    assert record_files(tmp_path) == [tmp_path / "below" / "feed.jsonl", tmp_path / "one.txt"]
    with pytest.raises(UnreadableArticle, match=r"no articles in .*hidden2: expected files that end in"):
        (tmp_path / "hidden2").mkdir()
        record_files(tmp_path / "hidden2")


def test_bad_lines_stand_in_their_place(tmp_path: Path) -> None:
    file = tmp_path / "feed.jsonl"
    long = json.dumps({"id": "long", "text": "x" * 5000}).encode()
    file.write_bytes(
        b'{"id": "a", "text": "One."}\n{"id": "b"\n\n[1]\n' + long + b"\n"
        b'{"id": ["c"], "text": "Two."}\n\xff\xfe\n{"id": "d", "text": "Three."}'
    )
    found = list(read_records(file, settings=Settings(max_characters=100)))
    assert [item.id for item in found if isinstance(item, Record)] == ["a", "d"]
    bad = [item for item in found if isinstance(item, BadRecord)]
    assert [item.place for item in bad] == [f"{file}, line {number}" for number in (2, 4, 5, 6, 7)]
    reasons = ("isn't JSON", "found a list", "far longer", "'id' is a list", "isn't JSON")
    assert all(reason in item.reason for reason, item in zip(reasons, bad, strict=True))


@pytest.mark.parametrize(
    "lines",
    [
        b'{"text": "One."},\n{"text": "Caf\xc3\xa9."},\n',
        b'{"text": "One."}{"text": "Caf\xc3\xa9."}',
        b'{"text": "One."}, {"text": "Caf\xc3\xa9."}\n',
        b'\x1e{"text": "One."}\n\x1e{"text": "Caf\xc3\xa9."}\n',
        b'[{"text": "One."}]\n[{"text": "Caf\xc3\xa9."}]\n',
        b'[{"text": "One."}, {"text": "Caf\xc3\xa9."}]\n',
        b'{"text": "One."}\n[{"text": "Caf\xc3\xa9."}]\n[]\n',
        b'{"text": "One."}\n{"text": "Caf\xe9."}\n\0\0\0\0',
        b'\xef\xbb\xbf\n{"text": "One."}\n\xef\xbb\xbf{"text": "Caf\xc3\xa9."}\n',
    ],
)
def test_lines_as_programs_write_and_join_them(tmp_path: Path, lines: bytes) -> None:
    (tmp_path / "feed.jsonl").write_bytes(lines)
    found = list(read_records(tmp_path / "feed.jsonl"))
    assert [one.text for one in found if isinstance(one, Record)] == ["One.", "Caf\u00e9."]
    assert len(found) == 2


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.jsonl.zst", "a.parquet"])
def test_a_file_cut_off_gives_what_can_be_read_and_says_so(tmp_path: Path, name: str) -> None:
    if not name.endswith(".gz"):
        pytest.importorskip("pyarrow")
    file = write(tmp_path / name, ROWS)
    file.write_bytes(file.read_bytes()[:-2000])
    write(tmp_path / "b.jsonl", ROWS[:1])
    *_, bad, whole = read_records(tmp_path)
    assert isinstance(bad, BadRecord)
    assert "the rest cannot be read" in bad.reason
    assert isinstance(whole, Record)


def test_a_missing_file_is_a_bad_record(tmp_path: Path) -> None:
    (bad,) = read_records(tmp_path / "nowhere.jsonl")
    assert isinstance(bad, BadRecord)
    assert "there is no such file" in bad.reason


def test_fields_may_go_under_other_names(tmp_path: Path) -> None:
    row = {"body": "It rained.", "published": "kept as it is", "when": date(2026, 1, 5), "text": ["not", "this"]}
    file = tmp_path / "feed.jsonl"
    file.write_text(json.dumps({**row, "when": row["when"].isoformat()}), "utf-8")
    (record,) = read_records(file, {"text": "body", "published": "when"})
    assert isinstance(record, Record)
    assert (record.text, record.published) == ("It rained.", "2026-01-05")
    assert record.other == {"published": "kept as it is", "text": ["not", "this"]}


@pytest.mark.parametrize("name", ["feed.jsonl", "feed.parquet"])
@pytest.mark.parametrize(
    "fields",
    [{"text": ["It rained.", "It stopped."]}, {"text": " ", "html": "<p>It rained.</p><p>It stopped.</p>"}],
)
def test_a_text_in_paragraphs_or_under_another_name(tmp_path: Path, name: str, fields: dict[str, object]) -> None:
    pytest.importorskip("pyarrow")
    (record,) = read_records(write(tmp_path / name, [fields]))
    assert isinstance(record, Record) and record.text.split() == ["It", "rained.", "It", "stopped."]


def test_types_that_only_parquet_has_are_kept(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    when = datetime(2026, 1, 5, 6, 7, tzinfo=UTC)
    row = {"id": 5, "text": "It rained.", "published": when, "seen": when, "raw": b"\x01a", "tags": ["a"]}
    with Archive.create(tmp_path / "news") as archive:
        archive.add(write(tmp_path / "a.parquet", [row]))
        record = archive.record("5")
    assert record is not None
    assert record.published == "2026-01-05T06:07:00+00:00"
    assert record.other == {"seen": "2026-01-05T06:07:00+00:00", "raw": "\x01a", "tags": ["a"]}


@pytest.mark.parametrize("name", ["a.parquet", "a.jsonl.zst"])
def test_without_pyarrow_it_says_what_to_install(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / name).write_bytes(b"PAR1" if name.endswith("parquet") else b"\x28\xb5\x2f\xfd")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtra, match=r"pip install 'spindetect\[parquet\]'"):
        list(read_records(tmp_path / name))


@pytest.mark.parametrize("depth", [101, 500, 990, 5_000, 200_000])
def test_fields_nested_too_deep_are_one_bad_record(tmp_path: Path, depth: int) -> None:
    file = tmp_path / "feed.jsonl"
    line = '{{"text": "It rained.", "more": {}}}\n'
    file.write_text(line.format("[" * depth + "]" * depth) + line.format("[" * 99 + "]" * 99))
    bad, good = read_records(file)
    assert str(bad) == f"{file}, line 1: its fields are nested more than 100 deep, which no article's are."
    assert isinstance(good, Record) and unpack(pack(good, keep_text=True)).other == good.other


def test_the_reason_of_a_line_that_is_no_json_is_the_same_on_every_python(tmp_path: Path) -> None:
    file = tmp_path / "feed.jsonl"
    file.write_text('{"text": "It rained.",}\nnull\n')
    trailing, none = read_records(file)
    assert str(trailing).endswith("line 1: it isn't JSON. Each line must be an object with an article's fields.")
    assert "found a NoneType" in str(none)


@pytest.mark.parametrize("name", ["feed.jsonl", "feed.jsonl.gz", "feed.jsonl.zst"])
def test_articles_of_a_large_file_are_estimated_from_its_beginning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    write(tmp_path / name, [{"text": story(number)} for number in range(4000)])
    assert count_records(tmp_path / name) == 4000
    monkeypatch.setattr(feeds, "_SAMPLE", 2 << 20)
    assert 3200 < count_records(tmp_path / name) < 4800  # decompressing reads ahead
    (tmp_path / name).write_bytes(b"")
    assert count_records(tmp_path / name) == 0
