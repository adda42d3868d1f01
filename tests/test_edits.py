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
from spindetect.report.edits import best_cut, edit_of, edits, features, groups
from spindetect.report.stretches import Atom, Region, Unit, atoms_between

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


def unit(text: str, swap: int = -1, kind: str = "synonym") -> Unit:
    return Unit(0, len(text), text, text, True, not text.isalpha(), swap, kind if swap >= 0 else "")


LEFT = [unit(","), unit("a", 1), unit("b"), unit("c", 2), unit("d"), unit("e")]
RIGHT = [unit("f", 1), unit("g", 2), unit(";"), unit("e")]


def test_a_changed_stretch_falls_into_substitutions_and_what_stands_between_them() -> None:
    assert atoms_between(LEFT, RIGHT, 0, 5, 0, 3) == [
        (0, 1, 0, 0, "dropped"), (1, 2, 0, 1, "swap"), (2, 3, 1, 1, "dropped"), (3, 4, 1, 2, "swap"),
        (4, 5, 2, 2, "dropped"), (5, 5, 2, 3, "added"),
    ]  # fmt: skip


def test_substitutions_that_changed_their_order_are_one_and_a_rewrite_is_none() -> None:
    crossed = [unit("a", 1), unit("b", 2)], [unit("c", 2), unit("d", 1)]
    assert atoms_between(*crossed, 0, 2, 0, 2) == [(0, 2, 0, 2, "swap")]
    rewrite = [unit("a", 0, "rewrite")], [unit("b", 0, "rewrite")]
    assert atoms_between(*rewrite, 0, 1, 0, 1) == [(0, 1, 0, 0, "dropped"), (1, 1, 0, 1, "added")]


def test_the_middle_of_many_dropped_words_is_cut_nowhere() -> None:
    dropped = atoms_between([unit("a")] * 9, [], 0, 9, 0, 0)
    assert [(atom.i, atom.k) for atom in dropped] == [(0, 1), (1, 2), (2, 3), (3, 6), (6, 7), (7, 8), (8, 9)]


@pytest.mark.parametrize(
    "liked",
    [
        {"sub": 1.0, "more swaps": 5.0},
        {"sub": -5.0, "one beside other": 1.0},
        {"kept": 9.0, "all": 9.0, "sub 1-1": 4.0},
    ],
)
def test_the_cut_that_is_liked_best_is_found(liked: dict[str, float]) -> None:
    atoms = [*atoms_between(LEFT, RIGHT, 0, 5, 0, 3), Atom(5, 6, 3, 4, "kept"), Atom(6, 7, 4, 5, "swap")]
    region = Region([*LEFT, unit("h", 3)], [*RIGHT, unit("i", 3)], atoms)
    ways = groups(region)
    assert all(bool(features(region, way)) == (edit_of(region, way) is not None) for way in ways)
    scores = [sum(liked.get(name, 0.0) * much for name, much in features(region, way).items()) for way in ways]
    cut = [ways[at] for at in best_cut(ways, scores)]
    assert [at for start, stop in cut for at in range(start, stop)] == list(range(len(atoms)))
    best = max(
        sum(scores[ways.index(way)] for way in one) for one in all_cuts(len(atoms), frozenset(ways))
    )  # a slow search of all cuts
    assert sum(scores[ways.index(way)] for way in cut) == pytest.approx(best)


def all_cuts(stop: int, ways: frozenset[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    if not stop:
        return [[]]
    return [[*before, way] for way in ways if way[1] == stop for before in all_cuts(way[0], ways)]
