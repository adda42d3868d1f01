"""Measure passages where language models rewrote paragraphs of another document (PAN 2025).

    python benchmarks/pan25.py FOLDER [--output FILE]

FOLDER holds the JSON files of the task "Generated Plagiarism Detection" as its organisers hand them out, a pair of
scientific papers each: ``source`` and ``candidate`` as paragraphs, and of each paragraph of the candidate which one
of the source a model was given to rewrite. Paragraphs that are ``altered`` were rewritten from the candidate's own
text and are no reuse. A document is its paragraphs with an empty line between them.

The measure is that of benchmarks/pan.py, over the passages of all pairs. The passage finder was tuned on the pairs
of `TUNED`, and on no other.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pan import Names, PanFigures, plagdet, report

from spindetect.align.passages.finding import find_passages
from spindetect.detector import Detector
from spindetect.errors import MissingCorpus
from spindetect.findings import Passage
from spindetect.read.article import article_from_text
from spindetect.records import Span

TUNED = ("000005:1106.3365--1706.00193", "000013:2310.19405--2402.11735")
"""The pairs that the passage finder was tuned on."""

_BETWEEN = "\n\n"


def read_pan25(path: Path) -> tuple[str, str, list[Passage]]:
    """A pair's suspect and reference as texts, and the true passages, those that hold any text on both sides."""
    pair = json.loads(path.read_text("utf-8"))
    sources, paragraphs = list(_paragraphs(pair["source"])), list(_paragraphs(pair["candidate"]))
    reference, theirs = _put_together(sources)
    suspect, mine = _put_together(paragraphs)
    by_id = {paragraph["id"]: span for paragraph, span in zip(sources, theirs, strict=True)}
    cases = []
    for paragraph, span in zip(paragraphs, mine, strict=True):  # their ids aren't unique
        made = paragraph.get("plagiarism") or {}
        if made.get("type") == "plagiarism" and len(span) and len(source := by_id[made["source_paragraph_id"]]):
            cases.append(Passage(span, source))
    return suspect, reference, cases


def _paragraphs(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield from document["abstract"]
    for section in document["sections"]:
        yield from section["paragraphs"]


def _put_together(paragraphs: Iterable[Mapping[str, Any]]) -> tuple[str, list[Span]]:
    """The paragraphs as one text, and where each stands in it."""
    text, spans = "", []
    for paragraph in paragraphs:
        spans.append(Span(len(text), len(text) + len(paragraph["content"])))
        text += paragraph["content"] + _BETWEEN
    return text, spans


def measure_pan25(folder: Path, detector: Detector) -> dict[str, PanFigures]:
    """Find the passages of every pair and measure them: each pair's, those tuned on, the others, and ``all``.

    Raises `MissingCorpus` if the corpus isn't there.
    """
    paths = sorted(folder.glob("*--*.json"))
    if not paths:
        raise MissingCorpus(f"{folder} holds no *--*.json; expected PAN 2025's pairs of generated plagiarism.")
    cases: dict[Names, list[Passage]] = {}
    found: dict[Names, list[Passage]] = {}
    for path in paths:
        suspect, reference, cases[path.stem, ""] = read_pan25(path)
        documents = [detector.document(article_from_text(text, path.stem)) for text in (suspect, reference)]
        found[path.stem, ""] = list(find_passages(*documents))
    sets = {path.stem: [(path.stem, "")] for path in paths}
    sets["tuned on"] = [names for names in cases if names[0] in TUNED]
    sets["not tuned on"] = [names for names in cases if names[0] not in TUNED]
    sets["all"] = list(cases)
    return {
        name: plagdet({one: cases[one] for one in names}, {one: found[one] for one in names})
        for name, names in sets.items()
    }


def main() -> None:
    """Print a line for each pair, and for all together."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    report(measure_pan25(options.folder, Detector.load()), options.output)


if __name__ == "__main__":
    main()
