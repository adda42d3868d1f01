"""Aligning sentences: who answers to whom, and the inverted index against a brute-force count."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spindetect.align.lexical.lexicon import Entry, Lexicon
from spindetect.align.sentences import alignment, candidates
from spindetect.align.sentences.alignment import (
    _CANDIDATE,
    _best_near,
    _choose,
    _considered,
    _repeated,
    _similarities,
    _texts,
    align_sentences,
)
from spindetect.align.sentences.pairs import align
from spindetect.align.sentences.profiles import dice, known_share, shared_weight
from spindetect.records import Article, Document, Mark, Span
from spindetect.segment.document import segment
from spindetect.segment.vocabulary import Vocabulary

VOCABULARY = Vocabulary({"the": 0.0, "a": 0.5, "was": 1.5, "town": 5.0, "people": 4.0})
KNOWN = {
    ("defense", "protection"): Entry(0.8, 3.0),
    ("told", "knowledgeable"): Entry(0.6, 3.0),
    ("storm", "tempest"): Entry(0.9, 2.0),
    ("broke", "shattered"): Entry(0.7, 1.0),
    ("fence", "barrier"): Entry(0.7, 1.0),
    ("gale", "tempest"): Entry(0.2, 1.0),
}
LEXICON = Lexicon(KNOWN, stems={word: VOCABULARY.stem(word) for pair in KNOWN for word in pair})

STORY = [
    "The storm broke the old fence behind the dairy in Corby on Monday.",
    "Farmer Ada Quill lost forty sheep and two lambs that night.",
    "Her neighbours searched the hills with lanterns until dawn.",
    "A shepherd from Hythe found most of the flock beside a quarry.",
    "The insurers will pay for new posts and stronger wire.",
    "Vets examined each animal and treated three broken legs.",
]
OTHER = [
    "Shares in the airline jumped after it announced cheaper flights to Lisbon.",
    "Analysts had expected a weaker quarter because of rising fuel prices.",
    "Its chief executive promised bigger planes and friendlier cabins.",
    "Rival carriers said they would match every fare by autumn.",
]


def cut(*sentences: str, marks: tuple[Mark, ...] = ()) -> Document:
    return segment(Article(" ".join(sentences), marks=marks), VOCABULARY)


def links(suspect: Document, reference: Document) -> list[tuple[list[int], list[int]]]:
    found = align_sentences(suspect, reference, LEXICON)
    assert all(0.0 <= link.similarity <= 1.0 for link in found)
    return [(list(link.suspect), list(link.reference)) for link in found]


def test_sentences_are_aligned_whichever_text_was_spun() -> None:
    original = cut(*STORY[:3], "Defense told of a storm that broke a fence.")
    spun = cut("Protection knowledgeable of a tempest that shattered a barrier.", *OTHER[:2])
    assert links(spun, original) == [([0], [3])]
    assert links(original, spun) == [([3], [0])]


def test_a_text_against_itself_pairs_every_sentence_with_itself() -> None:
    assert links(cut(*STORY), cut(*STORY)) == [([index], [index]) for index in range(len(STORY))]


def test_a_split_sentence_is_one_to_two() -> None:
    split = ["Farmer Ada Quill lost forty sheep.", "Two lambs died that night."]
    found = links(cut(STORY[0], *split, *STORY[2:]), cut(*STORY))
    assert ([1, 2], [1]) in found
    assert ([0], [0]) in found and ([3], [2]) in found


def test_merged_sentences_are_two_to_one() -> None:
    merged = (
        "Her neighbours searched the hills with lanterns until dawn and a shepherd from Hythe found most of "
        "the flock beside a quarry."
    )
    assert ([2], [2, 3]) in links(cut(*STORY[:2], merged, *STORY[4:]), cut(*STORY))


def test_moved_sentences_are_found_where_they_went() -> None:
    moved = [*STORY[3:], *STORY[:3]]
    assert links(cut(*moved), cut(*STORY)) == [([i], [(i + 3) % 6]) for i in range(6)]


def test_inserted_sentences_stay_alone() -> None:
    mixed = [STORY[0], OTHER[0], STORY[1], STORY[2], OTHER[1], OTHER[2], *STORY[3:]]
    expected = [([0], [0]), ([2], [1]), ([3], [2]), ([6], [3]), ([7], [4]), ([8], [5])]
    assert links(cut(*mixed), cut(*STORY)) == expected


def test_partial_coverage_on_either_side() -> None:
    assert links(cut(*STORY[2:4]), cut(*STORY)) == [([0], [2]), ([1], [3])]
    assert links(cut(*STORY), cut(*STORY[2:4])) == [([2], [0]), ([3], [1])]


def test_unrelated_texts_hardly_align() -> None:
    assert links(cut(*OTHER), cut(*STORY)) == []
    assert align(cut(*OTHER), cut(*STORY), LEXICON).pairs == []


def test_known_substitutions_bring_spun_sentences_together() -> None:
    reference = cut("The storm broke the fence.", *OTHER)
    suspect = cut(OTHER[0], "The tempest shattered the barrier.")
    assert ([1], [0]) in links(suspect, reference)
    assert all(
        link.reference.start != 0 for link in align_sentences(suspect, reference, Lexicon())
    )  # without the lexicon, nothing brings them together


def test_boilerplate_takes_no_part() -> None:
    text = " ".join(STORY)
    mark = Mark(Span(0, len(STORY[0])), "boilerplate", "byline")
    suspect = segment(Article(text, marks=(mark,)), VOCABULARY)
    assert links(suspect, cut(*STORY)) == [([i], [i]) for i in range(1, 6)]
    assert links(cut(*STORY), suspect) == [([i], [i]) for i in range(1, 6)]


@pytest.mark.parametrize("empty", ["", " \n ", "... !"])
def test_nothing_aligns_with_nothing(empty: str) -> None:
    assert links(cut(empty), cut(*STORY)) == []
    assert links(cut(*STORY), cut(empty)) == []
    assert align(cut(empty), cut(empty), LEXICON).pairs == []


def test_sentences_repeated_throughout_a_text_still_answer_to_themselves() -> None:
    often = ["Stop." for _ in range(30)]
    assert len(links(cut(*often), cut(*often))) == 30


def test_one_word_sentences_are_not_joined() -> None:
    words = [f"{word}." for word in ("Dam", "Mill", "Dam", "Forge", "Mill", "Dam", "Forge", "Forge", "Mill", "Dam")]
    assert links(cut(*words), cut(*words)) == [([i], [i]) for i in range(10)]


TEN = "Ada Bea Cleo Dora Edda Fay Greta Hilda Ines Judith"


@pytest.mark.parametrize(
    ("kept", "beside", "joined"),
    [
        (9, "Judith", True),  # 18 of 19 becomes 20 of 20: 0.053 more
        (9, "Judith Kitty", False),  # 20 of 21, which is 0.005 more
        (9, "Judith Kitty Lena", False),  # 20 of 22, which is 0.038 less
        (8, "Ines Kitty Lena Judith Maud Nora", False),  # 16 of 18 becomes 20 of 24
        (7, "Hilda Ines Kitty Lena", False),  # 14 of 17 becomes 18 of 21: 0.034 more
        (7, "Hilda Ines Kitty", True),  # ... 18 of 20: 0.076 more
    ],
)
def test_a_sentence_joins_a_pair_that_gains_enough_by_it(kept: int, beside: str, joined: bool) -> None:
    """Names weigh alike, so that Dice's coefficient is a matter of counting; on either side, before and after."""
    names, single = TEN.split(), cut(f"{TEN}.")
    first = " ".join(names[:kept])
    for parts in (f"{first}. {beside}.", f"{beside}. {first}."):
        split = cut(parts)
        assert links(split, single) == [([0, 1] if joined else [parts.startswith(beside) * 1], [0])]
        assert links(single, split) == [([0], [0, 1] if joined else [parts.startswith(beside) * 1])]


