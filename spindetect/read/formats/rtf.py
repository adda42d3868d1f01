"""RTF, by striprtf: small, plain Python, one pass from left to right."""

from __future__ import annotations

from spindetect.errors import UnreadableArticle
from spindetect.read.files import too_long
from spindetect.read.format import DOCUMENT_BYTES_PER_CHARACTER, Format, Reading, needed


def read_rtf(data: bytes, name: str, max_characters: int) -> Reading:
    """The text of an RTF document, a paragraph to a line."""
    striprtf = needed("striprtf.striprtf", "read an RTF document", "documents")
    try:
        text = striprtf.rtf_to_text(data.decode("latin-1"), encoding="cp1252", errors="replace")
    except (ValueError, LookupError, OverflowError, IndexError) as error:
        raise UnreadableArticle(
            f"cannot read {name}: its RTF is damaged ({error}). Save it anew, or as text."
        ) from error
    if len(text) > max_characters:
        raise too_long(name, f"{len(text):,} characters", max_characters)
    return Reading(text.strip("\n"))


ROWS = (
    Format(
        name="rtf",
        title="an RTF document",
        endings=(".rtf",),
        media_types=("application/rtf", "text/rtf"),
        kept="its text, without pictures and notes of the program that wrote it",
        document=read_rtf,
        magic=(b"{\\rtf",),
        extra="documents",
        bytes_per_character=DOCUMENT_BYTES_PER_CHARACTER,
    ),
)
