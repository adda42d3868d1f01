"""Aligning words: minimal phrases by hand, and the fast dynamic programmes against plain loops."""

from __future__ import annotations

import math
import zlib
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import JaroWinkler

from spindetect import Detector
from spindetect.align.lexical.costs import (
    PARTICLE_GAIN,
    SOLID_GAIN,
    VERBAL_GAIN,
    ending,
    grammar_class,
    joined,
    known_phrase_gain,
    numeral,
    odds_gain,
    same_number,
    takes_particle,
    verbal,
    word_gain,
)
from spindetect.align.lexical.lexicon import LONGEST_PHRASE, Entry, Lexicon
from spindetect.align.lexical.same_word import misspelling
from spindetect.align.words import alignment as align_module
from spindetect.align.words import odds as odds_module
from spindetect.align.words.alignment import align_words
from spindetect.align.words.anchors import _strong, find_anchors
from spindetect.align.words.cells import cells_of, free_words, word_properties
from spindetect.align.words.gaps import _fill_gap, _free_expansions, _grown, gaps_between
from spindetect.align.words.judged import across, best_block, judge, written_anew
from spindetect.align.words.odds import stretch_odds
from spindetect.align.words.strands import Strand, strand
from spindetect.records import Article, Word
from spindetect.segment.document import segment
from spindetect.segment.vocabulary import Vocabulary

VOCABULARY = Vocabulary({"the": 0.0, "of": 0.5, "was": 1.5, "town": 5.0, "people": 4.0})
LEXICON = Lexicon(
    {
        ("defense", "protection"): Entry(0.8, 3.0),
        ("the united states", "america"): Entry(0.9, 2.0),
        ("increasingly", "more and more"): Entry(0.8, 2.0),
        ("new", "brand new"): Entry(0.9, 3.0),
        ("may", "may well"): Entry(0.6, 3.0),
        ("know", "already know"): Entry(0.6, 2.4),
        ("storm", "tempest"): Entry(0.9, 2.0),
        ("town", "city"): Entry(0.5, -1.0),
        ("known as", "often known as"): Entry(0.5, 1.0),
        ("light", "put the light on"): Entry(0.6, 1.0),
        ("green", "inexperienced"): Entry(0.7, 3.5),
        ("light", "mild"): Entry(0.7, 3.0),
    },
    {"green light": "idiom"},
)


def words(text: str) -> Strand:
    document = segment(Article(text), VOCABULARY)
    return strand(document, 0, len(document.words))


def swaps(reference: str, suspect: str) -> list[tuple[str, str]]:
    [found] = align_words([(words(reference), words(suspect))], LEXICON)
    return [
        (
            joined(found.reference.words[link.reference.start : link.reference.stop]),
            joined(found.suspect.words[link.suspect.start : link.suspect.stop]),
        )
        for link in found.links
        if link.relation == "replaced"
    ]


# --- strands --------------------------------------------------------------------------------------


def test_a_strand_holds_words_without_punctuation_and_possessives() -> None:
    found = words("The mill’s wheel, well-worn, isn’t turning; it’s late.")
    assert [word.text for word in found.words] == (
        ["The", "mill", "wheel", "well", "worn", "is", "n’t", "turning", "it", "’s", "late"]
    )
    # a phrase may not cross the commas and the semicolon, but may cross the hyphen
    assert found.barrier == (True, False, False, True, False, True, False, False, True, False, False)


# --- with a small lexicon -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "reference, suspect, expected",
    [
        ("He left the United States by boat", "He left america by boat", [("the united states", "america")]),
        ("It is increasingly cold here", "It is more and more cold here", [("increasingly", "more and more")]),
        ("They built a new dam", "They built a brand new dam", [("new", "brand new")]),
        ("The farmers know the dam", "The farmers already know the dam", []),
        ("It may rain tonight", "It may well rain tonight", [("may", "may well")]),
        ("The storm hit town", "The tempest hit city", [("storm", "tempest"), ("town", "city")]),
        ("A storm town slept", "A tempest city slept", [("storm", "tempest"), ("town", "city")]),
        ("The defense chief spoke", "The protection chief spoke", [("defense", "protection")]),
        ("They paid five percent", "They paid 5 percent", [("five", "5")]),
        ("The dam held", "The dam held", []),
        ("The DAM held", "the Dam HELD", []),
    ],
)
def test_minimal_phrases(reference: str, suspect: str, expected: list[tuple[str, str]]) -> None:
    assert swaps(reference, suspect) == expected


@pytest.mark.parametrize(
    ("word", "phrase"),
    [
        ("only", "nothing but"),
        ("about", "in the region of"),
        ("but", "with the exception of"),
        ("while", "at the same time as"),
        ("with", "in the company of"),
    ],
)
def test_a_phrase_that_stands_for_a_grammar_word_is_whole(word: str, phrase: str) -> None:
    frame = "The people of the town met {} farmers there."
    assert swaps(frame.format(word), frame.format(phrase)) == [(word, phrase)]
    assert swaps(frame.format(phrase), frame.format(word)) == [(phrase, word)]


