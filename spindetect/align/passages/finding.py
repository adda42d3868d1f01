"""Passages of reuse: stretches of the suspect and of the reference that share their words.

    seeds:    aligned sentences that stand together; cells of the dot plot that are dense with rare words in common
    growth:   from a seed, each side in turn takes the stretch that the other explains best
    trial:    a passage needs evidence, more of it the longer the texts are, and a few words
    summary:  one stretch of the suspect may instead draw on all of the reference
    the rest: aligned sentences that are alike enough for what is already known of the texts

Finer than the sentence alignment in what it finds, coarser in what it says: it needs no
sentence to answer to a sentence, so it finds shuffled, translated and condensed text too.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from spindetect.align.passages.bundles import find_bundles, left_over
from spindetect.align.passages.growth import FARTHEST, grow, holds
from spindetect.align.passages.stretches import Indices, Lines, Match, Stretch, word_lines
from spindetect.align.passages.summaries import with_summary
from spindetect.align.sentences.pairs import sentence_span, sentences_of
from spindetect.findings import Passage, Result
from spindetect.records import Document, Span

# The numbers below were set on the half of the PAN-2013 text-alignment pairs whose suspect's name has an
# even CRC-32, and checked on the other half; the reasons are what each did there.

# Words along the side of a cell; a seed is two cells by two, about a sentence or two.
_CELL = 16
# Cells of long texts are larger, so that there are never more than this many (32 MB).
_MOST_CELLS = 4_000_000
# Evidence that a seed needs, in nats: two or three rare words that occur once in each text.
_SEED = 12.0
# A word this common in English (in nats above certainty) or in the texts (occurrences, one side's times the
# other's) says nothing about where; "company" has 5.
_COMMON = 5.0
_OFTEN = 20
# The cells tried at most, best first; most passages were grown from aligned sentences before.
_TRIALS = 40
# Growing from aligned sentences ends when it has looked at so many times the words of both texts.
_WORK = 100
# Coverage from which aligned sentences are passages even if their words alone wouldn't prove it ...
_MOSTLY = 0.5
# ... where the passages that are proved show less than this share of them.
_LITTLE = 0.5


def passages_of(comparison: Result) -> tuple[Passage, ...]:
    """A comparison's passages: what `find_passages` finds; where that shows little of what is aligned, this too.

    They are found once for a comparison.
    """
    if not comparison._passages:
        found = find_passages(comparison.suspect, comparison.reference)
        shown = sum([len(passage.suspect) for passage in found])
        aligned = sum([len(pair.suspect) for pair in comparison.alignment])
        if comparison.coverage >= _MOSTLY and shown < _LITTLE * aligned:
            document = comparison.suspect
            taken = {index for passage in found for index in sentences_of(document, passage.suspect)}
            others = [
                one for one in merged_pairs(comparison) if taken.isdisjoint(sentences_of(document, one.suspect))
            ]
            found = tuple(sorted([*found, *others], key=_place))
        comparison._passages.append(found)
    return comparison._passages[0]


def _place(passage: Passage) -> tuple[Span, Span]:
    return passage.suspect, passage.reference


def find_passages(suspect: Document, reference: Document) -> tuple[Passage, ...]:
    """Find the passages of reuse, in the suspect's order; empty where there are none."""
    lines = word_lines(suspect, reference)
    if not len(lines.suspect) or not len(lines.reference):
        return ()
    bundles = find_bundles(lines)
    search = _Search(lines)
    search.from_seeds(_rows([bundle.match for bundle in bundles]), len(bundles))
    search.from_seeds(_cells(lines, search.grown), _TRIALS)
    pairs = with_summary(lines, [(match.suspect, match.reference) for match in search.matches])
    pairs += left_over(lines, bundles, pairs)
    found = (Passage(lines.suspect.span(left), lines.reference.span(right)) for left, right in pairs)
    return tuple(sorted(found, key=_place))


class _Search:
    """A search for matches, from one seed after another.

    ``grown`` are all that were grown, ``matches`` those that hold; no two of these share words on both sides.
    """

    def __init__(self, lines: Lines) -> None:
        self.matches: list[Match] = []
        self.grown: list[Match] = []
        self._lines = lines

    def from_seeds(self, seeds: Indices, most: int) -> None:
        """Grow at most so many seeds, leaving out those that what was grown before has reached."""
        held = np.zeros((len(self.matches) + most, 4), dtype=np.intp)
        held[: len(self.matches)] = _rows(self.matches)
        work = _WORK * (len(self._lines.suspect) + len(self._lines.reference))
        for _ in range(most):
            if not len(seeds) or work <= 0:
                break
            start, end, there, there_end = seeds[0].tolist()
            match = grow(self._lines, Match(Stretch(start, end), Stretch(there, there_end)))
            self.grown.append(match)
            work -= 2 * FARTHEST + len(match.suspect) + len(match.reference)
            if holds(self._lines, match) and not _meeting(held[: len(self.matches)], match).any():
                held[len(self.matches)] = _rows([match])
                self.matches.append(match)
            seeds = seeds[1:][~_meeting(seeds[1:], match)]


