"""What broke a reader once, through every reader: articles or errors of ours come of it, nothing else.

`fuzz` begins with the same files; what it finds is made small and kept here.
"""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from spindetect.archive.inputs import record_of
from spindetect.archive.records import Record
from spindetect.read import entries
from spindetect.read.entries import REPORT_BUG, unread_entries
from spindetect.read.format import BadRecord
from spindetect.read.formats import FORMATS, by_name

KEPT = sorted((Path(__file__).parent / "fuzzed").iterdir())
ENDINGS = [*(ending for row in FORMATS for ending in row.endings), ".gz", ".bz2", ".xz", ".zst", ""]


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.name)
def test_what_broke_a_reader_once_breaks_none(path: Path) -> None:
    data = path.read_bytes()
    for ending in ENDINGS:
        for item in unread_entries(BytesIO(data), f"x{ending}", 100_000):
            found = record_of(item, {}, 100_000)
            assert isinstance(found, Record) or (isinstance(found, BadRecord) and REPORT_BUG not in found.reason)


def test_a_fault_of_a_reader_is_its_documents_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise KeyError("no such font")

    monkeypatch.setattr(entries, "by_name", lambda name: replace(by_name(name), document=fails))
    [found] = entries.read_entries(BytesIO(b"It rained."), "x.txt", 100)
    assert isinstance(found, BadRecord) and found.reason.endswith(
        "(KeyError: 'no such font'); please report this bug."
    )


def test_what_is_kept_is_small_and_named_after_its_format() -> None:
    names = {row.name for row in FORMATS}
    assert KEPT and all(path.name.partition("-")[0] in names and path.stat().st_size < 5_000 for path in KEPT)
