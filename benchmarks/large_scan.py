"""Scan many short articles and one page that hangs: when the first row is there, and what memory the scan takes.

    python benchmarks/large_scan.py [--count 20000] [--jobs 2] [--output FILE]

The articles are `stories`, of some fifty words, in two files of JSON lines; between them lies a page at which
reading never ends. Each is compared with an archive of 200 others, at ``--time-limit 3``; only the page should be
given up. Memory is that of all processes together, pages they share counted once (Linux). Rows are counted as they
appear on disk, 64 at a time: the longest pause between two of them is what the page costs the others.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

from scan import megabytes_of, started

from spindetect import Archive

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

_ARCHIVED = 200
_LIMIT = 3  # seconds
_SAMPLE = 0.5  # seconds between two looks at the memory, which take a while
# Python runs this as each process begins: a page in quoted-printable that says so takes for ever.
_HANGING = """
import quopri, time
real = quopri.decodestring
quopri.decodestring = lambda data, *more: time.sleep(10**6) if b"HANG" in data else real(data, *more)
"""


def written(folder: Path, count: int) -> Path:
    """The folder to scan."""
    from stories import story

    feed = folder / "feed"
    feed.mkdir()
    for name, numbers in (("a", range(count // 2)), ("c", range(count // 2, count))):
        with (feed / f"{name}.jsonl").open("w", encoding="utf-8") as lines:
            for number in numbers:
                text = ". ".join(story(_ARCHIVED // 2 + number).split(". ")[:3])
                lines.write(json.dumps({"id": f"s{number}", "text": text}) + "\n")
    (feed / "b.html").write_text('<p class=3D"a">HANG</p>', "utf-8")
    (folder / "sitecustomize.py").write_text(_HANGING, "utf-8")
    with Archive.create(folder / "archive") as archive:
        archive.add({"id": f"a{number}", "text": story(number)} for number in range(_ARCHIVED))
    return feed


def measured(folder: Path, count: int, jobs: int) -> dict[str, float]:
    """Seconds and megabytes of a scan."""
    feed, out = written(folder, count), folder / "rows.jsonl"
    os.environ["PYTHONPATH"] = os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])
    parts, done = out.with_name(f"{out.name}.parts"), 0
    begun = changed = looked = time.perf_counter()
    first = pause = tenth = rest = 0.0
    process = started(feed, out, folder / "archive", jobs, "--time-limit", str(_LIMIT))
    while process.poll() is None:
        now, rows = time.perf_counter(), 64 * len(list(parts.glob("part-*")))
        if rows > done:
            first = first or now - begun
            pause = max(pause, now - changed if done else 0.0)
            changed, done = now, rows
        if now - looked > _SAMPLE and done:
            memory, looked = megabytes_of(process.pid), now
            tenth, rest = (max(tenth, memory), rest) if done < count / 10 else (tenth, max(rest, memory))
        time.sleep(0.05)
    rows = [json.loads(line) for line in out.open(encoding="utf-8")]
    late = [row["error"] for row in rows if row["error"]]
    if process.returncode not in (0, 2) or len(rows) != count + 1 or not late:
        raise SystemExit(f"{len(rows)} rows, {len(late)} of them errors, exit code {process.returncode}")
    return {
        "articles": count,
        "given_up": len(late),
        "seconds": time.perf_counter() - begun,
        "first_rows_seconds": first,
        "longest_pause_seconds": pause,
        "peak_mb_at_a_tenth": tenth,
        "peak_mb_after": rest,
    }


def main() -> None:
    """Print the figures, and write them where asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--output", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measured(Path(folder), given.count, given.jobs)
    for name, value in found.items():
        print(f"{name:24} {value:10,.1f}")
    if given.output:
        given.output.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
