"""Keep rewrites of the corpora's articles without the articles' text: `spindetect.training.pairs.rewrites`' file.

    python benchmarks/rewrites.py --corpora CORPORA --output FILE.jsonl.gz WRITTEN.jsonl ...

Each line of WRITTEN has ``id``, ``style``, ``source`` (as that module names documents), ``reference`` (the excerpt
that was rewritten) and ``text``. Those that FILE has already stay, or are replaced by those with the same id. Two
words in a row that the excerpt has as well, and names and numbers of it, are kept as ranges of it, wherever
they stand in it.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from spindetect.training.pairs.rewrites import read_documents

_TOKEN = re.compile(r"\w+(?:['’.,-]\w+)*|\s+|[^\w\s]")
_FEWEST = 3  # tokens: two words and the space between them
_MOST_OWN = 8  # tokens of the model's own in a row; then a single word of the excerpt interrupts them if it can


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the file; says which rewrites can't be kept, and why."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("written", type=Path, nargs="+")
    chosen = parser.parse_args(arguments)
    records = [json.loads(line) for file in chosen.written for line in file.read_text("utf-8").splitlines()]
    documents = {name: text for name, _, text in read_documents(chosen.corpora, {r["source"] for r in records})}
    lines: dict[str, str] = {}
    if chosen.output.exists():
        lines = {
            json.loads(one)["id"]: one for one in gzip.decompress(chosen.output.read_bytes()).decode().splitlines()
        }
    for record in records:
        document, excerpt = documents.get(record["source"], ""), record["reference"]
        pieces = ranges_of(document, excerpt)
        if not pieces:
            print(f"{record['id']}: {record['source']} doesn't have the excerpt", file=sys.stderr)
            continue
        kept = {
            "id": record["id"],
            "style": record["style"],
            "source": record["source"],
            "excerpt": pieces,
            "sha256": hashlib.sha256(excerpt.encode()).hexdigest(),
            "text": stood_off(record["text"], excerpt),
        }
        lines[record["id"]] = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
    packed = gzip.compress("".join(f"{lines[name]}\n" for name in sorted(lines)).encode(), 9, mtime=0)
    chosen.output.write_bytes(packed)
    print(f"{len(lines)} rewrites, {len(packed)} bytes")
    return 0


def ranges_of(document: str, excerpt: str) -> list[tuple[int, int]]:
    """Where the excerpt's lines, as many together as possible, stand in the document; nothing if one doesn't."""
    pieces: list[tuple[int, int]] = []
    for line in excerpt.split("\n"):
        after = pieces[-1][1] if pieces else 0
        start = document.find(line, after)
        if start < 0:
            return []
        if pieces and start == after + 1 and document[after] == "\n":
            pieces[-1] = pieces[-1][0], start + len(line)
        else:
            pieces.append((start, start + len(line)))
    return pieces


def stood_off(text: str, excerpt: str) -> list[tuple[int, int] | str]:
    """The text as ranges of the excerpt and words of its own: at each place the longest stretch they share."""
    theirs = [(found.group(), found.start(), found.end()) for found in _TOKEN.finditer(excerpt)]
    places = defaultdict(list)
    for index, (token, _, _) in enumerate(theirs):
        places[token].append(index)
    mine = [found.group() for found in _TOKEN.finditer(text)]
    parts: list[tuple[int, int] | str] = []
    at = own = 0
    while at < len(mine):
        longest, start = 0, 0
        for place in places[mine[at]] if mine[at].strip() else []:
            count = 0
            while (
                at + count < len(mine)
                and place + count < len(theirs)
                and mine[at + count] == theirs[place + count][0]
            ):
                count += 1
            if count > longest:
                longest, start = count, place
        name = longest and (mine[at][0].isupper() or mine[at][0].isdigit()) and len(mine[at]) > 1
        if longest >= _FEWEST or name or (longest and own >= _MOST_OWN):
            parts.append((theirs[start][1], theirs[start + longest - 1][2]))
            at, own = at + longest, 0
        else:
            parts[-1:] = [parts[-1] + mine[at]] if parts and isinstance(parts[-1], str) else [*parts[-1:], mine[at]]
            at, own = at + 1, own + 1
    return parts


if __name__ == "__main__":
    sys.exit(main())
