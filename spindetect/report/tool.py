"""Which tool made the substitutions, in a line and in numbers."""

from __future__ import annotations

from spindetect.findings import Result
from spindetect.report.words import tool_name


def family_share(result: Result) -> float | None:
    """The share of the substitutions (0 to 1) that the named family makes; of an unknown one the highest share."""
    named = [fit.share for fit in result.families if fit.name == result.family]
    return max(named or [fit.share for fit in result.families], default=None)


def which_tool(result: Result) -> str | None:
    """The family in words, with the share of the substitutions that each known one makes; None when not told.

    Nor where the reference is the copy: then no tool made the suspect.

    "a tool with synonyms from WordNet, which makes 91% of these substitutions (a tool that garbles terms 16%)"
    """
    if result.family is None or (isinstance(result, Result) and result.reference_is_copy):
        return None
    named = [fit for fit in result.families if fit.name == result.family]
    others = ", ".join(f"{tool_name(fit.name)} {fit.share:.0%}" for fit in result.families if fit not in named)
    if not named:
        return f"{tool_name(result.family)}; known ones make too few of these substitutions ({others})"
    made = f"{tool_name(result.family)}, which makes {named[0].share:.0%} of these substitutions"
    return f"{made} ({others})" if others else made
