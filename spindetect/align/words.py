"""Align the words of sentence pairs: equal words anchor, phrases between the anchors are replaced.

Two steps. A weighted longest common subsequence over the whole pair, with a bonus for
runs, finds anchors (the recurrence of Needleman and Wunsch 1970, many pairs at once in
NumPy). Between two anchors a small exact dynamic programme cuts both sides into the
phrases that replaced each other, with the gains of `spindetect.align.costs`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spindetect.align.costs import (
    PARTICLES,
    SOLID_GAIN,
    VERBAL_GAIN,
    joined,
    known_phrase_gain,
    particle_gain,
    verbal,
    word_gain,
)
from spindetect.datatypes import Document, Word
from spindetect.lexicon import LONGEST_PHRASE, Lexicon

# Pairs aligned in one go; larger batches waste time on padding.
_BATCH = 32
# A gap of more cells than this between anchors is reworded beyond word-for-word alignment.
_LARGEST_GAP = 600
# Sentences longer than this (tables, lists without full stops) are aligned by their ends only.
_LONGEST_SENTENCE = 600


@dataclass(frozen=True, slots=True)
class Link:
    """Words of the reference and of the suspect that answer to each other; half-open word ranges.

    The ranges count within the pair's `Strand`. ``equal`` links join one word to the same word.
    """

    reference: range
    suspect: range
    relation: Literal["equal", "replaced"]
    crossing: bool = False


@dataclass(frozen=True, slots=True)
class Strand:
    """The words of some sentences, without punctuation: their token indices and where a phrase may not cross.

    ``barrier[i]`` is set when punctuation other than a hyphen stands before word ``i``.
    """

    tokens: tuple[int, ...]
    words: tuple[Word, ...]
    barrier: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class WordAlignment:
    """Two strands and the links between them, in the suspect's order; what has no link was added or dropped."""

    reference: Strand
    suspect: Strand
    links: tuple[Link, ...]


def strand(document: Document, first: int, last: int) -> Strand:
    """The words among the tokens ``first`` up to, not including, ``last``."""
    tokens: list[int] = []
    barrier: list[bool] = []
    blocked = True
    for index in range(first, last):
        word = document.words[index]
        if word.shape in ("word", "number"):
            tokens.append(index)
            barrier.append(blocked)
            blocked = False
        elif word.norm not in ("-", "'", "'s"):
            blocked = True
    return Strand(tuple(tokens), tuple(document.words[index] for index in tokens), tuple(barrier))


def align_words(pairs: Sequence[tuple[Strand, Strand]], lexicon: Lexicon) -> list[WordAlignment]:
    """Align each (reference, suspect) pair of strands."""
    results: dict[int, WordAlignment] = {}
    order = sorted(range(len(pairs)), key=lambda index: len(pairs[index][0].words))
    plain = [index for index in order if not _trivial(*pairs[index])]
    for index in set(order) - set(plain):
        results[index] = _align_ends(*pairs[index])
    for at in range(0, len(plain), _BATCH):
        batch = plain[at : at + _BATCH]
        found = _anchors([pairs[index] for index in batch], lexicon)
        for index, anchors in zip(batch, found, strict=True):
            results[index] = _align_gaps(*pairs[index], anchors, lexicon)
    return [results[index] for index in range(len(pairs))]


def _trivial(reference: Strand, suspect: Strand) -> bool:
    lengths = len(reference.words), len(suspect.words)
    if min(lengths) == 0 or max(lengths) > _LONGEST_SENTENCE:
        return True
    return [word.norm for word in reference.words] == [word.norm for word in suspect.words]


def _in_disguise(reference: Word, suspect: Word) -> bool:
    """Whether the suspect alone wears a disguise; a soft hyphen copied from the reference is none."""
    return suspect.disguised and not reference.disguised


