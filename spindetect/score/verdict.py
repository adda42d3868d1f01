"""The verdict, and when there is too little to go by for one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import fsum
from typing import cast

from spindetect.records import MACHINE_RELATIONS, Document, Verdict
from spindetect.segment.english import FUNCTION_WORDS

# Words on the shorter side below which nobody should be accused or cleared.
ENOUGH_WORDS = 40
# How far the evidence of a text just short of that may move the score: enough to see where it points, not
# enough to accuse.
_SHORT_SHARE = 0.15
# The log-odds of a machine that a score falls back on where there is nothing to go by: one suspect in ten.
PRIOR_LOG_ODDS = -2.197
# English prose has 30 to 55% grammar words, other languages in Latin script under 12% by coincidence.
_FEWEST_FUNCTION_WORDS = 0.16
_ENOUGH_TO_TELL_LANGUAGE = 20
# Share of the text in common, on the side that has more in common, from which evidence counts in full; with
# less it fades by the square. Reports of one event that draw on one agency's copy or quote one speech
# share less; versions of one text more, even cut or padded.
_ENOUGH_OVERLAP = 0.6


def evidence_share(words: int, overlap: float) -> float:
    """How far the evidence may move the score away from the prior, 0 to 1.

    ``words`` are those of the shorter text, ``overlap`` (0 to 1) is the greater of the
    two shares that the texts have in common: a few words, or little in common, prove little.
    """
    enough = 1.0 if words >= ENOUGH_WORDS else _SHORT_SHARE * words / ENOUGH_WORDS
    return enough * min(1.0, (overlap / _ENOUGH_OVERLAP) ** 2)


def not_english(document: Document) -> bool:
    """Whether the document's prose isn't English, judged by the share of English grammar words."""
    lexical = map(document.words.__getitem__, document.lexical)
    words = [word.norm for word in lexical if word.shape == "word"]
    if _foreign_script(words, document.article.text):
        return True
    if len(words) < _ENOUGH_TO_TELL_LANGUAGE:
        return False
    return len([word for word in words if word in FUNCTION_WORDS]) < _FEWEST_FUNCTION_WORDS * len(words)


def _foreign_script(words: Sequence[str], text: str) -> bool:
    """Whether most letters are of another alphabet, look-alikes seen through; without words, of the whole text."""
    sample = "".join(words) or text
    if sample.isascii():
        return False
    letters = [char for char in sample if char.isalpha()]
    return len(letters) > _ENOUGH_TO_TELL_LANGUAGE and sum(map(str.isascii, letters)) < 0.5 * len(letters)


def cautions(suspect: Document, reference: Document) -> list[str]:
    """Reasons to decide nothing of two documents: no text, another language, too few words."""
    found = [_caution(suspect, "suspect"), _caution(reference, "reference")]
    return [reason for reason in found if reason]


def cautions_alone(suspect: Document) -> list[str]:
    """The same of a document without a reference."""
    reason = _caution(suspect, "suspect")
    return [reason] if reason else []


def _caution(document: Document, side: str) -> str:
    words = document.word_count
    if not_english(document):
        return f"The {side} doesn't read as English; only English texts can be scored."
    if not words:
        return f"The {side} holds no words, so there is nothing to compare."
    if words < ENOUGH_WORDS:
        few = f"{words} word{'s' * (words != 1)}"
        return f"The {side} has only {few}; at least {ENOUGH_WORDS} are needed for a verdict."
    return ""


def verdict(relations: Mapping[str, float], undecidable: bool) -> Verdict:
    """The most probable relation; ``undecided`` where the evidence is thin or points both ways.

    It points both ways when the most probable relation is on one side of the line between
    machine and human work and the score on the other.
    """
    if undecidable:
        return "undecided"
    likeliest = max(relations, key=lambda name: relations[name])
    machine = fsum(relations[name] for name in MACHINE_RELATIONS)
    if (likeliest in MACHINE_RELATIONS) != (machine >= 0.5):
        return "undecided"
    return cast("Verdict", likeliest)
