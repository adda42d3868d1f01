"""Features, classifier, weights and verdict: hand-worked numbers, ranges, and sums that add up."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from serving import ORIGINAL, SPUN, detector

from spindetect.align.lexical.lexicon import Entry, Lexicon
from spindetect.classify.phrases import PhrasePair
from spindetect.classify.substitutions import MOST_EVIDENCE, Unweighed
from spindetect.detector import Detector
from spindetect.findings import MACHINE_RELATIONS, RELATIONS, Phrase, Relation, Undecided
from spindetect.kinds import Kind, Variant
from spindetect.pipeline import classify, measure_documents
from spindetect.records import Article, Document, Span, Word
from spindetect.score.additive import Logit, ramps, sigmoid
from spindetect.score.classifier import Classifier, Explained
from spindetect.score.evidence import Evidence, PairEvidence, gather
from spindetect.score.features import FEATURE_NAMES, FEATURES, OF_MACHINE, OF_TRANSLATION, measure
from spindetect.score.inventory import Inventory, Order, Side
from spindetect.score.judging import judge, substitution_weights
from spindetect.score.manner import HABITS, count_habits
from spindetect.score.verdict import (
    PRIOR_LOG_ODDS,
    cautions,
    evidence_cautions,
    length_share,
    not_english,
    undecided_share,
    verdict,
    version_share,
)
from spindetect.segment.document import segment
from spindetect.segment.vocabulary import Vocabulary

VOCABULARY = Vocabulary({"the": 0.0, "of": 0.5, "town": 5.0})
LEXICON = Lexicon(
    {
        ("town", "city"): Entry(0.7, -2.0),
        ("storm", "tempest"): Entry(0.9, 3.5),
        ("farmers", "growers"): Entry(0.9, 60.0),
        ("price", "worth"): Entry(0.8, 1.5),
    }
)
SHARES = ("coverage", "reference_coverage", "kept_words", "kept_content", "one_to_one", "exchange_share",
          "evenness", "identical_sentences", "long_runs", "split_or_merged", "moved_sentences")  # fmt: skip


def cut(text: str) -> Document:
    return segment(Article(text), VOCABULARY)


def evidence(suspect: str, reference: str) -> Evidence:
    mine, theirs = cut(suspect), cut(reference)
    return gather(classify(mine, theirs, LEXICON), mine, theirs)


REFERENCE = "The storm reached the old town on Friday. Farmers lost forty sheep near the quarry."
SUSPECT = "The tempest reached the old city on Friday. Growers lost 50 sheep near the quarry."


# --- the table ------------------------------------------------------------------------------------


def test_every_feature_has_a_name_of_its_own_and_an_explanation() -> None:
    assert len(set(FEATURE_NAMES)) == len(FEATURES)
    assert all(feature.explanation and feature.name.isidentifier() for feature in FEATURES)


def test_what_each_feature_may_say() -> None:
    """Which speak for a machine and which against one, whatever is learnt; and which for a version."""
    machines = {one.name: one.direction for one in FEATURES if one.direction}
    assert {name for name, direction in machines.items() if direction == -1} == {
        "kept_words", "kept_content", "lexicon_against", "identical_sentences", "long_runs",
    }  # fmt: skip
    assert {name for name, direction in machines.items() if direction == 1} == {
        "content_swaps", "function_swaps", "known_swaps", "lexicon_for", "lexicon_total", "telltales",
        "tampered_quotations", "exchange_share", "evenness", "word_choice", "swap_misfit", "swap_misfit_total",
    }  # fmt: skip
    misfits = {"content_misfit", "other_misfit"}
    assert {one.name for one in FEATURES if one.direction is None} == {"in_step", "words"} | misfits
    assert {one.name for one in FEATURES if one.translation} == misfits
    assert set(OF_TRANSLATION) == set(OF_MACHINE) | misfits
    reuse = {one.name: one.reuse for one in FEATURES if one.reuse is not None}
    assert {name for name, way in reuse.items() if way == -1} == {"new_facts", "new_quotations"}
    assert {name for name, way in reuse.items() if way == 0} == {"moved_sentences", "words"}
    shared = {one.name for one in FEATURES if one.name.endswith(("_most", "_least"))}
    assert len(shared) == 2 * 7 + 1  # of names, numerals and so on in either text, and of words linked
    assert {name for name, way in reuse.items() if way == 1} == shared | {
        "coverage", "reference_coverage", "lexicon_for", "lexicon_total", "adjacent_sentences", "similarity",
        "linked", "in_step", "order",
    }  # fmt: skip


def test_counts_by_hand() -> None:
    found = evidence(SUSPECT, REFERENCE)
    [first, second] = found.pairs
    assert (first.suspect_words, first.reference_words, first.equal, len(first.substitutions)) == (8, 8, 6, 2)
    assert (second.suspect_words, second.reference_words, second.equal, len(second.substitutions)) == (7, 7, 5, 2)
    assert [one.kind for one in found.substitutions] == ["synonym", "synonym", "synonym", "number"]
    assert [one.known for one in found.substitutions] == [True, True, True, False]
    assert [one.evidence for one in found.substitutions] == [3.5, -2.0, MOST_EVIDENCE, 0.0]
    assert (found.suspect_words, found.reference_words) == (15, 15)


def test_features_by_hand() -> None:
    found = measure(evidence(SUSPECT, REFERENCE))
    assert tuple(found) == FEATURE_NAMES
    assert found["coverage"] == found["reference_coverage"] == 1.0
    assert found["function_swaps"] == found["damaged_names"] == found["rewrites"] == 0.0
    assert found["identical_sentences"] == found["moved_sentences"] == found["split_or_merged"] == 0.0
    # all four changes are exchanges but that of the numeral; three more are counted that aren't
    assert found["exchange_share"] == pytest.approx(3 / 7)
    # three content swaps against one changed numeral, two telling exchanges against one of a person's
    assert found["content_swaps"] == pytest.approx(3 * found["numbers"]) and found["numbers"] > 0
    assert found["lexicon_for"] == pytest.approx((3.5 + MOST_EVIDENCE) * found["numbers"])
    assert found["lexicon_against"] == pytest.approx(2.0 * found["numbers"])


def test_misfits_by_hand() -> None:
    """Words of changed sentences are twice as surprising in the suspect, of unchanged ones a hundred times.

    Each sentence pair but the last is changed. Ten tokens of either sort are counted that surprise alike.
    """
    kept = " The ferry left at noon."
    mine, theirs = cut(SUSPECT + kept), cut(REFERENCE + kept)

    def surprisals(document: Document, content: float, other: float, unchanged: float) -> NDArray[np.float64]:
        nats = np.array([content if word.content else other for word in document.words])
        nats[document.sentences[-1].first :] = unchanged
        return nats

    def misfit(mine_nats: NDArray[np.float64], theirs_nats: NDArray[np.float64]) -> tuple[float, float]:
        class Told:
            def surprisal_in_place(self, document: Document, tokens: Sequence[int]) -> NDArray[np.float64]:
                return (mine_nats if document is mine else theirs_nats)[list(tokens)]

            def misfits_in_place(self, document: Document, old: Sequence[tuple[int, Word]]) -> NDArray[np.float64]:
                assert [(document.words[at].text, word.text) for at, word in old] == [
                    ("tempest", "storm"), ("city", "town"), ("Growers", "Farmers"),
                ]  # fmt: skip
                return np.array([4.0, -1.0, 2.0])

        found = measure(gather(classify(mine, theirs, LEXICON), mine, theirs, context=Told()))
        assert found["swap_misfit"] == pytest.approx(5.0 / (3 + 4))  # four more are counted that fit alike
        assert found["swap_misfit_total"] == pytest.approx(math.log(1 + 5.0))
        return found["content_misfit"], found["other_misfit"]

    content = sum(mine.words[token].content for token in range(mine.sentences[-1].first))
    other = mine.sentences[-1].first - content
    strange, usual = surprisals(mine, 8.0, 3.0, 500.0), surprisals(theirs, 4.0, 2.0, 5.0)
    assert misfit(strange, usual) == pytest.approx((4.0 * content / (content + 10), other / (other + 10)))
    assert misfit(surprisals(mine, 4.0, 2.0, 500.0), usual) == (0.0, 0.0)
    without = measure(gather(classify(mine, theirs, LEXICON), mine, theirs))
    assert without["content_misfit"] == without["other_misfit"] == 0.0
    assert without["swap_misfit"] == without["swap_misfit_total"] == 0.0


def test_habits_are_counted_where_they_stand() -> None:
    text = (
        "Ann's dog, cat, and bird don't sleep - they sing; I said: \"Well-fed (and loud), or not?\" "
        "It's Bob's – we'll see — you can't, he -- left!"
    )
    document = cut(text)
    counts = count_habits(document, range(len(document.words)))
    assert counts == {
        "commas": 4, "list_commas": 2, "dashes": 4, "colons": 2, "brackets": 2, "quotation_marks": 2,
        "exclamations": 2, "articles": 0, "pronouns": 3, "address": 3, "prepositions": 0, "conjunctions": 3,
        "auxiliaries": 4, "contractions": 3, "possessives": 2,
    }  # fmt: skip
    # the same one half after the other: a comma before "and" is seen across the cut
    halves = [count_habits(document, part) for part in (range(6), range(6, len(document.words)))]
    assert {name: sum(half[name] for half in halves) for name in HABITS} == counts


def test_habits_are_those_of_sentences_that_differ() -> None:
    """Two commas more, where the untouched sentence's commas and dashes say nothing; swapped, two fewer."""
    kept = " The ferry - as ever - left at noon, empty."
    suspect = SUSPECT.replace("Growers", "Growers, alas,")
    found, back = (measure(evidence(*texts)) for texts in ((suspect + kept, REFERENCE + kept),
                                                           (REFERENCE + kept, suspect + kept)))  # fmt: skip
    # both sentences of 15 words differ, and one word is put in; 40 words are counted beside
    assert found["commas"] == pytest.approx(100 * 2 / 16 * 15 / 55)
    assert found["dashes"] == found["list_commas"] == 0.0
    assert back["commas"] == pytest.approx(-found["commas"])


