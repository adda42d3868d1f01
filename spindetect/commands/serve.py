"""The service, its API keys and the accounts of its desk."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spindetect.commands.streams import FAILED, FINE, complain, write_output
from spindetect.errors import SpindetectError, needed

if TYPE_CHECKING:
    from spindetect.service.settings import ServiceSettings
    from spindetect.service.store import Store

PACKAGES = (
    *("fastapi", "uvicorn", "httptools", "pydantic", "python_multipart"),
    *("sqlalchemy", "alembic", "argon2", "prometheus_client", "httpx"),
)


def serve_desk(data: Path, database: str | None, options: Mapping[str, Any]) -> int:
    """Run the service until it is told to end.

    Raises `SpindetectError` when others than this machine could reach it and there is no API key yet.
    """
    settings = _settings(data, database, options)
    from spindetect.desk.app import create_desk
    from spindetect.service.keys import Keys
    from spindetect.service.serving import serve as listen

    if settings.user_header and not settings.proxies:
        raise SpindetectError("--user-header takes --proxy: without it anybody could say who they are.")
    store = _store(settings)
    unguarded = not settings.on_loopback and not Keys(store).any()
    store.close()
    if unguarded:
        raise SpindetectError(
            f"{settings.host} can be reached from other machines, and there is no API key yet. "
            f"Make one first: spindetect keys add NAME --scope score --data {settings.data}"
        )
    sys.stderr.write(f"spindetect: listening on http://{settings.host}:{settings.port}, the desk at /desk\n")
    listen(create_desk(settings), settings)
    return FINE


def add_key(data: Path, database: str | None, name: str, scopes: Sequence[str]) -> int:
    """Make an API key and show it, this once."""
    settings = _settings(data, database)
    from spindetect.service.keys import Keys

    write_output(f"{Keys(_store(settings)).add(name, scopes)}\n")
    return FINE


def list_keys(data: Path, database: str | None) -> int:
    """List the API keys, without their secrets."""
    settings = _settings(data, database)
    from spindetect.service.keys import Keys

    for key in Keys(_store(settings)).list():
        made = datetime.fromtimestamp(key.created, UTC).strftime("%Y-%m-%d %H:%M")
        state = "valid" if key.revoked is None else "revoked"
        write_output(f"{key.id}  {made}  {state:7}  {','.join(key.scopes):20}  {key.name}\n")
    return FINE


def revoke_key(data: Path, database: str | None, id: str) -> int:
    """Make an API key invalid for good."""
    settings = _settings(data, database)
    from spindetect.service.keys import Keys

    Keys(_store(settings)).revoke(id)
    return FINE


def add_user(data: Path, database: str | None, name: str, role: str) -> int:
    """Make an account for the desk, or give one a new role and password; show the password, this once."""
    settings = _settings(data, database)
    from spindetect.desk.accounts import Accounts

    password = Accounts(_store(settings), settings.session_seconds).add(name, role)
    write_output(f"{name} ({role}), password: {password}\n")
    return FINE


def verify_decisions(data: Path, database: str | None, seal: str) -> int:
    """Say whether the record of decisions is as it was made; exit code 2 when it was changed."""
    settings = _settings(data, database)
    from spindetect.service.chain import verify

    if database is None and not (data / "service.db").exists():
        raise SpindetectError(f"{data} has no database of a service. Name its folder with --data.")
    with _store(settings).reading() as read:
        found = verify(read, seal, evidence=True)
    for fault in found.faults:
        complain(fault)
    if not found.faults:
        write_output(f"{found.events:,} events, all as they were sealed. The last seal: {found.seal}\n")
    return FAILED if found.faults else FINE


def _settings(data: Path, database: str | None, options: Mapping[str, Any] | None = None) -> ServiceSettings:
    """The service's settings; raises `MissingExtra` unless what it takes is installed."""
    for package in PACKAGES:
        needed(package, "run the service", "service")
    from spindetect.service.settings import ServiceSettings

    chosen = dict(options or {})
    chosen["workers"] = chosen.get("workers") or os.cpu_count() or 1
    return ServiceSettings(data=data, database=database, **chosen)


def _store(settings: ServiceSettings) -> Store:
    """The service's database, made if there is none."""
    from spindetect.service.store import Store

    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Store(settings.database_url)