def test_insertions_and_deletions_are_no_swaps() -> None:
    assert swaps("The dam held", "The dam in Corby held") == []
    assert swaps("The dam in Corby held", "The dam held") == []


def test_phrases_do_not_cross_punctuation() -> None:
    assert ("new", "brand new") not in swaps("We saw a new dam", "We saw a brand, new dam")


def test_every_word_is_linked_at_most_once_and_a_strand_answers_to_itself() -> None:
    one = words("The new town may know the storm as the storm of the town")
    [found] = align_words([(one, one)], LEXICON)
    assert [(link.reference, link.suspect) for link in found.links] == [
        (range(i, i + 1), range(i, i + 1)) for i in range(len(one.words))
    ]


def test_a_disguised_word_is_aligned_as_the_word_that_it_is() -> None:
    assert swaps("The defense chief spoke", "The dеfense chief spoke") == []
    assert swaps("The defense chief spoke", "The dеfense boss spoke") == [("chief", "boss")]


def test_a_word_disguised_on_both_sides_alike_is_not_replaced() -> None:
    assert ("defense", "defense") not in swaps("The de\u00adfense chief", "The de\u00adfense boss")


def test_overlong_sentences_are_still_aligned_from_both_ends() -> None:
    long = " ".join(f"word{number}" for number in range(700))
    assert swaps(long, long) == []
    [found] = align_words([(words(long), words(long.replace("word350 ", "storm ")))], LEXICON)
    assert len(found.links) >= 699


# --- with the shipped lexicon: the contract's examples -----------------------------------------------


@lru_cache
def detector() -> Detector:
    return Detector.load()


CONTRACT = [
    ("He praised {} in a long speech on Monday.", [("the United States", "america")]),
    ("Farmers are {} using solar pumps in the valley.", [("increasingly", "more and more")]),
    ("The field {} the river floods was empty on Sunday.", [("where", "the place")]),
    ("Small villages {} rich towns near the harbour.", [("become", "grow to be")]),
    ("The cabinet must {} its {} about the dam in Corby.", [("stick to", "abide by"), ("promises", "guarantees")]),
    ("Ministers gave the {} to the bridge in April.", [("green light", "inexperienced mild")]),
    ("They opened a {} school near the station.", [("new", "brand new")]),
    ("The visit of {} Paul Marden ended on Friday.", [("Defense Secretary", "Secretary of Protection")]),
    ("Children {} playing beside the old mill.", [("were", "have been")]),
]


@pytest.mark.parametrize("frame, expected", CONTRACT, ids=lambda value: str(value)[:40])
def test_the_shipped_model_finds_the_minimal_phrases(frame: str, expected: list[tuple[str, str]]) -> None:
    reference = frame.format(*(old for old, _ in expected))
    suspect = frame.format(*(new for _, new in expected))
    found = detector().compare(suspect, reference).substitutions
    assert [(item.reference.text, item.suspect.text) for item in found] == expected


def test_neighbouring_swaps_come_apart_although_a_word_between_was_dropped() -> None:
    found = detector().compare(
        "The cabinet must abide by guarantees about the dam in Corby.",
        "The cabinet must stick to its promises about the dam in Corby.",
    )
    pairs = [(item.reference.text, item.suspect.text) for item in found.substitutions]
    assert pairs == [("stick to", "abide by"), ("promises", "guarantees")]
    assert [span.of(found.reference.article.text) for span in found.alignment[0].dropped] == ["its"]


# --- gains ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "norm, value",
    [
        ("five", "5"),
        ("1,000", "1000"),
        ("first", "1st"),
        ("3rd", "3rd"),
        ("dog", None),
        ("zero", "0"),
        ("second", "2nd"),
    ],
)
def test_numerals(norm: str, value: str | None) -> None:
    assert numeral(norm) == value


@pytest.mark.parametrize(
    ("one", "other", "gain"),
    [
        ("the", "the", 0.9),
        ("storm", "Storm", 1.5),
        ("town", "towns", 1.2),
        ("five", "5", 1.2),
        ("storm", "strom", 1.2),  # of which one is in no vocabulary
        ("town", "city", 0.75 + 0.45 * 0.5),
        ("towns", "city", 0.75 + 0.45 * 0.8 * 0.5),  # known in another inflection
        ("storm", "tempest", 0.4 + 0.5 * math.cos(0.7)),
        ("town", "the", 0.0),
        ("of", "at", 0.6),
        ("of", "the", 0.0),
        ("5", "seven", 0.6),
        ("5", "dog", 0.0),
        ("light", "mild", 0.4 + 0.5 * math.cos(0.7)),
        ("mild", "light", 0.75 + 0.45 * 0.7),
        ("mild", "was", 0.0),
        ("mild", "town", 0.4),  # what is less than unrelated is no less than that
        ("running", "halting", 0.5),
        ("running", "citing", 0.5),
        ("sing", "running", 0.4),  # too short to have an ending
        ("running", "town", 0.4 + 0.5 * math.cos(0.7 * 7)),
    ],
)
def test_what_a_link_of_two_words_gains(one: str, other: str, gain: float) -> None:
    assert word_gain(in_a_gap(one), in_a_gap(other), RELATING) == pytest.approx(gain, abs=1e-6)


