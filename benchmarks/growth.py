"""Time and memory against length, and the worst inputs that anybody might send.

    python benchmarks/growth.py [--sizes 500 2000 ...] [--output benchmarks/results/growth.json]

Every figure is from a process of its own: seconds of computing and the peak of its memory, without
what the loaded model takes. The texts are made up from the model's vocabulary: words as frequent as in
English, sentences of 8 to 30 words, a paragraph every few sentences. A spun one has three in ten
of its words replaced by what the lexicon knows them to turn into. ``exponent`` is the slope of time
against length, both in logs, over the last two sizes: 1 is linear.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import multiprocessing
import os
import platform
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from spindetect.archive.inputs import read_records
from spindetect.detector import Detector
from spindetect.errors import SpindetectError
from spindetect.read.article import article_from_bytes

SIZES = (500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000)
_SPUN_SHARE = 0.3
_ARTICLE = 1_000  # words of the article that the other side of a worst case is, where it isn't the same text
_LIMIT = 600  # seconds after which a case is given up, and said to be

Pair = tuple[str, str]


# --- texts ----------------------------------------------------------------------


@cache
def detector() -> Detector:
    """The shipped model."""
    return Detector.load()


@cache
def _words() -> tuple[list[str], list[float]]:
    """The vocabulary's plain words and their cumulative frequencies."""
    surprisal = {word: value for word, value in detector().model.vocabulary.surprisal.items() if word.isalpha()}
    return list(surprisal), list(accumulate(math.exp(-value) for value in surprisal.values()))


def prose(words: int, seed: int) -> list[str]:
    """Sentences of made-up English of so many words in all."""
    rng = random.Random(seed)
    spellings, frequencies = _words()
    drawn = rng.choices(spellings, cum_weights=frequencies, k=words)
    sentences = []
    while drawn:
        size = rng.randint(8, 30)
        sentences.append(" ".join(drawn[:size]).capitalize() + ".")
        drawn = drawn[size:]
    return sentences


def bare(words: int) -> list[str]:
    """So many words of made-up English without a sign."""
    return " ".join(prose(words, 1)).replace(".", "").split()


def laid_out(sentences: Sequence[str]) -> str:
    """Sentences as paragraphs of four."""
    return "\n\n".join(" ".join(sentences[at : at + 4]) for at in range(0, len(sentences), 4))


def spun(sentences: Sequence[str], seed: int) -> list[str]:
    """The sentences with some words replaced as a spinner would."""
    rng = random.Random(seed)
    turned: dict[str, str] = {}
    for reference, suspect in detector().model.lexicon.entries:
        turned.setdefault(reference, suspect)
    return [
        " ".join(turned.get(word, word) if rng.random() < _SPUN_SHARE else word for word in one.split())
        for one in sentences
    ]


def spun_pair(words: int) -> Pair:
    """A made-up article and what a spinner makes of it."""
    sentences = prose(words, 1)
    return laid_out(spun(sentences, 2)), laid_out(sentences)


def unrelated_pair(words: int) -> Pair:
    """Two made-up articles with nothing in common but English."""
    return laid_out(prose(words, 1)), laid_out(prose(words, 2))


