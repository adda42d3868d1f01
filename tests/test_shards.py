"""Several archives searched as one: an article that more than one has is one article, with all that is known."""

from __future__ import annotations

from pathlib import Path

import pytest
from stories import story

from spindetect import Archive
from spindetect.align.lexical.lexicon import Lexicon
from spindetect.archive.shards import Shards, idf_ratio, open_archives
from spindetect.errors import SpindetectError

DATES = ("2026-03-05", "2026-03-01", None)


@pytest.fixture
def shards(tmp_path: Path) -> Shards:
    """Three shards of ten stories; all three have story 3, each under an id and with a date of its own."""
    for shard, published in enumerate(DATES):
        with Archive.create(tmp_path / f"shard-{shard}") as made:
            made.add({"id": f"s{n}", "text": story(n)} for n in range(100 * shard, 100 * shard + 10) if n != 3)
            made.add([{"id": f"three-{shard}", "text": story(3), "published": published}], keep_texts=shard != 1)
    opened = open_archives([tmp_path])
    assert isinstance(opened, Shards)
    return opened


def test_a_text_that_several_shards_have_is_one_hit_with_the_earliest_date(shards: Shards) -> None:
    for text in (story(3), story(3).removesuffix(".")):  # as it is, and by its words
        hits = shards.find_text(text, 5, Lexicon())
        assert [hit.record.id for hit in hits if hit.record.digest == hits[0].record.digest] == ["three-1"]
        assert (hits[0].record.published, hits[0].record.text) == ("2026-03-01", story(3))
        assert len(hits) == 5


def test_the_earliest_date_counts_even_where_its_shard_was_not_among_the_best(shards: Shards) -> None:
    (hit,) = shards.find_text(f"{story(3)} And more.", 1, Lexicon())
    assert (hit.record.id, hit.record.published) == ("three-1", "2026-03-01")


def test_shards_find_as_an_archive_does(shards: Shards) -> None:
    assert [hit.record.id for hit in shards.find(story(105), 1)] == ["s105"]
    with pytest.raises(ValueError, match="limit is 0"):
        shards.find(story(105), 0)


def test_a_words_weight_is_that_of_all_shards_together(tmp_path: Path) -> None:
    """Told by one shard, "pewter" is rare and "quartz" is not; of all articles it is the other way round."""
    for name, pewter, quartz in (("here", 1, 4), ("there", 30, 0)):
        with Archive.create(tmp_path / name) as made:
            made.add(
                {
                    "id": f"{name}{n}",
                    "text": f"A {'pewter' * (n < pewter)} {'quartz' * (n >= 36 - quartz)} jug {n}.",
                }
                for n in range(36)
            )
    with Shards([Archive.open(tmp_path / name) for name in ("here", "there")]) as both:
        weights = dict(both.index.weighted_for(both.archives[0], [("pewter", 1.0), ("quartz", 1.0), ("rye", 1.0)]))
        assert weights.keys() == {"pewter", "quartz"} and weights["pewter"] < 0.5 < 1.0 < weights["quartz"]
        asked = [("pewter", 1.0), ("quartz", 1.0)]
        assert [one.find_words(asked, 1)[0].record.id for one in (both, both.archives[0])] == ["here32", "here0"]
    assert idf_ratio(3, 10, 3, 10) == 1.0


def test_the_text_of_a_record_comes_from_whichever_shard_keeps_it(shards: Shards) -> None:
    record = shards.archives[2].record("s205")
    assert record is not None
    assert shards.text_of(record) == story(205)
    kept_nowhere = shards.archives[1].record("three-1")
    assert kept_nowhere is not None
    with pytest.raises(SpindetectError, match="keeps no text of 'three-1'"):
        shards.text_of(kept_nowhere)
