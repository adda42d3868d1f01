"""Gaps that were reworded as a whole: too little in them is sure to pair their words one by one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from spindetect.align.lexical.costs import joined
from spindetect.align.lexical.lexicon import Lexicon
from spindetect.align.lexical.same_word import respaced
from spindetect.align.words.strands import Link, WordAlignment, linked_words

# Links between words less related than this, and unknown to the lexicon, are guesses.
_RELATED = 0.45
# A gap of at least this many words on both sides together, mostly guesses, is a rewrite.
_REWRITE_WORDS = 5
# A phrase for a phrase has at most this many words on both sides together.
_REPHRASED_WORDS = 8
# Association from which a known substitution stands on its own in a gap of several words.
_KNOWN_WELL = 0.4


class Gap(NamedTuple):
    """The words between two equal ones, half-open ranges; ``rewritten`` if more than a phrase for a phrase."""

    reference: range
    suspect: range
    rewritten: bool


def reworded_gaps(alignment: WordAlignment, lexicon: Lexicon, links: Sequence[Link]) -> list[Gap]:
    """The gaps that were reworded as a whole, in order; ``links`` include those across."""
    replaced = [link for link in links if link.relation == "replaced"]
    straight = [link for link in alignment.links if link.relation == "equal"]
    # words that moved to another place in the sentence, or to the one beside
    crossing = [link for link in links if link.crossing]
    gone = alignment.moved[0].union([link.reference[0] for link in crossing])
    come = alignment.moved[1].union([link.suspect[0] for link in crossing])
    ends = [(-1, -1), *((link.reference.start, link.suspect.start) for link in straight)]
    ends.append((len(alignment.reference.words), len(alignment.suspect.words)))
    found = []
    for (i, j), (next_i, next_j) in pairwise(ends):
        if next_i - i < 2 or next_j - j < 2:
            continue
        left, right = range(i + 1, next_i), range(j + 1, next_j)
        here = [link for link in replaced if j < link.suspect.start < next_j and i < link.reference.start < next_i]
        if here and len(left) == len(right) == 1:
            continue  # the link says the same
        if _reworded(alignment, left, right, lexicon, here):
            found.append(Gap(left, right, rewritten=True))
        elif (
            _rephrased(alignment, left, right, lexicon, here)
            and (here or _answering(alignment, left, right))
            and gone.isdisjoint(left)
            and come.isdisjoint(right)
        ):
            found.append(Gap(left, right, rewritten=False))
    return found


def _reworded(alignment: WordAlignment, left: range, right: range, lexicon: Lexicon, here: Sequence[Link]) -> bool:
    """Whether a gap holds more guesses than sure links, and words that found no partner at all."""
    if len(left) + len(right) < _REWRITE_WORDS:
        return False
    content = [link for link in here if _has_content(alignment, link)]
    sure = sum(_sure(alignment, link, lexicon) for link in content)
    lonely = _lonely(alignment, left, right, here)
    guesses = len(content) - sure
    return lonely > 0 and guesses + lonely >= 3 and guesses > sure


def _rephrased(alignment: WordAlignment, left: range, right: range, lexicon: Lexicon, here: Sequence[Link]) -> bool:
    """Whether a short gap is one phrase for another: no link in it is sure, and words are left over.

    Grammar words left over at its edges don't count [and cuts -> sheds].

    [can -> are expected to, be clear -> put it bluntly]
    """
    if len(left) + len(right) > _REPHRASED_WORDS:
        return False
    if any(alignment.reference.barrier[left.start + 1 : left.stop]):
        return False
    if any(alignment.suspect.barrier[right.start + 1 : right.stop]):
        return False
    if any(_sure(alignment, link, lexicon, well=True) for link in here):
        return False
    if _lonely(alignment, left, right, here) or not any(_has_content(alignment, link) for link in here):
        return True
    return _scattered([link.reference for link in here]) or _scattered([link.suspect for link in here])


def _scattered(linked: Sequence[range]) -> bool:
    """Whether unlinked words stand between linked ones."""
    return max(part.stop for part in linked) - min(part.start for part in linked) > sum(map(len, linked))


def _lonely(alignment: WordAlignment, left: range, right: range, here: Sequence[Link]) -> int:
    """How many content words of a gap found no partner."""
    linked = linked_words(here)
    old, new = alignment.reference.words, alignment.suspect.words
    lonely = sum([old[index].content for index in left if index not in linked[0]])
    return lonely + sum([new[index].content for index in right if index not in linked[1]])


def _answering(alignment: WordAlignment, left: range, right: range) -> bool:
    """Whether both sides of a gap hold a content word, or it is very short.

    Where all around was kept, a word stands for the one in its place, unless it is a name that took the place of a
    pronoun or an article [i.e. -> that is, in -> at, the -> nan; not is -> Paris].
    """
    old = any(alignment.reference.words[index].content for index in left)
    new = any(alignment.suspect.words[index].content for index in right)
    both = len(left) + len(right)
    named = alignment.reference.words[left.start].capitalised or alignment.suspect.words[right.start].capitalised
    return (old and new) or (both == 2 and (old == new or not named)) or (both == 3 and old != new)


def _has_content(alignment: WordAlignment, link: Link) -> bool:
    left, right = alignment.phrases(link)
    return True in [word.content for word in left] or True in [word.content for word in right]


def _sure(alignment: WordAlignment, link: Link, lexicon: Lexicon, well: bool = False) -> bool:
    """Whether a replaced link is more than a guess; ``well``: and by more than a weak entry of the lexicon."""
    left, right = alignment.phrases(link)
    if well and (known := lexicon.association(joined(left), joined(right))):
        return known >= _KNOWN_WELL
    if lexicon.find(left, right) or respaced(left, right):
        return True
    if len(left) == len(right) == 1:
        same = left[0].stem == right[0].stem
        return same or lexicon.relatedness(left[0].row, right[0].row) >= _RELATED
    return False
