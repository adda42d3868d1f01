"""Reports: plain data against the schema, tables, and the view in the terminal."""

from __future__ import annotations

import csv
import difflib
import io
import json
import math
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import get_args

import jsonschema
import pytest
from factory import (
    SWAPS,
    Swap,
    comparison,
    document,
    spun_comparison,
    with_names,
)
from rich.cells import cell_len

from spindetect.findings import (
    MACHINE_RELATIONS,
    Caution,
    Contribution,
    Direction,
    Phrase,
    SentencePair,
    Substitution,
    Undecided,
    Verdict,
)
from spindetect.records import Mark, Span
from spindetect.report.blocks import Paired, Unmatched, blocks
from spindetect.report.data import report_dict
from spindetect.report.inert import inert, inert_json
from spindetect.report.marking import KIND_STYLES
from spindetect.report.sides import Selection
from spindetect.report.tables import CSV_COLUMNS, Format, as_csv, as_json, as_jsonl, as_table, as_text
from spindetect.report.terminal import render
from spindetect.report.words import UNDECIDED, VERDICTS
from spindetect.results import Comparison

GOLDEN = Path(__file__).parent / "golden"
SCHEMA = json.loads(
    (Path(__file__).parents[1] / "spindetect" / "report" / "report.schema.json").read_text(encoding="utf-8")
)
COLOR_CODE = re.compile(r"\x1b\[[0-9;]*m")

HOSTILE = "A \x1b[31mred\x1b[0m \u202egnp.exe\u202c [bold]loud[/bold] pass\u200bword [war → peace]{name!} :smile:."


def empty_comparison() -> Comparison:
    """Two empty articles: undecided, nothing to show."""
    made = comparison(document("", "a.txt"), document("", "b.txt"), verdict="undecided", nats=())
    return replace(made, warnings=("the suspect is empty",))


def hostile_comparison() -> Comparison:
    """Control characters, bidi controls and markup everywhere an article or a file name can put them."""
    sides = (
        document(HOSTILE, "sus\x1b]0;owned\x07.txt"),
        document(HOSTILE.replace("A ", "The "), "[red]\r.txt"),
    )
    made = comparison(*sides, [Swap("The", "A", "function", reason="\x1b[2J")], [(0, 0)], warnings=("\x9b31m",))
    loud = Contribution("x", 1.0, 2.0, "“\x1b[5m\u2066” changed")
    return replace(made, contributions=(loud,))


# --- plain data ---------------------------------------------------------------


@pytest.mark.parametrize("make", [spun_comparison, empty_comparison, hostile_comparison])
def test_report_follows_the_schema(make: Callable[[], Comparison]) -> None:
    jsonschema.validate(report_dict(make()), SCHEMA)


def test_to_dict_is_the_report() -> None:
    made = spun_comparison()
    assert made.to_dict() == report_dict(made)


def test_relations_sum_to_one_and_make_the_score() -> None:
    for nats in (-30.0, -1.234567, 0.0, 0.1, 3.3333333, 30.0):
        report = report_dict(comparison(document("A."), document("B."), nats=(nats,)))
        assert math.isclose(sum(report["relations"].values()), 1.0, abs_tol=1e-9)
        machine = sum(report["relations"][relation] for relation in MACHINE_RELATIONS)
        assert math.isclose(report["score"], 100 * machine, abs_tol=1e-6)
        assert 0 <= report["score"] <= 100


def test_spans_slice_the_text_to_the_phrase() -> None:
    made = spun_comparison()
    for item in report_dict(made)["substitutions"]:
        for side, text in (
            ("suspect", made.suspect.article.text),
            ("reference", made.reference.article.text),
        ):
            assert text[item[side]["start"] : item[side]["end"]] == item[side]["text"]


def test_a_number_that_is_not_finite_is_refused() -> None:
    made = replace(spun_comparison(), features={"odd": math.nan})
    with pytest.raises(ValueError, match="odd is nan, but a report holds finite numbers only"):
        report_dict(made)


def test_substitutions_carry_their_reason() -> None:
    reasons = {item["suspect"]["text"]: item["reason"] for item in report_dict(spun_comparison())["substitutions"]}
    assert reasons["inexperienced mild"] == "an idiom was swapped word by word"


