"""Features of a whole text: averages over its words, so that each word's share of the score is exact."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from spindetect.reference_free.ngrams import Floats
from spindetect.reference_free.token_features import GROUPS, SIGNS, Items

_CONTENT, _FUNCTION = (
    np.array([float(name.startswith(kind)) for name in GROUPS]) for kind in ("content", "function")
)


class Feature(NamedTuple):
    """A feature's name, its explanation, and what each item adds to it (at least 0) given its log-odds.

    ``direction`` is 1 where much of it speaks for a spinner, -1 where it speaks for unusual writing. What an item
    adds is multiplied by its share, so that a word counts once, however often it stands in the text.
    """

    name: str
    explanation: str
    amounts: Callable[[Items, Floats], Floats]
    direction: int = 1


def _over(limit: float) -> Callable[[Items, Floats], Floats]:
    """Whether an item is suspicious with this probability or more."""
    return lambda items, log_odds: (log_odds > np.log(limit / (1.0 - limit))).astype(np.float64)


def _beyond(limit: float) -> Callable[[Items, Floats], Floats]:
    """By how much an item's log-odds exceed a limit."""
    return lambda items, log_odds: np.maximum(log_odds - limit, 0.0)


def _misfit(items: Items) -> Floats:
    return np.maximum(items.signs[:, SIGNS.index("slot")] + 1.0, 0.0)


def _evenly(reach: int) -> Callable[[Items, Floats], Floats]:
    """Of each stretch of so many words and marks the chance of its most suspicious word, for all its words.

    A spinner's words are spread over the whole text; a writer's surprises come together, with names and topics.
    """

    def amounts(items: Items, log_odds: Floats) -> Floats:
        single = items.group < GROUPS.index("phrase")
        chance, stretch = _chance(log_odds) * single, items.place // reach
        order = np.lexsort((-chance * items.share, stretch))
        firsts = order[np.flatnonzero(np.diff(stretch[order], prepend=-1))]
        found = np.zeros(len(chance))
        found[firsts] = chance[firsts] * np.bincount(stretch, weights=single)[stretch[firsts]]
        return found

    return amounts


def _chance(log_odds: Floats) -> Floats:
    return 1.0 / (1.0 + np.exp(-log_odds))


FEATURES: tuple[Feature, ...] = (
    Feature("suspicion_excess", "how far words are beyond suspicion", _beyond(-1.0)),
    Feature("strong_suspects", "share of words that are more likely spun than not", _over(0.6)),
    Feature("surest_suspects", "share of words that are almost surely spun", _over(0.88)),
    Feature("sure_excess", "how far words are beyond all doubt", _beyond(1.0)),
    Feature("kindred_fits", "words of kindred meaning would fit better",
            lambda items, _: np.maximum(items.signs[:, SIGNS.index("kindred")] + 5.0, 0.0)
            * (items.group < GROUPS.index("phrase"))),
    Feature("misfits", "words that don't fit their slot",
            lambda items, _: _CONTENT[items.group] * _misfit(items)),
    Feature("suspicious_throughout", "wherever one looks there is a suspicious word", _evenly(20)),
    Feature("phrases", "phrases that spinners put in for others",
            lambda items, odds: (items.group == GROUPS.index("phrase")) * np.maximum(odds + 2.0, 0.0)),
    Feature("unknown_words", "words that no text has, as in old spelling and bad scans",
            lambda items, _: (items.group == GROUPS.index("unknown")).astype(np.float64), -1),
    Feature("far_misfits", "words that are far from fitting, as a trade's own and slips are",
            lambda items, _: _CONTENT[items.group] * np.maximum(_misfit(items) - 5.0, 0.0), -1),
    Feature("faint_suspicion", "words that are a little suspicious, as in unusual writing",
            lambda items, odds: _CONTENT[items.group] * _chance(odds + 2.0), -1),
    Feature("odd_grammar", "function words that don't fit their slot, as in old prose and that of learners",
            lambda items, _: _FUNCTION[items.group] * _misfit(items), -1),
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
    counted = items.share / max(words, 1)
    amounts = np.array([feature.amounts(items, log_odds) * counted for feature in FEATURES])
    return Measured(dict(zip(FEATURE_NAMES, amounts.sum(axis=1).tolist(), strict=True)), amounts)
