"""Signs in two texts' words that say which was made from the other.

A spinner's words fit their neighbours worse than what stood there, are rarer, and its swaps go one way. A
translator's fit better and are commoner; a language model's are longer. So one sign may point either way, and how
the texts differ has a say in which it does: that is the `Leaning`.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from spindetect.align.lexical.lexicon import Lexicon
from spindetect.align.lexical.same_word import americanised
from spindetect.align.sentences.pairs import sentences_of
from spindetect.classify.substitutions import MOST_EVIDENCE
from spindetect.files import shipped_table
from spindetect.findings import Result, Substitution
from spindetect.kinds import KINDS, telltale_reason
from spindetect.records import Document, Word
from spindetect.reference_free.ngrams import CLASSES, Floats, Ids, NGramModel

# Translators put in articles, "of" and "that"; those who rewrite find another word for "said".
_WORDS = ("the", "of", "that", "said", "has", "had")

ODD: Mapping[str, tuple[str, str]] = {
    **{name: (above, below) for name, (above, below) in shipped_table("retrieve/signs.toml").items()},
    **{word: (f"the suspect uses “{word}” more often", f"the suspect uses “{word}” less often") for word in _WORDS},
}
"""The words for a sign above 0 and for one below it. With the sides exchanged, all change their sign."""
_ALSO_EVEN = ("fit", "directed", "rarity", "length")
EVEN = (
    *("changed", "telling", "rewritten", "grammar", "inflected", "synonyms", "unanswered"),
    *(f"|{name}|" for name in _ALSO_EVEN),
)
"""How the texts differ, whichever was first: shares, and how far some signs are from 0."""

# Exchanges at which a mean counts by half, so that a few of them decide nothing.
_FEW = 6.0
# Nats that one exchange may say at most, of its fit and of rarity.
_MOST_FIT = 6.0
_MOST_SURPRISAL = 12.0
_MOST_AMERICAN = 3.0


class Measured(NamedTuple):
    """The signs by name, how the texts differ by name, and the tell-tales of suspect and reference.

    The tell-tales are all that the lexicon knows, on both sides alike; ``shown`` are those of the comparison.
    """

    odd: dict[str, float]
    even: dict[str, float]
    telltales: tuple[int, int]
    shown: int = 0


class _Exchange(NamedTuple):
    """A substitution with its tokens: half-open ranges in the reference and the suspect, and their words."""

    item: Substitution
    places: tuple[range, range]
    words: tuple[list[Word], list[Word]]

    @property
    def single(self) -> bool:
        """Whether one word stands for one, and the model knows how usual both are.

        Others' fit and rarity say nothing: they may be left untranslated, misspelt or the original's coinages.
        """
        known = [word.row >= 0 or word.function or word.shape == "number" for side in self.words for word in side]
        return len(self.places[0]) == len(self.places[1]) == 1 and all(known)


def measure(comparison: Result, lexicon: Lexicon, ngrams: NGramModel) -> Measured:
    """Measure the signs of a comparison's substitutions and aligned sentences."""
    found = [_exchange(one, comparison) for one in comparison.substitutions if one.kind != "disguise"]
    found = [one for one in found if all(one.words)]
    count = len(found)
    evidence = [_evidence(one, lexicon) for one in found if KINDS[one.item.kind].exchange]
    single = [one for one in found if one.single]
    plain = [all(side[0].content and not side[0].capitalised for side in one.words) for one in single]
    content = np.array([one.item.kind != "form" and both for one, both in zip(single, plain, strict=True)], bool)
    fit = _fits(single, comparison, ngrams)
    rarity = np.array(
        [
            min(new[0].surprisal, _MOST_SURPRISAL) - min(old[0].surprisal, _MOST_SURPRISAL)
            for old, new in (one.words for one in single)
        ]
    )
    telltales = sum(1 for _, _, here, _ in evidence if here), sum(1 for _, _, _, there in evidence if there)
    mine, theirs = (_style(comparison, side) for side in ("suspect", "reference"))
    phrases = [[" ".join([word.norm for word in side]) for side in one.words] for one in found]
    american = sum(americanised(old, new) - americanised(new, old) for old, new in phrases)
    odd = {
        "fit": _mean(fit),
        "content_fit": _mean(fit[content]),
        "rarity": _mean(rarity),
        "content_rarity": _mean(rarity[content]),
        "directed": _mean([max(there, 0.0) - max(back, 0.0) for there, back, _, _ in evidence]),
        "telltales": math.log((telltales[0] + 1) / (telltales[1] + 1)),
        "length": (mine["letters"] - theirs["letters"]) / 100.0,
        "american": max(-_MOST_AMERICAN, min(_MOST_AMERICAN, float(american))),
        **{word: mine[word] - theirs[word] for word in _WORDS},
    }
    kinds = Counter(one.item.kind for one in found)
    words = comparison.suspect.word_count, comparison.reference.word_count
    open_ends = sum(len(span) for pair in comparison.alignment for span in (*pair.added, *pair.dropped))
    even = {
        "changed": count / (min(words) + 20),
        "telling": max(math.fsum(max(one[side], 0.0) for one in evidence) for side in (0, 1))
        / max(len(evidence), 1),
        "rewritten": kinds["rewrite"] / max(count, 1),
        "grammar": kinds["function"] / max(count, 1),
        "inflected": kinds["form"] / max(count, 1),
        "synonyms": kinds["synonym"] / max(count, 1),
        "unanswered": math.log((open_ends + 30) / (sum(words) + 1)),
        **{f"|{name}|": abs(odd[name]) for name in _ALSO_EVEN},
    }
    return Measured(odd, even, telltales, sum(one.telltale for one in comparison.substitutions))


