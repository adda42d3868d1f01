"""Measure whether evidence is shown in the order in which it convinces; fit the order anew.

    python benchmarks/persuasion.py --shared DIR [--fit] [--output FILE]

DIR holds the gold, the seeds and the corpora. ``persuasion_grades.jsonl``, beside this file, has 391 pieces of
evidence in 22 articles as spans, drawn at random and graded by hand with the texts in view:

5 a name, a title or a fixed term is broken, a nationality is a language, or a quotation says something else;
4 absurd or ungrammatical where it stands, or another word in a quotation; 3 clumsy, or a telling repetition;
2 another word that reads well; 1 a grammar word, a form, a way of writing a number, or a fault of the alignment.

Two pieces of one article are a pair if their grades differ. The agreement is that of a ranking fitted without the
story: both comparisons of one, and an article with and without its reference, are left out together. One grade
apart, readers differ as well; two grades or more apart, they hardly do. ``--fit`` writes the weights of all pairs
into the package.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spindetect import Detector, persuasion
from spindetect.findings import Giveaway, Result, Substitution

GRADES = Path(__file__).with_name("persuasion_grades.jsonl")
TABLE = Path(persuasion.__file__).with_name("persuasion.json")
# What is known beforehand of the order: names, languages, quotations, broken terms first, forms last.
PRIOR = {
    **{
        "demonym": 3.0,
        "disguise": 3.0,
        "name": 2.0,
        "lost capital": 2.0,
        "term": 1.5,
        "quoted": 1.5,
        "article": 1.5,
    },
    **{"changed number": 1.0, "quoted content": 0.5, "fits better": 0.5, "misfit": 0.3, "function": -0.7},
    **{
        "rewrite": -1.0,
        "form": -1.5,
        "number": -1.5,
        "unit": -1.0,
        "contracted": -1.5,
        "alike name": -1.5,
        "supposed": -0.7,
    },
}
# How strongly the weights are drawn towards that; and what a pair counts, as each piece is in some twelve.
RIDGE = 3.0
WORTH = 0.3
CLEAR = 2  # grades apart
SHOWN = 8


class Shared:
    """The articles behind the pairs, by their ids."""

    def __init__(self, folder: Path, detector: Detector) -> None:
        self.detector = detector
        self.seeds = {path.name[:3]: path.read_text("utf-8") for path in (folder / "seeds").glob("*.txt")}
        wild = (folder / "corpora" / "wild" / "pairs.jsonl").read_text("utf-8").splitlines()
        self.wild = {pair["id"]: pair for pair in map(json.loads, wild)}
        self.gold = folder / "acceptance" / "gold"
        self.result = lru_cache(maxsize=None)(self._result)

    def _texts(self, article: str) -> tuple[str, str | None]:
        """The suspect and the reference; None where the article was scored alone."""
        kind, _, name = article.partition("|")
        if kind == "seed":
            suspect, _, reference = name.partition(">")
            return self.seeds[suspect], self.seeds[reference] if reference else None
        pair = json.loads((self.gold / f"{name}.json").read_text("utf-8")) if kind == "gold" else self.wild[name]
        texts = (
            (pair["suspect_text"], pair["reference_text"])
            if kind == "gold"
            else (pair["suspect"], pair["reference"])
        )
        return texts[0], None if kind == "alone" else texts[1]

    def _result(self, article: str) -> tuple[Result, NDArray[np.float64]]:
        """What was found in an article, and the signs of every piece of it."""
        suspect, reference = self._texts(article)
        detector = self.detector
        result: Result = detector.score(suspect) if reference is None else detector.compare(suspect, reference)
        made = persuasion.items(
            result.suspect, pieces(result), result.reference, detector.model, detector.alone.ngrams
        )
        return result, np.array([persuasion.signs(item) for item in made])

    def signs(self, article: str, spans: Sequence[int]) -> NDArray[np.float64] | None:
        """The signs of the piece at these spans; None where nothing is found there any longer."""
        result, signs = self.result(article)
        for piece, found in zip(pieces(result), signs, strict=True):
            mine = piece.suspect.span
            if mine.start < spans[1] and spans[0] < mine.end:
                return found
        return None


def pieces(result: Result) -> Sequence[Substitution | Giveaway]:
    """The evidence of a result that is ranked."""
    return result.giveaways if result.reference_free else result.substitutions


def story(article: str) -> str:
    """What articles that are left out together have in common."""
    name = article.partition("|")[2].removeprefix("wild:").removeprefix("wild_").partition(":")[0]
    return "seeds" if article.startswith("seed") else name


@dataclass(frozen=True)
class Pairs:
    """Differences of signs between the piece with the higher grade and the other, shape (pairs, signs).

    ``apart`` is by how many grades, ``everything`` has the signs of all pieces.
    """

    differences: NDArray[np.float64]
    apart: NDArray[np.int64]
    stories: NDArray[np.str_]
    everything: NDArray[np.float64]


def read_pairs(shared: Shared) -> Pairs:
    """All pairs of pieces that are still found and have different grades."""
    differences, apart, stories, everything = [], [], [], []
    for line in GRADES.read_text("utf-8").splitlines():
        graded = json.loads(line)
        found = [(shared.signs(graded["article"], item), item[-1]) for item in graded["items"]]
        pieces = [(signs, grade) for signs, grade in found if signs is not None]
        everything += [signs for signs, _ in pieces]
        for (more, high), (less, low) in permutations(pieces, 2):
            if high > low:
                differences.append(more - less)
                apart.append(high - low)
                stories.append(story(graded["article"]))
    return Pairs(np.array(differences), np.array(apart), np.array(stories), np.array(everything))


def fit(differences: NDArray[np.float64]) -> NDArray[np.float64]:
    """The weights of a logistic regression without intercept, drawn towards `PRIOR`, by Newton's method."""
    prior = np.array([PRIOR.get(name, 0.0) for name in persuasion.SIGNS])
    weights = prior
    for _ in range(30):
        chances = 1.0 / (1.0 + np.exp(-differences @ weights))
        gradient = WORTH * differences.T @ (1.0 - chances) - RIDGE * (weights - prior)
        spread = WORTH * (differences * (chances * (1.0 - chances))[:, None]).T @ differences
        weights = weights + np.linalg.solve(spread + RIDGE * np.eye(len(weights)), gradient)
    return weights


