"""Texts without punctuation: cut where sentences begin, aligned with the punctuated text, alike everywhere."""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Sequence
from functools import cache
from itertools import islice, product
from pathlib import Path

import bare_examples as examples
import learn_bare as training
import numpy as np
import pytest

from spindetect.detector import Detector
from spindetect.records import Article, Document
from spindetect.segment import bare

detector = cache(Detector.load)
DATA = Path(__file__).parent.parent / "data"
SPEECH = (
    "Thank you all for coming. We closed the bridge on Monday because the river rose by nine feet. I know that "
    "many of you work on the other side. The county will run a ferry from the old mill. It leaves at six in the "
    "morning and it comes back at night. We don't know when the bridge will open. If you have questions please ask "
    "them now. I will stay here as long as it takes."
)
ORIGINAL = (DATA / "harbor" / "original.txt").read_text("utf-8")


def document(text: str) -> Document:
    return detector().document(Article(text))


def stripped(text: str) -> str:
    return " ".join(text.replace(".", "").replace(",", "").lower().split())


def test_a_speech_without_punctuation_is_cut_where_its_sentences_begin() -> None:
    text = stripped(SPEECH)
    found = [sentence.span.of(text) for sentence in document(text).sentences]
    assert 6 <= len(found) <= 10
    # Half of them begin where the speaker's do, to the word.
    right = {" ".join(part.split()[:3]) for part in stripped(SPEECH.replace(". ", " | ")).split("|")}
    assert sum(" ".join(one.split()[:3]) in right for one in found) >= 4


@pytest.mark.parametrize(
    "change",
    [
        stripped,
        lambda text: stripped(text).upper(),
        lambda text: text.replace(".", "").replace(",", ""),
        lambda text: _wrapped(stripped(text), 6),
        lambda text: _wrapped(stripped(text), 7).upper(),
        lambda text: _wrapped(stripped(text), 6).replace("\n", "  \n"),
        lambda text: text.replace(". ", ", ").lower(),
        lambda text: text.replace(". ", " - ").replace(",", "").lower(),
        lambda text: text.replace(". ", " ... ").lower(),
    ],
    ids=[
        *("lower case", "capitals", "no punctuation", "captions", "captions in capitals"),
        *("captions that end in spaces", "commas", "dashes", "dots"),
    ],
)
def test_a_text_without_punctuation_is_compared_as_with_it(change) -> None:  # type: ignore[no-untyped-def]
    found = detector().compare(change(SPEECH), SPEECH)
    assert found.coverage >= 0.9 and found.score < 50 and found.substitutions == ()


def _wrapped(text: str, count: int) -> str:
    words = text.split()
    return "\n".join(" ".join(words[start : start + count]) for start in range(0, len(words), count))


def _begun(text: str) -> set[int]:
    """How many words stand before each sentence found, from the second on."""
    return {len(text[: one.span.start].split()) for one in document(text).sentences[1:]}


LINES = [
    " ".join(word.strip('.,:;“”"') for word in one.span.of(ORIGINAL).split())
    for one in document(ORIGINAL).sentences
    if len(one.span.of(ORIGINAL).split()) > 3
]
WANTED = {sum(len(line.split()) for line in LINES[:place]) for place in range(1, len(LINES))}


def test_capitals_alone_say_where_sentences_begin() -> None:
    found = _begun(" ".join(LINES))
    assert len(WANTED & found) >= 0.7 * max(len(WANTED), len(found))


def test_lines_alone_say_where_sentences_begin_but_those_of_captions_do_not() -> None:
    found = _begun("\n".join(LINES).lower())
    assert len(WANTED & found) >= 0.9 * max(len(WANTED), len(found))
    cut = _begun(_wrapped(" ".join(LINES).lower(), 6))
    assert len(cut) > 10 and sum(place % 6 == 0 for place in cut) < 0.6 * len(cut)


def test_punctuated_text_is_never_cut_by_the_network() -> None:
    found = document(ORIGINAL)
    assert bare.bare_starts(found.words, found.starts, 0, len(found.words), False) == []
    title = document("Harbor council opens new dock for larger ships\n\nIt opened on Monday.")
    assert title.sentence_count == 2


def test_among_punctuated_sentences_a_stretch_is_cut_only_where_a_sentence_surely_begins() -> None:
    stretch = (
        "Worst road in town holes are always deep the yellow signs are falling down all over the bridge was good "
        "many yrs ago but the town has let it go to ruin and nobody at the council cares any more"
    )
    text = f"Here is the letter. It is long. We thank you. {stretch}"
    found = [one.span.of(text) for one in document(text).sentences]
    assert found[3].endswith("always deep") and found[4].startswith("the yellow signs") and len(found) == 5
    assert len(_begun(stretch)) > 2


