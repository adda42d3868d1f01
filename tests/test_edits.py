"""A comparison's changes as annotators mark them: touching changes as one, insertions and deletions apart."""

from __future__ import annotations

import json
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from spindetect import Detector
from spindetect.cli import app
from spindetect.records import Article
from spindetect.report.edits import best_cut, edit_of, edits, features, groups, shares
from spindetect.report.stretches import Atom, Place, Region, Unit, answering, atoms_between

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


def region() -> Region:
    atoms = [*atoms_between(LEFT, RIGHT, 0, 5, 0, 3), Atom(5, 6, 3, 4, "kept"), Atom(6, 8, 4, 6, "swap")]
    left, right = [*LEFT, unit("h", 3), unit("k", 3)], [*RIGHT, unit("i", 3), unit("l", 3)]
    answers = np.zeros((len(left), len(right)))
    answers[1, 0] = answers[3, 1] = answers[5, 3] = 1.0
    answers[6, 4] = 0.5
    return Region(left, right, atoms, answers)


@pytest.mark.parametrize(
    "liked",
    [
        {"sub": 1.0, "more swaps": 5.0},
        {"sub": -5.0, "one beside other": 1.0},
        {"kept": 9.0, "whole": 9.0, "sub 1-1": 4.0},
        {"sub 1-1": 2.0, "linked first": 3.0},
    ],
)
def test_the_cut_that_is_liked_best_is_found(liked: dict[str, float]) -> None:
    here = region()
    ways = groups(here)
    assert all(bool(features(here, way)) == (edit_of(here, way) is not None) for way in ways)
    scores = [sum(liked.get(name, 0.0) * much for name, much in features(here, way).items()) for way in ways]
    cut = [ways[at] for at in best_cut(ways, scores)]
    assert [(i, j) for i, _, j, _ in cut] == [(0, 0), *[(k, n) for _, k, _, n in cut[:-1]]] and cut[-1][1::2] == (
        8,
        6,
    )
    cuts = all_cuts((8, 6), ways)  # a slow search of all
    totals = [sum(scores[ways.index(way)] for way in one) for one in cuts]
    assert sum(scores[ways.index(way)] for way in cut) == pytest.approx(max(totals))
    whole, found = shares(ways, scores)
    chances = np.exp(np.array(totals) - whole)
    assert chances.sum() == pytest.approx(1.0)
    for way, share in zip(ways, found, strict=True):
        assert share == pytest.approx(sum(chances[at] for at, one in enumerate(cuts) if way in one), abs=1e-5)


def all_cuts(stop: tuple[int, int], ways: list[Place]) -> list[list[Place]]:
    if stop == (0, 0):
        return [[]]
    return [[*before, way] for way in ways if way[1::2] == stop for before in all_cuts(way[::2], ways)]


def test_a_short_substitution_may_fall_apart_and_an_edit_is_seen_by_what_answers_to_it() -> None:
    here = region()
    assert (6, 7, 4, 5) in groups(here) and (7, 8, 5, 6) in groups(here)
    seen = features(here, (6, 7, 4, 5))
    assert seen["linked first"] == seen["linked most"] == 0.5 and "linked outside most" not in seen
    assert features(here, (7, 8, 4, 6))["linked outside most"] == 0.5


def test_units_answer_by_the_words_alone() -> None:
    document = detector().document(Article("The council bought old cars. The council purchased old vehicles."))
    sides = [[Unit(0, 1, word.text, word.stem, word.content, not word.lexical, words=[word] if word.lexical else [])
              for word in document.words[at : at + 6]] for at in (0, 6)]  # fmt: skip
    answers = answering(*sides, [(0, 0), (1, 1), (3, 3), (5, 5)])
    assert answers[2, 2] > 0.5 > answers[2, 4] and answers[4, 4] > 0.5 and answers[0, 0] == answers[5, 5] == 1.0
    assert answering([], sides[1], []).shape == (0, 6)
