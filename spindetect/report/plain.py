"""The features in sentences that a person can read; features that say the same thing are one reason.

The score is an exact sum over some eighty features, many of which measure one thing in several ways, with opposite
signs if need be ("would fit much better +8.77", "would fit better -7.70"). People are told the sum of each such
group, by the feature that weighs most on its side. The exact parts stay in the tables.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Literal, TypeVar

from spindetect.findings import Contribution, Result
from spindetect.report.inert import inert
from spindetect.score.manner import HABITS

Unit = Literal["share", "rate", "plain", "words"]
One = TypeVar("One")

FOR_A_MACHINE, AGAINST_A_MACHINE = "What speaks for a machine", "What speaks for a person"


@dataclass(frozen=True, slots=True)
class Plain:
    """How a feature is told: what it belongs to, its unit, and what little and much of it mean.

    From ``much_from`` on it is much; {} in what is said stands for the value. ``machine`` says on which side of
    that most machine-made texts are, and most of people's aren't; "" where the two hardly differ. Both were
    measured on 574 pairs of real and simulated texts, half of them a machine's, and alone on 201 texts.
    """

    group: str
    unit: Unit
    much_from: float
    machine: Literal["over", "under", ""]
    little: str
    much: str


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason for the score: the sentence, what it adds to the log-odds in nats, and its parts."""

    text: str
    nats: float
    parts: tuple[Contribution, ...]


