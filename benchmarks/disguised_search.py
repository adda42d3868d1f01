"""Put every disguise on suspects, and see whether the archive still finds their sources.

    python benchmarks/disguised_search.py --corpora DIR --archive DIR/archive [--suspects 60] [--output FILE]

The archive is one that ``benchmarks/archive.py`` built, of any size. Suspects are its articles with 50% of
their content words spun, by every family in turn, and the real altered articles of the corpora. Counted are
those whose source comes first, and among the first five, as they are and with 10%, 30% and all words disguised.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from archive import FIRST, spun, wild_originals, wild_pairs
from disguises import DISGUISES, PAGES, RATES, html_of, page

from spindetect import Archive
from spindetect.archive.terms import visible_text
from spindetect.model import Model, load_model
from spindetect.read.article import article_from_bytes, read_article
from spindetect.records import Article
from spindetect.training.spinners.spinner import families

View = Callable[[Article], str]
_SPUN = 0.5


class Suspect(NamedTuple):
    """A text, and the id of the article that it is from."""

    text: str
    wanted: str


def suspects(archive: Archive, corpora: Path, count: int) -> list[Suspect]:
    """Some spun articles of the archive, and all real altered ones."""
    originals = wild_originals(corpora)
    spinners = families(corpora)
    numbers = np.random.default_rng(4).choice(len(archive) - len(originals), count, replace=False).tolist()
    made = []
    for turn, number in enumerate(numbers):
        name = f"article-{number:07}"
        text, _ = spun(archive.text(name), spinners, sorted(spinners)[turn % len(spinners)], _SPUN, turn)
        made.append(Suspect(text, name))
    return [*made, *(Suspect(pair.suspect, originals[pair.reference]) for pair in wild_pairs(corpora))]


def place(archive: Archive, model: Model, article: Article, wanted: str) -> int | None:
    """The place of the wanted article among the first five, from 1; None when it isn't there."""
    hits = archive.find_text(visible_text(article, model.vocabulary.knows), FIRST, model.lexicon)
    return next((rank for rank, hit in enumerate(hits, start=1) if hit.record.id == wanted), None)


def disguised(name: str, rate: float, text: str, seed: int) -> Article:
    """The text with a disguise, read as a suspect would be."""
    rng = np.random.default_rng(seed)
    if name in DISGUISES:
        return read_article(DISGUISES[name](text, rng, rate))
    return article_from_bytes(PAGES[name](text, rng, rate).encode(), "suspect.html")


def recall(places: Sequence[int | None]) -> dict[str, float]:
    """Shares of the sources that came first, and among the first five."""
    return {
        "first": sum(one == 1 for one in places) / len(places),
        f"in_{FIRST}": sum(one is not None for one in places) / len(places),
    }


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpora", required=True, type=Path)
    parser.add_argument("--archive", required=True, type=Path)
    parser.add_argument("--suspects", type=int, default=60, help="spun articles")
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    model = load_model("spindetect-en-1")
    table: dict[str, dict[str, float]] = {}
    with Archive.open(options.archive) as archive:
        chosen = suspects(archive, options.corpora, options.suspects)

        def told(name: str, articles: Sequence[Article]) -> None:
            pairs = zip(articles, chosen, strict=True)
            found = table[name] = recall([place(archive, model, article, one.wanted) for article, one in pairs])
            print(f"{name:38} {found['first']:7.1%} {found[f'in_{FIRST}']:7.1%}", flush=True)

        print(f"{len(chosen)} suspects, {len(archive):,} articles{'first':>16}{f'in {FIRST}':>8}")
        told("as they are", [read_article(one.text) for one in chosen])
        told(
            "as they are, a page",
            [article_from_bytes(page(html_of(one.text)).encode(), "x.html") for one in chosen],
        )
        for name in (*DISGUISES, *PAGES):
            for rate in RATES:
                told(f"{name}, {rate:.0%}", [disguised(name, rate, one.text, n) for n, one in enumerate(chosen)])
    if options.output:
        options.output.write_text(json.dumps(table, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
