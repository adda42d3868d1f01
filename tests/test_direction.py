"""Which of two texts was made from the other: signs in the words, their weights, and what follows for twins."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import factory
import numpy as np
import pytest
from factory import spun_comparison
from typer.testing import CliRunner

from spindetect import Archive, Detector
from spindetect.align.lexical.same_word import americanised
from spindetect.archive.records import make_record
from spindetect.cli import app
from spindetect.errors import InvalidModel, UnreadableArticle
from spindetect.findings import Direction, DirectionSign, Undecided
from spindetect.parts import DIRECTION, renew
from spindetect.pipeline import compare_documents
from spindetect.read.article import read_article
from spindetect.records import Article, Span
from spindetect.report.data import report_dict
from spindetect.results import Comparison
from spindetect.retrieve import direction
from spindetect.retrieve.direction import (
    Side,
    _said,
    load_leaning,
    save_leaning,
    tell_direction,
    with_direction,
    worth_measuring,
)
from spindetect.retrieve.searching import Search, _within, accuses, best_of, is_honest_version, is_source
from spindetect.retrieve.signs import EVEN, ODD, Leaning, Measured, measure
from spindetect.training.direction import MAKERS, maker
from spindetect.training.pairs.dataset import Example

DATA = Path(__file__).parents[1] / "data"
SPUN, ORIGINAL = (DATA / "harbor" / f"{name}.txt" for name in ("spun", "original"))


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector.load()


@pytest.fixture(scope="module")
def leaning(detector: Detector) -> Leaning:
    found = load_leaning(Path(detector.model.metadata["folder"]))
    assert found is not None
    return found


def measured_of(detector: Detector, comparison: Comparison) -> Measured:
    assert detector.pair_counts is not None
    return measure(comparison, detector.model.lexicon, detector.pair_counts)


def test_with_the_sides_exchanged_the_log_odds_change_their_sign_and_nothing_else(leaning: Leaning) -> None:
    rng = np.random.default_rng(3)
    for _ in range(50):
        odd = dict(zip(ODD, rng.normal(0.0, 2.0, len(ODD)).tolist(), strict=True))
        even = dict(zip(EVEN, rng.normal(0.5, 1.0, len(EVEN)).tolist(), strict=True))
        there, back = (
            Measured(odd, even, (1, 2)),
            Measured({name: -value for name, value in odd.items()}, even, (2, 1)),
        )
        assert leaning.log_odds(there) == pytest.approx(-leaning.log_odds(back), abs=1e-9)
    nothing = Measured(dict.fromkeys(ODD, 0.0), even, (0, 0))
    assert leaning.log_odds(nothing) == 0.0


def test_the_direction_counts_the_tell_tales_that_the_comparison_shows(detector: Detector) -> None:
    fewer, signs = 0, []
    for story in ("harbor", "battery", "heatwave"):
        spun, original = (detector.document(DATA / story / f"{name}.txt") for name in ("spun", "original"))
        found = detector.compare(spun.article, original.article)
        shown = sum(one.telltale for one in found.substitutions)
        fewer += shown < sum(
            one.telltale for one in compare_documents(spun, original, detector.model, "").substitutions
        )
        assert found.direction is not None
        named = [one.explanation for one in found.direction.signs if one.sign == "telltales"]
        assert all(one.startswith(f"the suspect has {shown} tell-tales") for one in named)
        signs += named
    assert fewer and signs, "in none of the stories does a phrase fit where it stands, or a sign count them"


def test_a_spinners_words_are_rarer_fit_worse_and_go_one_way(detector: Detector, leaning: Leaning) -> None:
    there = measured_of(detector, detector.compare(SPUN, ORIGINAL))
    back = measured_of(detector, detector.compare(ORIGINAL, SPUN))
    assert there.odd["fit"] < 0.0 < there.odd["rarity"] and there.odd["directed"] > 0.0
    assert all(there.odd[name] * back.odd[name] <= 0.0 for name in ("fit", "rarity", "directed", "telltales"))
    assert there.telltales[0] > 2 * there.telltales[1]
    assert leaning.log_odds(there) > 3.0 and leaning.log_odds(back) < -3.0


def test_shares_of_kinds_and_lengths_are_counted_by_hand(detector: Detector) -> None:
    """Eleven words on either side with a substitution each of four kinds; then the first alone, and none."""
    old = factory.document("Ann saw the dog run off. It was an old one.")
    new = factory.document("Ann saw a cat running off. It was a new one.")
    changes = (("dog", "cat", "synonym"), ("the", "a", "function"), ("run", "running", "form"))
    swaps = [factory.Swap(*one) for one in (*changes, ("an old", "a new", "rewrite"))]
    whole = [(0, 0), (1, 1)]
    many = measured_of(detector, factory.comparison(new, old, swaps, whole))
    names = ("changed", "rewritten", "grammar", "inflected", "synonyms", "unanswered")
    words = math.log(30 / 23)
    assert [many.even[name] for name in names] == pytest.approx([4 / 31, 0.25, 0.25, 0.25, 0.25, words])
    assert many.odd["length"] == pytest.approx((32 - 31) / 11)
    assert many.telltales == (0, 0)
    one = measured_of(detector, factory.comparison(new, old, swaps[:1], whole))
    assert [one.even[name] for name in names] == pytest.approx([1 / 31, 0.0, 0.0, 0.0, 1.0, words])
    none = measured_of(detector, factory.comparison(new, old, (), whole))
    assert [none.even[name] for name in names] == pytest.approx([0.0, 0.0, 0.0, 0.0, 0.0, words])


@pytest.mark.parametrize(
    ("word", "known"), [("administration", True), ("governació", False), ("govermnet", False), ("Gubernia", False)]
)
def test_words_that_the_model_does_not_know_have_no_say_in_fit_and_rarity(
    detector: Detector, word: str, known: bool
) -> None:
    """A word left untranslated is rare and fits badly, and so is a misspelling or a coinage of the original's."""
    texts = (f"Ann saw the {one} move off. It was an old house." for one in ("government", word))
    old, new = (detector.document(Article(text)) for text in texts)
    whole = [(0, 0), (1, 1)]
    there = measured_of(detector, factory.comparison(new, old, [factory.Swap("government", word)], whole))
    back = measured_of(detector, factory.comparison(old, new, [factory.Swap(word, "government")], whole))
    for name in ("fit", "rarity", "content_fit", "content_rarity"):
        assert (there.odd[name] != 0.0) is known and there.odd[name] == -back.odd[name], name
    assert there.even["changed"] == pytest.approx(1 / 31)  # it is a substitution all the same


