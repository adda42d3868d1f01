"""Finding a suspect's sources: what one archive and several searched as one have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from spindetect.align.lexical.lexicon import Lexicon
from spindetect.archive.records import Record, content_digest
from spindetect.archive.terms import Terms, visible_text
from spindetect.read.article import read_article
from spindetect.records import Article

if TYPE_CHECKING:
    from spindetect.archive.index import WordIndex
    from spindetect.model import Model


@dataclass(frozen=True, slots=True)
class Hit:
    """An article found, and how well it matched: a BM25 score, to be compared within one search only."""

    record: Record
    score: float


@dataclass(frozen=True, slots=True)
class Group:
    """Words, the rarest first; asked is which articles have all of them, if more than ``most`` have."""

    words: tuple[str, ...]
    most: int


@dataclass(frozen=True, slots=True)
class Having:
    """How many articles have all words of a group, and some of them by key; 0 and none where too few have.

    An article is None when it was removed a moment ago.
    """

    count: int = 0
    articles: Mapping[int, Record | None] = field(default_factory=dict)


class Searchable(ABC):
    """Articles with an index of their words. Threads may share one."""

    index: WordIndex
    distant = False
    """Whether asking takes long, so that it pays to ask ahead for all that may be wanted; it is kept, then."""
    _terms: Terms | None = None

    def find(self, suspect: str | Path | Article, limit: int = 5, lexicon: Lexicon | None = None) -> list[Hit]:
        """The ``limit`` articles that a suspect is likeliest to be made from, best first.

        A ``str`` is a text, a ``Path`` a file. ``lexicon`` is that of the model in use; by
        default the one that ships with spindetect. An article with the suspect's very text is
        always first. Empty when no article has any of its words.
        """
        article = read_article(suspect)
        model = _default_model()
        text = visible_text(article, model.vocabulary.knows)
        return self.find_text(text, limit, lexicon or model.lexicon, content_digest(article.text))

    def find_text(self, text: str, limit: int, lexicon: Lexicon, digest: int | None = None) -> list[Hit]:
        """The same for a text as it stands, boilerplate and all.

        The article that has the text whose `content_digest` is ``digest`` comes first; by default
        that of ``text``. Raises ``ValueError`` when ``limit`` is under 1.
        """
        if limit < 1:
            raise ValueError(f"limit is {limit}, but must be at least 1.")
        terms = self._terms
        if terms is None or terms.lexicon is not lexicon:
            terms = self._terms = Terms(self.index, lexicon)
        return self.look_up(terms.of(text), limit, content_digest(text) if digest is None else digest)

    def look_up(self, words: Sequence[tuple[str, float]], limit: int, digest: int) -> list[Hit]:
        """As `find_words`, with the article of this `content_digest` first."""
        return led_by(self.with_digest(digest), self.find_words(words, limit), limit)

    @abstractmethod
    def having(self, groups: Sequence[Group], limit: int) -> list[Having]:
        """How many articles have all words of each group, and up to ``limit`` of them."""

    @abstractmethod
    def __len__(self) -> int:
        """How many articles there are."""

    @abstractmethod
    def text_of(self, record: Record) -> str:
        """The text of a record, as `Archive.text_of`."""

    @abstractmethod
    def with_digest(self, digest: int) -> Record | None:
        """The article whose text has this `content_digest`, None when there is none."""

    @abstractmethod
    def find_words(self, words: Sequence[tuple[str, float]], limit: int) -> list[Hit]:
        """The articles that have most of the weighted words, written as `index_words` does."""


def led_by(record: Record | None, hits: list[Hit], limit: int) -> list[Hit]:
    """The hits with the article that has the suspect's very text put first: none matches better."""
    if record is None:
        return hits
    best = max((hit.score for hit in hits), default=0.0)
    return [Hit(record, best), *(hit for hit in hits if hit.record.digest != record.digest)][:limit]


@cache
def _default_model() -> Model:
    from spindetect.model import load_model
    from spindetect.settings import Settings

    return load_model(Settings().model)
