"""The folder of reports that a scan writes, with an index page that leads to them, made of the rows at the end."""

from __future__ import annotations

from collections.abc import Iterable
from heapq import nsmallest
from pathlib import Path

from spindetect.archive.records import Record
from spindetect.errors import SpindetectError
from spindetect.files import last_part, whole_file
from spindetect.findings import Candidate, Direction
from spindetect.read.generated import is_generated_file, note_reports
from spindetect.report.html.index import IndexEntry, made_entry, sorted_entries
from spindetect.report.html.page import index_page
from spindetect.report.inert import inert
from spindetect.scan.rows import Row

INDEX = "index.html"
_MOST = 5_000  # reports that the index names: a page of 4 MB


def make_folder(folder: Path) -> None:
    """Make the folder, unless it is there; raises `SpindetectError` if its index is a page of somebody else's."""
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / INDEX).exists() and not is_generated_file(folder / INDEX):
        raise SpindetectError(
            f"{folder / INDEX} is there already and wasn't made by spindetect. Name another folder for reports."
        )


def write_index(folder: Path, rows: Iterable[Row]) -> None:
    """Write the page that leads to the reports which rows have, the surest first; list them as no articles."""
    names: list[str] = []

    def entries() -> Iterable[IndexEntry]:
        for row in rows:
            if row["report"]:
                names.append(row["report"])
                yield _entry(row)

    shown = sorted_entries(nsmallest(_MOST, entries(), key=lambda entry: (entry.order, entry.file)))
    note = ""
    if len(names) > len(shown):
        note = f"These are the surest {len(shown):,} of {len(names):,}; the rows of the scan name all of them."
    with whole_file(folder / INDEX) as stream:
        stream.write(index_page(shown, note=note).encode("utf-8", "backslashreplace"))
    note_reports(folder, [INDEX, *names])


def _entry(row: Row) -> IndexEntry:
    fields = Candidate.__dataclass_fields__
    candidates = [Candidate(**{name: one[name] for name in fields}) for one in row["candidates"]]
    direction = None
    if row["direction_reason"]:
        direction = Direction(row["direction"], row["direction_reason"], row["direction_probability"])
    return made_entry(
        row["report"],
        (last_part(row["id"]), _name(row["candidates"][0]) if candidates else ""),  # the title leads to the report
        inert(row["title"] or last_part(row["id"])),
        row["verdict"],
        (row["score"], row["reuse"], row["coverage"]),
        direction,
        candidates,
        (row["substitutions"], row["telltales"], 0),
        tuple([inert(warning.replace(row["id"], last_part(row["id"]))) for warning in row["warnings"]]),
    )


def _name(about: Row) -> str:
    return Record(last_part(about["id"]), None, about["title"]).name
