"""What the service keeps: jobs, the archive, cases and their events, webhooks; and that a kill loses none of it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Any

import httpx
import pytest
from labour import clerk
from serving import EXAMPLES, ORIGINAL, OTHER, SPUN, article, pair, running, service_in
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from starlette.testclient import TestClient

from spindetect.errors import SpindetectError
from spindetect.service import hooks
from spindetect.service.cases import NoCase, NotPossible, happen, priority
from spindetect.service.chain import history
from spindetect.service.crew import Busy, Crew, TookTooLong, WorkerDied
from spindetect.service.store import Store, note
from spindetect.service.tables import audit, cases, deliveries, metadata

pytestmark = pytest.mark.xdist_group("service")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with running(tmp_path_factory.mktemp("store")) as made:
        yield made


def until(true: Callable[[], Any], seconds: float = 30.0) -> Any:
    """What ``true`` gives as soon as it gives something."""
    deadline = monotonic() + seconds
    while not (found := true()):
        assert monotonic() < deadline, "it never came about"
        sleep(0.05)
    return found


@pytest.fixture(scope="module")
def case(client: TestClient) -> int:
    """The number of the case of a likely copy, whose original is in the archive."""
    client.post("/v1/archive/articles", json={"articles": [article(1)]})
    suspect = {"text": SPUN, "title": "The copy", "outlet": "Copies Daily", "address": "https://copies.example/1"}
    return int(client.post("/v1/sources", json={"suspect": suspect}).headers["spindetect-case"])


# --- the archive, and the cases that come of it --------------------------------------


def test_articles_are_archived_found_and_removed(client: TestClient) -> None:
    assert client.get("/v1/archive").json()["code"] == "no_archive"
    assert client.post("/v1/sources", json={"suspect": {"text": SPUN}}).json()["code"] == "no_archive"
    sent = {"articles": [article(1), article(2, OTHER), {"id": "bad"}]}
    added = client.post("/v1/archive/articles", json=sent, headers={"idempotency-key": "1"})
    assert (added.json()["added"], added.json()["unusable"]) == (2, 1)
    assert "no field 'text'" in added.json()["faults"][0]
    assert client.post("/v1/archive/articles", json=sent, headers={"idempotency-key": "1"}).json() == added.json()
    again = client.post("/v1/archive/articles", json=sent)
    assert (again.json()["added"], again.json()["known"]) == (0, 2)
    other = client.post("/v1/archive/articles", json={"articles": [article(9)]}, headers={"idempotency-key": "1"})
    assert other.json()["code"] == "key_reused"
    assert client.get("/v1/archive").json()["articles"] == 2
    found = client.post("/v1/archive/find", json={"suspect": {"text": SPUN}, "limit": 1}).json()
    assert [one["id"] for one in found] == ["a1"] and found[0]["outlet"] == "The Example"
    assert client.delete("/v1/archive/articles", params={"id": "a2"}).status_code == 204
    assert client.delete("/v1/archive/articles", params={"id": "a2"}).json()["code"] == "not_found"
    service = service_in(client)
    with service.store.reading() as read:
        written = read.execute(select(audit.c.actor, audit.c.action)).all()
    assert ("local", "archive added") in written and ("local", "archive removed") in written


def test_a_likely_copy_becomes_one_case_and_an_independent_article_none(client: TestClient, case: int) -> None:
    suspect = {"text": SPUN, "title": "The copy", "outlet": "Copies Daily", "address": "https://copies.example/1"}
    again = client.post("/v1/sources", json={"suspect": suspect})
    assert again.json()["candidates"][0]["id"] == "a1"
    assert again.headers["spindetect-case"] == str(case)
    assert "spindetect-case" not in client.post("/v1/sources", json={"suspect": {"text": OTHER}}).headers
    assert "spindetect-case" not in client.post("/v1/compare", json=pair()).headers
    with service_in(client).store.reading() as read:
        kept = read.execute(select(cases).where(cases.c.id == case)).one()
    assert (kept.suspect_title, kept.suspect_outlet, kept.source_id) == ("The copy", "Copies Daily", "a1")
    assert kept.source_url == "https://news.example/1" and kept.reuse > 90 and kept.family is not None
    page = service_in(client).store.blob(kept.page)
    assert page is not None and b"Both texts, side by side" in page
    body = service_in(client).store.blob(kept.suspect_digest)
    assert body == SPUN.encode()


def test_a_suspect_that_is_spun_has_a_case_without_a_source_too(client: TestClient, case: int) -> None:
    spun, original = ((EXAMPLES / "heatwave" / f"{name}.txt").read_text("utf-8") for name in ("spun", "original"))
    suspect = {"text": spun, "title": "The heat"}
    assert "spindetect-case" not in client.post("/v1/score", json={"suspect": suspect}).headers
    alone = client.post("/v1/score", json={"suspect": suspect, "case": True}).headers["spindetect-case"]
    assert client.post("/v1/sources", json={"suspect": suspect}).headers["spindetect-case"] == alone
    found = client.get(f"/v1/cases/{alone}").json()
    assert (found["source"], found["reuse"], found["events"]) == (None, None, []) and found["score"] > 50
    page = service_in(client).store.blob(kept_page(client, alone))
    assert page is not None and b"give" in page and b"Both texts" not in page
    honest = {"suspect": {"text": OTHER}, "case": True}
    assert "spindetect-case" not in client.post("/v1/score", json=honest).headers
    with_source = {"suspect": suspect, "reference": {"text": original, "title": "Heat"}, "case": True}
    assert client.post("/v1/compare", json=with_source).headers["spindetect-case"] == alone
    found = client.get(f"/v1/cases/{alone}").json()
    assert found["source"]["title"] == "Heat" and found["reuse"] > 90
    assert [event["kind"] for event in found["events"]] == ["found"] and found["why"].startswith("compared")
    unrelated = {"suspect": suspect, "reference": {"text": OTHER}, "case": True}
    assert client.post("/v1/compare", json=unrelated).headers["spindetect-case"] == alone
    assert client.get(f"/v1/cases/{alone}").json()["source"]["title"] == "Heat"
    job = client.post("/v1/jobs", json={"asked": "score", "items": [{"suspect": suspect, "case": True}]}).json()
    until(lambda: client.get(f"/v1/jobs/{job['id']}").json()["state"] == "done")
    assert len(client.get(f"/v1/cases/{alone}").json()["events"]) == 1


def kept_page(client: TestClient, case: str) -> str:
    """The digest of a case's report."""
    with service_in(client).store.reading() as read:
        return str(read.execute(select(cases.c.page).where(cases.c.id == int(case))).scalar_one())


