"""Growing a passage from two stretches that share something to all that they share, and whether that is enough."""

from __future__ import annotations

import math

from spindetect.align.passages.stretches import (
    Lines,
    Match,
    Stretch,
    WordLine,
    best_stretch,
    estimate_kept,
    word_likelihoods,
)

# These numbers were set on the half of the PAN-2013 pairs that `spindetect.align.passages.finding` names.

# Rounds of growing; nearly all passages stand still after four.
_ROUNDS = 12
# How far beyond the present stretch a side looks while growing: this share of it, and words at least.
_REACH = 0.4
_LEAST_REACH = 20
# A round moves an end by so many words at most, and by the stretch's length, so that the time it takes
# depends on the stretch and not on the texts.
FARTHEST = 2000
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


def grow(lines: Lines, seed: Match) -> Match:
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
    first = max(0, here.start - FARTHEST - len(here))
    last = here.end + FARTHEST + len(here)
    kept = here.kept if growing else here.kept + _TRIM * (1.0 - here.kept)
    scores, origin = word_likelihoods(line.types[first:last], seen, lines.chance, kept)
    inside = Stretch(here.start - first, here.end - first)
    found = best_stretch(scores, inside, line.edges[first : last + 1])
    if not len(found):
        return Stretch(here.start, here.start)
    kept = estimate_kept(origin[found.start : found.end], _LEAST_KEPT[side])
    return Stretch(first + found.start, first + found.end, found.score, kept)


def holds(lines: Lines, match: Match) -> bool:
    """Whether a grown match has the evidence and the length of a passage."""
    return min(match.suspect.score, match.reference.score) >= needed(lines) and long_enough(lines, match)


def needed(lines: Lines) -> float:
    """The evidence that a passage needs, in nats on the weaker side: the more, the longer the texts are."""
    sizes = len(lines.suspect), len(lines.reference)
    return max(0.0, _ACCEPT + _ACCEPT_RISE * math.log(sizes[0] * sizes[1] / 1e6))


def long_enough(lines: Lines, match: Match) -> bool:
    """Whether both sides have the words of a passage."""
    half = min(len(lines.suspect), len(lines.reference)) / 2
    shorter, longer = sorted((len(match.suspect), len(match.reference)))
    return shorter >= min(_SHORTEST, half) and longer >= min(_LONGER, half)
