"""Shards asked in batches, as on a cluster but without Ray: the answers of archives at hand, with few questions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from stories import story

from spindetect import Archive, Detector
from spindetect.align.lexical.lexicon import Lexicon
from spindetect.archive.searching import Group
from spindetect.archive.shards import Shards, open_archives
from spindetect.errors import SpindetectError
from spindetect.read.article import article_from_text
from spindetect.retrieve.searching import MOST_VERSIONS, Search
from spindetect.scan.nodes import having
from spindetect.scan.plan import Shard
from spindetect.scan.shard_actors import Answers, Batch, ShardActor
from spindetect.scan.spread import SpreadArchive

AGENCY = (
    "This agency was founded by the regional papers in 1921 to report from all provinces without fear or favour. "
    "Its articles may be printed by members only, and not before noon on the day after they were sent out."
)


class Asked:
    """Answers for shards in this process, and keeps what it was asked."""

    def __init__(self, folders: list[Path]) -> None:
        self.actors = [ShardActor(folder) for folder in folders]
        self.batches: list[Batch] = []

    def __call__(self, batch: Batch) -> Answers:
        self.batches.append(batch)
        numbered = list(enumerate(self.actors))
        return Answers(
            [actor.frequencies(batch.words) for actor in self.actors if batch.words],
            [actor.search(batch.sought[number]) for number, actor in numbered if batch.sought],
            [actor.articles(batch.digests) for actor in self.actors if batch.digests],
            [actor.having(batch.groups[number], batch.limit) for number, actor in numbered if batch.groups],
            [actor.texts(batch.textless) for actor in self.actors if batch.textless],
        )


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Three shards: stories and their agency's words, versions of a story, one with dates."""
    root = tmp_path_factory.mktemp("spread")
    sentences = story(500).split(". ")
    for shard in range(3):
        kept = {f"s{n}": story(n) + f" {AGENCY}" * (n % 3 == 0) for n in range(20 * shard, 20 * shard + 20)}
        for cut in range(4):
            kept[f"version {shard} {cut}"] = ". ".join([*sentences[cut:], f"So says paper {shard}{cut}."])
        kept |= {f"equal {shard}{n}": f"{story(600)}{' ' * n}\n{shard}" for n in range(9)}
        named = root / f"kept nowhere {shard}"
        named.write_text(story(800), "utf-8")
        with Archive.create(root / f"shard-{shard}") as made:
            made.add({"id": id, "text": text} for id, text in kept.items())
            dated = {"id": f"dated {shard}", "text": story(700), "published": f"2026-03-0{5 - shard}"}
            made.add([dated], keep_texts=shard != 2)
            textless = {str(named): story(800), f"gone {shard}": story(900)}
            made.add(({"id": id, "text": text} for id, text in textless.items()), keep_texts=False)
    return [root / f"shard-{shard}" for shard in range(3)]


@pytest.fixture(scope="module")
def together(folders: list[Path]) -> Iterator[Shards]:
    with open_archives(folders) as shards:
        assert isinstance(shards, Shards)
        yield shards


@pytest.fixture
def asked(folders: list[Path]) -> Asked:
    return Asked(folders)


@pytest.fixture
def spread(together: Shards, asked: Asked) -> SpreadArchive:
    shards = [Shard(str(one.path), len(one), one.index.count) for one in together.archives]
    return SpreadArchive(shards, asked, MOST_VERSIONS)


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector.load()


SUSPECTS = {
    "a story and its agency": f"{story(3)} {AGENCY}",
    "a story of which there are many versions": story(500),
    "one in whose place many are equal": story(600),
    "one whose earliest copy has no text": f"{story(700)} And more.",
    "one whose texts are files": story(800),
    "one of two stories": f"{story(4)} {story(9)} {AGENCY}",
    "nothing of it is known": "Zyx wvut srqp onml kjih.",
}


