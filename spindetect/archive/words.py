"""The words of a text as the index knows them: lower-cased, without accents and stemmed."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tantivy

_LONGEST_WORD = 40
_SHORT = 100_000  # characters; the words of longer texts aren't kept
# [1,250.5 -> 12505]: a number is one word however its digits are grouped.
_IN_NUMBERS = re.compile(r"(?<=\d)[.,](?=\d)")


@cache
def analyser() -> tantivy.TextAnalyzer:
    """The analyser that makes words of a text: lower-cased, without accents and stemmed."""
    import tantivy

    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for step in (
        tantivy.Filter.remove_long(_LONGEST_WORD),
        tantivy.Filter.lowercase(),
        tantivy.Filter.ascii_fold(),
        tantivy.Filter.stemmer("english"),
    ):
        builder = builder.filter(step)
    return builder.build()


def index_words(text: str) -> list[str]:
    """The words of a text as the index knows them, in order.

    >>> index_words("The minister's 1,250 Crèches")
    ['the', 'minist', 's', '1250', 'crech']
    """
    return list(_kept(text)) if len(text) <= _SHORT else _analysed(text)


@lru_cache(maxsize=32)
def _kept(text: str) -> tuple[str, ...]:
    """The same of an article that was looked at a moment ago: a search wants a text's words several times."""
    return tuple(_analysed(text))


def _analysed(text: str) -> list[str]:
    return analyser().analyze(plain(text))


def plain(text: str) -> str:
    """The text with its numbers in one piece, and without halves of characters, which can't be encoded."""
    return _IN_NUMBERS.sub("", text).encode("utf-8", "replace").decode("utf-8")
