"""Measure the classifier on kinds of change that it never saw: whole kinds, tools and corpora left out in turn.

    python benchmarks/kinds.py --corpora CORPORA [--features FILE] [--output FILE]

The examples are measured once with the shipped lexicon, which knows the spinners' dictionaries. ``--features``
keeps what was measured, so that a second run takes a few minutes. A table says for each kind how often it is
accused (a score of 50 or more), and how often it is undecided, with its unit left out of fitting and with only its
documents left out. Last come the worst errors with units left out: the honest pairs with the highest scores, and
those by machines with the lowest.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import astuple, dataclass
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spindetect.align.lexical.lexicon import Lexicon
from spindetect.detector import Detector
from spindetect.findings import MACHINE_RELATIONS, Undecided
from spindetect.model import find_model, read_lexicon, unpack
from spindetect.pipeline import gather_documents
from spindetect.read.article import article_from_text
from spindetect.reference_free.model import load_pair_counts
from spindetect.reference_free.ngrams import NGramModel
from spindetect.score.features import measure
from spindetect.score.judging import judge
from spindetect.score.register import other_explanations
from spindetect.score.word_choice import Changed, changed_words
from spindetect.segment.document import segment
from spindetect.segment.vocabulary import Vocabulary
from spindetect.settings import Settings
from spindetect.training.classifier.fit import fit_classifier
from spindetect.training.classifier.weighting import unit_of
from spindetect.training.classifier.word_choice import learn_word_choice
from spindetect.training.measuring.evaluate import wild_examples
from spindetect.training.pairs.dataset import (
    Example,
    articles,
    neighbour_examples,
    real_examples,
    spun_examples,
    strewn_examples,
)
from spindetect.training.pairs.kinds import (
    MEASURED_ONLY,
    collected_examples,
    honest_examples,
    kind_examples,
    machine_translations,
)
from spindetect.training.pairs.rewrites import ASKED, ASKED_TRIP, rewrite_examples
from spindetect.training.pairs.simulated import filled_forms, partly_changed, partly_spun_examples, short_stretches
from spindetect.training.spinners.spinner import families

FOLDS = 8
WILD = "wild_news"
_ARTICLES = 200
_NEIGHBOURS = 600
_REWRITES = 1200
_INVENTED = range(100)
_BINS = 10
_WORST = 10  # errors listed on either side
_MOST_OF_A_UNIT = 2
_DERIVED = (":partly", ":short", ":turned")  # ends of the ids of pairs that were made from other pairs
_HONEST = ("edited", "copied", "independent")
_ASKED = (f"{ASKED}:", f"{ASKED_TRIP}:")  # rewrites that `spindetect.training.pairs.rewrites` keeps


@dataclass(frozen=True)
class Row:
    """An example after judging: its kind, relation, score and reuse (0 to 100) and verdict."""

    kind: str
    relation: str
    score: float
    reuse: float
    verdict: str
    reasons: tuple[str, ...]

    @property
    def machine(self) -> bool:
        """Whether a machine made the suspect."""
        return self.relation in (*MACHINE_RELATIONS, "machine")


@cache
def _language() -> tuple[Vocabulary, Lexicon, NGramModel]:
    """The shipped lexicon and n-grams alone, which a classifier of other features needn't hinder."""
    folder = find_model(Settings().model)
    vocabulary, lexicon = unpack(read_lexicon(folder))
    return vocabulary, lexicon, load_pair_counts(folder, len(vocabulary.rows))


class Measured(NamedTuple):
    """An example's features, the words that were changed, and what else would explain that it was reworded."""

    features: Mapping[str, float]
    changed: Changed
    explained: Sequence[Undecided]


def _measure(example: Example) -> Measured:
    vocabulary, lexicon, ngrams = _language()
    texts = example.suspect, example.reference
    suspect, reference = (segment(article_from_text(text), vocabulary) for text in texts)
    evidence = gather_documents(suspect, reference, lexicon, ngrams)
    explained = other_explanations(suspect, reference, evidence)
    return Measured(measure(evidence), changed_words(suspect, reference), explained)


def examples_of(corpora: Path) -> list[Example]:
    """Everything that is measured; of what training subsamples, a part."""
    sources, kinds = articles(corpora, _ARTICLES), kind_examples(corpora)
    real = real_examples(corpora, most_llm=_REWRITES)
    spinners = families(corpora, wild_seeds=_INVENTED)
    return [
        *kinds,
        *(one for one in collected_examples(corpora) if one.kind.startswith(MEASURED_ONLY)),
        *rewrite_examples(corpora),
        *short_stretches(kinds),
        *filled_forms(sources),
        *machine_translations(corpora),
        *real,
        *partly_changed([*real, *kinds]),
        *neighbour_examples(sources, _NEIGHBOURS),
        *strewn_examples(corpora, sources, each=300),
        *spun_examples(sources, spinners, np.random.default_rng(1)),
        *partly_spun_examples(sources, spinners, np.random.default_rng(2)),
        *wild_examples(corpora),
    ]


