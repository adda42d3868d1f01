"""Measure what Ray adds to a scan: the same suspects by the local engine and by Ray on this machine, in turns.

    python benchmarks/cluster.py --corpora DIR --folder DIR [--counts 128 640] [--repeats 3] [--output DIR]

The folder is the one in which ``benchmarks/archive.py`` built its archive; the suspects are those
of ``benchmarks/scan.py``. Each engine scans a small and a larger number of them: what the
difference took is the cost of an article, and the rest is what an engine costs before the first.
Computing time is that of all processes that the scan started: of those that work on articles, and
of the rest (reading, writing, and Ray's own). Most of the rest goes by the clock and not by the
article: ``cores_beside`` is how much of a core it takes. The medians of all turns are given; measure on a
quiet machine.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections import defaultdict
from itertools import product
from pathlib import Path
from statistics import median

from scan import suspects

from spindetect import Archive

ENGINES = ("local", "ray")
_TICKS = os.sysconf("SC_CLK_TCK")
_A_MILLION = 1_000_000
_DOLLARS = 0.05  # for an hour of a core: an assumption


def measured(feed: Path, out: Path, archive: Path, engine: str, jobs: int) -> dict[str, float]:
    """Scan as users do; the seconds that passed, those computed, and the peak of memory in megabytes (Linux)."""
    command = [sys.executable, "-m", "spindetect", "scan", feed, "--archive", archive, "--out", out, "--overwrite"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "RAY_DEDUP_LOGS": "0"}
    start, peak = time.perf_counter(), 0.0
    computed: dict[int, float] = {}
    workers: set[int] = set()
    process = subprocess.Popen(
        [*map(str, command), "--engine", engine, "--jobs", str(jobs)], env=environment, stdout=subprocess.DEVNULL
    )
    while process.poll() is None:
        family = descendants(process.pid)
        computed |= {pid: seconds for pid in family if (seconds := _computed(pid))}
        workers |= set(filter(_is_worker, family))
        peak = max(peak, sum(map(_megabytes, family)))
        time.sleep(0.2)
    return {
        "seconds": time.perf_counter() - start,
        "cpu_seconds": sum(computed.values()),
        "workers_cpu_seconds": sum(seconds for pid, seconds in computed.items() if pid in workers),
        "peak_memory_mb": peak,
    }


def descendants(pid: int) -> list[int]:
    """A process, its children, theirs, and so on."""
    children: dict[int, list[int]] = defaultdict(list)
    for folder in Path("/proc").glob("[0-9]*"):
        if fields := _stat(int(folder.name)):
            children[int(fields[1])].append(int(folder.name))
    found = [pid]
    for one in found:
        found += children[one]
    return found


def _stat(pid: int) -> list[str]:
    """What the system says of a process, from its state on (see proc(5)); nothing when it has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(") ")[2].split()
    except OSError:
        return []


def _is_worker(pid: int) -> bool:
    try:
        return "spawn_main" in Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8")
    except OSError:
        return False


def _computed(pid: int) -> float:
    fields = _stat(pid)
    return (int(fields[11]) + int(fields[12])) / _TICKS if fields else 0.0


def _megabytes(pid: int) -> float:
    """A process's proportional share of memory."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1e3


def costs(runs: dict[tuple[str, int], list[dict[str, float]]], counts: list[int]) -> dict[str, float]:
    """What an article and the beginning cost on each engine, from the medians of the runs."""
    few, many = counts
    figures: dict[str, float] = {}
    for engine in ENGINES:
        small, large = (
            {name: median(run[name] for run in runs[engine, count]) for name in runs[engine, count][0]}
            for count in counts
        )
        each = {name: (large[name] - small[name]) / (many - few) for name in small}
        figures |= {
            f"{engine}_a_second": 1 / each["seconds"],
            f"{engine}_cpu_ms_each": 1e3 * each["cpu_seconds"],
            f"{engine}_workers_cpu_ms_each": 1e3 * each["workers_cpu_seconds"],
            f"{engine}_cores_beside": (each["cpu_seconds"] - each["workers_cpu_seconds"]) / each["seconds"],
            f"{engine}_before_the_first_s": small["seconds"] - few * each["seconds"],
            f"{engine}_before_the_first_cpu_s": small["cpu_seconds"] - few * each["cpu_seconds"],
            f"{engine}_peak_memory_mb": large["peak_memory_mb"],
            f"{engine}_core_hours_a_million": each["cpu_seconds"] * _A_MILLION / 3600,
            f"{engine}_dollars_a_million": each["cpu_seconds"] * _A_MILLION / 3600 * _DOLLARS,
        }
    figures["rate_ray_to_local"] = figures["ray_a_second"] / figures["local_a_second"]
    figures["cpu_ray_to_local"] = figures["ray_cpu_ms_each"] / figures["local_cpu_ms_each"]
    return figures


def main() -> None:
    """Print the figures, and write them where asked to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpora", required=True, type=Path)
    parser.add_argument("--folder", required=True, type=Path)
    parser.add_argument("--counts", type=int, nargs=2, default=[128, 640])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--output", type=Path)
    arguments = parser.parse_args()
    path = arguments.folder / "archive"
    with Archive.open(path) as archive:
        articles = len(archive)
        lines = [json.dumps(one) + "\n" for one in suspects(archive, arguments.corpora, max(arguments.counts))]
    runs: dict[tuple[str, int], list[dict[str, float]]] = defaultdict(list)
    outputs = {engine: arguments.folder / f"{engine}.jsonl" for engine in ENGINES}
    for _, count, engine in product(range(arguments.repeats), arguments.counts, ENGINES):
        feed = arguments.folder / f"feed-{count}.jsonl"
        feed.write_text("".join(lines[:count]), "utf-8")
        runs[engine, count].append(measured(feed, outputs[engine], path, engine, arguments.jobs))
        print(f"{engine} {count}: {runs[engine, count][-1]}", file=sys.stderr)
    figures = {"articles": float(articles), **costs(runs, sorted(arguments.counts))}
    figures["rows_differ"] = float(outputs["local"].read_bytes() != outputs["ray"].read_bytes())
    for name, value in figures.items():
        print(f"{name:32} {value:14,.3f}")
    if arguments.output:
        arguments.output.mkdir(parents=True, exist_ok=True)
        machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
        report = {"machine": machine, **{name: round(value, 4) for name, value in figures.items()}}
        (arguments.output / "cluster.json").write_text(json.dumps(report, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
