"""The parts of scoring alone, on an n-gram model small enough to work out by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from spindetect.records import Article
from spindetect.reference_free.features import FEATURES, measure
from spindetect.reference_free.model import Judgement
from spindetect.reference_free.ngrams import (
    CLASSES,
    Line,
    NGramModel,
    hashed,
    line_of,
    pair_keys,
    table,
    triple_keys,
)
from spindetect.reference_free.originals import Ranking, Supposed, gains, guesses
from spindetect.reference_free.slots import OFFSETS, Read, Slots
from spindetect.reference_free.token_features import GROUPS, SIGNS, Items, Suspicion, Table, weigh_items
from spindetect.score.additive import ramp_matrix
from spindetect.segment.document import segment
from spindetect.segment.vocabulary import Vocabulary

# the defense secretary said protection struggle
WORDS = ("the", "defense", "secretary", "said", "protection", "struggle")
THE, DEFENSE, SECRETARY, SAID, PROTECTION, STRUGGLE = range(6)
START = len(WORDS) + CLASSES.index("start")
RANKING = Ranking(left=1.0, right=1.0, slot=0.0, habit=1.0, kindred=2.0, phrase=0.0, other=0.0)


def ids(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def known() -> NGramModel:
    """ "The defense secretary" a hundred times, "the protection" and "the struggle" ten times each."""
    singles = ids(120, 110, 100, 100, 20, 20, *[0] * len(CLASSES))
    pairs = table(
        pair_keys(ids(THE, DEFENSE, THE, THE), ids(DEFENSE, SECRETARY, PROTECTION, STRUGGLE)), ids(100, 100, 10, 10)
    )
    triples = table(triple_keys(ids(THE), ids(DEFENSE), ids(SECRETARY)), ids(100))
    return NGramModel(singles, pairs, triples)


@pytest.fixture
def ngrams() -> NGramModel:
    return known()


def line(*values: int) -> Line:
    found = ids(START, START, *values, START, START)
    return Line(found, ids(-1, -1, *range(len(values)), -1, -1), known())


TEXT = line(THE, PROTECTION, SECRETARY, STRUGGLE)


def slots() -> Slots:
    """One neuron, active after "the": "protection" fits it, "struggle" doesn't."""
    ids_ = len(WORDS) + len(CLASSES)
    context, filler = np.zeros((ids_, 1), dtype=np.int8), np.zeros((ids_, 1), dtype=np.int8)
    context[THE], filler[PROTECTION], filler[STRUGGLE] = 100, -50, 50
    layers = np.zeros((1, len(OFFSETS) + 1), dtype=np.int8)
    layers[0, OFFSETS.index(-1)] = 10
    return Slots(context, filler, layers, np.zeros(1), np.full(ids_, -1.0), scale=1e-3, unit=1 / 127 / 50)


def read(text: Line) -> Read:
    return slots().read(text.ids, text.ids < len(WORDS))


def test_a_word_fits_its_slot_or_does_not() -> None:
    place, words = ids(3, 3, 3, 4), ids(PROTECTION, STRUGGLE, DEFENSE, STRUGGLE)
    # after "the" the neuron is wholly active, after "protection" not at all
    assert read(TEXT).log_odds(place, words).tolist() == pytest.approx([-2.0, 0.0, -1.0, -1.0])


def test_the_topic_is_the_mean_of_the_content_words() -> None:
    layers = np.zeros((1, len(OFFSETS) + 1), dtype=np.int8)
    layers[0, -1] = 10
    found = replace(slots(), layers=layers).read(TEXT.ids, TEXT.ids < len(WORDS))
    assert found.active[:, 0].tolist() == [round(100 * 10 / 4 * 1e-3 * 127)] * len(TEXT.ids)


def test_a_supposed_original_that_fits_its_slot_better_is_likelier() -> None:
    text = line(THE, STRUGGLE)
    backwards = Supposed(np.array([0, 0, 0, 0, 0, 0, 1]), ids(PROTECTION), np.zeros(1), np.zeros(1, dtype=bool), {})
    plain, fitting = (
        guesses(text, read(text), backwards, replace(RANKING, slot=weight)).likely[0] for weight in (0.0, 1.0)
    )
    assert fitting - plain == pytest.approx(2.0)