def test_misfits_are_measured_with_the_models_pair_counts() -> None:
    """A spinner's words go badly with their neighbours, whichever side they are on, and after scoring alone too."""
    found = detector().compare(SPUN, ORIGINAL).features
    assert found["content_misfit"] > 0.5
    back = detector().compare(ORIGINAL, SPUN).features
    assert back["content_misfit"] == pytest.approx(-found["content_misfit"])
    assert back["other_misfit"] == pytest.approx(-found["other_misfit"])
    assert found["swap_misfit"] > 1.0 > 0.0 > back["swap_misfit"]
    assert found["swap_misfit_total"] > 3.0 and back["swap_misfit_total"] == 0.0
    another = Detector.load()
    assert another.alone
    assert another.compare(SPUN, ORIGINAL).features == found


def test_in_step_are_texts_reworded_sentence_by_sentence_and_nothing_else() -> None:
    original = [
        f"The storm reached the old town on day {n}. Farmers near quarry {n} lost forty sheep." for n in (1, 2)
    ]
    reworded = [text.replace("storm", "tempest").replace("Farmers", "Growers") for text in original]
    reworded = [text.replace("old town", "ancient city").replace("lost", "mislaid") for text in reworded]

    def in_step(suspect: str) -> float:
        return measure(evidence(suspect, " ".join(original)))["in_step"]

    whole = in_step(" ".join(reworded))
    assert whole > 0.4
    assert in_step(" ".join(reversed(reworded))) < whole  # out of order
    assert in_step(reworded[0] + " Boats sailed. Nobody came home. It rained for weeks.") < whole  # not all along
    assert in_step(" ".join(original)) < 0.2  # its phrases are kept: a copy


