"""Disguises put on a text, one function each: what those do who want a copy not to be found.

Each takes a text, a random generator and the share of words to disguise (0 to 1), and gives
the disguised text; those in ``PAGES`` give an HTML page. The same generator state gives the
same disguise.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from html import escape

import numpy as np

Disguise = Callable[[str, np.random.Generator, float], str]

_WORD = re.compile(r"[A-Za-z]+")
_CYRILLIC = str.maketrans("aeocpxyijsdqwhABEKMHOPCTXIJS", "аеосрхуіјѕԁԛԝһАВЕКМНОРСТХІЈЅ")
_GREEK = str.maketrans("oavipkuxABEZHIKMNOPTYX", "οανιρκυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ")
_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
_MATHEMATICAL = {
    **{ord("a") + place: 0x1D41A + place for place in range(26)},
    **{ord("A") + place: 0x1D400 + place for place in range(26)},
}
_ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff"
_BIDI = "\u200e\u200f\u202a\u202c\u2066\u2069"
_STRUCK = "\u0334\u0335\u0336\u0337\u0338\u0332\u0305"
_ACCENTS = "\u0301\u0307\u0323\u0331"
_TAGS = ("b", "i", "span", "font", "u", "em")
_HIDING = ('style="color:#fff;background:#ffffff"', 'style="font-size:0"', 'class="x9"', 'style="color: white"')


def _words(text: str, rng: np.random.Generator, rate: float, change: Callable[[str], str]) -> str:
    """Change each word with probability ``rate``."""
    return _WORD.sub(lambda found: change(found[0]) if rng.random() < rate else found[0], text)


def _inserting(signs: str) -> Disguise:
    """A disguise that puts one of some signs into each word chosen, after a letter drawn."""

    def disguise(text: str, rng: np.random.Generator, rate: float) -> str:
        def change(word: str) -> str:
            place = 1 + int(rng.integers(max(1, len(word) - 1)))
            return word[:place] + signs[int(rng.integers(len(signs)))] + word[place:]

        return _words(text, rng, rate, change)

    return disguise


def _translating(table: dict[int, int]) -> Disguise:
    """A disguise that writes the words chosen in other letters, as far as there are such."""
    return lambda text, rng, rate: _words(text, rng, rate, lambda word: word.translate(table))


def struck_through(text: str, rng: np.random.Generator, rate: float) -> str:
    """A combining mark through each letter of the words chosen."""

    def change(word: str) -> str:
        mark = _STRUCK[int(rng.integers(len(_STRUCK)))]
        return "".join(letter + mark for letter in word)

    return _words(text, rng, rate, change)


def accented(text: str, rng: np.random.Generator, rate: float) -> str:
    """An accent on each letter that has one, composed, in the words chosen."""

    def change(word: str) -> str:
        accent = _ACCENTS[int(rng.integers(len(_ACCENTS)))]
        composed = (unicodedata.normalize("NFC", letter + accent) for letter in word)
        return "".join(one if len(one) == 1 else letter for one, letter in zip(composed, word, strict=True))

    return _words(text, rng, rate, change)


def stored_backwards(text: str, rng: np.random.Generator, rate: float) -> str:
    """The words chosen stored in reverse and shown forwards by a bidi override."""
    return _words(text, rng, rate, lambda word: f"\u202e{word[::-1]}\u202c")


def wholly_cyrillic(text: str, rng: np.random.Generator, rate: float) -> str:
    """Words that can be written without any Latin letter, so written."""

    def change(word: str) -> str:
        written = word.translate(_CYRILLIC)
        return word if re.search("[A-Za-z]", written) else written

    return _words(text, rng, rate, change)


def without_spaces(text: str, rng: np.random.Generator, rate: float) -> str:
    """Zero-width spaces in the place of spaces."""
    return re.sub(" ", lambda found: "\u200b" if rng.random() < rate else " ", text)


DISGUISES: dict[str, Disguise] = {
    "cyrillic letters": _translating(_CYRILLIC),
    "greek letters": _translating(_GREEK),
    "full-width letters": _translating(_FULL_WIDTH),
    "mathematical letters": _translating(_MATHEMATICAL),
    "wholly cyrillic words": wholly_cyrillic,
    "zero-width characters": _inserting(_ZERO_WIDTH),
    "zero-width spaces for spaces": without_spaces,
    "soft hyphens": _inserting("\u00ad"),
    "combining marks": struck_through,
    "accents": accented,
    "bidi characters": _inserting(_BIDI),
    "words stored backwards": stored_backwards,
}
"""Disguises of plain text, by name."""


def page(body: str) -> str:
    """An HTML page of paragraphs, one for each line of ``body``, which is HTML already."""
    paragraphs = "\n".join(f"<p>{line}</p>" for line in body.splitlines() if line.strip())
    return (
        "<!DOCTYPE html>\n<html><head><title>Article</title><style>.x9 { color: #FFFFFF }</style></head>\n"
        f"<body><article>\n{paragraphs}\n</article></body></html>\n"
    )


def white_on_white(text: str, rng: np.random.Generator, rate: float) -> str:
    """A page with words of the text again, which colour or size hides, after the words chosen."""
    words = _WORD.findall(text)

    def change(word: str) -> str:
        hidden = " ".join(words[int(rng.integers(len(words)))] for _ in range(3))
        return f"{word}<span {_HIDING[int(rng.integers(len(_HIDING)))]}> {hidden}</span>"

    return page(_words(html_of(text), rng, rate, change))


def split_by_tags(text: str, rng: np.random.Generator, rate: float) -> str:
    """A page whose words are cut in two by tags that show nothing, hidden letters among them."""

    def change(word: str) -> str:
        place = 1 + int(rng.integers(max(1, len(word) - 1)))
        tag = _TAGS[int(rng.integers(len(_TAGS)))]
        inside = (f"<{tag}></{tag}>", "<wbr>", "<!-- -->", '<span style="display:none">qx</span>')
        return word[:place] + inside[int(rng.integers(len(inside)))] + word[place:]

    return page(_words(html_of(text), rng, rate, change))


def html_of(text: str) -> str:
    """The text for HTML; named characters go, lest their names be taken for words."""
    return escape(text.replace("&", " and ").replace("<", " ").replace(">", " "), quote=False)


PAGES: dict[str, Disguise] = {"white-on-white text": white_on_white, "words split by tags": split_by_tags}
"""Disguises that need a page, by name; `page` without one is what to compare with."""
