"""The tables of the service's database.

Times are seconds since 1970, in UTC; texts and pages are stored by SHA-256.

`spindetect/service/migrations` makes them; a test fails while the two differ.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("digest", String(64), nullable=False),  # SHA-256 of the secret, which has 256 random bits
    Column("name", String(200), nullable=False),
    Column("scopes", String(100), nullable=False),
    Column("created", Float, nullable=False),
    Column("revoked", Float),
)

audit = Table(  # append-only, as `events` is
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Float, nullable=False),
    Column("actor", String(200), nullable=False),
    Column("action", String(60), nullable=False),
    Column("object", Text, nullable=False),
)

blobs = Table(
    "blobs",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("data", LargeBinary, nullable=False),  # zlib
)

cases = Table(
    "cases",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("opened", Float, nullable=False),
    Column("why", Text, nullable=False),
    Column("suspect_digest", String(64), nullable=False),
    Column("suspect_title", Text, nullable=False),
    Column("suspect_url", Text),
    Column("suspect_outlet", Text),
    Column("suspect_published", Text),
    Column("suspect_words", Integer, nullable=False),
    Column("source_digest", String(64)),  # null, as all of the source, where none was found
    Column("source_id", Text),
    Column("source_title", Text),
    Column("source_url", Text),
    Column("source_outlet", Text),
    Column("source_published", Text),
    Column("source_words", Integer),
    Column("score", Float, nullable=False),
    Column("reuse", Float, nullable=False),  # 0 without a source, as is the coverage
    Column("coverage", Float, nullable=False),
    Column("verdict", String(40), nullable=False),
    Column("copy", String(20)),  # which side is the copy; null where that can't be told
    Column("direction_reason", Text),
    Column("family", Text),
    Column("signature", Text, nullable=False),
    Column("candidates", Text, nullable=False),  # JSON
    Column("page", String(64), nullable=False),  # the report, in `blobs`
    Column("priority", Float, nullable=False),
    Column("words", Text, nullable=False),  # what is searched: titles, links and outlets in lower case
    # The state after the case's events follows, kept here so that a queue is quickly read.
    Column("decision", String(20)),
    Column("decided", Float),
    Column("decided_by", String(200)),
    Column("assigned", String(200)),
    Column("tags", Text, nullable=False, default=""),  # each between spaces
    # The suspect's digest: a suspect has one case. Null for the older of those that it had before that was so.
    Column("once", String(64), unique=True),
    Column("found", Float, nullable=False),  # when the suspect was last scored otherwise than before
    Column("forgotten", Float),  # when the texts were deleted, some time after the decision
    Column("decided_score", Float),  # what the one who decided had before them
    Column("decided_reuse", Float),
    Column("decided_source", String(64)),
    Column("stale", Boolean, nullable=False, default=False),  # decided, and scored otherwise since then
    Index(None, "decision", "priority"),
    Index(None, "stale", "priority"),
    Index(None, "decided"),
    Index(None, "priority"),
    Index(None, "opened"),
    Index(None, "source_digest"),
    Index(None, "family"),
    Index(None, "suspect_outlet"),
)

events = Table(  # append-only: the database itself refuses to change or delete a row
    "events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", Integer, ForeignKey("cases.id"), nullable=False),
    Column("at", Float, nullable=False),
    Column("actor", String(200), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("value", Text, nullable=False),
    Column("signature", Text, nullable=False),  # of the model that the one who decided had before them
    Column("undoes", Integer, unique=True),
    Column("score", Float),  # what the case said at the time: figures, source and report
    Column("reuse", Float),
    Column("source_digest", String(64)),
    Column("page", String(64)),
    Column("seal", String(64), nullable=False),  # of this event and all before it: see `spindetect.service.chain`
    Index(None, "case_id"),
    Index(None, "kind", "at"),
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("actor", String(200), nullable=False),
    Column("asked", String(20), nullable=False),
    Column("state", String(20), nullable=False),  # waiting, done, cancelled
    Column("total", Integer, nullable=False),
    Column("created", Float, nullable=False),
    Column("finished", Float),
    Column("once", String(300), unique=True),  # the idempotency key, with whose it is
    Column("digest", String(64), nullable=False),  # of what was asked for
    Index(None, "state"),
)

job_items = Table(
    "job_items",
    metadata,
    Column("job_id", String(32), ForeignKey("jobs.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("request", LargeBinary, nullable=False),  # zlib of JSON
    Column("state", String(20), nullable=False),  # waiting, done, failed
    Column("result", LargeBinary),  # zlib of JSON: a report, or a problem
    Index(None, "state", "job_id"),
)

replies = Table(  # what was answered under an idempotency key
    "replies",
    metadata,
    Column("once", String(300), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("created", Float, nullable=False),
    Column("status", Integer),
    Column("body", LargeBinary),
)

hooks = Table(
    "hooks",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("url", Text, nullable=False),
    Column("secret", String(100), nullable=False),
    Column("figure", String(10), nullable=False),  # score or reuse
    Column("least", Float, nullable=False),
    Column("created", Float, nullable=False),
    Column("removed", Float),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("hook_id", String(16), ForeignKey("hooks.id"), nullable=False),
    Column("body", Text, nullable=False),
    Column("state", String(10), nullable=False),  # waiting, done, dead
    Column("tries", Integer, nullable=False),
    Column("due", Float, nullable=False),
    Column("fault", Text),
    Index(None, "state", "due"),
)

users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(100), nullable=False, unique=True),
    Column("password", Text),  # argon2id; null for one who comes through a proxy only
    Column("role", String(20), nullable=False),
    Column("created", Float, nullable=False),
    Column("disabled", Boolean, nullable=False, default=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("digest", String(64), primary_key=True),  # SHA-256 of the cookie
    Column("user_id", Integer, ForeignKey("users.id"), nullable=False),
    Column("csrf", String(64), nullable=False),
    Column("created", Float, nullable=False),
)

views = Table(
    "views",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", Integer, ForeignKey("users.id"), nullable=False),
    Column("name", String(100), nullable=False),
    Column("query", Text, nullable=False),
    UniqueConstraint("user_id", "name"),
)
