"""Feeds and sitemaps that are read again and again: what changed, what wasn't seen yet, the pages they name."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spindetect.archive.inputs import RawRecord
from spindetect.archive.records import hashed
from spindetect.errors import SpindetectError
from spindetect.files import bounded_bytes, whole_file
from spindetect.links.connection import Fetched
from spindetect.links.fetch import fetch
from spindetect.links.url import URL
from spindetect.read.entries import fetched_entries
from spindetect.read.format import BadRecord, Entry
from spindetect.read.formats.feeds_and_xml import sitemap_links
from spindetect.settings import Settings

_MOST_SEEN = 10_000  # ids that are remembered of a feed, the newest: feeds hold hundreds at most
_LONGEST_ID = 1_000  # characters
_MOST_MAPS = 1_000  # sitemaps that one names, in it and below
_VALIDATORS = (("etag", "If-None-Match"), ("last-modified", "If-Modified-Since"))


@dataclass(slots=True)
class Memory:
    """A record of earlier fetches, in a file: each link's ETag and time of change, and the entries that were seen.

    Nothing is written before `save`: after a kill everything is read again, and the archive knows what it has.
    """

    path: Path
    links: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> Memory:
        """The records in a file; none if there is no file. Raises `SpindetectError` for another kind of file."""
        try:
            found = json.loads(bounded_bytes(path)) if path.exists() else {}
        except (OSError, ValueError) as error:
            raise SpindetectError(f"cannot read {path}: {error}. Delete it, and all is fetched anew.") from error
        if not isinstance(found, dict) or not all(isinstance(one, dict) for one in found.values()):
            raise SpindetectError(f"{path} doesn't hold what was fetched. Delete it, and all is fetched anew.")
        return cls(path, found)

    def save(self) -> None:
        """Write it, whole or not at all."""
        with whole_file(self.path) as stream:
            stream.write(json.dumps(self.links, indent=1).encode("utf-8"))

    def fetch(self, url: URL, settings: Settings) -> Fetched:
        """Fetch a link, unless it is as it was; its validators are remembered."""
        known = self.links.get(url.address, {})
        asked = {header: str(known[name]) for name, header in _VALIDATORS if known.get(name)}
        fetched = fetch(url, settings, asked)
        if not fetched.unchanged:
            given = {name: fetched.answer.header(name) for name, _ in _VALIDATORS}
            self.links[url.address] = {"seen": known.get("seen", []), **given}
        return fetched

    def is_new(self, url: URL, id: str) -> bool:
        """Whether an entry of a feed wasn't seen before; it is from now on."""
        seen = self.links.setdefault(url.address, {}).setdefault("seen", [])
        id = id if len(id) <= _LONGEST_ID else f"{hashed(id):x}"  # a feed mustn't fill the disk
        if id in seen:
            return False
        seen.append(id)
        del seen[:-_MOST_SEEN]
        return True


def followed(
    url: URL, settings: Settings, memory: Memory, follow: bool, known: Callable[[str], bool]
) -> Iterator[RawRecord]:
    """The articles that a link leads to and that are new: a page, or the entries of a feed.

    With ``follow`` the pages that a feed or a sitemap names are fetched, except those whose address is in the
    archive already (``known``). A page that can't be fetched is a `BadRecord` in its place.
    """
    fetched = memory.fetch(url, settings)
    if fetched.unchanged:
        return
    links = sitemap_links(fetched.body)
    if links is not None:
        if follow:
            yield from _pages_of_sitemap(url, links, settings, memory, known)
        else:
            yield BadRecord(str(url), "it is a sitemap, which lists links and holds no articles. Give --follow.")
        return
    for entry in fetched_entries(fetched, settings.max_characters):
        if isinstance(entry, BadRecord) or entry.reading is not None:
            yield _identified(entry)
            continue
        fields = entry.fields
        if not memory.is_new(url, str(fields.get("id") or fields.get("url") or entry.place)):
            continue
        page = str(fields.get("url") or "")
        if follow and page and not known(page):
            yield from _page(page, url, settings)
        elif not (follow and page):
            yield entry


def _pages_of_sitemap(
    url: URL, links: tuple[list[str], list[str]], settings: Settings, memory: Memory, known: Callable[[str], bool]
) -> Iterator[RawRecord]:
    waiting, count = [links], 0
    while waiting:
        pages, maps = waiting.pop()
        for page in pages:
            if not known(page) and memory.is_new(url, page):
                yield from _page(page, url, settings)
        for one in maps:
            count += 1
            if count > _MOST_MAPS:
                yield BadRecord(str(url), f"it names more than {_MOST_MAPS:,} sitemaps; the others are left out.")
                return
            try:
                fetched = memory.fetch(url.joined(one), settings)
                inner = None if fetched.unchanged else sitemap_links(fetched.body)
            except SpindetectError as error:
                yield BadRecord(one, str(error))
                continue
            waiting += [inner] if inner else []


def _page(address: str, feed: URL, settings: Settings) -> Iterator[RawRecord]:
    try:
        for entry in fetched_entries(fetch(feed.joined(address), settings), settings.max_characters):
            yield _identified(entry, address)
    except SpindetectError as error:
        yield BadRecord(address, str(error))


def _identified(entry: Entry | BadRecord, address: str | None = None) -> RawRecord:
    """A page goes by the address under which it was named, so that it is known when it is named again."""
    if isinstance(entry, BadRecord):
        return entry
    return Entry(entry.place, {"id": address or entry.place, **entry.fields}, entry.reading)