def _align_ends(reference: Strand, suspect: Strand) -> WordAlignment:
    """Link equal words from the front and from the back only; all that equal or overlong strands need."""
    shorter = min(len(reference.words), len(suspect.words))
    front = 0
    while front < shorter and reference.words[front].norm == suspect.words[front].norm:
        front += 1
    back = 0
    while back < shorter - front and reference.words[-1 - back].norm == suspect.words[-1 - back].norm:
        back += 1
    ends = [(len(reference.words) - step, len(suspect.words) - step) for step in range(back, 0, -1)]
    places = [(index, index) for index in range(front)] + ends
    links = [_link(reference, suspect, range(i, i + 1), range(j, j + 1)) for i, j in places]
    return WordAlignment(reference, suspect, tuple(links))


# --- anchors ---------------------------------------------------------------------------------------


def _anchors(pairs: Sequence[tuple[Strand, Strand]], lexicon: Lexicon) -> list[list[tuple[int, int]]]:
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
    rarity = _pad([[min(w.rarity, 8.0) for w in ref.words] for ref, _ in pairs], 0.0)
    same = stems[:, :, None] == others[:, None, :]
    gains = same * (0.5 + rarity[:, :, None] / 16.0)
    runs = np.zeros_like(gains)
    runs[:, 1:, 1:] += same[:, :-1, :-1]
    runs[:, :-1, :-1] += same[:, 1:, 1:]
    gains += 0.15 * same * runs
    for number, (reference, suspect) in enumerate(pairs):
        for i, j, known in _known_links(reference, suspect, lexicon):
            gains[number, i, j] = max(gains[number, i, j], 0.3 + 0.3 * known)
    return gains.astype(np.float32), same


def _pad(rows: Sequence[Sequence[float]], filler: float) -> NDArray[np.float64]:
    width = max(len(row) for row in rows)
    return np.array([[*row, *[filler] * (width - len(row))] for row in rows], dtype=np.float64)


def _known_links(reference: Strand, suspect: Strand, lexicon: Lexicon) -> Iterator[tuple[int, int, float]]:
    """Positions of single words that the lexicon knows as substitutions, with their association."""
    where: dict[str, list[int]] = {}
    for i, word in enumerate(reference.words):
        where.setdefault(word.norm, []).append(i)
    for j, word in enumerate(suspect.words):
        sources = lexicon.sources.get(word.norm, {})
        for source in sources.keys() & where.keys():
            for i in where[source]:
                yield i, j, sources[source]


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


# --- gaps ------------------------------------------------------------------------------------------


def _align_gaps(
    reference: Strand, suspect: Strand, anchors: list[tuple[int, int]], lexicon: Lexicon
) -> WordAlignment:
    """Fill the gaps between anchors with replaced phrases."""
    anchors = _free_expansions(reference, suspect, anchors, lexicon)
    moved = _moved(reference, suspect, anchors)
    links: list[Link] = []
    i = j = 0
    for anchor in [*anchors, (len(reference.words), len(suspect.words))]:
        if i < anchor[0] and j < anchor[1]:
            links += _fill_gap(reference, suspect, range(i, anchor[0]), range(j, anchor[1]), lexicon, moved)
        if anchor[0] < len(reference.words):
            links.append(
                _link(reference, suspect, range(anchor[0], anchor[0] + 1), range(anchor[1], anchor[1] + 1))
            )
        i, j = anchor[0] + 1, anchor[1] + 1
    return WordAlignment(reference, suspect, tuple(links))


def _moved(reference: Strand, suspect: Strand, anchors: Sequence[tuple[int, int]]) -> set[str]:
    """Content words that stand unanchored on both sides: they changed their place."""
    held = {i for i, _ in anchors}, {j for _, j in anchors}
    sides = [
        {word.norm for at, word in enumerate(side.words) if at not in anchored and not word.function}
        for side, anchored in zip((reference, suspect), held, strict=True)
    ]
    return sides[0] & sides[1]


