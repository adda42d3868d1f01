"""The chain from one document to an assessment: what each word may stand for, how suspicious it is, the score."""

from __future__ import annotations

from collections.abc import Mapping
from math import fsum

from spindetect.findings import Verdict
from spindetect.model import Model
from spindetect.records import Article, Document
from spindetect.reference_free.features import FEATURES, Measured, measure
from spindetect.reference_free.giveaways import Weighed, find_giveaways
from spindetect.reference_free.hearing import HEARD, Ear
from spindetect.reference_free.model import AloneModel
from spindetect.reference_free.ngrams import Floats, line_of
from spindetect.reference_free.originals import guesses
from spindetect.reference_free.token_features import weigh_items
from spindetect.results import Assessment
from spindetect.score.additive import contributions, sigmoid
from spindetect.score.verdict import PRIOR_LOG_ODDS, cautions, length_share, unscorable

# Words from which the evidence counts in full; with fewer it fades evenly, as a few odd words prove little. Counted
# in full from 100 words on, it accuses 2% of general honest texts of 100 to 160 words, and .1% of longer ones.
_ENOUGH_WORDS = 200
# Scores from which a text is called spun, and below which natural; between them nobody is accused or cleared.
_SPUN, _NATURAL = 0.5, 0.2

_NO_REFERENCE = Document(Article("", "no reference"), (), (), (), ())


def score_alone(
    document: Document, model: Model, alone: AloneModel, signature: str, ear: Ear | None = None
) -> Assessment:
    """Everything there is to know of a document without a reference; ``ear`` hears those in doubt."""
    reasons = cautions(document)
    words = document.word_count
    line = line_of(document, alone.ngrams, alone.table.counted_as)
    read = alone.slots.read(line.ids, alone.table.content(line))
    guessed = guesses(line, read, alone.supposed, alone.ranking)
    items = weigh_items(line, document, read, guessed, alone.table)
    log_odds = alone.suspicion.log_odds(items)
    measured = measure(items, log_odds, words)
    share = 0.0 if unscorable(reasons) else evidence_share(words)
    parts = {name: share * part for name, part in alone.judgement.parts(measured.features).items()}
    intercept = share * alone.judgement.intercept + (1.0 - share) * PRIOR_LOG_ODDS
    weights = _weights(measured, parts)
    heard = ear.features(document, fsum([intercept, *parts.values()])) if ear and share else {}
    if ear and heard:
        parts |= {name: share * part for name, part in ear.judgement.parts(heard).items()}
        intercept += share * ear.judgement.intercept
    probability = sigmoid(fsum([intercept, *parts.values()]))
    verdict: Verdict = "spun" if probability >= _SPUN else "natural"
    if reasons or _NATURAL <= probability < _SPUN:
        verdict = "undecided"
    weighed = Weighed(document, probability >= _SPUN, line, items, log_odds, weights, guessed)
    features = {**measured.features, **heard}
    return Assessment(
        suspect=document,
        reference=_NO_REFERENCE,
        relations={"spun": probability, "natural": 1.0 - probability},
        verdict=verdict,
        undecided=tuple(reasons),
        giveaways=find_giveaways(weighed, model.vocabulary, model.lexicon, alone),
        features=features,
        contributions=contributions((*FEATURES, *HEARD), features, parts),
        intercept=intercept,
        signature=signature,
        warnings=(*document.article.warnings, *[one.explanation for one in reasons]),
    )


def evidence_share(words: int) -> float:
    """How far the evidence may move a score away from the prior, 0 to 1, in a text of so many words."""
    return min(words / _ENOUGH_WORDS, length_share(words))


def _weights(measured: Measured, parts: Mapping[str, float]) -> Floats:
    """The nats that each item adds to the log-odds: its share of every feature's part. They sum to the parts."""
    shares = [part / measured.features[name] if measured.features[name] else 0.0 for name, part in parts.items()]
    return measured.amounts.T.dot(shares)
