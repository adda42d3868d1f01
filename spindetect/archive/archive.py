"""The archive: add articles to it, find a suspect's sources in it.

ARCHIVE/archive.json        format and version
ARCHIVE/catalogue.sqlite    which articles there are
ARCHIVE/texts.bin           the articles
ARCHIVE/index/              which words they have
"""

from __future__ import annotations

import json
import shutil
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from spindetect.archive.catalogue import Catalogue, Row
from spindetect.archive.index import Index
from spindetect.archive.inputs import BadRecord, check_there, read_records
from spindetect.archive.records import Record, UnusableRecord, content_digest, earliest, hashed, make_record, unpack
from spindetect.archive.terms import Terms, visible_text
from spindetect.archive.texts import TextFile
from spindetect.archive.writing import Writing
from spindetect.datatypes import Article
from spindetect.errors import InvalidArchive, SpindetectError
from spindetect.lexicon import Lexicon
from spindetect.read.article import read_article
from spindetect.temporary import unguessable

FORMAT = 1
# Articles looked up beyond what was asked for: some may have been removed a moment ago.
_SPARE = 5
_ABOUT, _CATALOGUE, _TEXTS, _INDEX = "archive.json", "catalogue.sqlite", "texts.bin", "index"


@dataclass(frozen=True, slots=True)
class Hit:
    """An article found, and how well it matched: a BM25 score, to be compared within one search only."""

    record: Record
    score: float


def check_limit(limit: int) -> None:
    """Raise ``ValueError`` for a number of articles to find that is under 1."""
    if limit < 1:
        raise ValueError(f"limit is {limit}, but must be at least 1.")


def led_by(record: Record | None, hits: list[Hit], limit: int) -> list[Hit]:
    """The hits with the article that has the suspect's very text put first: none matches better."""
    if record is None:
        return hits
    best = max((hit.score for hit in hits), default=0.0)
    return [Hit(record, best), *(hit for hit in hits if hit.record.digest != record.digest)][:limit]


@dataclass(frozen=True, slots=True)
class Added:
    """What adding did: articles added, already there, there under the same id with another text, unusable.

    A text that is there under another id counts as already there; its further id and date are kept.
    """

    added: int = 0
    known: int = 0
    changed: int = 0
    unusable: int = 0


@dataclass(frozen=True, slots=True)
class Info:
    """What an archive holds, and the bytes of its parts on disk; the index is in ``segments`` parts."""

    articles: int
    segments: int
    index_bytes: int
    catalogue_bytes: int
    text_bytes: int


