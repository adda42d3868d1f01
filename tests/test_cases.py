"""Cases without HTTP: one for each suspect, whatever is found again; the sealed record; texts that are deleted."""

from __future__ import annotations

import json
import zlib
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from serving import ORIGINAL, OTHER, SPUN
from sqlalchemy import Connection, delete, select, text
from test_desk import case_file
from typer.testing import CliRunner

from spindetect.cli import app
from spindetect.desk.agreement import agreement
from spindetect.desk.export import labelled_pairs, rows
from spindetect.service import forgetting
from spindetect.service.cases import Opened, happen, open_case, priority
from spindetect.service.chain import history, verify
from spindetect.service.forgetting import DAY, forget
from spindetect.service.queue import Filters, counts_of, page_of
from spindetect.service.store import Store
from spindetect.service.tables import blobs, cases, events, job_items, jobs
from spindetect.service.work import Named, text_digest

pytestmark = pytest.mark.xdist_group("service")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(f"sqlite:///{tmp_path / 'service.db'}")


def alone(number: int, **more: Any) -> Any:
    return case_file(number, source=None, reuse=0.0, coverage=0.0, direction=None, candidates=(), **more)


def source(body: str, title: str = "Another source") -> Named:
    return Named(text_digest(body), None, title, "https://other.example/1", "Other", None, 300, body)


def opened(store: Store, file: Any, why: str = "found") -> Opened:
    with store.writing() as write:
        return open_case(write, file, why, "test")


def done(store: Store, id: int, kind: Any, value: str = "", who: str = "ann") -> None:
    with store.writing() as write:
        happen(write, id, who, kind, value)


def row(store: Store, id: int) -> Any:
    with store.reading() as read:
        return read.execute(select(cases).where(cases.c.id == id)).one()


def past(store: Store, id: int) -> list[Any]:
    with store.reading() as read:
        return list(history(read, id))


# --- one case for each suspect ----------------------------------------------------


def test_a_suspect_alone_has_a_case_and_takes_up_its_source_later(store: Store) -> None:
    id, new, _ = opened(store, alone(1))
    assert new and row(store, id).source_digest is None
    assert 0 < row(store, id).priority < priority(89.0, 89.0, 1.0, None)
    done(store, id, "decide", "unsure")
    found = opened(store, case_file(1), "found in the archive: more")
    assert (found.id, found.new) == (id, False) and found.before is not None
    case = row(store, id)
    assert (case.source_title, case.reuse, case.why) == ("The source", 94.0, "found in the archive: more")
    assert (case.decision, case.decided_reuse, case.decided_score, case.decided_source) == (
        "unsure",
        None,
        89.0,
        None,
    )
    assert case.stale and case.found > case.decided
    kinds = [(event.kind, event.reuse) for event in past(store, id)]
    assert kinds == [("decide", None), ("found", None)]  # what it was before
    told = json.loads(past(store, id)[1].value)
    assert told["source_title"] == [None, "The source"] and told["reuse"] == [0.0, 94.0]
    with store.reading() as read:
        assert [one.id for one in page_of(read, Filters(state="stale"))] == [id]
        assert counts_of(read, Filters())["stale"] == 1
    done(store, id, "decide", "copy")
    assert not row(store, id).stale and row(store, id).decided_reuse == 94.0
    done(store, id, "undo")  # the older decision holds again, on what was found before
    assert (row(store, id).decision, row(store, id).stale) == ("unsure", True)
    done(store, id, "undo")
    assert (row(store, id).decision, row(store, id).stale) == (None, False)
    assert not opened(store, alone(1)).before and row(store, id).source_title == "The source"


