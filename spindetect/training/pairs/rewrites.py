"""Rewrites that language models wrote of articles in the corpora, kept without the articles' text.

`REWRITES` holds a JSON object a line: ``id``; ``style``, the request; ``source``, the document that was rewritten
(a plain-text corpus and number, or a pair whose reference it is); ``excerpt``, half-open ranges of characters of
that document's lines; ``sha256`` of the excerpt, these pieces one a line; and ``text``: ranges of the excerpt, and
the model's own words between them. `benchmarks/rewrites.py` writes it.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from spindetect.errors import MissingCorpus
from spindetect.training.corpora import read_records, read_texts
from spindetect.training.pairs.dataset import Example, held_out

REWRITES = Path(__file__).with_name("rewrites.jsonl.gz")
# Texts that keep more of their pairs of neighbouring words were lightly edited: nobody can tell by whom.
_MOST_KEPT = 0.5
_WORD = re.compile(r"\w+")
ASKED, ASKED_TRIP = "asked", "asked_trip"
"""The unit with which rewrites, and round trips, are left out; their kinds add the style."""
# Styles of this beginning are round trips through another language.
_ROUND_TRIP = "via_"


def rewrite_examples(corpora: Path) -> list[Example]:
    """The rewrites with the excerpts that they are of, as far as the corpora have these documents.

    `MissingCorpus` is raised where a document isn't the one that was rewritten.
    """
    records = [json.loads(line) for line in gzip.decompress(REWRITES.read_bytes()).splitlines()]
    documents = {
        name: (group, text) for name, group, text in read_documents(corpora, {r["source"] for r in records})
    }
    found = []
    for record in records:
        if record["source"] not in documents:
            continue
        group, document = documents[record["source"]]
        excerpt = "\n".join(document[start:end] for start, end in record["excerpt"])
        if hashlib.sha256(excerpt.encode()).hexdigest() != record["sha256"]:
            raise MissingCorpus(f"{corpora}: document {record['source']} isn't the one that {REWRITES} is about.")
        text = "".join(excerpt[one[0] : one[1]] if isinstance(one, list) else one for one in record["text"])
        if _kept(text, excerpt) >= _MOST_KEPT:
            continue
        trip = record["style"].startswith(_ROUND_TRIP)
        kind = f"{ASKED_TRIP if trip else ASKED}:{record['style']}"
        relation: Any = "back_translated" if trip else "llm_rewritten"
        found.append(Example(record["id"], relation, "lm", group, text, excerpt, held_out(group), kind=kind))
    return found


def _kept(text: str, excerpt: str) -> float:
    """The share of a text's pairs of neighbouring words that the excerpt has as well."""
    mine, theirs = (Counter(pairwise(_WORD.findall(one.lower()))) for one in (text, excerpt))
    return (mine & theirs).total() / max(1, mine.total())


def read_documents(corpora: Path, names: set[str]) -> Iterator[tuple[str, str, str]]:
    """Of the documents with these names: name, group and text, its lines without empty ones."""
    for corpus in sorted({name.split(":")[0] for name in names}):
        if (corpora / "text" / f"{corpus}.txt.gz").exists():
            for number, paragraphs in enumerate(read_texts(corpora, corpus)):
                if f"{corpus}:{number}" in names:
                    yield f"{corpus}:{number}", f"{corpus}:{number}", "\n".join(paragraphs)
    for file in ("pairs", "honest", "newsrooms"):
        for record in read_records(corpora / "pairs" / f"{file}.jsonl.gz"):
            if record["id"] in names:
                lines = (line for line in record["reference"].split("\n") if line.strip())
                yield record["id"], str(record["group"]), "\n".join(lines)
