"""The desk without a browser: who may do what, what forms must send back, and what is shown of hostile texts."""

from __future__ import annotations

import csv
import email
import io
import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import cache, partial
from pathlib import Path
from time import process_time, time
from typing import Any

import pytest
from argon2 import PasswordHasher
from serving import ORIGINAL, SPUN, detector, service_in
from sqlalchemy import select
from starlette.testclient import TestClient

from spindetect.desk import accounts as accounts_module
from spindetect.desk.accounts import Accounts, TooManyTries
from spindetect.desk.agreement import agreement, interval
from spindetect.desk.app import create_desk
from spindetect.desk.queue_pages import within_desk
from spindetect.desk.web import evidence_in
from spindetect.errors import SpindetectError
from spindetect.findings import Candidate, Direction
from spindetect.service import forgetting
from spindetect.service.cases import happen, open_case
from spindetect.service.queue import Filters, counts_of, neighbour, page_of
from spindetect.service.settings import ServiceSettings
from spindetect.service.store import Store
from spindetect.service.tables import audit, cases, events
from spindetect.service.work import CaseFile, Named, text_digest

pytestmark = pytest.mark.xdist_group("service")
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'\u202e"
PASSWORD = "correct horse battery"


@cache
def report(suspect: str = SPUN) -> str:
    return detector().compare(suspect, ORIGINAL).to_html()


def case_file(number: int, **changes: Any) -> CaseFile:
    """A case's beginnings, unlike any other's."""
    text = f"Suspect {number}."
    side = {"url": f"https://copies.example/{number}", "outlet": f"Outlet {number % 3}", "published": "2024-04-01"}
    values: dict[str, Any] = {
        "suspect": Named(text_digest(text), None, f"Title {number}", **side, words=400, text=text),
        "source": Named(
            text_digest(ORIGINAL), "a1", "The source", "https://news.example/1", "News", None, 400, ORIGINAL
        ),
        "score": 90.0 - number,
        "reuse": 95.0 - number,
        "coverage": 0.9,
        "verdict": "spun",
        "direction": Direction("suspect", "it was published later"),
        "family": "wordnet",
        "signature": "model:1",
        "candidates": (Candidate("a2", "Another", "javascript:alert(1)", None, None, 5.0, "independent", 0.1),) * 2,
        "page": "<style>a</style><body>the evidence<script>b</script></body>",
    }
    return CaseFile(**values | changes)


@pytest.fixture(scope="module", autouse=True)
def _quick_hashes() -> Iterator[None]:
    """Passwords are hashed as they are at work, but in less time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accounts_module, "PasswordHasher", partial(PasswordHasher, time_cost=1, memory_cost=64))
        yield


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A desk with three people and some cases; it scores nothing, so that no worker is needed."""
    folder = tmp_path_factory.mktemp("desk")
    app = create_desk(ServiceSettings(data=folder, workers=0))
    with TestClient(app, base_url="http://localhost", follow_redirects=False) as client:
        store = service_in(client).store
        people = Accounts(store, 1000.0)
        for name, role in (("mod", "moderator"), ("lead", "lead"), ("boss", "admin")):
            people.add(name, role, PASSWORD)
        with store.writing() as write:
            for number in range(8):
                open_case(write, case_file(number), "found", "test")
            hostile = Named(
                text_digest(HOSTILE), None, HOSTILE, "javascript:alert(3)", HOSTILE, HOSTILE, 10, HOSTILE
            )
            open_case(write, case_file(8, suspect=hostile, page=report(HOSTILE)), HOSTILE, "test")
        yield client


@pytest.fixture(scope="module")
def beginnings(untouched: TestClient) -> Iterator[sqlite3.Connection]:
    """What the desk's database holds at first."""
    with closing(sqlite3.connect(":memory:")) as kept:
        with closing(sqlite3.connect(database_of(untouched))) as live:
            live.backup(kept)
        yield kept


@pytest.fixture
def desk(untouched: TestClient, beginnings: sqlite3.Connection) -> Iterator[TestClient]:
    """The desk as it is at first, whatever tests did before."""
    yield untouched
    with closing(sqlite3.connect(database_of(untouched))) as live:
        beginnings.backup(live)


