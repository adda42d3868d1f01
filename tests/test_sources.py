"""Finding a suspect's source in an archive, what doesn't count as evidence, and which side is the copy."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import jsonschema
import pytest
from factory import spun_comparison
from stories import story
from typer.testing import CliRunner, Result

from spindetect import Archive, Detector
from spindetect.cli import app
from spindetect.errors import SpindetectError
from spindetect.read.article import read_article
from spindetect.read.times import parse_time
from spindetect.records import About, Article
from spindetect.results import Comparison
from spindetect.retrieve.direction import by_time, tell_direction, with_direction
from spindetect.retrieve.searching import NO_SOURCE, Search, match_many

ROOT = Path(__file__).parents[1]
DATA = ROOT / "data"
SCHEMA = json.loads((ROOT / "spindetect" / "report" / "report.schema.json").read_text(encoding="utf-8"))
BOILERPLATE = (
    "This agency was founded by the regional papers in 1921 to report from all provinces without fear or favour. "
    "Its articles may be printed by members only, and not before noon on the day after they were sent out. "
    "Questions about its work are answered by the office of the chief editor in the old granary at Lombarfen."
)


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector.load()


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """The three example originals and forty stories; in ten of them the agency speaks about itself."""
    with Archive.create(tmp_path_factory.mktemp("archive") / "news") as made:
        made.add(
            {"id": name, "title": f"The {name}", "published": published, "text": read_article(file).text}
            for name, published in (("harbor", "2025-11-13T18:42:00-04:00"), ("battery", None), ("heatwave", None))
            for file in [DATA / name / "original.txt"]
        )
        made.add(
            {"id": f"s{number}", "text": story(number) + (f"\n\n{BOILERPLATE}" if number < 10 else "")}
            for number in range(40)
        )
        yield made


# --- finding --------------------------------------------------------------------


@pytest.mark.parametrize("name", ["harbor", "battery", "heatwave"])
@pytest.mark.parametrize("kind", ["spun", "back_translated", "edited"])
def test_the_source_is_found_and_compared(detector: Detector, archive: Archive, name: str, kind: str) -> None:
    found = detector.find_sources(DATA / name / f"{kind}.txt", archive)
    alone = detector.compare(DATA / name / f"{kind}.txt", DATA / name / "original.txt")
    assert found.reference.article.name == f"The {name} ({name})"
    assert (found.score, found.verdict, found.coverage) == (alone.score, alone.verdict, alone.coverage)
    assert found.candidates[0].id == name
    jsonschema.validate(found.to_dict(), SCHEMA)


def test_no_candidates_cannot_be_asked_for(detector: Detector, archive: Archive) -> None:
    with pytest.raises(ValueError, match="candidates is 0, but must be at least 1"):
        detector.find_sources(story(3), archive, candidates=0)


def test_candidates_are_listed_best_first(detector: Detector, archive: Archive) -> None:
    both = read_article(DATA / "battery" / "spun.txt").text + "\n\n" + story(3)[:400]
    found = detector.find_sources(both, archive, candidates=3)
    assert [item.id for item in found.candidates[:2]] == ["battery", "s3"]
    assert len(found.candidates) == 4  # as s3 is an honest version of a part, one more was looked at
    coverages = [item.coverage for item in found.candidates]
    assert coverages == sorted(coverages, reverse=True)
    assert found.to_dict()["candidates"][0] == {
        "id": "battery",
        "title": "The battery",
        "url": None,
        "published": None,
        "outlet": None,
        "score": pytest.approx(found.score, abs=1e-4),
        "verdict": found.verdict,
        "coverage": pytest.approx(found.coverage, abs=1e-6),
        "reuse": pytest.approx(found.reuse, abs=1e-4),
    }


def test_without_any_source_it_says_so(detector: Detector, archive: Archive) -> None:
    found = detector.find_sources("Xyzzy plugh.", archive)
    assert (found.verdict, found.reference.article.name, found.candidates) == ("undecided", NO_SOURCE, ())
    assert "the archive has no article with words of the suspect" in found.warnings


def test_a_candidate_without_its_text_is_an_error_and_the_others_go_on(detector: Detector, tmp_path: Path) -> None:
    with Archive.create(tmp_path / "news") as archive:
        archive.add([{"id": "lost", "text": story(1)}], keep_texts=False)
        with pytest.raises(SpindetectError, match="keeps no text of 'lost'"):
            detector.find_sources(story(1), archive)
        archive.add([{"id": "kept", "text": story(2)}])
        match = Search(detector, archive).match(story(1) + story(2))
    assert match.best is not None
    assert [item.id for item in match.best.candidates] == ["kept"]
    assert [str(error).split(": ")[0] for error in match.errors] == [str(match.errors[0])]


@pytest.mark.slow
def test_processes_give_the_same_matches_in_order(detector: Detector, archive: Archive) -> None:
    suspects = [DATA / name / "spun.txt" for name in ("heatwave", "harbor", "battery")] + [Path("nowhere.txt")]
    search = Search(detector, archive, candidates=2)
    alone, spread = (list(match_many(search, suspects, jobs)) for jobs in (1, 2))
    assert [match.best and match.best.to_dict() for match in alone] == [
        match.best and match.best.to_dict() for match in spread
    ]
    assert [str(error) for error in alone[3].errors] == [str(error) for error in spread[3].errors] != []


# --- what everybody shares ------------------------------------------------------


def test_boilerplate_alone_covers_nothing(detector: Detector, archive: Archive) -> None:
    suspect = f"{story(60)}\n\n{BOILERPLATE}"
    found = detector.find_sources(suspect, archive)
    # what one made-up story has in common with another
    assert found.coverage == detector.compare(story(60), story(int(found.reference.article.name[1:]))).coverage
    assert [mark.kind for mark in found.suspect.article.marks] == ["ignored"] * 3
    assert {mark.reason for mark in found.reference.article.marks} == {"in 9 other stories of the archive"}
    assert any("3 sentences (58 words) are left out" in warning for warning in found.warnings)
    report = found.to_dict()
    assert [len(report["ignored"][side]) for side in ("suspect", "reference")] == [3, 3]
    assert report["suspect"]["furniture_sentences"] == 0
    jsonschema.validate(report, SCHEMA)


def test_boilerplate_does_not_hide_what_was_copied(detector: Detector, archive: Archive) -> None:
    found = detector.find_sources(f"{story(4)}\n\n{BOILERPLATE}", archive)
    assert (found.candidates[0].id, found.coverage, found.verdict) == ("s4", 1.0, "copied")
    assert found.suspect.ignored_count == found.reference.ignored_count == 3


def test_a_story_that_many_carry_is_no_boilerplate(detector: Detector, tmp_path: Path) -> None:
    with Archive.create(tmp_path / "news") as archive:
        archive.add({"id": f"paper{n}", "text": f"{story(4)}\n\nPrinted by paper number {n}."} for n in range(20))
        found = detector.find_sources(story(4), archive)
    assert (found.suspect.ignored_count, found.coverage, found.verdict) == (0, 1.0, "copied")


def test_passages_that_few_stories_share_count(detector: Detector, tmp_path: Path) -> None:
    with Archive.create(tmp_path / "news") as archive:
        archive.add({"id": f"s{n}", "text": f"{story(n)}\n\n{BOILERPLATE}"} for n in range(5))
        found = detector.find_sources(f"{story(60)}\n\n{BOILERPLATE}", archive)
    assert (found.suspect.ignored_count, found.coverage > 0.25) == (0, True)


def test_an_ignored_text_takes_no_part(detector: Detector) -> None:
    suspect, reference = f"{story(1)}\n\n{BOILERPLATE}", f"{story(2)}\n\n{BOILERPLATE}"
    with_it = detector.compare(suspect, reference)
    without = detector.compare(suspect, reference, ignore=[BOILERPLATE])
    apart = detector.compare(story(1), story(2))
    assert with_it.coverage > 0.25
    assert (without.score, without.coverage) == (apart.score, apart.coverage)
    assert (with_it.signature, without.signature.startswith(f"{apart.signature}|ignore:")) == (
        apart.signature,
        True,
    )
    warning = "text: 3 sentences (58 words) are left out: they stand in text."
    assert without.warnings == (*apart.warnings, warning, warning)


def test_a_reworded_press_release_is_ignored_too(detector: Detector) -> None:
    original, spun = (DATA / "harbor" / f"{name}.txt" for name in ("original", "spun"))
    found = detector.compare(spun, original, ignore=[original])
    assert found.reference.word_count == 0
    assert (found.suspect.word_count, found.suspect.ignored_count) == (0, 25)
    assert (found.verdict, found.score < 50) == ("undecided", True)


def test_ignored_sentences_go_over_markup(detector: Detector, tmp_path: Path) -> None:
    file = tmp_path / "suspect.md"
    emphasised = BOILERPLATE.replace("members only", "**members only**").replace(
        "granary", "[granary](https://g.org)"
    )
    file.write_text(f"# A story\n\n{story(1)}\n\n{emphasised}\n", "utf-8")
    document = detector.document(file, [BOILERPLATE])
    marks = document.article.marks
    assert [mark.kind for mark in marks] == ["markup", "ignored", "ignored", "ignored"]
    assert all(one.span.end <= other.span.start for one, other in pairwise(marks))
    assert document.sentence_count == detector.document(f"A story\n\n{story(1)}").sentence_count


def test_ignoring_goes_through_worker_processes(detector: Detector) -> None:
    pair = (f"{story(1)}\n\n{BOILERPLATE}", f"{story(2)}\n\n{BOILERPLATE}")
    alone, spread = (list(detector.compare_many([pair], jobs, [BOILERPLATE])) for jobs in (1, 2))
    assert isinstance(alone[0], Comparison)
    assert isinstance(spread[0], Comparison)
    assert alone[0].to_dict() == spread[0].to_dict()
    assert alone[0].suspect.ignored_count == 3


# --- which side is the copy -----------------------------------------------------


def timed(suspect: str | None, reference: str | None) -> Comparison:
    """A comparison of a spun text with its original, published at these times."""
    found = spun_comparison()

    def with_time(article: Article, published: str | None) -> Article:
        return replace(article, published=published)

    return replace(
        found,
        coverage=0.9,
        suspect=replace(found.suspect, article=with_time(found.suspect.article, suspect)),
        reference=replace(found.reference, article=with_time(found.reference.article, reference)),
    )


@pytest.mark.parametrize(
    ("suspect", "reference", "copy"),
    [
        ("2026-01-05T10:00:00Z", "2026-01-05T09:59:00Z", "suspect"),
        ("2026-01-05T10:00:00+02:00", "2026-01-05T09:59:00Z", "reference"),
        ("Mon, 05 Jan 2026 10:00:00 GMT", "2026-01-05T09:00:00+00:00", "suspect"),
        ("1767607200", "2026-01-05T09:00:00Z", "suspect"),  # 10:00
        ("1767607200000", "2026-01-05T11:00:00Z", "reference"),
        ("2026-01-05", "2026-01-05T09:00:00Z", None),  # the same day
        ("2026-01-07", "2026-01-05T09:00:00Z", "suspect"),
        ("2026-01-05T10:00:00", "2026-01-05T09:00:00Z", None),  # in which zone?
        ("2026-01-05T10:00:00Z", "2026-01-05T10:00:00Z", None),
        ("last week", "2026-01-05T10:00:00Z", None),
        (None, None, None),
        # digits that form a calendar time are that time, not Unix milliseconds of long ago
        ("20260107100000", "2026-01-05T09:00:00Z", "suspect"),
        ("202601071000", "2026-01-05T09:00:00Z", "suspect"),
        ("20260105100000", "2026-01-05T09:00:00Z", None),  # in which zone?
        ("20260107", "2026-01-05T09:00:00Z", "suspect"),
        ("123456789012", "2026-01-05T09:00:00Z", None),  # neither a calendar time nor a plausible Unix time
        ("123456789", "2026-01-05T09:00:00Z", None),
        ("20261399100000", "2026-01-05T09:00:00Z", None),
        # midnight stands for a day of which no more is known, a week for a week, a month for a month
        ("2026-01-05T00:00:00Z", "2026-01-05T09:00:00Z", None),
        ("2026-01-05T09:00:00Z", "2026-01-05T00:00:00Z", None),
        ("2026-01-05 00:00:00", "2026-01-05T09:00:00Z", None),
        ("Mon, 05 Jan 2026 00:00:00 GMT", "2026-01-05T09:00:00Z", None),
        ("2026-01-06T00:00:00Z", "2026-01-05T09:00:00Z", "suspect"),
        ("2026-W02", "2026-01-09T09:00:00Z", None),
        ("2026W02", "2026-01-14T09:00:00Z", "reference"),
        ("2026-01", "2026-01-31T09:00:00Z", None),
        ("2026-01", "2026-02-03T09:00:00Z", "reference"),
        ("2026-01-05T10:00Z", "2026-01-05T10:00:30Z", None),  # within the minute
        ("2026-01-05T10:01Z", "2026-01-05T10:00:30Z", "suspect"),
    ],
)
def test_the_later_one_is_the_copy(suspect: str | None, reference: str | None, copy: str | None) -> None:
    assert by_time(timed(suspect, reference)).copy == copy


def test_why_the_times_tell_nothing() -> None:
    assert by_time(timed(None, None)).reason == "neither text says when it was published"
    assert by_time(timed("2026-01-05", None)).reason == "the reference doesn't say when it was published"
    assert by_time(timed("soon", "2026-01-05")).reason == "the suspect's published time ('soon') isn't understood"
    assert by_time(timed("", "03/11/2025")).reason == (
        "the suspect doesn't say when it was published, and the reference's published time ('03/11/2025') "
        "isn't understood"
    )
    assert len(by_time(timed("x" * 1000, "2026-01-05")).reason) < 130
    assert "too close to tell" in by_time(timed("2026-01-05", "2026-01-05")).reason


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?",
        "99999999999999999999999",
        "0001-01-01",
        "9999-12-31",
        "²²²²²²²²²",
        "1" * 400,
        "December 9999",
        "1" * 14,
    ],
)
def test_odd_times_do_no_harm(text: str) -> None:
    assert parse_time(text) is None or parse_time(text).first <= parse_time(text).last  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "text",
    [
        "13 November 2025",
        "Nov 13, 2025",
        "13-Nov-2025",
        "10:04 AM EST, Thu November 13, 2025",
        "November 13th, 2025",
        "Thursday, 13. Nov. 2025",
        "thu 13 nov 2025",
        "13th of November 2025",
        "Nov 13, 2025 6:42 pm",  # of a time of day only the day is taken
        "November 13, 2025 at 6:42 p.m. EST",
        "2025/11/13",
        "20251113",
    ],
)
def test_dates_in_words_are_the_whole_day(text: str) -> None:
    assert parse_time(text) == parse_time("2025-11-13")
    assert parse_time(text) is not None


@pytest.mark.parametrize(
    "text",
    ["03/11/2025", "13/13/2025", "November", "Smarch 13, 2025", "31 June 2025", "13 Nov 13, 2025", "2025-13"],
)
def test_what_is_no_date_or_an_ambiguous_one_is_not_guessed(text: str) -> None:
    assert parse_time(text) is None


def test_a_month_in_words_is_the_whole_month() -> None:
    assert parse_time("Sept 2025") == parse_time("2025-09")
    assert parse_time("December 2025") == parse_time("2025-12")


def dated(comparison: Comparison, ours: str, theirs: str) -> Comparison:
    suspect, reference = (
        replace(document, article=replace(document.article, published=time, about=About()))
        for document, time in ((comparison.suspect, ours), (comparison.reference, theirs))
    )
    return replace(comparison, suspect=suspect, reference=reference)


def test_words_tell_a_copy_in_both_orders_and_forged_times_do_not_hide_it(detector: Detector) -> None:
    spun, original = DATA / "harbor" / "spun.txt", DATA / "harbor" / "original.txt"
    there, back = detector.compare(spun, original), detector.compare(original, spun)
    assert there.direction is not None and back.direction is not None
    assert (there.direction.copy, back.direction.copy) == ("suspect", "reference")
    assert there.direction.probability > 0.99 and back.direction.probability < 0.01
    assert there.score > 90.0 and back.score > 90.0  # evidence of a machine, whichever was first
    assert there.verdict == "spun"
    assert (back.verdict, [one.reason for one in back.undecided]) == ("undecided", ["swapped"])
    assert tell_direction(there, None, None).copy is None  # times and words both unknown

    later = with_direction(dated(there, "2026-02-01", "2026-01-01"), detector).direction
    forged = with_direction(dated(there, "2026-01-01", "2026-02-01"), detector).direction
    assert later is not None and later.copy == "suspect"
    assert later.reason.startswith("the suspect was published later (2026-02-01) than the reference (2026-01-01), ")
    assert "tell-tales of a machine" in later.reason
    assert forged is not None and forged.copy == "suspect"
    assert forged.reason.endswith(
        " though the reference was published later (2026-02-01) than the suspect (2026-01-01)"
    )
    assert forged.signs[0].sign == "published" and forged.signs[0].nats < 0.0


def test_times_alone_tell_a_verbatim_copy(detector: Detector) -> None:
    original = DATA / "harbor" / "original.txt"
    same = detector.compare(original, original)
    assert same.direction is not None and same.direction.copy is None
    told = with_direction(dated(same, "2026-01-01", "2026-02-01"), detector)
    assert told.direction is not None and told.direction.copy == "reference"
    assert told.verdict == "copied"  # which accuses nobody


def test_unrelated_texts_have_no_copy(detector: Detector, archive: Archive) -> None:
    found = detector.find_sources(DATA / "harbor" / "independent.txt", archive)
    assert found.direction is not None
    assert found.direction.copy is None
    assert "neither text is told to be a version of the other" in found.direction.reason


def test_a_page_that_says_when_is_told_from_its_later_copy(detector: Detector, archive: Archive) -> None:
    direction = detector.find_sources(DATA / "harbor" / "spun.md", archive).direction
    assert direction is not None
    assert direction.copy == "suspect"
    assert (
        "published later (2025-11-14T03:17:52+00:00, front matter) than the reference (2025-11-13T18:42:00-04:00"
        in direction.reason
    )


# --- the command line -----------------------------------------------------------


def run(*arguments: str | Path, input: bytes | None = None) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=input)


def test_json_lines_may_be_piped_in(tmp_path: Path) -> None:
    piped = f'{{"text": "{story(1)}"}}\n[1]\n[]\n'.encode()  # an empty list has nothing to lose
    result = run("archive", "add", tmp_path / "news", "-", input=piped)
    assert (result.exit_code, result.stdout[:8]) == (2, "1 added,")
    assert "not added: -, line 2: found a list" in result.stderr


def test_the_commands_from_end_to_end(tmp_path: Path) -> None:
    news, feed = tmp_path / "news", tmp_path / "feed.jsonl"
    rows = [{"key": f"s{n}", "body": story(n), "title": f"Story {n}"} for n in range(5)]
    feed.write_text("".join(json.dumps(row) + "\n" for row in rows) + "{}\n", "utf-8")
    added = run(
        "archive", "add", news, feed, DATA / "harbor" / "original.html", "--field", "text=body", "--field", "id=key"
    )
    assert added.exit_code == 2
    assert "6 added, 0 already there" in added.stdout
    assert f"not added: {feed}, line 6: there is no field 'body'" in added.stderr
    again = run("archive", "add", news, DATA / "harbor" / "original.html")
    assert (again.exit_code, again.stdout.startswith("0 added, 1 already there")) == (0, True)
    found = run("archive", "find", news, DATA / "harbor" / "spun.txt", "--format", "json")
    assert json.loads(found.stdout)[0]["published"] == "2025-11-13T18:42:00-04:00"
    assert "text" not in json.loads(found.stdout)[0]
    assert "original.html" in run("archive", "find", news, DATA / "harbor" / "spun.txt").stdout.splitlines()[1]
    assert "6 articles" in run("archive", "info", news).stdout
    assert json.loads(run("archive", "info", news, "--format", "json").stdout)["articles"] == 6
    assert "all as they were added" in run("archive", "verify", news).stdout
    removed = run("archive", "remove", news, "s1", "s99")
    assert (removed.exit_code, removed.stdout) == (2, f"1 removed. 5 articles in {news}.\n")
    assert "there is no article 's99'" in removed.stderr


def test_score_with_an_archive(archive: Archive) -> None:
    result = run("score", DATA / "harbor" / "spun.md", DATA / "battery" / "spun.txt", "--archive", archive.path)
    lines = [line for line in result.stdout.splitlines() if not line.startswith(9 * " ")]  # but what is wrapped
    assert result.exit_code == 0
    assert "spun" in lines[1]
    assert "(best match: The harbor (harbor))" in lines[1]
    assert lines[2].strip().startswith("the suspect is the copy: the suspect was published later")
    assert re.fullmatch(r" +also compared: \d with less than 5% in common", lines[3])
    assert "(best match: The battery (battery))" in lines[4]
    two = run(
        "score", DATA / "harbor" / "spun.md", "--archive", archive.path, "--candidates", "2", "--format", "json"
    )
    assert [item["id"] for item in json.loads(two.stdout)[0]["candidates"]][:1] == ["harbor"]
    assert len(json.loads(two.stdout)[0]["candidates"]) == 2


def test_score_takes_references_or_an_archive(archive: Archive) -> None:
    suspect, original = DATA / "harbor" / "spun.txt", DATA / "harbor" / "original.txt"
    both = run("score", suspect, "--reference", original, "--archive", archive.path)
    assert (both.exit_code, "give --reference or --archive, not both" in both.stderr) == (2, True)
    neither = run("score", suspect, "--candidates", "3")
    assert (neither.exit_code, "--candidates is for --archive" in neither.stderr) == (2, True)
    assert "there is no archive at" in run("score", suspect, "--archive", "nowhere").stderr


def test_score_and_compare_ignore_files(tmp_path: Path) -> None:
    suspect, reference, shared = (tmp_path / name for name in ("suspect.txt", "reference.txt", "agency.txt"))
    suspect.write_text(f"{story(1)}\n\n{BOILERPLATE}", "utf-8")
    reference.write_text(f"{story(2)}\n\n{BOILERPLATE}", "utf-8")
    shared.write_text(BOILERPLATE, "utf-8")
    said = "3 sentences (58 words) are left out: they stand in"
    assert said not in run("score", suspect, "--reference", reference).stdout
    assert said in run("score", suspect, "--reference", reference, "--ignore", shared).stdout
    shown = " ".join(run("compare", suspect, reference, "--ignore", shared, "--width", "200").stdout.split())
    assert said in shown
    assert "not counting 3 ignored" in shown
