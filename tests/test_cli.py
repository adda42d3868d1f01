"""The command line: what it writes, where, and its exit codes."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import MISSING, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast, get_type_hints

import jsonschema
import pytest
from factory import comparison, document, spun_comparison, with_names
from typer.testing import CliRunner, Result

from spindetect import __version__
from spindetect.cli import app
from spindetect.commands import streams
from spindetect.commands.progress import worth_a_bar
from spindetect.commands.score import Tally, best_matches
from spindetect.commands.streams import open_output, output_width, use_color
from spindetect.commands.training import train
from spindetect.errors import MissingExtra, SpindetectError, UnreadableArticle
from spindetect.findings import Direction
from spindetect.kinds import KINDS
from spindetect.read.folders import expected_endings, list_folder
from spindetect.records import Article
from spindetect.report.tables import as_table
from spindetect.results import Comparison
from spindetect.retrieve.searching import Match, best_of

if TYPE_CHECKING:
    from spindetect.detector import Detector

ROOT = Path(__file__).parents[1]
HARBOR = ROOT / "data" / "harbor"
ORIGINAL, SPUN, EDITED, INDEPENDENT = (
    str(HARBOR / f"{name}.txt") for name in ("original", "spun", "edited", "independent")
)
SCHEMA = json.loads((ROOT / "spindetect" / "report" / "report.schema.json").read_text(encoding="utf-8"))


def run(*arguments: str, input: bytes | None = None) -> Result:
    """Run the command line in this process."""
    return CliRunner().invoke(app, list(arguments), input=input)


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run this Python in a process of its own."""
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, cwd=ROOT)


# --- help and version: what must be fast ----------------------------------------


def test_version_and_help() -> None:
    assert run("--version").stdout == f"spindetect {__version__}\n"
    for command in ("score", "compare", "report", "train", "evaluate"):
        assert command in run("--help").stdout
        assert run(command, "--help").exit_code == 0
    assert "pip install 'spindetect[train]'" in run("train", "--help").stdout


@pytest.mark.parametrize(
    "number, said",
    [
        (errno.EROFS, "/o.jsonl: the file system is read-only."),
        (errno.EDQUOT, "quota"),
        (errno.EMFILE, "ulimit -n"),
    ],
)
def test_what_the_system_refuses_is_told_apart(monkeypatch: pytest.MonkeyPatch, number: int, said: str) -> None:
    def refuse(options: object) -> int:
        raise OSError(number, "no", "/o.jsonl")

    monkeypatch.setattr("spindetect.commands.score.score", refuse)
    result = run("score", "a.txt")
    assert result.exit_code == 2 and "cannot use /o.jsonl" in result.stderr and said in result.stderr


def test_help_imports_nothing_heavy() -> None:
    slow = "{'numpy', 'spacy', 'rich', 'trafilatura', 'sklearn', 'jinja2', 'spindetect.records'}"
    code = f"import spindetect.cli, sys; sys.exit(str({slow} & set(sys.modules)))"
    assert python("-c", code).stderr == "set()\n"


