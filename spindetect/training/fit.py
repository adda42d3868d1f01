"""Fit the classifier on examples' features: weighted, regularised, calibrated by cross-validation over groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spindetect.records import MACHINE_RELATIONS, Relation
from spindetect.score.additive import Logit, ramp_matrix, ramps
from spindetect.score.classifier import HONEST_RELATIONS, Classifier
from spindetect.score.features import FEATURE_NAMES, FEATURES
from spindetect.training.dataset import Example

_QUANTILES = (0.02, 0.25, 0.5, 0.75, 0.95)
_STRENGTHS = (0.01, 0.03, 0.1, 0.3)
# Which relation it is on its side of the line accuses nobody, and needs less holding back.
_RELATION_STRENGTH = 1.0
_FOLDS = 5
# The shares of each relation among the examples, half of them machines' work.
_SHARES: Mapping[Relation, float] = {
    "spun": 0.20, "back_translated": 0.16, "llm_rewritten": 0.14,
    "edited": 0.20, "copied": 0.10, "independent": 0.20,
}  # fmt: skip


def fit_classifier(
    examples: Sequence[Example], features: Sequence[Mapping[str, float]], seed: int
) -> tuple[Classifier, dict[str, float]]:
    """Fit both steps; returns the classifier and what was chosen on the way."""
    knots = _knots(features)
    matrix = ramp_matrix(np.array([[found[name] for name in knots] for found in features]), list(knots.values()))
    weights = example_weights(examples)
    groups = np.array([example.group for example in examples])
    sources = np.array([_source(example) for example in examples])
    machine = np.array([example.relation in MACHINE_RELATIONS for example in examples])
    strength, slope, shift, metrics = _choose(matrix, machine, weights, (groups, sources), _bounds(knots), seed)
    fitted = _bounded_regression(strength, matrix, machine, weights, _bounds(knots))
    logit = _logit(slope * fitted[1:], slope * fitted[0] + shift, knots)
    relation = _side(examples, matrix, weights, MACHINE_RELATIONS, knots, seed)
    relation |= _side(examples, matrix, weights, HONEST_RELATIONS, knots, seed)
    chosen = {"strength": strength, "calibration_slope": slope, "calibration_shift": shift, **metrics}
    return Classifier(knots, _typical(logit, knots, features, weights), logit, relation), chosen


def _typical(
    logit: Logit,
    knots: Mapping[str, Sequence[float]],
    features: Sequence[Mapping[str, float]],
    weights: NDArray[np.float64],
) -> dict[str, float]:
    """What each feature adds to the logit on average over the weighted examples."""
    parts = {name: [logit.part(name, ramps(found[name], knots[name])) for found in features] for name in knots}
    return {name: round(float(np.average(values, weights=weights)), 5) for name, values in parts.items()}


def example_weights(examples: Sequence[Example]) -> NDArray[np.float64]:
    """Weights with mean 1: relations by `_SHARES`, sources within a relation alike, large groups damped."""
    sources = [(example.relation, _source(example)) for example in examples]
    sizes = Counter((*source, example.group) for source, example in zip(sources, examples, strict=True))
    damped = np.array([sizes[*s, e.group] ** -0.5 for s, e in zip(sources, examples, strict=True)])
    totals: Counter[tuple[str, str]] = Counter()
    for source, weight in zip(sources, damped.tolist(), strict=True):
        totals[source] += weight
    counts = {source: sum(s == source for s in sources) for source in set(sources)}
    mass = {source: counts[source] ** 0.5 for source in counts}  # between "all alike" and "by size"
    whole: Counter[str] = Counter()
    for (relation, _), amount in mass.items():
        whole[relation] += amount
    weights = np.array(
        [
            _SHARES[relation] * mass[relation, name] / whole[relation] * weight / totals[relation, name]
            for (relation, name), weight in zip(sources, damped, strict=True)
        ]
    )
    return weights / weights.mean()


def _source(example: Example) -> str:
    """Where an example is from; of spun ones the family."""
    return example.family or example.id.split(":")[0]


def _knots(features: Sequence[Mapping[str, float]]) -> dict[str, tuple[float, ...]]:
    """Quantiles of each feature, repeated ones once; at least two, so that each feature has a ramp."""
    knots = {}
    for name in FEATURE_NAMES:
        values = np.array([found[name] for found in features])
        found = sorted({0.0 if q == _QUANTILES[0] and values.min() >= 0 else float(round(np.quantile(values, q), 4))
                        for q in _QUANTILES})  # fmt: skip
        spread = [found[0]]
        for knot in found[1:]:
            if knot > spread[-1] + 1e-3:
                spread.append(knot)
        knots[name] = tuple(spread) if len(spread) > 1 else (spread[0], spread[0] + max(1.0, float(values.max())))
    return knots


def _regression(
    strength: float,
    matrix: NDArray[np.float64],
    labels: NDArray[np.generic],
    weights: NDArray[np.float64],
    seed: int,
) -> Any:
    """scikit-learn's logistic regression, fitted; ``strength`` is the inverse of the regularisation."""
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=strength, max_iter=3000, random_state=seed).fit(
        matrix, labels, sample_weight=weights
    )


