"""What was changed in a sentence pair: the stretches between what was kept, in units as annotators count them."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from spindetect.findings import SentencePair
from spindetect.records import Document, Span


class Unit(NamedTuple):
    """A token as edits count them, a hyphenated word being one.

    ``swap`` is the number of the substitution that it belongs to, -1 for none. ``key`` is what it is compared by.
    """

    start: int
    end: int
    key: str
    stem: str
    content: bool
    mark: bool
    swap: int


class Stretch(NamedTuple):
    """Units of both sides between two that were kept."""

    reference: Sequence[Unit]
    suspect: Sequence[Unit]


def stretches(pair: SentencePair, suspect: Document, reference: Document) -> list[Stretch]:
    """What was changed: all that stands between two units that were kept."""
    subs = pair.substitutions
    left = _units(reference, pair.reference, [item.reference.span for item in subs])
    right = _units(suspect, pair.suspect, [item.suspect.span for item in subs])
    alone = _within(left, pair.dropped), _within(right, pair.added)
    words = [
        [at for at, unit in enumerate(units) if not unit.mark and unit.swap < 0 and at not in gone]
        for units, gone in zip((left, right), alone, strict=True)
    ]
    same = _matching([left[at].key.casefold() for at in words[0]], [right[at].key.casefold() for at in words[1]])
    kept: list[tuple[int, int]] = []
    last = (-1, -1)
    for i, j in [*((words[0][a], words[1][b]) for a, b in same), (len(left), len(right))]:
        marks = _matching(
            [left[at].key if left[at].mark else (0, at) for at in range(last[0] + 1, i)],
            [right[at].key if right[at].mark else (1, at) for at in range(last[1] + 1, j)],
        )
        kept += [(last[0] + 1 + a, last[1] + 1 + b) for a, b in marks]
        last = (i, j)
        if i < len(left) and (left[i].key == right[j].key or _opens(left, i) or _opens(right, j)):
            kept.append(last)
    found = []
    i = j = 0
    for k, n in [*kept, (len(left), len(right))]:
        if k > i or n > j:
            found.append(Stretch(left[i:k], right[j:n]))
        i, j = k + 1, n + 1
    return found


def _matching(left: Sequence[object], right: Sequence[object]) -> list[tuple[int, int]]:
    """Places of the same things in both, ascending in both."""
    blocks = SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks()
    return [(block.a + step, block.b + step) for block in blocks for step in range(block.size)]


def _units(document: Document, span: Span, substituted: Sequence[Span]) -> list[Unit]:
    """The tokens of a span; what is joined without a space is one unit, but for marks at its edges."""
    tokens = document.tokens(span)
    first, last = tokens.start, tokens.stop
    units: list[Unit] = []
    chunk: list[int] = []
    for token in range(first, last + 1):
        joined = token < last and chunk and document.starts[token] == document.span(chunk[-1], chunk[-1] + 1).end
        if chunk and not joined:
            units += _of_chunk(document, chunk, substituted)
            chunk = []
        if token < last and document.words[token].shape != "space":
            chunk.append(token)
    return units


def _of_chunk(document: Document, chunk: Sequence[int], substituted: Sequence[Span]) -> list[Unit]:
    marks = [not document.words[token].lexical for token in chunk]
    inner = [at for at, mark in enumerate(marks) if not mark]
    if not inner:
        return [_unit(document, chunk, substituted, mark=True)]
    return [
        *(_unit(document, [token], substituted, mark=True) for token in chunk[: inner[0]]),
        _unit(document, chunk[inner[0] : inner[-1] + 1], substituted, mark=False),
        *(_unit(document, [token], substituted, mark=True) for token in chunk[inner[-1] + 1 :]),
    ]


def _unit(document: Document, tokens: Sequence[int], substituted: Sequence[Span], mark: bool) -> Unit:
    span = document.span(tokens[0], tokens[-1] + 1)
    words = [document.words[token] for token in tokens]
    swap = next((number for number, one in enumerate(substituted) if one.overlap(span)), -1)
    stem, content = "".join(word.stem for word in words), any(word.content for word in words)
    return Unit(span.start, span.end, span.of(document.article.text), stem, content, mark, swap)


def _within(units: Sequence[Unit], spans: Sequence[Span]) -> set[int]:
    return {
        at for at, unit in enumerate(units) for span in spans if unit.start < span.end and span.start < unit.end
    }


def _opens(units: Sequence[Unit], at: int) -> bool:
    """Whether a unit opens a sentence, so that its case says nothing."""
    return at == 0 or units[at - 1].key in (".", ":")
