"""Simulated spinners: what they replace, and that every edit they report is true."""

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spindetect.records import Span
from spindetect.training.corpora import Thesaurus
from spindetect.training.pairs.stitch import crop, curl, straighten, vary
from spindetect.training.spinners.dictionaries import Lexicon, ThesaurusDictionary, inflect, tortured_lines
from spindetect.training.spinners.invented import WildSpinner
from spindetect.training.spinners.replacement import (
    DictionarySpinner,
    Exclusions,
    LineDictionary,
    SpunText,
    carry_out,
    matches,
    phrase_pairs,
    settle,
)
from spindetect.training.spinners.spinner import mixture

LINES = [
    ["to examine", "to look at"],
    ["a car", "an auto", "a motor"],
    ["the U.S.", "the us"],
    ["won", "gained"],
    ["3", "three"],
    ["well-liked", "popular"],
    ["car", "auto"],
    ["examine", "study"],
    ["fast car", "racer"],
    ["a", "one"],
    ["not go", "stay"],
    ["car", "wagon"],
]
THESAURUS = Thesaurus(
    senses={
        "examine": [("v", ("examine", "study", "look at"))],
        "car": [("n", ("car", "auto", "motorcar")), ("n", ("car", "elevator car"))],
        "go": [("v", ("go", "travel", "Go"))],
        "quick": [("a", ("quick", "speedy"))],
        "may": [("n", ("may", "hawthorn"))],
    },
    forms={"went": "go", "gone": "go"},
    kin={"car": [("n", ("vehicle", "truck"))], "go": [("v", ("move",))]},
)
LEXICON = Lexicon(THESAURUS, frozenset({"auto", "vehicle", "look", "at"}))
SPINNERS = {
    "tool": DictionarySpinner((LineDictionary(LINES),)),
    "always": DictionarySpinner((LineDictionary(LINES, keep_head=False),), residue=0.2, disguise=0.3),
    "thesaurus": DictionarySpinner((ThesaurusDictionary(LEXICON),), skew=2.0),
    "wild": WildSpinner(LEXICON, range(50)),
}
WORDS = (
    'a car the A Car won\'t fast cars not go went To examine to 3 3.8 well-liked "quoted car" '
    "May U.S. examined, quickly 10 would because of in. year İ ß – \n"
)
texts = st.lists(st.sampled_from([*WORDS.split(" "), "", "-"]), max_size=30).map(" ".join) | st.text(max_size=40)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def spin_all(text: str, lines: list[list[str]], exclusions: Exclusions | None = None) -> SpunText:
    """Spin by dictionary lines, replacing whatever can be."""
    return DictionarySpinner((LineDictionary(lines, keep_head=False),)).spin(text, rng(), 1.0, exclusions)


def undo(spun: SpunText, reference: str) -> str:
    """Put the reference's phrases back, last edit first."""
    text = spun.text
    for edit in reversed(spun.edits):
        text = text[: edit.suspect.start] + edit.reference.of(reference) + text[edit.suspect.end :]
    return text


@given(texts, st.sampled_from(sorted(SPINNERS)), st.integers(0, 99), st.sampled_from((0.5, 1.0)))
def test_edits_are_true_and_undo_the_spinning(text: str, family: str, seed: int, rate: float) -> None:
    recipe = mixture({family: SPINNERS[family]}, rng(seed), (rate, rate))
    spun = recipe.spin(text, rng(seed))
    assert undo(spun, text) == text
    assert all(old and new and old != new for old, new in _phrases(spun, text))
    for side in ("suspect", "reference"):
        spans = [getattr(edit, side) for edit in spun.edits]
        assert all(left.end <= right.start for left, right in pairwise(spans))
    assert spun == recipe.spin(text, rng(seed)), "the same generator gives the same text"


def _phrases(spun: SpunText, text: str) -> list[tuple[str, str]]:
    return [(edit.reference.of(text), edit.suspect.of(spun.text)) for edit in spun.edits]


@given(texts)
def test_rate_zero_and_no_text_change_nothing(text: str) -> None:
    for spinner in SPINNERS.values():
        assert spinner.spin(text, rng(), rate=0.0) == SpunText(text)
        assert spinner.spin("", rng()) == SpunText("")


def slow_settle(text: str, lines: list[list[str]]) -> list[tuple[int, int]]:
    """The tool as it is described: every line from the top by regular expression, in two passes."""
    taken = [False] * len(text)
    places = []
    for change in (str, lambda head: head[0].upper() + head[1:]):
        for head, *_ in lines:
            pattern = rf"(?<![-\w]){re.escape(change(head))}(?![-\w])"
            for start in range(len(text)):
                match = re.compile(pattern).match(text, start)
                if match and re.search(r"\w$", head) and not any(taken[start : match.end()]):
                    taken[start : match.end()] = [True] * (match.end() - start)
                    places.append(match.span())
    return sorted(places)


@given(texts)
def test_fast_matching_finds_what_the_tool_would(text: str) -> None:
    found = settle(matches(text, (LineDictionary(LINES),)), len(text))
    assert [(match.start, match.end) for match in found] == slow_settle(text, LINES)


