"""What tests of the archive have in common: records to add, what is found, and archives to spoil."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from stories import story

from spindetect import Archive
from spindetect.align.lexical.lexicon import Lexicon


def records(first: int, last: int) -> list[dict[str, Any]]:
    """Stories as records with ids s0, s1, ..."""
    return [{"id": f"s{number}", "text": story(number)} for number in range(first, last)]


def ids(archive: Archive, text: str, limit: int = 5) -> list[str]:
    """The ids of the articles that a text finds."""
    return [hit.record.id for hit in archive.find_text(text, limit, Lexicon())]


def put(path: Path, data: bytes) -> None:
    """Put another file in a file's place; who has the old one mapped into memory keeps it."""
    new = path.with_name(f"{path.name}.new")
    new.write_bytes(data)
    new.replace(path)


def flip(path: Path, place: int) -> None:
    """Turn some bits of one byte of a file round."""
    with path.open("r+b") as stream:
        stream.seek(place)
        byte = stream.read(1)[0]
        stream.seek(place)
        stream.write(bytes([byte ^ 0x55]))


def checkpointed(archive: Archive) -> Path:
    """The archive's folder, closed, with all that the catalogue holds in its one file."""
    archive.catalogue._all("PRAGMA wal_checkpoint(TRUNCATE)")
    archive.close()
    for ending in ("-wal", "-shm"):
        (archive.path / f"catalogue.sqlite{ending}").unlink(missing_ok=True)
    return archive.path
