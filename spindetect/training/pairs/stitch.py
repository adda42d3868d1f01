"""Vary texts as sites and learners of English do.

Machine and honest pairs are varied alike, so that such artefacts can't tell them apart. Simulated learners make
the slips of people who write English as a foreign language, or in haste. They stand for honest writers, whom odd
English must not accuse. The slips are the commonest in learners' corpora (articles, prepositions, number and
agreement, spelling: Ng et al., CoNLL-2014); their rates are ours.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from spindetect.segment.english import ARTICLES

# After a sentence's last mark, with the quote or bracket that closes it. Abbreviations before a
# capital are taken for ends too: a crop may fall there without harm.
SENTENCE_END = re.compile(r"[.!?][\"”’')\]]*(?=\s+[\"“‘'(]?[A-Z0-9])|\n|\Z")
_PARAGRAPH_END = re.compile(r"\n|\Z")
# Crops at a paragraph's end, as a web page's teaser is; else at a sentence's.
_AT_PARAGRAPH = 0.4


def crop(text: str, words: int, rng: np.random.Generator) -> str:
    """A prefix of about ``words`` words that ends where a sentence or paragraph does.

    The end nearest to ``words`` words is taken, so a first sentence of any length
    stays whole. Not more than ``words`` words come back unchanged.

    >>> crop("One two three. Four five six. Seven.", 5, np.random.default_rng(0))
    'One two three. Four five six.'
    """
    ends = [match.end() for match in re.finditer(r"\S+", text)]
    if len(ends) <= words:
        return text
    target = ends[max(words, 1) - 1]
    boundary = _PARAGRAPH_END if rng.random() < _AT_PARAGRAPH else SENTENCE_END
    places = [match.end() for match in boundary.finditer(text) if text[: match.end()].strip()]
    return text[: min(places, key=lambda place: abs(place - target))].rstrip()


def vary(text: str, rng: np.random.Generator, headlines: Sequence[str] = ()) -> str:
    """A text as another site might carry it: each light change of this module is made now and then.

    A paragraph may be missing, a headline from ``headlines`` on top, paragraphs set apart
    by one or two line breaks, and quotes curly or straight. Words are otherwise untouched.
    """
    paragraphs = [line for line in text.splitlines() if line.strip()]
    if len(paragraphs) > 3 and rng.random() < 0.3:
        del paragraphs[int(rng.integers(1, len(paragraphs)))]
    if headlines and rng.random() < 0.3:
        paragraphs.insert(0, headlines[int(rng.integers(len(headlines)))])
    joined = ("\n", "\n\n")[int(rng.integers(2))].join(paragraphs)
    return (str, straighten, curl)[int(rng.integers(3))](joined)


_STRAIGHT = str.maketrans("“”„‘’‚", "\"\"\"'''")


def straighten(text: str) -> str:
    """Make curly quotes straight; the text's length stays."""
    return text.translate(_STRAIGHT)


def curl(text: str) -> str:
    """Make straight quotes curly by what stands before them; the text's length stays.

    >>> curl('"It\\'s late," he said.')
    '“It’s late,” he said.'
    """
    text = re.sub(r"(^|(?<=[\s(\[—–-]))\"", "“", text).replace('"', "”")
    return re.sub(r"(^|(?<=[\s(\[“—–]))'(?!\d\ds?\b)", "‘", text).replace("'", "’")


# --- learners of English -----------------------------------------------------------------------------

_WORD = re.compile(r"[A-Za-z]+")
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
    if small in ARTICLES:
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