@pytest.mark.parametrize(
    ("text", "spun", "pairs"),
    [
        ("He came to examine it.", "He came to look at it.", [("examine", "look at")]),
        ("To examine it", "To study it", [("examine", "study")]),  # the lower-case pass came first
        ("Not go", "Stay", [("not go", "stay")]),
        ("He won't go", "He gained't go", [("won", "gained")]),
        ("3.84 million", "three.84 million", [("3", "three")]),
        ("a car-park, pre-car", "one car-park, pre-car", [("a", "one")]),
        ("the U.S. won", "the U.S. gained", [("won", "gained")]),
        ("A CAR", "One CAR", [("a", "one")]),
    ],
)
def test_worked_examples(text: str, spun: str, pairs: list[tuple[str, str]]) -> None:
    result = spin_all(text, LINES)
    assert result.text == spun
    assert phrase_pairs(result, text) == pairs


def test_an_earlier_line_wins_over_a_longer_or_later_one() -> None:
    assert spin_all("fast car", LINES).text == "fast auto"
    assert spin_all("a car", [["car", "auto"], ["a car", "one wagon"]]).text == "a auto"


def test_lower_case_pass_comes_first() -> None:
    assert spin_all("A car", [["a car", "one wagon"], ["car", "auto"]]).text == "A auto"


def test_the_tool_may_draw_the_head_itself() -> None:
    spun = {SPINNERS["tool"].spin("a car", rng(seed)).text for seed in range(40)}
    assert spun == {"a car", "an auto", "a motor"}


def test_edits_are_trimmed_to_a_word_on_either_side() -> None:
    spun = carry_out("one of the best", [(0, 10, "one of")])
    assert [(edit.suspect, edit.reference) for edit in spun.edits] == [(Span(4, 6), Span(4, 10))]
    assert carry_out("in order to go", [(0, 11, "to")]).edits[0].reference == Span(0, 11)
    assert carry_out("same", [(0, 4, "same")]) == SpunText("same")


def test_exclusions_keep_the_tool_away() -> None:
    text = 'Fast car wins\nCar fans saw Car say "a car" of a car'
    lines = [["car", "auto"]]
    assert spin_all(text, lines).text.lower().count("auto") == 5
    assert "saw Car say" in spin_all(text, lines, Exclusions(names=True)).text
    assert '"a car" of a auto' in spin_all(text, lines, Exclusions(quotations=True)).text
    assert spin_all(text, lines, Exclusions(title=True)).text.startswith("Fast car wins\nAuto fans")
    assert len(spin_all(text, lines, Exclusions(every=2)).edits) == 3


def test_synonyms_copy_the_inflection_crudely() -> None:
    assert inflect("box", "s") == "boxes"
    assert LEXICON.synonyms("examined") == ("studied", "looked at")
    assert LEXICON.synonyms("examined", inflected=False) == ("study", "look at")
    assert LEXICON.synonyms("cars") == ("autos", "motorcars", "elevator cars")
    assert LEXICON.synonyms("went") == ("traveled",)
    assert LEXICON.synonyms("quickly") == ("speedily",)
    assert LEXICON.kin("cars") == ("vehicles", "trucks")
    assert LEXICON.synonyms("unknown") == ()


def test_thesaurus_leaves_function_words_alone() -> None:
    assert SPINNERS["thesaurus"].spin("may", rng()) == SpunText("may")


def test_tortured_terms_come_longest_first_without_function_words() -> None:
    phrases = [("by", "beside"), ("data", "information"), ("big data", "huge information"), ("data", "facts")]
    assert tortured_lines(phrases) == [["big data", "huge information"], ["data", "information", "facts"]]


def test_invented_spinners_differ_by_seed_and_stay_themselves() -> None:
    wild = WildSpinner(LEXICON, range(30))
    text = "People would go because of the car, and cars went by"
    spun = [wild.invented(seed).spin(text, rng()).text for seed in range(30)]
    assert len(set(spun)) > 10
    assert spun[3] == WildSpinner(LEXICON).invented(3).spin(text, rng()).text


def test_mixture_draws_every_family_within_the_rates() -> None:
    generator = rng()
    recipes = [mixture(SPINNERS, generator) for _ in range(60)]
    assert {recipe.family for recipe in recipes} == set(SPINNERS)
    assert all(0.15 <= recipe.rate <= 0.9 for recipe in recipes)


@given(texts, st.integers(1, 40), st.integers(0, 9))
def test_a_crop_is_a_prefix(text: str, words: int, seed: int) -> None:
    cropped = crop(text, words, rng(seed))
    assert text.startswith(cropped)
    assert bool(cropped) == bool(text.strip()) or cropped == text


def test_crops_end_at_sentences_or_paragraphs() -> None:
    text = "One two. Three four five. Six\nseven eight. Nine."
    assert {crop(text, 5, rng(seed)) for seed in range(20)} == {
        "One two. Three four five.",
        "One two. Three four five. Six",
    }
    assert crop(text, 100, rng()) == text


def test_variations_leave_the_words() -> None:
    text = "\n".join(f'Paragraph {number} says "yes".' for number in range(5))
    varied = [vary(text, rng(seed), ["A headline"]) for seed in range(60)]
    assert any("A headline" in one for one in varied) and any("“" in one for one in varied)
    for one in varied:
        kept = [line for line in straighten(one).splitlines() if line and line != "A headline"]
        assert set(kept) <= set(text.splitlines()) and len(kept) >= 4
        assert kept[0].startswith("Paragraph 0")


@given(texts)
def test_curling_keeps_the_length_and_straightening_undoes_it(text: str) -> None:
    plain = straighten(text)
    assert len(curl(plain)) == len(plain)
    assert straighten(curl(plain)) == plain
