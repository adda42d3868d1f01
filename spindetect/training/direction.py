"""Learn which of two texts was made from the other: the weights of `spindetect.retrieve.signs`.

    python -m spindetect.training.direction --corpora DIR [--model NAME] [--jobs 2]

A pair of texts tells it both ways, so all signs are learnt antisymmetric. Four kinds of machine are learnt at
once, as their signs differ: those that exchange words one by one, translators, language models, and translators by
rules. Which of them it was is part of what is learnt. Real altered news (``DIR/wild``) has no part in it.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spindetect.detector import Detector
from spindetect.results import Comparison
from spindetect.retrieve.direction import TOLD, save_leaning
from spindetect.retrieve.signs import EVEN, ODD, Leaning, Measured, measure
from spindetect.training.pairs.dataset import Example, articles, real_examples, spun_examples, training_spinners
from spindetect.training.pairs.kinds import kind_examples, machine_translations
from spindetect.training.spinners.spinner import Spinner

MAKERS = ("exchanged", "translated", "rewritten", "translated_by_rules")
_MAKER_OF = {"spun": 0, "back_translated": 1, "llm_rewritten": 2}
# A translator by rules has rarer words that fit worse, as spinners do, and many an "of".
_BY_RULES = "apertium"
# Kinds that count as one source: translators of one task, one model's rewrites.
_OF_ONE_SORT = ("wmt_", "rewrite_")
_SPUN = 60  # articles of each general text that are spun
# Examples of a source that are measured, and as how many they count at most.
_MOST_OF_A_SOURCE, _COUNTED = 350, 150
_SHORTEST = 60  # words a side
_LEAST_COVERED = 0.3
# Strengths of the prior that weights are near 0: of the signs, and of how the texts differ.
_ODD_VARIANCE, _EVEN_VARIANCE = 0.1, 1.0

Floats = NDArray[np.float64]


def train_direction(corpora: Path, folder: Path, spinners: Mapping[str, Spinner], seed: int, jobs: int) -> str:
    """Add the weights to the model in ``folder``, which can score alone already; returns a summary."""
    detector = Detector.load(folder)
    examples = list(direction_examples(corpora, spinners, seed))
    measured, used = measured_examples(examples, detector, jobs)
    leaning = fit_leaning(measured, [maker(one) for one in used], [source(one) for one in used])
    counts = Counter(f"{MAKERS[maker(one)]}/{source(one)}" for one in used)
    save_leaning(folder, leaning, {"seed": seed, "makers": MAKERS, "examples": dict(sorted(counts.items()))})
    told = np.array([leaning.log_odds(one) for one in measured])
    sure = np.abs(told) >= TOLD
    return f"direction: {len(used)} pairs, {sure.mean():.0%} told, {(told[sure] > 0).mean():.1%} of these rightly"


def direction_examples(corpora: Path, spinners: Mapping[str, Spinner], seed: int) -> Iterator[Example]:
    """Machine-made texts with what they were made from; the suspect is the copy in all."""
    rng = np.random.default_rng([seed, 7])
    made = [
        *real_examples(corpora, seed=seed),
        *(one for one in kind_examples(corpora, seed) if not one.id.endswith(":turned")),
        *machine_translations(corpora),
        *spun_examples(articles(corpora, _SPUN, seed), spinners, rng),
    ]
    drawn: Counter[str] = Counter()
    for place in rng.permutation(len(made)):
        example = made[place]
        size = min(len(example.suspect.split()), len(example.reference.split()))
        fitting = example.relation in _MAKER_OF and not example.held_out
        if fitting and size >= _SHORTEST and drawn[source(example)] < _MOST_OF_A_SOURCE:
            drawn[source(example)] += 1
            yield example


def maker(example: Example) -> int:
    """The kind of machine, as an index of `MAKERS`."""
    by_rules = example.operator.startswith(_BY_RULES)
    return MAKERS.index("translated_by_rules") if by_rules else _MAKER_OF[example.relation]


def source(example: Example) -> str:
    """Where an example is from, whatever its kind: what is left out together."""
    if not example.kind:
        return example.family or example.id.split(":")[0]
    name = example.kind.split(":")[0]
    return name.split("_")[0] if name.startswith(_OF_ONE_SORT) else name


def measured_examples(
    examples: Sequence[Example], detector: Detector, jobs: int
) -> tuple[list[Measured], list[Example]]:
    """The signs of each example whose texts have enough in common, with these examples."""
    pairs = ((one.suspect, one.reference) for one in examples)
    measured, used = [], []
    for example, comparison in zip(examples, detector.compare_many(pairs, jobs), strict=True):
        if isinstance(comparison, Comparison) and comparison.coverage >= _LEAST_COVERED:
            measured.append(measure(comparison, detector.model.lexicon, detector.alone.ngrams))
            used.append(example)
    return measured, used


def fit_leaning(measured: Sequence[Measured], makers: Sequence[int], sources: Sequence[str]) -> Leaning:
    """The weights under which the makers and the direction are likeliest; no source counts beyond a limit."""
    odd = np.array([[one.odd[name] for name in ODD] for one in measured])
    even = np.array([[one.even[name] for name in EVEN] for one in measured])
    shift = even.mean(axis=0)
    scales = np.concatenate([np.sqrt((odd**2).mean(axis=0)), even.std(axis=0)]) + 1e-6
    signs = np.clip(odd / scales[: len(ODD)], -3.0, 3.0)
    ways = np.hstack([np.ones((len(even), 1)), np.clip((even - shift) / scales[len(ODD) :], -3.0, 3.0)])
    counts = Counter(sources)
    weights = np.array([min(1.0, _COUNTED / counts[name]) for name in sources])
    found = _likeliest(signs, ways, np.array(makers), weights)
    names = dict(zip((*ODD, *EVEN), scales.tolist(), strict=True))
    return Leaning(*found, names, dict(zip(EVEN, shift.tolist(), strict=True)))


def _likeliest(signs: Floats, ways: Floats, makers: NDArray[np.int64], weights: Floats) -> tuple[Floats, Floats]:
    """Weights of the signs and of how texts differ, a row for each maker.

    Classes are (maker, direction): the log-odds of one way are ``ways`` plus ``signs``, of the other way ``ways``
    minus ``signs``. As every pair counts both ways, it is enough to see one of them.
    """
    from scipy.optimize import minimize
    from scipy.special import logsumexp

    count, rows = len(MAKERS), np.arange(len(signs))
    split = count * signs.shape[1]
    true = np.zeros((len(signs), count))
    true[rows, makers] = 1.0

    def loss(values: Floats) -> tuple[float, Floats]:
        odd, even = values[:split].reshape(count, -1), values[split:].reshape(count, -1)
        there, back = ways @ even.T + signs @ odd.T, ways @ even.T - signs @ odd.T
        total = logsumexp(np.hstack([there, back]), axis=1)
        likely = [np.exp(way - total[:, None]) for way in (there, back)]
        errors = weights[:, None] * (likely[0] - true), weights[:, None] * likely[1]
        slopes = (errors[0] - errors[1]).T @ signs + odd / _ODD_VARIANCE, (errors[0] + errors[1]).T @ ways
        prior = even * (np.arange(even.shape[1]) > 0) / _EVEN_VARIANCE
        value = (weights * (total - there[rows, makers])).sum()
        value += (odd**2).sum() / (2 * _ODD_VARIANCE) + (prior * even).sum() / 2
        return float(value), np.concatenate([slopes[0].ravel(), (slopes[1] + prior).ravel()])

    start = np.zeros(split + count * ways.shape[1])
    values = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 500}).x
    return values[:split].reshape(count, -1), values[split:].reshape(count, -1)


def main(arguments: Sequence[str] | None = None) -> int:
    """Learn the weights of a model that is there already."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--model", default=None)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    chosen: Any = parser.parse_args(arguments)
    folder = Path(Detector.load(chosen.model).model.metadata["folder"])
    spinners = training_spinners(chosen.corpora, "")
    sys.stdout.write(f"{train_direction(chosen.corpora, folder, spinners, chosen.seed, chosen.jobs)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
