"""Passages: found wherever they stand, bounded at sentences, and none where nothing was reused."""

from __future__ import annotations

import math
from pathlib import Path

import factory
import numpy as np
import pytest
from pan import PanFigures, half_of, plagdet

from spindetect.align.passages.finding import find_passages, merged_pairs
from spindetect.align.passages.growth import long_enough, needed
from spindetect.align.passages.stretches import Match, Stretch, best_stretch, word_lines
from spindetect.errors import InvalidModel
from spindetect.findings import Passage
from spindetect.records import Article, Document, Mark, Span
from spindetect.segment.document import segment
from spindetect.segment.tokens import tokenize, tokenizer
from spindetect.segment.vocabulary import Vocabulary

DATA = Path(__file__).parent.parent / "data"
# Frequencies stand in for a model's: without any, every word would be as rare as can be.
VOCABULARY = Vocabulary(dict.fromkeys("the a of to and in is was for on that it with as by at from".split(), 1.0))

CANAL = (
    "Engineers drained the Ostrava canal in March to repair a lock gate that had cracked during the frost. "
    "Divers found that the iron hinges, cast in 1871, had rusted almost through. Barge owners lost nine weeks "
    "of trade, and the port authority promised to refund their mooring fees before the autumn. A local smith "
    "forged replacement hinges from the original drawings, which a museum curator had kept in her attic."
)
ORCHARD = (
    "Pear growers in the valley expect a meagre harvest after hail stripped the blossom in a single night. "
    "Insurers sent assessors to forty farms, and most of them photographed the damage from drones. Bees had "
    "barely begun their work when the storm arrived. Several families now plan to plant walnuts, whose flowers "
    "open later, although a walnut tree needs a decade before it pays for its own ladder."
)
CHESS = (
    "The retired postman won the veterans' chess title with a gambit that textbooks dismiss. His opponent, "
    "a dentist, thought for fifty minutes and then gave up a rook. Spectators applauded, which the arbiter "
    "forbade. Afterwards both men ate soup in the canteen and replayed the ending on a napkin, arguing about "
    "a bishop that neither of them had noticed until the coffee came."
)
COMET = (
    "Amateur astronomers photographed the comet above the reservoir long after the professionals had packed "
    "away their instruments. Its tail split twice during the week, perhaps because fragments of ice broke free. "
    "Schoolchildren measured its brightness with a cardboard tube. The observatory will publish their readings "
    "alongside its own, since the two series differ by less than the error of either."
)


def document(text: str, *marks: Mark) -> Document:
    return segment(Article(text, marks=marks), VOCABULARY)


def found(suspect: str, reference: str) -> list[tuple[str, str]]:
    """The passages' texts."""
    passages = find_passages(document(suspect), document(reference))
    return [(passage.suspect.of(suspect), passage.reference.of(reference)) for passage in passages]


def bare(text: str) -> str:
    """A text without its last full stop, which isn't a word."""
    return text.rstrip(".")


def test_copied_paragraph_is_bounded_exactly() -> None:
    suspect = f"{ORCHARD}\n\n{CANAL}\n\n{CHESS}"
    assert found(suspect, f"{CANAL}\n\n{COMET}") == [(bare(CANAL), bare(CANAL))]


def test_whole_text_is_one_passage() -> None:
    text = "\n\n".join([CANAL, ORCHARD, CHESS])
    assert found(text, text) == [(bare(text), bare(text))]


def test_two_paragraphs_far_apart_are_two_passages() -> None:
    suspect = f"{CANAL}\n\n{ORCHARD}\n\n{COMET}"
    reference = f"{COMET}\n\n{CHESS}\n\n{CANAL}"
    assert found(suspect, reference) == [(bare(CANAL), bare(CANAL)), (bare(COMET), bare(COMET))]


def test_shuffled_and_thinned_words_are_still_found() -> None:
    words = CANAL.replace(".", "").replace(",", "").split()
    kept = [word for index, word in enumerate(words) if index % 4]
    shuffled = " ".join(kept[step] for start in range(7) for step in range(start, len(kept), 7)) + "."
    ((suspect, reference),) = found(f"{ORCHARD}\n\n{shuffled}\n\n{CHESS}", f"{COMET}\n\n{CANAL}")
    assert abs(len(suspect) - len(shuffled)) < 25
    assert abs(len(reference) - len(CANAL)) < 60


def test_neighbouring_pairs_make_one_passage_where_words_prove_nothing() -> None:
    text = "One. Two. Three. Four. Five. Six. Seven."
    # The suspect's third sentence is skipped; the last pair jumps in the reference.
    aligned = [(0, 0), (1, 1), (3, 2), (4, 6)]
    compared = factory.comparison(factory.document(text), factory.document(text), aligned=aligned)
    passages = [(one.suspect.of(text), one.reference.of(text)) for one in merged_pairs(compared)]
    assert passages == [("One. Two. Three. Four.", "One. Two. Three."), ("Five.", "Seven.")]


def test_unrelated_texts_share_no_passage() -> None:
    assert found(f"{CANAL}\n\n{ORCHARD}", f"{CHESS}\n\n{COMET}") == []