def test_a_table_counts_what_it_holds_within_a_sixteenth_and_nothing_else() -> None:
    rng = np.random.default_rng(0)
    keys = rng.integers(0, 2**48, 5000).astype(np.uint64)
    counts = rng.integers(2, 100_000, 5000)
    known = table(keys, counts)
    found = known.counts(hashed(keys))
    assert (np.abs(np.log2(found / counts)) <= 1 / 16 + 1e-9).mean() > 0.999  # all but colliding hashes
    others = rng.integers(2**48, 2**49, 5000).astype(np.uint64)
    assert (known.counts(hashed(others)) == 0).mean() > 0.99


def test_an_empty_table_counts_nothing() -> None:
    empty = table(np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.int64))
    assert empty.counts(hashed(pair_keys(ids(1, 2), ids(3, 4)))).tolist() == [0.0, 0.0]


def test_what_follows_a_word_sums_to_one_where_all_was_kept(
    ngrams: NGramModel,
) -> None:
    every = np.arange(len(ngrams.singles))
    sums = [ngrams.after_one(np.full(len(every), first), every).sum() for first in (THE, SAID)]
    assert sums[0] == pytest.approx(1.0, abs=0.05)  # counts are kept in steps of an eighth of a doubling
    assert sums[1] < 1.0  # what follows "said" was too rare to keep


def test_a_triple_that_was_met_is_likelier_than_one_that_was_not(ngrams: NGramModel) -> None:
    met, other = ngrams.after_two(ids(THE, THE), ids(DEFENSE, PROTECTION), ids(SECRETARY, SECRETARY))
    assert met > 3 * other


def test_the_original_gains_on_the_side_where_it_is_known() -> None:
    before, after = gains(line(THE, PROTECTION, SECRETARY), ids(3), ids(DEFENSE))
    assert before[0] > 0.5  # after "the"
    assert after[0] > 0.5  # before "secretary"
    assert gains(line(THE, DEFENSE, SECRETARY), ids(3), ids(DEFENSE)) == (
        pytest.approx([0.0]),
        pytest.approx([0.0]),
    )


def supposed(kindred: bool = False) -> Supposed:
    """[defense -> protection], and of phrases [the defense secretary -> secretary struggle]."""
    starts = np.array([0, 0, 0, 0, 0, 1, 1])
    phrases = {(SECRETARY, STRUGGLE): [((THE, DEFENSE, SECRETARY), -1.0)]}
    return Supposed(starts, ids(DEFENSE), np.array([-1.0]), np.array([kindred]), phrases)


def test_guesses_name_place_length_and_original() -> None:
    found = guesses(TEXT, read(TEXT), supposed(), RANKING)
    assert found.place.tolist() == [3, 4]
    assert found.length.tolist() == [1, 2]
    assert [found.original(guess) for guess in (0, 1)] == [(DEFENSE,), (THE, DEFENSE, SECRETARY)]
    plain = gains(line(THE, PROTECTION, SECRETARY, STRUGGLE), ids(3), ids(DEFENSE))
    assert found.likely[0] == pytest.approx(plain[0][0] + plain[1][0] - 1.0)


def test_a_word_of_kindred_meaning_is_held_back_by_its_weight() -> None:
    text = line(THE, PROTECTION, SECRETARY)
    known, kindred = (guesses(text, read(text), supposed(flag), RANKING).likely[0] for flag in (False, True))
    assert known - kindred == pytest.approx(RANKING.kindred)


def test_a_line_has_a_start_before_each_sentence_and_two_at_the_ends(ngrams: NGramModel) -> None:
    vocabulary = Vocabulary(rows={word: row for row, word in enumerate(WORDS)})
    document = segment(Article("The defense secretary said 12. Zorblax, said the zorb."), vocabulary)
    found = line_of(document, ngrams)
    number, name, unknown, comma, mark = (len(WORDS) + place for place in range(5))
    assert found.ids.tolist() == [
        START, START, THE, DEFENSE, SECRETARY, SAID, number, mark,
        START, name, comma, SAID, THE, unknown, mark, START, START,
    ]  # fmt: skip
    assert [document.words[token].text for token in found.tokens.tolist() if token >= 0] == [
        w.text for w in document.words
    ]


