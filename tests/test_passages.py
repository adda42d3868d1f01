"""Passages: found wherever they stand, bounded at sentences, and none where nothing was reused."""

from __future__ import annotations

import math
from pathlib import Path

import factory
import numpy as np
import pytest
from pan import PanFigures, half_of, plagdet
from stories import story

from spindetect.align.passages.finding import _adjoins, _cells, _meeting, _rows, find_passages, merged_pairs
from spindetect.align.passages.growth import long_enough, needed
from spindetect.align.passages.stretches import (
    Lines,
    Match,
    Stretch,
    best_stretch,
    estimate_kept,
    likelihoods,
    word_lines,
)
from spindetect.align.passages.summaries import _better_explained, with_summary
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


SUMMARY = (
    "Engineers drained the canal because hinges cast in 1871 had rusted, and a smith forged others from drawings "
    "in an attic. Pear growers expect a meagre harvest after hail; insurers photographed farms from drones, and "
    "families plant walnuts. A postman won the veterans' title with a gambit, and a dentist gave up a rook before "
    "both ate soup. Astronomers photographed a comet whose tail split, and schoolchildren measured brightness with "
    "a cardboard tube."
)
WHOLE = "\n\n".join([CANAL, ORCHARD, CHESS, COMET])
OTHERS = "\n\n".join(map(story, range(6)))


def summed_up(suspect: str, reference: str) -> list[tuple[str, str]]:
    """What a summary is found to be, and what it sums up, where nothing else was found."""
    lines = word_lines(document(suspect), document(reference))
    found = with_summary(lines, [])
    return [
        (lines.suspect.span(mine).of(suspect), lines.reference.span(theirs).of(reference)) for mine, theirs in found
    ]


def test_a_summary_draws_on_all_of_the_reference() -> None:
    """No pair of stretches explains it; what it draws on goes from the first of its words to the last."""
    whole = WHOLE.removesuffix(WHOLE[WHOLE.rindex(" The observatory") :])
    expected = [(bare(SUMMARY), bare(whole))]
    assert found(f"{OTHERS}\n\n{SUMMARY}", WHOLE) == summed_up(f"{OTHERS}\n\n{SUMMARY}", WHOLE) == expected
    assert summed_up(OTHERS, WHOLE) == summed_up(f"{OTHERS}\n\n{SUMMARY}", story(9)) == []


def test_passages_explain_a_summary_better_if_they_do_so_alone_or_leave_little() -> None:
    """What they explain is added up word by word; then by hand for stretches worth more and less than that."""
    lines = word_lines(document(f"{CANAL} {SUMMARY}"), document(WHOLE))
    chance = 0.2 * lines.suspect_counts / len(lines.suspect) + 0.8 * lines.english
    size = len(word_lines(document(CANAL), document(CANAL)).suspect)
    mine, theirs = Stretch(3, size, kept=0.9), Stretch(1, size)
    there = lines.reference.types[theirs.start : theirs.end].tolist()

    def gain(word: int, found: list[int], kept: float) -> float:
        return math.log(1.0 - kept + kept * found.count(word) / len(found) / chance[word])

    explained = sum(gain(word, there, 0.9) for word in lines.suspect.types[3:size])
    whole = np.array([gain(word, lines.reference.types.tolist(), 0.6) for word in lines.suspect.types])

    def better(start: int, end: int, score: float) -> bool:
        return _better_explained(lines, chance, Stretch(start, end, score), whole, [(mine, theirs)])

    assert explained > 100.0 and whole[size:].sum() > 0.15 * explained
    assert better(3, size, explained - 1.0) and not better(3, size, explained + 1.0)
    assert better(0, len(whole), explained / 1.61) and not better(0, len(whole), explained / 1.59)
    left = float(whole[:3].sum())
    far = next(end for end in range(size, len(whole)) if left + whole[size:end].sum() >= 0.15 * explained)
    assert not better(0, far, explained - 1.0) and better(0, far - 1, explained - 1.0)
    assert not better(0, size, 1e9) and not _better_explained(lines, chance, Stretch(0, 9, 1.0), whole, [])


def test_a_passage_goes_on_at_most_one_sentence_further_on_both_sides() -> None:
    last = range(2, 4), range(5, 7)
    nearby = [
        (mine, theirs)
        for mine in range(4, 8)
        for theirs in range(10)
        if _adjoins(last, range(mine, mine + 1), range(theirs, theirs + 1))
    ]
    assert nearby == [(mine, theirs) for mine in (4, 5) for theirs in (3, 4, 5, 6, 7, 8)]


def test_a_summary_has_twenty_words_and_sums_up_twice_as_many() -> None:
    words = (
        "Engineers drained canal hinges cast 1871 rusted smith forged drawings attic pear growers meagre harvest "
        "hail insurers drones families walnuts"
    ).split()
    longer = "\n\n".join(map(story, range(14)))
    assert summed_up(f"{longer}\n\n{' '.join(words)}.", WHOLE) and not summed_up(
        f"{longer}\n\n{' '.join(words[1:])}.", WHOLE
    )
    half = SUMMARY[: SUMMARY.index(" A postman")]
    assert summed_up(f"{OTHERS}\n\n{half}", f"{CANAL}\n\n{ORCHARD}")
    assert not summed_up(f"{OTHERS}\n\n{CANAL}", CANAL)  # a copy sums up nothing