# --- tables -------------------------------------------------------------------


def test_json_is_an_array_also_of_one_and_of_none() -> None:
    assert [report["suspect"]["name"] for report in json.loads("".join(as_json([spun_comparison()])))] == [
        "spun.txt"
    ]
    assert json.loads("".join(as_json([]))) == []
    assert len(json.loads("".join(as_json([spun_comparison()] * 3)))) == 3


def test_jsonl_has_one_report_a_line_whatever_the_text_holds() -> None:
    made = with_names(spun_comparison(), "one\u2028two\u0085three\n.txt", "r.txt")
    text = "".join(as_jsonl([made, made]))
    assert len(text.splitlines()) == 2
    assert [json.loads(line) for line in text.splitlines()] == [report_dict(made)] * 2


def test_json_survives_lone_surrogates_and_keeps_the_data() -> None:
    made = with_names(spun_comparison(), "bad\udcff.txt", "\u202etxt")
    text = "".join(as_jsonl([made]))
    text.encode("utf-8")
    assert json.loads(text)["suspect"]["name"] == "bad\udcff.txt"
    assert "\u202e" not in text


def test_csv_has_the_columns_and_quotes_what_needs_it() -> None:
    made = replace(with_names(spun_comparison(), 'a,"b".txt', "r.txt"), warnings=("one", "two"))
    rows = list(csv.DictReader(io.StringIO("".join(as_csv([made])))))
    assert tuple(rows[0]) == CSV_COLUMNS
    assert rows[0] == {
        "score": "95.89",
        "verdict": "spun",
        "coverage": "0.8595",
        "substitutions": "6",
        "telltales": "3",
        "suspect": 'a,"b".txt',
        "reference": "r.txt",
        "warnings": "one; two",
        "copy": "",
        "reason": "",
        "family": "",
        "family_share": "",
        "reuse": "97.07",
        "undecided": "",
        "copy_probability": "",
    }


def test_csv_says_which_side_is_the_copy_and_why() -> None:
    told = [Direction("reference", "it was\x1b later", 0.08), Direction(None, "neither says")]
    text = "".join(as_csv([replace(spun_comparison(), direction=one) for one in told]))
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["copy"], row["reason"]) for row in rows] == [
        ("reference", "it was<U+001B> later"),
        ("", "neither says"),
    ]


def test_the_terminal_leads_with_the_direction_when_the_reference_is_the_copy() -> None:
    honest = replace(spun_comparison(), direction=Direction("reference", "it was published later", 0.08))
    [first, second] = render(honest, 100).splitlines()[:2]
    assert first == ("The reference is the copy: it was published later. Read the evidence the other way round.")
    assert second.startswith("Spin score")
    unsure = replace(honest, direction=Direction("reference", "its words are rarer", 0.2))
    assert render(unsure, 100).startswith("The reference is probably the copy: its words are rarer.")
    accused = render(replace(spun_comparison(), direction=Direction(None, "neither says")), 100)
    assert accused.startswith("Which text is the copy can't be told: neither says.\nSpin score")
    plain = render(replace(spun_comparison(), verdict="edited", direction=Direction(None, "neither says")), 100)
    assert plain.startswith("Spin score")
    assert "direction  which text is the copy can't be told: neither says\n" in plain


def test_table_aligns_its_columns_and_shows_warnings() -> None:
    made = replace(spun_comparison(), warnings=("it is short",))
    assert "".join(as_table([made])) == (
        "score  reuse  verdict          coverage  substitutions  file\n"
        " 95.9   97.1  spun                  86%              6  spun.txt\n"
        "       warning: it is short\n"
    )


def test_table_names_the_best_match_when_asked_and_nothing_for_nothing() -> None:
    assert "spun.txt  (best match: original.txt)" in "".join(as_table([spun_comparison()], True))
    assert "".join(as_table([])) == ""


@pytest.mark.parametrize("format", ["table", "json", "jsonl", "csv"])
def test_tables_stream(format: Format) -> None:
    pulled = []

    def source() -> Iterator[Comparison]:
        for number in range(3):
            pulled.append(number)
            yield spun_comparison()

    pieces = as_text(source(), format)
    while not pulled:
        next(pieces)
    assert pulled == [0]