def test_nothing_aligned_gives_finite_features() -> None:
    for one, other in (("", ""), ("", REFERENCE), (REFERENCE, ""), ("Boats sailed.", REFERENCE)):
        found = measure_documents(cut(one), cut(other), LEXICON)
        assert all(map(math.isfinite, found.values()))
        assert found["coverage"] == found["content_swaps"] == found["lexicon_for"] == 0.0


def test_a_text_against_itself_has_no_swaps_and_full_coverage() -> None:
    text = f"{REFERENCE} “The town’s people won’t leave,” said Gen. Price’s aide. It’s late."
    found = measure_documents(cut(text), cut(text), LEXICON)
    assert found["coverage"] == found["reference_coverage"] == found["identical_sentences"] == 1.0
    swaps = (
        "content_swaps",
        "function_swaps",
        "forms",
        "rewrites",
        "added",
        "dropped",
        "crossings",
        "length_change",
    )
    assert all(found[name] == 0.0 for name in swaps)


WORDS = "the storm tempest town city Farmers growers Price worth forty 40 lost of “ ” quarry . . in".split()
TEXTS = st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join)


@given(TEXTS, TEXTS)
@settings(max_examples=80, deadline=None)
def test_features_keep_their_ranges(one: str, other: str) -> None:
    found = measure_documents(cut(one), cut(other), LEXICON)
    assert all(math.isfinite(value) for value in found.values())
    assert all(
        value >= 0.0
        for name, value in found.items()
        if name not in {"rarer_words", "growth", "length_ratio", "order", *HABITS}
    )
    assert all(found[name] <= 1.0 for name in SHARES)


@given(TEXTS, TEXTS)
@settings(max_examples=80, deadline=None)
def test_counts_fit_together(one: str, other: str) -> None:
    found = evidence(one, other)
    for pair in found.pairs:
        assert pair.equal_content <= pair.equal <= min(pair.suspect_words, pair.reference_words)
        assert pair.added_content <= pair.suspect_content <= pair.suspect_words
        assert all(abs(swap.evidence) <= MOST_EVIDENCE for swap in pair.substitutions)
    assert found.in_long_runs <= sum(pair.equal for pair in found.pairs)
    assert sum(pair.suspect_words for pair in found.pairs) <= found.suspect_words
    assert sum(pair.reference_words for pair in found.pairs) <= found.reference_words


# --- features of a comparison made by hand --------------------------------------------------------


def made(kind: Kind, words: tuple[int, int] = (1, 1), **given: Any) -> Unweighed:
    """A substitution of so many words of the reference by so many of the suspect."""
    phrase = Phrase(Span(0, 1), "x")
    plain: dict[str, Any] = {
        "quoted": False, "telling": "", "rule": "", "known": False, "evidence": 0.0, "relatedness": 0.6,
        "rarer": 0.0, "renamed": False,
    }  # fmt: skip
    found = plain | given
    pair = PhrasePair(range(words[0]), range(words[1]))
    rule = found["rule"]
    return Unweighed(pair, kind, phrase, phrase, **found, variant=rule if isinstance(rule, Variant) else None)


FIRST = (
    made("synonym", known=True, evidence=3.5, rarer=2.0, telling="so", misfit=3.0),
    made("synonym", evidence=-2.0, relatedness=0.2, rarer=-0.5, misfit=-1.0),
    made("synonym", (2, 1), evidence=1.0, relatedness=0.0, quoted=True),
    made("function", known=True),
    made("name", relatedness=0.1, share=0.5, renamed=True),
    made("rewrite", (3, 4), quoted=True),
    made("number"),
    made("form", rule=Variant.CORRECTED),
    made("form", rule=Variant.MISREAD),
    made("form", rule="inflected"),
    made("disguise", telling="so"),
)
PAIR = PairEvidence(
    suspect_words=30, reference_words=33, suspect_content=16, equal=20, equal_content=9, crossing=3,
    added_content=4, dropped_content=5, added_function=6, dropped_function=7, substitutions=FIRST, sentences=(1, 2),
    moved=False, adjacent=False, similarity=0.7,
)  # fmt: skip
KEPT = PairEvidence(
    suspect_words=20, reference_words=20, suspect_content=12, equal=20, equal_content=12, crossing=0,
    added_content=0, dropped_content=0, added_function=0, dropped_function=0, substitutions=(), sentences=(1, 1),
    moved=False, adjacent=True, similarity=1.0,
)  # fmt: skip
MOVED = PairEvidence(
    suspect_words=10, reference_words=8, suspect_content=4, equal=8, equal_content=3, crossing=0,
    added_content=2, dropped_content=0, added_function=0, dropped_function=0, substitutions=(made("function"),),
    sentences=(1, 1), moved=True, adjacent=False, similarity=0.8,
)  # fmt: skip


INVENTORY: Inventory = {
    "names": (Side(9, 4), Side(4, 4)),
    "numerals": (Side(5, 2), Side(3, 1)),
    "vocabulary": (Side(60, 30), Side(80, 30)),
    "narration": (Side(50, 25), Side(70, 28)),
    "quotations": (Side(10, 3), Side(0, 0)),
    "phrases": (Side(100, 20), Side(120, 20)),
    "word_pairs": (Side(110, 50), Side(140, 50)),
}
HABITS_BY_HAND = Counter(commas=4, articles=2), Counter(commas=1, articles=6, dashes=1)
BY_HAND = Evidence(
    (PAIR, KEPT, MOVED), 200, 300, 24, (80, 90), (160, 270), INVENTORY, Order(0.5, 15), 1.25, (0.0, 0.0),
    HABITS_BY_HAND,
)  # fmt: skip


