"""The figures of the model card and the README are those that the benchmarks wrote."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
CARD = (ROOT / "models/spindetect-en-1/README.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")

# The beginning of a row of the card, and the figures or kinds that its numbers are.
KINDS_ROWS = {
    "honest pairs of 21 ways": ("honest.jsonl, macro", "edited/graded_readers"),
    "honest pairs of all 62 kinds": ("honest, macro",),
    "... honest machine edits": ("controls, macro",),
    "... one or two words": ("one or two exchanges",),
    "honest pairs collected": ("collected, honest", "edited/plain_technical"),
    "two people's translations": ("two people's translations",),
    "rewrites by a language model in ten": ("rewrites in ten styles",),
    "... newsroom / SEO": tuple(
        f"llm_rewritten/rewrite_{style}" for style in ("newsroom", "seo", "digest", "humanize", "reword", "evade")
    ),
    "other models' polish": ("polish, DIPPER, RAIDAR",),
    "round trips through": ("round trips",),
    "rewrites and round trips asked": ("asked of another model",),
    "right relation": ("round trips named so", "rewrites named so"),
    "expected calibration error": ("calibration error",),
    "reuse: versions": ("reuse, AUROC",),
}


def result(name: str) -> Any:
    """What a benchmark wrote."""
    return json.loads((ROOT / "benchmarks/results" / f"{name}.json").read_text("utf-8"))


def cells(text: str, beginning: str) -> list[str]:
    """The cells of the one row of a table that begins so, its first cell left out."""
    (row,) = re.findall(rf"^ *\| {re.escape(beginning)}.*\|$", text, flags=re.MULTILINE)
    return [cell.strip() for cell in row.strip(" |").split(" | ")][1:]


def check(said: str, values: list[float]) -> None:
    """The numbers in a text are these values (in percent where it says %), each rounded to the digits given."""
    numbers = re.findall(r"\d+(?:\.\d+)?", said)
    assert len(numbers) == len(values), said
    for number, value in zip(numbers, values, strict=True):
        digits = len(number.partition(".")[2])
        exact = 100 * value if "%" in said else value
        assert abs(float(number) - exact) <= 0.5 * 10**-digits + 1e-9, (said, exact)


@pytest.mark.parametrize("beginning", KINDS_ROWS)
def test_the_card_says_how_kinds_are_judged(beginning: str) -> None:
    kinds = result("kinds")
    for cell, by in zip(cells(CARD, beginning), ("unit", "group"), strict=True):
        known = kinds[by]["figures"] | {name: row["accused"] for name, row in kinds[by]["kinds"].items()}
        check(cell, [known[name] for name in KINDS_ROWS[beginning]])


def test_the_card_explains_the_worst_errors_that_were_found() -> None:
    told = CARD.split("### The twenty worst errors")[1]
    numbered = re.findall(r"^(\d+)\. \*[^*]+\*,\s(\S+) \((\S+)\)\.", told, flags=re.MULTILINE)
    assert [int(number) for number, _, _ in numbered] == list(range(1, 21))
    for (_, score, shipped), one in zip(numbered, result("kinds")["worst"], strict=True):
        check(f"{score} {shipped}", [one["score"], one["shipped"]])


def test_the_card_says_how_real_altered_news_is_judged() -> None:
    found = {(row["name"], row["data"]): row for row in result("evaluation")["figures"]}
    names = ("AUROC, spun or back-translated vs not", "AUROC, all machine relations vs not")
    aurocs = [found[name, "wild news"]["value"] for name in names]
    check(cells(CARD, "spun or back-translated against honest")[0], aurocs)
    kinds = ("spun", "back-translated", "rewritten by models and tools")
    rows = [found["recall, score >= 50", f"wild news, {kind}"] for kind in kinds]
    counts = [number for row in rows for number in (round(row["value"] * row["count"]), row["count"])]
    check(cells(CARD, "spun / back-translated / models and tools")[0], counts)
    honest = found["false accusations, score >= 50", "wild news, honest"]
    check(cells(CARD, "honest pairs scoring 50 or more")[0], [honest["value"] * honest["count"], honest["count"]])


def test_the_card_says_how_pairs_held_out_are_judged() -> None:
    found = {
        row["data"]: row["value"] for row in result("evaluation")["figures"] if row["name"] == "share reaching 50"
    }
    said = re.findall(
        r"rewrites (\S+) \(88%\), PAN-13's translations (\S+) \(93%\), round trips by a language model (\S+) ", CARD
    )
    sources = ("llm_rewritten from l2r", "back_translated from pan13", "back_translated from roundtrip_lm")
    check(" ".join(*said), [found[f"held-out {name}"] for name in sources])


def test_the_card_says_how_passages_and_edits_are_found() -> None:
    check(cells(CARD, "PAN 2013 passages")[0], [result("pan")["all"]["plagdet"]])
    plagdets = [result("pan25")[part]["plagdet"] for part in ("not tuned on", "all")]
    check(cells(CARD, "PAN 2025 sample")[0], plagdets)
    edits = result("arxivedits")
    check(
        cells(CARD, "arXivEdits dev")[0],
        [edits[name]["f1"] for name in ("substitutions", "substitutions, difflib")],
    )


def test_the_card_says_how_a_spinner_that_was_left_out_is_found() -> None:
    row = result("families")[0]
    (said,) = re.findall(r"the tool that adds to them, (\S+ of \S+) held-out texts", CARD)
    check(said.replace("%", ""), [100 * row["recall"], row["count"]])


def test_the_card_says_what_evades() -> None:
    rows = result("evasion")
    for name in {row["evasion"] for row in rows} - {"sentences left verbatim"}:
        told = [100 * row["spun_told"] for row in rows if row["evasion"] == name and row["strength"]]
        check(" ".join(cells(CARD, name)), told)
    (said,) = re.findall(r"the others left verbatim, (\S+ \S+ \S+ and \S+) are found", CARD)
    check(said, [row["spun_told"] for row in rows if row["evasion"] == "sentences left verbatim"][1:])
    assert "at most one scores 50" in CARD and max(row["honest_accused"] for row in rows) == 1


def test_the_card_says_what_disguises_do() -> None:
    rows = [row for rates in result("disguises").values() for row in rates.values()]
    (said,) = re.findall(r"left every score at (\S+) of\s+the plain text's or more", CARD)
    assert float(said.rstrip("%")) / 100 <= min(row["spun_ratio_worst"] for row in rows)
    assert "one is accused in disguise, none without" in CARD
    assert max(row["honest_50_or_more"] for row in rows) == 1
    assert max(row["honest_50_or_more_plain"] for row in rows) == 0


def test_both_say_how_often_the_direction_is_told() -> None:
    told = {name: row["told"] for name, row in result("direction").items()}
    (said,) = re.findall(r"the direction is told in (\d+%) of 116 comparisons", README)
    check(said, [told["all"]])
    (said,) = re.findall(r"Of the wild news (\d+%) are told", CARD)
    check(said, [told["all"]])
    (said,) = re.findall(r"told for (\S+ of spun texts, .* of translations)\.", README)
    check(said, [told["spun"], told["llm_rewritten"], told["back_translated"]])


def test_the_readme_says_how_often_the_tool_is_told() -> None:
    accuracy = result("tools")["accuracy"]
    for share in ("10%", "20%", "40%", "60%"):
        rows = [accuracy[f"{way} {float(share[:-1]) / 100}"] for way in ("compared", "alone")]
        said = " ".join(cells(README, f"{share} |"))
        check(said, [row[name] for row in rows for name in ("told", "right_dictionary")])


def test_the_readme_has_the_table_of_other_tools() -> None:
    table = (ROOT / "benchmarks/results/others.md").read_text("utf-8").splitlines()[2:]
    assert len(table) == len(result("others")) and set(table) <= set(README.splitlines())


def test_the_card_says_how_texts_are_judged_alone() -> None:
    found = result("reference_free")
    people, tools, wild = found["people"], found["tools"]["tools"], found["wild"]
    learners = people["kinds"]["simulated learners of English"]
    edits = [row for name, row in tools.items() if name.startswith("control_")]
    for beginning, rows in (
        ("people's writing kept apart", [people]),
        ("simulated learners", [learners]),
        ("honest edits by machines", edits),
    ):
        accused = sum(round(row["at_50"] * row["texts"]) for row in rows)
        check(cells(CARD, beginning)[0].replace(",", ""), [accused, sum(row["texts"] for row in rows)])
    assert f"edits by machines (typos, OCR, hyphens, names, British spelling ...), {len(edits)} kinds" in CARD
    spun = [f"{round(wild['spun_at_50'] * wild['spun'])} of {wild['spun']}"]
    assert cells(CARD, "wild spun news")[0] in spun and f"of real spun news, {spun[0]} score 50" in README
    for beginning, name in (("npm_thesaurus", "npm_thesaurus"), ("nlpaug (W", "nlpaug"), ("omatic (the", "omatic")):
        told = [row["at_50"] for tool, row in tools.items() if tool.startswith(name)]
        check(cells(CARD, beginning)[0], told)
    (said,) = re.findall(r"replaced, and (\d+% of those with 30%)", README)
    check(said.partition(" ")[0], [tools["npm_thesaurus:30%"]["at_50"]])


def test_the_card_says_how_much_is_restored() -> None:
    rows = result("reference_free")["restoring"]
    every = {name: sum(row[name] for row in rows.values()) for name in rows["wild"]}
    (said,) = re.findall(r"(\d+%) are\s+restored rightly; (?:\d+%) are shown", CARD)
    check(said, [every["first"] / every["replaced"]])
    (shown, right) = re.findall(r"rightly; (\d+%) are shown, and the first guess at (\d+%)", CARD)[0]
    check(f"{shown} {right}", [every["shown"] / every["replaced"], every["first"] / every["shown"]])
    (said,) = re.findall(r"were replaced (\d+) more are shown", CARD)
    check(said, [100 * every["false"] / every["replaced"]])
