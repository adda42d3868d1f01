"""Scanning on a cluster: two nodes on this machine give the rows that one process gives, though a worker dies."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from labour import frail
from objects import CREDENTIALS, bucket
from stories import story

from spindetect import Archive
from spindetect.errors import SpindetectError
from spindetect.read.article import read_article
from spindetect.scan import scan
from spindetect.scan.parts import read_part
from spindetect.scan.places import Here, place
from spindetect.scan.plan import Engine, Plan, Shard
from spindetect.scan.ray import _Actor
from spindetect.scan.reading import suspects
from spindetect.scan.shard_actors import Asking, Batch, NodeGone, started
from spindetect.scan.staging import Input
from spindetect.scan.work import Scanner
from spindetect.worker_life import DIED

ray = pytest.importorskip("ray", reason="needs Ray: pip install 'spindetect[ray]'")
pytestmark = [pytest.mark.ray, pytest.mark.slow, pytest.mark.xdist_group("ray")]  # one cluster, in one process

DATA = Path(__file__).parents[1] / "data"
PATH = os.pathsep.join([str(DATA.parent), str(Path(__file__).parent)])
SUSPECTS = 24


@pytest.fixture(scope="module")
def disks(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """What ``$DISK`` stands for on each node."""
    return [tmp_path_factory.mktemp("disk") for _ in range(2)]


@pytest.fixture(scope="module")
def cluster(disks: list[Path]) -> Iterator[Any]:
    """Two nodes with a core each; this process is connected to them."""
    from ray.cluster_utils import Cluster

    node = {"num_cpus": 1, "object_store_memory": 80 * 2**20}
    first, second = ({**node, "env_vars": {"DISK": str(disk)}} for disk in disks)
    made = Cluster(initialize_head=True, head_node_args={**first, "include_dashboard": False})
    made.add_node(**second)
    environment = {"PYTHONPATH": PATH, **CREDENTIALS}
    os.environ.update(CREDENTIALS)
    ray.init(address=made.address, log_to_driver=False, runtime_env={"env_vars": environment})
    yield made
    ray.shutdown()
    made.shutdown()
    for name in CREDENTIALS:
        del os.environ[name]


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


_GO = """
import os, sys
from spindetect.scan import scan

if __name__ == "__main__":
    feed, out, archives, engine, address = sys.argv[1:]
    if engine == "ray":
        import ray
        environment = {"PYTHONPATH": os.environ["PYTHONPATH"]}
        ray.init(address=address, log_to_driver=False, runtime_env={"env_vars": environment})
    scan(feed, out, [archives], engine=engine, jobs=1, part=2)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
@pytest.mark.parametrize(("first", "then"), [("local", "ray"), ("ray", "local")])
def test_a_scan_that_one_engine_began_is_resumed_by_the_other(
    cluster: Any,
    feed: Path,
    archives: Path,
    expected: bytes,
    tmp_path: Path,
    first: Engine,
    then: Engine,
) -> None:
    out, parts, script = tmp_path / "rows.jsonl", tmp_path / "rows.jsonl.parts", tmp_path / "go.py"
    script.write_text(_GO, "utf-8")
    environment = {**os.environ, "PYTHONPATH": PATH}
    arguments = [sys.executable, script, feed, out, archives, first, cluster.address]
    process = subprocess.Popen(arguments, env=environment)
    while len(list(parts.glob("part-*"))) < 2:
        assert process.poll() is None
        time.sleep(0.01)
    process.kill()
    process.wait()
    kept = {path.name: path.read_bytes() for path in parts.glob("part-*")}
    assert not out.exists()
    seen: dict[str, bytes] = {}

    def look(_: int) -> None:
        seen.update((path.name, path.read_bytes()) for path in parts.glob("part-*") if path.name in kept)

    done = scan(feed, out, [archives], engine=then, jobs=1, part=2, resume=True, advance=look)
    assert done.resumed >= 2 * len(kept) - 1
    assert seen == kept  # what was done was not done again
    assert out.read_bytes() == expected


@pytest.mark.parametrize("system", ["file", "s3"])
def test_a_cluster_reads_and_writes_by_uri(
    cluster: Any, feed: Path, archives: Path, expected: bytes, tmp_path: Path, system: str
) -> None:
    with bucket() if system == "s3" else nullcontext((tmp_path.as_uri(), "")) as (root, options):
        source, out = (place(f"{root}/{name}?{options}") for name in ("feed/all.jsonl", "rows"))
        source.beside("").make_folder()
        with source.written() as stream:
            stream.write(feed.read_bytes())
        done = scan(
            f"{root}/feed?{options}", f"{root}/rows?{options}", [archives], engine="ray", part=5, file_rows=9
        )
        assert (done.rows, done.errors) == (SUSPECTS, 1)
        assert out.names() == ["_SUCCESS", *(f"part-{number:05}.parquet" for number in range(3))]
        rows = [row for name in out.names()[1:] for row in read_part(out.child(name))]
        assert not out.beside("rows.parts").exists()
    whole = [json.loads(line) for line in expected.splitlines()]
    failed = [row for row in whole if row["error"]]
    given = {"input": str(place(f"{root}/feed?{options}"))}  # a row names the input that its scan was given
    assert [row for row in rows if not row["error"]] == [row | given for row in whole if not row["error"]]
    assert [row["number"] for row in rows] == [row["number"] for row in whole]
    assert [row["id"] for row in rows if row["error"]] == [f"{source}, line {row['number']}" for row in failed]


