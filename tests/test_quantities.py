"""Quantities in another unit, currency or zone: right and wrong conversions, and what is none."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spindetect.align.lexical.lexicon import Lexicon
from spindetect.classify.conversions import _reaches, _without, held_against
from spindetect.classify.numerals import number_of
from spindetect.classify.phrases import PhrasePair
from spindetect.classify.quantities import quantity_at
from spindetect.classify.units import UNITS
from spindetect.findings import Substitution
from spindetect.kinds import Altered, Variant
from spindetect.pipeline import classify, measure_documents
from spindetect.records import Article, Document
from spindetect.segment.document import segment
from spindetect.segment.vocabulary import Vocabulary

VOCABULARY = Vocabulary({"the": 0.0, "of": 0.5, "at": 1.0, "was": 1.5, "town": 5.0})
ANOTHER = "another number"


def pairs(table: str) -> list[tuple[str, str]]:
    """Pairs as they stand in a table: old = new, separated by bars or line ends."""
    cells = [one.partition(" = ") for one in re.split(r"[|\n]", table.strip())]
    return [(old.strip(), new.strip()) for old, _, new in cells]


RIGHT = pairs("""
    62 miles = 100 km | 62 miles = 100 kilometers | five miles = 8 kilometres | a mile = 1.6 km
    half a mile = 800 metres | three-quarters of a mile = 1.2 km | a quarter of an hour = 15 minutes
    2½ miles = 4 km | two and a half miles = four kilometres | 6 feet = 1.8 m
    6 feet = two metres | 6 feet 2 inches = 1.88 metres | 6-foot-2 = 188-centimetre | 6'2" = 1.88 m
    12 inches = 30 cm | 100 yards = 91 metres | 5 to 6 miles = 8 to 10 km | 20,000 feet = 6,100 meters
    200 pounds = 91 kg | 11 stone 4 = 72 kg | 3 ounces = 85 grams | two tons = 1.8 tonnes
    10 gallons = 38 litres | three pints = 1.7 liters | 50 square miles = 130 square kilometres
    250 acres = 100 hectares | 1,000 square feet = 93 sq m | 60 mph = 97 km/h
    60 miles an hour = 97 kilometres per hour | 20 knots = 37 kph | 68°F = 20°C
    68 degrees Fahrenheit = 20 degrees Celsius | 68 degrees = 20 degrees | minus 4 F = -20 C | 32F = 0C
    9 degrees Fahrenheit = 5 degrees Celsius | 300 horsepower = 224 kilowatts | 14.5 psi = 1 bar
    two weeks = 14 days | 90 minutes = an hour and a half | 48 hours = two days
    18 months = a year and a half | 24 months = two years | a fortnight = two weeks
    $3 million = €2.8 million | $3m = €2.8m | $40 = £32 | 3 million dollars = 2.8 million euros
    £500,000 = $630,000 | US$10 billion = €9.2bn | 10,000 yen = $65 | Rs 1 crore = $120,000
    5 p.m. EST = 22:00 GMT | 5 p.m. EST = 10 p.m. GMT | 17:00 GMT = 6 p.m. CET | 9:30 a.m. ET = 1430 GMT
    noon Eastern Time = 5 p.m. GMT | 8 a.m. PST = 11 a.m. EST | 11 p.m. EST = 04:00 UTC
    30 mpg = 7.8 l/100 km | 25 miles per gallon = 9.4 litres per 100 kilometres | 20 km/l = 47 mpg
    120 people per square mile = 46 people per square kilometre | $4 a gallon = $1.06 a litre
    $5 a pound = $11 a kilogram | two tonnes per hectare = 0.8 tonnes per acre | 120 g/km = 193 g/mile
    8 minutes per mile = 12 km/h | 60 litres per minute = one litre per second
    5 euros per hour = 120 euros per day | $120 per tonne = $109 per short ton | $80 a barrel = 50 cents a litre
    2 ounces of gold per short ton = 62 grams of gold per tonne | 140 pence a litre = $8.60 a gallon
