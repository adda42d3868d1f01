"""The verdict, and when there is too little to go by for one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import fsum, inf
from typing import Literal, cast

from spindetect.findings import MACHINE_RELATIONS, Undecided, Verdict
from spindetect.records import Document
from spindetect.segment.english import FUNCTION_WORDS

# Words on the shorter side below which nobody should be accused or cleared.
ENOUGH_WORDS = 40
# How far the evidence of a text just short of that may move the score: enough to see where it points, not
# enough to accuse.
_SHORT_SHARE = 0.15
# One version of a reference in so many is assumed to be a machine's work: so training weighs its examples, since an
# accusation hurts more than a miss, and so reports say.
MACHINE_IS_ONE_IN = 4
# The log-odds of a machine that a score falls back on where there is nothing to go by: one suspect in ten.
PRIOR_LOG_ODDS = -2.197
# English prose has 30 to 55% grammar words, other languages in Latin script under 12% by coincidence.
_FEWEST_FUNCTION_WORDS = 0.16
_ENOUGH_TO_TELL_LANGUAGE = 20
# Share of neighbouring words kept, in the text that kept more, below which a text was reworded throughout. Round
# trips of an English original keep more than half; two translations of one source less.
REWORDED_THROUGHOUT = 0.56
# Log-odds of two people's translations, against a machine's work, above which nobody is accused, and those where a
# smaller share of neighbours was kept. Where nothing like them was learnt from, one in seven such pairs is accused.
_TRANSLATED, _TRANSLATED_FREELY, _FREELY = -0.34, -1.0, 0.25
# Words misspelt or misread per 100, from which a text is too damaged to accuse anybody by it.
_DAMAGED = 6.0
# Probability of reuse from which the suspect is a version of the reference, and from which it may be one.
VERSION, PERHAPS = 0.5, 0.2
# Log-odds of a machine that would accuse a version, and that a text which may be one hides.
_STRONG = 1.0
# Log-odds from which a machine's work is plain to see, whatever facts were changed as well, and though so many
# words were that the texts have little in common: of 64 strangers whose evidence is strong, one has so much.
_PLAIN_TO_SEE = 6.0
# ... and from which they outweigh another explanation; of 22 modern versions of old texts none has as many.
_OUTWEIGHED = {"other_facts": _PLAIN_TO_SEE, "another_register": 11.0}
# Content words cut or added, exchanged, and exchanged as thesauri do, per 100 words, and the share of word pairs
# kept, where a text was cut (or drawn out) rather than reworded.
_CUT_WORDS, _FEW_EXCHANGED, _FEW_KNOWN, _PAIRS_KEPT = 7.5, 2.0, 1.5, 0.48
# Words that one text has more per 100, up to so many that the other has, and content words exchanged beside, where
# little but length was edited: of 8,000 such texts nine, mostly by models that make texts concise.
_ONLY_CUT, _BESIDE_CUTS, _WITH_CUTS, _CUT_ALIGNED = 20.0, 2.5, 5.5, 0.6
# Content words exchanged, and added or dropped, per 100, up to which grammar alone was changed in what is aligned,
# another tense, person or voice, say: of 7,700 such texts nine, of which a model put three into another syntax.
_CONTENT, _BESIDE, _ALIGNED = 2.2, 6.0, 0.9
# The log-odds that a score may reach at most where nothing is decided: 45 of 100.
_MOST_UNDECIDED = -0.2


def length_share(words: int) -> float:
    """How far the evidence may move a score away from the prior, 0 to 1, for the words of the shorter text."""
    return 1.0 if words >= ENOUGH_WORDS else _SHORT_SHARE * words / ENOUGH_WORDS


def version_share(reuse: float) -> float:
    """How far the evidence counts, 0 to 1, for the probability that the suspect is a version of the reference.

    Below an even chance it fades by the square: what two reports of one event share is no evidence.
    """
    return reuse * min(1.0, reuse / VERSION)


def undecided_share(share: float, log_odds: float) -> float:
    """The share of the evidence that keeps an undecided score under 50, at most ``share``."""
    if share * log_odds + (1.0 - share) * PRIOR_LOG_ODDS <= _MOST_UNDECIDED:
        return share
    return (_MOST_UNDECIDED - PRIOR_LOG_ODDS) / (log_odds - PRIOR_LOG_ODDS)


def evidence_cautions(
    features: Mapping[str, float],
    reuse: float,
    log_odds: float,
    translation: float,
    explained: Callable[[], Sequence[Undecided]] = tuple,
) -> list[Undecided]:
    """Reasons not to believe evidence that speaks for a machine: what else explains the changes.

    ``reuse`` is a probability; ``log_odds`` are those of a machine if the suspect is a version of the reference,
    ``translation`` those of two people's translations of one source; ``explained`` is asked what explains the
    changes, where one text may be a version of the other.
    """
    if log_odds <= 0.0:
        return []
    found = []
    kept = features["word_pairs_most"]
    limit = _TRANSLATED_FREELY if kept < _FREELY else _TRANSLATED
    plain = log_odds >= _PLAIN_TO_SEE
    if reuse >= (PERHAPS if plain else VERSION) and translation > limit and kept < REWORDED_THROUGHOUT:
        found.append(Undecided("reworded_throughout", None, _THROUGHOUT))
    if features["misreadings"] >= _DAMAGED:
        found.append(Undecided("damaged", None, _DAMAGED_TEXT))
    if PERHAPS <= reuse < VERSION and log_odds > _STRONG and not plain:
        found.append(Undecided("little_in_common", None, _LITTLE))
    # Of 7,800 texts reworded by machines that were found, three were cut or drawn out so.
    cut = max(features["added"], features["dropped"]) >= _CUT_WORDS and kept >= _PAIRS_KEPT
    swaps, added, dropped = features["content_swaps"], features["added"], features["dropped"]
    either = added + features["added_grammar"], dropped + features["dropped_grammar"]
    covered = min(features["coverage"], features["reference_coverage"])
    if (cut and swaps <= _FEW_EXCHANGED and features["known_swaps"] <= _FEW_KNOWN) or (
        max(either) >= _ONLY_CUT and min(either) <= _BESIDE_CUTS and swaps <= _WITH_CUTS and covered >= _CUT_ALIGNED
    ):
        found.append(Undecided("mostly_cut", None, _CUT))
    elif reuse >= PERHAPS and not features["telltales"]:
        few = swaps <= _CONTENT and max(added, dropped) <= _BESIDE and covered >= _ALIGNED
        if few:
            found.append(Undecided("too_few_changes", None, _GRAMMAR))
    if reuse >= PERHAPS:
        known = {one.reason for one in found}
        more = [one for one in explained() if one.reason not in known]
        found += [one for one in more if log_odds < _OUTWEIGHED.get(one.reason, inf)]
    return found


_CUT = "Words were cut or added and hardly any exchanged: an editor's shorter or longer version looks the same."
_GRAMMAR = "Hardly a content word was exchanged or added: an editor's tense, person or voice looks the same."
_THROUGHOUT = "The text was reworded throughout, by whom can't be told: a person's version looks the same."
_DAMAGED_TEXT = "Too many words are misspelt or misread to judge the others."
_LITTLE = "The texts have too little in common to tell a version of one another from reports of the same event."
BOTH_WAYS = Undecided("both_ways", None, "The evidence points both ways.")


def not_english(document: Document) -> bool:
    """Whether the document's prose isn't English, judged by the share of English grammar words."""
    lexical = map(document.words.__getitem__, document.lexical)
    words = [word.norm for word in lexical if word.shape == "word"]
    # Most letters are of another alphabet, look-alikes seen through; without words, of the whole text.
    sample = "".join(words) or document.article.text
    letters = [] if sample.isascii() else [char for char in sample if char.isalpha()]
    if len(letters) > _ENOUGH_TO_TELL_LANGUAGE and sum(map(str.isascii, letters)) < 0.5 * len(letters):
        return True
    if len(words) < _ENOUGH_TO_TELL_LANGUAGE:
        return False
    return len([word for word in words if word in FUNCTION_WORDS]) < _FEWEST_FUNCTION_WORDS * len(words)


def cautions(suspect: Document, reference: Document | None = None) -> list[Undecided]:
    """Reasons to decide nothing of the documents as they are: no text, another language, too few words."""
    found = [_caution(suspect, "suspect")]
    if reference is not None:
        found.append(_caution(reference, "reference"))
    return [reason for reason in found if reason]


def unscorable(reasons: Sequence[Undecided]) -> bool:
    """Whether a text has no words or is in another language, so that the prior is all there is."""
    return any(one.reason in ("no_words", "not_english") for one in reasons)


def _caution(document: Document, side: Literal["suspect", "reference"]) -> Undecided | None:
    words = document.word_count
    if not_english(document):
        sentence = f"The {side} doesn't read as English; only English texts can be scored."
        return Undecided("not_english", side, sentence)
    if not words:
        return Undecided("no_words", side, f"The {side} has no words, so there is nothing to judge.")
    if words < ENOUGH_WORDS:
        few = f"{words} word{'s' * (words != 1)}"
        sentence = f"The {side} has only {few}; at least {ENOUGH_WORDS} are needed for a verdict."
        return Undecided("too_short", side, sentence)
    return None


def verdict(relations: Mapping[str, float], reasons: Sequence[Undecided]) -> tuple[Verdict, tuple[Undecided, ...]]:
    """The most probable relation, or ``undecided`` and why.

    A score of 50 or more is a machine's work, whichever relation it is; below that, a machine relation that is the
    most probable one all the same means that the evidence points both ways.
    """
    if reasons:
        return "undecided", tuple(reasons)
    machine = fsum(relations[name] for name in MACHINE_RELATIONS)
    names = MACHINE_RELATIONS if machine >= 0.5 else tuple(relations)
    likeliest = max(names, key=lambda name: relations[name])
    if machine < 0.5 and likeliest in MACHINE_RELATIONS:
        return "undecided", (BOTH_WAYS,)
    return cast("Verdict", likeliest), ()
