"""Words that style guides put in others' places: for men and women alike, and for people rather than conditions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from spindetect.align.lexical.regional import PAIRS
from spindetect.records import Word

_REPLACED = PAIRS["inclusive"]
_MEN = ("man", "men", "woman", "women")
# Letters of the trade that a word for a man or a woman at work has, and that the other phrase begins or ends with.
_SHORTEST_TRADE = 3
_OF_ONE = {
    "he": "they", "she": "they", "him": "them", "her": "them their", "his": "their theirs", "hers": "theirs",
    "himself": "themselves themself", "herself": "themselves themself",
}  # fmt: skip


def inclusive(reference: Sequence[Word], suspect: Sequence[Word]) -> bool:
    """Whether one phrase is the other in words for everybody [fireman -> firefighter, his -> their]."""
    one, other = (" ".join([word.norm for word in side]) for side in (reference, suspect))
    return _put_for(one, other) or _put_for(other, one)


@lru_cache(maxsize=20_000)
def _put_for(old: str, new: str) -> bool:
    if (old, new) in _REPLACED or (old.removesuffix("s"), new.removesuffix("s")) in _REPLACED:
        return True
    if new in _OF_ONE.get(old, "").split():
        return True
    trade = next((old.removesuffix(end) for end in _MEN if old.endswith(end)), "").removesuffix("-")
    if len(trade) < _SHORTEST_TRADE or " " in trade or new.endswith(_MEN):
        return False
    return new.startswith(trade) or new.endswith(trade)
