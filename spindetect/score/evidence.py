"""Counts that the features are made of, taken once over a comparison's aligned pairs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, chain
from math import fsum
from typing import NamedTuple

from spindetect.align.lexical.costs import joined
from spindetect.align.sentences.pairs import AlignedPair
from spindetect.align.words.strands import Link
from spindetect.classify.substitutions import Unweighed
from spindetect.records import Document, Word
from spindetect.score.context import Context, misfit_of_words
from spindetect.score.inventory import Inventory, Order, take_inventory
from spindetect.score.manner import count_habits
from spindetect.score.word_choice import UNKNOWN_AUTHOR, WordChoice, changed_words

# A run of at least this many equal words in order counts as copied verbatim.
LONG_RUN = 8


class ClassifiedPair(NamedTuple):
    """An aligned pair with its substitutions.

    ``links`` include those across; ``answered`` are the word positions, in the reference's strand and in the
    suspect's, that a link or a substitution accounts for.
    """

    pair: AlignedPair
    links: Sequence[Link]
    substitutions: Sequence[Unweighed]
    answered: tuple[set[int], set[int]]


class Classified(NamedTuple):
    """All aligned pairs; ``linked`` and ``beside`` as in `spindetect.align.sentences.pairs.Alignment`."""

    pairs: Sequence[ClassifiedPair]
    linked: tuple[int, int]
    beside: tuple[range, range]


Amount = Callable[[Unweighed], float]
"""How much a substitution has of something: a share in a feature."""


@dataclass(frozen=True, slots=True)
class PairEvidence:
    """One aligned pair: its words, how many are equal, moved, added or dropped, and its substitutions."""

    suspect_words: int
    reference_words: int
    suspect_content: int
    equal: float
    equal_content: float
    crossing: int
    added_content: int
    dropped_content: int
    added_function: int
    dropped_function: int
    substitutions: tuple[Unweighed, ...]
    sentences: tuple[int, int]
    moved: bool
    adjacent: bool
    similarity: float

    @property
    def changes(self) -> tuple[Unweighed, ...]:
        """The substitutions that changed a word; one in disguise is kept."""
        return tuple(one for one in self.substitutions if one.counts != "kept" and not one.same)

    @property
    def changed(self) -> bool:
        """Whether anything was changed, added, dropped or spelt otherwise."""
        return not (self.equal == self.suspect_words == self.reference_words) or bool(self.changes)


@dataclass(frozen=True, slots=True)
class Evidence:
    """All pairs' evidence, both documents' words outside boilerplate, and the words in long runs.

    ``beside`` are the words of each that have the other text beside them, from which the inventory is taken.

    ``aligned`` are the suspect's and the reference's words in aligned sentences, ``changed`` the pairs in which
    anything was changed and ``reworded`` both sides' words in these, ``choice`` the log-odds
    that a language model or a translator chose the words that were changed, ``substitutions`` all of them but those
    that count as another form of a word. ``misfit`` is how much more surprising the suspect's content words, and
    its other tokens, are after the token before them than the reference's, in nats a token of the changed pairs.
    ``habits`` are the counts of each text's habits (`spindetect.score.manner`) in the changed pairs.
    """

    pairs: tuple[PairEvidence, ...]
    suspect_words: int
    reference_words: int
    in_long_runs: int
    linked: tuple[int, int]
    beside: tuple[int, int]
    inventory: Inventory
    order: Order
    choice: float
    misfit: tuple[float, float]
    habits: tuple[Counter[str], Counter[str]]
    aligned: tuple[int, int] = field(init=False)
    changed: tuple[PairEvidence, ...] = field(init=False)
    reworded: tuple[int, int] = field(init=False)
    substitutions: tuple[Unweighed, ...] = field(init=False)
    _amounts: dict[Amount, list[float]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        changed = tuple(pair for pair in self.pairs if pair.changed)
        object.__setattr__(self, "aligned", _words(self.pairs))
        object.__setattr__(self, "changed", changed)
        object.__setattr__(self, "reworded", _words(changed))
        found = (one for pair in self.pairs for one in pair.substitutions if one.counts != "form")
        object.__setattr__(self, "substitutions", tuple(found))

    def amounts(self, amount: Amount) -> list[float]:
        """The amounts of each of ``substitutions``, worked out once: features and weights ask for them."""
        found = self._amounts.get(amount)
        if found is None:
            found = self._amounts[amount] = [one.share * amount(one) for one in self.substitutions]
        return found


def _words(pairs: Sequence[PairEvidence]) -> tuple[int, int]:
    return sum(pair.suspect_words for pair in pairs), sum(pair.reference_words for pair in pairs)


def gather(
    classified: Classified,
    suspect: Document,
    reference: Document,
    words: WordChoice = UNKNOWN_AUTHOR,
    context: Context | None = None,
) -> Evidence:
    """Count what the features need, pair by pair.

    ``words`` says who chooses which words; without ``context`` nothing is a misfit.
    """
    found = _with_misfits(classified.pairs, suspect, context) if context else classified.pairs
    pairs = []
    furthest = -1
    last: AlignedPair | None = None
    seen: Counter[tuple[str, str]] = Counter()
    for one in found:
        pair = one.pair
        follows = (  # right after the last one on both sides, at most one sentence skipped
            last is not None
            and 0 <= pair.suspect.start - last.suspect.stop <= 1
            and 0 <= pair.reference.start - last.reference.stop <= 1
        )
        place = pair.reference.start < furthest, follows
        furthest = max(furthest, pair.reference.start)
        last = pair
        pairs.append(_pair_evidence(one, place, seen))
    runs = _in_long_runs(classified.pairs, suspect, reference)
    # the reference's words by the suspect's tokens that are the same ones [Kyiv -> Kiev]; of phrases of another
    # length all by the first [WHO -> World Health Organization]
    otherwise: dict[int, Sequence[Word]] = {}
    for one in classified.pairs:
        strands = one.pair.words
        for item in one.substitutions:
            if item.same:
                phrase = strands.reference.words[item.words.reference.start : item.words.reference.stop]
                each = len(phrase) == len(item.words.suspect)
                for nth, mine in enumerate(item.words.suspect):
                    whole = () if nth else phrase
                    otherwise[strands.suspect.tokens[mine]] = phrase[nth : nth + 1] if each else whole
    inventory, order = take_inventory(suspect, reference, classified.beside, otherwise)
    choice = words.log_odds(changed_words(suspect, reference))
    counts = suspect.word_count, reference.word_count
    beside = len(classified.beside[0]), len(classified.beside[1])
    changed = [one.pair for one, counted in zip(found, pairs, strict=True) if counted.changed]
    tokens = (
        _tokens(suspect, chain.from_iterable(pair.suspect for pair in changed)),
        _tokens(reference, chain.from_iterable(pair.reference for pair in changed)),
    )
    misfit = misfit_of_words((suspect, reference), tokens, context) if context and changed else (0.0, 0.0)
    habits = count_habits(suspect, tokens[0]), count_habits(reference, tokens[1])
    return Evidence(
        tuple(pairs), *counts, runs, classified.linked, beside, inventory, order, choice, misfit, habits
    )


def _with_misfits(
    classified: Sequence[ClassifiedPair], suspect: Document, context: Context
) -> Sequence[ClassifiedPair]:
    """The pairs, and of content words in single words' places by how much the old ones would fit better."""
    found = [list(one.substitutions) for one in classified]
    places, exchanged = [], []
    for pair, (one, substitutions) in enumerate(zip(classified, found, strict=True)):
        strands = one.pair.words
        for number, item in enumerate(substitutions):
            theirs, mine = item.words.reference, item.words.suspect
            if len(theirs) == len(mine) == 1 and item.counts == "content":
                places.append((pair, number))
                exchanged.append((strands.suspect.tokens[mine.start], strands.reference.words[theirs.start]))
    if not places:
        return classified
    nats = context.misfits_in_place(suspect, exchanged).tolist()
    for (pair, number), misfit in zip(places, nats, strict=True):
        # logarithms differ in their last digits between machines
        found[pair][number] = found[pair][number]._replace(misfit=round(misfit, 9))
    return [one._replace(substitutions=those) for one, those in zip(classified, found, strict=True)]