def _link(reference: Strand, suspect: Strand, left: range, right: range) -> Link:
    """A link, ``equal`` when it joins one word to the same spelling (case apart)."""
    equal = len(left) == len(right) == 1 and reference.words[left[0]].norm == suspect.words[right[0]].norm
    plain = equal and not _in_disguise(reference.words[left[0]], suspect.words[right[0]])
    return Link(left, right, "equal" if plain else "replaced")


def _free_expansions(
    reference: Strand, suspect: Strand, anchors: list[tuple[int, int]], lexicon: Lexicon
) -> list[tuple[int, int]]:
    """Let go of anchors inside a known expansion or contraction [new -> brand new, here -> right here]."""
    kept = []
    ends = [(-1, -1), *anchors, (len(reference.words), len(suspect.words))]
    for before, here, after in zip(ends, ends[1:], ends[2:], strict=False):
        alone = [before[side] + 1 == here[side] and after[side] == here[side] + 1 for side in (0, 1)]
        grown = () if alone[1] else _grown(suspect, before[1] + 1, here[1], after[1], lexicon.suspect_phrases)
        shrunk = () if alone[0] else _grown(reference, before[0] + 1, here[0], after[0], lexicon.reference_phrases)
        word = reference.words[here[0]].norm, suspect.words[here[1]].norm
        known = any(lexicon.association(word[0], phrase) for phrase in grown)
        if not known and not any(lexicon.association(phrase, word[1]) for phrase in shrunk):
            kept.append(here)
    return kept


def _grown(side: Strand, start: int, here: int, stop: int, known: frozenset[str]) -> list[str]:
    """Phrases the lexicon has that add words of the gap before or after to the word at ``here``."""
    before = [side.words[first : here + 1] for first in range(max(start, here - LONGEST_PHRASE + 1), here)]
    after = [side.words[here:last] for last in range(here + 2, min(stop, here + LONGEST_PHRASE) + 1)]
    return [phrase for phrase in map(joined, before + after) if phrase in known]


def _fill_gap(
    reference: Strand, suspect: Strand, left: range, right: range, lexicon: Lexicon, moved: Collection[str] = ()
) -> list[Link]:
    """The best way to replace the words ``left`` of the reference by the words ``right`` of the suspect.

    best[i][j] is the highest gain for the first i and j words; each cell is reached by
    leaving out a word on either side or by linking two phrases that end there.
    """
    if len(left) * len(right) > _LARGEST_GAP:
        return [Link(left, right, "replaced")]
    if len(left) == len(right) == 1:
        gain = _single_gain(reference.words[left[0]], suspect.words[right[0]], lexicon, moved)
        return [_link(reference, suspect, left, right)] if gain else []
    old, new = _promising(
        _phrases(reference, left, lexicon.reference_phrases), _phrases(suspect, right, lexicon.suspect_phrases)
    )
    best = [[0.0] * (len(right) + 1) for _ in range(len(left) + 1)]
    step = [[(1, 0) if i else (0, 1) for _ in range(len(right) + 1)] for i in range(len(left) + 1)]
    for i in range(1, len(left) + 1):
        word = reference.words[left.start + i - 1]
        for j in range(1, len(right) + 1):
            high, way = best[i - 1][j], (1, 0)
            if best[i][j - 1] > high:
                high, way = best[i][j - 1], (0, 1)
            total = best[i - 1][j - 1] + _single_gain(word, suspect.words[right.start + j - 1], lexicon, moved)
            if total > high:
                high, way = total, (1, 1)
            if len(old[i - 1]) == len(new[j - 1]) == 1:
                best[i][j], step[i][j] = high, way
                continue
            for one, other in _pairs(old[i - 1], new[j - 1]):
                a, b = len(one.words), len(other.words)
                total = best[i - a][j - b] + (_gain(one, other, lexicon) or 0.0)
                if total > high:
                    high, way = total, (a, b)
            best[i][j], step[i][j] = high, way
    return _trace_gap(reference, suspect, left, right, step)


