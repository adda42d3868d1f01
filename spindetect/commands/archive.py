"""Keeping an archive of trusted articles, and finding a suspect's sources in it."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from spindetect.commands.options.archive import AddOptions
from spindetect.commands.sources import named_source
from spindetect.commands.streams import FAILED, FINE, complain, write_output
from spindetect.errors import SpindetectError
from spindetect.links.url import is_link

if TYPE_CHECKING:
    from spindetect.archive.following import Memory
    from spindetect.archive.inputs import RawRecord
    from spindetect.archive.records import Record
    from spindetect.read.folders import Folder
    from spindetect.read.format import BadRecord

View = Literal["table", "json"]
_MEMORY = "fetched.json"  # in an archive's folder: what was fetched for it
_EVERY = 5_000  # articles between two lines of progress
_MEGABYTE = 1e6


@dataclass(frozen=True, slots=True)
class Links:
    """The memory of links, and of the articles that are in the archive already."""

    memory: Memory
    known: Callable[[str], bool]


def add(options: AddOptions) -> int:
    """Add articles, making the archive if there is none; exit code 2 if some could not be added."""
    from spindetect.archive.archive import Archive
    from spindetect.archive.following import Memory
    from spindetect.archive.inputs import made_records
    from spindetect.memory import MEGABYTE
    from spindetect.read.files import STANDARD_INPUT
    from spindetect.worker_life import Limits

    columns = named_columns(options.columns)
    there = (options.archive / "archive.json").exists() or options.archive.is_file()
    given = any(name == STANDARD_INPUT or is_link(name) or Path(name).exists() for name in options.sources)
    if not there and not given:  # no archive is made for nothing
        raise SpindetectError(
            f"there is nothing to add: no file or folder {', '.join(options.sources)}. Check the names."
        )
    failures: list[str] = []
    left_out: Counter[str] = Counter()
    memory = Memory.load(options.archive / _MEMORY)
    opened: list[Archive] = []
    links = Links(memory, lambda id: bool(opened) and opened[0].record(id) is not None)
    items = chain.from_iterable(
        _items(name, columns, options, failures, left_out, links) for name in options.sources
    )
    records = made_records(
        items,
        columns,
        options.settings,
        options.jobs,
        Limits(options.time_limit or None, options.memory_limit * MEGABYTE),
    )
    unusable = 0
    if not there:  # no archive is made before there is something to put into it
        unusable, records = _first_usable(records, options.archive)
    with Archive.open(options.archive) if there else Archive.create(options.archive) as archive:
        opened.append(archive)
        done = archive.add(_watched(records), options.keep_texts, _complain_of)
        done = replace(done, unusable=done.unusable + unusable)
        if memory.links and not failures and not done.unusable:  # what failed is fetched again
            memory.save()
        write_output(
            f"{done.added:,} added, {done.known:,} already there, {done.changed:,} left as they were "
            f"(same id, another text), {done.unusable:,} unusable. "
            f"{len(archive):,} articles in {options.archive}.\n{left_out_line(left_out)}"
        )
    return FAILED if failures or done.unusable or done.changed else FINE


def _complain_of(bad: BadRecord) -> None:
    complain(f"not added: {bad}")


def _first_usable(records: Iterator[Record | BadRecord], archive: Path) -> tuple[int, Iterator[Record | BadRecord]]:
    """How many records can't be used before one that can, which are reported; and the records from that one on.

    Raises `SpindetectError` when none can be used.
    """
    from spindetect.read.format import BadRecord

    unusable = 0
    for record in records:
        if not isinstance(record, BadRecord):
            return unusable, chain([record], records)
        _complain_of(record)
        unusable += 1
    found = f"none of the {unusable:,} records can be used" if unusable else "there are no records"
    raise SpindetectError(f"{found}, so no archive was made at {archive}. Check what was to be added.")


def named_columns(given: Sequence[str]) -> dict[str, str]:
    """The names that fields go under, as ``NAME=COLUMN`` says."""
    from spindetect.read.fields import FIELDS

    pairs = [item.partition("=") for item in given]
    for name, equals, column in pairs:
        if name not in FIELDS or not equals or not column:
            raise SpindetectError(
                f"--field {name}{equals}{column} isn't understood: expected NAME=COLUMN, where NAME is one of "
                f"{', '.join(FIELDS)}, as in --field text=body."
            )
    return {name: column for name, _, column in pairs}


def left_out_line(counts: Counter[str]) -> str:
    """How many pages of a crawl were passed over, and why, as a line; "" if none were."""
    said = ", ".join(f"{count:,} {reason}" for reason, count in sorted(counts.items()))
    return f"Pages left out: {said}.\n" if said else ""


def _items(
    name: str,
    columns: Mapping[str, str],
    options: AddOptions,
    failures: list[str],
    left_out: Counter[str],
    links: Links,
) -> Iterator[RawRecord]:
    """The articles of one source; one that can't be read at all is reported, and the others go on."""
    from spindetect.archive.following import followed
    from spindetect.archive.inputs import read_late_records

    try:
        source = named_source(name)
        if not isinstance(source, Path):
            yield from followed(source, options.settings, links.memory, options.follow, links.known)
            return
        yield from read_late_records(
            source,
            columns,
            options.settings,
            lambda folder: say_left_out(folder, options.strict),
            lambda reason: left_out.update([reason]),
        )
    except SpindetectError as error:
        failures.append(name)
        complain(str(error))


