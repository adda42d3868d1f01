"""What verdicts, tools and counts are called where people read them; data and options have the identifiers."""

from __future__ import annotations

from typing import NamedTuple

from spindetect.files import shipped_table
from spindetect.findings import Caution, Verdict


class Said(NamedTuple):
    """What a verdict is called, what it means in a few words, and the report's headline."""

    name: str
    meaning: str
    headline: str


_TABLE = shipped_table("report/verdicts.toml")
VERDICTS: dict[Verdict, Said] = {name: Said(**said) for name, said in _TABLE["verdict"].items()}
UNDECIDED: dict[Caution, str] = _TABLE["undecided"]
"""Why nothing is decided, of the reasons that aren't too little evidence."""
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
