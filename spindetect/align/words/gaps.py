"""Gaps: between two anchors, both sides are cut into the phrases that replaced each other.

All cuts are tried, compounds written apart, auxiliaries, particles and the lexicon's phrases among them. Gains
stand in `spindetect.align.lexical.costs`; where `judged` has odds, these take the place of two single words' gain.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from spindetect.align.lexical.costs import (
    GRAMMAR_PHRASES,
    PARTICLE_GAIN,
    SOLID_GAIN,
    VERBAL_GAIN,
    grammar_association,
    known_phrase_gain,
    odds_gain,
    takes_particle,
    verbal,
    word_gain,
)
from spindetect.align.lexical.lexicon import LONGEST_PHRASE, Lexicon
from spindetect.align.words.judged import LARGEST_GAP, Odds, across, best_block, judge, written_anew
from spindetect.align.words.moved import moved_stems, stand_elsewhere
from spindetect.align.words.strands import Link, Strand, WordAlignment, link_of, word_link
from spindetect.records import Word
from spindetect.segment.english import PARTICLES

_LONGEST = max(LONGEST_PHRASE, *(phrase.count(" ") + 1 for phrase in GRAMMAR_PHRASES))


def align_gaps(
    pairs: Sequence[tuple[Strand, Strand]], anchors: Sequence[list[tuple[int, int]]], lexicon: Lexicon
) -> list[WordAlignment]:
    """Fill the gaps between the anchors of each (reference, suspect) pair with replaced phrases."""
    kept = [_free_expansions(*pair, places, lexicon) for pair, places in zip(pairs, anchors, strict=True)]
    gaps = [gaps_between(*pair, places) for pair, places in zip(pairs, kept, strict=True)]
    aligned = []
    for pair, places, found, judged in zip(pairs, kept, gaps, judge(pairs, kept, gaps, lexicon), strict=True):
        reference, suspect = pair
        links: list[Link] = []
        moved = moved_stems(reference, suspect, places) if found else set()
        at = 0
        for left, right in found:
            until = bisect_left(places, (left.start, right.start), at)
            links += [word_link(reference, suspect, i, j) for i, j in places[at:until]]
            odds = judged.within(left, right) if judged and written_anew(left, right) else None
            links += _fill_gap(reference, suspect, left, right, lexicon, moved, odds)
            at = until
        links += [word_link(reference, suspect, i, j) for i, j in places[at:]]
        crossing = across(pair, judged, links) if judged else ()
        aligned.append(WordAlignment(reference, suspect, tuple(links), crossing=crossing))
    return aligned


def gaps_between(
    reference: Strand, suspect: Strand, anchors: Sequence[tuple[int, int]]
) -> list[tuple[range, range]]:
    """The words between neighbouring anchors, where both sides have some."""
    found = []
    i = j = 0
    for left, right in (*anchors, (len(reference.words), len(suspect.words))):
        if i < left and j < right:
            found.append((range(i, left), range(j, right)))
        i, j = left + 1, right + 1
    return found


def _free_expansions(
    reference: Strand, suspect: Strand, anchors: list[tuple[int, int]], lexicon: Lexicon
) -> list[tuple[int, int]]:
    """Let go of anchors inside a known expansion or contraction [new -> brand new, here -> right here]."""
    kept = []
    ends = [(-1, -1), *anchors, (len(reference.words), len(suspect.words))]
    for before, here, after in zip(ends, ends[1:], ends[2:], strict=False):
        if after[1] - before[1] == 2 == after[0] - before[0]:
            kept.append(here)  # neither side has a gap beside it, as nearly everywhere
            continue
        old, new = reference.words[here[0]].norm, suspect.words[here[1]].norm
        grown = shrunk = False
        if (old, new) in lexicon.expansions:
            phrases = _grown(suspect, before[1] + 1, here[1], after[1])
            grown = any(lexicon.association(old, phrase) for phrase in phrases)
        if (new, old) in lexicon.contractions:
            phrases = _grown(reference, before[0] + 1, here[0], after[0])
            shrunk = any(lexicon.association(phrase, new) for phrase in phrases)
        if not grown and not shrunk:
            kept.append(here)
    return kept


def _grown(side: Strand, start: int, here: int, stop: int) -> list[str]:
    """Phrases that add words of the gap before or after to the word at ``here``."""
    first = max(start, here - LONGEST_PHRASE + 1)
    norms = [word.norm for word in side.words[first : min(stop, here + LONGEST_PHRASE)]]
    at = here - first
    before = [" ".join(norms[begin : at + 1]) for begin in range(at)]
    after = [" ".join(norms[at:end]) for end in range(at + 2, len(norms) + 1)]
    return before + after


def _fill_gap(
    reference: Strand,
    suspect: Strand,
    left: range,
    right: range,
    lexicon: Lexicon,
    moved: Collection[str] = (),
    odds: Odds | None = None,
) -> list[Link]:
    """The best way to replace the words ``left`` of the reference by the words ``right`` of the suspect.

    best[i][j] is the highest gain for the first i and j words; each cell is reached by
    leaving out a word on either side or by linking two phrases that end there: ``step`` says how many words of each
    that takes. ``odds`` are those of the words, where they are judged by them.
    """
    if len(left) * len(right) > LARGEST_GAP:
        return [Link(left, right, "replaced")]
    words = reference.words[left.start : left.stop], suspect.words[right.start : right.stop]
    if len(left) == len(right) == 1:
        gain = _single_gain(words[0][0], words[1][0], lexicon, moved)
        return [word_link(reference, suspect, left.start, right.start)] if gain else []
    old, new = _promising(
        words,
        _phrases(reference, left, lexicon.reference_phrases),
        _phrases(suspect, right, lexicon.suspect_phrases),
    )
    columns = list(zip(range(len(right)), words[1], new, strict=True))
    best = [[0.0] * (len(right) + 1)]
    step: list[list[tuple[int, int]]] = []
    for i, (word, phrases) in enumerate(zip(words[0], old, strict=True)):
        above, row = best[-1], [0.0]
        ways: list[tuple[int, int]] = []
        for j, other, others in columns:
            high, way = above[j + 1], (1, 0)
            if row[j] > high:
                high, way = row[j], (0, 1)
            if not odds or odds[i][j] > 0.0:
                gain = _single_gain(word, other, lexicon, moved, odds[i][j] if odds else None)
                if above[j] + gain > high:
                    high, way = above[j] + gain, (1, 1)
                if odds:
                    high, way = best_block(words, best, odds, i, j, (high, way))
            if len(phrases) > 1 or len(others) > 1:
                pairs = _pairs(phrases, others)
                high, way = _best_phrases(best, j + 1, pairs, lexicon, moved, odds, (high, way))
            row.append(high)
            ways.append(way)
        best.append(row)
        step.append(ways)
    return _trace_gap(reference, suspect, left, right, step)


class _Phrase(NamedTuple):
    """A phrase that ends at some word of a gap; ``known`` if the lexicon may have a substitution of it."""

    words: tuple[Word, ...]
    text: str
    solid: str
    known: bool


_Phrases = list[list[_Phrase]]


def _phrase(word: Word) -> _Phrase:
    return _Phrase((word,), word.norm, word.norm, True)


def _phrases(side: Strand, gap: range, known: frozenset[str]) -> _Phrases:
    """For each word of a gap the phrases ending there: those of two words, and longer ones the lexicon has."""
    words, barrier = side.words, side.barrier
    found: _Phrases = []
    for end in range(gap.start + 1, gap.stop + 1):
        text = words[end - 1].norm
        here: list[_Phrase] = []
        for start in range(end - 2, max(gap.start, end - _LONGEST) - 1, -1):
            if barrier[start + 1]:
                break
            text = f"{words[start].norm} {text}"
            listed = text in known or text in GRAMMAR_PHRASES
            if listed or start == end - 2:
                here.append(_Phrase(words[start:end], text, text.replace(" ", ""), listed))
        found.append(here)
    return found


def _promising(
    words: tuple[Sequence[Word], Sequence[Word]], old: _Phrases, new: _Phrases
) -> tuple[_Phrases, _Phrases]:
    """The phrases that could gain something, by the word at which they end; that word by itself comes first.

    They are few: where no word of either side ends one, the lists are left empty.
    """
    spellings = [
        {phrase.solid for here in side for phrase in here}.union([word.norm for word in alone])
        for side, alone in zip((old, new), words, strict=True)
    ]
    old = [[phrase for phrase in here if _hopeful(phrase, spellings[1])] if here else here for here in old]
    new = [[phrase for phrase in here if _hopeful(phrase, spellings[0])] if here else here for here in new]
    if not any(old) and not any(new):
        return old, new
    return (
        [[_phrase(word), *here] for word, here in zip(words[0], old, strict=True)],
        [[_phrase(word), *here] for word, here in zip(words[1], new, strict=True)],
    )


def _hopeful(phrase: _Phrase, opposite: set[str]) -> bool:
    """Whether a phrase is known, ends in a particle, is of auxiliaries or is a compound written apart."""
    return phrase.known or phrase.solid in opposite or phrase.words[-1].norm in PARTICLES or verbal(phrase.words)


def _pairs(old: Sequence[_Phrase], new: Sequence[_Phrase]) -> Iterator[tuple[_Phrase, _Phrase]]:
    """Phrases, at least one of several words, that may have replaced each other."""
    for other in new[1:]:
        yield old[0], other
    for one in old[1:]:
        for other in new:
            yield one, other


def _best_phrases(
    best: Sequence[Sequence[float]],
    column: int,
    pairs: Iterable[tuple[_Phrase, _Phrase]],
    lexicon: Lexicon,
    moved: Collection[str],
    odds: Odds | None,
    so_far: tuple[float, tuple[int, int]],
) -> tuple[float, tuple[int, int]]:
    """The highest gain in a cell of the row below ``best``, and the step to it, if phrases end there."""
    high, way = so_far
    for one, other in pairs:
        rows, columns = len(one.words), len(other.words)
        heads = odds[len(best) - rows][column - columns] if odds else None
        total = best[-rows][column - columns] + _gain(one, other, lexicon, moved, heads)
        if total > high:
            high, way = total, (rows, columns)
    return high, way


def _gain(left: _Phrase, right: _Phrase, lexicon: Lexicon, moved: Collection[str], odds: float | None) -> float:
    """Gain of replacing one phrase by another, several words on a side, 0 where nothing speaks for it.

    ``odds`` are those of their first words, where they decide.
    """
    known = lexicon.association(left.text, right.text) if left.known and right.known else 0.0
    if known := known or grammar_association(left.text, right.text):
        gain = known_phrase_gain(known, len(left.words) + len(right.words))
    elif left.solid == right.solid:
        return SOLID_GAIN
    elif verbal(left.words) and verbal(right.words):
        return VERBAL_GAIN
    elif takes_particle(left.words, right.words):
        head = word_gain(left.words[0], right.words[0], lexicon) if odds is None else odds_gain(odds)
        gain = PARTICLE_GAIN + head if head else 0.0
    else:
        return 0.0
    return 0.0 if moved and stand_elsewhere(left.words, right.words, moved, lexicon) else gain


def _single_gain(
    reference: Word,
    suspect: Word,
    lexicon: Lexicon,
    moved: Collection[str],
    odds: float | None = None,
) -> float:
    """Gain of linking two single words, 0 to 1.5; a word that moved answers to itself, not to a guess.

    [on Thursday said -> said Thursday] holds no swap. ``odds`` decide in a sentence written anew.
    """
    if (reference.stem in moved or suspect.stem in moved) and stand_elsewhere(
        (reference,), (suspect,), moved, lexicon
    ):
        return 0.0
    return word_gain(reference, suspect, lexicon) if odds is None else odds_gain(odds)


def _trace_gap(
    reference: Strand, suspect: Strand, left: range, right: range, step: list[list[tuple[int, int]]]
) -> list[Link]:
    i, j = len(left), len(right)
    links = []
    while i and j:
        a, b = step[i - 1][j - 1]
        if a and b:
            ranges = range(left.start + i - a, left.start + i), range(right.start + j - b, right.start + j)
            links.append(link_of(reference, suspect, *ranges))
        i, j = i - a, j - b
    return links[::-1]
