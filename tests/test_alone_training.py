"""Learning what scores an article alone: texts as ids, exchanged words, the network of slots, bounded weights."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from properties import detector

from spindetect.align.lexical.lexicon import Entry, Lexicon
from spindetect.assessment import evidence_share
from spindetect.reference_free.features import FEATURES, measure
from spindetect.reference_free.ngrams import CLASSES, hashed, pair_keys
from spindetect.reference_free.token_features import GROUPS, SIGNS, Items
from spindetect.score.verdict import PRIOR_LOG_ODDS
from spindetect.segment.vocabulary import Vocabulary
from spindetect.training.reference_free import slots, train
from spindetect.training.reference_free.exchanges import (
    ExchangeDictionary,
    Exchanges,
    Forger,
    exchanges_of_spinners,
)
from spindetect.training.reference_free.ngrams import Encoded, count_ngrams, encode_texts
from spindetect.training.reference_free.originals import learn_table, suppose
from spindetect.training.reference_free.regional import other_spellings
from spindetect.training.reference_free.slots import seen_by_slots
from spindetect.training.reference_free.suspicion import MeasuredText, fit_judgement, fit_suspicion, part_of

WORDS = ("the", "cat", "sat", "mat", "dog", "ran")
VOCABULARY = Vocabulary(rows={word: row for row, word in enumerate(WORDS)})
FUNCTION = np.array([True, False, False, False, False, False])


@pytest.fixture
def corpora(tmp_path: Path) -> Path:
    """Two corpora; "zorb" is met often and small, "zlin" with a capital."""
    import gzip

    (tmp_path / "text").mkdir()
    for name, text in (
        ("allsides", "The cat sat. The zorb sat.\n\n" * 3 + "Zlin sat. Zlin, a zlin."),
        ("other", "The dog ran, the zorb ran."),
    ):
        with gzip.open(tmp_path / "text" / f"{name}.txt.gz", "wt", encoding="utf-8") as file:
            file.write(text)
    return tmp_path


def test_texts_are_ids_with_words_that_the_vocabulary_lacks(corpora: Path) -> None:
    texts = encode_texts(corpora, VOCABULARY, 1)
    assert texts.words == (*WORDS, "zorb")
    start, mark, name = (len(texts.words) + CLASSES.index(one) for one in ("start", "mark", "name"))
    assert texts.ids["allsides"][:10].tolist() == [start, 0, 1, 2, mark, start, 0, 6, 2, mark]
    assert texts.documents["allsides"].tolist() == [0, 10, 20, 30]
    assert texts.ids["allsides"][31] == name
    assert texts.capitals["allsides"][:3].tolist() == [False, True, False]
    assert texts.capital_shares()[0] == 0.0, "a capital that begins a sentence proves nothing"


def test_texts_may_be_encoded_with_the_words_that_a_model_has(corpora: Path) -> None:
    texts = encode_texts(corpora, VOCABULARY, 1, {"zlin": len(WORDS), "zulk": len(WORDS) + 1})
    assert texts.words == (*WORDS, "zlin", "zulk") and texts.more == {"zlin": len(WORDS), "zulk": len(WORDS) + 1}
    assert texts.ids["allsides"][7] == len(texts.words) + CLASSES.index("unknown"), "it doesn't have “zorb”"


def test_a_kind_left_out_is_not_counted(corpora: Path) -> None:
    ngrams = count_ngrams(encode_texts(corpora, VOCABULARY, 1))
    the, cat, dog = (np.array([WORDS.index(word)]) for word in ("the", "cat", "dog"))
    assert ngrams.model().pairs.counts(hashed(pair_keys(the, cat)))[0] == pytest.approx(3.0, rel=0.1)
    assert ngrams.model("allsides").together(the, cat)[0] == 0
    assert ngrams.model("allsides").singles[dog[0]] == ngrams.model().singles[dog[0]] == 1


def test_exchanges_are_drawn_from_what_a_spinner_makes() -> None:
    spun = {"wp2015": {("cat", "dog"): 3, ("the cat", "a dog"): 2, ("sat", "unheard"): 1}}
    near = np.array([[1, 2]] * len(WORDS))
    tables = exchanges_of_spinners(spun, near, VOCABULARY.rows)  # type: ignore[arg-type]
    rng = np.random.default_rng(0)
    assert tables["wp2015"].draw(np.array([1, 2, 3]), rng).tolist() == [4, 2, 3]
    assert set(tables["near"].draw(np.full(50, 3), rng).tolist()) == {1, 2}
    dictionary = ExchangeDictionary(tables["wp2015"], WORDS)
    assert dictionary.lengths("cat") == (3,) and dictionary.lengths("the") == ()
    entry = dictionary.entry("cat")
    assert entry is not None and entry.choices == ("dog",) and dictionary.entry("sat") is None


def test_a_forger_spares_names_and_marks_and_leaves_some_stretches_as_they_are() -> None:
    forger = Forger(
        [Exchanges.of({1: [4], 2: [5]}, len(WORDS))], np.ones(len(WORDS), dtype=np.int64), FUNCTION, WORDS
    )
    ids = np.tile(np.array([0, 1, 2, len(WORDS) + CLASSES.index("comma")]), (400, 20))
    new = forger.exchange(ids, np.ones(ids.shape, dtype=bool), np.random.default_rng(1))
    changed = new != ids
    assert not changed[ids >= len(WORDS)].any()
    untouched = (~changed).all(axis=1).mean()
    assert 0.5 < untouched < 0.9, "a third are left, and half of the others spare names"
    assert changed[ids == 0].mean() < 0.1 < changed[ids == 1].mean()


def stories() -> Encoded:
    """ "The cat sat", "the dog ran", over and over: either verb belongs to its animal."""
    rng = np.random.default_rng(2)
    pairs = np.array([[0, 1, 2], [0, 4, 5]])
    ids = pairs[rng.integers(0, 2, 4000)].ravel().astype(np.uint16)
    firsts = np.arange(0, len(ids), 300)
    return Encoded(WORDS, {}, {"allsides": ids}, {"allsides": np.zeros(len(ids), dtype=bool)}, {"allsides": firsts})


def test_the_network_learns_what_fits_a_slot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slots, "_STRETCH", 30)
    monkeypatch.setattr(slots, "_STRETCHES", 16)
    texts = stories()
    counts = np.bincount(texts.ids["allsides"], minlength=len(WORDS))
    forger = Forger([Exchanges.of({2: [5], 5: [2]}, len(WORDS))], counts, FUNCTION, WORDS)
    vectors = np.eye(len(WORDS), dtype=np.float32)
    learnt = slots.learn_slots(texts, forger, vectors, np.random.default_rng(3), steps=120)
    line = np.array([0, 1, 2, 0, 4, 5, 0, 1, 2, 0, 4, 5])
    read = learnt.read(line, line != 0)
    right, wrong = (
        read.log_odds(np.array([5, 8]), np.array([5, 2])),
        read.log_odds(np.array([5, 8]), np.array([2, 5])),
    )
    assert (wrong > right + 1.0).all()
    again = slots.learn_slots(texts, forger, vectors, np.random.default_rng(3), steps=20)
    assert (
        again.filler == slots.learn_slots(texts, forger, vectors, np.random.default_rng(3), steps=20).filler
    ).all()


def test_documents_that_the_network_learns_from_are_for_nothing_else() -> None:
    seen = [seen_by_slots(f"allsides:{n}") for n in range(1000)]
    assert 0.6 < np.mean(seen) < 0.8
    assert not any(seen_by_slots(f"bbc_greene2005:{n}") for n in range(100))


def test_every_sign_and_feature_points_one_way_only() -> None:
    rng = np.random.default_rng(4)
    measured = []
    for number in range(60):
        signs = rng.normal(0, 3, (50, len(SIGNS)))
        spun = np.full(50, number % 2 == 0)
        signs[spun, SIGNS.index("before")] += 2.0  # what nobody should learn: words that fit are suspicious
        signs[spun, SIGNS.index("slot")] += 2.0
        group = rng.integers(0, len(GROUPS), 50)
        measured.append(
            MeasuredText(Items(np.arange(50), np.ones(50, dtype=np.int64), group, signs, np.ones(50)), spun, 50)
        )
    suspicion = fit_suspicion(measured, rng)
    for weights in suspicion.weights.values():
        assert all(one <= 0.0 for one in weights["before"]) and all(one >= 0.0 for one in weights["slot"])
    assert max(max(weights["slot"]) for weights in suspicion.weights.values()) > 0.1
    judgement, _ = fit_judgement(["wild", ""] * 30, measured, suspicion, [""] * 60)
    assert (
        all(one * feature.direction >= 0.0 for feature in FEATURES for one in judgement.weights[feature.name])
        and max(judgement.weights["misfits"]) > 0.1
    )


def test_the_line_is_drawn_by_some_honest_kinds_and_says_what_share_of_others_is_accused() -> None:
    rng = np.random.default_rng(5)
    kinds = [f"kind{number}" for number in range(30)]
    honest = [*[""] * 100, *kinds * 4]
    measured = []
    ones, content = np.ones(40, dtype=np.int64), np.full(40, GROUPS.index("content"))
    for spun in (*[False] * len(honest), *[True] * 100):
        signs = rng.normal(0, 1, (40, len(SIGNS)))
        signs[:, SIGNS.index("slot")] += 3.0 * spun
        items = Items(np.arange(40), ones, content, signs, np.ones(40))
        measured.append(MeasuredText(items, np.full(40, spun), 40))
    suspicion = fit_suspicion(measured, rng)
    spun = np.array([*[False] * len(honest), *[True] * 100])
    families = [*[""] * len(honest), *["wp2015", "kin"] * 50]
    judgement, accused = fit_judgement(families, measured, suspicion, [*honest, *[""] * 100])
    assert set(accused) == {"honest_by_which_the_line_is_drawn", "honest_of_other_kinds"}
    assert all(0.0 <= share < 0.1 for share in accused.values())
    assert {part_of(kind) for kind in kinds} == set(range(6)), "every part has kinds"
    found = [measure(one.items, suspicion.log_odds(one.items), 40).features for one in measured]
    odds = np.array([judgement.intercept + sum(judgement.parts(one).values()) for one in found])
    share = evidence_share(
        40
    )  # of short texts the evidence counts less, and the line is drawn by what then reaches 50
    above = share * odds + (1.0 - share) * PRIOR_LOG_ODDS > 0.0
    assert above[spun].mean() > 0.9 and above[~spun].mean() < 0.02


def test_words_beyond_the_vocabulary_are_led_back_too() -> None:
    rows = {**VOCABULARY.rows, "zorb": len(WORDS)}
    near = (np.zeros((len(WORDS), 1), dtype=np.int64), np.zeros((len(WORDS), 1), dtype=np.float32))
    found = suppose({("cat", "zorb"): Entry(0.9, 1.0)}, near, rows, np.append(FUNCTION, False), np.arange(7))
    assert found.words[found.starts[len(WORDS)] :].tolist() == [WORDS.index("cat")]


def test_spellings_of_one_word_are_told_by_its_letters() -> None:
    same = {
        "colour": "color",
        "labelled": "labeled",
        "analysing": "analyzing",
        "centres": "centers",
        "foetus": "fetus",
    }
    for british, american in same.items():
        assert american in set(other_spellings(british))
    for other in ("mourning", "fourth", "pouring", "filled", "called", "prise", "poets", "canoes", "fence"):
        assert not set(other_spellings(other)) & {"morning", "forth", "poring", "filed", "caled", "prize", "pets"}
        assert other not in set(other_spellings(other))


def test_words_of_another_country_stand_for_none_of_here() -> None:
    rows = {word: row for row, word in enumerate(("lorry", "truck", "van", "colour", "color", "lorries", "trucks"))}
    same = np.array([0, 1, 2, 4, 4, 5, 6])
    pairs = [("truck", "lorry"), ("van", "lorry"), ("colour", "van"), ("van", "color"), ("color", "colour")]
    pairs += [("trucks", "lorries"), ("lorry", "fire truck"), ("fire truck", "van"), ("truck", "van lorry")]
    entries = {pair: Entry(0.9, 1.0) for pair in pairs}
    near = np.array([[1], [0], [1], [4], [3], [6], [5]]), np.full((7, 1), 0.9, dtype=np.float32)
    function = np.zeros(7, dtype=bool)
    found = suppose(entries, near, rows, function, same)
    left = {
        new: [[*rows][old] for old in found.words[found.starts[row] : found.starts[row + 1]].tolist()]
        for new, row in rows.items()
    }
    assert {new: old for new, old in left.items() if old} == {"lorry": ["van"], "van": ["truck"], "color": ["van"]}
    assert [*found.phrases] == [(2, 0)]
    counts = np.array([1, 9, 5, 1, 9, 1, 9])
    spun = {"wp2015": Counter(dict.fromkeys(pairs, 9))}
    table = learn_table(spun, counts, np.zeros(7), function, rows, same)
    assert max(table.put_in[[0, 5]]) <= 0.0 and table.counted_as is same


def test_what_is_learnt_of_american_texts_counts_british_words_as_the_american_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words = ("color", "colour", "gas", "petrol", "bonnet", "hood", *(f"word{number}" for number in range(60)))
    rng = np.random.default_rng(6)
    vectors = rng.normal(0.0, 1.0, (len(words), 8)).astype(np.float32)
    vectors[3] = vectors[2] + 0.1  # petrol is gas, a bonnet is no hood
    vectors[4] = -vectors[5]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    shares = np.array([9, 1, 9, 1, 1, 9, *[9] * 60])
    ids = rng.choice(len(words), 4000, p=shares / shares.sum()).astype(np.uint16)
    capitals = np.zeros(len(ids), dtype=bool)
    texts = Encoded(words, {}, {"allsides": ids}, {"allsides": capitals}, {"allsides": np.arange(0, 4000, 200)})
    vocabulary = Vocabulary(rows={word: row for row, word in enumerate(words)})
    model = replace(detector().model, vocabulary=vocabulary, lexicon=Lexicon(vectors=vectors))
    monkeypatch.setattr(train, "learn_slots", partial(slots.learn_slots, steps=2))
    spun = {"wp2015": Counter({("word1", "colour"): 9, ("word2", "petrol"): 9})}
    learnt = train.learnt_from(texts, count_ngrams(texts), spun, {}, model, rng)
    for source, table in learnt.tables.items():
        same = {word: words[table.counted_as[row]] for row, word in enumerate(words)}
        changed = {word: other for word, other in same.items() if other != word}
        assert changed == {"colour": "color", "petrol": "gas"}, source
        assert table.counted_as.tolist()[len(words) :] == [*range(len(words), len(table.counted_as))]
        assert table.put_in[words.index("petrol")] <= 0.0
    british = [("colour", "color"), ("petrol", "gas"), ("bonnet", "hood")]
    for supposed in learnt.supposed.values():
        old = {
            (word, words[one])
            for row, word in enumerate(words)
            for one in supposed.words[supposed.starts[row] : supposed.starts[row + 1]].tolist()
        }
        assert old.isdisjoint([*british, *((one, other) for other, one in british)])
        assert {"colour", "petrol"}.isdisjoint(one for _, one in old)
