"""Numbers as texts write them: in digits, in words, with magnitudes, as parts of one."""

from __future__ import annotations

import re

from spindetect.files import shipped_table
from spindetect.segment.english import NUMBER_WORDS, ORDINAL_WORDS

SHORT_TIMES = {"m": 1e6, "b": 1e9, "k": 1e3}
_TIMES: dict[str, float] = {**shipped_table("classify/units.toml")["times"], **SHORT_TIMES}
_VULGAR = {"½": 0.5, "⅓": 1 / 3, "⅔": 2 / 3, "¼": 0.25, "¾": 0.75, "⅛": 0.125}
PARTS = {"half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}

_SPACES = " \u00a0\u2009\u202f'’"  # what some set between thousands
_BETWEEN = re.compile(f"[,{_SPACES}]")
DIGITS = rf"(?:\d{{1,3}}(?:,\d{{3}})+|\d{{1,3}}(?:[{_SPACES}]\d{{3}})+|\d{{1,15}})(?:\.\d{{1,6}})?(?!\d)"
COUNTING = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))
WORDS = rf"(?:{COUNTING})(?:[\s-](?:{COUNTING}))?\b"
# [half a mile, half-hour, three quarters of an hour]
_PART_OF_ONE = rf"half(?:\san?\b|(?=-))|(?:(?:an?|{COUNTING})[\s-])?(?:quarter|third)s?\sof\san?\b"
SINGLE = rf"(?:{DIGITS}(?:\s?[½⅓⅔¼¾⅛])?|[½⅓⅔¼¾⅛]|{_PART_OF_ONE}|{WORDS}|an?\b)"
_AMOUNT = (
    rf"(?P<first>{SINGLE})(?:\s?(?:-|–|\bto\b|\bor\b|\band\b)\s?(?P<second>{DIGITS}|{WORDS}))?"
    r"(?P<more>\sand\sa\s(?:half|quarter)\b)?"
)


def _with_magnitude(names: tuple[str, ...]) -> re.Pattern[str]:
    times = rf"(?:[\s-]?(?P<times>{'|'.join(names)})\b)?"
    return re.compile(rf"{_AMOUNT}{times}(?P<later>\sand\sa\s(?:half|quarter)\b)?", re.I)


OF_MONEY = _with_magnitude(tuple(_TIMES))
MEASURED = _with_magnitude(
    tuple(name for name in _TIMES if name not in SHORT_TIMES)
)  # 3m is three metres, if not of money
_ONE_PART = re.compile(rf"(?:(?P<parts>an?|{COUNTING})[\s-])?(?P<part>half|quarter|third)s?(?:\sof)?(?:\san?)?\Z")
# A number by itself [one hundred and forty, a million, 61st, sixty-first].
_LARGE = "hundred|thousand|million|billion|trillion|dozen"
_IN_WORDS = re.compile(
    rf"(?:(?:{COUNTING})\b|an?\s(?={_LARGE}))(?:[\s-]?(?:and\s)?(?:{COUNTING}|{_LARGE})\b){{0,12}}"
    rf"(?:[\s-](?P<ordinal>{'|'.join(ORDINAL_WORDS)})\b)?", re.I
)  # fmt: skip
_BY_ITSELF = re.compile(rf"(?P<number>{DIGITS})(?:(?:st|nd|rd|th)\b)?(?![\w½⅓⅔¼¾⅛]|[.,:]\d)|[½⅓⅔¼¾⅛](?!\w)")


def number_of(phrase: str) -> float | None:
    """The value of a phrase's number, magnitudes counted in; None if the phrase is more than a number, or less.

    >>> number_of("1.5 million"), number_of("1,500,000"), number_of("twenty five"), number_of("five miles")
    (1500000.0, 1500000.0, 25.0, None)
    """
    if (words := _IN_WORDS.fullmatch(phrase)) and words["ordinal"] is None:
        return _spelled_out(words[0])
    found = MEASURED.fullmatch(phrase)
    numbers = written(found)[0] if found and found["first"][:1] not in "aA" else ()
    return numbers[0] if len(numbers) == 1 else None


def single(text: str) -> tuple[float, float]:
    """A number as it is written without magnitude, and the smallest step that it shows."""
    text = text.strip().lower()
    if text[0] in "½⅓⅔¼¾⅛":
        return _VULGAR[text], 0.25
    if text[0].isdigit():
        fraction = _VULGAR.get(text[-1], 0.0)
        digits = _BETWEEN.sub("", text.rstrip("".join(_VULGAR)))
        decimals = len(digits.partition(".")[2])
        zeros = 0 if decimals else min(len(digits) - len(digits.rstrip("0")), len(digits) - 1)
        return float(digits) + fraction, 0.25 if fraction else 10.0 ** (zeros - decimals)
    if part := _ONE_PART.match(text):
        parts = single(part["parts"])[0] if part["parts"] else 1.0
        return parts / PARTS[part["part"]], 0.1
    if text in ("a", "an"):
        return 1.0, 1.0
    values = [NUMBER_WORDS[word] for word in re.split(r"[\s-]", text)]
    if len(values) == 2 and not (values[0] >= 20 > 0 < values[1] < 10):
        return float(values[0]), 1.0
    value = float(sum(values))
    return value, 10.0 if value >= 20 and value % 10 == 0 else 1.0


def written(found: re.Match[str]) -> tuple[tuple[float, ...], float]:
    """The numbers of an amount with their magnitude, and the step that they show."""
    times = _TIMES[found["times"].lower()] if found["times"] else 1.0
    read = [single(part) for part in (found["first"], found["second"]) if part]
    more = found["more"] or found["later"]
    extra = 0.0 if not more else 0.5 if more.endswith("half") else 0.25
    step = min([step for _, step in read]) if not extra else 0.25
    return tuple([(value + extra) * times for value, _ in read]), step * times


def counted(text: str, start: int, stop: int) -> tuple[int, float] | None:
    """Where a number by itself ends, and what it is: in digits, in words, or one of them with a magnitude."""
    words, found = _IN_WORDS.match(text, start, stop), MEASURED.match(text, start, stop)
    if found and found["times"] and (not words or found.end() > words.end()):
        numbers = written(found)[0]
        return (found.end(), numbers[0]) if len(numbers) == 1 else None
    if words:
        return words.end(), _spelled_out(words[0])
    found = _BY_ITSELF.match(text, start, stop)
    return (found.end(), single(found["number"] or found[0])[0]) if found else None


def _spelled_out(phrase: str) -> float:
    """The value of a number in words [two hundred and twelve thousand -> 212,000; an hour's article is one]."""
    total = here = 0.0
    for word in re.findall(r"[a-z]+", phrase.lower()):
        if word.removesuffix("th") in _TIMES:
            word = word.removesuffix("th")
        if word in ("hundred", "dozen"):
            here = (here or 1.0) * _TIMES[word]
        elif word in _TIMES:
            total, here = total + (here or 1.0) * _TIMES[word], 0.0
        elif word not in ("a", "an", "and"):
            value = NUMBER_WORDS.get(word, ORDINAL_WORDS.get(word, 0))
            here = here * (100.0 if 10 <= here < 100 and value >= 10 else 1.0) + value  # [nineteen ninety]
    return total + here
