"""Read what was made to hold a reader up, in every input format: the worst time and memory of each.

    python benchmarks/hostile.py [--size 100000] [--only FORMAT] [--verbose] [--output FILE]

Each input has at most ``--size`` bytes. It is cut into articles and read in a process of its own, under the limits
of a scan's workers; a line has the format's slowest and its largest input, and the last one the worst of all. The
figures are processor time (of the slowest row, which is what may hold up a scan; until the first row is there; of
the whole file, which is long where it holds tens of thousands of articles) and the peak of memory beyond what was
loaded.
"""

from __future__ import annotations

import argparse
import importlib
import json
import multiprocessing
import os
import resource
import signal
import tempfile
import time
from collections.abc import Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from hostile_inputs import HOSTILE, of, page

from spindetect.archive.inputs import record_of, unread_in_file
from spindetect.errors import SpindetectError
from spindetect.memory import MEGABYTE, limited
from spindetect.read.article import article_from_bytes, article_from_text
from spindetect.read.format import BadRecord
from spindetect.scan.reading import reading_limit
from spindetect.settings import Settings

SIZE = 100_000
_LOADED = ("lxml.html", "trafilatura", "pypdf", "striprtf.striprtf", "warcio.archiveiterator", "pyarrow.parquet")
_GIVEN_UP = 30  # seconds of processor time after which an input is given up
_SECONDS, _MEGABYTES = 2, 500  # that reading may take


# --- measuring ------------------------------------------------------------------


def read(path: Path) -> tuple[int, int, float, float, str]:
    """Cut a file into articles and read them as a scan's workers do.

    How many were read, how many are errors, the seconds that the slowest took and the first, and the last error.
    """
    settings = Settings()
    good = bad = 0
    slowest, first, said = 0.0, 0.0, ""
    start = time.process_time()
    for item in unread_in_file(path, {}, settings):
        try:
            with reading_limit(item):
                found = record_of(item, {}, settings.max_characters)
                if not isinstance(found, BadRecord):
                    article_from_text(found.text or "", found.name)
        except MemoryError:
            found = BadRecord("", "more memory than the limit")
        slowest, start = max(slowest, time.process_time() - start), time.process_time()
        first = first or slowest
        if isinstance(found, BadRecord):
            bad, said = bad + 1, _told(found, path)
        else:
            good += 1
    slowest = max(slowest, time.process_time() - start)
    return good, bad, slowest, first or slowest, said


def _measure(path: Path, line: Connection) -> None:
    """Read a file and say how long that took; runs in a process of its own."""
    resource.setrlimit(resource.RLIMIT_CPU, (_GIVEN_UP, _GIVEN_UP))
    Path("/proc/self/clear_refs").write_text("5", "ascii")  # the peak of memory begins anew
    before = _peak()
    start = time.process_time()
    try:
        with limited(2_000 * MEGABYTE):
            good, bad, slowest, first, said = read(path)
        said = said or ("" if good or bad else "no articles")
    except (MemoryError, SpindetectError) as error:
        good, bad, slowest, first, said = 0, 1, 0.0, 0.0, f"{type(error).__name__}: {_told(error, path)}"
    seconds = time.process_time() - start
    line.send((seconds, _peak() - before, good, bad, slowest, first, said))


def _told(error: object, path: Path) -> str:
    """The beginning of a message, without the folder in which the input lies."""
    return str(error).replace(f"{path.parent}{os.sep}", "")[:150]


def _peak() -> float:
    """The peak of this process's memory in megabytes."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(next(one for one in status.splitlines() if one.startswith("VmHWM")).split()[1]) / 1024


def measured(name: str, data: bytes, folder: Path) -> dict[str, Any]:
    """Seconds, megabytes and what came of an input; ``failed`` where its process died or was given up."""
    path = folder / name
    path.write_bytes(data)
    context = multiprocessing.get_context("fork")  # what is loaded stays loaded
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_measure, args=(path, theirs))
    process.start()
    theirs.close()
    try:
        seconds, memory, good, bad, slowest, first, said = ours.recv()
    except EOFError:
        process.join()
        late = process.exitcode in (-signal.SIGXCPU, -signal.SIGKILL)
        failed = f"given up after {_GIVEN_UP} s" if late else "its process died"
        return {"failed": failed, "seconds": float(_GIVEN_UP * late), "memory_mb": 0.0}
    finally:
        process.kill()
        process.join()
    return {
        "seconds": round(seconds, 2),
        "slowest": round(slowest, 2),
        "first": round(first, 2),
        "memory_mb": round(memory),
        "articles": good,
        "errors": bad,
        "said": said,
    }


def main() -> None:
    """Print a line for each format, and with ``--verbose`` for each input."""
    for module in _LOADED:
        importlib.import_module(module)
    article_from_bytes(page(of("<p>It rained."))(9_000), "x.html")
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--size", type=int, default=SIZE)
    options.add_argument("--only", nargs="*", default=[])
    options.add_argument("--named", default="", help="inputs whose name has this")
    options.add_argument("--verbose", action="store_true")
    options.add_argument("--output", type=Path)
    given = options.parse_args()
    found: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for form, (ending, shapes) in HOSTILE.items():
            if given.only and form not in given.only:
                continue
            rows = found[form] = {}
            for name, shape in shapes.items():
                if given.named in name:
                    data = shape(given.size)
                    rows[name] = measured(f"x{ending}", data, Path(folder)) | {"bytes": len(data)}
                    if given.verbose:
                        _tell(f"  {name}", rows[name])
            for what in ("seconds", "memory_mb"):
                worst = max(rows, key=lambda name: rows[name][what], default=None)
                if worst:
                    _tell(f"{form} ({len(rows)}), most {what.partition('_')[0]}: {worst}", rows[worst])
    every = {f"{form}: {name}": row for form, rows in found.items() for name, row in rows.items()}
    for what in ("seconds", "memory_mb"):
        _tell(f"of all {len(every):,}: {(worst := max(every, key=lambda name: every[name][what]))}", every[worst])
    over = [
        name
        for name, row in every.items()
        if "failed" in row or row["seconds"] > _SECONDS or row["memory_mb"] > _MEGABYTES
    ]
    print(f"{len(over)} over {_SECONDS} s or {_MEGABYTES} MB, or without an end: {'; '.join(over) or 'none'}")
    if given.output:
        given.output.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


def _tell(name: str, row: Mapping[str, Any]) -> None:
    more = (
        row.get("failed")
        or f"slowest row {row['slowest']} s, first {row['first']} s, {row['articles']} articles, "
        f"{row['errors']} errors {row['said']}"
    )
    print(
        f"{name:60} {row['bytes']:8,} B {row['seconds']:7.2f} s {row['memory_mb']:6.0f} MB  {more}"[:220],
        flush=True,
    )


if __name__ == "__main__":
    main()
