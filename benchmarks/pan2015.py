"""The PAN 2015 text-alignment system of Sanchez-Perez, Gelbukh and Sidorov, written anew after their papers.

A baseline for benchmarks/others.py, not their program, which is for Python 2. After "Adaptive
Algorithm for Plagiarism Detection: The Best-Performing Approach at PAN 2014 Text Alignment
Competition" (CLEF 2015, LNCS 9283) and "Dynamically Adjustable Approach through Obfuscation Type
Recognition" (CLEF 2015 working notes, CEUR 1391), with their published parameters. It differs in
the sentence splitter (a rule in place of NLTK's Punkt, whose model is a download) and the word
tokeniser (runs of letters and digits in place of the Treebank's).

    sentences as tf-idf vectors -> pairs that are alike (seeds) -> passages of near seeds
    -> those that are alike as a whole -> of overlapping ones the better -> long ones
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import fsum, log, sqrt
from statistics import mean

import Stemmer

from spindetect.findings import Passage
from spindetect.records import Span

SEED_COSINE = 0.30
SEED_DICE = 0.33
PASSAGE_COSINE = 0.34
GAP = 4  # sentences between two seeds of a passage
SUMMARY_GAP = 24
SUMMARY_RATIO = 3  # passages so many times longer in the source are a summary's
SHORTEST_SENTENCE = 3  # words
SHORTEST_PASSAGE = 150  # characters
VERBATIM = 256  # characters in common, word for word

_SENTENCE_END = re.compile(r"(?<!\bMr)(?<!\bDr)(?<!\bMrs)(?<!\b[A-Z])[.!?][\"'”’)\]]*(?=\s+[\"'“‘(\[]?[A-Z0-9])")
_WORD = re.compile(r"\w+")
_STEMMER = Stemmer.Stemmer("english")

Vector = dict[str, float]
Seed = tuple[int, int]
"""Numbers of a sentence of the suspect and one of the reference."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """Where a sentence stands, and how often it has each stem."""

    span: Span
    counts: Counter[str]


@dataclass(frozen=True, slots=True)
class Found:
    """Seeds that belong together, and the sentences from the first to the last on each side."""

    seeds: tuple[Seed, ...]

    def sides(self) -> tuple[range, range]:
        """The sentences of the suspect and of the reference, as ranges."""
        numbers = [[seed[side] for seed in self.seeds] for side in (0, 1)]
        return range(min(numbers[0]), max(numbers[0]) + 1), range(min(numbers[1]), max(numbers[1]) + 1)


def find_passages(suspect: str, reference: str) -> list[Passage]:
    """The passages that the suspect has from the reference, in the suspect's order."""
    sentences = sentences_of(suspect), sentences_of(reference)
    vectors = weighted(*sentences)
    seeds = list(find_seeds(*vectors))
    passages = [spans(found, sentences) for found in settled(seeds, vectors, GAP)]
    passages = [passage for passage in passages if long_enough(passage)]
    verbatim = [run for passage in passages for run in common_runs(suspect, reference, passage)]
    if verbatim:
        return verbatim
    summary = [spans(found, sentences) for found in settled(seeds, vectors, SUMMARY_GAP)]
    summary = [passage for passage in summary if long_enough(passage)]
    mine, theirs = (sum(len(getattr(one, side)) for one in summary) for side in ("suspect", "reference"))
    return summary if summary and theirs >= SUMMARY_RATIO * mine else passages


# --- sentences ---------------------------------------------------------------------------------------


def sentences_of(text: str) -> list[Sentence]:
    """The sentences of a text that have words; short ones are joined to the next."""
    found: list[Sentence] = []
    start, counts = None, Counter[str]()
    for span in _sentence_spans(text):
        words = [word for word in _WORD.findall(text[span.start : span.end].lower()) if len(word) > 2]
        counts.update(_STEMMER.stemWords(words))
        start = span.start if start is None else start
        if counts.total() >= SHORTEST_SENTENCE:
            found.append(Sentence(Span(start, span.end), counts))
            start, counts = None, Counter()
    if counts:
        found.append(Sentence(Span(start or 0, len(text)), counts))
    return found


def _sentence_spans(text: str) -> Iterator[Span]:
    start = 0
    for end in [*(match.end() for match in _SENTENCE_END.finditer(text)), len(text)]:
        start += len(text[start:end]) - len(text[start:end].lstrip())
        if start < end:
            yield Span(start, end)
        start = end


def weighted(suspect: Sequence[Sentence], reference: Sequence[Sentence]) -> tuple[list[Vector], list[Vector]]:
    """Both texts' sentences as vectors of counts times log(sentences / sentences that have the stem)."""
    among = Counter(stem for one in (*suspect, *reference) for stem in one.counts)
    rarity = {stem: log((len(suspect) + len(reference)) / count) for stem, count in among.items()}

    def vectors(sentences: Sequence[Sentence]) -> list[Vector]:
        return [{stem: count * rarity[stem] for stem, count in one.counts.items()} for one in sentences]

    return vectors(suspect), vectors(reference)


def cosine(one: Vector, other: Vector) -> float:
    """Cosine of the angle between two vectors, 0 to 1."""
    norms = sqrt(fsum(x * x for x in one.values()) * fsum(x * x for x in other.values()))
    return fsum(one[stem] * other[stem] for stem in one.keys() & other.keys()) / norms if norms else 0.0


def summed(vectors: Iterable[Vector]) -> Vector:
    """The sum of vectors."""
    total: Counter[str] = Counter()
    for vector in vectors:
        total.update(vector)
    return dict(total)


