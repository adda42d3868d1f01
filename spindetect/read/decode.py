"""From bytes to text: byte-order mark, declared charset, UTF-8, and a guess at last.

The order is that of the HTML standard (https://html.spec.whatwg.org/#determining-the-character-encoding),
with strict UTF-8 tried before anything is guessed.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from spindetect.errors import UnreadableArticle
from spindetect.read.binary import binary_kind, control_byte_share, control_share

# Longest first: the mark of UTF-16-LE is the beginning of UTF-32-LE's.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# The HTML standard has the first 1024 bytes searched; real pages put scripts before the charset.
_HEAD = 4096
_DECLARATION = re.compile(
    rb"""<\?xml[^>]{0,200}?\sencoding\s*=\s*["']?(?P<xml>[\w.:-]+)"""
    rb"""|<meta[^>]{0,300}?\bcharset\s*=\s*["']?\s*(?P<meta>[\w.:-]+)""",
    re.IGNORECASE,
)
# Pages that declare these mean their supersets (https://encoding.spec.whatwg.org/#names-and-labels).
_MEANT = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "iso8859-9": "cp1254"}
# Python calls these encodings; none is a page's.
_NO_CHARSETS = {"idna", "punycode", "unicode-escape", "unicode_escape", "raw-unicode-escape", "utf-7", "undefined"}
# Legacy English text has a few accents, quotes and dashes: at most this share of its bytes isn't ASCII.
_NEARLY_ASCII = 0.03
_HIGH_RUN = re.compile(rb"[\x80-\xff]{2}")
# Random bytes have a tenth, a text in any legacy encoding next to none.
_MAX_CONTROL_BYTES = 0.02
_MAX_CONTROLS = 0.1
# Which of each four bytes are low numbers.
_WIDE_ENCODINGS: dict[tuple[bool, ...], str] = {
    (False, True, True, True): "utf-32-le",
    (True, True, True, False): "utf-32-be",
    (False, True, False, True): "utf-16-le",
    (True, False, True, False): "utf-16-be",
}


@dataclass(frozen=True, slots=True)
class Decoded:
    """A decoded file: its text without a byte-order mark, the encoding, and what was doubtful about it."""

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


def decode(data: bytes, name: str = "the input") -> Decoded:
    """The text of a file, in whichever encoding it was saved.

    A byte-order mark decides, then the charset that an HTML page or XML file
    declares, then strict UTF-8, then UTF-16 and UTF-32 by the pattern of their
    low bytes, then UTF-8 with a few damaged bytes, then charset-normalizer.
    Raises ``UnreadableArticle`` for what isn't text.
    """
    if kind := binary_kind(data):
        raise _not_text(name, f"looks like {kind}")
    for attempt in _ATTEMPTS:
        decoded = attempt(data)
        if decoded is not None:
            break
    else:
        raise _not_text(name, "holds bytes that are no text in any encoding we know")
    if decoded.text.startswith("\ufeff"):  # files put together have several marks
        decoded = replace(decoded, text=decoded.text.lstrip("\ufeff"))
    if control_share(decoded.text) > _MAX_CONTROLS:
        raise _not_text(name, "is full of control characters, so it looks like a binary file")
    return decoded


def as_declared(data: bytes, charset: str) -> tuple[bytes, tuple[str, ...]]:
    """A file's bytes, as UTF-8 with its mark if they are in the charset that they were sent as; and a warning.

    UTF-8 stays as it is: servers name their own charset, whatever the file's. Of a wrong
    name there is a warning, and what the bytes are is found out from them.
    """
    if not charset or data.startswith(tuple(mark for mark, _ in _BYTE_ORDER_MARKS)):
        return data, ()
    encoding = _charset(charset.strip("\"' ").encode("ascii", "replace"))
    if encoding and not encoding.startswith(("iso2022", "hz")) and _strict(data, "utf-8"):
        return data, ()
    decoded = _strict(data, encoding) if encoding else None
    if decoded:
        return codecs.BOM_UTF8 + decoded.text.encode("utf-8", "surrogatepass"), ()
    return data, (f"wrong charset: it was sent as {charset[:40]!r}, which it isn't",)


def _not_text(name: str, finding: str) -> UnreadableArticle:
    return UnreadableArticle(
        f"cannot read {name}: it {finding}, but plain text, Markdown or HTML was expected. "
        "Save or export the article as text (UTF-8) and try again."
    )


def _by_byte_order_mark(data: bytes) -> Decoded | None:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _lenient(data[len(mark) :], encoding)
    return None


def _lenient(data: bytes, encoding: str) -> Decoded:
    """``data`` in an encoding we are sure of; bytes that don't fit become U+FFFD and a warning."""
    try:
        return Decoded(data.decode(encoding), encoding)
    except UnicodeDecodeError:
        text = data.decode(encoding, errors="replace")
        count = text.count("\ufffd")
        return Decoded(text, encoding, (f"damaged: {count} characters are not valid {encoding}",))


