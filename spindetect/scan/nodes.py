"""A Ray cluster's nodes: reaching them, and which of them has which archives."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import uuid4

from spindetect.archive.archive import Archive
from spindetect.errors import SpindetectError, needed
from spindetect.scan.plan import Plan, Shard, on_any_node
from spindetect.scan.shard_actors import shards_here, started


@contextmanager
def connected(address: str | None) -> Iterator[Any]:
    """The package ray, connected to the cluster at an address (None: ``RAY_ADDRESS``, or one made here for now)."""
    ray = needed("ray", "scan on a cluster", "ray")
    needed("ray.data", "scan on a cluster", "ray")
    ray.data.DataContext.get_current().enable_progress_bars = False
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    ours = not ray.is_initialized()
    if ours:
        # By itself Ray would join whatever cluster happens to run on this machine.
        address = address or os.environ.get("RAY_ADDRESS") or "local"
        ray.init(address=address, log_to_driver=False, logging_level="ERROR")
    try:
        yield ray
    finally:
        if ours:
            ray.shutdown()


@contextmanager
def surveyed(plan: Plan, address: str | None) -> Iterator[Plan]:
    """The plan with all shards that the nodes have; each has an actor as long as this lasts.

    Nothing is done unless the plan says that the archives are spread over nodes.
    """
    if not plan.spread:
        yield plan
        return
    plan = replace(plan, archives=tuple(map(on_any_node, plan.archives)))
    with connected(address) as ray:
        nodes = [node["NodeID"] for node in ray.nodes() if node["Alive"]]
        held = having({node: ray.get(_on(ray, node, _shards).remote(plan.archives)) for node in nodes})
        scan = uuid4().hex  # others may scan on this cluster
        shards = tuple(replace(shard, actor=f"spindetect {scan} {shard.name}") for shard in held)
        actors = [started(ray, shard, nodes) for shard, nodes in zip(shards, held.values(), strict=True)]
        try:
            ray.get([actor.frequencies.remote([]) for actor in actors])  # they are there
            yield replace(plan, shards=shards)
        finally:
            for actor in actors:
                ray.kill(actor)


def _on(ray: Any, node: str, work: Any) -> Any:
    """A task that is to run on one node."""
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    strategy = NodeAffinitySchedulingStrategy(node, soft=False)
    return ray.remote(work).options(num_cpus=0, scheduling_strategy=strategy)


def _shards(paths: tuple[Path, ...]) -> list[Shard]:
    """The shards that this node has."""
    found = []
    for name, path in shards_here(paths).items():
        with Archive.open(path) as archive:
            found.append(Shard(name, len(archive), archive.index.count))
    return found


def having(held: Mapping[str, Sequence[Shard]]) -> dict[Shard, list[str]]:
    """The nodes that have each shard, by name, of the shards on each node.

    Raises `SpindetectError` when there are none, or two copies of one differ.
    """
    nodes: dict[Shard, list[str]] = {}
    for node, shards in sorted(held.items()):
        for shard in shards:
            nodes.setdefault(shard, []).append(node)
    if not nodes:
        raise SpindetectError("no node has an archive of that name. Name the archives as they are on the nodes.")
    ordered = sorted(nodes, key=lambda shard: (shard.name, shard.articles, shard.indexed))
    for one, other in pairwise(ordered):
        if one.name == other.name:
            raise SpindetectError(
                f"{one.name} has {one.articles} or {other.articles} articles, depending on the node "
                f"({', '.join(sorted(nodes[one] + nodes[other]))}). Copy it anew, or give what isn't the same "
                "another name."
            )
    return {shard: nodes[shard] for shard in ordered}