def merged_pairs(comparison: Result) -> tuple[Passage, ...]:
    """Aligned sentences that stand together on both sides, merged; a jump in the reference begins a new passage.

    For texts too short, or of words too common, to hold evidence that `find_passages` would accept.
    """
    suspect, reference = comparison.suspect, comparison.reference
    merged: list[tuple[range, range]] = []
    for pair in comparison.alignment:
        mine, theirs = sentences_of(suspect, pair.suspect), sentences_of(reference, pair.reference)
        if merged and _adjoins(merged[-1], mine, theirs):
            left, right = merged[-1]
            stop = max(right.stop, theirs.stop)
            merged[-1] = range(left.start, mine.stop), range(min(right.start, theirs.start), stop)
        else:
            merged.append((mine, theirs))
    return tuple(Passage(sentence_span(suspect, left), sentence_span(reference, right)) for left, right in merged)


def _adjoins(last: tuple[range, range], mine: range, theirs: range) -> bool:
    """Whether a pair of sentences goes on where a passage ended, on both sides, at most one sentence skipped."""
    across = max(theirs.start - last[1].stop, last[1].start - theirs.stop)
    return mine.start - last[0].stop <= 1 and across <= 1


# --- seeds -----------------------------------------------------------------------------------------


def _rows(matches: Sequence[Match]) -> Indices:
    """Matches as rows: start and end in the suspect, start and end in the reference."""
    rows = [(one.suspect.start, one.suspect.end, one.reference.start, one.reference.end) for one in matches]
    return np.array(rows, dtype=np.intp).reshape(-1, 4)


def _meeting(rows: Indices, match: Match) -> NDArray[np.bool_]:
    """Which of the rows share words with a match on both sides, as `Match.meets` says."""
    mine, theirs = match.suspect, match.reference
    found: NDArray[np.bool_] = (rows[:, 0] < mine.end) & (mine.start < rows[:, 1])
    found &= (rows[:, 2] < theirs.end) & (theirs.start < rows[:, 3])
    return found


def _cells(lines: Lines, grown: Sequence[Match]) -> Indices:
    """Windows of both texts that share enough rare words and meet nothing that was ``grown``, best first.

    Rows as `_rows` makes them. A long text has thousands, of which a few are tried.
    """
    left, right = _shared_words(lines)
    if not len(left):
        return np.zeros((0, 4), dtype=np.intp)
    types = lines.suspect.types[left]
    surprisal = np.maximum(0.0, -np.log(lines.english[types]) - _COMMON)
    weights = surprisal / np.sqrt(lines.suspect_counts[types] * lines.reference_counts[types])
    size = max(_CELL, math.ceil(math.sqrt(len(lines.suspect) * len(lines.reference) / _MOST_CELLS)))
    rows, columns = len(lines.suspect) // size + 2, len(lines.reference) // size + 2
    cells = (left // size + 1) * columns + right // size + 1
    plot = np.bincount(cells, weights, minlength=rows * columns).reshape(rows, columns)
    plot[:-1] += plot[1:]
    plot[:, :-1] += plot[:, 1:]
    plot[_reached(grown, size, rows, columns)] = 0.0
    dense = np.flatnonzero(plot >= _SEED)
    best_first = dense[np.argsort(-plot.ravel()[dense], kind="stable")]
    row, column = np.divmod(best_first, columns)
    mine, theirs = _windows(row, size, len(lines.suspect)), _windows(column, size, len(lines.reference))
    return np.stack([*mine, *theirs], axis=1)


def _reached(grown: Sequence[Match], size: int, rows: int, columns: int) -> NDArray[np.bool_]:
    """The cells whose windows meet something ``grown``, shape (rows, columns), all at once by their corners."""
    start, end, there, there_end = _rows(grown).T
    top, bottom = start // size, np.minimum(-(-end // size) + 1, rows)
    near, far = there // size, np.minimum(-(-there_end // size) + 1, columns)
    corners = np.zeros((rows + 1, columns + 1), dtype=np.int32)
    for row, column, step in ((top, near, 1), (top, far, -1), (bottom, near, -1), (bottom, far, 1)):
        np.add.at(corners, (row, column), step)
    reached: NDArray[np.bool_] = corners.cumsum(0).cumsum(1)[:-1, :-1] > 0
    return reached


def _shared_words(lines: Lines) -> tuple[Indices, Indices]:
    """Positions in the suspect and in the reference, pair by pair, of words that are in both but seldom."""
    product = lines.suspect_counts * lines.reference_counts
    telling = (product > 0) & (product <= _OFTEN)
    mine = np.flatnonzero(telling[lines.suspect.types])
    theirs = np.flatnonzero(telling[lines.reference.types])
    theirs = theirs[np.argsort(lines.reference.types[theirs], kind="stable")]
    sizes = np.where(telling, lines.reference_counts, 0).astype(np.intp)
    first = np.cumsum(sizes) - sizes  # where each type's positions begin in ``theirs``
    types = lines.suspect.types[mine]
    repeats = sizes[types]
    within = np.arange(repeats.sum()) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    return np.repeat(mine, repeats), theirs[np.repeat(first[types], repeats) + within]


def _windows(cells: Indices, size: int, words: int) -> tuple[Indices, Indices]:
    """Starts and ends of the windows of two cells by two whose corners the cells are."""
    return np.maximum(0, (cells - 1) * size), np.minimum(words, (cells + 1) * size)
