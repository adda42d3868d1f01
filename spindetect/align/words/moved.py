"""Words that changed their place within a sentence: they answer to themselves or to a known word, and to no guess.

Words that went to the sentence beside theirs are told in `spindetect.align.sentences.beside`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from spindetect.align.lexical.costs import joined
from spindetect.align.lexical.lexicon import Lexicon
from spindetect.align.words.strands import Link, Strand, WordAlignment, content_stems, linked_words, word_link
from spindetect.records import Word

# Association from which words that changed their place may answer to each other.
_CROSSING = 0.38
# With more pairs of words left over, a sentence was reworded beyond telling which of them moved.
_MOST_CROSSINGS = 400
# The worth of relatedness beside an association, for words that the lexicon doesn't know as a substitution.
_UNLISTED = 0.7
# Letters that an inflection adds at most.
_INFLECTION = 3


def moved_stems(reference: Strand, suspect: Strand, anchors: Sequence[tuple[int, int]]) -> set[str]:
    """Stems of the content words that stand unanchored on both sides.

    [hold, holdings] are two words of one stem.
    """
    held = {i for i, _ in anchors}, {j for _, j in anchors}
    old, new = (
        {word.stem: len(word.norm) for at, word in enumerate(side.words) if at not in anchored and word.content}
        for side, anchored in zip((reference, suspect), held, strict=True)
    )
    return {stem for stem in old.keys() & new.keys() if abs(old[stem] - new[stem]) <= _INFLECTION}


def stand_elsewhere(
    reference: Sequence[Word], suspect: Sequence[Word], moved: Collection[str], lexicon: Lexicon
) -> bool:
    """Whether words moved that only one of two phrases has: of both, or of one if the lexicon lacks the pair."""
    old, new = content_stems(reference), content_stems(suspect)
    gone, come = not (old - new).isdisjoint(moved), not (new - old).isdisjoint(moved)
    return (gone and come) or ((gone or come) and not lexicon.association(joined(reference), joined(suspect)))


def links_across(alignment: WordAlignment, lexicon: Lexicon) -> list[Link]:
    """Links of words that changed their place: the network's, then those of one stem or a known substitution."""
    words = alignment.reference.words, alignment.suspect.words
    linked = linked_words([*alignment.links, *alignment.crossing])
    left = [index for index, word in enumerate(words[0]) if word.content and index not in linked[0]]
    right = [index for index, word in enumerate(words[1]) if word.content and index not in linked[1]]
    if not 0 < len(left) * len(right) <= _MOST_CROSSINGS:
        return list(alignment.crossing)
    scored: list[tuple[float, int, int]] = []
    for i in left:
        for j in right:  # how sure it is that two words far apart answer to each other, 0 to 1
            old, new = words[0][i], words[1][j]
            sure = 1.0 if old.stem == new.stem else lexicon.association(old.norm, new.norm)
            scored.append((-(sure or _UNLISTED * lexicon.relatedness(old.row, new.row)), i, j))
    scored.sort()
    links, used_left, used_right = list(alignment.crossing), set(), set()
    for negative, i, j in scored:
        if negative < -_CROSSING and i not in used_left and j not in used_right:
            used_left.add(i)
            used_right.add(j)
            links.append(word_link(alignment.reference, alignment.suspect, i, j)._replace(crossing=True))
    return links
