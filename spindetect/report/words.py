"""What verdicts, tools and counts are called where people read them; data and options have the identifiers."""

from __future__ import annotations

from spindetect.findings import Verdict

VERDICT_NAMES: dict[Verdict, str] = {
    "spun": "spun",
    "back_translated": "translated there and back",
    "llm_rewritten": "rewritten by AI",
    "edited": "edited by people",
    "copied": "copied",
    "independent": "independent",
    "natural": "no signs of a spinner",
    "undecided": "undecided",
}
NO_ACQUITTAL = "No signs of a spinner; translations and rewrites by AI don't show here."
"""What the verdict ``natural`` says, and what it doesn't."""

_TOOLS = {
    "wp_auto_spinner": "a tool with the dictionary of WordPress auto-spinners",
    "wordnet": "a tool with synonyms from WordNet",
    "tortured_phrases": "a tool that garbles technical terms",
    "unknown family": "an unknown tool",
}


def tool_name(family: str) -> str:
    """A family of spinners in words; of one that has none its name without underscores."""
    return _TOOLS.get(family, family.replace("_", " "))


def counted(count: int, noun: str, plural: str = "") -> str:
    """A count with its noun in the right number, as ``1 word`` or ``2,000 words``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {plural or noun + 's'}"
