"""Bring spellings to one form: case, quotes, dashes, accents, and letters in disguise."""

from __future__ import annotations

import unicodedata

# Letters of other alphabets that look like Latin ones; spinners use them to defeat string matching.
# Visually confusable pairs after Unicode Technical Standard #39, kept to letters that occur in the wild.
_LOOKALIKES = dict(
    zip(
        "аеорсухіјѕԁԛԝһӏкмтвнпгАВЕКМНОРСТУХІЈЅԌԚԜ" + "αβεικνορτυχωΑΒΕΖΗΙΚΜΝΟΡΤΥΧϲϳ" + "ɑɡıℓ",
        "aeopcyxijsdqwhlkmtbhnrABEKMHOPCTYXIJSGQW" + "abeikvoptuxwABEZHIKMNOPTYXcj" + "agil",
        strict=True,
    )
)
_PUNCTUATION = {
    **dict.fromkeys("‘’‚‛ʼ′＇`´", "'"),
    **dict.fromkeys("“”„‟″«»＂", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    "…": "...",
}
_PUNCTUATION_TABLE = str.maketrans(_PUNCTUATION)
_LOOKALIKE_TABLE = str.maketrans(_LOOKALIKES)


def normalise(text: str) -> tuple[str, bool]:
    """Return a token's normal form and whether the token was disguised.

    The normal form is lower-case, with quotes and dashes unified, accents and invisible
    characters removed. A token counts as disguised when it holds invisible characters,
    stray combining marks, compatibility letters (full-width, mathematical), or letters
    of another alphabet mixed with Latin ones.

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
    visible = "".join(char for char in plain if unicodedata.category(char) != "Cf")
    composed = unicodedata.normalize("NFC", visible)
    compatible = unicodedata.normalize("NFKC", composed)
    latin = _without_lookalikes(compatible)
    decomposed = unicodedata.normalize("NFD", latin)
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    stray = any(unicodedata.combining(char) for char in composed)
    disguised = visible != plain or (stray and bare.isascii()) or _letters_replaced(composed, latin)
    return bare.lower(), disguised


def _without_lookalikes(text: str) -> str:
    """Replace look-alike letters among Latin ones, if that leaves no others; real Greek or Russian stays."""
    if not any(char.isascii() and char.isalpha() for char in text):
        return text
    replaced = text.translate(_LOOKALIKE_TABLE)
    decomposed = unicodedata.normalize("NFD", replaced)
    return replaced if all(ord(char) < 0x370 for char in decomposed) else text


def _letters_replaced(before: str, after: str) -> bool:
    """Whether normalising changed letters or digits, beyond ligatures and typographic signs."""
    return before != after and any(
        ord(char) >= 0x250
        and (char.isalpha() or unicodedata.category(char) == "Nd")
        and not unicodedata.name(char, "").startswith("LATIN SMALL LIGATURE")
        for char in set(before) - set(after)
    )
