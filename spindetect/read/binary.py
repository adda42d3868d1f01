"""Telling files that hold no text (pictures, archives, programs) from those that do."""

from __future__ import annotations

import re

# A file's first bytes, and its name in an error message. Only signatures that
# no article can begin with; the shorter ones are told by their control characters.
SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF87a", "a GIF picture"),
    (b"GIF89a", "a GIF picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"%PDF-", "a PDF document"),
    (b"%!PS-Adobe", "a PostScript document"),
    (b"{\\rtf", "an RTF document"),
    (b"PK\x03\x04", "a ZIP archive (or a .docx, .odt or .epub document)"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document (.doc, .xls or .ppt)"),
    (b"\x1f\x8b", "gzip-compressed data"),
    (b"\xfd7zXZ\x00", "xz-compressed data"),
    (b"\x28\xb5\x2f\xfd", "zstd-compressed data"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x7fELF", "an ELF program"),
    (b"\xca\xfe\xba\xbe", "a compiled program"),
    (b"\xcf\xfa\xed\xfe", "a macOS program"),
    (b"\x00asm", "a WebAssembly program"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"OggS\x00", "an Ogg recording"),
    (b"fLaC\x00", "a FLAC recording"),
    (b"\x1aE\xdf\xa3", "a Matroska or WebM film"),
    (b"wOFF", "a web font"),
    (b"wOF2", "a web font"),
)
# Signatures that begin with readable letters, so they need a second sign further on.
_LOOSE = re.compile(
    rb"(?P<riff>RIFF.{4}(?:WAVE|WEBP|AVI ))|(?P<mp4>.{4}ftyp[a-zA-Z0-9 ]{4})|(?P<bzip>BZh[1-9]1AY&SY)"
    rb"|(?P<exe>MZ[^\x00]{0,60}\x00)|(?P<mp3>ID3[\x02-\x04]\x00)",
    re.DOTALL,
)
_LOOSE_NAMES = {
    "riff": "a RIFF recording, film or WebP picture",
    "mp4": "an MP4 film or recording",
    "bzip": "bzip2-compressed data",
    "exe": "a Windows program",
    "mp3": "an MP3 recording",
}

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
