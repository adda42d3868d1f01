"""A comparison as plain data: the one place that decides what a report holds.

The form is ``report.schema.json``, beside this file; every other machine-readable view
starts from `report_dict`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from math import fsum
from typing import Any

from spindetect.align.passages.finding import passages_of
from spindetect.findings import (
    MACHINE_RELATIONS,
    RELATIONS,
    Candidate,
    Contribution,
    Direction,
    Giveaway,
    Phrase,
    Result,
    SentencePair,
    Substitution,
)
from spindetect.records import Article, Document, Span
from spindetect.report.edits import Granularity, edits
from spindetect.report.restoring import search_terms

SCHEMA_VERSION = 1
_DIGITS = 6  # of probabilities and nats: far finer than any of them is known, coarse enough to read
_SCORE_DIGITS = _DIGITS - 2  # a score is 100 times a sum of probabilities, so this loses nothing of it


def report_dict(
    comparison: Result, with_text: bool = False, granularity: Granularity = "substitution"
) -> dict[str, Any]:
    """The report as dictionaries, lists, strings and finite numbers only.

    ``with_text`` puts the texts as they were read into it, which all spans count in. With the granularity "edit" a
    comparison's report has ``edits`` as well: what was written anew as one stretch, inserted or deleted.
    Relations are rounded so that they still sum to 1, and ``score`` is 100 times the sum of the rounded machine
    relations. Raises ``ValueError`` for a number that isn't finite, which only a fault in the scoring can
    bring about.
    """
    if comparison.reference_free:
        return _assessment_dict(comparison, with_text)
    relations = _relations(comparison.relations)
    machine = fsum(relations.get(relation, 0.0) for relation in MACHINE_RELATIONS)
    return {
        "schema_version": SCHEMA_VERSION,
        "signature": comparison.signature,
        "suspect": _document(comparison.suspect, with_text),
        "reference": _document(comparison.reference, with_text),
        "score": min(100.0, round(100.0 * machine, _SCORE_DIGITS)),
        "reuse": round(comparison.reuse, _SCORE_DIGITS) if comparison.reuse is not None else None,
        "verdict": comparison.verdict,
        "undecided": [asdict(item) for item in comparison.undecided],
        "relations": relations,
        "coverage": _number("coverage", comparison.coverage),
        "intercept": _number("intercept", comparison.intercept),
        "contributions": [_contribution(item) for item in comparison.contributions],
        "reuse_intercept": _number("reuse_intercept", comparison.reuse_intercept),
        "reuse_contributions": [_contribution(item) for item in comparison.reuse_contributions],
        "features": {name: _number(name, value) for name, value in comparison.features.items()},
        "alignment": [_pair(pair) for pair in comparison.alignment],
        "passages": [
            {
                "suspect": _on_page(passage.suspect, comparison.suspect.article),
                "reference": _on_page(passage.reference, comparison.reference.article),
            }
            for passage in passages_of(comparison)
        ],
        "substitutions": [_substitution(item, comparison) for item in comparison.substitutions],
        "giveaways": [_giveaway(item, comparison.suspect.article) for item in comparison.giveaways],
        "ignored": {side: _ignored(getattr(comparison, side)) for side in ("suspect", "reference")},
        "candidates": [_candidate(item) for item in comparison.candidates],
        "direction": _direction(comparison.direction) if comparison.direction else None,
        **_families(comparison),
        **({"edits": _edits(comparison)} if granularity == "edit" else {}),
        "warnings": list(comparison.warnings),
    }


def _assessment_dict(report: Result, with_text: bool) -> dict[str, Any]:
    """A report without a reference, in the same form; what its phrases may have said are phrases without a span."""
    probability = _number("score", report.probability)
    return {
        "schema_version": SCHEMA_VERSION,
        "signature": report.signature,
        "suspect": _document(report.suspect, with_text),
        "reference": None,
        "score": round(100.0 * probability, _SCORE_DIGITS),
        "reuse": None,
        "verdict": report.verdict,
        "undecided": [asdict(item) for item in report.undecided],
        "relations": {"spun": probability, "natural": _number("natural", 1.0 - probability)},
        "coverage": 0.0,
        "intercept": _number("intercept", report.intercept),
        "contributions": [_contribution(item) for item in report.contributions],
        "features": {name: _number(name, value) for name, value in report.features.items()},
        "alignment": [],
        "passages": [],
        "substitutions": [_giveaway(item, report.suspect.article) for item in report.giveaways],
        "search_terms": search_terms(report),
        **_families(report),
        "warnings": list(report.warnings),
    }


def _edits(result: Result) -> list[dict[str, Any]]:
    """The changes in each pair of sentences; a side of null has nothing that answers to the other."""

    def phrase(document: Document, span: Span | None) -> dict[str, Any] | None:
        return _phrase(Phrase(span, span.of(document.article.text)), document.article) if span else None

    return [
        {"type": one.type, "suspect": phrase(result.suspect, one.suspect),
         "reference": phrase(result.reference, one.reference)}
        for pair in edits(result)
        for one in pair
    ]  # fmt: skip


def _families(result: Result) -> dict[str, Any]:
    """Which tool made the substitutions, and how well each known one fits them."""
    measured = ("share", "log_likelihood")
    fits = [
        {**asdict(fit), **{name: _number(name, getattr(fit, name)) for name in measured}} for fit in result.families
    ]
    return {"family": result.family, "families": fits}


def _giveaway(item: Giveaway, suspect: Article) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "suspect": _phrase(item.suspect, suspect),
        "reference": {"text": item.original.text} if item.original else None,
        "quoted": item.quoted,
        "telltale": item.telltale,
        "weight": _number("weight", item.weight),
        "persuasion": item.persuasion,
        "probability": _number("probability", item.probability),
        "guesses": [
            {"text": guess.text, "probability": _number("probability", guess.probability)} for guess in item.guesses
        ],
        "reason": item.reason,
    }


def _number(name: str, value: float) -> float:
    """``value`` rounded for a report, never -0.0; ``ValueError`` when it isn't finite."""
    if not math.isfinite(value):
        raise ValueError(f"{name} is {value}, but a report holds finite numbers only; please report this bug")
    return round(float(value), _DIGITS) + 0.0


