"""Passages that stand in many articles of an archive that are different stories otherwise.

An agency's boilerplate is shared by everybody, and no evidence that one article was made from
another. A story that thirty papers carry is something else: its passages stand in many
articles too, but those are the same story, and count as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from spindetect.archive.archive import Archive
from spindetect.archive.index import index_words
from spindetect.datatypes import Document, Sentence

# From this many other stories on, a passage is common property: background that an outlet repeats stands in two
# or three, a disclaimer in all.
MANY = 5
# Sentences of fewer words ("He declined to comment.") are nobody's.
_FEWEST_WORDS = 8
# Words of a sentence to look for; an article that has them all is read to see if it has the sentence.
_ASKED = 8
# Articles read at most to find MANY stories among them.
_READ = 40
# Articles are one story when the shorter has this share of its shingles in the other.
_ONE_STORY = 0.5
_SHINGLE = 5


def shared_sentences(document: Document, id: str, indices: Iterable[int], archive: Archive) -> dict[int, str]:
    """Which of some sentences of an archived article stand in many other stories, each with where they stand.

    ``id`` is the article's own. Articles whose texts aren't kept don't count.
    """
    stories = _Stories(archive, id, index_words(document.article.text))
    found: dict[int, str] = {}
    for index in indices:
        words = index_words(document.sentences[index].span.of(document.article.text))
        if len(words) >= _FEWEST_WORDS and (count := stories.having(words)) >= MANY:
            found[index] = f"in {count} other stories of the archive" if count < _READ else "in many other stories"
    return found


class _Stories:
    """The other stories of an archive, as far as they were read for one article."""

    def __init__(self, archive: Archive, id: str, words: Sequence[str]) -> None:
        self._archive = archive
        self._id = id
        self._own = _shingles(words)
        self._read: dict[int, tuple[str, frozenset[int]]] = {}

    def having(self, sentence: Sequence[str]) -> int:
        """How many stories other than the article's own have a sentence, word for word; at most `_READ`."""
        rarest = sorted(dict.fromkeys(sentence), key=lambda word: (self._archive.index.frequency(word), word))
        keys = self._archive.index.having_all(rarest[:_ASKED], _READ)
        if len(keys) <= MANY:  # its own among them
            return 0
        wanted = f" {' '.join(sentence)} "
        told: list[frozenset[int]] = []
        for text, shingles in map(self._text, keys):
            if wanted in text and not any(_one_story(shingles, other) for other in (self._own, *told)):
                told.append(shingles)
        return len(told)

    def _text(self, key: int) -> tuple[str, frozenset[int]]:
        """An article's words in a row, and its shingles; nothing for the article itself, or without a text."""
        if key not in self._read:
            row = self._archive.catalogue.row(key)
            record = self._archive.read(row) if row else None
            known = record is not None and record.id != self._id
            words = index_words(record.text or "") if record and known else []
            self._read[key] = f" {' '.join(words)} ", _shingles(words)
        return self._read[key]


def _shingles(words: Sequence[str]) -> frozenset[int]:
    """Every `_SHINGLE` words running, hashed."""
    return frozenset(hash(tuple(words[at : at + _SHINGLE])) for at in range(max(1, len(words) - _SHINGLE + 1)))


def _one_story(shingles: frozenset[int], other: frozenset[int]) -> bool:
    return len(shingles & other) >= _ONE_STORY * min(len(shingles), len(other))


def sentences_in(sentences: Sequence[Sentence], start: int, end: int) -> list[int]:
    """Indices of the sentences that lie between two places of the text."""
    return [index for index, one in enumerate(sentences) if start <= one.span.start and one.span.end <= end]
