"""Letters of other alphabets, and odd Latin ones, that look like the letters A to Z."""

from __future__ import annotations

from spindetect.files import shipped_table

LOOKALIKES: dict[str, str] = {
    char: letter for letter, chars in shipped_table("segment/lookalikes.toml").items() for char in chars
}

# Those that can't be told from the Latin letter by eye, so that a whole word may be written in them.
CLOSE = frozenset(
    "аеорсухіјѕԁԛԝһӏАВЕКМНОРСТУХІЈЅԌԚԜҮү"  # Cyrillic
    "οναιρκυχωΑΒΕΖΗΙΚΜΝΟΡΤΥΧϲϳ"  # Greek
)
