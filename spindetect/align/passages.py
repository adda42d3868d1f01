"""Passages of reuse: aligned sentences that stand together on both sides, merged."""

from __future__ import annotations

from collections.abc import Sequence

from spindetect.align.pairs import AlignedPair, sentence_span
from spindetect.datatypes import Document, Passage

# Aligned sentences with at most this many unaligned ones between them, on each side, make one passage.
_GAP = 1


def passages(pairs: Sequence[AlignedPair], suspect: Document, reference: Document) -> tuple[Passage, ...]:
    """Merge aligned pairs (in the suspect's order) into passages; a jump in the reference begins a new one."""
    merged: list[tuple[range, range]] = []
    for pair in pairs:
        if merged and _adjoins(merged[-1], pair):
            left, right = merged[-1]
            reference_range = range(min(right.start, pair.reference.start), max(right.stop, pair.reference.stop))
            merged[-1] = (range(left.start, pair.suspect.stop), reference_range)
        else:
            merged.append((pair.suspect, pair.reference))
    return tuple(Passage(sentence_span(suspect, left), sentence_span(reference, right)) for left, right in merged)


def _adjoins(last: tuple[range, range], pair: AlignedPair) -> bool:
    """Whether a pair goes on where a passage ended, on both sides, or swaps places with its last sentence."""
    ahead = pair.suspect.start - last[0].stop
    across = max(pair.reference.start - last[1].stop, last[1].start - pair.reference.stop)
    return ahead <= _GAP and across <= _GAP
