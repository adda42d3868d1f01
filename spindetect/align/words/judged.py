"""Sentences that were written anew: the network's best links say which of their words answer to each other."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from math import fsum
from typing import NamedTuple

from spindetect.align.lexical.costs import odds_gain
from spindetect.align.lexical.lexicon import Lexicon
from spindetect.align.words.cells import Stretch, free_words
from spindetect.align.words.odds import stretch_odds
from spindetect.align.words.strands import Link, Strand, word_link
from spindetect.records import Word
from spindetect.segment.english import ARTICLES

# A gap of more cells than this between anchors is reworded beyond word-for-word alignment.
LARGEST_GAP = 600
# Words by which the sides of a gap differ that wasn't exchanged word for word; and pairs of words that are few.
_UNEVEN, _FEW = 2, 4
# A sentence with more pairs of free words than this is as well.
_MOST_PAIRS = 2500
# What several words' answering to each other gains at most, beside a tenth for each two: known phrases come first.
_MOST_GAINED = 1.4
# Words on a side that may answer to others all to all.
_LONGEST_BLOCK = 3
# Log-odds, in nats, from which words in different places answer to each other; chosen on the gold texts.
_ACROSS = 0.4

_Step = tuple[float, tuple[int, int]]
Gaps = Sequence[tuple[range, range]]
Odds = Sequence[Sequence[float]]


def written_anew(left: range, right: range) -> bool:
    """Whether a gap's words have places that say little: two more on a side, or many pairs that can be aligned."""
    pairs = len(left) * len(right)
    return pairs <= LARGEST_GAP and (abs(len(left) - len(right)) >= _UNEVEN or pairs > _FEW)


class Judged(NamedTuple):
    """The places of a sentence pair's words that no anchor holds, and the log-odds of each two, in nats."""

    rows: list[int]
    columns: list[int]
    odds: Odds

    def within(self, left: range, right: range) -> Odds:
        """The odds of a gap's words."""
        i, j = bisect_left(self.rows, left.start), bisect_left(self.columns, right.start)
        return [row[j : j + len(right)] for row in self.odds[i : i + len(left)]]


def judge(
    pairs: Sequence[tuple[Strand, Strand]],
    anchors: Sequence[Sequence[tuple[int, int]]],
    gaps: Sequence[Gaps],
    lexicon: Lexicon,
) -> list[Judged | None]:
    """The odds in each sentence pair that was written anew, None for the others."""
    stretches: list[Stretch] = []
    anew = []
    for (reference, suspect), places, found in zip(pairs, anchors, gaps, strict=True):
        free = 0
        if any(written_anew(left, right) for left, right in found):
            free = (len(reference.words) - len(places)) * (len(suspect.words) - len(places))
        anew.append(0 < free <= _MOST_PAIRS)
        if anew[-1]:
            stretches.append(free_words((reference.words, suspect.words), places))
    tables = zip(stretches, stretch_odds(stretches, lexicon), strict=True)
    judged = iter(
        [([at[3] for at in one.places], [at[3] for at in other.places], odds) for (one, other), odds in tables]
    )
    return [Judged(*next(judged)) if here else None for here in anew]


def best_block(
    words: tuple[Sequence[Word], Sequence[Word]],
    best: Sequence[Sequence[float]],
    odds: Odds,
    i: int,
    j: int,
    so_far: _Step,
) -> _Step:
    """The highest gain in a cell and the step to it, if words that end there answer to each other all to all.

    [without -> does not, take part in -> attend]; an article at the edge of several words is none of them.
    """
    high, way = so_far
    widest = min(_LONGEST_BLOCK, j + 1)
    for rows in range(1, min(_LONGEST_BLOCK, i + 1) + 1):
        row = odds[i + 1 - rows]
        columns = 0
        while columns < widest and row[j - columns] > 0.0:
            columns += 1
        widest = columns
        if rows > 1 and _article_at_edge(words[0][i + 1 - rows : i + 1]):
            continue
        for width in range(1 + (rows == 1), widest + 1):
            if width > 1 and _article_at_edge(words[1][j + 1 - width : j + 1]):
                continue
            block = [one for line in odds[i + 1 - rows : i + 1] for one in line[j + 1 - width : j + 1]]
            gain = min(fsum([odds_gain(one) for one in block]), _MOST_GAINED + 0.1 * len(block))
            total = best[i + 1 - rows][j + 1 - width] + gain
            if total > high:
                high, way = total, (rows, width)
    return high, way


def _article_at_edge(words: Sequence[Word]) -> bool:
    return words[0].norm in ARTICLES or words[-1].norm in ARTICLES


def across(pair: tuple[Strand, Strand], judged: Judged, links: Sequence[Link]) -> tuple[Link, ...]:
    """Links between gaps, or of words that have one in theirs, the likeliest first; a word may have several."""
    held = {(i, j) for link in links for i in link.reference for j in link.suspect}
    likely = sorted(
        (-odds, i, j)
        for i, row in zip(judged.rows, judged.odds, strict=True)
        for j, odds in zip(judged.columns, row, strict=True)
        if odds > _ACROSS and (i, j) not in held
    )
    return tuple(word_link(*pair, i, j)._replace(crossing=True) for _, i, j in likely)
