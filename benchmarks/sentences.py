"""Measure where sentences end, on Universal Dependencies' English treebanks, with and without punctuation.

    python benchmarks/sentences.py DIR [--show N] [--output FILE]

DIR holds ``*.jsonl`` files of documents: ``text`` and ``sentences``, half-open spans of code points. Of each file
it prints the F1 of sentence ends (where the last token of a sentence ends), and on the same texts without
punctuation, capitals and line ends the F1 of boundaries that are at most two words off one of the treebank's,
each matched once. ``--show`` prints ends that were missed or are wrong.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from spindetect.detector import Detector
from spindetect.records import Article

_WORD = re.compile(r"[^\W_]+(?:['’.,-][^\W_]+)*")
CLOSE = 2  # words that a boundary may be off


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; see the module's docstring."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", type=int, default=0, help="ends missed and wrong ends to print")
    parser.add_argument("--output", type=Path)
    chosen = parser.parse_args(arguments)
    found = figures(Detector.load(), chosen.folder, chosen.show)
    for name, of_file in found.items():
        print(f"{name:20}" + "".join(f"  {measure} {value:.4f}" for measure, value in of_file.items()))
    if chosen.output:
        chosen.output.write_text(json.dumps(found, indent=2) + "\n", "utf-8")
    return 0


def figures(detector: Detector, folder: Path, show: int = 0) -> dict[str, dict[str, float]]:
    """Both measures of each file in a folder."""
    found = {}
    for file in sorted(folder.glob("*.jsonl")):
        rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        found[file.stem] = {"ends_f1": ends(detector, rows, show), "bare_f1": bare(detector, rows)}
    return found


def ends(detector: Detector, rows: Sequence[dict], show: int = 0) -> float:
    """F1 of sentence ends over documents."""
    counts: Counter[str] = Counter()
    for row in rows:
        text = row["text"]
        wanted = {end for _, end in row["sentences"]}
        found = {one.span.end for one in detector.document(Article(text)).sentences}
        counts.update(right=len(wanted & found), wanted=len(wanted), found=len(found))
        for name, places in (("missed", wanted - found), ("wrong ", found - wanted)):
            for end in sorted(places):
                if show > 0:
                    print(f"  {name} {text[max(0, end - 50) : end]!r} | {text[end : end + 50]!r}")
                    show -= 1
    return f1(counts)


def bare(detector: Detector, rows: Sequence[dict]) -> float:
    """F1 of boundaries over documents without punctuation, capitals and line ends."""
    counts: Counter[str] = Counter()
    for row in rows:
        words, wanted = stripped(row)
        document = detector.document(Article(" ".join(words)))
        place_of = dict(zip(word_starts(words), range(len(words)), strict=True))
        found = [place_of[one.span.start] for one in document.sentences[1:] if one.span.start in place_of]
        counts.update(right=matched(wanted, found), wanted=len(wanted), found=len(document.sentences) - 1)
    return f1(counts)


def stripped(row: dict) -> tuple[list[str], list[int]]:
    """A document's words in lower case, and the indices of those that begin a sentence, from the second on."""
    words: list[str] = []
    wanted: list[int] = []
    for start, end in row["sentences"]:
        found = [one.lower() for one in _WORD.findall(row["text"][start:end])]
        if words and found:
            wanted.append(len(words))
        words += found
    return words, wanted


def word_starts(words: Sequence[str]) -> Iterator[int]:
    """Where the words start when a space stands between them."""
    at = 0
    for word in words:
        yield at
        at += len(word) + 1


def matched(wanted: Sequence[int], found: Sequence[int]) -> int:
    """How many of the boundaries can be matched one to one, at most `CLOSE` words apart; both are ascending."""
    right = at = 0
    for place in wanted:
        while at < len(found) and found[at] < place - CLOSE:
            at += 1
        if at < len(found) and found[at] <= place + CLOSE:
            right += 1
            at += 1
    return right


def f1(counts: Counter[str]) -> float:
    """Twice the right ones over the wanted and the found."""
    return 2 * counts["right"] / max(1, counts["wanted"] + counts["found"])


if __name__ == "__main__":
    sys.exit(main())
