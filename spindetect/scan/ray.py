"""The engine for a cluster: Ray Data hands parts of the input to actors that load model and archive once.

suspects --stage--> input parts --Ray Data--> actors --write--> parts

Every node must reach the place of the output (a shared file system, or a URI), and have the archives,
or a copy of them, under the same name. What an actor has finished is a part at that place, so a
scan that was killed is resumed as the local engine's is, and an actor that dies loses nothing
that was finished. An actor's articles are worked on in a process of its own, which may die or be ended too.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from spindetect.errors import SpindetectError
from spindetect.scan.local import Advance, worker_pool
from spindetect.scan.nodes import connected
from spindetect.scan.parts import Parts
from spindetect.scan.places import Place
from spindetect.scan.plan import Plan, on_any_node
from spindetect.scan.rows import Item, Row, as_table
from spindetect.scan.shard_actors import Asking
from spindetect.scan.staging import Input
from spindetect.scan.work import lost_row
from spindetect.worker_life import one_thread_each

# How often a part is begun at once, and after that each of its suspects; actors died at it each time.
_ATTEMPTS = 2


def run(plan: Plan, items: Iterable[Item], parts: Parts, address: str | None, jobs: int, advance: Advance) -> None:
    """Scan all items that aren't in a finished part, on ``jobs`` actors (0: one on each of the cluster's cores)."""
    plan = replace(  # with paths that mean the same in every process
        plan,
        archives=tuple(map(on_any_node, plan.archives)),
        ignore=tuple(path.resolve() for path in plan.ignore),
        report_dir=plan.report_dir and plan.report_dir.resolve(),
    )
    parts = Parts(parts.folder.everywhere())
    input_ = Input(parts.folder)
    input_.begin()
    todo = [{"part": number} for number in input_.stage(items, plan.part, parts.finished())]
    if not todo:
        return
    with connected(address) as ray:
        try:
            for batch in _scanned(plan, todo, parts.folder, jobs).iter_batches(batch_size=None):
                advance(int(sum(batch["rows"])))
        except ray.exceptions.RayError as error:
            reason = str(error).rstrip(".\n ").rpartition("\n")[2]
            raise SpindetectError(f"Ray gave up: {reason}. What was done is kept; go on with --resume.") from error
    input_.remove()


def _scanned(plan: Plan, todo: list[dict[str, int]], folder: Place, jobs: int) -> Any:
    """A data set that, as it is read, scans the parts and says how many rows each has."""
    import ray.data

    jobs = min(jobs or int(ray.cluster_resources().get("CPU", 1)), len(todo))
    return ray.data.from_items(todo, override_num_blocks=len(todo)).map_batches(
        _Actor,
        fn_constructor_args=(plan, folder),
        batch_size=1,
        compute=ray.data.ActorPoolStrategy(size=jobs, max_tasks_in_flight_per_actor=2),
        num_cpus=1,
    )


class _Actor:
    """Lives in one process of the cluster for the whole scan; the articles are worked on in another one."""

    def __init__(self, plan: Plan, folder: Place) -> None:
        one_thread_each()
        main = sys.modules["__main__"]
        if (getattr(main, "__file__", None) or "").endswith("default_worker.py"):
            main.__file__ = None  # or else a process started here imports Ray's own script, and with it all of Ray
        self._pool = worker_pool(plan, 1, Asking(plan.shards) if plan.shards else None)
        self._plan = plan
        self._parts = Parts(folder)
        self._input = Input(folder)

    def __call__(self, batch: Mapping[str, Any]) -> dict[str, list[int]]:
        """Scan the parts of a batch, write their rows, and say how many there are."""
        counts = []
        for number in map(int, batch["part"]):
            items = self._input.items(number)
            tried = self._input.tries(number, "part")
            self._input.note_try(number, "part")
            if tried < _ATTEMPTS:
                rows = list(self._pool.of(items))
            else:
                rows = [row for item in items for row in self._cautiously(number, item)]
            self._parts.write_table(number, as_table(rows))
            counts.append(len(rows))
        return {"rows": counts}

    def _cautiously(self, part: int, item: Item) -> list[Row]:
        """A suspect's row; one at which actors died twice is given up, so that the scan ends."""
        name = f"suspect-{item[0]}"
        if self._input.tries(part, name) >= _ATTEMPTS:
            return [lost_row(self._plan, item, "died")]
        self._input.note_try(part, name)
        rows = list(self._pool.of([item]))
        self._input.forget_tries(part, name)
        return rows
