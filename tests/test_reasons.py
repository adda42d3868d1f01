"""Kinds and reasons with the shipped model, which knows of related words: what is no exchange of words, and why."""

from __future__ import annotations

from functools import lru_cache

import pytest

from spindetect import Detector
from spindetect.align.lexical.same_word import sounds
from spindetect.findings import Substitution
from spindetect.kinds import Variant

OPENED = "On Monday officials in the city said that the {} would open again before the end of the year."
TOLD = "Reporters met the minister {} on Monday, and the harbor opened again before the end of the year."
REWORDED = "a stretch reworded beyond word for word"
SYNONYM = "another word of similar meaning"
BROKEN = "a fixed expression, broken up"


@lru_cache
def detector() -> Detector:
    return Detector.load()


def items(reference: str, suspect: str) -> list[Substitution]:
    return list(detector().compare(suspect, reference).substitutions)


def only(frame: str, old: str, new: str) -> Substitution:
    [item] = items(frame.format(old), frame.format(new))
    assert old.endswith(item.reference.text) or item.reference.text in old
    return item


def table(text: str) -> list[tuple[str, str]]:
    """Pairs as they stand in a table: old = new, a comma between."""
    cells = [one.partition(" = ") for one in text.replace("\n", " ").split(",")]
    return [(old.strip(), new.strip()) for old, _, new in cells]


SPELT_OTHERWISE = table("""
    Labor Department = Labour Department, labor department = labour department, dialog box = dialogue box,
    Defense Department = Defence Department, World Trade Center = World Trade Centre, color scheme = colour scheme,
    fiber optics = fibre optics, car tire = car tyre, theater company = theatre company, gray area = grey area,
    Ministry of Defense = Ministry of Defence, defense industry = defence industry, pajama party = pyjama party
""")
SAME_NAME = table("""
    Kiev = Kyiv, Odessa = Odesa, Lvov = Lviv, Kharkov = Kharkiv, Qaddafi = Gaddafi, Gadhafi = Kadhafi,
    Mohammed Khan = Muhammad Khan, Zelenskiy = Zelensky, Tchaikovsky = Chaikovsky,
    Khrushchev = Khruschev, Hussein = Husayn, Aleksandr = Alexander, Makkah = Mecca, Koran = Quran,
    Hanukkah = Chanukah, Jon Smith = John Smith, Catherine = Katherine, Steven = Stephen, al-Qaeda = al-Qaida
""")
OTHER_NAME = table("""
    Niger = Nigeria, Maria = Mario, Martin = Morton, Paul = Paula, Paris = Perez, Lenin = Lennon, John = Jan,
    Zorblax = Quimbley, Sudan = Sedan
""")


@pytest.mark.parametrize("old, new", SPELT_OTHERWISE)
def test_a_term_or_name_spelt_otherwise_is_a_form(old: str, new: str) -> None:
    item = only(OPENED, old, new)
    assert (item.kind, item.reason, item.telltale, item.weight) == ("form", Variant.RESPELT, False, 0.0)


@pytest.mark.parametrize(
    "old, new, reason",
    [
        ("train station", "railway station", Variant.REGIONAL),
        ("email address", "e-mail address", Variant.SPACED),
        ("anti-aircraft gun", "antiaircraft gun", Variant.SPACED),
    ],
)
def test_the_same_thing_written_or_called_otherwise_is_a_form(old: str, new: str, reason: str) -> None:
    assert (only(OPENED, old, new).kind, only(OPENED, old, new).reason) == ("form", reason)


@pytest.mark.parametrize("old, new", SAME_NAME)
def test_a_name_romanised_otherwise_is_a_form(old: str, new: str) -> None:
    for one, other in ((old, new), (new, old)):
        item = only(TOLD, one, other)
        assert (item.kind, item.reason) == ("form", Variant.TRANSLITERATED)


@pytest.mark.parametrize("old, new", OTHER_NAME)
def test_another_name_is_no_spelling_of_it(old: str, new: str) -> None:
    item = only(TOLD, old, new)
    assert (item.kind, item.reason) == ("name", "another name in a name's place")


def test_a_name_that_nobody_knows_is_one_at_the_start_of_a_sentence_too() -> None:
    [item] = items("Zorblax said on Monday that it would rain.", "Quimbley said on Monday that it would rain.")
    assert (item.kind, item.reason) == ("name", "another name in a name's place")


def test_a_word_seen_nowhere_else_is_no_synonym() -> None:
    item = only(OPENED, "zorblax", "quimbley")
    assert (item.kind, item.reason) == ("rewrite", "a rare or invented word for another")


@pytest.mark.parametrize(
    "old, new, kind, reason",
    [
        ("self-governing island", "self-ruled island", "synonym", SYNONYM),
        ("well-known island", "well-recognized island", "synonym", SYNONYM),
        ("co-founder's house", "co-creator's house", "synonym", SYNONYM),
        ("long-term plan", "lengthy-term plan", "term", BROKEN),
        ("state-of-the-art plant", "condition-of-the-craft plant", "term", BROKEN),
    ],
)
def test_a_word_after_a_prefix_is_no_fixed_expression(old: str, new: str, kind: str, reason: str) -> None:
    item = only(OPENED, old, new)
    assert (item.kind, item.reason.partition(";")[0]) == (kind, reason)


@pytest.mark.parametrize(
    "frame, old, new",
    [
        (
            "The {} statement was read to reporters on Monday before the end of the meeting.",
            "67-word",
            "37-year-old",
        ),
        ("The {} report was read to reporters on Monday before the end of the meeting.", "12-page", "two-hour"),
        ("The {} scored twice in the first half of the match on Monday.", "forward also", "captain"),
    ],
)
def test_phrases_with_nothing_in_common_are_reworded_and_not_exchanged(frame: str, old: str, new: str) -> None:
    item = only(frame, old, new)
    assert (item.kind, item.reason, item.telltale) == ("rewrite", REWORDED, False)


@pytest.mark.parametrize(
    "old, new",
    table("who ended = who wrapped up, who began a new = who began a brand new, who reduce = who scale back"),
)
def test_particles_and_known_phrases_are_exchanges_all_the_same(old: str, new: str) -> None:
    frame = "The old farmers {} work in the valley were praised."
    [item] = items(frame.format(old), frame.format(new))
    assert item.kind == "synonym"


@pytest.mark.parametrize(
    "old, new",
    [
        ("who is here and works", "who is right here and works"),
        ("who know the sea", "who already know the sea"),
        ("with a witness", "with a key witness"),
        ("of similar age", "of very similar age"),
    ],
)
def test_a_word_added_beside_a_kept_one_is_no_exchange(old: str, new: str) -> None:
    assert items(TOLD.format(old), TOLD.format(new)) == items(TOLD.format(new), TOLD.format(old)) == []


def test_names_sound_alike_whoever_romanised_them() -> None:
    for old, new in table("makkah = mecca, aleksandr = alexander, koran = quran, khrushchev = khruschev"):
        assert sounds(old) == sounds(new) != ""
    assert sounds("a") == sounds("io") == ""
