"""Turn bits of an archive's files round, and count the wrong answers that neither opening nor verifying tells.

    python benchmarks/bit_flips.py [--articles 6] [--every 1] [--first 0] [--output FILE]

Of each ``--every``-th byte of each file, from the ``--first`` on, one bit is turned, another one from byte to byte.
An archive is as it should be if it finds each article by a sentence of its own, by its id and with its text, or
says what is wrong.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from spindetect import Archive
from spindetect.align.lexical.lexicon import Lexicon
from spindetect.archive.verify import problems
from spindetect.errors import SpindetectError

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))


def answers(path: Path, texts: dict[str, str]) -> bool:
    """Whether an archive answers all questions as it should; raises what it says is wrong."""
    with Archive.open(path) as archive:
        if len(archive) != len(texts) or archive.index.count != len(texts):
            return False
        for id, text in texts.items():
            record = archive.record(id)
            hits = archive.find_text(text, 2, Lexicon())
            if record is None or record.text != text or not hits or hits[0].record.id != id:
                return False
    return True


def flipped(path: Path, every: int, first: int = 0) -> Iterator[tuple[Path, int]]:
    """Each file with a place in it, while one bit there is turned round."""
    for file in sorted(one for one in path.rglob("*") if one.is_file()):
        whole = file.read_bytes()
        for place in range(first, len(whole), every):
            bit = 1 << (place * 7 + place // 8) % 8
            file.write_bytes(whole[:place] + bytes([whole[place] ^ bit]) + whole[place + 1 :])
            yield file, place
        file.write_bytes(whole)


def tried(path: Path, texts: dict[str, str]) -> str:
    """What becomes of an archive: harmless, told at opening, told by verify, or silent."""
    try:
        right = answers(path, texts)
    except SpindetectError:
        return "told at opening"
    if right:
        return "harmless"
    try:
        return "told by verify" if problems(path) else "silent"
    except SpindetectError:
        return "told by verify"


def flips(folder: Path, articles: int, every: int, first: int = 0) -> dict[str, Counter[str]]:
    """What became of each flip, by the file."""
    from stories import story

    texts = {f"s{number}": story(number) for number in range(articles)}
    with Archive.create(folder / "whole") as made:
        made.add({"id": id, "text": text} for id, text in texts.items())
    found: dict[str, Counter[str]] = {}
    copy = folder / "flipped"
    shutil.copytree(folder / "whole", copy)
    for file, _ in flipped(copy, every, first):
        name = file.name if len(file.stem) < 30 else f"segment{file.suffix}"
        found.setdefault(name, Counter())[tried(copy, texts)] += 1
        for log in copy.glob("catalogue.sqlite-*"):
            log.unlink()
    return found


def main() -> None:
    """Print a table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--articles", type=int, default=6)
    options.add_argument("--every", type=int, default=1)
    options.add_argument("--first", type=int, default=0)
    options.add_argument("--output", type=Path)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = flips(Path(folder), given.articles, given.every, given.first)
    for name, counts in found.items():
        print(f"{name:24}", ", ".join(f"{count:,} {what}" for what, count in sorted(counts.items())))
    silent = sum(counts["silent"] for counts in found.values())
    print(f"{sum(map(Counter.total, found.values())):,} flips, {silent} wrong answers that nothing tells")
    if given.output:
        given.output.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