def test_gains_of_odds_and_of_phrases_by_hand() -> None:
    assert [odds_gain(odds) for odds in (-1.0, 0.0, 2.0, 9.0)] == pytest.approx([0.0, 0.0, 0.7, 1.5])
    assert known_phrase_gain(0.8, 3) == pytest.approx(0.95 + 0.36 + 0.2)
    assert known_phrase_gain(0.0, 6) == pytest.approx(1.75)
    ended, wrapped, up, town = (VOCABULARY[text] for text in ("ended", "wrapped", "up", "town"))
    assert takes_particle([ended], [wrapped, up])
    assert takes_particle([wrapped, up], [ended])
    for old, new in (([ended], [wrapped, town]), ([up], [wrapped, up]), ([ended], [up, up]), ([ended], [wrapped])):
        assert not takes_particle(old, new)
    assert not takes_particle([ended, up], [wrapped, up])


def test_classes_and_endings_of_words() -> None:
    classes = [grammar_class(word) for word in ("the", "he", "of", "and", "was", "must", "town")]
    assert classes == [1, 2, 3, 4, 5, 5, 0]
    words = "running ended slowly election treatment kindness oldest harder towns sing red town".split()
    assert [ending(word) for word in words] == [1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 0, 0]
    assert [ending(word) for word in ("doing", "going", "owing", "wings", "cats", "its")] == [0, 0, 0, 9, 9, 0]


SPELLINGS = st.sampled_from(
    "the of was is town towns city storm tempest green inexperienced light mild new brand may well 5 five Ada "
    "known as often up wrapped ended running halting , - dеfense united states america".split()
)


@given(SPELLINGS, SPELLINGS)
def test_word_gains_keep_their_range_and_prefer_equal_words(one: str, other: str) -> None:
    reference, suspect = VOCABULARY[one], VOCABULARY[other]
    gain = word_gain(reference, suspect, LEXICON)
    assert 0.0 <= gain <= 1.5
    assert gain <= word_gain(reference, reference, LEXICON) or reference.function
    assert same_number(reference, suspect) == same_number(suspect, reference)


# --- oracles --------------------------------------------------------------------------------------

LINES = st.lists(
    st.sampled_from(
        "the of was town city storm tempest green inexperienced light mild new brand new may well , Ada "
        "known as often defense protection the united states america".split()
    ),
    min_size=1,
    max_size=14,
).map(" ".join)


def plainfind_anchors(reference: Strand, suspect: Strand, lexicon: Lexicon) -> list[tuple[int, int]]:
    """The anchors by plain loops over one pair: no batch, no padding, no arrays."""
    rows, columns = len(reference.words), len(suspect.words)

    def same(i: int, j: int) -> bool:
        inside = 0 <= i < rows and 0 <= j < columns
        return inside and reference.words[i].stem == suspect.words[j].stem

    def gain(i: int, j: int) -> np.float32:
        value = 0.0
        if same(i, j):
            runs = same(i - 1, j - 1) + same(i + 1, j + 1)
            value = 0.5 + min(reference.words[i].surprisal, 8.0) / 16.0 + 0.15 * runs
        known = lexicon.association(reference.words[i].norm, suspect.words[j].norm)
        return np.float32(max(value, 0.3 + 0.3 * known) if known else value)

    best = [[np.float32(0.0)] * (columns + 1) for _ in range(rows + 1)]
    for i in range(rows):
        for j in range(columns):
            best[i + 1][j + 1] = max(best[i][j + 1], best[i + 1][j], best[i][j] + gain(i, j))
    i, j, path = rows, columns, []
    while i and j:
        if best[i - 1][j] == best[i][j]:
            i -= 1
        elif best[i][j - 1] == best[i][j]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            path.append((i, j))
    return _strong(reference, suspect, [(i, j) for i, j in reversed(path) if same(i, j)])


@given(st.lists(st.tuples(LINES, LINES), min_size=1, max_size=5))
@settings(max_examples=50, deadline=None)
def test_batched_anchors_are_those_of_plain_loops(lines: list[tuple[str, str]]) -> None:
    pairs = [(words(one), words(other)) for one, other in lines]
    pairs = [pair for pair in pairs if pair[0].words and pair[1].words]
    if pairs:
        assert find_anchors(pairs, LEXICON) == [plainfind_anchors(*pair, LEXICON) for pair in pairs]


