"""Measure links between words against hand alignments of MultiMWA.

    python benchmarks/word_links.py FILE... [--output FILE]

A FILE is a tab-separated file of MultiMWA (Lan, Jiang and Xu 2021): two tokenised sentences and their links, sure
and possible. The measure: over pairs of tokens that hold words, precision, recall and F1 of the sure links, of all
and of those between unequal tokens. A link of phrases joins each word with each; a stretch that was reworded as a
whole (more than 16 pairs) is no link. A possible link that is given counts as wrong, and in the rows "but possible
ones" as neither, as Och and Ney (2003, https://aclanthology.org/J03-1002) have it. `learn_odds.py` learns from the
train files, where possible links are among the sure ones.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from arxivedits import EditCounts
from edits import token_numbers

from spindetect.align.words.alignment import align_words
from spindetect.align.words.strands import Strand, strand
from spindetect.classify.phrases import find_phrase_pairs
from spindetect.detector import Detector
from spindetect.records import Article, Document

Places = set[tuple[int, int]]
_STRETCH = 16


@dataclass(frozen=True, slots=True)
class AlignedPair:
    """Two sentences as documents and strands, the token that each word stands in, and the links of tokens."""

    documents: tuple[Document, Document]
    strands: tuple[Strand, Strand]
    tokens: tuple[list[int], list[int]]
    texts: tuple[list[str], list[str]]
    sure: Places
    possible: Places


def read_multimwa(path: Path, detector: Detector) -> Iterator[AlignedPair]:
    """The sentence pairs of a file of MultiMWA."""
    for line in path.read_text("utf-8").splitlines():
        row = [*line.split("\t"), "", ""]
        texts = row[1].split(), row[3].split()
        one, other = (detector.document(Article(" ".join(tokens))) for tokens in texts)
        sides = strand(one, 0, len(one.words)), strand(other, 0, len(other.words))
        tokens = token_numbers(texts[0], one, sides[0]), token_numbers(texts[1], other, sides[1])
        yield AlignedPair((one, other), sides, tokens, texts, _places(row[7]), _places(row[8]))


def _places(links: str) -> Places:
    return {(int(one), int(other)) for one, _, other in (link.partition("-") for link in links.split())}


def measure_links(path: Path, detector: Detector) -> dict[str, EditCounts]:
    """Counts of all links of a file, and of those between unequal tokens, in both conventions."""
    counts: dict[str, EditCounts] = defaultdict(EditCounts)
    lexicon = detector.model.lexicon
    for pair in read_multimwa(path, detector):
        alignment = align_words([pair.strands], lexicon)[0]
        _, links = find_phrase_pairs(alignment, pair.documents[1], pair.documents[0], lexicon)
        left, right = pair.tokens
        given = {
            (left[i], right[j])
            for link in links
            if len(link.reference) * len(link.suspect) <= _STRETCH
            for i in link.reference
            for j in link.suspect
        }
        sure = {(i, j) for i, j in pair.sure if i in left and j in right}
        for name, mine in (("", given), (", but possible ones", given - pair.possible)):
            counts[f"all{name}"] += _counted(mine, sure)
            unequal = [{(i, j) for i, j in one if pair.texts[0][i] != pair.texts[1][j]} for one in (mine, sure)]
            counts[f"unequal{name}"] += _counted(*unequal)
    return counts


def _counted(given: Places, sure: Places) -> EditCounts:
    found = len(given & sure)
    return EditCounts(found, len(sure) - found, len(given) - found)


def main() -> None:
    """Print the precision, recall and F1 of each file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    detector = Detector.load()
    record = {}
    for path in options.files:
        for name, one in measure_links(path, detector).items():
            print(f"{path.stem:12} {name:26} P {one.precision:.4f} R {one.recall:.4f} F1 {one.f1:.4f}")
            record[f"{path.stem}, {name}"] = {"f1": one.f1, **asdict(one)}
    if options.output:
        options.output.write_text(json.dumps(record, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