def test_words_that_the_vocabulary_lacks_have_ids_of_their_own(ngrams: NGramModel) -> None:
    singles = np.insert(ngrams.singles, len(WORDS), 5)
    more = NGramModel(singles, ngrams.pairs, ngrams.triples, {"zorb": len(WORDS)})
    vocabulary = Vocabulary(rows={word: row for row, word in enumerate(WORDS)})
    found = line_of(segment(Article("The zorb said Zorb."), vocabulary), more)
    assert found.ids[2:6].tolist() == [THE, len(WORDS), SAID, len(WORDS)]


def test_an_old_word_fits_better_by_what_its_neighbours_say(ngrams: NGramModel) -> None:
    vocabulary = Vocabulary(rows={word: row for row, word in enumerate(WORDS)})
    document = segment(Article("The struggle secretary said. Zorblax said."), vocabulary)
    [defense, protection, zorb] = segment(Article("defense protection zorb"), vocabulary).words
    first, second = ids(THE, DEFENSE, THE, STRUGGLE), ids(DEFENSE, SECRETARY, STRUGGLE, SECRETARY)
    nats = np.log(ngrams.after_one(first, second)) @ [1.0, 1.0, -1.0, -1.0]
    found = ngrams.misfits_in_place(document, [(1, defense), (1, protection), (1, zorb), (5, defense)])
    assert found.tolist() == [
        pytest.approx(nats),
        pytest.approx(0.0),  # as rare as "struggle", and as often after "the"
        0.0,  # not in the vocabulary, like the name that stands in the other place
        0.0,
    ]
    assert 1.0 < found[0] < 8.0
    common = NGramModel(np.r_[ngrams.singles[:-1], 10**9], ngrams.pairs, ngrams.triples)
    assert common.misfits_in_place(segment(Article("The said."), vocabulary), [(1, defense)]).tolist() == [8.0]


def test_a_word_is_read_as_the_one_that_it_counts_as(ngrams: NGramModel) -> None:
    vocabulary = Vocabulary(rows={word: row for row, word in enumerate(WORDS)})
    document = segment(Article("The struggle said struggle."), vocabulary)
    counted_as = np.arange(len(ngrams.singles))
    counted_as[STRUGGLE] = PROTECTION
    found = line_of(document, ngrams, counted_as)
    assert found.ids[2:6].tolist() == [THE, PROTECTION, SAID, PROTECTION]
    assert found.tokens.tolist() == line_of(document, ngrams).tokens.tolist()


def test_ramps_are_piecewise_linear_and_constant_beyond_their_ends() -> None:
    found = ramp_matrix(np.array([[-5.0], [0.5], [3.0], [99.0]]), [(0.0, 1.0, 5.0)])
    assert found.tolist() == [[0.0, 0.0], [0.5, 0.0], [1.0, 0.5], [1.0, 1.0]]


def suspicion() -> Suspicion:
    """Every sign adds its value between 0 and 1, of content words only."""
    knots = dict.fromkeys(SIGNS, (0.0, 1.0))
    weights = {group: {sign: (1.0 if group.startswith("content") else 0.0,) for sign in SIGNS} for group in GROUPS}
    return Suspicion(knots, dict.fromkeys(GROUPS, -1.0), weights)


def items(*signs: float, group: str = "content, known") -> Items:
    values = np.array([[sign] * len(SIGNS) for sign in signs])
    size = len(signs)
    ones = np.ones(size, dtype=np.int64)
    return Items(np.arange(2, 2 + size), ones, np.full(size, GROUPS.index(group)), values, np.ones(size))


def test_signs_add_up_by_group() -> None:
    assert suspicion().log_odds(items(0.5)) == pytest.approx([0.5 * len(SIGNS) - 1.0])
    assert suspicion().log_odds(items(0.5, group="function")) == pytest.approx([-1.0])


def test_features_are_sums_over_items_each_with_its_own_amount() -> None:
    found = items(-3.0, 0.2, 0.9)
    measured = measure(found, np.array([-3.0, 0.0, 2.5]), 10)
    assert (measured.amounts >= 0).all()
    assert measured.amounts.sum(axis=1) == pytest.approx(list(measured.features.values()))
    assert measured.features["sure_excess"] == pytest.approx(0.15)
    assert measured.features["surest_suspects"] == pytest.approx(0.1)
    assert list(measured.features) == [feature.name for feature in FEATURES]