def test_sentences_repeated_are_paired_in_order_and_boilerplate_is_none_of_them() -> None:
    mark = Mark(Span(0, 5), "boilerplate", "byline")
    reference, suspect = cut("Stop.", "Go.", "Stop.", "Go now."), cut("Stop.", "Stop.", "Stop.", "Go.", "Now go.")
    assert list(_repeated(suspect, reference)) == [(0, 0), (1, 2), (3, 1)]
    marked = cut("Stop.", "Go.", "Stop.", "Go now.", marks=(mark,))
    assert list(_repeated(suspect, marked)) == [(0, 2), (3, 1)]
    assert list(_repeated(marked, suspect)) == [(1, 3), (2, 0)]


def test_of_very_many_sentences_the_most_alike_and_the_nearest_are_considered() -> None:
    """Of equals the nearest, of those as near the first; so many that both together hold are all considered."""
    found = {0: 0.5, 1: 0.3, 2: 0.5, 4: 0.2, 6: 0.2, 8: 0.5, 9: 0.9}
    with mock.patch.multiple(alignment, _MOST_ALIKE=2, _NEAREST=1):
        assert _considered(5, found) == {9: 0.9, 2: 0.5, 4: 0.2}
        assert _considered(0, found) == {9: 0.9, 0: 0.5}
        assert _considered(9, found) == {9: 0.9, 8: 0.5}
        assert _considered(5, {0: 0.5, 1: 0.3, 2: 0.1}) == {0: 0.5, 1: 0.3, 2: 0.1}
    assert (alignment._MOST_ALIKE, alignment._NEAREST) == (30, 20)


