"""Writing to an archive: one at a time, in batches that are committed whole or not at all.

    texts, then index, then catalogue

The catalogue's commit is what counts. A kill before it leaves texts and index entries that
nobody sees; the next writer cuts them off. Removal goes the other way round: the catalogue
first, and what it strikes out is deleted elsewhere after that, by the next writer if need be.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from time import monotonic
from typing import Literal

from spindetect.archive.catalogue import Catalogue, Row
from spindetect.archive.index import Index
from spindetect.archive.records import Record, hashed, pack
from spindetect.archive.texts import TextWriter

# A commit takes about a second and makes a segment, so not too often; what a kill loses, so not too seldom.
_BATCH_ARTICLES = 40_000
_BATCH_CHARACTERS = 200_000_000
_BATCH_SECONDS = 30.0

Outcome = Literal["added", "known", "changed"]


class Writing:
    """The one writer of an archive, from making it to `close`. Raises `ArchiveBusy` when there is another."""

    def __init__(self, texts: Path, index: Index, catalogue: Path) -> None:
        with ExitStack() as opened:
            self._index = index.writer()
            opened.callback(self._index.close)
            index.refresh()
            self._catalogue = Catalogue(catalogue)  # its own: others must not see what isn't committed
            opened.callback(self._catalogue.close)
            end, key = self._catalogue.ends()
            self._texts = TextWriter(texts, end)
            opened.callback(self._texts.close)
            self._key = max(key, index.last_key())
            self._tidy_up(self._catalogue.last_key())
            self._opened = opened.pop_all()

    def _tidy_up(self, last_key: int) -> None:
        """Delete what a writer that was killed left half done."""
        self._catalogue.begin()
        if self._key > last_key:
            self._index.delete(last_key + 1, self._key)
        self._erase()

    def _erase(self) -> None:
        """Delete everywhere what the catalogue has struck out, and begin a batch."""
        for row in self._catalogue.erasures():
            self._index.delete(row.key, row.key)
            self._texts.erase(row.start, row.length)
        self._texts.sync()
        self._index.commit()
        self._catalogue.forget_erasures()
        self._catalogue.commit(self._texts.end, self._key)
        self._begin()

    def _begin(self) -> None:
        self._catalogue.begin()
        self._articles = self._characters = 0
        self._begun = monotonic()

    def add(self, record: Record, keep_text: bool) -> Outcome:
        """Add an article unless its id or its text is there; ``changed`` is the id with another text."""
        name = hashed(record.id)
        if self._catalogue.with_digest(record.digest):
            return "known"
        if self._catalogue.named(name):
            return "changed"
        packed = pack(record, keep_text)
        self._key += 1
        self._catalogue.insert(Row(self._key, self._texts.append(packed), len(packed)), name, record.digest)
        self._index.add(self._key, record.text or "")
        self._articles += 1
        self._characters += len(record.text or "")
        if self._full():
            self.commit()
        return "added"

    def _full(self) -> bool:
        """Whether it is time to commit."""
        large = self._articles >= _BATCH_ARTICLES or self._characters >= _BATCH_CHARACTERS
        return large or monotonic() - self._begun >= _BATCH_SECONDS

    def commit(self) -> None:
        """Make what was added last."""
        if self._articles:
            self._texts.sync()
            self._index.commit()
            self._catalogue.commit(self._texts.end, self._key)
            self._begin()

    def remove(self, rows: list[Row]) -> None:
        """Remove articles: commits, then overwrites their texts with zeros."""
        for row in rows:
            self._catalogue.delete(row)
        self._catalogue.commit(self._texts.end, self._key)
        self._catalogue.begin()
        self._erase()

    def close(self) -> None:
        """Drop what wasn't committed, and let others write."""
        self._opened.close()