# --- hostile text -------------------------------------------------------------


def test_inert_leaves_harmless_text_alone_and_shows_the_rest() -> None:
    assert inert("naïve “quotes” – 日本 😀") == "naïve “quotes” – 日本 😀"
    assert inert("a\x00b\x7fc\u202ed\ud800e\U000e0041") == "a<U+0000>b<U+007F>c<U+202E>d<U+D800>e<U+E0041>"
    assert inert("one\n\ttwo\u00a0three") == "one two three"


def test_inert_json_means_the_same() -> None:
    data = {"text": "\x1b \x9b \u202e \U000e0041 \ud800 é 😀 \u2028"}
    text = inert_json(json.dumps(data, ensure_ascii=False))
    assert text.isprintable()
    assert json.loads(text) == data


@pytest.mark.parametrize("color", [False, True])
def test_hostile_text_is_inert_and_visible(color: bool) -> None:
    view = render(hostile_comparison(), 80, color)
    if color:
        view = COLOR_CODE.sub("", view)
    assert [char for char in view if not char.isprintable() and char != "\n"] == []
    flat = " ".join(view.split())
    for visible in (
        "<U+001B>[31mred",
        "<U+202E>",
        "[bold]loud[/bold]",
        "pass<U+200B>word",
        ":smile:",
        "[red]",
    ):
        assert visible in flat
    assert "[war <U+2192> peace]{name!}" in flat  # it can't pose as a mark of the view's own


# --- the terminal -------------------------------------------------------------


def assert_golden(name: str, text: str) -> None:
    """Compare with a file in tests/golden, showing the difference; UPDATE_GOLDEN=1 writes it."""
    file = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(text, encoding="utf-8")
    expected = file.read_text(encoding="utf-8")
    difference = difflib.unified_diff(expected.splitlines(), text.splitlines(), name, "now", lineterm="")
    assert text == expected, "\n".join(["the view changed (UPDATE_GOLDEN=1 accepts it):", *difference])


def full_comparison() -> Comparison:
    """A comparison with something of everything that the view can show."""
    made = spun_comparison()
    text, other = made.suspect.article.text, made.reference.article.text
    first, *others = made.alignment
    added, dropped = text.index("brand new") - 4, other.index("on Monday")
    pair = replace(
        first,
        substitutions=first.substitutions[:1],
        added=(Span(added, added + len("the brand")),),
        dropped=(Span(dropped, dropped + len("on Monday")),),
    )
    return replace(made, alignment=(pair, *others), warnings=("the suspect is short: 50 words",))


@pytest.mark.parametrize("width", [40, 80, 120, 200])
def test_terminal_golden(width: int) -> None:
    assert_golden(f"compare_{width}.txt", render(full_comparison(), width))


def test_terminal_golden_undecided() -> None:
    assert_golden("compare_undecided.txt", render(empty_comparison(), 80))


def test_every_verdict_has_its_words() -> None:
    assert set(VERDICTS) == set(get_args(Verdict))
    nothing_to_go_by = {"no_words", "too_short"}  # which the meaning says
    assert set(UNDECIDED) == set(get_args(Caution)) - nothing_to_go_by
    assert all(row.name and row.headline and len(row.meaning) <= 41 for row in VERDICTS.values())


def test_the_schema_and_the_readme_have_all_reasons_why_nothing_is_decided() -> None:
    reasons = get_args(Caution)
    assert tuple(SCHEMA["properties"]["undecided"]["items"]["properties"]["reason"]["enum"]) == reasons
    readme = Path(__file__).parents[1].joinpath("README.md").read_text("utf-8")
    rows = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", readme, flags=re.MULTILINE)
    assert set(reasons) <= {name for row in rows for name in re.findall(r"\w+", row)}


