"""Measure passages, and the speed on one core, on a corpus of the PAN text-alignment task.

    python benchmarks/pan.py FOLDER [tuning|reporting] [--output FILE]

FOLDER is the extracted corpus, or the .tar.xz it comes in:

    FOLDER/susp, FOLDER/src     texts
    FOLDER/pairs, FOLDER/0*/pairs  "SUSPECT SOURCE" a line
    FOLDER/0*/*.xml             the true passages, one folder for each kind of obfuscation

The measure is plagdet of Potthast, Stein, Barrón-Cedeño and Rosso, "An evaluation framework
for plagiarism detection" (COLING 2010), macro-averaged over passages. The speed counts everything from reading
the files to the passages, in a loaded process; a suspect is read and segmented once for its pairs in a folder.
"""

from __future__ import annotations

import argparse
import json
import os
import tarfile
import tempfile
import time
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from math import fsum, log2
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree

from spindetect.align.passages.finding import find_passages
from spindetect.detector import Detector
from spindetect.errors import MissingCorpus
from spindetect.findings import Passage
from spindetect.read.article import article_from_text
from spindetect.records import Document, Span

Names = tuple[str, str]
"""File names of a suspect and its reference."""

Half = Literal["tuning", "reporting"]


@dataclass(frozen=True, slots=True)
class PanFigures:
    """How well detections match the true passages; ``cases`` counts these, ``detections`` those.

    ``granularity`` is how many detections there are for each passage found, 1 at best.
    """

    precision: float
    recall: float
    granularity: float
    cases: int
    detections: int

    @property
    def plagdet(self) -> float:
        """F1 of precision and recall, divided by log2(1 + granularity); 0 to 1."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both / log2(1 + self.granularity) if both else 0.0


def measure_pan(
    folder: Path, detector: Detector, half: Half | None = None, limit: int | None = None
) -> dict[str, PanFigures]:
    """Find passages in every pair and measure them, for each folder of the corpus and for ``all``.

    ``folder`` is the extracted corpus or the .tar.xz it comes in. ``half`` keeps the pairs whose
    suspect's name has an even CRC-32 (tuning) or an odd one (reporting), ``limit`` the first so
    many of each folder. Raises `MissingCorpus` if the corpus isn't there.
    """
    if folder.is_file():
        with tempfile.TemporaryDirectory() as place:
            return measure_pan(extracted(folder, Path(place)), detector, half, limit)
    cases: dict[Names, list[Passage]] = {}
    found: dict[Names, list[Passage]] = {}
    figures = {}
    for kind in pan_folders(folder):
        pairs = [names for names in read_pan_pairs(kind / "pairs") if half in (None, half_of(names[0]))][:limit]
        true = read_pan_cases(kind)
        here = {names: true.get(names, []) for names in pairs}
        given = find_all(folder, pairs, detector)
        figures[kind.name] = plagdet(here, given)
        cases |= here
        found |= given
    return {**figures, "all": plagdet(cases, found)}


def half_of(suspect: str) -> Half:
    """Which half of the corpus a suspect belongs to: the passage finder was tuned on one of them only."""
    return "reporting" if zlib.crc32(suspect.encode()) % 2 else "tuning"


def find_all(folder: Path, pairs: Iterable[Names], detector: Detector) -> dict[Names, list[Passage]]:
    """Read the pairs' texts and find their passages; pairs with one suspect should follow each other."""

    @lru_cache(maxsize=4)
    def document(path: Path) -> Document:
        # Text by definition; told by its bytes, one of the files would be refused as binary.
        return detector.document(article_from_text(path.read_bytes().decode("utf-8"), path.name))

    return {
        names: list(find_passages(document(folder / "susp" / names[0]), document(folder / "src" / names[1])))
        for names in pairs
    }


def pan_folders(folder: Path) -> list[Path]:
    """The corpus' folders of true passages, one for each kind of obfuscation."""
    kinds = sorted(path.parent for path in folder.glob("*/pairs"))
    if not kinds:
        raise MissingCorpus(f"{folder} holds no */pairs; expected an extracted PAN text-alignment corpus.")
    return kinds


def read_pan_pairs(path: Path) -> list[Names]:
    """The pairs of file names in a pairs file, sorted, so that each suspect is segmented once."""
    lines = (line.split() for line in path.read_text("utf-8").splitlines())
    return sorted((line[0], line[1]) for line in lines if len(line) == 2)


