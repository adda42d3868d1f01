"""The features: named numbers that say how one text was made from another. One table, in order.

Each feature is a plain function of the evidence, with the sentence that explains it to a
person. Rates are per 100 words of the suspect's changed sentences unless they say otherwise: sentences left
verbatim neither dilute nor add to how the others were reworded, or a text spun in part would pass for an edit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from functools import cache

from spindetect.classify.substitutions import Unweighed
from spindetect.kinds import Counts, Variant
from spindetect.score.evidence import Amount, Evidence
from spindetect.score.feature import Feature, share
from spindetect.score.in_common import IN_COMMON, adjacent
from spindetect.score.manner import HABITS

_EXCHANGED: tuple[Counts, ...] = ("content", "grammar")
_SPELLINGS = (Variant.MISREAD, Variant.CORRECTED, Variant.RESPELT, Variant.TRANSLITERATED, Variant.SPACED)


# Words that every comparison is given beside its own, as typical of an untouched text: with little
# aligned, a single exchange in one shared quotation is neither a high rate nor a low share of words kept.
_PRIOR_WORDS = 40.0
# ... and more of them the more both texts go their own ways: half the words without a counterpart, on
# the side that has fewer of them. A copy may be padded or cover a part, but then the other side is used up.
_PRIOR_SHARE = 0.5
_PRIOR_KEPT = 0.9
_PRIOR_RUNS = 0.5


def _per_hundred(amount: Amount) -> Callable[[Evidence], float]:
    """A rate: what the substitutions amount to, per 100 words of the suspect's changed sentences.

    The count of words includes the prior's (`_prior`).
    """
    return lambda evidence: _sum(evidence, evidence.amounts(amount))


def _is_content(one: Unweighed) -> float:
    return float(one.counts == "content" and not one.renamed)


def _is_name(one: Unweighed) -> float:
    return float(one.kind == "name")


@cache  # one function for each set, so that `Evidence.amounts` knows it again
def _counting(*counts: Counts) -> Amount:
    return lambda one: float(one.counts in counts)


def _known(one: Unweighed) -> float:
    return float(one.known and one.counts in _EXCHANGED)


def _unknown_content(one: Unweighed) -> float:
    return float(not one.known and one.counts == "content" and not one.renamed)


def _unrelated(one: Unweighed) -> float:
    single = len(one.words.reference) == len(one.words.suspect) == 1 and not one.renamed
    return float(single and not one.known and one.relatedness < 0.4 and one.counts == "content")


def _spellings(corrected: bool) -> Callable[[Evidence], float]:
    def spelled(one: Unweighed) -> float:
        return float(one.variant in _SPELLINGS and (one.variant is Variant.CORRECTED) == corrected)

    return lambda e: _sum(e, [spelled(one) for p in e.changed for one in p.substitutions])


def _for_machine(one: Unweighed) -> float:
    return max(0.0, one.evidence)


def _against_machine(one: Unweighed) -> float:
    return max(0.0, -one.evidence)


def _evidence_of(one: Unweighed) -> float:
    return one.evidence


def _telltale(one: Unweighed) -> float:
    return float(one.telltale)


def _quoted_exchange(one: Unweighed) -> float:
    exchanged = one.counts in _EXCHANGED or one.counts == "stretch"
    return float(one.quoted and exchanged)


def _one_to_one(evidence: Evidence) -> float:
    phrases = [one.words for one in evidence.substitutions if one.counts not in ("stretch", "kept")]
    single = sum(len(words.reference) == len(words.suspect) == 1 for words in phrases)
    return share(single, len(phrases) + 5)


def _exchange_share(evidence: Evidence) -> float:
    """Share of the changes that put a word in a word's place; three changes more are counted that don't.

    A spinner exchanges words and does nothing else; an editor also adds, drops and moves some.
    """
    exchanged = math.fsum(evidence.amounts(_counting(*_EXCHANGED)))
    others = sum(
        pair.added_content + pair.dropped_content + pair.added_function + pair.dropped_function + pair.crossing
        for pair in evidence.changed
    )
    changed = sum(len(pair.changes) for pair in evidence.changed)
    return share(exchanged, changed + others + 3)


def _evenness(evidence: Evidence) -> float:
    """Share of changed pairs with a content word exchanged; two pairs more are counted without."""
    touched = sum(any(_is_content(one) for one in pair.substitutions) for pair in evidence.changed)
    return share(touched, len(evidence.changed) + 2)


def _misfit(one: Unweighed) -> float:
    return one.misfit


def _total(amount: Amount) -> Callable[[Evidence], float]:
    """What all exchanges together amount to, against and for a machine, in nats: the log of one more."""
    return lambda evidence: math.log1p(max(0.0, math.fsum(evidence.amounts(amount))))


def _mean_misfit(evidence: Evidence) -> float:
    """Mean of single words' misfits; four exchanges more are counted that fit alike."""
    counted = math.fsum(one.share for one in evidence.substitutions if one.misfit)
    return share(math.fsum(evidence.amounts(_misfit)), counted + 4.0)


