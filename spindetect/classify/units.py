"""Units of measure and money, listed in ``units.toml``: what the same quantity is in another unit."""

from __future__ import annotations

from typing import NamedTuple

from spindetect.files import shipped_table


class Unit(NamedTuple):
    """A unit, and how many of its dimension's base unit it is.

    ``least`` and ``most`` differ where a name stands for several units [ton, gallon, month], or where what it is
    worth changes from day to day (money). ``zero`` is where a temperature's scale begins. The dimension of a rate
    is made of two [length/duration]; the first may be a noun that is counted [people/area].
    """

    name: str
    dimension: str
    least: float
    most: float
    zero: float = 0.0


_TABLE = shipped_table("classify/units.toml")
_WORTH: dict[str, dict[str, float | list[float]]] = _TABLE["worth"]
_POWERS: list[tuple[int, str, str, str, str]] = [tuple(one) for one in _TABLE["powers"]]
_TEMPERATURES: dict[str, tuple[float, float, str]] = {
    name: (float(one[0]), float(one[1]), one[2]) for name, one in _TABLE["temperatures"].items()
}
_IRREGULAR: dict[str, str] = _TABLE["irregular"]


def _spellings(name: str) -> set[str]:
    """A name in the singular and the plural, with -meter for -metre; words are joined by hyphens."""
    head, _, rest = name.partition("-per-") if "-per-" in name else (name, "", "")
    stem, _, last = head.rpartition("-")
    plural = _IRREGULAR.get(last, last + "s")
    heads = {f"{stem}-{one}" if stem else one for one in (last, plural)}
    found = {f"{one}-{link}-{rest}" if rest else one for one in heads for link in ("per", "an", "a")}
    return found | {one.replace("metre", "meter").replace("litre", "liter") for one in found}


def _table() -> dict[str, tuple[Unit, ...]]:
    """All units by every spelling: lower-case, words joined by hyphens."""
    found: dict[str, list[Unit]] = {}

    def put(unit: Unit, spellings: set[str]) -> None:
        for spelling in spellings:
            found.setdefault(spelling, []).append(unit)

    for dimension, units in _WORTH.items():
        for entry, worth in units.items():
            name, short = entry.split(" |")
            least, most = worth if isinstance(worth, list) else (worth, worth)
            put(Unit(name, dimension, least, most), _spellings(name) | set(short.split()))
            for power, raised, long, brief, sign in _POWERS if dimension == "length" else ():
                spelled = {f"{word}-{one}" for one in _spellings(name) for word in (long, brief)}
                for letters in filter(str.isalpha, short.split()):
                    spelled |= {f"{brief}-{letters}", f"{letters}{sign}"}
                put(Unit(f"{long}-{name}", raised, least**power, most**power), spelled)
    for name, (kelvins, zero, spelled_as) in _TEMPERATURES.items():
        unit = Unit(name, "temperature", kelvins, kelvins, zero)
        put(unit, {form for one in spelled_as.split() for form in (one, one.replace("degree-", "degrees-"))})
        put(unit, {"degree", "degrees", "°"} if name != "kelvin" else set())
    return {spelling: tuple(units) for spelling, units in found.items()}


UNITS: dict[str, tuple[Unit, ...]] = _table()
"""The units that a spelling may stand for; "pound" is a mass and a money."""
