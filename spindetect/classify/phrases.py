"""From word links to phrase pairs: the phrases that replaced each other, cut as a reader would cut them.

The conventions: the smallest phrase that was replaced as a unit; neighbouring phrases stay apart; a broken fixed
expression is one phrase; a name is its changed word with the nearest head; hyphenated compounds stay whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

from spindetect.align.lexical.lexicon import Lexicon
from spindetect.align.lexical.one_thing import listed
from spindetect.align.words.moved import links_across
from spindetect.align.words.strands import Link, Strand, WordAlignment, linked_words
from spindetect.classify.rewording import reworded_gaps
from spindetect.kinds import Altered, Variant
from spindetect.records import Document, Span
from spindetect.segment.english import CLITICS, ORGANISATION_HEADS, TITLE_HEADS

# Heads that a changed word may stand before, at most this many words away.
_HEAD_DISTANCE = 2


class PhrasePair(NamedTuple):
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
    quantity: Variant | Altered | None = None
    spans: tuple[Span, Span] | None = None


def find_phrase_pairs(
    alignment: WordAlignment, suspect: Document, reference: Document, lexicon: Lexicon
) -> tuple[list[PhrasePair], list[Link]]:
    """The phrase pairs of a sentence pair in the suspect's order, and all its links, those across included."""
    crossing = links_across(alignment, lexicon)
    links = [*alignment.links, *crossing]
    if crossing:
        links.sort(key=lambda link: link.suspect.start)
    pairs = _exchanged(alignment, suspect, reference, lexicon, [*alignment.links, *_alone(alignment, crossing)])
    words = alignment.reference.words, alignment.suspect.words
    if any(word.disguised for word in words[1]):
        # Words kept but written in disguise in the suspect alone (a soft hyphen that was copied is none) come last,
        # so that a text in disguise is aligned as the same text without.
        taken = {index for phrases in pairs for index in phrases.suspect}
        pairs += [
            PhrasePair(link.reference, link.suspect)
            for link in links
            if link.relation == "equal" and link.suspect.start not in taken
            if words[1][link.suspect.start].disguised and not words[0][link.reference.start].disguised
        ]
        pairs.sort(key=lambda phrases: phrases.suspect.start)
    return pairs, links


def _alone(alignment: WordAlignment, crossing: Sequence[Link]) -> list[Link]:
    """The crossing links whose words no other link holds, the first of several; only they are exchanges."""
    left, right = linked_words(alignment.links)
    alone = []
    for link in crossing:
        if link.reference.start not in left and link.suspect.start not in right:
            left.add(link.reference.start)
            right.add(link.suspect.start)
            alone.append(link)
    return alone


def _exchanged(
    alignment: WordAlignment, suspect: Document, reference: Document, lexicon: Lexicon, links: Sequence[Link]
) -> list[PhrasePair]:
    """The phrases that another one replaced."""
    gaps = reworded_gaps(alignment, lexicon, links)
    inside = {index for gap in gaps for index in gap.suspect}
    pairs = [PhrasePair(gap.reference, gap.suspect, rewritten=gap.rewritten) for gap in gaps]
    pairs += [
        PhrasePair(link.reference, link.suspect)
        for link in links
        if link.relation == "replaced" and link.suspect[0] not in inside
    ]
    if not pairs:
        return []
    pairs.sort(key=lambda phrases: phrases.suspect.start)
    pairs = [_whole_compound(phrases, alignment, suspect, reference) for phrases in pairs]
    linked = linked_words(links)
    for place, phrases in enumerate(pairs):
        grown = _with_neighbours(phrases.reference, phrases.suspect, alignment, linked)
        pairs[place] = phrases._replace(reference=grown[0], suspect=grown[1]) if grown else phrases
    pairs = _without_overlaps([_with_complement(phrases, alignment) for phrases in pairs])
    pairs = _merge_fixed(_whole_contractions(pairs, alignment), alignment, lexicon)
    named = [phrases if phrases.rewritten else _with_head(phrases, pairs, alignment) for phrases in pairs]
    return pairs if named == pairs else _without_overlaps(named)