AMERICAN = """\
The county board voted on Tuesday to close the old harbor road for two months while crews repair the storm \
damage. Mayor Ellen Marsh said the neighborhood would be reached by a single lane behind the labor center, and \
that the work should be finished before school starts in the fall. Many shopkeepers worry that customers will \
stay away. "We lost half of our summer business last year," said Tom Greer, who runs a small theater and a \
hardware store near the pier. The board set aside a fund of nine million dollars, most of it from a state \
program, to pay for the repairs and to help owners whose sales drop. An engineer told the meeting that the \
pavement had been weakened by years of heavy trucks, not only by the flood. She also warned that the drain below \
the road is too narrow. A second vote, on whether to build a wider drain, is set for next month. Residents can \
send their comments to the clerk until Friday, and a public hearing will be held at the library.
"""
BY_RULES = """\
The county advice voted on Tuesday to close the old road of port during two months while the crews repair the \
harm of the tempest. Mayor Ellen Marsh said that the neighbourhood would be arrived by an alone rail behind the \
centre of labour, and that the work it would have to be finished before the school begins in the autumn. Many \
botiguers preoccupy that the customers will remain out. "We lost half of ours business of summer the last year," \
said Tom Greer, the one who runs a small theatre and a ferreteria near the wharf. The advice reserved a bottom \
of nine million dollars, the majority of it from a programme of state, to pay for the repairs and to help the \
owners whose sales fall. An engineer said the meeting that the paviment had been debilitated by years of heavy \
lorries, not only by the flood. She also advised that the desguàs under the road is too narrow. A second vote, \
on if to build a wider desguàs, is fixed for the next month. The residents can send his comments to the clerk \
until Friday, and a public audience will be celebrated in the library.
"""


