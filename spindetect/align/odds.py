"""Odds that two words answer to each other in a stretch written anew, where their places say little.

A logistic model, learnt from sentences that people aligned by hand (MultiMWA: Lan, Jiang and Xu 2021,
https://aclanthology.org/2021.findings-acl.435); ``benchmarks/word_links.py`` makes the weights. All pairs of words
of many gaps are judged at once.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import JaroWinkler

from spindetect.align.costs import ending, grammar_class, numeral, same_number
from spindetect.align.lexicon import Lexicon
from spindetect.align.same_word import misspelling
from spindetect.records import Word

Floats = NDArray[np.float64]
Gap = tuple[Sequence[Word], Sequence[Word]]
"""The words of the reference and of the suspect between two anchors; at least one on each side."""

WEIGHTS = Path(__file__).with_name("odds.json")


def gap_odds(gaps: Sequence[Gap], lexicon: Lexicon) -> list[list[list[float]]]:
    """For each gap the log-odds, in nats, that word i of the reference answers to word j of the suspect."""
    if not gaps:
        return []
    named, (names, weights) = pair_features(gaps, lexicon), _weights()
    features = np.empty((len(names), len(named["bias"])))
    for place, name in enumerate(names):
        features[place] = named[name]
    odds: list[float] = (weights @ features).round(4).tolist()
    tables, at = [], 0
    for old, new in gaps:
        width = len(new)
        tables.append([odds[start : start + width] for start in range(at, at + len(old) * width, width)])
        at += len(old) * width
    return tables


@cache
def _weights() -> tuple[tuple[str, ...], Floats]:
    """The names of the features that were learnt, in the file's order, and their weights."""
    stored: dict[str, float] = json.loads(WEIGHTS.read_text("utf-8"))
    return tuple(stored), np.array(list(stored.values()))


