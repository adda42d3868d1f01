"""The strongest evidence, each phrase in its context on both sides (keyword in context)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spindetect.findings import Phrase, Result, Substitution
from spindetect.records import Article, Span
from spindetect.report import alike
from spindetect.report.html.pieces import Item, Key, Numbers, evidence_of, key, readable
from spindetect.report.inert import inert
from spindetect.report.plain import AGAINST_A_MACHINE, FOR_A_MACHINE, Reason, reasons
from spindetect.report.words import percent, signed

STRONGEST = 5
_MOST_REASONS = 3
_SOMETHING = 0.05  # nats: less than that speaks for nobody
_REACH = 48  # characters of context on either side: what fits on a line beside the phrase
_LONGEST = 200  # characters of a phrase; the text below shows it whole


@dataclass(frozen=True, slots=True)
class Context:
    """A phrase and what stands before and after it, all inert."""

    before: str
    phrase: str
    after: str


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A piece of evidence: the phrase in both texts, how often it was exchanged, and why it counts.

    ``was`` is the old phrase, "" where it can't be guessed; ``reference`` shows it in context, of a guess in the
    suspect's; None without one. ``supposed`` says that it is a guess. ``telling`` is how probably a reader finds
    the piece more telling than most, "" where that isn't known; ``direction`` says whether its weight speaks
    ``for`` or ``against`` a machine. ``times`` says how often, "" of a single one.
    """

    number: int
    was: str
    became: str
    reference: Context | None
    suspect: Context
    kind: str
    telltale: bool
    quoted: bool
    supposed: bool
    telling: str
    weight: str
    direction: str
    times: str
    reason: str


@dataclass(frozen=True, slots=True)
class Side:
    """Evidence for a machine, or ``against`` one: the heading ("" if one side is all), phrases, and reasons."""

    heading: str
    against: bool
    evidence: tuple[Exhibit, ...]
    reasons: tuple[str, ...]


def strongest(result: Result, numbers: Numbers) -> tuple[Exhibit, ...]:
    """The five pieces of evidence that convince most of the score.

    Of a score below 50 they are the substitutions that speak against a machine; what weighs next to nothing
    is no evidence of honesty.
    """
    found = evidence_of(result)
    if result.reference_free:
        found = [item for item in found if item.weight > 0.0]
    elif result.score < 50.0:
        found = [item for item in found if item.weight <= -_SOMETHING]
    return _strongest(result, found, numbers)


def sides(result: Result, numbers: Numbers) -> tuple[Side, ...]:
    """The evidence on the side of the score; where nothing is decided, that on both."""
    if result.verdict != "undecided":
        honest = result.score < 50.0 and not result.reference_free
        return (Side("", True, strongest(result, numbers), reasons_against(result) if honest else ()),)
    found = evidence_of(result)
    against = [one for one in found if one.weight <= -_SOMETHING and not result.reference_free]
    those = [one for one in found if one.weight >= _SOMETHING], against
    why = _most([one for one in reasons(result) if one.nats >= _SOMETHING]), reasons_against(result)
    return tuple(
        [
            Side(heading, heading == AGAINST_A_MACHINE, _strongest(result, items, numbers), said)
            for heading, items, said in zip((FOR_A_MACHINE, AGAINST_A_MACHINE), those, why, strict=True)
        ]
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


def reasons_against(result: Result) -> tuple[str, ...]:
    """The three strongest reasons against a machine, in words; none where hardly anything was weighed."""
    return _most([one for one in reasons(result) if one.nats <= -_SOMETHING])


def _most(found: Sequence[Reason]) -> tuple[str, ...]:
    return tuple([one.text for one in found[:_MOST_REASONS]])


def _strongest(result: Result, found: Sequence[Item], numbers: Numbers) -> tuple[Exhibit, ...]:
    homes = {key(item): pair.suspect for pair in result.alignment for item in pair.substitutions}
    return tuple(_evidence(result, group, homes, numbers) for group in alike.strongest(found, STRONGEST))


def _evidence(result: Result, group: tuple[Item, ...], homes: Mapping[Key, Span], numbers: Numbers) -> Exhibit:
    """A group of like items, shown where it convinces most."""
    item = alike.best(group)
    mine = item.suspect.span
    around = homes.get(key(item)) or next(
        one.span for one in result.suspect.sentences if one.span.start <= mine.start < one.span.end
    )
    suspect = context(result.suspect.article, item.suspect, around)
    weight = alike.weight_of(group)
    reference: Context | None = None  # the old phrase in the reference; a guess in the suspect's words
    if isinstance(item, Substitution):
        pair = next(pair for pair in result.alignment if item in pair.substitutions)
        reference = context(result.reference.article, item.reference, pair.reference)
    elif item.original:
        reference = Context(suspect.before, inert(item.original.text), suspect.after)
    return Exhibit(
        number=numbers[item][0],
        was=_shortened(inert(alike.before(item)), _LONGEST),
        became=_shortened(inert(item.suspect.text), _LONGEST),
        reference=reference,
        suspect=suspect,
        kind=item.kind,
        telltale=item.telltale,
        quoted=item.quoted,
        supposed=not isinstance(item, Substitution),
        telling="" if item.persuasion is None else percent(item.persuasion, 0),
        weight=signed(weight),
        direction="for" if weight > 0 else "against",
        times=alike.how_often(result, group),
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
