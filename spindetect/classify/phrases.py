"""From word links to swaps: the phrases that replaced each other, cut as a reader would cut them.

The conventions: the smallest phrase that was replaced as a unit; neighbouring swaps stay apart; a broken fixed
expression is one swap; a name is its changed word with the nearest head; hyphenated compounds stay whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

from spindetect.align.lexicon import ExpressionKind, Lexicon
from spindetect.align.strands import Link, Strand, WordAlignment
from spindetect.classify.rewording import reworded_gaps
from spindetect.records import Document, Span, Word
from spindetect.segment.english import ORGANISATION_HEADS, TITLE_HEADS

# Association from which words that changed their place may answer to each other.
_CROSSING = 0.38
# With more pairs of words left over, a sentence was reworded beyond telling which of them moved.
_MOST_CROSSINGS = 400
# What the relatedness of words that the lexicon doesn't know as a substitution counts beside an association.
_UNLISTED = 0.7
# Heads that a changed word may stand before, at most this many words away.
_HEAD_DISTANCE = 2


class Swap(NamedTuple):
    """A phrase of the reference and the one that replaced it: half-open word ranges of a pair's strands.

    ``fixed`` says that the reference's phrase is a fixed expression, ``head`` that it
    belongs to a title or organisation, ``rewritten`` that the stretch was reworded as a whole. ``quantity`` says
    what became of a quantity that was written otherwise, and ``spans`` are its code points with the signs of units.
    """

    reference: range
    suspect: range
    fixed: bool = False
    head: bool = False
    rewritten: bool = False
    quantity: str = ""
    spans: tuple[Span, Span] | None = None


def find_swaps(
    alignment: WordAlignment, suspect: Document, reference: Document, lexicon: Lexicon
) -> tuple[list[Swap], list[Link]]:
    """The swaps of a sentence pair in the suspect's order, and all its links, those across included."""
    crossing = _crossing(alignment, lexicon)
    links = [*alignment.links, *crossing]
    if crossing:
        links.sort(key=lambda link: link.suspect.start)
    swaps = _exchanged(alignment, suspect, reference, lexicon, links)
    disguises = _disguises(alignment, links, swaps)
    return (sorted([*swaps, *disguises], key=lambda swap: swap.suspect.start) if disguises else swaps), links


def _exchanged(
    alignment: WordAlignment, suspect: Document, reference: Document, lexicon: Lexicon, links: Sequence[Link]
) -> list[Swap]:
    """The phrases that another one replaced."""
    gaps = reworded_gaps(alignment, lexicon, links)
    inside = {index for gap in gaps for index in gap.suspect}
    swaps = [Swap(gap.reference, gap.suspect, rewritten=gap.rewritten) for gap in gaps]
    swaps += [
        Swap(link.reference, link.suspect)
        for link in links
        if link.relation == "replaced" and link.suspect[0] not in inside
    ]
    if not swaps:
        return []
    swaps.sort(key=lambda swap: swap.suspect.start)
    swaps = [_whole_compound(swap, alignment, suspect, reference) for swap in swaps]
    swaps = _with_complements(swaps, alignment)
    swaps = _without_overlaps(swaps)
    swaps = _merge_fixed(swaps, alignment, lexicon)
    return _complete_names(swaps, alignment)


def _disguises(alignment: WordAlignment, links: Sequence[Link], swaps: Sequence[Swap]) -> list[Swap]:
    """The words kept but written in disguise in the suspect alone; a soft hyphen that was copied is none.

    They are found last, so that a text in disguise is aligned as the same text without.
    """
    words = alignment.reference.words, alignment.suspect.words
    if not any(word.disguised for word in words[1]):
        return []
    taken = {index for swap in swaps for index in swap.suspect}
    return [
        Swap(link.reference, link.suspect)
        for link in links
        if link.relation == "equal" and link.suspect.start not in taken
        if words[1][link.suspect.start].disguised and not words[0][link.reference.start].disguised
    ]


def _equal_words(alignment: WordAlignment) -> dict[int, int]:
    """For each word of the reference that was kept in its place, the suspect's word."""
    return {link.reference[0]: link.suspect[0] for link in alignment.links if link.relation == "equal"}


def _unlinked(alignment: WordAlignment) -> tuple[list[int], list[int]]:
    """Positions of content words without a link, in the reference and in the suspect."""
    left = set(chain.from_iterable([link.reference for link in alignment.links]))
    right = set(chain.from_iterable([link.suspect for link in alignment.links]))
    return (
        [index for index, word in enumerate(alignment.reference.words) if word.content and index not in left],
        [index for index, word in enumerate(alignment.suspect.words) if word.content and index not in right],
    )


