"""Anchors: equal words that hold the alignment of two strands; many pairs of strands at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from spindetect.align.lexical.lexicon import Lexicon
from spindetect.align.words.strands import Strand


def find_anchors(pairs: Sequence[tuple[Strand, Strand]], lexicon: Lexicon) -> list[list[tuple[int, int]]]:
    """For each pair the (reference, suspect) positions of words that hold the alignment, ascending."""
    gains = _gains(pairs, lexicon)
    best = np.zeros_like(gains)
    # Diagonal by diagonal, since no cell of a diagonal needs another one of it.
    for above, last, here, gain in zip(best, best[1:], best[2:, 1:], gains[2:, 1:], strict=False):
        np.add(above[:-1], gain, out=here)
        np.maximum(here, last[1:], out=here)
        np.maximum(here, last[:-1], out=here)
    paths = _Paths(best)
    found = []
    for number, (reference, suspect) in enumerate(pairs):
        path = paths.of(number, reference, suspect)
        equal = [(i, j) for i, j in path if reference.words[i].stem == suspect.words[j].stem]
        found.append(_strong(reference, suspect, equal))
    return found


def _gains(pairs: Sequence[tuple[Strand, Strand]], lexicon: Lexicon) -> NDArray[np.float32]:
    """Gain of linking word i of the reference with word j of the suspect, both counted from 1.

    Shape (diagonals, longest reference + 1, pairs): the gain stands at ``[i + j, i, pair]``. Rare
    words gain more (0.5 to 1), runs of equal words get a bonus, known substitutions steer without anchoring.
    """
    ids: dict[str, int] = {}
    stems = _pad([[ids.setdefault(word.stem, len(ids)) for word in one.words] for one, _ in pairs], -1)
    others = _pad([[ids.setdefault(word.stem, len(ids)) for word in one.words] for _, one in pairs], -2)
    same: NDArray[np.bool_] = stems[:, :, None] == others[:, None, :]  # shape (pairs, longest, longest)
    rows, columns = same.shape[1:]
    pair, i, j = same.nonzero()
    surprisal = _pad([[word.surprisal for word in reference.words] for reference, _ in pairs], 0.0)
    beside = np.zeros((len(pairs), rows + 2, columns + 2), dtype=np.int8)
    beside[:, 1:-1, 1:-1] = same
    runs = beside[pair, i, j] + beside[pair, i + 2, j + 2]
    gains = np.zeros((rows + columns + 1, rows + 1, len(pairs)), dtype=np.float32)
    gains[i + j + 2, i + 1, pair] = (
        0.5 + np.minimum(surprisal[pair, i], 8.0) / 16.0 + 0.15 * runs.astype(np.float64)
    )
    known = _known_links(pairs, lexicon)
    if known:
        places = tuple(np.array([link[:3] for link in known]).T)
        steering = np.array([0.3 + 0.3 * link[3] for link in known], dtype=np.float32)
        gains[places] = np.maximum(gains[places], steering)
    return gains


def _pad(rows: Sequence[Sequence[float]], filler: float) -> NDArray[np.float64]:
    width = max(map(len, rows))
    return np.array([[*row, *[filler] * (width - len(row))] for row in rows], dtype=np.float64)


def _known_links(pairs: Sequence[tuple[Strand, Strand]], lexicon: Lexicon) -> list[tuple[int, int, int, float]]:
    """Where in `_gains` single words stand that the lexicon knows as substitutions, with their association."""
    norms = [{word.norm for pair in pairs for word in pair[side].words} for side in (0, 1)]
    known = lexicon.answers.between(norms[1], norms[0])
    found: list[tuple[int, int, int, float]] = []
    for pair, (reference, suspect) in enumerate(pairs):
        where: dict[str, list[int]] = {}
        for i, word in enumerate(reference.words, 1):
            where.setdefault(word.norm, []).append(i)
        for j, word in enumerate(suspect.words, 1):
            if word.norm in known:
                for source, association in known[word.norm]:
                    if source in where:
                        found += [(i + j, i, pair, association) for i in where[source]]
    return found


class _Paths:
    """The ways back through the tables of best gains, laid out as in `_gains`.

    A cell is equal to the one above it, to the one on its left, or else it links its two words.
    """

    def __init__(self, best: NDArray[np.float32]) -> None:
        self._above = (best[1:, 1:] == best[:-1, :-1]).tobytes()
        self._left = (best[1:, 1:] == best[:-1, 1:]).tobytes()
        self._row = best.shape[2]
        self._diagonal = (best.shape[1] - 1) * self._row

    def of(self, pair: int, reference: Strand, suspect: Strand) -> list[tuple[int, int]]:
        """A pair's linked (reference, suspect) positions, ascending."""
        i, j = len(reference.words), len(suspect.words)
        up, back = self._diagonal + self._row, self._diagonal
        at = (i + j - 1) * self._diagonal + (i - 1) * self._row + pair
        path = []
        while i and j:
            if self._above[at]:
                i, at = i - 1, at - up
            elif self._left[at]:
                j, at = j - 1, at - back
            else:
                i, j, at = i - 1, j - 1, at - up - back
                path.append((i, j))
        return path[::-1]


def _strong(reference: Strand, suspect: Strand, path: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Keep anchors on content words, and function words beside another anchor.

    A lone "of" between two reworded stretches is as likely there by chance; the gap's own
    dynamic programme may still link it.
    """
    on_path = set(path)
    return [
        (i, j)
        for i, j in path
        if not reference.words[i].function or (i - 1, j - 1) in on_path or (i + 1, j + 1) in on_path or i == j == 0
    ]
