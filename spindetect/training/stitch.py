"""Varies texts as sites do, machine and honest pairs alike, so that such artefacts can't tell them apart."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

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
    return (_unchanged, straighten, curl)[int(rng.integers(3))](joined)


def _unchanged(text: str) -> str:
    """The text itself: a site that leaves quotes alone."""
    return text


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
