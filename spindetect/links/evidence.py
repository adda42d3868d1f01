"""Keeping what was fetched, as evidence: a WARC file with each answer, its time and its SHA-256, by warcio."""

from __future__ import annotations

import re
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from spindetect.errors import SpindetectError, needed
from spindetect.files import whole_file

if TYPE_CHECKING:
    from spindetect.links.connection import Fetched

# The body is kept unpacked, as it was read; what these say of the way it came no longer holds.
_OF_THE_WAY = frozenset({"content-encoding", "transfer-encoding", "content-length"})
_LONGEST_NAME = 60


def require_warcio() -> Any:
    """The package warcio's writer; raises `MissingExtra` when it isn't installed."""
    return needed("warcio.warcwriter", "keep what is fetched", "documents")


def keep(fetched: Fetched, folder: str) -> Path:
    """Write what was fetched to a file of its own in ``folder``, which is made; the file's path.

    Raises `SpindetectError` when it can't be written.
    """
    digest = fetched.sha256
    stem = re.sub(r"[^A-Za-z0-9.-]+", "-", fetched.url.host + fetched.url.target)[:_LONGEST_NAME].strip("-.")
    path = Path(folder) / f"{stem}-{fetched.when.replace(':', '')}-{digest[:12]}.warc.gz"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as stream:
            write_records(fetched, stream)
    except OSError as error:
        raise SpindetectError(
            f"cannot keep what was fetched in {folder}: {error.strerror}. Name a folder that may be written to."
        ) from error
    return path


def write_records(fetched: Fetched, stream: IO[bytes]) -> None:
    """Write a record for each answer, redirects first; the last one's payload digest is its SHA-256."""
    from warcio.statusandheaders import StatusAndHeaders

    writer = require_warcio().WARCWriter(stream, gzip=True, warc_version="1.1")
    for answer in fetched.answers:
        headers = [
            (f"X-Crawler-{name}" if name.lower() in _OF_THE_WAY else name, value) for name, value in answer.headers
        ]
        headers.append(("Content-Length", str(len(answer.body))))
        record = writer.create_warc_record(
            answer.url.address,
            "response",
            payload=BytesIO(answer.body),
            length=len(answer.body),  # without it warcio puts a digest of its own
            http_headers=StatusAndHeaders(f"{answer.status} {answer.reason}", headers, protocol="HTTP/1.1"),
            warc_headers_dict={
                "WARC-Date": fetched.when,
                "WARC-IP-Address": answer.ip,
                "WARC-Payload-Digest": f"sha256:{sha256(answer.body).hexdigest()}",
            },
        )
        writer.write_record(record)