class _Phrase(NamedTuple):
    """A phrase that ends at some word of a gap; ``known`` if the lexicon may have a substitution of it."""

    words: tuple[Word, ...]
    text: str
    solid: str
    verbal: bool
    known: bool


_Phrases = list[list[_Phrase]]


def _phrases(side: Strand, gap: range, known: frozenset[str]) -> _Phrases:
    """For each word of a gap the phrases ending there: one and two words, and longer ones the lexicon has."""
    found = []
    for end in range(gap.start + 1, gap.stop + 1):
        last = side.words[end - 1]
        text = last.norm
        here = [_Phrase((last,), text, text, verbal((last,)), True)]
        for start in range(end - 2, max(gap.start, end - LONGEST_PHRASE) - 1, -1):
            if side.barrier[start + 1]:
                break
            text = f"{side.words[start].norm} {text}"
            listed = text in known
            if listed or start == end - 2:
                words = side.words[start:end]
                here.append(_Phrase(words, text, text.replace(" ", ""), verbal(words), listed))
        found.append(here)
    return found


def _promising(old: _Phrases, new: _Phrases) -> tuple[_Phrases, _Phrases]:
    """Leave out phrases of two words or more that no gain could come of; it is most of them."""
    spellings = [{phrase.solid for here in side for phrase in here} for side in (new, old)]
    return (
        [[phrase for phrase in here if _hopeful(phrase, spellings[0])] for here in old],
        [[phrase for phrase in here if _hopeful(phrase, spellings[1])] for here in new],
    )


def _hopeful(phrase: _Phrase, opposite: set[str]) -> bool:
    """Whether a phrase is one word, known, of auxiliaries, ends in a particle or is a compound written apart."""
    words = phrase.words
    return phrase.known or phrase.verbal or words[-1].norm in PARTICLES or phrase.solid in opposite


def _pairs(old: Sequence[_Phrase], new: Sequence[_Phrase]) -> Iterator[tuple[_Phrase, _Phrase]]:
    """Phrases, at least one of several words, that may have replaced each other."""
    for other in new[1:]:
        yield old[0], other
    for one in old[1:]:
        for other in new:
            yield one, other


def _gain(left: _Phrase, right: _Phrase, lexicon: Lexicon) -> float | None:
    """Gain of replacing one phrase by another, several words on a side; None or 0 where nothing speaks for it."""
    if left.known and right.known:
        known = lexicon.association(left.text, right.text)
        if known:
            return known_phrase_gain(known, len(left.words) + len(right.words))
    if left.solid == right.solid:
        return SOLID_GAIN
    if left.verbal and right.verbal:
        return VERBAL_GAIN
    return particle_gain(left.words, right.words, lexicon)


def _single_gain(reference: Word, suspect: Word, lexicon: Lexicon, moved: Collection[str]) -> float:
    """Gain of linking two single words, 0 to 1.5; a word that moved answers to itself, not to a guess.

    [on Thursday said -> said Thursday] holds no swap.
    """
    if moved and reference.stem != suspect.stem:
        elsewhere = (reference.norm in moved) + (suspect.norm in moved)
        if elsewhere == 2 or (elsewhere and not lexicon.association(reference.norm, suspect.norm)):
            return 0.0
    return word_gain(reference, suspect, lexicon)


def _trace_gap(
    reference: Strand, suspect: Strand, left: range, right: range, step: list[list[tuple[int, int]]]
) -> list[Link]:
    i, j = len(left), len(right)
    links = []
    while i and j:
        a, b = step[i][j]
        if a and b:
            ranges = range(left.start + i - a, left.start + i), range(right.start + j - b, right.start + j)
            links.append(_link(reference, suspect, *ranges))
        i, j = i - a, j - b
    return links[::-1]
