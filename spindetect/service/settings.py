"""A running service's settings: where it listens and keeps things, and the limits of a request."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from spindetect.settings import Settings

LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """Settings of one service.

    ``data`` is the folder of the embedded database, ``database`` the URL of another one (None: SQLite in
    ``data``). ``archive`` is made when the first article is added. ``waiting`` requests may wait for a worker;
    more are told to come again. ``hosts`` are the names under which the service is reached besides the
    loopback's. With ``user_header``, a proxy at one of the addresses in ``proxies`` says in it who is at the
    desk. A suspect with a score or a reuse of ``case_at`` (0 to 100) becomes a case; ``keep_days`` after a case
    was decided its texts are deleted (None: never).
    """

    data: Path
    database: str | None = None
    archive: Path | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    waiting: int = 32
    max_bytes: int = 8_000_000  # of a request's body
    body_seconds: float = 20.0  # for a body to arrive
    work_seconds: float = 60.0  # for a comparison, waiting for a worker included
    max_items: int = 10_000  # of a job
    hosts: tuple[str, ...] = ()
    proxies: tuple[str, ...] = ()
    user_header: str | None = None
    secure_cookies: bool = False
    session_seconds: float = 12 * 3600.0
    case_at: float = 50.0
    keep_days: float | None = None
    # Shorter than what the command line takes: two texts of so many words take some two seconds.
    detector: Settings = field(
        default_factory=lambda: Settings(
            max_characters=500_000, max_words=40_000, link_seconds=20.0, link_bytes=8_000_000
        )
    )

    @property
    def database_url(self) -> str:
        """Where the cases, jobs, keys and accounts are."""
        return self.database or f"sqlite:///{self.data / 'service.db'}"

    @property
    def on_loopback(self) -> bool:
        """Whether only this machine can reach the service."""
        return self.host in LOOPBACK