def test_british_spelling_and_foreign_words_do_not_make_a_translation_by_rules_the_original(
    detector: Detector,
) -> None:
    """Whoever translates back by rules writes British English, and leaves words that the dictionary lacks."""
    there, back = detector.compare(BY_RULES, AMERICAN), detector.compare(AMERICAN, BY_RULES)
    assert measured_of(detector, there).odd["american"] == -3.0
    assert (there.verdict, [one.copy for one in (there.direction, back.direction) if one]) == (
        "back_translated",
        ["suspect", "reference"],
    )
    assert [one.reason for one in back.undecided] == ["swapped"]


def test_the_files_are_not_called_swapped_where_the_reference_would_not_be_accused_either(
    detector: Detector, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not str(direction.__file__).endswith(".py"):
        pytest.skip("of a compiled module nothing can be put in another's place")
    back = detector.compare(AMERICAN, BY_RULES)
    accused = compare_documents(back.suspect, back.reference, detector.model, "", detector.pair_counts)
    turned = compare_documents(back.reference, back.suspect, detector.model, "", detector.pair_counts)
    plainer = Undecided("another_register", None, "One text is much plainer.")
    for found, reasons in (
        (turned, ["swapped"]),
        (replace(turned, verdict="undecided", undecided=(plainer,)), ["another_register"]),
        (replace(turned, verdict="edited"), ["both_ways"]),
    ):
        monkeypatch.setattr(direction, "compare_documents", lambda *_, found=found: found)
        told = with_direction(accused, detector)
        assert told.direction is not None and told.direction.copy == "reference"
        assert (told.verdict, [one.reason for one in told.undecided]) == ("undecided", reasons)


def test_the_shipped_weights_are_of_the_makers_that_training_tells_apart(
    detector: Detector, leaning: Leaning
) -> None:
    record = json.loads((Path(detector.model.metadata["folder"]) / DIRECTION).read_text("utf-8"))
    assert tuple(record["makers"]) == MAKERS and len(leaning.odd) == len(MAKERS)
    learnt = {name.partition("/")[0] for name in record["examples"]}
    assert learnt == set(MAKERS) and "translated_by_rules/apertium" in record["examples"]
    examples = [
        Example("x", relation, operator, "g", "a", "b", False)
        for relation, operator in (
            ("spun", "nlpaug"),
            ("back_translated", "apertium:cat"),
            ("back_translated", "m2m"),
        )
    ]
    assert [MAKERS[maker(one)] for one in examples] == ["exchanged", "translated_by_rules", "translated"]


def test_texts_without_a_word_in_common_have_no_signs(detector: Detector) -> None:
    empty = measured_of(detector, detector.compare("", ""))
    assert set(empty.odd.values()) == {0.0} and empty.telltales == (0, 0)
    assert detector.compare("", "").direction is not None


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("theatre", "theater", True),
        ("theater", "theatre", False),
        ("colours", "colors", True),
        ("petrol", "gas", True),
        ("lorries", "trucks", True),
        ("trucks", "lorries", False),
        ("house", "home", False),
        ("four", "for", False),
    ],
)
def test_american_words_for_british_ones(old: str, new: str, expected: bool) -> None:
    assert americanised(old, new) is expected


