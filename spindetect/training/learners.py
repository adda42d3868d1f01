"""Simulated learners of English: the slips that people make who write it as a foreign language, or in haste.

They stand for honest writers whom odd English must not accuse. The kinds of slips are the commonest of learners'
corpora (articles, prepositions, number and agreement, spelling: Ng et al., CoNLL-2014); their rates are ours.
"""

from __future__ import annotations

import re

import numpy as np

_WORD = re.compile(r"[A-Za-z]+")
_ARTICLES = frozenset(("a", "an", "the"))
_PREPOSITIONS = ("in", "on", "at", "to", "of", "for", "with", "from", "by", "about", "into")
# Chances of a slip: an article left out, a preposition exchanged, an ending lost, two letters swapped.
_ARTICLE, _PREPOSITION, _ENDING, _SPELLING = 0.25, 0.12, 0.06, 0.02
_CARELESS = 0.15  # texts written without capitals
_ENDINGS = ("ed", "s")
_LONG = 4


def learner(text: str, rng: np.random.Generator) -> str:
    """A text as a learner might have written it, between a few slips and many."""
    degree = float(rng.uniform(0.2, 1.5))
    written = _WORD.sub(lambda found: _slip(found[0], degree, rng), text)
    written = re.sub(r" {2,}", " ", written)
    return written.lower() if rng.random() < _CARELESS else written


def _slip(word: str, degree: float, rng: np.random.Generator) -> str:
    small, chance = word.lower(), float(rng.random()) / degree
    if small in _ARTICLES:
        return "" if chance < _ARTICLE else word
    if small in _PREPOSITIONS:
        return _PREPOSITIONS[int(rng.integers(len(_PREPOSITIONS)))] if chance < _PREPOSITION else word
    if len(word) <= _LONG:
        return word
    if chance < _SPELLING:
        at = int(rng.integers(1, len(word) - 2))
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if chance < _SPELLING + _ENDING and word.endswith(_ENDINGS):
        return word.removesuffix("s").removesuffix("ed") or word
    return word
