"""Fit the classifier on examples' features: weighted by kind, regularised, calibrated on groups left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spindetect.findings import MACHINE_RELATIONS, Relation
from spindetect.score.additive import Logit, ramp_matrix, ramps
from spindetect.score.classifier import HONEST_RELATIONS, PEOPLES_VERSIONS, Classifier, Explained
from spindetect.score.features import FEATURE_NAMES, FEATURES, OF_MACHINE, OF_REUSE, OF_TRANSLATION
from spindetect.score.verdict import PRIOR_LOG_ODDS, REWORDED_THROUGHOUT, length_share, version_share
from spindetect.score.word_choice import UNKNOWN_AUTHOR, WordChoice
from spindetect.training.classifier.weighting import example_weights, unit_of
from spindetect.training.pairs.dataset import Example
from spindetect.training.pairs.rewrites import ASKED, ASKED_TRIP

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Bound = tuple[float | None, float | None]

_QUANTILES = (0.02, 0.25, 0.5, 0.75, 0.95)
# The inverse of the regularisation, chosen by units left out: 0.03 finds less of all sorts, and accuses more.
_STRENGTH = 0.1
# Which relation it is on its side of the line accuses nobody, and needs less holding back.
_RELATION_STRENGTH = 1.0
_FOLDS = 5
# Two translations of one source are told from texts that kept up to so much more than a text reworded throughout.
_BEYOND = 0.04
# Round trips and rewrites that keep so little of the original that nobody can tell them from translations.
_UNTOLD = ("detectrl:back_translation", ASKED_TRIP, ASKED)
_DIRECTIONS: Mapping[int, Bound] = {1: (0.0, None), -1: (None, 0.0), 0: (None, None)}


@dataclass(frozen=True)
class _Data:
    """The examples as arrays: ramps (examples, ramps), and where each feature's ramps are."""

    examples: Sequence[Example]
    values: Mapping[str, Floats]
    knots: Mapping[str, tuple[float, ...]]
    matrix: Floats
    relation: NDArray[np.str_]
    group: NDArray[np.str_]
    unit: NDArray[np.str_]

    @classmethod
    def of(cls, examples: Sequence[Example], features: Sequence[Mapping[str, float]]) -> _Data:
        """Put the examples and what was measured of them together."""
        values = {name: np.array([found[name] for found in features]) for name in FEATURE_NAMES}
        knots = {name: _knots(column) for name, column in values.items()}
        matrix = ramp_matrix(np.stack(list(values.values()), axis=1), list(knots.values()))
        relations, groups = ([getattr(one, name) for one in examples] for name in ("relation", "group"))
        units = np.array(list(map(unit_of, examples)))
        return cls(examples, values, knots, matrix, np.array(relations), np.array(groups), units)

    def knots_of(self, names: Sequence[str]) -> dict[str, tuple[float, ...]]:
        """The knots of some features, in the table's order."""
        return {name: found for name, found in self.knots.items() if name in names}

    def columns(self, names: Sequence[str]) -> NDArray[np.bool_]:
        """Which columns of the matrix are ramps of these features."""
        return np.concatenate([np.full(len(found) - 1, name in names) for name, found in self.knots.items()])


def fit_classifier(
    examples: Sequence[Example],
    features: Sequence[Mapping[str, float]],
    seed: int,
    words: WordChoice = UNKNOWN_AUTHOR,
    units_left_out: bool = False,
) -> tuple[Classifier, dict[str, float]]:
    """Fit all logits; returns the classifier and what was chosen on the way.

    ``words`` is the choice of words that the features were measured with; the classifier keeps it.
    ``units_left_out`` also measures it on whole units left out, which takes five more fits.

    Examples of the relation ``translated`` (two people's translations of one source) teach what can't be told, and
    take no part in the line between machine and human work.
    """
    data = _Data.of(examples, features)
    everything = np.ones(len(examples), dtype=bool)
    reused = data.relation != "independent"
    reuse = _fit(data, everything, reused, OF_REUSE, {f.name: f.reuse or 0 for f in FEATURES})
    length = [length_share(round(float(np.exp(words)) - 1)) for words in data.values["words"]]
    versions = 1.0 / (1.0 + np.exp(-_log_odds(data, reuse)))
    shares = np.array(length) * np.array([version_share(one) for one in versions.tolist()])
    # what tells two people's translations of one source from a machine's work
    translated = data.relation == "translated"
    told = np.isin(data.relation, MACHINE_RELATIONS) & ~np.isin(data.unit, _UNTOLD)
    throughout = data.values["word_pairs_most"] < REWORDED_THROUGHOUT + _BEYOND
    translation = _fit(data, (translated | told) & throughout, translated, OF_TRANSLATION, {})
    machine, metrics = _machine(data, shares, units_left_out)
    relation = _side(data, MACHINE_RELATIONS, seed) | _side(data, PEOPLES_VERSIONS, seed)
    explained = [_explained(data, logit) for logit in (machine, reuse)]
    return Classifier(data.knots, explained[0], explained[1], translation, relation, words), metrics


