"""Characters that need care: ligatures, and those that not every supported Python knows.

All Pythons treat the latter as none knows them, and so give the same bytes.
"""

from __future__ import annotations

import re

# Python 3.11 has Unicode 14.0, 3.13 has 15.1: the letters, signs and emoji that came in between, and the five
# that became lower-case letters (tests/test_determinism.py compares this list with the interpreter's own).
NEWER = (
    "\u0cf3\u0ece\u10fc\u2ffc-\u2fff\u31ef\ua7f2-\ua7f4\uab69\U00010efd-\U00010eff\U0001123f-\U00011241"
    "\U00011b00-\U00011b09\U00011f00-\U00011f10\U00011f12-\U00011f3a\U00011f3e-\U00011f59\U0001342f"
    "\U00013439-\U00013455\U0001b132\U0001b155\U0001d2c0-\U0001d2d3\U0001df25-\U0001df2a\U0001e030-\U0001e06d"
    "\U0001e08f\U0001e4d0-\U0001e4f9\U0001f6dc\U0001f774-\U0001f776\U0001f77b-\U0001f77f\U0001f7d9"
    "\U0001fa75-\U0001fa77\U0001fa87\U0001fa88\U0001faad-\U0001faaf\U0001fabb-\U0001fabd\U0001fabf"
    "\U0001face\U0001facf\U0001fada\U0001fadb\U0001fae8\U0001faf7\U0001faf8\U0002b739\U0002ebf0-\U0002ee5d"
    "\U00031350-\U000323af"
)

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