def test_the_terminal_says_why_nothing_is_decided() -> None:
    reason = Undecided("reworded_throughout", None, "By whom can't be told.")
    made = replace(spun_comparison(), verdict="undecided", undecided=(reason,))
    assert "undecided (reworded by a person or a machine)" in render(made, 80)
    more = (reason, Undecided("damaged", None, "Too many words."), reason, Undecided("too_short", None, "Short."))
    said = "undecided (reworded by a person or a machine; the text is too damaged to tell)"
    assert said in " ".join(render(replace(made, undecided=more), 80).split())


def test_where_nothing_is_decided_the_views_show_both_sides() -> None:
    swaps = [Swap("cost", "value", weight=0.4), Swap("new", "brand new", weight=-0.3)]
    texts = spun_comparison()
    nats = (0.5, -0.25, 0.001)
    made = comparison(texts.suspect, texts.reference, swaps, [(0, 0), (1, 1)], "undecided", nats)
    reason = Undecided("reworded_throughout", None, "By whom can't be told.")
    views = [replace(made, undecided=(reason,), verdict=verdict) for verdict in ("undecided", "edited")]
    shown, decided = [render(view, 80) for view in views]
    headings = ["What speaks for a machine:", "What speaks for a person:"]
    for part in (shown[shown.index("why the score") : shown.index("strongest evidence")], shown):
        found = [part.rindex(wanted) for wanted in headings]
        assert found == sorted(found)
    reasons, evidence = shown[shown.index("why the score") :].split("strongest evidence")
    for part, signs in ((reasons, ("+0.50", "-0.25")), (evidence, ("value", "brand new"))):
        one, other = part[part.index(headings[0]) :].split(headings[1])
        assert signs[0] in one and signs[1] in other and signs[1] not in one and signs[0] not in other
    assert not any(heading in decided for heading in headings)
    page, honest = [view.to_html() for view in views]
    one, other = page[page.index("<h3>What speaks for a machine") :].split("<h3>What speaks for a person")
    assert ">value</b>" in one and "brand new</b>" not in one and "suspicious" in one
    assert "brand new</b>" in other and '<ul class="honest">' in other
    assert "<h3>What speaks for" not in honest and "What speaks against a machine" in honest
    card = views[0]._repr_html_()
    assert card.index("+0.50") < card.index("-0.25") and card.index("value") < card.index("brand new")
    assert views[0].to_dict()["contributions"] == views[1].to_dict()["contributions"]


def test_terminal_golden_selected() -> None:
    selection = Selection(frozenset(["name", "term"]), only_changed=True)
    assert_golden("compare_selected_80.txt", render(full_comparison(), 80, selection=selection))
    assert_golden("compare_selected_120.txt", render(full_comparison(), 120, selection=selection))


def test_terminal_golden_in_colour() -> None:
    assert_golden("compare_colour_120.txt", render(full_comparison(), 120, color=True).replace("\x1b", "␛"))


@pytest.mark.parametrize("width", [80, 120])
def test_colour_only_repeats_what_the_text_says(width: int) -> None:
    made = full_comparison()
    colored = render(made, width, color=True)
    assert colored != render(made, width)
    assert COLOR_CODE.sub("", colored) == render(made, width)


def test_colours_are_readable_on_light_and_on_dark() -> None:
    used = {word for style in KIND_STYLES.values() for word in style.split()}
    colours = used & {"black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"}
    assert colours == {"red", "magenta"}
    codes = set(re.findall(r"\x1b\[([0-9;]*)m", render(full_comparison(), 120, color=True)))
    assert {code for part in codes for code in part.split(";")} <= {"0", "1", "2", "3", "4", "7", "9"} | {
        "31", "32", "35"
    }  # fmt: skip


def in_columns(view: str) -> list[str]:
    """A view's lines that have two columns; the legend has none."""
    return [line for line in view.splitlines() if " │" in line[40:] and "[old]" not in line]


def columns(view: str) -> list[tuple[str, str]]:
    """The two columns of the lines that have two."""
    halves = [line.split(" │", 1) for line in in_columns(view)]
    return [(left.rstrip(), right.strip()) for left, right in halves]


def test_wide_views_put_the_sides_beside_each_other() -> None:
    assert not columns(render(full_comparison(), 99))
    view = render(full_comparison(), 100)
    rows = columns(view)
    assert rows[0] == ("reference original.txt", "suspect spun.txt")
    assert ("", "Visitors may climb it from subsequent week.") in rows
    assert {cell_len(line.split("│")[0]) for line in in_columns(view)} == {49}