@pytest.mark.parametrize("size", [1, 2, 7])
@given(st.lists(st.tuples(LINES, LINES), min_size=1, max_size=9))
@settings(max_examples=15, deadline=None)
def test_the_size_of_a_batch_changes_nothing(size: int, lines: list[tuple[str, str]]) -> None:
    pairs = [(words(one), words(other)) for one, other in lines]
    expected = align_words(pairs, LEXICON)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(align_module, "_BATCH", size)
        assert align_words(pairs, LEXICON) == expected


def gain_of(old: tuple[Word, ...], new: tuple[Word, ...]) -> float:
    """What replacing one phrase by another is worth, straight from the documented costs; 0 if nothing."""
    if len(old) == len(new) == 1:
        return word_gain(old[0], new[0], LEXICON)
    known = LEXICON.association(joined(old), joined(new))
    if known:
        return known_phrase_gain(known, len(old) + len(new))
    if joined(old).replace(" ", "") == joined(new).replace(" ", ""):
        return SOLID_GAIN
    if verbal(old) and verbal(new):
        return VERBAL_GAIN
    return PARTICLE_GAIN + word_gain(old[0], new[0], LEXICON) if takes_particle(old, new) else 0.0


def phrases_before(side: Strand, end: int, known: frozenset[str]) -> list[tuple[Word, ...]]:
    """The phrases that may end before word ``end``: of one or two words, or longer and in the lexicon."""
    found = []
    for length in range(1, min(end, LONGEST_PHRASE) + 1):
        phrase = side.words[end - length : end]
        if not any(side.barrier[end - length + 1 : end]) and (length <= 2 or joined(phrase) in known):
            found.append(phrase)
    return found


SHORT = st.lists(
    st.one_of(
        st.sampled_from("the of town city storm new brand , as often may well green light america".split()),
        st.sampled_from(["put the light on", "brand new", "may well", "known as", "wrapped up", "have been"]),
    ),
    min_size=1,
    max_size=4,
).map(" ".join)


@given(SHORT, SHORT, st.sampled_from(["", "light", "brand", "put the"]))
@settings(max_examples=60, deadline=None)
def test_a_gap_is_filled_as_well_as_by_trying_everything(one: str, other: str, beside: str) -> None:
    """Whatever stands before and after the gap, which belongs to no phrase of it."""
    reference, suspect = (words(f"{beside} {text} {beside}") for text in (one, other))
    aside = len(beside.split())
    left, right = (range(aside, len(side.words) - aside) for side in (reference, suspect))
    if not left or not right:
        return

    @cache
    def best(i: int, j: int) -> float:
        """The highest gain for the first i and j words, by trying every way to end."""
        if not i or not j:
            return 0.0
        ways = [best(i - 1, j), best(i, j - 1)]
        for old in phrases_before(reference, aside + i, LEXICON.reference_phrases):
            for new in phrases_before(suspect, aside + j, LEXICON.suspect_phrases):
                if len(old) <= i and len(new) <= j and (gain := gain_of(old, new)):
                    ways.append(best(i - len(old), j - len(new)) + gain)
        return max(ways)

    found = _fill_gap(reference, suspect, left, right, LEXICON)
    assert all(set(link.reference) <= set(left) and set(link.suspect) <= set(right) for link in found)
    total = sum(
        gain_of(
            reference.words[link.reference.start : link.reference.stop],
            suspect.words[link.suspect.start : link.suspect.stop],
        )
        for link in found
    )
    assert total == pytest.approx(best(len(left), len(right)))


def linked(reference: str, suspect: str, **options: Any) -> list[tuple[range, range]]:
    """The links in a gap that is all of both sides."""
    sides = words(reference), words(suspect)
    found = _fill_gap(*sides, *(range(len(side.words)) for side in sides), LEXICON, **options)
    return [(link.reference, link.suspect) for link in found]


def test_of_ways_that_gain_the_same_the_earlier_words_are_linked() -> None:
    assert linked("storm storm", "tempest") == [(range(1), range(1))]
    assert linked("storm", "tempest tempest") == [(range(1), range(1))]
    assert linked("storm well", "often tempest") == [(range(1), range(1, 2))]


def test_words_that_moved_are_linked_to_no_guess() -> None:
    """A word found elsewhere on both sides answers to itself; to another it may if the lexicon knows that."""
    assert linked("storm", "tempest", moved={"storm"}) == [(range(1), range(1))]
    assert linked("storm", "tempest", moved={"storm", "tempest"}) == []
    assert linked("storm", "halting", moved={"storm"}) == linked("halting", "storm", moved={"storm"}) == []
    assert linked("storm", "halting", moved={"mild"}) == linked("storm", "halting") == [(range(1), range(1))]
    assert linked("storm", "storms", moved={"storm", "storms"}) == [(range(1), range(1))]


