"""Quantities: numbers with their units, shares and times of day, read from a text and held against one another."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from spindetect.classify.numerals import (
    COUNTING,
    DIGITS,
    MEASURED,
    OF_MONEY,
    PARTS,
    SHORT_TIMES,
    SINGLE,
    WORDS,
    counted,
    single,
    written,
)
from spindetect.classify.units import UNITS, Unit
from spindetect.segment.english import TIME_ZONES

_MONEY_BEFORE = re.compile(r"(?<!\w)(?P<unit>[A-Z]{0,2}[$€£¥₹₩₪₦₽]|[A-Z]{3}(?=\s)|Rs\.?)\s?\Z")
_MINUS_BEFORE = re.compile(r"(?:(?<![^\W_])minus\s|(?<![\w,.])[-−])\Z", re.I)
_LONGEST_SIGN = 6
_MORE = re.compile(r"\sand\sa\s(?P<part>half|quarter)\b", re.I)
# What a rate goes on with [per 100 km, a gallon]; what is counted may stand before [120 people per square mile].
_PER = re.compile(
    r"(?:(?P<noun>(?:\s(?!per\b)[^\W\d_]{1,20}){0,2})\sper\s|\s?/\s?|\s(?P<a>an?)\s)(?P<times>[1-9]\d{0,3})?", re.I
)
# Up to four words, the longest known wins [miles per hour]; degrees and inches may be signs.
_UNIT = re.compile(r"[\s-]{0,2}(?P<unit>[°℃℉](?:\s?[CF]\b)?|[″′”\"](?!\w)|[$€£](?!\w)|[^\W\d_]+(?:/[a-z]+|[²³$])?)")
_UNIT_AGAIN = re.compile(r"[\s-]{1,2}([^\W\d_]+)")
_SMALLER = re.compile(
    rf"(?:,?\s|-|\sand\s|)(?P<number>\d{{1,2}}(?:\.\d)?|{WORDS})(?:[\s-]?(?P<unit>[″”\"]|[a-z]+\b))?", re.I
)
_SMALLER_UNITS = {"foot": "inch", "stone": "pound", "pound": "ounce", "hour": "minute", "minute": "second",
                  "metre": "centimetre", "year": "month"}  # fmt: skip
_FEET_AND_INCHES = re.compile(r"(?P<feet>\d)\s?['’′]\s?(?P<inches>1?\d(?:\.5)?)\b")
_SHARE = re.compile(
    rf"(?P<hundredths>{SINGLE})[\s-]?(?:%|percent\b|per\scent\b|pct\b)"
    rf"|(?P<some>{DIGITS}|{WORDS})(?:\stimes)?\s(?:in|out\sof)\s(?:every\s)?(?P<all>{DIGITS}|{WORDS})"
    rf"|(?P<parts>an?|{WORDS})[\s-](?P<part>{'|'.join(PARTS)})s?\b(?!\sof\san?\b)"
    r"|(?P<half>half)\b(?!\san?\b|-)",
    re.I,
)
_ZONES = "(?-i:" + "|".join(zone.upper() if len(zone) < 5 else zone.capitalize() for zone in TIME_ZONES) + ")"
_CLOCK = re.compile(
    rf"(?:(?P<named>noon|midday|midnight)\b|(?P<military>\d{{4}})(?=\s(?:hours|hrs|{_ZONES})\b)"
    rf"|(?P<hour>\d{{1,2}}|{COUNTING})(?:[:.](?P<minute>\d\d))?(?!\d)"
    r"(?:\s?(?P<half>[ap]\.?\s?m\b\.?|o['’]clock))?)"
    rf"(?:\s?(?P<hours>hours|hrs|h)\b)?(?:\s\(?(?P<zone>{_ZONES})\b(?:\s(?:standard\s|daylight\s|mean\s|summer\s)?time\b)?)?",
    re.I,
)


class Quantity(NamedTuple):
    """A quantity in a text: code points ``start`` up to ``end``.

    ``numbers`` are one, or the two ends of a range; ``step`` is the smallest difference that they are written with
    [20 -> 10, 2.8 -> 0.1]. ``units`` are what the unit's spelling may stand for; a share of the whole has none, and
    its number is 0 to 1. A time of day has its ``minutes`` since midnight (two, if morning and evening can't be
    told) and, with a zone, what those are in Greenwich. ``bare`` says that the number is only an article [a mile].
    ``magnified`` is the number where the unit's letter stands for a magnitude [3m, 400k], else 0. ``rate`` is the
    quantity with what it is reckoned ``per`` [$4 a gallon], whose unit is made of two.
    """

    start: int
    end: int
    numbers: tuple[float, ...] = ()
    step: float = 0.0
    units: tuple[Unit, ...] = ()
    magnified: float = 0.0
    rate: Quantity | None = None
    per: str = ""
    minutes: frozenset[int] = frozenset()
    greenwich: frozenset[int] = frozenset()
    zone: str = ""
    bare: bool = False


def quantity_at(text: str, start: int, stop: int) -> Quantity | None:
    """The quantity whose number begins at ``start``, all of it before ``stop``; None if there is none."""
    for read in (_clock, _feet_and_inches, _share, _money, _measure):
        found = read(text, start, stop)
        if found:
            return found._replace(rate=_rate(text, found, stop))
    number = counted(text, start, stop)
    found = Quantity(start, number[0], (number[1],)) if number else None
    return found and found._replace(rate=_rate(text, found, stop))


# --- reading ---------------------------------------------------------------------------------------------


def _money(text: str, start: int, stop: int) -> Quantity | None:
    """An amount after the sign of a currency, or before its name."""
    before = _MONEY_BEFORE.search(text[max(0, start - _LONGEST_SIGN) : start])
    found = OF_MONEY.match(text, start, stop)
    if not before or not found:
        return None
    units = tuple(unit for unit in _units(before["unit"].rstrip(".")) if unit.dimension == "money")
    if not units:
        return None
    return Quantity(start - len(before[0]), found.end(), *written(found), units)


def _measure(text: str, start: int, stop: int) -> Quantity | None:
    """An amount before a unit, and perhaps another one of a smaller unit [6 feet 2 inches]."""
    for pattern in (MEASURED, OF_MONEY):
        found = pattern.match(text, start, stop)
        named = _unit_at(text, found.end(), stop) if found else None
        if found and named:
            break
    else:
        return None
    units, end = named
    numbers, step = written(found)
    if text[found.end() : end] == "st" and numbers[0] % 10 == 1 and numbers[0] % 100 != 11:
        return None  # [61st]
    if len(numbers) == 1:
        smaller = _smaller(text, end, stop, units[0])
        if smaller:
            more, step, end = smaller
            numbers, units = (numbers[0] + more,), units[:1]
        elif later := _MORE.match(text, end, stop):  # [an hour and a half]
            numbers, step, end = (
                (numbers[0] + (0.5 if later["part"].lower() == "half" else 0.25),),
                0.25,
                later.end(),
            )
    minus = _MINUS_BEFORE.search(text[max(0, start - _LONGEST_SIGN) : start])
    if minus and units[0].dimension == "temperature":
        start, numbers = start - len(minus[0]), tuple([-number for number in numbers])
    magnified = numbers[0] * SHORT_TIMES.get(text[found.end() : end].lower(), 0.0)
    return Quantity(start, end, numbers, step, units, magnified, bare=found["first"].lower() in ("a", "an"))


def _rate(text: str, found: Quantity, stop: int) -> Quantity | None:
    """A quantity with the unit that it is reckoned by, made one unit; None where none follows."""
    per = _PER.match(text, found.end, stop)
    below = _unit_at(text, per.end(), stop) if per else None
    noun = (per["noun"] or "").strip().lower().removesuffix("s") if per else ""
    things = noun and not noun.startswith("of ")  # [2 ounces of gold per ton]
    if per is None or below is None or found.minutes or (things if found.units else per["a"]):
        return None
    above = [unit._replace(dimension=f"{unit.dimension} {noun}".rstrip()) for unit in found.units]
    units = _by(tuple(above) or (Unit(noun, noun, 1.0, 1.0),), below[0], float(per["times"] or 1))
    named, step = f"{per['times']} {below[0][0].name}", found.step or 1.0
    return found._replace(end=below[1], step=step, units=units, magnified=0.0, per=named) if units else None


def _by(above: tuple[Unit, ...], below: tuple[Unit, ...], n: float = 1.0) -> tuple[Unit, ...]:
    """The units of a rate: each of the first by ``n`` of each of the second."""
    both = [(a, b) for a in above for b in below if b.dimension not in ("money", "temperature")]
    return tuple([
        Unit(f"{a.name}/{b.name}", f"{a.dimension}/{b.dimension}", a.least / b.most / n, a.most / b.least / n)
        for a, b in both
    ])  # fmt: skip


def _unit_at(text: str, place: int, stop: int) -> tuple[tuple[Unit, ...], int] | None:
    """The units that the longest known spelling after a number may stand for, and where it ends."""
    found = _UNIT.match(text, place, stop)
    if not found:
        return None
    parts, ends = [re.sub(r"\s", "", found["unit"]).replace("”", "″").replace('"', "″")], [found.end()]
    while len(parts) < 4 and (again := _UNIT_AGAIN.match(text, ends[-1], stop)):
        parts.append(again[1])
        ends.append(again.end())
    for count in range(len(parts), 0, -1):
        units = _units("-".join(parts[:count]))
        if units:
            return units, ends[count - 1]
    return None


def _smaller(text: str, place: int, stop: int, unit: Unit) -> tuple[float, float, int] | None:
    """The addition of a second number in the first one's unit, its step and its end [6-foot-2, 11 stone 4 lb]."""
    found = _SMALLER.match(text, place, stop)
    name = _SMALLER_UNITS.get(unit.name)
    if not found or not name or (not found["unit"] and unit.name not in ("foot", "stone")):
        return None
    spelled = (found["unit"] or name).lower()
    named = [one for one in _units("″" if spelled in '″”"' else spelled) if one.name == name]
    end = found.end()
    if not named and unit.name in ("foot", "stone"):  # [6-foot-2 forward]
        named, end = [one for one in _units(name) if one.dimension == unit.dimension], found.end("number")
    if not named:
        return None
    return single(found["number"])[0] * named[0].least / unit.least, named[0].least / unit.least, end