def test_weights_are_read_as_they_were_written_and_refused_when_damaged(
    detector: Detector, leaning: Leaning, tmp_path: Path
) -> None:
    assert load_leaning(tmp_path / "nothing") is None
    shipped = (Path(detector.model.metadata["folder"]) / DIRECTION).read_text("utf-8")
    record = json.loads(shipped)
    weights = ("format", "odd", "even", "scale", "shift")
    save_leaning(tmp_path, leaning, {name: value for name, value in record.items() if name not in weights})
    assert (tmp_path / DIRECTION).read_text("utf-8") == shipped
    again = load_leaning(tmp_path)
    assert again is not None and (again.odd == leaning.odd).all() and again.scale == leaning.scale
    for number, damage in enumerate(({"format": 99}, {"odd": []}, {"scale": {}}, {"shift": None})):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / DIRECTION).write_text(json.dumps({**record, **damage}), "utf-8")
        with pytest.raises(InvalidModel, match=r"manifest\.json is missing, or doesn't name direction\.json"):
            load_leaning(folder)
        renew(folder)
        with pytest.raises(InvalidModel, match=r"direction\.json is (damaged|99, this version)"):
            load_leaning(folder)


def test_the_json_report_has_the_direction_with_its_signs(detector: Detector) -> None:
    told = report_dict(detector.compare(ORIGINAL, SPUN))["direction"]
    assert told["copy"] == "reference" and told["probability"] < 0.05
    assert all(set(sign) == {"sign", "nats", "explanation"} for sign in told["signs"]) and told["signs"]


@pytest.mark.parametrize(("suspect", "reference", "code"), [(SPUN, ORIGINAL, 1), (ORIGINAL, SPUN, 0)])
def test_swapped_files_do_not_fail(suspect: Path, reference: Path, code: int) -> None:
    arguments = ["score", str(suspect), "--reference", str(reference), "--fail-at", "50"]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == code
    if not code:
        assert "undecided" in result.stdout and "the reference is the copy" in result.stdout


# --- by hand ------------------------------------------------------------------------------------------

LATER, EARLIER = "2026-02-01", "2026-01-01"
ON = f"({LATER}) than the reference ({EARLIER})"
RARER, COMMONER = ODD["rarity"]


def leaning_to(**weights: float) -> Leaning:
    """Weights for one kind of machine, whatever the texts: twice a sign is what it says."""
    ones = dict.fromkeys([*ODD, *EVEN], 1.0)
    odd = np.array([[weights.get(name, 0.0) for name in ODD]])
    return Leaning(odd, np.zeros((1, 1 + len(EVEN))), ones, dict.fromkeys(EVEN, 0.0))


def signs_of(seen: tuple[int, int] = (0, 0), **odd: float) -> Measured:
    return Measured({**dict.fromkeys(ODD, 0.0), **odd}, dict.fromkeys(EVEN, 0.0), seen, seen[0])


def published(suspect: str | None, reference: str | None, coverage: float = 0.9) -> Comparison:
    found = spun_comparison()
    sides = [
        replace(document, article=replace(document.article, published=time))
        for document, time in ((found.suspect, suspect), (found.reference, reference))
    ]
    return replace(found, coverage=coverage, suspect=sides[0], reference=sides[1])


@pytest.mark.parametrize(
    ("later", "rarity", "copy", "nats", "reason"),
    [
        (None, 0.625, "suspect", 1.25, RARER),
        (None, -0.625, "reference", -1.25, COMMONER),
        (None, 0.62, None, 1.24, "neither text says when it was published, and the words don't show it either"),
        (None, 2.0, "suspect", 4.0, RARER),
        (None, 4.0, "suspect", 6.0, RARER),  # a sign is bounded
        ("suspect", 0.0, "suspect", 2.5, f"the suspect was published later {ON}"),
        ("suspect", 1.0, "suspect", 4.5, f"the suspect was published later {ON}, and {RARER}"),
        ("suspect", -0.6, "suspect", 1.3, f"the suspect was published later {ON}"),
        ("suspect", -0.63, None, 1.24, f"the suspect was published later {ON}, but {COMMONER}"),
        ("suspect", -2.0, "reference", -1.5, f"{COMMONER}, though the suspect was published later {ON}"),
    ],
)
def test_times_and_words_are_added_up(
    later: str | None, rarity: float, copy: str | None, nats: float, reason: str
) -> None:
    comparison = published(LATER, EARLIER) if later else published(None, None)
    told = tell_direction(comparison, signs_of(rarity=rarity), leaning_to(rarity=1.0))
    assert (told.copy, told.reason) == (copy, reason)
    assert told.probability == pytest.approx(1 / (1 + np.exp(-nats)))
    said = [("published", 2.5)] * bool(later) + [("rarity", 2.0 * min(rarity, 3.0))] * (rarity != 0.0)
    assert [(one.sign, one.nats) for one in told.signs] == [(name, pytest.approx(value)) for name, value in said]
    back = tell_direction(published(EARLIER, LATER), signs_of(rarity=-rarity), leaning_to(rarity=1.0))
    assert later is None or back.probability == pytest.approx(1.0 - told.probability)


