"""Scanning on a cluster: two nodes on this machine give the rows that one process gives, though a worker dies."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from stories import story

from spindetect import Archive
from spindetect.read.article import read_article
from spindetect.scan import scan
from spindetect.scan.parts import read_part
from spindetect.scan.places import Here
from spindetect.scan.plan import Plan
from spindetect.scan.ray import _Actor
from spindetect.scan.scanning import suspects
from spindetect.scan.staging import Input
from spindetect.workers import DIED

ray = pytest.importorskip("ray", reason="needs Ray: pip install 'spindetect[ray]'")
pytestmark = pytest.mark.ray

DATA = Path(__file__).parents[1] / "data"
SUSPECTS = 24


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two nodes with a core each; this process is connected to them."""
    from ray.cluster_utils import Cluster

    node = {"num_cpus": 1, "object_store_memory": 80 * 2**20}
    made = Cluster(initialize_head=True, head_node_args={**node, "include_dashboard": False})
    made.add_node(**node)
    path = os.pathsep.join([str(DATA.parent), str(Path(__file__).parent)])
    ray.init(address=made.address, log_to_driver=False, runtime_env={"env_vars": {"PYTHONPATH": path}})
    yield made
    ray.shutdown()
    made.shutdown()


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two shards: stories, and an example original."""
    folder = tmp_path_factory.mktemp("ray")
    for name, first in (("a", 0), ("b", 10)):
        with Archive.create(folder / name) as made:
            made.add({"id": f"s{number}", "text": story(number)} for number in range(first, first + 10))
            made.add([{"id": f"harbor {name}", "text": read_article(DATA / "harbor" / "original.txt").text}])
    return folder


@pytest.fixture(scope="module")
def feed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Stories of both shards and of none, a spun article, and a line that can't be used."""
    path = tmp_path_factory.mktemp("ray") / "feed.jsonl"
    lines = [json.dumps({"id": f"f{number}", "text": story(number)}) for number in range(SUSPECTS - 2)]
    lines[3:3] = ["{", json.dumps({"id": "spun", "text": read_article(DATA / "harbor" / "spun.txt").text})]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def expected(feed: Path, archives: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    out = tmp_path_factory.mktemp("ray") / "rows.jsonl"
    assert scan(feed, out, [archives], jobs=1).rows == SUSPECTS
    return out.read_bytes()


def test_two_nodes_give_the_rows_of_one_process(
    cluster: Any, feed: Path, archives: Path, expected: bytes, tmp_path: Path
) -> None:
    assert len([node for node in ray.nodes() if node["Alive"]]) == 2
    out = tmp_path / "rows.jsonl"
    done: list[int] = []
    scan(feed, out, [archives], engine="ray", part=3, advance=done.append)
    assert out.read_bytes() == expected
    assert sum(done) == SUSPECTS
    assert [path.name for path in tmp_path.iterdir()] == ["rows.jsonl"]


def actor_processes(cluster: Any) -> list[int]:
    """The processes of this cluster in which the scan's actors live."""
    nodes = {node.all_processes["raylet"][0].process.pid for node in cluster.list_all_nodes()}
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = stat.read_text().rpartition(") ")
            if int(rest.split()[1]) in nodes and "ray::MapWorker" in (stat.parent / "cmdline").read_text():
                found.append(int(name.split()[0]))
        except OSError:  # it ended meanwhile
            continue
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds the worker to kill in /proc")
def test_a_worker_killed_in_the_middle_costs_no_row(
    cluster: Any, feed: Path, archives: Path, expected: bytes, tmp_path: Path
) -> None:
    out = tmp_path / "rows.jsonl"
    killed: list[int] = []

    def kill_one(_: int) -> None:
        if not killed:
            killed.append(actor_processes(cluster)[0])
            os.kill(killed[0], signal.SIGKILL)

    scan(feed, out, [archives], engine="ray", part=2, advance=kill_one)
    assert killed
    assert out.read_bytes() == expected


@pytest.mark.parametrize("tries", [2, 3])
def test_a_suspect_at_which_actors_died_twice_is_lost_alone(
    feed: Path, archives: Path, tmp_path: Path, tries: int
) -> None:
    plan = Plan(Here(feed), Here(tmp_path / "rows.jsonl"), (archives,), part=3)
    staged = Input(Here(tmp_path))
    staged.begin()
    assert list(staged.stage(islice(suspects(plan), 3), plan.part, frozenset())) == [0]
    for _ in range(tries):
        staged.note_try(0, "part")
        staged.note_try(0, "suspect-2")
    assert _Actor(plan, Here(tmp_path))({"part": [0]}) == {"rows": [3]}
    errors = [row["error"] for row in read_part(Here(tmp_path / "part-00000000.parquet"))]
    assert errors == [None, f"{DIED}.", None]


def test_a_part_is_begun_with_care_only_after_actors_died_at_it_twice(
    feed: Path, archives: Path, tmp_path: Path
) -> None:
    plan = Plan(Here(feed), Here(tmp_path / "rows.jsonl"), (archives,), part=3)
    staged = Input(Here(tmp_path))
    staged.begin()
    assert list(staged.stage(islice(suspects(plan), 3), plan.part, frozenset())) == [0]
    staged.note_try(0, "part")
    staged.note_try(0, "suspect-2")
    staged.note_try(0, "suspect-2")
    _Actor(plan, Here(tmp_path))({"part": [0]})
    assert not any(row["error"] for row in read_part(Here(tmp_path / "part-00000000.parquet")))
