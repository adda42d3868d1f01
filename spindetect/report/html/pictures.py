"""The report's pictures as paths: the map of both texts, the dot plot, kinds, and how the score adds up."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from spindetect.align.passages.finding import passages_of
from spindetect.findings import Contribution, Giveaway, Result, SentencePair, Substitution
from spindetect.kinds import KINDS
from spindetect.records import Span
from spindetect.report.blocks import Paired, blocks
from spindetect.report.inert import inert
from spindetect.report.plain import reasons
from spindetect.report.reasons import ALONE_START, STARTING_POINT
from spindetect.report.words import bounded, counted, signed


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps numbers from ``low`` up to ``high`` to 0 up to ``size``; an empty range maps to 0."""

    low: float
    high: float
    size: float

    def __call__(self, value: float) -> float:
        """Where ``value`` lies in the picture."""
        if self.high <= self.low:
            return 0.0
        return self.size * (value - self.low) / (self.high - self.low)


def number(value: float) -> str:
    """A coordinate with at most one decimal, as short as it can be written.

    >>> number(12.0), number(3.14159), number(-0.01)
    ('12', '3.1', '0')
    """
    rounded = round(value, 1) + 0.0
    return f"{rounded:.0f}" if rounded == int(rounded) else f"{rounded:.1f}"


def segment(x: float, y: float, to_x: float, to_y: float) -> str:
    """A line as a piece of a path."""
    return f"M{number(x)} {number(y)}L{number(to_x)} {number(to_y)}"


def box(x: float, y: float, width: float, height: float) -> str:
    """A rectangle as a piece of a path."""
    return f"M{number(x)} {number(y)}h{number(width)}v{number(height)}h{number(-width)}z"


def ribbon(top: tuple[float, float], bottom: tuple[float, float], y: float, height: float) -> str:
    """A band from a stretch above to a stretch below, as a piece of a path."""
    upper = f"M{number(top[0])} {number(y)}H{number(top[1])}"
    return f"{upper}L{number(bottom[1])} {number(y + height)}H{number(bottom[0])}z"


def path(parts: Iterable[str]) -> str:
    """The pieces as one path: one element, however many there are."""
    return "".join(parts)


MAP_WIDTH, MAP_BAR, MAP_GAP = 1000.0, 9.0, 22.0
PLOT_SIZE = 300.0
FALL_WIDTH = 400.0
_SHOWN = 0.005  # nats: less than that would show as 0.00
_MARKED_SCORES = (1, 10, 50, 90, 99)


@dataclass(frozen=True, slots=True)
class Ticks:
    """Where the substitutions of one kind lie, as one path."""

    classes: str
    path: str


@dataclass(frozen=True, slots=True)
class Map:
    """Both texts as bars from beginning to end, ribbons between what is aligned, ticks where words were exchanged.

    ``suspect`` and ``reference`` are the texts' lengths in code points.
    """

    suspect: int
    reference: int
    covered: str
    ribbons: str
    moved: str
    ticks: tuple[Ticks, ...]


@dataclass(frozen=True, slots=True)
class Plot:
    """The dot plot: a line for each aligned pair, suspect to the right, reference downwards; passages behind."""

    passages: str
    lines: str
    moved: str
    caption: str


@dataclass(frozen=True, slots=True)
class KindBar:
    """How many substitutions there are of a kind, with bars of 0 to 100."""

    name: str
    letter: str
    meaning: str
    count: int
    telltales: int
    width: str
    telltale_width: str


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the waterfall: what it adds, and its bar; ``value`` is the feature's, in words."""

    text: str
    value: str
    nats: str
    path: str
    classes: str


@dataclass(frozen=True, slots=True)
class Tickmark:
    """A score on the waterfall's axis."""

    x: str
    text: str


@dataclass(frozen=True, slots=True)
class Waterfall:
    """How the reasons add up to the score's log-odds, each feature's exact part, the total."""

    steps: tuple[Step, ...]
    features: tuple[Step, ...]
    total: Step
    axis: tuple[Tickmark, ...]
    zero: str


def text_map(comparison: Result) -> Map:
    """The map of both texts; its ticks are a path for each kind, tell-tales apart, so that filters can hide it."""
    across, below = _scales(comparison, MAP_WIDTH)
    ticks: dict[str, list[str]] = {}
    for item in comparison.substitutions:
        left, right = number(across(item.suspect.span.start)), number(below(item.reference.span.start))
        tick = f"M{left} 0v{number(MAP_BAR)}M{right} {number(MAP_BAR + MAP_GAP)}v{number(MAP_BAR)}"
        ticks.setdefault(f"{item.kind}{' t' if item.telltale else ''}", []).append(tick)
    bottom = MAP_BAR + MAP_GAP
    pairs = _pairs(comparison)
    covered = [box(across(pair.suspect.start), 0, across(len(pair.suspect)), MAP_BAR) for pair, _ in pairs]
    covered += [box(below(pair.reference.start), bottom, below(len(pair.reference)), MAP_BAR) for pair, _ in pairs]
    bands = [
        (ribbon(_ends(pair.suspect, across), _ends(pair.reference, below), MAP_BAR, MAP_GAP), moved)
        for pair, moved in pairs
    ]
    return Map(
        suspect=len(comparison.suspect.article.text),
        reference=len(comparison.reference.article.text),
        covered=path(covered),
        ribbons=path(band for band, moved in bands if not moved),
        moved=path(band for band, moved in bands if moved),
        ticks=tuple(Ticks(classes, path(ticks[classes])) for classes in sorted(ticks)),
    )