_SHARED = "are in both texts"
_CHANGED = "of the sentences that differ"
PLAIN: dict[str, Plain] = {
    "kept_words": Plain("kept", "share", 0.84, "under", f"only {{}} of the words {_CHANGED} were kept",
                        f"nearly all words even {_CHANGED} were kept"),
    "kept_content": Plain("kept", "share", 0.88, "under",
                          f"only {{}} of the words that carry meaning {_CHANGED} were kept",
                          f"nearly all words that carry meaning even {_CHANGED} were kept"),
    "identical_sentences": Plain("kept", "share", 0.15, "under", "hardly a sentence was left as it was",
                                 "many sentences were left as they were"),
    "long_runs": Plain("kept", "share", 0.6, "under", "few long stretches were left unchanged",
                       "long stretches were left unchanged"),
    "phrases_most": Plain("kept", "share", 0.5, "under", f"only {{}} of the phrases of five words {_SHARED}",
                          f"many phrases of five words {_SHARED}"),
    "phrases_least": Plain("kept", "share", 0.3, "under", f"only {{}} of the phrases of five words {_SHARED}",
                           f"many phrases of five words {_SHARED}"),
    "word_pairs_most": Plain("kept", "share", 0.75, "under", "only {} of neighbouring words stayed together",
                             "most neighbouring words stayed together"),
    "word_pairs_least": Plain("kept", "share", 0.58, "under", "only {} of neighbouring words stayed together",
                              "most neighbouring words stayed together"),
    "similarity": Plain("kept", "share", 0.85, "under", "the sentences differ a good deal from their counterparts",
                        "the sentences are much like their counterparts"),
    "vocabulary_most": Plain("kept", "share", 0.88, "under", f"only {{}} of the vocabulary {_SHARED}",
                             f"most words {_SHARED}"),
    "vocabulary_least": Plain("kept", "share", 0.5, "", f"few words {_SHARED}", f"most words {_SHARED}"),
    "narration_most": Plain("kept", "share", 0.88, "under", f"only {{}} of the narrator's words {_SHARED}",
                            f"most of the narrator's words {_SHARED}"),
    "narration_least": Plain("kept", "share", 0.5, "", f"few of the narrator's words {_SHARED}",
                             f"most of the narrator's words {_SHARED}"),
    "content_swaps": Plain("exchanged", "rate", 2.0, "over", "few words were replaced",
                           "many words were replaced"),
    "function_swaps": Plain("exchanged", "rate", 1.0, "over", "few grammar words were replaced",
                            "many grammar words were replaced"),
    "unknown_swaps": Plain("exchanged", "rate", 1.3, "over", "few words were replaced in unknown ways",
                           "many words were replaced in unknown ways"),
    "unrelated_swaps": Plain("exchanged", "rate", 0.3, "over", "few new words mean something else",
                             "many new words mean something else"),
    "one_to_one": Plain("exchanged", "share", 0.47, "over", "few substitutions are one word for one word",
                        "most substitutions are one word for one word"),
    "exchange_share": Plain("exchanged", "share", 0.2, "over", "most changes do more than replace words",
                            "many words were replaced one for one, and little else was changed"),
    "evenness": Plain("exchanged", "share", 0.29, "over", f"words were replaced in few {_CHANGED}",
                      f"words were replaced in many {_CHANGED}"),
    "rarer_words": Plain("exchanged", "plain", 0.01, "", "the new words aren't rarer than the old",
                         "the new words are rarer than the old"),
    "known_swaps": Plain("dictionary", "rate", 1.1, "over", "few substitutions are in spinners' dictionaries",
                         "many substitutions are in spinners' dictionaries"),
    "lexicon_for": Plain("dictionary", "plain", 1.1, "over", "hardly any substitution is typical of spinners",
                         "the substitutions are typical of spinners and not of people"),
    "lexicon_against": Plain("dictionary", "plain", 1.3, "", "hardly any substitution is typical of people",
                             "many substitutions are typical of people"),
    "lexicon_total": Plain("dictionary", "plain", 2.0, "", "taken together, the substitutions aren't spinners'",
                           "taken together, the substitutions are spinners' and not people's"),
    "word_choice": Plain("choice", "plain", 1.0, "over",
                         "the new words aren't typical of language models or translators",
                         "the new words are typical of language models and translators"),
    "telltales": Plain("tell-tales", "rate", 0.25, "over", "there are hardly any tell-tales",
                       "there are tell-tales, which hardly anybody but a machine leaves"),
    "tampered_quotations": Plain("quotations", "rate", 0.28, "over", "quotations were left as they were",
                                 "words inside quotations were replaced"),
    "quotations_most": Plain("quotations", "share", 0.51, "", f"few words quoted {_SHARED}",
                             f"most words quoted {_SHARED}"),
    "quotations_least": Plain("quotations", "share", 0.51, "", f"few words quoted {_SHARED}",
                             f"most words quoted {_SHARED}"),
    "new_quotations": Plain("quotations", "rate", 1.1, "over", "hardly a quotation is new", "quotations are new"),
    "damaged_names": Plain("names", "rate", 0.23, "over", "names and titles were left as they were",
                           "names and titles were changed"),
    "names_replaced": Plain("names", "rate", 0.17, "", "names stayed in their places",
                            "names stand in the places of other names"),
    "names_most": Plain("names", "share", 0.51, "", f"few names {_SHARED}", f"most names {_SHARED}"),
    "names_least": Plain("names", "share", 0.51, "", f"few names {_SHARED}", f"most names {_SHARED}"),
    "numbers": Plain("facts", "rate", 0.22, "", "numbers were left as they were", "numbers were changed"),
    "numerals_most": Plain("facts", "share", 0.51, "", f"few numbers {_SHARED}",
                             f"most numbers {_SHARED}"),
    "numerals_least": Plain("facts", "share", 0.51, "", f"few numbers {_SHARED}",
                             f"most numbers {_SHARED}"),
    "new_facts": Plain("facts", "rate", 0.25, "", "hardly a name or number is new", "names or numbers are new"),
    "rewrites": Plain("reworded", "rate", 0.19, "", "hardly a stretch was reworded as a whole",
                      "stretches were reworded as a whole"),
    "added": Plain("reworded", "rate", 1.0, "", "little was added inside the sentences",
                   "words were added inside the sentences"),
    "dropped": Plain("reworded", "rate", 0.76, "", "little was dropped inside the sentences",
                     "words were dropped inside the sentences"),
    "added_grammar": Plain("reworded", "rate", 2.85, "", "few grammar words were added",
                           "many grammar words were added"),
    "dropped_grammar": Plain("reworded", "rate", 1.4, "", "few grammar words were dropped",
                             "many grammar words were dropped"),
    "crossings": Plain("reworded", "rate", 0.96, "over", "words kept their places in the sentences",
                       "words were moved inside the sentences"),
    "growth": Plain("reworded", "plain", 0.013, "", "the sentences didn't grow", "the sentences grew longer"),
    "length_change": Plain("reworded", "plain", 0.023, "over", "the sentences kept their lengths",
                           "the sentences grew or shrank"),
    "forms": Plain("spelling", "rate", 0.54, "over", "few words are inflected or spelled differently",
                   "words are inflected or spelled differently"),
    "corrections": Plain("spelling", "rate", 0.2, "", "no misspelling was put right",
                         "misspellings were put right"),
    "misreadings": Plain("spelling", "rate", 1.25, "", "hardly a word is misspelt or misread",
                         "words are misspelt or misread"),
    **{name: Plain("manner", "rate", 0.02, "", f"no more {things} than in the reference",
                   f"more {things} than in the reference") for name, (things, _) in HABITS.items()},
    "split_or_merged": Plain("order", "share", 0.08, "", "sentences were neither split nor merged",
                             "sentences were split or merged"),
    "moved_sentences": Plain("order", "share", 0.03, "", "the sentences kept their order", "sentences were moved"),
    "adjacent_sentences": Plain("order", "share", 0.7, "", "sentences in between were left out or put in",
                                "sentence follows sentence as in the reference"),
    "in_step": Plain("order", "plain", 0.4, "over", "the texts don't go sentence by sentence in other words",
                     "the texts go sentence by sentence together, in other words"),
    "order": Plain("order", "plain", 0.5, "", "rare words come in another order, or are few",
                   "rare words come in the same order"),
    "linked": Plain("covered", "share", 0.95, "", "not every sentence has a counterpart",
                    "nearly all sentences have a counterpart"),
    "linked_most": Plain("covered", "share", 0.95, "", "not every sentence has a counterpart",
                         "nearly all sentences have a counterpart"),
    "coverage": Plain("covered", "share", 0.95, "", "not all of the suspect is from the reference",
                      "nearly all of the suspect is from the reference"),
    "reference_coverage": Plain("covered", "share", 0.95, "", "not all of the reference was taken over",
                                "nearly all of the reference was taken over"),
    "length_ratio": Plain("length", "plain", 0.0, "", "the suspect is shorter than the reference",
                          "the suspect is longer than the reference"),
    "words": Plain("length", "words", 4.6, "", "the texts are short", "the texts are long enough"),
    # Without a reference; the values are shares of the words, or averages over them.
    "suspicion_excess": Plain("suspicious", "plain", 0.048, "over", "hardly a word is beyond suspicion's limits",
                              "words go far beyond what is usual"),
    "strong_suspects": Plain("suspicious", "share", 0.014, "over", "hardly a word was more likely spun than not",
                             "words are more likely spun than not"),
    "surest_suspects": Plain("suspicious", "share", 0.003, "over", "hardly a word is almost surely spun",
                             "words are almost surely spun"),
    "sure_excess": Plain("suspicious", "plain", 0.0034, "over", "hardly a word is beyond doubt",
                         "words are beyond doubt"),
    "kindred_fits": Plain("fitting", "plain", 0.74, "over", "the words fit where they stand",
                          "words of like meaning would often fit better"),
    "misfits": Plain("odd", "plain", 0.068, "over", "the words fit their places",
                    "many words don't fit their places"),
    "far_misfits": Plain("odd", "plain", 0.02, "", "hardly a word is far from fitting its place",
                         "words are as far from fitting as a trade's own and slips are"),
    "faint_suspicion": Plain("suspicious", "plain", 0.12, "over", "hardly a word is even a little suspicious",
                             "many words are only a little suspicious, as in unusual writing"),
    "suspicious_throughout": Plain("suspicious", "plain", 0.35, "over",
                                   "suspicious words are few and stand together",
                                   "wherever one looks there is a suspicious word"),
    "phrases": Plain("fond", "plain", 0.015, "over", "phrases that spinners are fond of are few",
                     "phrases that spinners are fond of are many"),
    "heard_misfits": Plain("heard", "plain", 0.3, "over", "a language model finds that the words fit their places",
                           "a language model finds words where it expects others"),
    "heard_strongly": Plain("heard", "share", 0.07, "over",
                            "a language model finds hardly a word less likely where it stands than anywhere",
                            "a language model finds words far less likely where they stand than anywhere"),
    "heard_surprises": Plain("heard", "plain", 0.06, "over", "hardly a word surprises a language model much",
                             "words surprise a language model far more than it expects"),
    "unknown_words": Plain("unusual", "share", 0.02, "", "hardly a word is unknown",
                           "many words are in no dictionary, as in old spelling or bad scans"),
    "odd_grammar": Plain("unusual", "plain", 0.004, "", "the grammar is usual",
                         "the grammar is odd as well, as in old prose or a learner's"),
}  # fmt: skip
"""Every feature that is told in words of its own; any other is told by its explanation, as a reason of its own."""


