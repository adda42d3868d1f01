"""How to make a report again and check it: what was compared, with what, by which commands."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Mapping
from dataclasses import dataclass

from spindetect.files import last_part
from spindetect.findings import Result
from spindetect.records import Document
from spindetect.report.inert import inert
from spindetect.settings import CANDIDATES
from spindetect.unicode import printable
from spindetect.version import __version__

_TEXT_NAMES = ("text", "-", "")  # of articles that came from no file


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


def checking(
    result: Result, date: str | None = None, anonymous: bool = False, given: Mapping[str, str] | None = None
) -> Checking:
    """All that making the report of ``date`` anew takes; ``anonymous`` leaves out the names of files.

    ``given`` are the options that said something of the articles.
    """
    given = given or {}
    suspect = "SUSPECT" if anonymous or "name" in given else _name(result.suspect, "SUSPECT")
    reference = "REFERENCE" if anonymous or "reference-name" in given else _name(result.reference, "REFERENCE")
    named = [f" --{name} {_quoted(said, name.upper(), anonymous)}" for name, said in given.items()]
    options = "".join([*named, " --anonymous" if anonymous else "", f" --date {date}" if date else ""])
    sides = [("suspect", result.suspect)]
    articles = f"{suspect}{_ignore(result)}"
    if not result.reference_free:
        sides.append(("reference", result.reference))
        articles = f"{suspect} {reference}{_ignore(result)}"
    needs = "the suspect" if result.reference_free else "both texts"
    commands = (
        f"spindetect report {articles}{options} --output report.html",
        f"spindetect compare {articles} --format json",
    )
    if _signed(result, "shared"):
        needs = "the suspect and the archive as it was then"
        asked = _signed_value(result, "candidates") or str(CANDIDATES)
        many = f" --candidates {asked}" if asked != str(CANDIDATES) else ""
        score = f"spindetect score {suspect} --archive ARCHIVE{many}{_ignore(result)}"
        commands = f"{score} --report-dir reports{options}", f"{score} --format json"
    notes = []  # what the placeholders of the commands stand for
    if _signed(result, "shared"):
        best = () if anonymous else result.candidates[:1]
        place = f", where the reference has the id {inert(best[0].id)}" if best else ""
        notes.append(f"ARCHIVE is the folder of the archive{place}.")
    if _signed(result, "ignore"):
        notes.append(
            "FILE is the text that was ignored; where there were several, give --ignore for each, "
            "in the same order. The signature has the beginning of their SHA-256."
        )
    return Checking(
        signature=inert(result.signature),
        texts=tuple([_text(side, document) for side, document in sides]),
        commands=commands,
        needs=needs,
        notes=tuple(notes),
    )


def made_with(result: Result, date: str | None) -> tuple[str, str]:
    """When the report was made, "" where that isn't told, and with which version and model."""
    parts = result.signature.split("|")
    model = next((part.rpartition(":")[0].replace(":", ", version ") for part in parts if part.count(":") == 2), "")
    said = [f"spindetect {__version__}", *([f"model {model}"] if model else [])]
    return f"made on {inert(date)}" if date else "", inert(", ".join(said))


def _quoted(text: str, otherwise: str, hidden: bool) -> str:
    """A text as a shell takes it; the placeholder for one that doesn't print, or is to be hidden."""
    return otherwise if hidden or not printable(text) else shlex.quote(text)


def _signed(result: Result, part: str) -> bool:
    """Whether the signature has a part of this name: ``shared`` from an archive, ``ignore`` from --ignore."""
    return _signed_value(result, part) is not None


def _signed_value(result: Result, part: str) -> str | None:
    """The signature's statement on a part; None if it has none of this name."""
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
    name = last_part(document.article.name)
    if name in _TEXT_NAMES or not printable(name):
        return otherwise
    return shlex.quote(f"./{name}" if name.startswith("-") else name)