def _relations(probabilities: Mapping[str, float]) -> dict[str, float]:
    """Rounded probabilities whose sum is 1: the largest takes what rounding left over.

    >>> _relations({"copied": 1 / 3, "edited": 1 / 3, "spun": 1 / 3})
    {'copied': 0.333334, 'edited': 0.333333, 'spun': 0.333333}
    """
    rounded: dict[str, float] = {
        name: _number(name, probabilities[name]) for name in RELATIONS if name in probabilities
    }
    largest = max(rounded, key=lambda name: rounded[name])
    rounded[largest] = _number(largest, 1.0 - fsum(rounded.values()) + rounded[largest])
    return rounded


def _document(document: Document, with_text: bool) -> dict[str, Any]:
    """Name, size and origin of one side; sentences and words are counted outside boilerplate."""
    article = document.article
    return {
        "name": article.name,
        "characters": len(article.text),
        "sentences": document.sentence_count,
        "words": document.word_count,
        "format": article.format,
        "encoding": article.encoding,
        "furniture_sentences": len(document.sentences) - document.sentence_count - document.ignored_count,
        "published": article.published,
        **{name: getattr(article, name) for name in ("title", "url", "outlet") if getattr(article, name)},
        **{name: value for name, value in asdict(article.about).items() if value},
        **({"pages": list(article.pages)} if article.pages else {}),
        **({"text": article.text} if with_text else {}),
    }


def _ignored(document: Document) -> list[dict[str, Any]]:
    """The sentences left out because everybody shares them, and where else they stand."""
    marks = [mark for mark in document.article.marks if mark.kind == "ignored"]
    return [{**_range(mark.span), "reason": mark.reason} for mark in marks]


def _candidate(item: Candidate) -> dict[str, Any]:
    """One article of the archive that the suspect was compared with."""
    return {
        **asdict(item),
        "score": round(item.score, _SCORE_DIGITS),
        "reuse": round(item.reuse, _SCORE_DIGITS),
        "coverage": _number("coverage", item.coverage),
    }


def _direction(direction: Direction) -> dict[str, Any]:
    """Which side is the copy, how probably the suspect, and what tells it."""
    signs = [{**asdict(one), "nats": _number(one.sign, one.nats)} for one in direction.signs]
    return {**asdict(direction), "probability": _number("probability", direction.probability), "signs": signs}


def _range(span: Span) -> dict[str, int]:
    """A half-open span."""
    return {"start": span.start, "end": span.end}


def _phrase(phrase: Phrase, article: Article) -> dict[str, Any]:
    """A phrase with its span, and the page of a document on which it stands."""
    return {"text": phrase.text, **_on_page(phrase.span, article)}


def _on_page(span: Span, article: Article) -> dict[str, int]:
    """A half-open span, and the number of the page on which it begins, if the article has pages."""
    page = article.page(span.start)
    return {**_range(span), **({"page": page} if page else {})}


def _pair(pair: SentencePair) -> dict[str, Any]:
    """One aligned pair, with what was added and dropped in it."""
    return {
        "suspect": _range(pair.suspect),
        "reference": _range(pair.reference),
        "similarity": _number("similarity", pair.similarity),
        "added": [_range(span) for span in pair.added],
        "dropped": [_range(span) for span in pair.dropped],
    }


def _substitution(item: Substitution, comparison: Result) -> dict[str, Any]:
    """One substitution, with the reason for its kind."""
    sides = {
        "suspect": (comparison.suspect, item.suspect.span),
        "reference": (comparison.reference, item.reference.span),
    }
    return {
        "kind": item.kind,
        "suspect": _phrase(item.suspect, comparison.suspect.article),
        "reference": _phrase(item.reference, comparison.reference.article),
        "quoted": item.quoted,
        "quoted_in": [
            name
            for name, (document, span) in sides.items()
            if any(document.quoted[token] and document.words[token].lexical for token in document.tokens(span))
        ],
        "telltale": item.telltale,
        "weight": _number("weight", item.weight),
        "persuasion": item.persuasion,
        "reason": item.reason,
    }


def _contribution(item: Contribution) -> dict[str, Any]:
    """The nats of log-odds that one feature added to the score."""
    return {**asdict(item), **{name: _number(item.feature, getattr(item, name)) for name in ("value", "nats")}}