def _equal_words(alignment: WordAlignment) -> dict[int, int]:
    """For each word of the reference that was kept in its place, the suspect's word."""
    return {link.reference[0]: link.suspect[0] for link in alignment.links if link.relation == "equal"}


def _whole_contractions(pairs: Sequence[PhrasePair], alignment: WordAlignment) -> list[PhrasePair]:
    """Join what a contraction begins with and its "n't", which alone are no words [might not -> won't]."""
    whole: list[PhrasePair] = []
    for phrases in pairs:
        last = whole[-1] if whole else phrases
        meet = last.reference.stop == phrases.reference.start and last.suspect.stop == phrases.suspect.start
        new = alignment.suspect.words
        if meet and new[phrases.suspect.start].norm == "n't" and new[last.suspect.stop - 1].norm in CLITICS:
            left = range(last.reference.start, phrases.reference.stop)
            whole[-1] = PhrasePair(left, range(last.suspect.start, phrases.suspect.stop))
        else:
            whole.append(phrases)
    return whole


def _whole_compound(
    phrases: PhrasePair, alignment: WordAlignment, suspect: Document, reference: Document
) -> PhrasePair:
    """Widen a phrase pair to the hyphenated compounds it stands in [self-governing -> self-ruled]."""
    left = _compound(alignment.reference, reference, phrases.reference)
    right = _compound(alignment.suspect, suspect, phrases.suspect)
    if left == phrases.reference or right == phrases.suspect:
        return phrases
    return phrases._replace(reference=left, suspect=right)


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


def _with_neighbours(
    reference: range, suspect: range, alignment: WordAlignment, linked: tuple[set[int], set[int]]
) -> tuple[range, range] | None:
    """A word and its answer with unanswered words beside either, if that makes them one [UN, United Nations]."""
    around = ((reference.start - 1, reference.stop), (suspect.start - 1, suspect.stop))
    if len(reference) + len(suspect) > 2 or all(map(set.issuperset, linked, around)):
        return None
    words = alignment.reference.words, alignment.suspect.words
    for before, after in ((1, 0), (0, 1), (2, 0), (1, 1), (0, 2)):
        for side, one in enumerate((reference, suspect)):
            grown = range(max(0, one.start - before), min(len(words[side]), one.stop + after))
            left, right = (grown, suspect) if side == 0 else (reference, grown)
            phrases = words[0][left.start : left.stop], words[1][right.start : right.stop]
            if linked[side].intersection(grown) <= {*one} and listed(*phrases):
                return left, right
    return None


def _with_complement(phrases: PhrasePair, alignment: WordAlignment) -> PhrasePair:
    """Give a word that became "... of" the word which that "of" governs [free speech -> freedom of speech].

    The reverse holds too [freedom of speech -> free speech]; the governed word must be a kept content word.
    """
    if len(phrases.reference) + len(phrases.suspect) != 3:
        return phrases
    words, after = alignment.reference.words, phrases.reference.stop
    if (words[after - 1].norm == "of") == (alignment.suspect.words[phrases.suspect[-1]].norm == "of"):
        return phrases
    if _equal_words(alignment).get(after) != phrases.suspect.stop or not words[after].content:
        return phrases
    left = range(phrases.reference.start, after + 1)
    return phrases._replace(reference=left, suspect=range(phrases.suspect.start, phrases.suspect.stop + 1))


def _without_overlaps(pairs: Sequence[PhrasePair]) -> list[PhrasePair]:
    """Drop phrase pairs that lie inside an earlier, wider one."""
    if _disjoint([phrases.suspect for phrases in pairs]) and _disjoint([phrases.reference for phrases in pairs]):
        return sorted(pairs, key=lambda phrases: phrases.suspect.start)
    kept: list[PhrasePair] = []
    taken_left: set[int] = set()
    taken_right: set[int] = set()
    for phrases in sorted(pairs, key=lambda item: (-len(item.reference) - len(item.suspect), item.suspect.start)):
        if taken_left.isdisjoint(phrases.reference) and taken_right.isdisjoint(phrases.suspect):
            taken_left.update(phrases.reference)
            taken_right.update(phrases.suspect)
            kept.append(phrases)
    return sorted(kept, key=lambda phrases: phrases.suspect.start)


