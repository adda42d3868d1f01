"""Use the API from several threads for an hour, and see whether the memory stays the same.

    python benchmarks/soak.py [--minutes 60] [--threads 8] [--warm-up 10] [--output FILE]

All threads share one detector and one archive. They compare, report and search, with texts that
are never the same twice (the examples in data/, with sentences left out and names made up), with
pages, and with input that is refused; each also compares one fixed pair now and then, whose report
must come out the same. Before the threads start, the caches of spellings have been full once: what
grows afterwards is no cache. Growth is the median of the last third of the samples after the warm-up
less that of the first third; the exit status is 1 if it is over 5%, or if anything failed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from html import escape
from pathlib import Path

import psutil

from spindetect import Archive, Detector, SpindetectError
from spindetect.read.article import article_from_bytes

ROOT = Path(__file__).resolve().parent.parent
STORIES = ("harbor", "battery", "heatwave")
SUSPECTS = ("spun", "back_translated", "edited", "independent")
SPELLINGS = 240_000  # a fifth more than the archive keeps of words, which is the largest cache
FRESH = 0.05  # share of the words that are made up anew
GROWTH_ALLOWED = 0.05
SECONDS_BETWEEN = 5.0
_WORD = re.compile(r"[A-Za-z]{4,}")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


class Texts:
    """Pairs of texts that are never the same twice."""

    def __init__(self) -> None:
        self._texts = {
            (story, name): (ROOT / "data" / story / f"{name}.txt").read_text("utf-8")
            for story in STORIES
            for name in ("original", *SUSPECTS)
        }

    def pair(self, rng: random.Random) -> tuple[str, str]:
        """A suspect and its reference, with some words exchanged for made-up ones in both alike."""
        story, suspect = rng.choice(STORIES), rng.choice(SUSPECTS)
        names: dict[str, str] = {}
        for word in sorted(set(_WORD.findall(self._texts[story, "original"]))):
            if rng.random() < FRESH:
                names[word] = invented(rng)

        def rewritten(name: str) -> str:
            kept = [one for one in _SENTENCE_END.split(self._texts[story, name]) if rng.random() < 0.9]
            return _WORD.sub(lambda found: names.get(found[0], found[0]), " ".join(kept))

        return rewritten(suspect), rewritten("original")


def invented(rng: random.Random) -> str:
    """A word that hardly anybody has met."""
    return "".join(rng.choices("abdefgiklmnoprstuvz", k=9)).capitalize()


def fill_caches(detector: Detector, archive: Archive, rng: random.Random) -> None:
    """Have all meet more spellings than they keep, alone and with a comma, which the tokenizer keeps apart."""
    for _ in range(SPELLINGS // 4_000):
        text = ". ".join(f"{name} and {name}, too" for name in (invented(rng) for _ in range(4_000)))
        detector.document(text)
        archive.find(text)


class Soak:
    """Threads that use one detector and one archive until they are told to stop."""

    def __init__(self, folder: Path, threads: int) -> None:
        self.detector = Detector.load()
        self.texts = Texts()
        self.archive = Archive.create(folder / "archive")
        rng = random.Random(0)
        self.archive.add({"id": str(n), "text": self.texts.pair(rng)[1]} for n in range(300))
        fill_caches(self.detector, self.archive, rng)
        self._fixed = [ROOT / "data/harbor/spun.txt", ROOT / "data/harbor/original.txt"]
        self._expected = self._fixed_report()
        self.counts = [Counter[str]() for _ in range(threads)]
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._work, args=(number,)) for number in range(threads)]

    def __enter__(self) -> Soak:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def done(self) -> Counter[str]:
        """How often each operation was done so far, and how often one failed."""
        return sum((counts.copy() for counts in self.counts), Counter())

    def _work(self, number: int) -> None:
        rng, counts = random.Random(number + 1), self.counts[number]
        operations = [self._compare] * 10 + [self._report, self._page, self._search, self._search, self._ignoring]
        operations += [self._refused, self._again]
        while not self._stop.is_set():
            operation = rng.choice(operations)
            try:
                operation(rng)
                counts[operation.__name__.strip("_")] += 1
            except Exception as error:  # counted and shown at the end; the other threads go on
                counts[f"failed: {operation.__name__.strip('_')}: {error!r:.200}"] += 1

    def _compare(self, rng: random.Random) -> None:
        self.detector.compare(*self.texts.pair(rng))

    def _report(self, rng: random.Random) -> None:
        comparison = self.detector.compare(*self.texts.pair(rng))
        json.dumps(comparison.to_dict())
        comparison.to_html()

    def _page(self, rng: random.Random) -> None:
        suspect, reference = self.texts.pair(rng)
        body = "".join(f"<p>{escape(one)}</p>" for one in suspect.split("\n\n"))
        page = f"<html><body><article>{body}</article></body></html>"
        self.detector.compare(article_from_bytes(page.encode(), "suspect.html"), reference)

    def _search(self, rng: random.Random) -> None:
        self.detector.find_sources(self.texts.pair(rng)[0], self.archive)

    def _ignoring(self, rng: random.Random) -> None:
        suspect, reference = self.texts.pair(rng)
        self.detector.compare(suspect, reference, ignore=[reference[:500]])

    def _refused(self, rng: random.Random) -> None:
        suspect = rng.choice(["", "\0" * 99, "word " * 1_100_000, Path(f"missing-{rng.random()}.txt")])
        try:
            self.detector.compare(suspect, self.texts.pair(rng)[1])
        except SpindetectError:
            return

    def _again(self, _rng: random.Random) -> None:
        if self._fixed_report() != self._expected:
            raise ValueError("the report of the fixed pair differs from the first one")

    def _fixed_report(self) -> str:
        return json.dumps(self.detector.compare(*self._fixed).to_dict())


def sample(soak: Soak, seconds: float, told: Callable[[str], None]) -> list[tuple[float, float, int]]:
    """Minutes since the start, resident memory in MB and operations done, every few seconds."""
    process, start, samples = psutil.Process(), time.monotonic(), []
    while (now := time.monotonic() - start) < seconds:
        samples.append((now / 60, process.memory_info().rss / 1e6, soak.done().total()))
        if len(samples) % 60 == 1:
            told(f"{samples[-1][0]:6.1f} min {samples[-1][1]:8.1f} MB {samples[-1][2]:9} operations")
        time.sleep(min(SECONDS_BETWEEN, seconds - now))
    return samples


def summary(samples: list[tuple[float, float, int]], done: Counter[str], warm_up: float) -> dict[str, object]:
    """Throughput, and the memory of the first and the last third after the warm-up."""
    warm = [one for one in samples if one[0] >= warm_up]
    memory = [megabytes for _, megabytes, _ in warm]
    third = len(memory) // 3
    first, last = statistics.median(memory[:third]), statistics.median(memory[-third:])
    minutes = warm[-1][0] - warm[0][0]
    return {
        "minutes": round(samples[-1][0], 1),
        "warm_up_minutes": warm_up,
        "operations": done.total(),
        "operations_a_second": round((warm[-1][2] - warm[0][2]) / minutes / 60, 1),
        "memory_mb_first_third": round(first, 1),
        "memory_mb_last_third": round(last, 1),
        "memory_mb_least": round(min(memory), 1),
        "memory_mb_most": round(max(memory), 1),
        "growth": round(last / first - 1, 4),
        "done": dict(sorted(done.items())),
        "samples": [(round(at, 2), round(size, 1)) for at, size, _ in samples[:: max(1, len(samples) // 60)]],
    }


def main() -> int:
    """Print the memory as it goes and the summary; see above for the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--warm-up", type=float, default=10, help="minutes left out of the growth")
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    if options.minutes < 2 * options.warm_up:
        parser.error(f"{options.minutes:g} minutes leave too little after a warm-up of {options.warm_up:g}.")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    with tempfile.TemporaryDirectory() as folder:
        with Soak(Path(folder), options.threads) as soak:
            samples = sample(soak, options.minutes * 60, lambda line: print(line, flush=True))
        soak.archive.close()
    figures = {"threads": options.threads} | summary(samples, soak.done(), options.warm_up)
    print(json.dumps({name: value for name, value in figures.items() if name != "samples"}, indent=2))
    if options.output:
        options.output.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    failed = sum(count for name, count in soak.done().items() if name.startswith("failed"))
    return int(failed > 0 or float(str(figures["growth"])) > GROWTH_ALLOWED)


if __name__ == "__main__":
    sys.exit(main())
