"""The lexicon of substitutions: which phrase is known to turn into which, and who does so.

It is learnt. `AnswerTable` holds the same for whole texts at once.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from spindetect.records import Word

Answers = dict[str, list[tuple[str, float]]]
"""For words of a suspect, those of the reference that they may stand for, with the association (0 to 1)."""


class AnswerTable:
    """All words that each word may stand for, as arrays, since a text asks for thousands of them at once.

    ``known`` are triples of a reference's word, the suspect's word that may stand for it, and the
    association. What the word of number ``n`` may stand for lies at ``starts[n]`` up to ``starts[n + 1]``.
    """

    def __init__(self, known: Iterable[tuple[str, str, float]]) -> None:
        numbers: dict[str, int] = {}
        sources, suspects, association = [], [], []
        for reference, suspect, strength in known:
            sources.append(numbers.setdefault(reference, len(numbers)))
            suspects.append(numbers.setdefault(suspect, len(numbers)))
            association.append(strength)
        by_suspect = np.argsort(np.array(suspects, dtype=np.intp), kind="stable")
        counts = np.bincount(np.array(suspects, dtype=np.intp), minlength=len(numbers))
        self._starts = np.concatenate(([0], np.cumsum(counts)))
        self._sources: NDArray[np.intp] = np.array(sources, dtype=np.intp)[by_suspect]
        self._association: NDArray[np.float64] = np.array(association, dtype=np.float64)[by_suspect]
        self._numbers = numbers
        self._words = list(numbers)

    def between(self, suspect: Collection[str], reference: Collection[str]) -> Answers:
        """The answers of the suspect's words among the reference's; words without one are left out."""
        return self._between(self._numbers_of(suspect), self._numbers_of(reference))

    def _between(self, asked: NDArray[np.intp], others: NDArray[np.intp]) -> Answers:
        there = np.zeros(len(self._words), dtype=bool)
        there[others] = True
        counts = self._starts[asked + 1] - self._starts[asked]
        before = np.cumsum(counts) - counts
        places = np.arange(counts.sum()) + np.repeat(self._starts[asked] - before, counts)
        hits = np.flatnonzero(there[self._sources[places]])
        places, words = places[hits], np.repeat(asked, counts)[hits]
        found: dict[str, list[tuple[str, float]]] = {}
        triples = zip(
            words.tolist(), self._sources[places].tolist(), self._association[places].tolist(), strict=True
        )
        for word, source, association in triples:
            found.setdefault(self._words[word], []).append((self._words[source], association))
        return found

    def either_way(self, one: Collection[str], other: Collection[str]) -> Answers:
        """The answers of one text's words among the other's, whichever of the two was made from the other."""
        mine, theirs = self._numbers_of(one), self._numbers_of(other)
        found = {word: dict(answers) for word, answers in self._between(mine, theirs).items()}
        for source, answers in self._between(theirs, mine).items():
            for word, association in answers:
                known = found.setdefault(word, {})
                known[source] = max(association, known.get(source, 0.0))
        return {word: list(known.items()) for word, known in found.items()}

    def _numbers_of(self, words: Collection[str]) -> NDArray[np.intp]:
        found = map(self._numbers.get, words)
        return np.array([number for number in found if number is not None], dtype=np.intp)


ExpressionKind = Literal["idiom", "collocation"]

LONGEST_PHRASE = 4
"""Words in the longest phrase that the lexicon holds."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The knowledge of one substitution.

    ``association`` (0 to 1) says how readily the reference's phrase turns into the
    suspect's one, whoever does it. ``evidence`` is the log of how much likelier a
    spinner is to make this substitution than a person, in nats.
    """

    association: float
    evidence: float


@dataclass(frozen=True)
class Lexicon:
    """Substitutions by (reference phrase, suspect phrase); phrases are normal forms joined by spaces.

    ``sources`` leads back from each phrase of a suspect to the phrases that it may stand for:
    what is asked of most pairs of words is answered by the first of two small tables.
    ``stem_sources`` does so for single words by their stems, which an inflection never seen falls back on.
    ``answers`` and ``stem_answers`` hold the single words of the same, to be asked for whole texts.
    ``expressions`` are the fixed expressions of general English, as stems joined by spaces;
    ``expression_starts`` leads from the first stem of any to the second ones, ``expression_heads``
    are the first two stems of the longer ones. ``expansions`` holds each word that
    spinners turn into a phrase with the phrase's first and last word, ``contractions`` the same of phrases
    that turn into a word: [new -> brand new] gives (new, brand) and (new, new).
    ``unseen`` is the evidence of an exchange of two content words that isn't held, by how
    related they are: knots (relatedness, nats) of a piecewise-linear function, ascending.
    """

    entries: Mapping[tuple[str, str], Entry] = field(default_factory=dict)
    expressions: Mapping[str, ExpressionKind] = field(default_factory=dict)
    vectors: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 1), dtype=np.float32))
    stems: Mapping[str, str] = field(default_factory=dict)
    unseen: Sequence[tuple[float, float]] = ()

    def __post_init__(self) -> None:
        stem_entries = _stem_entries(self.entries, self.stems)
        object.__setattr__(self, "sources", _sources(self.entries))
        object.__setattr__(self, "stem_sources", _sources(stem_entries))
        object.__setattr__(self, "answers", AnswerTable(_single_words(self.entries)))
        object.__setattr__(self, "stem_answers", AnswerTable(_single_words(stem_entries)))
        phrasal = [pair for pair in self.entries if " " in pair[0] or " " in pair[1]]
        object.__setattr__(self, "reference_phrases", _multiword(pair[0] for pair in phrasal))
        object.__setattr__(self, "suspect_phrases", _multiword(pair[1] for pair in phrasal))
        object.__setattr__(self, "expression_starts", _starts(self.expressions))
        heads = frozenset(
            " ".join(phrase.split(" ", 2)[:2]) for phrase in self.expressions if phrase.count(" ") > 1
        )
        object.__setattr__(self, "expression_heads", heads)
        telling = [
            pair for pair in phrasal if self.entries[pair].evidence >= _ADDED or pair[1].endswith(" language")
        ]
        object.__setattr__(self, "expansions", _ends(telling))
        object.__setattr__(self, "contractions", _ends((suspect, reference) for reference, suspect in telling))

    sources: dict[str, dict[str, Entry]] = field(init=False)
    stem_sources: dict[str, dict[str, Entry]] = field(init=False)
    answers: AnswerTable = field(init=False)
    stem_answers: AnswerTable = field(init=False)
    reference_phrases: frozenset[str] = field(init=False)
    suspect_phrases: frozenset[str] = field(init=False)
    expression_starts: dict[str, frozenset[str]] = field(init=False)
    expression_heads: frozenset[str] = field(init=False)
    expansions: frozenset[tuple[str, str]] = field(init=False)
    contractions: frozenset[tuple[str, str]] = field(init=False)

    def association(self, reference: str, suspect: str) -> float:
        """How readily one phrase turns into the other, 0 to 1; 0 for a substitution never seen."""
        known = self.sources.get(suspect)
        entry = known.get(reference) if known else None
        return entry.association if entry else 0.0

    def find(self, reference: Sequence[Word], suspect: Sequence[Word]) -> Entry | None:
        """The entry of one phrase's substitution by the other; single words are also found by their stems."""
        if len(reference) == len(suspect) == 1:
            return self.find_words(reference[0], suspect[0])
        known = self.sources.get(" ".join([word.norm for word in suspect]))
        return known.get(" ".join([word.norm for word in reference])) if known else None

    def find_words(self, reference: Word, suspect: Word) -> Entry | None:
        """The same for single words."""
        known = self.sources.get(suspect.norm)
        exact = known.get(reference.norm) if known else None
        if exact:
            return exact
        inflected = self.stem_sources.get(suspect.stem)
        return inflected.get(reference.stem) if inflected else None

    def evidence(self, reference: Sequence[Word], suspect: Sequence[Word], known: Entry | None = None) -> float:
        """How much likelier a spinner is to make the substitution than a person, in nats.

        A phrase that isn't known is as telling as its most telling word-for-word part; 0 if none is known.
        An unknown exchange of single words is judged by how related they are.
        ``known`` is what `find` gave, if that was asked before.
        """
        known = known or self.find(reference, suspect)
        if known:
            return known.evidence
        if len(reference) == len(suspect) == 1:
            one, other = reference[0], suspect[0]
            if not self.unseen or not (one.content and other.content) or min(one.row, other.row) < 0:
                return 0.0
            return _interpolated(self.relatedness(one.row, other.row), self.unseen)
        parts = [self.find_words(one, other) for one in reference for other in suspect if one.stem != other.stem]
        return max((part.evidence for part in parts if part), default=0.0)

    def fixed(self, stems: Sequence[str], within: Iterable[int]) -> list[tuple[range, ExpressionKind]]:
        """Where words of these stems are fixed expressions of general English, near ``within``; the longest first.

        An idiom stands in dictionaries; a collocation merely occurs far more often than its words would.
        """
        found: list[tuple[range, ExpressionKind]] = []
        starts = self.expression_starts
        begins = {place - back for place in within for back in range(LONGEST_PHRASE)}
        for start in sorted(begins.intersection(range(len(stems) - 1))):
            first, second = stems[start], stems[start + 1]
            if first not in starts or second not in starts[first]:
                continue
            pair = f"{first} {second}"
            if kind := self.expressions.get(pair):
                found.append((range(start, start + 2), kind))
            for stop in range(start + 3, start + LONGEST_PHRASE + 1) if pair in self.expression_heads else ():
                if stop <= len(stems) and (kind := self.expressions.get(" ".join(stems[start:stop]))):
                    found.append((range(start, stop), kind))
        return sorted(found, key=lambda item: -len(item[0]))

    def relatedness(self, row: int, other: int) -> float:
        """Cosine of two words' vectors, -1 to 1; 0 if either has none (row -1)."""
        if row < 0 or other < 0:
            return 0.0
        return float(self.vectors[row].dot(self.vectors[other]))


