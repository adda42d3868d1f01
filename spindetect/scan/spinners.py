"""Articles by one spinner that nobody knows: they share exchanges that no known family makes.

Articles belong together when several of their exchanges are the same, and that is a good part of either's. Memory
is bounded: only articles of unknown families are kept, as a number each, and so many exchanges at most.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b

from spindetect.scan.rows import Row
from spindetect.score.families import UNKNOWN

# Exchanges that two must share, and the share of the second one's exchanges that these must be.
_FEWEST_SHARED = 3
_SHARE = 0.1
# Exchanges that are remembered, about 100 MB; later ones are looked up, and no longer added.
_MOST = 1_000_000


class _Groups:
    """Groups of articles by number, joined as more of them are seen."""

    def __init__(self) -> None:
        self.parent: dict[int, int] = {}
        self._first: dict[int, int] = {}  # an exchange's hash, and the first article that had it

    def root(self, article: int) -> int:
        """The article that stands for all in one group with this one."""
        while (above := self.parent[article]) != article:
            self.parent[article] = article = self.parent[above]
        return article

    def add(self, article: int, exchanges: Iterable[str]) -> None:
        """Join an article with the groups that it shares enough exchanges with."""
        hashes = {int.from_bytes(blake2b(one.encode(), digest_size=8).digest()) for one in exchanges}
        self.parent[article] = article
        shared = Counter(self.root(self._first[one]) for one in hashes if one in self._first)
        for root, count in shared.items():
            if count >= max(_FEWEST_SHARED, _SHARE * len(hashes)):
                self.parent[self.root(article)] = self.root(root)
        for one in hashes:
            if len(self._first) < _MOST:
                self._first.setdefault(one, article)


def spinner_groups(rows: Iterable[Row]) -> dict[int, int]:
    """The group of every article that is in one with another, by the row's number; groups by first appearance."""
    groups = _Groups()
    for row in rows:
        if row["family"] == UNKNOWN:
            groups.add(row["number"], row["unknown_exchanges"])
    sizes = Counter(map(groups.root, groups.parent))
    names: dict[int, int] = {}
    found = {}
    for article in groups.parent:
        root = groups.root(article)
        if sizes[root] > 1:
            found[article] = names.setdefault(root, len(names) + 1)
    return found


def with_groups(rows: Iterator[Row], groups: Mapping[int, int]) -> Iterator[Row]:
    """The rows with their groups filled in."""
    for row in rows:
        if row["number"] in groups:
            row |= {"spinner_cluster": groups[row["number"]]}
        yield row
