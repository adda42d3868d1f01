"""Possible faults, as problem details (RFC 9457) with codes that stay; ``problems.toml`` has them all.

A problem's ``type`` is ``/problems/CODE``, where the service itself explains it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from starlette.responses import JSONResponse

from spindetect.errors import (
    ArchiveBusy,
    InvalidArchive,
    InvalidModel,
    MissingExtra,
    SpindetectError,
    UnreadableArticle,
    UnreadableLink,
)
from spindetect.files import shipped_table
from spindetect.service.crew import Busy, TookTooLong, WorkerDied
from spindetect.service.work import NoArchive

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its code, the HTTP status, a title, and what to do about it."""

    code: str
    status: int
    title: str
    advice: str


KINDS: Mapping[str, Kind] = {code: Kind(code, *row) for code, row in shipped_table("service/problems.toml").items()}

_CODES: tuple[tuple[type[SpindetectError], str], ...] = (
    (Busy, "busy"), (TookTooLong, "took_too_long"), (WorkerDied, "worker_died"), (UnreadableLink, "link_refused"),
    (UnreadableArticle, "unreadable_article"), (MissingExtra, "unreadable_article"), (NoArchive, "no_archive"),
    (ArchiveBusy, "archive_busy"), (InvalidArchive, "archive_damaged"), (InvalidModel, "not_ready"),
    (SpindetectError, "unreadable_article"),
)  # fmt: skip


class Problem(SpindetectError):
    """Something that is answered with problem details."""

    def __init__(
        self,
        code: str,
        detail: str,
        errors: list[dict[str, Any]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.kind = KINDS[code]
        self.errors = errors
        self.headers = dict(headers or {})

    def to_dict(self) -> dict[str, Any]:
        """The members of the problem details."""
        said = {
            "type": f"/problems/{self.kind.code}",
            "title": self.kind.title,
            "status": self.kind.status,
            "code": self.kind.code,
            "detail": str(self),
        }
        return said if self.errors is None else {**said, "errors": self.errors}

    def response(self) -> JSONResponse:
        """The answer."""
        return JSONResponse(self.to_dict(), self.kind.status, self.headers, MEDIA_TYPE)


def problem_of(error: SpindetectError) -> Problem:
    """The problem that an error is to the one who asked."""
    if isinstance(error, Problem):
        return error
    code = next(code for kind, code in _CODES if isinstance(error, kind))
    again = {429: str(getattr(error, "seconds", 1)), 503: "5"}.get(KINDS[code].status)
    return Problem(code, str(error), headers={"Retry-After": again} if again else None)


def from_status(status: int, detail: str, headers: Mapping[str, str] | None) -> Problem:
    """The problem for what the framework itself refuses: an unknown address, another method."""
    code = {404: "not_found", 405: "not_allowed", 400: "malformed"}.get(status, "internal")
    return Problem(code, detail or HTTPStatus(status).phrase, headers=headers)
