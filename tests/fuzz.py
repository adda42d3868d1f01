"""Fuzz what takes other people's bytes, guided by coverage.

    pip install 'spindetect[fuzz]'
    python tests/fuzz.py TARGET [FOLDER...] [-max_total_time=600 and other options of libFuzzer]

TARGET is one of the functions below. FOLDER keeps what was found to reach new code, and is begun from when
it is given again. A crash, a broken property of `properties`, an input of 20 seconds and one of 2 GB are
each written to a file, which given in place of the folder is tried again. Only the package's
own Python is instrumented.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from io import BytesIO

import atheris

with atheris.instrument_imports(include=["spindetect"]):
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
    from spindetect.read.article import article_from_text
    from spindetect.read.entries import read_entries, unread_entries
    from spindetect.read.formats import FORMATS

_LIMITS = ("-timeout=20", "-rss_limit_mb=2048", "-max_len=4000")
EVERY_ENDING = [ending for row in FORMATS for ending in row.endings]
_FORMS = ("text", "markdown", "html")


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
        ending = EVERY_ENDING[data[0] % len(EVERY_ENDING)]
        for _ in unread_entries(BytesIO(data[1:]), f"x{ending}", 100_000):
            pass
        for _ in read_entries(BytesIO(data[1:]), f"x{ending}", 100_000):
            pass


def packed(data: bytes) -> None:
    """Compressed JSON lines."""
    check_records(data, ".jsonl.gz")


TARGETS: dict[str, Callable[[bytes], None]] = {
    target.__name__: target for target in (reading, formats, segmenting, comparing, views, records, packed)
}


def main() -> None:
    """Fuzz the target that was asked for, until something breaks or the time is over."""
    if len(sys.argv) < 2 or sys.argv[1] not in TARGETS:
        raise SystemExit(f"Name a target: {', '.join(TARGETS)}. {__doc__}")
    name = sys.argv.pop(1)
    given = {option.split("=")[0] for option in sys.argv}
    sys.argv += [option for option in _LIMITS if option.split("=")[0] not in given]
    detector()  # loaded before, not in the first input's time
    atheris.Setup(sys.argv, TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
