"""Mojibake: UTF-8 that was read in another encoding [â€œ for “, Ã© for é]."""

from __future__ import annotations

import re
from functools import cache

from spindetect.repair.disguise import Known
from spindetect.repair.mapping import Edit, replacing

# ftfy is imported on use: it takes a tenth of a second, and few texts need it.

# Encodings that UTF-8 is read in by mistake. In all but the first only punctuation (bytes E2 80, E2 82, E2 84) and,
# for the Mac's, accented letters are common, and other sequences may be honest.
_ENCODINGS = ("cp1252", "cp1250", "mac_roman", "cp1251", "cp437")
_MAY_BE = re.compile("[\u00c2-\u00f4вГΓ‚√¬](?:[^\x00-\x7f]|(?<=[âÂÃ])(?![^\\W_]))")
_CLITIC = r"(?=(?:s|t|re|ve|ll|d|m)\b)"
# The rest where a program dropped the byte that Windows-1252 doesn't have, or a space that can't break.
_LOSSY = re.compile(
    rf"â\?\?{_CLITIC}|(?P<apostrophe>(?<=[A-Za-z])â€(?=[a-z]))|(?P<quote>â€(?:\?(?=[\s,.;:]|\Z))?)"
    r"|(?P<space>(?<=[a-z0-9.,;:!?”’)])Â(?=[ \n]))|(?P<grave>(?<![^\W_])Ã(?= l[ae]\b))"
)
_CONTROL = re.compile("[\x80\x82-\x84\x86-\x8c\x8e\x91-\x9c\x9e\x9f]")  # Windows-1252 as ISO-8859-1 reads it
_AFTER_WORDS = "…”’“‘–—»«"  # [CAFÉ…] is honest
_PUNCTUATION = re.compile("[\u2010-\u205e\u20ac\u2122\u200b-\u200f\ufeff\ufffd]")


@cache
def _codec(encoding: str) -> tuple[dict[str, int], re.Pattern[str]]:
    """The byte that each character stands for, and what one character of UTF-8 looks like in an encoding."""
    bytes_of = {}
    for byte in range(0x80, 0x100):
        bytes_of[bytes([byte]).decode(encoding, errors="ignore") or chr(byte)] = byte
        if encoding == "cp1252":
            bytes_of[chr(byte)] = byte
    leads = {2: range(0xC2, 0xE0), 3: range(0xE0, 0xF0), 4: range(0xF0, 0xF5)}
    if encoding != "cp1252":
        leads = {2: range(0xC2, 0xC4) if encoding == "mac_roman" else range(0), 3: range(0xE2, 0xE3)}
    rest = "".join(re.escape(char) for char, byte in bytes_of.items() if byte < 0xC0)
    units = []
    for length, lead in leads.items():
        first = "".join(re.escape(char) for char, byte in bytes_of.items() if byte in lead)
        if first:
            units.append(f"[{first}][{rest}]{{{length - 1}}}")
    return bytes_of, re.compile("|".join(units))


def garbled(text: str, known: Known) -> list[Edit]:
    """The characters that stand for bytes of UTF-8, as what they were; one turn of it, as some were garbled twice.

    Punctuation is certain by its form, since nobody writes "â€™". Other characters are taken where
    ftfy (Speer 2019, https://doi.org/10.5281/zenodo.2591652) holds what is there for garbled, and, once
    one is, wherever the form is right.
    """
    if text.isascii() or not (_MAY_BE.search(text) or _CONTROL.search(text)):
        return []
    edits: dict[int, Edit] = {}
    doubtful: list[Edit] = []
    for encoding in _ENCODINGS:
        bytes_of, unit = _codec(encoding)
        for found in unit.finditer(text):
            char = _decoded(found[0], bytes_of)
            if char is None or found.start() in edits:
                continue
            edit = replacing(found.start(), found.end(), char)
            if _PUNCTUATION.match(char) or (encoding in ("cp1252", "mac_roman") and _is_garbled(found[0])):
                edits[found.start()] = edit
            elif encoding == "cp1252" and char.isalpha():
                doubtful.append(edit)
    ends = {edit[1] for edit in edits.values()}
    for edit in doubtful if edits else ():
        if edit[0] in ends or text[edit[1] - 1] not in _AFTER_WORDS:
            edits.setdefault(edit[0], edit)
    taken = {place for start, end, _ in edits.values() for place in range(start, end)}
    for found in _LOSSY.finditer(text):
        if found.start() not in taken and (edits or not (found["space"] or found["grave"])):
            new = "" if found["space"] else "à" if found["grave"] else "”" if found["quote"] else "’"
            edits[found.start()] = replacing(found.start(), found.end(), new)
    for found in _CONTROL.finditer(text):
        if found.start() not in taken:
            edits[found.start()] = replacing(*found.span(), found[0].encode("latin-1").decode("cp1252"))
    return _without_overlaps(edits)


def _decoded(unit: str, bytes_of: dict[str, int]) -> str | None:
    """The character that the bytes of a unit are; None for none, and for scripts that English doesn't quote."""
    try:
        char = bytes([bytes_of[one] for one in unit]).decode("utf-8")
    except UnicodeDecodeError:
        return None
    code = ord(char)
    quoted = 0x80 <= code < 0x2E80 or code in (0xFEFF, 0xFFFD) or code >= 0x1F000 or 0xFB00 <= code < 0xFB07
    return char if quoted else None


@cache
def _is_garbled(unit: str) -> bool:
    from ftfy import fix_encoding

    return fix_encoding(unit) != unit


def _without_overlaps(edits: dict[int, Edit]) -> list[Edit]:
    kept: list[Edit] = []
    for start in sorted(edits):
        if not kept or start >= kept[-1][1]:
            kept.append(edits[start])
    return kept
