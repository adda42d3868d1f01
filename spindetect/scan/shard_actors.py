"""Archives spread over a cluster's nodes: one named Ray actor answers for each shard, on a node that has it.

worker process --batch--> the actor that feeds it --a call of each method asked for--> the shards' actors

Workers aren't Ray's processes: what they want to know, the actor that feeds them asks of all shards at once.
Nothing of ours listens on a port. Ray restarts an actor that dies, on a node that has the shard, and asks it again.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from spindetect.archive.archive import Archive
from spindetect.archive.records import Record
from spindetect.archive.searching import Group, Having, Hit
from spindetect.errors import SpindetectError
from spindetect.scan.plan import Shard, on_this_node
from spindetect.worker_life import Failure

# Seconds for all shards to answer: enough to see that a node is gone and to start its shards on another.
PATIENCE = 120.0
# Questions that a shard answers at once.
_AT_ONCE = 4


class NodeGone(Exception):
    """A node that has a shard doesn't answer, so that no row can be right: no error of one article's."""


@dataclass(frozen=True, slots=True)
class Sought:
    """The search of one shard: the best ``limit`` articles by weighted words, and the one with a digest.

    Of the best ``most``, the texts are left out.
    """

    words: tuple[tuple[str, float], ...]
    limit: int
    most: int
    digest: int | None


@dataclass(frozen=True, slots=True)
class Found:
    """A shard's answer: the best ``limit`` articles, the best ``most`` without texts, the one with the digest."""

    hits: list[Hit]
    further: list[Hit]
    same: Record | None


@dataclass(frozen=True, slots=True)
class Batch:
    """The questions to all shards at once; an empty one isn't asked.

    ``sought`` and ``groups`` have an item for each shard; of a group, up to ``limit`` articles are wanted.
    """

    words: tuple[str, ...] = ()
    sought: tuple[Sought, ...] = ()
    digests: tuple[int, ...] = ()
    groups: tuple[tuple[Group, ...], ...] = ()
    limit: int = 0
    textless: tuple[Record, ...] = ()


@dataclass(frozen=True, slots=True)
class Answers:
    """The shards' answers to a batch, an item for each shard; an empty one wasn't asked for."""

    frequencies: list[list[int]]
    found: list[Found]
    articles: list[list[Record | None]]
    having: list[list[Having]]
    texts: list[list[str | SpindetectError]]


class ShardActor:
    """Answers for one archive of its node."""

    def __init__(self, path: Path) -> None:
        self._archive = Archive.open(on_this_node(path))

    def frequencies(self, words: Sequence[str]) -> list[int]:
        """In how many articles each word occurs."""
        return list(map(self._archive.index.frequency, words))

    def search(self, sought: Sought) -> Found:
        """The best articles, and the one with the digest."""
        best = self._archive.find_words(sought.words, sought.most)
        hits = best[: sought.limit]
        if len(hits) < len(best) and hits[-1].score == best[len(hits)].score:
            hits = self._archive.find_words(
                sought.words, sought.limit
            )  # which equals are found depends on the limit
        same = None if sought.digest is None else self._archive.with_digest(sought.digest)
        return Found(hits, [replace(hit, record=replace(hit.record, text=None)) for hit in best], same)

    def articles(self, digests: Sequence[int]) -> list[Record | None]:
        """The articles whose texts have these digests."""
        return list(map(self._archive.with_digest, digests))

    def having(self, groups: Sequence[Group], limit: int) -> list[Having]:
        """As `Archive.having`."""
        return self._archive.having(groups, limit)

    def texts(self, records: Sequence[Record]) -> list[str | SpindetectError]:
        """The texts of records that came without them, or why there is none."""
        return list(map(self._text, records))

    def _text(self, record: Record) -> str | SpindetectError:
        try:
            return self._archive.text_of(record)
        except SpindetectError as error:
            return error


def shards_here(paths: Sequence[Path]) -> dict[str, Path]:
    """The archives that this node has of those named, or in the folders that are, by name and in order."""
    found: dict[str, Path] = {}
    for path in paths:
        place = on_this_node(path)
        if (place / "archive.json").exists():
            found[str(path)] = place
        for about in sorted(place.glob("*/archive.json")):
            found[str(path / about.parent.name)] = about.parent
    return found


def started(ray: Any, shard: Shard, nodes: Sequence[str]) -> Any:
    """A shard's actor, which Ray starts, and starts again, on any of the nodes with these ids."""
    actor = ray.remote(ShardActor).options(
        name=shard.actor,
        num_cpus=0,
        max_concurrency=_AT_ONCE,
        max_restarts=-1,
        max_task_retries=-1,
        label_selector={"ray.io/node-id": f"in({','.join(nodes)})"},
    )
    return actor.remote(Path(shard.name))


class Asking:
    """Asks all shards of a plan what a worker wants to know; lives in the process that feeds it."""

    def __init__(self, shards: Sequence[Shard]) -> None:
        import ray

        self._shards = shards
        self._actors = [ray.get_actor(shard.actor) for shard in shards]

    def __call__(self, batch: Batch) -> Answers | Failure:
        """The shards' answers, or the error that one of them raised; raises `NodeGone` when one doesn't answer."""
        asked: dict[str, list[_Asked]] = {item.name: [] for item in fields(Answers)}
        for number, actor in enumerate(self._actors):
            if batch.words:
                asked["frequencies"].append(_Asked(actor.frequencies, batch.words))
            if batch.sought:
                asked["found"].append(_Asked(actor.search, batch.sought[number]))
            if batch.digests:
                asked["articles"].append(_Asked(actor.articles, batch.digests))
            if batch.groups:
                asked["having"].append(_Asked(actor.having, batch.groups[number], batch.limit))
            if batch.textless:
                asked["texts"].append(_Asked(actor.texts, batch.textless))
        try:
            return Answers(**{name: list(map(_answer, self._shards, calls)) for name, calls in asked.items()})
        except _Raised as raised:
            return Failure(raised.error)


class _Asked:
    """A question on its way to an actor, which can be asked again."""

    def __init__(self, method: Any, *given: Any) -> None:
        self._method, self._given = method, given
        self.call = method.remote(*given)

    def again(self) -> None:
        """Ask once more: the answer was lost with its node, or the actor is on its way to another one."""
        self.call = self._method.remote(*self._given)


def _answer(shard: Shard, asked: _Asked) -> Any:
    import ray

    until = time.monotonic() + PATIENCE
    while True:
        try:
            return ray.get(asked.call, timeout=max(0.0, until - time.monotonic()))
        except ray.exceptions.RayTaskError as error:
            if isinstance(error.cause, Exception):
                raise _Raised(error.cause) from None
            raise
        except (ray.exceptions.ActorDiedError, ray.exceptions.GetTimeoutError) as error:
            raise NodeGone(f"no node that has {shard.name} answers") from error
        except (ray.exceptions.RayActorError, ray.exceptions.ObjectLostError):
            time.sleep(0.5)
            asked.again()


class _Raised(Exception):
    """An actor raised an error of an article's."""

    def __init__(self, error: Exception) -> None:
        super().__init__(error)
        self.error = error