def kind_of(example: Example) -> str:
    """The kind, or where there is none the corpus."""
    if example.id.startswith("wild:"):
        return WILD
    if example.id.startswith("partly:"):
        return f"{example.family}, in part"
    return example.named


def folds_of(examples: Sequence[Example], by: str) -> list[int]:
    """The fold of each example, by its unit or by its group; -1 of what is only measured."""
    names = [unit_of(example) if by == "unit" else example.group for example in examples]
    order = sorted(set(names))
    np.random.default_rng(0).shuffle(order)
    place = {name: number % FOLDS for number, name in enumerate(order)}
    return [-1 if measured_only(example) else place[name] for example, name in zip(examples, names, strict=True)]


def measured_only(example: Example) -> bool:
    """Whether an example is kept out of every fit: real altered news, and what nobody can tell."""
    return kind_of(example).startswith((WILD, "wmt_machine", *MEASURED_ONLY))


def judged(examples: Sequence[Example], measured: Sequence[Measured], folds: Sequence[int]) -> list[Row]:
    """Each example judged by a classifier that saw nothing of its fold."""
    rows: dict[int, Row] = {}
    for fold in sorted(set(folds)):
        seen = [index for index, other in enumerate(folds) if other not in (fold, -1)]
        chosen = [examples[index] for index in seen]
        words, features = learn_word_choice(chosen, *zip(*(measured[index][:2] for index in seen), strict=True))
        classifier, _ = fit_classifier(chosen, features, seed=0, words=words)
        for index in (index for index, other in enumerate(folds) if other == fold):
            of_one = {**measured[index].features, "word_choice": words.log_odds(measured[index].changed)}
            words_of_one = round(float(np.exp(of_one["words"]))) - 1
            explained = partial(tuple[Undecided, ...], measured[index].explained)
            found = judge(classifier, of_one, words_of_one, explained=explained)
            score = 100.0 * sum(found.relations[name] for name in MACHINE_RELATIONS)
            reasons = tuple(one.reason for one in found.undecided)
            example = examples[index]
            rows[index] = Row(
                kind_of(example), example.relation, score, 100.0 * found.version, found.verdict, reasons
            )
    return [rows[index] for index in range(len(examples))]


def table(rows: Sequence[Row]) -> dict[str, dict[str, Any]]:
    """For each kind and relation: how many, which share scores 50 or more, is undecided, and has a reuse of 50."""
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[f"{row.relation}/{row.kind}"].append(row)
    return {
        name: {
            "count": len(found),
            "accused": float(np.mean([row.score >= 50 for row in found])),
            "undecided": float(np.mean([row.verdict == "undecided" for row in found])),
            "reuse": float(np.mean([row.reuse >= 50 for row in found])),
        }
        for name, found in sorted(grouped.items())
    }


def worst_errors(examples: Sequence[Example], rows: Sequence[Row], detector: Detector) -> list[dict[str, Any]]:
    """The honest pairs with the highest scores, then the machines' with the lowest, at most two of a unit.

    Beside each score stands ``shipped``, the score by the model as it is, which may have learnt from the very pair.
    What is only measured, what nobody can tell (two people's translations) and pairs made from other pairs are
    left out.
    """
    found = []
    for machine in (False, True):
        some = [
            (row.score, example)
            for example, row in zip(examples, rows, strict=True)
            if row.machine == machine and row.relation != "translated"
            if not (measured_only(example) or example.id.endswith(_DERIVED))
        ]
        units: Counter[str] = Counter()
        for score, example in sorted(some, key=lambda one: one[0] if machine else -one[0]):
            name = unit_of(example)
            if units[name] < _MOST_OF_A_UNIT and units.total() < _WORST:
                units[name] += 1
                shipped = detector.compare(example.suspect, example.reference).score
                found.append({
                    "id": example.id, "relation": example.relation, "kind": kind_of(example),
                    "score": round(score, 2), "shipped": round(shipped, 2),
                })  # fmt: skip
    return found


