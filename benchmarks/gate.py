"""Hold the accuracy floors: measure, compare with benchmarks/floors.json, fail where a figure fell below.

    python benchmarks/gate.py --shared DIR

DIR holds the acceptance contract and the corpora. A change may raise a floor; lowering one
takes a stated reason in the commit.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
from pathlib import Path

from arxivedits import measure_arxivedits
from direction import compare_both_ways
from direction import figures as told_and_right
from reference_free import wild_figures as reference_free_on_wild
from sentences import figures as sentence_figures
from word_links import measure_links

from spindetect.detector import Detector
from spindetect.results import Comparison
from spindetect.training.measuring.evaluate import score_examples, wild_examples
from spindetect.training.measuring.figures import auroc, share_reaching
from spindetect.training.measuring.gold import GoldCounts, measure_gold

FLOORS = Path(__file__).with_name("floors.json")


def gold_figures(detector: Detector, folder: Path) -> dict[str, float]:
    """Substitutions and sentence pairs against the hand-labelled texts."""
    whole = sum(measure_gold(folder, detector).values(), GoldCounts())
    return {
        "substitutions_f1": whole.f1,
        "substitution_kinds": whole.kinds,
        "substitution_quoted": whole.quoted,
        "sentence_pairs_found": whole.pair_recall,
        "sentence_pairs_true": 1.0 - whole.pair_errors,
    }


def seed_figures(detector: Detector, folder: Path) -> dict[str, float]:
    """The five seeds against one another; the independent ones' highest score counts as distance from 100."""
    seeds = sorted(folder.glob("*.txt"))
    pairs = list(itertools.permutations(range(len(seeds)), 2))
    results = detector.compare_many([(seeds[i], seeds[j]) for i, j in pairs])
    scores = {}
    for pair, result in zip(pairs, results, strict=True):
        if not isinstance(result, Comparison):
            raise result
        scores[pair] = result.score
    unrelated = max(score for pair, score in scores.items() if 0 not in pair)
    return {
        "seed_000_001": scores[0, 1],
        "seed_001_000": scores[1, 0],
        "seeds_independent": 100.0 - unrelated,
    }


def wild_figures(detector: Detector, corpora: Path, jobs: int) -> dict[str, float]:
    """Real altered news, none of it trained on."""
    rows = score_examples(wild_examples(corpora), detector, jobs)
    honest = [row for row in rows if not row.machine]
    certain = [row for row in rows if not row.machine or row.relation in ("spun", "back_translated")]
    return {
        "wild_auroc_spun_or_translated": auroc(certain),
        "wild_auroc_machine": auroc(rows),
        "wild_not_accused": 1.0 - share_reaching(honest, 50),
        "wild_spun_recall": share_reaching([row for row in rows if row.relation == "spun"], 50),
    }


def alone_figures(detector: Detector, shared: Path) -> dict[str, float]:
    """The same news and the seeds with no reference; the highest score of seeds 001 to 004 counts from 100."""
    found = reference_free_on_wild(shared / "corpora", detector)
    seeds = [detector.score(path).score for path in sorted((shared / "seeds").glob("*.txt"))]
    return {
        "alone_wild_auroc": found["auroc"],
        "alone_wild_recall_at_1_percent": found["recall_at_1_percent"],
        "alone_wild_not_accused": 1.0 - found["honest_at_50"],
        "alone_seed_000": seeds[0],
        "alone_other_seeds": 100.0 - max(seeds[1:]),
    }


def direction_figures(detector: Detector, corpora: Path) -> dict[str, float]:
    """Which of two texts is the copy: the same news, in both orders."""
    found = told_and_right(compare_both_ways(corpora, detector))
    return {"direction_told": found["told"], "direction_right": found["right"]}


def edit_figures(detector: Detector, corpora: Path) -> dict[str, float]:
    """Exact spans of substitutions on the dev half of arXivEdits: as annotators cut them, and as reported."""
    counts = measure_arxivedits(corpora / "arxivedits" / "dev.json", detector)
    return {
        "edits_f1": counts["substitutions"].f1,
        "edits_as_reported_f1": counts["substitutions as reported"].f1,
    }


def link_figures(detector: Detector, corpora: Path) -> dict[str, float]:
    """The sure links of words on the dev half of MTRef: all, and those of unequal words."""
    counts = measure_links(corpora / "alignments" / "mtref-dev.tsv", detector)
    return {"links_f1": counts["all"].f1, "links_unequal_f1": counts["unequal"].f1}


def main() -> int:
    """Print every figure beside its floor; the exit status is 1 if one is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", required=True, type=Path)
    parser.add_argument("--jobs", type=int, default=1)
    shared = parser.parse_args().shared
    detector = Detector.load()
    figures = gold_figures(detector, shared / "acceptance" / "gold")
    figures |= seed_figures(detector, shared / "seeds")
    figures |= wild_figures(detector, shared / "corpora", parser.parse_args().jobs)
    figures |= alone_figures(detector, shared)
    figures |= direction_figures(detector, shared / "corpora")
    figures |= edit_figures(detector, shared / "corpora")
    figures |= link_figures(detector, shared / "corpora")
    for name, found in sentence_figures(detector, shared / "corpora" / "sentences").items():
        figures |= {f"sentences_{name}_{measure}": value for measure, value in found.items()}
    floors = json.loads(FLOORS.read_text("utf-8"))
    missed = 0
    for name, value in figures.items():
        held = value >= floors[name]
        missed += not held
        print(f"{'ok   ' if held else 'BELOW'} {name:32} {value:8.3f}   floor {floors[name]:8.3f}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