def test_words_say_no_more_than_six_nats_and_nothing_of_texts_with_little_in_common() -> None:
    measured, leaning = signs_of(rarity=3.0, length=3.0), leaning_to(rarity=1.0, length=1.0)
    told = tell_direction(published(None, None), measured, leaning)
    assert told.probability == pytest.approx(1 / (1 + np.exp(-6.0))) and [one.nats for one in told.signs] == [
        6.0,
        6.0,
    ]
    assert tell_direction(published(None, None, 0.3), measured, leaning).copy == "suspect"
    other = tell_direction(published(LATER, EARLIER, 0.29), measured, leaning)
    assert (other.copy, other.probability, other.signs) == (None, 0.5, ())
    assert tell_direction(published(None, None), None, leaning).copy is None
    assert tell_direction(published(None, None), measured, None).copy is None


def test_the_strongest_signs_are_named_and_telltales_plain_to_see_before_all() -> None:
    weights = leaning_to(fit=1.0, rarity=1.0, length=1.0, directed=1.0, american=1.0, telltales=1.0)
    odd = {"fit": -0.1, "rarity": 0.5, "length": 0.3, "directed": -0.4, "american": 0.2}
    found = tell_direction(published(None, None), signs_of(**odd), weights).signs
    assert [one.sign for one in found] == ["rarity", "directed", "length", "american"]
    weaker = tell_direction(published(None, None), signs_of(rarity=0.5, fit=0.11, length=-0.09), weights).signs
    assert [one.sign for one in weaker] == ["rarity", "fit"] and weaker[1].explanation == ODD["fit"][0]
    for telltales, named in (((3, 0), True), ((2, 0), False), ((3, 1), False), ((4, 1), True), ((0, 3), True)):
        measured = signs_of(telltales, rarity=0.5, telltales=0.05 if telltales[0] else -0.05)
        first, *_ = tell_direction(published(None, None), measured, weights).signs
        assert (first.sign == "telltales") is named, telltales
        if named:
            here, there = ("suspect", "reference") if telltales[0] else ("reference", "suspect")
            only = "only 1" if min(telltales) else "none"
            assert first.explanation == (
                f"the {here} has {max(telltales)} tell-tales of a machine but the {there} {only}"
            )


def test_words_are_worth_measuring_where_a_machine_may_have_been_at_work() -> None:
    found = published(None, None)
    for coverage, spun, worth in ((0.3, 0.2, True), (0.29, 0.9, False), (0.9, 0.19, False)):
        relations = dict.fromkeys(found.relations, 0.0) | {"spun": spun, "edited": 1.0 - spun}
        assert worth_measuring(replace(found, coverage=coverage, relations=relations)) is worth
    assert not worth_measuring(replace(found, verdict="independent"))