def _machine(data: _Data, shares: Floats, units_left_out: bool) -> tuple[Logit, dict[str, float]]:
    """Did a machine do it: calibrated on groups left out."""
    from sklearn.metrics import log_loss, roc_auc_score

    told = np.isin(data.relation, (*MACHINE_RELATIONS, *HONEST_RELATIONS))
    machine = np.isin(data.relation, MACHINE_RELATIONS)
    weights = np.zeros(len(machine))
    weights[told] = example_weights([e for e, one in zip(data.examples, told, strict=True) if one], machine[told])
    bounds = _bounds(data, OF_MACHINE, {feature.name: feature.direction or 0 for feature in FEATURES})
    matrix = data.matrix[told][:, data.columns(OF_MACHINE)]
    problem = _Problem(matrix, machine[told], weights[told], shares[told], bounds)
    raw = problem.left_out(data.group[told])
    line = _Problem(raw[:, None], problem.labels, problem.weights, problem.shares, [(None, None)])
    shift, slope = line.fitted(1e6)
    fitted = problem.fitted()
    known = problem.scores(shift + slope * raw)

    def loss(scores: Floats) -> float:
        return float(log_loss(problem.labels, 1 / (1 + np.exp(-scores)), sample_weight=problem.weights))

    unseen = problem.scores(problem.left_out(data.unit[told])) if units_left_out else None
    metrics = {
        "strength": _STRENGTH,
        "calibration_slope": float(slope),
        "calibration_shift": float(shift),
        **({} if unseen is None else {"log_loss_units_left_out": loss(unseen)}),
        "log_loss_groups_left_out": loss(known),
        "auroc_groups_left_out": float(roc_auc_score(problem.labels, known, sample_weight=problem.weights)),
    }
    return _logit(slope * fitted[1:], slope * fitted[0] + shift, data.knots_of(OF_MACHINE)), metrics


@dataclass(frozen=True)
class _Problem:
    """A logistic regression with bounded weights, of which only a share of each example's sum counts.

    The rest of the log-odds is the prior's, as in scoring.
    """

    matrix: Floats
    labels: Bools
    weights: Floats
    shares: Floats
    bounds: Sequence[Bound]

    def scores(self, raw: Floats) -> Floats:
        """Log-odds as they are scored, of the sums."""
        return self.shares * raw + (1.0 - self.shares) * PRIOR_LOG_ODDS

    def fitted(self, strength: float = _STRENGTH) -> Floats:
        """The intercept, then the weights; scikit-learn's has no bounds. L2 penalty, minimised by L-BFGS-B."""
        from scipy.optimize import minimize

        sign = np.where(self.labels, 1.0, -1.0)

        def objective(parameters: Floats) -> tuple[float, Floats]:
            margin = sign * self.scores(parameters[0] + self.matrix @ parameters[1:])
            penalty = 0.5 * float(parameters[1:] @ parameters[1:])
            slope = self.weights * sign * self.shares / (1.0 + np.exp(np.clip(margin, -500.0, 500.0)))
            gradient = np.concatenate(([slope.sum()], self.matrix.T @ slope))
            loss = strength * float(self.weights @ np.logaddexp(0.0, -margin)) + penalty
            return loss, -strength * gradient + np.concatenate(([0.0], parameters[1:]))

        start = np.zeros(self.matrix.shape[1] + 1)
        bounds = [(None, None), *self.bounds]
        return np.asarray(minimize(objective, start, jac=True, method="L-BFGS-B", bounds=bounds,
                                   options={"maxiter": 1000}).x)  # fmt: skip

    def left_out(self, folds: NDArray[np.str_]) -> Floats:
        """Each example's sum by a model that saw none of its fold's."""
        from sklearn.model_selection import GroupKFold

        sums = np.zeros(len(self.labels))
        for train, test in GroupKFold(min(_FOLDS, len(set(folds)))).split(self.matrix, self.labels, folds):
            part = _Problem(
                self.matrix[train], self.labels[train], self.weights[train], self.shares[train], self.bounds
            )
            parameters = part.fitted()
            sums[test] = parameters[0] + self.matrix[test] @ parameters[1:]
        return sums


