"""The service: one request, one answer; who may ask, and what is refused."""

from __future__ import annotations

import asyncio
import base64
import json
import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from time import sleep
from typing import Any

import httpx
import jsonschema
import pytest
import uvicorn
from fastapi import Request
from serving import ORIGINAL, SPUN, article, awaited, detector, pair, running, service_in
from starlette.testclient import TestClient

from spindetect.service import serving
from spindetect.service.crew import Request as CrewRequest
from spindetect.service.keys import SCOPES, Caller
from spindetect.service.limits import RequestLimits
from spindetect.service.problems import KINDS, MEDIA_TYPE, Problem
from spindetect.service.settings import ServiceSettings
from spindetect.service.work import Errand, Given
from spindetect.settings import Settings

pytestmark = pytest.mark.xdist_group("service")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    short = Settings(max_characters=200_000)
    with running(tmp_path_factory.mktemp("service"), max_bytes=300_000, detector=short) as made:
        yield made


def problem(response: Any, code: str) -> dict[str, Any]:
    """The problem that a response is, of the kind that was expected."""
    assert response.headers["content-type"] == MEDIA_TYPE, response.text
    said: dict[str, Any] = response.json()
    assert (said["code"], said["status"]) == (code, response.status_code), said
    assert said["type"] == f"/problems/{code}" and KINDS[code].status == response.status_code
    return said


# --- answers ----------------------------------------------------------------------


def test_a_comparison_is_the_report_that_the_library_gives(client: TestClient) -> None:
    given = client.post("/v1/compare", json=pair()).json()
    expected = detector().compare(SPUN, ORIGINAL).to_dict()
    assert given["score"] == expected["score"]
    assert given["substitutions"] == expected["substitutions"]
    schema = json.loads(Path("spindetect/report/report.schema.json").read_text("utf-8"))
    jsonschema.validate(given, schema)


def test_a_suspect_is_scored_alone_and_a_report_written(client: TestClient) -> None:
    given = client.post("/v1/score", json={"suspect": {"text": SPUN}}).json()
    assert given["reference"] is None and given["score"] > 85
    page = client.post("/v1/reports", json=pair())
    assert page.headers["content-type"].startswith("text/html") and "</html>" in page.text
    assert "Both texts, side by side" in page.text
    assert "scored alone" in client.post("/v1/reports", json={"suspect": {"text": SPUN}}).text


def test_files_come_in_base64_and_in_forms(client: TestClient) -> None:
    page = f"<html><body><article><p>{SPUN.replace(chr(10), '</p><p>')}</p></article></body></html>".encode()
    file = {"file": base64.b64encode(page).decode(), "name": "page.html"}
    whole = client.post("/v1/compare", json={"suspect": file, "reference": {"text": ORIGINAL}}).json()
    assert whole["suspect"]["format"] == "html" and whole["score"] > 95
    sent = {"suspect": ("page.html", page), "reference": ("original.txt", ORIGINAL.encode())}
    form = client.post("/v1/compare", files=sent, data={"suspect.title": "A title", "case": "false"}).json()
    assert form["score"] == whole["score"]


def test_what_is_ignored_does_not_count(client: TestClient) -> None:
    given = client.post("/v1/compare", json=pair(ignore=[{"text": ORIGINAL}])).json()
    assert given["ignored"]["suspect"]


def test_a_link_is_followed_but_not_into_private_networks(client: TestClient) -> None:
    page = f"<html><head><title>A story</title></head><body><article><p>{SPUN}</p></article></body></html>".encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/story" else 404)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page if self.path == "/story" else b"")

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    link = f"http://127.0.0.1:{server.server_port}/story"
    sent = {"suspect": {"url": link}, "reference": {"text": ORIGINAL}}
    for address in (link, "http://169.254.169.254/latest/meta-data", "http://[::1]:22/", "file:///etc/passwd"):
        said = problem(client.post("/v1/score", json={"suspect": {"url": address}}), "link_refused")
        assert "root:" not in said["detail"]
    service = service_in(client)
    private = replace(service.settings, detector=replace(service.settings.detector, allow_private=True))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(service, "settings", private)
        found = client.post("/v1/compare", json=sent).json()
    server.shutdown()
    server.server_close()
    assert found["score"] > 90 and found["suspect"]["format"] == "html"


