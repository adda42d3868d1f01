"""A sentence as the pieces it is shown in: plain text, substitutions, what was added, dropped or is no article."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from spindetect.records import Article, Giveaway, Result, SentencePair, Span, Substitution
from spindetect.report.alike import alike
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
Key = tuple[Span, Span]


@dataclass(frozen=True, slots=True)
class Numbers:
    """Each substitution's number and its group's."""

    of: Mapping[Key, tuple[int, int]]

    def __getitem__(self, item: Substitution) -> tuple[int, int]:
        return self.of[key(item)]


def key(item: Substitution) -> Key:
    """What tells a substitution from all others of its comparison."""
    return item.suspect.span, item.reference.span


def numbered_substitutions(comparison: Result) -> Numbers:
    """The numbers of all substitutions."""
    found = comparison.substitutions
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


def classes(item: Substitution | Giveaway) -> str:
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