""")
WRONG = pairs("""
    62 miles = 62 km | 62 miles = 38 km | 62 miles = 1,000 km | 62 miles = 120 km | 6 feet = 6 metres
    200 pounds = 440 kg | 68°F = 68°C | 68 degrees Fahrenheit = 32 degrees Celsius | 90 minutes = two hours
    $3 million = €3 million | $3 million = €28 million | $40 = £40 | $40 = 40 pounds | 60 mph = 60 km/h
    250 acres = 250 hectares | 5 p.m. EST = 5 p.m. GMT | 5 p.m. EST = 20:00 GMT | two weeks = ten days
    10,000 yen = $650 | 3 ounces = 3 grams | 30 mpg = 14 litres per 100 km | $20 an hour = $160 a day
    120 people per square mile = 120 people per square kilometre
""")
FRAME = "The old farmer from the valley said that {} was all that the town had hoped for."


def cut(text: str) -> Document:
    return segment(Article(text), VOCABULARY)


def items(reference: str, suspect: str) -> list[Substitution]:
    classified = classify(cut(suspect), cut(reference), Lexicon())
    found = [item.weighing(0.0) for pair in classified.pairs for item in pair.substitutions]
    for item in found:
        assert item.suspect.span.of(suspect) == item.suspect.text
        assert item.reference.span.of(reference) == item.reference.text
    return found


def only(old: str, new: str) -> tuple[str, str, str, str]:
    [item] = items(FRAME.format(old), FRAME.format(new))
    assert not item.telltale
    return item.kind, item.reference.text, item.suspect.text, item.reason


@pytest.mark.parametrize("old, new", RIGHT)
def test_a_right_conversion_is_one_substitution_and_counts_as_kept(old: str, new: str) -> None:
    assert only(old, new) == ("unit", old, new, Variant.CONVERTED)
    assert only(new, old) == ("unit", new, old, Variant.CONVERTED)
    found = measure_documents(cut(FRAME.format(new)), cut(FRAME.format(old)), Lexicon())
    assert found["kept_words"] >= 0.9 and found["numbers"] == found["content_swaps"] == found["forms"] == 0.0


@pytest.mark.parametrize("old, new", WRONG)
def test_a_wrong_conversion_is_an_altered_fact(old: str, new: str) -> None:
    assert only(old, new) == ("unit", old, new, Altered.MISCONVERTED)
    assert measure_documents(cut(FRAME.format(new)), cut(FRAME.format(old)), Lexicon())["numbers"] > 0.0


@pytest.mark.parametrize(
    "old, new, reason",
    [
        ("$3 million", "3 million dollars", Variant.RESTATED),
        ("40 pounds", "£40", Variant.RESTATED),
        ("5 p.m.", "17:00", Variant.RESTATED),
        ("100 km", "100 kilometres", Variant.RESTATED),
        ("A$40", "$40", Variant.RESTATED),
        ("20 percent", "one in five", Variant.SAME_NUMBER),
        ("half", "50 percent", Variant.SAME_NUMBER),
        ("two-thirds", "67 percent", Variant.SAME_NUMBER),
        ("1.5 million", "1,500,000", Variant.SAME_NUMBER),
        ("twenty-five", "25", Variant.SAME_NUMBER),
        ("one hundred and forty", "140", Variant.SAME_NUMBER),
        ("two hundred thousand", "200,000", Variant.SAME_NUMBER),
        ("18,400", "18 400", Variant.SAME_NUMBER),
        ("18,400", "18\u2009400", Variant.SAME_NUMBER),
        ("sixty-first", "61st", Variant.SAME_NUMBER),
        ("nineteen ninety", "1990", Variant.SAME_NUMBER),
        ("a million", "1 million", Variant.SAME_NUMBER),
        ("one and a half million", "1.5 million", Variant.SAME_NUMBER),
        ("a dozen", "12", Variant.SAME_NUMBER),
        ("a third", "33%", Variant.SAME_NUMBER),
        ("a third", "⅓", Variant.SAME_NUMBER),
        ("eight times out of ten", "80%", Variant.SAME_NUMBER),
        ("half a percent", "0.5 per cent", Variant.SAME_NUMBER),
        ("400k", "400,000", Variant.SAME_NUMBER),
        ("2.9 mln", "2.9 million", Variant.SAME_NUMBER),
        ("two hundredth", "200th", Variant.SAME_NUMBER),
        ("fiftieth", "50th", Variant.SAME_NUMBER),
        ("3m", "2.9 million", Variant.ROUNDED),
        ("$4.98 billion", "$5bn", Variant.ROUNDED),
        ("3m", "5 million", ANOTHER),
        ("one hundred and forty", "150", ANOTHER),
        ("5 p.m.", "7 p.m.", ANOTHER),
        ("five", "6", ANOTHER),
    ],
)
def test_the_same_quantity_or_number_written_otherwise(old: str, new: str, reason: str) -> None:
    kind, _, _, said = only(old, new)
    assert (kind, said) == ("number", reason)


@pytest.mark.parametrize(
    "old, new",
    [("five miles", "six miles"), ("$3 million", "$4 million"), ("62 km", "65 km"), ("two weeks", "three weeks")],
)
def test_the_same_unit_with_another_number_is_left_to_the_number(old: str, new: str) -> None:
    [item] = items(FRAME.format(old), FRAME.format(new))
    assert (item.kind, item.reason) == ("number", ANOTHER)
    assert item.reference.text == old.split()[0].lstrip("$")


@pytest.mark.parametrize("old, new", [("a second", "a minute"), ("a foot", "a yard"), ("his dog", "62 miles")])
def test_what_is_no_conversion(old: str, new: str) -> None:
    assert "unit" not in [item.kind for item in items(FRAME.format(old), FRAME.format(new))]


def test_what_changed_beside_a_quantity_stays_a_substitution() -> None:
    found = items(
        "The swift train to Corby was late by 62 miles of track, and every goose waited.",
        "The swift train to Corby was late by 100 km of rail, and every duck waited.",
    )
    assert [(item.kind, item.reference.text, item.suspect.text) for item in found] == [
        ("unit", "62 miles", "100 km"), ("synonym", "track", "rail"), ("synonym", "goose", "duck"),
    ]  # fmt: skip


def test_a_conversion_in_parentheses_is_added_and_no_substitution() -> None:
    old, new = FRAME.format("62 miles"), FRAME.format("62 miles (100 km)")
    assert items(old, new) == items(new, old) == items(new, new) == []


def test_numbers_are_read_with_their_magnitude() -> None:
    found = [number_of(one) for one in ("1.5 million", "1,500,000", "twenty five", "two dozen", "a dozen miles")]
    assert found == [1.5e6, 1.5e6, 25.0, 24.0, None]


NEARLY = pairs("""
    56 miles = 100 km | 69 miles = 100 km | 62 miles = 101 km | 63 miles = 101 km | 616.0 miles = 1000.0 km
    69°F = 20°C | 69.0°F = 20.0°C | 70°F = 20°C | 20.5 percent = 20.1 percent
