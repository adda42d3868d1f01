"""Words that changed their place within a sentence answer to themselves, and to no guess."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from spindetect.align.lexical.costs import joined
from spindetect.align.lexical.lexicon import Lexicon
from spindetect.align.words.strands import Strand, content_stems
from spindetect.records import Word

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