def test_every_feature_by_hand() -> None:
    """60 words are aligned with 61, and 140 of the suspect's are left alone: the prior is 40 words and 70 more.

    40 words with 41 are in changed sentences, to which the rates are. 160 words of the suspect's and 270 of the
    reference's have the other text beside them.
    """
    rate = 100 / (40 + 110)
    assert measure(BY_HAND) == pytest.approx({
        "coverage": 60 / 200, "reference_coverage": 61 / 300,
        "kept_words": (28 + 0.9 * 110) / 150, "kept_content": (12 + 0.9 * 110) / (20 + 110),
        "content_swaps": 3 * rate, "function_swaps": 2 * rate, "known_swaps": 2 * rate, "unknown_swaps": 2 * rate,
        "unrelated_swaps": 1 * rate, "lexicon_for": 4.5 * rate, "lexicon_against": 2 * rate,
        "lexicon_total": math.log(1 + 2.5), "telltales": 2 * rate,
        "tampered_quotations": 2 * rate, "damaged_names": 0.5 * rate, "numbers": 1 * rate, "rewrites": 1 * rate,
        "forms": 3 * rate, "one_to_one": 6 / (7 + 5), "exchange_share": 5.5 / (9 + 27 + 3), "evenness": 1 / 4,
        "identical_sentences": 1 / 3, "long_runs": (24 + 0.5 * 110) / 170, "added": 6 * rate, "dropped": 5 * rate,
        "added_grammar": 6 * rate, "dropped_grammar": 7 * rate, "rarer_words": 1.5 / 12,
        "growth": math.log(150 / 151), "crossings": 3 * rate,
        "length_change": (math.log(34 / 31) + math.log(11 / 9)) / 4, "split_or_merged": 1 / 4,
        "moved_sentences": 1 / 5, "adjacent_sentences": 1 / 5, "similarity": (2.5 + 1) / 5,
        "names_replaced": 0.5 * rate, "corrections": 1 * rate, "misreadings": 1 * rate,
        "content_misfit": 0.0, "other_misfit": 0.0,
        "swap_misfit": 2 / (2 + 4), "swap_misfit_total": math.log(1 + 2.0),
        **dict.fromkeys(HABITS, 0.0), "commas": (4 / 40 - 1 / 41) * 100 * 40 / 150,
        "articles": (2 / 40 - 6 / 41) * 100 * 40 / 150, "dashes": -1 / 41 * 100 * 40 / 150,
        "linked": math.sqrt(1 / 2 * 1 / 3), "linked_most": 1 / 2,
        "in_step": 1 / 3 * 1 / 5 * (1 - 20.5 / 101),
        "names_most": 4.5 / 5, "names_least": 4.5 / 10, "numerals_most": 2.5 / 6, "numerals_least": 1.5 / 4,
        "vocabulary_most": 30.5 / 61, "vocabulary_least": 30.5 / 81,
        "narration_most": 25.5 / 51, "narration_least": 28.5 / 71,
        "quotations_most": 0.5, "quotations_least": 3.5 / 11, "phrases_most": 20.5 / 101,
        "phrases_least": 20.5 / 121, "word_pairs_most": 50.5 / 111, "word_pairs_least": 50.5 / 141,
        "new_facts": 100 * 8 / 200, "new_quotations": 100 * 7 / 200, "order": 0.5 * 15 / 20, "word_choice": 1.25,
        "length_ratio": math.log(180 / 290), "words": math.log(201),
    })  # fmt: skip
    # boilerplate may be aligned: no share is above 1, and nothing less than nothing is left
    longer = replace(BY_HAND, suspect_words=40, reference_words=50, linked=(90, 20), beside=(40, 50))
    found = measure(longer)
    assert (found["coverage"], found["reference_coverage"], found["linked_most"]) == (1.0, 1.0, 1.0)
    assert found["linked"] == pytest.approx(math.sqrt(20 / 50)) and found["crossings"] == pytest.approx(
        100 * 3 / 80
    )


# --- what both texts have -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "reference, suspect",
    [
        ("He scored in the 71st minute.", "He scored after 71 minutes."),
        ("She tested the loaf on the ninth day.", "She tested the loaf on day nine."),
        ("The firm owes 2.1 billion dollars.", "The firm owes $2.1bn."),
        ("The shares closed at 211p.", "The shares closed at 211 pence."),
        ("we met teenagers between 15 and 17.", "we met 15- to 17-year-olds."),
        ("Sales fell by 25% to 30% over here.", "Sales fell by 25%-30% over here."),
        ("The boat left at 7.15pm.", "The boat left at 07:15 in the evening."),
        ("About 6,114 people came.", "About 6114 people came."),
        ("The senate heard Sen. Smith and Gov. Hill.", "The senate heard Senator Smith and Governor Hill."),
        ("The court heard Mr. Smith and Dr. Hill.", "The court heard Smith and Hill."),
        ("The trawler came from Japan and Ireland.", "The trawler was Japanese and also Irish."),
        ("The visitors were from the U.S. and from Spain.", "The visitors were Americans and Spaniards."),
        ("The visitors were from the US and from Spain.", "The visitors were Americans and Spaniards."),
        ("It rained on 3 September.", "It rained on Sept. 3 again."),
    ],
)
def test_names_and_numbers_written_otherwise_are_no_new_facts(reference: str, suspect: str) -> None:
    for mine, theirs in ((suspect, reference), (reference, suspect)):
        found = detector().compare(f"On the hill, {mine}", f"On the hill, {theirs}").features
        assert found["new_facts"] == 0.0, (mine, theirs)


def test_other_names_and_numbers_are_new_facts() -> None:
    """Three of them: a rate per 100 words, of which there are 14 and 40 more."""
    suspect, reference = (
        f"In the end the {nation} captain {name} scored after {minute} minutes of the match last Saturday."
        for nation, name, minute in (("Irish", "Costello", "71"), ("Welsh", "Pritchard", "17"))
    )
    assert detector().compare(suspect, reference).features["new_facts"] == pytest.approx(300 / (16 + 40))