""")
NOT_NEARLY = pairs("""
    54 miles = 100 km | 72 miles = 100 km | 61 miles = 101 km | 64 miles = 101 km | 615.0 miles = 1000.0 km
    72°F = 21°C | 69.2°F = 20.0°C | 80°F = 25°C | 20.7 percent = 20.0 percent
""")


@pytest.mark.parametrize("old, new", [*NEARLY, *NOT_NEARLY])
def test_how_far_a_conversion_may_be_rounded(old: str, new: str) -> None:
    """By half the steps that both are written in, an eighth at most of few digits, else a sixteenth."""
    one, other = (quantity_at(text, 0, len(text)) for text in (old, new))
    assert one and other
    said = [held_against(one, other), held_against(other, one)]
    right = (old, new) in NEARLY
    expected = (
        {True: Variant.CONVERTED, False: Altered.MISCONVERTED}
        if one.units
        else {True: Variant.SAME_NUMBER, False: None}
    )
    assert said == [expected[right]] * 2


def held(old: str, new: str) -> str:
    one, other = (quantity_at(text, len(text) - len(text.lstrip("ACUS$£")), len(text)) for text in (old, new))
    assert one and other
    return held_against(one, other)


def test_millions_may_be_written_as_metres_are() -> None:
    assert held("3.5m", "3.5 million") == held("3.5 million", "3.5m") == Variant.SAME_NUMBER
    assert held("3.5m", "3.5") is None and held("3.5m", "3.9 million") == Altered.ANOTHER_NUMBER
    assert held("5m", "500 cm") == Variant.CONVERTED and held("2 h 5 min", "125 minutes") == Variant.CONVERTED


def test_a_rate_is_the_quantity_with_what_it_is_reckoned_by() -> None:
    texts = ("0 l/100 km", "40 mpg", "120 people per square mile", "5% per year", "$4 a gallon", "5 men a day")
    litres, miles, people, share, money, men = (
        quantity_at(text, 0 + (text[0] == "$"), len(text)) for text in texts
    )
    assert litres and miles and people and share and money and men
    assert litres.rate and held_against(miles, litres.rate) == Altered.MISCONVERTED
    assert litres.rate.units[0].dimension == "volume/length" and litres.rate.end == len("0 l/100 km")
    assert people.rate and people.rate.units[0].dimension == "people/area" and people.units == ()
    assert share.rate and share.rate.per != people.rate.per and held_against(share.rate, people.rate) is None
    assert (
        money.rate and money.rate.units[0].least == pytest.approx(1 / 0.004546) and money.units[0].name == "dollar"
    )
    assert miles.rate is men.rate is None  # one unit already; and an article is enough after a unit only
    for text in ("8 l per 0 km", "8 l/0 km", "8 km / 000 h"):
        quantity = quantity_at(text, 0, len(text))
        assert quantity and quantity.rate is None  # a missing value, as in a table


def test_only_large_numbers_are_rounded_and_by_little() -> None:
    assert held("2.9 million", "3 million") == held("3 million", "2.9 million") == Variant.ROUNDED
    assert held("2.9 million", "2.8 million") is None and held("2.94 million", "2.8 million") is None
    assert held("4.6 million", "5 million") is None and held("21", "20") is held("10,400", "10,000") is None
    assert held("$4.98 billion", "$5 billion") == Variant.ROUNDED and held("$4.98 billion", "$6 billion") is None


def test_what_two_quantities_are_to_one_another() -> None:
    assert held("5 p.m.", "17:00") == Variant.RESTATED and held("5 p.m.", "7 p.m.") == ANOTHER
    assert (
        held("5 p.m. EST", "22:00 GMT") == Variant.CONVERTED
        and held("5 p.m. EST", "20:00 GMT") == Altered.MISCONVERTED
    )
    assert (
        held("5 p.m. EST", "5 p.m.") == Variant.RESTATED
        and held("5 p.m.", "5 miles") == held("5 miles", "5 p.m.") is None
    )
    assert held("5 to 6 miles", "8 to 10 km") == Variant.CONVERTED and held("5 to 6 miles", "8 km") is None
    assert held("5 to 6 miles", "8 to 20 km") == Altered.MISCONVERTED
    assert held("a mile", "a yard") is None and held("a mile", "1.6 km") == Variant.CONVERTED
    assert held("20 percent", "20 miles") == held("20 miles", "20 percent") is None
    assert held("62 miles", "62 kg") is None and held("62 miles", "62 miles") == Variant.RESTATED
    assert held("62 miles", "63 miles") is None  # left to the number
    assert held("40 pounds", "40 kg") == Altered.MISCONVERTED  # which may be money, but not beside a mass
    assert (
        held("20 percent", "20.59 percent") == Variant.SAME_NUMBER and held("20 percent", "20.61 percent") is None
    )
    assert held("half", "20 miles") is None
    assert held("a mile", "a kilometre") is None and held("a mile", "2 km") == Altered.MISCONVERTED
    assert held("$40", "C$40") == Variant.RESTATED and held("US$40", "C$40") == Variant.RESTATED
    assert held("A$40", "C$40") == Altered.MISCONVERTED and held("£40", "C$40") == Altered.MISCONVERTED
    assert held("0 miles", "0 km") == Variant.CONVERTED and held("0 miles", "5 km") == Altered.MISCONVERTED


def test_a_stretch_with_more_than_two_words_a_side_beside_the_quantities_is_no_conversion() -> None:
    """Four words more on both sides together are a quantity with what stands beside it; five are a rewrite."""
    words, others = range(4, 6), range(3, 6)
    assert _reaches(PhrasePair(range(2, 8), range(3, 7)), words, others)
    assert not _reaches(PhrasePair(range(2, 8), range(3, 6)), words, others)
    assert not _reaches(PhrasePair(range(6, 16), range(6, 16)), words, others)  # beside it
    assert _reaches(PhrasePair(range(5, 15), range(5, 6)), words, others)
    assert not _reaches(PhrasePair(range(0, 4), range(0, 9)), words, others)


def test_which_words_a_quantity_takes_and_what_is_left_beside_it() -> None:
    """Words of a phrase pair before and after the quantities stay one, if both sides have some."""
    whole = [PhrasePair(range(4, 6), range(3, 6), quantity=Variant.CONVERTED)]

    def left(reference: range, suspect: range) -> list[tuple[range, range]]:
        return [(one.reference, one.suspect) for one in _without(PhrasePair(reference, suspect), whole)]

    assert left(range(3, 7), range(2, 8)) == [(range(3, 4), range(2, 3)), (range(6, 7), range(6, 8))]
    assert left(range(3, 6), range(3, 8)) == [] and left(range(4, 6), range(3, 6)) == []
    assert left(range(6, 7), range(6, 7)) == [(range(6, 7), range(6, 7))]
    assert left(range(2, 4), range(1, 3)) == [(range(2, 4), range(1, 3))]
    assert left(range(5, 7), range(6, 7)) == [(range(6, 7), range(6, 7))]
    assert left(range(2, 4), range(2, 4)) == [(range(2, 4), range(2, 3))]


READ = pairs("""
    [62 miles] away = 62 by 1 mile | [1,500 kg] of coal = 1500 by 100 kilogram
    [0.25 km] = 0.25 by 0.01 kilometre | [20,000 feet] up = 20000 by 10000 foot | [2½ miles] = 2.5 by 0.25 mile
    [½ mile] = 0.5 by 0.25 mile | [half a mile] = 0.5 by 0.1 mile | [half an hour] = 0.5 by 0.1 hour
    [an hour and a half] = 1.5 by 0.25 hour | [an hour and a quarter] later = 1.25 by 0.25 hour
    [two and a half miles] = 2.5 by 0.25 mile | [a mile] = a 1 by 1 mile
    [2 and a half million euros] = 2.5e+06 by 2.5e+05 euro | [twenty-five miles] = 25 by 1 mile
    [twenty five miles] = 25 by 1 mile | [thirty miles] = 30 by 10 mile | [ten miles] = 10 by 1 mile
    [five to six miles] = 5, 6 by 1 mile | [5-60 miles] = 5, 60 by 1 mile | [3 or 4 weeks] = 3, 4 by 1 week
    [6 feet 2 inches] = 6.167 by 0.08333 foot | [6-foot-2] forward = 6.167 by 0.08333 foot
    [6'2"] tall = 6.167 by 0.08333 foot | [6’ 11.5] tall = 6.958 by 0.08333 foot
    [11 stone 4 lb] = 11.29 by 0.07143 stone | [11 stone 4] = 11.29 by 0.07143 stone
    [8 pounds 3 ounces] = 8.188 by 0.0625 pound | [8 pounds] 3 = 8 by 1 pound/pound
    [2 hours and 30 minutes] = 2.5 by 0.01667 hour | [1 metre] 80 = 1 by 1 metre | [9 feet] tall = 9 by 1 foot
    [68°F] = 68 by 1 fahrenheit | [68 °C] = 68 by 1 celsius | [68 degrees] = 68 by 1 celsius/fahrenheit
    [-4 F] = -4 by 1 fahrenheit | [minus 4 degrees Celsius] = -4 by 1 celsius | x-[4 F] = 4 by 1 fahrenheit
    -[4 miles] = 4 by 1 mile | [60 miles per hour] = 60 by 10 mile-per-hour
    [100 km/h] = 100 by 100 kilometre-per-hour | [93 sq m] = 93 by 1 square-metre | [93 m²] = 93 by 1 square-metre
    [3m] people = 3 by 1 metre | [$3m] = 3e+06 by 1e+06 dollar | [US$10 billion] = 1e+10 by 1e+10 dollar
    [£500,000] = 5e+05 by 1e+05 pound | [€9.2bn] = 9.2e+09 by 1e+08 euro | [Rs. 5 crore] = 5e+07 by 1e+07 rupee
    [EUR 40] = 40 by 10 euro | [3 million dollars] = 3e+06 by 1e+06 dollar | [40$] = 40 by 10 dollar
    [1.5 million tonnes] = 1.5e+06 by 1e+05 tonne | [20 percent] = 0.2 | [20%] = 0.2 | [20 per cent] = 0.2
    [one in five] = 0.2 | [1 out of every 4] = 0.25 | [two-thirds] = 0.6667 | [a third] = 0.3333
    [three quarters] = 0.75 | [half] of it = 0.5 | [0 in 0] = 0 | [5 p.m.] = 1020
    [5 p.m. EST] = 1020 is 1320 est | [17:00] = 1020 | [5.30 pm] = 1050 | [noon] = 720
    [noon Eastern] = 720 is 960, 1020 eastern | [midnight GMT] = 0 is 0 gmt | [12 a.m.] = 0 | [12 p.m.] = 720
    [1430 GMT] = 870 is 870 gmt | [1430 hours] = 870 | [24:00] = 0 | [five o'clock] = 300, 1020
    [12:15] = 15, 735 | [1:05] = 65, 785 | [13:05] = 785 | [0:30 UTC] = 30 is 30 utc
    [11 p.m. EST] = 1380 is 240 est | [1 a.m. CET] = 60 is 0 cet
    [⅓ mile] = 0.3333 by 0.25 mile | [⅔ mile] = 0.6667 by 0.25 mile | [¼ mile] = 0.25 by 0.25 mile
    [¾ mile] = 0.75 by 0.25 mile | [3⅛ miles] = 3.125 by 0.25 mile
    [a fourth] = 0.25 | [two fifths] = 0.4 | [five-sixths] = 0.8333 | [three eighths] = 0.375 | [a tenth] = 0.1
    [twenty ten miles] = 20 by 1 mile | [twenty nine miles] = 29 by 1 mile | [five five miles] = 5 by 1 mile
    [nineteen two miles] = 19 by 1 mile | [nineteen miles] = 19 by 1 mile | [20 miles] = 20 by 10 mile
    [5 to 6 feet] 2 inches = 5, 6 by 1 foot | [5 hundred miles] = 500 by 100 mile
    [5 thousand miles] = 5000 by 1000 mile | [5 trillion miles] = 5e+12 by 1e+12 mile
    [two dozen miles] = 24 by 12 mile | [$5 lakh] = 5e+05 by 1e+05 dollar | [$5 mn] = 5e+06 by 1e+06 dollar
    [$5tn] = 5e+12 by 1e+12 dollar | [$5b] = 5e+09 by 1e+09 dollar | [$5k] = 5000 by 1000 dollar
    [3 years and 6 months] = 3.467 by 0.07778 year | [5 minutes 30 seconds] = 5.5 by 0.01667 minute
    [1 metre 80 centimetres] = 1.8 by 0.01 metre | [0 miles] = 0 by 1 mile | [24:01] = 1 | [23:59] = 1439
    [0:00] = 0 | [12:59 pm] = 779 | [1 o'clock] = 60, 780 | [2359 GMT] = 1439 is 1439 gmt
""")


@pytest.mark.parametrize("marked, said", READ)
def test_a_quantity_is_read_with_its_ends_its_step_and_what_its_unit_may_be(marked: str, said: str) -> None:
    """Numbers with the step that they are written in; times of day in minutes, and what these are in Greenwich."""
    text = re.sub(r"[\[\]]", "", marked)
    start, end = marked.index("["), marked.index("]") - 1
    sign = re.match(r"(?:minus |Rs. |EUR |US)?[$£€-]?", text[start:])
    found = quantity_at(text, start + len(sign[0] if sign else ""), len(text))
    assert found is not None and text[found.start : found.end] == text[start:end]
    numbers = ", ".join(f"{one:.4g}" if one < 10_000 or one >= 100_000 else f"{one:.0f}" for one in found.numbers)
    minutes, utc = (", ".join(map(str, sorted(one))) for one in (found.minutes, found.greenwich))
    parts = (
        ["a"] * (found.bare and found.numbers == (1.0,))
        + [numbers or minutes]
        + [f"is {utc} {found.zone}"] * bool(found.zone)
    )
    step = f"{found.step:.4g}" if found.step != 10_000 else "10000"
    parts += [f"by {step} {'/'.join(unit.name for unit in found.units)}"] * bool(found.units)
    assert " ".join(parts) == said


@pytest.mark.parametrize("text", ["1,50 kg", "25:00", "5:60"])
def test_what_is_no_quantity(text: str) -> None:
    place = next(place for place, char in enumerate(text) if char.isdigit())
    assert quantity_at(text, place, len(text)) is None


@pytest.mark.parametrize(
    "text, number",
    [
        ("EURO 40", 40),
        ("5 dozen", 60),
        ("5.30", 5.3),
        ("1430", 1430),
        ("10 dogs", 10),
        ("9 'em", 9),
        ("21st", 21),
        ("2460 GMT", 2460),
    ],
)
def test_a_number_without_a_unit_is_only_a_number(text: str, number: float) -> None:
    place = next(place for place, char in enumerate(text) if char.isdigit())
    found = quantity_at(text, place, len(text))
    assert found is not None and (found.numbers, found.units, found.minutes) == ((number,), (), frozenset())


def test_every_unit_is_read_with_its_number() -> None:
    for spelling, units in UNITS.items():
        written = f"12 {spelling.replace('-', ' ')}"
        found = quantity_at(written, 0, len(written))
        if units[0].dimension != "money" or spelling.isalpha():
            assert found is not None and set(found.units) & set(units), written


# What anybody can look up: so many of the one are the other, by the books of weights and measures.
MEASURES = pairs("""
    10 mm = 1 cm | 100 cm = 1 m | 1000 m = 1 km | 12 inch = 1 foot | 3 foot = 1 yard | 1760 yard = 1 mile
    1.852 km = 1 nautical-mile | 220 yard = 1 furlong | 2 yard = 1 fathom | 3 mile = 1 league | 2.54 cm = 1 inch
    10000 square-metre = 1 hectare | 4840 square-yard = 1 acre | 640 acre = 1 square-mile
    10 ml = 1 cl | 100 cl = 1 litre | 1000 litre = 1 cubic-metre | 2 pint = 1 quart | 4 quart = 1 gallon
    3 teaspoon = 1 tablespoon | 15 ml = 1 tablespoon | 158.987 litre = 1 barrel
    1000 mg = 1 gram | 1000 gram = 1 kg | 1 gram = 1 gramme | 1 kg = 1 kilogramme | 1000 kg = 1 tonne
    1 tonne = 1 metric-ton | 16 ounce = 1 lb | 14 lb = 1 st | 28.35 gram = 1 ounce
    1.609 kph = 1 mph | 1.852 kph = 1 knot | 3.6 kph = 1 metre-per-second | 0.3048 metre-per-second = 1 fps
    1000 pascal = 1 kilopascal | 100 pascal = 1 hectopascal | 1 hectopascal = 1 millibar | 1000 millibar = 1 bar
    1.01325 bar = 1 atmosphere | 14.504 psi = 1 bar
    1000 watt = 1 kilowatt | 1000 kilowatt = 1 megawatt | 1000 megawatt = 1 gigawatt
    1000 joule = 1 kilojoule | 1000 kilojoule = 1 megajoule | 4.184 kilojoule = 1 calorie
    1 calorie = 1 kilocalorie | 3.6 megajoule = 1 kilowatt-hour | 1000 kilowatt-hour = 1 megawatt-hour
    1055 joule = 1 british-thermal-unit
    60 second = 1 minute | 60 minute = 1 hour | 24 hour = 1 day | 7 day = 1 week | 2 week = 1 fortnight
    10 year = 1 decade | 10 decade = 1 century
""")
# Names that stand for more than one measure: the lesser and the larger in another unit.
SEVERAL = [
    ("gallon", "litre", 3.785, 4.546), ("quart", "ml", 946, 1137), ("pint", "ml", 473, 568),
    ("cup", "ml", 237, 250), ("fluid-ounce", "ml", 28.4, 29.6), ("bushel", "litre", 35.24, 36.37),
    ("ton", "lb", 2000, 2240), ("horsepower", "watt", 735.5, 745.7), ("month", "day", 28, 31),
    ("year", "day", 360, 366), ("decade", "day", 3600, 3653), ("century", "day", 36000, 36525),
]  # fmt: skip
# US dollars for one, the lowest and the highest since 2000, as charts of the rates show them.
RATES = [
    ("euro", 0.827, 1.599), ("gbp", 1.07, 2.107), ("jpy", 0.00618, 0.01319), ("cny", 0.1208, 0.1654),
    ("inr", 0.0112, 0.0254), ("chf", 0.549, 1.373), ("cad", 0.62, 1.09), ("aud", 0.48, 1.102),
    ("nzd", 0.392, 0.882), ("hkd", 0.1275, 0.1293), ("sgd", 0.54, 0.83), ("rub", 0.0083, 0.0432),
    ("ruble", 0.0083, 0.0432), ("krw", 0.00064, 0.00111), ("sek", 0.0905, 0.1685), ("nok", 0.0865, 0.2),
    ("zar", 0.052, 0.178), ("brl", 0.165, 0.65), ("mxn", 0.0398, 0.1115), ("ils", 0.201, 0.325),
    ("pln", 0.211, 0.495), ("ngn", 0.0006, 0.0102), ("try", 0.0235, 0.87), ("usd", 1.0, 1.0),
]  # fmt: skip


def worth(spelling: str) -> tuple[float, float]:
    """What a unit is worth at least and at most, in its dimension's base unit."""
    unit = UNITS[spelling][0]
    return unit.least, unit.most


@pytest.mark.parametrize("old, new", MEASURES)
def test_units_are_worth_what_books_of_measures_say(old: str, new: str) -> None:
    (count, one), (_, other) = old.split(), new.split()
    assert UNITS[one][0].dimension == UNITS[other][0].dimension
    ratios = [b / a for a, b in zip(worth(one), worth(other), strict=True)]
    assert ratios == pytest.approx([float(count)] * 2, rel=0.02)


@pytest.mark.parametrize("several, one, least, most", SEVERAL)
def test_a_name_for_several_measures_is_worth_any_of_them(
    several: str, one: str, least: float, most: float
) -> None:
    found = [of_it / worth(one)[0] for of_it in worth(several)]
    assert found == pytest.approx([least, most], rel=0.005)


@pytest.mark.parametrize("currency, lowest, highest", RATES)
def test_a_currency_is_worth_what_it_ever_was_and_little_more_or_less(
    currency: str, lowest: float, highest: float
) -> None:
    least, most = next((unit.least, unit.most) for unit in UNITS[currency] if unit.dimension == "money")
    assert 0.75 * lowest <= least <= lowest and highest <= most <= 1.15 * highest


@pytest.mark.parametrize("celsius, fahrenheit, kelvin", [(0, 32, 273.15), (100, 212, 373.15), (-40, -40, 233.15)])
def test_temperatures_are_one_on_all_scales(celsius: float, fahrenheit: float, kelvin: float) -> None:
    degrees = {"celsius": celsius, "fahrenheit": fahrenheit, "kelvin": kelvin}
    units = {name: UNITS[name][0] for name in degrees}
    above = [(value - units[name].zero) * units[name].most for name, value in degrees.items()]
    assert above == pytest.approx([celsius] * 3)


def test_reading_is_linear_in_hostile_numbers() -> None:
    for text in (
        "1," * 50_000,
        "1 " * 50_000,
        "twenty " * 20_000,
        "6'" * 50_000,
        "1-" * 50_000,
        "a and a half " * 9_000,
    ):
        for start in range(0, 2_000, 7):
            quantity_at(text, start, len(text))


@given(st.lists(st.tuples(*[st.integers(0, 9)] * 4), max_size=4), st.tuples(*[st.integers(0, 9)] * 4))
def test_what_is_left_of_a_swap_lies_in_it_and_beside_the_quantities(
    places: list[tuple[int, int, int, int]], place: tuple[int, int, int, int]
) -> None:
    """Also where a quantity meets the swap on one side alone: that made an endless recursion."""

    def made(at: tuple[int, int, int, int]) -> PhrasePair:
        return PhrasePair(range(at[0], at[0] + at[1] + 1), range(at[2], at[2] + at[3] + 1))

    whole, swap = [made(one) for one in places], made(place)
    for part in _without(swap, whole):
        assert part.reference and set(part.reference) <= set(swap.reference)
        assert part.suspect and set(part.suspect) <= set(swap.suspect)
        for one in whole:
            assert not set(part.reference) & set(one.reference) and not set(part.suspect) & set(one.suspect)