def test_the_clients_give_the_same_records(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    from spindetect.client import AsyncClient, Client, ServiceError, html, item, results, submit

    expected = detector().compare(SPUN, ORIGINAL)
    mine = Client("http://localhost")
    monkeypatch.setattr(mine, "_http", client)
    found = mine.compare(SPUN, {"text": ORIGINAL, "title": "The original"})
    rounded = [replace(one, weight=round(one.weight, 6) + 0.0) for one in expected.substitutions]
    assert list(found.substitutions) == rounded and found.verdict == expected.verdict
    pairs = [(one.suspect, one.reference, one.dropped) for one in expected.alignment]
    assert [(one.suspect, one.reference, one.dropped) for one in found.alignment] == pairs
    assert found.contributions[0].explanation == expected.contributions[0].explanation
    assert found.undecided == () and found.case is None and found.to_dict()["score"] == found.score
    assert mine.score(Path("data/harbor/spun.txt")).reuse is None
    assert "</html>" in mine.do(html(SPUN, ORIGINAL))
    with pytest.raises(ServiceError, match="no archive yet") as refused:
        mine.sources(SPUN)
    assert (refused.value.code, refused.value.status) == ("no_archive", 409)
    id = mine.do(submit("compare", [item(SPUN, ORIGINAL), item("a", {"file": "AAEC", "name": "b.bin"})], "once"))
    assert mine.wait(id)["failed"] == 1
    done, failed = mine.do(results(id))
    assert done.score == found.score and failed.code == "unreadable_article"

    async def asked() -> float:
        transport = httpx.ASGITransport(client.app)
        async with AsyncClient("http://localhost") as other:
            monkeypatch.setattr(other._http, "_transport", transport)
            return (await other.compare(SPUN, ORIGINAL)).score

    assert awaited(asked()) == found.score


# --- problems ---------------------------------------------------------------------


def test_every_problem_is_explained_by_the_service_and_in_the_docs(client: TestClient) -> None:
    docs = Path("docs/service.md").read_text("utf-8")
    assert all(f"| `{kind.code}` | {kind.status} | {kind.title} |" in docs for kind in KINDS.values())
    listed = client.get("/problems").json()
    assert [one["code"] for one in listed] == list(KINDS)
    assert all(client.get(f"/problems/{code}").json()["advice"] for code in KINDS)


@pytest.mark.parametrize(
    ("method", "path", "sent", "code"),
    [
        ("POST", "/v1/compare", {"content": b"{", "headers": {"content-type": "application/json"}}, "malformed"),
        ("POST", "/v1/compare", {"json": {"suspect": {"text": "a"}}}, "invalid"),
        ("POST", "/v1/compare", {"json": pair(more=1)}, "invalid"),
        ("POST", "/v1/score", {"json": {"suspect": {}}}, "invalid"),
        ("POST", "/v1/score", {"json": {"suspect": {"text": "a", "url": "https://a.example"}}}, "invalid"),
        ("POST", "/v1/score", {"json": {"suspect": {"file": "?"}}}, "invalid"),
        ("POST", "/v1/score", {"content": b"a", "headers": {"content-type": "text/plain"}}, "wrong_media_type"),
        ("POST", "/v1/score", {"json": {"suspect": {"file": "AAECAw==", "name": "a.bin"}}}, "unreadable_article"),
        ("POST", "/v1/score", {"json": {"suspect": {"text": "a " * 101_000}}}, "unreadable_article"),
        ("POST", "/v1/score", {"json": {"suspect": {"text": "a" * 400_000}}}, "too_large"),
        (
            "POST",
            "/v1/score",
            {"json": {"suspect": {"text": "a"}}, "headers": {"host": "evil.example"}},
            "wrong_host",
        ),
        (
            "POST",
            "/v1/score",
            {"json": {"suspect": {"text": "a"}}, "headers": {"origin": "https://evil.example"}},
            "cross_site",
        ),
        (
            "POST",
            "/v1/score",
            {"json": {"suspect": {"text": "a"}}, "headers": {"sec-fetch-site": "cross-site"}},
            "cross_site",
        ),
        ("GET", "/v1/nothing", {}, "not_found"),
        ("GET", "/v1/../etc/passwd", {}, "not_found"),
        ("GET", "/v1/score", {}, "not_allowed"),
        ("GET", "/v1/jobs/0", {}, "not_found"),
        ("GET", "/v1/jobs/0/results?first=-1", {}, "invalid"),
        ("DELETE", "/v1/webhooks/0", {}, "not_found"),
        ("POST", "/v1/dead-letters/99999999999999999999", {}, "not_found"),
        ("POST", "/v1/jobs", {"json": {"asked": "compare", "items": [{"suspect": {"text": "a"}}]}}, "invalid"),
        ("POST", "/v1/jobs", {"json": {"asked": "steal", "items": [{}]}}, "invalid"),
        ("POST", "/v1/webhooks", {"json": {"url": "http://169.254.169.254/latest"}}, "link_refused"),
        ("POST", "/v1/webhooks", {"json": {"url": "file:///etc/passwd"}}, "invalid"),
    ],
)
def test_what_goes_wrong_has_a_code(client: TestClient, method: str, path: str, sent: Any, code: str) -> None:
    assert problem(client.request(method, path, **sent), code)["detail"]


def test_a_fault_says_nothing_of_the_inside(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service_in(client).crew, "submit", lambda *_: 1 / 0)
    said = problem(client.post("/v1/compare", json=pair()), "internal")
    assert "division" not in json.dumps(said)


def drive(
    limits: RequestLimits, messages: list[dict[str, Any]], headers: list[tuple[bytes, bytes]]
) -> tuple[int, bytes]:
    """Send a request's pieces through the limits; status and body of the answer."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if messages:
            return messages.pop(0)
        await asyncio.sleep(60)
        raise AssertionError

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/", "headers": [(b"host", b"localhost"), *headers]}
    awaited(limits(scope, receive, send))
    return sent[0]["status"], sent[1]["body"]


def test_bodies_that_are_large_or_slow_are_cut_off() -> None:
    async def app(_: Any, receive: Any, __: Any) -> None:
        while (await receive())["more_body"]:
            pass

    limits = RequestLimits(app, ServiceSettings(data=Path(), max_bytes=100, body_seconds=0.05))
    piece = {"type": "http.request", "body": b"x" * 60, "more_body": True}
    assert drive(limits, [piece, piece], [])[0] == 413
    status, body = drive(limits, [piece], [])
    assert status == 408 and b"body_too_slow" in body
    assert drive(limits, [], [(b"content-length", b"101")])[0] == 413


def test_the_work_of_whoever_hangs_up_is_given_up(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    service = service_in(client)
    asked = CrewRequest(0, 0, None, 1e12)
    monkeypatch.setattr(service.crew, "submit", lambda *_: asked)

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def gone() -> None:
        request = Request({"type": "http"}, receive)
        await service.ask(request, Errand("score", Given("a", "a")), Caller("me", frozenset()))

    with pytest.raises(asyncio.CancelledError):
        awaited(gone())
    assert asked.abandoned.is_set()


def test_whoever_sends_no_head_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "_HEAD_SECONDS", 0.3)

    async def app(_: Any, __: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    config = uvicorn.Config(app, port=port, http=serving.PromptProtocol, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        sleep(0.02)
    prompt, slow = [socket.create_connection(("127.0.0.1", port), 20) for _ in range(2)]
    prompt.sendall(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n")
    assert prompt.recv(1000).startswith(b"HTTP/1.1 204")
    slow.sendall(b"GET / HTTP/1.1\r\nhost: ")
    prompt.sendall(b"GET / HTTP/1.1\r\nho")  # the second request on a connection as well
    for line in (slow, prompt):
        with suppress(ConnectionResetError):
            assert line.recv(1000) == b""
        line.close()
    server.should_exit = True
    thread.join(10)


# --- keys -------------------------------------------------------------------------


@pytest.fixture
def keyed(client: TestClient) -> Iterator[dict[str, str]]:
    """A key for each scope, as the headers that hold it; all are revoked afterwards."""
    keys = service_in(client).keys
    made = {scope: keys.add(scope, [scope]) for scope in SCOPES}
    keys._known.clear()
    yield {scope: f"Bearer {key}" for scope, key in made.items()}
    for one in keys.list():
        if one.revoked is None:
            keys.revoke(one.id)


ASKED = {
    "score": ("POST", "/v1/score", {"suspect": {"text": SPUN}}, 200),
    "archive": ("POST", "/v1/archive/articles", {"articles": [article(1)]}, 200),
    "admin": ("GET", "/v1/webhooks", None, 200),
}


@pytest.mark.parametrize("wanted", ASKED)
def test_a_key_does_what_its_scope_says_and_no_more(client: TestClient, keyed: dict[str, str], wanted: str) -> None:
    method, path, sent, status = ASKED[wanted]
    for scope, header in keyed.items():
        answer = client.request(method, path, json=sent, headers={"authorization": header})
        if scope in (wanted, "admin"):
            assert answer.status_code == status
        else:
            assert wanted in problem(answer, "forbidden")["detail"]
    answer = client.request(method, path, json=sent)
    assert problem(answer, "unauthenticated") and answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("key", ["", "x", "Bearer", "Bearer x", "Bearer sd_", "Bearer sd_0_1", "Basic YTpi"])
def test_a_wrong_key_opens_nothing(client: TestClient, keyed: dict[str, str], key: str) -> None:
    problem(client.get("/v1/archive", headers={"authorization": key}), "unauthenticated")
    changed = keyed["score"][:-1] + ("A" if keyed["score"][-1] != "A" else "B")
    problem(client.get("/v1/archive", headers={"authorization": changed}), "unauthenticated")


def test_a_revoked_key_opens_nothing_and_no_secret_is_kept(client: TestClient, keyed: dict[str, str]) -> None:
    keys = service_in(client).keys
    id = keyed["score"].split("_")[1]
    keys.revoke(id)
    problem(client.get("/metrics", headers={"authorization": keyed["score"]}), "unauthenticated")
    with pytest.raises(Exception, match="no valid key"):
        keys.revoke(id)
    secret = keyed["admin"].split("_", 2)[2].encode()
    folder = service_in(client).settings.data
    assert not any(secret in file.read_bytes() for file in folder.glob("service.db*"))


def test_health_and_metrics(client: TestClient, keyed: dict[str, str]) -> None:
    assert client.get("/healthz").json()["status"] == "alive"
    assert client.get("/readyz").json()["status"] == "ready"
    assert client.post("/v1/compare", json=pair(), headers={"authorization": keyed["score"]}).status_code == 200
    figures = client.get("/metrics", headers={"authorization": keyed["score"]}).text
    assert 'spindetect_requests_total{route="/v1/compare",status="200"}' in figures


def test_other_machines_are_not_let_in_without_keys(tmp_path: Path) -> None:
    from spindetect.commands.serve import add_key, serve_desk
    from spindetect.errors import SpindetectError

    with pytest.raises(SpindetectError, match="no API key yet"):
        serve_desk(tmp_path, None, {"host": "0.0.0.0"})
    with pytest.raises(SpindetectError, match="--proxy"):
        serve_desk(tmp_path, None, {"user_header": "X-User"})
    with pytest.raises(SpindetectError, match="scopes are some of"):
        add_key(tmp_path, None, "me", ["everything"])


def test_a_missing_extra_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from spindetect.commands.serve import list_keys
    from spindetect.errors import MissingExtra

    monkeypatch.setitem(sys.modules, "fastapi", None)
    with pytest.raises(MissingExtra, match=r"pip install 'spindetect\[service\]'"):
        list_keys(tmp_path, None)


def test_the_openapi_document_describes_reports_and_problems(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    report = document["components"]["schemas"]["Report"]
    assert "substitutions" in report["properties"]
    text = json.dumps(document)
    for reference in set(text.split('"$ref": "')[1:]):
        name = reference.split('"')[0].rpartition("/")[2]
        assert name in document["components"]["schemas"], name
    for path, methods in document["paths"].items():
        for said in methods.values():
            if path.startswith("/v1"):
                assert {"401", "403"} <= set(said["responses"]), path


def test_problems_know_their_kind() -> None:
    with pytest.raises(KeyError):
        Problem("no_such_code", "x")