@pytest.mark.parametrize("kind", SUSPECTS)
def test_a_suspect_takes_five_questions_and_has_the_answer_of_shards_at_hand(
    detector: Detector, together: Shards, spread: SpreadArchive, asked: Asked, kind: str
) -> None:
    article = article_from_text(SUSPECTS[kind], kind)
    near = Search(detector, together, thrifty=True).match(article)
    far = Search(detector, spread, thrifty=True).match(article)
    assert near.best is not None and far.best is not None
    assert far.best.to_dict() == near.best.to_dict()
    assert list(map(str, far.errors)) == list(map(str, near.errors))
    textless = any(batch.textless for batch in asked.batches)  # a question for these texts, and one for their words
    assert len(asked.batches) <= 5 + 2 * textless
    assert textless or kind != "one whose texts are files"


def test_what_a_corpus_is_compared_with_leaves_the_suspect_itself_out(
    detector: Detector, together: Shards, spread: SpreadArchive, asked: Asked
) -> None:
    for id in ("version 1 0", "s3", "dated 1"):
        record = together.archives[1 if id != "s3" else 0].record(id)
        assert record is not None
        article = article_from_text(record.text or "", record.name)
        before = len(asked.batches)
        near, far = (Search(detector, archive).match(article, record) for archive in (together, spread))
        assert near.best is not None and far.best is not None
        assert far.best.to_dict() == near.best.to_dict()
        assert len(asked.batches) - before <= 5


def test_agency_sentences_are_left_out_from_afar_as_well(detector: Detector, spread: SpreadArchive) -> None:
    found = Search(detector, spread).best(article_from_text(SUSPECTS["a story and its agency"], "it"))
    assert found.candidates[0].id == "s3"
    assert {mark.reason for mark in found.reference.article.marks} == {"in 18 other stories of the archive"}


def test_a_search_without_a_suspect_asks_again_only_what_it_does_not_know(
    together: Shards, spread: SpreadArchive, asked: Asked
) -> None:
    for text in (story(3), story(600)):
        for limit in (1, 5, 40):
            near, far = (archive.find_text(text, limit, Lexicon()) for archive in (together, spread))
            assert [(hit.record.id, hit.score) for hit in far] == [(hit.record.id, hit.score) for hit in near]
            assert far == near
    before = len(asked.batches)
    assert spread.find_text(story(600), 40, Lexicon()) == near
    assert len(asked.batches) == before
    record = near[0].record
    assert spread.with_digest(record.digest) == together.with_digest(record.digest)
    assert spread.with_digest(1) is None
    assert len(spread) == len(together)


def test_groups_are_counted_in_all_shards(together: Shards, spread: SpreadArchive) -> None:
    groups = [
        Group(words, most)
        for words in (("agenc",), ("agenc", "regional", "founder"), ("1921", "provinc"), ("the",), ("nowher",))
        for most in (0, 5, 19, 20, 100)
    ]
    near, far = together.having(groups, 5), spread.having(groups, 5)
    assert far == near
    counted = [sum(one.index.count_having(group.words) for one in together.archives) for group in groups]
    assert [having.count for having in near] == [
        count if count > group.most else 0 for count, group in zip(counted, groups, strict=True)
    ]
    assert [len(having.articles) for having in near] == [min(5, having.count) for having in near]


def test_a_text_that_no_shard_keeps_comes_from_its_file_or_is_an_error(
    folders: list[Path], together: Shards, spread: SpreadArchive, asked: Asked
) -> None:
    hits = spread.find_text(story(800), 2, Lexicon())
    assert hits[0].record.text is None
    assert spread.text_of(hits[0].record) == story(800)
    record = together.archives[2].record("gone 2")
    assert record is not None
    for _ in range(2):
        with pytest.raises(SpindetectError, match="keeps no text of 'gone 2'"):
            spread.text_of(replace(record, text=None))
    assert sum(bool(batch.textless) for batch in asked.batches) == 2


def test_nodes_that_have_a_shard_and_copies_must_be_the_same() -> None:
    a, b, c = Shard("a", 5, 5), Shard("b", 6, 6), Shard("c", 7, 7)
    held = {"first": [a, b], "second": [c, b]}
    assert having(held) == {a: ["first"], b: ["first", "second"], c: ["second"]}
    with pytest.raises(SpindetectError, match=r"b has 6 or 8 articles, depending on the node \(first, second\)"):
        having({**held, "second": [Shard("b", 8, 8)]})
    with pytest.raises(SpindetectError, match="no node has an archive"):
        having({"first": [], "second": []})