def test_kinds_of_machines_are_weighed_by_how_the_texts_differ() -> None:
    """Two kinds that lean to either side: which of them it is the shares of synonyms tell."""
    place = 1 + EVEN.index("synonyms")
    odd, even = np.zeros((2, len(ODD))), np.zeros((2, 1 + len(EVEN)))
    odd[:, 0], even[0, place], even[1, 0] = (1.0, -1.0), 2.0, 0.5
    scale = {**dict.fromkeys([*ODD, *EVEN], 1.0), "fit": 2.0}
    leaning = Leaning(odd, even, scale, {**dict.fromkeys(EVEN, 0.0), "synonyms": 1.0})
    measured = Measured(
        {**dict.fromkeys(ODD, 0.0), "fit": 1.0}, {**dict.fromkeys(EVEN, 0.0), "synonyms": 1.5}, (0, 0)
    )
    first, second = 2.0 * 0.5, 0.5
    expected = np.logaddexp(first + 0.5, second - 0.5) - np.logaddexp(first - 0.5, second + 0.5)
    assert leaning.log_odds(measured) == pytest.approx(expected)
    assert leaning.parts(measured) == pytest.approx({**dict.fromkeys(ODD, 0.0), "fit": expected})


# --- which comparison a suspect is judged by ------------------------------------------------------------


def compared(
    score: float = 95.0,
    reuse: float = 99.0,
    copy: Side | None = "suspect",
    probability: float = 0.9,
    **given: float,
) -> Comparison:
    """A comparison with this score and this reuse (of 100); ``given`` are features, of which coverage is one."""
    relations = {"copied": 0.0, "edited": 1.0 - score / 100.0, "spun": score / 100.0} | dict.fromkeys(
        ("back_translated", "llm_rewritten", "independent"), 0.0
    )
    features = {"kept_words": 0.8, "identical_sentences": 0.0, "reference_coverage": 0.7, **given}
    found = replace(spun_comparison(), reuse=reuse, features=features, coverage=given.get("coverage", 0.9))
    return replace(found, relations=relations, direction=Direction(copy, "by hand", probability))


@pytest.mark.parametrize(
    ("comparison", "accused"),
    [
        (compared(50.0, 80.0), True), (compared(49.9, 80.0), False), (compared(50.0, 79.9), False),
        (compared(90.0, 90.0, None, 0.51), True), (compared(90.0, 90.0, None, 0.5), False),
        (compared(89.9, 99.0, None), False), (compared(99.0, 89.9, None), False),
        (compared(copy="reference"), False),
    ],
)  # fmt: skip
def test_from_where_on_a_comparison_accuses_whatever_others_show(comparison: Comparison, accused: bool) -> None:
    assert accuses(comparison) is accused


def test_shares_of_words_are_compared_to_the_hundredth() -> None:
    """0.72 and 0.718 kept are as much, and the score decides; 0.7 and 0.703 taken over are, and the reuse does."""
    more, higher = compared(10.0, coverage=0.9), compared(20.0, coverage=0.8975)
    assert best_of([more, higher]) is higher and best_of([higher, more]) is higher
    taken, nearer = compared(10.0, 90.0, reference_coverage=0.703), compared(10.0, 91.0)
    assert best_of([taken, nearer]) is nearer and best_of([nearer, taken]) is nearer
    far = compared(10.0, 90.0, reference_coverage=0.71)
    assert best_of([far, nearer]) is far and best_of([compared(30.0, coverage=0.87), more]) is more


def test_a_suspect_is_judged_by_an_accusation_then_by_a_source_then_by_what_was_kept() -> None:
    ranked = [
        compared(60.0, 85.0, coverage=0.3),
        compared(20.0, coverage=0.9),
        compared(20.0, coverage=0.9, reference_coverage=0.6),
        compared(10.0, coverage=0.9),
        compared(30.0, coverage=0.5),
        compared(99.0, copy="reference", coverage=1.0),  # a copy of the suspect, where there is a source
    ]
    for place, expected in enumerate(ranked):
        assert best_of(ranked[place:][::-1]) is expected
    copies = [compared(40.0, copy="reference", coverage=1.0), compared(40.0, 40.0, None, coverage=0.5)]
    assert best_of(copies) is copies[0]  # no version of the suspect is a source
    assert best_of([copies[0], compared(40.0, 50.0, None, coverage=0.5)]) is not copies[0]
    nearly = [compared(20.0, 60.0, coverage=0.9), compared(20.4, 70.0, coverage=0.902)]
    assert best_of(nearly) is nearly[1] and best_of(nearly[::-1]) is nearly[1]  # alike but for the reuse


