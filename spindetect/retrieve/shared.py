"""Passages that stand in many articles of an archive that are different stories otherwise.

An agency's boilerplate is shared by everybody, and no evidence that one article was made from
another. A story that thirty papers carry is something else: its passages stand in many
articles too, but those are the same story, and count as one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import isqrt

from spindetect.archive.index import WordIndex
from spindetect.archive.records import Record
from spindetect.archive.searching import Group, Searchable
from spindetect.archive.words import index_words
from spindetect.records import Document

# From this many other stories on, a passage is common property: background that an outlet repeats stands in two
# or three, a disclaimer in all. In a large archive chance and habit repeat more.
_FEWEST_STORIES = 5
_ROOTS_FOR_ONE = 20
# Sentences of fewer words ("He declined to comment.") are nobody's.
_FEWEST_WORDS = 8
# Words of a sentence to look for; some of the articles that have them all are read, to see if they have it.
_ASKED = 8
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
    document: Document,
    id: str,
    indices: Iterable[int],
    archive: Searchable,
    others: Callable[[], Iterable[Document]],
) -> dict[int, str]:
    """Which of some sentences of an archived article stand in many other stories, each with where they stand.

    ``id`` is the article's own. Articles whose texts aren't kept don't count. About how many stories have a
    sentence is told by those that have its rarest words: they are counted, and a few of them read. ``others`` gives
    the suspect's candidates: where asking takes long, that is asked of all of them at once.
    """
    text, many = document.article.text, many_stories(archive.index.count)
    sentences = _long_sentences(document, indices)
    groups = _groups(sentences, archive.index, many)
    if not groups:
        return {}
    if archive.distant:
        known = (_long_sentences(one, range(len(one.sentences))) for one in others())
        further = [group for one in known for group in _groups(one, archive.index, many).values()]
        archive.having([*groups.values(), *further], _READ)  # of which it keeps what it found
    stories = _Stories(id, text)
    shared: dict[int, str] = {}
    for index, having in zip(groups, archive.having(list(groups.values()), _READ), strict=True):
        if having.count:
            telling = stories.having(sentences[index], having.articles)
            if (count := having.count * telling // len(having.articles)) >= many:
                shared[index] = f"in {count} other stories of the archive"
    return shared


def _long_sentences(document: Document, indices: Iterable[int]) -> dict[int, list[str]]:
    """The words of some sentences, without those that are nobody's."""
    words = {index: index_words(document.sentences[index].span.of(document.article.text)) for index in indices}
    return {index: found for index, found in words.items() if len(found) >= _FEWEST_WORDS}


def _groups(sentences: Mapping[int, Sequence[str]], index: WordIndex, many: int) -> dict[int, Group]:
    """The rarest words of sentences, of those that have no word so rare that few articles can have them."""
    frequencies = index.frequencies({word for words in sentences.values() for word in words})
    rarest = {
        place: sorted(set(words), key=lambda word: (frequencies[word], word))[:_ASKED]
        for place, words in sentences.items()
    }
    return {place: Group(tuple(words), many) for place, words in rarest.items() if frequencies[words[0]] > many}


class _Stories:
    """Articles that were read to see which other stories than the one at hand have a sentence."""

    def __init__(self, id: str, text: str) -> None:
        self._id = id
        self._own = _shingles(index_words(text))
        self._words: dict[int, list[str]] = {}

    def having(self, sentence: Sequence[str], articles: Mapping[int, Record | None]) -> int:
        """How many stories, among these articles, have a sentence word for word."""
        wanted = f" {' '.join(sentence)} "
        stories: list[frozenset[tuple[str, ...]]] = [self._own]
        for key, record in articles.items():
            if key not in self._words:
                another = record is not None and record.id != self._id
                self._words[key] = index_words(record.text or "") if record and another else []
            if wanted in f" {' '.join(self._words[key])} ":
                shingles = _shingles(self._words[key])
                if not any(len(shingles & one) >= _ONE_STORY * min(len(shingles), len(one)) for one in stories):
                    stories.append(shingles)
        return len(stories) - 1


def _shingles(words: Sequence[str]) -> frozenset[tuple[str, ...]]:
    """Every five words running."""
    return frozenset(zip(words, words[1:], words[2:], words[3:], words[4:], strict=False))
