"""The words to look for: those that a spinner leaves alone, and those it may have started from."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from functools import cache
from math import log

from spindetect.align.lexical.lexicon import Lexicon
from spindetect.archive.index import WordIndex
from spindetect.archive.words import index_words
from spindetect.read.marks import HIDDEN
from spindetect.records import Article
from spindetect.repair.damage import as_meant
from spindetect.repair.disguise import Known
from spindetect.segment.english import FUNCTION_WORDS
from spindetect.segment.normalise import normalise

# Words to look for: one for every twenty of the suspect's words, between these. With 24, every spun article of
# 500 words finds its source first among a million, and every real one among the first five; 40 find no more.
_FEWEST, _MOST = 24, 64
_WORDS_FOR_ONE = 20
# In a small archive asking is cheap, and the rarest words may stand in the suspect's own copy alone: all of a
# text's words are asked for among a thousand articles, and fewer as the archive grows to ten thousand.
_WORDS_TIMES_ARTICLES = 300_000
# A word in a larger share of the articles tells little and takes long; in a small archive all may be asked.
_COMMON_SHARE = 0.05
_ALWAYS_ASKED = 100
# Of the words that one may stand for, the likeliest two.
_SOURCES = 2
# Of the words to look for, at most this share are ones that the suspect doesn't have. In an archive of few
# articles they would take all the places, since a word is rare there that stands in a single article.
_MOST_SUPPOSED = 0.125
# A word that spinners are known to put in loses up to this share of its weight.
_DOUBT = 0.7
_FOREIGN = re.compile(r"(?<![^\s\x80-\U0010ffff])[^\s\x80-\U0010ffff]*+[^\x00-\x7f]\S*+")


def visible_text(article: Article, known: Known | None = None) -> str:
    """The article's text without boilerplate and markup, damage and disguises undone.

    ``known`` says of a lower-case word whether it is an English one, as `as_meant` asks: without it,
    words wholly in look-alike letters stay, and so do zero-width characters in the place of spaces.
    """
    pieces, at = [], 0
    for mark in article.marks:
        pieces += [article.text[at : mark.span.start], HIDDEN]
        at = mark.span.end
    text = "".join([*pieces, article.text[at:]])
    seen = as_meant(text, known)
    text = text if seen is None else seen.text
    return text if text.isascii() else _FOREIGN.sub(lambda found: normalise(found[0])[0], text)


def most_articles(index: WordIndex) -> float:
    """In how many articles at most a word may stand to tell something."""
    return max(_ALWAYS_ASKED, _COMMON_SHARE * index.count)


# A word to look for, its weight, and how much it tells: the weight times the nats of `Terms._telling`.
_Asked = tuple[str, float, float]


class Terms:
    """Chooses the words to look for in an index, by what a lexicon says of them. Safe to share between threads."""

    def __init__(self, index: WordIndex, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._index = index
        self._most = most_articles(index)
        self._known: dict[str, tuple[_Asked, ...]] = {}

    def of(self, text: str) -> list[tuple[str, float]]:
        """The words to look for, each with a weight of 0 to 1, those that tell most first.

        A word tells the more, the fewer articles of the archive have it. One that spinners put
        in for others (``protection`` for ``defense``) counts less, and brings those others along,
        which take at most the share `_MOST_SUPPOSED` of the places.
        """
        words = index_words(text)
        own = set(words)
        asked: dict[str, tuple[float, float]] = {}
        for found in self._look_up(own).values():
            for one, weight, telling in found:
                if telling > asked.get(one, (0.0, 0.0))[0]:
                    asked[one] = telling, weight
        ranked = sorted(asked.items(), key=lambda item: (-item[1][0], item[0]))
        few = min(_MOST, max(_FEWEST, len(words) // _WORDS_FOR_ONE))
        most = max(few, _WORDS_TIMES_ARTICLES // max(1, self._index.count))
        brought = [word for word, _ in ranked if word not in own]
        places = min(most, len(ranked) - len(brought))
        left_out = set(brought[max(1, int(places * _MOST_SUPPOSED)) :])
        return [(word, weight) for word, (_, weight) in ranked if word not in left_out][:most]

    def _look_up(self, words: AbstractSet[str]) -> dict[str, tuple[_Asked, ...]]:
        """Words, each with those that it may stand for; the index is asked once, for all that aren't known."""
        known = self._known
        weighted = {word: self._weighted(word) for word in words if word not in known}
        frequencies = self._index.frequencies({one for pairs in weighted.values() for one, _ in pairs})
        new = {
            word: tuple((one, weight, weight * self._telling(one, frequencies[one])) for one, weight in pairs)
            for word, pairs in weighted.items()
        }
        found = {word: new[word] if word in new else known[word] for word in words}
        if len(known) > _WORDS_KEPT:
            self._known = new
        else:
            known.update(new)
        return found

    def _weighted(self, word: str) -> list[tuple[str, float]]:
        """A word and those that it may stand for, with their weights."""
        known = self.lexicon.stem_sources.get(word, {})
        weighed = [(one, entry.association) for one, entry in known.items()]
        sources = sorted(weighed, key=lambda one: (-one[1], one[0]))
        own = 1.0 - _DOUBT * sources[0][1] if sources else 1.0
        return [(one, round(weight, 3)) for one, weight in [(word, own), *sources[:_SOURCES]]]

    def _telling(self, word: str, frequency: int) -> float:
        """How much it tells that an article has a word, in nats; 0 for one that isn't to be asked for."""
        if word in _function_stems():
            return 0.0
        return log(1 + self._index.count / frequency) if 0 < frequency <= self._most else 0.0


@cache
def _function_stems() -> frozenset[str]:
    """Words like "the" and "which" as the index writes them: few articles or many, they tell nothing of a story."""
    return frozenset(index_words(" ".join(FUNCTION_WORDS)))


# Past this many words, about 30 MB, the cache starts afresh, so that a long-running service stays bounded.
_WORDS_KEPT = 100_000