def read_pan_cases(folder: Path) -> dict[Names, list[Passage]]:
    """The true passages in a folder's XML files, by pair."""
    cases: dict[Names, list[Passage]] = defaultdict(list)
    for path in sorted(folder.glob("*.xml")):
        root = ElementTree.parse(path).getroot()
        for item in root.iter("feature"):
            source = item.get("source_reference")
            if source and (item.get("name") or "").endswith("plagiarism"):
                starts = [int(item.get(f"{side}_offset", "0")) for side in ("this", "source")]
                lengths = [int(item.get(f"{side}_length", "0")) for side in ("this", "source")]
                spans = (Span(start, start + length) for start, length in zip(starts, lengths, strict=True))
                cases[root.get("reference", ""), source].append(Passage(*spans))
    return cases


def extracted(archive: Path, place: Path) -> Path:
    """Unpack a .tar.xz and return the folder in it that holds ``susp``."""
    with tarfile.open(archive) as packed:
        packed.extractall(place, filter="data")
    found = sorted(path.parent for path in place.rglob("susp"))
    if not found:
        raise MissingCorpus(f"{archive} holds no folder susp; expected a PAN text-alignment corpus.")
    return found[0]


# --- the measure -----------------------------------------------------------------------------------


def plagdet(cases: Mapping[Names, Sequence[Passage]], detections: Mapping[Names, Sequence[Passage]]) -> PanFigures:
    """Measure detections against true passages, both by pair of texts; what is given twice counts once.

    Without any of one sort, that sort's figure is 1 if there is none of the other either, else 0.
    """
    wanted = list(_shares(cases, detections))
    given = list(_shares(detections, cases))
    hits = [count for _, count in wanted if count]
    nothing = float(not wanted and not given)
    return PanFigures(
        precision=fsum(share for share, _ in given) / len(given) if given else nothing,
        recall=fsum(share for share, _ in wanted) / len(wanted) if wanted else nothing,
        granularity=sum(hits) / len(hits) if hits else 1.0,
        cases=len(wanted),
        detections=len(given),
    )


def _shares(
    passages: Mapping[Names, Sequence[Passage]], others: Mapping[Names, Sequence[Passage]]
) -> Iterator[tuple[float, int]]:
    """For each passage the share of its characters that others cover, and how many others meet it."""
    for names, here in passages.items():
        for one in set(here):
            met = [
                other
                for other in set(others.get(names, ()))
                if one.suspect.overlap(other.suspect) and one.reference.overlap(other.reference)
            ]
            shared = _covered(one.suspect, (other.suspect for other in met))
            shared += _covered(one.reference, (other.reference for other in met))
            yield shared / max(1, len(one.suspect) + len(one.reference)), len(met)


def _covered(span: Span, others: Iterable[Span]) -> int:
    """How many code points of the span lie in any of the others."""
    total, end = 0, span.start
    for other in sorted(others):
        start, stop = max(other.start, end), min(other.end, span.end)
        if stop > start:
            total += stop - start
            end = stop
    return total


def report(figures: Mapping[str, PanFigures], output: Path | None) -> None:
    """Print a line for each set of passages, and write them all as JSON if a file is given."""
    width = max(26, *map(len, figures))
    print(f"{'':{width}} plagdet precision recall granularity cases detections")
    for name, one in figures.items():
        print(
            f"{name:{width}} {one.plagdet:7.4f} {one.precision:9.4f} {one.recall:6.4f} {one.granularity:11.4f} "
            f"{one.cases:5} {one.detections:10}"
        )
    if output:
        record = {name: {"plagdet": one.plagdet, **asdict(one)} for name, one in figures.items()}
        output.write_text(json.dumps(record, indent=1) + "\n", "utf-8")


def main() -> None:
    """Print a line for each folder of the corpus, then the speed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("half", nargs="?", choices=("tuning", "reporting"))
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    detector = Detector.load()
    with tempfile.TemporaryDirectory() as place:
        folder = extracted(options.folder, Path(place)) if options.folder.is_file() else options.folder
        named = [pair for kind in pan_folders(folder) for pair in read_pan_pairs(kind / "pairs")]
        pairs = [pair for pair in named if options.half in (None, half_of(pair[0]))]
        start = time.process_time()
        find_all(folder, pairs, detector)
        seconds = time.process_time() - start
        figures = measure_pan(folder, detector, options.half)
    report(figures, options.output)
    print(f"{len(pairs)} pairs in {seconds:.1f} s of processor time: {len(pairs) / seconds:.0f} a second")


if __name__ == "__main__":
    main()
