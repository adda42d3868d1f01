"""The desk in a real browser: from an article in the archive to a decision in the export, by keyboard."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from time import sleep
from typing import TYPE_CHECKING

import httpx
import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from serving import OTHER, SPUN, article

from spindetect.desk.accounts import Accounts
from spindetect.desk.app import create_desk
from spindetect.service.settings import ServiceSettings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PASSWORD = "correct horse battery"


@dataclass
class Place:
    """A running desk, a client of its API, and a tab of somebody who is signed in, with what went wrong in it."""

    address: str
    api: httpx.Client
    page: Page
    faults: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        self.page.goto(f"{self.address}{path}")

    def press(self, *keys: str) -> None:
        """Press keys one after another, each when the page's script is there to hear it."""
        for key in keys:
            self.page.wait_for_load_state()
            self.page.keyboard.press(key)


@pytest.fixture(scope="module")
def place(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("desk")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    app = create_desk(ServiceSettings(data=folder, archive=folder / "archive", workers=1, port=port))
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error"))
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        sleep(0.05)
    people = Accounts(app.state.service.store, 1000.0)
    people.add("ann", "admin", PASSWORD)
    people.add("bob", "moderator", PASSWORD)
    address = f"http://localhost:{port}"
    page = browser.new_context(accept_downloads=True).new_page()
    page.set_default_timeout(20_000)
    made = Place(address, httpx.Client(base_url=address, timeout=120), page)
    page.on("pageerror", lambda error: made.faults.append(str(error)))
    page.on("console", lambda said: made.faults.append(said.text) if said.type == "error" else None)
    page.on("dialog", lambda dialog: (made.faults.append(dialog.message), dialog.dismiss()))
    made.open("/desk")
    page.fill("[name=name]", "ann")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk")
    yield made
    page.context.close()
    server.should_exit = True
    thread.join(20)


def test_from_the_archive_to_a_decision_and_back_by_keyboard(place: Place, browser: Browser) -> None:
    page = place.page
    articles = [article(1), article(2, OTHER)]
    place.api.post("/v1/archive/articles", json={"articles": articles}).raise_for_status()
    hostile = "<img src=x onerror=alert(1)> A story"
    for title, text in ((hostile, SPUN), ("The same in short", SPUN.split("\n\n", 4)[-1])):
        suspect = {"text": text, "title": title, "outlet": "Copies", "address": "https://copies.example/1"}
        assert place.api.post("/v1/sources", json={"suspect": suspect}).headers["spindetect-case"]

    place.open("/desk")
    assert page.locator(".tabs [aria-current]").inner_text() == "Open 2"
    place.press("j", "Enter")
    page.wait_for_selector(".decide")
    case = int(page.locator(".case-head").get_attribute("data-case") or 0)
    first = page.locator(".one-article .title").first.inner_text()
    assert page.locator(".one-article .title").nth(1).inner_text() == "Story 1"
    place.press("n")  # the evidence has its own keys
    assert page.locator(".m.on").count() == 2 and page.locator("#status").is_visible()
    place.press("Escape", "m")
    page.keyboard.type("tell-tale in line 2, next to nothing else")
    place.press("c")  # typed, not decided
    page.get_by_role("button", name="Add the note").click()
    page.wait_for_selector(".note-text")
    assert page.locator(".note-text").inner_text() == "tell-tale in line 2, next to nothing elsec"

    other = browser.new_page()
    other.goto(f"{place.address}/desk/cases/{case}")
    other.fill("[name=name]", "bob")
    other.fill("[name=password]", PASSWORD)
    other.keyboard.press("Enter")
    other.wait_for_selector(".decide")
    assert "ann is looking at this case too" in other.locator("#also-here").inner_text()
    other.close()

    place.press("c")
    page.wait_for_url(f"**done={case}")
    assert f"{first}: confirmed copy." in page.locator(".done").inner_text()
    assert page.locator(".one-article .title").first.inner_text() != first  # the next case is open
    with page.expect_download() as download:
        page.evaluate("location.href = '/desk/export.jsonl?state=all'")
    rows = [json.loads(line) for line in Path(download.value.path()).read_text("utf-8").splitlines()]
    assert [(row["decision"], row["decided_by"]) for row in rows if row["id"] == case] == [("copy", "ann")]
    place.press("z")
    page.wait_for_url(f"**/desk/cases/{case}")
    assert page.locator(".where .state").inner_text().endswith("Open")
    place.press("q")
    page.wait_for_selector(".a-case")
    assert page.locator(".tabs [aria-current]").inner_text() == "Open 2"
    place.press("?")
    assert page.locator("#desk-keys").is_visible()
    place.press("Escape")
    assert not page.locator("#desk-keys").is_visible()
    assert place.faults == []


@pytest.mark.slow
@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_every_page_is_accessible_and_fits(place: Place, width: int, scheme: str) -> None:
    page = place.page
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    others = ("/cases/1/letters/dmca", "/agreement", "/people", "/log", "/login", "/cases/99")
    for path in ("", "/cases/1", *(others if width > 400 else ())):
        place.open(f"/desk{path}")
        found = Axe().run(page).response["violations"]
        assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    assert [fault for fault in place.faults if "404" not in fault] == []
