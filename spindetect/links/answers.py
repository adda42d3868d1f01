"""What a link led to."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from spindetect.links.connection import Answer
from spindetect.links.url import URL

NOT_MODIFIED = 304


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a link led to: every answer on the way, the last of which has the body, and when it came.

    ``unchanged`` says that it is as it was when it was fetched before, and so has no body.
    """

    url: URL
    answers: tuple[Answer, ...]
    when: str

    @property
    def answer(self) -> Answer:
        """The last one."""
        return self.answers[-1]

    @property
    def body(self) -> bytes:
        """What was fetched."""
        return self.answer.body

    @property
    def media_type(self) -> str:
        """What the server says that it is, as ``text/html; charset=utf-8``; "" if it doesn't."""
        return self.answer.header("content-type")

    @property
    def unchanged(self) -> bool:
        """Whether nothing changed since ``known``."""
        return self.answer.status == NOT_MODIFIED

    @property
    def sha256(self) -> str:
        """The SHA-256 of what was fetched, in hexadecimal digits."""
        return sha256(self.body).hexdigest()