def test_words_of_a_heading_in_title_case_are_no_names() -> None:
    reference = "Basil likes the sun. Water it in the morning, and pick its leaves in summer."
    suspect = "Choose the Right Spot and Water Wisely\n\nBasil likes the sun. Pick its leaves in summer."
    assert detector().compare(suspect, reference).features["new_facts"] == 0.0
    named = suspect.replace("Choose the Right Spot and", "Choose the right Spot and")
    assert detector().compare(named, reference).features["new_facts"] > 0.0


@pytest.mark.parametrize(
    ("first", "new"),
    [
        ("Dredgers were lowered at noon.", 0),  # the reference has them in lower case
        ("Overdecking took a year.", 0),  # ends as no name does
        ("Kestrelby lost the match.", 1),
        ("Quennly lost; nobody but Quennly cared.", 1),  # a name inside the sentence, whatever its ending
    ],
)
def test_an_unknown_word_at_the_beginning_of_a_sentence_is_a_name_unless_something_says_that_it_is_none(
    first: str, new: int
) -> None:
    reference = "The river was high, and the dredgers came late. Most people left the town in the morning."
    found = detector().compare(f"{reference} {first}", reference)
    assert found.features["new_facts"] > 0.0 if new else found.features["new_facts"] == 0.0


def test_words_in_another_alphabets_letters_are_no_names() -> None:
    reference = "He called it the best result in years. As he said, SEO is a craft."
    suspect = reference.replace("As", "\u0410\u0455").replace("SEO", "\u0405\u0415\u041e")
    assert detector().compare(suspect, reference).features["new_facts"] == 0.0


BEGINNING = (
    "Denise Okoro opened the bridge at Northgate on Thursday. It is 52 metres long and made of steel. About half "
    "of the money came from a fund for towns that were flooded. Peter Vane said that the price doubled in 2021."
)
FURTHER = (
    " Shops on Mill Lane will pay no rates for 11 months. Hugh Amberley runs a bakery there and lost 4,000 pounds "
    "in June. He wants to move to Carrick, where his daughter Kayleigh has a garage and 60 customers a week."
)


@pytest.mark.parametrize("crop", ["end", "beginning"])
def test_words_beyond_the_end_of_an_excerpt_are_not_new(crop: str) -> None:
    """Neither has the text that goes on new facts, nor has the excerpt lost any; what stands between counts."""
    excerpt, whole = (BEGINNING, BEGINNING + FURTHER) if crop == "end" else (FURTHER[1:], BEGINNING + FURTHER)
    for suspect, reference in ((excerpt, whole), (whole, excerpt)):
        found = evidence(suspect, reference)
        assert found.beside == (cut(excerpt).word_count,) * 2
        features = measure(found)
        assert features["new_facts"] == features["length_ratio"] == 0.0 and features["linked"] == 1.0
        assert features["names_least"] == features["names_most"] > 0.9
    between = BEGINNING.replace(" About", f"{FURTHER} About")
    assert measure(evidence(between, BEGINNING))["new_facts"] > 5.0
    other = "It rained in Camden all night, and 300 people of Bute Street had to leave. " * 2
    found = evidence(BEGINNING + FURTHER, BEGINNING + other)
    assert found.beside == (found.suspect_words, found.reference_words)  # both go on: two texts of their own


def test_sentences_left_verbatim_take_nothing_from_how_the_others_were_reworded() -> None:
    verbatim = " It was the third night of rain, and nobody in the valley slept."
    alone, among = (
        measure_documents(cut(SUSPECT + more), cut(REFERENCE + more), LEXICON) for more in ("", verbatim * 9)
    )
    told = {"kept_words", "content_swaps", "lexicon_for", "lexicon_total", "exchange_share", "evenness", "growth"}
    assert {name: among[name] for name in told} == {name: alone[name] for name in told}
    assert (alone["identical_sentences"], among["identical_sentences"]) == (0.0, 9 / 11)


def test_a_text_that_grew_has_a_growth_above_0() -> None:
    short = "Farmers lost forty sheep near the quarry on Friday."
    long = "Farmers sadly lost forty of their sheep near the old stone quarry on the last Friday."
    assert measure_documents(cut(long), cut(short), LEXICON)["growth"] > 0.1
    assert measure_documents(cut(short), cut(long), LEXICON)["growth"] < -0.1


# --- weights --------------------------------------------------------------------------------------


@given(st.lists(st.floats(-5, 5), min_size=len(FEATURES), max_size=len(FEATURES)))
@settings(max_examples=50, deadline=None)
def test_weights_share_out_what_the_features_of_swaps_contribute(nats: list[float]) -> None:
    found = evidence(SUSPECT, REFERENCE)
    contributions = dict(zip(FEATURE_NAMES, nats, strict=True))
    counted = [
        feature
        for feature in FEATURES
        if feature.per_substitution and any(map(feature.per_substitution, found.substitutions))
    ]
    assert sum(substitution_weights(found, contributions)) == pytest.approx(
        sum(contributions[feature.name] for feature in counted), abs=1e-9
    )


def test_a_swap_weighs_by_its_share_in_each_feature() -> None:
    found = evidence(SUSPECT, REFERENCE)
    assert substitution_weights(found, {"content_swaps": 3.0}) == pytest.approx([1.0, 1.0, 1.0, 0.0])
    assert substitution_weights(found, {"lexicon_for": 7.5}) == pytest.approx([3.5, 0.0, 4.0, 0.0])
    assert substitution_weights(found, {"lexicon_against": -1.0}) == pytest.approx([0.0, -1.0, 0.0, 0.0])
    assert substitution_weights(found, {"numbers": 0.5}) == pytest.approx([0.0, 0.0, 0.0, 0.5])
    assert substitution_weights(found, {"coverage": 5.0, "rewrites": 1.0}) == [0.0] * 4