def say_left_out(folder: Folder, strict: bool) -> None:
    """Say once what of a folder isn't read; with ``strict``, `UnreadableArticle` is raised for it."""
    if strict:
        folder.require_all()
    if folder.left_out:
        complain(folder.left_out)


def _watched(records: Iterator[Record | BadRecord]) -> Iterator[Record | BadRecord]:
    """The records as they are; a person at a terminal sees how many went by."""
    visible = sys.stderr is not None and sys.stderr.isatty()
    start = time.monotonic()
    for count, record in enumerate(records, start=1):
        yield record
        if visible and count % _EVERY == 0:
            sys.stderr.write(f"\r{count:,} read, {count / (time.monotonic() - start):,.0f} a second ")
            sys.stderr.flush()
    if visible:
        sys.stderr.write("\r\x1b[K")


def info(path: Path, format: View) -> int:
    """Write what an archive holds and how large it is, and return exit code 0."""
    from spindetect.archive.archive import Archive

    with Archive.open(path) as archive:
        found = archive.info()
    if format == "json":
        write_output(json.dumps(asdict(found), indent=2) + "\n")
        return FINE
    write_output(
        f"{path}: {found.articles:,} articles\n"
        f"  index      {found.index_bytes / _MEGABYTE:10,.1f} MB in {found.segments} segments\n"
        f"  catalogue  {found.catalogue_bytes / _MEGABYTE:10,.1f} MB\n"
        f"  texts      {found.text_bytes / _MEGABYTE:10,.1f} MB\n"
        f"  root       {found.root or 'none: a writing goes on, or was broken off'}\n"
    )
    return FINE


def remove(path: Path, ids: Sequence[str]) -> int:
    """Remove articles by their ids; exit code 2 when some weren't there."""
    from spindetect.archive.archive import Archive

    with Archive.open(path) as archive:
        missing = archive.remove(ids)
        for id in missing:
            complain(f"there is no article {id!r} in {path}, so it wasn't removed.")
        write_output(f"{len(set(ids)) - len(missing):,} removed. {len(archive):,} articles in {path}.\n")
    return FAILED if missing else FINE


def verify(path: Path, root: str | None = None) -> int:
    """Read the whole archive and say what is damaged; exit code 2 when something is."""
    from spindetect.archive.archive import Archive
    from spindetect.archive.verify import problems

    found = problems(path, root)
    for problem in found:
        complain(problem)
    if found:
        return FAILED
    with Archive.open(path) as archive:
        write_output(f"{path}: {len(archive):,} articles, all as they were added.\n")
    return FINE


def rebuild(path: Path, drop_lost: bool) -> int:
    """Make the archive's index anew from its catalogue and texts; exit code 2 when articles had to be dropped."""
    from spindetect.archive.rebuild import rebuild_index

    done = rebuild_index(path, drop_lost)
    dropped = f" {done.dropped:,} had no text that can be read and were struck out." if done.dropped else ""
    write_output(f"{path}: the index was made anew, of {done.articles:,} articles.{dropped}\n")
    return FAILED if done.dropped else FINE
