"""The articles that a link leads to: fetched, and read as what they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from spindetect.links.answers import Fetched
from spindetect.links.fetch import fetch
from spindetect.links.url import URL
from spindetect.read.entries import read_member
from spindetect.read.format import BadRecord, Entry, Member
from spindetect.settings import Settings


def link_entries(url: URL, settings: Settings) -> Iterator[Entry | BadRecord]:
    """The articles that a link leads to: one on a page, more in a feed; raises `UnreadableLink`."""
    yield from fetched_entries(fetch(url, settings), settings.max_characters)


def fetched_entries(fetched: Fetched, max_characters: int) -> Iterator[Entry | BadRecord]:
    """The articles in what was fetched, each with where and when that was, and the digest of what came."""
    address = fetched.answer.url
    fields = {"link": fetched.url.address, "fetched": fetched.when, "sha256": fetched.sha256}
    member = Member(address.address, address.file_name, fetched.body, fetched.media_type, fields)
    for entry in read_member(member, max_characters):
        if isinstance(entry, Entry) and entry.reading:
            reading = replace(
                entry.reading,
                url=entry.reading.url or address.address,
                outlet=entry.reading.outlet or address.host,
                about=replace(entry.reading.about, **fields),
            )
            entry = replace(entry, reading=reading)
        yield entry
