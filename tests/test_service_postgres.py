"""The service's store on a real PostgreSQL server, which is started here where it is installed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, inspect, select, text
from sqlalchemy.exc import DatabaseError, OperationalError
from test_cases import take_back
from test_desk import case_file

from spindetect.desk.accounts import Accounts
from spindetect.desk.agreement import agreement
from spindetect.service.cases import happen, open_case
from spindetect.service.chain import history, verify
from spindetect.service.forgetting import forget
from spindetect.service.jobs import add_job
from spindetect.service.keys import Caller, Keys
from spindetect.service.queue import Filters, counts_of, outlets, page_of
from spindetect.service.store import Store
from spindetect.service.tables import audit, cases, job_items, metadata

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("service")]


def found() -> Path | None:
    """The folder of PostgreSQL's programs, if it is installed."""
    places = [*Path("/usr/lib/postgresql").glob("*/bin"), *map(Path, filter(None, [shutil.which("initdb")]))]
    return next((one if one.is_dir() else one.parent for one in reversed(places)), None)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a server's own database, ``postgres``."""
    programs = found()
    if programs is None or not hasattr(os, "geteuid"):
        pytest.skip("no PostgreSQL here")
    pytest.importorskip("psycopg")
    as_other = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []  # it refuses to run as root
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with TemporaryDirectory(dir="/tmp", prefix="spindetect-pg-") as folder:
        Path(folder).chmod(0o777)
        data = f"{folder}/data"
        made = subprocess.run(
            [*as_other, programs / "initdb", "-A", "trust", "-U", "test", "-N", data], capture_output=True
        )
        if made.returncode:
            pytest.skip(f"PostgreSQL can't be set up: {made.stderr.decode()[-300:]}")
        command = [programs / "postgres", "-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", folder, "-F"]
        running = subprocess.Popen([*as_other, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            address = f"postgresql://test@127.0.0.1:{port}/postgres"
            for _ in range(100):
                if running.poll() is not None or _answers(port):
                    break
                sleep(0.1)
            yield address
        finally:
            stopped = [*as_other, programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"]
            subprocess.run(stopped, capture_output=True)
            running.wait(30)


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


@pytest.fixture
def url(server: str) -> str:
    """The address of an empty database: no test sees another's rows, in whatever order and process they run."""
    name = f"test_{uuid4().hex}"
    engine = create_engine(server.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT")
    for _ in range(50):
        try:
            with engine.connect() as connection:
                connection.execute(text(f"CREATE DATABASE {name}"))
            break
        except OperationalError:  # it listens before it answers
            sleep(0.2)
    else:
        pytest.fail("PostgreSQL doesn't answer")
    engine.dispose()
    return server.replace("/postgres", f"/{name}")


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    made = Store(url)
    yield made
    made.close()


def test_the_migrations_make_the_tables(store: Store, url: str) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with store.reading() as read:
        assert compare_metadata(MigrationContext.configure(read), metadata) == []
    Store(url).close()  # once more, with nothing to do


def test_cases_are_opened_once_and_decided_for_good(store: Store) -> None:
    def opened(number: int) -> int:
        with store.writing() as write:
            return open_case(write, case_file(number % 5), "found", "test")[0]

    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(opened, range(40)))
    assert len(set(ids)) == 5

    def decided(number: int) -> None:
        with store.writing() as write:
            happen(write, ids[0], f"person {number}", "tag", f"t{number}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(decided, range(20)))
    with store.reading() as read:
        assert len(history(read, ids[0])) == 20
        tags = read.execute(select(cases.c.tags).where(cases.c.id == ids[0])).scalar()
        assert len(str(tags).split()) == 20  # nobody's tag was lost to another's
        assert {row.id for row in page_of(read, Filters(q="TITLE", tag="t3"))} == {ids[0]}
        assert counts_of(read, Filters())["open"] == 5 and outlets(read)[0] == "Outlet 0"
        assert agreement(read).decided == 0
        found = verify(read)
        assert (found.events, found.faults) == (20, ())  # one after another, though added at once
    with store.writing() as write:
        alone = case_file(9, source=None, reuse=0.0, coverage=0.0)
        id = open_case(write, alone, "no source found", "test").id
        happen(write, id, "ann", "decide", "copy")
    with store.writing() as write:
        assert open_case(write, case_file(9), "found", "test").before is not None
        case = write.execute(select(cases).where(cases.c.id == id)).one()
        assert case.stale and case.source_title == "The source" and case.decided_reuse is None
        assert forget(write, 1.0) == 0 and verify(write).faults == ()
    for change in ("UPDATE events SET actor = 'x'", "DELETE FROM audit", "TRUNCATE events"):
        with pytest.raises(DatabaseError, match="append-only"), store.writing() as write:
            write.execute(text(change))


def test_a_database_of_before_is_brought_up_to_date_and_back(store: Store, url: str) -> None:
    with store.writing() as write:
        id = open_case(write, case_file(20), "found", "test").id
        for number in range(20):
            happen(write, id, "ann", "tag", f"t{number}")
    seals = text("SELECT seal FROM events WHERE kind = 'tag' ORDER BY id")
    with store.engine.begin() as connection:
        before = connection.execute(seals).scalars().all()
        take_back(connection, "0001")
        assert "seal" not in {one["name"] for one in inspect(connection).get_columns("events")}
    Store(url).close()
    with store.reading() as read:
        assert verify(read).faults == ()
        again = read.execute(seals).scalars().all()
        assert len(again) == len(before) == 20
    with pytest.raises(DatabaseError, match="append-only"), store.writing() as write:
        write.execute(text("DELETE FROM events"))


def test_keys_accounts_and_jobs(store: Store) -> None:
    keys = Keys(store)
    assert keys.caller(None) and keys.caller(keys.add("tool", ["score"]))
    people = Accounts(store, 100.0)
    user = people.check("ann", people.add("ann", "lead"))
    assert user and people.at(people.begin(user)[0])
    caller = Caller("me", frozenset({"score"}))
    with store.writing() as write:
        first = add_job(write, "score", [{"suspect": {"text": "a\0b"}}], caller, "once")
    with store.writing() as write:
        assert add_job(write, "score", [{"suspect": {"text": "a\0b"}}], caller, "once") == (first[0], False)
    with store.reading() as read:
        assert len(read.execute(select(job_items)).all()) == 1
        assert "job added" in read.execute(select(audit.c.action)).scalars().all()