@pytest.mark.parametrize(
    ("left", "right", "found"),
    [(1, 2, False), (2, 2, False), (2, 3, True), (3, 1, True), (3, 3, True), (20, 30, True), (20, 31, False)],
)
def test_which_gaps_are_judged_by_odds(left: int, right: int, found: bool) -> None:
    """Two words more on a side or more than four cells; and 600 at most, the largest gap that is aligned at all."""
    assert written_anew(range(5, 5 + left), range(9, 9 + right)) is found


def test_a_gap_too_large_is_one_link() -> None:
    old, new = " ".join(["storm"] * 20), " ".join(["tempest"] * 30)
    assert len(linked(old, new)) == 20
    assert linked(old, f"{new} tempest") == [(range(20), range(31))]


def test_gaps_are_between_anchors_where_both_sides_have_words() -> None:
    sides = words("a b c d e f g"), words("p q r s t")
    assert gaps_between(*sides, [(1, 1), (3, 2)]) == [(range(1), range(1)), (range(4, 7), range(3, 5))]
    assert gaps_between(*sides, [(0, 0), (2, 2), (6, 4)]) == [
        (range(1, 2), range(1, 2)),
        (range(3, 6), range(3, 4)),
    ]
    assert gaps_between(*sides, []) == [(range(7), range(5))]


def test_phrases_around_a_word_keep_to_its_gap_and_to_the_longest_there_are() -> None:
    side = words("a b c d e f g h i j")
    assert _grown(side, 0, 4, 10) == ["b c d e", "c d e", "d e", "e f", "e f g", "e f g h"]
    assert _grown(side, 3, 4, 6) == ["d e", "e f"]
    assert _grown(side, 4, 4, 5) == []
    assert _grown(side, 0, 0, 3) == ["a b", "a b c"] and _grown(side, 8, 9, 10) == ["i j"]


@pytest.mark.parametrize(
    ("reference", "suspect", "anchors", "kept"),
    [
        ("a new dam", "a brand new dam", [(0, 0), (1, 2), (2, 3)], [(0, 0), (2, 3)]),
        ("a brand new dam", "a new dam", [(0, 0), (2, 1), (3, 2)], [(0, 0), (3, 2)]),
        ("new", "brand new", [(0, 1)], []),
        ("brand new", "new", [(1, 0)], []),
        ("a new dam", "a very new dam", [(0, 0), (1, 2), (2, 3)], [(0, 0), (1, 2), (2, 3)]),
        ("a new dam brand", "a new dam", [(0, 0), (1, 1), (2, 2)], [(0, 0), (1, 1), (2, 2)]),
        ("a fresh light", "a fresh light put on", [(0, 0), (1, 1), (2, 2)], [(0, 0), (1, 1), (2, 2)]),
        ("the light", "the put new light on", [(0, 0), (1, 3)], [(0, 0), (1, 3)]),
    ],
)
def test_the_word_of_a_known_expansion_or_contraction_is_no_anchor(
    reference: str, suspect: str, anchors: list[tuple[int, int]], kept: list[tuple[int, int]]
) -> None:
    shrinking = Lexicon({("new", "brand new"): Entry(0.9, 3.0), ("brand new", "new"): Entry(0.9, 3.0)})
    assert _free_expansions(words(reference), words(suspect), anchors, shrinking) == kept


def test_a_lone_grammar_word_is_no_anchor_but_at_the_very_start() -> None:
    def strong(reference: str, suspect: str, path: list[tuple[int, int]]) -> list[tuple[int, int]]:
        return _strong(words(reference), words(suspect), path)

    assert strong("of town", "of city", [(0, 0)]) == [(0, 0)]
    assert strong("town of", "city of", [(1, 1)]) == strong("of town", "city of", [(0, 1)]) == []
    assert strong("town of", "town of", [(0, 0), (1, 1)]) == [(0, 0), (1, 1)]
    assert strong("a of town", "b of town", [(1, 1), (2, 2)]) == [(1, 1), (2, 2)]
    assert strong("a town of mill", "b town c of", [(1, 1), (2, 3)]) == [(1, 1)]
    assert strong("of the of mill", "the the of mill", [(1, 0), (2, 2)]) == []


def test_strands_too_long_and_equal_ones_are_linked_from_both_ends() -> None:
    def places(reference: str, suspect: str) -> list[tuple[int, int]]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(align_module, "_LONGEST_SENTENCE", 4)
            [found] = align_words([(words(reference), words(suspect))], LEXICON)
        return [(link.reference.start, link.suspect.start) for link in found.links]

    assert places("the storm hit town", "the tempest hit town") == [(0, 0), (1, 1), (2, 2), (3, 3)]
    assert places("the storm hit town now", "the tempest hit town now") == [(0, 0), (2, 2), (3, 3), (4, 4)]
    assert places("the storm hit town", "the tempest hit town often now") == [(0, 0)]
    assert places("ha ha ha ha ha ha", "ha ha ha ha") == [(0, 0), (1, 1), (2, 2), (3, 3)]
    assert places("ha ha ho ha ha ha", "ha ha ha ha ha") == [(0, 0), (1, 1), (3, 2), (4, 3), (5, 4)]
    assert places("", "the storm") == places("the storm", "") == []