def test_phrases_that_spinners_put_in_are_told_from_words() -> None:
    odds = np.array([-3.0, 0.0, 2.0])
    assert measure(items(0.0, 0.0, 0.0, group="phrase"), odds, 10).features["phrases"] == pytest.approx(0.6)
    assert measure(items(0.0, 0.0, 0.0), odds, 10).features["phrases"] == 0.0


def test_words_far_from_fitting_and_many_faint_suspicions_speak_for_unusual_writing() -> None:
    found = measure(items(3.0, 5.0, 9.0), np.full(3, -2.0), 10)
    assert found.features["far_misfits"] == pytest.approx((1.0 + 5.0) / 10)
    assert found.features["faint_suspicion"] == pytest.approx(3 * 0.5 / 10)
    of_grammar = measure(items(3.0, 5.0, 9.0, group="function"), np.full(3, -2.0), 10).features
    assert of_grammar["far_misfits"] == of_grammar["faint_suspicion"] == 0.0
    directions = {feature.name: feature.direction for feature in FEATURES}
    assert (directions["phrases"], directions["far_misfits"], directions["faint_suspicion"]) == (1, -1, -1)


def test_suspicion_that_is_spread_evenly_counts_more_than_the_same_in_one_place() -> None:
    """120 words in six stretches of twenty; three suspicious ones stand together, or one in each stretch."""
    words = items(*[0.0] * 120)
    found = {}
    for name, suspicious in (("together", [0, 1, 2]), ("apart", [0, 50, 100])):
        log_odds = np.full(120, -30.0)
        log_odds[suspicious] = 30.0
        measured = measure(replace(words, place=np.arange(120)), log_odds, 120)
        found[name] = measured.features["suspicious_throughout"]
        assert measured.features["surest_suspects"] == pytest.approx(3 / 120)
    assert found == pytest.approx({"together": 1 / 6, "apart": 1 / 2})


def test_of_a_stretch_the_most_suspicious_word_counts_but_no_phrase_and_what_is_repeated_less() -> None:
    def throughout(found: Items) -> float:
        return measure(found, np.array([-30.0, 0.0, 30.0]), 3).features["suspicious_throughout"]

    three = items(0.0, 0.0, 0.0)
    assert throughout(three) == pytest.approx(1.0)
    assert throughout(replace(three, share=np.array([1.0, 1.0, 0.25]))) == pytest.approx(0.5)
    assert throughout(items(0.0, 0.0, 0.0, group="phrase")) == 0.0


def test_a_word_that_comes_again_counts_once() -> None:
    found = line(THE, STRUGGLE, SAID, STRUGGLE, PROTECTION)
    document = segment(
        Article("The struggle said struggle protection"), Vocabulary(rows={w: n for n, w in enumerate(WORDS)})
    )
    guessed = guesses(found, read(found), supposed(), RANKING)
    words = Table(np.zeros(len(WORDS)), np.zeros(len(WORDS)), np.array([True, *[False] * 5]), np.arange(len(WORDS)))
    weighed = weigh_items(found, document, read(found), guessed, words)
    single = weighed.length == 1
    assert weighed.share[single].tolist() == [1.0, 0.5, 1.0, 0.5, 1.0]
    once, twice = (
        measure(replace(weighed, share=share), np.full(len(weighed.place), 2.5), 5)
        for share in (weighed.share, np.ones(len(weighed.place)))
    )
    assert once.features["surest_suspects"] < twice.features["surest_suspects"]


def test_a_judgement_adds_nothing_for_what_isn_t_there() -> None:
    judgement = Judgement(-2.0, {"one": (0.0, 0.5, 1.0)}, {"one": (1.0, -3.0)})
    assert judgement.parts({"one": 0.0}) == {"one": 0.0}
    assert judgement.parts({"one": 0.75}) == {"one": pytest.approx(1.0 - 1.5)}
    assert math.isclose(judgement.parts({"one": 9.0})["one"], -2.0)


def test_nothing_breaks_on_an_empty_text(ngrams: NGramModel) -> None:
    empty = line_of(segment(Article(""), Vocabulary()), ngrams)
    found = guesses(empty, read(empty), supposed(), RANKING)
    assert len(found.place) == len(found.words) == len(found.phrases) == 0
