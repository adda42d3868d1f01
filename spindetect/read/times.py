"""When something was published, as closely as its text says: a moment, a minute, a day, a week, a month."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from spindetect.files import shipped_table

_MINUTE, _HOUR, _DAY, _WEEK = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
_NONE = timedelta()
_EAST, _WEST = timedelta(hours=14), timedelta(hours=12)  # the zones farthest from Greenwich
# Years in which digits alone are a time: what is outside is another number.
_FIRST_YEAR, _LAST_YEAR = 1990, 2099
_EARLIEST, _LATEST = (datetime(year, 1, 1, tzinfo=UTC).timestamp() for year in (_FIRST_YEAR, _LAST_YEAR + 1))
_OLDEST = 1600
_TABLE = shipped_table("read/times.toml")
_CLOCKS = tuple(datetime.fromisoformat(f"{day}T00Z") for day in _TABLE["beginnings"].split())
_ZONES = {name: f"{hours:+03}00" for name, hours in _TABLE["zones"].items()}
# What people and programs write around a time: its label, what it is in other words, and when it was changed.
_LABEL = re.compile(r"^(?:(?:first )?(?:published|posted)(?: on)?:? )(?=\S)", re.IGNORECASE)
_REMARK = re.compile(
    r"(?<=\w)\s?[\[(](?!\w*ed[\])])[^\[\]()]*[\])]$|[\s,;][|·•–—-]?\s?(?:last )?(?:updated|modified)\b:? .*",
    re.IGNORECASE,
)
_CLOCK = r"(:\d\d(?:\.\d+)?) ?"
_ZONE = re.compile(rf"{_CLOCK}(?:(?:GMT|UTC)([+-])(\d\d?)(?::?(\d\d))?|([A-Z]{{3,4}})(?= \d{{4}}$|$))", re.ASCII)
_NAMED_AGAIN = re.compile(rf"{_CLOCK}([+-]\d\d:?\d\d) [A-Z]{{3,5}}$", re.ASCII)
_COMPACT = {14: ("%Y%m%d%H%M%S", _NONE), 12: ("%Y%m%d%H%M", _MINUTE), 8: ("%Y%m%d", _DAY)}
_DIGITS = re.compile(r"\d+(\.\d+)?", re.ASCII)
_ISO_DAY = re.compile(r"(\d{4})([-./])(\d\d?)\2(\d\d?)(?:([T ])(?=\d)(\d(?=:))?)?", re.ASCII)
_NET = re.compile(r"/Date\((\d+)(?:[+-]\d{4})?\)/", re.ASCII)  # [/Date(1741255200000)/], of .NET
_ISO_MONTH = re.compile(r"(\d{4})[-/](\d{1,2})", re.ASCII)
_ISO_WEEK = re.compile(r"\d{4}-?W\d{2}", re.ASCII)
_ISO_HOUR = re.compile(r"[T ]\d\d(?=Z|[+-]|$)", re.ASCII)
_SECONDS = re.compile(r":\d\d:\d\d|T\d{6}", re.ASCII)
_MONTHS = tuple(_TABLE["months"].split())
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"
# [10:04 AM EST, Sun March 3]
_TIME_FIRST = r"(?:\d{1,2}[:.]\d\d(?: ?[ap]\.?m\.?)?(?: [a-z]{2,4})?,?\s+(?:on\s+)?)?"
_DAY_NUMBER = r"(?P<{}>\d{{1,2}})(?:st|nd|rd|th)?\.?"
_NUMBERS = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?:,?[ T]\d{1,2}[:.]\d\d.{0,20})?", re.ASCII)
_WORDS = re.compile(
    rf"{_TIME_FIRST}{_WEEKDAY}(?:{_DAY_NUMBER.format('before')}(?:-|\s+(?:of\s+)?))?(?P<month>[a-z]{{3,9}})\.?"
    rf"(?:\s+{_DAY_NUMBER.format('after')})?(?:-|,?\s+)(?P<year>\d{{4}})(?P<time>,?\s+(?:at\s+)?\d.*)?",
    re.IGNORECASE | re.ASCII,
)
_HALF_DAY = re.compile(r"\d\s*[ap]\.?m\b", re.IGNORECASE)  # a mail's date has none: "6:42 pm" would be 6:42


@dataclass(frozen=True, slots=True)
class Moment:
    """When something happened, as closely as it is known: from ``first`` to ``last``."""

    first: datetime
    last: datetime


def parse_time(text: str | None) -> Moment | None:
    """A published time: ISO 8601, a mail's or feed's date, a date in English words, digits, or Unix time.

    None for anything else: 03/04/2025, of which nobody can say which is the month (13/11/2025 has one only), and
    times that stand where none was known, as the year 1 or 1970-01-01. A date is the
    whole day, and so is midnight, which stands where only the date was known; weeks and months
    are whole ones. A time without a zone may be of any zone on Earth.

    >>> parse_time("20251113184200") == parse_time("2025-11-13T18:42:00")
    True
    >>> parse_time("Nov 13, 2025") == parse_time("2025-11-13")
    True
    """
    moment = _moment((text or "").strip())
    return None if moment is None or _is_nothing(moment) else moment


def is_filler(text: str) -> bool:
    """Whether a text is no time at all, or one that stands where none was known."""
    text = text.strip()
    moment = _moment(text)
    return not text or (moment is not None and _is_nothing(moment)) or text.startswith(("0000", "0001"))


def _moment(text: str) -> Moment | None:
    text = _NAMED_AGAIN.sub(r"\1\2", _LABEL.sub("", _REMARK.sub("", _NET.sub(r"\1", text))))
    text = _ZONE.sub(_offset, text)
    readers = (_from_digits,) if _DIGITS.fullmatch(text) else (_from_iso, _from_numbers, _from_mail, _from_words)
    for read in readers:
        if moment := _attempt(read, text):
            return moment
    return None


def _offset(zone: re.Match[str]) -> str:
    """A zone in hours from Greenwich: [GMT+1 -> +0100], [CEST -> +0200]; one that isn't known stays."""
    clock, sign, hours, minutes, name = zone.groups()
    return f"{clock} {sign}{hours:>02}{minutes or '00'}" if sign else f"{clock} {_ZONES.get(name, name)}"


