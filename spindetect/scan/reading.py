"""Cutting a scan's input into its articles in a process of its own, which no file can hold up, fill or kill.

source --files--> reading process --unread articles--> the scan, which hands them to the workers
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from itertools import chain, pairwise
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pickle import PickleError
from time import monotonic
from typing import Any, Literal

from spindetect.archive.inputs import RawRecord, is_heavy, record_of
from spindetect.archive.records import Record
from spindetect.memory import MEGABYTE, limited
from spindetect.read.entries import Said, passed_over
from spindetect.read.format import BadRecord, Entry, Unread, weight
from spindetect.scan.feeds import feed_places, read_file
from spindetect.scan.places import Place
from spindetect.scan.plan import Plan
from spindetect.scan.rows import Item, Row
from spindetect.worker_life import Failure, begin_to_serve

_BATCH = 64  # articles sent together, at most
_BATCH_BYTES = 1 << 20
_BATCH_SECONDS = 0.2
# Bytes that reading one article may take, and how many times its own size beyond that.
_READING = 400 * MEGABYTE
_READING_TIMES = 50
Message = tuple[Literal["articles", "file", "left out", "end", "died", "failure"], Any]


@dataclass(frozen=True, slots=True)
class Start:
    """Where to begin: a file, by its place in the input, and a record in it, by its first byte and its id."""

    file: int = 0
    offset: int = 0
    record: str | None = None


def suspects(plan: Plan, left_out: Said = passed_over, done: Sequence[Row] = ()) -> Iterator[Item]:
    """The items to scan, numbered from 1; they are still to be read, which is a worker's part.

    Of ``done``, rows one after the other, and of what is before them only as much is read as it takes to go on
    from there. In a crawl that is next to nothing.
    """
    number, start = _start(plan, done)
    if start.offset:
        articles = _articles(plan, left_out, start)
        first = next(articles, None)
        if isinstance(first, Unread | Entry) and first.fields.get("warc_record_id") == start.record:
            yield from enumerate(chain([first], articles), start=number)
            return
    yield from enumerate(_articles(plan, left_out, Start()), start=1)


def _start(plan: Plan, done: Sequence[Row]) -> tuple[int, Start]:
    """Where the last record of a crawl begins that begins among these rows, and the number of its first suspect.

    A record may hold several suspects, as a feed does, so the row before must be known to be of another one.
    """
    files = {str(place): number for number, place in enumerate(feed_places(plan.source))} if done else {}
    for before, row in reversed(list(pairwise(done))):
        offset = row["warc_offset"]
        if offset and row["warc_file"] in files and before["warc_offset"] not in (None, offset):
            return row["number"], Start(files[row["warc_file"]], offset, row["warc_record_id"])
    return 1, Start()


def read(plan: Plan, suspect: RawRecord) -> Record | BadRecord:
    """A piece cut out of the input, read; raises ``MemoryError`` where that takes far more than articles do."""
    with reading_limit(suspect):
        return record_of(suspect, plan.columns, plan.settings.max_characters)


def reading_limit(suspect: RawRecord) -> AbstractContextManager[None]:
    """The memory within which a suspect is read; no limit where it is so short that setting one takes longer."""
    return limited(_READING + _READING_TIMES * weight(suspect)) if is_heavy(suspect) else nullcontext()


def _articles(plan: Plan, left_out: Said, start: Start) -> Iterator[RawRecord]:
    """The unread articles of all files; of a file at which reading ends, what came of it, and a `BadRecord`.

    A file at which the process died is begun again once, and the articles already read are passed over: it may
    have been killed for the fault of others.
    """
    places = feed_places(plan.source)
    died_at, had, ended = -1, Counter[str](), ""
    while start.file < len(places):
        at, fault = start.file, ""
        known, had = had if died_at == at else Counter[str](), Counter[str]()
        for kind, content in _messages(plan, places, start):
            ended = kind
            if kind == "articles":
                yield from content[max(0, known[kind] - had[kind]) :]
                had[kind] += len(content)
            elif kind == "file":
                if content != at:
                    at, known, had = content, Counter[str](), Counter[str]()
            elif kind == "left out":
                had[kind] += 1
                if had[kind] > known[kind]:
                    left_out(content)
            elif kind == "failure":
                raise content
            else:
                fault = content
        if not fault:
            return
        if ended == "died" and died_at != at:
            died_at, start = at, start if at == start.file else Start(at)
            continue
        yield BadRecord(str(places[at]), f"the rest cannot be read: {fault} Check the file.")
        start = Start(at + 1)


def _messages(plan: Plan, places: Sequence[Place], start: Start) -> Iterator[Message]:
    """A reading process's messages on the files from ``start`` on; "end" with the error that ended it, if any."""
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_read, args=(theirs, plan, places, start), daemon=True)
    process.start()
    theirs.close()
    patience = None  # starting is no file's fault
    try:
        while True:
            if not ours.poll(patience):
                yield (
                    "end",
                    f"it takes more than {plan.time_limit:g} seconds to cut it into articles, the time limit.",
                )
                return
            try:
                message: Message = ours.recv()
            except (EOFError, OSError, PickleError):
                yield "died", "the process that read it died, twice; it may need more memory than there is."
                return
            yield message
            if message[0] == "end":
                return
            patience = plan.time_limit
    finally:
        ours.close()
        process.kill()
        process.join()


def _read(line: Connection, plan: Plan, places: Sequence[Place], start: Start) -> None:
    """The reading process's life."""
    begin_to_serve()
    with suppress(BrokenPipeError, ConnectionError):  # nobody reads on
        with limited(plan.memory_limit):
            try:
                for number, place in enumerate(places[start.file :], start=start.file):
                    line.send(("file", number))
                    columns = plan.columns if number == 0 else None
                    offset = start.offset if number == start.file else 0
                    articles = read_file(
                        place, columns, plan.settings, lambda why: line.send(("left out", why)), offset, plan.source
                    )
                    for batch in _batches(articles):
                        line.send(("articles", batch))
            except MemoryError:
                line.send(("end", f"it takes more than {plan.memory_limit >> 20:,} MB of memory, the limit."))
                return
            except (BrokenPipeError, ConnectionError):
                raise
            except Exception as error:
                line.send(("failure", Failure(error).error))
                return
        line.send(("end", ""))


def _batches(records: Iterator[RawRecord]) -> Iterator[list[RawRecord]]:
    """The articles a few at a time, fewer if they are long or take long."""
    batch: list[RawRecord] = []
    size, begun = 0, monotonic()
    for record in records:
        batch.append(record)
        size += weight(record)
        if len(batch) >= _BATCH or size >= _BATCH_BYTES or monotonic() - begun >= _BATCH_SECONDS:
            yield batch
            batch, size, begun = [], 0, monotonic()
    if batch:
        yield batch
