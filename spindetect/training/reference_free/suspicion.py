"""Fit what scores an article alone: which original is right, which words were put in, which texts were spun.

Every sign and feature may point one way only, so that no reason for a score contradicts another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spindetect.assessment import evidence_share
from spindetect.reference_free.features import FEATURE_NAMES, FEATURES, measure
from spindetect.reference_free.model import Judgement
from spindetect.reference_free.ngrams import Floats
from spindetect.reference_free.originals import Ranking
from spindetect.reference_free.token_features import GROUPS, SIGNS, Items, Suspicion
from spindetect.score.additive import ramp_matrix
from spindetect.score.verdict import PRIOR_LOG_ODDS
from spindetect.training.language.lexicon import SOURCES

GAINS = ("left", "right", "slot", "habit", "kindred", "phrase")
"""The gains of an original, as `Ranking` weighs them."""
# Which way a sign may point: 1 for more suspicious, -1 for less.
_DIRECTIONS: Mapping[str, int] = {
    "known": 1, "kindred": 1, "before": -1, "after": -1, "around": -1, "put_in": 1, "rare": -1, "small": 1,
    "slot": 1,
}  # fmt: skip
_WORDS_OF_TEXT = 40
# How freely the weights of signs and of features are fitted, the inverse of what holds them back.
_STRENGTH, _STRENGTH_OF_FEATURES = 0.3, 2.0
# Beyond this quantile a feature's value counts no more.
_MOST = 0.995
# The share of honest texts that may reach a score of 50, each measured without its kind of text.
_ACCUSED = 0.004
# A text by a spinner whose dictionary isn't known weighs as much as so many by known ones.
_WEIGHT_OF_UNKNOWN = 10.0
# Honest kinds are left out in so many parts; the line at 50 is drawn by the first of these.
_PARTS, _DRAWN_BY = 6, 3
# The rarest values tell most: the ends are dense.
_QUANTILES = (0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98, 0.995, 0.999)


class Traced(NamedTuple):
    """One substitution's guesses: gains (as `GAINS`), and which is right (-1 none)."""

    gains: Floats
    right: int


class MeasuredText(NamedTuple):
    """A text's items, which of them were put in by the spinner, and its number of words."""

    items: Items
    spun: NDArray[np.bool_]
    words: int


def fit_ranking(traced: Sequence[Traced]) -> Ranking:
    """Conditional logistic regression of which original is right, with "another one" always among the choices."""
    from scipy.optimize import minimize

    most = max(len(one.gains) for one in traced) + 1
    values = np.zeros((len(traced), most, len(GAINS) + 1))
    masked = np.full((len(traced), most), -1e9)
    right = np.zeros(len(traced), dtype=np.int64)
    for row, one in enumerate(traced):
        values[row, 1 : len(one.gains) + 1, :-1] = one.gains
        values[row, 0, -1] = 1.0
        masked[row, : len(one.gains) + 1] = 0.0
        right[row] = one.right + 1
    rows = np.arange(len(traced))

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = values @ weights + masked
        scores -= scores.max(axis=1, keepdims=True)
        chances = np.exp(scores)
        chances /= chances.sum(axis=1, keepdims=True)
        slope = (chances[..., None] * values).sum(axis=1) - values[rows, right]
        return float(-np.log(chances[rows, right] + 1e-12).mean() + 1e-3 * weights @ weights), slope.mean(
            axis=0
        ) + 2e-3 * weights

    return Ranking(*minimize(loss, np.zeros(len(GAINS) + 1), jac=True).x.round(4).tolist())


def fit_suspicion(measured: Sequence[MeasuredText], rng: np.random.Generator) -> Suspicion:
    """Logistic regression of which words were put in, on some words of every text."""
    signs, groups, spun = [], [], []
    for one in measured:
        few = rng.permutation(len(one.spun))[:_WORDS_OF_TEXT]
        signs.append(one.items.signs[few])
        groups.append(one.items.group[few])
        spun.append(one.spun[few])
    values, group, labels = np.concatenate(signs), np.concatenate(groups), np.concatenate(spun)
    words = group < GROUPS.index("phrase")
    knots = {sign: knots_of(values[words, column]) for column, sign in enumerate(SIGNS)}
    ramps = ramp_matrix(values, [knots[sign] for sign in SIGNS])
    directions = np.concatenate([np.full(len(knots[sign]) - 1, _DIRECTIONS[sign]) for sign in SIGNS])
    intercepts, weights = {}, {}
    for number, name in enumerate(GROUPS):
        mine = group == number
        evenly = np.ones(int(mine.sum()))
        intercepts[name], coefficients = bounded_regression(
            ramps[mine], labels[mine], evenly, directions, _STRENGTH
        )
        weights[name] = _split(coefficients, knots)
    return Suspicion(knots, intercepts, weights)