class Archive:
    """Trusted articles on disk. Threads may share one; it sees what was committed when opened or refreshed.

    >>> with Archive.create(Path("news")) as archive:
    ...     archive.add([{"id": "1", "text": "The lighthouse at Port Ember opened on Monday."}])
    ...     archive.find("On Monday the beacon at Port Ember opened.")[0].record.id
    Added(added=1, known=0, changed=0, unusable=0)
    '1'
    """

    def __init__(self, path: Path) -> None:
        _check_format(path)
        self.path = path
        self.catalogue = Catalogue(path / _CATALOGUE)
        self.texts = TextFile(path / _TEXTS)
        self.index = Index(path / _INDEX)
        self._terms: Terms | None = None
        end = self.catalogue.ends()[0]  # before the size: somebody may be adding
        if (size := self.texts.size()) < end:
            raise InvalidArchive(
                f"{path / _TEXTS} was cut off: it has {size:,} bytes, expected at least {end:,}. "
                "Restore it from a backup."
            )

    @classmethod
    def open(cls, path: str | Path) -> Archive:
        """Open an archive; raises `InvalidArchive` when it is missing, damaged or of another format."""
        return cls(Path(path))

    @classmethod
    def create(cls, path: str | Path) -> Archive:
        """Make an empty archive in a new folder; raises `InvalidArchive` when there is something already."""
        from spindetect import __version__

        path = Path(path)
        if path.exists() and not _empty_folder(path):
            raise _taken(path)
        unfinished = unguessable(path)
        unfinished.mkdir(parents=True)
        Catalogue.create(unfinished / _CATALOGUE).close()
        (unfinished / _TEXTS).touch()
        Index.create(unfinished / _INDEX)
        about = {"format": FORMAT, "made_by": f"spindetect {__version__}"}
        (unfinished / _ABOUT).write_text(json.dumps(about) + "\n", "utf-8")
        try:
            if path.exists():
                path.rmdir()  # empty, as was checked
            unfinished.rename(path)  # so that an archive is there whole or not at all
        except OSError as error:  # somebody else made one meanwhile
            shutil.rmtree(unfinished, ignore_errors=True)
            raise _taken(path) from error
        return cls(path)

    def __reduce__(self) -> tuple[type[Archive], tuple[Path]]:
        """Pickle as the path: another process opens the archive anew."""
        return Archive, (self.path,)

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __len__(self) -> int:
        return self.catalogue.count()

    def close(self) -> None:
        """Let go of the files."""
        self.catalogue.close()
        self.texts.close()

    def refresh(self) -> None:
        """See what others committed since."""
        self.index.refresh()
        self._terms = None

    # --- finding ------------------------------------------------------------------

    def find(self, suspect: str | Path | Article, limit: int = 5, lexicon: Lexicon | None = None) -> list[Hit]:
        """The ``limit`` articles that a suspect is likeliest to be made from, best first.

        A ``str`` is a text, a ``Path`` a file. ``lexicon`` is that of the model in use; by
        default the one that ships with spindetect. An article with the suspect's very text is
        always first. Empty when no article has any of its words.
        """
        article = read_article(suspect)
        digest = content_digest(article.text)
        return self.find_text(visible_text(article), limit, lexicon or _default_lexicon(), digest)

    def find_text(self, text: str, limit: int, lexicon: Lexicon, digest: int | None = None) -> list[Hit]:
        """The same for a text as it stands, page furniture and all.

        The article that has the text whose `content_digest` is ``digest`` comes first; by default
        that of ``text``. Raises ``ValueError`` when ``limit`` is under 1.
        """
        check_limit(limit)
        terms = self._terms
        if terms is None or terms.lexicon is not lexicon:
            terms = self._terms = Terms(self.index, lexicon)
        same = self.with_digest(content_digest(text) if digest is None else digest)
        return led_by(same, self.find_words(terms.of(text), limit), limit)

    def with_digest(self, digest: int) -> Record | None:
        """The article whose text has this `content_digest`, None when there is none."""
        row = self.catalogue.with_digest(digest)
        # The catalogue sees at once what others commit, the index when it is refreshed; a search goes by the index.
        return self._still_there(row) if row and self.index.keys(row.key, row.key) else None

    def find_words(self, words: Sequence[tuple[str, float]], limit: int) -> list[Hit]:
        """The articles that have most of the weighted words, written as `index_words` does."""
        found = ((self.catalogue.row(key), score) for key, score in self.index.search(words, limit + _SPARE))
        records = ((self._still_there(row), score) for row, score in found if row is not None)
        return list(islice((Hit(record, score) for record, score in records if record is not None), limit))

    def _still_there(self, row: Row) -> Record | None:
        """The record of an article, None when it was removed a moment ago."""
        try:
            return self.read(row)
        except InvalidArchive:
            if self.catalogue.row(row.key) is None:
                return None
            raise

    def record(self, id: str) -> Record | None:
        """The article with an id, None when there is none."""
        if row := self.catalogue.named(hashed(id)):
            return self._stored(row)
        further = self.catalogue.named_again(hashed(id))
        row = self.catalogue.row(further.key) if further else None
        return replace(self._stored(further), text=self._stored(row).text) if row and further else None

    def text(self, id: str) -> str:
        """The text of the article with an id; raises `SpindetectError` when there is none, or no text of it."""
        record = self.record(id)
        if record is None:
            raise SpindetectError(f"there is no article {id!r} in {self.path}.")
        return self.text_of(record)

    def text_of(self, record: Record) -> str:
        """The text of a record; one that isn't kept is read from the file that the id names, if it is unchanged."""
        if record.text is not None:
            return record.text
        row = self.catalogue.with_digest(record.digest)
        others = [self._stored(one).id for one in (row, *self.catalogue.again(row.key))] if row else []
        for path in map(Path, [record.id, *others]):
            text = read_article(path).text if path.is_file() else None
            if text is not None and content_digest(text) == record.digest:
                return text
        raise SpindetectError(
            f"the archive {self.path} keeps no text of {record.id!r}, and there is no file of that name with "
            "the text it was. Remove it and add it without --no-text."
        )

    def read(self, row: Row) -> Record:
        """The record of an article in the catalogue; raises `InvalidArchive` when it is damaged.

        Of a text that was added under several ids, it is the one published earliest, and
        the one added first where that can't be told.
        """
        first = self._stored(row)
        further = [self._stored(one) for one in self.catalogue.again(row.key)]
        return replace(earliest([first, *further]), text=first.text) if further else first

    def _stored(self, row: Row) -> Record:
        """A record as it was added; a further one of a text has none itself."""
        try:
            return unpack(self.texts.read(row.start, row.length))
        except (ValueError, zlib.error) as error:
            raise InvalidArchive(
                f"{self.texts.path} is damaged at byte {row.start:,} ({error}). Restore it from a backup; "
                f"spindetect archive verify {self.path} lists all damage."
            ) from error

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
                usable = _usable(record)
                if isinstance(usable, BadRecord):
                    counts["unusable"] += 1
                    if report:
                        report(usable)
                else:
                    outcome = writing.add(usable, keep_texts)
                    counts[outcome] += 1
                    if outcome == "changed" and report:
                        report(
                            BadRecord(
                                repr(usable.id), "the archive has another text under this id; remove it first."
                            )
                        )
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
            missing = [id for id in dict.fromkeys(wanted) if not writing.remove(id, self._stored)]
            writing.finish_removal()
        finally:
            writing.close()
            self.refresh()
        return missing

    # --- looking after ------------------------------------------------------------

    def info(self) -> Info:
        """What the archive holds and how large it is."""
        catalogue = (self.path / f"{_CATALOGUE}{ending}" for ending in ("", "-wal", "-shm"))
        return Info(
            articles=len(self),
            segments=self.index.segments,
            index_bytes=sum(file.stat().st_size for file in (self.path / _INDEX).iterdir()),
            catalogue_bytes=sum(file.stat().st_size for file in catalogue if file.exists()),
            text_bytes=self.texts.size(),
        )

    def verify(self) -> list[str]:
        """Read everything and say what is damaged, one line each; nothing when all is well."""
        from spindetect.archive.verify import problems

        return problems(self)


def _taken(path: Path) -> InvalidArchive:
    return InvalidArchive(
        f"cannot make an archive at {path}: there is something already. "
        "Name a folder that doesn't exist yet, or an empty one."
    )


def _empty_folder(path: Path) -> bool:
    return path.is_dir() and not any(path.iterdir())


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


def _check_format(path: Path) -> None:
    """Refuse what isn't an archive, or one of another format."""
    about = path / _ABOUT
    try:
        found = json.loads(about.read_bytes())["format"]
    except FileNotFoundError as error:
        raise InvalidArchive(
            f"there is no archive at {path}: no {_ABOUT} in it. Make one: spindetect archive add {path} FILE..."
        ) from error
    except NotADirectoryError as error:
        raise InvalidArchive(f"{path} is a file, not an archive. Name the archive's folder.") from error
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise InvalidArchive(f"{about} is damaged ({error}). Restore it from a backup.") from error
    if found != FORMAT:
        raise InvalidArchive(
            f"the archive {path} has format {found!r}, this version of spindetect reads {FORMAT}. Build it anew."
        )


@cache
def _default_lexicon() -> Lexicon:
    from spindetect.model import load_model
    from spindetect.settings import Settings

    return load_model(Settings().model).lexicon
