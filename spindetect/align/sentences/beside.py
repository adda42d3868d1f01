"""Words that moved to a neighbouring sentence: what took their place is no substitution of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from spindetect.align.lexical.costs import numeral
from spindetect.align.lexical.lexicon import Lexicon
from spindetect.align.lexical.same_word import misspelling, respaced
from spindetect.align.sentences.pairs import AlignedPair
from spindetect.align.words.strands import Link, Strand, WordAlignment, content_stems, linked_words
from spindetect.records import Document, Word

# Words at least as related as this are no guess.
_RELATED = 0.45

_Stems = frozenset[str]


def without_moved(
    pairs: Sequence[AlignedPair], suspect: Document, reference: Document, lexicon: Lexicon
) -> list[AlignedPair]:
    """The pairs without the guesses one of whose words stands unanswered beside the other's sentence.

    [Trump spoke on Friday. -> Trump spoke briefly. It was Friday.]
    """
    free = _Free(pairs, reference, 0), _Free(pairs, suspect, 1)
    return [_settled(pair, free, lexicon) for pair in pairs]


class _Free:
    """The stems of content words that nothing answers to, by sentence of a text: 0 the reference, 1 the suspect."""

    def __init__(self, pairs: Sequence[AlignedPair], document: Document, side: int) -> None:
        self._document = document
        self._side = side
        self._pairs: Mapping[int, AlignedPair] = {
            index: pair for pair in pairs for index in (pair.reference, pair.suspect)[side]
        }
        self._found: dict[int, _Stems] = {}

    def beside(self, sentences: range) -> _Stems:
        """Those of the sentence before some sentences, and of the one after."""
        return self._of(sentences.start - 1) | self._of(sentences.stop)

    def _of(self, index: int) -> _Stems:
        sentences = self._document.sentences
        if not 0 <= index < len(sentences) or sentences[index].boilerplate:
            return frozenset()
        if index not in self._found:
            if index in self._pairs:
                aligned = self._pairs[index].words
                linked = linked_words(aligned.links)
                sides = _unlinked(aligned.reference, linked[0]), _unlinked(aligned.suspect, linked[1])
                stems = sides[self._side] - sides[1 - self._side]  # in both, it only changed its place
            else:
                stems = content_stems(self._document.words[sentences[index].first : sentences[index].last])
            self._found[index] = stems
        return self._found[index]


def _unlinked(strand: Strand, linked: set[int]) -> _Stems:
    return content_stems(word for at, word in enumerate(strand.words) if at not in linked)


def _settled(pair: AlignedPair, free: tuple[_Free, _Free], lexicon: Lexicon) -> AlignedPair:
    words = pair.words
    if all(link.relation == "equal" for link in words.links) and _one_sided(words):
        return pair
    beside = free[1].beside(pair.suspect), free[0].beside(pair.reference)
    if not any(beside):
        return pair
    kept: list[Link] = []
    for link in words.links:
        if link.relation == "replaced":
            old, new = words.phrases(link)
            elsewhere = not content_stems(old).isdisjoint(beside[0]) or not content_stems(new).isdisjoint(beside[1])
            if elsewhere and _guess(old, new, lexicon):
                continue
        kept.append(link)
    linked = linked_words(kept)
    moved = _standing(words.reference, linked[0], beside[0]), _standing(words.suspect, linked[1], beside[1])
    if len(kept) == len(words.links) and not any(moved):
        return pair
    return replace(pair, words=replace(words, links=tuple(kept), moved=moved))


def _standing(strand: Strand, linked: set[int], there: _Stems) -> frozenset[int]:
    """The unlinked words of a strand whose stems are among others."""
    words = enumerate(strand.words)
    return frozenset([at for at, word in words if word.content and at not in linked and word.stem in there])


def _one_sided(words: WordAlignment) -> bool:
    """Whether every word of a side has a link; there are as many links as words then, as all join equal ones."""
    return len(words.links) in (len(words.reference.words), len(words.suspect.words))


def _guess(old: Sequence[Word], new: Sequence[Word], lexicon: Lexicon) -> bool:
    """Whether nothing but their places speaks for two phrases' answering to each other."""
    if len(old) * len(new) > 4 or not content_stems(old).isdisjoint(content_stems(new)) or lexicon.find(old, new):
        return False
    if len(old) + len(new) > 2:
        return not respaced(old, new)
    one, other = old[0], new[0]
    if misspelling(one, other) or (numeral(one.norm) or one.norm) == numeral(other.norm):
        return False
    named = (one.capitalised and other.capitalised) or "number" in (one.shape, other.shape)
    return named or lexicon.relatedness(one.row, other.row) < _RELATED
