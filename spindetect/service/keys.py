"""API keys: shown once, kept as a hash, each for some scopes."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic, time

from sqlalchemy import select

from spindetect.errors import SpindetectError
from spindetect.service.store import Store, note
from spindetect.service.tables import api_keys

SCOPES = ("score", "archive", "review", "admin")
"""The rights of a key: scoring and jobs; changing the archive; cases and decisions; keys, webhooks, all."""

_REMEMBERED = 2.0  # seconds for which a key that was valid is not looked up again, and a revoked one still works
_LOCAL = "local"


@dataclass(frozen=True, slots=True)
class Caller:
    """The sender of a request, and their rights."""

    name: str
    scopes: frozenset[str]

    def may(self, scope: str) -> bool:
        """Whether the caller has a scope; ``admin`` has all."""
        return scope in self.scopes or "admin" in self.scopes


@dataclass(frozen=True, slots=True)
class KeyInfo:
    """The public facts about a key; ``revoked`` is None while it is valid."""

    id: str
    name: str
    scopes: tuple[str, ...]
    created: float
    revoked: float | None


class Keys:
    """The keys in a store. Threads may share one."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, tuple[float, Caller]] = {}

    def add(self, name: str, scopes: Sequence[str], actor: str = "command line") -> str:
        """Make a key; this is the only time that it is shown. Raises `SpindetectError` for an unknown scope."""
        wrong = [scope for scope in scopes if scope not in SCOPES]
        if wrong or not scopes:
            raise SpindetectError(
                f"a key's scopes are some of {', '.join(SCOPES)}; found {', '.join(wrong) or 'none'}."
            )
        id, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
        with self._store.writing() as write:
            values = {
                "id": id,
                "digest": _digest(secret),
                "name": name[:200],
                "scopes": " ".join(dict.fromkeys(scopes)),
            }
            write.execute(api_keys.insert().values(**values, created=time()))
            note(write, actor, "key added", f"{id} ({name}): {' '.join(scopes)}")
        return f"sd_{id}_{secret}"

    def list(self) -> list[KeyInfo]:
        """All keys, also those that were revoked."""
        with self._store.reading() as read:
            rows = read.execute(select(api_keys).order_by(api_keys.c.created)).all()
        return [KeyInfo(row.id, row.name, tuple(row.scopes.split()), row.created, row.revoked) for row in rows]

    def revoke(self, id: str, actor: str = "command line") -> None:
        """Make a key invalid for good; raises `SpindetectError` when there is none, or it is revoked already."""
        with self._store.writing() as write:
            valid = (api_keys.c.id == id) & api_keys.c.revoked.is_(None)
            if not write.execute(api_keys.update().where(valid).values(revoked=time())).rowcount:
                raise SpindetectError(f"there is no valid key {id!r}. See: spindetect keys list")
            note(write, actor, "key revoked", id)
        self._known.clear()

    def any(self) -> bool:
        """Whether there is a valid key."""
        with self._store.reading() as read:
            return (
                read.execute(select(api_keys.c.id).where(api_keys.c.revoked.is_(None)).limit(1)).first() is not None
            )

    def remembered(self, key: str | None) -> Caller | None:
        """Whose key it is, if that was looked up a moment ago."""
        known = self._known.get(key or _LOCAL)
        return known[1] if known and monotonic() - known[0] < _REMEMBERED else None

    def caller(self, key: str | None) -> Caller | None:
        """Whose key it is; None for one that isn't valid.

        Without any key in the store, all is open to this machine.
        """
        marker = key or _LOCAL
        if known := self.remembered(key):
            return known
        caller = self._looked_up(key)
        if caller:
            if len(self._known) > 1000:
                self._known.clear()
            self._known[marker] = (monotonic(), caller)
        return caller

    def _looked_up(self, key: str | None) -> Caller | None:
        if key is None:
            return None if self.any() else Caller(_LOCAL, frozenset({"admin"}))
        mark, id, secret = [*key.split("_", 2), "", ""][:3]
        with self._store.reading() as read:
            row = read.execute(select(api_keys).where(api_keys.c.id == id)).first()
        # Compared also where there is no such key, so that the time says nothing.
        same = hmac.compare_digest(_digest(secret), row.digest if row else _digest(""))
        if mark != "sd" or row is None or not same or row.revoked is not None:
            return None
        return Caller(f"key {row.name} ({row.id})", frozenset(row.scopes.split()))


def _digest(secret: str) -> str:
    # The secret is 256 random bits, so that there is nothing to guess that a slow hash would make slower.
    return hashlib.sha256(secret.encode()).hexdigest()