def _rarer(evidence: Evidence) -> float:
    """Mean gain in surprisal; ten exchanges more are counted without any."""
    shifts = [one.rarer for one in evidence.substitutions if one.rarer]
    return share(math.fsum(shifts), len(shifts) + 10)


def _more_often(habit: str) -> Callable[[Evidence], float]:
    """How much oftener the suspect has a habit than the reference, per 100 words of changed sentences.

    The prior's words (`_prior`) are added to both sides, as words in which both have the habit equally often.
    """

    def difference(evidence: Evidence) -> float:
        mine, theirs = (
            share(found[habit], words) for found, words in zip(evidence.habits, evidence.reworded, strict=True)
        )
        fewest = min(evidence.reworded)
        return 100.0 * (mine - theirs) * fewest / (fewest + _prior(evidence))

    return difference


def _sum(evidence: Evidence, amounts: Iterable[float]) -> float:
    return 100.0 * math.fsum(amounts) / (evidence.reworded[0] + _prior(evidence))


def _prior(evidence: Evidence) -> float:
    left_alone = evidence.suspect_words - evidence.aligned[0], evidence.reference_words - evidence.aligned[1]
    return _PRIOR_WORDS + _PRIOR_SHARE * max(0, min(left_alone))


def _kept(evidence: Evidence, part: float, whole: float, typical: float = _PRIOR_KEPT) -> float:
    """Share of words kept, the prior's included."""
    prior = _prior(evidence)
    return (part + typical * prior) / (whole + prior)


