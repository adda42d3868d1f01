"""Bundles of aligned sentences: what passages grow from, and when they are one by themselves."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from pan25 import read_pan25
from stories import story

from spindetect import Detector
from spindetect.align.passages import bundles as bundling
from spindetect.align.passages import finding
from spindetect.align.passages.bundles import Bundle, _near, evidence, find_bundles, left_over
from spindetect.align.passages.finding import _cells, _meeting, _reached, _rows, _Search, find_passages
from spindetect.align.passages.stretches import Lines, Match, Stretch, likelihoods, word_likelihoods, word_lines
from spindetect.align.sentences.alignment import SentenceLink
from spindetect.findings import Passage
from spindetect.records import Span

# A paragraph, and what a language model may make of it: hardly three words in a row are left.
WEIR = (
    "The weir at Sallow Mill was built in 1743 to feed a paper works, and it has blocked the salmon ever since. "
    "Anglers counted eleven fish below it last autumn, against two hundred in 1960. The river trust wants to cut "
    "a notch in its crest and lay a ramp of boulders. Historians object, because the oak piles are among the "
    "oldest in the county. A hearing is set for May."
)
WEIR_REWRITTEN = (
    "Built in 1743 for a paper works, Sallow Mill's weir has kept salmon from going upstream since that time. Last "
    "autumn only eleven fish were counted by anglers beneath it, whereas there were two hundred in 1960. Cutting a "
    "notch into the crest, with boulders laid as a ramp, is the proposal of the river trust. It is opposed by "
    "historians: few oak piles in the county are older. May is when the hearing will be held."
)


@cache
def detector() -> Detector:
    return Detector.load()


def lines_of(suspect: str, reference: str) -> Lines:
    return word_lines(detector().document(suspect), detector().document(reference))


def found(suspect: str, reference: str) -> tuple[Passage, ...]:
    return find_passages(detector().document(suspect), detector().document(reference))


def match(*ends: int) -> Match:
    return Match(Stretch(*ends[:2]), Stretch(*ends[2:]))


def stories(numbers: Sequence[int]) -> str:
    return "\n\n".join(map(story, numbers))


# --- passages ----------------------------------------------------------------------------------------


def interleaved(numbers: Sequence[int], others: int) -> str:
    """Stories, each with one after it that stands nowhere else."""
    return stories([one for number in numbers for one in (number, others + number)])


def test_every_paragraph_is_found_however_many_there_are() -> None:
    order = list(range(48))
    random.Random(4).shuffle(order)
    suspect, reference = interleaved(order, 1000), interleaved(range(48), 2000)
    passages = found(suspect, reference)
    for number in order:
        mine, theirs = _place(story(number), suspect), _place(story(number), reference)
        here = [one for one in passages if one.suspect.overlap(mine) and one.reference.overlap(theirs)]
        assert len(here) == 1 and here[0].suspect.overlap(mine) > 0.95 * len(mine)
    # Of the others, made to one pattern, hardly anything but what the pattern gives.
    assert sum(len(one.suspect) for one in passages) < 0.55 * len(suspect)


def test_a_rewritten_paragraph_is_found_among_others() -> None:
    suspect = "\n\n".join([stories([0, 1]), WEIR_REWRITTEN, stories([2, 3])])
    reference = "\n\n".join([stories([4, 5, 6]), WEIR, story(7)])
    (passage,) = found(suspect, reference)
    assert passage.suspect.overlap(_place(WEIR_REWRITTEN, suspect)) > 0.9 * len(WEIR_REWRITTEN)
    assert passage.reference.overlap(_place(WEIR, reference)) > 0.9 * len(WEIR)
    assert len(passage.suspect) < 1.1 * len(WEIR_REWRITTEN)


def _place(part: str, text: str) -> Span:
    start = text.index(part)
    return Span(start, start + len(part))


def test_single_sentences_strewn_over_long_texts_are_no_passages() -> None:
    reused = [f"The {word} of the parish stood near the water in those days." for word in "mill inn pound".split()]
    suspect = "\n\n".join(f"{story(number)} {one}" for number, one in enumerate(reused))
    reference = "\n\n".join(f"{one} {story(number)}" for number, one in enumerate(reversed(reused), 10))
    assert find_bundles(lines_of(suspect, reference))
    assert found(suspect, reference) == ()


def test_what_is_left_over_counts_by_its_sentences_once_the_rest_is_reused() -> None:
    short = (
        "The tide mill burned down in the spring. Its owner, a baker, rebuilt it in brick. Nothing was insured, "
        "and the debts outlived him by many years. His widow sold the wheel to a farmer."
    )
    again = (
        "That spring, fire took the mill. A baker owned it and used brick when he put it up once more. He had paid "
        "for no insurance; what he owed was still there years after he died. The wheel went from his widow to "
        "a farmer nearby."
    )
    reference = f"{short}\n\n{stories([9, 0, 1, 2])}"
    suspect = f"{stories([0, 1, 2, 8])}\n\n{again}"
    assert found(f"{stories([5, 6, 7, 8])}\n\n{again}", reference) == ()
    _, last = found(suspect, reference)
    assert (last.suspect.of(suspect), last.reference.of(reference)) == (again.rstrip("."), short.rstrip("."))


def test_a_text_of_anothers_sentences_in_another_order_is_shown_whole() -> None:
    rng = random.Random(2)
    syllables = "bar cor dal fen gor hal kel lom mar nor pel ros tam vel wen zor".split()
    words = ["".join(rng.choices(syllables, k=3)) for _ in range(600)]
    sentences = [f"{' '.join(rng.sample(words, 9)).capitalize()}." for _ in range(400)]
    mixed = rng.sample(sentences, len(sentences))
    comparison = detector().compare(" ".join(mixed), " ".join(sentences))
    proved = find_passages(comparison.suspect, comparison.reference)
    assert comparison.coverage > 0.95
    assert sum(len(one.suspect) for one in proved) < 0.2 * sum(map(len, mixed))  # each is too short to be one
    assert sum(len(one.suspect) for one in comparison.passages) > 0.95 * sum(map(len, mixed))
    assert set(proved) <= set(comparison.passages)
    assert list(comparison.passages) == sorted(comparison.passages, key=lambda one: (one.suspect, one.reference))


# --- bundles -------------------------------------------------------------------------------------------


def link(suspect: int, reference: int) -> SentenceLink:
    return SentenceLink(range(suspect, suspect + 1), range(reference, reference + 1), 0.5)


def test_links_near_on_both_sides_are_bundled_in_whatever_order() -> None:
    chain = [link(0, 9), link(1, 7), link(5, 11), link(6, 30), link(7, 14)]
    # 0, 1 and 5 stand together; 30 is far off; 14 follows 11, three sentences on, and 7 follows 5.
    together = [[one.reference.start for one in group] for group in _near(chain)]
    assert together == [[9, 7, 11, 14], [30]]
    assert _near([link(0, 0), link(5, 1)]) == [[link(0, 0)], [link(5, 1)]]  # four sentences lie between


def test_bundles_are_counted_by_hand() -> None:
    text = "Bakers in Orford sold forty rye loaves. Nobody said a thing."
    lines = lines_of(text, text)
    (bundle,) = find_bundles(lines)
    assert bundle.match == match(0, 11, 0, 11)
    assert bundle.alike == pytest.approx((1.0 - 0.35) * 11)


def test_a_bundle_needs_less_the_more_of_the_suspect_is_in_passages(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = lines_of(f"{WEIR_REWRITTEN} {story(1)}", f"{WEIR} {story(0)}")
    mine, theirs = (len(lines_of(one, one).suspect) for one in (WEIR_REWRITTEN, WEIR))
    bundle = Bundle(match(0, mine, 0, theirs), alike=6.0)
    words = len(lines.suspect)
    half = [(Stretch(words - words // 2, words), Stretch(0, 9))]
    assert left_over(lines, [bundle], []) == []  # it would have to be more alike, 10 by words
    assert left_over(lines, [bundle], half) == [(bundle.match.suspect, bundle.match.reference)]
    assert left_over(lines, [bundle], [(Stretch(0, words), Stretch(0, 9))]) == []  # nothing is left over there
    proof = evidence(lines, bundle.match)
    for least, count in ((1.8 * proof, 1), (2.2 * proof, 0)):
        monkeypatch.setattr(bundling, "_EVIDENCE", least)
        assert len(left_over(lines, [bundle], half)) == count


def test_evidence_is_the_weaker_sides() -> None:
    lines = lines_of(f"{WEIR_REWRITTEN} {stories([1, 2])}", f"{WEIR} {story(0)}")
    mine, theirs = (len(lines_of(one, one).suspect) for one in (WEIR_REWRITTEN, WEIR))
    narrow = evidence(lines, match(0, mine, 0, theirs))
    wide = evidence(lines, match(0, mine, 0, len(lines.reference)))
    beside = evidence(lines, match(mine, len(lines.suspect), 0, theirs))
    assert narrow > 40.0 > wide > 0.0 > beside


# --- the work --------------------------------------------------------------------------------------------


def test_words_score_as_their_types_do() -> None:
    lines = lines_of(story(0), story(1))
    there = lines.reference.types[5:40]
    by_type = likelihoods(np.bincount(there, minlength=len(lines.chance)), 35, lines.chance, 0.6)
    by_word = word_likelihoods(lines.suspect.types, there, lines.chance, 0.6)
    assert all(np.array_equal(one[lines.suspect.types], other) for one, other in zip(by_type, by_word, strict=True))


def test_cells_that_something_grown_has_reached_are_those_whose_windows_meet_it() -> None:
    lines = lines_of(stories(range(6)), stories([3, 8, 1, 9, 5]))
    grown = [match(40, 120, 300, 333), match(112, 160, 0, 64), match(500, 500, 70, 80), match(700, 830, 320, 650)]
    left = _cells(lines, []).tolist()
    expected = [row for row in left if not any(_meeting(_rows([_from(row)]), one)[0] for one in grown)]
    assert 0 < len(expected) < len(left)
    assert _cells(lines, grown).tolist() == expected
    assert not _reached([], 16, 5, 5).any()


def _from(row: Sequence[int]) -> Match:
    return match(*row)


def test_growing_from_sentences_ends_when_its_work_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    order = list(range(12))
    random.Random(1).shuffle(order)
    lines = lines_of(interleaved(order, 1000), interleaved(range(12), 2000))
    seeds = _rows([bundle.match for bundle in find_bundles(lines)])
    grown = []
    for work in (finding._WORK, 2):
        monkeypatch.setattr(finding, "_WORK", work)
        search = _Search(lines)
        search.from_seeds(seeds, len(seeds))
        grown.append(len(search.grown))
        assert len(search.matches) == min(12, grown[-1])
    assert grown[0] >= 12 and grown[1] in (2, 3, 4)  # a try costs 4,000 words at least, and there are 7,300


# --- PAN 2025 --------------------------------------------------------------------------------------------


def test_pan25_pairs_are_put_together_of_their_paragraphs(tmp_path: Path) -> None:
    import json

    def paragraph(name: str, content: str, **made: str) -> dict[str, object]:
        return {"id": name, "content": content, **({"plagiarism": made} if made else {})}

    pair = {
        "source": {
            "abstract": [paragraph("a", "First.")],
            "sections": [{"paragraphs": [paragraph("b", "Second one."), paragraph("c", "")]}],
        },
        "candidate": {
            "abstract": [paragraph("x", "Own words.", type="altered")],
            "sections": [
                {"paragraphs": [paragraph("y", "Rewritten.", type="plagiarism", source_paragraph_id="b")]},
                # Ids may recur; a paragraph without text on either side is no case.
                {"paragraphs": [paragraph("y", "From none.", type="plagiarism", source_paragraph_id="c")]},
            ],
        },
    }
    path = tmp_path / "1--2.json"
    path.write_text(json.dumps(pair), "utf-8")
    suspect, reference, (case,) = read_pan25(path)
    assert (case.suspect.of(suspect), case.reference.of(reference)) == ("Rewritten.", "Second one.")
