"""A summary: one stretch of the suspect that draws on all of the reference.

Its words don't come from one place, so no pair of stretches explains it. It is found by
taking the whole reference for the other stretch, and believed where that explains the
suspect's words better than the passages already found in it do.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from spindetect.align.passages.stretches import (
    KEPT_AT_FIRST,
    Floats,
    Lines,
    Stretch,
    best_stretch,
    estimate_kept,
    likelihoods,
)

_Pair = tuple[Stretch, Stretch]

# A word's chance: this share is its frequency in the suspect, the rest in English.
_OWN_TEXT = 0.2
# The least share of a summary's words that the reference must have given.
_LEAST_KEPT = 0.55
_ROUNDS = 4
# Evidence that a summary needs, in nats, altogether and for each word.
_ACCEPT = 45.0
_ACCEPT_A_WORD = 0.4
_SHORTEST = 20
# A summary is so many times shorter than what it sums up.
_SHORTER = 2.0
# Passages that explain a share of the summary leave so much to explain, in nats and as a share, ...
_LEFT_OVER = 15.0
_LEFT_SHARE = 0.15
# ... and don't explain their own share so much better that the rest is no matter.
_RIVALS_BY_FAR = 1.6
# A word of the reference that makes a summary's word so much likelier is one that it was taken from.
_TELLING = 2.0


def with_summary(lines: Lines, pairs: Sequence[_Pair]) -> list[_Pair]:
    """The pairs of stretches, or a summary in the place of those that it explains better."""
    if len(lines.reference) < _SHORTER * _SHORTEST:
        return list(pairs)
    size = len(lines.reference)
    chance = _OWN_TEXT * lines.suspect_counts / len(lines.suspect) + (1.0 - _OWN_TEXT) * lines.english
    stretch, scores = _best(lines, chance)
    if stretch.score < max(_ACCEPT, _ACCEPT_A_WORD * len(stretch)) or len(stretch) < _SHORTEST:
        return list(pairs)
    rivals = [pair for pair in pairs if pair[0].meets(stretch)]
    if _better_explained(lines, chance, stretch, scores, rivals):
        return list(pairs)
    here = np.bincount(lines.suspect.types[stretch.start : stretch.end], minlength=len(chance))
    telling = (here > 0) & (lines.reference_counts / size > _TELLING * chance)
    drawn = np.flatnonzero(telling[lines.reference.types])
    if not len(drawn):
        return list(pairs)
    ends = np.flatnonzero(lines.reference.edges)  # out to the sentence edges around it
    before = int(ends[np.searchsorted(ends, drawn[0], "right") - 1])
    source = Stretch(before, int(ends[np.searchsorted(ends, drawn[-1] + 1)]))
    if len(source) < _SHORTER * len(stretch):
        return list(pairs)
    return [pair for pair in pairs if pair not in rivals] + [(stretch, source)]


def _best(lines: Lines, chance: Floats) -> tuple[Stretch, Floats]:
    """The stretch of the suspect that the whole reference explains best, and the scores of all its words."""
    types, kept = lines.suspect.types, KEPT_AT_FIRST
    for _ in range(_ROUNDS):
        scores, origin = likelihoods(lines.reference_counts, len(lines.reference), chance, kept)
        stretch = best_stretch(scores[types], Stretch(0, len(types)), lines.suspect.edges)
        if not len(stretch):
            break
        before, kept = kept, estimate_kept(origin[types[stretch.start : stretch.end]], _LEAST_KEPT)
        if kept == before:
            break  # nothing would change any more
    return stretch, scores[types]


def _better_explained(
    lines: Lines, chance: Floats, stretch: Stretch, scores: Floats, rivals: Sequence[_Pair]
) -> bool:
    """Whether the passages already found explain the stretch better than all of the reference does."""
    explained, left = 0.0, np.ones(len(scores), dtype=bool)
    for mine, theirs in rivals:
        there = np.bincount(lines.reference.types[theirs.start : theirs.end], minlength=len(chance))
        narrow, _ = likelihoods(there, len(theirs), chance, mine.kept)
        explained += float(narrow[lines.suspect.types[mine.start : mine.end]].sum())
        left[mine.start : mine.end] = False
    inside = slice(stretch.start, stretch.end)
    left_over = float(scores[inside][left[inside]].sum())
    little_left = left_over < max(_LEFT_OVER, _LEFT_SHARE * stretch.score)
    return explained >= stretch.score and (little_left or explained >= _RIVALS_BY_FAR * stretch.score)
