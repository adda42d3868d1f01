"""Passages that stand in many articles of an archive that are different stories otherwise.

An agency's boilerplate is shared by everybody, and no evidence that one article was made from
another. A story that thirty papers carry is something else: its passages stand in many
articles too, but those are the same story, and count as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from math import isqrt
from typing import TYPE_CHECKING

from spindetect.archive.archive import Archive
from spindetect.archive.words import index_words
from spindetect.records import Document

if TYPE_CHECKING:
    from spindetect.archive.shards import Shards

# From this many other stories on, a passage is common property: background that an outlet repeats stands in two
# or three, a disclaimer in all. In a large archive chance and habit repeat more.
_FEWEST_STORIES = 5
_ROOTS_FOR_ONE = 20
# Sentences of fewer words ("He declined to comment.") are nobody's.
_FEWEST_WORDS = 8
# Words of a sentence to look for; some of the articles that have them all are read, to see if they have it.
# The rarest few are looked for first: where few articles have those, no more have them all, which settles most.
_ASKED = 8
_ASKED_FIRST = 3
_READ = 12
# Articles are one story when the shorter has this share of its shingles in the other.
_ONE_STORY = 0.5


def many_stories(articles: int) -> int:
    """How many stories of an archive with so many articles must share a passage for it to be nobody's.

    >>> many_stories(1_000), many_stories(1_000_000)
    (5, 50)
    """
    return max(_FEWEST_STORIES, isqrt(articles) // _ROOTS_FOR_ONE)


def shared_sentences(
    document: Document, id: str, indices: Iterable[int], archive: Archive | Shards
) -> dict[int, str]:
    """Which of some sentences of an archived article stand in many other stories, each with where they stand.

    ``id`` is the article's own. Articles whose texts aren't kept don't count.
    """
    stories = _Stories(archive, id, document.article.text)
    found: dict[int, str] = {}
    for index in indices:
        words = index_words(document.sentences[index].span.of(document.article.text))
        if len(words) >= _FEWEST_WORDS and (count := stories.having(words)):
            found[index] = f"in {count} other stories of the archive"
    return found


class _Stories:
    """The other stories of an archive, as far as they were read for one article."""

    def __init__(self, archive: Archive | Shards, id: str, text: str) -> None:
        self._archive = archive
        self._id = id
        self._text = text
        self._many = many_stories(archive.index.count)
        self._read: dict[int, list[str]] = {}

    def having(self, sentence: Sequence[str]) -> int:
        """About how many stories other than the article's own have a sentence, word for word; 0 if not many.

        The articles that have its rarest words are counted, and a few of them read.
        """
        index = self._archive.index
        rarest = sorted(dict.fromkeys(sentence), key=lambda word: (index.frequency(word), word))[:_ASKED]
        if min(map(index.frequency, rarest), default=0) <= self._many:
            return 0
        if index.count_having(rarest[:_ASKED_FIRST]) <= self._many:  # its own among them
            return 0
        count = index.count_having(rarest)
        if count <= self._many:
            return 0
        keys = index.having_all(rarest, _READ)
        wanted = f" {' '.join(sentence)} "
        told: list[frozenset[tuple[str, ...]]] = []
        for words in map(self._words, keys):
            if wanted in f" {' '.join(words)} ":
                shingles = _shingles(words)
                if not any(_one_story(shingles, other) for other in (self._own, *told)):
                    told.append(shingles)
        stories = count * len(told) // len(keys)
        return stories if stories >= self._many else 0

    @cached_property
    def _own(self) -> frozenset[tuple[str, ...]]:
        return _shingles(index_words(self._text))

    def _words(self, key: int) -> list[str]:
        """An article's words; none for the article itself, or without a text."""
        if key not in self._read:
            row = self._archive.catalogue.row(key)
            record = self._archive.read(row) if row else None
            another = record is not None and record.id != self._id
            self._read[key] = index_words(record.text or "") if record and another else []
        return self._read[key]


def _shingles(words: Sequence[str]) -> frozenset[tuple[str, ...]]:
    """Every five words running."""
    return frozenset(zip(words, words[1:], words[2:], words[3:], words[4:], strict=False))


def _one_story(shingles: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> bool:
    return len(shingles & other) >= _ONE_STORY * min(len(shingles), len(other))
