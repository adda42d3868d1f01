"""Where the suspect is from: which side is the copy, and the articles of an archive that were compared."""

from __future__ import annotations

import re
from dataclasses import dataclass

from spindetect.findings import Candidate, Direction, Result
from spindetect.report.inert import inert
from spindetect.report.words import VERDICTS, bounded, percent, who_copied
from spindetect.unicode import printable

# The only addresses that a reader may be led to: no script, no file, no mail, nothing that doesn't show.
_WEB = re.compile(r"https?://[^\s/\\]\S*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Source:
    """A line of the table of candidates, inert; ``link`` is the address of a web page, "" for any other."""

    title: str
    id: str
    url: str
    link: str
    outlet: str
    published: str
    score: str
    verdict: str
    coverage: str


def direction_sentence(direction: Direction | None) -> str:
    """Which side is the copy, as a sentence; "" when nobody asked.

    If it is the reference, the headline has said so, and the sentence tells how to read a
    report that takes the suspect for the copy.
    """
    if direction is None:
        return ""
    if direction.copy == "reference":
        return "This report took the suspect for the copy: read its evidence the other way round."
    said = who_copied(direction)
    return f"{said[0].upper()}{said[1:]}."


def copying_limit(direction: Direction | None) -> str:
    """A note that the score doesn't say who copied whom, and the other signs of that."""
    said = "It does not say who copied whom"
    if direction is None:
        return f"{said}: the reference may be the copy."
    if direction.copy is None:
        return f"{said}, and nothing else here does: the reference may be the copy."
    return (
        f"{said}. The words of both texts or their times show that the {direction.copy} is the copy; "
        "the score doesn't. Times are easily forged."
    )


def candidates(comparison: Result) -> tuple[Source, ...]:
    """The articles of the archive that were compared, best first, which is the reference."""
    return tuple(map(_source, comparison.candidates))


def web_link(url: str) -> str:
    """``url`` when it leads to a web page and shows all that is in it, otherwise "".

    >>> web_link("https://news.example/1"), web_link("javascript:alert(1)"), web_link("https:evil")
    ('https://news.example/1', '', '')
    """
    return url if printable(url) and _WEB.fullmatch(url) else ""


def _source(item: Candidate) -> Source:
    url = item.url or ""
    return Source(
        title=inert(item.title or item.id),
        id="" if item.id in (item.title or item.id, url) else inert(item.id),
        url=inert(url),
        link=web_link(url),
        outlet=inert(item.outlet or ""),
        published=inert(item.published or ""),
        score=bounded(item.score),
        verdict=VERDICTS[item.verdict].name,
        coverage=percent(item.coverage, 0),
    )