@given(LINES, LINES)
@settings(max_examples=80, deadline=None)
def test_links_are_in_order_disjoint_and_inside(one: str, other: str) -> None:
    reference, suspect = words(one), words(other)
    [found] = align_words([(reference, suspect)], LEXICON)
    i = j = 0
    for link in found.links:
        assert i <= link.reference.start < link.reference.stop <= len(reference.words)
        assert j <= link.suspect.start < link.suspect.stop <= len(suspect.words)
        i, j = link.reference.stop, link.suspect.stop
        if link.relation == "equal":
            assert reference.words[link.reference.start].norm == suspect.words[link.suspect.start].norm


# Gaps of words with vectors: rows in the order of their names; the others are in no vocabulary.
ROWS = {word: row for row, word in enumerate("the of was town towns city storm tempest light mild running".split())}
VECTORS = np.array([[math.cos(0.7 * row), math.sin(0.7 * row)] for row in range(len(ROWS))], dtype=np.float32)
KNOWN = {("town", "city"): Entry(0.5, -1.0), ("mild", "light"): Entry(0.7, 3.0)}
RELATING = Lexicon(KNOWN, vectors=VECTORS, stems={word: VOCABULARY.stem(word) for pair in KNOWN for word in pair})
GAPS = st.lists(
    st.tuples(
        *[st.lists(st.sampled_from([*ROWS, "five", "5", "halting", "citty", "or", "Ada"]), min_size=1, max_size=4)]
        * 2
    ),
    min_size=1,
    max_size=3,
)


def in_a_gap(text: str) -> Word:
    return replace(VOCABULARY[text], row=ROWS.get(text, -1))


def plain_same(old: Word, new: Word) -> bool:
    unknown = old.row < 0 or new.row < 0
    return old.stem == new.stem or same_number(old, new) or (unknown and misspelling(old, new))


def plain_likeness(old: Word, new: Word) -> float:
    """How alike two words are, 0 to 1."""
    if plain_same(old, new):
        return 1.0
    spelling = 0.5 * (JaroWinkler.similarity(old.norm, new.norm) - 0.6)
    least = max(RELATING.relatedness(old.row, new.row), spelling if old.content and new.content else 0.0, 0.0)
    if known := RELATING.find_words(old, new):
        return max(least, 0.5 + 0.4 * known.association)
    return max(least, 0.4) if RELATING.find_words(new, old) else least


def plain_properties(old: Word, new: Word, mine: tuple[int, ...], theirs: tuple[int, ...]) -> list[float]:
    """What the network sees of two words by themselves, of equal strands with no anchor, by plain loops."""
    same = plain_same(old, new)
    known, back = RELATING.find_words(old, new), RELATING.find_words(new, old)
    related = RELATING.relatedness(old.row, new.row)
    one, other = word_properties(old), word_properties(new)
    unknown, functions = not same and not known, old.function + new.function
    (i, n), (j, m) = mine, theirs
    off, whole = abs((i + 0.5) / n - (j + 0.5) / m), abs((i + 0.5) / n - (j + 0.5) / m)
    start, end = abs(i - j), abs((n - i) - (m - j))
    return [
        same,
        known.association if known else 0.0,
        back.association if back else 0.0,
        max(0.0, 2.0 * JaroWinkler.similarity(old.norm, new.norm) - 1.0),
        related,
        plain_likeness(old, new),
        *[unknown and functions == number for number in range(3)],
        grammar_class(old.norm) == grammar_class(new.norm) > 0,
        ending(old.norm) == ending(new.norm) > 0,
        one[1] and other[1],
        one[1] != other[1],
        old.capitalised and new.capitalised,
        abs(old.surprisal - new.surprisal) / 8.0,
        min(old.surprisal, new.surprisal) / 8.0,
        max(0.0, related - 0.4),
        related * (functions == 0),
        *[1.0, 0.0, off, off * math.log(n * m), math.log1p(start), math.log1p(end), math.log1p(min(start, end))],
        *[i == j == 0, (i, j) == (n - 1, m - 1), n == m, math.log(n * m) / 4.0, abs(math.log(n / m))],
        *[whole, math.log1p(whole * min(n, m)), math.log1p(abs(i - j)), math.log(n * m) / 6.0],
    ]


def plain_rivals(texts: tuple[list[Word], list[Word]], i: int, j: int) -> list[float]:
    """How alike the best others in the row and in the column are, and how much more the two words are."""
    here = plain_likeness(texts[0][i], texts[1][j])
    lines = (
        [plain_likeness(texts[0][i], one) for one in texts[1]],
        [plain_likeness(one, texts[1][j]) for one in texts[0]],
    )
    # The most alike in a line aren't one another's rivals, if they are several.
    row, column = (
        max([one for one in line if one < max(line) - 1e-7 or here < max(line) - 1e-7], default=0.0)
        for line in lines
    )
    better = max(0.0, here - row), max(0.0, here - column)
    return [row, better[0], column, better[1], min(better)]


