"""A sentence as the pieces it is shown in: plain text, substitutions, what was added, dropped or is no article."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from spindetect.findings import Giveaway, Result, SentencePair, Substitution
from spindetect.records import Article, Span
from spindetect.report.alike import alike, before
from spindetect.report.blocks import Side
from spindetect.report.inert import inert

Role = Literal["plain", "substitution", "giveaway", "added", "dropped", "aside"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sentence, inert.

    A substitution has its ``number`` in the suspect's order and the number of its
    ``group`` of like ones, both from 1; ``classes`` are those of its element. A giveaway has a
    number, too, and what it may have said before; "" when that can't be guessed.
    """

    role: Role
    text: str
    number: int = 0
    group: int = 0
    classes: str = ""
    original: str = ""


Marking = tuple[Span, Piece | None]  # a stretch of the article, and what stands there; None leaves it out
Key = tuple[Span, Span | None]
Item = Substitution | Giveaway


@dataclass(frozen=True, slots=True)
class Numbers:
    """The number of each piece of evidence, and its group's."""

    of: Mapping[Key, tuple[int, int]]

    def __getitem__(self, item: Item) -> tuple[int, int]:
        return self.of[key(item)]


def key(item: Item) -> Key:
    """The key by which a piece of evidence differs from all others of its result."""
    return item.suspect.span, item.reference.span if isinstance(item, Substitution) else None


def evidence_of(result: Result) -> list[Item]:
    """All substitutions, then all giveaways, in the suspect's order."""
    return [*result.substitutions, *result.giveaways]


def numbered_evidence(result: Result) -> Numbers:
    """The numbers of all pieces of evidence."""
    found = evidence_of(result)
    groups = {key(item): at for at, group in enumerate(alike(found), start=1) for item in group}
    return Numbers({key(item): (number, groups[key(item)]) for number, item in enumerate(found, start=1)})


def pair_pieces(article: Article, pair: SentencePair, side: Side, numbers: Numbers) -> tuple[Piece, ...]:
    """One side of an aligned pair."""
    if side == "suspect":
        span, alone, role = pair.suspect, pair.added, "added"
        markings = [
            (item.suspect.span, _substitution(item, item.suspect.text, numbers)) for item in pair.substitutions
        ]
    else:
        span, alone, role = pair.reference, pair.dropped, "dropped"
        markings = [
            (item.reference.span, _substitution(item, item.reference.text, numbers)) for item in pair.substitutions
        ]
    markings += [(one, Piece(role, inert(one.of(article.text)).strip())) for one in alone]  # type: ignore[arg-type]
    return tuple(pieces(article, span, markings))


def giveaway_markings(giveaways: Iterable[Giveaway], numbers: Numbers) -> list[Marking]:
    """Where giveaways stand, with what they may have said before."""
    found: list[Marking] = []
    for one in giveaways:
        number, group = numbers[one]
        piece = Piece("giveaway", inert(one.suspect.text), number, group, classes(one), inert(before(one)))
        found.append((one.suspect.span, piece))
    return found


def classes(item: Item) -> str:
    """The classes of an item's element: its kind, ``t`` for a tell-tale, ``q`` in a quotation."""
    return f"{item.kind}{' t' if item.telltale else ''}{' q' if item.quoted else ''}"


def pieces(article: Article, span: Span, markings: Iterable[Marking] = ()) -> Iterator[Piece]:
    """The article's ``span`` with each marking in the place of its stretch.

    Markup is left out; boilerplate and what is ignored inside the span is set aside.
    Markings should not overlap; should they, the first one is shown.
    """
    at = span.start
    for stretch, piece in sorted([*markings, *_no_article(article, span)], key=lambda marking: marking[0]):
        if stretch.start < at:
            continue
        yield from _plain(article.text[at : stretch.start])
        if piece is not None:
            yield piece
        at = stretch.end
    yield from _plain(article.text[at : max(at, span.end)])


def readable(article: Article, span: Span) -> str:
    """A stretch of the article as a reader would see it: inert, without markup and what isn't compared."""
    return "".join(piece.text for piece in pieces(article, span) if piece.role == "plain")


def _plain(text: str) -> Iterator[Piece]:
    if text:
        yield Piece("plain", inert(text))


def _substitution(item: Substitution, text: str, numbers: Numbers) -> Piece:
    number, group = numbers[item]
    return Piece("substitution", inert(text), number, group, classes(item))


def _no_article(article: Article, span: Span) -> Iterator[Marking]:
    """The stretches of ``span`` that aren't the article itself."""
    first = bisect_right(article.marks, span.start, key=lambda mark: mark.span.end)
    for mark in islice(article.marks, first, None):
        if mark.span.start >= span.end:
            return
        inside = Span(max(mark.span.start, span.start), min(mark.span.end, span.end))
        yield inside, None if mark.kind == "markup" else aside(inside.of(article.text), mark.kind == "ignored")


def aside(text: str, ignored: bool) -> Piece:
    """A stretch that takes no part: boilerplate, or what is ignored because many share it."""
    return Piece("aside", inert(text), classes="ignored" if ignored else "")