FEATURES: tuple[Feature, ...] = (
    Feature("coverage", "share of the suspect's words that have a counterpart sentence",
            lambda e: min(1.0, share(e.aligned[0], e.suspect_words)), reuse=1),
    Feature("reference_coverage", "share of the reference's words that have a counterpart sentence",
            lambda e: min(1.0, share(e.aligned[1], e.reference_words)), reuse=1),
    Feature("kept_words", "share of words kept unchanged in changed sentences",
            lambda e: _kept(e, sum(p.equal for p in e.changed), e.reworded[0]), -1),
    Feature("kept_content", "share of content words kept unchanged in changed sentences",
            lambda e: _kept(e, sum(p.equal_content for p in e.changed),
                            sum(p.suspect_content for p in e.changed)), -1),
    Feature("content_swaps", "content words exchanged for others, per 100 words",
            _per_hundred(_is_content), 1, _is_content),
    Feature("function_swaps", "grammar words exchanged for others, per 100 words",
            _per_hundred(_counting("grammar")), 1, _counting("grammar")),
    Feature("known_swaps", "exchanges that are known of spinners and thesauri, per 100 words",
            _per_hundred(_known), 1, _known),
    Feature("unknown_swaps", "exchanges of content words not known to the lexicon, per 100 words",
            _per_hundred(_unknown_content), 0, _unknown_content),
    Feature("unrelated_swaps", "exchanges of words that mean something else, per 100 words",
            _per_hundred(_unrelated), 0, _unrelated),
    Feature("lexicon_for", "evidence of exchanges that spinners make and people don't, in nats per 100 words",
            _per_hundred(_for_machine), 1, _for_machine, reuse=1),
    Feature("lexicon_against", "evidence of exchanges that people make, in nats per 100 words",
            _per_hundred(_against_machine), -1, _against_machine),
    Feature("lexicon_total", "evidence of all exchanges that spinners make and people don't, in nats (log)",
            _total(_evidence_of), 1, _evidence_of, reuse=1),
    Feature("telltales", "tell-tale exchanges, per 100 words", _per_hundred(_telltale), 1, _telltale),
    Feature("tampered_quotations", "exchanges inside direct quotations, per 100 words",
            _per_hundred(_quoted_exchange), 1, _quoted_exchange),
    Feature("damaged_names", "changes inside names and titles, per 100 words",
            _per_hundred(_is_name), 0, _is_name),
    Feature("numbers", "numerals changed, per 100 words",
            _per_hundred(_counting("number")), 0, _counting("number")),
    Feature("rewrites", "stretches reworded as a whole, per 100 words",
            _per_hundred(_counting("stretch")), 0, _counting("stretch")),
    Feature("forms", "words inflected or spelled differently, per 100 words",
            lambda e: _sum(e, [float(s.kind == "form") for p in e.changed for s in p.substitutions])),
    Feature("one_to_one", "share of exchanges that are one word for one word", _one_to_one),
    Feature("exchange_share", "share of all changes that put words in other words' place, nothing added or moved",
            _exchange_share, 1),
    Feature("evenness", "share of changed sentences with exchanged content words", _evenness, 1),
    Feature("identical_sentences", "share of aligned sentences without any change",
            lambda e: share(len(e.pairs) - len(e.changed), len(e.pairs)), -1),
    Feature("long_runs", "share of aligned words in unchanged runs of eight or more",
            lambda e: _kept(e, e.in_long_runs, e.aligned[0], _PRIOR_RUNS), -1),
    Feature("added", "content words added inside changed sentences, per 100 words",
            lambda e: _sum(e, [p.added_content for p in e.changed])),
    Feature("dropped", "content words dropped inside changed sentences, per 100 words",
            lambda e: _sum(e, [p.dropped_content for p in e.changed])),
    Feature("added_grammar", "grammar words added inside changed sentences, per 100 words",
            lambda e: _sum(e, [p.added_function for p in e.changed])),
    Feature("dropped_grammar", "grammar words dropped inside changed sentences, per 100 words",
            lambda e: _sum(e, [p.dropped_function for p in e.changed])),
    Feature("rarer_words", "how much rarer the new words are than the old, in nats per exchange", _rarer),
    Feature("growth", "how much longer changed sentences became on the whole (log ratio)",
            lambda e: math.log((e.reworded[0] + _prior(e)) / (e.reworded[1] + _prior(e)))),
    Feature("crossings", "words moved inside their sentence, per 100 words",
            lambda e: _sum(e, [p.crossing for p in e.changed])),
    Feature("length_change", "how much changed sentences grew or shrank (mean absolute log ratio)",
            lambda e: share(math.fsum(abs(math.log((p.suspect_words + 1) / (p.reference_words + 1)))
                                      for p in e.changed), len(e.changed) + 2)),
    Feature("split_or_merged", "share of changed sentences that were split or merged",
            lambda e: share(sum(p.sentences != (1, 1) for p in e.changed), len(e.changed) + 2)),
    Feature("moved_sentences", "share of aligned sentences out of order",
            lambda e: share(sum(p.moved for p in e.pairs), len(e.pairs) + 2), reuse=0),
    Feature("adjacent_sentences", "share of aligned sentences that follow one another on both sides",
            adjacent, reuse=1),
    Feature("similarity", "how alike aligned sentences are, on average",
            lambda e: share(math.fsum(p.similarity for p in e.pairs) + 1.0, len(e.pairs) + 2), reuse=1),
    Feature("names_replaced", "names in other names' places, per 100 words",
            _per_hundred(lambda one: float(one.renamed))),
    Feature("corrections", "misspellings put right, per 100 words", _spellings(corrected=True)),
    Feature("misreadings", "words misspelt, misread or respelt, per 100 words", _spellings(corrected=False)),
    Feature("content_misfit", "how much worse content words go with the word before than the reference's, in nats",
            lambda e: e.misfit[0], None, translation=True),
    Feature("other_misfit", "how much worse other words and marks go with the word before, in nats",
            lambda e: e.misfit[1], None, translation=True),
    Feature("swap_misfit", "how much worse words fit than those in whose place they stand, in nats per exchange",
            _mean_misfit, 1),
    Feature("swap_misfit_total", "how much worse all such words fit together, in nats (log)",
            _total(_misfit), 1, _misfit),
    *(Feature(name, f"how many more {things} than in the reference, per 100 words", _more_often(name))
      for name, (things, _) in HABITS.items()),
    *IN_COMMON,
)  # fmt: skip

FEATURE_NAMES: tuple[str, ...] = tuple(feature.name for feature in FEATURES)
OF_MACHINE: tuple[str, ...] = tuple(feature.name for feature in FEATURES if feature.direction is not None)
OF_REUSE: tuple[str, ...] = tuple(feature.name for feature in FEATURES if feature.reuse is not None)
OF_TRANSLATION: tuple[str, ...] = tuple(f.name for f in FEATURES if f.direction is not None or f.translation)
"""The features that say whether a machine reworded the suspect, whether it is a version of the reference, and
whether both are people's translations."""


def measure(evidence: Evidence) -> dict[str, float]:
    """All features of a comparison, by name, in the table's order."""
    return {feature.name: float(feature.value(evidence)) for feature in FEATURES}
