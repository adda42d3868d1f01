"""The index: which words stand in which article. tantivy keeps it, in files of its own.

How often words occur in an article and where isn't kept, which makes a third of the size and loses nothing, for
names seldom repeat a story.
"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from spindetect.archive.index_files import and_more, damaged_files
from spindetect.archive.lock import busy
from spindetect.archive.words import analyser, plain
from spindetect.errors import DamagedIndex, InvalidArchive, SpindetectError
from spindetect.files import refused

if TYPE_CHECKING:
    import tantivy

_WORDS, _KEY = "words", "key"
_ANALYSER = "news"
# Words whose frequencies are kept: asking every segment takes long, and most words of a text are common ones.
_WORDS_KEPT = 200_000
# The rarest few words of a group are counted first: where few articles have those, no more have all of them.
_COUNTED_FIRST = 3
# Bytes that tantivy may gather before it writes a segment; it asks for the memory only as it needs it.
_MEMORY = 200_000_000


class WordIndex(ABC):
    """The questions of a search to an index of words; `Index` and the shards' index answer alike.

    Words are asked for in batches, as an index may be on another machine.
    """

    @property
    @abstractmethod
    def count(self) -> int:
        """How many articles there are."""

    @abstractmethod
    def frequency(self, word: str) -> int:
        """In how many articles a word occurs."""

    def frequencies(self, words: Collection[str]) -> dict[str, int]:
        """In how many articles each of some words occurs."""
        return {word: self.frequency(word) for word in words}


class Index(WordIndex):
    """The index as it was when it was opened or last refreshed. Safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._links: TemporaryDirectory[str] | None = None
        self._open()

    def _open(self) -> None:
        """Open the index as it is now. tantivy makes lock files; where it can't, it gets links to the others."""
        import tantivy

        self._check()
        with self._damage():
            self._links = None if os.access(self.folder, os.W_OK) else _linked(self.folder)
            self._index = tantivy.Index.open(self._links.name if self._links else str(self.folder))
            self._index.config_reader("manual")  # or a thread would open what others commit, unchecked
            self._index.register_tokenizer(_ANALYSER, analyser())
            self._searcher = self._index.searcher()
        self._frequencies: dict[str, int] = {}

    def _check(self) -> None:
        """Raise `DamagedIndex` unless all files are as they were written."""
        if faults := damaged_files(self.folder):
            raise damaged(self.folder, and_more(faults))

    @classmethod
    def create(cls, folder: Path) -> Index:
        """An empty index in a new folder."""
        import tantivy

        folder.mkdir()
        schema = tantivy.SchemaBuilder()
        schema.add_text_field(_WORDS, tokenizer_name=_ANALYSER, index_option="basic")
        schema.add_unsigned_field(_KEY, fast=True)
        with writing_to(folder):
            tantivy.Index(schema.build(), path=str(folder))
        return cls(folder)

    @property
    def count(self) -> int:
        """Articles in the index."""
        return int(self._searcher.num_docs)

    @property
    def segments(self) -> int:
        """Parts that the index is in; they are merged as it grows."""
        return int(self._searcher.num_segments)

    def refresh(self) -> None:
        """See what was committed since."""
        if self._links:
            self._open()
            return
        self._check()
        with self._damage():
            self._index.reload()
            self._searcher = self._index.searcher()
        self._frequencies = {}

    def frequency(self, word: str) -> int:
        """In how many articles a word occurs, as `index_words` writes it."""
        found = self._frequencies.get(word)
        if found is None:
            if len(self._frequencies) >= _WORDS_KEPT:
                self._frequencies = {}
            with self._damage():
                found = self._frequencies[word] = int(self._searcher.doc_freq(_WORDS, word))
        return found

    def search(self, words: Sequence[tuple[str, float]], limit: int) -> list[tuple[int, float]]:
        """The keys of the articles that have most of the weighted words, with their BM25 scores, best first."""
        import tantivy

        parts = [(tantivy.Occur.Should, self._term(word, weight)) for word, weight in words]
        return self._hits(tantivy.Query.boolean_query(parts), limit) if parts else []

    def having_all(self, words: Sequence[str], limit: int) -> list[int]:
        """The keys of up to ``limit`` articles that have all of the words."""
        return [key for key, _ in self._hits(self._all_of(words), limit)] if words else []

    def count_having(self, words: Sequence[str], most: int = 0) -> int:
        """How many articles have all of the words, those that tell most first; 0 if no more than ``most``."""
        counted = 0
        for some in dict.fromkeys([tuple(words[:_COUNTED_FIRST]), tuple(words)]):
            with self._damage():
                found = self._searcher.search(self._all_of(some), 1, count=True)
                counted = int(found.count)  # type: ignore[attr-defined]  # missing from tantivy's stubs
            if counted <= most:
                return 0
        return counted

    def keys(self, first: int, last: int) -> list[int]:
        """The keys from ``first`` to ``last``, both included, that are in the index, as often as they are."""
        with self._damage():
            found = self._searcher.search(self._range(first, last), 2 * (last - first + 1), count=False).hits
            return sorted(self._keys([address for _, address in found]))

    def last_key(self) -> int:
        """The greatest key in the index, 0 when it is empty."""
        import tantivy

        with self._damage():
            hits = self._searcher.search(tantivy.Query.all_query(), 1, count=False, order_by_field=_KEY).hits
            return max(self._keys([address for _, address in hits]), default=0)

    def writer(self) -> IndexWriter:
        """The one who may write; raises `ArchiveBusy` while somebody else does, `InvalidArchive` if nobody may."""
        if self._links:
            raise InvalidArchive(
                f"cannot write to {self.folder.parent}: permission was denied. Check its permissions."
            )
        self._open()  # tantivy keeps the list of files to delete some day from when it opened them
        try:
            return IndexWriter(self, self._index.writer(_MEMORY, 1))
        except ValueError as error:
            if "lock" not in str(error).lower():
                raise refused(self.folder, error) or damaged(self.folder) from error
            raise busy(self.folder.parent) from error

    def _term(self, word: str, weight: float) -> tantivy.Query:
        import tantivy

        query = tantivy.Query.term_query(self._index.schema, _WORDS, word, "basic")
        return query if weight == 1.0 else tantivy.Query.boost_query(query, weight)

    def _all_of(self, words: Sequence[str]) -> tantivy.Query:
        import tantivy

        return tantivy.Query.boolean_query([(tantivy.Occur.Must, self._term(word, 1.0)) for word in words])

    def _range(self, first: int, last: int) -> tantivy.Query:
        import tantivy

        return tantivy.Query.range_query(self._index.schema, _KEY, tantivy.FieldType.Unsigned, first, last)

    def _hits(self, query: tantivy.Query, limit: int) -> list[tuple[int, float]]:
        """Keys and scores, best first; equals by key, whatever order the segments are in."""
        with self._damage():
            found = self._searcher.search(query, limit, count=False).hits
            keys = self._keys([address for _, address in found])
        pairs = zip(keys, (round(float(score), 3) for score, _ in found), strict=True)
        return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))

    def _keys(self, addresses: list[tantivy.DocAddress]) -> list[int]:
        return [int(key or 0) for key in self._searcher.fast_field_values(_KEY, addresses)]

    @contextmanager
    def _damage(self) -> Iterator[None]:
        try:
            yield
        except SpindetectError:
            raise
        except (ValueError, OSError, LookupError) as error:
            raise refused(self.folder, error) or damaged(self.folder) from error
        except BaseException as error:
            if type(error).__name__ != "PanicException":  # what Rust code gave up on
                raise
            raise damaged(self.folder) from error