def database_of(desk: TestClient) -> Path:
    return service_in(desk).settings.data / "service.db"


def signed_in(desk: TestClient, name: str = "mod") -> str:
    """Sign in; the token that forms must send back."""
    desk.cookies.clear()
    answer = desk.post("/desk/login", data={"name": name, "password": PASSWORD})
    assert answer.status_code == 303 and answer.headers["location"] == "/desk"
    found = re.search(r'name="csrf" value="([^"]+)"', desk.get("/desk").text)
    assert found
    return found[1]


def event(desk: TestClient, csrf: str, kind: str, value: str = "", case: int = 1, **more: str) -> Any:
    return desk.post(f"/desk/cases/{case}/events", data={"csrf": csrf, "kind": kind, "value": value, **more})


# --- signing in -------------------------------------------------------------------


PAGES = (
    "",
    "/cases/1",
    "/cases/1/letters/dmca",
    "/cases/1/report.html",
    "/export.csv",
    "/agreement",
    "/people",
    "/log",
)


@pytest.mark.parametrize("path", PAGES)
def test_nobody_sees_anything_without_signing_in(desk: TestClient, path: str) -> None:
    desk.cookies.clear()
    for cookie in (None, "guessed"):
        answer = desk.get(f"/desk{path}", headers={"cookie": f"spindetect_desk={cookie}"} if cookie else {})
        assert answer.status_code == 303 and answer.headers["location"].startswith("/desk/login")


def test_a_wrong_password_lets_nobody_in_and_may_not_be_tried_for_ever(desk: TestClient) -> None:
    desk.cookies.clear()
    for _ in range(5):
        assert desk.post("/desk/login", data={"name": "ghost", "password": "x"}).status_code == 401
    answer = desk.post("/desk/login", data={"name": "ghost", "password": "x"})
    assert answer.status_code == 429 and "too many" in answer.text
    assert not desk.cookies


def test_a_session_is_new_with_every_sign_in_and_over_with_signing_out(desk: TestClient) -> None:
    desk.cookies.clear()
    planted = {"cookie": "spindetect_desk=planted"}  # session fixation
    answer = desk.post("/desk/login", data={"name": "mod", "password": PASSWORD}, headers=planted)
    cookie = answer.headers["set-cookie"]
    assert "planted" not in cookie and "HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/desk" in cookie
    token = cookie.split("=")[1].split(";")[0]
    csrf = signed_in(desk)
    desk.cookies.clear()
    again = desk.post(
        "/desk/login", data={"name": "mod", "password": PASSWORD}, headers={"cookie": f"spindetect_desk={token}"}
    )
    assert again.status_code == 303
    desk.cookies.clear()
    assert desk.get("/desk", headers={"cookie": f"spindetect_desk={token}"}).status_code == 303
    csrf = signed_in(desk)
    mine = desk.cookies["spindetect_desk"]
    assert desk.post("/desk/logout", data={"csrf": csrf}).status_code == 303
    assert desk.get("/desk", headers={"cookie": f"spindetect_desk={mine}"}).status_code == 303


def test_sessions_passwords_and_accounts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    people = Accounts(Store(f"sqlite:///{tmp_path / 'a.db'}"), 100.0)
    assert not people.any()
    password = people.add("ann", "moderator")
    user = people.check("ann", password)
    assert user and people.check("ann", "another one") is None and people.check("bob", password) is None
    token, known = people.begin(user)
    assert people.at(token) == known and people.at("x") is None
    people.change("ann", "lead", None, "boss")  # another role ends what was begun with the old one
    assert people.at(token) is None
    token, _ = people.begin(user)
    people.change("ann", None, True, "boss")
    assert people.at(token) is None and people.check("ann", password) is None and people.named("ann") is None
    people.add("ann", "lead", "a new password")
    assert people.check("ann", "a new password")
    token, _ = people.begin(user)
    monkeypatch.setattr(accounts_module, "time", lambda: 1e11)
    assert people.at(token) is None
    for name, role, chosen in (("a b", "lead", None), ("ann", "king", None), ("ann", "lead", "short")):
        with pytest.raises(SpindetectError):
            people.add(name, role, chosen)
    for _ in range(5):
        people.check("eve", "wrong")
    with pytest.raises(TooManyTries):
        people.check("eve", "wrong")