def test_a_summary_stands_for_passages_that_it_explains_better_and_for_no_others() -> None:
    suspect = f"{OTHERS}\n\n{SUMMARY}"
    lines = word_lines(document(suspect), document(WHOLE))
    [(summary, source)] = with_summary(lines, [])
    part = Stretch(summary.start + 2, summary.start + 12), Stretch(30, 60)
    beside = Stretch(5, 25), Stretch(70, 90)
    assert with_summary(lines, [part, beside]) == [beside, (summary, source)]
    copied = f"{OTHERS}\n\n{CANAL}"
    lines = word_lines(document(copied), document(WHOLE))
    words = len(word_lines(document(CANAL), document(CANAL)).suspect)
    copy = Stretch(len(lines.suspect) - words, len(lines.suspect), kept=0.98), Stretch(0, words)
    assert with_summary(lines, [copy]) == [copy]


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


# --- by hand ------------------------------------------------------------------------------------------


def test_words_are_lined_up_with_their_chance() -> None:
    """A word's first occurrence in a text counts a tenth; the rest of its chance is its share in English."""
    lines = word_lines(document("Mill, the mill. Rye!"), document("The mill rye rye."))
    mill, the, _, rye = lines.suspect.types.tolist()
    assert lines.suspect.types.tolist() == [mill, the, mill, rye] and len({mill, the, rye}) == 3
    assert lines.reference.types.tolist() == [the, mill, rye, rye]
    assert lines.suspect.tokens.tolist() == [0, 2, 3, 5] and lines.suspect.edges.tolist() == [4.0, 0, 0, 4.0, 4.0]
    counts = {mill: (2, 1), the: (1, 1), rye: (1, 2)}
    for number, word in ((mill, "mill"), (the, "the"), (rye, "rye")):
        mine, theirs = counts[number]
        assert (lines.suspect_counts[number], lines.reference_counts[number]) == (mine, theirs)
        english = 0.05 * math.exp(-VOCABULARY[word].surprisal)
        assert lines.english[number] == pytest.approx(english)
        own = (mine - 0.9) / 4 + (theirs - 0.9) / 4
        assert lines.chance[number] == pytest.approx(0.4 * own + 0.2 * english)


def test_likelihoods_by_hand() -> None:
    """Of ten words over there two are of a type whose chance is 0.1: seven tenths of 0.2 stand against it."""
    scores, origin = likelihoods(np.array([2, 0]), 10, np.array([0.1, 0.1]), 0.7)
    assert scores == pytest.approx([math.log(0.3 + 1.4), math.log(0.3)])
    assert origin == pytest.approx([1.4 / 1.7, 0.0])
    assert estimate_kept(origin, 0.3) == pytest.approx(0.7 / 1.7) and estimate_kept(origin, 0.5) == 0.5
    assert estimate_kept(np.ones(3), 0.5) == 0.98


@pytest.mark.parametrize(
    ("one", "other", "meeting"),
    [((0, 5, 0, 5), (4, 9, 4, 9), True), ((0, 5, 0, 5), (5, 9, 4, 9), False), ((0, 5, 0, 5), (4, 9, 5, 9), False),
     ((5, 9, 4, 9), (0, 5, 0, 5), False), ((4, 9, 5, 9), (0, 5, 0, 5), False), ((2, 3, 2, 3), (0, 9, 0, 9), True)],
)  # fmt: skip
def test_matches_meet_if_they_share_words_on_both_sides(
    one: tuple[int, ...], other: tuple[int, ...], meeting: bool
) -> None:
    first, second = (Match(Stretch(*ends[:2]), Stretch(*ends[2:])) for ends in (one, other))
    assert first.meets(second) is second.meets(first) is meeting
    assert _meeting(_rows([first]), second).tolist() == _meeting(_rows([second]), first).tolist() == [meeting]


def plain_cells(lines: Lines, size: int) -> list[tuple[float, int, int, int, int]]:
    """The dense windows by plain loops over all pairs of words, best first: evidence, then the two windows."""
    counts = lines.suspect_counts * lines.reference_counts
    plot: dict[tuple[int, int], float] = {}
    for i, mine in enumerate(lines.suspect.types):
        for j, theirs in enumerate(lines.reference.types):
            if mine == theirs and counts[mine] <= 20:
                weight = max(0.0, -math.log(lines.english[mine]) - 5.0) / math.sqrt(counts[mine])
                for row in (i // size, i // size + 1):
                    for column in (j // size, j // size + 1):
                        plot[row, column] = plot.get((row, column), 0.0) + weight
    ends = len(lines.suspect), len(lines.reference)
    windows = [
        (value, max(0, (row - 1) * size), min(ends[0], (row + 1) * size), max(0, (column - 1) * size),
         min(ends[1], (column + 1) * size))
        for (row, column), value in plot.items() if value >= 12.0
    ]  # fmt: skip
    return sorted(windows, key=lambda one: -one[0])


def test_dense_cells_are_those_of_plain_loops() -> None:
    suspect, reference = f"{ORCHARD} {CANAL} {CHESS}", f"{CANAL} {COMET} {ORCHARD[:200]}"
    lines = word_lines(document(suspect), document(reference))
    plain = plain_cells(lines, 16)
    cells = _cells(lines, [])
    assert len(cells) == len(plain) > 10
    assert {tuple(row) for row in cells.tolist()} == {one[1:] for one in plain}
    best = {one[1:]: one[0] for one in plain}
    values = [best[tuple(row)] for row in cells.tolist()]
    assert values == pytest.approx(sorted(values, reverse=True))