def _disjoint(ranges: Sequence[range]) -> bool:
    """Whether no number lies in two of the ranges."""
    return len(set(chain.from_iterable(ranges))) == sum(map(len, ranges))


def _merge_fixed(pairs: Sequence[PhrasePair], alignment: WordAlignment, lexicon: Lexicon) -> list[PhrasePair]:
    """Join the phrase pairs, and the unchanged words between and beside them, that make up one fixed expression."""
    words = alignment.reference.words
    changed = {index for phrases in pairs for index in phrases.reference}
    found = lexicon.fixed([word.stem for word in words], changed)
    broken = [  # an idiom that had a content word exchanged, or a collocation all its words
        window
        for window, kind in found
        if (
            changed.issuperset(window)
            if kind == "collocation"
            else any(words[index].content for index in window if index in changed)
        )
    ]
    if not broken:
        return list(pairs)
    answers = {left: range(right, right + 1) for left, right in _equal_words(alignment).items()}
    for phrases in pairs:
        if not phrases.rewritten:
            answers.update(dict.fromkeys(phrases.reference, phrases.suspect))
    whole = []
    for phrases in pairs:
        joint: PhrasePair | None = None
        for window in () if phrases.rewritten else broken:
            inside = window.start <= phrases.reference.start and phrases.reference.stop <= window.stop
            joint = joint or (_joint(window, answers, alignment) if inside else None)
        whole.append(joint or phrases)
    return _without_overlaps(whole)


def _joint(window: range, answers: dict[int, range], alignment: WordAlignment) -> PhrasePair | None:
    """Some neighbouring words of the reference as one phrase pair, if their answers stand together too."""
    if any(alignment.reference.barrier[index] for index in window[1:]) or not all(
        index in answers for index in window
    ):
        return None
    start = min(answers[index].start for index in window)
    stop = max(answers[index].stop for index in window)
    covered = {index for place in window for index in answers[place]}
    if len(covered) < stop - start or any(alignment.suspect.barrier[start + 1 : stop]):
        return None
    return PhrasePair(window, range(start, stop), fixed=True)


def _with_head(phrases: PhrasePair, pairs: Sequence[PhrasePair], alignment: WordAlignment) -> PhrasePair:
    """Widen phrases to the head of their title or organisation, past content words in its case.

    [National Institute -> National Centre]
    """
    words = alignment.reference.words
    for head in range(phrases.reference.stop, min(phrases.reference.stop + _HEAD_DISTANCE, len(words))):
        between = words[phrases.reference.start : head]
        if alignment.reference.barrier[head] or not all(
            word.content and word.capitalised == words[head].capitalised for word in between
        ):
            break
        word = words[head]
        if word.norm in TITLE_HEADS or (word.capitalised and word.norm in ORGANISATION_HEADS):
            other = _answer(head, pairs, _equal_words(alignment))
            if other is None:
                break
            grown = range(min(phrases.suspect.start, other.start), max(phrases.suspect.stop, other.stop))
            apart = any(alignment.suspect.barrier[grown.start + 1 : grown.stop])
            if apart or len(grown) > len(phrases.suspect) + len(other) + 1:  # too far apart for one name
                return phrases
            return PhrasePair(range(phrases.reference.start, head + 1), grown, head=True)
    return phrases


def _answer(head: int, pairs: Sequence[PhrasePair], equal: dict[int, int]) -> range | None:
    """The suspect's words that answer to a word of the reference."""
    if head in equal:
        return range(equal[head], equal[head] + 1)
    return next((phrases.suspect for phrases in pairs if head in phrases.reference), None)