def left_out(pairs: Pairs) -> NDArray[np.bool_]:
    """Which pairs are put in the right order by weights fitted without their story."""
    right = np.zeros(len(pairs.stories), dtype=bool)
    for name in dict.fromkeys(pairs.stories.tolist()):
        mine = pairs.stories == name
        right[mine] = pairs.differences[mine] @ fit(pairs.differences[~mine]) > 0
    return right


def write_table(pairs: Pairs) -> None:
    """Write the weights fitted on all pairs, and the utility of the median piece."""
    weights = fit(pairs.differences)
    typical = float(np.median(pairs.everything @ weights))
    table: dict[str, Any] = {
        "pairs": len(pairs.stories),
        "typical": round(typical, 4),
        "weights": {name: round(float(weight), 4) for name, weight in zip(persuasion.SIGNS, weights, strict=True)},
    }
    TABLE.write_text(json.dumps(table, indent=1) + "\n", "utf-8")


def first_shown(result: Result) -> Iterable[str]:
    """The pieces of evidence that a report shows first."""
    from spindetect.report.alike import before, best, strongest

    for group in strongest([*result.substitutions, *result.giveaways], SHOWN):
        one = best(group)
        flags = f"{'quoted ' if one.quoted else ''}{one.kind}{'!' if one.telltale else ''}"
        yield f"{one.persuasion:.2f} {flags}: {before(one) or '?'} -> {one.suspect.text}"


def main() -> None:
    """Fit if asked to, measure, and show what comes first of the seeds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    shared = Shared(options.shared, Detector.load())
    pairs = read_pairs(shared)
    if options.fit:
        write_table(pairs)
    right, clear = left_out(pairs), pairs.apart >= CLEAR
    figures = {
        "pieces": len(pairs.everything),
        "pairs": int(clear.sum()),
        "agreement": float(right[clear].mean()),
        "pairs_of_any_difference": len(right),
        "agreement_of_any_difference": float(right.mean()),
    }
    print(f"{figures['pieces']} pieces of evidence, {len(set(pairs.stories.tolist()))} stories, each left out")
    print(f"two grades apart or more: {figures['agreement']:.3f} of {figures['pairs']} pairs in the right order")
    print(f"any two grades:           {right.mean():.3f} of {len(right)}")
    for article in ("seed|000>001", "seed|001>000", "seed|000"):
        print(f"\n{article}")
        print("\n".join(f"  {line}" for line in first_shown(shared.result(article)[0])))
    if options.output:
        options.output.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