# --- classifier -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value, knots, steps",
    [
        (3.0, (0.0, 2.0, 4.0), [1.0, 0.5]),
        (-1.0, (0.0, 2.0, 4.0), [0.0, 0.0]),
        (9.0, (0.0, 2.0, 4.0), [1.0, 1.0]),
        (2.0, (0.0, 2.0, 4.0), [1.0, 0.0]),
        (5.0, (0.0,), []),
        (5.0, (), []),
    ],
)
def test_ramps(value: float, knots: tuple[float, ...], steps: list[float]) -> None:
    assert ramps(value, knots) == steps


NUMBERS = st.floats(-20, 20)


@given(st.lists(NUMBERS, min_size=14, max_size=14), st.floats(-3, 9), st.floats(-800, 800), st.floats(0, 1))
@settings(max_examples=80)
def test_relations_are_probabilities_that_agree_with_the_log_odds(
    weights: list[float], value: float, log_odds: float, version: float
) -> None:
    logits: dict[Relation, Logit] = {
        name: Logit(weights[2 * place], {"x": (weights[2 * place + 1],)}) for place, name in enumerate(RELATIONS)
    }
    machine_logit = Explained(Logit(weights[12], {"x": (weights[13],)}), {"x": 0.25})
    classifier = Classifier({"x": (0.0, 4.0)}, machine_logit, machine_logit, machine_logit.logit, logits)
    steps = classifier.steps({"x": value})
    found = classifier.relations(steps, log_odds, version)
    assert tuple(found) == RELATIONS
    assert all(0.0 <= probability <= 1.0 for probability in found.values())
    assert sum(found.values()) == pytest.approx(1.0)
    assert found["copied"] + found["edited"] <= version + 1e-9
    machine = sum(found[name] for name in MACHINE_RELATIONS)
    assert machine == pytest.approx(1 / (1 + math.exp(-max(-50.0, min(50.0, log_odds)))))
    contributions = machine_logit.contributions(machine_logit.parts(steps))
    plain = weights[12] + weights[13] * ramps(value, (0.0, 4.0))[0]
    assert machine_logit.intercept + sum(contributions.values()) == pytest.approx(plain, abs=1e-9)


# --- verdict --------------------------------------------------------------------------------------


def relations(**given: float) -> dict[Relation, float]:
    return {name: given.get(name, 0.0) for name in RELATIONS}


@pytest.mark.parametrize(
    "found, expected",
    [
        (relations(spun=0.9, edited=0.1), "spun"),
        (relations(spun=0.3, back_translated=0.4, edited=0.3), "back_translated"),
        (relations(copied=0.7, spun=0.3), "copied"),
        (relations(independent=1.0), "independent"),
        # the machine's relations together outweigh the likeliest, a person's
        (relations(edited=0.4, spun=0.35, llm_rewritten=0.25), "spun"),
        # both ways: the likeliest is a machine's, but people's together outweigh it
        (relations(spun=0.4, edited=0.3, copied=0.3), "undecided"),
    ],
)
def test_verdicts(found: dict[Relation, float], expected: str) -> None:
    decided, reasons = verdict(found, [])
    assert decided == expected
    assert [one.reason for one in reasons] == (["both_ways"] if expected == "undecided" else [])
    short = Undecided("too_short", "suspect", "The suspect has only 3 words.")
    assert verdict(found, [short]) == ("undecided", (short,))


def test_little_text_moves_the_score_little() -> None:
    assert length_share(0) == 0.0
    assert 0.0 < length_share(20) < length_share(39) <= 0.15
    assert length_share(20) == pytest.approx(length_share(39) * 20 / 39) and length_share(39) > 0.14
    assert length_share(40) == length_share(9999) == 1.0


def test_evidence_counts_as_far_as_the_suspect_is_a_version_and_fades_by_the_square_below_an_even_chance() -> None:
    assert [version_share(reuse) for reuse in (0.0, 0.1, 0.25, 0.5, 0.75, 1.0)] == pytest.approx(
        [0.0, 0.02, 0.125, 0.5, 0.75, 1.0]
    )


def test_without_any_evidence_one_in_ten_is_thought_a_machines_work() -> None:
    found = judge(balanced(), told(x=4.0), words=0)
    assert sigmoid(found.machine.log_odds) == pytest.approx(0.1, abs=1e-4)
    assert found.machine.nats == {"x": 0.0} and found.parts == {"x": 0.0}


def balanced() -> Classifier:
    """One feature, of which 2 is typical and each step from 0 to 4 adds half a nat to all that is asked."""
    logit = Logit(-0.5, {"x": (2.0,)})
    relation: dict[Relation, Logit] = {name: Logit(0.0, {"x": (1.0 * (name == "spun"),)}) for name in RELATIONS}
    return Classifier(
        {"x": (0.0, 4.0)}, Explained(logit, {"x": 1.0}), Explained(logit, {"x": 1.0}), logit, relation
    )


def test_a_judgement_by_hand() -> None:
    features = told(x=4.0)
    found = judge(balanced(), features, words=400)
    assert (found.reuse.intercept, found.reuse.nats) == (0.5, {"x": 1.0}) and found.reuse.log_odds == 1.5
    version = 1 / (1 + math.exp(-1.5))
    assert found.version == pytest.approx(version) and found.undecided == ()
    assert found.machine.nats == pytest.approx({"x": version})
    assert found.machine.intercept == pytest.approx(0.5 * version - 2.197 * (1 - version))
    assert found.parts == pytest.approx({"x": 2.0 * version})
    probability = 1 / (1 + math.exp(-found.machine.log_odds))
    powers = {"spun": math.e, "back_translated": 1.0, "llm_rewritten": 1.0}
    expected = {name: probability * power / (math.e + 2) for name, power in powers.items()}
    expected |= dict.fromkeys(("copied", "edited"), (1 - probability) * version / 2)
    expected["independent"] = (1 - probability) * (1 - version)
    assert found.relations == pytest.approx(expected) and tuple(found.relations) == RELATIONS
    short = judge(balanced(), features, 20, [Undecided("too_short", "suspect", "It is short.")])
    assert (short.verdict, [one.reason for one in short.undecided]) == ("undecided", ["too_short"])
    assert 0.0 < short.machine.nats["x"] < 0.15 * version
    foreign = judge(balanced(), features, 400, [Undecided("not_english", "suspect", "It is Welsh.")])
    assert foreign.machine.nats == {"x": 0.0} and foreign.machine.intercept == pytest.approx(-2.197)


