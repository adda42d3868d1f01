"""The people who work at the desk: accounts with a role, their passwords, and sessions."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic, time
from typing import Any, Literal, get_args

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, Row, func, select
from sqlalchemy.exc import IntegrityError

from spindetect.errors import SpindetectError
from spindetect.service.store import Store, note
from spindetect.service.tables import sessions, users

Role = Literal["moderator", "lead", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
"""A moderator decides; a lead also assigns to others, undoes what others did, and sees how model and moderators
agree; an admin also keeps the accounts."""

_NAME = re.compile(r"[\w.@+-]{1,60}")
_SHORTEST = 10  # characters of a password
_TRIES, _PAUSE = 5, 300.0  # wrong passwords for a name, and seconds until it may be tried again


class TooManyTries(SpindetectError):
    """A name's password was given wrong too often."""


@dataclass(frozen=True, slots=True)
class User:
    """Somebody at the desk, with what their pages must send back (``csrf``)."""

    id: int
    name: str
    role: Role
    csrf: str = ""

    def is_at_least(self, role: Role) -> bool:
        """Whether the user has a role or one above it."""
        return ROLES.index(self.role) >= ROLES.index(role)


class Accounts:
    """The accounts in a store. Threads may share one."""

    def __init__(self, store: Store, session_seconds: float) -> None:
        self._store = store
        self._seconds = session_seconds
        self._hasher = PasswordHasher()
        self._nobody = self._hasher.hash(secrets.token_hex())
        self._wrong: dict[str, list[float]] = {}

    # --- accounts -----------------------------------------------------------------

    def add(self, name: str, role: str, password: str | None = None, actor: str = "command line") -> str:
        """Make an account, or give one that is there a new role and password; the password.

        Raises `SpindetectError` for a name, role or password that can't be one.
        """
        if role not in ROLES or not _NAME.fullmatch(name):
            raise SpindetectError(
                f"found the name {name[:60]!r} and the role {role[:20]!r}; expected 1 to 60 letters, digits or "
                f". @ + - _, and one of {', '.join(ROLES)}."
            )
        chosen = password or secrets.token_urlsafe(12)
        if len(chosen) < _SHORTEST:
            raise SpindetectError(f"a password has at least {_SHORTEST} characters.")
        values: dict[str, Any] = {"password": self._hasher.hash(chosen), "role": role, "disabled": False}
        with self._store.writing() as write:
            there = write.execute(users.update().where(users.c.name == name).values(**values)).rowcount
            if there:
                self._end_all(write, name)
            else:
                try:
                    write.execute(users.insert().values(name=name, created=time(), **values))
                except IntegrityError as error:
                    raise SpindetectError(f"{name} is being added by somebody else.") from error
            note(write, actor, "account renewed" if there else "account added", f"{name}: {role}")
        return chosen

    def change(self, name: str, role: str | None, disabled: bool | None, actor: str) -> None:
        """Give somebody another role, or close or open their account; their sessions end."""
        values = {"role": role if role in ROLES else None, "disabled": disabled}
        chosen = {key: value for key, value in values.items() if value is not None}
        with self._store.writing() as write:
            if chosen and write.execute(users.update().where(users.c.name == name).values(**chosen)).rowcount:
                self._end_all(write, name)
                note(write, actor, "account changed", f"{name}: {chosen}")

    def all(self) -> Sequence[Row[Any]]:
        """All accounts, by name."""
        with self._store.reading() as read:
            return read.execute(select(users).order_by(users.c.name)).all()

    def any(self) -> bool:
        """Whether there is an account."""
        with self._store.reading() as read:
            return bool(read.execute(select(func.count()).select_from(users)).scalar())

    # --- signing in ---------------------------------------------------------------

    def check(self, name: str, password: str) -> User | None:
        """Whose name and password these are; None when they don't fit. Raises `TooManyTries`."""
        now = monotonic()
        wrong = [at for at in self._wrong.get(name, ()) if now - at < _PAUSE]
        if len(wrong) >= _TRIES:
            raise TooManyTries(f"too many wrong passwords for this name. Try again in {_PAUSE / 60:.0f} minutes.")
        with self._store.reading() as read:
            row = read.execute(select(users).where(users.c.name == name)).first()
        try:  # a hash is checked also for a name that isn't there, so that the time says nothing
            fits: bool = self._hasher.verify((row and row.password) or self._nobody, password[:1000])
        except (VerificationError, InvalidHashError):
            fits = False
        if not fits or row is None or row.disabled or not row.password:
            if len(self._wrong) > 10_000:
                self._wrong.clear()
            self._wrong[name] = [*wrong, now]
            return None
        self._wrong.pop(name, None)
        return User(row.id, row.name, row.role)

    def named(self, name: str) -> User | None:
        """The account of somebody whom a proxy has let in; None when there is none, or it is closed."""
        with self._store.reading() as read:
            row = read.execute(select(users).where(users.c.name == name, users.c.disabled.is_(False))).first()
        return User(row.id, row.name, row.role) if row else None

    # --- sessions -----------------------------------------------------------------

    def begin(self, user: User) -> tuple[str, User]:
        """A new session: the cookie, and the user with what their pages must send back."""
        token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        with self._store.writing() as write:
            write.execute(sessions.delete().where(sessions.c.created < time() - self._seconds))
            row = {"digest": _digest(token), "user_id": user.id, "csrf": csrf, "created": time()}
            write.execute(sessions.insert().values(**row))
            note(write, user.name, "signed in", "desk")
        return token, User(user.id, user.name, user.role, csrf)

    def at(self, token: str) -> User | None:
        """Whose session a cookie stands for."""
        valid = (sessions.c.digest == _digest(token)) & (sessions.c.created >= time() - self._seconds)
        found = (
            select(users.c.id, users.c.name, users.c.role, sessions.c.csrf)
            .join(users, users.c.id == sessions.c.user_id)
            .where(valid, users.c.disabled.is_(False))
        )
        with self._store.reading() as read:
            row = read.execute(found).first()
        return User(row.id, row.name, row.role, row.csrf) if row else None

    def end(self, token: str) -> None:
        """End a session."""
        with self._store.writing() as write:
            write.execute(sessions.delete().where(sessions.c.digest == _digest(token)))

    def _end_all(self, write: Connection, name: str) -> None:
        """End all sessions of somebody."""
        theirs = select(users.c.id).where(users.c.name == name).scalar_subquery()
        write.execute(sessions.delete().where(sessions.c.user_id == theirs))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
