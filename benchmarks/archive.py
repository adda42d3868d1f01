"""Measure the archive: how long it takes to build, how large it is, how fast and how surely it finds sources.

    python benchmarks/archive.py --corpora DIR --folder DIR [--count 1000000] [--output benchmarks/results]

The folder takes the corpus (3.3 GB for a million articles) and the archive (2.2 GB); a corpus
that is there already is used again, and with --reuse the archive too. Suspects are articles
of the archive, 30% and 50% of their content words spun by every family of spinners in turn,
and the real altered articles of the corpora, whose originals are hidden among the others.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

import numpy as np
from archive_corpus import write_articles

from spindetect import Archive, Detector
from spindetect.align.lexical.lexicon import Lexicon
from spindetect.archive.inputs import BadRecord, read_records
from spindetect.archive.records import Record, make_record
from spindetect.archive.words import index_words
from spindetect.model import load_model
from spindetect.retrieve.searching import with_originals
from spindetect.segment.english import FUNCTION_WORDS
from spindetect.training.corpora import LabelledPair, read_wild
from spindetect.training.spinners.spinner import Spinner, SpunText, families

MACHINE = ("spun", "back_translated", "llm_rewritten", "machine")
RATES = (0.3, 0.5)
FIRST = 5
# How near the share of words replaced must come to the one wanted.
_NEAR = 0.02


def build(corpus: Path, path: Path, wild: Mapping[str, str]) -> dict[str, float]:
    """Build an archive of the corpus, the originals of the wild articles spread over it; say what that took."""
    shutil.rmtree(path, ignore_errors=True)
    archive = Archive.create(path)
    start, used = time.perf_counter(), time.process_time()
    done = archive.add(_with_hidden(corpus, wild))
    seconds = {"build_s": time.perf_counter() - start, "build_cpu_s": time.process_time() - used}
    archive.close()
    return {**asdict(done), **seconds}


def sizes(archive: Archive) -> dict[str, float]:
    """What the archive holds, and its size on disk."""
    info = archive.info()
    return {**asdict(info), "without_texts_mb": (info.index_bytes + info.catalogue_bytes) / 1e6}


def _with_hidden(corpus: Path, wild: Mapping[str, str]) -> Iterator[Record | BadRecord]:
    hidden = [make_record({"id": name, "text": text}) for text, name in wild.items()]
    for count, record in enumerate(read_records(corpus)):
        yield record
        if count % 100 == 0 and hidden:
            yield hidden.pop()
    yield from hidden


def spun(text: str, spinners: Mapping[str, Spinner], family: str, target: float, seed: int) -> tuple[str, float]:
    """The text with ``target`` of its content words replaced, and the share that was.

    What a family can't do (the real tool's dictionaries reach a quarter) a thesaurus adds.
    """
    found, share = _spun_to(text, spinners[family], target, seed)
    if share >= target - _NEAR:
        return found.text, share
    rest, more = _spun_to(found.text, spinners["thesaurus"], (target - share) / (1 - share), seed)
    return rest.text, share + (1 - share) * more


def _spun_to(text: str, spinner: Spinner, target: float, seed: int) -> tuple[SpunText, float]:
    rate = target
    for _ in range(6):
        found = spinner.spin(text, np.random.default_rng(seed), rate=rate)
        share = sum(_content(edit.reference.of(text)) for edit in found.edits) / max(1, _content(text))
        if abs(share - target) < _NEAR or (rate == 1.0 and share < target):
            break
        rate = min(1.0, rate * target / max(share, 0.01))
    return found, share


def _content(text: str) -> int:
    return sum(word not in FUNCTION_WORDS for word in index_words(text))


def found_spun(archive: Archive, corpora: Path, lexicon: Lexicon, count: int) -> dict[str, float]:
    """How often a spun article's source is first, and among the first five; and milliseconds for a search.

    On a busy machine the time spent computing says more than the time that passed.
    """
    spinners = families(corpora)
    rng = np.random.default_rng(1)
    articles = len(archive) - len(wild_originals(corpora))
    numbers = rng.choice(articles, min(count, articles), replace=False).tolist()
    figures: dict[str, float] = {}
    times: list[tuple[float, float]] = []
    for target in RATES:
        ranks, shares = [], []
        for turn, number in enumerate(numbers):
            name = f"article-{number:07}"
            family = sorted(spinners)[turn % len(spinners)]
            suspect, share = spun(archive.text(name), spinners, family, target, turn)
            ranks.append(_rank(archive, suspect, lexicon, {name}, times))
            shares.append(share)
        figures |= _recall(f"spun_{target:.0%}", ranks) | {f"spun_{target:.0%}_share": float(np.mean(shares))}
    for p in (50, 95, 99):
        elapsed, computing = np.percentile(times, p, axis=0).tolist()
        figures |= {f"find_p{p}_ms": elapsed, f"find_p{p}_cpu_ms": computing}
    return figures


def found_wild(archive: Archive, corpora: Path, lexicon: Lexicon) -> dict[str, float]:
    """The same of the real altered articles, all machine-made ones together and by relation."""
    originals = wild_originals(corpora)
    ranks: dict[str, list[int | None]] = {relation: [] for relation in MACHINE}
    times: list[tuple[float, float]] = []
    for pair in wild_pairs(corpora):
        ranks[pair.relation].append(_rank(archive, pair.suspect, lexicon, {originals[pair.reference]}, times))
    figures = _recall("wild", [rank for some in ranks.values() for rank in some])
    for relation, some in ranks.items():
        figures |= _recall(f"wild_{relation}", some)
    return figures


def found_restored(archive: Archive, corpora: Path, detector: Detector, count: int) -> dict[str, float]:
    """How often the source of a spun article is found by what scoring it alone restores.

    ``restored``: the article's text and the likeliest originals of its giveaways; ``searched``: its five
    queries for a search engine and nothing else, the source among the first five of any.
    """
    spinners = families(corpora)
    numbers = np.random.default_rng(2).choice(len(archive) - len(wild_originals(corpora)), count, replace=False)
    suspects = []
    for turn, number in enumerate(numbers.tolist()):
        name = f"article-{number:07}"
        family = sorted(spinners)[turn % len(spinners)]
        suspects.append((spun(archive.text(name), spinners, family, RATES[turn % 2], turn)[0], name))
    originals = wild_originals(corpora)
    wild = [(pair.suspect, originals[pair.reference]) for pair in wild_pairs(corpora) if pair.relation == "spun"]
    figures: dict[str, float] = {}
    for kind, texts in (("spun", suspects), ("wild_spun", wild)):
        restored, searched = [], []
        for text, wanted in texts:
            report = detector.score(text)
            lexicon = detector.model.lexicon
            restored.append(_rank(archive, with_originals(text, report), lexicon, {wanted}, []))
            queries = [_rank(archive, query, lexicon, {wanted}, []) for query in report.search_terms()]
            searched.append(min((rank for rank in queries if rank), default=None))
        figures |= _recall(f"{kind}_restored", restored) | _recall(f"{kind}_searched", searched)
    return figures


def wild_pairs(corpora: Path) -> list[LabelledPair]:
    """The real altered articles that a machine made, each with its original."""
    return [pair for pair in read_wild(corpora) if pair.relation in MACHINE]


def wild_originals(corpora: Path) -> dict[str, str]:
    """The originals' texts, each with an id."""
    texts = dict.fromkeys(pair.reference for pair in wild_pairs(corpora))
    return {text: f"wild-{n}" for n, text in enumerate(texts)}


