"""Reports in a real browser: headless Chromium, driven by Playwright.

Without a Chromium, or without the extra ``browser``, these tests are skipped; with
SPINDETECT_REQUIRE_BROWSER set, as in CI, that is a failure instead.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pages import build

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
NEEDED = ("playwright", "axe_playwright_python", "pypdf")


def missing() -> str:
    """What these tests lack, and what to do; "" when nothing."""
    packages = [name for name in NEEDED if not find_spec(name)]
    if packages:
        return f"{', '.join(packages)} not installed. Run: pip install 'spindetect[browser]'"
    if not chromium():
        return "no Chromium found. Run: apt-get install chromium"
    return ""


def chromium() -> str | None:
    """Where Chromium is installed, if it is."""
    found = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    return next(filter(None, found), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    lacking = missing()
    if lacking:
        if os.environ.get("SPINDETECT_REQUIRE_BROWSER"):
            pytest.fail(f"SPINDETECT_REQUIRE_BROWSER is set, but {lacking}")
        pytest.skip(lacking)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield found
        found.close()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the reports are, each written once."""
    return tmp_path_factory.mktemp("reports")


@dataclass
class Tab:
    """A page with a report, and all that it did on its way: requests, those that failed, dialogs, errors."""

    page: Page
    requests: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def marks(self) -> list[str]:
        """The phrases that are highlighted as a pair, suspect and reference."""
        return self.page.locator(".m.on").all_inner_texts()

    def status(self) -> str:
        """What the line at the foot says; "" while it is hidden."""
        line = self.page.locator("#status")
        return line.inner_text() if line.is_visible() else ""

    def in_view(self, selector: str) -> bool:
        """Whether an element is on the screen, neither under the tools nor under the line at the foot."""
        return bool(self.page.locator(selector).first.evaluate(_IN_VIEW))

    def unfold(self) -> None:
        """Open every section, those that a phone's reader finds folded too."""
        self.page.evaluate("for (const fold of document.querySelectorAll('details.fold')) fold.open = true")

    def value(self, expression: str) -> Any:
        """What an expression is in the page."""
        return self.page.evaluate(expression)


_IN_VIEW = """(element) => {
  const box = element.getBoundingClientRect();
  const tools = document.getElementById("tools").getBoundingClientRect();
  const status = document.getElementById("status").getBoundingClientRect();
  const pane = element.closest(".pane")?.getBoundingClientRect();
  const top = Math.max(pane ? pane.top : 0, tools.bottom);
  const bottom = Math.min(pane ? pane.bottom : innerHeight, status.height ? status.top : innerHeight);
  return box.top >= top - 1 && box.bottom <= bottom + 1;
}"""

Open = Callable[..., Tab]


@pytest.fixture(scope="session")
def tabs(browser: Browser) -> dict[bool, Tab]:
    """A tab with script and one without; opening a report in one that is there is far quicker than in a new one."""
    return {script: _new_tab(browser, script) for script in (True, False)}


def _new_tab(browser: Browser, script: bool) -> Tab:
    context = browser.new_context(java_script_enabled=script)
    context.set_default_timeout(20_000)
    tab = Tab(context.new_page())
    tab.page.on("request", lambda request: tab.requests.append(request.url))
    tab.page.on("requestfailed", lambda request: tab.failed.append(f"{request.url} {request.failure}"))
    tab.page.on("dialog", lambda dialog: (tab.dialogs.append(dialog.message), dialog.dismiss()))
    tab.page.on("pageerror", lambda error: tab.errors.append(str(error)))
    tab.page.on("console", lambda said: tab.errors.append(said.text) if said.type == "error" else None)
    return tab


@pytest.fixture
def open_report(tabs: dict[bool, Tab], folder: Path) -> Open:
    """Opens a report by its name in `pages`, afresh, at a width and in a colour scheme."""

    def opened(name: str, width: int = 1440, scheme: str = "light", script: bool = True) -> Tab:
        file = build(name, folder)
        tab = tabs[script]
        tab.page.goto("about:blank")
        tab.page.mouse.move(0, 0)
        tab.page.set_viewport_size({"width": width, "height": 900})
        tab.page.emulate_media(media="screen", color_scheme=scheme)  # type: ignore[arg-type]
        for record in (tab.requests, tab.failed, tab.dialogs, tab.errors):
            record.clear()
        tab.page.goto(file.as_uri())
        return tab

    return opened
