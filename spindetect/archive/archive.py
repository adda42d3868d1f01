"""The archive: add articles to it, find a suspect's sources in it. `spindetect.archive.layout` has its files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from spindetect.archive.articles import Articles
from spindetect.archive.catalogue import Row
from spindetect.archive.index import Index
from spindetect.archive.inputs import check_there, read_records
from spindetect.archive.layout import CATALOGUE, INDEX, make_empty
from spindetect.archive.records import Record, UnusableRecord, make_record
from spindetect.archive.seals import check_lists, seal
from spindetect.archive.searching import Group, Having, Hit, Searchable
from spindetect.archive.tree import Tree
from spindetect.archive.writing import Outcome, Writing
from spindetect.errors import InvalidArchive
from spindetect.read.format import BadRecord

if TYPE_CHECKING:
    from spindetect.archive.rebuild import Rebuilt

# Articles looked up beyond what was asked for: some may have been removed a moment ago.
_SPARE = 5


@dataclass(frozen=True, slots=True)
class Added:
    """The outcome of adding: articles added, already there, there under the same id with another text, unusable.

    A text that is there under another id counts as already there; its further id and date are kept.
    """

    added: int = 0
    known: int = 0
    changed: int = 0
    unusable: int = 0


@dataclass(frozen=True, slots=True)
class Info:
    """An archive's contents, and the bytes of its parts on disk; the index is in ``segments`` parts.

    ``root`` is that of its hash tree; "" while somebody writes, and after a kill until somebody does.
    """

    articles: int
    segments: int
    index_bytes: int
    catalogue_bytes: int
    text_bytes: int
    root: str = ""


class Archive(Articles, Searchable):
    """Trusted articles on disk. Threads may share one; it sees what was committed when opened or refreshed.

    >>> with Archive.create(Path("news")) as archive:
    ...     archive.add([{"id": "1", "text": "The lighthouse at Port Ember opened on Monday."}])
    ...     archive.find("On Monday the beacon at Port Ember opened.")[0].record.id
    Added(added=1, known=0, changed=0, unusable=0)
    '1'
    """

    index: Index

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        if fault := self.cut_off():
            raise InvalidArchive(fault)
        self.index = Index(path / INDEX)
        check_lists(path, self.catalogue)

    @classmethod
    def open(cls, path: str | Path) -> Archive:
        """Open an archive; raises `InvalidArchive` when it is missing, damaged or of another format."""
        return cls(Path(path))

    @classmethod
    def create(cls, path: str | Path) -> Archive:
        """Make an empty archive in a new folder; raises `InvalidArchive` when there is something already."""
        make_empty(Path(path))
        seal(Path(path), None)
        return cls(Path(path))

    def __reduce__(self) -> tuple[type[Archive], tuple[Path]]:
        """Pickle as the path: another process opens the archive anew."""
        return Archive, (self.path,)

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def refresh(self) -> None:
        """See what others committed since."""
        self.index.refresh()
        self._terms = None

    # --- finding ------------------------------------------------------------------

    def with_digest(self, digest: int) -> Record | None:
        """As `Searchable.with_digest`."""
        row = self.catalogue.with_digest(digest)
        # The catalogue sees at once what others commit, the index when it is refreshed; a search goes by the index.
        return self._still_there(row) if row and self.index.keys(row.key, row.key) else None

    def find_words(self, words: Sequence[tuple[str, float]], limit: int) -> list[Hit]:
        """As `Searchable.find_words`."""
        found = ((self.catalogue.row(key), score) for key, score in self.index.search(words, limit + _SPARE))
        records = ((self._still_there(row), score) for row, score in found if row is not None)
        return list(islice((Hit(record, score) for record, score in records if record is not None), limit))

    def having(self, groups: Sequence[Group], limit: int) -> list[Having]:
        """As `Searchable.having`."""
        counts = [self.index.count_having(group.words, group.most) for group in groups]
        keys = [
            self.index.having_all(group.words, limit) if count else []
            for group, count in zip(groups, counts, strict=True)
        ]
        rows = {key: self.catalogue.row(key) for key in chain.from_iterable(keys)}
        read = {key: self.read(row) if row else None for key, row in rows.items()}
        return [Having(count, {key: read[key] for key in some}) for count, some in zip(counts, keys, strict=True)]

    def _still_there(self, row: Row) -> Record | None:
        """The record of an article, None when it was removed a moment ago."""
        try:
            return self.read(row)
        except InvalidArchive:
            if self.catalogue.row(row.key) is None:
                return None
            raise

    # --- changing -----------------------------------------------------------------

    def add(
        self,
        records: Path | Iterable[Record | BadRecord | Mapping[str, Any]],
        keep_texts: bool = True,
        report: Callable[[BadRecord], object] | None = None,
    ) -> Added:
        """Add the articles in a file or folder, or some records; those that are there already are skipped.

        ``report`` is called with each record that can't be used, or whose id has another text;
        the others are added. Raises `UnreadableArticle` when the file or folder is missing,
        `ArchiveBusy` while somebody else writes. Killed in the middle, the archive
        keeps what was committed, and adding the same again adds the rest.
        """
        if isinstance(records, str):
            raise TypeError(f"found the str {records!r}, expected records or a file: give a Path.")
        if isinstance(records, Path):
            check_there(records)  # what is missing is told before anything is written
        counts = {field.name: 0 for field in fields(Added)}
        writing = Writing(self.texts.path, self.index, self.catalogue.path)
        try:
            for record in read_records(records) if isinstance(records, Path) else records:
                outcome, bad = _add_one(writing, record, keep_texts)
                counts[outcome] += 1
                if bad and report:
                    report(bad)
            writing.commit()
        finally:
            writing.close()
            self.refresh()
        return Added(**counts)

    def remove(self, ids: str | Iterable[str]) -> list[str]:
        """Remove the articles with these ids for good, texts included; return the ids that weren't there.

        A ``str`` is one id. A text that was added under several ids goes with the last of them.
        """
        wanted = [ids] if isinstance(ids, str) else list(ids)
        writing = Writing(self.texts.path, self.index, self.catalogue.path)
        try:
            missing = [id for id in dict.fromkeys(wanted) if not writing.remove(id, self.stored)]
            writing.finish_removal()
        finally:
            writing.close()
            self.refresh()
        return missing

    # --- looking after ------------------------------------------------------------

    def info(self) -> Info:
        """The archive's contents and size."""
        catalogue = (self.path / f"{CATALOGUE}{ending}" for ending in ("", "-wal", "-shm"))
        return Info(
            articles=len(self),
            segments=self.index.segments,
            index_bytes=sum(map(_size, (self.path / INDEX).iterdir())),
            catalogue_bytes=sum(map(_size, catalogue)),
            text_bytes=self.texts.size(),
            root=Tree(self.catalogue).root(),
        )

    def verify(self, root: str | None = None) -> list[str]:
        """Read everything and say what is damaged, one line each; nothing when all is well.

        With the ``root`` that `info` gave before, every change since then is found.
        `spindetect.archive.verify.problems` examines an archive that can't even be opened.
        """
        from spindetect.archive.verify import problems

        return problems(self.path, root)

    @staticmethod
    def rebuild(path: str | Path, drop_lost: bool = False) -> Rebuilt:
        """Make the index of an archive anew: see `spindetect.archive.rebuild.rebuild_index`."""
        from spindetect.archive.rebuild import rebuild_index

        return rebuild_index(Path(path), drop_lost)


def _size(path: Path) -> int:
    """Bytes of a file; 0 of one that isn't there, or has just gone."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _add_one(
    writing: Writing, record: object, keep_text: bool
) -> tuple[Outcome | Literal["unusable"], BadRecord | None]:
    """Add what may be a record; what became of it, and what to report if it wasn't added or known."""
    usable = _usable(record)
    if isinstance(usable, BadRecord):
        return "unusable", usable
    try:
        outcome = writing.add(usable, keep_text)
    except UnusableRecord as error:
        return "unusable", BadRecord(f"the record {usable.id!r}", str(error))
    if outcome != "changed":
        return outcome, None
    return outcome, BadRecord(repr(usable.id), "the archive has another text under this id; remove it first.")


def _usable(record: object) -> Record | BadRecord:
    """A record of what may be a record's fields."""
    if isinstance(record, (Record, BadRecord)):
        return record
    if not isinstance(record, Mapping):
        return BadRecord("a record", f"found a {type(record).__name__}, expected its fields as a mapping.")
    try:
        return make_record(record)
    except UnusableRecord as error:
        return BadRecord(f"the record {record.get('id', '')!r}", str(error))
