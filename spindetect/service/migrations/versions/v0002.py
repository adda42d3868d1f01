"""One case for each suspect, with a source or without; events sealed in a chain; texts that are forgotten."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from alembic import op
from sqlalchemy import Boolean, Column, Float, Integer, String, Text, text
from sqlalchemy.types import TypeEngine

from spindetect.service.migrations.versions import v0001

revision = "0002"
down_revision = "0001"
_SOURCE: dict[str, TypeEngine[Any]] = {
    "source_digest": String(64),
    "source_title": Text(),
    "source_words": Integer(),
}
_OF_CASES: dict[str, TypeEngine[Any]] = {
    **{"once": String(64), "found": Float(), "forgotten": Float()},
    **{"decided_score": Float(), "decided_reuse": Float(), "decided_source": String(64), "stale": Boolean()},
}
_INDICES = (("stale", "priority"), ("decided",))
_OF_EVENTS: dict[str, TypeEngine[Any]] = {
    **{"score": Float(), "reuse": Float(), "source_digest": String(64), "page": String(64), "seal": String(64)},
}
_SEALED = (
    *("id", "case_id", "at", "actor", "kind", "value", "signature", "undoes"),
    *("score", "reuse", "source_digest", "page"),
)
_PAIR = "uq_cases_suspect_digest_source_digest"
_NAMES = {name: str(form) for name, form in v0001.metadata.naming_convention.items()}


def upgrade() -> None:
    """Add the columns, fill them from what there is, and seal the events."""
    for table, columns in (("cases", _OF_CASES), ("events", _OF_EVENTS)):
        for name, kind in columns.items():
            op.add_column(table, Column(name, kind))
    _let_change()
    newest = "SELECT max(id) FROM cases GROUP BY suspect_digest"
    op.execute("UPDATE cases SET stale = false, found = opened")
    op.execute(f"UPDATE cases SET once = CASE WHEN id IN ({newest}) THEN suspect_digest END")  # noqa: S608
    op.execute(
        "UPDATE cases SET decided_score = score, decided_reuse = reuse, decided_source = source_digest "
        "WHERE decision IS NOT NULL"
    )
    for name in ("score", "reuse", "source_digest", "page"):
        op.execute(f"UPDATE events SET {name} = (SELECT {name} FROM cases WHERE cases.id = events.case_id)")  # noqa: S608
    seal = "0" * 64  # the events that there are get seals, as `spindetect.service.chain` makes them
    seals = []
    for row in op.get_bind().execute(text(f"SELECT {', '.join(_SEALED)} FROM events ORDER BY id")):  # noqa: S608
        seal = hashlib.sha256(json.dumps([seal, *row]).encode()).hexdigest()
        seals.append({"one": row.id, "made": seal})
    if seals:
        op.get_bind().execute(text("UPDATE events SET seal = :made WHERE id = :one"), seals)
    with op.batch_alter_table("cases", naming_convention=_NAMES) as batch:
        for name, kind in _SOURCE.items():
            batch.alter_column(name, existing_type=kind, nullable=True)
        batch.alter_column("found", existing_type=Float(), nullable=False)
        batch.alter_column("stale", existing_type=Boolean(), nullable=False)
        batch.drop_constraint(_PAIR, "unique")
        batch.create_unique_constraint("uq_cases_once", ["once"])
    for names in _INDICES:
        op.create_index(f"ix_cases_{'_'.join(names)}", "cases", list(names))
    with op.batch_alter_table("events", naming_convention=_NAMES) as batch:
        batch.alter_column("seal", existing_type=String(64), nullable=False)
    v0001.keep_for_good("events")


def downgrade() -> None:
    """Take it all back; cases without a source go, as the tables had no room for them."""
    _let_change()
    alone = "SELECT id FROM cases WHERE source_digest IS NULL"
    op.execute(f"DELETE FROM events WHERE case_id IN ({alone}) OR kind IN ('found', 'seen')")  # noqa: S608
    op.execute("DELETE FROM cases WHERE source_digest IS NULL")
    for names in _INDICES:
        op.drop_index(f"ix_cases_{'_'.join(names)}", "cases")
    with op.batch_alter_table("cases", naming_convention=_NAMES) as batch:
        batch.drop_constraint("uq_cases_once", "unique")
        for name, kind in _SOURCE.items():
            batch.alter_column(name, existing_type=kind, nullable=False)
        for name in _OF_CASES:
            batch.drop_column(name)
        batch.create_unique_constraint(_PAIR, ["suspect_digest", "source_digest"])
    with op.batch_alter_table("events", naming_convention=_NAMES) as batch:
        for name in _OF_EVENTS:
            batch.drop_column(name)
    v0001.keep_for_good("events")


def _let_change() -> None:
    """Take away what refuses changes to events."""
    if op.get_bind().dialect.name == "sqlite":
        for change in ("update", "delete"):
            op.execute(f"DROP TRIGGER events_no_{change}")
    else:
        op.execute("DROP TRIGGER events_stays ON events")
