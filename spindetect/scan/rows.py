"""The rows of a scan: which columns there are, and how a comparison fills them. The one place that says so.

Lists are lists in JSON lines, and JSON in Parquet, so that every column is a plain one.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from spindetect.align.passages.finding import passages_of
from spindetect.archive.inputs import RawRecord
from spindetect.archive.records import Record, shortened
from spindetect.findings import RELATIONS, Giveaway, Result, Substitution
from spindetect.kinds import KINDS
from spindetect.read.format import BadRecord
from spindetect.report.alike import before
from spindetect.report.data import report_dict
from spindetect.report.html.names import title_of
from spindetect.report.words import family_share
from spindetect.score.families import UNKNOWN

if TYPE_CHECKING:
    import pyarrow

Type = Literal["integer", "number", "string", "list"]
Row = dict[str, Any]
Item = tuple[int, RawRecord]
"""A suspect to scan: its number in the input, from 1, and what it was cut out as."""

_SOURCE = ("id", "title", "url", "published", "outlet")
COLUMNS: Mapping[str, Type] = {
    "number": "integer",
    **dict.fromkeys(_SOURCE, "string"),
    "score": "number",
    "verdict": "string",
    **dict.fromkeys(RELATIONS, "number"),
    "coverage": "number",
    **{f"source_{name}": "string" for name in _SOURCE},  # these, and up to source_words, only if there is a source
    "direction": "string",  # which side is the copy: suspect or reference
    "direction_reason": "string",
    **dict.fromkeys(("words", "source_words", "passages", "substitutions", "telltales"), "integer"),
    **{f"{kind}_substitutions": "integer" for kind in KINDS},
    "top_substitutions": "list",  # those that weigh most, heaviest first
    "candidates": "list",  # all that were compared, best first
    "family": "string",  # the tool that made the substitutions, or "unknown family"
    "family_share": "number",  # the share of them that it makes
    "unknown_exchanges": "list",  # of an unknown family: what no known one does
    "spinner_cluster": "integer",  # articles by one unknown spinner have one number
    "alone_score": "number",  # the score without a reference: with --alone, or with nothing to scan against
    "signature": "string",
    "warnings": "list",
    "error": "string",
    "reuse": "number",  # how probably it is a version of the source, 0 to 100
    "undecided": "list",  # why the verdict is undecided
    "direction_probability": "number",  # that the suspect is the copy, if either is
    "cluster": "integer",  # these three with --self only
    "original": "string",
    "original_reason": "string",
    "warc_file": "string",  # where a page stands in a crawl
    "warc_offset": "integer",  # of its record, in bytes of the file as it is
    "warc_record_id": "string",
    "input": "string",  # what was scanned, as it was named; `number` counts the articles in it
    "archives": "list",  # those that were searched, as they were named
    "report": "string",  # the name of the report on it in the folder of reports: with --report-dir only
}
ROW_VERSION = 1
"""Of the form of rows, ``row.schema.json``: columns may be added to it, none may change its meaning."""
WARC = ("warc_file", "warc_offset", "warc_record_id")
_TOP = 10
# Coverage from which what can't be decided on has a source: with less a search wouldn't compare two texts.
_LEAST_IN_COMMON = 0.12
_MOST_EXCHANGES = 60
_EMPTY: Row = {name: [] if kind == "list" else None for name, kind in COLUMNS.items()}


def found_row(number: int, suspect: Record, comparison: Result, errors: Sequence[Exception]) -> Row:
    """The row of a suspect that was compared; ``errors`` are those of candidates that couldn't be."""
    report = report_dict(comparison)
    # Is what came out best a source, and not only the least unlike of what the archive has?
    if comparison.verdict == "undecided":
        has_source = comparison.coverage >= _LEAST_IN_COMMON
    else:
        has_source = comparison.verdict != "independent"
    source = report["candidates"][0] if has_source and report["candidates"] else {}
    direction = comparison.direction if has_source else None
    return _clean(
        {
            **_about(number, suspect, comparison),
            **{name: report[name] for name in ("score", "reuse", "verdict", "coverage", "candidates", "signature")},
            "undecided": [one.reason for one in comparison.undecided],
            **report["relations"],
            **{f"source_{name}": source.get(name) for name in _SOURCE},
            "direction": direction.copy if direction else None,
            "direction_reason": direction.reason if direction else None,
            "direction_probability": round(direction.probability, 6) if direction else None,
            "words": report["suspect"]["words"],
            "source_words": report["reference"]["words"] if has_source else None,
            "passages": len(passages_of(comparison)),
            **_counts(comparison.substitutions),
            "warnings": [*report["warnings"], *dict.fromkeys(map(str, errors))],
        }
    )