def _is_nothing(moment: Moment) -> bool:
    """Whether a moment is from before there were newspapers, far ahead, or where a computer's clock begins."""
    first, last = moment.first, moment.last
    if not first.year >= _OLDEST or last.year > _LAST_YEAR:
        return True
    return any(first <= start <= last and last - first < 4 * _DAY for start in _CLOCKS)


def _attempt(read: Callable[[str], Moment | None], text: str) -> Moment | None:
    """A reader's time for the text; None where it is no time, or one beyond any calendar."""
    try:
        return read(text)
    except (ValueError, TypeError, IndexError, OverflowError, OSError):
        return None


def _from_digits(text: str) -> Moment | None:
    """[20251113184200], [202511131842], [20251113], or Unix time in seconds, milli-, micro- or nanoseconds."""
    if len(text) in _COMPACT:
        form, length = _COMPACT[len(text)]
        try:
            found = datetime.strptime(text, form)
        except ValueError:
            pass
        else:
            if _FIRST_YEAR <= found.year <= _LAST_YEAR:
                return _lasting(found, length)
    for unit in (1.0, 1e3, 1e6, 1e9):
        if _EARLIEST <= float(text) / unit < _LATEST:
            return _lasting(datetime.fromtimestamp(float(text) / unit, UTC), _NONE)
    return None


def _from_iso(text: str) -> Moment | None:
    """[2025-11-13T18:42:00Z], [2025-11-13], [2025/11/13], [2025-W46], [2025-11]"""
    if month := _ISO_MONTH.fullmatch(text):
        return _month(int(month[1]), int(month[2]))
    if day := _ISO_DAY.match(text):
        hour = f"{day[5]}{day[6]:>02}" if day[6] else day[5] or ""
        text = f"{day[1]}-{day[3]:>02}-{day[4]:>02}{hour}{text[day.end() :]}"
    found = datetime.fromisoformat(re.sub(r"(:[\d.]+) (?=[+-]\d)", r"\1", text))
    if _ISO_WEEK.fullmatch(text):
        return _lasting(found, _WEEK)
    if len(text) <= len("2025-W46-4"):
        return _lasting(found, _DAY)
    if _SECONDS.search(text):
        return _lasting(found, _NONE)
    return _lasting(found, _HOUR if _ISO_HOUR.search(text) else _MINUTE)


def _from_numbers(text: str) -> Moment | None:
    """[13/11/2025], [11/13/2025], [13.11.2025 18:42]; of a time of day only the day is taken."""
    found = _NUMBERS.fullmatch(text)
    if found is None:
        return None
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    if first <= 12 and second <= 12 and first != second:  # either may be the month
        return None
    return _lasting(datetime(year, min(first, second), max(first, second)), _DAY)


def _from_mail(text: str) -> Moment | None:
    """[Thu, 13 Nov 2025 18:42:00 GMT]"""
    if _HALF_DAY.search(text):
        return None
    return _lasting(parsedate_to_datetime(text), _NONE if _SECONDS.search(text) else _MINUTE)


def _from_words(text: str) -> Moment | None:
    """[13 November 2025], [Nov 13th, 2025, 6:42 pm], [November 2025]; of a time of day only the day is taken."""
    found = _WORDS.fullmatch(text)
    if found is None or (found["before"] and found["after"]):
        return None
    month = month_number(found["month"])
    day = found["before"] or found["after"]
    if day is None:
        return None if found["time"] else _month(int(found["year"]), month)
    return _lasting(datetime(int(found["year"]), month, int(day)), _DAY)


def month_number(name: str) -> int:
    """The number of a month, of its name or the beginning of it; 0 of anything else."""
    return next((number for number, full in enumerate(_MONTHS, 1) if full.startswith(name.lower())), 0)


def _month(year: int, month: int) -> Moment:
    first = datetime(year, month, 1)
    following = datetime(year + month // 12, month % 12 + 1, 1)
    return _lasting(first, following - first)


def _lasting(found: datetime, length: timedelta) -> Moment:
    """The stretch of ``length`` that begins at a time, longer where the zone isn't known."""
    if length < _DAY and (found.hour, found.minute, found.second, found.microsecond) == (0, 0, 0, 0):
        length = _DAY
    if found.tzinfo is not None:
        first = found.astimezone(UTC)
        return Moment(first, first + length)
    first = found.replace(tzinfo=UTC)
    return Moment(first - _EAST, first + _WEST + length)
