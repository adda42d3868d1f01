"""What convinces a reader: the order of the evidence, tell-tales in their context, what isn't in the reference."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from math import fsum
from pathlib import Path

import pytest
from factory import spun_comparison

from spindetect import Detector
from spindetect.findings import Contribution
from spindetect.kinds import KINDS
from spindetect.persuasion import SIGNS, Item, persuasion
from spindetect.pipeline import compare_documents
from spindetect.records import Word
from spindetect.report.alike import alike, best, how_often, strongest
from spindetect.report.data import report_dict
from spindetect.report.html.context import reasons_against
from spindetect.report.html.page import report_page
from spindetect.report.plain import PLAIN, plain_words, reasons
from spindetect.report.reasons import score_reasons
from spindetect.report.tables import as_table
from spindetect.report.terminal import render
from spindetect.report.words import NO_ACQUITTAL
from spindetect.results import Assessment, Comparison

HARBOR = Path(__file__).parents[1] / "data" / "harbor"
WAR = (
    "The museum shows how the town lived in the years of World Struggle II. Its director said that most of "
    "the letters came from soldiers who wrote home every week. A second room is about the harbor, which was "
    "bombed in World Struggle II and built anew. Visitors may read the diary of a nurse, and hear what people"
    " sang at night."
)
HONEST = (
    "The grocery store on the corner didn't close until nine. She said it wasn't easy to find good help, and "
    "that her father wouldn't have hired anybody who couldn't add. The grocery store had been his for forty "
    "years."
)


@lru_cache
def detector() -> Detector:
    return Detector.load()


@lru_cache
def partly() -> Comparison:
    """The spun story against the first half of its original: the other half has no counterpart."""
    original = (HARBOR / "original.txt").read_text("utf-8")
    return detector().compare(HARBOR / "spun.txt", original[: len(original) // 2])


@lru_cache
def whole(version: str = "spun") -> Comparison:
    return detector().compare(HARBOR / f"{version}.txt", HARBOR / "original.txt")


# --- the order ------------------------------------------------------------------------------------


def test_the_table_weighs_every_sign() -> None:
    table = json.loads((files("spindetect") / "persuasion.json").read_text("utf-8"))
    assert list(table["weights"]) == list(SIGNS)
    assert set(KINDS) - {"synonym"} <= set(SIGNS)


def item(**changed: object) -> Item:
    words = [Word(text, text, text, "word", False, False, False, 7.0, -1) for text in ("old", "new")]
    plain = Item("synonym", False, False, [words[1]], [words[0]], 1, 2.0, 0.0, 2.0, 0.5)
    return replace(plain, **changed)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "stronger", [{"kind": "demonym"}, {"kind": "name"}, {"kind": "term"}, {"quoted": True}, {"misfit": 8.0}]
)
def test_names_languages_terms_quotations_and_misfits_convince_more(stronger: dict[str, object]) -> None:
    assert persuasion(item(**stronger)) > persuasion(item())


def test_many_words_for_one_convince_more() -> None:
    """A volcano that is a fountain of liquid magma; grammar words don't count."""
    new = [
        Word(text, text, text, "word", text == "of", False, False, 7.0, -1) for text in ("fountain", "of", "magma")
    ]
    fewer = [new[0], replace(new[2], function=True), replace(new[1])]
    assert persuasion(item(new=new)) > persuasion(item(new=fewer))


@pytest.mark.parametrize("weaker", [{"kind": "form"}, {"kind": "function"}, {"cohesion": 3.0}, {"supposed": True}])
def test_forms_grammar_what_reads_well_and_guesses_convince_less(weaker: dict[str, object]) -> None:
    assert persuasion(item(**weaker)) < persuasion(item())


def test_what_convinces_most_is_shown_first_and_no_word_twice() -> None:
    groups = strongest([*whole().substitutions, *whole().giveaways], 5)
    first = [best(group) for group in groups]
    assert all(one.quoted or one.kind in ("name", "term", "demonym") for one in first)
    rates = [one.persuasion for one in first]
    assert rates == sorted(rates, reverse=True)
    words = [word for one in first for word in one.suspect.text.casefold().split() if len(word) > 3]
    assert len(words) == len(set(words))


def test_an_exchange_is_one_group_whatever_its_share_of_the_weight() -> None:
    found = [group for group in alike(whole().substitutions) if group[0].reference.text == "said"]
    group = max(found, key=len)
    assert len(group) > 2 and len({item.weight for item in group}) > 1
    assert how_often(whole(), group).endswith(" times")


def test_of_how_many_chances_a_substitution_was_made() -> None:
    made = spun_comparison()
    one = made.substitutions[0]
    assert how_often(made, [one]) == ""
    assert how_often(made, [one, one]) == "2 times"
    again = replace(one, reference=replace(one.reference, text="the"))
    assert how_often(made, [again, again]).startswith("2 of ")


