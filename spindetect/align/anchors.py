"""Anchors: equal words that hold the alignment of two strands; many pairs of strands at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from spindetect.align.answers import Answers
from spindetect.align.strands import Strand
from spindetect.lexicon import Lexicon


def find_anchors(pairs: Sequence[tuple[Strand, Strand]], lexicon: Lexicon) -> list[list[tuple[int, int]]]:
    """For each pair the (reference, suspect) positions of words that hold the alignment, ascending."""
    gains, same = _gain_tensor(pairs, lexicon)
    best = np.zeros((gains.shape[0], gains.shape[1] + 1, gains.shape[2] + 1), dtype=np.float32)
    for row in range(gains.shape[1]):
        step = np.maximum(best[:, row, 1:], best[:, row, :-1] + gains[:, row])
        np.maximum.accumulate(step, axis=1, out=best[:, row + 1, 1:])
    anchors = []
    for number, (reference, suspect) in enumerate(pairs):
        size = len(reference.words), len(suspect.words)
        path = _trace(best[number, : size[0] + 1, : size[1] + 1].tolist())
        equal = same[number]
        anchors.append(_strong(reference, suspect, [(i, j) for i, j in path if equal[i, j]]))
    return anchors


def _gain_tensor(
    pairs: Sequence[tuple[Strand, Strand]], lexicon: Lexicon
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Gain of linking word i of the reference with word j of the suspect, and whether they are one word.

    Shapes (pairs, longest reference, longest suspect). Rare words gain more (0.5 to 1),
    runs of equal words get a bonus, known substitutions steer without anchoring.
    """
    ids: dict[str, int] = {}
    stems = _pad([[ids.setdefault(w.stem, len(ids)) for w in ref.words] for ref, _ in pairs], -1)
    others = _pad([[ids.setdefault(w.stem, len(ids)) for w in sus.words] for _, sus in pairs], -2)
    same = stems[:, :, None] == others[:, None, :]
    pair, i, j = same.nonzero()
    rarity = _pad([[min(w.rarity, 8.0) for w in ref.words] for ref, _ in pairs], 0.0)
    beside = np.zeros((same.shape[0], same.shape[1] + 2, same.shape[2] + 2), dtype=np.int8)
    beside[:, 1:-1, 1:-1] = same
    runs = beside[pair, i, j] + beside[pair, i + 2, j + 2]
    gains = np.zeros(same.shape, dtype=np.float32)
    gains[pair, i, j] = 0.5 + rarity[pair, i] / 16.0 + 0.15 * runs
    known = Answers({word.norm for ref, _ in pairs for word in ref.words}, lexicon.sources)
    for number, (reference, suspect) in enumerate(pairs):
        for i, j, association in _known_links(reference, suspect, known):
            gains[number, i, j] = max(gains[number, i, j], 0.3 + 0.3 * association)
    return gains, same


def _pad(rows: Sequence[Sequence[float]], filler: float) -> NDArray[np.float64]:
    width = max(map(len, rows))
    return np.array([[*row, *[filler] * (width - len(row))] for row in rows], dtype=np.float64)


def _known_links(reference: Strand, suspect: Strand, known: Answers) -> Iterator[tuple[int, int, float]]:
    """Positions of single words that the lexicon knows as substitutions, with their association."""
    where: dict[str, list[int]] = {}
    for i, word in enumerate(reference.words):
        where.setdefault(word.norm, []).append(i)
    for j, word in enumerate(suspect.words):
        for source, association in known[word.norm]:
            for i in where.get(source, ()):
                yield i, j, association


def _trace(best: list[list[float]]) -> list[tuple[int, int]]:
    """Walk back through the table of best gains; return the linked positions, ascending."""
    i, j = len(best) - 1, len(best[0]) - 1
    path = []
    while i and j:
        here = best[i][j]
        if best[i - 1][j] == here:
            i -= 1
        elif best[i][j - 1] == here:
            j -= 1
        else:
            i, j = i - 1, j - 1
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