@dataclass(frozen=True, slots=True)
class Leaning:
    """The log-odds that the suspect was made from the reference, given their words.

    A machine of one of several kinds made one text from the other; a kind has weights for the signs (``odd``) and
    for how the texts differ (``even``). Each row of weights is a kind, each column a sign. What is measured is
    divided by ``scale``, and bounded; ``even`` has a constant first, and is before that moved by ``shift``.
    """

    odd: Floats
    even: Floats
    scale: Mapping[str, float]
    shift: Mapping[str, float]

    def log_odds(self, measured: Measured) -> float:
        """Log-odds, in nats, which change their sign with the sides."""
        return self._log_odds(*self._scaled(measured))

    def parts(self, measured: Measured) -> dict[str, float]:
        """The loss of log-odds without each sign, in nats."""
        odd, even = self._scaled(measured)
        whole = self._log_odds(odd, even)
        return {
            name: whole - self._log_odds(np.where(np.arange(len(ODD)) == place, 0.0, odd), even)
            for place, name in enumerate(ODD)
        }

    def _scaled(self, measured: Measured) -> tuple[Floats, Floats]:
        odd = np.array([self._bounded(name, measured.odd[name]) for name in ODD])
        even = np.array([1.0, *[self._bounded(name, measured.even[name] - self.shift[name]) for name in EVEN]])
        return odd, even

    def _log_odds(self, odd: Floats, even: Floats) -> float:
        kinds, way = self.even @ even, self.odd @ odd
        return float(np.logaddexp.reduce(kinds + way) - np.logaddexp.reduce(kinds - way))

    def _bounded(self, name: str, value: float) -> float:
        return max(-_MOST_SCALED, min(_MOST_SCALED, value / self.scale[name]))


_MOST_SCALED = 3.0


# --- single exchanges ---------------------------------------------------------------------------------


def _exchange(item: Substitution, comparison: Result) -> _Exchange:
    texts = (comparison.reference, item.reference.span), (comparison.suspect, item.suspect.span)
    places = [document.tokens(span) for document, span in texts]
    words = [
        [word for word in document.words[place.start : place.stop] if word.lexical]
        for (document, _), place in zip(texts, places, strict=True)
    ]
    return _Exchange(item, (places[0], places[1]), (words[0], words[1]))


def _evidence(one: _Exchange, lexicon: Lexicon) -> tuple[float, float, bool, bool]:
    """How much likelier a spinner is than a person, in nats, there and back; if it is a tell-tale either way."""
    old, new = one.words
    there, back = lexicon.evidence(old, new), lexicon.evidence(new, old)
    tells = [bool(telltale_reason(one.item.kind, nats, one.item.quoted)) for nats in (there, back)]
    return _bounded(there), _bounded(back), tells[0], tells[1]


def _bounded(nats: float) -> float:
    return max(-MOST_EVIDENCE, min(MOST_EVIDENCE, nats))


def _fits(exchanges: Sequence[_Exchange], comparison: Result, ngrams: NGramModel) -> Floats:
    """By how much the suspect's words are likelier between their neighbours than the reference's, in nats.

    The mean of both texts, in each of which either word is tried; between -6 and 6.
    """
    around = [
        _around(document, [one.places[side].start for one in exchanges], ngrams)
        for side, document in enumerate((comparison.reference, comparison.suspect))
    ]
    (_, old, _), (_, new, _) = around
    gains = []
    for before, _, after in around:
        likely = [np.log(ngrams.after_one(before, word) * ngrams.after_one(word, after)) for word in (new, old)]
        gains.append(np.clip(likely[0] - likely[1], -_MOST_FIT, _MOST_FIT))
    return (gains[0] + gains[1]) / 2.0


def _around(document: Document, places: Sequence[int], ngrams: NGramModel) -> tuple[Ids, Ids, Ids]:
    """The ids of the tokens before, in and after places; a sentence's end is a start."""
    start = ngrams.words + CLASSES.index("start")
    firsts = {one.first for one in document.sentences} | {len(document.words)}
    ids = [ngrams.ids(document.words[max(0, place - 1) : place + 2]) for place in places]
    before = [start if place in firsts else found[0] for place, found in zip(places, ids, strict=True)]
    middle = [found[min(place, 1)] for place, found in zip(places, ids, strict=True)]
    after = [start if place + 1 in firsts else found[-1] for place, found in zip(places, ids, strict=True)]
    return np.array(before, dtype=np.int64), np.array(middle, dtype=np.int64), np.array(after, dtype=np.int64)


def _style(comparison: Result, side: str) -> dict[str, float]:
    """Of a hundred words of a text's aligned sentences: how many letters they have, and how often some occur."""
    document: Document = getattr(comparison, side)
    places = {place for pair in comparison.alignment for place in sentences_of(document, getattr(pair, side))}
    words = [
        word
        for place in places
        for word in document.words[document.sentences[place].first : document.sentences[place].last]
        if word.lexical
    ]
    norms, hundreds = Counter([word.norm for word in words]), max(len(words), 1) / 100.0
    letters = sum([len(word.text) for word in words])
    return {"letters": letters / hundreds, **{word: norms[word] / hundreds for word in _WORDS}}


def _mean(values: Sequence[float] | Floats) -> float:
    """The mean, nearer to 0 the fewer there are."""
    return math.fsum(values) / (len(values) + _FEW)
