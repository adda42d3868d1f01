"""A corpus to measure the archive on: as many distinct articles as wanted, made from a few million words.

    python benchmarks/archive_corpus.py --corpora DIR --count 1000000 --output articles.jsonl

An article is some paragraphs drawn from the corpora, about 500 words, in which some names
and numbers are exchanged for invented ones of its own. A paragraph stands in some twenty
of a million articles, so that every article has many near relations and one true self.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from spindetect.training.corpora import read_texts

WORDS = 500
_PARAGRAPH_WORDS = range(20, 151)
# A capitalised word inside a sentence, or a number: what another story would have otherwise.
_SLOT = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}\b|\b\d[\d,.]*\d\b|\b\d{2,}\b")
_EXCHANGED = 0.4
_SYLLABLES = "ba be bi bo bra ca cor da del den do dra fa fen fi gar go ha hol ka kel la len lo ma mar mi".split()
_SYLLABLES += "mon na nel no or pa per ra ren ri ro sa sel son ta ter to tra val van vi wa win ya zan zu".split()
_NAMES = 60_000
# Of two names the one that comes first is drawn more often, as in the news: a third of all draws fall on a 27th.
_SKEW = 3
_FIRST_DAY = datetime(2015, 1, 1, tzinfo=UTC)


def paragraphs(corpora: Path) -> list[str]:
    """All paragraphs of 20 to 150 words in the corpora's plain texts, in the files' order."""
    found = []
    for path in sorted((corpora / "text").glob("*.txt.gz")):
        for document in read_texts(corpora, path.name.removesuffix(".txt.gz")):
            found += [text for text in document if text.count(" ") + 1 in _PARAGRAPH_WORDS]
    return found


def articles(pool: Sequence[str], count: int, seed: int = 0) -> Iterator[dict[str, str]]:
    """Yield ``count`` articles as records with id, title, text, published and outlet."""
    rng = np.random.default_rng(seed)
    names = _names(rng)
    lengths = np.array([text.count(" ") + 1 for text in pool])
    for number in range(count):
        own = names[(len(names) * rng.random(24) ** _SKEW).astype(int)].tolist()
        text = "\n\n".join(_changed(pool[index], own, rng) for index in _choice(lengths, rng))
        day = _FIRST_DAY + timedelta(minutes=int(rng.integers(5_000_000)))
        yield {
            "id": f"article-{number:07}",
            "title": f"{own[0]} and {own[1]} of {own[2]}",
            "text": text,
            "published": day.isoformat(),
            "outlet": f"outlet-{int(rng.integers(400))}",
        }


def _names(rng: np.random.Generator) -> np.ndarray:
    """Invented names of two to four syllables."""
    made: dict[str, None] = {}
    while len(made) < _NAMES:
        size = int(rng.integers(2, 5))
        made["".join(_SYLLABLES[index] for index in rng.integers(len(_SYLLABLES), size=size)).capitalize()] = None
    return np.array(list(made))


def _choice(lengths: np.ndarray, rng: np.random.Generator) -> list[int]:
    """Paragraphs drawn at random until they have `WORDS` words together, give or take half the last one."""
    chosen, words = [], 0
    for index in rng.integers(len(lengths), size=40).tolist():
        if words + lengths[index] / 2 > WORDS:
            break
        chosen.append(index)
        words += int(lengths[index])
    return chosen


def _changed(paragraph: str, own: Sequence[str], rng: np.random.Generator) -> str:
    """The paragraph with some of its names and numbers exchanged."""
    slots = list(_SLOT.finditer(paragraph))
    if not slots:
        return paragraph
    pieces, at = [], 0
    for slot, chance, drawn in zip(slots, rng.random(len(slots)), rng.random(len(slots)), strict=True):
        if chance < _EXCHANGED:
            new = str(int(10 + 90_000 * drawn**2)) if slot[0][0].isdigit() else own[int(drawn * len(own))]
            pieces += [paragraph[at : slot.start()], new]
            at = slot.end()
    return "".join([*pieces, paragraph[at:]])


def write_articles(corpora: Path, count: int, output: Path, seed: int = 0) -> None:
    """Write ``count`` articles to ``output``, one JSON record a line."""
    with output.open("w", encoding="utf-8") as stream:
        for record in articles(paragraphs(corpora), count, seed):
            stream.write(json.dumps(record, ensure_ascii=False) + "\n")


def main() -> None:
    """Write a corpus."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpora", required=True, type=Path)
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--output", required=True, type=Path)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    write_articles(arguments.corpora, arguments.count, arguments.output, arguments.seed)


if __name__ == "__main__":
    main()