@pytest.mark.parametrize(
    ("suspect", "reference"), [("", ""), ("", CANAL), (CANAL, ""), ("...", "?!"), ("word", "other")]
)
def test_nothing_to_find(suspect: str, reference: str) -> None:
    assert found(suspect, reference) == []


def test_boilerplate_is_never_part_of_a_passage() -> None:
    footer = "Subscribe to our newsletter for gardening advice, recipes and offers from our partners every Friday."
    text = f"{CANAL}\n\n{footer}"
    mark = Mark(Span(len(CANAL) + 2, len(text)), "boilerplate", "newsletter")
    assert find_passages(document(text, mark), document(f"{COMET}\n\n{footer}")) == ()


@pytest.mark.parametrize("story", ["battery", "harbor", "heatwave"])
def test_examples_are_covered_where_they_are_reused(story: str) -> None:
    from spindetect.detector import Detector

    try:
        detector = Detector.load()
    except InvalidModel:
        pytest.skip("no model here")
    reference = detector.document(DATA / story / "original.txt")
    spun = detector.document(DATA / story / "spun.txt")
    independent = detector.document(DATA / story / "independent.txt")
    passages = find_passages(spun, reference)
    assert 1 <= len(passages) <= 3
    assert sum(len(passage.reference) for passage in passages) > 0.8 * len(reference.article.text)
    assert find_passages(independent, reference) == ()


def test_the_longer_the_texts_the_more_evidence_a_passage_needs() -> None:
    """Twenty-eight nats in texts of a thousand words, and four more for e times as many places to look at."""

    def evidence(suspect: int, reference: int) -> float:
        texts = document("mill " * suspect), document("mill " * reference)
        return needed(word_lines(*texts))

    assert evidence(1000, 1000) == pytest.approx(28.0)
    assert evidence(2000, 1000) == evidence(1000, 2000) == pytest.approx(28.0 + 4.0 * math.log(2))
    assert evidence(100, 100) == pytest.approx(28.0 - 4.0 * math.log(100)) and evidence(9, 9) == 0.0


@pytest.mark.parametrize(
    ("suspect", "reference", "words", "enough"),
    [
        (100, 100, (20, 40), True), (100, 100, (40, 20), True), (100, 100, (19, 40), False),
        (100, 100, (20, 39), False), (30, 200, (15, 15), True), (30, 200, (14, 90), False),
        (60, 70, (20, 30), True), (60, 70, (20, 29), False),
    ],
)  # fmt: skip
def test_a_passage_has_twenty_words_and_forty_or_half_a_short_text(
    suspect: int, reference: int, words: tuple[int, int], enough: bool
) -> None:
    lines = word_lines(document("mill " * suspect), document("mill " * reference))
    assert long_enough(lines, Match(Stretch(0, words[0]), Stretch(0, words[1]))) is enough


def test_best_stretch_by_hand() -> None:
    scores = np.array([-1.0, 2, -1, 3, 1, -5, 2, -1])
    edges = np.zeros(9)
    assert best_stretch(scores, Stretch(2, 5), edges) == Stretch(1, 5, 5.0)
    edges[0] = 4.0  # a sentence begins there: worth four nats, and the word scores -1
    assert best_stretch(scores, Stretch(2, 5), edges) == Stretch(0, 5, 4.0)


def test_tokens_are_the_same_as_spacy_cuts_the_whole_text() -> None:
    text = "Mr. Hale can't pay $5m, e.g.; “cannot” — U.S.-Japan, gonna.\n(http://x.org/a.b).The 85-minute  talk…"
    whole = [(token.text, token.idx) for token in tokenizer()(text) if not token.text.isspace()]
    assert list(zip(*tokenize(text), strict=True)) == whole
    assert list(zip(*tokenize(text), strict=True)) == whole  # and from the cache


def test_plagdet_by_hand() -> None:
    case = Passage(Span(0, 100), Span(200, 300))
    half, rest = Passage(Span(0, 50), Span(200, 250)), Passage(Span(50, 100), Span(250, 300))
    stray = Passage(Span(500, 600), Span(0, 100))
    key = ("s", "r")
    assert plagdet({key: [case]}, {key: [case]}).plagdet == 1.0
    assert plagdet({key: [case]}, {key: [half]}) == PanFigures(1.0, 0.5, 1.0, 1, 1)
    both = plagdet({key: [case]}, {key: [half, rest]})
    assert both == PanFigures(1.0, 1.0, 2.0, 1, 2)
    assert both.plagdet == pytest.approx(0.6309, abs=1e-4)  # 1 / log2(3)
    assert plagdet({key: [case]}, {key: [case, stray]}).precision == 0.5
    assert plagdet({key: [case]}, {}).plagdet == 0.0
    assert plagdet({}, {}).plagdet == 1.0


def test_halves_split_by_the_suspects_name() -> None:
    halves = {half_of(f"suspicious-document{number:05}.txt") for number in range(20)}
    assert halves == {"tuning", "reporting"}
