"""Measure how exactly word alignment finds the hand-marked edits of arXivEdits (Jiang, Xu and Stevens 2022).

    python benchmarks/arxivedits.py FILE [--output FILE]

The measure: over sentence pairs, micro-averaged precision, recall and F1 of the edits of
one type, as half-open ranges of the corpus's own tokens. An edit is found when its ranges
are exactly those marked, on both sides for a substitution; letter case counts. Where a
pair has alternative labellings, the one that gives the pair its highest F1 counts (of
equals, the shortest). The two baselines place the measure: Python's difflib, its
"replace" blocks (0.70 on dev), and a Levenshtein alignment of the tokens whose runs of one
operation are one edit (0.53).

The corpus marks what was written anew *as one stretch*: where several of our substitutions
touch, its train split has them as one 33 times, apart 4 times, otherwise 22 times
[these results hold -> this result holds]. Our substitutions are the smallest phrases that
were replaced. A report's ``edits`` (granularity "edit") are what is measured; the figure of the
substitutions as reported is given beside it. Where edits are cut was learnt from train.json
(`learn_edits`), so that only dev.json is unseen.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from edits import Aligned, Edit, EditType, edits_of

from spindetect.detector import Detector

Finder = Callable[[Sequence[str], Sequence[str]], Sequence[Edit]]

_TYPES: Mapping[str, EditType] = {
    "Substitute": "substitution",
    "Insertion": "insertion",
    "Deletion": "deletion",
}


@dataclass(frozen=True, slots=True)
class EditCounts:
    """Counts of edits over sentence pairs, to be added up."""

    found: int = 0
    missed: int = 0
    spurious: int = 0

    def __add__(self, other: EditCounts) -> EditCounts:
        return EditCounts(self.found + other.found, self.missed + other.missed, self.spurious + other.spurious)

    @property
    def precision(self) -> float:
        """Share of the edits given that are marked, 0 to 1."""
        return self.found / max(1, self.found + self.spurious)

    @property
    def recall(self) -> float:
        """Share of the marked edits that are given, 0 to 1."""
        return self.found / max(1, self.found + self.missed)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, 0 to 1."""
        return 2 * self.found / max(1, 2 * self.found + self.missed + self.spurious)


@dataclass(frozen=True, slots=True)
class LabelledPair:
    """A sentence (the reference), its revision (the suspect), both in tokens, and one to three labellings."""

    reference: tuple[str, ...]
    suspect: tuple[str, ...]
    labellings: tuple[frozenset[Edit], ...]


def measure_arxivedits(path: Path, detector: Detector) -> dict[str, EditCounts]:
    """Counts over a file of arXivEdits: our edits by type, our substitutions as reported, the baselines'."""
    pairs = read_arxivedits(path)

    def ours(reference: Sequence[str], suspect: Sequence[str]) -> list[Edit]:
        return edits_of(reference, suspect, detector)

    def reported(reference: Sequence[str], suspect: Sequence[str]) -> list[Edit]:
        return Aligned(reference, suspect, detector).swaps

    return {
        "substitutions": count_edits(pairs, ours),
        "substitutions as reported": count_edits(pairs, reported),
        "insertions": count_edits(pairs, ours, "insertion"),
        "deletions": count_edits(pairs, ours, "deletion"),
        "substitutions, difflib": count_edits(pairs, difflib_edits),
        "substitutions, Levenshtein": count_edits(pairs, levenshtein_edits),
    }


def read_arxivedits(path: Path) -> list[LabelledPair]:
    """The sentence pairs of a file of arXivEdits; a pair without any edit has one empty labelling."""
    pairs = []
    for record in json.loads(path.read_text("utf-8")).values():
        marked = [record[f"edits-combination-{number}"].values() for number in range(3)]
        labellings = [
            frozenset(map(_marked_edit, edits)) for place, edits in enumerate(marked) if edits or not place
        ]
        sides = (tuple(record[f"sentence-{number}"].split()) for number in (1, 2))
        pairs.append(LabelledPair(*sides, tuple(labellings)))
    return pairs


def _marked_edit(edit: Mapping[str, Any]) -> Edit:
    """An edit as the corpus marks it; the side without tokens is null there, here ``range(0)``."""
    sides = (edit["sentence-1-token-indices"], edit["sentence-2-token-indices"])
    marked = Edit(*(range(*side) if side else range(0) for side in sides))
    if marked.type != _TYPES[edit["type"]]:
        raise ValueError(f"The edit {edit} is of type {marked.type} by its token indices. Check the corpus file.")
    return marked


def count_edits(pairs: Iterable[LabelledPair], finder: Finder, of_type: EditType = "substitution") -> EditCounts:
    """Count what a finder gets right over labelled pairs, each by the labelling that suits it best."""
    total = EditCounts()
    for pair in pairs:
        given = {edit for edit in finder(pair.reference, pair.suspect) if edit.type == of_type}
        counts = []
        for labelling in pair.labellings:
            marked = {edit for edit in labelling if edit.type == of_type}
            found = len(given & marked)
            counts.append(EditCounts(found, len(marked) - found, len(given) - found))
        total += max(counts, key=lambda count: (count.f1, -count.missed))
    return total


# --- baselines -------------------------------------------------------------------------------------


def difflib_edits(reference: Sequence[str], suspect: Sequence[str]) -> list[Edit]:
    """What Python's difflib changes between two token sequences."""
    blocks = SequenceMatcher(None, reference, suspect).get_opcodes()
    return [Edit(range(i, i_end), range(j, j_end)) for name, i, i_end, j, j_end in blocks if name != "equal"]


def levenshtein_edits(reference: Sequence[str], suspect: Sequence[str]) -> list[Edit]:
    """A shortest edit script of tokens, each run of one operation an edit; from the end, substitution first.

    >>> [(e.type, *e.reference, *e.suspect) for e in levenshtein_edits("a b c".split(), "a x c d".split())]
    [('substitution', 1, 1), ('insertion', 3)]
    """
    from rapidfuzz.distance import Levenshtein

    m, n = len(reference), len(suspect)
    backwards = Levenshtein.opcodes(reference[::-1], suspect[::-1])
    return [
        Edit(range(m - op.src_end, m - op.src_start), range(n - op.dest_end, n - op.dest_start))
        for op in reversed(backwards)
        if op.tag != "equal"
    ]


def main() -> None:
    """Print the precision, recall and F1 of every type of edit."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path, help="train.json or dev.json of arXivEdits")
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    counts = measure_arxivedits(options.file, Detector.load())
    print(f"{'':30} precision recall     F1 marked")
    for name, one in counts.items():
        print(f"{name:30} {one.precision:9.4f} {one.recall:6.4f} {one.f1:6.4f} {one.found + one.missed:6}")
    if options.output:
        record = {name: {"f1": one.f1, **asdict(one)} for name, one in counts.items()}
        options.output.write_text(json.dumps(record, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