def given(expected: bytes, archives: str) -> list[dict[str, Any]]:
    """The rows expected of a scan that was given these archives: a row names them as its scan was given them."""
    return [json.loads(line) | {"archives": [archives]} for line in expected.splitlines()]


def rows_of(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.read_bytes().splitlines()]


@pytest.fixture(scope="module")
def spread(disks: list[Path], archives: Path) -> str:
    """A shard on each node's disk, by the folder's name on both."""
    shutil.copytree(archives / "a", disks[0] / "news" / "a")
    shutil.copytree(archives / "b", disks[1] / "news" / "b")
    return "$DISK/news"


def test_shards_that_lie_on_different_nodes_give_the_rows_of_those_on_one(
    cluster: Any, spread: str, feed: Path, archives: Path, expected: bytes, tmp_path: Path
) -> None:
    out = tmp_path / "rows.jsonl"
    scan(feed, out, [spread], engine="ray", part=3, spread=True)
    assert rows_of(out) == given(expected, spread)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds the actor to kill in /proc")
def test_a_shard_killed_in_the_middle_is_started_anew_where_it_lies(
    cluster: Any, spread: str, feed: Path, archives: Path, expected: bytes, tmp_path: Path
) -> None:
    out = tmp_path / "rows.jsonl"
    killed: list[int] = []

    def kill_both(_: int) -> None:
        if not killed:
            killed.extend(actor_processes(cluster, "ray::ShardActor"))
            for process in killed:
                os.kill(process, signal.SIGKILL)

    scan(feed, out, [spread], engine="ray", part=2, spread=True, advance=kill_both)
    assert len(killed) == 2
    assert rows_of(out) == given(expected, spread)


def test_a_shard_whose_node_is_gone_is_asked_of_a_copy_on_another(cluster: Any, archives: Path) -> None:
    third = cluster.add_node(num_cpus=0, object_store_memory=80 * 2**20)
    shard = Shard(f"{archives}/a", 11, 11, "one with a copy")
    copies = [node["NodeID"] for node in ray.nodes() if node["Alive"]]
    first = started(ray, replace(shard, actor="one on the third node"), [third.node_id])
    second = started(ray, shard, copies)
    asking = Asking([replace(shard, actor="one on the third node")])
    both = Asking([shard])
    batch = Batch(words=("council", "toll"), digests=(1,))
    with Archive.open(archives / "a") as near:
        wanted = [[near.index.frequency(word) for word in batch.words]]
    assert asking(batch).frequencies == both(batch).frequencies == wanted
    assert both(batch).articles == [[None]]
    cluster.remove_node(third, allow_graceful=False)
    assert both(batch).frequencies == wanted
    for actor in (first, second):
        ray.kill(actor)
    with pytest.raises(NodeGone, match=r"no node that has .*/a answers"):
        for _ in range(100):  # killing takes a moment
            both(batch)
            time.sleep(0.1)


def test_a_copy_of_the_archive_that_is_not_the_same_is_refused(
    feed: Path, archives: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWS", str(archives))
    plan = Plan(Here(feed), Here(tmp_path / "rows.jsonl"), (Path("$NEWS/a"),), articles=11)
    assert Scanner(plan).row(1, next(suspects(plan))[1])["number"] == 1
    with pytest.raises(SpindetectError, match=r"has 11 articles, but 12 where the scan was begun. Copy it"):
        Scanner(replace(plan, articles=12))


def actor_processes(cluster: Any, kind: str = "ray::MapWorker") -> list[int]:
    """The processes of this cluster in which the scan's actors live."""
    nodes = {node.all_processes["raylet"][0].process.pid for node in cluster.list_all_nodes()}
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = stat.read_text().rpartition(") ")
            if int(rest.split()[1]) in nodes and kind in (stat.parent / "cmdline").read_text():
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


def test_an_article_that_kills_its_process_and_one_without_end_cost_the_actor_nothing_else(
    feed: Path, archives: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("spindetect.scan.local.start", partial(frail, deadly="f0", endless="f2"))
    plan = Plan(Here(feed), Here(tmp_path / "rows.jsonl"), (archives,), part=4, time_limit=3)
    staged = Input(Here(tmp_path))
    staged.begin()
    assert list(staged.stage(islice(suspects(plan), 4), plan.part, frozenset())) == [0]
    _Actor(plan, Here(tmp_path))({"part": [0]})
    errors = [row["error"] for row in read_part(Here(tmp_path / "part-00000000.parquet"))]
    assert errors[0] == f"{DIED}." and errors[1] is None
    assert errors[2] == "it took more than 3 seconds, the time limit, and was given up."


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
