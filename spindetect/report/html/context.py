"""The strongest evidence, each phrase in its context on both sides (keyword in context)."""

from __future__ import annotations

from dataclasses import dataclass

from spindetect.records import Article, Phrase, Result, SentencePair, Span, Substitution
from spindetect.report.alike import alike
from spindetect.report.html.pieces import Numbers, key, readable
from spindetect.report.html.wording import signed
from spindetect.report.inert import inert

STRONGEST = 5
_REACH = 48  # characters of context on either side: what fits on a line beside the phrase
_LONGEST = 200  # characters of a phrase; the text below shows it whole


@dataclass(frozen=True, slots=True)
class Context:
    """A phrase and what stands before and after it, all inert."""

    before: str
    phrase: str
    after: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """A piece of evidence: the phrase in both texts, how often it was exchanged, and why it counts.

    ``direction`` says whether it speaks ``for`` or ``against`` a machine. Of a suspect alone
    ``reference`` is how the suspect may have read before, None when that can't be guessed.
    """

    number: int
    reference: Context | None
    suspect: Context
    kind: str
    telltale: bool
    quoted: bool
    weight: str
    direction: str
    times: int
    reason: str


def strongest(comparison: Result, numbers: Numbers) -> tuple[Evidence, ...]:
    """The five strongest substitutions: what speaks for the score first, then tell-tales, then by weight.

    Tell-tales come before grammar words that are exchanged more often, because they are
    what a reader can judge. What speaks for the other side only follows when there are
    fewer than five.
    """
    groups = alike(comparison.substitutions)
    for_machine = comparison.score >= 50.0
    ordered = sorted(
        groups, key=lambda group: ((group[0].weight > 0) != for_machine, group[0].telltale != for_machine)
    )
    homes = {key(item): pair for pair in comparison.alignment for item in pair.substitutions}
    return tuple(
        _evidence(comparison, group, homes[key(group[0])], numbers[group[0]][0]) for group in ordered[:STRONGEST]
    )


def unchanged(comparison: Result) -> tuple[str, ...]:
    """The five longest sentences taken over word for word, in the suspect's order: the evidence of a copy."""
    suspect, reference = comparison.suspect.article, comparison.reference.article
    same = [
        (pair.suspect, readable(suspect, pair.suspect))
        for pair in comparison.alignment
        if readable(suspect, pair.suspect).split() == readable(reference, pair.reference).split()
    ]
    longest = sorted(same, key=lambda one: (-len(one[1]), one[0]))[:STRONGEST]
    return tuple(_shortened(text, 2 * _LONGEST) for _, text in sorted(longest))


def _evidence(comparison: Result, group: tuple[Substitution, ...], pair: SentencePair, number: int) -> Evidence:
    """A group of like substitutions, shown where it first occurs."""
    item = group[0]
    return Evidence(
        number=number,
        reference=context(comparison.reference.article, item.reference, pair.reference),
        suspect=context(comparison.suspect.article, item.suspect, pair.suspect),
        kind=item.kind,
        telltale=item.telltale,
        quoted=item.quoted,
        weight=signed(item.weight * len(group)),
        direction="for" if item.weight > 0 else "against",
        times=len(group),
        reason=inert(item.reason),
    )


def context(article: Article, phrase: Phrase, sentence: Span) -> Context:
    """The phrase with as much of its sentence around it as fits on a line, cut between words."""
    span = phrase.span
    before = Span(max(sentence.start, span.start - _REACH), span.start)
    after = Span(span.end, min(sentence.end, span.end + _REACH))
    left, right = readable(article, before), readable(article, after)
    if before.start > sentence.start:
        left = f"…{left[left.find(' ') + 1 :] if ' ' in left.strip() else left}"
    if after.end < sentence.end:
        right = f"{right[: right.rfind(' ')] if ' ' in right.strip() else right}…"
    return Context(left, _shortened(inert(phrase.text), _LONGEST), right)


def _shortened(text: str, most: int) -> str:
    """The text, or its beginning and an ellipsis when it is longer than ``most`` characters."""
    return text if len(text) <= most else f"{text[:most].rstrip()}…"
