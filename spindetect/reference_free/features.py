"""What is measured of a whole text: averages over its words, so that each word's share of the score is exact."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from spindetect.reference_free.ngrams import Floats
from spindetect.reference_free.token_features import GROUPS, SIGNS, Items

_CONTENT = [GROUPS.index("content, known"), GROUPS.index("content")]


class Feature(NamedTuple):
    """A feature's name, its explanation, and what each item adds to it (at least 0) given its log-odds."""

    name: str
    explanation: str
    amounts: Callable[[Items, Floats], Floats]


def _sign(name: str) -> int:
    return SIGNS.index(name)


def _over(limit: float) -> Callable[[Items, Floats], Floats]:
    """Whether an item is suspicious with this probability or more."""
    return lambda items, log_odds: (log_odds > np.log(limit / (1.0 - limit))).astype(np.float64)


def _content(items: Items) -> Floats:
    return np.isin(items.group, _CONTENT).astype(np.float64)


def _odd(sign: str, limit: float) -> Callable[[Items, Floats], Floats]:
    """By how much a content word's sign is under a limit."""
    return lambda items, _: _content(items) * np.maximum(limit - items.signs[:, _sign(sign)], 0.0)


def _fitting(sign: str, limit: float) -> Callable[[Items, Floats], Floats]:
    """By how much a supposed original's likelihood exceeds a limit."""
    return lambda items, _: (
        np.maximum(items.signs[:, _sign(sign)] - limit, 0.0) * (items.group < GROUPS.index("phrase"))
    )


def _chance(log_odds: Floats) -> Floats:
    return 1.0 / (1.0 + np.exp(-log_odds))


FEATURES: tuple[Feature, ...] = (
    Feature("suspicion", "how suspicious the words are on average", lambda items, odds: _chance(odds)),
    Feature("suspicion_content", "how suspicious the content words are",
            lambda items, odds: _content(items) * _chance(odds)),
    Feature("suspicion_excess", "how far words are beyond suspicion",
            lambda items, odds: np.maximum(odds + 1.0, 0.0)),
    Feature("suspects", "share of words that are suspicious", _over(0.3)),
    Feature("strong_suspects", "share of words that are more likely spun than not", _over(0.6)),
    Feature("sure_suspects", "share of words that are almost surely spun", _over(0.85)),
    Feature("known_fits", "known originals would fit better than what is written", _fitting("known", -2.0)),
    Feature("known_fits_well", "known originals would fit much better", _fitting("known", 0.0)),
    Feature("kindred_fits", "words of kindred meaning would fit better", _fitting("kindred", -5.0)),
    Feature("kindred_fits_well", "words of kindred meaning would fit much better", _fitting("kindred", -3.0)),
    Feature("odd_before", "words that hardly follow what stands before them", _odd("before", 0.0)),
    Feature("odd_after", "words that what follows hardly goes with", _odd("after", 0.0)),
    Feature("odd_around", "words that fit in nowhere", _odd("around", 0.0)),
    Feature("rare_words", "rare words", _odd("rare", -10.0)),
    Feature("put_in", "words that spinners are fond of",
            lambda items, _: _content(items) * np.maximum(items.signs[:, _sign("put_in")], 0.0)),
    Feature("small_names", "names without a capital",
            lambda items, _: (items.signs[:, _sign("small")] > 0.7).astype(np.float64)),
)  # fmt: skip
"""The features in the order in which the model holds them."""
FEATURE_NAMES = tuple(feature.name for feature in FEATURES)


@dataclass(frozen=True, eq=False)
class Measured:
    """A text's features, and what each item adds to each: shape (features, items), rows summing to the features."""

    features: Mapping[str, float]
    amounts: Floats


def measure(items: Items, log_odds: Floats, words: int) -> Measured:
    """The features of a text of so many words."""
    rows: Sequence[Floats] = [feature.amounts(items, log_odds) / max(words, 1) for feature in FEATURES]
    amounts = np.array(rows)
    return Measured(dict(zip(FEATURE_NAMES, amounts.sum(axis=1).tolist(), strict=True)), amounts)
