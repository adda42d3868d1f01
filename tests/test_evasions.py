"""Evasions: what each does to a text, and that it does nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from evasions import EVASIONS, SPLICES, Subject, paragraphs, sentences
from hypothesis import given
from hypothesis import strategies as st

HARBOR = Path(__file__).parent.parent / "data" / "harbor"
SPUN, ORIGINAL = ((HARBOR / name).read_text("utf-8") for name in ("spun.txt", "original.txt"))
FOREIGN = [f"Paragraph {n} tells of the Morven glacier, which shrank by {n} metres." for n in range(200)]
SECOND = " ".join(f"Sentence {n} is of another source." for n in range(60))
SUBJECT = Subject(SPUN, ORIGINAL, FOREIGN, SECOND, spin=str.upper)
EVERYTHING = EVASIONS | SPLICES


def done(name: str, strength: float, subject: Subject = SUBJECT) -> str:
    return EVERYTHING[name](subject, np.random.default_rng(0), strength)


def stripped(parts: list[str]) -> list[str]:
    return [part.strip() for part in parts if part.strip()]


@given(st.text(alphabet="ab. \n?A”", max_size=80))
def test_sentences_joined_are_the_text(text: str) -> None:
    assert "".join(sentences(text)) == text


def test_sentences_end_at_their_marks_and_at_line_breaks() -> None:
    assert sentences("One. Two?\nThree “four.” Five") == ["One. ", "Two?\n", "Three “four.” ", "Five"]


def test_a_text_with_few_lines_has_three_sentences_a_paragraph() -> None:
    assert paragraphs("One. Two. Three. Four.") == ["One. Two. Three.", "Four."]
    assert paragraphs("a\n\nb\nc\nd\n") == ["a", "b", "c", "d"]


@pytest.mark.parametrize("name", EVASIONS)
def test_without_strength_no_word_changes(name: str) -> None:
    assert done(name, 0.0).split() == SPUN.split()


@pytest.mark.parametrize("name", EVERYTHING)
def test_the_same_state_gives_the_same_text(name: str) -> None:
    assert done(name, 0.5) == done(name, 0.5) != done(name, 0.0)


@pytest.mark.parametrize("strength", [0.1, 0.5, 0.9])
def test_padding_is_the_share_asked_for_and_leaves_the_rest_in_order(strength: float) -> None:
    padded = done("unrelated paragraphs", strength)
    words, own = len(padded.split()), len(SPUN.split())
    assert 1 - own / words == pytest.approx(strength, abs=0.03)
    places = [padded.index(part) for part in paragraphs(SPUN)]
    assert places == sorted(places)


@pytest.mark.parametrize("name", ["sentences shuffled", "paragraphs shuffled"])
def test_shuffling_changes_the_order_alone(name: str) -> None:
    assert sorted(done(name, 1.0).split()) == sorted(SPUN.split())


def test_mixing_exchanges_sentences_for_the_second_texts() -> None:
    mixed = done("mixed with a second source", 0.5)
    foreign = [int(number) for number in re.findall(r"Sentence (\d+) is of another source", mixed)]
    assert foreign == list(range(len(foreign)))
    assert len(foreign) == round(len(sentences(SPUN)) / 2)
    kept = [part for part in stripped(sentences(SPUN)) if part in mixed]
    assert len(kept) == len(sentences(SPUN)) - len(foreign)


def test_dropping_keeps_the_share_that_is_left_and_one_sentence_at_least() -> None:
    whole = len(stripped(sentences(SPUN)))
    assert len(stripped(sentences(done("sentences dropped", 0.5)))) == pytest.approx(whole / 2, abs=1)
    assert len(stripped(sentences(done("sentences dropped", 1.0)))) == 1


def test_a_name_is_exchanged_the_same_throughout_and_other_words_stay() -> None:
    text = "They met Calloway there. Calloway said that Calloway would go."
    found = done("names exchanged", 1.0, Subject(text, text, FOREIGN, SECOND))
    assert found == "They met Morven there. Morven said that Morven would go."


def test_a_name_is_respelt_as_from_another_alphabet() -> None:
    text = "They met Jackson there."
    assert done("names respelt", 1.0, Subject(text, text, FOREIGN, SECOND)) == "They met Dzhakson there."


@pytest.mark.parametrize("strength, spun", [(0.0, "ABCDEF"), (0.5, "ACE"), (2 / 3, "AD"), (1.0, "")])
def test_sentences_left_verbatim_are_spread_evenly(strength: float, spun: str) -> None:
    text = "A is. B is. C is. D is. E is. F is."
    subject = Subject("", text, FOREIGN, SECOND, spin=lambda sentence: sentence.replace("is", "was"))
    found = done("sentences left verbatim", strength, subject)
    assert "".join(part[0] for part in sentences(found) if "was" in part) == spun


def test_a_passage_left_verbatim_is_one_run() -> None:
    text = "A is. B is. C is. D is. E is. F is."
    subject = Subject("", text, FOREIGN, SECOND, spin=lambda sentence: sentence.replace("is", "was"))
    left = "".join(part[0] for part in sentences(done("a passage left verbatim", 0.5, subject)) if "is" in part)
    assert len(left) == 3
    assert left in "ABCDEF"


@pytest.mark.parametrize("name", SPLICES)
def test_splicing_needs_to_know_how_to_spin(name: str) -> None:
    with pytest.raises(ValueError, match="can't be spun"):
        done(name, 0.5, Subject(SPUN, ORIGINAL, FOREIGN, SECOND))