def _fit(data: _Data, chosen: Bools, labels: Bools, names: Sequence[str], directions: Mapping[str, int]) -> Logit:
    """A logit of some features, fitted on the chosen examples."""
    weights = example_weights([e for e, one in zip(data.examples, chosen, strict=True) if one], labels[chosen])
    columns = data.columns(names)
    bounds = _bounds(data, names, directions)
    matrix = data.matrix[chosen][:, columns]
    fitted = _Problem(matrix, labels[chosen], weights, np.ones(len(weights)), bounds).fitted()
    return _logit(fitted[1:], fitted[0], data.knots_of(names))


def _log_odds(data: _Data, logit: Logit) -> Floats:
    columns = data.columns(tuple(logit.weights))
    flat = np.concatenate([logit.weights[name] for name in data.knots if name in logit.weights])
    return logit.intercept + data.matrix[:, columns] @ flat


def _explained(data: _Data, logit: Logit) -> Explained:
    """The logit with what each feature adds on average over the weighted examples."""
    weights = example_weights(data.examples, np.isin(data.relation, MACHINE_RELATIONS))
    typical = {}
    for name in logit.weights:
        parts = [logit.part(name, ramps(value, data.knots[name])) for value in data.values[name].tolist()]
        typical[name] = round(float(np.average(parts, weights=weights)), 5)
    return Explained(logit, typical)


def _side(data: _Data, names: Sequence[Relation], seed: int) -> dict[Relation, Logit]:
    """One logit for each relation on one side of the line, fitted on that side's examples."""
    from sklearn.linear_model import LogisticRegression

    chosen = np.isin(data.relation, names)
    labels = data.relation[chosen]
    weights = example_weights([e for e, one in zip(data.examples, chosen, strict=True) if one], labels == names[0])
    model: Any = LogisticRegression(C=_RELATION_STRENGTH, max_iter=3000, random_state=seed)
    model.fit(data.matrix[chosen][:, data.columns(OF_MACHINE)], labels, sample_weight=weights)
    # of two classes scikit-learn keeps the second one's coefficients; the first one's sum is 0
    coefficients, intercepts = model.coef_, model.intercept_
    if len(coefficients) < len(model.classes_):
        coefficients = np.concatenate([np.zeros_like(coefficients), coefficients])
        intercepts = np.concatenate([[0.0], intercepts])
    return {
        name: _logit(found, intercept, data.knots_of(OF_MACHINE))
        for name, found, intercept in zip(model.classes_, coefficients, intercepts, strict=True)
    }


def _knots(values: Floats) -> tuple[float, ...]:
    """Quantiles of a feature, repeated ones once; at least two, so that each feature has a ramp."""
    first = 0.0 if values.min() >= 0 else float(np.quantile(values, _QUANTILES[0]))
    found = sorted({round(first, 4), *(float(round(np.quantile(values, q), 4)) for q in _QUANTILES[1:])})
    spread = [found[0]]
    for knot in found[1:]:
        if knot > spread[-1] + 1e-3:
            spread.append(knot)
    return tuple(spread) if len(spread) > 1 else (spread[0], spread[0] + max(1.0, float(values.max())))


def _bounds(data: _Data, names: Sequence[str], directions: Mapping[str, int]) -> list[Bound]:
    """For each ramp of some features the least and the greatest weight it may have, by its feature's direction."""
    return [_DIRECTIONS[directions.get(name, 0)] for name, found in data.knots_of(names).items() for _ in found[1:]]


def _logit(coefficients: Floats, intercept: float, knots: Mapping[str, Sequence[float]]) -> Logit:
    """A linear function of the ramps with its coefficients cut up by feature."""
    weights, at = {}, 0
    for name, found in knots.items():
        weights[name] = tuple(round(float(value), 5) for value in coefficients[at : at + len(found) - 1])
        at += len(found) - 1
    return Logit(round(float(intercept), 5), weights)
