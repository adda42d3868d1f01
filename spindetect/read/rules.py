"""How a rule tells boilerplate; the rules stand in ``boilerplate.toml``, beside this file.

A phrase must match a whole line, in any case of letters; decoration before it and
punctuation after it are ignored. No sentence of an article may match: the phrases
are stock ones word by word, imperatives to the reader, or bounded lists of names.
``where`` limits the doubtful ones:

- ``anywhere``: wherever the line stands;
- ``below``: anywhere but on the first line, which could be a headline of that form;
- ``edge``: among the first lines, or after the last paragraph of prose;
- ``top``: among the first lines only.

Repetitions are bounded, so that the time a line takes is too. A name in braces stands for the part of that name; in
a phrase over several lines the breaks and the indents count for nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

from spindetect.files import shipped_table

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


def any_of(*patterns: str) -> str:
    """A pattern for any one of ``patterns``."""
    return f"(?:{'|'.join(patterns)})"


PARTS: dict[str, str] = {}
"""Parts of the phrases, by name: services, agencies, names, dates."""


def _filled(phrase: str) -> str:
    whole = "".join([line.lstrip() for line in phrase.splitlines()])
    return re.sub(r"\{([A-Z_]+)\}", lambda named: PARTS[named[1]], whole)


def _rules(rows: list[dict[str, Any]]) -> tuple[Rule, ...]:
    return tuple([Rule(**{**row, "phrases": tuple(map(_filled, row["phrases"]))}) for row in rows])


_TABLE = shipped_table("read/boilerplate.toml")
for _name, _part in _TABLE["parts"].items():
    PARTS[_name] = any_of(*map(_filled, _part)) if isinstance(_part, list) else _filled(_part)
OPENERS = _rules(_TABLE["opener"])
"""After these, a page may go on with comments or with links to other articles to its end."""
RULES = (*OPENERS, *_rules(_TABLE["rule"]))
