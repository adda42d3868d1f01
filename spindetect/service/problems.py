"""What can go wrong, as problem details (RFC 9457) with codes that stay: the one table of them.

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


KINDS: Mapping[str, Kind] = {
    row[0]: Kind(*row)
    for row in (
        ("malformed", 400, "The body isn't what its content type says", "Send valid JSON or a valid form."),
        ("unauthenticated", 401, "No API key, or one that isn't valid", "Send Authorization: Bearer KEY."),
        ("forbidden", 403, "The key doesn't allow this", "Use a key with the scope that the detail names."),
        ("wrong_host", 403, "The request came under another name", "Start the service with --allow-host NAME."),
        (
            "cross_site",
            403,
            "The request came from another website",
            "Call the service from a program, with a key.",
        ),
        ("not_found", 404, "There is no such thing", "Check the address and the id."),
        ("not_allowed", 405, "The address takes another method", "The Allow header says which."),
        ("body_too_slow", 408, "The body didn't arrive in time", "Send it faster, or in smaller pieces as a job."),
        ("no_archive", 409, "The service has no archive yet", "Add articles with POST /v1/archive/articles."),
        ("key_reused", 409, "The idempotency key was used for something else", "Use a new key for a new request."),
        ("in_progress", 409, "The same request is being answered", "Wait, then repeat it with the same key."),
        ("too_large", 413, "The body is larger than is taken", "Send less, or several requests."),
        ("wrong_media_type", 415, "The body's content type isn't taken", "Send JSON or a multipart form."),
        ("invalid", 422, "A field isn't what it must be", "The errors say which, and what was expected."),
        ("unreadable_article", 422, "An article can't be read", "The detail says why."),
        ("link_refused", 422, "A link isn't followed", "Give the address of a public page, or the text itself."),
        ("busy", 429, "Too many requests wait", "Come again after Retry-After seconds."),
        ("internal", 500, "The service has a fault", "Report it, with what the log says."),
        ("archive_busy", 503, "Somebody else writes to the archive", "Come again after Retry-After seconds."),
        ("archive_damaged", 503, "The archive can't be read", "Run spindetect archive verify on it."),
        ("not_ready", 503, "No worker is ready", "Come again after Retry-After seconds; see /readyz."),
        ("worker_died", 503, "The process at work died, twice", "It may need more memory. Shorten the texts."),
        ("took_too_long", 504, "The work took longer than a request may", "Shorten the texts, or send a job."),
    )
}

_CODES: tuple[tuple[type[SpindetectError], str], ...] = (
    (Busy, "busy"),
    (TookTooLong, "took_too_long"),
    (WorkerDied, "worker_died"),
    (UnreadableLink, "link_refused"),
    (UnreadableArticle, "unreadable_article"),
    (MissingExtra, "unreadable_article"),
    (NoArchive, "no_archive"),
    (ArchiveBusy, "archive_busy"),
    (InvalidArchive, "archive_damaged"),
    (InvalidModel, "not_ready"),
    (SpindetectError, "unreadable_article"),
)


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