def test_only_an_accusation_is_rated() -> None:
    assert all(one.persuasion is not None for one in whole().substitutions)
    assert all(one.persuasion is None for one in whole("edited").substitutions)
    assert report_dict(whole())["substitutions"][0]["persuasion"] == whole().substitutions[0].persuasion


# --- tell-tales alone -------------------------------------------------------------------------------


def test_a_broken_name_of_a_war_is_a_telltale_with_no_reference() -> None:
    found = [one for one in detector().score(WAR).giveaways if "Struggle" in one.suspect.text]
    assert [one.telltale for one in found] == [True, True]
    assert {one.kind for one in found} == {"name"}


def test_what_people_write_is_no_telltale() -> None:
    assert [one.suspect.text for one in detector().score(HONEST).giveaways if one.telltale] == []
    original = detector().score(HARBOR / "original.txt")
    assert [one.suspect.text for one in original.giveaways if one.telltale] == []


# --- tell-tales beside a reference -------------------------------------------------------------------

MAYOR = (
    " The mayor promised to speak with the landlord about the empty rooms, and the council will discuss the "
    "matter on Monday evening in the town hall."
)


@pytest.mark.parametrize(
    "sentence, old, new, telling",
    [
        ("The company said that prices are {} than last year.", "less", "lower", False),
        ("He won the {} championship twice.", "world", "globe", True),
    ],
)
def test_whether_an_exchange_is_a_telltale_is_judged_where_it_stands(
    sentence: str, old: str, new: str, telling: bool
) -> None:
    suspect, reference = sentence.format(new) + MAYOR, sentence.format(old) + MAYOR
    documents = detector().document(suspect), detector().document(reference)
    assert [one.telltale for one in compare_documents(*documents, detector().model, "").substitutions] == [True]
    (shown,) = detector().compare(suspect, reference).substitutions
    assert shown.telltale == telling and (shown.reason != shown.rule) == telling
    assert shown.reason.startswith(shown.rule) and shown.rule and ";" not in shown.rule


# --- what is not in the reference -------------------------------------------------------------------


def test_sentences_without_a_counterpart_are_examined_alone() -> None:
    found = partly().giveaways
    assert found and all(one.weight == 0.0 and one.persuasion is not None for one in found)
    aligned = [pair.suspect for pair in partly().alignment]
    assert not any(one.suspect.span.overlap(span) for one in found for span in aligned)
    assert all(one.suspect.span.end <= other.suspect.span.start for one, other in pairwise(found))
    assert [one["suspect"]["text"] for one in report_dict(partly())["giveaways"]] == [
        one.suspect.text for one in found
    ]
    assert whole("edited").giveaways == ()


def test_views_say_that_they_are_not_in_this_reference() -> None:
    page, one = report_page(partly()), partly().giveaways[0]
    assert "not in this reference" in page and "phrases that give it away" in page
    assert "added: only in" not in page and "only in the suspect" not in page
    assert f">{one.suspect.text}" in page
    for width in (80, 120):
        shown = render(partly(), width)
        assert "not in this reference" in shown and "a guess" in shown
        assert f"{one.suspect.text}]{{" in " ".join(shown.split())
        assert "only in the" not in shown and "only here" not in shown
    assert "not in this reference" in partly()._repr_html_() or len(partly().substitutions) > 4


# --- reasons ----------------------------------------------------------------------------------------


def test_reasons_are_the_contributions_none_of_them_twice() -> None:
    for result in (whole(), whole("edited"), detector().score(HARBOR / "spun.txt")):
        found = reasons(result)
        parts = [part for one in found for part in one.parts]
        assert sorted(parts, key=str) == sorted(result.contributions, key=str)
        for one in found:
            assert one.nats == pytest.approx(fsum(part.nats for part in one.parts))
            assert len({PLAIN[part.feature].group for part in one.parts}) == 1


def test_no_two_lines_contradict_each_other() -> None:
    alone = detector().score(HARBOR / "spun.txt")
    shown = [line.text.plain for line in score_reasons(alone, 100)]
    assert sum("fit much better" in line or "fit better" in line for line in shown) <= 1


def test_a_feature_is_told_in_a_sentence_with_what_is_typical() -> None:
    runs = Contribution("long_runs", 0.123, 0.7, "share of aligned words in unchanged runs of eight or more")
    assert plain_words(runs) == "few long stretches were left unchanged (12%; typical of machines: under 60%)"
    assert plain_words(replace(runs, value=0.9, nats=-0.5)).startswith("long stretches were left unchanged (90%")
    other_way = plain_words(replace(runs, nats=-0.7))  # what its value says by itself would mislead
    assert other_way.startswith("share of aligned words in unchanged runs of eight or more (12%")
    for feature, value, said in (
        ("vocabulary_most", 0.83, "only 83% of the vocabulary are in both texts (typical of machines: under 88%)"),
        ("order", 0.89, "rare words come in the same order (0.89)"),
        ("names_most", 0.92, "most names are in both texts (92%)"),
        ("names_least", 0.083, "few names are in both texts (8.3%)"),
        ("words", 4.997, "the texts are long enough (147 words)"),
    ):
        assert plain_words(Contribution(feature, value, 0.5 if value == 0.83 else -0.5, "")) == said
    unknown = Contribution("unheard_of", 0.5, 1.0, "something new")
    assert plain_words(unknown) == "something new (0.5)"


