"""Time what users wait for, on this machine: a comparison in a loaded process, a cold start, the help page.

    python benchmarks/speed.py [SUSPECT REFERENCE]

Without arguments it compares two example articles. Reading and segmenting are part of
every comparison timed (the detector's cache of documents is emptied each time). ``compare``
is what a score and its substitutions take, ``compare and report`` adds all that is in the JSON
report. Run it with the modules compiled and with them not, to see what that gives.
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spindetect.results import Comparison

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = (ROOT / "data/harbor/spun.txt", ROOT / "data/harbor/original.txt")


def median_ms(work: Callable[[], object], rounds: int) -> float:
    """Median wall time of ``work`` in milliseconds."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1e3


def main(suspect: Path, reference: Path) -> None:
    """Print one line for each figure."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from spindetect.align.lexical import lexicon
    from spindetect.detector import Detector

    detector = Detector.load()

    def compare() -> Comparison:
        detector._segmented.cache_clear()
        return detector.compare(suspect, reference)

    def report() -> None:
        compare().to_dict()

    report()
    command = [sys.executable, "-m", "spindetect"]
    score = [*command, "score", str(suspect), "--reference", str(reference)]
    compiled = "compiled" if lexicon.__file__.endswith((".so", ".pyd")) else "not compiled"
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}, {compiled}")
    print(f"compare, loaded process: {median_ms(compare, 101):8.1f} ms (median of 101)")
    print(f"compare and report:      {median_ms(report, 101):8.1f} ms (median of 101)")
    print(f"load the model:          {median_ms(Detector.load, 5):8.1f} ms (median of 5)")
    for name, line in (
        ("import spindetect", [sys.executable, "-c", "import spindetect"]),
        ("spindetect --help", [*command, "--help"]),
        ("cold score of one pair", score),
    ):
        run = median_ms(lambda line=line: subprocess.run(line, capture_output=True, check=True), 7)
        print(f"{name + ':':24} {run:8.1f} ms (median of 7)")


if __name__ == "__main__":
    main(*(map(Path, sys.argv[1:3]) if len(sys.argv) > 2 else EXAMPLES))
