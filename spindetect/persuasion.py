"""How persuasive each piece of evidence is to a reader: learnt from pairs of items that were put in order by hand.

The weight of a substitution says what it adds to the score; a person is convinced by other things: an altered
quotation, "Secretary of Protection", "Chinese language", "World Struggle II". A logistic regression over pairs of
items weighs the signs below (Bradley and Terry, "Rank analysis of incomplete block designs", 1952). Its table
stands beside this file, `benchmarks/persuasion.py` fits it and measures it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from math import fsum, log2

import numpy as np

from spindetect.align.lexical.costs import numeral
from spindetect.findings import Giveaway, Substitution
from spindetect.kinds import KINDS, Kind
from spindetect.model import Model
from spindetect.records import Document, Span, Word
from spindetect.reference_free.ngrams import NGramModel, line_of
from spindetect.reference_free.originals import log_likelihoods
from spindetect.score.additive import sigmoid

# Differences in context beyond this many nats say no more.
_MOST_NATS = 12.0
# A guess that is likelier than not; where there is none, a phrase beside proven substitutions convinces few.
_LIKELY = 0.5
_VOWELS = "aeiou"


@dataclass(frozen=True, slots=True)
class Item:
    """A piece of evidence, and what a reader may find in it.

    ``new`` are the suspect's words, ``old`` those of the reference, or the likeliest guess (perhaps none).
    ``times`` counts the same exchange in the text. ``misfit`` says by how many nats the old words would fit
    better among the suspect's neighbouring words, ``cohesion`` how many nats a word the new ones gain from their
    neighbours against standing alone. ``evidence`` is the lexicon's, ``relatedness`` the cosine of single words.
    ``before`` is the word that stands before, ``together`` whether another item stands right beside this one,
    ``supposed`` whether there is a reference, but no counterpart in it: the old words are a guess.
    """

    kind: Kind
    quoted: bool
    telltale: bool
    new: Sequence[Word]
    old: Sequence[Word]
    times: int
    misfit: float
    cohesion: float
    evidence: float
    relatedness: float
    before: Word | None = None
    together: bool = False
    supposed: bool = False
    guess: float = 1.0


def _surprisal(words: Sequence[Word]) -> float:
    return max((word.surprisal for word in words), default=0.0)


def _lost_capital(one: Item) -> float:
    cased = bool(one.old) and one.old[-1].capitalised and one.old[-1].content
    return float(cased and not any(word.capitalised for word in one.new))


def _related(one: Item) -> float:
    return one.relatedness if len(one.old) == len(one.new) == 1 else 0.4


def apostrophes(one: Item) -> float:
    """Whether one side has an apostrophe, as contractions do: 1 or 0."""
    return float(any("’" in word.norm or "'" in word.norm for word in (*one.new, *one.old)))


def _alike(one: Item) -> float:
    """Whether the phrases begin alike and are as long, as inflections and spellings are."""
    return float(len(one.old) == len(one.new) and one.old[0].norm[:3] == one.new[0].norm[:3])


def _article(one: Item) -> float:
    """Whether the article before the phrase goes with the old words only: [an increasingly -> an more and more]."""
    if one.before is None or one.before.norm not in ("a", "an") or not one.old:
        return 0.0
    wanted = [(words[0].norm[:1] in _VOWELS) == (one.before.norm == "an") for words in (one.old, one.new)]
    return float(wanted == [True, False])


def _wordy(one: Item) -> float:
    """How many more content words there are than before [died -> kicked the bucket]."""
    sizes = [sum(word.content for word in words) for words in (one.new, one.old)]
    return float(max(0, sizes[0] - sizes[1])) if one.old and sizes[1] else 0.0


def _changed_number(one: Item) -> float:
    values = [[numeral(word.norm) for word in words] for words in (one.old, one.new)]
    return float(one.kind == "number" and values[0] != values[1])


SIGNS: Mapping[str, Callable[[Item], float]] = {
    **{kind: partial(lambda kind, one: float(one.kind == kind), kind) for kind in KINDS if kind != "synonym"},
    "proper name": lambda one: float(
        one.kind == "name" and any(word.capitalised and word.content for word in one.old)
    ),
    "quoted": lambda one: float(one.quoted),
    "quoted content": lambda one: float(one.quoted and KINDS[one.kind].counts == "content"),
    "telltale": lambda one: float(one.telltale),
    "misfit": lambda one: max(0.0, one.misfit) / 4.0,
    "fits better": lambda one: min(0.0, one.misfit) / 4.0,
    "cohesion": lambda one: one.cohesion / 4.0,
    "evidence": lambda one: one.evidence / 4.0,
    "rare": lambda one: _surprisal(one.new) / 8.0,
    "rarer": lambda one: (_surprisal(one.new) - _surprisal(one.old)) / 8.0 if one.old else 0.0,
    "related": _related,
    "lost capital": _lost_capital,
    "contracted": apostrophes,
    "alike": _alike,
    "alike name": lambda one: _alike(one) * (one.kind == "name"),
    "article": _article,
    "together": lambda one: float(one.together),
    "changed number": _changed_number,
    "wordy": _wordy,
    "longer": lambda one: float(len(one.new) > len(one.old) > 0),
    "repeated": lambda one: log2(one.times),
    "supposed": lambda one: float(one.supposed) * (1.0 if one.guess >= _LIKELY else 3.0),
    "guessed": lambda one: 1.0 - one.guess,
}
"""The measures of each item, by name, in the order of the table of weights."""


_KINDS = tuple(kind for kind in KINDS if kind != "synonym")
_OTHERS = tuple(sign for name, sign in SIGNS.items() if name not in _KINDS)


def signs(item: Item) -> tuple[float, ...]:
    """The item's signs, in the order of `SIGNS`."""
    return tuple([sign(item) for sign in SIGNS.values()])