def test_what_is_found_again_is_no_news_unless_it_says_something_else(store: Store) -> None:
    id = opened(store, case_file(1)).id
    for same in (case_file(1), case_file(1, score=89.4, signature="model:1|another archive", page="other")):
        assert opened(store, same) == (id, False, None)
    assert past(store, id) == []
    again = opened(store, case_file(1, source=source(OTHER), score=60.0, reuse=70.0))
    assert again.before is not None and again.before.source_title == "The source"
    case = row(store, id)
    assert (case.source_title, case.score, case.suspect_title) == ("Another source", 60.0, "Title 1")
    assert "another source" in case.words and "the source" in case.words
    assert store.blob(past(store, id)[0].page) is not None  # the report as it was
    with store.reading() as read:
        assert [one.id for one in page_of(read, Filters(q="another source"))] == [id]
        assert read.execute(select(cases.c.id)).scalars().all() == [id]


def test_the_same_text_under_other_addresses_is_one_case_that_names_them(store: Store) -> None:
    id = opened(store, case_file(1)).id
    suspect = case_file(1).suspect
    for url in ("https://mirror.example/a", "https://mirror.example/b", "https://mirror.example/a"):
        moved = Named(suspect.digest, None, "Copied", url, "Mirror", None, 400, suspect.text)
        assert opened(store, case_file(1, suspect=moved)).id == id
    seen = [json.loads(event.value)["url"] for event in past(store, id)]
    assert seen == ["https://mirror.example/a", "https://mirror.example/b"]
    done(store, id, "note", "one")
    done(store, id, "undo")  # takes back the note, not what the service found
    assert row(store, id).suspect_url == "https://copies.example/1"
    with store.reading() as read:
        assert [one.id for one in page_of(read, Filters(q="mirror.example/b"))] == [id]
    unrelated = case_file(1, source=source("x"), score=1.0, reuse=2.0, worth=False)
    assert not opened(store, unrelated).before and row(store, id).source_title == "The source"
    assert opened(
        store, case_file(1, score=1.0, reuse=2.0, worth=False)
    ).before  # the same source, by another model
    unknown = Named(text_digest("x"), None, "x", None, None, None, 10, "x")
    id = opened(store, case_file(2, suspect=unknown)).id
    known = Named(text_digest("x"), None, "x", "https://late.example/", "Late", None, 10, "x")
    opened(store, case_file(2, suspect=known))
    assert (row(store, id).suspect_url, past(store, id)) == ("https://late.example/", [])


def test_agreement_and_pairs_go_by_what_was_decided_upon(store: Store) -> None:
    for number in range(4):
        id = opened(store, case_file(number)).id
        done(store, id, "decide", "copy")
        opened(store, case_file(number, reuse=20.0, source=source(OTHER) if number < 2 else case_file(0).source))
        lone = opened(store, alone(10 + number)).id
        done(store, lone, "decide", "copy" if number else "no_copy")
    with store.reading() as read:
        found, by_itself = agreement(read), agreement(read, alone=True)
        exported = list(rows(read, Filters(state="copy")))
    assert (found.decided, len(found.overruled), by_itself.decided, len(by_itself.overruled)) == (4, 0, 4, 1)
    pairs = [json.loads(line) for line in labelled_pairs(store)]
    assert [pair["suspect"] for pair in pairs] == ["Suspect 2.", "Suspect 3."]  # the others have another source now
    last = past(store, exported[0]["id"])[-1]
    assert exported[0]["stale"] is True and exported[0]["seal"] == last.seal
    assert [one["reuse"] for one in exported if one["source_digest"] is None] == [None] * 3


@pytest.mark.slow
def test_what_moderators_decided_measures_the_model(store: Store, tmp_path: Path) -> None:
    pytest.importorskip("sklearn")
    from spindetect.training.corpora import read_wild
    from spindetect.training.measuring.evaluate import evaluate

    for number, (body, verdict, decision) in enumerate(
        ((SPUN, "spun", "copy"), (OTHER, "undecided", "no_copy"), (f"{OTHER} Again.", "spun", "no_copy"))
    ):
        suspect = Named(text_digest(body), None, "x", None, None, None, 400, body)
        done(store, opened(store, case_file(number, suspect=suspect, verdict=verdict)).id, "decide", decision)
    (tmp_path / "wild").mkdir()
    (tmp_path / "wild" / "pairs.jsonl").write_text("".join(labelled_pairs(store)), "utf-8")
    assert [pair.relation for pair in read_wild(tmp_path)] == ["spun", "independent", "independent"]
    table = evaluate(tmp_path, jobs=1)
    assert "| AUROC, all machine relations vs not | wild news | 1.000 |" in table
    assert "held-out" not in table


