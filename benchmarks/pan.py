"""Measure passages on an extracted PAN text-alignment corpus, and the speed on one core.

    python benchmarks/pan.py FOLDER [tuning|reporting]

The speed counts everything from reading the files to the passages, in a loaded process;
a suspect is read and segmented once for its pairs in a folder.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path


def main(folder: Path, half: str | None = None) -> None:
    """Print a line for each folder of the corpus, then the speed."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from spindetect.detector import Detector
    from spindetect.training.pan import find_all, half_of, measure_pan, pan_folders, read_pan_pairs

    detector = Detector.load()
    named = [pair for kind in pan_folders(folder) for pair in read_pan_pairs(kind / "pairs")]
    pairs = [pair for pair in named if half in (None, half_of(pair[0]))]
    start = time.process_time()
    find_all(folder, pairs, detector)
    seconds = time.process_time() - start
    print(f"{'':26} plagdet precision recall granularity cases detections")
    for name, one in measure_pan(folder, detector, half).items():  # type: ignore[arg-type]
        print(
            f"{name:26} {one.plagdet:7.4f} {one.precision:9.4f} {one.recall:6.4f} {one.granularity:11.4f} "
            f"{one.cases:5} {one.detections:10}"
        )
    print(f"{len(pairs)} pairs in {seconds:.1f} s of processor time: {len(pairs) / seconds:.0f} a second")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(Path(sys.argv[1]), *sys.argv[2:])
