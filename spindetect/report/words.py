"""Verdicts, tools, directions, counts and numbers in words, as people read them; data has the identifiers."""

from __future__ import annotations

from typing import Any, NamedTuple

from spindetect.files import shipped_table
from spindetect.findings import MACHINE_RELATIONS, Caution, Direction, Result, Verdict
from spindetect.report.inert import inert


class Said(NamedTuple):
    """A verdict's name, its meaning in a few words, and the report's headline."""

    name: str
    meaning: str
    headline: str


_TABLE = shipped_table("report/verdicts.toml")
VERDICTS: dict[Verdict, Said] = {name: Said(**said) for name, said in _TABLE["verdict"].items()}
PAGES: dict[str, Any] = _TABLE["pages"]
"""Sentences that only pages have."""
COPIES: dict[str, str] = _TABLE["letters"]
"""What a letter says that a copy of each verdict does."""
UNDECIDED: dict[Caution, str] = _TABLE["undecided"]
"""Why nothing is decided, of the reasons that aren't too little evidence."""
NO_ACQUITTAL = "No signs of a spinner; translations and rewrites by AI don't show here."
"""The meaning of the verdict ``natural``, and its limits."""

# Probability from which a direction is stated as a fact; published times alone reach it, two weak signs don't.
_SURE = 0.9
_TOOLS: dict[str, str] = _TABLE["tools"]


def tool_name(family: str) -> str:
    """A family of spinners in words; of one that has none its name without underscores."""
    return _TOOLS.get(family, family.replace("_", " "))


def family_share(result: Result) -> float | None:
    """The share of the substitutions (0 to 1) that the named family makes; of an unknown one the highest share."""
    named = [fit.share for fit in result.families if fit.name == result.family]
    return max(named or [fit.share for fit in result.families], default=None)


def which_tool(result: Result) -> str | None:
    """The family in words, with the share of the substitutions that each known one makes; None when not told.

    Nor where the reference is the copy: then no tool made the suspect.

    "a tool with synonyms from WordNet, which makes 91% of these substitutions (a tool that garbles terms 16%)"
    """
    if result.family is None or result.reference_is_copy:
        return None
    named = [fit for fit in result.families if fit.name == result.family]
    others = ", ".join(f"{tool_name(fit.name)} {fit.share:.0%}" for fit in result.families if fit not in named)
    if not named:
        return f"{tool_name(result.family)}; known ones make too few of these substitutions ({others})"
    made = f"{tool_name(result.family)}, which makes {named[0].share:.0%} of these substitutions"
    return f"{made} ({others})" if others else made


def direction_matters(comparison: Result) -> bool:
    """Whether it belongs in the first line: it is told, or the suspect is accused and it isn't."""
    direction = comparison.direction
    return direction is not None and (direction.copy is not None or comparison.verdict in MACHINE_RELATIONS)


def which_copy(direction: Direction) -> str:
    """Which side is the copy, or that it can't be told, as a clause.

    >>> which_copy(Direction("suspect", "the suspect's words are rarer", 0.8))
    'the suspect is probably the copy'
    """
    if direction.copy is None:
        return "which text is the copy can't be told"
    sure = max(direction.probability, 1.0 - direction.probability) >= _SURE
    return f"the {direction.copy} is {'' if sure else 'probably '}the copy"


def who_copied(direction: Direction) -> str:
    """Which side is the copy, or that it can't be told, and why; inert, without a full stop.

    >>> who_copied(Direction("suspect", "the suspect was published later", 0.92))
    'the suspect is the copy: the suspect was published later'
    """
    return f"{which_copy(direction)}: {inert(direction.reason)}"


def counted(count: int, noun: str, plural: str = "") -> str:
    """A count with its noun in the right number, as ``1 word`` or ``2,000 words``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {plural or noun + 's'}"


MINUS = "\N{MINUS SIGN}"


def percent(share: float, digits: int = 1) -> str:
    """A probability or share in per cent that never claims more than is known.

    >>> percent(0.999996), percent(0.5), percent(1.0), percent(0.00001)
    ('over 99.9%', '50.0%', '100%', 'under 0.1%')
    """
    return f"{bounded(100.0 * share, digits)}%"


def bounded(value: float, digits: int = 1) -> str:
    """A number of 0 to 100, rounded; what isn't quite 0 or 100 is never written as if it were.

    >>> bounded(99.9996), bounded(31.55), bounded(100.0)
    ('over 99.9', '31.6', '100')
    """
    step = 10.0**-digits
    if value in (0.0, 100.0):
        return f"{value:.0f}"
    if value > 100.0 - step / 2:
        return f"over {100.0 - step:.{digits}f}"
    if value < step / 2:
        return f"under {step:.{digits}f}"
    return f"{value:.{digits}f}"


def signed(nats: float, digits: int = 2) -> str:
    """A number with its sign, a real minus; what rounds to zero has none.

    >>> signed(0.154), signed(-1.5), signed(-0.001)
    ('+0.15', '−1.50', '0.00')
    """
    text = f"{abs(nats):.{digits}f}"
    if not float(text):
        return text
    return f"{'+' if nats > 0 else MINUS}{text}"