def test_a_signal_has_the_form_of_coops(client: TestClient, case: int) -> None:
    spin = client.post("/v1/signals/spin", json={"text": SPUN}).json()
    assert spin["outputType"] == {"scalarType": "NUMBER"} and spin["score"] > 0.8
    coops = {"value": {"type": "STRING", "value": SPUN}, "orgId": "o", "contentType": "article"}
    assert client.post("/v1/signals/reuse", json=coops).json()["score"] > 0.9
    assert client.post("/v1/signals/reuse", json={"text": OTHER, "reference": ORIGINAL}).json()["score"] < 0.5
    assert client.post("/v1/signals/spin", json={"value": {"type": "IMAGE"}}).json()["code"] == "invalid"


# --- cases ------------------------------------------------------------------------


def test_events_make_a_cases_state_and_undo_takes_them_back(client: TestClient, case: int) -> None:
    store = service_in(client).store

    def done(kind: Any, value: str) -> Any:
        with store.writing() as write:
            happen(write, case, "ann", kind, value)
            return write.execute(select(cases).where(cases.c.id == case)).one()

    assert done("decide", "copy").decision == "copy"
    assert done("decide", "licensed").decision == "licensed"
    assert done("undo", "").decision == "copy"
    assert done("tag", "Wire Story").tags == " wire-story "
    assert done("untag", "wire-story").tags == ""
    assert done("assign", "bob").assigned == "bob"
    assert done("note", "see the second paragraph").decided_by == "ann"
    for _ in range(4):
        last = done("undo", "")
    assert (last.assigned, last.tags, last.decision) == (None, "", "copy")
    assert done("undo", "").decision is None
    with pytest.raises(NotPossible, match="nothing to undo"):
        done("undo", "")
    with store.reading() as read:
        assert len(history(read, case)) == 12
    for kind, value in (("decide", "guilty"), ("tag", " "), ("tag", "x" * 41), ("note", "x" * 5001), ("undo", "1")):
        with pytest.raises(NotPossible):
            done(kind, value)
    with pytest.raises(NoCase), store.writing() as write:
        happen(write, 999, "ann", "decide", "copy")


def test_what_is_decided_can_not_be_changed_in_the_database(client: TestClient, case: int) -> None:
    store = service_in(client).store
    with store.writing() as write:
        happen(write, case, "ann", "note", "kept")
    for change in ("UPDATE events SET actor = 'x'", "DELETE FROM events", "DELETE FROM audit"):
        with pytest.raises(DatabaseError, match="append-only"), store.writing() as write:
            write.execute(text(change))