def reasons(result: Result) -> list[Reason]:
    """What made the score, strongest first; with the intercept the nats add up to its log-odds."""
    groups: dict[str, list[Contribution]] = {}
    for item in result.contributions:
        row = PLAIN.get(item.feature)
        groups.setdefault(row.group if row else item.feature, []).append(item)
    found = [_reason(parts, result.reference_free) for parts in groups.values()]
    return sorted(found, key=lambda one: (-abs(one.nats), one.text))


def on_both_sides(
    result: Result, found: Sequence[One], nats: Callable[[One], float], most: int
) -> list[tuple[str, list[One], int]]:
    """What was found and how many of it to show; where nothing is decided, each side under its own heading."""
    if result.verdict != "undecided":
        return [("", list(found), most)]
    sides = [one for one in found if nats(one) >= 0], [one for one in found if nats(one) < 0]
    headed = zip((FOR_A_MACHINE, AGAINST_A_MACHINE), sides, strict=True)
    return [(heading, side, (most + 1) // 2) for heading, side in headed if side]


def plain_words(item: Contribution, alone: bool = False, typical: bool = True) -> str:
    """A feature and its value in words; ``typical`` adds where machines' texts have it, ``alone`` spun ones.

    "few long stretches were left unchanged (12%; typical of machines: under 60%)". Where a part points the other
    way than its value does by itself, the sentence takes no side: it is the feature's explanation.
    """
    row = PLAIN.get(item.feature)
    if row is None:
        return inert(f"{item.explanation} ({item.value:.3g})")
    much = item.value >= row.much_from
    said = row.much if much else row.little
    value = _measured(item.value, row.unit)
    notes = [] if "{}" in said else [value]
    if row.machine and typical:
        bound = f"{100 * row.much_from:.2g}%" if row.unit == "share" else f"{row.much_from:.2g}"
        notes.append(f"typical of {'spun texts' if alone else 'machines'}: {row.machine} {bound}")
        if (much == (row.machine == "over")) != (item.nats > 0):
            said, notes = inert(item.explanation.removesuffix(", per 100 words")), [value, notes[-1]]
    said = said.replace("{}", value)
    return f"{said} ({'; '.join(notes)})" if notes else said


def _reason(parts: Sequence[Contribution], alone: bool) -> Reason:
    """The reason that some contributions make together, told by the one that weighs most on its side."""
    nats = fsum([part.nats for part in parts])
    lead = max(parts, key=lambda part: (part.nats if nats > 0 else -part.nats, part.feature))
    return Reason(plain_words(lead, alone), nats, tuple(sorted(parts, key=lambda part: -abs(part.nats))))


def _measured(value: float, unit: Unit) -> str:
    if unit == "words":  # which the feature counts by their logarithm
        return f"{math.expm1(value):.0f} words"
    if unit == "share":
        return f"{value:.0%}" if value >= 0.1 or value == 0.0 else f"{100 * value:.1f}%"
    return f"{value:.2g} per 100 words" if unit == "rate" else f"{value:.2g}"
