"""Passages of reuse: stretches of the suspect and of the reference that share their words.

    seeds:    cells of the two texts' dot plot that are dense with rare words in common
    growth:   from a seed, each side in turn takes the stretch that the other explains best
    trial:    a passage needs evidence, more of it the longer the texts are, and a few words
    summary:  one stretch of the suspect may instead draw on all of the reference

Finer than the sentence alignment in what it finds, coarser in what it says: it needs no
sentence to answer to a sentence, so it finds shuffled, translated and condensed text too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from spindetect.align.pairs import sentence_span, sentences_of
from spindetect.align.stretches import (
    Indices,
    Lines,
    Stretch,
    WordLine,
    best_stretch,
    estimate_kept,
    likelihoods,
    word_lines,
)
from spindetect.align.summaries import with_summary
from spindetect.records import Document, Passage, Result

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
# The seeds tried at most, best first; no pair of texts has more passages than a few dozen.
_TRIALS = 40
# Rounds of growing; nearly all passages stand still after four.
_ROUNDS = 12
# How far beyond the present stretch a side looks while growing: this share of it, and words at least.
_REACH = 0.4
_LEAST_REACH = 20
# The least share of words that a passage has kept. Below it, texts on one subject look like reuse.
_LEAST_KEPT = (0.5, 0.7)
# Once grown, the ends are trimmed as if so much more had been kept.
_TRIM = 0.2
# Evidence that a passage needs in texts of a thousand words, in nats, on the weaker side ...
_ACCEPT = 28.0
# ... and by how much that rises when the number of places to look at is e times as large.
_ACCEPT_RISE = 4.0
# Words in a passage on the shorter and on the longer side; fewer are a turn of phrase. In texts shorter
# than twice that, half the text will do.
_SHORTEST = 20
_LONGER = 40
# Coverage from which aligned sentences are a passage even if their words alone wouldn't prove it.
_MOSTLY = 0.5


@dataclass(frozen=True, slots=True)
class Match:
    """Two stretches that answer to each other."""

    suspect: Stretch
    reference: Stretch

    def meets(self, other: Match) -> bool:
        """Whether the two share words on both sides."""
        return self.suspect.meets(other.suspect) and self.reference.meets(other.reference)


def passages_of(comparison: Result) -> tuple[Passage, ...]:
    """A comparison's passages: those found word by word; failing that, where most is aligned, of sentence pairs.

    They are found once for a comparison.
    """
    if not comparison._passages:
        found = find_passages(comparison.suspect, comparison.reference)
        mostly = comparison.coverage >= _MOSTLY
        comparison._passages.append(found or (merged_pairs(comparison) if mostly else ()))
    return comparison._passages[0]


def find_passages(suspect: Document, reference: Document) -> tuple[Passage, ...]:
    """Find the passages of reuse, in the suspect's order; empty where there are none."""
    lines = word_lines(suspect, reference)
    if not len(lines.suspect) or not len(lines.reference):
        return ()
    matches: list[Match] = []
    seeds = _seeds(lines)
    for _ in range(_TRIALS):
        if not len(seeds):
            break
        start, end, there, there_end = seeds[0].tolist()
        match = _grow(lines, Match(Stretch(start, end), Stretch(there, there_end)))
        if _holds(lines, match) and not any(match.meets(other) for other in matches):
            matches.append(match)
        seeds = _apart(seeds[1:], match)
    pairs = with_summary(lines, [(match.suspect, match.reference) for match in matches])
    found = (Passage(lines.suspect.span(left), lines.reference.span(right)) for left, right in pairs)
    return tuple(sorted(found, key=lambda passage: (passage.suspect, passage.reference)))


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


def _seeds(lines: Lines) -> Indices:
    """Windows of both texts that share enough rare words, best first.

    Shape (windows, 4): start and end in the suspect, start and end in the reference. A long text has
    thousands, of which a few are tried.
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
    dense = np.flatnonzero(plot >= _SEED)
    best_first = dense[np.argsort(-plot.ravel()[dense], kind="stable")]
    row, column = np.divmod(best_first, columns)
    mine, theirs = _windows(row, size, len(lines.suspect)), _windows(column, size, len(lines.reference))
    return np.stack([*mine, *theirs], axis=1)


def _apart(seeds: Indices, match: Match) -> Indices:
    """The seeds that share no words with a match on both sides, as `Match.meets` says."""
    mine, theirs = match.suspect, match.reference
    meeting = (seeds[:, 0] < mine.end) & (mine.start < seeds[:, 1])
    meeting &= (seeds[:, 2] < theirs.end) & (theirs.start < seeds[:, 3])
    return seeds[~meeting]


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


# --- growth ----------------------------------------------------------------------------------------


def _grow(lines: Lines, seed: Match) -> Match:
    """Let each side take the stretch that the other explains best, in turn, until neither changes.

    First each looks somewhat beyond the other's present stretch, so that both can grow; when that
    stands still (or half the rounds are over) the ends are trimmed without looking beyond.
    """
    match, growing = seed, True
    for number in range(_ROUNDS):
        before = (match.suspect.start, match.suspect.end, match.reference.start, match.reference.end)
        mine = _answer(lines, lines.suspect, match.suspect, lines.reference, match.reference, growing, 0)
        if not len(mine):
            return Match(mine, match.reference)
        theirs = _answer(lines, lines.reference, match.reference, lines.suspect, mine, growing, 1)
        match = Match(mine, theirs)
        if not len(theirs):
            return match
        still = before == (mine.start, mine.end, theirs.start, theirs.end)
        if still and not growing:
            break
        growing = growing and not still and number < _ROUNDS // 2
    return match


def _answer(
    lines: Lines, line: WordLine, here: Stretch, other: WordLine, there: Stretch, growing: bool, side: int
) -> Stretch:
    """The stretch of ``line`` around ``here`` that the words of ``other`` at ``there`` explain best."""
    reach = int(max(_LEAST_REACH, _REACH * len(there))) if growing else 0
    seen = other.types[max(0, there.start - reach) : there.end + reach]
    counts = np.bincount(seen, minlength=len(lines.chance))
    kept = here.kept if growing else here.kept + _TRIM * (1.0 - here.kept)
    scores, origin = likelihoods(counts, len(seen), lines.chance, kept)
    found = best_stretch(scores[line.types], here, line.edges)
    if not len(found):
        return found
    kept = estimate_kept(line.types[found.start : found.end], origin, _LEAST_KEPT[side])
    return Stretch(found.start, found.end, found.score, kept)


def _holds(lines: Lines, match: Match) -> bool:
    """Whether a grown match has the evidence and the length of a passage."""
    sizes = len(lines.suspect), len(lines.reference)
    needed = _ACCEPT + _ACCEPT_RISE * np.log(sizes[0] * sizes[1] / 1e6)
    shorter, longer = sorted((len(match.suspect), len(match.reference)))
    half = min(sizes) / 2
    return bool(
        min(match.suspect.score, match.reference.score) >= max(0.0, needed)
        and shorter >= min(_SHORTEST, half)
        and longer >= min(_LONGER, half)
    )
