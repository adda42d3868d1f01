"""The chain from two documents to a comparison. Its main function reads as a table of contents."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from math import fsum
from typing import NamedTuple

from spindetect.align.lexicon import Lexicon
from spindetect.align.pairs import align, sentence_span
from spindetect.align.strands import Link, Strand
from spindetect.classify.phrases import Swap, find_swaps
from spindetect.classify.substitutions import substitutions
from spindetect.model.loading import Model
from spindetect.records import Document, SentencePair, Span, Undecided
from spindetect.results import Comparison
from spindetect.score.additive import contributions, sigmoid
from spindetect.score.classifier import Explained, Steps
from spindetect.score.evidence import Evidence, Work, Worked, gather
from spindetect.score.features import FEATURES, measure
from spindetect.score.verdict import (
    PRIOR_LOG_ODDS,
    cautions,
    evidence_cautions,
    length_share,
    undecided_share,
    unscorable,
    verdict,
)
from spindetect.score.weights import swap_weights


def compare_documents(suspect: Document, reference: Document, model: Model, signature: str) -> Comparison:
    """Align, classify, measure, score: all there is to know of two documents but passages and the tool.

    The evidence that a machine reworded the suspect counts as far as the suspect is a version of the reference at
    all, and as far as nothing else explains the changes; for the rest the score falls back on the prior.
    """
    classifier = model.classifier
    worked = work_out(suspect, reference, model.lexicon)
    evidence = gather(worked, suspect, reference, model.lexicon)
    features = measure(evidence)
    steps = classifier.steps(features)
    reasons = cautions(suspect, reference)
    length = 0.0 if not suspect.word_count or not reference.word_count else length_share(fewest(evidence))
    reuse = _weighted(classifier.reuse, steps, length)
    parts = classifier.machine.parts(steps)
    log_odds = classifier.machine.logit.total(steps)
    probability = sigmoid(reuse.log_odds)
    reasons += evidence_cautions(features, probability, log_odds, classifier.translation.total(steps))
    share = 0.0 if unscorable(reasons) else length * probability
    if reasons:
        share = undecided_share(share, log_odds)
    machine = _weighted(classifier.machine, steps, share)
    weights = swap_weights(evidence, {name: share * part for name, part in parts.items()})
    relations = classifier.relations(steps, machine.log_odds)
    decided, undecided = verdict(relations, reasons)
    return Comparison(
        suspect=suspect,
        reference=reference,
        alignment=_alignment(worked.pairs, weights, suspect, reference),
        features=features,
        relations=relations,
        contributions=contributions(FEATURES, features, machine.nats),
        intercept=machine.intercept,
        reuse_contributions=contributions(FEATURES, features, reuse.nats),
        reuse_intercept=reuse.intercept,
        verdict=decided,
        undecided=undecided,
        coverage=features["coverage"],
        signature=signature,
        warnings=(*suspect.article.warnings, *reference.article.warnings, *_sentences(undecided)),
    )


class _Weighted(NamedTuple):
    """An answer of which only a share counts: what each feature adds, in nats, and the intercept beside."""

    nats: dict[str, float]
    intercept: float

    @property
    def log_odds(self) -> float:
        return fsum([self.intercept, *self.nats.values()])


def _weighted(answer: Explained, steps: Steps, share: float) -> _Weighted:
    nats = {name: share * part for name, part in answer.contributions(answer.parts(steps)).items()}
    return _Weighted(nats, share * answer.intercept + (1.0 - share) * PRIOR_LOG_ODDS)


def _sentences(undecided: Sequence[Undecided]) -> list[str]:
    return [one.explanation for one in undecided if one.reason != "both_ways"]


def fewest(evidence: Evidence) -> int:
    """Words of the shorter text."""
    return min(evidence.suspect_words, evidence.reference_words)


def measure_documents(suspect: Document, reference: Document, lexicon: Lexicon) -> dict[str, float]:
    """Only the features of two documents, as training needs them."""
    return measure(gather(work_out(suspect, reference, lexicon), suspect, reference, lexicon))


def work_out(suspect: Document, reference: Document, lexicon: Lexicon) -> Work:
    """Align the documents and find each pair's swaps and substitutions."""
    worked: list[Worked] = []
    alignment = align(suspect, reference, lexicon)
    for pair in alignment.pairs:
        swaps, links = find_swaps(pair.words, suspect, reference, lexicon)
        judged = substitutions(swaps, pair.words, suspect, reference, lexicon)
        worked.append(Worked(pair, swaps, links, judged, _answered(swaps, links)))
    return Work(worked, alignment.linked)


def _answered(swaps: Sequence[Swap], links: Sequence[Link]) -> tuple[set[int], set[int]]:
    """Word positions in the reference's strand and in the suspect's that a link or a swap accounts for."""
    both: list[Swap | Link] = [*swaps, *links]
    left = set(chain.from_iterable([one.reference for one in both]))
    return left, set(chain.from_iterable([one.suspect for one in both]))


def _unanswered(strand: Strand, document: Document, covered: set[int]) -> tuple[Span, ...]:
    """The stretches of a strand that nothing on the other side answers to."""
    if len(covered) == len(strand.tokens):
        return ()
    spans: list[Span] = []
    first = None
    for index in range(len(strand.tokens) + 1):
        alone = index < len(strand.tokens) and index not in covered
        if alone and first is None:
            first = index
        elif not alone and first is not None:
            spans.append(document.span(strand.tokens[first], strand.tokens[index - 1] + 1))
            first = None
    return tuple(spans)


def _alignment(
    worked: Sequence[Worked], given: Sequence[float], suspect: Document, reference: Document
) -> tuple[SentencePair, ...]:
    """The sentence pairs as they are shown; substitutions of kind ``form`` weigh nothing."""
    weights = iter(given)
    return tuple(
        [
            SentencePair(
                suspect=sentence_span(suspect, one.pair.suspect),
                reference=sentence_span(reference, one.pair.reference),
                similarity=min(1.0, one.pair.similarity),
                substitutions=tuple(
                    [item.weighing(0.0 if item.kind == "form" else next(weights)) for item in one.judged]
                ),
                added=_unanswered(one.pair.words.suspect, suspect, one.answered[1]),
                dropped=_unanswered(one.pair.words.reference, reference, one.answered[0]),
            )
            for one in worked
        ]
    )
