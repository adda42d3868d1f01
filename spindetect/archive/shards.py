"""Several archives searched as one: what one disk or machine can't hold is kept in shards.

All shards are asked, with weights as if they were one index, and what they found is
merged by score. An article that several shards have counts once, and is known by its earliest date.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from math import log1p
from pathlib import Path

from spindetect.archive.archive import Archive
from spindetect.archive.index import WordIndex
from spindetect.archive.records import Record, earliest
from spindetect.archive.searching import Group, Having, Hit, Searchable
from spindetect.errors import InvalidArchive, SpindetectError

_SHARD = 2**44  # keys of a shard; article k of shard s has the key s * _SHARD + k


def open_archives(paths: Sequence[Path]) -> Archive | Shards:
    """Open one archive, several, or those in a folder of archives; raises `InvalidArchive` for anything else."""
    found: list[Path] = []
    for path in paths:
        itself = (path / "archive.json").exists()
        shards = [] if itself else sorted(folder.parent for folder in path.glob("*/archive.json"))
        found += shards or [path]
    return Archive.open(found[0]) if len(found) == 1 else Shards([Archive.open(path) for path in found])


class Shards(Searchable):
    """Archives that answer as one does. Safe to share between threads."""

    index: ShardedIndex

    def __init__(self, archives: Sequence[Archive]) -> None:
        if not archives:
            raise InvalidArchive("no archive was named. Name at least one.")
        self.archives = tuple(archives)
        self.index = ShardedIndex(self.archives)

    def __enter__(self) -> Shards:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __len__(self) -> int:
        return sum(map(len, self.archives))

    def close(self) -> None:
        """Let go of the files."""
        for archive in self.archives:
            archive.close()

    def find_words(self, words: Sequence[tuple[str, float]], limit: int) -> list[Hit]:
        """As `Searchable.find_words`; of equal scores, the earlier shard's comes first."""
        found = [
            hit
            for archive in self.archives
            for hit in archive.find_words(self.index.weighted_for(archive, words), limit)
        ]
        # Each hit with what all shards know of its text.
        return [
            replace(hit, record=self.with_digest(hit.record.digest) or hit.record)
            for hit in best_of_shards(found, limit)
        ]

    def with_digest(self, digest: int) -> Record | None:
        """As `Searchable.with_digest`: the record published earliest, with the text if any shard has it.

        Where that can't be told, it is the earliest shard's.
        """
        return one_record([archive.with_digest(digest) for archive in self.archives])

    def text_of(self, record: Record) -> str:
        """As `Archive.text_of`, from whichever shard can tell."""
        for archive in self.archives[:-1]:
            with suppress(SpindetectError):
                return archive.text_of(record)
        return self.archives[-1].text_of(record)

    def having(self, groups: Sequence[Group], limit: int) -> list[Having]:
        """As `Searchable.having`, from all shards in turn."""
        words = {word for group in groups for word in group.words}
        frequencies = {word: [one.index.frequency(word) for one in self.archives] for word in words}
        asked = [groups_of(shard, groups, frequencies) for shard in range(len(self.archives))]
        found = [one.having(some, limit) for one, some in zip(self.archives, asked, strict=True)]
        return having_together(groups, found, limit)


class ShardedIndex(WordIndex):
    """The totals of all shards' indexes."""

    def __init__(self, archives: Sequence[Archive]) -> None:
        self._archives = archives
        self._count = sum(archive.index.count for archive in archives)

    @property
    def count(self) -> int:
        """How many articles there are."""
        return self._count

    def frequency(self, word: str) -> int:
        """In how many articles a word occurs."""
        return sum(archive.index.frequency(word) for archive in self._archives)

    def weighted_for(self, archive: Archive, asked: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
        """The words with weights for one shard."""
        index = archive.index
        return [
            (word, weight * idf_ratio(here, index.count, self.frequency(word), self.count))
            for word, weight in asked
            if (here := index.frequency(word))
        ]


def best_of_shards(hits: Iterable[Hit], limit: int) -> list[Hit]:
    """The best of all shards' hits, each text once; of equal scores, what comes first is first."""
    best: dict[int, Hit] = {}
    for hit in sorted(hits, key=lambda hit: -hit.score):
        best.setdefault(hit.record.digest, hit)
    return list(best.values())[:limit]


def one_record(found: Iterable[Record | None]) -> Record | None:
    """The shards' records of one text as one: the one published earliest, with the text if any has it."""
    records = [record for record in found if record]
    if not records:
        return None
    text = next((record.text for record in records if record.text is not None), None)
    return replace(earliest(records), text=text)


def groups_of(shard: int, groups: Sequence[Group], frequencies: Mapping[str, Sequence[int]]) -> tuple[Group, ...]:
    """The question to one shard about groups, by their words' ``frequencies`` in each shard.

    It answers where it has enough articles to be more than ``most`` together with the most that others may have:
    no more of a shard's articles have all of some words than have the rarest.
    """
    asked = []
    for group in groups:
        may_have = [min(here) for here in zip(*(frequencies[word] for word in group.words), strict=True)]
        asked.append(Group(group.words, group.most - sum(may_have) + may_have[shard]))
    return tuple(asked)


def having_together(groups: Sequence[Group], found: Sequence[Sequence[Having]], limit: int) -> list[Having]:
    """The articles that all shards have of each group, up to ``limit`` from the shards in turn.

    ``found`` is what each shard has of what `groups_of` asks; where it has none, all have too few together.
    """
    together = []
    for group, of_shards in zip(groups, zip(*found, strict=True), strict=True):
        count = sum(having.count for having in of_shards)
        turns = sorted(
            (place, n * _SHARD + key)
            for n, having in enumerate(of_shards if count > group.most else [])
            for place, key in enumerate(having.articles)
        )
        keys = [key for _, key in turns[:limit]]
        articles = {key: of_shards[key // _SHARD].articles[key % _SHARD] for key in keys}
        together.append(Having(count, articles) if keys else Having())
    return together


def idf_ratio(here: int, count_here: int, everywhere: int, count: int) -> float:
    """The factor that turns a word's BM25 weight in one shard into that of all shards together.

    A shard knows only how rare a word is in itself, in ``here`` of ``count_here`` articles; the ratio of the two
    rarities puts that right.
    """
    return _idf(everywhere, count) / _idf(here, count_here)


def _idf(frequency: int, count: int) -> float:
    """How much a word tells in BM25, as tantivy reckons it."""
    return log1p((count - frequency + 0.5) / (frequency + 0.5))
