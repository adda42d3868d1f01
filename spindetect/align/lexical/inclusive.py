"""Words that style guides put in others' places: for men and women alike, and for people rather than conditions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from spindetect.records import Word

# What style guides replace, and what they put there.
_PAIRS = (
    "manpower/staff, manpower/personnel, manned/staffed, foreman/supervisor, ambulanceman/paramedic, "
    "stewardess/flight attendant, air hostess/flight attendant, waitress/server, housewife/homemaker, "
    "actress/actor, headmaster/head teacher, headmistress/head teacher, headmaster/headteacher, "
    "layman/lay person, layman/layperson, freshman/first-year student, handicapped/disabled, "
    "the disabled/disabled people, the blind/blind people, the deaf/deaf people, the homeless/homeless people, "
    "the elderly/older people, the poor/people in poverty, the mentally ill/people with mental illness, "
    "wheelchair-bound/wheelchair user, tramp/homeless person, drug addict/person with addiction, "
    "stroke victim/person who had a stroke, illegal immigrant/undocumented migrant, "
    "illegal immigrant/undocumented immigrant, illegal alien/undocumented immigrant, third-world/low-income, "
    "third-world/developing, prostitute/sex worker, slave/enslaved person, slaves/enslaved people, "
    "slave owner/enslaver, committed suicide/died by suicide, battered wife/survivor of domestic abuse, "
    "gypsy/romani, eskimo/inuit, red indian/native american, deaf and dumb/deaf, "
    "mental illness/mental ill health, christian name/first name, blacklist/blocklist, whitelist/allowlist, "
    "slave/replica, blacklist/denylist, old folk/older people, old people/older people"
)
_REPLACED = frozenset(tuple(pair.split("/")) for pair in _PAIRS.split(", "))
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
