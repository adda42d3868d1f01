"""The PAN 2015 baseline of the benchmarks: each step by hand, so that what we compare with is what it says."""

from __future__ import annotations

from collections import Counter
from math import log
from pathlib import Path

import pan2015
import pytest

from spindetect.records import Span

ROOT = Path(__file__).parent.parent
ORIGINAL = (ROOT / "data" / "harbor" / "original.txt").read_text("utf-8")
BATTERY = (ROOT / "data" / "battery" / "original.txt").read_text("utf-8")


def test_sentences_without_words_enough_are_joined_to_the_next() -> None:
    text = "Yes. The council met Mr. Ortega there. Nobody else came."
    spans = [one.span.of(text) for one in pan2015.sentences_of(text)]
    assert spans == ["Yes. The council met Mr. Ortega there.", "Nobody else came."]


def test_weights_are_counts_times_the_rarity_among_all_sentences() -> None:
    def sentence(*words: str) -> object:
        return pan2015.Sentence(Span(0, 1), Counter(words))

    mine, theirs = pan2015.weighted([sentence("ship", "ship", "port")], [sentence("port"), sentence("mill")])
    assert mine == [{"ship": pytest.approx(2 * log(3)), "port": pytest.approx(log(3 / 2))}]
    assert theirs == [{"port": pytest.approx(log(3 / 2))}, {"mill": pytest.approx(log(3))}]


def test_seeds_apart_on_either_side_are_different_passages() -> None:
    def groups(*seeds: tuple[int, int]) -> list[tuple[tuple[int, int], ...]]:
        return [found.seeds for found in pan2015.clustered(seeds, gap=1)]

    assert groups((0, 0), (2, 2)) == [((0, 0), (2, 2))]
    assert groups((0, 0), (3, 1)) == [((0, 0),), ((3, 1),)]
    assert groups((0, 0), (1, 9)) == [((0, 0),), ((1, 9),)]


def test_a_copied_stretch_is_given_word_for_word() -> None:
    stretch = ORIGINAL[ORIGINAL.index("\n") + 1 :][:900].rpartition(".")[0]
    suspect = f"{BATTERY}\n\n{stretch}"
    [found] = pan2015.find_passages(suspect, ORIGINAL)
    assert found.reference.of(ORIGINAL).split() == found.suspect.of(suspect).split()
    assert len(found.suspect) > 0.95 * len(stretch)
    assert found.suspect.start >= len(BATTERY)


def test_a_spun_article_is_found_and_another_story_is_not() -> None:
    spun = (ROOT / "data" / "harbor" / "spun.txt").read_text("utf-8")
    assert sum(len(one.suspect) for one in pan2015.find_passages(spun, ORIGINAL)) > 0.3 * len(spun)
    assert pan2015.find_passages(BATTERY, ORIGINAL) == []


def test_empty_texts_have_no_passages() -> None:
    assert pan2015.find_passages("", ORIGINAL) == pan2015.find_passages("", "") == []
