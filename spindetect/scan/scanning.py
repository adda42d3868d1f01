"""A whole scan: archive, rows, parts, output.

source --read--> suspects --work--> rows --> parts --assemble--> output
"""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Unpack

from spindetect.archive.archive import Archive
from spindetect.archive.inputs import made_records, pyarrow_for
from spindetect.archive.layout import ABOUT, CATALOGUE, INDEX, TEXTS
from spindetect.archive.shards import open_archives
from spindetect.errors import SpindetectError, needed
from spindetect.files import bounded_bytes, whole_file
from spindetect.read.files import STANDARD_INPUT
from spindetect.scan import local
from spindetect.scan.clusters import clusters, with_clusters
from spindetect.scan.feeds import feed_files
from spindetect.scan.local import Advance
from spindetect.scan.output import clear, is_there, write_output
from spindetect.scan.parts import Parts
from spindetect.scan.places import Far, Here
from spindetect.scan.plan import Engine, Plan, ScanKeywords, identity, on_this_node
from spindetect.scan.reading import suspects
from spindetect.scan.reports import make_folder, write_index
from spindetect.scan.rows import Row
from spindetect.scan.spinners import spinner_groups, with_groups
from spindetect.worker_life import Limits


@dataclass(slots=True)
class Summary:
    """The outcome of a scan: rows in the output, those that hold an error, those that were there from before.

    ``families`` counts the articles by each family of spinners, ``groups`` those of unknown spinners,
    ``left_out`` the pages of a crawl that were passed over, by the reason.
    """

    rows: int = 0
    errors: int = 0
    resumed: int = 0
    families: Counter[str] = field(default_factory=Counter)
    groups: int = 0
    left_out: Counter[str] = field(default_factory=Counter)


def scan(
    source: str | Path,
    out: str | Path,
    archives: Sequence[str | Path] = (),
    *,
    jobs: int = 0,
    resume: bool = False,
    overwrite: bool = False,
    engine: Engine = "local",
    address: str | None = None,
    advance: Advance | None = None,
    before: Advance | None = None,
    **asked: Unpack[ScanKeywords],
) -> Summary:
    """Look every article of ``source`` up in the archive and write a row on each to ``out``.

    With neither archives nor ``itself`` (source against source) each is scored without a reference, and so it is
    with ``alone``. ``asked`` is whatever `ScanSettings` has. ``source`` is what `read_records` takes, ``out`` a
    ``.jsonl`` or ``.parquet`` file, or a folder for Parquet files; both may be URIs, as ``s3://bucket/feed``. An
    article that takes over ``time_limit`` seconds or ``memory_limit`` bytes is given up. A report on each that
    reaches ``report_at`` (``{"score": 50.0}``) goes to ``report_dir``. ``jobs`` processes work (0: one on each
    core): in a script, call it under ``if __name__ == "__main__":``. ``advance`` is called with how many more are
    done, ``before`` with how many were. Raises `SpindetectError` when the scan can't begin or be resumed.
    """
    plan = Plan.of(source, out, archives, asked)
    way = _Way(engine, address, jobs, advance or _ignore, before or _ignore)
    _make_way(plan, engine, resume, overwrite)
    return _carried_out(_with_archive(plan, jobs), way)


@dataclass(frozen=True, slots=True)
class _Way:
    """How a scan is carried out, which makes no difference to its rows."""

    engine: Engine
    address: str | None
    jobs: int
    advance: Advance
    before: Advance


def _carried_out(plan: Plan, way: _Way) -> Summary:
    """Scan what isn't done, put the output together with groups of spinners and clusters, and say how it went."""
    parts = Parts(plan.parts)
    begun = parts.folder.exists()
    try:
        summary = _scanned(plan, way, parts)
    except SpindetectError:
        # A scan that could not begin has nothing to go on with, and must not stand in the next one's way.
        if not begun and not parts.finished():
            parts.remove()
        raise
    groups = spinner_groups(parts.rows())
    summary.groups = len(set(groups.values()))
    rows = with_groups(_counted(parts.rows(), summary), groups)
    if plan.report_dir is not None:
        write_index(plan.report_dir, parts.rows())
    if plan.itself:
        rows = with_clusters(rows, clusters(parts.rows(), plan.cluster_at))
    write_output(plan, rows)
    parts.remove()
    return summary


def _scanned(plan: Plan, way: _Way, parts: Parts) -> Summary:
    """Scan what isn't done; the parts that were done before are counted."""
    with _nodes(plan, way) as plan:
        articles = _articles(plan)
        parts.begin(identity(plan, feed_files(plan.source), articles))
        summary = Summary(resumed=parts.rows_finished(plan.part))
        way.before(summary.resumed)
        items = suspects(plan, lambda reason: summary.left_out.update([reason]), parts.last_rows())
        if way.engine == "ray":
            from spindetect.scan import ray

            ray.run(replace(plan, articles=articles), items, parts, way.address, way.jobs, way.advance)
        else:
            local.run(plan, items, parts, way.jobs or os.cpu_count() or 1, way.advance)
    return summary


def _nodes(plan: Plan, way: _Way) -> AbstractContextManager[Plan]:
    """The plan as the cluster's nodes have it."""
    if way.engine == "local":
        return nullcontext(plan)
    from spindetect.scan.nodes import surveyed

    return surveyed(plan, way.address)


