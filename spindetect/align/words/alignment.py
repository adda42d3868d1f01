"""Align the words of sentence pairs: equal words anchor, phrases between the anchors are replaced.

Two steps. A weighted longest common subsequence over the whole pair, with a bonus for
runs, finds anchors (the recurrence of Needleman and Wunsch 1970, many pairs at once in
NumPy). Between two anchors a small exact dynamic programme cuts both sides into the
phrases that replaced each other, with the gains of `spindetect.align.lexical.costs`.
"""

from __future__ import annotations

from collections.abc import Sequence

from spindetect.align.lexical.lexicon import Lexicon
from spindetect.align.words.anchors import find_anchors
from spindetect.align.words.gaps import align_gaps
from spindetect.align.words.strands import Strand, WordAlignment, link_of

# Pairs aligned in one go; larger batches waste time on padding.
_BATCH = 32
# Sentences longer than this (tables, lists without full stops) are aligned by their ends only.
_LONGEST_SENTENCE = 600


def align_words(pairs: Sequence[tuple[Strand, Strand]], lexicon: Lexicon) -> list[WordAlignment]:
    """Align each (reference, suspect) pair of strands."""
    results: dict[int, WordAlignment] = {}
    order = sorted(range(len(pairs)), key=lambda index: len(pairs[index][0].words))
    plain = []
    for index in order:
        norms = [[word.norm for word in strand.words] for strand in pairs[index]]
        if norms[0] == norms[1] or not all(norms) or max(map(len, norms)) > _LONGEST_SENTENCE:
            results[index] = _align_ends(*pairs[index])
        else:
            plain.append(index)
    for at in range(0, len(plain), _BATCH):
        batch = plain[at : at + _BATCH]
        found = find_anchors([pairs[index] for index in batch], lexicon)
        results.update(zip(batch, align_gaps([pairs[index] for index in batch], found, lexicon), strict=True))
    return [results[index] for index in range(len(pairs))]


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
    links = [link_of(reference, suspect, range(i, i + 1), range(j, j + 1)) for i, j in places]
    return WordAlignment(reference, suspect, tuple(links))