@lru_cache(maxsize=5_000)
def _units(spelled: str) -> tuple[Unit, ...]:
    above, slash, below = spelled.lower().partition("/")
    known = UNITS.get(spelled.lower(), ())
    return known or (_by(UNITS.get(above, ()), UNITS.get(below, ())) if slash else ())


def _feet_and_inches(text: str, start: int, stop: int) -> Quantity | None:
    found = _FEET_AND_INCHES.match(text, start, stop)
    if not found:
        return None
    end = found.end() + (text[found.end() : found.end() + 1] in tuple('"”″'))
    return Quantity(start, end, (int(found["feet"]) + float(found["inches"]) / 12,), 1 / 12, _units("foot"))


def _share(text: str, start: int, stop: int) -> Quantity | None:
    found = _SHARE.match(text, start, stop)
    if not found:
        return None
    if found["hundredths"]:
        value = single(found["hundredths"])[0] / 100
    elif found["all"]:
        every = single(found["all"])[0]
        value = single(found["some"])[0] / every if every else 0.0
    else:
        value = 0.5 if found["half"] else single(found["parts"])[0] / PARTS[found["part"].lower()]
    return Quantity(start, found.end(), (value,))


def _clock(text: str, start: int, stop: int) -> Quantity | None:
    """A time of day: it takes minutes after a colon, a half of the day, a zone, or "o'clock"."""
    found = _CLOCK.match(text, start, stop)
    if not found:
        return None
    half, zone = (found["half"] or "").lower(), (found["zone"] or "").lower()
    colon = found["minute"] and text[found.end("hour")] == ":"
    if not (found["named"] or found["military"] or half or zone or colon):
        return None
    if found["named"]:
        hour, minute = 0 if found["named"].lower() == "midnight" else 12, 0
    elif found["military"]:
        hour, minute = divmod(int(found["military"]), 100)
    else:
        hour, minute = int(single(found["hour"])[0]), int(found["minute"] or 0)
    if hour > 24 or minute > 59:
        return None
    hours = {hour % 12 + (12 if half[0] == "p" else 0)} if half[:1] in ("a", "p") else {hour % 24}
    if half[:1] not in ("a", "p") and 1 <= hour <= 12 and not found["named"] and not found["military"]:
        hours = {hour % 12, hour % 12 + 12}
    minutes = frozenset(60 * one + minute for one in hours)
    ahead = TIME_ZONES.get(zone, ())
    utc = frozenset((one - offset) % 1440 for one in minutes for offset in ahead)
    return Quantity(start, found.end(), minutes=minutes, greenwich=utc, zone=zone)
