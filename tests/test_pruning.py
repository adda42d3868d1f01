"""Which candidates are spared: never the first, nor one that shares enough and isn't far behind a source found."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from stories import story

from spindetect import Archive
from spindetect.archive.records import make_record
from spindetect.archive.searching import Hit
from spindetect.retrieve.pruning import Pruning, no_twins

NOTHING = "Entirely other vocabulary: quartz, umbrellas, saxophones."


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.create(tmp_path / "news") as made:
        made.add({"id": f"s{number}", "text": story(number)} for number in range(10))
        yield made


def hit(text: str, score: float, keep_text: bool = True) -> Hit:
    record = make_record({"text": text})
    return Hit(record if keep_text else type(record)("id", None), score)


def test_the_first_is_always_compared(archive: Archive) -> None:
    assert Pruning(story(1), archive.index).worth_comparing(hit(NOTHING, 1.0), 0.0)


def test_one_that_shares_hardly_a_word_is_spared(archive: Archive) -> None:
    thrift = Pruning(story(1), archive.index)
    thrift.worth_comparing(hit(story(1), 50.0), 0.0)
    assert not thrift.worth_comparing(hit(NOTHING, 49.0), 0.0)
    assert thrift.worth_comparing(hit(story(1)[:400], 49.0), 0.0)


def test_one_far_behind_is_spared_once_a_source_is_found(archive: Archive) -> None:
    thrift = Pruning(story(1), archive.index)
    thrift.worth_comparing(hit(story(1), 50.0), 0.0)
    assert thrift.worth_comparing(hit(story(1), 20.0), 0.4)
    assert not thrift.worth_comparing(hit(story(1), 20.0), 0.6)
    assert thrift.worth_comparing(hit(story(1), 40.0), 0.6)


def test_where_no_text_is_kept_nothing_can_be_said_of_its_words(archive: Archive) -> None:
    thrift = Pruning(story(1), archive.index)
    thrift.worth_comparing(hit(story(1), 50.0), 0.0)
    assert thrift.worth_comparing(hit(NOTHING, 49.0, keep_text=False), 0.0)


def test_how_far_behind_and_how_little_shared_is_too_little(archive: Archive) -> None:
    thrift = Pruning(story(1), archive.index)
    thrift.worth_comparing(hit(story(1), 50.0), 0.0)
    for score, coverage, worth in ((30.0, 0.9, True), (29.9, 0.5, False), (29.9, 0.49, True)):
        assert thrift.worth_comparing(hit(story(1), score), coverage) is worth
    words = sorted(thrift._words)
    for share, worth in ((0.13, True), (0.11, False)):
        some = " ".join(words[: round(share * len(words))])
        assert thrift.worth_comparing(hit(f"{some}. {NOTHING}", 49.0), 0.0) is worth


def test_twins_have_nine_in_ten_words_in_common() -> None:
    words = [f"word{chr(97 + n)}" for n in range(20)]
    version = hit(" ".join(words), 9.0)
    texts = (
        (words[:18], True),
        (words[:17], False),
        ([*words, "x", "y"], True),
        ([*words, *"xyz"], False),
        ([], False),
    )
    for text, twin in texts:
        other = hit(" ".join(text) or "...", 8.0)
        assert no_twins([other], [hit(NOTHING, 9.0), version]) == ([] if twin else [other])
    assert no_twins([version], []) == [version] and no_twins([version], [hit(NOTHING, 9.0, keep_text=False)])
