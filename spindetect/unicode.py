"""Characters that need care: ligatures, and those that not every supported Python knows.

All Pythons treat the latter as none knows them, and so give the same bytes.
"""

from __future__ import annotations

import re

from spindetect.files import shipped_table

NEWER: str = shipped_table("unicode.toml")["newer"]
"""The characters that the oldest of the supported Pythons doesn't know, as a class of a pattern."""

LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
"""Letters that typesetters write as one sign, letter by letter."""

_NEWER = re.compile(f"[{NEWER}]")
# Halves of a character beyond U+FFFF, as a truncated emoji in JSON leaves them; spaCy can't encode them.
_UNKNOWN = re.compile(f"[{NEWER}\ud800-\udfff]")
_MAY_HAVE = re.compile("[\u0cf3\u0ece\u10fc\u2ffc-\U0010ffff]")  # a hundred times quicker, and most texts have none


def printable(text: str) -> bool:
    """Whether all of the text prints, as every supported Python sees it; an emoji of last year doesn't."""
    return text.isprintable() and not (_MAY_HAVE.search(text) and _NEWER.search(text))


def known_everywhere(text: str) -> str:
    """The text, as long as it was, with U+FFFD in the place of half characters and of those not known everywhere.

    >>> known_everywhere("a\\U0001fae8\\ud83d") == "a\\ufffd\\ufffd"
    True
    """
    return _UNKNOWN.sub("\ufffd", text) if _MAY_HAVE.search(text) else text
