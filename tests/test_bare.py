"""Texts without punctuation: cut where sentences begin, aligned with the punctuated text, alike everywhere."""

from __future__ import annotations

import random
import zlib
from functools import cache
from pathlib import Path

import pytest

from spindetect.detector import Detector
from spindetect.records import Article, Document
from spindetect.segment import bare
from spindetect.training import bare as training

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
    words = document(ORIGINAL).words
    assert bare.bare_starts(words, 0, len(words), False) == []
    title = document("Harbor council opens new dock for larger ships\n\nIt opened on Monday.")
    assert title.sentence_count == 2


def test_long_and_odd_texts_without_punctuation_are_cut_in_bounded_pieces() -> None:
    assert document("word " * 5_000).sentence_count >= 40
    assert document("").sentence_count == 0
    assert document("\u4e00 " * 500).sentence_count >= 2


def test_the_weights_are_those_that_the_code_names() -> None:
    assert zlib.crc32(bare.WEIGHTS.read_bytes()) == bare.WEIGHTS_CRC


def test_a_network_learns_where_sentences_begin(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(training, "_BATCH", 256)
    rng, examples = random.Random(0), []
    for _ in range(150):
        words: list[str] = []
        begins: list[int] = []
        for _ in range(6):
            begins.append(len(words))
            words += ["so", *(rng.choice(["dogs", "ran", "off", "home"]) for _ in range(rng.randint(7, 12)))]
        examples.append((words, begins))
    known = sorted({word for words, _ in examples for word in words})
    packed = training.pack(known, training.learn(examples, known, 8))
    assert packed == training.pack(known, training.learn(examples, known, 8))
    (tmp_path / "bare.npz").write_bytes(packed)
    monkeypatch.setattr(bare, "WEIGHTS", tmp_path / "bare.npz")
    bare._network.cache_clear()
    try:
        words, begins = examples[0]
        chances = bare._chances(words)
        assert all(chances[place] > 0.8 for place in begins[1:])
        assert bare._chosen(chances) == begins[1:]
    finally:
        bare._network.cache_clear()
