"""A service to test, and what its tests share."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from spindetect import Detector
from spindetect.service.app import create_app
from spindetect.service.core import Service
from spindetect.service.settings import ServiceSettings

EXAMPLES = Path(__file__).parent.parent / "data"
SPUN = (EXAMPLES / "harbor" / "spun.txt").read_text("utf-8")
ORIGINAL = (EXAMPLES / "harbor" / "original.txt").read_text("utf-8")
OTHER = (EXAMPLES / "battery" / "original.txt").read_text("utf-8")


@cache
def detector() -> Detector:
    """A detector, loaded once for all tests in a process."""
    return Detector.load()


@contextmanager
def running(folder: Path, **settings: Any) -> Iterator[TestClient]:
    """A service with one worker and an archive, and a client of it."""
    chosen = replace(ServiceSettings(data=folder, archive=folder / "archive", workers=1), **settings)
    app = create_app(chosen)
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as client:
        service_in(client).crew.ready.wait(180.0)  # on a busy machine loading takes longer than a request may
        yield client


def awaited(work: Coroutine[Any, Any, Any]) -> Any:
    """What a coroutine gives, in a thread of its own: Playwright leaves a running loop in the one of the tests."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def service_in(client: TestClient) -> Service:
    """The service behind a client."""
    found: Service = client.app.state.service  # type: ignore[attr-defined]
    return found


def pair(**more: Any) -> dict[str, Any]:
    """A request that compares the spun example with its original."""
    return {"suspect": {"text": SPUN}, "reference": {"text": ORIGINAL}, **more}


def article(number: int, text: str = ORIGINAL) -> dict[str, Any]:
    """An article to archive."""
    return {
        "id": f"a{number}",
        "text": text,
        "title": f"Story {number}",
        "url": f"https://news.example/{number}",
        "outlet": "The Example",
        "published": "2024-03-01",
    }