@given(st.floats(0.0, 1.0), st.floats(-40.0, 40.0))
def test_an_undecided_score_stays_below_50(share: float, log_odds: float) -> None:
    kept = undecided_share(share, log_odds)
    assert 0.0 <= kept <= share
    assert kept * log_odds + (1.0 - kept) * PRIOR_LOG_ODDS < 0.0
    if share * log_odds + (1.0 - share) * PRIOR_LOG_ODDS < -1.0:
        assert kept == share


def told(**features: float) -> dict[str, float]:
    words = {"dropped": 0.0, "content_swaps": 5.0, "known_swaps": 3.0, "added": 0.0, "added_grammar": 0.0}
    words |= {"dropped_grammar": 0.0, "coverage": 1.0, "reference_coverage": 1.0, "telltales": 0.0}
    return {"misreadings": 0.0, "word_pairs_most": 0.9, **words, **features}


@pytest.mark.parametrize(
    "features, reuse, log_odds, translation, reasons",
    [
        (told(), 0.99, 3.0, 3.0, []),
        (told(word_pairs_most=0.3), 0.99, 3.0, 3.0, ["reworded_throughout"]),
        (told(word_pairs_most=0.3), 0.99, 3.0, -1.0, []),  # reworded throughout, but not as a translator does
        (told(misreadings=20.0), 0.99, 3.0, -1.0, ["damaged"]),
        (told(), 0.4, 3.0, -1.0, ["little_in_common"]),
        (told(), 0.4, 5.9, -1.0, ["little_in_common"]),
        (told(), 0.4, 6.0, -1.0, []),  # every other word is a spinner's: plain to see
        (told(word_pairs_most=0.3), 0.4, 6.0, 3.0, ["reworded_throughout"]),
        (told(word_pairs_most=0.3), 0.19, 6.0, 3.0, []),
        (told(), 0.1, 3.0, -1.0, []),  # another story: nothing to decide
        (told(misreadings=20.0, word_pairs_most=0.3), 0.4, -1.0, 3.0, []),  # nobody would be accused anyway
        (told(misreadings=20.0), 0.99, 0.0, 3.0, []),
        (told(misreadings=6.0), 0.99, 0.1, 3.0, ["damaged"]),
        (told(misreadings=5.9), 0.99, 3.0, 3.0, []),
        (told(word_pairs_most=0.55), 0.5, 3.0, -0.33, ["reworded_throughout"]),
        (told(word_pairs_most=0.56), 0.5, 3.0, 0.2, []),
        (told(word_pairs_most=0.55), 0.5, 3.0, -0.34, []),
        (told(word_pairs_most=0.24), 0.5, 3.0, -0.99, ["reworded_throughout"]),
        (told(word_pairs_most=0.24), 0.5, 3.0, -1.0, []),
        (told(word_pairs_most=0.25), 0.5, 3.0, -0.99, []),
        (told(word_pairs_most=0.3), 0.4, 0.5, 3.0, []),  # hardly a version, and hardly accused
        (told(), 0.2, 1.1, -1.0, ["little_in_common"]),
        (told(), 0.49, 1.1, -1.0, ["little_in_common"]),
        (told(), 0.5, 1.1, -1.0, []),
        (told(), 0.4, 1.0, -1.0, []),
        (told(dropped=7.5, content_swaps=2.0, known_swaps=1.5), 0.99, 3.0, -1.0, ["mostly_cut"]),
        (told(added=7.5, content_swaps=2.0, known_swaps=1.5), 0.99, 3.0, -1.0, ["mostly_cut"]),  # turned round
        (told(dropped=7.4, content_swaps=2.0, known_swaps=1.5), 0.99, 3.0, -1.0, []),
        (told(dropped=8.0, content_swaps=2.1, known_swaps=1.5), 0.99, 3.0, -1.0, []),
        (told(dropped=8.0, content_swaps=2.0, known_swaps=1.6), 0.99, 3.0, -1.0, []),
        (told(dropped=8.0, content_swaps=2.0, known_swaps=1.5, word_pairs_most=0.47), 0.99, 3.0, -1.0, []),
        (told(dropped=6.0, dropped_grammar=14.0, added=2.5), 0.99, 3.0, -1.0, ["mostly_cut"]),
        (told(added=6.0, added_grammar=14.0, dropped_grammar=2.5), 0.99, 3.0, -1.0, ["mostly_cut"]),  # turned round
        (told(dropped=6.0, dropped_grammar=13.9, added=2.5), 0.99, 3.0, -1.0, []),
        (told(dropped=6.0, dropped_grammar=14.0, added=2.6), 0.99, 3.0, -1.0, []),
        (told(dropped=6.0, dropped_grammar=14.0, content_swaps=5.6), 0.99, 3.0, -1.0, []),
        (told(dropped=6.0, dropped_grammar=14.0, coverage=0.6), 0.99, 3.0, -1.0, ["mostly_cut"]),
        (told(dropped=6.0, dropped_grammar=14.0, coverage=0.59), 0.99, 3.0, -1.0, []),
        (told(content_swaps=2.2, added=6.0, dropped=6.0), 0.99, 3.0, -1.0, ["too_few_changes"]),
        (told(content_swaps=2.3), 0.99, 3.0, -1.0, []),
        (told(content_swaps=2.2), 0.19, 3.0, -1.0, []),  # another story
        (told(content_swaps=2.2, added=6.1), 0.99, 3.0, -1.0, []),
        (told(content_swaps=2.2, dropped=6.1), 0.99, 3.0, -1.0, []),
        (told(content_swaps=2.2, reference_coverage=0.89), 0.99, 3.0, -1.0, []),
        (told(content_swaps=2.2, telltales=0.1), 0.99, 3.0, -1.0, []),
    ],
)
def test_evidence_that_something_else_explains_decides_nothing(
    features: dict[str, float], reuse: float, log_odds: float, translation: float, reasons: list[str]
) -> None:
    assert [one.reason for one in evidence_cautions(features, reuse, log_odds, translation)] == reasons