def dot_plot(comparison: Result) -> Plot:
    """The dot plot of aligned pairs."""
    across, down = _scales(comparison, PLOT_SIZE)
    lines: dict[bool, list[str]] = {False: [], True: []}
    for pair, moved in _pairs(comparison):
        start, end = across(pair.suspect.start), across(pair.suspect.end)
        lines[moved].append(segment(start, down(pair.reference.start), end, down(pair.reference.end)))
    passages = [
        box(
            across(one.suspect.start), down(one.reference.start), across(len(one.suspect)), down(len(one.reference))
        )
        for one in passages_of(comparison)
    ]
    pairs, out_of_order = len(comparison.alignment), len(lines[True])
    order = f"{out_of_order:,} of them out of order" if out_of_order else "all in the same order"
    caption = f"{counted(pairs, 'aligned pair')}, {order}; {counted(len(passages), 'passage')} of reuse."
    if not pairs:
        caption = "No sentence of the suspect has a counterpart in the reference."
    return Plot(path(passages), path(lines[False]), path(lines[True]), caption)


def kind_bars(found: Sequence[Substitution | Giveaway]) -> tuple[KindBar, ...]:
    """All kinds, the most frequent first; those that don't occur last."""
    counts = {kind: [item for item in found if item.kind == kind] for kind in KINDS}
    scale = Scale(0, max(map(len, counts.values()), default=0), 100)
    bars = []
    for kind, items in sorted(counts.items(), key=lambda entry: -len(entry[1])):
        row, telltales = KINDS[kind], sum(item.telltale for item in items)
        widths = number(scale(len(items))), number(scale(telltales))
        bars.append(KindBar(kind, row.letter, row.meaning, len(items), telltales, *widths))
    return tuple(bars)


def waterfall(result: Result) -> Waterfall:
    """The score's sum, strongest reasons first; beside them all features, each with its exact part."""
    start = ALONE_START if result.reference_free else STARTING_POINT
    strongest = [one for one in reasons(result) if abs(one.nats) >= _SHOWN]
    rest = math.fsum(one.nats for one in result.contributions) - math.fsum(one.nats for one in strongest)
    entries = [(start, result.intercept), *[(one.text, one.nats) for one in strongest]]
    if abs(rest) >= _SHOWN:
        entries.append(("what is left together", rest))
    totals = [math.fsum(nats for _, nats in entries[:count]) for count in range(len(entries) + 1)]
    scale = Scale(min(totals) - 0.5, max(totals) + 0.5, FALL_WIDTH)
    steps = [
        Step(text, "", signed(nats), _bar(begin, end, scale), _direction(nats))
        for (text, nats), begin, end in zip(entries, totals, totals[1:], strict=False)
    ]
    ordered = sorted(result.contributions, key=lambda item: (-abs(item.nats), item.feature))
    marked = [(score, math.log(score / (100 - score))) for score in _MARKED_SCORES]
    return Waterfall(
        steps=tuple(steps),
        features=tuple(
            Step(inert(one.explanation), _value(one), signed(one.nats), "", _direction(one.nats)) for one in ordered
        ),
        total=_total(result, math.fsum([result.intercept, *(one.nats for one in ordered)]), scale),
        axis=tuple(
            Tickmark(number(scale(nats)), str(score)) for score, nats in marked if scale.low < nats < scale.high
        ),
        zero=number(scale(0.0)),
    )


def _scales(comparison: Result, size: float) -> tuple[Scale, Scale]:
    """From places in the suspect and in the reference to places in a picture."""
    return (
        Scale(0, len(comparison.suspect.article.text), size),
        Scale(0, len(comparison.reference.article.text), size),
    )


def _pairs(comparison: Result) -> list[tuple[SentencePair, bool]]:
    """The pairs in the suspect's order, and whether each stands out of order."""
    return [(block.pair, block.moved) for block in blocks(comparison) if isinstance(block, Paired)]


def _ends(span: Span, scale: Scale) -> tuple[float, float]:
    return scale(span.start), scale(span.end)


def _bar(start: float, end: float, scale: Scale) -> str:
    left, right = sorted((scale(start), scale(end)))
    return box(left, 0, max(1.0, right - left), 10)


def _direction(nats: float) -> str:
    return "for" if nats > 0 else "against"


def _value(item: Contribution) -> str:
    return f"{item.value:.3g}"


def _total(result: Result, nats: float, scale: Scale) -> Step:
    text = f"together: a spin score of {bounded(result.score)}"
    return Step(text, "", signed(nats), _bar(0.0, nats, scale), f"total {_direction(nats)}")
