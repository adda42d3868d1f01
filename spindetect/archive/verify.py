"""Checking an archive: catalogue, texts and index are each read once, and what is damaged is named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

from spindetect.archive.articles import Articles
from spindetect.archive.catalogue import Catalogue, Row
from spindetect.archive.index import Index, damaged
from spindetect.archive.index_files import damaged_files
from spindetect.archive.layout import ABOUT, CATALOGUE, INDEX, TEXTS, check_format
from spindetect.archive.records import content_digest
from spindetect.archive.seals import seal_faults
from spindetect.archive.texts import TextFile
from spindetect.errors import InvalidArchive, SpindetectError

STEP = 10_000  # articles looked at together
_MOST_NAMED = 20  # of one kind of damage
_MOST_LOOKED_AT = 10_000


def problems(path: Path, root: str | None = None) -> list[str]:
    """The faults of the archive at ``path``, one line each, at most twenty of a kind.

    Each line names the file and what to do. Damage of one part doesn't keep the others
    from being checked, but which articles the index lacks only a whole catalogue can tell.
    ``root`` is that of the hash tree as it was written down elsewhere. Raises `InvalidArchive` where there
    is no archive at all.
    """
    found: list[str] = []
    if not any((path / name).exists() for name in (ABOUT, CATALOGUE, TEXTS, INDEX)):
        check_format(path)  # it is no archive
    articles = _opened(path, found)
    last = articles.catalogue.ends()[1] if articles else 0  # before the index: somebody may be adding
    faults = damaged_files(path / INDEX)
    found += _some([str(damaged(path / INDEX, fault)) for fault in faults])
    index: Index | None = None  # where it can't be used, articles aren't looked for in it
    try:
        index = None if faults else Index(path / INDEX)
    except InvalidArchive as error:
        found.append(str(error))
    if articles is None:
        return list(dict.fromkeys(found))
    try:
        found += [*table_faults(articles.catalogue), *filter(None, [articles.cut_off()])]
        found += _article_faults(articles, index, last)
        if root is not None or not found:  # what was found already isn't told twice
            found += _some(list(islice(seal_faults(articles, root), _MOST_LOOKED_AT)))
    except InvalidArchive as error:  # the catalogue broke off in the middle
        found.append(str(error))
    finally:
        articles.close()
    return list(dict.fromkeys(found))


def _opened(path: Path, found: list[str]) -> Articles | None:
    """The articles; None when format, catalogue or texts are such that none can be read."""
    try:
        return Articles(path)
    except InvalidArchive as error:
        found.append(str(error))
    parts: tuple[Callable[[], Catalogue | TextFile], ...] = (
        lambda: Catalogue(path / CATALOGUE),
        lambda: TextFile(path / TEXTS),
    )
    for part in parts:  # one may be damaged as well as the other
        try:
            with closing(part()) as opened:
                found += table_faults(opened) if isinstance(opened, Catalogue) else []
        except InvalidArchive as error:
            found.append(str(error))
    return None


def table_faults(catalogue: Catalogue) -> list[str]:
    """The faults that SQLite's own check finds in the catalogue."""
    return [
        f"the catalogue {catalogue.path} is damaged: {problem}. "
        "Restore it from a backup, or build the archive anew."
        for problem in catalogue.problems()
    ]


def _article_faults(articles: Articles, index: Index | None, last: int) -> list[str]:
    """The faults of single articles; those with keys up to ``last`` must be in the index once."""
    texts: list[str] = []
    places: list[str] = []
    for rows in steps(articles):
        texts += [fault for row, digest in rows if (fault := record_fault(articles, row, digest))]
        indexed = [row for row, _ in rows if row.key <= last]
        if index is None or not indexed:
            continue
        times = Counter(index.keys(indexed[0].key, indexed[-1].key))
        for row in indexed:
            if times[row.key] != 1:
                wrong = "is in it twice" if times[row.key] else "isn't in it and can't be found"
                places.append(str(damaged(index.folder, f"{_named(articles, row)} {wrong}")))
    return _some(texts) + _some(places)


def steps(articles: Articles) -> Iterator[list[tuple[Row, int]]]:
    """The catalogue's rows with their texts' hashes, some at a time."""
    rows = articles.catalogue.rows(0, STEP)
    while rows:
        yield rows
        rows = articles.catalogue.rows(rows[-1][0].key, STEP)


def record_fault(articles: Articles, row: Row, digest: int) -> str:
    """The fault of an article's record; empty if there is none."""
    try:
        record = articles.read(row)
    except SpindetectError as error:
        return str(error) if articles.catalogue.row(row.key) == row else ""  # it was removed a moment ago
    whole = record.digest == digest and (record.text is None or content_digest(record.text) == digest)
    if whole:
        return ""
    return (
        f"{articles.texts.path} is damaged: the text of {record.id!r} isn't the one that was added. "
        "Restore it from a backup."
    )


def _named(articles: Articles, row: Row) -> str:
    try:
        return repr(articles.read(row).id)
    except SpindetectError:
        return f"article number {row.key}"


def _some(faults: list[str]) -> list[str]:
    """The first few faults, and how many more there are."""
    more = len(faults) - _MOST_NAMED
    return [*faults[:_MOST_NAMED], f"... and {more:,} more of this kind."] if more > 0 else faults