@pytest.mark.parametrize(
    ("reuse", "log_odds", "reasons"),
    [
        (0.99, 4.4, ["corrected", "other_facts", "another_register"]),
        (0.99, 6.0, ["corrected", "another_register"]),  # plain to see, whatever numbers were changed as well
        (0.99, 11.0, ["corrected"]),  # and, by far, whatever English it is put into [will -> shall]
        (0.2, 0.1, ["corrected", "other_facts", "another_register"]),
        (0.19, 0.1, []),  # another story
    ],
)
def test_what_explains_the_changes_is_asked_where_a_version_would_be_accused(
    reuse: float, log_odds: float, reasons: list[str]
) -> None:
    explained = [Undecided(name, None, "People's.") for name in ("corrected", "other_facts", "another_register")]
    found = evidence_cautions(told(), reuse, log_odds, -1.0, lambda: explained)
    assert [one.reason for one in found] == reasons

    def never() -> list[Undecided]:
        raise AssertionError("asked for nothing")

    assert evidence_cautions(told(), 0.99, 0.0, 3.0, never) == []


def test_cautions_name_the_side_and_the_cause() -> None:
    full = cut("The mill on the hill was sold to a man who had come from the sea with all of his gold. " * 3)
    assert cautions(full, full) == []
    assert cautions(cut(""), full) == [
        Undecided("no_words", "suspect", "The suspect has no words, so there is nothing to judge.")
    ]
    few = "has only 3 words; at least 40 are needed for a verdict."
    almost = " ".join(["The mill on the hill was sold."] * 5)
    assert [one.reason for one in cautions(cut(f"{almost} It was an old."))] == ["too_short"]  # 39 words
    assert cautions(cut(f"{almost} It was an old one.")) == []
    assert [one.explanation[:28] for one in cautions(cut("Sold."))] == ["The suspect has only 1 word;"]
    assert cautions(full, cut("The mill closed.")) == [Undecided("too_short", "reference", f"The reference {few}")]
    assert cautions(cut("The mill closed."), cut("")) == [
        Undecided("too_short", "suspect", f"The suspect {few}"),
        Undecided("no_words", "reference", "The reference has no words, so there is nothing to judge."),
    ]
    assert cautions(cut("The mill closed.")) == [Undecided("too_short", "suspect", f"The suspect {few}")]


FOREIGN = {
    "German": "Die Regierung hat am Montag ein neues Gesetz vorgestellt, das die Steuern auf Zucker erhöhen soll. "
    "Viele Bauern sind dagegen, weil sie dann weniger Rüben verkaufen werden.",
    "French": "Le gouvernement a présenté lundi une nouvelle loi qui doit augmenter les taxes sur le sucre. "
    "Beaucoup de paysans y sont opposés parce qu'ils vendront moins de betteraves.",
    "Spanish": "El gobierno presentó el lunes una nueva ley que debe subir los impuestos al azúcar. Muchos "
    "campesinos se oponen porque venderán menos remolacha este año.",
    "Dutch": "De regering heeft maandag een nieuwe wet voorgesteld die de belasting op suiker moet verhogen. Veel "
    "boeren zijn er tegen omdat ze dan minder bieten in het land verkopen.",
    "Russian": "Правительство представило в понедельник новый закон, который должен повысить налоги на сахар. "
    "Многие крестьяне против, потому что продадут меньше свёклы в этом году.",
    "Chinese": "政府星期一提出了一项新的法律，将提高糖的税收。许多农民反对，因为他们将卖出更少的甜菜。"
    "部长说，儿童的健康比北方工厂的利润更重要。",
    "Japanese": "政府は月曜日に砂糖税を引き上げる新しい法律を発表した。多くの農家は反対している。"
    "大臣は子供の健康が工場の利益より大切だと語った。",
}


@pytest.mark.parametrize("language", FOREIGN)
def test_other_languages_are_told(language: str) -> None:
    assert not_english(cut(FOREIGN[language]))


def test_english_is_told() -> None:
    assert not not_english(
        cut("The mill on the hill was sold to a man who had come from the sea with his gold, again.")
    )
    assert not not_english(cut(REFERENCE))
    assert not not_english(cut(""))


def test_from_which_share_of_grammar_words_on_a_text_is_english() -> None:
    for grammar, foreign in ((3, True), (4, False)):  # of 25
        text = " ".join(["the"] * grammar + ["brumlo"] * (25 - grammar))
        assert not_english(cut(text)) is foreign
    assert not not_english(cut(" ".join(["brumlo"] * 19))) and not_english(cut(" ".join(["brumlo"] * 20)))
    assert not not_english(cut(f"{'brumlo 12 ' * 19}"))  # numbers are words of no language


def test_a_text_is_foreign_if_most_letters_are_of_another_alphabet() -> None:
    for latin, others, foreign in ((0, 20, False), (0, 21, True), (30, 30, False), (30, 31, True), (31, 30, False)):
        assert not_english(cut(f"{'b' * latin} {'ж' * others}")) is foreign, (latin, others)
    assert not not_english(cut("☃ " * 30))  # no letters at all