def test_a_proxy_may_say_who_is_there_and_nobody_else(tmp_path: Path) -> None:
    for proxies, status in ((("testclient",), 200), (("10.0.0.1",), 303)):
        folder = tmp_path / str(status)
        app = create_desk(ServiceSettings(data=folder, workers=0, user_header="X-User", proxies=proxies))
        with TestClient(app, base_url="http://localhost", follow_redirects=False) as client:
            Accounts(service_in(client).store, 100.0).add("ann", "moderator")
            assert client.get("/desk", headers={"x-user": "ann"}).status_code == status
            assert client.get("/desk", headers={"x-user": "stranger"}).status_code == 303
            assert (
                client.get("/desk").status_code == 303
            )  # a session that was begun so isn't one without the header


# --- roles and forms --------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "agreed", "accounts"), [("mod", 403, 403), ("lead", 200, 403), ("boss", 200, 200)]
)
def test_roles_open_pages(desk: TestClient, name: str, agreed: int, accounts: int) -> None:
    csrf = signed_in(desk, name)
    assert desk.get("/desk/agreement").status_code == agreed
    assert desk.get("/desk/people").status_code == desk.get("/desk/log").status_code == accounts
    made = desk.post("/desk/people", data={"csrf": csrf, "do": "add", "name": f"new-{name}", "role": "admin"})
    assert made.status_code == accounts
    if accounts == 200:
        assert "shown this once" in made.text
        taken = desk.post("/desk/people", data={"csrf": csrf, "do": "close", "name": "boss"})
        assert taken.status_code == 400  # nobody locks themselves out


def test_what_only_a_lead_may_do(desk: TestClient) -> None:
    lead = signed_in(desk, "lead")
    assert event(desk, lead, "assign", "mod", case=2).status_code == 303
    assert event(desk, lead, "decide", "copy", case=2).status_code == 303
    mod = signed_in(desk)
    assert event(desk, mod, "undo", case=2).status_code == 403
    assert event(desk, mod, "assign", "lead", case=2).status_code == 403
    assert event(desk, mod, "assign", "mod", case=2).status_code == 303
    assert event(desk, mod, "assign", "nobody-here", case=2).status_code == 403
    lead = signed_in(desk, "lead")
    assert event(desk, lead, "assign", "nobody-here", case=2).status_code == 400
    assert event(desk, lead, "undo", case=2).status_code == 303


@pytest.mark.parametrize("path", ["cases/1/events", "cases/1/here", "bulk", "views", "people", "logout"])
def test_forms_from_elsewhere_do_nothing(desk: TestClient, path: str) -> None:
    signed_in(desk, "boss")
    sent = {"kind": "decide", "value": "copy", "id": "1", "name": "x", "do": "add", "role": "admin"}
    before = written(desk)
    for more in ({}, {"csrf": ""}, {"csrf": "guessed"}):
        assert desk.post(f"/desk/{path}", data={**sent, **more}).status_code == 403
    foreign = desk.post(f"/desk/{path}", data=sent, headers={"origin": "https://evil.example"})
    assert foreign.status_code == 403 and written(desk) == before


def written(desk: TestClient) -> list[Any]:
    with service_in(desk).store.reading() as read:
        return [read.execute(select(table)).all() for table in (events, audit)]


def test_impossible_requests_are_refused(desk: TestClient) -> None:
    csrf = signed_in(desk)
    assert event(desk, csrf, "decide", "guilty").status_code == 400
    assert event(desk, csrf, "explode").status_code == 400
    assert event(desk, csrf, "decide", "copy", case=999).status_code == 404
    assert desk.get("/desk/cases/99999999999999999999").status_code == 404
    assert desk.get("/desk/static/../../service.db").status_code == 404
    assert desk.get("/desk/static/..%2f..%2fservice.db").status_code == 404
    assert desk.post("/desk/bulk", data={"csrf": csrf, "kind": "decide", "value": "copy"}).status_code == 400
    for path in ("https://evil.example", "//evil.example", "/desk\\..", "/desk/cases/1\r\nx: y", "/v1/jobs"):
        assert within_desk(path) == "/desk"