def figures(rows: Sequence[Row], ways: Collection[str], collected: Collection[str] = ()) -> dict[str, float]:
    """The figures over all kinds, each kind weighing alike; edits in part, which are simulated, aren't counted.

    ``ways`` are the ways in which people change texts that have a mean of their own. What was ``collected`` has
    means of its own and is in no other.
    """
    told = [row for row in rows if not (row.kind.startswith((WILD, "wmt_machine")) or row.kind.endswith(":partly"))]
    gathered = table([row for row in told if row.kind in collected])
    told = [row for row in told if row.kind not in collected]
    asked = {
        name: found["accused"] for name, found in table([r for r in told if r.kind.startswith(_ASKED)]).items()
    }
    told = [row for row in told if not row.kind.startswith(_ASKED)]
    by_kind = table(told)

    def mean(*beginnings: str, among: Mapping[str, Mapping[str, Any]] = by_kind) -> float:
        found = [v["accused"] for k, v in among.items() if k.startswith(beginnings)]
        return float(np.mean(found)) if found else float("nan")

    honest = {k: v["accused"] for k, v in by_kind.items() if k.startswith(_HONEST)}
    of_file = [honest[name] for name in honest if name.split("/")[1] in ways]
    told = [row for row in told if row.relation != "translated"]
    return {
        "honest.jsonl, macro": float(np.mean(of_file)),
        "honest, macro": float(np.mean(list(honest.values()))),
        "honest, worst": max(honest.values()),
        "controls, macro": mean("edited/control"),
        "one or two exchanges": mean("edited/short"),
        "two people's translations": mean("translated"),
        "rewrites in ten styles": mean("llm_rewritten/rewrite"),
        "polish, DIPPER, RAIDAR": mean("llm_rewritten/detectrl", "llm_rewritten/raidar"),
        "round trips": mean("back_translated"),
        "all machine kinds": mean(*MACHINE_RELATIONS),
        "asked of another model": float(np.mean(list(asked.values()))),
        "round trips named so": _named(told, "back_translated"),
        "rewrites named so": _named(told, "llm_rewritten"),
        "collected, honest": mean(*_HONEST, among=gathered),
        "collected, translations": mean("translated", among=gathered),
        "collected, machines": mean(*MACHINE_RELATIONS, among=gathered),
        "calibration error": _calibration_error(told),
        "reuse, AUROC": _reuse_auroc(told),
    }


def _named(rows: Sequence[Row], relation: str) -> float:
    """Of the accused texts of a relation the share whose verdict is that relation, each kind weighing alike."""
    by_kind: dict[str, list[bool]] = defaultdict(list)
    for row in rows:
        if row.relation == relation and row.score >= 50:
            by_kind[row.kind].append(row.verdict == relation)
    return float(np.mean([np.mean(found) for found in by_kind.values()]))


def _weights(rows: Sequence[Row]) -> NDArray[np.float64]:
    """Every kind of a relation weighs alike."""
    counts = Counter((row.relation, row.kind) for row in rows)
    return np.array([1.0 / counts[row.relation, row.kind] for row in rows])


def _calibration_error(rows: Sequence[Row]) -> float:
    """Expected calibration error of the score in ten equal bins, 0 to 1."""
    weights, scores = _weights(rows), np.array([row.score / 100.0 for row in rows])
    truth = np.array([row.machine for row in rows])
    bins = np.minimum((scores * _BINS).astype(int), _BINS - 1)
    chosen = [bins == number for number in range(_BINS)]
    return float(sum(abs((weights * (scores - truth))[one].sum()) for one in chosen) / weights.sum())


def _reuse_auroc(rows: Sequence[Row]) -> float:
    from sklearn.metrics import roc_auc_score

    labels = [row.relation != "independent" for row in rows]
    return float(roc_auc_score(labels, [row.reuse for row in rows], sample_weight=_weights(rows)))


def main() -> None:
    """Measure, print both tables, write them to ``--output``."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpora", required=True, type=Path)
    parser.add_argument("--features", type=Path)
    parser.add_argument("--output", type=Path)
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    examples = examples_of(given.corpora)
    if given.features and given.features.is_file():
        kept = json.loads(given.features.read_text("utf-8"))
        measured = [Measured(one, Changed(*changed), [Undecided(*it) for it in why]) for one, changed, why in kept]
    else:
        with ProcessPoolExecutor(given.jobs, get_context("spawn")) as pool:
            measured = list(pool.map(_measure, examples, chunksize=16))
        if given.features:
            kept = [(one.features, one.changed, [astuple(it) for it in one.explained]) for one in measured]
            given.features.write_text(json.dumps(kept), "utf-8")
    ways = {one.kind for one in honest_examples(given.corpora)}  # translations among them, which aren't counted
    collected = {one.kind for one in collected_examples(given.corpora)}
    rows = {by: judged(examples, measured, folds_of(examples, by)) for by in ("unit", "group")}
    written: dict[str, Any] = {
        by: {"figures": figures(some, ways, collected), "kinds": table(some)} for by, some in rows.items()
    }
    written["worst"] = worst_errors(examples, rows["unit"], Detector.load())
    for name in written["unit"]["figures"]:
        print(f"{name:28} {written['unit']['figures'][name]:7.3f} {written['group']['figures'][name]:7.3f}")
    for name, found in written["unit"]["kinds"].items():
        known = written["group"]["kinds"][name]
        print(
            f"{name:52} {found['count']:5} accused {found['accused']:.2f} {known['accused']:.2f}  "
            f"undecided {found['undecided']:.2f} {known['undecided']:.2f}  reuse {found['reuse']:.2f}"
        )
    for one in written["worst"]:
        scores = f"{one['score']:6.2f}  as shipped {one['shipped']:6.2f}"
        print(f"{one['relation']:16} {one['kind']:32} {scores}  {one['id']}")
    if given.output:
        given.output.write_text(json.dumps(written, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
