"""RTF, by striprtf: small, plain Python, one pass from left to right."""

from __future__ import annotations

import re

from spindetect.errors import UnreadableArticle, needed
from spindetect.read.files import too_long
from spindetect.read.format import DOCUMENT_BYTES_PER_CHARACTER, Format, Reading

# striprtf looks for links and fonts by patterns whose time grows with a power of the line's length. So it is given
# no field that it takes for a link (it would write the address into the text), and each font on a line of its own.
_FIELD = re.compile(r"(\\field)\{", re.IGNORECASE)
_FONT = re.compile(r"\\f(\d{1,5})(?!\d)[^;]{0,200}?\\fcharset(\d{1,3})(?!\d)")
_DAMAGED = (ValueError, LookupError, OverflowError, TypeError)


def read_rtf(data: bytes, name: str, max_characters: int) -> Reading:
    """The text of an RTF document, a paragraph to a line."""
    striprtf = needed("striprtf.striprtf", "read an RTF document", "documents")
    written = _FIELD.sub(r"\1 {", data.decode("latin-1"))
    fonts = "".join(f"{{\\f{font}\\fcharset{charset} a;}}\n" for font, charset in _FONT.findall(written))
    try:
        text = striprtf.rtf_to_text(f"{{{{\\fonttbl\n{fonts}}}{written[1:]}", encoding="cp1252", errors="replace")
    except _DAMAGED as error:
        raise UnreadableArticle(
            f"cannot read {name}: its RTF is damaged ({error}). Save it anew, or as text."
        ) from error
    if len(text) > max_characters:
        raise too_long(name, f"{len(text):,} characters", max_characters)
    return Reading(text.strip("\n"))


ROWS = (
    Format(name="rtf", title="an RTF document", endings=(".rtf",), media_types=("application/rtf", "text/rtf"),
           kept="its text, without pictures and notes of the program that wrote it", document=read_rtf,
           magic=(b"{\\rtf",), extra="documents", bytes_per_character=DOCUMENT_BYTES_PER_CHARACTER, light=True),
)  # fmt: skip
