"""Markup in plain texts: its signs are no words, and what only looks like one stays."""

from __future__ import annotations

import itertools
import re
import textwrap
from pathlib import Path

import pytest

from spindetect import Detector
from spindetect.read.article import article_from_text
from spindetect.read.tags import tag_marks

HARBOR = Path(__file__).parents[1] / "data" / "harbor" / "original.txt"

WORD = r"(?<![\w-])[A-Za-z]{3,}(?![\w-])"
WRAPS = {
    "BBCode": "[b]{}[/b]",
    "BBCode with a value": "[COLOR=#ff0000]{}[/COLOR]",
    "shortcode": '[caption id="a"]{}[/caption]',
    "HTML tag": '<span class="x">{}</span>',
    "HTML link": '<a href="https://example.org/a">{}</a>',
    "escaped tag": "&lt;b&gt;{}&lt;/b&gt;",
    "comment": "{}<!--more-->",
    "CDATA": "<![CDATA[{}]]>",
    "wiki link": "[[A page|{}]]",
    "Markdown link": "[{}](https://example.org/a)",
    "chat link": "<https://example.org|{}>",
    "Textile link": '"{}":https://example.org/a',
    "strike": "~~{}~~",
    "LaTeX": "\\emph{{{}}}",
    "terminal": "\x1b[1m{}\x1b[0m",
    "Org": "/{}/",
    "dollars": "${}$",
    "bars": "|{}|",
    "macro": "{{color:red}}{}{{color}}",
    "footnote": "{}[1]",
    "mention": "@{}",
}


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector.load()


@pytest.mark.parametrize("wrap", WRAPS.values(), ids=WRAPS)
def test_markup_on_one_word_in_ten_is_no_substitution(detector: Detector, wrap: str) -> None:
    plain = HARBOR.read_text("utf-8")
    count = iter(range(10_000))
    marked = re.sub(WORD, lambda word: wrap.format(word[0]) if next(count) % 10 == 9 else word[0], plain)
    comparison = detector.compare(marked, plain)
    assert comparison.verdict in ("copied", "edited")  # a mark after an initial may read as a word
    assert comparison.score < 2.0 and comparison.features["identical_sentences"] > 0.95
    assert [(item.reference.text, item.suspect.text) for item in comparison.substitutions] == []


@pytest.mark.parametrize(
    ("marked", "shown"),
    [
        ("[00:01:12] Ann: It rained.\n[00:01:15] Bob: All day.\n[01:00:00] Ann: Yes.", "Ann: It rained."),
        (
            "[3/2/26, 10:00:12 AM] Ann: It rained.\n[3/2/26, 10:01 AM] Bob: Yes.\n(10:02) Ann: No.",
            "Ann: It rained.",
        ),
        ("2h ago\nIt rained.\n3h ago\nAll day.\n14 min ago\nYes.", "It rained."),
        ("== History ==\nIt {{cn}}rained.{{reflist}}", "It rained."),
        ("10:15 a.m. ET\nIt rained.\n\n10:20 a.m. ET\nAll day.\n\n11:00 a.m. ET\nYes.", "It rained."),
        ("'''Tolland''' is a '''town'''.\n== History ==\nIt rained.", "Tolland is a town."),
        ("h1. Mill closes\nIt rained.", "Mill closes"),
        ("#+TITLE: Mill\n:toc:\n.. note:: all day\nIt rained.", "It rained."),
        ('[gallery ids="1,2"]\nIt rained.', "It rained."),
        ("It rained.\n-- \nAnn Miller\n4 Mill Road\n", "It rained."),
    ],
)
def test_signs_on_lines_are_marked(marked: str, shown: str) -> None:
    text, at = "", 0
    for mark in tag_marks(marked):
        text, at = text + marked[at : mark.span.start], mark.span.end
    text += marked[at:]
    assert shown in [line.strip() for line in text.split("\n")]
    assert not re.search(r"\d:\d|'''|==|h1|ago|reflist|TITLE|toc|note|gallery|Mill Road", text)


@pytest.mark.parametrize(
    "text",
    [
        "At 10:15 it rained.\n10:20 was dry.\n10:30 it rained again.\n",
        "The score was 2:10.\n12:30\nWe left.",
        "h2o. It is water.\np. 14 and p. 15\n",
        "He left.\n-- Ann Miller\n\n" + "It was a long story that went on and on. " * 3,
        "He said [sic] that either/or and and/or are $5 or $6, 20% of 40%, e.g. C:\\new{x}.",
        "If a < b and b > c, then write <b> for bold. See @you, {this} and [that].",
        "Mail a@example.org or b@example.org or c@example.org.",
        "1/2 a cup, 3/4 of an hour, km/h and m/s, his/her/their/our mill/factory/plant.",
    ],
)
def test_what_only_looks_like_markup_stays(text: str) -> None:
    assert tag_marks(text) == []


@pytest.mark.parametrize(
    ("line", "sign"),
    [
        ("0:{:02} The mill closed.\n", "0:{:02} "),
        (
            "Dialogue: 0,0:00:{:02}.00,0,Default,,0,0,0,,The mill closed.\n",
            "Dialogue: 0,0:00:{:02}.00,0,Default,,0,0,0,,",
        ),
    ],
)
def test_times_before_each_line_and_fields_of_subtitles_are_signs(line: str, sign: str) -> None:
    text = "A title\n" + "".join(line.format(second) for second in range(12))
    assert [mark.span.of(text) for mark in tag_marks(text)] == [sign.format(second) for second in range(12)]
    assert tag_marks("A title\n" + "".join(line.format(second) for second in range(2))) == []


def test_a_mail_that_quotes_is_read_without_the_signs(detector: Detector) -> None:
    plain = HARBOR.read_text("utf-8")
    lines = [line for paragraph in plain.split("\n\n") for line in [*textwrap.wrap(paragraph, 66), ""]]
    quoted = "Ann,\n\n" + "".join(f"> {line}\n" for line in lines)
    comparison = detector.compare(quoted, plain)
    assert (comparison.verdict, comparison.substitutions) == ("copied", ()) and comparison.coverage > 0.99


HOSTILE = (
    "\n>" * 2,
    "[/",
    "[a ",
    "<a ",
    "{{",
    "\\ab{",
    "/a ",
    "[[",
    "<!--",
    "<ref",
    "<![CDATA[",
    "[a](",
    "<https://a|",
    "&lt;/a",
)


@pytest.mark.slow
@pytest.mark.parametrize("text", [*(sign * 60_000 for sign in HOSTILE), "[/a]" + "[a " * 60_000])
def test_long_inputs_take_time_in_proportion(text: str) -> None:
    tag_marks(text)  # nothing is timed: a quadratic pattern would take minutes


def test_marks_of_several_syntaxes_are_in_the_texts_order_and_inside_it() -> None:
    """They were in the syntaxes' order, so that what hides them made the text longer and lost its place."""
    story = "A <b>mill</b> [i]closed[/i] <!-- note --> and \x1b[31mopened\x1b[0m <i>again</i>."
    text = f"Share this\n\n{story}\n\nLeave a Reply\n"
    article = article_from_text(text)
    spans = [mark.span for mark in article.marks]
    assert spans == sorted(spans) and all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(one.end <= other.start for one, other in itertools.pairwise(spans))
    assert {"boilerplate", "markup"} == {mark.kind for mark in article.marks}