def damaged(folder: Path, fault: str = "") -> DamagedIndex:
    """The error for an index that can't be used, ``fault`` being its reason."""
    found = fault or f"{folder} can't be read"
    return DamagedIndex(
        f"the archive's index is damaged: {found}. Make it anew from the archive's texts: "
        f"spindetect archive rebuild {folder.parent}"
    )


def _linked(folder: Path) -> TemporaryDirectory[str]:
    """A temporary folder of links to the files of an index; it goes when nobody holds it any more."""
    links = TemporaryDirectory(prefix="spindetect-")
    for file in folder.absolute().iterdir():
        if file.suffix != ".lock":
            (Path(links.name) / file.name).symlink_to(file)
    return links


@contextmanager
def writing_to(folder: Path) -> Iterator[None]:
    """Say in our words what tantivy says when it can't write."""
    try:
        yield
    except (ValueError, OSError) as error:
        raise refused(folder, error) or SpindetectError(
            f"cannot write to {folder}: the disk may be full, or permission be denied. "
            "See to that and repeat the command; what was committed before is unharmed."
        ) from error


class IndexWriter:
    """Adds and deletes; nothing of it is seen before `commit`."""

    def __init__(self, index: Index, writer: tantivy.IndexWriter) -> None:
        import tantivy

        self._index = index
        self._writer = writer
        self._document = tantivy.Document
        self._pending = False

    def add(self, key: int, text: str) -> None:
        """Index an article."""
        document = self._document()
        document.add_unsigned(_KEY, key)
        document.add_text(_WORDS, plain(text))
        self._pending = True
        with writing_to(self._index.folder):
            self._writer.add_document(document)

    def delete(self, first: int, last: int) -> None:
        """Delete the articles with keys from ``first`` to ``last``, both included."""
        self._pending = True
        with writing_to(self._index.folder):
            self._writer.delete_documents_by_query(self._index._range(first, last))

    def commit(self) -> None:
        """Make it last: on disk when this returns."""
        with writing_to(self._index.folder):
            self._writer.commit()
        self._pending = False

    def close(self) -> None:
        """Drop what wasn't committed, and let others write."""
        # After a rollback nothing waits for the merging that was going on, which changes the folder when it ends.
        with suppress(ValueError):  # of a writer that failed; it said so then
            if self._pending:
                self._writer.rollback()
        self._writer.wait_merging_threads()