def _interpolated(value: float, knots: Sequence[tuple[float, float]]) -> float:
    """A piecewise-linear function, given by its knots, at ``value``; constant beyond both ends.

    >>> _interpolated(0.25, ((0.0, 1.0), (0.5, 2.0)))
    1.5
    """
    after = bisect_right(knots, value, key=itemgetter(0))
    if after in (0, len(knots)):
        return knots[min(after, len(knots) - 1)][1]
    (low, left), (high, right) = knots[after - 1 : after + 1]
    return left + (right - left) * (value - low) / (high - low)


# Evidence, in nats, from which a word with another one beside it is an exchange [new -> brand new] and not the same
# word with one added [know -> already know].
_ADDED = 3.0
# The worth of a substitution seen in another inflection.
_INFLECTED = 0.8


def _stem_entries(
    entries: Mapping[tuple[str, str], Entry], stems: Mapping[str, str]
) -> dict[tuple[str, str], Entry]:
    """The single words' substitutions by stems: of several inflections the likeliest, at a discount."""
    found: dict[tuple[str, str], Entry] = {}
    for (reference, suspect), entry in entries.items():
        if " " in reference or " " in suspect:
            continue
        pair = stems.get(reference, reference), stems.get(suspect, suspect)
        best = found.get(pair)
        if pair[0] != pair[1] and (best is None or best.association < entry.association):
            found[pair] = entry
    # A model has a few thousand entries at most that differ, so each is weakened once.
    distinct = {id(entry): entry for entry in found.values()}
    weaker = {key: Entry(_INFLECTED * one.association, _INFLECTED * one.evidence) for key, one in distinct.items()}
    return {pair: weaker[id(entry)] for pair, entry in found.items()}


