"""Decisions, as CSV, JSON lines or Parquet; and the decided pairs, to train and measure with."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, func, select

from spindetect.errors import needed
from spindetect.report.inert import no_formula
from spindetect.service.queue import Filters
from spindetect.service.store import Store
from spindetect.service.tables import cases, events

_SIDE = ("title", "url", "outlet", "published", "words", "digest")
COLUMNS = (
    *("id", "opened", "why", "decision", "decided", "decided_by", "assigned", "tags"),
    *("score", "reuse", "coverage", "verdict", "copy", "direction_reason", "family", "priority"),
    *(f"suspect_{name}" for name in _SIDE),
    *(f"source_{name}" for name in ("id", *_SIDE)),
    *("signature", "found", "stale", "decided_score", "decided_reuse", "decided_source", "forgotten"),
)
_TIMES = ("opened", "decided", "found", "forgotten")
_NUMBERS = ("score", "reuse", "coverage", "priority", "decided_score", "decided_reuse")
_COUNTS = ("id", "suspect_words", "source_words")
_AT_ONCE = 500


def rows(read: Connection, filters: Filters) -> Iterator[dict[str, Any]]:
    """The cases that filters let through, oldest first, with times as ISO 8601 has them.

    Those that were decided have the ``seal`` of their last event, to be kept: see `spindetect.service.chain`.
    """
    wanted = select(*[cases.c[name] for name in COLUMNS]).where(filters.wanted, cases.c.id > 0)
    after = 0
    while found := read.execute(wanted.where(cases.c.id > after).order_by(cases.c.id).limit(_AT_ONCE)).all():
        last = select(func.max(events.c.id)).where(events.c.case_id.in_([row.id for row in found]))
        sealed = select(events.c.case_id, events.c.seal).where(events.c.id.in_(last.group_by(events.c.case_id)))
        seals: dict[int, str] = {row.case_id: row.seal for row in read.execute(sealed)}
        for row in found:
            values: dict[str, Any] = {**row._mapping, "seal": seals.get(row.id)}
            if values["source_digest"] is None:
                values["reuse"] = values["coverage"] = None
            for name in _TIMES:
                if values[name] is not None:
                    values[name] = datetime.fromtimestamp(values[name], UTC).isoformat(timespec="seconds")
            values["tags"] = values["tags"].split()
            yield values
        after = found[-1].id


def as_csv(read: Connection, filters: Filters) -> Iterator[str]:
    """CSV with a header line; what a spreadsheet would run as a formula is quoted."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, (*COLUMNS, "seal"))
    writer.writeheader()
    for row in rows(read, filters):
        row["tags"] = " ".join(row["tags"])
        writer.writerow({name: no_formula(one) if isinstance(one, str) else one for name, one in row.items()})
        yield stream.getvalue()
        stream.seek(0)
        stream.truncate()
    yield stream.getvalue()


def as_jsonl(read: Connection, filters: Filters) -> Iterator[str]:
    """One JSON object a line."""
    for row in rows(read, filters):
        yield json.dumps(row) + "\n"


def as_parquet(read: Connection, filters: Filters) -> bytes:
    """A Parquet file; raises `MissingExtra` without PyArrow."""
    pyarrow = needed("pyarrow", "write Parquet", "parquet")
    parquet = needed("pyarrow.parquet", "write Parquet", "parquet")
    types = {
        **dict.fromkeys((*COLUMNS, "seal"), pyarrow.string()),
        **dict.fromkeys(_NUMBERS, pyarrow.float64()),
        **dict.fromkeys(_COUNTS, pyarrow.int64()),
        "tags": pyarrow.list_(pyarrow.string()),
        "stale": pyarrow.bool_(),
    }
    table = pyarrow.Table.from_pylist(list(rows(read, filters)), schema=pyarrow.schema(list(types.items())))
    stream = io.BytesIO()
    parquet.write_table(table, stream)
    return stream.getvalue()


def labelled_pairs(store: Store) -> Iterator[str]:
    """The decided cases as pairs with a known relation, in the form of the corpora that training reads.

    A case that moderators confirmed has the relation that the model saw in it; one that they found to be no copy
    is ``independent``. Left out are those without a source, whose source is another one now, and whose texts
    were deleted. Save it as ``wild/pairs.jsonl`` to measure with, or pack it as ``pairs/pairs.jsonl.gz``.
    """
    columns = (cases.c.id, cases.c.decision, cases.c.verdict, cases.c.suspect_digest, cases.c.source_digest)
    decided = cases.c.decision.in_(("copy", "licensed", "no_copy")) & cases.c.forgotten.is_(None)
    wanted = select(*columns).where(decided, cases.c.decided_source == cases.c.source_digest)
    with store.reading() as read:
        pairs = read.execute(wanted.order_by(cases.c.id)).all()
    for row in pairs:
        relation = "independent" if row.decision == "no_copy" else row.verdict
        if relation in ("undecided", "natural") or (row.decision != "no_copy" and relation == "independent"):
            continue  # a copy whose kind nobody has told
        texts = [
            (store.blob(digest) or b"").decode("utf-8", "replace")
            for digest in (row.suspect_digest, row.source_digest)
        ]
        pair = {
            "id": f"case-{row.id}",
            "relation": relation,
            "operator": "moderators",
            "group": row.source_digest[:16],
        }
        yield json.dumps({**pair, "suspect": texts[0], "reference": texts[1]}) + "\n"