def scored_row(number: int, suspect: Record, report: Result) -> Row:
    """The row of a suspect that was scored without a reference; its substitutions are the giveaways."""
    data = report_dict(report)
    return _clean(
        {
            **_about(number, suspect, report),
            **{name: data[name] for name in ("score", "verdict", "signature", "warnings")},
            "spun": data["relations"]["spun"],
            "undecided": [one.reason for one in report.undecided],
            "words": data["suspect"]["words"],
            "alone_score": data["score"],
            **_counts(report.giveaways),
        }
    )


def family_fields(result: Result, exchanges: Sequence[str]) -> Row:
    """The columns on the tool that spun a suspect; ``exchanges`` are those that no known family makes."""
    share = family_share(result)
    return {
        "family": result.family,
        "family_share": None if share is None else round(share, 6),
        "unknown_exchanges": list(exchanges[:_MOST_EXCHANGES]) if result.family == UNKNOWN else [],
    }


def failed_row(number: int, suspect: Record | BadRecord, reason: str) -> Row:
    """The row of a suspect that could not be scanned; one that can't be read has its place for an id."""
    if isinstance(suspect, BadRecord):
        return _clean({"number": number, "id": suspect.place, "error": shortened(reason)})
    return _clean({**_about(number, suspect), "error": shortened(reason)})


def _about(number: int, suspect: Record, result: Result | None = None) -> Row:
    """The facts about a suspect; of a text without a title these are its first words, as in reports."""
    known = {name: getattr(suspect, name) for name in _SOURCE}
    if result is not None and not known["title"]:
        known["title"] = title_of(result.suspect.article, result.suspect)
    return {"number": number, **known, **{name: suspect.other.get(name) for name in WARC}}


def _counts(items: Sequence[Substitution | Giveaway]) -> Row:
    """How many substitutions there are, of which kinds, and those that weigh most, the first of equal ones."""
    kinds = Counter(item.kind for item in items)
    heaviest = sorted(items, key=lambda item: -round(item.weight, 6))[:_TOP]
    return {
        "substitutions": len(items),
        "telltales": sum(item.telltale for item in items),
        **{f"{kind}_substitutions": kinds[kind] for kind in KINDS},
        "top_substitutions": [
            {
                "suspect": item.suspect.text,
                "reference": before(item) or None,
                "kind": item.kind,
                "telltale": item.telltale,
                "weight": round(item.weight, 6),
            }
            for item in heaviest
        ],
    }


def _clean(fields: Row) -> Row:
    """A whole row in the columns' order, without halves of characters, which no file can hold."""
    row = {**_EMPTY, **fields}
    text = json.dumps(row, ensure_ascii=False)
    return row if text.isascii() else dict(json.loads(text.encode("utf-8", "replace")))


# --- rows in files --------------------------------------------------------------


def as_line(row: Row) -> bytes:
    """A row as a line of JSON."""
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def arrow_schema() -> pyarrow.Schema:
    """The columns of a Parquet file."""
    import pyarrow

    types = {"integer": pyarrow.int64(), "number": pyarrow.float64()}
    return pyarrow.schema([(name, types.get(kind, pyarrow.string())) for name, kind in COLUMNS.items()])


def as_table(rows: Sequence[Row]) -> pyarrow.Table:
    """Rows as a table of `arrow_schema`, lists written as JSON."""
    import pyarrow

    return pyarrow.Table.from_pylist([_flat(row) for row in rows], schema=arrow_schema())


def _flat(row: Row) -> Row:
    return {
        name: json.dumps(row[name], ensure_ascii=False) if kind == "list" else row[name]
        for name, kind in COLUMNS.items()
    }


def from_table(table: pyarrow.Table) -> list[Row]:
    """The rows of a table, as they were."""
    return [
        {name: json.loads(row[name]) if kind == "list" else row[name] for name, kind in COLUMNS.items()}
        for row in table.to_pylist()
    ]


def candidates_alike(row: Row, least: float) -> list[str]:
    """Ids of the articles that tell the same story as the suspect: ``least`` of it is in common."""
    return [
        item["id"] for item in row["candidates"] if item["coverage"] >= least and item["verdict"] != "independent"
    ]
