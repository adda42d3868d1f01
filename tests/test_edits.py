"""A comparison's changes as annotators mark them: touching changes as one, insertions and deletions apart."""

from __future__ import annotations

import json
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from spindetect import Detector
from spindetect.cli import app
from spindetect.report.edits import edits, features, segmentations, segmented
from spindetect.report.stretches import Stretch, Unit

ROOT = Path(__file__).parents[1]
ORIGINAL, SPUN = (ROOT / "data" / "harbor" / f"{name}.txt" for name in ("original", "spun"))
FRAME = "Officials in the city of Corby {} before the end of the year, as the minister told reporters."


@lru_cache
def detector() -> Detector:
    return Detector.load()


def found(old: str, new: str) -> list[tuple[str, str | None, str | None]]:
    suspect, reference = FRAME.format(new), FRAME.format(old)
    made = edits(detector().compare(suspect, reference))
    return [
        (one.type, one.reference and one.reference.of(reference), one.suspect and one.suspect.of(suspect))
        for pair in made
        for one in pair
    ]


@pytest.mark.parametrize(
    "old, new, expected",
    [
        ("opened the bridge", "opened the bridge", []),
        ("opened the old bridge", "opened the bridge", [("deletion", "old", None)]),
        ("opened the bridge", "opened the old bridge", [("insertion", None, "old")]),
        ("opened the bridge", "shut the bridge", [("substitution", "opened", "shut")]),
        ("opened the bridge", "Opened the bridge", [("substitution", "opened", "Opened")]),
        ("helped young farmers", "assisted youthful growers",
         [("substitution", "helped young farmers", "assisted youthful growers")]),
    ],
)  # fmt: skip
def test_edits_by_hand(old: str, new: str, expected: list[tuple[str, str | None, str | None]]) -> None:
    assert found(old, new) == expected


def test_edits_cover_all_that_changed_once() -> None:
    result = detector().compare(SPUN, ORIGINAL)
    texts = result.suspect.article.text, result.reference.article.text
    for pair, made in zip(result.alignment, edits(result), strict=True):
        for side, whole, text in (("suspect", pair.suspect, texts[0]), ("reference", pair.reference, texts[1])):
            spans = [span for one in made if (span := getattr(one, side))]
            assert all(span.of(text).strip() == span.of(text) != "" for span in spans)
            assert all(one.end <= other.start for one, other in pairwise(spans))
            assert all(whole.start <= span.start and span.end <= whole.end for span in spans)
        substituted = [item.suspect.span for item in pair.substitutions]
        covered = [one.suspect for one in made if one.suspect]
        assert all(any(span.overlap(other) for other in covered) for span in substituted)


def test_a_report_has_edits_only_if_asked() -> None:
    result = detector().compare(SPUN, ORIGINAL)
    plain, with_edits = result.to_dict(), result.to_dict(granularity="edit")
    assert "edits" not in plain
    assert {**with_edits, "edits": None} == {**plain, "edits": None}
    schema = json.loads((ROOT / "spindetect" / "report" / "report.schema.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(with_edits)
    for one in with_edits["edits"]:
        assert (one["suspect"] is None, one["reference"] is None) == (
            one["type"] == "deletion", one["type"] == "insertion"
        )  # fmt: skip


def test_the_command_line_gives_edits_in_json_alone() -> None:
    runner = CliRunner()
    files = [str(SPUN), str(ORIGINAL)]
    done = runner.invoke(app, ["compare", *files, "--format", "json", "--granularity", "edit"])
    assert json.loads(done.stdout)["edits"]
    scored = runner.invoke(
        app, ["score", files[0], "--reference", files[1], "--format", "jsonl", "--granularity", "edit"]
    )
    assert json.loads(scored.stdout)["edits"] == json.loads(done.stdout)["edits"]
    for refused in (["compare", *files], ["score", files[0], "--reference", files[1]]):
        refusal = runner.invoke(app, [*refused, "--granularity", "edit"])
        assert refusal.exit_code == 2


def test_every_segmentation_covers_its_stretch() -> None:
    def unit(text: str, swap: int = -1) -> Unit:
        return Unit(0, len(text), text, text, True, not text.isalpha(), swap)

    stretch = Stretch(
        [unit(","), unit("a", 1), unit("b"), unit("c", 2), unit("d")], [unit("e", 1), unit("f", 2), unit(";")]
    )
    for way in segmentations(stretch):
        assert [at for i, k, _, _ in way for at in range(i, k)] == list(range(5))
        assert [at for _, _, j, n in way for at in range(j, n)] == list(range(3))
        assert all(features(stretch, segment) for segment in way)
    assert segmented(stretch, {"sub": 1.0, "more swaps": 5.0}) == [(0, 5, 0, 3)]
    assert segmented(stretch, {"sub": -5.0}) == [(0, 5, 0, 0), (5, 5, 0, 3)]
