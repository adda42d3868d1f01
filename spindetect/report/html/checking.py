"""How whoever receives a report makes it anew and checks it: what was compared, with what, by which command."""

from __future__ import annotations

import hashlib
import shlex
from dataclasses import dataclass

from spindetect.datatypes import Comparison, Document
from spindetect.report.inert import inert

_TEXT_NAMES = ("text", "-", "")  # of articles that came from no file


@dataclass(frozen=True, slots=True)
class Text:
    """A text that was compared: which side, its length in code points, its SHA-256."""

    side: str
    characters: str
    digest: str


@dataclass(frozen=True, slots=True)
class Checking:
    """The signature, both texts, and the commands that show and make the same again."""

    signature: str
    texts: tuple[Text, ...]
    commands: tuple[str, ...]


def checking(comparison: Comparison) -> Checking:
    """What it takes to make the comparison anew."""
    articles = f"{_name(comparison.suspect, 'SUSPECT')} {_name(comparison.reference, 'REFERENCE')}"
    return Checking(
        signature=inert(comparison.signature),
        texts=(_text("suspect", comparison.suspect), _text("reference", comparison.reference)),
        commands=(
            f"spindetect report {articles} --output report.html",
            f"spindetect compare {articles} --format json",
        ),
    )


def _text(side: str, document: Document) -> Text:
    """Length and digest of a text as read, in UTF-8."""
    text = document.article.text
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return Text(side, f"{len(text):,}", digest)


def _name(document: Document, otherwise: str) -> str:
    """A file's name as a shell takes it; the placeholder when there is none, or one that doesn't print.

    A report may be made of a file that somebody named with care: what a reader copies
    into a shell must be nothing but a name.
    """
    name = document.article.name
    if name in _TEXT_NAMES or not name.isprintable():
        return otherwise
    return shlex.quote(f"./{name}" if name.startswith("-") else name)