def test_an_honest_verdict_shows_what_speaks_for_honesty() -> None:
    page = report_page(whole("edited"))
    found = reasons_against(whole("edited"))
    assert 1 <= len(found) <= 3
    assert all(reason.replace("'", "&#39;") in page for reason in found)
    assert "What speaks against a machine" in page and "taken over word for word" in page
    evidence = page[page.index('id="evidence-title"') : page.index('class="contents"')]
    assert "0.00" not in evidence


def test_natural_is_no_acquittal() -> None:
    natural: Assessment = detector().score(HARBOR / "original.txt")
    assert natural.verdict == "natural"
    page = report_page(natural)
    said = NO_ACQUITTAL.replace("'", "&#39;")
    assert page.index(said) < page.index('id="evidence-title"')
    assert "translations and rewrites by AI" in "".join(as_table([natural]))
    assert "translations and rewrites by AI" not in "".join(as_table([whole()]))


def test_a_sentence_that_nothing_gives_away_stays_plain() -> None:
    made = replace(spun_comparison(), giveaways=())
    assert "a guess" not in render(made, 80)


def test_substitutions_that_weigh_nothing_come_after_those_that_do() -> None:
    one, other = whole().substitutions[:2]
    strong = replace(one, persuasion=0.9, weight=-0.1)
    weak = replace(other, persuasion=0.2, weight=0.1)
    assert [group[0] for group in alike([strong, weak])] == [weak, strong]
    unknown = replace(strong, persuasion=None), replace(weak, persuasion=None, weight=0.05)
    assert [group[0] for group in alike(unknown)] == list(unknown)  # then its size counts


def test_json_says_on_which_side_a_substitution_is_quoted() -> None:
    reference = (
        'The mayor spoke at noon. "We will rebuild the old harbor before the winter," he told the crowd on Monday.'
    )
    for suspect, sides in (
        (reference.replace("rebuild", "restore"), ["suspect", "reference"]),
        (reference.replace("rebuild", "restore").replace('"', ""), ["reference"]),
    ):
        found = report_dict(detector().compare(suspect, reference))["substitutions"]
        assert [one["quoted_in"] for one in found if one["suspect"]["text"] == "restore"] == [sides]
        assert all(one["quoted"] == bool(one["quoted_in"]) for one in found)


@pytest.mark.parametrize(
    "old, new",
    [
        ("The town also bought the land.", "The town bought the land too."),
        ("He drank only water for a week.", "He drank nothing but water for a week."),
        ("The children also came.", "The children came too."),
    ],
)
def test_people_write_everyday_words_for_another_in_a_spun_text_too(old: str, new: str) -> None:
    """The exchange is a tell-tale by the lexicon alone."""
    reference, suspect = (
        f"{(HARBOR / name).read_text('utf-8')}\n\n{sentence}" + MAYOR
        for name, sentence in (("original.txt", old), ("spun.txt", new))
    )
    documents = detector().document(suspect), detector().document(reference)

    def telling(found: Comparison) -> set[str]:
        return {one.reference.text for one in found.substitutions if one.telltale}

    alone, shown = compare_documents(*documents, detector().model, ""), detector().compare(suspect, reference)
    assert telling(alone) & {"also", "only"} and not telling(shown) & {"also", "only"}
    assert shown.verdict == "spun" and telling(shown)


def test_a_synonym_is_no_telltale_where_nothing_speaks_for_a_machine() -> None:
    """Two advertisements written into one form."""
    form = (
        "We are looking for a {} to join our {} team in {}. You will report to the {} and will be responsible"
        " for {}. You will have {} years' experience, {} and a degree or similar qualification. We offer a "
        "salary of {}, {} days of holiday and a pension. To apply, please send your CV by {}. Interviews will"
        " be held in the week of {}."
    )
    suspect = form.format(
        *(
            "Senior Data Analyst",
            "Finance",
            "Leeds",
            "Head of Planning",
            "monthly forecasts and dashboards",
            "three",
        ),
        *("excellent SQL", "£42,000", "27", "12 May", "20 May"),
    )
    reference = form.format(
        *("Junior Software Engineer", "Platform", "Cardiff", "Engineering Manager", "bug fixes and tests", "two"),
        *("good Python", "£29,000", "25", "30 June", "8 July"),
    )
    documents = detector().document(suspect), detector().document(reference)
    plain = compare_documents(*documents, detector().model, "")
    assert [one.suspect.text for one in plain.substitutions if one.telltale] == ["excellent"]
    assert plain.verdict == "independent"
    assert not any(one.telltale for one in detector().compare(suspect, reference).substitutions)
