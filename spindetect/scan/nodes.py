"""A Ray cluster's nodes: reaching them, and which of them has which archives."""

from __future__ import annotations

import logging
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from spindetect.archive.archive import Archive
from spindetect.errors import SpindetectError
from spindetect.read.format import needed
from spindetect.scan.far_shards import ShardServer, shards_here
from spindetect.scan.plan import Plan, Shard, on_any_node

Held = Mapping[str, Mapping[str, int]]
"""How many articles each archive on each node has: by the node, then by the archive's name."""


@contextmanager
def connected(address: str | None) -> Iterator[Any]:
    """The package ray, connected to the cluster at an address (None: ``RAY_ADDRESS``, or one made here for now)."""
    ray = _ray()
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


def _ray() -> Any:
    """The package ray with its data; raises `MissingExtra` when it isn't installed."""
    ray = needed("ray", "scan on a cluster", "ray")
    needed("ray.data", "scan on a cluster", "ray")
    ray.data.DataContext.get_current().enable_progress_bars = False
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    return ray


@contextmanager
def surveyed(plan: Plan, address: str | None) -> Iterator[Plan]:
    """The plan with all shards that the nodes have; those that some node lacks are served as long as this lasts.

    Nothing is done unless the plan says that the archives are spread over nodes.
    """
    if not plan.spread:
        yield plan
        return
    plan = replace(plan, archives=tuple(map(on_any_node, plan.archives)), key=os.urandom(32))
    with connected(address) as ray:
        addresses = {node["NodeID"]: node["NodeManagerAddress"] for node in ray.nodes() if node["Alive"]}
        yield from _served(ray, plan, addresses)


def _served(ray: Any, plan: Plan, addresses: Mapping[str, str]) -> Iterator[Plan]:
    held = {node: ray.get(_on(ray, node, _articles).remote(plan.archives)) for node in addresses}
    chosen = chosen_nodes(held)
    servers = {
        node: _on(ray, node, ShardServer).remote(addresses[node], plan.archives, plan.key)
        for node in set(chosen.values())
    }
    try:
        ports = {node: int(ray.get(server.port.remote())) for node, server in servers.items()}
        shards = (Shard(name, held[node][name], addresses[node], ports[node]) for name, node in chosen.items())
        yield replace(plan, shards=tuple(shards))
    finally:
        for server in servers.values():
            ray.kill(server)


def _on(ray: Any, node: str, work: Any) -> Any:
    """A task or an actor that is to run on one node."""
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    strategy = NodeAffinitySchedulingStrategy(node, soft=False)
    return ray.remote(work).options(num_cpus=0, scheduling_strategy=strategy)


def _articles(paths: tuple[Path, ...]) -> dict[str, int]:
    """How many articles each archive on this node has, by name."""
    found = {}
    for name, path in shards_here(paths).items():
        with Archive.open(path) as archive:
            found[name] = len(archive)
    return found


def chosen_nodes(held: Held) -> dict[str, str]:
    """The node to serve each shard, by the shard's name, in order; as many for one node as for another.

    Raises `SpindetectError` when there are none, or two copies of one differ.
    """
    names = sorted({name for archives in held.values() for name in archives})
    if not names:
        raise SpindetectError("no node has an archive of that name. Name the archives as they are on the nodes.")
    serving: Counter[str] = Counter()
    chosen: dict[str, str] = {}
    for name in names:
        having = [node for node in sorted(held) if name in held[node]]
        if len(sizes := {held[node][name] for node in having}) > 1:
            raise SpindetectError(
                f"{name} has {' or '.join(map(str, sorted(sizes)))} articles, depending on the node "
                f"({', '.join(having)}). Copy it anew, or give what isn't the same another name."
            )
        chosen[name] = min(having, key=lambda node: serving[node])
        serving[chosen[name]] += 1
    return chosen