@cache
def _table() -> tuple[Mapping[Kind, float], tuple[float, ...], float]:
    """The weights of kinds and of the other signs, and the utility of the item that convinces like any other.

    A new sign counts nothing until it is fitted.
    """
    table = json.loads((files("spindetect") / "persuasion.json").read_text(encoding="utf-8"))
    weights = {name: float(table["weights"].get(name, 0.0)) for name in SIGNS}
    kinds = {kind: weights.get(kind, 0.0) for kind in KINDS}
    return kinds, tuple([weight for name, weight in weights.items() if name not in _KINDS]), float(table["typical"])


def persuasion(item: Item) -> float:
    """How probably a reader finds the item more telling than a typical one, 0 to 1."""
    kinds, weights, typical = _table()
    utility = fsum(
        [kinds[item.kind], *[weight * sign(item) for weight, sign in zip(weights, _OTHERS, strict=True)]]
    )
    return round(sigmoid(utility - typical), 6)


# --- items of a result ----------------------------------------------------------------------------------


def items(
    document: Document,
    found: Sequence[Substitution | Giveaway],
    reference: Document,
    model: Model,
    ngrams: NGramModel,
) -> list[Item]:
    """The items of a suspect, as they stand in its text; of giveaways the guesses stand for the old words."""
    olds: list[Sequence[Word]] = []
    for one in found:
        if isinstance(one, Substitution):
            olds.append(_words(reference, one.reference.span)[1])
        else:
            olds.append([model.vocabulary[word] for word in one.guesses[0].text.split()] if one.guesses else [])
    news = [_words(document, one.suspect.span) for one in found]
    counts = Counter(map(_exchange, olds, news))
    contexts = _contexts(document, news, olds, ngrams)
    made = []
    ends = {first + len(new) for first, new in news}
    starts = {first for first, _ in news}
    for one, (first, new), old, (misfit, cohesion) in zip(found, news, olds, contexts, strict=True):
        known = bool(old) and KINDS[one.kind].exchange
        made.append(
            Item(
                kind=one.kind,
                quoted=one.quoted,
                telltale=one.telltale,
                new=new,
                old=old,
                times=counts[_exchange(old, (0, new))],
                misfit=misfit,
                cohesion=cohesion,
                evidence=model.lexicon.evidence(old, new) if known else 0.0,
                relatedness=model.lexicon.relatedness(old[0].row, new[0].row) if old else 0.0,
                before=document.words[first - 1] if first else None,
                supposed=isinstance(one, Giveaway) and bool(reference.words),
                together=first in ends or first + len(new) in starts,
                guess=one.guesses[0].probability if isinstance(one, Giveaway) and one.guesses else 1.0,
            )
        )
    return made


Place = tuple[int, Sequence[Word]]
"""The index of a phrase's first token, and its words."""


def _exchange(old: Sequence[Word], new: Place) -> tuple[str, str]:
    return " ".join([word.stem for word in old]), " ".join([word.stem for word in new[1]])


def _words(document: Document, span: Span) -> Place:
    """Where a phrase begins, and its tokens that are no spaces."""
    tokens = document.tokens(span)
    return tokens.start, [word for word in document.words[tokens.start : tokens.stop] if word.shape != "space"]


def _contexts(
    document: Document, news: Sequence[Place], olds: Sequence[Sequence[Word]], ngrams: NGramModel
) -> list[tuple[float, float]]:
    """For each phrase its misfit and its cohesion, in nats; 0 where there is nothing to compare it with."""
    if not news:
        return []
    line = line_of(document, ngrams)
    places = {token: place for place, token in enumerate(line.tokens.tolist()) if token >= 0}
    ids = line.ids.tolist()
    stretches: list[list[int]] = []
    for (first, new), old in zip(news, olds, strict=True):
        place = places.get(first)
        if place is None:
            stretches += [[0, 0, 0], [0, 0, 0]]
            continue
        before, after = ids[place - 2 : place], ids[place + len(new) : place + len(new) + 2]
        stretches += [[*before, *ngrams.ids(one), *after] for one in (new, old or new)]
    sizes = [len(stretch) - 2 for stretch in stretches]
    flat = np.array([word for stretch in stretches for word in stretch[2:]])
    singly = np.add.reduceat(ngrams.log_single[flat], np.cumsum([0, *sizes[:-1]]))
    whole = log_likelihoods(stretches, ngrams)
    misfits = np.clip(whole[1::2] - whole[::2], -_MOST_NATS, _MOST_NATS)
    cohesions = np.clip((whole - singly)[::2] / np.array(sizes[::2]), -_MOST_NATS, _MOST_NATS)
    return list(zip(misfits.tolist(), cohesions.tolist(), strict=True))
