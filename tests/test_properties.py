"""Anything at all, read, segmented, compared, shown and stored: what `properties` says holds of it.

Few examples each by default; HYPOTHESIS_PROFILE=thorough tries thousands.
"""

from __future__ import annotations

import gzip
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from properties import (
    ENDINGS,
    check,
    check_comparing,
    check_reading,
    check_records,
    check_segmenting,
    check_views,
    detector,
)

from spindetect import Article
from spindetect.read.article import article_from_text

settings.register_profile("quick", max_examples=25, deadline=None)
settings.register_profile("thorough", max_examples=3_000, deadline=None)
PROFILE = settings.get_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

# Whatever means something to a reader of text, Markdown, HTML or JSON, to a terminal, a spreadsheet or a template.
SIGNS = st.sampled_from(
    [
        *("<", ">", "&", "</", "<!--", "-->", "<p>", "</p>", "<div style='color:#fff'>", "<script>", "</script>"),
        *("<html>", "<body>", "<a href='javascript:x'>", "<b>", "&lt;", "&#0;", "&#x202e;", "]]>", "<![CDATA["),
        *(
            "*",
            "**",
            "_",
            "`",
            "```",
            "[",
            "]",
            "](",
            ")",
            "#",
            "\n---\n",
            "|",
            "|-|",
            "> ",
            "![",
            "{{",
            "{%",
            "}}",
        ),
        *('"', "'", "“", "”", "‘", "’", "\\", "\\u", "\x00", "\x07", "\x1b[31m", "\x1b]0;x\x07", "\x9b", "\x7f"),
        *("\r", "\r\n", "\n", "\n\n", "\t", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\xa0", "\u3000", " "),
        *("\u200b", "\u200d", "\u202e", "\u202c", "\u2066", "\u2069", "\ufeff", "\u00ad", "\u0301", "\u0338"),
        *(
            "\ud83d",
            "\udc00",
            "\U0001fae8",
            "\U000e0041",
            "👩‍🚀",
            "é",
            "e\u0301",
            "ß",
            "İ",
            "ǅ",
            "ﬁ",
            "ﷺ",
            "中文",
            "שלום",
        ),
        *(
            "=1+1",
            "+1",
            "-1",
            "@x",
            "=cmd|' /C calc'!A0",
            "1,000.5",
            "$(id)",
            ".",
            "...",
            "!?",
            "U.S.",
            "Mr.",
            "n't",
        ),
    ]
)
WORDS = st.sampled_from(
    "The the harbor harbour minister said mentioned defense protection secretary of new brand town city "
    "Monday friends buddies help assist help aid dеfense gre\u200ben ｓａｉｄ three 3 a not".split()
)
TEXTS = st.lists(st.one_of(WORDS, SIGNS, st.text(max_size=4)), max_size=60).map(
    lambda pieces: " ".join(pieces).replace(" \\ ", "")
)
GLUED = st.lists(st.one_of(WORDS, SIGNS, st.just(" "), st.just(". ")), max_size=80).map("".join)
ANY_TEXT = st.one_of(TEXTS, GLUED, st.text(max_size=120))
BYTES = st.one_of(
    st.binary(max_size=200),
    ANY_TEXT.map(lambda text: text.encode("utf-8", "replace")),
    ANY_TEXT.map(lambda text: text.encode("utf-16", "replace")),
    ANY_TEXT.map(lambda text: f"<html><head><meta charset=latin-1><body><p>{text}".encode("utf-8", "replace")),
    ANY_TEXT.map(lambda text: f"---\ndate: {text}\n---\n# {text}\n[{text}]({text})".encode("utf-8", "replace")),
)
ARTICLES = st.builds(
    article_from_text, ANY_TEXT, ANY_TEXT.filter(bool), st.sampled_from(["text", "markdown", "html"])
)


@given(BYTES, st.sampled_from(ENDINGS))
@settings(PROFILE)
def test_any_bytes_are_read_or_refused_by_name(data: bytes, ending: str) -> None:
    check_reading(data, ending)


@given(ARTICLES)
@settings(PROFILE)
def test_tokens_and_sentences_cover_any_text_and_point_into_it_as_read(article: Article) -> None:
    check_segmenting(article)


@given(BYTES, st.sampled_from(ENDINGS))
@example(b"(\xb5/\xfd", ".txt")  # the beginning of what Zstandard packed
@example(b"\x1f\x8b\x08", ".json")  # ... and gzip
@settings(PROFILE)
def test_what_was_read_can_be_segmented(data: bytes, ending: str) -> None:
    article = check_reading(data, ending)
    if article is not None:
        check_segmenting(article)


@given(ARTICLES, ARTICLES)
@settings(PROFILE)
def test_any_two_articles_compare(suspect: Article, reference: Article) -> None:
    check_comparing(suspect, reference)


@given(ARTICLES, ARTICLES, ANY_TEXT)
@settings(PROFILE)
def test_no_view_is_steered_by_what_it_shows(suspect: Article, reference: Article, warning: str) -> None:
    hostile = Article(suspect.text, suspect.name, suspect.format, warning, suspect.marks, (warning,), warning)
    check_views(check(detector().compare(hostile, reference)))


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), ANY_TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(ANY_TEXT, inner, max_size=3)),
    max_leaves=6,
)
FIELDS = st.dictionaries(
    st.sampled_from(["id", "text", "title", "url", "published", "outlet", "more"]), st.one_of(ANY_TEXT, JSON)
)
LINES = st.lists(
    st.one_of(
        FIELDS.map(lambda fields: json.dumps(fields).encode()),
        FIELDS.map(lambda fields: json.dumps(fields, ensure_ascii=False).encode("utf-8", "replace")),
        st.binary(max_size=40),
    ),
    max_size=4,
).map(b"\n".join)


@given(LINES)
@example(b'{"text": "It rained.", "views": ' + b"9" * 5_000 + b"}")
@example(b'{"text": ' + b"[" * 100_000)
@example(b'{"text": "It rained.", "published": 1e999, "id": NaN}')
@settings(PROFILE)
def test_any_lines_are_records_or_say_where_they_are_not(data: bytes) -> None:
    check_records(data)


@given(
    st.one_of(st.binary(max_size=60), LINES.map(gzip.compress), LINES.map(lambda data: gzip.compress(data)[:-9]))
)
@settings(PROFILE)
def test_any_compressed_bytes_are_records_or_say_where_they_are_not(data: bytes) -> None:
    check_records(data, ".jsonl.gz")


def test_a_score_that_is_made_up_otherwise_is_noticed() -> None:
    harbor = Path(__file__).parent.parent / "data" / "harbor"
    comparison = check(detector().compare(harbor / "spun.txt", harbor / "original.txt"))
    first, second, *rest = comparison.contributions
    shifted = (replace(first, nats=first.nats + 1e-4), replace(second, nats=second.nats - 1e-4), *rest)
    with pytest.raises(AssertionError):
        check(replace(comparison, contributions=shifted))
    heavier = [
        replace(pair, substitutions=tuple(replace(item, weight=2 * item.weight) for item in pair.substitutions))
        for pair in comparison.alignment
    ]
    with pytest.raises(AssertionError):
        check(replace(comparison, alignment=tuple(heavier)))


def test_a_run_too_long_for_a_word_is_cut_once_at_an_invisible_character() -> None:
    for length in range(90, 112):
        check_segmenting(article_from_text(('7"' * 60)[:length] + 'li\x0fe" and more.'))
