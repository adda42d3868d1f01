"""What tests of the archive have in common: records to add, what is found, and archives to spoil."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from stories import story

from spindetect import Archive
from spindetect.lexicon import Lexicon


def records(first: int, last: int) -> list[dict[str, Any]]:
    """Stories as records with ids s0, s1, ..."""
    return [{"id": f"s{number}", "text": story(number)} for number in range(first, last)]


def ids(archive: Archive, text: str, limit: int = 5) -> list[str]:
    """The ids of the articles that a text finds."""
    return [hit.record.id for hit in archive.find_text(text, limit, Lexicon())]


def flip(path: Path, place: int) -> None:
    """Turn some bits of one byte of a file round."""
    data = bytearray(path.read_bytes())
    data[place] ^= 0x55
    path.write_bytes(bytes(data))


def checkpointed(archive: Archive) -> Path:
    """The archive's folder, closed, with all that the catalogue holds in its one file."""
    archive.catalogue._all("PRAGMA wal_checkpoint(TRUNCATE)")
    archive.close()
    for ending in ("-wal", "-shm"):
        (archive.path / f"catalogue.sqlite{ending}").unlink(missing_ok=True)
    return archive.path
