"""How a host is treated: one request at a time, a pause between two, nothing that its robots.txt forbids."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from threading import Lock
from typing import Any

from spindetect.links.addresses import Refused
from spindetect.links.connection import LinkLimits, ask
from spindetect.links.url import URL
from spindetect.version import __version__

AGENT = f"spindetect/{__version__}"
PAUSE = 1.0  # seconds between two requests to one host, unless its robots.txt asks for more
_LONGEST_PAUSE = 60.0
_ROBOTS_BYTES = 500_000  # RFC 9309 has at least so many read
_ROBOTS_SECONDS = 15.0
_ROBOTS_REDIRECTS = 5
_LONG, _UNASKED = 1.0, 300.0  # a robots.txt that isn't to be had after so many seconds isn't asked for for so many


class Host:
    """A host, its turn, and its rules."""

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._turn = Lock()
        self._last = 0.0
        self._rules: Any = None  # Protego's
        self._no_rules: tuple[float, str] | None = None  # until when they needn't be asked for again, and why
        self._pause = PAUSE

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait until nobody else asks this host, and until it had its pause."""
        with self._turn:
            time.sleep(max(0.0, self._last + self._pause - time.monotonic()))
            try:
                yield
            finally:
                self._last = time.monotonic()

    def check_allowed(self, url: URL, allow_private: bool) -> None:
        """Raise `Refused` when the host's robots.txt forbids the link, or can't be had (RFC 9309)."""
        with self._turn:
            if self._no_rules and time.monotonic() < self._no_rules[0]:
                raise Refused(self._no_rules[1])
            if self._rules is None:
                begun = time.monotonic()
                try:
                    self._rules = _rules(URL(f"{self._origin}/robots.txt"), allow_private)
                except Refused as refused:
                    if time.monotonic() - begun > _LONG:  # a feed may name thousands of pages of such a host
                        self._no_rules = time.monotonic() + _UNASKED, str(refused)
                    raise
                self._pause = max(PAUSE, min(_LONGEST_PAUSE, self._rules.crawl_delay(AGENT) or 0.0))
        if not self._rules.can_fetch(url.address, AGENT):
            raise Refused(f"{self._origin}/robots.txt forbids it. Save the page yourself, or give --ignore-robots")


@lru_cache(maxsize=1024)
def host_of(origin: str) -> Host:
    """The host of an origin, the same one whenever it is asked for."""
    return Host(origin)


def _rules(url: URL, allow_private: bool) -> Any:
    from protego import Protego

    limits = LinkLimits(_ROBOTS_SECONDS, _ROBOTS_BYTES, allow_private, time.monotonic() + _ROBOTS_SECONDS)
    for _ in range(_ROBOTS_REDIRECTS + 1):
        answer = ask(url, {"User-Agent": AGENT, "Accept-Encoding": "gzip, deflate"}, limits)
        if 300 <= answer.status < 400 and answer.header("location"):
            url = url.joined(answer.header("location"))
            continue
        if answer.status >= 500 or answer.status == 429:
            raise Refused(
                f"{url} can't be had ({answer.status}), so it isn't known what may be fetched. Try later, or "
                "give --ignore-robots"
            )
        text = answer.body if 200 <= answer.status < 300 else b""  # without a robots.txt all is allowed
        return Protego.parse(text.decode("utf-8", "replace"))
    return Protego.parse("")
