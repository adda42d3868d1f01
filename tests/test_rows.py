"""From a row to its report; the forms of rows and reports; the texts in the report."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import samples
from stories import story
from test_crawls import crawl

from spindetect import Detector
from spindetect.commands.rows import result_of_row
from spindetect.errors import SpindetectError
from spindetect.read.generated import REPORTS as REPORTS_LIST
from spindetect.read.generated import noted_reports
from spindetect.scan.reports import _name, make_folder, write_index
from spindetect.scan.rows import COLUMNS, ROW_VERSION
from spindetect.scan.scanning import scan
from spindetect.settings import Settings

PACKAGE = Path(__file__).parents[1] / "spindetect"
DATA = Path(__file__).parents[1] / "data"
REPORTS = json.loads((PACKAGE / "report" / "report.schema.json").read_text("utf-8"))


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "spindetect", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an archive of two originals, a feed of three suspects, and the rows on them in two forms."""
    folder = tmp_path_factory.mktemp("scanned")
    names = ("harbor", "battery")
    with (folder / "sources.jsonl").open("w", encoding="utf-8") as stream:
        for name in names:
            text = (DATA / name / "original.txt").read_text("utf-8")
            stream.write(json.dumps({"id": f"https://{name}.example/a:1", "title": name, "text": text}) + "\n")
    with (folder / "feed.jsonl").open("w", encoding="utf-8") as stream:
        for id, text in [
            *((f"copy:{name}", (DATA / name / "spun.txt").read_text("utf-8")) for name in names),
            ("other", story(3)),
        ]:
            stream.write(json.dumps({"id": id, "text": text}) + "\n")
    assert run("archive", "add", folder / "archive", folder / "sources.jsonl").returncode == 0
    for name in ("rows.jsonl", "rows.parquet"):
        scan(
            folder / "feed.jsonl",
            folder / name,
            [folder / "archive"],
            jobs=1,
            report_dir=folder / "reports",
            report_at={"score": 50.0},
        )
    return folder


