"""Features of the whole texts: what they have in common, whatever words stand in between."""

from __future__ import annotations

import math
from collections.abc import Iterator

from spindetect.score.evidence import Evidence
from spindetect.score.feature import Feature, share
from spindetect.score.inventory import Item, Side

# Words that a text is given beside its own, so that a single new name in a few lines is no high rate.
_PRIOR_WORDS = 40.0
# Rare words in common that are given to every comparison, in no order.
_PRIOR_ANCHORS = 5


def _of(side: Side) -> float:
    """The share of what one text has that the other has too; one thing more is counted as half shared."""
    return (side.shared + 0.5) / (side.has + 1.0)


def _in_common(item: Item, things: str) -> Iterator[Feature]:
    """Shares of what the texts have in common: in the text that has more of it in common, and in the other."""
    yield Feature(f"{item}_most", f"share of {things} in common, in the text that has more in common",
                  lambda e: max(map(_of, e.inventory[item])), reuse=1)  # fmt: skip
    yield Feature(f"{item}_least", f"share of {things} in common, in the text that has less in common",
                  lambda e: min(map(_of, e.inventory[item])), reuse=1)  # fmt: skip


def _new(evidence: Evidence, *items: Item) -> float:
    """The rate of items that the suspect has and the reference hasn't, per 100 words."""
    new = sum(evidence.inventory[item][0].new for item in items)
    return 100.0 * share(new, evidence.beside[0] + _PRIOR_WORDS)


def _linked(evidence: Evidence) -> tuple[float, float]:
    """Share of each text's words beside the other in sentences that were linked at first, at most 1."""
    whole = evidence.beside
    return min(1.0, share(evidence.linked[0], whole[0])), min(1.0, share(evidence.linked[1], whole[1]))


def adjacent(evidence: Evidence) -> float:
    """Share of aligned sentences that follow one another on both sides; two more are counted that don't."""
    return share(sum(pair.adjacent for pair in evidence.pairs), len(evidence.pairs) + 2)


def _in_step(evidence: Evidence) -> float:
    """How far both texts go sentence by sentence together, in other words.

    A form that is filled in anew goes in step too, but keeps its phrases.
    """
    return min(_linked(evidence)) * adjacent(evidence) * (1.0 - max(map(_of, evidence.inventory["phrases"])))


IN_COMMON: tuple[Feature, ...] = (
    Feature("linked", "share of both texts' words in sentences that have a counterpart, in whatever order",
            lambda e: math.sqrt(math.prod(_linked(e))), reuse=1),
    Feature("linked_most", "share of words in sentences that have a counterpart, in the text that has more of them",
            lambda e: max(_linked(e)), reuse=1),
    Feature("in_step", "how far both texts go sentence by sentence together, in other words (0 to 1)",
            _in_step, None, reuse=1),
    *_in_common("names", "names"),
    *_in_common("numerals", "different numbers"),
    *_in_common("vocabulary", "content words"),
    *_in_common("narration", "content words outside quotations"),
    *_in_common("quotations", "words quoted"),
    *_in_common("phrases", "five-word phrases"),
    *_in_common("word_pairs", "pairs of neighbouring words"),
    Feature("new_facts", "names and numbers that the reference hasn't, per 100 words",
            lambda e: _new(e, "names", "numerals"), reuse=-1),
    Feature("new_quotations", "quoted words that the reference hasn't in this order, per 100 words",
            lambda e: _new(e, "quotations"), reuse=-1),
    Feature("order", "how far rare words come in the same order in both (Kendall's tau)",
            lambda e: e.order.tau * share(e.order.anchors, e.order.anchors + _PRIOR_ANCHORS), reuse=1),
    Feature("word_choice", "how far the changed words are a language model's or a translator's choice (log-odds)",
            lambda e: e.choice, 1),
    Feature("length_ratio", "how much longer the suspect is than the reference (log ratio)",
            lambda e: math.log((e.beside[0] + 20) / (e.beside[1] + 20))),
    Feature("words", "how long the shorter text is (log of its words)",
            lambda e: math.log(1 + min(e.suspect_words, e.reference_words)), direction=None, reuse=0),
)  # fmt: skip
