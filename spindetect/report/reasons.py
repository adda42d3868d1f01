"""Why the score is what it is: contributions and substitutions, strongest evidence first."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence

from rich.text import Text

from spindetect.kinds import KINDS
from spindetect.records import Contribution, Result, Substitution
from spindetect.report.alike import alike
from spindetect.report.inert import inert
from spindetect.report.layout import EMPTY_LINE, FAINT, STRONG, Paragraph, counted, paragraph, rule
from spindetect.report.marking import KIND_STYLES, change, label
from spindetect.score.verdict import PERHAPS, VERSION

MOST_CONTRIBUTIONS = 8
MOST_SUBSTITUTIONS = 10
_LABEL_WIDTH = max(len(f"quoted {kind}!") for kind in KINDS)  # the longest label


STARTING_POINT = "the starting point, for as much as the texts have in common"
ALONE_START = "the starting point, for a text without a trace of spinning"


def score_reasons(comparison: Result, width: int) -> Iterator[Paragraph]:
    """The features that made the score, by what each adds to its log-odds."""
    yield rule(f"why the score is {comparison.score:.1f}", width)
    if not comparison.contributions:
        yield paragraph("No feature could be weighed.")
        return
    yield paragraph("Evidence in nats of log-odds: + speaks for a machine, - against one.", style=FAINT)
    telling = [item for item in comparison.contributions if abs(item.nats) >= 0.005]  # what doesn't show as 0.00
    ordered = sorted(telling, key=lambda item: -abs(item.nats))
    for item in ordered[:MOST_CONTRIBUTIONS]:
        yield _contribution(item)
    rest = ordered[MOST_CONTRIBUTIONS:]
    if rest:
        yield _sum_line(math.fsum(item.nats for item in rest), f"{counted(len(rest), 'weaker feature')} together")
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
        said = "no version of the reference" if reuse < 100.0 * PERHAPS else "perhaps a version of the reference"
    for_it = sorted(comparison.reuse_contributions, key=lambda item: -item.nats if version else item.nats)
    reasons = [
        f"{item.explanation}: {item.value:.2f}" for item in for_it[:_REUSE_REASONS] if (item.nats > 0) == version
    ]
    return inert(f"{said} ({'; '.join(reasons)})" if reasons else said)


def substitution_reasons(comparison: Result, width: int) -> Iterator[Paragraph]:
    """How many substitutions of each kind there are, and the strongest of them with their reasons."""
    found = comparison.substitutions
    if not found:
        return
    yield EMPTY_LINE
    yield rule("strongest substitutions", width)
    yield paragraph(kind_counts(found), style=FAINT)
    groups = alike(found)
    for group in groups[:MOST_SUBSTITUTIONS]:
        yield from _substitution(group[0], len(group))
    if len(groups) > MOST_SUBSTITUTIONS:
        yield paragraph(f"and {len(groups) - MOST_SUBSTITUTIONS} more, weaker ones", style=FAINT)


def kind_counts(substitutions: Sequence[Substitution]) -> str:
    """How many there are of each kind, most frequent first, as ``8 synonym, 2 name``."""
    counts = Counter(item.kind for item in substitutions)
    return ", ".join(f"{count} {kind}" for kind, count in counts.most_common())


def _contribution(item: Contribution) -> Paragraph:
    """What one feature adds, and its explanation."""
    said = f"{item.explanation} ({item.value:.3g})"
    return paragraph(inert(said), Text.assemble((f"{item.nats:+7.2f}", STRONG), "  "))


def _sum_line(nats: float, text: str) -> Paragraph:
    """A line of the sum that isn't evidence of its own."""
    return paragraph(text, f"{nats:+7.2f}  ", style=FAINT)


def _total(comparison: Result) -> Iterator[Paragraph]:
    """What the lines above it add up to, as log-odds and as a score."""
    total = math.fsum([comparison.intercept, *(item.nats for item in comparison.contributions)])
    score = 100.0 / (1.0 + math.exp(-min(max(total, -700.0), 700.0)))  # exp overflows beyond 709
    yield paragraph("───────")
    yield paragraph(f"together: a spin score of {score:.1f}", Text.assemble((f"{total:+7.2f}", STRONG), "  "))


def _substitution(item: Substitution, times: int) -> Iterator[Paragraph]:
    """One substitution: its weight, kind and flags, what became what; its reason below."""
    beginning = Text.assemble(
        (f"{item.weight * times:+7.2f}", STRONG),
        "  ",
        (f"{label(item):<{_LABEL_WIDTH}}", KIND_STYLES[item.kind]),
        "  ",
    )
    phrase = change(item)
    if times > 1:
        phrase.append(f"  ({times} times)", FAINT)
    yield paragraph(phrase, beginning)
    if item.reason:
        yield paragraph(inert(item.reason), " " * beginning.cell_len, style=FAINT)