def _by_declaration(data: bytes) -> Decoded | None:
    found = _DECLARATION.search(data[:_HEAD])
    if not found or not data[:_HEAD].lstrip().startswith(b"<"):
        return None
    encoding = _charset(found["xml"] or found["meta"])
    # Pages are re-saved as UTF-8 with the old declaration left in; no Western text is UTF-8 by chance.
    if encoding is None or (encoding == "cp1252" and _strict(data, "utf-8")):
        return None
    return _strict(data, encoding)


def _charset(label: bytes) -> str | None:
    """The codec that a declared charset means, None for one that can't be meant."""
    try:
        codec = codecs.lookup(label.decode("ascii").strip().lower()).name
    except (LookupError, ValueError):  # ValueError: a NUL, or what isn't ASCII
        return None
    # A text that declares its encoding in ASCII isn't UTF-16, even if it says so (HTML standard, 13.2.3.2).
    if codec in _NO_CHARSETS or codec.startswith(("utf-16", "utf-32")):
        return None
    return _MEANT.get(codec, codec)


def _strict(data: bytes, encoding: str) -> Decoded | None:
    try:
        return Decoded(data.decode(encoding), encoding)
    except (UnicodeDecodeError, LookupError):  # LookupError: a codec such as "hex", which isn't for text
        return None


def _as_utf8(data: bytes) -> Decoded | None:
    # UTF-16 English is valid UTF-8 with a zero in every second byte, which the next attempt is for.
    return _strict(data, "utf-8") if control_byte_share(data) < 0.2 else None


def _by_wide_pattern(data: bytes) -> Decoded | None:
    """UTF-16 or UTF-32 without a mark: the high bytes of alphabets are low numbers at regular places.

    "Hi" is ``48 00 69 00`` in UTF-16-LE, Cyrillic has 04 in place of the zeros.
    """
    sample = data[:_HEAD]
    shares = [control_byte_share(sample[place::4]) for place in range(4)]
    encoding = _WIDE_ENCODINGS.get(tuple(share > 0.6 for share in shares))
    decoded = _strict(data, encoding) if encoding else None
    head = decoded.text[:_HEAD] if decoded else ""
    # Three quarters of prose are letters, digits or white space.
    return decoded if sum(char.isalnum() or char.isspace() for char in head) >= 0.75 * len(head) else None


def _as_damaged_utf8(data: bytes) -> Decoded | None:
    """UTF-8 that was cut inside a character or has a few wrong bytes: most of its sequences are valid."""
    if control_byte_share(data) > _MAX_CONTROL_BYTES:
        return None
    text = data.decode("utf-8", errors="replace")
    damaged = text.count("\ufffd")
    valid = len(text) - len(text.encode("ascii", errors="ignore")) - damaged
    cut_short = damaged == 1 and text.endswith("\ufffd")
    if valid >= (1 if cut_short else 4 * damaged):
        return _lenient(data, "utf-8")
    if valid < damaged or len(data) - len(data.decode("ascii", "ignore")) > _NEARLY_ASCII * len(data):
        return None  # else two files, or a paste, in Windows-1252 and UTF-8 were put together
    text = data.decode("utf-8", "surrogateescape")
    mixed = re.sub("[\udc80-\udcff]", lambda one: bytes([ord(one[0]) & 0xFF]).decode("cp1252", "replace"), text)
    return Decoded(mixed, "utf-8", (f"damaged: {damaged} characters are not valid utf-8",))


def _by_guess(data: bytes) -> Decoded | None:
    """Windows-1252 if few bytes are outside ASCII and stand alone, as in "naïve"; else charset-normalizer's guess.

    On a few words it can't tell one code page from the next and names rare ones; of
    candidates about equally free of mess (``chaos``, 0 to 1) the commonest is meant.
    """
    if control_byte_share(data) > _MAX_CONTROL_BYTES:
        return None
    western = _strict(data, "cp1252")
    outside = len(data) - len(data.decode("ascii", errors="ignore"))
    if western and (outside <= _NEARLY_ASCII * len(data) or (outside <= 3 and not _HIGH_RUN.search(data))):
        return western
    from charset_normalizer import from_bytes

    matches = list(from_bytes(data))
    if not matches:
        return western
    best = matches[0]
    likely = [match for match in matches if match.chaos <= best.chaos + 0.02]
    if western and any("cp1252" in match.could_be_from_charset for match in likely):
        return Decoded(western.text, "cp1252", ("encoding guessed: cp1252",))
    return Decoded(str(best), best.encoding, (f"encoding guessed: {best.encoding}",))


_ATTEMPTS: tuple[Callable[[bytes], Decoded | None], ...] = (
    _by_byte_order_mark, _by_declaration, _as_utf8, _by_wide_pattern, _as_damaged_utf8, _by_guess
)  # fmt: skip
