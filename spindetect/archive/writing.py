"""Writing to an archive: one at a time, in batches that are committed whole or not at all.

    texts, then index, then catalogue

The catalogue's commit is what counts. A kill before it leaves texts and index entries that
nobody sees; the next writer cuts them off. Removal goes the other way round: the catalogue
first, and what it strikes out is deleted elsewhere after that, by the next writer if need be.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from spindetect.archive.catalogue import Catalogue, Row
from spindetect.archive.index import Index
from spindetect.archive.records import Record, hashed, pack
from spindetect.archive.texts import TextWriter

# A commit takes about a second and makes a segment, so not too often; what a kill loses, so not too seldom.
_BATCH_ARTICLES = 40_000
_BATCH_CHARACTERS = 200_000_000

Outcome = Literal["added", "known", "changed"]


class Writing:
    """The one writer of an archive, from making it to `close`. Raises `ArchiveBusy` when there is another."""

    def __init__(self, texts: Path, index: Index, catalogue: Catalogue) -> None:
        self._index = index.writer()
        self._catalogue = catalogue
        self._texts: TextWriter | None = None
        try:
            index.refresh()
            self._texts = TextWriter(texts, catalogue.ends()[0])
            self._key = max(catalogue.ends()[1], index.last_key())
            self._tidy_up(catalogue.last_key())
        except BaseException:
            self.close()
            raise

    def _tidy_up(self, last_key: int) -> None:
        """Delete what a writer that was killed left half done."""
        self._catalogue.begin()
        if self._key > last_key:
            self._index.delete(last_key + 1, self._key)
        self._erase()

    def _erase(self) -> None:
        """Delete everywhere what the catalogue has struck out, and begin a batch."""
        texts = self._opened
        for row in self._catalogue.erasures():
            self._index.delete(row.key, row.key)
            texts.erase(row.start, row.length)
        texts.sync()
        self._index.commit()
        self._catalogue.forget_erasures()
        self._catalogue.commit(texts.end, self._key)
        self._begin()

    def _begin(self) -> None:
        self._catalogue.begin()
        self._articles = self._characters = 0

    @property
    def _opened(self) -> TextWriter:
        if self._texts is None:
            raise ValueError("the archive's writer was closed; open the archive again")
        return self._texts

    def add(self, record: Record, keep_text: bool) -> Outcome:
        """Add an article unless its id or its text is there; ``changed`` is the id with another text."""
        name = hashed(record.id)
        if self._catalogue.with_digest(record.digest):
            return "known"
        if self._catalogue.named(name):
            return "changed"
        packed = pack(record, keep_text)
        self._key += 1
        self._catalogue.insert(Row(self._key, self._opened.append(packed), len(packed)), name, record.digest)
        self._index.add(self._key, record.text or "")
        self._articles += 1
        self._characters += len(record.text or "")
        if self._articles >= _BATCH_ARTICLES or self._characters >= _BATCH_CHARACTERS:
            self.commit()
        return "added"

    def commit(self) -> None:
        """Make what was added last."""
        if self._articles:
            self._opened.sync()
            self._index.commit()
            self._catalogue.commit(self._opened.end, self._key)
            self._begin()

    def remove(self, rows: list[Row]) -> None:
        """Remove articles: commits, then overwrites their texts with zeros."""
        for row in rows:
            self._catalogue.delete(row)
        self._catalogue.commit(self._opened.end, self._key)
        self._catalogue.begin()
        self._erase()

    def close(self) -> None:
        """Drop what wasn't committed, and let others write."""
        self._catalogue.rollback()
        if self._texts is not None:
            self._texts.close()
            self._texts = None
        self._index.close()
