"""Writing to an archive: one at a time, in batches that are committed whole or not at all.

    texts, then index, then catalogue

The catalogue's commit is what counts. A kill before it leaves texts and index entries that
nobody sees; the next writer cuts them off. Removal goes the other way round: the catalogue
first, and what it strikes out is deleted elsewhere after that, by the next writer if need be.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Literal

from spindetect.archive.catalogue import NO_KEY, Catalogue, Row
from spindetect.archive.index import Index
from spindetect.archive.records import Record, hashed, pack
from spindetect.archive.seals import node_of, seal
from spindetect.archive.texts import TextWriter
from spindetect.archive.tree import Tree
from spindetect.errors import InvalidArchive, SpindetectError

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
            self._catalogue.prepare()
            self._path = texts.parent
            # Nodes of the hash tree that change; None where all have to be made anew.
            self._changed: set[int] | None = set() if Tree(self._catalogue).unseal() else None
            end, key = self._catalogue.ends()
            furthest, size = self._catalogue.furthest(), texts.stat().st_size
            if not furthest <= end <= size:  # cutting off the texts at ``end`` would lose some
                raise InvalidArchive(
                    f"the catalogue beside {texts} is damaged: it says that the texts end at byte {end:,}, but the "
                    f"last of them ends at {furthest:,}, and the file at {size:,}. Restore both from a backup."
                )
            self._texts = TextWriter(texts, end)
            opened.callback(self._texts.close)
            self._key = max(key, index.last_key())
            self._catalogue.begin()
            if self._key > (last := self._catalogue.last_key()):  # what a writer that was killed left half done
                self._index.delete(last + 1, self._key)
            self._erase()
            self._opened = opened.pop_all()

    def _erase(self) -> None:
        """Delete everywhere what the catalogue has struck out, and begin a batch."""
        for row in self._catalogue.erasures():
            if row.key != NO_KEY:
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
        """Add an article unless its id or its text is there; ``changed`` is the id with another text.

        Of a text that is there under another id, all is kept but the text once more.
        """
        name = hashed(record.id)
        same = self._catalogue.with_digest(record.digest)
        if named := self._catalogue.named(name) or self._catalogue.named_again(name):
            return "known" if same and same.key == named.key else "changed"
        if same:
            self._catalogue.insert_again(self._written(same.key, record, keep_text=False), name)
        else:
            self._key += 1
            self._catalogue.insert(self._written(self._key, record, keep_text), name, record.digest)
            self._index.add(self._key, record.text or "")
            self._characters += len(record.text or "")
        self._articles += 1
        large = self._articles >= _BATCH_ARTICLES or self._characters >= _BATCH_CHARACTERS
        if large or monotonic() - self._begun >= _BATCH_SECONDS:
            self.commit()
        return "known" if same else "added"

    def _written(self, key: int, record: Record, keep_text: bool) -> Row:
        """Append a record to the texts, and say where it lies."""
        packed = pack(record, keep_text)
        self._change(key)
        return Row(key, self._texts.append(packed), len(packed))

    def commit(self) -> None:
        """Make what was added last."""
        if self._articles:
            self._texts.sync()
            self._index.commit()
            self._catalogue.commit(self._texts.end, self._key)
            self._begin()

    def remove(self, id: str, read: Callable[[Row], Record]) -> bool:
        """Strike out what has an id, and say whether there was anything; `finish_removal` makes it last.

        A text that has further ids stays under those: the first of them takes the article over.
        """
        name = hashed(id)
        if row := self._catalogue.named(name):
            self._change(row.key)
            further = self._catalogue.again(row.key)
            if further:
                heir, text = further[0], read(row).text
                record = replace(read(heir), text=text)
                self._catalogue.delete_again(heir)
                self._catalogue.replace(row, self._written(row.key, record, text is not None), hashed(record.id))
                self._texts.sync()
            else:
                self._catalogue.delete(row)
        elif row := self._catalogue.named_again(name):
            self._change(row.key)
            self._catalogue.delete_again(row)
        return row is not None

    def finish_removal(self) -> None:
        """Commit what was struck out, then overwrite its texts with zeros."""
        self._catalogue.commit(self._texts.end, self._key)
        self._catalogue.begin()
        self._erase()

    def close(self) -> None:
        """Drop what wasn't committed, and let others write."""
        self._opened.close()
        with suppress(SpindetectError):  # without a root it is as after a kill: what is there is there
            seal(self._path, self._changed)

    def _change(self, key: int) -> None:
        if self._changed is not None and key != NO_KEY:
            self._changed.add(node_of(key))