def _ignore(_: int) -> None:
    pass


def _check(plan: Plan, engine: Engine) -> None:
    """Refuse what can't be scanned, before anything is changed."""
    if plan.in_files and "." in plan.out.name:
        raise SpindetectError(
            f"cannot write {plan.out}: expected a name that ends in .jsonl or .parquet, or without an ending, "
            "for a folder of Parquet files."
        )
    if plan.in_files or plan.out.name.endswith(".parquet"):
        pyarrow_for("write a Parquet file")
    if str(plan.source) == STANDARD_INPUT:
        raise SpindetectError("standard input can't be scanned: it can be read only once. Name a file or folder.")
    if isinstance(plan.out, Here):
        out = plan.out.path
        if not out.parent.is_dir():
            raise SpindetectError(f"there is no folder {out.parent} to write {out.name} to. Make it first.")
        source = [plan.source.path] if isinstance(plan.source, Here) else []
        for read in (*source, *plan.ignore):
            if out.resolve().is_relative_to(read.resolve()):
                raise _inside(out, read)
    if isinstance(plan.out, Far) and f"{plan.out}/".startswith(f"{plan.source}/"):
        raise _inside(plan.out, plan.source)
    if plan.spread and engine == "local":
        raise SpindetectError("archives are spread over the nodes of a cluster. Give --engine ray.")
    if plan.spread and not plan.archives:
        raise SpindetectError("there is no archive that could be spread over nodes. Give --archive.")
    if engine == "ray":
        needed("ray.data", "scan on a cluster", "ray")
        needed("pyarrow.parquet", "scan on a cluster", "ray")


def _inside(out: object, read: object) -> SpindetectError:
    return SpindetectError(f"{out} is, or lies in, {read}, which the scan reads. Name a place outside.")


def _make_way(plan: Plan, engine: Engine, resume: bool, overwrite: bool) -> None:
    """Keep an existing output, delete it, or refuse, depending on the options."""
    _check(plan, engine)
    if plan.report_dir is not None:
        make_folder(plan.report_dir)
    parts = Parts(plan.parts)
    parts.require_ours()
    own = plan.itself and not plan.archives
    if own:
        require_own_archive(plan.own_archive)
    there = is_there(plan)
    if overwrite and not resume:
        parts.remove()
        clear(plan)
        if own:
            remove_own_archive(plan.own_archive)
        return
    begun = parts.folder.exists()
    if begun and not resume:
        raise SpindetectError(
            f"{parts.folder} is what a scan left that was interrupted. Go on with it by --resume, or start anew "
            "with --overwrite."
        )
    if there and not begun and not overwrite:
        raise SpindetectError(f"{plan.out} is there already, and complete. Replace it with --overwrite.")


def _with_archive(plan: Plan, jobs: int) -> Plan:
    """The plan with an archive of the source itself where it takes one and none is named; made, or added to."""
    if plan.archives or not plan.itself:
        return plan
    path = plan.own_archive
    limits = Limits(plan.time_limit, plan.memory_limit)
    with opened_own_archive(path) as archive:
        archive.add(made_records((item for _, item in suspects(plan)), plan.columns, plan.settings, jobs, limits))
    return replace(plan, archives=(path,))


def _articles(plan: Plan) -> int:
    """How many articles the archives have."""
    if plan.shards:
        return sum(shard.articles for shard in plan.shards)
    if not plan.archives:
        return 0
    with open_archives([on_this_node(path) for path in plan.archives]) as archive:
        return len(archive)


def _counted(rows: Iterator[Row], summary: Summary) -> Iterator[Row]:
    for row in rows:
        summary.rows += 1
        summary.errors += row["error"] is not None
        if row["family"]:
            summary.families[row["family"]] += 1
        yield row


_MARK = "scan.json"
_OURS = (TEXTS, CATALOGUE, f"{CATALOGUE}-wal", f"{CATALOGUE}-shm", INDEX, ABOUT, _MARK)
_LARGEST_MARK = 10_000  # bytes


def require_own_archive(path: Path) -> None:
    """Raise `SpindetectError` for something of that name that no scan to this output made."""
    if not path.exists():
        return
    try:
        marked = json.loads(bounded_bytes(path / _MARK, _LARGEST_MARK))["archive"] == path.name
    except (OSError, ValueError, LookupError, TypeError):
        marked = False
    if not marked:
        raise SpindetectError(
            f"{path} wasn't made by a scan to this output, so it stays as it is. Is it an archive of the input? "
            "Then name it with --archive. Otherwise move it away, or name another output."
        )


def opened_own_archive(path: Path) -> Archive:
    """The scan's own archive, made if there is none."""
    require_own_archive(path)
    if path.exists():
        return Archive.open(path)
    archive = Archive.create(path)
    with whole_file(path / _MARK) as stream:
        stream.write(json.dumps({"made_by": "spindetect scan", "archive": path.name}).encode() + b"\n")
    return archive


def remove_own_archive(path: Path) -> None:
    """Delete it, the mark last, and nothing that somebody else put there."""
    require_own_archive(path)
    for name in _OURS if path.exists() else ():
        part = path / name
        if part.is_dir() and not part.is_symlink():
            shutil.rmtree(part, ignore_errors=True)
        else:
            part.unlink(missing_ok=True)
    if path.exists() and not any(path.iterdir()):
        path.rmdir()