def pair_features(gaps: Sequence[Gap], lexicon: Lexicon) -> dict[str, NDArray[np.generic]]:
    """The model's features by name, each of all pairs of words of the gaps, row by row; most are within 0 to 1."""
    rows, columns = np.array([len(old) for old, _ in gaps]), np.array([len(new) for _, new in gaps])
    sizes = rows * columns
    gap = np.repeat(np.arange(len(gaps)), sizes)
    within = np.arange(len(gap)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    n, m = rows[gap], columns[gap]
    i, j = within // m, within % m
    row, column = (np.cumsum(rows) - rows)[gap] + i, (np.cumsum(columns) - columns)[gap] + j
    one = np.array([_known(word) for old, _ in gaps for word in old])[row].T
    other = np.array([_known(word) for _, new in gaps for word in new])[column].T
    compared = [_compared(old, new, lexicon) for left, right in gaps for old in left for new in right]
    same, association, back, spelling, least = np.array(compared).T
    related = _related(one[5].astype(np.intp), other[5].astype(np.intp), lexicon)
    alike = np.where(association > 0.0, least, np.maximum(related, least))
    words = _of_words(one, other, same, association, back, spelling, related)
    return words | _of_places(i, j, n, m) | _of_likeness(alike, (rows, columns), gap, (i, j), (row, column))


_Named = dict[str, NDArray[np.generic]]
_Indices = NDArray[np.intp]


def _of_words(
    one: Floats, other: Floats, same: Floats, association: Floats, back: Floats, spelling: Floats, related: Floats
) -> _Named:
    """What is known of the two words, wherever they stand."""
    grammatical = one[0] + other[0]
    unknown = (same == 0.0) & (association == 0.0)
    content, grammar = unknown & (grammatical == 0.0), unknown & (grammatical == 2.0)
    return {
        "bias": np.ones(len(same)),
        "same": same,
        "association": association,
        "known the other way": back,
        "content": content,
        "grammar": grammar,
        "mixed": unknown & (grammatical == 1.0),
        "one class": grammar & (one[1] == other[1]) & (one[1] > 0.0),
        "related, content": related * content,
        "related, others": related * (unknown & ~content),
        "closely related": np.maximum(0.0, related - 0.4) * unknown,
        "spelling": np.maximum(0.0, spelling - 0.5) * (same == 0.0),
        "one ending": (one[2] == other[2]) & (one[2] > 0.0),
        "numbers": one[3] * other[3],
        "one number": one[3] != other[3],
        "surprisal": np.minimum(one[4], other[4]),
        "surprisal apart": np.abs(one[4] - other[4]),
    }


def _of_places(i: _Indices, j: _Indices, n: _Indices, m: _Indices) -> _Named:
    """Where the words stand in their gaps, of n and m words."""
    off = np.abs((i + 0.5) / n - (j + 0.5) / m)
    from_start, from_end = np.abs(i - j), np.abs((n - i) - (m - j))
    return {
        "size": np.log(n * m),
        "lengths apart": np.abs(np.log(n / m)),
        "off": off,
        "off, in words": off * np.log(n * m),
        "from start": np.log1p(from_start),
        "from end": np.log1p(from_end),
        "from both": np.log1p(np.minimum(from_start, from_end)),
        "first": (i == 0) & (j == 0),
        "last": (i == n - 1) & (j == m - 1),
    }


def _of_likeness(
    alike: Floats,
    shapes: tuple[_Indices, _Indices],
    gap: _Indices,
    places: tuple[_Indices, _Indices],
    lines: tuple[_Indices, _Indices],
) -> _Named:
    """How alike the words are, their neighbours, and their rivals in the same row or column.

    The gaps are laid out as grids with a border, at two corners of which the anchors stand.
    """
    grids = (shapes[0] + 2) * (shapes[1] + 2)
    width = shapes[1][gap] + 2
    base = np.cumsum(grids) - grids
    at = base[gap] + (places[0] + 1) * width + places[1] + 1
    grid = np.zeros(int(grids.sum()))
    grid[at] = alike
    grid[base] = grid[base + grids - 1] = 1.0
    order = np.argsort(lines[1], kind="stable")
    down = np.empty_like(alike)
    down[order] = _best_other(alike[order], lines[1][order])
    rivals = np.maximum(_best_other(alike, lines[0]), down)  # the highest of another one in the row or the column
    return {
        "before": grid[at - width - 1],
        "after": grid[at + width + 1],
        "above": grid[at - width] + grid[at - 1],
        "below": grid[at + width] + grid[at + 1],
        "crossed": grid[at - width + 1] + grid[at + width - 1],
        "alike": alike,
        "rivals": rivals,
        "better": np.maximum(0.0, alike - rivals),
        "worse": np.maximum(0.0, rivals - alike),
    }


def _known(word: Word) -> tuple[float, float, float, float, float, float]:
    """What is known of a word by itself: function word, class, ending, numeral, surprisal (0 to 1.5), its row."""
    norm = word.norm
    number = word.shape == "number" or numeral(norm) is not None
    return word.function, grammar_class(norm), ending(norm), number, word.surprisal / 8.0, word.row


def _related(rows: NDArray[np.intp], others: NDArray[np.intp], lexicon: Lexicon) -> Floats:
    """The relatedness of words by their rows, 0 where either has none."""
    both = (rows >= 0) & (others >= 0)
    if not both.any():
        return np.zeros(len(rows))
    products = np.einsum("ij,ij->i", lexicon.vectors[rows], lexicon.vectors[others])
    return np.where(both, products, 0.0).astype(np.float64)


def _compared(one: Word, other: Word, lexicon: Lexicon) -> tuple[float, float, float, float, float]:
    """What is known of two words: same, association, known the other way, spelling, least likeness."""
    if one.stem == other.stem or same_number(one, other):
        return 1.0, 0.0, 0.0, 1.0, 1.0
    if (one.row < 0 or other.row < 0) and misspelling(one, other):
        return 1.0, 0.0, 0.0, 1.0, 0.9
    spelling = JaroWinkler.similarity(one.norm, other.norm)
    if known := lexicon.find_words(one, other):
        return 0.0, known.association, 0.0, spelling, 0.5 + 0.4 * known.association
    if lexicon.find_words(other, one):
        return 0.0, 0.0, 1.0, spelling, 0.4
    least = 0.5 * (spelling - 0.6) if one.content and other.content else 0.0
    return 0.0, 0.0, 0.0, spelling, max(least, 0.0)


def _best_other(alike: Floats, line: NDArray[np.intp]) -> Floats:
    """For each pair the highest likeness of another one in the same line, 0 if it is alone; lines ascend.

    Several that are the most alike aren't one another's rivals: each has the highest of the rest.
    """
    starts = np.flatnonzero(np.diff(line, prepend=-1))
    lengths = np.diff(starts, append=len(line))
    best = alike >= np.repeat(np.maximum.reduceat(alike, starts), lengths)
    top = np.where(best, -1.0, alike)
    second = np.repeat(np.maximum.reduceat(top, starts), lengths)
    return np.maximum(0.0, np.where(best, second, np.repeat(np.maximum.reduceat(alike, starts), lengths)))