def fit_judgement(
    families: Sequence[str], measured: Sequence[MeasuredText], suspicion: Suspicion, kinds: Sequence[str]
) -> tuple[Judgement, dict[str, float]]:
    """Logistic regression of which texts were spun, on their features; also the shares of honest texts accused.

    ``families`` names each text's spinner, '' for honest ones, ``kinds`` the kind of an honest text that is
    unusual, '' for others. Such kinds are left out in turn, a part of them at a time. The line at a score of 50 is
    where few honest texts come, of the general ones and of the kinds in half of the parts; the kinds in the other
    half then say what share is accused of those that nothing was fitted to or chosen by.
    """
    found = [measure(one.items, suspicion.log_odds(one.items), one.words).features for one in measured]
    matrix = np.array([[features[name] for name in FEATURE_NAMES] for features in found])
    spun = np.array([bool(family) for family in families])
    tops = np.maximum(np.quantile(matrix, _MOST, axis=0).round(5), 1e-3).tolist()
    knots = {}
    for name, top, middle in zip(FEATURE_NAMES, tops, np.median(matrix[spun], axis=0).tolist(), strict=True):
        knots[name] = [0.0, round(min(max(middle, 0.1 * top), 0.7 * top), 5), top]
    ramps = ramp_matrix(matrix, [knots[name] for name in FEATURE_NAMES])
    directions = np.repeat([float(feature.direction) for feature in FEATURES], 2)  # of two ramps each
    known = {"", *chain.from_iterable(members for members, _ in SOURCES.values())}
    weights = np.array([1.0 if family in known else _WEIGHT_OF_UNKNOWN for family in families])
    part = np.array([part_of(kind) if kind else -1 for kind in kinds])

    def fitted(to: NDArray[np.bool_]) -> tuple[float, Floats]:
        return bounded_regression(ramps[to], spun[to], weights[to], directions, _STRENGTH_OF_FEATURES)

    intercept, coefficients = fitted(np.ones(len(spun), dtype=bool))
    odds = intercept + ramps @ coefficients
    for number in range(_PARTS):
        mine = part == number
        if mine.any():
            start, without = fitted(~mine)
            odds[mine] = start + ramps[mine] @ without
    share = np.array([max(evidence_share(one.words), 1e-6) for one in measured])
    odds += (1.0 / share - 1.0) * PRIOR_LOG_ODDS  # a score is 50 where these, less the line, are 0
    line = float(np.quantile(odds[~spun & (part < _DRAWN_BY)], 1.0 - _ACCUSED))
    shares = {
        name: round(float(np.mean(odds[some] > line)), 5)
        for name, some in (
            ("honest_by_which_the_line_is_drawn", ~spun & (part < _DRAWN_BY)),
            ("honest_of_other_kinds", part >= _DRAWN_BY),
        )
        if some.any()
    }
    return Judgement(round(intercept - line, 5), knots, _split(coefficients, knots)), shares


def part_of(kind: str) -> int:
    """The part of the honest kinds that one belongs to, from 0 to 5."""
    return int(hashlib.sha256(f"part:{kind}".encode()).hexdigest()[:8], 16) % _PARTS


def bounded_regression(
    ramps: Floats,
    labels: NDArray[np.bool_],
    weights: Floats,
    directions: NDArray[np.float64],
    strength: float,
    given: Floats | float = 0.0,
) -> tuple[float, Floats]:
    """Logistic regression, its weights held back and of the signs of ``directions``: intercept and weights.

    ``given`` are log-odds that each row has already.
    """
    from scipy.optimize import minimize

    sign = np.where(labels, 1.0, -1.0)

    def objective(parameters: Floats) -> tuple[float, Floats]:
        margin = sign * (given + parameters[0] + ramps @ parameters[1:])
        slope = -strength * weights * sign / (1.0 + np.exp(np.clip(margin, -500.0, 500.0)))
        loss = strength * float(weights @ np.logaddexp(0.0, -margin)) + 0.5 * float(parameters[1:] @ parameters[1:])
        return loss, np.concatenate(([slope.sum()], ramps.T @ slope + parameters[1:]))

    bounds = [(None, None), *((0.0, None) if one > 0 else (None, 0.0) for one in directions)]
    start = np.zeros(ramps.shape[1] + 1)
    found = minimize(objective, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 3000}).x
    return round(float(found[0]), 5), found[1:]


def knots_of(values: Floats) -> list[float]:
    """Quantiles of what was measured, each clearly above the one before."""
    spread = max(float(np.quantile(values, 0.98) - np.quantile(values, 0.02)), 1e-3)
    knots: list[float] = []
    for value in np.quantile(values, _QUANTILES).tolist():
        if not knots or value > knots[-1] + 0.02 * spread:
            knots.append(round(value, 5))
    return knots if len(knots) > 1 else [knots[0], round(knots[0] + spread, 5)]


def _split(coefficients: Floats, knots: Mapping[str, Sequence[float]]) -> dict[str, list[float]]:
    """Coefficients of all ramps as those of each name's."""
    parts = np.split(coefficients, np.cumsum([len(found) - 1 for found in knots.values()])[:-1])
    return {name: [round(value, 5) for value in part.tolist()] for name, part in zip(knots, parts, strict=True)}
