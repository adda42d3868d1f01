"""Learn which words language models and translators choose, from the words that real pairs gained and lost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spindetect.score.word_choice import UNKNOWN_AUTHOR, Changed, WordChoice, norm_of
from spindetect.training.classifier.weighting import example_weights, unit_of
from spindetect.training.pairs.dataset import Example

_AUTHORS = ("llm_rewritten", "back_translated")
# A spinner's words are the lexicon's to know; texts that share only an event say nothing of a choice.
_LEFT_OUT = ("spun", "independent")
# A word that fewer kinds of text gained or lost is a matter of their subjects.
_FEWEST_UNITS = 15
_STRENGTH = 5.0
_FOLDS = 8


def learn_word_choice(
    examples: Sequence[Example], features: Sequence[Mapping[str, float]], changed: Sequence[Changed], seed: int = 0
) -> tuple[WordChoice, list[dict[str, float]]]:
    """The choice of words learnt of all examples, and the features with what each example's words say.

    That is said by weights that saw neither the example's kind nor its document, or the classifier would trust
    them more than they deserve on new texts.
    """
    table = _Table(examples, changed)
    units = sorted({unit_of(one) for one in examples})
    np.random.default_rng(seed).shuffle(units)
    place = {name: number % _FOLDS for number, name in enumerate(units)}
    folds = np.array([place[unit_of(one)] for one in examples])
    groups = np.unique([one.group for one in examples], return_inverse=True)[1]
    said = np.zeros(len(examples))
    for fold in range(_FOLDS):
        out = folds == fold
        choice = table.fitted(~out & ~np.isin(groups, groups[out]))
        said[out] = [choice.log_odds(changed[index]) for index in np.flatnonzero(out).tolist()]
    everything = table.fitted(np.ones(len(examples), dtype=bool))
    told = [{**found, "word_choice": float(value)} for found, value in zip(features, said, strict=True)]
    return everything, told


class _Table:
    """The examples' rates as one sparse matrix: a column for each word gained, and one for each word lost."""

    def __init__(self, examples: Sequence[Example], changed: Sequence[Changed]) -> None:
        from scipy import sparse

        self._examples = examples
        self._usable = np.array([one.relation not in _LEFT_OUT for one in examples])
        self._labels = np.array([one.relation in _AUTHORS for one in examples])
        units: dict[tuple[int, str], set[str]] = defaultdict(set)
        for example, both in zip(examples, changed, strict=True):
            if example.relation not in _LEFT_OUT:
                for side, rates in enumerate(both):
                    for word in rates:
                        units[side, word].add(unit_of(example))
        self._columns = sorted(key for key, found in units.items() if len(found) >= _FEWEST_UNITS)
        place = {key: number for number, key in enumerate(self._columns)}
        rows, columns, values = [], [], []
        for row, both in enumerate(changed):
            found = [
                (place[side, word], rate)
                for side, rates in enumerate(both)
                for word, rate in rates.items()
                if (side, word) in place
            ]
            norm = norm_of([rate for _, rate in found])
            rows += [row] * len(found)
            columns += [column for column, _ in found]
            values += [rate / norm for _, rate in found]
        self._matrix: Any = sparse.csr_matrix((values, (rows, columns)), shape=(len(changed), len(place)))

    def fitted(self, chosen: NDArray[np.bool_]) -> WordChoice:
        """The weights of a logistic regression on the chosen examples; knows nothing if they are all alike."""
        from sklearn.linear_model import LogisticRegression

        index = np.flatnonzero(chosen & self._usable)
        labels = self._labels[index]
        if not self._columns or len(set(labels.tolist())) < 2:
            return UNKNOWN_AUTHOR
        weights = example_weights([self._examples[place] for place in index.tolist()], labels)
        model: Any = LogisticRegression(C=_STRENGTH, max_iter=300)
        model.fit(self._matrix[index], labels, sample_weight=weights)
        sides: tuple[dict[str, float], dict[str, float]] = {}, {}
        for (side, word), weight in zip(self._columns, model.coef_[0].tolist(), strict=True):
            sides[side][word] = round(weight, 2)
        return WordChoice(*sides, round(float(model.intercept_[0]), 3))