HUGE = {
    "fields": b"a&" * 500_000,
    "a field": b"name=" + b"%41" * 2_000_000,
    "more than is taken": b"name=" + b"a" * 9_000_000,
    "parts": b'--a\r\nContent-Disposition: form-data; name="x"\r\n\r\nb\r\n' * 20_000 + b"--a--\r\n",
    "a head": b"--a\r\n" + b"A: b\r\n" * 100_000 + b"\r\n\r\nb\r\n--a--\r\n",
}


@pytest.mark.parametrize("name", HUGE)
def test_a_form_made_to_take_long_is_refused_in_no_time(desk: TestClient, name: str) -> None:
    desk.cookies.clear()
    kind = "multipart/form-data; boundary=a" if name in ("parts", "a head") else "application/x-www-form-urlencoded"
    begun = process_time()
    answer = desk.post("/desk/login", content=HUGE[name], headers={"content-type": kind})
    assert answer.status_code in (400, 401, 413) and process_time() - begun < 2


# --- what is shown ----------------------------------------------------------------


def test_hostile_texts_are_shown_and_not_run(desk: TestClient) -> None:
    csrf = signed_in(desk)
    event(desk, csrf, "note", HOSTILE, case=9)
    event(desk, csrf, "tag", "<script>", case=9)
    desk.post("/desk/views", data={"csrf": csrf, "name": HOSTILE[:40], "q": HOSTILE})
    for path in ("/desk?state=all", "/desk/cases/9", f"/desk?q={HOSTILE}", "/desk/cases/9/letters/plain"):
        answer = desk.get(path)
        assert answer.status_code == 200, path
        assert (
            "<script>alert" not in answer.text and "<img src=x" not in answer.text and "\u202e" not in answer.text
        )
        assert 'href="javascript' not in answer.text
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
    evidence = evidence_in(report(HOSTILE))
    assert evidence and evidence.script_digest in desk.get("/desk/cases/9").headers["content-security-policy"]
    assert "&lt;script&gt;alert(1)" in desk.get("/desk/cases/9").text


def test_the_queue_is_filtered_sorted_and_followed(desk: TestClient) -> None:
    store = service_in(desk).store
    with store.reading() as read:
        first = page_of(read, Filters())
        assert [row.priority for row in first] == sorted((row.priority for row in first), reverse=True)
        by_score = page_of(read, Filters(sort="score"))
        assert [row.id for row in by_score][:3] == [1, 2, 3]
        assert [row.id for row in page_of(read, Filters(q="title 3"))] == [4]
        assert {row.id for row in page_of(read, Filters(outlet="Outlet 1"))} == {2, 5, 8}
        assert page_of(read, Filters(q="100%")) == [] and page_of(read, Filters(page=2)) == []
        assert {row.id for row in page_of(read, Filters(least=93.0))} == {1, 2, 3}
        assert counts_of(read, Filters(outlet="Outlet 1"))["all"] == 3
        following = neighbour(read, Filters(sort="score"), by_score[0])
        assert following == by_score[1].id
        assert neighbour(read, Filters(sort="score"), by_score[1], after=False) == by_score[0].id
        assert neighbour(read, Filters(), first[-1]) is None
    asked = Filters.of({"state": "nonsense", "sort": "x", "page": "-3", "least": "5", "q": " a "})
    assert (asked.state, asked.sort, asked.page, asked.least, asked.q) == ("open", "priority", 1, 5.0, "a")
    assert Filters.of(dict([pair.split("=") for pair in asked.query().split("&")])) == asked
    csrf = signed_in(desk)
    desk.post("/desk/views", data={"csrf": csrf, "name": "Mine", "outlet": "Outlet 1"})
    assert ">Mine</a>" in desk.get("/desk").text and 'href="/desk?outlet=Outlet+1"' in desk.get("/desk").text
    desk.post("/desk/views", data={"csrf": csrf, "name": "Mine", "drop": "1"})
    assert ">Mine</a>" not in desk.get("/desk").text


