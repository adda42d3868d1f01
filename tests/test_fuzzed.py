"""What broke a reader once, through every reader: articles or errors of ours come of it, nothing else.

`fuzz` begins with the same files; what it finds is made small and kept here.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest

from spindetect.archive.inputs import record_of
from spindetect.archive.records import Record
from spindetect.read.entries import unread_entries
from spindetect.read.format import BadRecord
from spindetect.read.formats import FORMATS

KEPT = sorted((Path(__file__).parent / "fuzzed").iterdir())
ENDINGS = [*(ending for row in FORMATS for ending in row.endings), ".gz", ".bz2", ".xz", ".zst", ""]


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.name)
def test_what_broke_a_reader_once_breaks_none(path: Path) -> None:
    data = path.read_bytes()
    for ending in ENDINGS:
        for item in unread_entries(BytesIO(data), f"x{ending}", 100_000):
            assert isinstance(record_of(item, {}, 100_000), Record | BadRecord)


def test_what_is_kept_is_small_and_named_after_its_format() -> None:
    names = {row.name for row in FORMATS}
    assert KEPT and all(path.name.partition("-")[0] in names and path.stat().st_size < 5_000 for path in KEPT)