# --- the record -------------------------------------------------------------------


@pytest.fixture
def sealed(store: Store) -> Store:
    for number in range(3):
        id = opened(store, case_file(number)).id
        done(store, id, "decide", "copy")
        done(store, id, "tag", "wire")
    done(store, 1, "undo")
    with store.reading() as read:
        assert verify(read).faults == ()
    return store


def changed(store: Store, *statements: str) -> tuple[str, ...]:
    """What is found after the database was edited by somebody who owns it."""
    with store.writing() as write:
        for name in ("update", "delete"):
            write.execute(text(f"DROP TRIGGER events_no_{name}"))
        for statement in statements:
            write.execute(text(statement))
    with store.reading() as read:
        return verify(read).faults


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET value = 'no_copy' WHERE id = 3",
        "UPDATE events SET actor = 'bob' WHERE id = 1",
        "UPDATE events SET at = at - 1 WHERE id = 7",
        "UPDATE events SET score = 1 WHERE id = 1",
        "UPDATE events SET seal = '" + 64 * "0" + "' WHERE id = 2",
        "DELETE FROM events WHERE id = 3",
        "DELETE FROM events WHERE id = 7",
        "DELETE FROM events",
        "UPDATE events SET id = 9 WHERE id = 2",
        "INSERT INTO events SELECT 8, case_id, at, actor, kind, value, signature, undoes, score, reuse, "
        "source_digest, page, seal FROM events WHERE id = 5",
        "UPDATE cases SET decision = 'licensed' WHERE id = 2",
        "UPDATE cases SET tags = '' WHERE id = 3",
        "UPDATE cases SET decided_score = 1 WHERE id = 3",
    ],
)
def test_every_edit_of_the_record_is_found(sealed: Store, statement: str) -> None:
    assert changed(sealed, statement)


def test_an_edit_of_the_evidence_is_found_and_not_shown(sealed: Store) -> None:
    page = past(sealed, 1)[0].page
    assert sealed.blob(page)
    for data in (zlib.compress(b"<body>another report"), b"no zlib"):
        with sealed.writing() as write:
            write.execute(blobs.update().where(blobs.c.digest == page).values(data=data))
        assert sealed.blob(page) is None
        with sealed.reading() as read:
            assert verify(read).faults == () and page in verify(read, evidence=True).faults[0]


def test_a_record_made_anew_is_found_by_a_seal_kept_elsewhere(sealed: Store, tmp_path: Path) -> None:
    with sealed.reading() as read:
        kept = verify(read).seal
        before = read.execute(select(events)).all()
    shell = ["desk", "verify", "--data", str(tmp_path), "--seal", kept]
    found = CliRunner().invoke(app, shell)
    assert (found.exit_code, kept in found.output, "7 events" in found.output) == (0, True, True)
    changed(sealed, "DELETE FROM events", "UPDATE cases SET decision = NULL, decided = NULL, tags = ''")
    empty = "decided_by = NULL, decided_score = NULL, decided_reuse = NULL, decided_source = NULL"
    with sealed.writing() as write:
        write.execute(text(f"UPDATE cases SET {empty}"))
    for event in before[:6]:
        done(sealed, event.case_id, event.kind, "no_copy" if event.kind == "decide" else event.value, event.actor)
    with sealed.reading() as read:
        assert verify(read).faults == ()  # consistent in itself
        assert len(verify(read, kept).faults) == 1
    assert CliRunner().invoke(app, shell).exit_code == 2
    assert CliRunner().invoke(app, ["desk", "verify", "--data", str(tmp_path / "none")]).exit_code == 2


