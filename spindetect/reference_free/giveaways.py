"""The phrases that give a text away: which they are, what they may have said, and why they are suspicious."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from spindetect.align.lexical.costs import numeral
from spindetect.align.lexical.lexicon import Lexicon
from spindetect.findings import Giveaway, Guess, Phrase
from spindetect.kinds import KINDS, SPEAKS_ALONE, Kind
from spindetect.records import Document, Word
from spindetect.reference_free.model import AloneModel
from spindetect.reference_free.ngrams import Floats, Ids, Line
from spindetect.reference_free.originals import Guesses
from spindetect.reference_free.token_features import SIGNS, Items
from spindetect.segment.english import DEMONYMS
from spindetect.segment.vocabulary import Vocabulary

# Log-odds from which a phrase is shown: one in three, were the text known to be spun. In a text that is called spun
# it is shown from lower ones if its original is likelier than not: as many of those shown are restored rightly.
_SHOWN, _SHOWN_OF_SPUN, _LIKELY = -0.7, -2.0, 0.5
_GUESSES = 3
# A guess less probable than this helps nobody.
_LEAST_PROBABLE = 0.05
_CAPITAL = 0.6
# Share of a word's occurrences with a capital from which it is a name, and shown wherever it has none.
_NAME = 0.98


@dataclass(frozen=True, eq=False)
class Weighed:
    """A document as a line, its items with their log-odds and their weights in the score, and all guesses.

    ``spun`` says whether the text is called spun.
    """

    document: Document
    spun: bool
    line: Line
    items: Items
    log_odds: Floats
    weights: Floats
    guessed: Guesses


def find_giveaways(
    weighed: Weighed, vocabulary: Vocabulary, lexicon: Lexicon, alone: AloneModel
) -> tuple[Giveaway, ...]:
    """The suspicious items, in the text's order; of items that overlap the most suspicious."""
    items, guessed = weighed.items, weighed.guessed
    order = np.argsort(guessed.place, kind="stable")
    places = guessed.place[order]
    found = []
    suspicious = (weighed.log_odds >= _SHOWN) | (items.signs[:, SIGNS.index("small")] >= _NAME)
    perhaps = weighed.log_odds >= _SHOWN_OF_SPUN if weighed.spun else suspicious
    for item in _apart(items, weighed.log_odds, np.flatnonzero(suspicious | perhaps)):
        first, last = np.searchsorted(places, [items.place[item], items.place[item] + 1]).tolist()
        mine = [n for n in order[first:last].tolist() if guessed.length[n] == items.length[item]]
        originals = _likeliest(mine, guessed, alone.ranking.other)
        if suspicious[item] or (originals and originals[0][1] >= _LIKELY):
            found.append(_giveaway(weighed, item, originals, vocabulary, lexicon, alone))
    return tuple(found)


def _apart(items: Items, log_odds: Floats, suspicious: Ids) -> list[int]:
    """Those of the suspicious items that don't overlap, by place."""
    taken: set[int] = set()
    chosen = []
    for item in suspicious[np.argsort(-log_odds[suspicious], kind="stable")].tolist():
        mine = range(int(items.place[item]), int(items.place[item] + items.length[item]))
        if taken.isdisjoint(mine):
            taken.update(mine)
            chosen.append(item)
    return sorted(chosen, key=lambda item: int(items.place[item]))


def _likeliest(mine: Sequence[int], guessed: Guesses, other: float) -> list[tuple[tuple[int, ...], float]]:
    """The likeliest of the guesses with their probabilities, "another one" among the possibilities."""
    likely = guessed.likely[list(mine)]
    highest = max([other, *likely.tolist()])
    chances = np.exp(likely - highest)
    chances /= chances.sum() + np.exp(other - highest)
    ranked = sorted(zip(mine, chances.tolist(), strict=True), key=lambda one: (-one[1], one[0]))
    return [(guessed.original(n), chance) for n, chance in ranked[:_GUESSES] if chance >= _LEAST_PROBABLE]


def _giveaway(
    weighed: Weighed,
    item: int,
    originals: Sequence[tuple[tuple[int, ...], float]],
    vocabulary: Vocabulary,
    lexicon: Lexicon,
    alone: AloneModel,
) -> Giveaway:
    document, line, items = weighed.document, weighed.line, weighed.items
    first = int(line.tokens[items.place[item]])
    last = int(line.tokens[items.place[item] + items.length[item] - 1]) + 1
    span = document.span(first, last)
    new = document.words[first:last]
    before = document.words[first - 1] if line.tokens[items.place[item] - 1] >= 0 else None
    small = float(items.signs[item, SIGNS.index("small")])
    guesses = [Guess(_written(ids, new, alone.words, alone.table.capital), chance) for ids, chance in originals]
    if small >= _NAME:  # [america -> America]
        guesses = [Guess(new[0].text.capitalize(), small)]
    old = [vocabulary[word] for word in guesses[0].text.split()] if guesses else []
    kind = _kind(new, old, before)
    evidence = lexicon.evidence(old, new) if old else 0.0
    sure = bool(guesses) and guesses[0].probability >= 0.5
    return Giveaway(
        kind=kind,
        suspect=Phrase(span, span.of(document.article.text)),
        quoted=document.quoted[first],
        telltale=KINDS[kind].telltale == "always" or (sure and evidence >= SPEAKS_ALONE),
        probability=1.0 / (1.0 + float(np.exp(-weighed.log_odds[item]))),
        weight=float(weighed.weights[item]),
        reason=_reason(guesses, evidence, sure, small),
        guesses=tuple(guesses),
    )


def _written(ids: Ids | tuple[int, ...], new: Sequence[Word], words: Sequence[str], capital: Floats) -> str:
    """The original as it would be written in the phrase's place."""
    names = [words[i].capitalize() if capital[i] >= _CAPITAL else words[i] for i in ids]
    if all(len(word.text) > 1 and word.text.isupper() for word in new):
        return " ".join(names).upper()
    if new[0].capitalised:
        names[0] = names[0][0].upper() + names[0][1:]
        if len(new) > 1 and all(word.capitalised for word in new):
            names = [name[0].upper() + name[1:] for name in names]
    return " ".join(names)


def _kind(new: Sequence[Word], old: Sequence[Word], before: Word | None) -> Kind:
    """The kind that the substitution would have, as far as that can be told without the reference."""
    if len(new) > 1 and new[-1].norm in ("language", "languages") and any(word.norm in DEMONYMS for word in new):
        return "demonym"
    if all(word.function for word in new):
        return "function"
    if before is not None and any(word.capitalised for word in new):
        return "name"
    if old and all(numeral(word.norm) for word in (*new, *old)):
        return "number"
    if [word.stem for word in old] == [word.stem for word in new]:
        return "form"
    return "synonym"


def _reason(guesses: Sequence[Guess], evidence: float, sure: bool, small: float) -> str:
    """Why the phrase is suspicious, in words."""
    if small >= _CAPITAL:
        return "a name without its capital"
    if not guesses:
        return "hardly ever stands among these words"
    if not sure:
        return f"other words would fit better, perhaps “{guesses[0].text}”"
    if evidence >= SPEAKS_ALONE:
        return f"“{guesses[0].text}” would fit far better, and spinners make this swap, people hardly ever do"
    if evidence > 0.0:
        return f"“{guesses[0].text}” would fit better, and spinners are known to make this swap"
    return f"“{guesses[0].text}”, of kindred meaning, would fit better among these words"
