"""Measure a scan: suspects a second, peak memory, and what a kill in the middle loses.

    python benchmarks/scan.py --corpora DIR --folder DIR [--count 400] [--jobs 2] [--output benchmarks/results]

The folder is the one in which ``benchmarks/archive.py`` built its archive. Of the suspects, a
third are articles of the archive with 30% or 50% of their content words spun, by every
family in turn, a third are the real altered articles of the corpora (over and over), and a
third are on nothing that the archive has. Each is compared with up to 5 candidates. Memory is
that of all processes together, pages they share (the archive's) counted once; the system tells it on
Linux only.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

from archive import RATES, spun, wild_originals, wild_pairs

from spindetect import Archive
from spindetect.training.spinners.spinner import families

SPUN, WILD, UNRELATED = "spun", "wild", "unrelated"
_KILLS = 3


def suspects(archive: Archive, corpora: Path, count: int) -> Iterator[dict[str, str]]:
    """Spun, wild and unrelated suspects in turn; a wanted source's id is in ``wanted``."""
    third = -(-count // 3)
    kinds = (_spun(archive, corpora, third), _wild(corpora), _unrelated(archive, third))
    turns = (next(kind) for kind in cycle(kinds))
    for number, record in enumerate(islice(turns, count)):
        yield {**record, "id": f"{number}"}


def _spun(archive: Archive, corpora: Path, count: int) -> Iterator[dict[str, str]]:
    spinners = families(corpora)
    articles = len(archive) - len(wild_originals(corpora))
    for turn, number in enumerate(random.Random(2).sample(range(articles), count)):
        name = f"article-{number:07}"
        family = sorted(spinners)[turn % len(spinners)]
        text, _ = spun(archive.text(name), spinners, family, RATES[turn % len(RATES)], turn)
        yield {"kind": SPUN, "wanted": name, "text": text}


def _wild(corpora: Path) -> Iterator[dict[str, str]]:
    originals = wild_originals(corpora)
    for pair in cycle(wild_pairs(corpora)):
        yield {"kind": WILD, "wanted": originals[pair.reference], "text": pair.suspect}


def _unrelated(archive: Archive, count: int) -> Iterator[dict[str, str]]:
    """Articles whose sentences are each from another one, so that no article is their source."""
    rng = random.Random(3)
    names = [f"article-{rng.randrange(len(archive) // 2):07}" for _ in range(25 * count)]
    for turn in range(count):
        pieces = [archive.text(name).split(". ") for name in names[25 * turn : 25 * turn + 25]]
        yield {"kind": UNRELATED, "wanted": "", "text": ". ".join(rng.choice(piece) for piece in pieces) + "."}


# --- running --------------------------------------------------------------------


def started(feed: Path, out: Path, archive: Path, jobs: int, *more: str) -> subprocess.Popen[bytes]:
    """A scan as users start it."""
    command = [sys.executable, "-m", "spindetect", "scan", str(feed), "--archive", str(archive), "--out", str(out)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    return subprocess.Popen([*command, "--jobs", str(jobs), *more], env=environment)


def watched(process: subprocess.Popen[bytes]) -> dict[str, float]:
    """Wait for a scan; its seconds, and the peak of its processes' memory in megabytes."""
    start, peak = time.perf_counter(), 0.0
    while process.poll() is None:
        peak = max(peak, megabytes_of(process.pid))
        time.sleep(0.1)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    computing = used.ru_utime + used.ru_stime
    return {"seconds": time.perf_counter() - start, "cpu_seconds": computing, "peak_memory_mb": peak}


def megabytes_of(pid: int) -> float:
    """What a process and its children take, pages that they share counted once (Linux)."""
    return sum(map(_megabytes, _family(pid)))


def _family(pid: int) -> list[int]:
    """A process and its children (Linux)."""
    try:
        return [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split())]
    except OSError:
        return []


def _megabytes(pid: int) -> float:
    """A process's proportional share of memory."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8").splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1e3


def killed(feed: Path, out: Path, archive: Path, jobs: int) -> int:
    """Kill a scan a few times in its middle, and resume it; how often it was killed before it was done."""
    kills = 0
    parts = out.with_name(f"{out.name}.parts")
    for kill in range(_KILLS):
        process = started(feed, out, archive, jobs, *(["--resume"] if kill else ["--overwrite"]))
        before = len(list(parts.glob("part-*"))) if kill else 0
        while process.poll() is None and ((kill == 0 and not parts.exists()) or _count(parts) <= before):
            time.sleep(0.01)
        process.kill()
        kills += process.wait() < 0
    started(feed, out, archive, jobs, "--resume").wait()
    return kills


def _count(parts: Path) -> int:
    return len(list(parts.glob("part-*")))


def compared(out: Path, feed: Path) -> dict[str, float]:
    """What the rows say: candidates compared and sources found, by kind of suspect."""
    wanted = [json.loads(line) for line in feed.open(encoding="utf-8")]
    rows = [json.loads(line) for line in out.open(encoding="utf-8")]
    figures: dict[str, float] = {"candidates_compared": sum(len(row["candidates"]) for row in rows) / len(rows)}
    for kind in (SPUN, WILD):
        pairs = [(row, asked) for row, asked in zip(rows, wanted, strict=True) if asked["kind"] == kind]
        figures[f"{kind}_found"] = sum(row["source_id"] == asked["wanted"] for row, asked in pairs) / len(pairs)
    return {**figures, "errors": float(sum(row["error"] is not None for row in rows))}


def main() -> None:
    """Print the figures, and write them where asked to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpora", required=True, type=Path)
    parser.add_argument("--folder", required=True, type=Path)
    parser.add_argument("--count", type=int, default=1_200)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--output", type=Path)
    arguments = parser.parse_args()
    path = arguments.folder / "archive"
    feed, out, again = (arguments.folder / name for name in ("feed.jsonl", "rows.jsonl", "again.jsonl"))
    with Archive.open(path) as archive, feed.open("w", encoding="utf-8") as stream:
        stream.writelines(json.dumps(one) + "\n" for one in suspects(archive, arguments.corpora, arguments.count))
    figures = watched(started(feed, out, path, arguments.jobs, "--overwrite"))
    figures = {"suspects": arguments.count, **figures, "a_second": arguments.count / figures["seconds"]}
    figures["cpu_ms_each"] = 1e3 * figures["cpu_seconds"] / arguments.count
    figures |= compared(out, feed)
    figures["kills"] = killed(feed, again, path, arguments.jobs)
    ids = Counter(json.loads(line)["number"] for line in again.open(encoding="utf-8"))
    figures["rows_lost"] = arguments.count - len(ids)
    figures["rows_doubled"] = sum(count - 1 for count in ids.values())
    figures["rows_differ"] = float(out.read_bytes() != again.read_bytes())
    for name, value in figures.items():
        print(f"{name:24} {value:14,.3f}")
    if arguments.output:
        arguments.output.mkdir(parents=True, exist_ok=True)
        machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
        report = {"machine": machine, **{name: round(value, 4) for name, value in figures.items()}}
        (arguments.output / "scan.json").write_text(json.dumps(report, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
