"""Kinds of substitution, quotation and tell-tales: each rule by hand, its reason asserted."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from spindetect import Detector
from spindetect.align.lexical.lexicon import Entry, Lexicon
from spindetect.align.lexical.same_word import (
    americanised,
    misspelling,
    nearly_alike,
    same_phrase,
    same_word,
    spelled_alike,
)
from spindetect.classify.phrases import PhrasePair
from spindetect.classify.rules import Context, kind_of
from spindetect.findings import Substitution
from spindetect.kinds import KINDS, Altered, Kind, Variant, telltale_reason
from spindetect.pipeline import classify
from spindetect.records import Article, Document, Word
from spindetect.segment.document import segment
from spindetect.segment.vocabulary import Vocabulary

VOCABULARY = Vocabulary({"the": 0.0, "of": 0.5, "was": 1.5, "town": 5.0}, irregular={"went": "go"})
SPINNER, PERSON = 3.5, -2.0
LEXICON = Lexicon(
    {
        ("defense", "protection"): Entry(0.8, SPINNER),
        ("the united states", "america"): Entry(0.9, 1.5),
        ("chinese", "chinese language"): Entry(0.9, SPINNER),
        ("town", "city"): Entry(0.6, PERSON),
        ("price", "worth"): Entry(0.8, 1.5),
        ("green", "inexperienced"): Entry(0.8, 1.5),
        ("light", "mild"): Entry(0.8, 1.5),
        ("friends", "pals"): Entry(0.8, 1.5),
        ("where", "the place"): Entry(0.8, 1.5),
        ("tax", "levy"): Entry(0.8, 1.5),
        ("labor", "labour"): Entry(0.8, PERSON),
        ("national", "nationwide"): Entry(0.8, 1.5),
        ("help", "assist"): Entry(0.8, SPINNER),
    },
    {"green light": "idiom", "regulatori approv": "collocation"},
)

NAME = "part of a proper name"
HEAD = "part of a title or an organisation's name"
SYNONYM = "another word of similar meaning"
FOR_GRAMMAR = "another word in a grammar word's place"
FORM = "the same word, inflected, contracted or written differently"
SPINNERS_DO = "; spinners make this swap, people hardly ever do"


def cut(text: str) -> Document:
    return segment(Article(text), VOCABULARY)


def items(reference: str, suspect: str) -> list[Substitution]:
    classified = classify(cut(suspect), cut(reference), LEXICON)
    found = [item.weighing(0.0) for pair in classified.pairs for item in pair.substitutions]
    for item in found:
        assert item.suspect.span.of(suspect) == item.suspect.text
        assert item.reference.span.of(reference) == item.reference.text
        assert item.kind in KINDS and item.reason
    return found


def only(frame: str, old: str, new: str) -> Substitution:
    [item] = items(frame.format(old), frame.format(new))
    return item


CASES = [
    # frame, reference, suspect, kind, tell-tale, reason
    ("He praised {} in a speech.", "the United States", "america", "name", True,
     f"{NAME}; names aren't exchanged for synonyms"),
    ("The visit of {} Paul Marden ended.", "Defense Secretary", "Protection Secretary", "name", True,
     HEAD + SPINNERS_DO),
    ("The visit of {} Paul Marden ended.", "Defense Secretary", "Secretary of Protection", "name", True,
     HEAD + SPINNERS_DO),
    ("Pilots wrote to Gen. Harlan {} on Friday.", "Price", "Worth", "name", True,
     f"{NAME}; names aren't exchanged for synonyms"),
    ("A study of the {} was printed.", "National Institute", "Nationwide Institute", "name", True,
     f"{HEAD}; names aren't exchanged for synonyms"),
    ("Ministers gave the {} to the bridge.", "green light", "inexperienced mild", "term", True,
     "a fixed expression, broken up; fixed expressions aren't taken apart word by word"),
    ("The visit of the {} envoy ended.", "Chinese", "Chinese language", "demonym", True,
     "a nationality turned into a language; nobody means the language here"),
    ("The old {} slept through the storm.", "town", "city", "synonym", False, SYNONYM),
    ("They want to {} the old farmers.", "help", "assist", "synonym", True, SYNONYM + SPINNERS_DO),
    ("The tower {} it bends is empty.", "where", "the place", "function", False, FOR_GRAMMAR),
    ("Carters left {} mill on Monday.", "the", "nan", "function", False, FOR_GRAMMAR),
    ("The farmers of the valley {} a well.", "have", "applicant", "function", False, FOR_GRAMMAR),
    ("Children {} playing beside the mill.", "were", "have been", "function", False, "a grammar word for another"),
    ("She bought {} apples at the market.", "five", "5", "number", False, "the same number in another form"),
    ("She bought {} apples at the market.", "five", "6", "number", False, "another number"),
    ("Those who joined after {} pay half.", "July 1", "June 1", "number", False, "another day or month"),
    ("The fee is due on {} at noon.", "Monday", "Friday", "number", False, "another day or month"),
    ("She bought {} apples at the market.", "5", "6", "number", False, "another number"),
    ("The price rose by {} percent in a week.", "ten", "12", "number", False, "another number"),
    ("The town paid {} for the old bridge.", "1,000", "1000", "number", False, "the same number in another form"),
    ("The town paid {} for the old bridge.", "$3 million", "€2.8 million", "unit", False,
     "the same quantity in another unit"),
    ("The town is {} from the old bridge.", "62 miles", "62 km", "unit", False,
     "another quantity in another unit: an altered fact"),
    ("The committee planned a {} festival.", "colour", "color", "form", False, "the same word in another spelling"),
    ("The farmers {} at the old bridge.", "waited", "waiting", "form", False, FORM),
    ("She said it did{} rain in the valley.", "n’t", " not", "form", False, Variant.CONTRACTED),
    ("About ten {} of them voted.", "per cent", "percent", "form", False,
     "the same word, hyphenated or spaced differently"),
    ("It was {} farmer who saw the storm.", "a", "an", "form", False, "the article's form before another word"),
    ("The {} ministry praised its young pilots.", "defense", "dеfense", "disguise", True,
     "the same word with look-alike or invisible characters; nobody types such characters by accident"),
    ("The {} ministry praised its young pilots.", "defense", "d\u0435fense", "disguise", True,
     "the same word with look-alike or invisible characters; nobody types such characters by accident"),
]  # fmt: skip


@pytest.mark.parametrize("frame, old, new, kind, telltale, reason", CASES, ids=lambda value: str(value)[:24])
def test_each_kind_with_its_reason(frame: str, old: str, new: str, kind: str, telltale: bool, reason: str) -> None:
    item = only(frame, old, new)
    assert (item.kind, item.telltale, item.reason) == (kind, telltale, reason)
    assert not item.quoted and item.weight == 0.0


def test_a_stretch_reworded_as_a_whole_is_one_rewrite() -> None:
    found = items(
        "The council met in Corby on Monday because angry drivers blocked every bridge and the mayor resigned.",
        "The council met in Corby on Monday amid huge street protests that stopped cars and the mayor resigned.",
    )
    assert [(item.kind, item.telltale) for item in found] == [("rewrite", False)]
    assert found[0].reason == "a stretch reworded beyond word for word"


def test_nothing_is_found_where_nothing_changed() -> None:
    text = "“The U.S. gave the green light,” said Gen. Price. 👩‍🚀 Ten per cent didn’t vote."
    assert items(text, text) == []


def test_moved_case_and_quotation_style_are_no_substitutions() -> None:
    assert items("“The old Town slept,” she said.", '"the old town slept," she said.') == []


@pytest.mark.parametrize("word", ["de\u00adfense", "dеfense"])
def test_a_disguise_that_the_reference_wears_as_well_is_none(word: str) -> None:
    found = items(f"The {word} ministry raised the tax.", f"The {word} ministry raised the levy.")
    assert [item.kind for item in found] == ["synonym"]


def test_a_disguise_that_only_the_reference_wears_is_none_of_the_suspect() -> None:
    found = items("The de\u00adfense ministry raised the tax.", "The defense ministry raised the levy.")
    assert [item.kind for item in found] == ["synonym"]


# --- quotations -----------------------------------------------------------------------------------


@pytest.mark.parametrize("marks", ["“{}”", '"{}"', "«{}»"])
def test_a_swap_in_a_quotation_is_flagged_and_telling(marks: str) -> None:
    frame = marks.format("We need our {} at the dam,") + " she said."
    item = only(frame, "friends", "pals")
    assert item.quoted and item.telltale
    assert item.reason == f"{SYNONYM}; quotations aren't reworded by synonyms"


def test_outside_the_quotation_the_same_swap_is_not_flagged() -> None:
    item = only("“Come,” she told her {} at the dam.", "friends", "pals")
    assert not item.quoted and not item.telltale and item.reason == SYNONYM


def test_a_quotation_on_either_side_counts() -> None:
    [item] = items("She said they need their friends there.", "She said “they need their pals there.”")
    assert item.quoted
    [item] = items("She said “they need their friends there.”", "She said they need their pals there.")
    assert item.quoted


# --- cutting --------------------------------------------------------------------------------------


def test_reported_speech_is_reworded_by_people_too() -> None:
    told = "He told the crowd that the price was far too high for the town."
    reported = '"The price was far too high for the town," he told the crowd.'
    for reference, suspect, telling in (
        (reported, told.replace("price", "worth"), False),
        (reported, reported.replace("price", "worth"), True),
    ):
        [item] = [one for one in items(reference, suspect) if one.suspect.text == "worth"]
        assert item.quoted
        assert item.telltale == telling
        assert ("quotations aren't reworded by synonyms" in item.reason) == telling


ARTICLE = "{}\n\nThe Coast Watch sent {} to the town on Monday. The town was told what the {} had seen."


def test_capitals_of_a_headline_make_no_names() -> None:
    """What the article below writes with a capital is a name there, too; without an article nothing tells."""
    old = ARTICLE.format("Town Where Coast Watch Sent Friends Sees Tax", "people", "friends")
    new = ARTICLE.format("Town Where Coast Watch Sent Pals Sees Levy", "people", "friends")
    assert {(one.kind, one.telltale) for one in items(old, new)} == {("synonym", False)}
    renamed = ARTICLE.format("Town Where National Watch Sent Friends Sees Tax", "National Watch people", "friends")
    other = renamed.replace("Where National", "Where Nationwide")
    assert [one.kind for one in items(renamed, other)] == ["name"]
    headline = "Town Where Coast Watch Sent {} Sees Prices"
    assert only(headline, "Friends", "Pals").kind == "name"
    assert only(headline + " Again.", "Friends", "Pals").kind == "name"


def test_words_of_the_same_stems_are_another_form() -> None:
    item = only("The town waited for {} of the price.", "regulatory approvals", "regulators approving")
    assert (item.kind, item.telltale, item.reason) == ("form", False, "the same words in other forms")


def test_neighbouring_swaps_stay_apart_and_a_fixed_expression_whole() -> None:
    found = items("Old town tax has the green light now.", "Old city levy has the inexperienced mild now.")
    assert [(item.reference.text, item.suspect.text, item.kind) for item in found] == [
        ("town", "city", "synonym"),
        ("tax", "levy", "synonym"),
        ("green light", "inexperienced mild", "term"),
    ]


def test_an_idiom_broken_in_one_word_is_whole_as_well() -> None:
    item = only("Ministers gave the {} to the bridge.", "green light", "inexperienced light")
    assert (item.reference.text, item.suspect.text, item.kind) == ("green light", "inexperienced light", "term")


def test_hyphenated_compounds_stay_whole() -> None:
    [item] = items("A tax-free market opened in Corby.", "A levy-free market opened in Corby.")
    assert (item.reference.text, item.suspect.text) == ("tax-free", "levy-free")


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("The WHO said that it was late.", "The agency said that it was late.", "name"),
        ("Ministers left the US after the vote.", "Ministers left the West after the vote.", "name"),
        ("Her IT office was shut.", "Her HR office was shut.", "name"),
        ("Then Theresa May left the hall.", "Then Theresa Hart left the hall.", "name"),
        ("A letter by Will Smith was read.", "A letter by John Smith was read.", "name"),
        ("He left Gary, IN for the coast.", "He left Gary, Utah for the coast.", "name"),
        ("THE MAYOR GAVE IT TO US THERE.", "THE MAYOR GAVE IT TO THEM THERE.", "function"),
        ("The mayor gave it to us there.", "The mayor gave it to them there.", "function"),
        ("They may not leave the hall.", "They might not leave the hall.", "function"),
    ],
)
def test_a_grammar_word_with_capitals_is_a_name_where_most_words_have_none(old: str, new: str, kind: str) -> None:
    [item] = items(old, new)
    assert item.kind == kind


@pytest.mark.parametrize(
    "text", ["Lund May Leave Hull Soon", "They met on Thursday May 5.", "In May President Hale left."]
)
def test_a_month_and_a_verb_in_a_heading_are_no_surnames(text: str) -> None:
    assert next(word for word in cut(text).words if word.text == "May").function


@pytest.mark.parametrize(
    ("old", "new"), [("U.S.", "US"), ("U.N.", "UN"), ("E.U.", "EU"), ("F.B.I.", "FBI"), ("US army", "U.S. army")]
)
def test_an_abbreviation_with_and_without_full_stops_is_one(old: str, new: str) -> None:
    [item] = items(f"The {old} came to the hall of the town.", f"The {new} came to the hall of the town.")
    assert (item.kind, item.reason) == ("form", Variant.RESPELT)


def test_a_possessive_is_left_out() -> None:
    [item] = items("The town’s bridge fell on Monday.", "The city’s bridge fell on Monday.")
    assert (item.reference.text, item.suspect.text) == ("town", "city")


def test_substitutions_of_a_pair_do_not_overlap() -> None:
    found = items(
        "Defense Secretary Price gave the town where friends help the green light on Monday.",
        "Secretary of Protection Worth gave the city the place pals assist the inexperienced mild on Monday.",
    )
    for side in ("suspect", "reference"):
        spans = sorted(getattr(item, side).span for item in found)
        assert all(one.end <= other.start for one, other in itertools.pairwise(spans))
    assert len(found) >= 5


# Words with vectors: a town and a city are just related (0.36), walking and strolling just aren't (0.34).
KNOWN = "town city hall mill walk stroll big london paris price worth chinese language generic general generals"
ROWS = {word: row for row, word in enumerate(KNOWN.split())}
VECTORS = np.eye(len(ROWS), dtype=np.float32)
VECTORS[ROWS["city"], ROWS["town"]], VECTORS[ROWS["stroll"], ROWS["walk"]] = 0.36, 0.34
RELATING = Lexicon({("price", "worth"): Entry(0.8, 1.5)}, vectors=VECTORS)
REWORDED, NEVER_SEEN = "a stretch reworded beyond word for word", "a rare or invented word for another"
FIGURE = "a figure in words' place, or the reverse"
RULES = [
    ("town = city", "synonym", SYNONYM),
    ("town hall = city mill", "synonym", SYNONYM),
    ("town hall = walk mill", "rewrite", REWORDED),
    ("walk = stroll", "synonym", SYNONYM),
    ("walk up = stroll", "synonym", SYNONYM),  # particles don't count
    ("big walk = stroll", "rewrite", REWORDED),
    ("the walk = of stroll", "rewrite", REWORDED),
    ("zorblax = quimbley", "rewrite", NEVER_SEEN),
    ("Zorblax = Quimbley", "name", "another name in a name's place"),
    ("zorblax = mill", "synonym", SYNONYM),
    ("zorblax = 42", "rewrite", FIGURE),
    ("five = 5", "number", "the same number in another form"),
    ("5th = fifth", "number", "the same number in another form"),
    ("first = 2nd", "number", "another number"),
    ("5 = five million", "number", "another number"),
    ("five million = 5,000,000", "number", "the same number in another form"),
    ("1.5 million = 1,500,000", "number", "the same number in another form"),
    ("mill = 5", "rewrite", FIGURE),
    ("5 = mill", "rewrite", FIGURE),
    ("chinese = chinese language", "demonym", "a nationality turned into a language"),
    ("chinese = language", "synonym", SYNONYM),
    ("chinese language = chinese languages", "form", FORM),
    ("a = an", "form", "the article's form before another word"),
    ("a = the", "function", "a grammar word for another"),
    ("of = mill", "function", FOR_GRAMMAR),
    ("mill = of", "function", "a grammar word in another word's place"),
    ("the = many", "function", FOR_GRAMMAR),  # a quantifier counts as a content word
    ("many = mill", "synonym", SYNONYM),
    ("London = Paris", "synonym", SYNONYM),  # which may only open a sentence
    ("then London = Paris", "name", "another name in a name's place"),
    ("then London = mill", "name", NAME),
    ("then london = Paris", "name", "written as a proper name in the suspect"),
    ("then of = Paris", "function", FOR_GRAMMAR),
    ("then May = Might", "name", "the name of a month"),
    ("May = Might", "function", "a grammar word for another"),
    ("regulatory approvals = regulators approving", "form", "the same words in other forms"),
    ("regulatory approvals = regulating mill", "rewrite", REWORDED),
    ("towns hall = town halls", "form", FORM),
    ("towns = mill towns", "synonym", SYNONYM),  # they share a stem
    ("walk = price worth", "rewrite", REWORDED),
    ("price = mill worth", "synonym", SYNONYM),  # of which the lexicon knows a part
    ("walk 5 = stroll mill", "rewrite", REWORDED),
    ("walk = up stroll", "rewrite", REWORDED),  # a particle that comes first counts
    ("the of = of stroll", "function", FOR_GRAMMAR),
    ("mill = the of stroll", "rewrite", REWORDED),
    ("town = the city", "synonym", SYNONYM),
    ("5 town = 5 city", "synonym", SYNONYM),
    ("zorblax = Quimbley", "rewrite", NEVER_SEEN),
    ("zorblax mill = quimbley", "rewrite", REWORDED),
    ("five hundred = 500", "number", "the same number in another form"),
    ("five miles = 5 hectares", "rewrite", REWORDED),
    ("5 usd = 6 usd", "number", "another number"),
    ("5 usd = of usd", "rewrite", FIGURE),
    ("town language = chinese language", "synonym", SYNONYM),
    ("town = chinese languages", "demonym", "a nationality turned into a language"),
    ("generic walk = general walk", "form", "the same words in other forms"),  # five letters of seven
    ("generic walk = generals walk", "synonym", SYNONYM),  # five of eight
    ("London hall = Paris hall", "synonym", SYNONYM),
    ("London of = Paris of", "synonym", SYNONYM),
    ("London Hall = London Mill", "name", "another name in a name's place"),
    ("London Of = Paris Of", "synonym", SYNONYM),
    ("President hall = London hall", "name", NAME),
    ("then May = London", "name", "the name of a month"),
    ("XIV = the 14th", "number", "the same number in another form"),
    ("XIV = XVI", "number", "another number"),
    ("Phase III = phase three", "number", "the same number in another form"),
    ("LVIII = 58", "number", "the same number in another form"),
    ("London V = London 5", "number", "the same number in another form"),
    ("London V = London IV", "number", "another number"),
    ("town V = town 5", "name", NAME),  # a letter after no name
    ("London I = London One", "number", "the same number in another form"),
    ("London I = London one", "synonym", SYNONYM),
    ("then CD = 400", "name", NAME),
    ("then MIX = 1009", "name", NAME),
    ("then XIV = the mill", "rewrite", REWORDED),
]


@pytest.mark.parametrize(("case", "kind", "reason"), RULES)
def test_which_rule_tells_the_kind(case: str, kind: str, reason: str) -> None:
    """Where the case begins with "then", that word stands before both phrases."""
    words = Vocabulary({"the": 0.0, "of": 0.5}, rows=ROWS)
    old, new = ([words[word] for word in side.split()] for side in case.removeprefix("then ").split(" = "))
    before = words["then"] if case.startswith("then ") else None
    pair = PhrasePair(range(len(old)), range(len(new)))
    assert kind_of(Context(pair, old, new, before, before, RELATING, RELATING.find(old, new))) == (kind, reason)


def test_what_was_seen_of_the_phrases_before_tells_the_kind_first() -> None:
    words = Vocabulary({"the": 0.0, "of": 0.5}, rows=ROWS)

    def told(old: str, new: str, **seen: Any) -> tuple[str, str]:
        sides = [[words[word] for word in side.split()] for side in (old, new)]
        pair = PhrasePair(range(len(sides[0])), range(len(sides[1])), **seen)
        return kind_of(Context(pair, sides[0], sides[1], None, None, RELATING))

    assert told("town hall", "city mill", rewritten=True) == ("rewrite", REWORDED)
    assert told("town hall", "walk mill", head=True) == ("name", HEAD)
    assert told("town hall", "walk mill", fixed=True) == ("term", "a fixed expression, broken up")
    assert told("price up", "worth down", fixed=True) == ("synonym", SYNONYM)  # a verb with its particle
    assert told("self governing", "self ruled", fixed=True) == ("synonym", SYNONYM)
    assert told("town", "city", quantity=Altered.MISCONVERTED) == ("unit", Altered.MISCONVERTED)
    assert told("town", "city", quantity=Variant.CONVERTED) == ("unit", Variant.CONVERTED)
    assert told("town", "city", quantity=Variant.SAME_NUMBER) == ("number", Variant.SAME_NUMBER)


QUOTED = "quotations aren't reworded by synonyms"


@pytest.mark.parametrize(
    ("kind", "evidence", "quoted", "reason"),
    [
        ("synonym", 3.0, False, SPINNERS_DO[2:]),
        ("synonym", 2.99, False, ""),
        ("synonym", 1.0, True, QUOTED),
        ("synonym", 0.99, True, ""),
        ("name", 1.0, False, "names aren't exchanged for synonyms"),
        ("name", 0.99, False, ""),
        ("name", 3.0, True, SPINNERS_DO[2:]),
        ("disguise", -4.0, False, "nobody types such characters by accident"),
        ("number", 4.0, True, ""),
    ],
)
def test_from_which_evidence_on_a_substitution_is_a_telltale(
    kind: Kind, evidence: float, quoted: bool, reason: str
) -> None:
    """Twenty times likelier of a spinner, where nothing else protects the words: three nats."""
    assert telltale_reason(kind, evidence, quoted) == reason


# --- spelling -------------------------------------------------------------------------------------


def test_a_misspelt_word_is_no_other_word() -> None:
    known = {"accommodate": 1, "dairy": 2, "diary": 3}
    vocabulary = Vocabulary(rows=known)
    right, wrong = [vocabulary["accommodate"]], [vocabulary["acommodate"]]
    assert (same_word(right, wrong), same_word(wrong, right)) == (Variant.MISREAD, Variant.CORRECTED)
    assert not same_word([vocabulary["dairy"]], [vocabulary["diary"]])


@pytest.mark.parametrize(
    "reference, suspect, reason",
    [
        ("government", "g0vernrnent", Variant.MISREAD),  # as scanners misread
        ("weather", "wether", Variant.MISREAD),
        ("the", "tbe", Variant.MISREAD),
        ("because of", "becauseof", Variant.SPACED),
        ("recieve", "receive", Variant.CORRECTED),
        ("Kiev", "Kyiv", Variant.TRANSLITERATED),
        ("Gorbachev", "Gorbachov", Variant.TRANSLITERATED),
        ("musick", "musicke", Variant.RESPELT),
        ("government weather", "goverment wether", Variant.MISREAD),
        ("government weather", "goverment climate", None),
        ("the weather because", "the wether because", None),  # of three words
        ("5 weather", "5wether", Variant.MISREAD),  # a number is no strange word
        ("b5 weather", "b5wether", Variant.RESPELT),
        ("Weather", "wether", Variant.MISREAD),
        ("Weather", "Wether", Variant.TRANSLITERATED),
        ("Clinate", "Climate", Variant.CORRECTED),
        ("Climate", "Clinate", Variant.TRANSLITERATED),
        ("clinate", "climate", Variant.CORRECTED),
        ("house", "houses", Variant.RESPELT),
        ("of", "off", Variant.MISREAD),
        ("weather", "climate", None),  # two known words
        ("weather", "wumbo", None),  # an unknown word that isn't like the known one
        ("house", "horse", None),
    ],
)
def test_a_word_damaged_or_written_otherwise_is_the_same_word(
    reference: str, suspect: str, reason: Variant | None
) -> None:
    words = "government weather the because of receive climate house horse".split()
    vocabulary = Vocabulary(rows={word: row for row, word in enumerate(words)})
    old, new = ([vocabulary[word] for word in phrase.split()] for phrase in (reference, suspect))
    assert same_word(old, new) == reason
    assert bool(same_word(new, old)) == bool(reason)


@pytest.mark.parametrize(
    "one, other, alike",
    [
        ("defence", "defense", True),
        ("colour", "color", True),
        ("organised", "organized", True),
        ("travelled", "traveled", True),
        ("theatre", "theater", True),
        ("size", "scale", False),
        ("town", "down", False),
        ("house", "horse", False),
        ("price", "prize", False),
    ],
)
def test_spelling_variants(one: str, other: str, alike: bool) -> None:
    assert spelled_alike(one, other) is alike
    assert spelled_alike(other, one) is alike


@pytest.mark.parametrize(
    "one, other", [("parental", "paternal"), ("conversation", "conservation"), ("dairy", "diary")]
)
def test_anagrams_are_other_words(one: str, other: str) -> None:
    assert not spelled_alike(one, other)


@pytest.mark.parametrize(
    ("old", "new", "alike"),
    [
        ("ab", "ax", False),  # of two letters none may differ
        ("mat", "mit", True),
        ("plant", "pland", True),
        ("plant", "pland\u0131", True),
        ("brick", "bladk", False),  # of five letters one may
        ("branch", "brxnxh", True),
        ("branch", "bxxnxh", False),
        ("important", "impxrtxnt", True),
        ("important", "ixpxrtxnt", False),
        ("vigorously", "vxgxrxusly", True),  # of ten letters three may
        ("vigorously", "vxgxrxxsly", False),
        ("responsibility", "rxspxnsxbxlity", False),
        ("responsibilityy", "rxspxnsxbxlityy", True),  # of fifteen letters four may
        ("form", "from", True),  # as keys are hit the wrong way round
        ("corner", "c0mer", True),
        ("close", "dose", True),
        ("hall", "hallelujah", False),
        ("tonne", "ton", True),
    ],
)
def test_how_many_letters_may_differ_in_a_damaged_word(old: str, new: str, alike: bool) -> None:
    assert nearly_alike(old, new) is alike and nearly_alike(new, old) is alike


def test_words_of_digits_or_of_forty_letters_and_more_are_not_misspelt() -> None:
    plain = Vocabulary()
    for length, misspelt in ((40, True), (41, False)):
        old = "prolong" * 6
        assert misspelling(plain[old[:length]], plain["x" + old[1:length]]) is misspelt
    assert not misspelling(plain["1234567"], plain["1234568"])
    assert not misspelling(plain["1234567"], plain["l234567"]) and not misspelling(
        plain["l234567"], plain["1234567"]
    )
    both = Vocabulary(rows={"weather": 0, "wether": 1})
    assert not misspelling(both["weather"], both["wether"])
    assert misspelling(both["weather"], both["weathr"]) and misspelling(both["weathr"], both["weather"])


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("Kievv", "Kyiv", Variant.TRANSLITERATED),
        ("Makkah", "Mecca", Variant.TRANSLITERATED),
        ("makkah", "mecca", None),  # no names
        ("Makkah", "mecca", None),
        ("makkah", "Mecca", None),
        ("Makkah", "Medina", None),
        ("Aa", "Oo", None),  # no consonants to go by
        ("Lee", "Bo", None),
        ("Rim", "Aram", None),  # two sounds are enough only for names of one initial
        ("Rim", "Ram", Variant.TRANSLITERATED),
        ("musick", "musicks", Variant.RESPELT),  # neither is known
        ("weathers", "weather", Variant.RESPELT),  # an ending alone
        ("organisation", "organization", Variant.RESPELT),
        ("truck", "lorry", Variant.REGIONAL),
        ("Bombay", "Mumbai", Variant.RENAMED),
        ("Ivory Coast", "Côte d'Ivoire", Variant.RENAMED),
        ("The US", "America", Variant.RENAMED),
        ("U.S.", "America", Variant.RENAMED),
        ("us", "America", None),
        ("the United States", "america", None),  # as spinners write it
        ("DRC", "Congo", Variant.RENAMED),
        ("the DPRK", "North Korea", Variant.RENAMED),
        ("American", "US", Variant.RENAMED),
        ("DRC", "Chad", None),
        ("Xmas", "Christmas", Variant.SHORTENED),
        ("CO2", "carbon dioxide", Variant.SHORTENED),
        ("H2O", "water", Variant.SHORTENED),
        ("because", "cos", Variant.SHORTENED),
        ("OK", "alright", None),
        ("Rd.", "Road", Variant.SHORTENED),
        ("Hwy", "Highway", Variant.SHORTENED),
        ("Mfg.", "Manufacturing", Variant.SHORTENED),
        ("Rd.", "Lane", None),
        ("Bombay", "Delhi", None),
        ("January", "Jan.", Variant.SHORTENED),
        ("Wed", "Wednesday", Variant.SHORTENED),
        ("Governor", "Gov.", Variant.SHORTENED),
        ("Senator", "Gov.", None),
        ("Lt.", "Lieutenant", Variant.SHORTENED),
        ("Calif.", "California", Variant.SHORTENED),
        ("United Nations", "U.N.", Variant.SHORTENED),
        ("Federal Bureau of Investigation", "FBI", Variant.SHORTENED),
        ("MoH", "Ministry of Health", Variant.SHORTENED),
        ("i.e.", "that is", Variant.SHORTENED),
        ("for example", "e.g.", Variant.SHORTENED),
        ("i.e.", "for example", None),
        ("NGOs", "non-governmental organisations", Variant.SHORTENED),
        ("NGOs", "non-governmental organisation", None),
        ("Mo", "many offers", None),  # no capitals at the end
        ("United States", "UN", None),
        ("Diane", "D.", Variant.SHORTENED),
        ("Robert", "Bob", Variant.SHORTENED),
        ("Robert", "Bill", None),
        ("chief executive", "CEO", Variant.SHORTENED),
        ("'s", "has", Variant.CONTRACTED),
        ("'s", "us", Variant.CONTRACTED),
        ("ca n't", "can not", Variant.CONTRACTED),
        ("'s", "was", None),
        ("Diane", "M.", None),
    ],
)
def test_names_and_spellings_of_which_one_is_unknown(old: str, new: str, reason: Variant | None) -> None:
    vocabulary = Vocabulary(rows={word: row for row, word in enumerate("weather mecca truck lorry".split())})
    words = [vocabulary[word] for word in old.split()], [vocabulary[word] for word in new.split()]
    if old == "organisation":  # two words that are known may be spellings of one
        words = [replace(words[0][0], row=8)], [replace(words[1][0], row=9)]
    assert same_word(*words) == reason


def test_two_known_names_are_one_if_they_sound_and_are_used_alike() -> None:
    """Kiev and Kyiv; but Niger and Nigeria are two, whatever they are used like."""
    vocabulary = Vocabulary(
        rows={word: row for row, word in enumerate("kiev kyiv niger nigeria maria mario".split())}
    )

    def told(one: str, other: str, related: float) -> str:
        return same_phrase([vocabulary[one]], [vocabulary[other]], lambda *_: related)

    assert told("I", "She", 0.9) is None and told("You", "They", 0.9) is None and told("Ann", "Joe", 0.9) is None
    assert told("Ana", "Anna", 0.9) == Variant.TRANSLITERATED  # though hardly a sound is left
    assert told("Kiev", "Kyiv", 0.42) == Variant.TRANSLITERATED and told("Kiev", "Kyiv", 0.41) is None
    assert told("kiev", "Kyiv", 0.9) is None and told("Kiev", "Maria", 0.9) is None
    assert told("Niger", "Nigeria", 0.9) is None and told("Maria", "Mario", 0.9) == Variant.TRANSLITERATED
    assert same_phrase([vocabulary["Kiev"]], [vocabulary["Kyiv"]]) is None
    phrases = [
        [vocabulary[word] for word in text.split()] for text in ("old Kiev town", "old Kyiv town", "old Kyiv city")
    ]
    assert same_phrase(phrases[0], phrases[1], lambda *_: 0.9) == Variant.TRANSLITERATED
    assert (
        same_phrase(phrases[0], phrases[2], lambda *_: 0.9) is None
        and same_phrase(phrases[0], phrases[0]) == Variant.SPACED
    )


@pytest.mark.parametrize(
    ("old", "new", "american"),
    [("colour", "color", True), ("color", "colour", False), ("colour", "colour", False), ("tre", "ter", False),
     ("lorries", "trucks", True), ("torches", "flashlights", True), ("nappies", "diapers", True),
     ("flat", "home", False)],
)  # fmt: skip
def test_which_way_a_word_went_over_the_atlantic(old: str, new: str, american: bool) -> None:
    assert americanised(old, new) is american


# --- the lexicon ------------------------------------------------------------------------------------


def test_what_a_lexicon_says_of_an_exchange() -> None:
    """Known as it stands, in another inflection (four fifths of it), by its parts, or by how related words are."""
    vectors = np.array([[1.0, 0.0], [0.8, 0.6], [0.0, 1.0]], dtype=np.float32)
    vocabulary = Vocabulary(rows={"walk": 0, "stroll": 1, "town": 2})
    known = {
        ("help", "assist"): Entry(0.5, 2.0),
        ("price", "worth"): Entry(0.9, -1.0),
        ("aid", "abet a bit"): Entry(0.3, 5.0),
    }
    stems = {word: vocabulary.stem(word) for word in ("help", "assist", "price", "worth")}
    lexicon = Lexicon(known, vectors=vectors, stems=stems, unseen=((0.2, -1.0), (0.6, 1.0), (0.7, 3.0)))

    def words(text: str) -> list[Word]:
        return [vocabulary[word] for word in text.split()]

    assert lexicon.find(words("help"), words("assist")) == Entry(0.5, 2.0)
    assert lexicon.find(words("helped"), words("assists")) == Entry(0.8 * 0.5, 0.8 * 2.0)
    assert lexicon.find(words("assist"), words("help")) is None and lexicon.association("help", "worth") == 0.0
    assert lexicon.find(words("aid"), words("abet a bit")) == Entry(0.3, 5.0)
    assert lexicon.evidence(words("help price"), words("assist worth")) == 2.0
    assert lexicon.evidence(words("the price"), words("the worth of")) == -1.0
    assert lexicon.evidence(words("one two"), words("three four")) == 0.0
    assert lexicon.evidence(words("help"), words("assist"), Entry(0.1, 9.0)) == 9.0
    related = (("walk", "stroll", 3.0), ("walk", "town", -1.0), ("stroll", "town", 1.0), ("walk", "the", 0.0))
    for one, other, evidence in related:
        assert lexicon.evidence(words(one), words(other)) == pytest.approx(evidence, abs=1e-6)
    assert lexicon.evidence(words("walk"), words("quimbley")) == 0.0  # of which nothing is known
    assert Lexicon(vectors=vectors).evidence(words("walk"), words("stroll")) == 0.0
    assert [lexicon.relatedness(*rows) for rows in ((0, 1), (-1, 1), (1, -1))] == [pytest.approx(0.8), 0.0, 0.0]


def test_the_tables_that_a_lexicon_is_looked_up_in() -> None:
    """Of three inflections of one exchange the likeliest stands for all, at four fifths; phrases have no stems."""
    small, spun = Entry(0.3, 1.0), Entry(0.5, 3.0)
    known = {
        ("helped", "assisted"): small, ("helps", "assists"): spun, ("help", "assist"): small, ("aids", "aid"): spun,
        ("new", "brand new"): spun, ("now", "right now"): Entry(0.9, 2.9), ("put an end to", "stop"): spun,
        ("chinese", "chinese language"): small, ("in town", "at sea"): spun,
    }  # fmt: skip
    words = "help helps helped assist assists assisted aid aids".split()
    stems = {word: Vocabulary().stem(word) for word in words}
    lexicon = Lexicon(
        known, {"tip of the iceberg": "idiom", "tip of": "collocation", "red tape": "idiom"}, stems=stems
    )
    assert lexicon.sources["aid"] == {"aids": spun} and lexicon.sources["stop"] == {"put an end to": spun}
    assert lexicon.stem_sources == {"assist": {"help": Entry(0.8 * 0.5, 0.8 * 3.0)}}
    assert lexicon.reference_phrases == {"put an end to", "in town"}
    assert lexicon.suspect_phrases == {"brand new", "right now", "chinese language", "at sea"}
    assert lexicon.expression_starts == {"tip": {"of"}, "red": {"tape"}} and lexicon.expression_heads == {"tip of"}
    assert lexicon.expansions == {
        ("new", "brand"), ("new", "new"), ("chinese", "chinese"), ("chinese", "language"),
    }  # fmt: skip
    assert lexicon.contractions == {("stop", "put"), ("stop", "to")}


def test_fixed_expressions_are_found_the_longest_first() -> None:
    lexicon = Lexicon(expressions={"green light": "idiom", "tip of the iceberg": "idiom", "tip of": "collocation"})
    stems = "a green light is the tip of the iceberg tip of the green light".split()
    assert lexicon.fixed(stems, range(len(stems))) == [
        (range(5, 9), "idiom"), (range(1, 3), "idiom"), (range(5, 7), "collocation"), (range(9, 11), "collocation"),
        (range(12, 14), "idiom"),
    ]  # fmt: skip
    assert lexicon.fixed([], []) == lexicon.fixed(["green"], [0]) == lexicon.fixed(stems, []) == []


@pytest.mark.parametrize(
    ("reference", "suspect", "wanted"),
    [
        ("The UN sent aid to the town.", "The United Nations sent aid to the town.", ("UN", "United Nations")),
        ("Later the European Union sent aid.", "Later the EU sent aid.", ("European Union", "EU")),
        ("Then a policeman came.", "Then a police officer came.", ("policeman", "police officer")),
        ("The minister's advisor spoke.", "The minister's adviser spoke.", ("advisor", "adviser")),
        ("Three American judges ruled.", "Three US judges ruled.", ("American", "US")),
    ],
)
def test_a_word_and_its_phrase_are_one_whatever_was_linked(
    reference: str, suspect: str, wanted: tuple[str, str]
) -> None:
    before, after = "Reporters were shown around before noon.", "A crowd of forty had waited since dawn."
    compared = Detector.load().compare(f"{before} {suspect} {after}", f"{before} {reference} {after}")
    [found] = compared.substitutions
    assert (found.reference.text, found.suspect.text, found.kind) == (*wanted, "form")
