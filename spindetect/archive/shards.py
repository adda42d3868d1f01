"""Several archives searched as one: what one disk or machine can't hold is kept in shards.

All shards are asked, with weights as if they were one index, and what they found is
merged by score. An article that several shards have counts once, and is known by its earliest date.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from math import log1p
from pathlib import Path

from spindetect.archive.archive import Archive
from spindetect.archive.catalogue import Row
from spindetect.archive.records import Record, earliest
from spindetect.archive.searching import Hit, Searchable
from spindetect.errors import InvalidArchive, SpindetectError

_SHARD = 2**44  # keys of a shard; article k of shard s has the key s * _SHARD + k


def open_archives(paths: Sequence[Path]) -> Archive | Shards:
    """Open one archive, several, or those in a folder of archives; raises `InvalidArchive` for anything else."""
    found = [shard for path in paths for shard in _shards_at(path)]
    return Archive.open(found[0]) if len(found) == 1 else Shards([Archive.open(path) for path in found])


def _shards_at(path: Path) -> list[Path]:
    """The archive at a path, or the archives in a folder, by name."""
    if (path / "archive.json").exists():
        return [path]
    return sorted(folder.parent for folder in path.glob("*/archive.json")) or [path]


class Shards(Searchable):
    """Archives that answer as one does. Safe to share between threads."""

    index: ShardedIndex

    def __init__(self, archives: Sequence[Archive]) -> None:
        if not archives:
            raise InvalidArchive("no archive was named. Name at least one.")
        self.archives = tuple(archives)
        self.index = ShardedIndex(self.archives)
        self.catalogue = ShardedCatalogue(self.archives)

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
        best: dict[int, Hit] = {}
        for hit in sorted(found, key=lambda hit: -hit.score):
            best.setdefault(hit.record.digest, hit)
        return [self._from_all(hit) for hit in list(best.values())[:limit]]

    def _from_all(self, hit: Hit) -> Hit:
        """The hit with what all shards know of its text."""
        return replace(hit, record=self.with_digest(hit.record.digest) or hit.record)

    def with_digest(self, digest: int) -> Record | None:
        """As `Searchable.with_digest`: the record published earliest, with the text if any shard has it.

        Where that can't be told, it is the earliest shard's.
        """
        found = [record for archive in self.archives if (record := archive.with_digest(digest))]
        if not found:
            return None
        text = next((record.text for record in found if record.text is not None), None)
        return replace(earliest(found), text=text)

    def text_of(self, record: Record) -> str:
        """As `Archive.text_of`, from whichever shard can tell."""
        for archive in self.archives[:-1]:
            with suppress(SpindetectError):
                return archive.text_of(record)
        return self.archives[-1].text_of(record)

    def read(self, row: Row) -> Record:
        """As `Archive.read`."""
        shard, key = divmod(row.key, _SHARD)
        return self.archives[shard].read(Row(key, row.start, row.length))


class ShardedIndex:
    """What the shards' indexes hold together."""

    def __init__(self, archives: Sequence[Archive]) -> None:
        self._archives = archives
        self.count = sum(archive.index.count for archive in archives)

    def frequency(self, word: str) -> int:
        """In how many articles a word occurs."""
        return sum(archive.index.frequency(word) for archive in self._archives)

    def count_having(self, words: Sequence[str]) -> int:
        """How many articles have all of the words."""
        return sum(archive.index.count_having(words) for archive in self._archives)

    def having_all(self, words: Sequence[str], limit: int) -> list[int]:
        """The keys of up to ``limit`` articles that have all of the words, from all shards in turn."""
        found = [
            [shard * _SHARD + key for key in archive.index.having_all(words, limit)]
            for shard, archive in enumerate(self._archives)
        ]
        turns = sorted((place, key) for keys in found for place, key in enumerate(keys))
        return [key for _, key in turns[:limit]]

    def weighted_for(self, archive: Archive, asked: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
        """The words with weights that make one shard's BM25 scores those of all shards together.

        A shard knows only how rare a word is in itself; the ratio of the two rarities
        puts that right. Words that it doesn't have are left out.
        """
        index = archive.index
        weighted = []
        for word, weight in asked:
            if here := index.frequency(word):
                ratio = _idf(self.frequency(word), self.count) / _idf(here, index.count)
                weighted.append((word, weight * ratio))
        return weighted


def _idf(frequency: int, count: int) -> float:
    """How much a word tells in BM25, as tantivy reckons it."""
    return log1p((count - frequency + 0.5) / (frequency + 0.5))


class ShardedCatalogue:
    """Which articles the shards hold."""

    def __init__(self, archives: Sequence[Archive]) -> None:
        self._archives = archives

    def row(self, key: int) -> Row | None:
        """The row of an article by its key, None when there is none."""
        shard, own = divmod(key, _SHARD)
        row = self._archives[shard].catalogue.row(own)
        return Row(key, row.start, row.length) if row else None