def test_a_copy_ranks_above_a_slight_likeness_and_an_original_last() -> None:
    copied, spun = priority(1.4, 100.0, 1.0, None), priority(99.0, 99.0, 1.0, "suspect")
    assert min(copied, spun) > priority(60.0, 60.0, 0.2, None) > priority(100.0, 100.0, 1.0, "reference")
    assert 0.0 <= priority(0.0, 0.0, 0.0, None) <= priority(70.0, 70.0, 1.0, None) <= 100.0


def test_the_migrations_make_the_tables(tmp_path: Path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    store = Store(f"sqlite:///{tmp_path / 'a.db'}")
    with store.reading() as read:
        assert compare_metadata(MigrationContext.configure(read), metadata) == []
    with pytest.raises(SpindetectError, match="can't be used"):
        Store("sqlite:////nowhere/at/all.db")


# --- jobs -------------------------------------------------------------------------


def test_a_job_is_done_followed_and_sent_once(client: TestClient) -> None:
    items = [pair(), {"suspect": {"file": "AAECAw==", "name": "a.bin"}, "reference": {"text": "b"}}, pair()]
    sent = {"asked": "compare", "items": items}
    added = client.post("/v1/jobs", json=sent, headers={"idempotency-key": "job"})
    assert added.status_code == 202
    place = added.headers["location"]
    assert client.post("/v1/jobs", json=sent, headers={"idempotency-key": "job"}).json()["id"] == added.json()["id"]
    changed = {**sent, "items": items[:1]}
    assert client.post("/v1/jobs", json=changed, headers={"idempotency-key": "job"}).json()["code"] == "key_reused"
    told = client.get(f"{place}/events").text
    assert told.rstrip().rpartition("event: ")[2].startswith("finished")
    state = client.get(place).json()
    assert (state["state"], state["done"], state["failed"]) == ("done", 2, 1)
    results = client.get(f"{place}/results").json()
    assert results[0]["report"]["score"] > 95 and results[1]["problem"]["code"] == "unreadable_article"
    assert [one["number"] for one in client.get(f"{place}/results?first=1&limit=1").json()] == [1]


def test_an_item_that_the_service_fails_at_is_tried_once(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[Any] = []
    monkeypatch.setattr(service_in(client).crew, "submit", lambda *item, **_: tried.append(item) or 1 / 0)
    added = client.post("/v1/jobs", json={"asked": "compare", "items": [pair()]}).json()
    state = until(lambda: (found := client.get(f"/v1/jobs/{added['id']}").json())["state"] == "done" and found)
    assert (state["failed"], len(tried)) == (1, 1)
    assert client.get(f"/v1/jobs/{added['id']}/results").json()[0]["problem"]["code"] == "internal"


def test_a_cancelled_job_stops(client: TestClient) -> None:
    added = client.post("/v1/jobs", json={"asked": "compare", "items": [pair()] * 50}).json()
    assert client.post(f"/v1/jobs/{added['id']}/cancel").json()["state"] == "cancelled"
    state = client.get(f"/v1/jobs/{added['id']}").json()
    assert state["state"] == "cancelled" and state["done"] < 50


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="the worker's process is looked up in /proc")
def test_a_killed_worker_and_a_killed_server_lose_and_double_nothing(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "spindetect", "serve", "--port", str(port), "--data", str(tmp_path)]
    command += ["--archive", str(tmp_path / "archive"), "--workers", "1"]
    client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60)

    def begin() -> subprocess.Popen[bytes]:
        server = subprocess.Popen(command, stderr=subprocess.PIPE)
        until(lambda: _ready(client), 120.0)
        return server

    server = begin()
    try:
        client.post("/v1/archive/articles", json={"articles": [article(1)]}).raise_for_status()
        items = [{"suspect": {"text": f"{SPUN}\n\nNumber {number} of the copies."}} for number in range(12)]
        id = client.post("/v1/jobs", json={"asked": "sources", "items": items}).json()["id"]
        until(lambda: client.get(f"/v1/jobs/{id}").json()["done"] >= 2)
        os.kill(_worker(server.pid), signal.SIGKILL)
        until(lambda: client.get(f"/v1/jobs/{id}").json()["done"] >= 5)
        server.kill()
        server.wait()
        server = begin()
        until(lambda: client.get(f"/v1/jobs/{id}").json()["state"] == "done", 120.0)
        state = client.get(f"/v1/jobs/{id}").json()
        assert (state["total"], state["done"], state["failed"]) == (12, 12, 0)
    finally:
        server.terminate()
        server.wait(20)
    store = Store(f"sqlite:///{tmp_path / 'service.db'}")
    with store.reading() as read:
        opened = read.execute(select(cases.c.suspect_digest)).scalars().all()
    assert len(opened) == len(set(opened)) == 12


