"""Bundles of files (``.zip``, ``.tar``), by Python's own zipfile and tarfile; nothing is written to disk."""

from __future__ import annotations

import tarfile
import zipfile
from collections.abc import Iterator
from typing import IO, Any

from spindetect.read.format import DOCUMENT_BYTES_PER_CHARACTER, BadRecord, Bytes, Format, Member
from spindetect.read.unpacking import DAMAGED_BUNDLE


def _member(place: str, name: str, stream: IO[bytes], max_characters: int) -> Member | BadRecord:
    """A member with its bytes, if it is no longer than the largest document."""
    largest = DOCUMENT_BYTES_PER_CHARACTER * max_characters
    data = stream.read(largest + 1)
    if len(data) > largest:
        return BadRecord(place, "it is far longer than any article that is taken.")
    return Member(place, name, data)


def read_zip(stream: Bytes, name: str, max_characters: int) -> Iterator[Member | BadRecord]:
    """The files in a ZIP archive, by name."""
    place = name
    try:
        with zipfile.ZipFile(stream) as bundle:
            for info in sorted(bundle.infolist(), key=lambda info: info.filename):
                place = f"{name}/{info.filename}"
                if info.is_dir() or _is_hidden(info.filename):
                    continue
                if info.flag_bits & 1:
                    yield BadRecord(place, "it takes a password. Unpack it yourself.")
                    continue
                with bundle.open(info) as file:
                    yield _member(place, info.filename, file, max_characters)
    except DAMAGED_BUNDLE as error:
        yield BadRecord(place, f"it cannot be unpacked: {error}. Check the file.")


def read_tar(stream: Bytes, name: str, max_characters: int) -> Iterator[Member | BadRecord]:
    """The files in a tar archive, in its order."""
    place = name
    try:
        with tarfile.open(fileobj=stream, mode="r|") as bundle:
            for info in bundle:
                place = f"{name}/{info.name}"
                if not info.isfile() or _is_hidden(info.name):
                    continue
                if info.issparse():  # what isn't there takes no room, and costs time all the same
                    yield BadRecord(place, "it is a sparse file, which no article is.")
                    continue
                file: Any = bundle.extractfile(info)
                if file:
                    yield _member(place, info.name, file, max_characters)
    except DAMAGED_BUNDLE as error:
        yield BadRecord(place, f"it cannot be unpacked: {error}. Check the file.")


def _is_hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) and part not in (".", "..") for part in name.split("/"))


ROWS = (
    Format(name="zip", title="a ZIP archive", endings=(".zip",), media_types=("application/zip",),
           kept="the articles in the files that it holds", many=read_zip,
           recognises=lambda head, name: head.startswith(b"PK\x03\x04") and name.lower().endswith(".zip"),
           packs=True, jumps=True),
    Format(name="tar", title="a tar archive", endings=(".tar", ".tgz", ".tbz2", ".txz"),
           media_types=("application/x-tar",), kept="the articles in the files that it holds", many=read_tar,
           recognises=lambda head, name: head[257:262] == b"ustar"),
)  # fmt: skip
