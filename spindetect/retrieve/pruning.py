"""Which candidates of a suspect needn't be compared, because they can't be its source.

The best hit always is compared. Of the others, those that share too few of the suspect's
telling words are spared, and once a source is found, those that are far behind it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from spindetect.archive.searching import Hit
from spindetect.archive.terms import most_articles
from spindetect.archive.words import index_words

if TYPE_CHECKING:
    from spindetect.archive.index import WordIndex

# Share of the suspect's telling words that a candidate must have. In a million articles, of 58 real altered ones
# and as many spun at 30% and 50% none shared less than 17% with its source, and nothing under 12% covered 30%.
_FEWEST_SHARED = 0.12
# Coverage from which a source counts as found, and the share of the first hit's match below which others are then
# spared: none of those did better among the same suspects, from 30% to 80%.
_FOUND = 0.5
_FAR_BEHIND = 0.6
# Share of words in common from which two versions of a suspect are the same.
_TWINS = 0.9


class Pruning:
    """Decides, hit by hit, for one suspect."""

    def __init__(self, text: str, index: WordIndex) -> None:
        most = most_articles(index)
        frequencies = index.frequencies(set(index_words(text)))
        self._words = {word for word, frequency in frequencies.items() if frequency <= most}
        self._first: Hit | None = None

    def worth_comparing(self, hit: Hit, coverage: float) -> bool:
        """Whether a hit may be a source; ``coverage`` is the best of those compared before it."""
        if self._first is None:
            self._first = hit
            return True
        far_behind = hit.score < _FAR_BEHIND * self._first.score
        return not (far_behind and coverage >= _FOUND) and self._share(hit) >= _FEWEST_SHARED

    def _share(self, hit: Hit) -> float:
        """Share of the suspect's telling words that an article has; 1 where its text isn't kept."""
        if hit.record.text is None or not self._words:
            return 1.0
        return len(self._words.intersection(index_words(hit.record.text))) / len(self._words)


def no_twins(hits: Sequence[Hit], versions: Sequence[Hit]) -> list[Hit]:
    """The hits without those that have the words of one of the suspect's versions: more of the same copies."""
    words = [set(index_words(hit.record.text)) for hit in versions if hit.record.text]
    return [hit for hit in hits if not _alike(set(index_words(hit.record.text or "")), words)]


def _alike(words: set[str], others: Iterable[set[str]]) -> bool:
    return any(words and len(words & other) >= _TWINS * len(words | other) for other in others)
