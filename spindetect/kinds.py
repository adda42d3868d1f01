"""The kinds of substitutions: one table, from which features, reasons, views, columns and schema are made.

To add a kind, write its name into `Kind` and a row into `KINDS` here, and the rule that tells it into
`spindetect/classify/rules.py`. ``tests/test_kinds.py`` goes through all views with every row.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Kind = Literal["name", "term", "demonym", "synonym", "function", "number", "unit", "form", "disguise", "rewrite"]

Counts = Literal["content", "grammar", "stretch", "number", "form", "kept"]
"""How a kind counts: as a content word or a grammar word exchanged, a stretch reworded, a number changed, a
word in another form (which weighs nothing), or a word that was kept."""


class Variant(StrEnum):
    """Why two phrases are one and the same, which counts as kept; the texts are what a person reads."""

    MISREAD = "the same word, misspelt or misread"
    CORRECTED = "a misspelling put right"
    RESPELT = "the same word in another spelling"
    TRANSLITERATED = "the same name, spelt otherwise"
    SPACED = "the same word, hyphenated or spaced differently"
    REGIONAL = "the same thing in the English of another country"
    SHORTENED = "the same, shortened or written out"
    CONTRACTED = "the same, contracted or in full"
    RENAMED = "the same place by another name"
    INCLUSIVE = "the same in words for everybody"
    CONVERTED = "the same quantity in another unit"
    RESTATED = "the same quantity, written otherwise"
    SAME_NUMBER = "the same number in another form"
    ROUNDED = "the same number, rounded"


class Altered(StrEnum):
    """The fate of a quantity that isn't the same any more."""

    MISCONVERTED = "another quantity in another unit: an altered fact"
    ANOTHER_NUMBER = "another number"


@dataclass(frozen=True, slots=True)
class KindRow:
    """All that is particular to a kind.

    ``letter`` marks it in the text, beside the underline's ``line`` (a style and a width of CSS) and ``colours``
    (on light and on dark paper); ``style`` is rich's, for a terminal. ``telltale`` says when a substitution of the
    kind is a tell-tale: never, always, or with enough evidence; and ``because`` why, where little evidence is
    enough, or none.
    """

    letter: str
    meaning: str
    counts: Counts
    style: str
    colours: tuple[str, str]
    line: tuple[str, str]
    telltale: Literal["never", "evidence", "always"] = "never"
    because: str = ""

    @property
    def exchange(self) -> bool:
        """Whether words stand in other words' places, so that a dictionary may have put them there."""
        return self.counts in ("content", "grammar")


# Of a terminal's basic colours only red, magenta and green, which a theme can change: in six common light and six
# dark themes red and magenta keep a contrast of 2.4 to 9, blue and yellow fall below 1.8 in some. That isn't enough
# for colour alone, so every mark also has characters of its own, and what is frequent is bold only.
KINDS: dict[Kind, KindRow] = {
    "name": KindRow(
        "N", "a word of a proper name or title exchanged", "content",
        "bold magenta", ("#861a68", "#f2a6db"), ("solid", "2px"),
        "evidence", "names aren't exchanged for synonyms",
    ),
    "term": KindRow(
        "T", "a fixed expression taken apart or replaced", "content",
        "bold red", ("#96191d", "#ff9f92"), ("double", "2px"),
        "evidence", "fixed expressions aren't taken apart word by word",
    ),
    "demonym": KindRow(
        "D", "a nationality turned into a language", "content",
        "bold magenta", ("#853b00", "#f5b481"), ("dashed", "2px"),
        "always", "nobody means the language here",
    ),
    "synonym": KindRow(
        "S", "another word of similar meaning", "content",
        "bold", ("#1d4c8b", "#a3c8ff"), ("solid", "1px"), "evidence",
    ),
    "function": KindRow(
        "G", "a grammar word for another", "grammar",
        "italic", ("#36602a", "#a9d797"), ("dotted", "2px"),
    ),
    "number": KindRow(
        "#", "a number changed or written differently", "number",
        "bold magenta", ("#005f60", "#86d8d8"), ("dashed", "1px"),
    ),
    "unit": KindRow(
        "U", "a quantity in another unit, currency or time zone", "number",
        "bold magenta", ("#00596e", "#7fd3ee"), ("double", "1px"),
    ),
    "form": KindRow(
        "F", "the same word, inflected or spelled differently", "form",
        "italic", ("#5a564e", "#b3aea3"), ("dotted", "1px"),
    ),
    "disguise": KindRow(
        "X", "look-alike or invisible characters", "kept",
        "bold reverse red", ("#a8001f", "#ff909e"), ("wavy", "1px"),
        "always", "nobody types such characters by accident",
    ),
    "rewrite": KindRow(
        "R", "a stretch reworded as a whole", "stretch",
        "bold italic", ("#634400", "#e3c577"), ("solid", "1px"),
    ),
}  # fmt: skip
"""Every kind with its row, in the order in which columns and filters show them."""


# Nats of evidence from which a substitution speaks for itself: a spinner is 20 times likelier to make it.
SPEAKS_ALONE = 3.0
# ... and inside a name, a fixed expression or a quotation, where people leave the words alone.
_PROTECTED = 1.0


def telltale_reason(kind: Kind, evidence: float, quoted: bool) -> str:
    """Why a substitution with so much evidence (in nats) is a tell-tale, in words; empty if it isn't one."""
    row = KINDS[kind]
    if row.telltale == "always":
        return row.because
    if row.telltale == "never" or evidence < _PROTECTED:
        return ""
    if evidence >= SPEAKS_ALONE:
        return "spinners make this swap, people hardly ever do"
    return row.because or ("quotations aren't reworded by synonyms" if quoted else "")
