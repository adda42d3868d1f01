"""How a rule tells boilerplate; the rules stand in ``site_phrases`` and ``credit_phrases``.

A phrase must match a whole line, in any case of letters; decoration before it and
punctuation after it are ignored. No sentence of an article may match: the phrases
are stock ones word by word, imperatives to the reader, or bounded lists of names.
``where`` limits the doubtful ones:

- ``anywhere``: wherever the line stands;
- ``below``: anywhere but on the first line, which could be a headline of that form;
- ``edge``: among the first lines, or after the last paragraph of prose;
- ``top``: among the first lines only.

Repetitions are bounded, so that the time a line takes is too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from spindetect.read.phrase_parts import any_of

Where = Literal["anywhere", "below", "edge", "top"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of boilerplate: what it is, where it stands, and the phrases it is told by.

    ``holds`` is a lower-case string that every such line holds; looking for it first
    spares trying phrases that don't begin with a word of their own.
    """

    reason: str
    where: Where
    phrases: tuple[str, ...]
    holds: str = ""

    @property
    def pattern(self) -> str:
        """The regular expression that a whole line of this kind matches, ignoring case."""
        return any_of(*self.phrases) + r"\W*"


def rule(reason: str, where: Where, *phrases: str, holds: str = "") -> Rule:
    """A rule of some phrases."""
    return Rule(reason, where, phrases, holds)
