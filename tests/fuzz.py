"""Fuzz what takes other people's bytes, guided by coverage.

    pip install 'spindetect[fuzz]'
    python tests/fuzz.py TARGET [FOLDER...] [-max_total_time=600 and other options of libFuzzer]

TARGET is one of the functions below. FOLDER keeps what was found to reach new code, and is begun from when
it is given again. A crash, a broken property of `properties`, an input of 20 seconds and one of 2 GB are
each written to a file, which given in place of the folder is tried again. Only the package's
own Python, and that of what it reads PDF, RTF and crawls with, is instrumented. A target that reads a format begins
with what ``tests/samples.py`` has of it and with what broke it before (``tests/fuzzed``).
"""

from __future__ import annotations

import gzip
import io
import sys
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache, partial
from io import BytesIO
from pathlib import Path
from typing import Any

import atheris
import httpx
from samples import SAMPLES

with atheris.instrument_imports(include=["spindetect", "pypdf", "striprtf", "warcio"]):
    from properties import (
        ENDINGS,
        check,
        check_comparing,
        check_reading,
        check_records,
        check_segmenting,
        check_views,
        detector,
    )

    from spindetect import Article
    from spindetect.archive.inputs import record_of
    from spindetect.archive.records import Record
    from spindetect.read.article import article_from_text
    from spindetect.read.entries import REPORT_BUG, unread_entries
    from spindetect.read.format import BadRecord
    from spindetect.read.formats import FORMATS

_LIMITS = ("-timeout=20", "-rss_limit_mb=2048", "-max_len=4000")
EVERY_ENDING = [ending for row in FORMATS for ending in row.endings]
_FORMS = ("text", "markdown", "html")
_PARTS = {".docx": "word/document.xml", ".odt": "content.xml", ".epub": "a.xhtml"}
_BESIDE = {
    "content.xml": (("mimetype", b"application/vnd.oasis.opendocument.text"),),
    "a.xhtml": (
        ("mimetype", b"application/epub+zip"),
        ("META-INF/container.xml", b"<container><rootfile full-path='b.opf'/></container>"),
        (
            "b.opf",
            b"<package><item id='a' href='a.xhtml' media-type='application/xhtml+xml'/>"
            b"<itemref idref='a'/></package>",
        ),
    ),
}
_KEPT = Path(__file__).parent / "fuzzed"


def _article(provider: atheris.FuzzedDataProvider) -> Article:
    """An article of any text, format and name."""
    text = provider.ConsumeUnicode(provider.ConsumeIntInRange(0, 1_000))
    return article_from_text(text, provider.ConsumeUnicode(8) or "x", provider.PickValueInList(list(_FORMS)))


def reading(data: bytes) -> None:
    """Files of bytes, with any ending."""
    if data:
        check_reading(data[1:], ENDINGS[data[0] % len(ENDINGS)])


def segmenting(data: bytes) -> None:
    """Any text in any format."""
    check_segmenting(_article(atheris.FuzzedDataProvider(data)))


def comparing(data: bytes) -> None:
    """Two texts; the second may take pieces of the first, so that something aligns."""
    provider = atheris.FuzzedDataProvider(data)
    suspect = _article(provider)
    words = suspect.text.split()
    taken = [provider.PickValueInList(words) for _ in range(provider.ConsumeIntInRange(0, 60))] if words else []
    check_comparing(suspect, article_from_text(" ".join([*taken, _article(provider).text])))


def views(data: bytes) -> None:
    """Texts, names and warnings in every view."""
    provider = atheris.FuzzedDataProvider(data)
    suspect, reference = _article(provider), _article(provider)
    warning = provider.ConsumeUnicode(20)
    hostile = Article(suspect.text, suspect.name, suspect.format, warning, suspect.marks, (warning,), warning)
    check_views(check(detector().compare(hostile, reference)))


def records(data: bytes) -> None:
    """JSON lines."""
    check_records(data)


def formats(data: bytes) -> None:
    """Files of every format that is read, by their endings; what is found is articles or errors of ours."""
    if data:
        of_format(EVERY_ENDING[data[0] % len(EVERY_ENDING)], data[1:])


def of_format(ending: str, data: bytes) -> None:
    """Files of one format; XML that is packed in documents is packed here, as no fuzzer learns to."""
    if (part := _PARTS.get(ending)) and not data.startswith(b"PK"):
        data = _zipped(part, data)
    for item in unread_entries(BytesIO(data), f"x{ending}", 100_000):
        found = record_of(item, {}, 100_000)
        assert isinstance(found, Record) or (isinstance(found, BadRecord) and REPORT_BUG not in found.reason)


def _zipped(part: str, data: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as bundle:
        for name, content in (*_BESIDE.get(part, ()), (part, data)):
            bundle.writestr(name, content)
    return stream.getvalue()


@cache
def _client() -> Any:
    """A client of a service that goes on until the process ends."""
    from serving import running

    return running(Path(tempfile.mkdtemp())).__enter__()


def service(data: bytes) -> None:
    """Requests to the HTTP service, of any method, address and body: it never fails, whatever it is asked."""
    provider = atheris.FuzzedDataProvider(data)
    method = provider.PickValueInList(["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD"])
    path = provider.PickValueInList(_paths())
    if provider.ConsumeBool():
        path += provider.ConsumeUnicodeNoSurrogates(20)
    media_type = provider.PickValueInList(["application/json", "multipart/form-data; boundary=a", "text/plain", ""])
    body = provider.ConsumeBytes(2_000)
    with suppress(httpx.InvalidURL, UnicodeEncodeError):
        headers = {"content-type": media_type} if media_type else {}
        answer = _client().request(method, path, content=body, headers=headers)
        assert answer.status_code in (503, 504) or answer.status_code < 500, (method, path, body, answer.text)


@cache
def _paths() -> list[str]:
    return sorted(path.replace("{", "").replace("}", "") for path in _client().app.openapi()["paths"])


def packed(data: bytes) -> None:
    """Compressed JSON lines: those that aren't packed are packed here, as no fuzzer learns to."""
    check_records(data if data.startswith(b"\x1f\x8b") else gzip.compress(data), ".jsonl.gz")


TARGETS: dict[str, Callable[[bytes], None]] = {
    target.__name__: target for target in (reading, formats, segmenting, comparing, views, records, packed, service)
} | {row.name: partial(of_format, row.endings[0]) for row in FORMATS}


def samples_of(name: str) -> list[bytes]:
    """What there is of a format to begin with."""
    return [write() for sample, (_, write) in SAMPLES.items() if sample == name]


def main() -> None:
    """Fuzz the target that was asked for, until something breaks or the time is over."""
    if len(sys.argv) < 2 or sys.argv[1] not in TARGETS:
        raise SystemExit(f"Name a target: {', '.join(TARGETS)}. {__doc__}")
    name = sys.argv.pop(1)
    given = {option.split("=")[0] for option in sys.argv}
    sys.argv += [option for option in _LIMITS if option.split("=")[0] not in given]
    detector()  # loaded before, not in the first input's time
    if seeds := [*samples_of(name), *(path.read_bytes() for path in sorted(_KEPT.glob(f"{name}-*")))]:
        folder = Path(tempfile.mkdtemp())
        for number, seed in enumerate(seeds):
            (folder / str(number)).write_bytes(seed)
        sys.argv.append(str(folder))
    if name == "service":
        _client()
    atheris.Setup(sys.argv, TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
