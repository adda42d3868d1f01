"""Making an archive's index anew from its catalogue and texts, whatever became of the old one.

The new index is made in a folder beside the old one; its files are then moved in, and the list of
files, `meta.json`, is replaced last, in one step. Killed before that, the archive is what
it was; killed after it, only files that nobody uses are left, which the next rebuilding deletes.
The old index isn't read, so that nothing in it can do harm.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from pathlib import Path

from spindetect.archive.articles import Articles
from spindetect.archive.catalogue import Row
from spindetect.archive.index import Index
from spindetect.archive.index_files import LISTS, META, META_LOCK, WRITER_LOCK, index_files
from spindetect.archive.layout import INDEX
from spindetect.archive.lock import held
from spindetect.archive.records import content_digest
from spindetect.archive.seals import seal
from spindetect.archive.tree import Tree
from spindetect.archive.verify import steps, table_faults
from spindetect.errors import ArchiveBusy, InvalidArchive, SpindetectError

_UNFINISHED = "index.unfinished"
_MOST_NAMED = 5
# Only such files are deleted: what else may lie in the folder isn't ours.
_TANTIVYS = re.compile(r"[0-9a-f]{32}\.|\.tmp")


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """The outcome of rebuilding: articles put into the new index, and struck out because their texts are lost."""

    articles: int
    dropped: int = 0


def rebuild_index(path: Path, drop_lost: bool = False) -> Rebuilt:
    """Make the index of the archive at ``path`` anew, and say of how many articles.

    An article whose text can't be read can't be put into an index: with ``drop_lost`` it is
    struck out of the archive, so that it can be added again; otherwise `InvalidArchive` is raised and
    nothing changes. Raises `ArchiveBusy` while somebody writes, and `InvalidArchive`
    for a catalogue that can't be used.
    """
    with ExitStack() as opened:
        folder = path / INDEX
        articles = opened.enter_context(closing(Articles(path)))
        if faults := table_faults(articles.catalogue):  # of a wrong list, a wrong index would be made
            raise InvalidArchive(faults[0])
        try:
            folder.mkdir(exist_ok=True)
        except FileExistsError as error:
            raise InvalidArchive(f"{folder} is a file, and should be a folder. Move it away.") from error
        opened.enter_context(held(folder / WRITER_LOCK))
        unfinished = path / _UNFINISHED
        opened.callback(shutil.rmtree, unfinished, ignore_errors=True)
        shutil.rmtree(unfinished, ignore_errors=True)
        lost = _Lost()
        count = _index_all(articles, unfinished, lost)
        if lost.rows and not drop_lost:
            raise lost.error(path)
        if lost.rows:
            catalogue = articles.catalogue
            catalogue.prepare()
            catalogue.begin()
            for row in lost.rows:
                catalogue.forget(row)
            catalogue.forget_orphans()
            catalogue.commit_rows()
        Tree(articles.catalogue).unseal()
        _move_in(unfinished, folder)
    with suppress(ArchiveBusy):
        seal(path, None)
    return Rebuilt(count, lost.articles)


class _Lost:
    """Records that can't be read: articles' own, and further ones of texts that can."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.articles = 0
        self._reasons: list[str] = []

    def add(self, row: Row, reason: str, article: bool) -> None:
        """Note one."""
        self.rows.append(row)
        self.articles += article
        if len(self._reasons) < _MOST_NAMED:
            self._reasons.append(reason)

    def error(self, path: Path) -> InvalidArchive:
        """The error where they aren't to be struck out."""
        reasons = "\n".join(f"  {reason}" for reason in self._reasons)
        return InvalidArchive(
            f"{len(self.rows):,} of the records in {path} can't be read, and no index can be made of them. "
            "Nothing was changed. Restore the texts from a backup, or strike these out with --drop-lost "
            f"and add them again. The first of them:\n{reasons}"
        )


def _index_all(articles: Articles, folder: Path, lost: _Lost) -> int:
    """Make a new index of all articles that can be read, and say of how many."""
    count = 0
    writer = Index.create(folder).writer()
    try:
        for key, text in _texts(articles, lost):
            writer.add(key, text)
            count += 1
        writer.commit()
    finally:
        writer.close()
    return count


def _texts(articles: Articles, lost: _Lost) -> Iterator[tuple[int, str]]:
    """The texts of the articles that can be read, with their keys."""
    for rows in steps(articles):
        for row, digest in rows:
            try:
                yield row.key, _text(articles, row, digest)
            except SpindetectError as error:
                lost.add(row, str(error), article=True)
            else:
                for one in articles.catalogue.again(row.key):
                    try:
                        articles.stored(one)
                    except SpindetectError as error:
                        lost.add(one, str(error), article=False)


def _text(articles: Articles, row: Row, digest: int) -> str:
    record = articles.stored(row)
    text = articles.text_of(record)
    if content_digest(text) != digest:
        raise InvalidArchive(f"the text of {record.id!r} isn't the one that was added.")
    return text


def _move_in(new: Path, folder: Path) -> None:
    """Put the files of the new index into the folder of the old one, and delete the old ones."""
    wanted = index_files(new)
    if (folder / META).exists():  # who couldn't read the old index can't read the new one
        mode = (folder / META).stat().st_mode & 0o777
        for name in (*wanted, *LISTS):
            (new / name).chmod(mode)
    for name in wanted:
        (new / name).replace(folder / name)
    for name in reversed(LISTS):  # what is unlisted there is left over; what meta.json names is the index
        (new / name).replace(folder / name)
    if os.name == "posix":  # elsewhere a folder's list of files can't be written to disk by itself
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    with suppress(ArchiveBusy), held(folder / META_LOCK):  # while somebody opens it, nothing may go
        for path in folder.iterdir():
            if path.name not in wanted and _TANTIVYS.match(path.name):
                with suppress(OSError):  # Windows keeps what somebody reads
                    path.unlink()