def test_the_next_case_opens_and_others_are_seen(desk: TestClient) -> None:
    csrf = signed_in(desk)
    with service_in(desk).store.reading() as read:
        order = [row.id for row in page_of(read, Filters(outlet="Outlet 0"))]
    answer = event(desk, csrf, "decide", "licensed", case=order[0], outlet="Outlet 0")
    assert answer.headers["location"] == f"/desk/cases/{order[1]}?outlet=Outlet+0&done={order[0]}"
    page = desk.get(answer.headers["location"]).text
    assert "licensed." in page and "Undo" in page and "looking at this case" not in page
    last = event(desk, csrf, "decide", "unsure", case=order[-1], outlet="Outlet 0")
    assert last.headers["location"].startswith("/desk?outlet=Outlet+0&done=")
    lead = signed_in(desk, "lead")
    assert "mod is looking at this case too" in desk.get(f"/desk/cases/{order[1]}").text
    here = desk.post(f"/desk/cases/{order[1]}/here", headers={"x-csrf-token": lead}).json()
    assert here == {"others": ["mod"]}


def test_many_are_decided_exported_and_written_about(desk: TestClient) -> None:
    csrf = signed_in(desk)
    sent = {"csrf": csrf, "id": ["3", "4"], "value": "copy", "back": "/desk?state=copy"}
    assert desk.post("/desk/bulk", data=sent).headers["location"] == "/desk?state=copy"
    undone = {"csrf": csrf, "id": ["3", "4"], "kind": "undo", "back": "/desk?state=copy"}
    assert desk.post("/desk/bulk", data=undone).status_code == 303
    assert desk.get("/desk/export.csv?state=copy&q=title+2").text.count("\n") == 1
    desk.post("/desk/bulk", data=sent)
    event(desk, csrf, "tag", "=cmd", case=3)
    event(desk, csrf, "tag", "＝cmd", case=4)
    rows = list(csv.DictReader(io.StringIO(desk.get("/desk/export.csv?state=copy").text)))
    assert [(row["id"], row["decision"], row["decided_by"]) for row in rows] == [
        ("3", "copy", "mod"),
        ("4", "copy", "mod"),
    ]
    assert [row["tags"] for row in rows] == ["'=cmd", "'＝cmd"] and rows[0]["signature"] == "model:1"
    lines = [json.loads(line) for line in desk.get("/desk/export.jsonl?state=copy").text.splitlines()]
    assert lines[0]["tags"] == ["=cmd"] and lines[0]["suspect_title"] == "Title 2"
    pyarrow = pytest.importorskip("pyarrow.parquet")
    table = pyarrow.read_table(io.BytesIO(desk.get("/desk/export.parquet?state=copy").content))
    assert table.column("id").to_pylist() == [3, 4]
    pairs = [json.loads(line) for line in desk.get("/desk/export.pairs").text.splitlines()]
    assert (pairs[0]["relation"], pairs[0]["suspect"], pairs[0]["reference"]) == ("spun", "Suspect 2.", ORIGINAL)
    draft = email.message_from_bytes(desk.get("/desk/cases/3/letters/dmca.eml").content)
    text, attached = draft.get_payload()
    assert draft["X-Unsent"] == "1" and "https://copies.example/2" in text.get_payload(decode=True).decode()
    assert attached.get_filename() == "report-3.html" and b"the evidence" in attached.get_payload(decode=True)
    plain = desk.get("/desk/cases/3/letters/plain").text
    assert "The source" in plain and "[name]" in plain
    saved = desk.get("/desk/cases/3/report.html")
    assert saved.headers["content-security-policy"] == "sandbox" and "the evidence" in saved.text