def _sources(entries: Mapping[tuple[str, str], Entry]) -> dict[str, dict[str, Entry]]:
    """Lead every phrase back to the phrases it is known to replace, with what is known of that."""
    back: dict[str, dict[str, Entry]] = {}
    for (reference, suspect), entry in entries.items():
        known = back.get(suspect)
        if known is None:
            known = back[suspect] = {}
        known[reference] = entry
    return back


def _single_words(entries: Mapping[tuple[str, str], Entry]) -> Iterator[tuple[str, str, float]]:
    """The entries of a single word for another, with their association."""
    for (reference, suspect), entry in entries.items():
        if " " not in reference and " " not in suspect:
            yield reference, suspect, entry.association


def _multiword(phrases: Iterable[str]) -> frozenset[str]:
    return frozenset(phrase for phrase in phrases if " " in phrase)


def _starts(expressions: Iterable[str]) -> dict[str, frozenset[str]]:
    """The first word of every expression, with the second words after it."""
    found: dict[str, set[str]] = {}
    for phrase in expressions:
        first, _, rest = phrase.partition(" ")
        found.setdefault(first, set()).add(rest.partition(" ")[0])
    return {first: frozenset(seconds) for first, seconds in found.items()}


def _ends(pairs: Iterable[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """Of each pair of a word and a phrase, the word with the phrase's first and with its last word."""
    mixed = [(word, phrase) for word, phrase in pairs if " " in phrase and " " not in word]
    first = {(word, phrase.partition(" ")[0]) for word, phrase in mixed}
    return frozenset(first | {(word, phrase.rpartition(" ")[2]) for word, phrase in mixed})
