"""Bring spellings to one form: case, quotes, dashes, accents, and letters in disguise."""

from __future__ import annotations

import unicodedata

from spindetect.repair.disguise import see_through

_PUNCTUATION = {
    **dict.fromkeys("‘’‚‛ʼ′＇`´", "'"),
    **dict.fromkeys("“”„‟″«»＂", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    "…": "...",
}
_LATIN_TABLE = str.maketrans("ıƖ", "il")
_PUNCTUATION_TABLE = str.maketrans(_PUNCTUATION)


def normalise(text: str) -> tuple[str, bool]:
    """Return a token's normal form and whether the token was disguised.

    The normal form is lower-case, with quotes and dashes unified, accents and invisible
    characters removed. A token counts as disguised when `see_through` sees another word in
    it: invisible characters, stray combining marks, full-width or mathematical letters, or
    letters of another alphabet mixed with Latin ones.

    >>> normalise("Café’s")
    ("cafe's", False)
    >>> normalise("dеfense")  # a Cyrillic "е"
    ('defense', True)
    """
    if text.isascii():
        return text.lower(), False
    plain = text.translate(_PUNCTUATION_TABLE)
    if plain.isascii():
        return plain.lower(), False
    seen = see_through(plain)
    if seen is not None:
        plain = seen.text
    visible = "".join(char for char in plain if unicodedata.category(char) != "Cf")
    composed = unicodedata.normalize("NFC", visible)
    compatible = unicodedata.normalize("NFKC", composed).translate(_LATIN_TABLE)
    decomposed = unicodedata.normalize("NFD", compatible)
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    # letters or digits that normalising changed, beyond ligatures and typographic signs
    replaced = composed != compatible and any(
        ord(char) >= 0x250
        and (char.isalpha() or unicodedata.category(char) == "Nd")
        and not unicodedata.name(char, "").startswith("LATIN SMALL LIGATURE")
        for char in set(composed) - set(compatible)
    )
    again = see_through(bare)  # an accent may hide that a letter looks like a Latin one
    bare = bare.lower() if again is None else again.text.lower()
    return bare, (seen is not None or again is not None or replaced) and any(map(str.isalnum, bare))