def test_a_pair_is_supported_by_those_that_would_stand_next_to_it() -> None:
    """One sentence on or back on both sides, or two on one of them."""
    rows = {1: {1: 0.9, 3: 0.7}, 2: {2: 0.7, 1: 0.6}, 3: {0: 0.2}}
    on = {(0, 0): 0.9, (0, 1): 0.7, (1, 0): 0.7, (1, -1): 0.6, (3, 3): 0.0}
    back = {(2, 2): 0.9, (2, 3): 0.9, (3, 2): 0.9, (1, 3): 0.0, (3, 3): 0.7}
    assert {place: _best_near(rows, *place, 1) for place in on} == on
    assert {place: _best_near(rows, *place, -1) for place in back} == back


def test_pairs_are_taken_best_first_with_a_quarter_of_what_supports_them() -> None:
    """0.28 beside 0.16 on both sides is 0.36, and alone too little; of equals that which stands in its place."""
    links = _choose(
        {(1, 1): 0.28, (0, 0): 0.16, (2, 2): 0.16, (5, 9): 0.31, (7, 6): 0.32, (8, 8): 0.4, (8, 7): 0.4}
    )
    assert [(link.suspect.start, link.reference.start, link.similarity) for link in links] == [
        (1, 1, 0.28), (7, 6, 0.32), (8, 8, 0.4),
    ]  # fmt: skip
    assert _choose({(0, 0): 0.28, (1, 1): 0.16}) == [alignment.SentenceLink(range(1), range(1), 0.28)]
    assert _choose({(0, 0): 0.28, (1, 1): 0.15}) == []


# --- weights, and the slow obvious oracle -------------------------------------------------------------


def test_rare_words_names_and_numbers_weigh_most() -> None:
    the, town, name, number, stop = (VOCABULARY[text] for text in ("the", "town", "Quill", "1984", "."))
    assert 0.0 == stop.weight < the.weight < town.weight < name.weight <= 1.5
    assert number.weight == name.weight


def _bag(document: Document, index: int) -> dict[str, float]:
    bag: dict[str, float] = {}
    sentence = document.sentences[index]
    for word in document.words[sentence.first : sentence.last]:
        if word.weight:
            bag[word.stem] = bag.get(word.stem, 0.0) + word.weight
    return bag


