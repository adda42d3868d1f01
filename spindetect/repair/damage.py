"""Repairing what programs do to a text on its way: wrong encodings, codes left in it, words broken in two.

Only what can be repaired with certainty is; a repair keeps where each character stands in the text as read.
Damage isn't disguise: nobody meant it. Where the same signs may be either, many of them in odd places are
left to `spindetect.repair.disguise`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import unescape

from spindetect.repair.broken_words import BROKEN, knows_none
from spindetect.repair.disguise import Known, see_through
from spindetect.repair.garbled import garbled
from spindetect.repair.mapping import Edit, SeenThrough, replacing, rewritten, through
from spindetect.repair.tokenised import tokenised

# --- codes left in a text -------------------------------------------------------------------------------

_SOFT_BREAK = re.compile(r"(?<=\S)=[ \t]{0,8}(?:\r?\n|\Z)|(?<= )=\r?\n")
_QUOTED = re.compile(r"(?:=[0-9A-F]{2})+|(?:=[0-9a-f]{2}){2,}")
_UTF8_QUOTED = re.compile(r"=(?:C[2-9A-F]|D[0-9A-F]|E[0-9A-F]=[89AB][0-9A-F])=[89AB][0-9A-F]")
_LINE_OF_QUOTED = re.compile(r"(?m)^.{55,76}[^\s=]=\r?$|=20\r?$")
_APOSTROPHE_QUOTED = re.compile(r"(?<=[A-Za-z])=9[1-7](?=[a-z])")
_REFERENCE = re.compile(r"&(?:amp;)?(?:#[0-9]{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,30};|nbsp\b)")
_ESCAPE = re.compile(
    r"\\u(?P<code>[0-9a-fA-F]{4})|\\(?=[\"'])|(?<=[.!?\"”’])(?P<line>(?:(?:\\r)?\\n)++)(?=[A-Z\"“\s\\]|\Z)"
)


def _soft_breaks(text: str, known: Known) -> list[Edit]:
    """Lines that quoted-printable broke with a sign of equality [af= ter -> after]."""
    return [(one.start(), one.end(), ()) for one in _SOFT_BREAK.finditer(text)] if _is_quoted(text) else []


def _quoted_printable(text: str, known: Known) -> list[Edit]:
    """Characters as codes of quoted-printable [=E2=80=99 -> ’]."""
    if not _is_quoted(text):
        return []
    codes = [one.span() for one in _QUOTED.finditer(text)] or [
        one.span() for one in _APOSTROPHE_QUOTED.finditer(text)
    ]
    edits: list[Edit] = []
    for start, end in codes:
        data = bytes.fromhex(text[start:end].replace("=", ""))
        try:
            decoded = data.decode("utf-8")
        except UnicodeDecodeError:
            decoded = data.decode("cp1252", errors="replace")
        place = start
        for char in decoded:
            size = 3 * len(char.encode("utf-8")) if len(decoded) < len(data) else 3
            edits.append((place, place + size, [(char, place, place + size)]))
            place += size
    return edits


def _is_quoted(text: str) -> bool:
    """Whether a text is quoted-printable: it has a coded character of UTF-8, or two lines end as such lines do."""
    if "=" not in text:
        return False
    if _UTF8_QUOTED.search(text) or _APOSTROPHE_QUOTED.search(text):
        return True
    lines = _LINE_OF_QUOTED.finditer(text)
    return next(lines, None) is not None and next(lines, None) is not None


def _references(text: str, known: Known) -> list[Edit]:
    """Characters by their HTML names or numbers [&rsquo; -> ’]."""
    edits: list[Edit] = []
    for found in _REFERENCE.finditer(text) if "&" in text else ():
        char = unescape(unescape(found[0]))
        if len(char) == 1:
            edits.append(replacing(found.start(), found.end(), char))
    return edits


def _escapes(text: str, known: Known) -> list[Edit]:
    r"""Escapes of JSON and of programs [don\u2019t -> don’t], [\"Yes\" -> "Yes"]."""
    edits: list[Edit] = []
    for found in _ESCAPE.finditer(text) if "\\" in text else ():
        code = int(found["code"] or "0", 16)
        if 0xD800 <= code < 0xE000 or (found["code"] and code < 32):
            continue
        new = chr(code) if found["code"] else "\n" if found["line"] else ""
        edits.append(replacing(found.start(), found.end(), new) if new else (found.start(), found.end(), ()))
    return edits


# --- the repair -----------------------------------------------------------------------------------------

Step = Callable[[str, Known], Sequence[Edit]]
_CODE = "HTML code/s"
STEPS: tuple[tuple[str, Step], ...] = (
    ("line/s broken by quoted-printable", _soft_breaks),
    ("code/s of quoted-printable", _quoted_printable),
    *[("character/s garbled by a wrong encoding", garbled)] * 3,  # some are garbled more than once
    (_CODE, _references),
    ("escape code/s", _escapes),
    ("mark/s of a tokenizer", tokenised),
    *BROKEN,
)
"""The repairs, one after the other, and the name of each: one [code], several [codes]."""


@dataclass(frozen=True, slots=True)
class Repaired:
    """A damaged text made whole, and how many of which damage were repaired."""

    seen: SeenThrough
    counts: dict[str, int]

    def warning(self, markdown: bool = False) -> str:
        """The repairs made, in a sentence; "" if they are nothing but HTML codes that Markdown may have."""
        counts = [(name, count) for name, count in self.counts.items() if not (markdown and name == _CODE)]
        parts = [f"{count} {name.replace('/s', 's' if count > 1 else '')}" for name, count in counts]
        return f"damaged text repaired: {', '.join(parts)}" if parts else ""


def repair(text: str, known: Known | None = None) -> Repaired | None:
    """The text with its damage undone; None if nothing is damaged.

    ``known`` says of a lower-case word whether it is an English one. Without it, words that were broken
    are made whole only where the text has them whole elsewhere.

    >>> repair("It=E2=80=99s open &amp; free").seen.text
    'It’s open & free'
    """
    knows = known or knows_none
    seen: SeenThrough | None = None
    counts: dict[str, int] = {}
    edits: Sequence[Edit] = ()
    for turn, (name, step) in enumerate(STEPS):
        again = turn > 0 and STEPS[turn - 1] == (name, step)
        edits = () if again and not edits else step(text, knows)
        if edits:
            counts[name] = counts.get(name, 0) + len(edits)
            seen = through(seen, rewritten(text, edits))
            text = seen.text if seen else text
    return Repaired(seen, counts) if seen else None


def as_meant(text: str, known: Known | None = None) -> SeenThrough | None:
    """The text with damage repaired and disguises seen through; None if it has neither."""
    repaired = repair(text, known)
    whole = repaired.seen if repaired else None
    return through(whole, see_through(whole.text if whole else text, known))
