"""Marking up a sentence for the terminal: substitutions by kind, what was dropped, what was added.

The marks are characters, and colour only repeats what they say, so that the view reads
the same in black and white. ``[-dropped-]`` and ``{+added+}`` are those of ``wdiff``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.text import Text

from spindetect.findings import Giveaway, SentencePair, Substitution
from spindetect.kinds import KINDS, Kind
from spindetect.records import Article, Span
from spindetect.report.inert import inert
from spindetect.report.layout import FAINT

ARROW = "→"

KIND_STYLES: dict[Kind, str] = {kind: row.style for kind, row in KINDS.items()}
ADDED_STYLE = "green underline"
DROPPED_STYLE = "red strike"

Marking = tuple[Span, Text]  # a stretch of the article, and what is shown in its place


def shown(text: str) -> str:
    """Article text as the view may show it: inert, and unable to pose as one of the view's own marks.

    >>> shown("[war → peace]{name!}")
    '[war <U+2192> peace]{name!}'
    """
    return inert(text).replace(ARROW, "<U+2192>")


def marked_suspect(article: Article, pair: SentencePair, beside: bool = False) -> Text:
    """The suspect's side of a pair: ``[old → new]{kind}`` and ``{+added+}``.

    Shown ``beside`` the reference, where the old phrases can be read, ``[new]{kind}`` is enough, unless they are
    in another order there.
    """
    known = _in_order(pair) if beside else frozenset()
    markings: list[tuple[Span, Text]] = []
    for item in pair.substitutions:
        kind = Text.assemble(
            ("{", FAINT), (label(item), KIND_STYLES[item.kind] if item.telltale else FAINT), ("}", FAINT)
        )
        new = Text(shown(item.suspect.text), KIND_STYLES[item.kind]) if item in known else change(item)
        markings.append((item.suspect.span, Text.assemble(("[", FAINT), new, ("]", FAINT), kind)))
    markings += [(span, Text(f"{{+{shown(span.of(article.text)).strip()}+}}", ADDED_STYLE)) for span in pair.added]
    return _with_markings(article, pair.suspect, markings)


def marked_reference(article: Article, pair: SentencePair) -> Text:
    """The reference's side of a pair: ``[old]`` where something was replaced and ``[-dropped-]``."""
    markings = [(item.reference.span, _replaced(item)) for item in pair.substitutions]
    markings += [
        (span, Text(f"[-{shown(span.of(article.text)).strip()}-]", DROPPED_STYLE)) for span in pair.dropped
    ]
    return _with_markings(article, pair.reference, markings)


def plain_sentence(article: Article, span: Span) -> Text:
    """A stretch of an article without its markup and boilerplate."""
    return _with_markings(article, span, [])


def marked_alone(article: Article, span: Span, giveaways: Iterable[Giveaway]) -> Text:
    """A stretch of the suspect that nothing answers to: ``[old? → new]{kind}``, or ``[new]{kind}``."""
    return _with_markings(article, span, [(one.suspect.span, _giveaway(one)) for one in giveaways])


def _giveaway(one: Giveaway) -> Text:
    """A giveaway as the article shows it."""
    old = f"{shown(one.original.text)}? {ARROW} " if one.original else ""
    return Text.assemble(
        ("[", FAINT),
        (old, FAINT),
        (shown(one.suspect.text), KIND_STYLES[one.kind]),
        ("]", FAINT),
        (f"{{{label(one)}}}", KIND_STYLES[one.kind] if one.telltale else FAINT),
    )


def label(item: Substitution | Giveaway) -> str:
    """An item's kind and flags: ``name``, a tell-tale ``name!``, in a quotation ``quoted name!``."""
    return f"{'quoted ' if item.quoted else ''}{item.kind}{'!' if item.telltale else ''}"


def change(item: Substitution) -> Text:
    """``old → new``, the new phrase in its kind's colour."""
    return Text.assemble(
        (shown(item.reference.text), FAINT),
        (f" {ARROW} ", FAINT),
        (shown(item.suspect.text), KIND_STYLES[item.kind]),
    )


def _in_order(pair: SentencePair) -> frozenset[Substitution]:
    """The substitutions that come at the same place in the row on both sides."""
    rows = (
        sorted(pair.substitutions, key=lambda item: item.suspect.span),
        sorted(pair.substitutions, key=lambda item: item.reference.span),
    )
    return frozenset(mine for mine, theirs in zip(*rows, strict=True) if mine == theirs)


def _replaced(item: Substitution) -> Text:
    """A substitution as the reference's side shows it."""
    return Text.assemble(("[", FAINT), (shown(item.reference.text), KIND_STYLES[item.kind]), ("]", FAINT))


def _with_markings(article: Article, span: Span, markings: Iterable[Marking]) -> Text:
    """The article's ``span`` with each marking in the place of its stretch, boilerplate and markup left out."""
    text, at = Text(), span.start
    for stretch, replacement in sorted([*markings, *_left_out(article, span)], key=lambda item: item[0]):
        if stretch.start < at:  # stretches should not overlap; should they, the first one is shown
            continue
        text.append(shown(article.text[at : stretch.start]))
        text.append_text(replacement)
        at = stretch.end
    text.append(shown(article.text[at : max(at, span.end)]))
    return text


def _left_out(article: Article, span: Span) -> Iterator[Marking]:
    """The stretches of ``span`` that aren't the article itself, with nothing in their place."""
    for mark in article.marks:
        overlap = Span(max(mark.span.start, span.start), min(mark.span.end, span.end))
        if overlap.start < overlap.end:
            yield overlap, Text()