def brute_force(
    suspect: Document, reference: Document, lexicon: Lexicon, most: int = 20
) -> dict[tuple[int, int], float]:
    """The similarity of every pair, by comparing every stem with every other.

    Stems in more than ``most`` of the reference's sentences only add to what others share; a sentence that shares
    nothing but such stems is compared with those two places away.
    """
    found = {}
    often = Counter(stem for j in range(len(reference.sentences)) for stem in _bag(reference, j))
    for i in range(len(suspect.sentences)):
        by_telling, by_all = {}, {}
        for j in range(len(reference.sentences)):
            mine, theirs = _bag(suspect, i), _bag(reference, j)
            first, last = suspect.sentences[i].first, suspect.sentences[i].last
            content = {word.stem for word in suspect.words[first:last] if word.content}
            telling = common = 0.0
            for stem, weight in mine.items():
                if stem in theirs and often[stem] > most:
                    common += min(weight, theirs[stem])
                elif stem in theirs:
                    telling += min(weight, theirs[stem])
                elif stem in content:
                    telling += max(
                        (
                            known_share(known.association) * min(weight, theirs[source])
                            for source in theirs.keys() - mine.keys()
                            for one, other in ((source, stem), (stem, source))
                            if often[source] <= most and (known := lexicon.stem_sources.get(other, {}).get(one))
                        ),
                        default=0.0,
                    )
            total = sum(mine.values()) + sum(theirs.values())
            if telling:
                by_telling[i, j] = min(1.0, 2 * (telling + common) / total)
            if common and abs(i - j) <= 2:
                by_all[i, j] = min(1.0, 2 * common / total)
        found |= {pair: alike for pair, alike in (by_telling or by_all).items() if alike >= _CANDIDATE}
    return found


WORDS = "the Ada Quill 40 told knowledgeable storm gale tempest broke shattered fence barrier defense protection"
SENTENCES = st.lists(st.sampled_from(WORDS.split()), min_size=1, max_size=8).map(
    lambda words: " ".join(words).capitalize() + "."
)
STORIES = st.lists(SENTENCES, min_size=0, max_size=6)


@given(STORIES, STORIES)
@settings(max_examples=60, deadline=None)
def test_the_inverted_index_finds_what_brute_force_finds(one: list[str], other: list[str]) -> None:
    suspect, reference = cut(*one), cut(*other)
    texts = _texts(suspect, reference, LEXICON)
    fast, slow = _similarities(texts), brute_force(suspect, reference, LEXICON)
    for (i, j), alike in slow.items():
        mine, theirs = texts.suspect[range(i, i + 1)], texts.reference[range(j, j + 1)]
        assert min(1.0, dice(shared_weight(mine, theirs, texts.answers), mine, theirs)) == pytest.approx(alike)
    assert fast == pytest.approx({**slow, **dict.fromkeys(_repeated(suspect, reference), 1.0)})


@given(STORIES, STORIES)
@settings(max_examples=60, deadline=None)
def test_long_references_are_searched_with_the_same_result(one: list[str], other: list[str]) -> None:
    suspect, reference = cut(*one), cut(*other)
    texts = _texts(suspect, reference, LEXICON)
    with mock.patch.multiple(candidates, _COMMON=1):
        few = _similarities(texts)
        with mock.patch.multiple(candidates, _MANY=0):
            assert _similarities(texts) == few
    slow = brute_force(suspect, reference, LEXICON, most=1)
    assert few == pytest.approx({**slow, **dict.fromkeys(_repeated(suspect, reference), 1.0)})


@given(STORIES, STORIES)
@settings(max_examples=60, deadline=None)
def test_no_sentence_is_used_twice_and_links_hold_at_most_three(one: list[str], other: list[str]) -> None:
    suspect, reference = cut(*one), cut(*other)
    found = align_sentences(suspect, reference, LEXICON)
    for side, document in (("suspect", suspect), ("reference", reference)):
        used = [index for link in found for index in getattr(link, side)]
        assert len(used) == len(set(used))
        assert all(0 <= index < len(document.sentences) for index in used)
        assert all(1 <= len(getattr(link, side)) <= 3 for link in found)
    assert all(link.suspect.start < after.suspect.start for link, after in pairwise(found))


@given(STORIES)
@settings(max_examples=40, deadline=None)
def test_a_text_against_itself_is_fully_aligned_and_fully_alike(story: list[str]) -> None:
    document = cut(*story)
    found = align(document, document, LEXICON).pairs
    assert {index for pair in found for index in pair.suspect} == set(range(len(document.sentences)))
    assert all(pair.similarity == pytest.approx(1.0) and pair.suspect == pair.reference for pair in found)