def test_a_case_without_a_source_is_shown_and_written_to_nobody(desk: TestClient) -> None:
    spun = detector().score(SPUN)
    file = case_file(
        20,
        source=None,
        reuse=0.0,
        coverage=0.0,
        direction=None,
        candidates=(),
        score=spun.score,
        page=spun.to_html(),
    )
    with service_in(desk).store.writing() as write:
        id = open_case(write, file, "no source found", "test").id
    csrf = signed_in(desk)
    assert "no source known" in desk.get("/desk?source=-").text and "Title 20" in desk.get("/desk?source=-").text
    page = desk.get(f"/desk/cases/{id}").text
    assert "None known" in page and spun.giveaways[0].suspect.text in page and "letters/dmca" not in page
    assert desk.get(f"/desk/cases/{id}/letters/dmca").status_code == 409
    assert event(desk, csrf, "decide", "copy", case=id).status_code == 303
    with service_in(desk).store.writing() as write:
        open_case(write, case_file(20, page=report()), "found in the archive", "test")
    page = desk.get(f"/desk/cases/{id}").text
    assert "no source was known" in page and "scored again: found in the archive" in page and "letters/dmca" in page
    then = re.search(rf"/desk/cases/{id}/report.html\?event=\d+", page)
    assert then and desk.get(then[0]).text == spun.to_html()
    assert "scored again since" in desk.get("/desk?state=stale").text
    signed_in(desk, "boss")
    assert ">spin score from</th>" in desk.get("/desk/agreement?of=alone").text
    checked = desk.get("/desk/log?seal=").text
    assert "all as they were sealed" in checked
    assert "was changed" in desk.get(f"/desk/log?seal={'1' * 64}").text


def test_a_case_whose_texts_were_deleted_says_so(desk: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    store = service_in(desk).store
    with store.writing() as write:
        id = open_case(write, case_file(30, page=report()), "found", "test").id
        happen(write, id, "mod", "decide", "no_copy")
    monkeypatch.setattr(forgetting, "time", lambda: time() + 31 * forgetting.DAY)
    with store.writing() as write:
        assert forgetting.forget(write, 30.0) >= 1
    csrf = signed_in(desk)
    page = desk.get(f"/desk/cases/{id}").text
    assert "were deleted on" in page and "no evidence to show" in page and "Not a copy" in page
    assert desk.get(f"/desk/cases/{id}/report.html").status_code == 410
    assert desk.get(f"/desk/cases/{id}/letters/plain.eml").status_code == 410
    assert "Title 30" in desk.get(f"/desk/cases/{id}/letters/plain").text
    assert event(desk, csrf, "undo", case=id).status_code == 303


def test_agreement_counts_what_was_overruled(desk: TestClient, tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'a.db'}")
    with store.writing() as write:
        for number in range(90):
            id = open_case(write, case_file(number, reuse=96.0 if number < 80 else 55.0), "found", "test").id
            happen(write, id, "ann", "decide", "copy" if number < 80 else "no_copy")
    with store.reading() as read:
        found = agreement(read)
    assert (found.decided, len(found.overruled), len(found.months)) == (90, 10, 1)
    assert [(one.first, one.count, one.copies) for one in found.bins] == [(50, 10, 0.0), (90, 80, 1.0)]
    assert found.suggested == 60  # from 60 on all 80 are copies; below, the ten that weren't count
    assert found.thresholds[0].precision == pytest.approx(80 / 90)
    assert interval(0, 0) == (0.0, 1.0)
    assert event(desk, signed_in(desk, "lead"), "decide", "copy", case=8).status_code == 303
    assert "Reliability" in desk.get("/desk/agreement").text


# --- programs ---------------------------------------------------------------------


def test_programs_see_and_decide_cases(desk: TestClient) -> None:
    keys = service_in(desk).keys
    headers = {"authorization": f"Bearer {keys.add('tool', ['review'])}"}
    keys._known.clear()
    listed = desk.get("/v1/cases", params={"q": "title 5"}, headers=headers).json()
    assert [one["suspect"]["title"] for one in listed] == ["Title 5"]
    made = desk.post("/v1/cases/6/events", json={"kind": "decide", "value": "no_copy"}, headers=headers)
    assert made.status_code == 201 and made.json()["actor"].startswith("key tool")
    case = desk.get("/v1/cases/6", headers=headers).json()
    assert case["decision"] == "no_copy" and case["events"][-1]["signature"] == "model:1"
    assert desk.get("/v1/cases/999", headers=headers).json()["code"] == "not_found"
    assert (
        desk.post("/v1/cases/6/events", json={"kind": "decide", "value": "x"}, headers=headers).json()["code"]
        == "invalid"
    )
    assert desk.get("/v1/cases").json()["code"] == "unauthenticated"
    with service_in(desk).store.reading() as read:
        assert read.execute(select(cases.c.decided_by).where(cases.c.id == 6)).scalar().startswith("key tool")
