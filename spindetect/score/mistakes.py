"""Mistakes of grammar that learners of English make, by which a corrected text is told from its first draft.

``register.toml`` has the words that they begin with and how they go on.
"""

from __future__ import annotations

import re

from spindetect.files import shipped_table
from spindetect.records import Document

_TABLE = shipped_table("score/register.toml")
# All in one pattern, parted by their first letters: three times as fast as one after another.
_ENDS: dict[str, list[str]] = {}
for _words, _rest in _TABLE["mistakes"]:
    for _name, _pattern in _TABLE["stands_for"].items():
        _rest = _rest.replace(_name, _pattern)
    for _letter in dict.fromkeys([word[0] for word in _words.split()]):
        _of_letter = "|".join([word[1:] for word in _words.split() if word[0] == _letter])
        _ENDS.setdefault(_letter, []).append(f"(?:{_of_letter}){_rest}")
_ALL = "|".join([f"{re.escape(one)}(?:{'|'.join(ends)})" for one, ends in _ENDS.items()])
_PATTERN = re.compile(rf"(?<!\w)(?:{_ALL})\b")


def mistakes(document: Document) -> int:
    """How many mistakes a text has that learners make; those that a native speaker may mean aren't counted."""
    return len(_PATTERN.findall(" ".join([word.norm for word in document.words if word.shape != "space"])))
