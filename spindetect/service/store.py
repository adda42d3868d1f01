"""The database: opened, brought up to date, read and written in transactions."""

from __future__ import annotations

import hashlib
import logging
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.resources import files
from time import time
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from spindetect.errors import SpindetectError
from spindetect.service.tables import audit, blobs

log = logging.getLogger("spindetect.service")
_WAIT = 30_000  # milliseconds that a writer waits for another one


class Store:
    """A database by its URL. Threads may share one."""

    def __init__(self, url: str) -> None:
        try:
            self.engine = _engine(url)
            _bring_up_to_date(self.engine)
        except (SQLAlchemyError, ImportError) as error:
            where = make_url(url).render_as_string(hide_password=True) if "://" in url else url
            cause = getattr(error, "orig", None) or error
            raise SpindetectError(
                f"the database {where} can't be used: {' '.join(str(cause).split())}. Check its URL, "
                "and for PostgreSQL run: pip install 'spindetect[postgres]'"
            ) from error

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read with, which sees one state of the database."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection to write with: all of it is there afterwards, and on disk, or none of it is."""
        with self.engine.connect() as connection, connection.execution_options(writes=True).begin():
            yield connection

    def blob(self, digest: str) -> bytes | None:
        """The data stored under a digest; None where nothing is, or something else than was stored."""
        with self.reading() as read:
            found = read.execute(select(blobs.c.data).where(blobs.c.digest == digest)).scalar()
        return unpacked(digest, found) if found is not None else None


def keep(write: Connection, data: bytes) -> str:
    """Store bytes under their SHA-256, once; the digest."""
    digest = hashlib.sha256(data).hexdigest()
    if write.execute(select(blobs.c.digest).where(blobs.c.digest == digest)).scalar() is None:
        with suppress(IntegrityError), write.begin_nested():  # somebody else may store the same just now
            write.execute(blobs.insert().values(digest=digest, data=zlib.compress(data)))
    return digest


def unpacked(digest: str, data: bytes) -> bytes | None:
    """The data stored under a digest; None where the database holds something else by now."""
    with suppress(zlib.error):
        found = zlib.decompress(data)
        if hashlib.sha256(found).hexdigest() == digest:
            return found
    log.error("what is stored under %s isn't what was stored there", digest)
    return None


def note(write: Connection, actor: str, action: str, what: str) -> None:
    """Add a line to the audit log."""
    write.execute(audit.insert().values(at=time(), actor=actor, action=action, object=what[:2000]))


def _engine(url: str) -> Engine:
    if url.startswith(("postgresql://", "postgres://")):
        url = f"postgresql+psycopg://{url.partition('://')[2]}"
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, pool_size=8, max_overflow=16)
    engine = create_engine(url, poolclass=QueuePool, pool_size=8, max_overflow=16)

    @event.listens_for(engine, "connect")
    def _opened(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # transactions are begun below, not by the driver
        pragmas = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
        for pragma in (*pragmas, f"busy_timeout={_WAIT}"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _bring_up_to_date(engine: Engine) -> None:
    """Make the tables, or change them to what this version needs."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(files("spindetect.service") / "migrations").replace("%", "%%"))
    with engine.connect() as connection:
        if lite := engine.dialect.name == "sqlite":  # a table that others point to is made anew to be changed
            connection.connection.execute("PRAGMA foreign_keys=OFF")
        with connection.execution_options(writes=True).begin():
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
        if lite:
            connection.connection.execute("PRAGMA foreign_keys=ON")