def take_back(connection: Connection, revision: str) -> None:
    """Bring a database to an earlier revision."""
    config = Config()
    config.set_main_option("script_location", "spindetect.service:migrations")
    config.attributes["connection"] = connection
    command.downgrade(config, revision)


def test_a_database_of_before_is_brought_up_to_date_and_back(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'service.db'}")
    for number in range(2):
        done(store, opened(store, case_file(number)).id, "decide", "copy")
    opened(store, alone(5))
    with store.engine.connect() as connection:
        connection.connection.execute("PRAGMA foreign_keys=OFF")
        with connection.execution_options(writes=True).begin():
            take_back(connection, "0001")
            names = [one[1] for one in connection.execute(text("PRAGMA table_info(events)"))]
            assert "seal" not in names
            again = "SELECT * FROM cases WHERE id = 1"
            connection.execute(text(f"CREATE TEMP TABLE twin AS {again}"))
            connection.execute(
                text(
                    "UPDATE twin SET id = 7, source_digest = 'x', decision = NULL, decided = NULL,decided_by = NULL"
                )
            )
            connection.execute(text("INSERT INTO cases SELECT * FROM twin"))
    store.close()
    store = Store(f"sqlite:///{tmp_path / 'service.db'}")
    with store.reading() as read:
        assert verify(read).faults == ()
        old = read.execute(select(events)).all()
        assert [(one.score, one.kind) for one in old] == [(90.0, "decide"), (89.0, "decide")]
        kept = read.execute(select(cases.c.id, cases.c.once, cases.c.decided_score).order_by(cases.c.id)).all()
    assert [(one.id, one.once is None, one.decided_score) for one in kept] == [
        (1, True, 90.0),
        (2, False, 89.0),
        (7, False, None),
    ]
    assert opened(store, case_file(0)).id == 7
    with pytest.raises(Exception, match="append-only"), store.writing() as write:
        write.execute(delete(events))


# --- texts that are deleted -------------------------------------------------------


def test_texts_of_cases_decided_long_ago_are_deleted_and_decisions_stay(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = source(OTHER)
    ids = [opened(store, case_file(number, source=other if number else None)).id for number in range(4)]
    for id, value in zip(ids, ("copy", "no_copy", "escalated"), strict=False):
        done(store, id, "decide", value)
    done(store, ids[0], "note", "see above")
    opened(store, case_file(0, page="<body>another report"))  # the case takes up its source
    done(store, ids[0], "decide", "licensed")
    with store.writing() as write:
        ended = {"id": "j", "actor": "a", "asked": "score", "total": 1, "created": 1.0, "digest": "d"}
        write.execute(jobs.insert().values(**ended, state="done", finished=1.0))
        write.execute(job_items.insert().values(job_id="j", number=0, request=b"text", state="done"))
        assert forget(write, 30.0) == 0
        assert write.execute(select(jobs)).all() == write.execute(select(job_items)).all() == []
    past_pages = [event.page for event in past(store, ids[0])]
    monkeypatch.setattr(forgetting, "time", lambda: row(store, ids[0]).decided + 31 * DAY)
    with store.writing() as write:
        assert forget(write, 30.0) == 2
        assert forget(write, 30.0) == 0
    for id, there in zip(ids, (False, False, True, True), strict=True):
        assert (store.blob(row(store, id).suspect_digest) is not None) == there
    assert store.blob(text_digest(OTHER)) and not store.blob(text_digest(ORIGINAL))
    assert not any(store.blob(page) for page in past_pages if page != row(store, ids[2]).page)
    assert row(store, ids[0]).decision == "licensed" and row(store, ids[0]).suspect_title == "Title 0"
    assert [pair for pair in labelled_pairs(store) if "Suspect 1" in pair] == []
    with store.reading() as read:
        assert verify(read).faults == () and agreement(read).decided == 2
        assert read.execute(select(blobs.c.digest)).all()
    opened(store, case_file(1, source=other))  # sent again: its texts are there again, until they are old
    assert row(store, ids[1]).forgotten is None and store.blob(row(store, ids[1]).suspect_digest)