Bound = tuple[float | None, float | None]


def _bounds(knots: Mapping[str, Sequence[float]]) -> list[Bound]:
    """For each ramp the least and the greatest weight it may have, by its feature's direction."""
    allowed: dict[int, Bound] = {1: (0.0, None), -1: (None, 0.0), 0: (None, None)}
    directions = {feature.name: feature.direction for feature in FEATURES}
    return [allowed[directions[name]] for name, found in knots.items() for _ in found[1:]]


def _bounded_regression(
    strength: float,
    matrix: NDArray[np.float64],
    labels: NDArray[np.bool_],
    weights: NDArray[np.float64],
    bounds: Sequence[Bound],
) -> NDArray[np.float64]:
    """Logistic regression with an L2 penalty and bounded weights; returns the intercept, then the weights.

    scikit-learn's has no bounds. The same objective, minimised by L-BFGS-B.
    """
    from scipy.optimize import minimize

    sign = np.where(labels, 1.0, -1.0)

    def objective(parameters: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margin = sign * (parameters[0] + matrix @ parameters[1:])
        loss = strength * float(weights @ np.logaddexp(0.0, -margin)) + 0.5 * float(parameters[1:] @ parameters[1:])
        slope = -strength * weights * sign / (1.0 + np.exp(np.clip(margin, -500.0, 500.0)))
        return loss, np.concatenate(([slope.sum()], matrix.T @ slope + parameters[1:]))

    start = np.zeros(matrix.shape[1] + 1)
    found = minimize(
        objective, start, jac=True, method="L-BFGS-B", bounds=[(None, None), *bounds], options={"maxiter": 2000}
    )
    return np.asarray(found.x)


def _choose(
    matrix: NDArray[np.float64],
    machine: NDArray[np.bool_],
    weights: NDArray[np.float64],
    folds: tuple[NDArray[np.str_], NDArray[np.str_]],
    bounds: Sequence[Bound],
    seed: int,
) -> tuple[float, float, float, dict[str, float]]:
    """The regularisation that does best on corpora left out, the calibration on groups left out, and the metrics.

    ``folds`` are the examples' groups and sources. By groups alone the weakest
    regularisation wins, and accuses people in corpora that it never saw.
    """
    from sklearn.metrics import log_loss, roc_auc_score

    groups, sources = folds
    losses = {}
    for strength in _STRENGTHS:
        logits = _left_out(strength, matrix, machine, weights, sources, bounds)
        losses[strength] = log_loss(machine, 1 / (1 + np.exp(-logits)), sample_weight=weights)
    strength = min(losses, key=lambda one: losses[one])
    logits = _left_out(strength, matrix, machine, weights, groups, bounds)
    calibration = _regression(1e6, logits[:, None], machine, weights, seed)
    metrics = {
        "log_loss_sources_left_out": float(losses[strength]),
        "log_loss_groups_left_out": float(log_loss(machine, 1 / (1 + np.exp(-logits)), sample_weight=weights)),
        "auroc_groups_left_out": float(roc_auc_score(machine, logits, sample_weight=weights)),
    }
    return strength, float(calibration.coef_[0, 0]), float(calibration.intercept_[0]), metrics


def _left_out(
    strength: float,
    matrix: NDArray[np.float64],
    machine: NDArray[np.bool_],
    weights: NDArray[np.float64],
    folds: NDArray[np.str_],
    bounds: Sequence[Bound],
) -> NDArray[np.float64]:
    """Log-odds of each example by a model that saw none of its fold's."""
    from sklearn.model_selection import GroupKFold

    logits = np.zeros(len(machine))
    for train, test in GroupKFold(min(_FOLDS, len(set(folds)))).split(matrix, machine, folds):
        fitted = _bounded_regression(strength, matrix[train], machine[train], weights[train], bounds)
        logits[test] = fitted[0] + matrix[test] @ fitted[1:]
    return logits


def _side(
    examples: Sequence[Example],
    matrix: NDArray[np.float64],
    weights: NDArray[np.float64],
    names: Sequence[Relation],
    knots: Mapping[str, Sequence[float]],
    seed: int,
) -> dict[Relation, Logit]:
    """One logit for each relation on one side of the line, fitted on that side's examples."""
    chosen = np.array([example.relation in names for example in examples])
    labels = np.array([example.relation for example in examples])[chosen]
    model = _regression(_RELATION_STRENGTH, matrix[chosen], labels, weights[chosen], seed)
    return {
        name: _logit(coefficients, intercept, knots)
        for name, coefficients, intercept in zip(model.classes_, model.coef_, model.intercept_, strict=True)
    }


def _logit(coefficients: NDArray[np.float64], intercept: float, knots: Mapping[str, Sequence[float]]) -> Logit:
    """A linear function of the ramps with its coefficients cut up by feature."""
    weights, at = {}, 0
    for name, found in knots.items():
        weights[name] = tuple(round(float(value), 5) for value in coefficients[at : at + len(found) - 1])
        at += len(found) - 1
    return Logit(round(float(intercept), 5), weights)
