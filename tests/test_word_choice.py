"""The choice of words: what a text gained and lost, and who chooses so."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spindetect.read.article import article_from_text
from spindetect.records import Document
from spindetect.score.features import FEATURE_NAMES
from spindetect.score.word_choice import MOST, PRIOR_NORM, Changed, WordChoice, changed_words
from spindetect.segment.document import segment
from spindetect.segment.vocabulary import Vocabulary
from spindetect.training.classifier.word_choice import learn_word_choice
from spindetect.training.pairs.dataset import Example


def cut(text: str) -> Document:
    return segment(article_from_text(text), Vocabulary())


def test_words_are_gained_and_lost_by_number() -> None:
    """80 of the suspect's words and 20 of the prior make 100."""
    filler = " ".join(f"w{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(78))
    changed = changed_words(cut(f"Additionally crucial {filler}"), cut(f"Also {filler}"))
    assert changed.gained == pytest.approx({"additionally": math.log(2), "crucial": math.log(2)})
    assert set(changed.lost) == {"also"}
    same = changed_words(cut(filler), cut(filler))
    assert same == ({}, {})


def test_numbers_and_order_are_no_choice_of_words() -> None:
    assert changed_words(cut("The mill sold 40 sacks."), cut("Sacks the mill sold 50.")) == ({}, {})


def test_log_odds_by_hand() -> None:
    choice = WordChoice({"crucial": 3.0}, {"said": -2.0}, intercept=1.0)
    assert choice.log_odds(Changed({"crucial": 1.0}, {})) == pytest.approx(1.0 + 3.0 / (1.0 + PRIOR_NORM))
    assert choice.log_odds(Changed({"mill": 1.0}, {})) == 0.0
    assert choice.log_odds(Changed({}, {"said": 4.0})) == 0.0
    assert WordChoice({"crucial": 90.0}).log_odds(Changed({"crucial": 1.0}, {})) == MOST


@given(st.dictionaries(st.sampled_from("abcdef"), st.floats(0.01, 5), min_size=1), st.floats(0.1, 1.9))
def test_more_of_a_telling_word_never_tells_less(rates: dict[str, float], more: float) -> None:
    choice = WordChoice({"a": 2.0})
    once = choice.log_odds(Changed({"a": more}, {}))
    assert choice.log_odds(Changed({"a": more * 2}, {})) >= once
    assert 0.0 <= choice.log_odds(Changed(rates, rates)) <= MOST


def test_habits_of_many_kinds_are_learnt_and_subjects_are_not() -> None:
    """In every kind models gain "crucial"; "harbour" is gained by the models of one kind alone."""
    rng = np.random.default_rng(0)
    examples, changed = [], []
    for number in range(640):
        kind, machine = f"kind{number % 32}", number % 64 < 32
        relation = "llm_rewritten" if machine else "edited"
        examples.append(Example(f"e{number}", relation, "", f"group{number}", "", "", False, kind=kind))
        gained = {"the": 1.0, "crucial" if machine and rng.random() < 0.9 else "but": 1.0}
        if machine and kind == "kind3":
            gained["harbour"] = 1.0
        changed.append(Changed(gained, {}))
    features = [dict.fromkeys(FEATURE_NAMES, 0.0) for _ in examples]
    choice, told = learn_word_choice(examples, features, changed)
    assert choice.gained["crucial"] > 1.0 and "harbour" not in choice.gained
    said = np.array([found["word_choice"] for found in told])
    machine = np.array([one.relation == "llm_rewritten" for one in examples])
    assert said[machine].mean() > said[~machine].mean() + 1.0


def test_nothing_is_learnt_of_one_sort_of_example() -> None:
    examples = [Example(f"e{n}", "edited", "", f"g{n}", "", "", False, kind=f"kind{n}") for n in range(40)]
    changed = [Changed({"the": 1.0}, {})] * 40
    choice, told = learn_word_choice(examples, [{}] * 40, changed)
    assert choice == WordChoice() and {one["word_choice"] for one in told} == {0.0}
