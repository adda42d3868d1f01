"""The engine for a cluster: Ray Data hands parts of the input to actors that load model and archive once.

suspects --stage--> input parts --Ray Data--> actors --write--> parts

Every node must see the archives and the folder of the output under the same path (a shared file
system). What an actor has finished is a part there, so a scan that was killed is
resumed as the local engine's is, and an actor that dies loses nothing that was finished.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spindetect.archive.inputs import BadRecord
from spindetect.archive.records import Record
from spindetect.errors import MissingExtra, SpindetectError
from spindetect.scan.local import Advance, part_of
from spindetect.scan.parts import Parts
from spindetect.scan.plan import Plan
from spindetect.scan.rows import Item, Row, as_table
from spindetect.scan.work import Scanner, lost_row

if TYPE_CHECKING:
    import pyarrow

_STAGED = "input"  # the folder of input parts, in that of the parts
# How often a suspect is begun; actors died at it each time.
_ATTEMPTS = 2


def run(plan: Plan, items: Iterable[Item], parts: Parts, address: str | None, jobs: int, advance: Advance) -> None:
    """Scan all items that aren't in a finished part, on ``jobs`` actors (0: one on each of the cluster's cores)."""
    ray = _ray()
    plan = _everywhere(plan)
    folder = parts.folder.resolve() / _STAGED
    folder.mkdir(exist_ok=True)
    for mark in folder.glob("began-*"):  # of a run that was killed, which was no suspect's fault
        mark.unlink()
    todo = [{"part": number} for number in _stage(plan, items, folder, parts.finished())]
    if not todo:
        return
    ours = not ray.is_initialized()
    if ours:
        ray.init(address=address, log_to_driver=False, logging_level="ERROR")
    try:
        for batch in _scanned(plan, todo, str(parts.folder.resolve()), jobs).iter_batches(batch_size=None):
            advance(int(sum(batch["rows"])))
    except ray.exceptions.RayError as error:
        *_, reason = (type(error).__name__, *str(error).split("\n"))
        raise SpindetectError(f"Ray gave up: {reason}. What was done is kept; go on with --resume.") from error
    finally:
        if ours:
            ray.shutdown()
    _unstage(folder)


def _ray() -> Any:
    """The package ray with its data; raises `MissingExtra` when it isn't installed."""
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise MissingExtra(
            "to scan on a cluster takes Ray, which isn't installed. Run: pip install 'spindetect[ray]'"
        ) from error
    ray.data.DataContext.get_current().enable_progress_bars = False
    return ray


def _everywhere(plan: Plan) -> Plan:
    """The plan with paths that mean the same in every process."""
    archives, ignore = (tuple(path.resolve() for path in paths) for paths in (plan.archives, plan.ignore))
    return replace(plan, archives=archives, ignore=ignore)


def _scanned(plan: Plan, todo: list[dict[str, int]], folder: str, jobs: int) -> Any:
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
    """Lives in one process of the cluster for the whole scan."""

    def __init__(self, plan: Plan, folder: str) -> None:
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        self._plan = plan
        self._scanner = Scanner(plan)
        self._folder = Path(folder)

    def __call__(self, batch: Mapping[str, Any]) -> dict[str, list[int]]:
        """Scan the parts of a batch, write their rows, and say how many there are."""
        return {"rows": [self._scan(int(number)) for number in batch["part"]]}

    def _scan(self, number: int) -> int:
        rows = [self._row(item, number) for item in staged(self._folder / _STAGED, number)]
        write_table(as_table(rows), self._folder / f"part-{number:08}.parquet")
        return len(rows)

    def _row(self, item: Item, number: int) -> Row:
        """A suspect's row; one at which actors died twice is lost, so that it can't go on for ever."""
        mark = self._folder / _STAGED / f"began-{item[0]}"
        begun = len(mark.read_bytes()) if mark.exists() else 0
        if begun >= _ATTEMPTS:
            return lost_row(self._plan, item, "died")
        with mark.open("ab") as stream:
            stream.write(b".")
        row = self._scanner.row(*item)
        mark.unlink(missing_ok=True)
        return row


# --- the input, in parts --------------------------------------------------------


def _stage(plan: Plan, items: Iterable[Item], folder: Path, finished: frozenset[int]) -> Iterator[int]:
    """Write every part of the input that isn't done yet to a file of its own; yield the parts' numbers."""
    for number, group in groupby(items, lambda item: part_of(item, plan)):
        if number not in finished:
            import pyarrow

            table = pyarrow.Table.from_pylist([_packed(item) for item in group])
            write_table(table, folder / f"part-{number:08}.parquet")
            yield number


def _packed(item: Item) -> dict[str, Any]:
    number, suspect = item
    fields = asdict(suspect) if isinstance(suspect, BadRecord) else {**asdict(suspect), "other": {}}
    return {"number": number, "bad": isinstance(suspect, BadRecord), "fields": json.dumps(fields)}


def staged(folder: Path, number: int) -> Iterator[Item]:
    """The suspects of an input part, as they were read."""
    for row in read_table(folder / f"part-{number:08}.parquet").to_pylist():
        yield row["number"], (BadRecord if row["bad"] else Record)(**json.loads(row["fields"]))


def _unstage(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()


def write_table(table: pyarrow.Table, path: Path) -> None:
    """Write a Parquet file that appears whole or not at all, whoever else writes the same."""
    import pyarrow.fs
    import pyarrow.parquet

    files, name = pyarrow.fs.FileSystem.from_uri(path.as_uri())
    temporary = f"{name}.{os.getpid()}.{os.urandom(4).hex()}.tmp"
    pyarrow.parquet.write_table(table, temporary, filesystem=files, compression="zstd")
    files.move(temporary, name)


def read_table(path: Path) -> pyarrow.Table:
    """A Parquet file's rows."""
    import pyarrow.fs
    import pyarrow.parquet

    files, name = pyarrow.fs.FileSystem.from_uri(path.as_uri())
    return pyarrow.parquet.read_table(name, filesystem=files, partitioning=None)
