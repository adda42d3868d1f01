"""Why the score is what it is: contributions and substitutions, strongest evidence first."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence

from rich.text import Text

from spindetect.findings import Giveaway, Result, Substitution
from spindetect.kinds import KINDS
from spindetect.report.alike import SOMETHING, alike, best, how_often, strongest, weight_of
from spindetect.report.inert import inert
from spindetect.report.layout import EMPTY_LINE, FAINT, STRONG, Paragraph, paragraph, rule
from spindetect.report.marking import KIND_STYLES, change, label
from spindetect.report.plain import on_both_sides, plain_words, reasons
from spindetect.report.words import counted
from spindetect.score.verdict import PERHAPS, VERSION

MOST_REASONS = 8
MOST_SUBSTITUTIONS = 10
_LABEL_WIDTH = max(len(f"quoted {kind}!") for kind in KINDS)  # the longest label


STARTING_POINT = "the starting point, for as much as the texts have in common"
ALONE_START = "the starting point, for a text without a trace of spinning"


def score_reasons(comparison: Result, width: int) -> Iterator[Paragraph]:
    """The reasons of the score: each in words, by the nats that it adds to the log-odds."""
    yield rule(f"why the score is {comparison.score:.1f}", width)
    found = reasons(comparison)
    if not found:
        yield paragraph("No feature could be weighed.")
        return
    yield paragraph("Evidence in nats of log-odds: + speaks for a machine, - against one.", style=FAINT)
    telling = [one for one in found if abs(one.nats) >= 0.005]  # what doesn't show as 0.00
    rest = list(telling)
    for heading, side, most in on_both_sides(comparison, telling, lambda one: one.nats, MOST_REASONS):
        yield from _heading(heading)
        for one in side[:most]:
            rest.remove(one)
            yield paragraph(one.text, Text.assemble((f"{one.nats:+7.2f}", STRONG), "  "))
    if rest:
        yield _sum_line(math.fsum(one.nats for one in rest), f"{counted(len(rest), 'weaker reason')} together")
    start = ALONE_START if comparison.reference_free else STARTING_POINT
    yield _sum_line(comparison.intercept, start)
    yield from _total(comparison)


_REUSE_REASONS = 2


def reuse_words(comparison: Result) -> str:
    """Whether the suspect is a version of the reference, and the features that say so most strongly."""
    reuse = comparison.reuse or 0.0
    version = reuse >= 100.0 * VERSION
    if version:
        said = "a version of the reference"
    else:
        said = "not a version of the reference" if reuse < 100.0 * PERHAPS else "perhaps a version of the reference"
    for_it = sorted(comparison.reuse_contributions, key=lambda item: -item.nats if version else item.nats)
    telling = [item for item in for_it[:_REUSE_REASONS] if (item.nats > 0) == version]
    why = "; ".join(dict.fromkeys([plain_words(item, typical=False) for item in telling]))
    return f"{said} ({why})" if why else said


def evidence_reasons(result: Result, width: int) -> Iterator[Paragraph]:
    """How many substitutions of each kind there are, and what convinces most, with the reasons.

    An item without weight is no evidence, except a giveaway where the suspect has no counterpart.
    """
    found = [item for item in result.substitutions if item.persuasion is not None or abs(item.weight) >= SOMETHING]
    pieces: list[Substitution | Giveaway] = [*found, *result.giveaways]
    if not pieces:
        return
    yield EMPTY_LINE
    giveaways = "strongest giveaways" if result.verdict == "spun" else "what reads oddly all the same"
    yield rule(giveaways if result.reference_free else "strongest evidence", width)
    if result.substitutions:
        yield paragraph(kind_counts(result.substitutions), style=FAINT)
    if any(item.persuasion is not None for item in pieces):
        yield paragraph("First how likely a reader is to find it convincing, then its weight in nats.", style=FAINT)
    more = 0
    for heading, side, most in on_both_sides(result, pieces, lambda one: one.weight, MOST_SUBSTITUTIONS):
        yield from _heading(heading)
        more += max(0, len(alike(side)) - most)
        for group in strongest(side, most):
            yield from _evidence(result, group)
    if more:
        yield paragraph(f"and {more} more, weaker ones", style=FAINT)


def kind_counts(substitutions: Sequence[Substitution]) -> str:
    """How many there are of each kind, most frequent first, as ``8 synonym, 2 name``."""
    counts = Counter(item.kind for item in substitutions)
    return ", ".join(f"{count} {kind}" for kind, count in counts.most_common())


def _heading(text: str) -> Iterator[Paragraph]:
    if text:
        yield paragraph(f"{text}:", style=STRONG)


def _sum_line(nats: float, text: str) -> Paragraph:
    """A line of the sum that isn't evidence of its own."""
    return paragraph(text, f"{nats:+7.2f}  ", style=FAINT)


def _total(comparison: Result) -> Iterator[Paragraph]:
    """The sum of the lines above it, as log-odds and as a score."""
    total = math.fsum([comparison.intercept, *(item.nats for item in comparison.contributions)])
    score = 100.0 / (1.0 + math.exp(-min(max(total, -700.0), 700.0)))  # exp overflows beyond 709
    yield paragraph("───────")
    yield paragraph(f"together: a spin score of {score:.1f}", Text.assemble((f"{total:+7.2f}", STRONG), "  "))


def _evidence(result: Result, group: tuple[Substitution | Giveaway, ...]) -> Iterator[Paragraph]:
    """A piece of evidence: how telling it is, its weight, kind and flags, what became what; its reason below."""
    item = best(group)
    telling = "" if item.persuasion is None else f"{item.persuasion:5.0%}"
    unmatched = isinstance(item, Giveaway) and not result.reference_free
    weight = " " * 7 if unmatched else f"{weight_of(group):+7.2f}"
    beginning = Text.assemble(
        (telling, FAINT), (weight, STRONG), "  ", (f"{label(item):<{_LABEL_WIDTH}}", KIND_STYLES[item.kind]), "  "
    )
    if isinstance(item, Substitution):
        phrase = change(item)
    else:
        guesses = ", ".join(f"{inert(guess.text)} {guess.probability:.0%}" for guess in item.guesses)
        phrase = Text.assemble((inert(item.suspect.text), STRONG), f"  (perhaps {guesses})" if guesses else "")
    if times := how_often(result, group):
        phrase.append(f"  ({times})", FAINT)
    yield paragraph(phrase, beginning)
    said = f"{item.reason}; not in this reference" if unmatched else item.reason
    if said:
        yield paragraph(inert(said), " " * beginning.cell_len, style=FAINT)