def templated(words: int, seed: int) -> str:
    """Twenty sentences over and over, each time with another word in them, as in match reports and listings."""
    rng = random.Random(seed)
    names = _words()[0]
    patterns = [one.replace(" ", " {} ", 1) for one in prose(20 * 18, 5)]
    return "\n".join(patterns[turn % len(patterns)].format(rng.choice(names)) for turn in range(words // 19))


# --- worst cases ----------------------------------------------------------------


def _same(text: str) -> Pair:
    return text, text


def _against_article(text: str) -> Pair:
    return text, laid_out(prose(_ARTICLE, 1))


def _unlike(words: Sequence[str], ends: str, seed: int) -> Pair:
    """The same words in another order on either side."""
    shuffled = list(words)
    random.Random(seed).shuffle(shuffled)
    return ends.join(words), ends.join(shuffled)


WORST: dict[str, Callable[[], Pair]] = {
    "one word, 200,000 times, on both sides": lambda: _same("word " * 200_000),
    "one word, 200,000 times, against an article": lambda: _against_article("word " * 200_000),
    "one sentence, 20,000 times, on both sides": lambda: _same("The harbour was closed to ships. " * 20_000),
    "one sentence, 20,000 times, spun": lambda: (
        "The port was shut to vessels. " * 20_000,
        "The harbour was closed to ships. " * 20_000,
    ),
    "no sentence boundary, 100,000 words": lambda: _unlike(bare(100_000), " ", 3),
    "10,000 one-word sentences, shuffled": lambda: _unlike([word.capitalize() for word in bare(10_000)], ". ", 3),
    "10,000 one-word sentences of one word": lambda: _same("Stop. " * 10_000),
    "template, 20,000 words": lambda: (templated(20_000, 1), templated(20_000, 2)),
    "template, 80,000 words": lambda: (templated(80_000, 1), templated(80_000, 2)),
    "template, 200,000 words": lambda: (templated(200_000, 1), templated(200_000, 2)),
    "one token of 1,000,000 letters": lambda: _same("a" * 1_000_000),
    "tokens of 390 letters": lambda: _same(("b" * 390 + " ") * 3_000),
    "tokens of 390 signs": lambda: _same((".'-)" * 97 + " ") * 3_000),
    "1,000,000 full stops, spaced": lambda: _same(". " * 500_000),
    "500,000 quotation marks": lambda: _same("\" “ ” ' " * 125_000),
    "300,000 combining marks": lambda: _same("a" + "\u0301" * 300_000),
    "500,000 zero-width spaces between letters": lambda: _same("a\u200b" * 500_000),
    "200,000 right-to-left overrides": lambda: _same("\u202eab\u202c " * 50_000),
    "200,000 line breaks": lambda: _same("A line.\n" * 100_000),
    "look-alikes throughout": lambda: _same("Тhе роrt сlоsеd. " * 20_000),
    "numbers throughout": lambda: _unlike([str(number) for number in range(60_000)], " ", 4),
}

PAGES: dict[str, Callable[[], bytes]] = {
    "HTML 20,000 elements deep": lambda: b"<html><body>" + b"<div>" * 20_000 + b"It rained all day.",
    "HTML 100,000 unclosed paragraphs": lambda: b"<html><body>" + b"<p>It rained" * 100_000,
    "HTML 100,000 comments opened": lambda: b"<html><body>It rained." + b"<!--" * 100_000,
    "HTML 300,000 opening brackets": lambda: b"<html><body>It rained." + b"<" * 300_000,
    "HTML white text 5,000 deep": lambda: (
        b"<html><body>" + b"<div style='color:#fff;background:none'>" * 5_000 + b"It rained all day."
    ),
    "HTML one attribute of 5 MB": lambda: b"<html><body><p title='" + b"x" * 5_000_000 + b"'>It rained.</p>",
    "HTML 50,000 attributes": lambda: (
        b"<html><body><p " + b" ".join(b"a%d=1" % n for n in range(50_000)) + b">Rain."
    ),
    "HTML 300,000 entities": lambda: b"<html><body><p>" + b"&amp;" * 300_000,
    "HTML table 20,000 rows": lambda: b"<html><body><table>" + b"<tr><td>It rained<td>all day" * 20_000,
    "HTML nested tables": lambda: b"<html><body>" + b"<table><tr><td>" * 5_000 + b"It rained.",
    "HTML nested lists": lambda: b"<html><body>" + b"<ul><li>It rained " * 5_000,
    "HTML 20,000 scripts unclosed": lambda: b"<html><body>It rained." + b"<script>" * 20_000,
    "Markdown 200,000 brackets": lambda: b"# Rain\n\n[a](b)\n" + b"[" * 200_000 + b"]" * 200_000,
    "Markdown 100,000 asterisks": lambda: b"# Rain\n\n[a](b)\n" + b"*a **b " * 50_000,
    "Markdown 50,000 backtick runs": lambda: b"# Rain\n\n[a](b)\n" + b" ".join(b"`" * n for n in range(1, 800)),
    "Markdown table 20,000 rows": lambda: b"# Rain\n\n[a](b)\n|a|b|\n|-|-|\n" + b"|It|rained|\n" * 20_000,
    "Markdown quotes 10,000 deep": lambda: b"# Rain\n\n[a](b)\n" + b"> " * 10_000 + b"rain",
    "one long line of blanks": lambda: b"It rained." + b" " * 3_000_000 + b"\nIt rained.",
    "3,000,000 line breaks": lambda: b"It rained." + b"\n" * 3_000_000 + b"It rained.",
    "5 MB of undecodable bytes": lambda: bytes(range(128, 256)) * 40_000,
}

LINES: dict[str, Callable[[], tuple[str, bytes]]] = {
    "JSON number of 5,000,000 digits": lambda: ("feed.jsonl", b'{"text": ' + b"9" * 5_000_000 + b"}\n"),
    "JSON field of 5,000,000 digits": lambda: (
        "feed.jsonl",
        b'{"text": "It rained.", "views": ' + b"9" * 5_000_000 + b"}\n",
    ),
    "JSON 1,000,000 brackets deep": lambda: ("feed.jsonl", b'{"text": ' + b"[" * 1_000_000 + b"\n"),
    "gz of 2 GB of one line": lambda: ("feed.jsonl.gz", _bomb(2_000)),
}


def _bomb(megabytes: int) -> bytes:
    """So many megabytes of one character, packed twice as far as gzip can by joining its members."""
    one = gzip.compress(b" " * 50_000_000, 9)
    return one * (megabytes // 50)


# --- measuring ------------------------------------------------------------------


def _memory() -> float:
    """The peak of this process's memory in megabytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


def _compared(pair: Pair) -> str:
    try:
        comparison = detector().compare(*pair)
    except SpindetectError as error:
        return f"{type(error).__name__}: {error}"
    comparison.to_dict()
    return comparison.verdict


def _read(page: bytes) -> str:
    try:
        article = article_from_bytes(page, "page.md" if page.startswith(b"# ") else "page")
    except SpindetectError as error:
        return f"{type(error).__name__}: {error}"
    return _compared((article.text, article.text))


def _listed(feed: tuple[str, bytes]) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / feed[0]
        path.write_bytes(feed[1])
        found = list(read_records(path))
    return ", ".join(sorted({type(one).__name__ for one in found})) or "nothing"


def _measure(kind: str, name: str, size: int, answers: Any) -> None:
    """Make one case's input and time it; runs in a process of its own."""
    detector().compare("It rained all day.", "It was wet all day.")
    made: Any
    work: Callable[[Any], str]
    if kind == "growth":
        made, work = (spun_pair if name == "spun" else unrelated_pair)(size), _compared
    elif kind == "worst":
        made, work = WORST[name](), _compared
    elif kind == "page":
        made, work = PAGES[name](), _read
    else:
        made, work = LINES[name](), _listed
    before, start = _memory(), time.process_time()
    result = work(made)
    answers.put((time.process_time() - start, _memory() - before, result[:90]))


def measured(kind: str, name: str, size: int = 0) -> dict[str, Any]:
    """Seconds, megabytes and result of one case; ``failed`` where its process died or was given up."""
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    process = context.Process(target=_measure, args=(kind, name, size, answers))
    process.start()
    process.join(_LIMIT)
    if process.is_alive():
        process.kill()
        return {"failed": f"given up after {_LIMIT} seconds"}
    if process.exitcode:
        return {"failed": f"its process died with exit code {process.exitcode}"}
    seconds, megabytes, result = answers.get()
    return {"seconds": round(seconds, 3), "memory_mb": round(megabytes, 1), "result": result}


def exponents(curve: Sequence[dict[str, Any]]) -> float:
    """The slope of time against length over the last two sizes, in logs."""
    (less, fast), (more, slow) = ((one["words"], one["seconds"]) for one in curve[-2:])
    return round(math.log(slow / fast) / math.log(more / less), 2)


def _told(name: str, found: dict[str, Any]) -> None:
    figures = found.get("failed") or f"{found['seconds']:9.3f} s {found['memory_mb']:9.1f} MB  {found['result']}"
    print(f"{name:44} {figures}", flush=True)


def main() -> None:
    """Print a line for each case, and write them all where asked to."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", nargs="*", type=int, default=SIZES)
    parser.add_argument("--only", default="", help="cases whose name has this")
    parser.add_argument("--output", type=Path)
    arguments = parser.parse_args()
    report: dict[str, Any] = {
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    }
    for name in ("spun", "unrelated"):
        curve = []
        for size in arguments.sizes if arguments.only in name else ():
            found = measured("growth", name, size)
            _told(f"{name}, {size:,} words a side", found)
            curve.append({"words": size, **found})
        report[name] = {"curve": curve}
        if len(curve) > 1 and all("seconds" in one for one in curve[-2:]):
            report[name]["exponent"] = exponents(curve)
    for kind, cases in (("worst", WORST), ("page", PAGES), ("lines", LINES)):
        report[kind] = {}
        for name in cases:
            if arguments.only in name:
                report[kind][name] = measured(kind, name)
                _told(name, report[kind][name])
    if arguments.output:
        arguments.output.parent.mkdir(parents=True, exist_ok=True)
        arguments.output.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