def test_signs_inside_words_are_no_punctuation_and_no_sentence_begins_inside_a_word() -> None:
    hyphened = (
        stripped(SPEECH).replace("old mill", "old-mill").replace("at night", "at-night").replace("so i", "so-i")
    )
    assert len(_begun(hyphened)) >= 4
    chances = np.full(12, 0.01)
    chances[[6, 7]] = 0.9, 0.05
    assert bare._chosen(chances) == [6]
    assert bare._chosen(chances, {6}) == [7]
    chances = np.zeros(12)
    chances[1] = 0.9  # in a word of four parts: no other place is near enough, and the text's beginning is none
    assert bare._chosen(chances, {1, 2, 3}) == bare._chosen(chances[::-1], {8, 9, 10, 11}) == []


def test_short_sentences_are_told_apart_and_doubt_about_a_place_is_no_second_boundary() -> None:
    chances = np.full(14, 0.01)
    chances[[4, 6, 7]] = 0.9
    assert bare._chosen(chances) == [4, 6, 7]
    chances[[4, 5, 6, 7]] = 0.01, 0.4, 0.3, 0.3
    assert bare._chosen(chances) == [5]
    assert bare._chosen(np.array([0.9])) == [] and bare._chosen(np.array([0.9, 0.9])) == [1]


