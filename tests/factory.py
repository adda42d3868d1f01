"""Comparisons made by hand, for tests of what comes after scoring; no model is needed."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from spindetect.findings import Contribution, Phrase, Relation, SentencePair, Substitution, Verdict
from spindetect.kinds import Kind
from spindetect.records import Article, Document, Mark, Sentence, Span, Word
from spindetect.results import Comparison

_SENTENCE = re.compile(r"\S[^\n]*?(?:[.!?]”?(?=\s|$)|(?=\n|$))")
_TOKEN = re.compile(r"\w+(?:[’'-]\w+)*|[^\w\s]")


@dataclass(frozen=True)
class Swap:
    """A substitution to make: the reference's phrase, the suspect's, and what is to be said of them."""

    old: str
    new: str
    kind: Kind = "synonym"
    weight: float = 0.1
    telltale: bool = False
    quoted: bool = False
    reason: str = "a pair of words that spinning tables swap"


REFERENCE = """\
Defense Secretary Ruth Calloway opened the new lighthouse on Monday. The tower, which cost $4 million, \
became the tallest on the coast. “We gave the builders the green light in spring,” she told reporters. \
Fishermen watched from their boats. A brass band played until noon.
"""
SUSPECT = """\
Home » World » Harbors
Protection Secretary Ruth Calloway opened the brand new lighthouse on Monday. The tower, which value \
$4 million, grew to become the tallest on the coast. “We gave the builders the inexperienced mild in \
spring,” she informed reporters. A brass band played until noon. Visitors may climb it from subsequent week.
"""
SWAPS = (
    Swap("Defense", "Protection", "name", 1.31, True, reason="a word inside a title was swapped"),
    Swap("new", "brand new"),
    Swap("cost", "value", "synonym", 0.62, True, reason="a verb was swapped for a synonym of the noun"),
    Swap("became", "grew to become", "synonym", 0.24),
    Swap("green light", "inexperienced mild", "term", 2.07, True, True, "an idiom was swapped word by word"),
    Swap("told", "informed", "synonym", 0.08),
)
ALIGNED = ((0, 0), (1, 1), (2, 2), (3, 4))  # sentences of suspect and reference, without boilerplate


def spun_comparison() -> Comparison:
    """A short spun article against its original, with boilerplate, and a sentence on each side alone."""
    suspect = document(SUSPECT, "spun.txt", boilerplate=("Home » World » Harbors",))
    return comparison(suspect, document(REFERENCE, "original.txt"), SWAPS, ALIGNED)


def comparison(
    suspect: Document,
    reference: Document,
    swaps: Sequence[Swap] = (),
    aligned: Iterable[tuple[int, int]] = (),
    verdict: Verdict = "spun",
    nats: Sequence[float] = (2.4, 1.35, -0.2),
    warnings: tuple[str, ...] = (),
) -> Comparison:
    """A comparison of two documents whose score follows from ``nats`` and an intercept of -0.4."""
    pairs = tuple(_pair(suspect, reference, swaps, ours, theirs) for ours, theirs in aligned)
    contributions = tuple(_contribution(index, value) for index, value in enumerate(nats))
    probability = 1 / (1 + math.exp(-(sum(nats) - 0.4)))
    relations: dict[Relation, float] = {
        "copied": (1 - probability) * 0.1,
        "edited": (1 - probability) * 0.7,
        "spun": probability * 0.8,
        "back_translated": probability * 0.15,
        "llm_rewritten": probability * 0.05,
        "independent": (1 - probability) * 0.2,
    }
    return Comparison(
        suspect=suspect,
        reference=reference,
        alignment=pairs,
        features={
            "kept_words": 0.9,
            "identical_sentences": 0.0,
            "reference_coverage": 0.8,
            **{item.feature: item.value for item in contributions},
        },
        relations=relations,
        contributions=contributions,
        intercept=-0.4,
        reuse=100 / (1 + math.exp(-3.5)),
        reuse_contributions=(Contribution("linked", 0.9, 2.5, "share of both texts' words in linked sentences"),),
        reuse_intercept=1.0,
        verdict=verdict,
        coverage=_coverage(suspect, pairs),
        signature="spindetect:0.1.0|model:handmade|pipeline:rules|max:5000000",
        warnings=warnings,
    )


def document(text: str, name: str = "text", boilerplate: Iterable[str] = ()) -> Document:
    """A document with a sentence for every line and full stop; ``boilerplate`` are stretches to be marked."""
    marks = tuple(
        Mark(Span(text.index(part), text.index(part) + len(part)), "boilerplate", "navigation")
        for part in boilerplate
    )
    tokens = list(_TOKEN.finditer(text))
    sentences = []
    for found in _SENTENCE.finditer(text):
        inside = [index for index, token in enumerate(tokens) if found.start() <= token.start() < found.end()]
        span = Span(found.start(), found.end())
        marked = any(mark.span.overlap(span) for mark in marks)
        sentences.append(Sentence(span, inside[0], inside[-1] + 1, marked))
    return Document(
        article=Article(text, name, marks=marks),
        words=tuple(_word(token[0]) for token in tokens),
        starts=tuple(token.start() for token in tokens),
        quoted=(False,) * len(tokens),
        sentences=tuple(sentences),
    )


def with_names(made: Comparison, suspect: str, reference: str) -> Comparison:
    """The same comparison of articles by other names."""
    return replace(
        made,
        suspect=replace(made.suspect, article=replace(made.suspect.article, name=suspect)),
        reference=replace(made.reference, article=replace(made.reference.article, name=reference)),
    )


def _word(text: str) -> Word:
    """A word that knows of itself only whether it is one."""
    shape: Literal["number", "word", "punctuation"]
    shape = "number" if text.isdigit() else "word" if text[0].isalnum() else "punctuation"
    return Word(text, text.lower(), text.lower(), shape, False, text[0].isupper(), False, 5.0, -1)


def _pair(suspect: Document, reference: Document, swaps: Sequence[Swap], ours: int, theirs: int) -> SentencePair:
    """The pair of two sentences, with those of the swaps that are in both."""
    ours_span = [item.span for item in suspect.sentences if not item.boilerplate][ours]
    theirs_span = [item.span for item in reference.sentences if not item.boilerplate][theirs]
    found = []
    for swap in swaps:
        new, old = _phrase(suspect, ours_span, swap.new), _phrase(reference, theirs_span, swap.old)
        if new and old:
            found.append(Substitution(swap.kind, new, old, swap.quoted, swap.telltale, swap.weight, swap.reason))
    return SentencePair(ours_span, theirs_span, 1.0 - 0.1 * len(found), tuple(found))


def _phrase(side: Document, within: Span, text: str) -> Phrase | None:
    """Where a sentence has ``text`` as whole words, if it does."""
    found = re.compile(rf"(?<!\w){re.escape(text)}(?!\w)").search(side.article.text, within.start, within.end)
    return Phrase(Span(found.start(), found.end()), found[0]) if found else None


def _contribution(index: int, nats: float) -> Contribution:
    """A contribution with an explanation of its own."""
    names = ("telltale_rate", "quotes_changed", "numbers_kept")
    explanations = (
        "3 of 6 substitutions are such as hardly anyone but a machine makes.",
        "A direct quotation differs from its source: “the inexperienced mild” for “the green light”.",
        "All numbers were kept.",
    )
    place = index % len(names)
    return Contribution(names[place], 0.5, nats, explanations[place])


def _coverage(suspect: Document, pairs: Sequence[SentencePair]) -> float:
    """Share of the suspect's characters outside boilerplate that lie in a pair."""
    total = sum(len(item.span) for item in suspect.sentences if not item.boilerplate)
    return sum(len(pair.suspect) for pair in pairs) / total if total else 0.0
