"""Counts that the features are made of, taken once over a comparison's aligned pairs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from math import fsum
from typing import NamedTuple

from spindetect.align.costs import joined
from spindetect.align.lexicon import Lexicon
from spindetect.align.pairs import AlignedPair
from spindetect.align.same_word import UNRELATED
from spindetect.align.strands import Link
from spindetect.classify.phrases import Swap
from spindetect.classify.substitutions import Judged
from spindetect.records import Document, Word
from spindetect.score.inventory import Inventory, Order, take_inventory
from spindetect.score.word_choice import UNKNOWN_AUTHOR, WordChoice, changed_words

# Evidence of one substitution is bounded, so that no single swap decides.
MOST_EVIDENCE = 4.0
# A run of at least this many equal words in order counts as copied verbatim.
LONG_RUN = 8


class Worked(NamedTuple):
    """An aligned pair with all that was found in it.

    ``links`` include those across, ``judged`` are the substitutions of ``swaps``, one each. ``answered``
    are the word positions, in the reference's strand and in the suspect's, that a link or a swap accounts for.
    """

    pair: AlignedPair
    swaps: Sequence[Swap]
    links: Sequence[Link]
    judged: Sequence[Judged]
    answered: tuple[set[int], set[int]]


class Work(NamedTuple):
    """All aligned pairs, and the words of the suspect's and the reference's sentences that were linked at first."""

    pairs: Sequence[Worked]
    linked: tuple[int, int]


class Swapped(NamedTuple):
    """A substitution with what the features make of it: its ``evidence`` in nats, bounded.

    ``relatedness`` is the cosine of the words' vectors, ``rarer`` by how many nats the new
    words are rarer than the old; both 0 but for single words. ``share`` is how much it counts: a renaming that is
    carried through a text is one decision, so its second occurrence counts a half, its third a third.
    ``renamed`` says that a name stands in another name's place, as where a form is filled in anew.
    """

    judged: Judged
    swap: Swap
    evidence: float
    relatedness: float
    rarer: float
    share: float
    renamed: bool

    @property
    def known(self) -> bool:
        """Whether the lexicon has the substitution."""
        return self.judged.known is not None


Amount = Callable[[Swapped], float]
"""How much a substitution has of something: a share in a feature."""


@dataclass(frozen=True, slots=True)
class PairEvidence:
    """One aligned pair: its words, how many are equal, moved, added or dropped, and its swaps."""

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
    swaps: tuple[Swapped, ...]
    sentences: tuple[int, int]
    moved: bool
    adjacent: bool
    similarity: float

    @property
    def changes(self) -> tuple[Swapped, ...]:
        """The swaps that changed a word; one in disguise is kept."""
        return tuple(one for one in self.swaps if one.judged.counts != "kept" and not one.judged.same)


@dataclass(frozen=True, slots=True)
class Evidence:
    """All pairs' evidence, both documents' words outside boilerplate, and the words in long runs.

    ``aligned`` are the suspect's and the reference's words in aligned sentences, ``choice`` the log-odds
    that a language model or a translator chose the words that were changed, ``swaps`` all substitutions but those
    that count as another form of a word.
    """

    pairs: tuple[PairEvidence, ...]
    suspect_words: int
    reference_words: int
    in_long_runs: int
    linked: tuple[int, int]
    inventory: Inventory
    order: Order
    choice: float
    aligned: tuple[int, int] = field(init=False)
    swaps: tuple[Swapped, ...] = field(init=False)
    _amounts: dict[Amount, list[float]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        words = sum(pair.suspect_words for pair in self.pairs), sum(pair.reference_words for pair in self.pairs)
        object.__setattr__(self, "aligned", words)
        found = (one for pair in self.pairs for one in pair.swaps if one.judged.counts != "form")
        object.__setattr__(self, "swaps", tuple(found))

    def amounts(self, amount: Amount) -> list[float]:
        """What each of ``swaps`` amounts to; asked for by the features and by the weights, worked out once."""
        found = self._amounts.get(amount)
        if found is None:
            found = self._amounts[amount] = [one.share * amount(one) for one in self.swaps]
        return found


def gather(
    work: Work, suspect: Document, reference: Document, lexicon: Lexicon, words: WordChoice = UNKNOWN_AUTHOR
) -> Evidence:
    """Count what the features need, pair by pair; ``words`` says who chooses which words."""
    pairs = []
    furthest = -1
    last: AlignedPair | None = None
    seen: Counter[tuple[str, str]] = Counter()
    for worked in work.pairs:
        pair = worked.pair
        place = pair.reference.start < furthest, last is not None and _follows(last, pair)
        furthest = max(furthest, pair.reference.start)
        last = pair
        pairs.append(_pair_evidence(worked, place, lexicon, seen))
    runs = _in_long_runs(work.pairs, suspect, reference)
    inventory, order = take_inventory(suspect, reference)
    choice = words.log_odds(changed_words(suspect, reference))
    counts = suspect.word_count, reference.word_count
    return Evidence(tuple(pairs), *counts, runs, work.linked, inventory, order, choice)


def _pair_evidence(
    worked: Worked, place: tuple[bool, bool], lexicon: Lexicon, seen: Counter[tuple[str, str]]
) -> PairEvidence:
    pair = worked.pair
    left, right = pair.words.reference, pair.words.suspect
    equal = [link for link in worked.links if link.relation == "equal"]
    dropped = [word.content for index, word in enumerate(left.words) if index not in worked.answered[0]]
    added = [word.content for index, word in enumerate(right.words) if index not in worked.answered[1]]
    swaps = tuple(
        [
            _swapped(judged, swap, left.words, right.words, lexicon, seen)
            for judged, swap in zip(worked.judged, worked.swaps, strict=True)
        ]
    )
    kept = [(1.0 if one.judged.same else 1.0 - one.share) * len(one.swap.suspect) for one in swaps]
    kept_content = fsum([amount for amount, one in zip(kept, swaps, strict=True) if _content(one, right.words)])
    return PairEvidence(
        suspect_words=len(right.words),
        reference_words=len(left.words),
        suspect_content=sum([word.content for word in right.words]),
        equal=len(equal) + fsum(kept),
        equal_content=sum([right.words[link.suspect.start].content for link in equal]) + kept_content,
        crossing=sum([link.crossing for link in worked.links]),
        added_content=sum(added),
        dropped_content=sum(dropped),
        added_function=len(added) - sum(added),
        dropped_function=len(dropped) - sum(dropped),
        swaps=swaps,
        sentences=(len(pair.suspect), len(pair.reference)),
        moved=place[0],
        adjacent=place[1],
        similarity=pair.similarity,
    )


def _follows(last: AlignedPair, pair: AlignedPair) -> bool:
    """Whether a pair comes right after another on both sides, at most one sentence skipped."""
    ahead = pair.suspect.start - last.suspect.stop, pair.reference.start - last.reference.stop
    return all(0 <= step <= 1 for step in ahead)


def _swapped(
    judged: Judged,
    swap: Swap,
    left: Sequence[Word],
    right: Sequence[Word],
    lexicon: Lexicon,
    seen: Counter[tuple[str, str]],
) -> Swapped:
    bounded = max(-MOST_EVIDENCE, min(MOST_EVIDENCE, judged.evidence))
    old, new = left[swap.reference.start : swap.reference.stop], right[swap.suspect.start : swap.suspect.stop]
    exchange = joined(old), joined(new)
    seen[exchange] += 1
    share = 1.0 if judged.counts == "kept" else 1.0 / seen[exchange]
    named = judged.kind == "name" and not judged.known
    single = len(old) == len(new) == 1
    related = lexicon.relatedness(old[0].row, new[0].row) if single else 0.0
    renamed = named and related < UNRELATED and all(word.capitalised or not word.content for word in (*old, *new))
    rarer = new[0].surprisal - old[0].surprisal if single and judged.kind == "synonym" else 0.0
    return Swapped(judged, swap, bounded, related, rarer, share, renamed)


def _content(one: Swapped, words: Sequence[Word]) -> bool:
    return True in [word.content for word in words[one.swap.suspect.start : one.swap.suspect.stop]]


def _in_long_runs(aligned: Sequence[Worked], suspect: Document, reference: Document) -> int:
    """Words in runs of at least `LONG_RUN` equal words that follow each other on both sides, across sentences."""
    left, right = _ordinals(reference), _ordinals(suspect)
    total = run = 0
    last = (-2, -2)
    for pair, swaps, links, judged, _ in aligned:
        tokens = pair.words.reference.tokens, pair.words.suspect.tokens
        kept = [(link.reference, link.suspect) for link in links if link.relation == "equal"]
        same = [(s.reference, s.suspect) for s, one in zip(swaps, judged, strict=True) if one.same]
        for theirs, mine in sorted([*kept, *same], key=_begins) if same else kept:
            old, new = left[tokens[0][theirs.start]], right[tokens[1][mine.start]]
            if old == last[0] + 1 and new == last[1] + 1:
                run += len(mine)
            else:
                total += run if run >= LONG_RUN else 0
                run = len(mine)
            last = old + len(theirs) - 1, new + len(mine) - 1
    return total + (run if run >= LONG_RUN else 0)


def _begins(place: tuple[range, range]) -> int:
    return place[1].start


def _ordinals(document: Document) -> list[int]:
    """For each token the number of words up to it."""
    return list(accumulate([word.lexical for word in document.words]))