def _rank(
    archive: Archive, suspect: str, lexicon: Lexicon, wanted: set[str], times: list[tuple[float, float]]
) -> int | None:
    """The place of the wanted article among the first five, from 1; None when it isn't there."""
    start, used = time.perf_counter(), time.thread_time()
    hits = archive.find_text(suspect, FIRST, lexicon)
    times.append((1e3 * (time.perf_counter() - start), 1e3 * (time.thread_time() - used)))
    return next((place for place, hit in enumerate(hits, start=1) if hit.record.id in wanted), None)


def _recall(name: str, ranks: list[int | None]) -> dict[str, float]:
    return {
        f"{name}_count": len(ranks),
        f"{name}_first": sum(rank == 1 for rank in ranks) / max(1, len(ranks)),
        f"{name}_in_{FIRST}": sum(rank is not None for rank in ranks) / max(1, len(ranks)),
    }


def _told(figures: dict[str, float]) -> dict[str, float]:
    """Print figures as soon as they are known."""
    for name, value in figures.items():
        print(f"{name:28} {value:16,.3f}", flush=True)
    return figures


def main() -> None:
    """Print the figures, and write them where asked to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpora", required=True, type=Path)
    parser.add_argument("--folder", required=True, type=Path)
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--suspects", type=int, default=1_000, help="spun articles of each rate")
    parser.add_argument("--reuse", action="store_true", help="measure the archive that is there")
    parser.add_argument("--output", type=Path)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    corpus = arguments.folder / f"articles-{arguments.count}.jsonl"
    if not corpus.exists():
        write_articles(arguments.corpora, arguments.count, corpus)
    figures: dict[str, float] = {}
    folder = arguments.folder / "archive"
    if not arguments.reuse:
        figures |= _told(build(corpus, folder, wild_originals(arguments.corpora)))
    archive = Archive.open(folder)
    figures |= _told(sizes(archive))
    lexicon = load_model("spindetect-en-1").lexicon
    archive.find_text("once, so that all is loaded", FIRST, lexicon)
    figures |= _told(found_wild(archive, arguments.corpora, lexicon))
    figures |= _told(found_spun(archive, arguments.corpora, lexicon, arguments.suspects))
    figures |= _told(found_restored(archive, arguments.corpora, Detector.load(), arguments.suspects // 5))
    figures |= _told({"peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3})
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    if arguments.output:
        arguments.output.mkdir(parents=True, exist_ok=True)
        report = {"machine": machine, **{name: round(value, 4) for name, value in figures.items()}}
        (arguments.output / "archive.json").write_text(json.dumps(report, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