@given(GAPS)
@settings(max_examples=40, deadline=None)
def test_pairs_of_free_words_are_seen_as_plain_loops_see_them(texts: list[tuple[list[str], list[str]]]) -> None:
    sides = [(list(map(in_a_gap, old)), list(map(in_a_gap, new))) for old, new in texts]
    expected = [
        plain_properties(one, other, (i, len(old)), (j, len(new))) + plain_rivals((old, new), i, j)
        for old, new in sides
        for i, one in enumerate(old)
        for j, other in enumerate(new)
    ]
    stretches = [free_words(side, []) for side in sides]
    found = cells_of(stretches, RELATING)
    assert found.pairs.astype(float) == pytest.approx(np.array(expected, dtype=float), abs=2e-4)
    together = stretch_odds(stretches, RELATING)
    assert together == [stretch_odds([one], RELATING)[0] for one in stretches]  # no stretch looks at another
    assert [(len(table), len(table[0])) for table in together] == [(len(old), len(new)) for old, new in sides]


def test_the_network_is_what_plain_loops_make_of_its_weights() -> None:
    """What pairs about a pair and the best in its lines add is the layers' sum, pair by pair."""
    texts = ["storm the town light".split(), "tempest city of 5 mild".split()]
    sides = tuple(list(map(in_a_gap, text)) for text in texts)
    stretch = free_words((sides[0], sides[1]), [])
    cells, learnt = cells_of([stretch], RELATING), odds_module.network()
    n, m = map(len, texts)
    layers = {name: one.astype(np.float64) for name, one in learnt.layers.items()}

    def stepped(values: Any) -> Any:
        return np.rint(np.asarray(values, np.float32) * np.float32(64.0)).astype(np.float64) / 64.0

    def passed(values: Any) -> Any:
        return np.clip(stepped(values), 0.0, odds_module.MOST)

    def vector(norm: str) -> Any:
        place = np.flatnonzero(learnt.hashes == zlib.crc32(norm.encode()))
        return learnt.vectors[place[0]].astype(np.float64) if len(place) else np.zeros(learnt.vectors.shape[1])

    def in_context(side: list[Word]) -> list[Any]:
        """The signals of a sentence's words, with nothing before the first and after the last."""
        found = []
        for word in side:
            inner = stepped(word_properties(word)) @ layers["inner"] + layers["inner_bias"]
            found.append(passed(inner + vector(word.norm) @ layers["inner_meanings"]))
        for weights, bias in zip(layers["beside"], layers["beside_bias"], strict=True):
            framed = [np.zeros_like(found[0]), *found, np.zeros_like(found[0])]
            near = [np.stack(framed[at : at + 3]) for at in range(len(found))]
            sums = [sum(row @ one for row, one in zip(rows, weights, strict=True)) + bias for rows in near]
            found = [
                np.minimum(rows[1] + passed(one), odds_module.MOST) for rows, one in zip(near, sums, strict=True)
            ]
        return found

    signal = {}
    context = [in_context(side) for side in sides]
    for number, (i, j) in enumerate((i, j) for i in range(n) for j in range(m)):
        one, other = vector(texts[0][i]), vector(texts[1][j])
        words = stepped(word_properties(sides[0][i])) + stepped(word_properties(sides[1][j]))
        total = words @ layers["words"] + (one + other) @ layers["meanings"] + layers["bias"]
        total += (context[0][i] + context[1][j]) @ layers["context"]
        turned = stepped(context[0][i] @ layers["turned"]) * stepped(context[1][j] @ layers["turned"])
        products = np.concatenate([one * other, turned])
        total += stepped(cells.pairs[number]) @ layers["pairs"] + stepped(products) @ layers["products"]
        signal[i, j] = passed(passed(total) @ layers["hidden"] + layers["hidden_bias"])
    nothing = np.zeros_like(signal[0, 0])
    beside = [(0, 0), *((up, side) for up in (-1, 0, 1) for side in (-1, 0, 1) if up or side)]
    for around, best, bias in zip(layers["around"], layers["best"], layers["around_bias"], strict=True):
        below, signal = signal, {}
        for (i, j), here in below.items():
            total = here + bias
            for (up, side), weights in zip(beside, around, strict=True):
                total = total + below.get((i + up, j + side), nothing) @ weights
            lines = [below[i, b] for b in range(m)], [below[a, j] for a in range(n)]
            for line, weights in zip(lines, best, strict=True):
                total = total + np.max(line, axis=0) @ weights
            signal[i, j] = passed(total)
    for (i, j), here in signal.items():
        assert stretch_odds([stretch], RELATING)[0][i][j] == here @ layers["output"] + layers["output_bias"]