def rows(folder: Path) -> list[Mapping[str, Any]]:
    return [json.loads(line) for line in (folder / "rows.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.slow
def row_schema() -> dict[str, Any]:
    """The form of a row as JSON Schema; in Parquet, lists are strings of JSON."""
    types = {"integer": ["integer", "null"], "number": ["number", "null"], "string": ["string", "null"]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:spindetect:row:{ROW_VERSION}",
        "title": "spindetect row",
        "version": ROW_VERSION,
        "description": "A row of what `spindetect scan` writes: a line of JSON, or a row in Parquet, where lists "
        "are strings of JSON. Further columns may be added; none of these may change meaning.",
        "type": "object",
        "required": [name for name in COLUMNS if name not in ("cluster", "original", "original_reason")],
        "properties": {
            name: {"type": "array"} if kind == "list" else {"type": types[kind]} for name, kind in COLUMNS.items()
        },
    }


def test_rows_are_of_the_form_that_is_published(scanned: Path) -> None:
    path = PACKAGE / "scan" / "row.schema.json"
    if os.environ.get("UPDATE_GOLDEN"):  # raise ROW_VERSION as well if a column changed its meaning
        path.write_text(json.dumps(row_schema(), indent=2) + "\n", encoding="utf-8")
    published = json.loads(path.read_text("utf-8"))
    assert published == row_schema(), "a column was added: run this with UPDATE_GOLDEN=1"
    for row in rows(scanned):
        jsonschema.validate(row, published)


@pytest.mark.parametrize("form", ["report", "row"])
def test_the_forms_are_printed_with_their_version(form: str) -> None:
    printed = json.loads(run("schema", form).stdout)
    assert printed["$id"] == f"urn:spindetect:{form}:{printed['version']}"
    jsonschema.Draft202012Validator.check_schema(printed)


@pytest.mark.slow
def test_articles_over_the_limit_have_a_report_that_the_row_names(scanned: Path) -> None:
    assert [row["report"] for row in rows(scanned)] == ["00000001.html", "00000002.html", None]
    written = ["00000001.html", "00000002.html", "index.html"]
    assert sorted(path.name for path in (scanned / "reports").iterdir()) == [REPORTS_LIST, *written]
    assert sorted(noted_reports(scanned / "reports")) == written
    assert "<!DOCTYPE html>" in (scanned / "reports" / "00000001.html").read_text("utf-8")[:100]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["rows.jsonl", "rows.parquet"])
def test_a_row_leads_back_to_its_result(scanned: Path, name: str) -> None:
    for row in rows(scanned)[:2]:
        result = result_of_row(f"{scanned / name}:{row['id']}", None, [], [], Settings())
        report = result.to_dict()
        assert (report["score"], report["reuse"], report["signature"]) == (
            row["score"],
            row["reuse"],
            row["signature"],
        )
        assert result.candidates[0].id == row["source_id"]


@pytest.mark.slow
def test_an_index_leads_to_the_reports_of_a_scan(scanned: Path, tmp_path: Path, monkeypatch: Any) -> None:
    page = (scanned / "reports" / "index.html").read_text("utf-8")
    reported = sorted(rows(scanned)[:2], key=lambda row: (-round(row["reuse"] / 10), -row["score"], row["title"]))
    assert re.findall(r'<a href="([^"]+)">([^<]+)</a>', page) == [(row["report"], row["title"]) for row in reported]
    assert "copy:battery against battery (https://battery.example/a:1)" in page
    assert f"{rows(scanned)[0]['substitutions']}<span class=" in page
    titled = {"id": "news/a/spun.md", "title": "Talks resume"}
    assert _name(titled) == "Talks resume (spun.md)"
    (tmp_path / "index.html").write_text("<p>mine", encoding="utf-8")
    with pytest.raises(SpindetectError, match=r"index.html is there already and wasn't made by spindetect"):
        make_folder(tmp_path)
    monkeypatch.setattr("spindetect.scan.reports._MOST", 1)
    (tmp_path / "more").mkdir()
    for row in reported:
        shutil.copy(scanned / "reports" / row["report"], tmp_path / "more")
    write_index(tmp_path / "more", rows(scanned))
    page = (tmp_path / "more" / "index.html").read_text("utf-8")
    assert "These are the surest 1 of 2; the rows of the scan name all of them." in page
    assert re.findall(r'<a href="([^"]+)">', page) == [reported[0]["report"]]


@pytest.mark.slow
def test_a_row_of_a_crawl_leads_to_its_page_by_its_place(tmp_path: Path) -> None:
    path = crawl(tmp_path / "a.warc.gz", 3)
    scan(path, tmp_path / "rows.jsonl", jobs=1)
    found = result_of_row(f"{tmp_path / 'rows.jsonl'}:https://news.example/2", None, [], [], Settings())
    assert found.suspect.article.name == "Story 2 (https://news.example/2)"
    assert story(2).split(". ")[0] in found.suspect.article.text


@pytest.mark.slow
def test_what_is_no_row_or_lies_no_longer_there_is_said(scanned: Path, tmp_path: Path) -> None:
    with pytest.raises(SpindetectError, match="no row with the id"):
        result_of_row(f"{scanned / 'rows.jsonl'}:nobody", None, [], [], Settings())
    with pytest.raises(SpindetectError, match="names no row"):
        result_of_row("nothing.jsonl:1", None, [], [], Settings())
    (tmp_path / "feed.jsonl").write_text('{"id": "x", "text": "another"}\n', encoding="utf-8")
    with pytest.raises(SpindetectError, match="isn't where it was"):
        result_of_row(f"{scanned / 'rows.jsonl'}:other", str(tmp_path / "feed.jsonl"), [], [], Settings())


@pytest.mark.slow
def test_the_commands_take_an_archive_and_a_row(scanned: Path, tmp_path: Path) -> None:
    shown = run("archive", "show", scanned / "archive", "https://harbor.example/a:1")
    assert shown.returncode == 0 and shown.stdout.startswith("id: https://harbor.example/a:1\ntitle: harbor\n")
    assert (DATA / "harbor" / "original.txt").read_text("utf-8").split("\n")[0] in shown.stdout
    assert run("archive", "show", scanned / "archive", "nobody").returncode == 2
    suspect = DATA / "harbor" / "spun.txt"
    compared = run("compare", suspect, "--archive", scanned / "archive", "--format", "json", "--with-text")
    report = json.loads(compared.stdout)
    jsonschema.validate(report, REPORTS)
    assert report["candidates"][0]["id"] == "https://harbor.example/a:1"
    page = tmp_path / "page.html"
    row = f"{scanned / 'rows.jsonl'}:copy:harbor"
    assert run("report", "--row", row, "-o", page).returncode == 0
    assert "harbor" in page.read_text("utf-8")
    assert run("report", suspect, "--row", row, "-o", page).returncode == 2
    assert run("report", suspect, "--archive", scanned / "archive", "-o", tmp_path / "other.html").returncode == 0


def test_spans_are_of_the_text_in_the_report() -> None:
    report = Detector.load().compare(DATA / "harbor" / "original.html", DATA / "harbor" / "original.txt")
    given = report.to_dict(with_text=True)
    jsonschema.validate(given, REPORTS)
    assert "text" not in report.to_dict()["suspect"]
    assert given["suspect"]["dated_by"] == "article:published_time"
    for side in ("suspect", "reference"):
        text = given[side]["text"]
        assert len(text) == given[side]["characters"]
        for item in given["substitutions"]:
            assert text[item[side]["start"] : item[side]["end"]] == item[side]["text"]


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_spans_of_a_document_slice_the_text_and_name_its_page(tmp_path: Path, form: str) -> None:
    suspect = tmp_path / f"story.{form}"
    suspect.write_bytes(samples.pdf() if form == "pdf" else samples.docx())
    reference = samples.TEXT.replace("will close", "is to shut").replace("About 230 people", "Some 230 persons")
    result = Detector.load().compare(suspect, reference)
    given = result.to_dict(with_text=True)
    assert given["substitutions"]
    for item in given["substitutions"]:
        phrase = item["suspect"]
        assert given["suspect"]["text"][phrase["start"] : phrase["end"]] == phrase["text"]
        assert phrase.get("page") == result.suspect.article.page(phrase["start"])
    assert {item["suspect"].get("page") for item in given["substitutions"]} == ({1, 2} if form == "pdf" else {None})
    assert ("page 1 of the suspect" in result.to_html()) == (form == "pdf")