def _tokens(document: Document, sentences: Iterable[int]) -> list[int]:
    """The tokens of some sentences, each once, in order."""
    chosen = (document.sentences[place] for place in sorted(set(sentences)))
    return [token for one in chosen for token in range(one.first, one.last)]


def _pair_evidence(
    classified: ClassifiedPair, place: tuple[bool, bool], seen: Counter[tuple[str, str]]
) -> PairEvidence:
    pair = classified.pair
    left, right = pair.words.reference.words, pair.words.suspect.words
    equal = [link for link in classified.links if link.relation == "equal"]
    dropped = [word.content for index, word in enumerate(left) if index not in classified.answered[0]]
    added = [word.content for index, word in enumerate(right) if index not in classified.answered[1]]
    substitutions = []
    kept, kept_content = [], []
    for one in classified.substitutions:
        old = left[one.words.reference.start : one.words.reference.stop]
        new = right[one.words.suspect.start : one.words.suspect.stop]
        # A renaming that is carried through a text is one decision.
        exchange = joined(old), joined(new)
        seen[exchange] += 1
        share = 1.0 if one.counts == "kept" else 1.0 / seen[exchange]
        substitutions.append(one._replace(share=share) if share < 1.0 else one)
        kept.append((1.0 if one.same else 1.0 - share) * len(new))
        if True in [word.content for word in new]:
            kept_content.append(kept[-1])
    return PairEvidence(
        suspect_words=len(right),
        reference_words=len(left),
        suspect_content=sum([word.content for word in right]),
        equal=len(equal) + fsum(kept),
        equal_content=sum([right[link.suspect.start].content for link in equal]) + fsum(kept_content),
        crossing=sum([link.crossing for link in classified.links]),
        added_content=sum(added),
        dropped_content=sum(dropped),
        added_function=len(added) - sum(added),
        dropped_function=len(dropped) - sum(dropped),
        substitutions=tuple(substitutions),
        sentences=(len(pair.suspect), len(pair.reference)),
        moved=place[0],
        adjacent=place[1],
        similarity=pair.similarity,
    )


def _in_long_runs(aligned: Sequence[ClassifiedPair], suspect: Document, reference: Document) -> int:
    """Words in runs of at least `LONG_RUN` equal words that follow each other on both sides, across sentences."""
    left, right = _ordinals(reference), _ordinals(suspect)
    total = run = 0
    last = (-2, -2)
    for pair, links, substitutions, _ in aligned:
        tokens = pair.words.reference.tokens, pair.words.suspect.tokens
        kept = [(link.reference, link.suspect) for link in links if link.relation == "equal"]
        same = [(one.words.reference, one.words.suspect) for one in substitutions if one.same]
        if same:
            kept = sorted([*kept, *same], key=lambda places: places[1].start)
        for theirs, mine in kept:
            old, new = left[tokens[0][theirs.start]], right[tokens[1][mine.start]]
            if old == last[0] + 1 and new == last[1] + 1:
                run += len(mine)
            else:
                total += run if run >= LONG_RUN else 0
                run = len(mine)
            last = old + len(theirs) - 1, new + len(mine) - 1
    return total + (run if run >= LONG_RUN else 0)


def _ordinals(document: Document) -> list[int]:
    """For each token the number of words up to it."""
    return list(accumulate([word.lexical for word in document.words]))