@pytest.mark.parametrize("text", ["x" * 300, "漢字かな" * 40, "😀 " * 60, "e\u0301" * 100, HOSTILE])
def test_nothing_moves_the_line_between_the_columns(text: str) -> None:
    made = comparison(document(text, text), document(text + " More.", "r.txt"), [], [(0, 0)])
    lines = in_columns(render(made, 120))
    assert len(lines) > 2
    assert {cell_len(line[: line.rindex("│")]) for line in lines} == {59}


def test_beside_the_reference_only_what_changed_its_place_repeats_the_old_phrase() -> None:
    swaps = [Swap("big", "giant"), Swap("said", "mentioned"), Swap("plan", "scheme")]
    suspect, reference = document("He mentioned a giant scheme."), document("A big plan, he said.")
    made = comparison(suspect, reference, swaps, [(0, 0)])
    right = " ".join(row[1] for row in columns(render(made, 120)))
    assert "[said → mentioned]{synonym}" in right
    straight = comparison(document("A giant scheme, he mentioned."), reference, swaps, [(0, 0)])
    right = " ".join(row[1] for row in columns(render(straight, 120)))
    assert "[giant]{synonym} [scheme]{synonym}, he [mentioned]{synonym}." in right


# --- what is selected ---------------------------------------------------------


@pytest.mark.parametrize("width", [80, 120])
def test_only_changed_leaves_out_what_is_alike_and_says_so(width: int) -> None:
    view = render(full_comparison(), width, selection=Selection(only_changed=True))
    assert "A brass band" not in view and "… 1 pair not shown" in view
    assert "Fishermen watched" in view and "Visitors may climb" in view  # dropped and added: changes too


def test_only_changed_keeps_what_was_moved() -> None:
    made = comparison(document("C. A."), document("A. C."), [], [(0, 1), (1, 0)])
    view = render(made, 80, selection=Selection(only_changed=True))
    assert "moved" in view and view.count("= A.") + view.count("= C.") == 1


@pytest.mark.parametrize("width", [80, 120])
def test_kinds_mark_and_list_only_what_was_selected(width: int) -> None:
    view = " ".join(render(full_comparison(), width, selection=Selection(frozenset(["name"]))).split())
    assert "Protection]{name!}" in view and "A brass band" in view
    assert "{synonym" not in view and "{+the" not in view and "[-on" not in view
    assert "which value $4 million" in view  # unmarked, but there
    assert "5 substitutions, 3 tell-tale" in view  # the summary counts everything


def test_kinds_and_only_changed_show_the_pairs_that_have_them() -> None:
    view = render(full_comparison(), 80, selection=Selection(frozenset(["term"]), only_changed=True))
    assert "inexperienced mild" in view and "Defense → Protection" not in view
    assert "… 2 pairs not shown" in view and "… 1 pair and 2 sentences without a partner not shown" in view


@pytest.mark.parametrize("width", [40, 57, 80, 200])
@pytest.mark.parametrize("text", ["word " * 50, "x" * 500, "漢字かな" * 60, "😀" * 90, "e\u0301" * 100, HOSTILE])
def test_no_line_is_wider_than_asked(width: int, text: str) -> None:
    made = comparison(document(text, text * 3), document(text + " More.", "r.txt"), [], [(0, 0)])
    made = replace(made, warnings=(text,))
    assert max(cell_len(line) for line in render(made, width).splitlines()) <= width
    assert all(line == line.rstrip() for line in render(made, width).splitlines())


def test_every_substitution_is_marked_by_kind() -> None:
    flat = " ".join(render(spun_comparison(), 80).split())
    for swap in SWAPS:
        flags = f"{'quoted ' if swap.quoted else ''}{swap.kind}{'!' if swap.telltale else ''}"
        assert f"[{swap.old} → {swap.new}]{{{flags}}}" in flat.replace("\n", " ")


