"""What keeps hostile and enormous inputs bounded: the limits, and the work done for texts made to one pattern."""

from __future__ import annotations

import json
import re
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

from spindetect import Archive, Detector
from spindetect.align.sentences.alignment import _MOST_ALIKE, _NEAREST, _considered, _similarities, _texts
from spindetect.align.sentences.candidates import _MOST_HITS, Candidates
from spindetect.align.sentences.profiles import Profile
from spindetect.cli import app
from spindetect.errors import UnreadableArticle
from spindetect.read.article import article_from_bytes
from spindetect.read.hidden import without_hidden
from spindetect.read.pages import _complete
from spindetect.scan import scan
from spindetect.settings import Settings

SENTENCE = "The harbour was closed to ships. "


@cache
def detector() -> Detector:
    return Detector.load()


# --- words ----------------------------------------------------------------------


def test_more_words_than_the_limit_are_refused_with_both_numbers_and_what_to_do() -> None:
    small = Detector.load(settings=Settings(max_words=12))
    assert small.compare(SENTENCE * 2, SENTENCE * 2).coverage == 1.0
    for pair in ((SENTENCE * 3, SENTENCE), (SENTENCE, SENTENCE * 3)):
        with pytest.raises(UnreadableArticle, match=r"text: it has 18 words, and at most 12 are taken\. Cut out"):
            small.compare(*pair)


def test_an_article_over_the_limit_is_one_error_among_many() -> None:
    small = Detector.load(settings=Settings(max_words=12))
    first, long, last = small.compare_many([(SENTENCE, SENTENCE), (SENTENCE * 9, SENTENCE), (SENTENCE, SENTENCE)])
    assert isinstance(long, UnreadableArticle) and first == last