def _crossing(alignment: WordAlignment, lexicon: Lexicon) -> list[Link]:
    """Links between words that changed their place: the same stem, or a known substitution."""
    left, right = _unlinked(alignment)
    if not 0 < len(left) * len(right) <= _MOST_CROSSINGS:
        return []
    words = alignment.reference.words, alignment.suspect.words
    scored = sorted((-_affinity(words[0][i], words[1][j], lexicon), i, j) for i in left for j in right)
    links, used_left, used_right = [], set(), set()
    for negative, i, j in scored:
        if negative < -_CROSSING and i not in used_left and j not in used_right:
            used_left.add(i)
            used_right.add(j)
            same = words[0][i].norm == words[1][j].norm
            links.append(Link(range(i, i + 1), range(j, j + 1), "equal" if same else "replaced", crossing=True))
    return links


def _affinity(reference: Word, suspect: Word, lexicon: Lexicon) -> float:
    """How sure it is that two words far apart answer to each other, 0 to 1."""
    if reference.stem == suspect.stem:
        return 1.0
    known = lexicon.association(reference.norm, suspect.norm)
    return known or _UNLISTED * lexicon.relatedness(reference.row, suspect.row)


def _whole_compound(swap: Swap, alignment: WordAlignment, suspect: Document, reference: Document) -> Swap:
    """Widen a swap to the hyphenated compounds it stands in [self-governing -> self-ruled]."""
    left = _compound(alignment.reference, reference, swap.reference)
    right = _compound(alignment.suspect, suspect, swap.suspect)
    if left == swap.reference or right == swap.suspect:
        return swap
    return swap._replace(reference=left, suspect=right)


def _compound(strand: Strand, document: Document, words: range) -> range:
    tokens = strand.tokens
    start, stop = words.start, words.stop
    # Most words touch the next one: only where one token stands between two can it be a hyphen.
    while start > 0 and tokens[start] - tokens[start - 1] == 2 and _hyphen_at(document, tokens[start] - 1):
        start -= 1
    while stop < len(tokens) and tokens[stop] - tokens[stop - 1] == 2 and _hyphen_at(document, tokens[stop] - 1):
        stop += 1
    return words if (start, stop) == (words.start, words.stop) else range(start, stop)


def _hyphen_at(document: Document, hyphen: int) -> bool:
    """Whether a token is a hyphen that joins the words on both sides, without spaces."""
    if document.words[hyphen].norm != "-":
        return False
    tight = document.span(hyphen - 1, hyphen + 2)
    return len(tight) == sum(len(document.words[token].text) for token in (hyphen - 1, hyphen, hyphen + 1))


def _with_complements(swaps: Sequence[Swap], alignment: WordAlignment) -> list[Swap]:
    """Give a word that became "... of" the word which that "of" governs [free speech -> freedom of speech]."""
    return [_with_governed(swap, alignment) if _governs(swap, alignment) else swap for swap in swaps]


def _governs(swap: Swap, alignment: WordAlignment) -> bool:
    """Whether a word became two or the other way about, and the two end in "of"."""
    if len(swap.reference) + len(swap.suspect) != 3:
        return False
    tails = alignment.reference.words[swap.reference[-1]], alignment.suspect.words[swap.suspect[-1]]
    return (tails[0].norm == "of") != (tails[1].norm == "of")


def _with_governed(swap: Swap, alignment: WordAlignment) -> Swap:
    """The swap with the next word on both sides, if that is a content word which was kept."""
    governed = _equal_words(alignment).get(swap.reference.stop) == swap.suspect.stop
    if not governed or not alignment.reference.words[swap.reference.stop].content:
        return swap
    left = range(swap.reference.start, swap.reference.stop + 1)
    return swap._replace(reference=left, suspect=range(swap.suspect.start, swap.suspect.stop + 1))


def _without_overlaps(swaps: Sequence[Swap]) -> list[Swap]:
    """Drop swaps that lie inside an earlier, wider one."""
    if _disjoint([swap.suspect for swap in swaps]) and _disjoint([swap.reference for swap in swaps]):
        return sorted(swaps, key=lambda swap: swap.suspect.start)
    kept: list[Swap] = []
    taken_left: set[int] = set()
    taken_right: set[int] = set()
    for swap in sorted(swaps, key=lambda item: (-len(item.reference) - len(item.suspect), item.suspect.start)):
        if taken_left.isdisjoint(swap.reference) and taken_right.isdisjoint(swap.suspect):
            taken_left.update(swap.reference)
            taken_right.update(swap.suspect)
            kept.append(swap)
    return sorted(kept, key=lambda swap: swap.suspect.start)


