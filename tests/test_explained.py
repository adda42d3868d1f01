"""What explains a change but a machine's rewording: damage, spelling, an editor's word, a form filled in anew."""

# ruff: noqa: E501  (articles, a paragraph a line)
from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import pytest

from spindetect import Detector

ORIGINAL = (Path(__file__).parent.parent / "data" / "battery" / "original.txt").read_text("utf-8")

EARNINGS = """\
{company} ({ticker}) on {day} reported {result} of ${million} million in its {quarter} quarter.

The {town}-based company said it had {result} of {cents} cents per share. The results {met} Wall Street expectations. \
The average estimate of {analysts} analysts surveyed by {surveyor} was for earnings of {expected} cents per share.

The {product} maker posted revenue of ${revenue} million in the period. {company} shares have {moved} {percent}% since \
the beginning of the year. For the current quarter ending in {month}, {company} expects revenue of ${next} million.
"""
FILLED = (
    {
        "company": "Halden Marine Inc.", "ticker": "HLDM", "day": "Tuesday", "result": "a loss", "million": "4.1",
        "quarter": "third", "town": "Bergen", "cents": "22", "met": "fell short of", "analysts": "four",
        "surveyor": "Ridgeline Research", "expected": "11", "product": "boat", "revenue": "88.6", "moved": "fallen",
        "percent": "12", "month": "December", "next": "93.2",
    },
    {
        "company": "Copperfield Foods Corp.", "ticker": "CPFD", "day": "Thursday", "result": "net income",
        "million": "61.3", "quarter": "first", "town": "Omaha", "cents": "137", "met": "topped", "analysts": "nine",
        "surveyor": "Tannery Street Data", "expected": "118", "product": "snack", "revenue": "712.8",
        "moved": "risen", "percent": "31", "month": "June", "next": "740.5",
    },
)  # fmt: skip


@lru_cache
def detector() -> Detector:
    return Detector.load()


def misread(text: str) -> str:
    """Every ninth word of five letters or more with a letter taken for another, as scanners do."""
    places = list(re.finditer(r"[a-z]{5,}", text))[::9]
    for match in reversed(places):
        word = match.group()
        damaged = word[:2] + {"e": "c", "i": "1", "o": "0", "n": "u"}.get(word[2], "j") + word[3:]
        text = text[: match.start()] + damaged + text[match.end() :]
    return text


def test_a_misread_copy_is_a_copy() -> None:
    comparison = detector().compare(misread(ORIGINAL), ORIGINAL)
    assert comparison.verdict in ("copied", "edited") and comparison.score < 50.0
    assert comparison.reuse is not None and comparison.reuse >= 95.0
    kinds = {item.kind for item in comparison.substitutions}
    assert kinds <= {"form"} and len(comparison.substitutions) >= 10


@pytest.mark.parametrize("old, new", [("said", "stated"), ("began", "started"), ("city", "town")])
def test_one_word_of_an_editor_accuses_nobody(old: str, new: str) -> None:
    sentence = f"The mayor {old} on Monday that the bridge over the river would stay shut until the autumn. "
    rest = (
        "Engineers found cracks in two of its pillars last week. Buses take the long way round, and the ferry runs "
        "every quarter of an hour from six in the morning."
    )
    comparison = detector().compare(sentence.replace(old, new) + rest, sentence + rest)
    assert comparison.score < 50.0 and comparison.verdict in ("copied", "edited")


def test_american_words_for_british_ones_accuse_nobody() -> None:
    british = (
        "A lorry that carried petrol blocked the motorway near the primary school on Friday. Police closed the pavement "
        "and the car park, and parents with pushchairs waited by the football pitch. The driver of the lorry, who lives "
        "in a flat in the same street, said that his mobile phone had slipped under the seat and that he was sorry."
    )
    american = british
    for one, other in (("lorry", "truck"), ("petrol", "gasoline"), ("motorway", "highway"), ("flat", "apartment"),
                       ("primary school", "elementary school"), ("pavement", "sidewalk"), ("car park", "parking lot"),
                       ("pushchairs", "strollers"), ("football pitch", "soccer field"),
                       ("mobile phone", "cell phone")):  # fmt: skip
        american = american.replace(one, other)
    comparison = detector().compare(american, british)
    assert comparison.score < 50.0
    assert {item.kind for item in comparison.substitutions} == {"form"}


def test_a_form_filled_in_anew_is_nobodys_copy() -> None:
    comparison = detector().compare(EARNINGS.format(**FILLED[0]), EARNINGS.format(**FILLED[1]))
    assert comparison.score < 50.0


def test_a_renaming_carried_through_is_one_decision() -> None:
    text = (
        "The process starts when the form arrives. A clerk opens the process, and the process waits for a second clerk. "
        "If the process fails, the first clerk closes the process and writes down why. No process may wait for more "
        "than a week. The head of the office reads the list of each process that was closed in the month before."
    )
    comparison = detector().compare(text.replace("process", "task"), text)
    assert comparison.score < 50.0
