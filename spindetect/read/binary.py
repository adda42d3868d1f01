"""Telling files that hold no text (pictures, archives, programs) from those that do."""

from __future__ import annotations

import re

from spindetect.files import shipped_table

_TABLE = shipped_table("read/binary.toml")
SIGNATURES: tuple[tuple[bytes, str], ...] = tuple(
    [(first.encode("latin-1"), kind) for kind, all_ in _TABLE["signatures"].items() for first in all_]
)
"""A file's first bytes, and its name in an error message."""
# Signatures that begin with readable letters, so they need a second sign further on.
_LOOSE = re.compile(
    rb"(?P<riff>RIFF.{4}(?:WAVE|WEBP|AVI ))|(?P<mp4>.{4}ftyp[a-zA-Z0-9 ]{4})|(?P<bzip>BZh[1-9]1AY&SY)"
    rb"|(?P<exe>MZ[^\x00]{0,60}\x00)|(?P<mp3>ID3[\x02-\x04]\x00)",
    re.DOTALL,
)
_LOOSE_NAMES: dict[str, str] = _TABLE["loose"]

# The control characters that text doesn't use; tab, line ends, form feed and escape are left out.
CONTROL_BYTES = bytes([*range(0, 8), *range(14, 27), *range(28, 32), 127])


def binary_kind(data: bytes) -> str | None:
    """The type of ``data`` by its first bytes, "a PNG picture" for example; None when they say nothing."""
    for signature, kind in SIGNATURES:
        if data.startswith(signature):
            return kind
    loose = _LOOSE.match(data[:80])
    return _LOOSE_NAMES[loose.lastgroup] if loose and loose.lastgroup else None


def control_byte_share(data: bytes) -> float:
    """Share of the bytes that are control characters, 0 to 1; about 0.1 for random or compressed bytes."""
    return (len(data) - len(data.translate(None, CONTROL_BYTES))) / max(1, len(data))


def control_share(text: str) -> float:
    """Share of the characters that are control characters, 0 to 1."""
    data = text.encode("utf-8", "surrogatepass")  # bytes are counted twenty times as fast as characters
    controls = len(data) - len(data.translate(None, CONTROL_BYTES))
    return (controls + text.count("\ufffe") + text.count("\uffff")) / max(1, len(text))