def test_the_command_line_refuses_what_is_too_long_and_scores_the_others(tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_text(SENTENCE * 9)
    (tmp_path / "short.txt").write_text(SENTENCE)
    files = [str(tmp_path / name) for name in ("long.txt", "short.txt")]
    reference = ["--reference", files[1], "--max-words", "12"]
    found = CliRunner().invoke(app, ["score", *files, *reference])
    assert found.exit_code == 2
    assert "long.txt: it has 54 words, and at most 12 are taken" in found.stderr
    assert "short.txt" in found.stdout and "long.txt" not in found.stdout


def test_a_scan_says_so_in_the_articles_row(tmp_path: Path) -> None:
    feed = tmp_path / "feed.jsonl"
    texts = [SENTENCE, SENTENCE * 9, SENTENCE + "It rained."]
    feed.write_text("".join(json.dumps({"id": str(n), "text": text}) + "\n" for n, text in enumerate(texts)))
    with Archive.create(tmp_path / "archive") as archive:
        archive.add([{"id": "original", "text": SENTENCE}])
    scan(feed, tmp_path / "rows.jsonl", [tmp_path / "archive"], settings=Settings(max_words=12), jobs=1)
    rows = [json.loads(line) for line in (tmp_path / "rows.jsonl").read_text().splitlines()]
    assert [row["error"] is None for row in rows] == [True, False, True]
    assert "54 words, and at most 12 are taken" in rows[1]["error"]


# --- texts made to one pattern --------------------------------------------------


def test_sentences_to_one_pattern_make_a_bounded_number_of_pairs() -> None:
    patterns = [f"The {colour} ferry left for the island at noon. " for colour in "red blue green white".split()]
    document = detector().document("".join(patterns * 100))
    similarity = _similarities(_texts(document, document, detector().model.lexicon))
    assert len(similarity) <= len(document.sentences) * (_MOST_ALIKE + _NEAREST + 1)
    assert all((index, index) in similarity for index in range(len(document.sentences)))


def test_of_many_alike_the_most_alike_and_the_nearest_are_considered() -> None:
    found = {index: 0.5 + 0.4 * (index >= 900) for index in range(1_000)}
    kept = _considered(500, found)
    assert {490, 500, 509} <= set(kept) and sum(value == 0.9 for value in kept.values()) == _MOST_ALIKE
    assert _considered(3, {1: 0.5, 2: 0.2}) == {1: 0.5, 2: 0.2}


def test_a_long_texts_hits_do_not_grow_with_the_square_of_its_length() -> None:
    count = 20_000
    profiles = {index: Profile({"ferry" if index % 10 else "boat": 1.0}, 1.0, set()) for index in range(count)}
    index = Candidates(profiles, {}, 0.12)  # type: ignore[arg-type]
    longest = max((len(found) for found in index._postings.values()), default=0)
    assert longest * count <= _MOST_HITS
    assert index.similar(profiles[0]) is None  # too common to say which sentence is meant


@pytest.mark.parametrize(("sentences", "most"), [(21, 20), (200, 20), (300, 30)])
def test_a_word_in_more_than_twenty_sentences_and_one_in_ten_tells_nothing(sentences: int, most: int) -> None:
    for having in (most, most + 1):
        profiles = {n: Profile({"ferry" if n < having else f"boat{n}": 1.0}, 1.0, set()) for n in range(sentences)}
        found = Candidates(profiles, {}, 0.12).similar(Profile({"ferry": 1.0}, 1.0, set()))  # type: ignore[arg-type]
        assert found == (dict.fromkeys(range(most), 1.0) if having == most else None)


# --- pages ----------------------------------------------------------------------


def test_of_an_elements_attributes_the_first_hundred_are_kept() -> None:
    excess = " ".join(f"a{number}='>'" for number in range(5_000))
    page = _complete(f'<p title="a > b" {excess}>It rained.</p><p id=x>All day.</p>')
    assert len(re.findall(r" a\d+=", page)) == 99
    assert "<p id=x>" in page and 'title="a > b"' in page
    article = article_from_bytes(f"<html><body><p {excess}>It rained.</p></body></html>".encode(), "page.html")
    assert article.text == "It rained."


def test_a_ground_is_that_of_the_nearest_element_with_one() -> None:
    shown = "All of this is what the page shows to people who read it. " * 9
    page = (
        f"<html><body bgcolor='#ffffff'><p>{shown}</p><div style='background:#000'>"
        "<p style='color:#fff'>On black.</p>"
        "<div style='background:white'><i><b style='color:#fff'>Gone.</b></i></div>"
        "<i style='color:#fff'>Still on black.</i></div><b style='color:white'>Gone, too.</b></body></html>"
    )
    left, warnings = without_hidden(page)
    assert [one[:26] for one in warnings] == [f"hidden text: {len('Gone.') + len('Gone, too.')} characters"]
    assert "On black." in left and "Still on black." in left and "Gone" not in left


HOSTILE_PAGES = {
    "tags in tags": "<a" * 50_000,
    "tags in tags that end": "<p><a" + "<a" * 50_000 + ">It rained.",
    "spaces before a colour": f'<p style="color:a{" " * 100_000}">It rained.</p>',
    "spaces": f"<p>It rained.{' ' * 100_000}</p>",
    "comments": "<p>" + "<!--" * 25_000,
    "declarations": f"<style>.a{{{'b:c;' * 12_000}}}</style>" + "<p class=a>It rained.</p>" * 2_000,
    "long values": f"<style>.a{{color:{'x,' * 25_000}}}</style>" + "<p class=a>It rained.</p>" * 2_000,
    "printed": "<style>" + "@media print " * 8_000 + "</style><p style='color:red'>It rained.</p>",
    "classes": f"<style>.a{{color:red}}</style><p class='{'a ' * 50_000}'>It rained.</p>",
    "deep": "<div>" * 20_000 + "It rained.",
    "unclosed": "<script>" * 12_000 + "<p>It rained.",
    "entities": "<p>" + "&amp;" * 20_000,
    "attributes": "<p " + "a=b " * 25_000 + ">It rained.",
    "json": "<script type='application/ld+json'>" + "[" * 90_000 + "</script><p>It rained.",
    "metas": "<meta name=date content=2020>" * 3_500 + "<p>It rained.",
    "table": "<table>" * 6_000 + "<tr><td>It rained.",
}


@pytest.mark.parametrize("page", HOSTILE_PAGES.values(), ids=HOSTILE_PAGES)
def test_a_page_of_100_kb_is_read_in_seconds_whatever_it_holds(page: str) -> None:
    start = time.process_time()
    with suppress(UnreadableArticle):
        article_from_bytes(f"<!doctype html><html><body>{page}</body></html>".encode(), "page.html")
    assert time.process_time() - start < 4
