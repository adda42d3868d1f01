"""The words to look for: those that a spinner leaves alone, and those it may have started from."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from math import log

from spindetect.archive.index import Index, index_words
from spindetect.datatypes import Article, Span
from spindetect.lexicon import Lexicon
from spindetect.read.marks import HIDDEN
from spindetect.segment.normalise import normalise

# Words to look for: one for every dozen of the suspect's words, between these. Twenty found every source in a
# hundred thousand articles; more cost a millisecond and help where names were changed.
_FEWEST, _MOST = 40, 96
_WORDS_FOR_ONE = 12
# What stands in a larger share of the articles tells little and takes long; in a small archive all may be asked.
_COMMON_SHARE = 0.05
_ALWAYS_ASKED = 100
# Of the words that one may stand for, the likeliest two.
_SOURCES = 2
# A word that spinners are known to put in loses up to this share of its weight.
_DOUBT = 0.7
_FOREIGN = re.compile(r"\S*[^\x00-\x7f]\S*")


def visible_text(article: Article, ignored: Sequence[Span] = ()) -> str:
    """The article's text without page furniture, markup and ``ignored`` stretches, disguises undone."""
    pieces, at = [], 0
    for span in sorted([*(mark.span for mark in article.marks), *ignored]):
        pieces += [article.text[at : span.start], HIDDEN]
        at = max(at, span.end)
    text = "".join([*pieces, article.text[at:]])
    return text if text.isascii() else _FOREIGN.sub(lambda found: normalise(found[0])[0], text)


def query_terms(text: str, index: Index, lexicon: Lexicon) -> list[tuple[str, float]]:
    """The words to look for in the index, each with a weight of 0 to 1, those that tell most first.

    A word tells the more, the fewer articles of the archive have it. One that spinners put
    in for others (``protection`` for ``defense``) counts less, and brings those others along.
    """
    words = index_words(text)
    telling = []
    for word, weight in _weights(dict.fromkeys(words), lexicon.stem_sources).items():
        frequency = index.frequency(word)
        if 0 < frequency <= max(_ALWAYS_ASKED, _COMMON_SHARE * index.count):
            telling.append((weight * log(1 + index.count / frequency), word, weight))
    telling.sort(key=lambda item: (-item[0], item[1]))
    most = min(_MOST, max(_FEWEST, len(words) // _WORDS_FOR_ONE))
    return [(word, round(weight, 3)) for _, word, weight in telling[:most]]


def _weights(words: Mapping[str, None], sources: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """The words and those they may stand for, each with its weight."""
    weights: dict[str, float] = {}
    for word in words:
        known = sorted(sources.get(word, {}).items(), key=lambda one: (-one[1], one[0]))
        weights[word] = max(weights.get(word, 0.0), 1.0 - _DOUBT * known[0][1] if known else 1.0)
        for source, association in known[:_SOURCES]:
            weights[source] = max(weights.get(source, 0.0), association)
    return weights
