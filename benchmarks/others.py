"""Compare spindetect with other tools, on the same pairs in one run.

    python benchmarks/others.py --shared DIR [--output benchmarks/results]

DIR holds seeds and corpora. The tools are Python's difflib on words, redlines, a Levenshtein diff of
words (rapidfuzz) and the PAN 2015 text-alignment system (pan2015.py, written anew). Times are
interleaved and given as ratios. A tool's similarity of the two texts is its score: the share of equal
words for the diffs, the share of characters in passages for PAN 2015. Writes others.json and others.md.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import NamedTuple

import pan2015
from arxivedits import count_edits, difflib_edits, levenshtein_edits, read_arxivedits
from edits import Edit, edits_of
from pan import extracted, find_all, half_of, pan_folders, plagdet, read_pan_cases, read_pan_pairs
from rapidfuzz.distance import Levenshtein
from redlines import Redlines

from spindetect.detector import Detector
from spindetect.findings import MACHINE_RELATIONS, Passage
from spindetect.training.measuring.evaluate import wild_examples
from spindetect.training.pairs.dataset import Example

ROUNDS = 31
OURS = "spindetect"


class Tool(NamedTuple):
    """What a tool can do; ``similarity`` is 0 to 1 (spindetect's score 0 to 100)."""

    name: str
    similarity: Callable[[str, str], float]
    edits: Callable[[Sequence[str], Sequence[str]], Sequence[Edit]] | None = None
    passages: Callable[[str, str], list[Passage]] | None = None


def tools(detector: Detector) -> list[Tool]:
    """All tools, spindetect first. Each is given the suspect and the reference as texts."""

    def compare(suspect: str, reference: str) -> float:
        detector._segmented.cache_clear()
        found = detector.compare(suspect, reference)
        found.passages  # noqa: B018  # the slowest part of what is only found when asked for
        return found.score

    def ours(reference: Sequence[str], suspect: Sequence[str]) -> Sequence[Edit]:
        return edits_of(reference, suspect, detector)

    return [
        Tool(OURS, compare, ours),
        Tool("difflib (words)", difflib_similarity, difflib_edits),
        Tool("redlines", redlines_similarity, redlines_edits),
        Tool("Levenshtein (words, rapidfuzz)", levenshtein_similarity, levenshtein_edits),
        Tool("PAN 2015 (written anew)", pan_similarity, None, pan2015.find_passages),
    ]


# --- the other tools -------------------------------------------------------------------------------


def difflib_similarity(suspect: str, reference: str) -> float:
    """Python's ratio of two sequences of words; the steps are worked out too, as a diff needs them."""
    matcher = SequenceMatcher(None, reference.split(), suspect.split(), autojunk=False)
    matcher.get_opcodes()
    return matcher.ratio()


def redlines_similarity(suspect: str, reference: str) -> float:
    """The share of the words that redlines leaves as they are, of both texts' words."""
    codes = Redlines(reference, suspect).opcodes
    equal = sum(end - start for name, start, end, _, _ in codes if name == "equal")
    return 2 * equal / max(1, codes[-1][2] + codes[-1][4]) if codes else 0.0


def redlines_edits(reference: Sequence[str], suspect: Sequence[str]) -> list[Edit]:
    """What redlines changes; it splits at spaces, as the corpus does."""
    codes = Redlines(" ".join(reference), " ".join(suspect)).opcodes
    return [Edit(range(i, i_end), range(j, j_end)) for name, i, i_end, j, j_end in codes if name != "equal"]


def levenshtein_similarity(suspect: str, reference: str) -> float:
    """One less the edit distance in words over the longer text's words, with the script worked out."""
    words = reference.split(), suspect.split()
    script = Levenshtein.opcodes(*words)
    changed = sum(max(op.src_end - op.src_start, op.dest_end - op.dest_start) for op in script if op.tag != "equal")
    return 1.0 - changed / max(1, *map(len, words))


def pan_similarity(suspect: str, reference: str) -> float:
    """The share of the suspect's characters in passages."""
    return sum(len(one.suspect) for one in pan2015.find_passages(suspect, reference)) / max(1, len(suspect))


# --- measuring ---------------------------------------------------------------------------------------


def times_ms(chosen: Sequence[Tool], suspect: str, reference: str) -> dict[str, float]:
    """Median processor time of each tool on one pair, the tools taking turns: other work hardly matters to it."""
    taken: dict[str, list[float]] = {tool.name: [] for tool in chosen}
    for number in range(ROUNDS + 1):
        for tool in chosen:
            start = time.process_time()
            tool.similarity(suspect, reference)
            if number:  # the first round warms up
                taken[tool.name].append(time.process_time() - start)
    return {name: 1e3 * statistics.median(values) for name, values in taken.items()}


def aurocs(tool: Tool, examples: Sequence[Example]) -> dict[str, float]:
    """How well the tool's score tells machine paraphrases from honest texts, and from independent ones alone."""
    from sklearn.metrics import roc_auc_score

    scored = [(one.relation, tool.similarity(one.suspect, one.reference)) for one in examples]

    def auroc(honest: Sequence[str]) -> float:
        machine = (*MACHINE_RELATIONS, "machine")
        rows = [(relation in machine, score) for relation, score in scored if relation in (*machine, *honest)]
        return float(roc_auc_score(*map(list, zip(*rows, strict=True))))

    return {
        "machine against honest": auroc(("copied", "edited", "independent")),
        "against independent": auroc(("independent",)),
        "against copied and edited": auroc(("copied", "edited")),
    }


def pan_figures(chosen: Sequence[Tool], packed: Path, detector: Detector) -> dict[str, float]:
    """Plagdet over the half of the corpus that spindetect's passages weren't tuned on."""
    with tempfile.TemporaryDirectory() as place:
        folder = extracted(packed, Path(place))
        kinds = pan_folders(folder)
        pairs = {
            kind: [n for n in read_pan_pairs(kind / "pairs") if half_of(n[0]) == "reporting"] for kind in kinds
        }
        cases = {kind: read_pan_cases(kind) for kind in kinds}
        names = [name for kind in kinds for name in pairs[kind]]
        true = {name: cases[kind].get(name, []) for kind in kinds for name in pairs[kind]}
        figures = {OURS: plagdet(true, find_all(folder, names, detector)).plagdet}
        for tool in chosen:
            if tool.passages:
                texts = (
                    (_text(folder / "susp" / suspect), _text(folder / "src" / source)) for suspect, source in names
                )
                given = {name: tool.passages(*pair) for name, pair in zip(names, texts, strict=True)}
                figures[tool.name] = plagdet(true, given).plagdet
    return figures


def _text(path: Path) -> str:
    """A file as it is: reading it as text would turn its line breaks into others and shift all passages."""
    return path.read_bytes().decode("utf-8")


def measure(shared: Path) -> list[dict[str, object]]:
    """A row of figures for each tool; one that a tool has no notion of is missing."""
    detector = Detector.load()
    chosen = tools(detector)
    first, second = (path.read_text("utf-8") for path in sorted((shared / "seeds").glob("*.txt"))[:2])
    taken = times_ms(chosen, first, second)
    marked = read_arxivedits(shared / "corpora" / "arxivedits" / "dev.json")
    plagdets = pan_figures(chosen, shared / "corpora" / "pan13" / "pan13.tar.xz", detector)
    examples = wild_examples(shared / "corpora")
    rows = []
    for tool in chosen:
        row: dict[str, object] = {
            "tool": tool.name,
            "ms": round(taken[tool.name], 2),
            "time_ratio": round(taken[tool.name] / taken[OURS], 3),
        }
        row |= {f"auroc, {name}": round(value, 3) for name, value in aurocs(tool, examples).items()}
        if tool.edits:
            row["arxivedits_f1"] = round(count_edits(marked, tool.edits).f1, 3)
        if tool.name in plagdets:
            row["pan13_plagdet"] = round(plagdets[tool.name], 3)
        rows.append(row)
    return rows


def table(rows: Sequence[dict[str, object]]) -> str:
    """The rows as Markdown; a dash where a tool doesn't do such a thing."""
    heads = {
        "tool": "tool",
        "time_ratio": "time (spindetect = 1)",
        "auroc, machine against honest": "machine against honest, AUROC",
        "auroc, against independent": "... against independent",
        "auroc, against copied and edited": "... against copied and edited",
        "arxivedits_f1": "arXivEdits, exact spans, F1",
        "pan13_plagdet": "PAN 2013, plagdet",
    }
    lines = [heads.values(), ["---"] * len(heads), *([str(row.get(name, "–")) for name in heads] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> None:
    """Print the table, and write it with its figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", required=True, type=Path)
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    rows = measure(options.shared)
    print(table(rows))
    if options.output:
        options.output.mkdir(parents=True, exist_ok=True)
        (options.output / "others.json").write_text(json.dumps(rows, indent=1) + "\n", "utf-8")
        (options.output / "others.md").write_text(table(rows) + "\n", "utf-8")


if __name__ == "__main__":
    main()