def test_strongest_evidence_comes_first() -> None:
    view = render(spun_comparison(), 80)
    reasons = view[view.index("why the score is") :]
    nats = [abs(float(number)) for number in re.findall(r"^ +([+-]\d+\.\d\d) ", reasons, re.MULTILINE)]
    features, substitutions = nats[:3], nats[-6:]
    assert features == sorted(features, reverse=True) == [2.4, 1.35, 0.2]
    assert substitutions == sorted(substitutions, reverse=True)


def test_like_items_on_both_sides_are_counted_on_each() -> None:
    """Seven speak for a machine and seven against one, the first of each side alike; five of each are shown."""
    text = f"{' '.join(['old'] * 14)}."
    made = comparison(document(text.replace("old", "new")), document(text), [], [(0, 0)], verdict="undecided")
    items = []
    for at in range(14):
        suspect, reference = (Phrase(Span(4 * at, 4 * at + 3), words) for words in ("new", "old"))
        reason, weight = f"reason {at if at % 7 else 0}", 0.5 if at < 7 else -0.5
        items.append(Substitution("synonym", suspect, reference, False, False, weight, reason))
    view = render(replace(made, alignment=(replace(made.alignment[0], substitutions=tuple(items)),)), 80)
    assert "and 4 more, weaker ones" in view


def test_markup_and_boilerplate_inside_a_sentence_are_left_out() -> None:
    text = "See [the report](http://x.example/a) now."
    made = comparison(document(text), document("See the report now."), [], [(0, 0)])
    marks = (Mark(Span(4, 5), "markup", "link"), Mark(Span(15, 36), "markup", "link"))
    article = replace(made.suspect.article, marks=marks)
    view = render(replace(made, suspect=replace(made.suspect, article=article)), 80)
    assert "= See the report now." in view


def test_a_stretch_marked_twice_is_shown_once() -> None:
    made = spun_comparison()
    pair = made.alignment[0]
    doubled = replace(pair, added=(pair.substitutions[0].suspect.span,))
    view = render(replace(made, alignment=(doubled, *made.alignment[1:])), 80)
    assert view.count("Protection]{name!}") == 1


# --- the order of the blocks --------------------------------------------------


def outline(made: Comparison) -> list[str]:
    """The blocks in short: 1=1 a pair, 1~1 a moved one, +1 and -1 what one side has alone."""
    lines = []
    for block in blocks(made):
        if isinstance(block, Paired):
            numbers = ["".join(str(item.number) for item in side) for side in (block.suspect, block.reference)]
            lines.append(("~" if block.moved else "=").join(numbers))
        elif isinstance(block, Unmatched):
            sign = "+" if block.side == "suspect" else "-"
            lines.append(sign + "".join(str(item.number) for item in block.sentences))
    return lines


def test_blocks_interleave_what_one_side_has_alone() -> None:
    assert outline(spun_comparison()) == ["1=1", "2=2", "3=3", "-4", "4=5", "+5"]


def test_blocks_follow_the_suspect_and_point_out_what_moved() -> None:
    suspect, reference = document("C. A. X. Y. B."), document("A. Z. B. C.")
    made = comparison(suspect, reference, [], [(0, 3), (1, 0), (4, 2)])
    assert outline(made) == ["1~4", "2=1", "-2", "+34", "5=3"]


def test_one_pair_far_ahead_does_not_make_all_others_moved() -> None:
    suspect, reference = document("D. A. B. C."), document("A. B. C. D.")
    made = comparison(suspect, reference, [], [(0, 3), (1, 0), (2, 1), (3, 2)])
    assert outline(made) == ["1~4", "2=1", "3=2", "4=3"]


def test_blocks_of_two_sentences_against_one() -> None:
    suspect, reference = document("A. B. C."), document("AB. C.")
    pair = SentencePair(Span(0, 5), Span(0, 3), 0.9)
    made = replace(comparison(suspect, reference, [], [(2, 1)]), alignment=(pair,))
    assert outline(made) == ["12=1", "-2", "+3"]


def test_blocks_without_any_alignment_and_of_nothing() -> None:
    assert outline(comparison(document("A. B."), document("C."))) == ["-1", "+12"]
    assert outline(empty_comparison()) == []
