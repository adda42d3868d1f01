"""Aligning words: minimal phrases by hand, and the fast dynamic programmes against plain loops."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spindetect import Detector
from spindetect.align import words as align_module
from spindetect.align.anchors import _strong, find_anchors
from spindetect.align.costs import (
    SOLID_GAIN,
    VERBAL_GAIN,
    joined,
    known_phrase_gain,
    numeral,
    particle_gain,
    same_number,
    verbal,
    word_gain,
)
from spindetect.align.gaps import _fill_gap
from spindetect.align.lexicon import LONGEST_PHRASE, Entry, Lexicon
from spindetect.align.strands import Strand, strand
from spindetect.align.words import align_words
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


@given(st.lists(SPELLINGS, min_size=1, max_size=2), st.lists(SPELLINGS, min_size=1, max_size=2))
def test_particle_gains_keep_their_range(one: list[str], other: list[str]) -> None:
    gain = particle_gain([VOCABULARY[text] for text in one], [VOCABULARY[text] for text in other], LEXICON)
    assert gain is None or 0.1 <= gain <= 1.6


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
    return particle_gain(old, new, LEXICON) or 0.0


def phrases_before(side: Strand, end: int, known: frozenset[str]) -> list[tuple[Word, ...]]:
    """The phrases that may end before word ``end``: of one or two words, or longer and in the lexicon."""
    found = []
    for length in range(1, min(end, LONGEST_PHRASE) + 1):
        phrase = side.words[end - length : end]
        if not any(side.barrier[end - length + 1 : end]) and (length <= 2 or joined(phrase) in known):
            found.append(phrase)
    return found


SHORT = st.lists(
    st.sampled_from("the of town city storm new brand , known as often may well green light mild america".split()),
    min_size=1,
    max_size=5,
).map(" ".join)


@given(SHORT, SHORT)
@settings(max_examples=60, deadline=None)
def test_a_gap_is_filled_as_well_as_by_trying_everything(one: str, other: str) -> None:
    reference, suspect = words(one), words(other)
    if not reference.words or not suspect.words:
        return

    def best(i: int, j: int) -> float:
        """The highest gain for the first i and j words, by trying every way to end."""
        if not i or not j:
            return 0.0
        ways = [best(i - 1, j), best(i, j - 1)]
        for old in phrases_before(reference, i, LEXICON.reference_phrases):
            for new in phrases_before(suspect, j, LEXICON.suspect_phrases):
                gain = gain_of(old, new)
                if gain:
                    ways.append(best(i - len(old), j - len(new)) + gain)
        return max(ways)

    found = _fill_gap(reference, suspect, range(len(reference.words)), range(len(suspect.words)), LEXICON)
    total = sum(
        gain_of(
            reference.words[link.reference.start : link.reference.stop],
            suspect.words[link.suspect.start : link.suspect.stop],
        )
        for link in found
    )
    assert total == pytest.approx(best(len(reference.words), len(suspect.words)))


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