@pytest.mark.parametrize("seed", range(12))
def test_no_other_boundaries_are_worth_more(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chances = np.random.default_rng(seed).random(10).round(2) ** 3
    monkeypatch.setattr(bare, "_TRIES", 1)
    assert bare._chosen(chances, {5}) == list(_best(chances.tolist(), {0, 5}, 0)[1])


def _best(chances: list[float], never: set[int], start: int) -> tuple[float, tuple[int, ...]]:
    """The worth and the places of the best boundaries from a word on, by trying all."""
    if start >= len(chances):
        return 0.0, ()
    tries = [_best(chances, never, start + 1)]
    for end, place in product(range(start + 1, len(chances) + 1), range(start, len(chances))):
        if place < end <= place + 3 and place <= start + 2 and place not in never:
            missed = math.prod(1.0 - one for one in chances[max(1, start) : end])
            worth, places = _best(chances, never, end)
            worth += 1.0 - missed + bare._OWN * chances[place] - bare._USUAL
            tries.append((round(worth, 6), (place, *places)))
    return max(tries, key=lambda one: one[0])


def test_the_surer_a_text_the_more_probable_a_boundary_must_be() -> None:
    sure, unsure = np.full(60, 0.0), np.full(60, 0.02)
    sure[10::10], unsure[10::10] = 0.97, 0.15
    for chances in (sure, unsure):
        chances[25] = 0.42
    assert bare._chosen(sure) == [10, 20, 30, 40, 50] and 25 in bare._chosen(unsure)


def test_long_and_odd_texts_without_punctuation_are_cut_in_bounded_pieces() -> None:
    assert document("word " * 5_000).sentence_count >= 40
    assert document("").sentence_count == 0
    assert document("\u4e00 " * 500).sentence_count >= 2


def test_the_weights_are_those_that_the_code_names() -> None:
    assert zlib.crc32(bare.WEIGHTS.read_bytes()) == bare.WEIGHTS_CRC


def _plain_odds(network: bare._Network, rows: Sequence[int]) -> list[float]:
    """The network's log-odds, one word at a time."""

    def handed_on(sums: Sequence[float]) -> list[float]:
        return [round(min(max(one, 0.0), bare.MOST) * bare.SIGNAL_UNIT) / bare.SIGNAL_UNIT for one in sums]

    def convolved(inputs: Sequence[Sequence[float]], layer: np.ndarray, bias: np.ndarray, apart: int) -> np.ndarray:
        sums = np.tile(bias.astype(np.float64), (len(inputs), 1))
        for at in range(len(inputs)):
            for step in range(len(layer)):
                there = at + (step - len(layer) // 2) * apart
                if 0 <= there < len(inputs):
                    sums[at] += np.array(inputs[there]) @ layer[step]
        return sums

    embedded = [network.embeddings[row] / bare.EMBEDDING_UNIT for row in rows]
    sums = convolved(embedded, network.layers[0], network.biases[0], 1)
    for number, apart in enumerate(bare.DILATIONS, 1):
        inputs = [handed_on(one) for one in sums]
        sums = sums + convolved(inputs, network.layers[number], network.biases[number], apart)
        if number == 2:
            signal = np.array([handed_on(one) for one in sums])
            for at in range(len(rows)):
                mean = signal[max(0, at - bare.AROUND) : at + bare.AROUND + 1].mean(axis=0)
                sums[at] += np.round(mean * bare.MEAN_UNIT) / bare.MEAN_UNIT @ network.wide.astype(np.float64)
    return [float(np.array(handed_on(one)) @ network.output + network.bias) for one in sums]


def test_the_network_says_what_its_layers_say_one_word_at_a_time() -> None:
    network = bare._network()
    words = [bare.network_word(word) for word in f"{stripped(SPEECH)} zzzing 3,000".split()]
    known = {int(one): row for row, one in enumerate(network.hashes, 2)}

    def row(word: str) -> int:
        return known.get(zlib.crc32(word.encode()), 1)

    rows = [row(word) if row(word) > 1 else row(bare.word_ending(word)) for word in words]
    odds = _plain_odds(network, [0, 0, *rows, 0, 0])[2:-2]
    assert bare._chances(words).tolist() == pytest.approx([1 / (1 + math.exp(-one)) for one in odds], abs=2e-3)


def test_a_long_text_is_worked_on_in_pieces_with_the_same_result(monkeypatch: pytest.MonkeyPatch) -> None:
    words = [word.strip(".,").lower() for word in ORIGINAL.split()]
    whole = bare._chances(words)
    monkeypatch.setattr(bare, "_AT_ONCE", 50)
    assert (bare._chances(words) == whole).all()


def test_weights_are_packed_as_they_are_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    shapes = {"embeddings": (5, 4), "wide": (6, 6), "output": (6,), "layer0": (6, 4, 5), "bias0": (6,)}
    weights = {name: rng.normal(0, 0.2, shape) for name, shape in shapes.items()} | {"bias": np.array([-2.0])}
    for number in range(1, len(bare.DILATIONS) + 1):
        weights |= {f"layer{number}": rng.normal(0, 0.2, (6, 6, 3)), f"bias{number}": rng.normal(0, 0.1, 6)}
    (tmp_path / "bare.npz").write_bytes(training.pack(["so", "dogs", "~ran"], weights))
    monkeypatch.setattr(bare, "WEIGHTS", tmp_path / "bare.npz")
    bare._network.cache_clear()
    try:
        network = bare._network()
        place = 2 + network.hashes.tolist().index(zlib.crc32(b"dogs"))
        assert network.embeddings[place].tolist() == np.rint(weights["embeddings"][3] * 64).tolist()
        assert network.layers[2][1] == pytest.approx(weights["layer2"][:, :, 1].T, abs=1e-3)
        assert network.wide == pytest.approx(weights["wide"], abs=1e-3) and network.bias == -2.0
        assert len(bare._chances(["so", "dogs", "outran", "9"])) == 4
        begun = training.unpacked(["dogs", "outran", "unseen"], bare.WEIGHTS)
        for name in weights.keys() - {"embeddings"}:
            assert begun[name] == pytest.approx(weights[name], abs=1e-3)
        # Nothing, what isn't known, a word, and words that begin as their ending and as what isn't known.
        known = np.rint(np.clip(weights["embeddings"] * 64, -127, 127)) / 64
        assert begun["embeddings"].tolist() == known[[0, 1, 3, 4, 1]].tolist()
    finally:
        bare._network.cache_clear()
    with pytest.raises(ValueError, match="layer1 sum to more than"):
        training.pack(["so", "dogs", "~ran"], weights | {"layer1": np.full((6, 6, 3), 30.0)})


def test_documents_with_what_is_left_out_are_not_learnt_from(tmp_path: Path) -> None:
    (tmp_path / "one.jsonl").write_text(json.dumps({"text": "We closed the bridge on Monday, because it rained."}))
    runs = examples.left_out(tmp_path)
    assert not runs.isdisjoint(examples._runs("And so we CLOSED the bridge on Monday because."))
    assert runs.isdisjoint(examples._runs("We closed the bridge on Tuesday because it rained."))


def test_examples_are_the_words_alone_and_where_sentences_begin() -> None:
    text = "The dog’s bowl cost $3,000. \u201cNo,\u201d I said.\n\nA short headline"
    words, begins = examples.example(text, detector(), False)
    assert words == ["the", "dog", "'s", "bowl", "cost", "3,000", "no", "i", "said"]
    assert begins[0] == 0 and 6 in begins
    assert examples.example("A short headline", detector(), True)[0] == ["a", "short", "headline"]
    barking = examples.Example(["so", "so", "so", "barking"] * 5, [0], 1.0)
    assert examples.known_words([barking]) == ["so", "barking"]


def test_pieces_of_documents_are_drawn_by_their_weight_and_mostly_end_as_texts_do() -> None:
    documents = [
        examples.Example([*"abcdefghij"] * 6, [*range(0, 60, 6)], 3.0),
        examples.Example([*"klmno"] * 4, [0, 7], 1.0),
    ]
    pieces = [*islice(examples.drawn(documents, np.random.default_rng(0), 40), 2_000)]
    assert all(0 < end - start <= 40 and start in documents[at].begins for at, start, end in pieces)
    assert sum(at == 0 for at, _, _ in pieces) / 2_000 == pytest.approx(0.9, abs=0.03)
    ended = [end in {*documents[at].begins, len(documents[at].words)} for at, _, end in pieces]
    assert 0.7 <= sum(ended) / len(ended) < 1.0


def test_of_a_mail_what_its_writer_wrote_is_read_with_its_lines_joined() -> None:
    lines = (
        "The bridge will be closed from Monday on because the river has\nrisen by nine feet. Take the ferry.\n\n"
    )
    raw = f"Subject: bridge\n\nAnn wrote:\n> Is it closed?\n\n{lines}{lines}\nBye\n-- \nTom, County Hall"
    said = lines.replace("has\nrisen", "has risen").strip()
    assert examples.mail(raw) == f"{said}\n\n{said}\n\nBye"
    assert examples.mail(f"Content-Type: text/html\n{raw}") == examples.mail("Subject: x\n\nYes") == ""