def _ready(client: httpx.Client) -> bool:
    try:
        return client.get("/readyz").is_success
    except httpx.HTTPError:
        return False


def _worker(server: int) -> int:
    """The process that a server has spawned to work, not the one that tracks resources."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and (entry / "stat").exists():
            parent = (entry / "stat").read_text().rpartition(")")[2].split()[1]
            if int(parent) == server and b"spawn_main" in (entry / "cmdline").read_bytes():
                return int(entry.name)
    raise AssertionError("the server has no worker")


# --- workers ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def crew() -> Iterator[Crew]:
    made = Crew(1, clerk, (), waiting=1)
    yield made
    made.stop()


def test_workers_answer_fail_die_and_go_on(crew: Crew) -> None:
    assert crew.submit("a", 30).future.result(30) == "a"
    with pytest.raises(SpindetectError, match=r"it failed\."):
        crew.submit("fail", 30).future.result(30)
    with pytest.raises(WorkerDied):
        crew.submit("die", 30).future.result(30)
    assert crew.submit("b", 30).future.result(30) == "b"
    assert crew.replaced == 2


def test_what_takes_too_long_is_ended_and_what_waits_is_bounded(crew: Crew) -> None:
    slow = crew.submit(20.0, 0.3)
    waits = crew.submit("next", 30)
    with pytest.raises(Busy) as busy:
        crew.submit("one too many", 30)
    assert busy.value.seconds >= 1
    with pytest.raises(TookTooLong):
        slow.future.result(10)
    assert waits.future.result(30) == "next"
    until(lambda: crew.in_hand == 0)


def test_what_nobody_waits_for_is_not_done(crew: Crew) -> None:
    crew.submit(0.3, 30)
    gone = crew.submit("gone", 30)
    gone.abandoned.set()
    with pytest.raises(SpindetectError, match="nobody waits"):
        gone.future.result(30)


def test_a_worker_that_can_not_start_is_said() -> None:
    crew = Crew(1, int, ("no number",), waiting=1)
    with pytest.raises(WorkerDied, match="invalid literal"):
        crew.submit("a", 30).future.result(30)
    crew.stop()


# --- webhooks ---------------------------------------------------------------------


@pytest.fixture
def receiver() -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]], list[int]]]:
    """An address that is told things, what it was told, and the statuses that it answers with, last to first."""
    told: list[tuple[dict[str, str], bytes]] = []
    answers: list[int] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            told.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(answers.pop() if answers else 204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hook", told, answers
    server.shutdown()
    server.server_close()


def test_a_webhook_is_signed_retried_and_at_last_a_dead_letter(
    client: TestClient, receiver: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, told, answers = receiver
    monkeypatch.setattr(hooks, "BACK_OFF", (0.0, 0.0))
    answers += [204, 500]
    hook = client.post("/v1/webhooks", json={"url": url, "figure": "score", "least": 90}).json()
    client.post("/v1/compare", json=pair()).raise_for_status()
    until(lambda: len(told) == 2)
    (headers, body), (again, _) = told
    assert headers["webhook-id"] == again["webhook-id"]
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    secret = base64.b64decode(hook["secret"].removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    said = json.loads(body)["data"]
    assert said["score"] > 90 and said["verdict"] == "spun" and "lighthouse" not in body.decode().lower()

    answers += [500, 500, 500]
    client.post("/v1/compare", json=pair()).raise_for_status()
    letter = until(lambda: client.get("/v1/dead-letters").json())[0]
    assert (letter["tries"], letter["fault"], letter["hook"]) == (3, "it answered 500", hook["id"])
    assert client.post(f"/v1/dead-letters/{letter['id']}").status_code == 204
    until(lambda: len(told) == 6)
    assert [one["id"] for one in client.get("/v1/webhooks").json()] == [hook["id"]]
    assert client.get("/v1/webhooks").json()[0]["secret"] is None
    assert client.delete(f"/v1/webhooks/{hook['id']}").status_code == 204
    client.post("/v1/compare", json=pair()).raise_for_status()
    with service_in(client).store.reading() as read:
        assert len(read.execute(select(deliveries.c.id)).all()) == 2


def test_the_audit_log_says_who_did_what(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'a.db'}")
    with store.writing() as write:
        note(write, "ann", "did", "this")
    with store.reading() as read:
        assert read.execute(select(audit.c.actor, audit.c.action, audit.c.object)).all() == [("ann", "did", "this")]
