"""Quantities in another unit, currency or zone: right and wrong conversions, and what is none."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spindetect.align.lexicon import Lexicon
from spindetect.align.same_word import CONVERTED, RESTATED, SAME_NUMBER
from spindetect.classify.conversions import _without
from spindetect.classify.phrases import PhrasePair
from spindetect.classify.quantities import MISCONVERTED, number_of, quantity_at
from spindetect.classify.units import UNITS
from spindetect.findings import Substitution
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
    half a mile = 800 metres | 2½ miles = 4 km | two and a half miles = four kilometres | 6 feet = 1.8 m
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
""")
WRONG = pairs("""
    62 miles = 62 km | 62 miles = 38 km | 62 miles = 1,000 km | 62 miles = 120 km | 6 feet = 6 metres
    200 pounds = 440 kg | 68°F = 68°C | 68 degrees Fahrenheit = 32 degrees Celsius | 90 minutes = two hours
    $3 million = €3 million | $3 million = €28 million | $40 = £40 | $40 = 40 pounds | 60 mph = 60 km/h
    250 acres = 250 hectares | 5 p.m. EST = 5 p.m. GMT | 5 p.m. EST = 20:00 GMT | two weeks = ten days
    10,000 yen = $650 | 3 ounces = 3 grams
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
    assert only(old, new) == ("unit", old, new, CONVERTED)
    assert only(new, old) == ("unit", new, old, CONVERTED)
    found = measure_documents(cut(FRAME.format(new)), cut(FRAME.format(old)), Lexicon())
    assert found["kept_words"] > 0.9 and found["numbers"] == found["content_swaps"] == found["forms"] == 0.0


@pytest.mark.parametrize("old, new", WRONG)
def test_a_wrong_conversion_is_an_altered_fact(old: str, new: str) -> None:
    assert only(old, new) == ("unit", old, new, MISCONVERTED)
    assert measure_documents(cut(FRAME.format(new)), cut(FRAME.format(old)), Lexicon())["numbers"] > 0.0


@pytest.mark.parametrize(
    "old, new, reason",
    [
        ("$3 million", "3 million dollars", RESTATED),
        ("40 pounds", "£40", RESTATED),
        ("5 p.m.", "17:00", RESTATED),
        ("100 km", "100 kilometres", RESTATED),
        ("A$40", "$40", RESTATED),
        ("20 percent", "one in five", SAME_NUMBER),
        ("half", "50 percent", SAME_NUMBER),
        ("two-thirds", "67 percent", SAME_NUMBER),
        ("1.5 million", "1,500,000", SAME_NUMBER),
        ("twenty-five", "25", SAME_NUMBER),
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


def test_every_unit_is_read_with_its_number() -> None:
    for spelling, units in UNITS.items():
        written = f"12 {spelling.replace('-', ' ')}"
        found = quantity_at(written, 0, len(written))
        if units[0].dimension != "money" or spelling.isalpha():
            assert found is not None and set(found.units) & set(units), written


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