def test_which_comparisons_are_of_honest_versions_and_of_sources() -> None:
    honest = [is_honest_version(compared(*one)) for one in ((49.9, 50.0), (50.0, 50.0), (49.9, 49.9))]
    assert honest == [True, False, False] and not is_honest_version(UnreadableArticle("broken"))
    assert is_source(replace(compared(10.0, 50.0, coverage=0.0), verdict="independent"))
    told = [
        is_source(replace(compared(10.0, 49.9, coverage=coverage), verdict=verdict))
        for coverage, verdict in ((0.05, "edited"), (0.049, "edited"), (0.9, "independent"))
    ]
    assert told == [True, False, False]
    assert _within(Span(0, 10), [Span(0, 3), Span(5, 8)]) and not _within(Span(0, 10), [Span(0, 5), Span(20, 99)])


# --- twins: copies of one spun text -------------------------------------------------------------------


def dressed(text: str, site: int) -> str:
    """A text as a site presents it, so that two sites' are two texts."""
    return f"Home > News > Site {site}\n\n{text}\n\nRead more on site {site}, and subscribe to newsletter {site}."


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """An original, and eight copies of one spun version of it."""
    spun, original = read_article(SPUN).text, read_article(ORIGINAL).text
    records = [{"id": "original", "text": original, "published": "2025-11-20"}]
    records += [{"id": f"site{n}", "text": dressed(spun, n), "published": f"2025-11-1{n}"} for n in range(8)]
    with Archive.create(tmp_path_factory.mktemp("twins") / "news") as archive:
        archive.add(records)
        yield archive


def test_a_copy_of_a_spun_text_is_spun_however_many_copies_are_nearer(detector: Detector, twins: Archive) -> None:
    text = dressed(read_article(SPUN).text, 3)
    itself = make_record({"id": "site3", "text": text}, {})
    found = Search(detector, twins, thrifty=True).match(text, itself).best
    assert isinstance(found, Comparison)
    assert found.verdict == "spun" and found.score > 90.0
    assert found.candidates[0].id == "original"
    single = Search(detector, twins, candidates=1).match(text, itself).best
    assert isinstance(single, Comparison) and single.verdict == "spun" and single.candidates[0].id == "original"
    part = detector.find_sources(text[: len(text) // 2], twins)
    assert part.verdict == "spun" and part.candidates[0].id == "original"


def test_the_original_is_not_accused_by_its_copies(detector: Detector, twins: Archive) -> None:
    text = read_article(ORIGINAL).text
    itself = make_record({"id": "original", "text": text}, {})
    found = Search(detector, twins).match(text, itself).best
    assert isinstance(found, Comparison) and found.reference_is_copy
    assert (found.verdict, [one.reason for one in found.undecided]) == ("undecided", ["swapped"])
    syndicated = detector.find_sources(f"{text}\n\nThis story was first published elsewhere.", twins)
    assert syndicated.candidates[0].id == "original" and syndicated.verdict in ("copied", "edited")


def test_an_accusation_takes_a_version_and_a_direction(detector: Detector) -> None:
    there, back, same = (
        detector.compare(*pair) for pair in ((SPUN, ORIGINAL), (ORIGINAL, SPUN), (ORIGINAL, ORIGINAL))
    )
    assert accuses(there) and not accuses(back) and not accuses(same)
    assert not accuses(replace(there, reuse=60.0)) and not accuses(replace(there, direction=None))
    assert best_of([same, there]) is there and best_of([back, same]) is same and best_of([]) is None


def test_what_the_same_words_show_is_said_once() -> None:
    named = [("fit", 1.0), ("rarity", -0.9), ("content_fit", 0.8), ("length", 0.3)]
    signs = [DirectionSign(name, nats, f"about {name}") for name, nats in named]
    assert _said(signs, 2.0) == "about fit, and about length"
    assert _said(signs, -2.0) == "about rarity"
    assert _said([], 2.0) == ""