# --- seeds and passages --------------------------------------------------------------------------------


def find_seeds(suspect: Sequence[Vector], reference: Sequence[Vector]) -> Iterator[Seed]:
    """The pairs of sentences that are alike by Dice's coefficient and by cosine."""
    for i, mine in enumerate(suspect):
        for j, theirs in enumerate(reference):
            dice = 2 * len(mine.keys() & theirs.keys()) / (len(mine) + len(theirs))
            if dice > SEED_DICE and cosine(mine, theirs) > SEED_COSINE:
                yield i, j


def settled(seeds: Sequence[Seed], vectors: tuple[list[Vector], list[Vector]], gap: int) -> list[Found]:
    """The passages of the seeds that are alike as a whole; of overlapping ones the better."""
    return without_overlaps(list(validated(seeds, vectors, gap)), vectors)


def validated(seeds: Sequence[Seed], vectors: tuple[list[Vector], list[Vector]], gap: int) -> Iterator[Found]:
    """Passages alike as a whole; the seeds of one that isn't are tried once more with a smaller gap."""
    for found in clustered(seeds, gap):
        sides = [summed(vectors[side][at] for at in part) for side, part in enumerate(found.sides())]
        if cosine(sides[0], sides[1]) > PASSAGE_COSINE:
            yield found
        elif gap:
            yield from validated(found.seeds, vectors, gap - 1)


def clustered(seeds: Sequence[Seed], gap: int) -> Iterator[Found]:
    """Groups of seeds that are near on both sides: split by one side, then by the other, until nothing splits."""

    def split(some: Sequence[Seed], side: int, first: bool = False) -> Iterator[Found]:
        groups = list(_near(some, side, gap))
        if len(groups) == 1 and not first:
            yield Found(tuple(sorted(some)))
        else:
            for group in groups:
                yield from split(group, 1 - side)

    if seeds:
        yield from split(seeds, 0, first=True)


def _near(seeds: Sequence[Seed], side: int, gap: int) -> Iterator[list[Seed]]:
    group: list[Seed] = []
    for seed in sorted(seeds, key=lambda one: one[side]):
        if group and seed[side] - group[-1][side] - 1 > gap:
            yield group
            group = []
        group.append(seed)
    if group:
        yield group


def without_overlaps(found: Sequence[Found], vectors: tuple[list[Vector], list[Vector]]) -> list[Found]:
    """Of passages that overlap in the suspect the one that answers better, sentence by sentence."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda one: one.sides()[0].start):
        if kept and one.sides()[0].start < kept[-1].sides()[0].stop:
            kept[-1] = _better(kept[-1], one, vectors)
        else:
            kept.append(one)
    return kept


def _better(one: Found, other: Found, vectors: tuple[list[Vector], list[Vector]]) -> Found:
    qualities = _quality(one, other, vectors), _quality(other, one, vectors)
    if min(qualities) > 0.99:
        return max(one, other, key=lambda each: len(each.sides()[0]))
    return other if qualities[1] > qualities[0] else one


def _quality(one: Found, other: Found, vectors: tuple[list[Vector], list[Vector]]) -> float:
    """How well the sentences both have are answered, and what is missing made up for by the others."""
    mine, theirs = one.sides()
    answers = {i: max(cosine(vectors[0][i], vectors[1][j]) for j in theirs) for i in mine}
    both = mean(value for i, value in answers.items() if i in other.sides()[0])
    rest = [value for i, value in answers.items() if i not in other.sides()[0]]
    return both + (1.0 - both) * mean(rest) if rest else both


def spans(found: Found, sentences: tuple[list[Sentence], list[Sentence]]) -> Passage:
    """Where a passage stands in both texts."""
    mine, theirs = found.sides()
    return Passage(
        Span(sentences[0][mine[0]].span.start, sentences[0][mine[-1]].span.end),
        Span(sentences[1][theirs[0]].span.start, sentences[1][theirs[-1]].span.end),
    )


def long_enough(passage: Passage) -> bool:
    """Whether both sides have the characters that a case must have."""
    return min(len(passage.suspect), len(passage.reference)) >= SHORTEST_PASSAGE


# --- verbatim ------------------------------------------------------------------------------------------


def common_runs(suspect: str, reference: str, passage: Passage) -> list[Passage]:
    """The longest runs of equal words within a passage of more than ``VERBATIM`` characters."""
    mine = list(_words_in(suspect, passage.suspect))
    theirs = list(_words_in(reference, passage.reference))
    places: dict[str, list[int]] = {}
    for j, (word, _) in enumerate(theirs):
        places.setdefault(word, []).append(j)
    runs: list[Passage] = []
    before: dict[int, int] = {}
    for i, word in enumerate([*(word for word, _ in mine), ""]):
        here = {j: before.get(j - 1, 0) + 1 for j in places.get(word, ())}
        for j, length in before.items():
            if j + 1 not in here:
                run = Passage(
                    Span(mine[i - length][1].start, mine[i - 1][1].end),
                    Span(theirs[j - length + 1][1].start, theirs[j][1].end),
                )
                runs += [run] if len(run.suspect) > VERBATIM else []
        before = here
    kept: list[Passage] = []
    for run in sorted(runs, key=lambda run: -len(run.reference)):
        if not any(_within(run.reference, one.reference) for one in kept):
            kept.append(run)
    return kept


def _words_in(text: str, span: Span) -> Iterator[tuple[str, Span]]:
    for match in _WORD.finditer(text, span.start, span.end):
        yield match[0].lower(), Span(*match.span())


def _within(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end
