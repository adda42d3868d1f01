"""Clusters of the same story in a corpus that was scanned against itself, and the likely original of each.

Two articles tell the same story when one draws on the other far enough; a cluster is all articles that are
linked so. Only articles that are in a cluster are kept in memory.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from spindetect.read.times import Moment, parse_time
from spindetect.scan.rows import Row, candidates_alike


@dataclass(frozen=True, slots=True)
class Cluster:
    """Articles of one story: its number by first appearance, its likely original if that can be told."""

    number: int
    original: str | None
    reason: str


@dataclass(slots=True)
class _Known:
    """The rows' facts about the articles in clusters."""

    parent: dict[str, str] = field(default_factory=dict)
    published: dict[str, str | None] = field(default_factory=dict)
    copies: dict[str, str] = field(default_factory=dict)  # what is shown to be a copy, and of what

    def root(self, id: str) -> str:
        """The article that stands for all that hang together with this one."""
        top = id
        while (above := self.parent.setdefault(top, top)) != top:
            top = above
        while self.parent[id] != top:  # so that the next one finds it sooner
            self.parent[id], id = top, self.parent[id]
        return top

    def join(self, id: str, other: str) -> None:
        """Put two articles, and all that are linked with them, into one cluster."""
        self.parent[self.root(other)] = self.root(id)

    def source(self, id: str) -> str:
        """The article that one is shown to go back to, from copy to copy; itself when it isn't shown to be one.

        Evidence that goes round in a circle shows nothing.
        """
        at, seen = id, {id}
        while (of := self.copies.get(at)) is not None:
            if of in seen:
                return id
            seen.add(of)
            at = of
        return at

    def note(self, row: Row, alike: list[str]) -> None:
        """Take from a row what it says of its suspect and the articles like it."""
        id = row["id"]
        self.published[id] = row["published"]
        for item in row["candidates"]:
            if item["id"] in alike:
                self.join(id, item["id"])
                self.published.setdefault(item["id"], item["published"])
        if row["source_id"] in alike and row["direction"]:
            suspect_is_copy = row["direction"] == "suspect"
            copy, of = (id, row["source_id"]) if suspect_is_copy else (row["source_id"], id)
            self.copies.setdefault(copy, of)


def clusters(rows: Iterable[Row], least: float) -> dict[str, Cluster]:
    """The cluster of every article that is in one, by id; ``least`` is the coverage that joins two."""
    known = _Known()
    order: dict[str, None] = {}
    for row in rows:
        if alike := candidates_alike(row, least):
            known.note(row, alike)
            order |= dict.fromkeys([row["id"], *alike])
    members: dict[str, list[str]] = defaultdict(list)
    for id in order:
        members[known.root(id)].append(id)
    made: dict[str, Cluster] = {}
    for number, ids in enumerate(members.values(), start=1):
        cluster = Cluster(number, *_original(ids, known))
        made |= dict.fromkeys(ids, cluster)
    return made


def _original(ids: list[str], known: _Known) -> tuple[str | None, str]:
    """The likely original of a cluster and why; None when nothing tells."""
    if first := _earliest({id: known.published[id] for id in ids}):
        return first, f"it was published before all others ({known.published[first]})"
    left = [id for id in ids if known.source(id) == id]
    if len(left) == 1:
        return left[0], "all others are shown to be copies"
    if first := _earliest({id: known.published[id] for id in left}):
        return (
            first,
            f"it was published before all others that aren't shown to be copies ({known.published[first]})",
        )
    drawn_on = Counter(source for id in ids if (source := known.source(id)) != id)
    if len(shown := [id for id in left if id in drawn_on]) == 1:
        copies = drawn_on[shown[0]]
        return shown[0], f"{copies} of {len(ids)} are shown to be copies of it, and of none else; not sure"
    return None, f"neither times nor words tell which of {len(left)} articles was first"


def _earliest(published: Mapping[str, str | None]) -> str | None:
    """The article that was published before all others; None unless all say when, and no times overlap."""
    moments: dict[str, Moment] = {}
    for id, text in published.items():
        moment = parse_time(text)
        if moment is None:
            return None
        moments[id] = moment
    first = min(moments, key=lambda id: moments[id].last)
    rest = (moment for id, moment in moments.items() if id != first)
    return first if all(moments[first].last < other.first for other in rest) else None


def with_clusters(rows: Iterator[Row], made: Mapping[str, Cluster]) -> Iterator[Row]:
    """The rows with their clusters filled in; a row that failed is in none."""
    for row in rows:
        cluster = made.get(row["id"]) if row["error"] is None else None
        if cluster:
            row |= {"cluster": cluster.number, "original": cluster.original, "original_reason": cluster.reason}
        yield row