def _disjoint(ranges: Sequence[range]) -> bool:
    """Whether no number lies in two of the ranges."""
    return len(set(chain.from_iterable(ranges))) == sum(map(len, ranges))


def _merge_fixed(swaps: Sequence[Swap], alignment: WordAlignment, lexicon: Lexicon) -> list[Swap]:
    """Join the swaps, and the unchanged words between and beside them, that make up one fixed expression."""
    words = alignment.reference.words
    changed = {index for swap in swaps for index in swap.reference}
    found = lexicon.fixed([word.stem for word in words])
    broken = [window for window, kind in found if _broken(kind, window, changed, words)]
    if not broken:
        return list(swaps)
    answers = _answers(swaps, alignment)
    whole = [None if swap.rewritten else _expression(swap, broken, answers, alignment) for swap in swaps]
    return _without_overlaps([one or swap for one, swap in zip(whole, swaps, strict=True)])


def _answers(swaps: Sequence[Swap], alignment: WordAlignment) -> dict[int, range]:
    """For each word of the reference, the words of the suspect that answer to it."""
    found = {left: range(right, right + 1) for left, right in _equal_words(alignment).items()}
    for swap in swaps:
        if not swap.rewritten:
            found.update(dict.fromkeys(swap.reference, swap.suspect))
    return found


def _expression(
    swap: Swap, broken: Sequence[range], answers: dict[int, range], alignment: WordAlignment
) -> Swap | None:
    """The broken expression of the reference that a swap is part of, with what became of it."""
    for window in broken:
        if window.start <= swap.reference.start and swap.reference.stop <= window.stop:
            whole = _joint(window, answers, alignment)
            if whole:
                return whole
    return None


def _broken(kind: ExpressionKind, window: range, changed: set[int], words: Sequence[Word]) -> bool:
    """Whether an idiom had a content word exchanged, or a collocation all its words."""
    if kind == "collocation":
        return changed.issuperset(window)
    return any(words[index].content for index in window if index in changed)


def _joint(window: range, answers: dict[int, range], alignment: WordAlignment) -> Swap | None:
    """Some neighbouring words of the reference as one swap, if their answers stand together too."""
    if any(alignment.reference.barrier[index] for index in window[1:]) or not all(
        index in answers for index in window
    ):
        return None
    start = min(answers[index].start for index in window)
    stop = max(answers[index].stop for index in window)
    covered = {index for place in window for index in answers[place]}
    if len(covered) < stop - start or any(alignment.suspect.barrier[start + 1 : stop]):
        return None
    return Swap(window, range(start, stop), fixed=True)


def _complete_names(swaps: Sequence[Swap], alignment: WordAlignment) -> list[Swap]:
    """Give changed words of a title or an organisation's name their head [National Institute]."""
    completed = [swap if swap.rewritten else _with_head(swap, swaps, alignment) for swap in swaps]
    return completed if completed == swaps else _without_overlaps(completed)


def _with_head(swap: Swap, swaps: Sequence[Swap], alignment: WordAlignment) -> Swap:
    """Widen a swap to the head of its title or organisation, where that is near, past content words in its case."""
    words = alignment.reference.words
    for head in range(swap.reference.stop, min(swap.reference.stop + _HEAD_DISTANCE, len(words))):
        between = words[swap.reference.start : head]
        if alignment.reference.barrier[head] or not all(
            word.content and word.capitalised == words[head].capitalised for word in between
        ):
            break
        word = words[head]
        if word.norm in TITLE_HEADS or (word.capitalised and word.norm in ORGANISATION_HEADS):
            other = _answer(head, swaps, _equal_words(alignment))
            if other is None:
                break
            return _widened(swap, head, other, alignment) or swap
    return swap


def _answer(head: int, swaps: Sequence[Swap], equal: dict[int, int]) -> range | None:
    """What answers to a word of the reference in the suspect."""
    if head in equal:
        return range(equal[head], equal[head] + 1)
    return next((swap.suspect for swap in swaps if head in swap.reference), None)


def _widened(swap: Swap, head: int, other: range, alignment: WordAlignment) -> Swap | None:
    """The swap grown to include its head, unless the suspect's words lie too far apart for one name."""
    start, stop = min(swap.suspect.start, other.start), max(swap.suspect.stop, other.stop)
    grown = range(start, stop)
    if len(grown) > len(swap.suspect) + len(other) + 1 or any(alignment.suspect.barrier[start + 1 : stop]):
        return None
    return Swap(range(swap.reference.start, head + 1), grown, head=True)
