"""The archived articles themselves: the catalogue and the file of texts, without the index."""

from __future__ import annotations

import zlib
from dataclasses import replace
from pathlib import Path

from spindetect.archive.catalogue import Catalogue, Row
from spindetect.archive.layout import CATALOGUE, TEXTS, check_format
from spindetect.archive.records import Record, content_digest, earliest, hashed, unpack
from spindetect.archive.texts import TextFile
from spindetect.errors import InvalidArchive, SpindetectError
from spindetect.read.article import read_article


class Articles:
    """Reads records of an archive. Threads may share one."""

    def __init__(self, path: Path) -> None:
        check_format(path)
        self.path = path
        self.catalogue = Catalogue(path / CATALOGUE)
        self.texts = TextFile(path / TEXTS)

    def __len__(self) -> int:
        return self.catalogue.count()

    def cut_off(self) -> str:
        """The message when the file of texts is shorter than the catalogue says; empty if it isn't."""
        end = self.catalogue.ends()[0]  # before the size: somebody may be adding
        if (size := self.texts.size()) >= end:
            return ""
        return (
            f"{self.texts.path} was cut off: it has {size:,} bytes, expected at least {end:,}. "
            "Restore it from a backup."
        )

    def close(self) -> None:
        """Let go of the files."""
        self.catalogue.close()
        self.texts.close()

    def record(self, id: str) -> Record | None:
        """The article with an id, None when there is none."""
        if row := self.catalogue.named(hashed(id)):
            return self.stored(row)
        further = self.catalogue.named_again(hashed(id))
        row = self.catalogue.row(further.key) if further else None
        return replace(self.stored(further), text=self.stored(row).text) if row and further else None

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
        others = [self.stored(one).id for one in (row, *self.catalogue.again(row.key))] if row else []
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
        first = self.stored(row)
        further = [self.stored(one) for one in self.catalogue.again(row.key)]
        return replace(earliest([first, *further]), text=first.text) if further else first

    def stored(self, row: Row) -> Record:
        """A record as it was added; a further one of a text has none itself."""
        try:
            return unpack(self.texts.read(row.start, row.length))
        except (ValueError, zlib.error) as error:
            raise InvalidArchive(
                f"{self.texts.path} is damaged at byte {row.start:,} ({error}). Restore it from a backup; "
                f"spindetect archive verify {self.path} lists all damage."
            ) from error