def test_the_odds_are_those_of_the_weights_that_are_named() -> None:
    assert zlib.crc32(odds_module.WEIGHTS.read_bytes()) == odds_module.WEIGHTS_CRC
    vectors = odds_module.network().vectors
    with np.load(odds_module.WEIGHTS) as arrays:
        assert np.array_equal(vectors[:-1] * 32.0, arrays["vectors"]) and not vectors[-1].any()
    assert stretch_odds([], RELATING) == []


def test_free_words_know_their_gaps() -> None:
    sides = free_words(
        (list(map(in_a_gap, "storm the town light".split())), [in_a_gap("town"), in_a_gap("of")]), [(2, 0)]
    )
    assert [word.norm for word in sides[0].words] == ["storm", "the", "light"]
    assert list(sides[0].places) == [(0, 0, 2, 0), (0, 1, 2, 1), (1, 0, 1, 3)]
    assert list(sides[1].places) == [(1, 0, 1, 1)]
    assert (len(sides[0].strand), len(sides[1].strand)) == (4, 2)


def test_a_word_with_a_particle_answers_only_if_the_word_does_where_odds_decide() -> None:
    """[ended -> wrapped up], but in a sentence written anew not [storm -> mild up]."""
    pair = words("storm"), words("mild up")
    whole = [(range(1), range(2))]
    for odds, expected in ((None, whole), ([[2.0, -1.0]], whole), ([[-1.0, -1.0]], [])):
        found = _fill_gap(*pair, range(1), range(2), LEXICON, odds=odds)
        assert [(link.reference, link.suspect) for link in found] == expected


def test_several_words_answer_to_one_where_all_odds_are_even_at_least() -> None:
    """[would like -> wanted]; an article at an edge is no part of it, and links across take what is likely."""
    sides = words("would like"), words("wanted")
    options: dict[str, Any] = {"odds": [[1.0], [3.0]]}
    found = _fill_gap(*sides, range(2), range(1), LEXICON, **options)
    assert [(link.reference, link.suspect) for link in found] == [(range(2), range(1))]
    found = _fill_gap(*sides, range(2), range(1), LEXICON, odds=[[-1.0], [3.0]])
    assert [(link.reference, link.suspect) for link in found] == [(range(1, 2), range(1))]
    found = _fill_gap(words("the storm"), sides[1], range(2), range(1), LEXICON, odds=[[2.0], [1.5]])
    assert [(link.reference, link.suspect) for link in found] == [(range(1), range(1))]
    texts = [in_a_gap("storm"), in_a_gap("town")], [in_a_gap("city")]
    assert best_block(texts, [[0.0, 0.0], [0.0, 0.0], [0.0, 0.0]], [[1.0], [2.0]], 1, 0, (0.7, (1, 1))) == (
        pytest.approx(3 * 0.35),
        (2, 1),
    )
    article, best = [in_a_gap("the")], [[0.0, 0.5, 0.5]] * 3
    found = best_block((texts[0], article), best, [[1.0], [2.0]], 1, 0, (0.7, (1, 1)))
    assert found == (pytest.approx(3 * 0.35), (2, 1))  # by itself it may answer to several
    found = best_block((article, texts[0]), [[0.0, 0.0, 0.0]], [[1.0, 2.0]], 0, 1, (0.7, (1, 1)))
    assert found == (pytest.approx(3 * 0.35), (1, 2))
    found = best_block(([texts[1][0]], article + texts[0]), best, [[-1.0, 2.0, 1.5]], 0, 2, (0.7, (1, 1)))
    assert found == (pytest.approx(0.5 + 3.5 * 0.35), (1, 2))  # beside what was gained before
    found = best_block(([texts[1][0]], article + texts[0]), best, [[2.0, 2.0, -1.0]], 0, 1, (0.7, (1, 1)))
    assert found == (0.7, (1, 1))


def test_words_answer_across_gaps_if_that_is_likely() -> None:
    pair = words("storm the town was light"), words("mild the city")
    gaps = [(range(1), range(1)), (range(2, 5), range(2, 3))]
    [judged] = judge([pair], [[(1, 1)]], [gaps], LEXICON)
    assert judged is not None
    assert (judged.rows, judged.columns) == ([0, 2, 3, 4], [0, 2])
    assert judged.within(*gaps[1]) == [[row[1]] for row in judged.odds[1:]]
    likely = judged._replace(odds=[[0.3, 0.0], [0.0, 3.0], [0.0, 1.1], [2.0, 0.0]])
    held = _fill_gap(*pair, *gaps[1], LEXICON, odds=[[3.0], [0.0], [0.0]])
    found = [(link.reference.start, link.suspect.start, link.crossing) for link in across(pair, likely, held)]
    assert found == [(4, 0, True), (3, 2, True)]
    assert judge([pair], [[]], [[(range(2), range(2))]], LEXICON) == [None]
