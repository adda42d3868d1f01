"""The chain from two documents to a comparison. Its main function reads as a table of contents."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import chain

from spindetect.align.lexical.lexicon import Lexicon
from spindetect.align.sentences.beside import without_moved
from spindetect.align.sentences.pairs import align, sentence_span
from spindetect.align.words.strands import Link, Strand
from spindetect.classify.conversions import with_conversions
from spindetect.classify.phrases import PhrasePair, find_phrase_pairs
from spindetect.classify.substitutions import only_names, substitutions
from spindetect.findings import SentencePair
from spindetect.model import Model
from spindetect.records import Document, Span
from spindetect.reference_free.ngrams import NGramModel
from spindetect.results import Comparison
from spindetect.score.additive import contributions
from spindetect.score.evidence import Classified, ClassifiedPair, Evidence, gather
from spindetect.score.features import FEATURES, measure
from spindetect.score.judging import judge, substitution_weights
from spindetect.score.register import other_explanations
from spindetect.score.verdict import cautions


def compare_documents(
    suspect: Document, reference: Document, model: Model, signature: str, ngrams: NGramModel | None = None
) -> Comparison:
    """Align, classify, measure, score: all there is to know of two documents but passages and the tool.

    ``ngrams`` say how well words go with the words before them; without them that tells nothing.
    """
    classified = classify(suspect, reference, model.lexicon)
    evidence = gather(classified, suspect, reference, model.classifier.words, ngrams)
    features = measure(evidence)
    words = min(evidence.suspect_words, evidence.reference_words)
    explained = partial(other_explanations, suspect, reference, evidence)
    judgement = judge(model.classifier, features, words, cautions(suspect, reference), explained)
    weights = substitution_weights(evidence, judgement.parts)
    said = [one.explanation for one in judgement.undecided if one.reason != "both_ways"]
    return Comparison(
        suspect=suspect,
        reference=reference,
        alignment=_alignment(classified.pairs, weights, suspect, reference),
        features=features,
        relations=judgement.relations,
        contributions=contributions(FEATURES, features, judgement.machine.nats),
        intercept=judgement.machine.intercept,
        reuse=100.0 * judgement.version,
        reuse_contributions=contributions(FEATURES, features, judgement.reuse.nats),
        reuse_intercept=judgement.reuse.intercept,
        verdict=judgement.verdict,
        undecided=judgement.undecided,
        coverage=features["coverage"],
        signature=signature,
        warnings=(*suspect.article.warnings, *reference.article.warnings, *said),
    )


def measure_documents(
    suspect: Document, reference: Document, lexicon: Lexicon, ngrams: NGramModel | None = None
) -> dict[str, float]:
    """Only the features of two documents, as training needs them."""
    return measure(gather_documents(suspect, reference, lexicon, ngrams))


def gather_documents(
    suspect: Document, reference: Document, lexicon: Lexicon, ngrams: NGramModel | None = None
) -> Evidence:
    """The evidence in two documents, before any classifier says who chose the words that were changed."""
    return gather(classify(suspect, reference, lexicon), suspect, reference, context=ngrams)


def classify(suspect: Document, reference: Document, lexicon: Lexicon) -> Classified:
    """Align the documents, and find each pair's substitutions with their kinds."""
    classified: list[ClassifiedPair] = []
    alignment = align(suspect, reference, lexicon)
    names = only_names(reference), only_names(suspect)
    for pair in without_moved(alignment.pairs, suspect, reference, lexicon):
        phrases, links = find_phrase_pairs(pair.words, suspect, reference, lexicon)
        phrases, links = with_conversions(phrases, links, pair.words, suspect, reference)
        found = substitutions(phrases, pair.words, suspect, reference, lexicon, names)
        classified.append(ClassifiedPair(pair, links, found, answered(phrases, links)))
    return Classified(classified, alignment.linked, alignment.beside)


def answered(phrases: Sequence[PhrasePair], links: Sequence[Link]) -> tuple[set[int], set[int]]:
    """Word positions in the reference's strand and in the suspect's that a link or a substitution accounts for."""
    both: list[PhrasePair | Link] = [*phrases, *links]
    left = set(chain.from_iterable([one.reference for one in both]))
    return left, set(chain.from_iterable([one.suspect for one in both]))


def unanswered(strand: Strand, document: Document, covered: set[int]) -> tuple[Span, ...]:
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
    pairs: Sequence[ClassifiedPair], given: Sequence[float], suspect: Document, reference: Document
) -> tuple[SentencePair, ...]:
    """The sentence pairs as they are shown; substitutions that are another form of a word weigh nothing."""
    weights = iter(given)
    return tuple(
        [
            SentencePair(
                suspect=sentence_span(suspect, one.pair.suspect),
                reference=sentence_span(reference, one.pair.reference),
                similarity=min(1.0, one.pair.similarity),
                substitutions=tuple(
                    [item.weighing(0.0 if item.counts == "form" else next(weights)) for item in one.substitutions]
                ),
                added=unanswered(one.pair.words.suspect, suspect, one.answered[1]),
                dropped=unanswered(one.pair.words.reference, reference, one.answered[0]),
            )
            for one in pairs
        ]
    )