def test_a_scans_settings_are_keywords_and_options_with_the_same_defaults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A setting of `ScanSettings` that one of both lacks, or has with another type or default, fails here."""
    from spindetect.commands.options.scan import ScanOptions
    from spindetect.memory import MEGABYTE
    from spindetect.scan import scanning
    from spindetect.scan.plan import Plan, ScanKeywords, ScanSettings

    declared, keywords = get_type_hints(ScanSettings), get_type_hints(ScanKeywords)
    assert list(keywords) == list(declared)
    wider = {"ignore", "columns", "settings", "report_dir", "report_at"}
    assert {name for name in declared if declared[name] != keywords[name]} == wider
    defaults = {one.name: one.default for one in fields(ScanSettings) if one.default is not MISSING}
    options = {one.name: one.default for one in fields(ScanOptions)}
    assert declared.keys() - options.keys() == {"part"}
    options["memory_limit"] *= MEGABYTE
    shared = defaults.keys() - {"part", "ignore"}
    assert {name: options[name] for name in shared} == {name: defaults[name] for name in shared}

    plans: list[Plan] = []

    def carried_out(plan: Plan, way: object) -> scanning.Summary:
        plans.append(plan)
        return scanning.Summary()

    monkeypatch.setattr(scanning, "_carried_out", carried_out)
    (tmp_path / "feed.txt").write_text("A text.", encoding="utf-8")
    given = (
        f"--archive {tmp_path} --alone --candidates 3 --ignore a.txt --field text=body"
        f" --report-dir {tmp_path / 'r'} --report-at 40 --cluster-at 0.4 --time-limit 0 --memory-limit 100"
        " --rows-per-file 7 --model x --self"
    )
    assert run("scan", str(tmp_path / "feed.txt"), "-o", str(tmp_path / "o.jsonl"), *given.split()).exit_code == 0
    untouched = Plan(plans[0].source, plans[0].out, (tmp_path,))
    assert {name for name in declared if getattr(plans[0], name) == getattr(untouched, name)} == {"part", "spread"}
    assert (plans[0].time_limit, plans[0].memory_limit, plans[0].ignore) == (None, 100 * MEGABYTE, (Path("a.txt"),))


def test_module_runs_as_the_command() -> None:
    assert python("-m", "spindetect", "--version").stdout == f"spindetect {__version__}\n"


def test_wrong_usage_exits_with_2() -> None:
    assert run("score").exit_code == 2
    assert run("score", SPUN, "--reference", ORIGINAL, "--format", "xml").exit_code == 2
    assert run("score", SPUN, "--reference", ORIGINAL, "--fail-at", "101").exit_code == 2
    assert run("compare").exit_code == 2
    assert run("compare", SPUN, "--kinds", "name").exit_code == 2
    assert run("report", SPUN).exit_code == 2  # nowhere to write to


# --- score ----------------------------------------------------------------------


def test_score_prints_a_table() -> None:
    result = run("score", SPUN, EDITED, "--reference", ORIGINAL)
    lines = [line for line in result.stdout.splitlines() if "warning:" not in line]
    heading, spun, told, *more, edited = lines
    assert (result.exit_code, result.stderr) == (0, "")
    assert told.startswith("       the suspect is the copy: ") and max(map(len, [told, *more])) <= 80
    assert all(line.startswith(9 * " ") for line in more)
    assert heading.split() == ["score", "reuse", "verdict", "coverage", "substitutions", "file"]
    assert spun.split()[2] == "spun"
    assert [spun.split()[-1], edited.split()[-1]] == [SPUN, EDITED]
    assert float(spun.split()[0]) > float(edited.split()[0])


def test_score_json_follows_the_schema() -> None:
    reports = json.loads(run("score", SPUN, "--reference", ORIGINAL, "--format", "json").stdout)
    assert len(reports) == 1
    jsonschema.validate(reports[0], SCHEMA)
    assert reports[0]["suspect"]["name"] == SPUN
    text = Path(SPUN).read_text(encoding="utf-8")
    for item in reports[0]["substitutions"]:
        assert text[item["suspect"]["start"] : item["suspect"]["end"]] == item["suspect"]["text"]


def test_score_jsonl_and_csv_agree() -> None:
    arguments = ("score", SPUN, INDEPENDENT, "--reference", ORIGINAL, "--format")
    lines = [json.loads(line) for line in run(*arguments, "jsonl").stdout.splitlines()]
    rows = list(csv.DictReader(io.StringIO(run(*arguments, "csv").stdout)))
    assert len(rows) == 2
    assert [row["verdict"] for row in rows] == [line["verdict"] for line in lines]
    assert [float(row["score"]) for row in rows] == [round(line["score"], 2) for line in lines]


def test_a_folder_stands_for_the_articles_in_it() -> None:
    result = run("score", str(HARBOR), "--reference", ORIGINAL, "--format", "jsonl")
    names = [json.loads(line)["suspect"]["name"] for line in result.stdout.splitlines()]
    assert names == sorted(names)
    assert {SPUN, EDITED, INDEPENDENT} <= set(names)
    assert result.exit_code == 0


def test_reports_in_the_folder_are_not_scored_again(tmp_path: Path) -> None:
    (tmp_path / "spun.txt").write_bytes(Path(SPUN).read_bytes())
    arguments = ("score", str(tmp_path), "--reference", ORIGINAL, "--report-dir", str(tmp_path / "reports"))
    first, second = run(*arguments), run(*arguments)
    assert (second.stdout, second.exit_code) == (first.stdout, 0)
    assert len(list_folder(tmp_path).files) == 1
    assert first.stderr == ""
    assert second.stderr == f"spindetect: left out in {tmp_path}: 2 of spindetect's own reports.\n"
    page = tmp_path / "reports" / "page.html"
    page.write_text("<p>Another's page is an article.</p>")
    assert page in list_folder(tmp_path).files


def test_several_references_give_the_best_match() -> None:
    result = run("score", SPUN, "--reference", INDEPENDENT, "--reference", ORIGINAL)
    assert f"{SPUN}  (best match: {ORIGINAL})" in result.stdout
    report = json.loads(
        run("score", SPUN, "--reference", INDEPENDENT, "--reference", ORIGINAL, "--format", "jsonl").stdout
    )
    assert report["reference"]["name"] == ORIGINAL


def test_standard_input_on_either_side() -> None:
    text = Path(SPUN).read_bytes()
    result = run("score", "-", "--reference", ORIGINAL, "--format", "jsonl", input=text)
    assert json.loads(result.stdout)["suspect"]["name"] == "-"
    result = run("score", EDITED, "--reference", "-", "--format", "jsonl", input=text)
    assert json.loads(result.stdout)["reference"]["name"] == "-"


def test_standard_input_twice_is_refused() -> None:
    for arguments in (
        ("score", "-", "--reference", "-"),
        ("compare", "-", "-"),
        ("compare", "-", ORIGINAL, "--ignore", "-"),
        ("compare", SPUN, ORIGINAL, "--ignore", "-", "--ignore", "-"),
    ):
        result = run(*arguments, input=b"text")
        assert result.exit_code == 2
        assert "can be read only once" in result.stderr


def test_candidates_need_an_archive() -> None:
    result = run("score", SPUN, "--reference", ORIGINAL, "--candidates", "3")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--candidates is for --archive" in result.stderr


def test_a_wrong_archive_leaves_no_folder_of_reports(tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    result = run("score", SPUN, "--archive", str(tmp_path / "nosuch"), "--report-dir", str(folder))
    assert result.exit_code == 2
    assert "nosuch" in result.stderr
    assert not folder.exists()


@pytest.mark.slow
def test_jobs_change_nothing() -> None:
    arguments = ("score", str(HARBOR), "--reference", ORIGINAL, "--format", "csv")
    alone = run(*arguments).stdout
    assert len(alone.splitlines()) > 5
    assert run(*arguments, "--jobs", "2").stdout == alone


def test_fail_at_exits_with_1_when_reached() -> None:
    reached = run("score", SPUN, EDITED, "--reference", ORIGINAL, "--fail-at", "60")
    rows = [line for line in reached.stdout.splitlines() if not line.startswith(9 * " ")]
    assert (reached.exit_code, len(rows)) == (1, 4)  # one says which is the copy
    assert run("score", INDEPENDENT, "--reference", ORIGINAL, "--fail-at", "60").exit_code == 0


def test_an_unreadable_suspect_is_reported_and_the_others_scored(tmp_path: Path) -> None:
    missing = str(tmp_path / "missing.txt")
    result = run("score", missing, SPUN, "--reference", ORIGINAL, "--format", "csv", "--fail-at", "0")
    assert result.exit_code == 2  # wins over 1: the answer is incomplete
    assert result.stderr.startswith("spindetect: ")
    assert missing in result.stderr
    assert [row["suspect"] for row in csv.DictReader(io.StringIO(result.stdout))] == [SPUN]


def test_an_unreadable_reference_is_reported_once(tmp_path: Path) -> None:
    missing = str(tmp_path / "missing.txt")
    result = run("score", SPUN, EDITED, "--reference", missing, "--reference", ORIGINAL)
    assert result.exit_code == 2
    assert result.stderr.count(missing) == 1
    assert SPUN in result.stdout
    alone = run("score", SPUN, "--reference", missing)
    assert (alone.exit_code, alone.stdout) == (2, "")


def test_an_empty_folder_is_reported(tmp_path: Path) -> None:
    result = run("score", str(tmp_path), "--reference", ORIGINAL)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (f"spindetect: no articles in {tmp_path}: {expected_endings()}. Name another folder.\n")


@pytest.mark.parametrize(
    "arguments", [["score", ""], ["score", SPUN, "--reference", ""], ["compare", "", ORIGINAL]]
)
def test_an_empty_argument_is_no_folder(arguments: list[str]) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "an argument is empty" in result.stderr


def test_an_unknown_model_is_one_line_not_a_traceback() -> None:
    result = run("score", SPUN, "--reference", ORIGINAL, "--model", "/nowhere")
    assert result.exit_code == 2
    assert result.stderr.startswith("spindetect: ")
    assert result.stderr.count("\n") == 1


def test_output_goes_to_a_file(tmp_path: Path) -> None:
    file = tmp_path / "results.json"
    result = run("score", SPUN, "--reference", ORIGINAL, "--format", "json", "--output", str(file))
    assert (result.exit_code, result.stdout) == (0, "")
    jsonschema.validate(json.loads(file.read_text(encoding="utf-8"))[0], SCHEMA)


@pytest.mark.parametrize("format", ["table", "json", "jsonl", "csv"])
def test_scores_take_the_place_of_scores_and_of_nothing_else(tmp_path: Path, format: str) -> None:
    file = tmp_path / "results"
    command = ("score", SPUN, "--reference", ORIGINAL, "--format", format, "--output", str(file))
    assert run(*command).exit_code == 0
    written = file.read_text("utf-8")
    assert run(*command).exit_code == 0 and file.read_text("utf-8") == written
    file.write_text("score of the match: 2 to 1\n", encoding="utf-8")
    refused = run(*command)
    assert refused.exit_code == 2
    assert "results is there already and doesn't hold scores of spindetect's" in refused.stderr
    assert file.read_text("utf-8") == "score of the match: 2 to 1\n"
    assert run(*command, "--force").exit_code == 0
    assert file.read_text("utf-8") == written


@pytest.mark.parametrize("more", [[], ["--force"]])
@pytest.mark.parametrize("place", ["suspect", "--reference", "--ignore"])
def test_scores_do_not_take_the_place_of_an_article(tmp_path: Path, place: str, more: list[str]) -> None:
    article = tmp_path / "article.txt"
    article.write_text("The mill was sold.", encoding="utf-8")
    given = [str(article)] if place == "suspect" else [SPUN, place, str(article)]
    assert run("score", *given, "--output", str(article), *more).exit_code == 2
    assert article.read_text("utf-8") == "The mill was sold."


@pytest.mark.slow
def test_a_reader_who_leaves_is_no_error() -> None:
    command = [sys.executable, "-m", "spindetect", "score", *[SPUN] * 30, "--reference", ORIGINAL]
    process = subprocess.Popen([*command, "--format", "json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout and process.stderr
    process.stdout.close()
    with process.stderr as stderr:
        assert stderr.read() == b""
    assert process.wait() == 141


@pytest.mark.slow
@pytest.mark.parametrize("command", ["score", "compare"])
def test_a_closed_standard_output_is_no_error(command: str) -> None:
    given = [SPUN, "--reference", ORIGINAL, "--fail-at", "50"] if command == "score" else [SPUN, ORIGINAL]
    closed = ["sh", "-c", 'exec "$@" >&-', "sh", sys.executable, "-m", "spindetect", command, *given]
    process = subprocess.run(closed, capture_output=True, check=False)
    assert (process.returncode, process.stderr) == (int(command == "score"), b"")


# --- compare --------------------------------------------------------------------


def test_compare_shows_both_sides_and_the_reasons() -> None:
    result = run("compare", SPUN, ORIGINAL)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "\x1b" not in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80
    flat = " ".join(result.stdout.split())
    assert flat.index("green light → inexperienced mild") < flat.index("why the score is")


def test_compare_width_and_colour() -> None:
    result = run("compare", SPUN, ORIGINAL, "--width", "60", "--color", "always")
    assert "\x1b[" in result.stdout
    plain = run("compare", SPUN, ORIGINAL, "--width", "60", "--color", "never").stdout
    assert max(map(len, plain.splitlines())) <= 60


def test_compare_is_side_by_side_when_wide() -> None:
    wide = run("compare", SPUN, ORIGINAL, "--width", "120").stdout
    assert " │ suspect " in wide and max(map(len, wide.splitlines())) <= 120
    assert " │ " not in run("compare", SPUN, ORIGINAL, "--width", "99").stdout


def test_compare_shows_only_the_kinds_asked_for() -> None:
    result = run("compare", SPUN, ORIGINAL, "--kinds", "name, term", "--only-changed")
    marked = set(re.findall(r"\]\{(?:quoted )?(\w+)", result.stdout.split("──", 1)[1]))
    assert (result.exit_code, marked) == (0, {"name", "term"})
    assert "not shown" in result.stdout


def test_compare_help_lists_the_kinds() -> None:
    said = " ".join(run("compare", "--help").stdout.split())
    assert f"{', '.join(KINDS)}; several as name,term" in said


def test_compare_refuses_unknown_kinds_and_a_selected_json_report() -> None:
    result = run("compare", SPUN, ORIGINAL, "--kinds", "name,verb")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "'verb' is no kind of substitution. Give one or more of name, term" in result.stderr
    result = run("compare", SPUN, ORIGINAL, "--format", "json", "--only-changed")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "a JSON report has it all" in result.stderr


def test_compare_json_is_the_full_report() -> None:
    report = json.loads(run("compare", SPUN, ORIGINAL, "--format", "json").stdout)
    jsonschema.validate(report, SCHEMA)
    assert {"contributions", "features", "intercept"} <= set(report)


def test_compare_with_a_missing_file(tmp_path: Path) -> None:
    result = run("compare", str(tmp_path / "missing.txt"), ORIGINAL)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "missing.txt" in result.stderr


# --- train and evaluate ---------------------------------------------------------


def test_training_without_scikit_learn_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(MissingExtra, match="scikit-learn, which isn't installed"):
        train(tmp_path, tmp_path, 0)
    for command in ("train", "evaluate"):
        result = run(command, "--corpora", str(tmp_path), "--output", str(tmp_path / "out"))
        assert result.exit_code == 2
        assert "pip install 'spindetect[train]'" in result.stderr


# --- the parts, without a model -------------------------------------------------


class StubDetector:
    """Gives each pair of a suspect and a reference, known by their names, what a table says."""

    def __init__(self, results: dict[tuple[str, str], Comparison | SpindetectError]) -> None:
        self.results = results

    def compare_many(
        self, pairs: Iterable[tuple[Path, Article]], jobs: int = 1, ignore: Iterable[Path] = ()
    ) -> Iterator[object]:
        return (self.results[str(suspect), reference.name] for suspect, reference in pairs)


def matches_by(
    results: dict[tuple[str, str], Comparison | SpindetectError], suspects: str, references: str
) -> Iterator[Match]:
    """The best matches of suspects and references with names of one letter."""
    detector = cast("Detector", StubDetector(results))
    articles = [Article("", name) for name in references]
    return best_matches(detector, [Path(name) for name in suspects], articles, jobs=1)


def test_best_match_keeps_most_of_the_words_then_the_score_decides() -> None:
    weak, strong = (comparison(document("A."), document("B."), nats=(nats,)) for nats in (0.0, 2.0))
    covered, nearly = replace(weak, coverage=0.9), replace(strong, coverage=0.897)
    assert best_of([replace(strong, coverage=0.5), covered]) is covered
    assert best_of([covered, nearly]) is nearly  # within a hundredth of each other: the score decides
    copy_of_it = replace(strong, coverage=1.0, features={**strong.features, "kept_words": 0.6})
    assert best_of([copy_of_it, covered]) is covered  # another copy covers more, and shares fewer words
    assert best_of([covered, replace(covered)]) is covered
    assert best_of([]) is None


def test_matches_come_in_order_with_their_errors() -> None:
    made, error = spun_comparison(), UnreadableArticle("cannot read b: gone.")
    better = replace(made, coverage=1.0)
    matches = list(
        matches_by({("a", "x"): made, ("a", "y"): better, ("b", "x"): error, ("b", "y"): error}, "ab", "xy")
    )
    assert matches[0].best is better
    assert matches[0].errors == ()
    assert matches[1].best is None
    assert matches[1].errors == (error, error)


def test_tally_reports_each_failure_once_and_decides_the_exit_code(
    capsys: pytest.CaptureFixture[str],
) -> None:
    error = UnreadableArticle("cannot read \x1b[2J: gone.")
    made = spun_comparison()
    tally, steps = Tally({"score": 90.0}), list[int]()
    matches = matches_by({("a", "x"): made, ("b", "x"): error, ("b", "y"): error, ("a", "y"): made}, "ba", "xy")
    assert list(tally.count(matches, lambda: steps.append(1))) == [made]
    assert (tally.reached, tally.failed, tally.exit_code, len(steps)) == (True, True, 2, 2)
    assert capsys.readouterr().err == "spindetect: cannot read <U+001B>[2J: gone.\n"


@pytest.mark.parametrize(
    ("fail_at", "code"),
    [
        ({}, 0),
        ({"score": 95.0}, 1),
        ({"score": 96.0}, 0),
        ({"reuse": 80.0}, 1),
        ({"score": 96.0, "reuse": 99.9}, 0),
    ],
)
def test_exit_code_without_failures(fail_at: dict[str, float], code: int) -> None:
    tally = Tally(fail_at)
    list(tally.count(matches_by({("a", "x"): spun_comparison()}, "a", "x"), lambda: None))
    assert tally.exit_code == code


@pytest.mark.parametrize(("copy", "code"), [("suspect", 1), (None, 1), ("reference", 0)])
def test_a_suspect_whose_reference_is_the_copy_does_not_reach_the_limit(
    copy: Literal["suspect", "reference"] | None, code: int
) -> None:
    told = replace(spun_comparison(), direction=Direction(copy, "it was published later"))
    tally = Tally({"score": 50.0})
    assert list(tally.count([Match(told, ())], lambda: None)) == [told]
    assert tally.exit_code == code


def test_a_file_appears_only_when_complete(tmp_path: Path) -> None:
    file = tmp_path / "out.txt"
    file.write_text("before", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt), open_output(file) as write:
        write("half")
        raise KeyboardInterrupt
    assert file.read_text(encoding="utf-8") == "before"
    with open_output(file) as write:
        write("whole é \udcff")
        assert file.read_text(encoding="utf-8") == "before"
    assert file.read_text(encoding="utf-8") == "whole é \\udcff"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps permissions elsewhere")
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o444])
def test_a_file_that_is_replaced_keeps_its_permissions(tmp_path: Path, mode: int) -> None:
    scores, page = tmp_path / "scores.json", tmp_path / "page.html"
    commands = (
        ("score", SPUN, "--reference", ORIGINAL, "--format", "json", "--output", str(scores)),
        ("report", SPUN, ORIGINAL, "-o", str(page)),
    )
    for command, file in zip(commands, (scores, page), strict=True):
        assert run(*command).exit_code == 0
        file.chmod(mode)
        assert run(*command).exit_code == 0
        assert file.stat().st_mode & 0o777 == mode


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps permissions elsewhere")
def test_what_nobody_else_may_read_cannot_be_read_while_it_is_written(tmp_path: Path) -> None:
    file = tmp_path / "out.txt"
    file.touch(mode=0o600)
    with open_output(file) as write:
        write("secret")
        assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


def test_a_link_goes_on_being_one(tmp_path: Path) -> None:
    link, target = tmp_path / "link", tmp_path / "target"
    link.symlink_to(target)
    with open_output(link) as write:
        write("text")
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8") == "text"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes in folders on Windows")
def test_a_pipe_is_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with open_output(pipe) as write:
        write("text")
    assert os.read(reader, 100) == b"text"
    os.close(reader)
    assert pipe.is_fifo()


def test_an_output_that_cannot_be_written_is_an_error_with_advice(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing" / "out.txt"):
        with (
            pytest.raises(SpindetectError, match=r"cannot write .* Name a file in a folder"),
            open_output(path),
        ):
            pass


def test_held_output_comes_out_even_when_interrupted(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    with pytest.raises(KeyboardInterrupt), open_output(None, hold=True) as write:
        write("row\n")
        assert capfdbinary.readouterr().out == b""
        raise KeyboardInterrupt
    assert capfdbinary.readouterr().out == b"row\n"


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_colour_is_for_terminals_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert (use_color("auto"), use_color("always"), use_color("never")) == (False, True, False)
    monkeypatch.setattr(sys, "stdout", Terminal())
    assert (use_color("auto"), use_color("never")) == (True, False)
    monkeypatch.setenv("NO_COLOR", "1")
    assert (use_color("auto"), use_color("always")) == (False, True)


def test_width_is_the_terminals_up_to_a_readable_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "72")
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert output_width() == streams.PIPED_WIDTH
    monkeypatch.setattr(sys, "stdout", Terminal())
    assert output_width() == 72
    monkeypatch.setenv("COLUMNS", "250")
    assert output_width() == streams.WIDEST


def test_a_bar_is_for_much_to_do_and_a_person_watching(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    assert (worth_a_bar(3), worth_a_bar(300)) == (False, True)
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert not worth_a_bar(300)


def test_names_with_control_characters_are_harmless_in_a_table() -> None:
    table = "".join(as_table([with_names(spun_comparison(), "\x1b]0;x\x07.txt", "r.txt")]))
    assert table.splitlines()[1].endswith("<U+001B>]0;x<U+0007>.txt")
