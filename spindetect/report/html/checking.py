"""How whoever receives a report makes it anew and checks it: what was compared, with what, by which command."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from spindetect.read.unicode import printable
from spindetect.records import Document, Result
from spindetect.report.inert import inert

_TEXT_NAMES = ("text", "-", "")  # of articles that came from no file
_CANDIDATES = 5  # compared by ``score --archive`` without being told how many


@dataclass(frozen=True, slots=True)
class Text:
    """A text that was compared: which side, its length in code points, its SHA-256."""

    side: str
    characters: str
    digest: str


@dataclass(frozen=True, slots=True)
class Checking:
    """The signature, both texts, the commands that show and make the same again, and what these need."""

    signature: str
    texts: tuple[Text, ...]
    commands: tuple[str, ...]
    needs: str
    notes: tuple[str, ...]


def checking_alone(report: Result) -> Checking:
    """What it takes to score a suspect alone anew."""
    article = f"{_name(report.suspect, 'SUSPECT')}{_ignore(report)}"
    return Checking(
        signature=inert(report.signature),
        texts=(_text("suspect", report.suspect),),
        commands=(
            f"spindetect report {article} --output report.html",
            f"spindetect compare {article} --format json",
        ),
        needs="the suspect",
        notes=tuple(_ignored_notes(report)),
    )


def checking(comparison: Result) -> Checking:
    """What it takes to make the comparison anew."""
    archived = _signed(comparison, "shared")
    return Checking(
        signature=inert(comparison.signature),
        texts=(_text("suspect", comparison.suspect), _text("reference", comparison.reference)),
        commands=_archive_commands(comparison) if archived else _commands(comparison),
        needs="the suspect and the archive as it was then" if archived else "both texts",
        notes=tuple(_notes(comparison)),
    )


def _commands(comparison: Result) -> tuple[str, ...]:
    """The commands for two files."""
    articles = f"{_name(comparison.suspect, 'SUSPECT')} {_name(comparison.reference, 'REFERENCE')}"
    ignore = _ignore(comparison)
    return (
        f"spindetect report {articles}{ignore} --output report.html",
        f"spindetect compare {articles}{ignore} --format json",
    )


def _archive_commands(comparison: Result) -> tuple[str, ...]:
    """The commands for a reference that was found in an archive, where it has no file of its own."""
    asked = _signed_value(comparison, "candidates") or str(_CANDIDATES)
    many = f" --candidates {asked}" if asked != str(_CANDIDATES) else ""
    score = f"spindetect score {_name(comparison.suspect, 'SUSPECT')} --archive ARCHIVE{many}{_ignore(comparison)}"
    return (f"{score} --report-dir reports", f"{score} --format json")


def _notes(comparison: Result) -> Iterator[str]:
    """What the placeholders of the commands stand for."""
    if _signed(comparison, "shared"):
        best = comparison.candidates[:1]
        place = f", where the reference has the id {inert(best[0].id)}" if best else ""
        yield f"ARCHIVE is the folder of the archive{place}."
    yield from _ignored_notes(comparison)


def _ignored_notes(result: Result) -> Iterator[str]:
    if _signed(result, "ignore"):
        yield (
            "FILE is the text that was ignored; where there were several, give --ignore for each, "
            "in the same order. The signature has the beginning of their SHA-256."
        )


def _signed(result: Result, part: str) -> bool:
    """Whether the signature has a part of this name: ``shared`` from an archive, ``ignore`` from --ignore."""
    return _signed_value(result, part) is not None


def _signed_value(result: Result, part: str) -> str | None:
    """What the signature says of a part; None if it has none of this name."""
    parts = (one.partition(":") for one in result.signature.split("|"))
    return next((value for name, colon, value in parts if name == part and colon), None)


def _ignore(result: Result) -> str:
    return " --ignore FILE" if _signed(result, "ignore") else ""


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
    if name in _TEXT_NAMES or not printable(name):
        return otherwise
    return shlex.quote(f"./{name}" if name.startswith("-") else name)
