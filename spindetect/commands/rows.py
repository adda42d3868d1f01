"""From a row of a scan back to the comparison that it is of, for a report."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spindetect.errors import SpindetectError
from spindetect.settings import Settings

if TYPE_CHECKING:
    from spindetect.archive.records import Record
    from spindetect.results import Assessment, Comparison

_CANDIDATES = re.compile(r"\|candidates:(\d+)(\|thrifty)?")


def result_of_row(
    named: str, source: str | None, archives: Sequence[Path], ignored: Sequence[str], settings: Settings
) -> Comparison | Assessment:
    """The result that a row is of, worked out anew; ``named`` is a file or folder of rows, a colon and an id.

    The suspect is read from what was scanned, as the row names it, or from ``source`` if that lies elsewhere
    now; so with the archives. Raises `SpindetectError` when there is no such row, or its article isn't there.
    """
    from spindetect.archive.shards import open_archives
    from spindetect.commands.sources import named_source
    from spindetect.detector import Detector
    from spindetect.read.article import article_from_text
    from spindetect.retrieve.searching import Search

    row = _row(named)
    if row["error"]:
        raise SpindetectError(f"the article {row['id']} could not be scanned: {row['error']}")
    record = _suspect(row, source, settings)
    article = article_from_text(record.text or "", record.name)
    article = replace(article, published=record.published, title=record.title, url=record.url, outlet=record.outlet)
    detector = Detector.load(settings=settings)
    ignore = tuple(named_source(name) for name in ignored)
    searched = list(archives) or [Path(name) for name in row["archives"]]
    if not searched:
        return detector.score(article, ignore)
    candidates = _CANDIDATES.search(row["signature"] or "")
    search = Search(
        detector,
        open_archives(searched),
        int(candidates[1]) if candidates else 5,
        ignore,
        thrifty=bool(candidates and candidates[2]),
    )
    match = search.match_shown(article, record if row["cluster"] is not None else None)
    if match.best is None:
        raise match.errors[0]
    return match.best


def _row(named: str) -> Mapping[str, Any]:
    """The row with an id in a file of rows, or in a folder of Parquet files; the id may have colons, too."""
    for place in (found.start() for found in re.finditer(":", named)):
        path, id = Path(named[:place]), named[place + 1 :]
        if not path.exists():
            continue
        if row := next((row for row in _rows(path) if row.get("id") == id), None):
            return row
        raise SpindetectError(f"there is no row with the id {id!r} in {path}. Check the id.")
    raise SpindetectError(
        f"{named!r} names no row: expected a file of rows and an id, as results.parquet:ID. Check the name."
    )


def _rows(path: Path) -> Iterator[Mapping[str, Any]]:
    from spindetect.scan.parts import read_part
    from spindetect.scan.places import Here

    if path.is_dir():
        for file in sorted(path.glob("part-*.parquet")):
            yield from read_part(Here(file))
    elif path.suffix == ".parquet":
        yield from read_part(Here(path))
    else:
        with path.open(encoding="utf-8") as stream:
            yield from map(json.loads, stream)


def _suspect(row: Mapping[str, Any], source: str | None, settings: Settings) -> Record:
    """The article that a row is of: at its place in a crawl, or by its number in what was scanned."""
    from spindetect.archive.inputs import record_of, unread_in
    from spindetect.archive.records import Record
    from spindetect.scan.feeds import read_feed
    from spindetect.scan.places import place

    crawl = Path(row["warc_file"]) if row["warc_file"] else None
    with ExitStack() as stack:
        if crawl and crawl.is_file():
            stream = stack.enter_context(crawl.open("rb"))
            stream.seek(row["warc_offset"])
            item = next(unread_in(stream, str(crawl), "", None, settings), None)
        else:
            items = read_feed(place(source or row["input"]), None, settings)
            item = next(islice(items, row["number"] - 1, None), None)
        found = record_of(item, None, settings.max_characters) if item is not None else None
    if not isinstance(found, Record) or found.id != row["id"]:
        raise SpindetectError(
            f"the article {row['id']} isn't where it was in {crawl or source or row['input']}. "
            "Say where what was scanned lies now: --input."
        )
    return found
