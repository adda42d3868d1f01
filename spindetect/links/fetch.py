"""From a link to what it leads to: each redirect checked as the link itself was."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus

from spindetect.errors import UnreadableLink
from spindetect.links.addresses import Refused
from spindetect.links.connection import NOT_MODIFIED, Answer, Fetched, LinkLimits, ask
from spindetect.links.hosts import AGENT, host_of
from spindetect.links.url import URL
from spindetect.settings import Settings

_REDIRECTS = 10
_MOVED = (301, 302, 303, 307, 308)
_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def fetch(url: URL, settings: Settings, known: Mapping[str, str] | None = None) -> Fetched:
    """Fetch what a link leads to; ``known`` are headers that ask for it only if it changed.

    Raises `UnreadableLink`, which says why, for what can't or may not be fetched. With ``settings.evidence`` what
    was fetched is kept there.
    """
    if settings.evidence is not None:
        from spindetect.links.evidence import require_warcio

        require_warcio()
    answers: list[Answer] = []
    try:
        _follow(url, settings, known or {}, answers)
    except Refused as refused:
        way = ""
        if answers:
            last = answers[-1]
            location = last.header("location") if last.status in _MOVED else last.url.address
            way = f" (it leads to {location[:300]})" if location and location != url.address else ""
        raise UnreadableLink(f"cannot read {url}{way}: {refused}.") from refused
    fetched = Fetched(url, tuple(answers), datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    if settings.evidence is not None and not fetched.unchanged:
        from spindetect.links.evidence import keep

        keep(fetched, settings.evidence)
    return fetched


def _follow(url: URL, settings: Settings, known: Mapping[str, str], answers: list[Answer]) -> None:
    """Ask, and ask again where the server says, until something is there; ``answers`` grows."""
    headers = {"User-Agent": AGENT, "Accept": _ACCEPT, "Accept-Encoding": "gzip, deflate"}
    headers |= {"Connection": "close", **known}
    seen: set[str] = set()
    spent = 0.0
    while True:
        if url.address in seen:
            raise Refused("it is redirected in a circle")
        if len(seen) > _REDIRECTS:
            raise Refused(f"it is redirected more than {_REDIRECTS} times")
        seen.add(url.address)
        host = host_of(url.origin)
        if not settings.ignore_robots:
            host.check_allowed(url, settings.allow_private)
        with host.turn():
            begun = time.monotonic()
            limits = LinkLimits(
                settings.link_seconds,
                settings.link_bytes,
                settings.allow_private,
                until=begun + settings.link_seconds - spent,
            )
            answer = ask(url, headers, limits)
            spent += time.monotonic() - begun
        answers.append(answer)
        if answer.status in _MOVED and answer.header("location"):
            try:
                url = url.joined(answer.header("location"))
            except UnreadableLink as error:
                raise Refused(f"it leads to no web address ({answer.header('location')[:200]!r})") from error
            continue
        if answer.status != 200 and not (answer.status == NOT_MODIFIED and known):
            raise Refused(_said(answer))
        return


def _said(answer: Answer) -> str:
    """[the server says 404 (Not Found). Check the link]"""
    try:
        phrase = HTTPStatus(answer.status).phrase
    except ValueError:
        phrase = answer.reason[:60]
    advice = {
        404: "Check the link",
        410: "Look for it in an archive of the web",
        429: "Try later",
        503: "Try later",
    }
    closed = "It isn't for everybody; save the page yourself" if answer.status in (401, 402, 403, 451) else ""
    return f"the server says {answer.status} ({phrase}). {closed or advice.get(answer.status, 'Check the link')}"
