"""What notebooks show and take: cards of HTML, pandas tables, and the inside of an alignment."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas
import pytest
from factory import SUSPECT, Swap, comparison, document, spun_comparison

from spindetect import Comparison, Detector
from spindetect.align.sentences.alignment import align_sentences
from spindetect.errors import MissingExtra
from spindetect.report import notebook
from spindetect.report.notebook import card

SPANS = ("suspect_start", "suspect_end", "reference_start", "reference_end")
SUBSTITUTION_COLUMNS = ("kind", "reference", "suspect", "quoted", "telltale", "weight", "reason", "pair", *SPANS)
GIVEAWAY_COLUMNS = (
    *("kind", "suspect", "original", "quoted", "telltale", "probability", "weight", "reason"),
    *SPANS[:2],
)
ALIGNMENT_COLUMNS = (
    *("suspect_sentences", "reference_sentences", "similarity", "moved", "substitutions", "telltales", "weight"),
    *("added", "dropped", "suspect", "reference", *SPANS),
)
CONTRIBUTION_COLUMNS = ("feature", "value", "nats", "explanation")
DATA = Path(__file__).parent.parent / "data"
HOSTILE = (
    "A <script>alert(1)</script> \u202egnp.exe <img src=x onerror=a> {{ 7*7 }} \x1b[31m </div></style> & so on."
)
SCRIPTS = {"script", "img", "iframe", "object", "link", "svg", "a"}


class Elements(HTMLParser):
    """The elements, attributes and text of a piece of HTML; raises when elements aren't nested rightly."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.attributes: set[str] = set()
        self.text = ""
        self.open: list[str] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self.text += " " if tag == "td" else ""

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.text += data


def read(html: str) -> Elements:
    return Elements(html)


@lru_cache
def detector() -> Detector:
    return Detector.load()


@lru_cache
def harbor() -> Comparison:
    return detector().compare(DATA / "harbor" / "spun.txt", DATA / "harbor" / "original.txt")


# --- cards --------------------------------------------------------------------


def test_a_comparison_shows_its_verdict_reasons_and_pairs() -> None:
    card = read(spun_comparison()._repr_html_())
    text = " ".join(card.text.split())
    assert "95.9 of 100: spun (words replaced as spinning programs do)" in text
    assert "suspect: spun.txt (50 words in 5 sentences, not counting 1 of boilerplate)" in text
    assert "+2.07 quoted term! green light → inexperienced mild an idiom was swapped word by word" in text
    assert "+2.40 3 of 6 substitutions are such as hardly anyone but a machine makes. (0.5)" in text
    assert "[Defense] Secretary Ruth Calloway" in text and "[Protection]{name!} Secretary" in text
    assert "4 aligned sentence pairs" in text and "details" in card.names


def test_the_parts_show_themselves() -> None:
    made = spun_comparison()
    item = next(item for item in made.substitutions if item.kind == "term")
    assert "green light → inexperienced mild" in read(card(item)).text
    assert "a verb was swapped" in read(card(made.alignment[1])).text
    assert "80% alike" in read(card(made.alignment[1])).text
    assert "All numbers were kept." in read(card(made.contributions[2])).text
    article = read(card(made.suspect.article))
    assert "1 stretch marked as not the article" in " ".join(article.text.split())
    view = read(card(made.suspect))
    assert "del" in view.names and "Home » World » Harbors" in view.text and "A brass band" in view.text


def test_nothing_in_a_text_acts_on_the_page() -> None:
    sides = document(HOSTILE, "<script>.txt"), document(HOSTILE.replace("A ", "The "), "b\u202e.txt")
    made = comparison(*sides, [Swap("The", "A", "function", reason="<b onclick=x>")], [(0, 0)], warnings=("<i>",))
    parts = [made, made.suspect, made.suspect.article, made.alignment[0], *made.substitutions]
    for part in parts:
        html = card(part)
        seen = read(html)
        assert SCRIPTS.isdisjoint(seen.names)
        assert seen.attributes <= {"class", "style", "role", "aria-label", "title"}
        assert [char for char in html if not char.isprintable() and char != "\n"] == []
    seen = read(made._repr_html_())
    for visible in ("<script>alert(1)</script>", "<U+202E>gnp", "{{ 7*7 }}", "<script>.txt", "<b onclick=x>"):
        assert visible in seen.text


def test_cards_of_nothing_and_of_much() -> None:
    empty = comparison(document("", "a.txt"), document("", "b.txt"), verdict="undecided", nats=())
    assert "0 words in 0 sentences" in read(card(empty)).text
    long = document(" ".join(f"Sentence number {number} is here." for number in range(500)))
    made = comparison(long, long, [], [(number, number) for number in range(500)])
    html = made._repr_html_()
    assert f"500 aligned sentence pairs, the first {notebook.MOST_PAIRS} of them" in html
    assert "first 60 of 500 sentences" in card(long)
    assert len(html) < 40_000


def test_cards_follow_the_theme() -> None:
    html = spun_comparison()._repr_html_()
    assert "color-scheme: light dark" in html and "light-dark(" in html
    for theme in ('[data-jp-theme-light="true"]', '[data-jp-theme-light="false"]', "var(--jp-layout-color0"):
        assert theme in html


def test_what_the_prompt_shows_is_short() -> None:
    made = harbor()
    assert re.fullmatch(r"Comparison\('.*spun.txt', '.*original.txt', score=[\d.]+, verdict='spun'\)", repr(made))
    assert repr(made.suspect).endswith("spun.txt', 468 words, 25 sentences)")
    assert repr(spun_comparison().suspect.article) == f"Article('spun.txt', text, {len(SUSPECT)} characters)"


# --- tables -------------------------------------------------------------------


def test_the_tables_hold_what_the_comparison_does() -> None:
    made = harbor()
    substitutions, alignment = made.to_frame(), made.to_frame("alignment")
    assert tuple(substitutions.columns) == SUBSTITUTION_COLUMNS
    assert tuple(alignment.columns) == ALIGNMENT_COLUMNS
    assert list(substitutions["suspect"]) == [item.suspect.text for item in made.substitutions]
    assert len(alignment) == len(made.alignment)
    assert alignment["substitutions"].sum() == len(substitutions) == len(made.substitutions)
    assert alignment["weight"].sum() == pytest.approx(substitutions["weight"].sum())
    for row in substitutions.itertuples():
        assert made.suspect.article.text[row.suspect_start : row.suspect_end] == row.suspect
        assert row.suspect in alignment.loc[row.pair, "suspect"]
        assert row.reference in alignment.loc[row.pair, "reference"]


def test_contributions_and_intercept_add_up_to_the_score() -> None:
    made = harbor()
    table = made.to_frame("contributions")
    assert tuple(table.columns) == CONTRIBUTION_COLUMNS
    log_odds = table["nats"].sum() + made.intercept
    assert 100 / (1 + np.exp(-log_odds)) == pytest.approx(made.score)


def test_equal_substitutions_keep_their_own_pairs() -> None:
    suspect, reference = document("A giant dog. A giant cat."), document("A big dog. A big cat.")
    made = comparison(suspect, reference, [Swap("big", "giant")], [(0, 0), (1, 1)])
    assert list(made.to_frame()["pair"]) == [0, 1]


def test_an_empty_comparison_gives_empty_tables_with_their_columns() -> None:
    empty = comparison(document("", "a.txt"), document("", "b.txt"), nats=())
    for table, columns in (("substitutions", SUBSTITUTION_COLUMNS), ("alignment", ALIGNMENT_COLUMNS)):
        assert tuple(empty.to_frame(table).columns) == columns and empty.to_frame(table).empty


def test_an_assessment_has_tables_of_its_giveaways_and_its_contributions() -> None:
    made = detector().score(DATA / "harbor" / "spun.txt")
    giveaways = made.to_frame()
    assert tuple(giveaways.columns) == GIVEAWAY_COLUMNS and len(giveaways) == len(made.giveaways) > 5
    for row, item in zip(giveaways.itertuples(), made.giveaways, strict=True):
        assert made.suspect.article.text[row.suspect_start : row.suspect_end] == row.suspect == item.suspect.text
        assert (row.original == item.original.text) if item.original else pandas.isna(row.original)
    assert made.to_frame("contributions")["nats"].sum() == pytest.approx(
        sum(one.nats for one in made.contributions)
    )
    assert made.to_frame("alignment").empty and made.to_frame("substitutions").empty


def test_a_table_that_is_not_there_and_pandas_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="there is no table 'words'; ask for one of substitutions, alignment"):
        spun_comparison().to_frame("words")  # type: ignore[arg-type]
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(MissingExtra, match=r"pip install 'spindetect\[notebooks\]'"):
        spun_comparison().to_frame()


# --- inside an alignment ------------------------------------------------------


def test_the_similarities_are_those_that_the_alignment_starts_from() -> None:
    made = harbor()
    matrix = detector().sentence_similarities(made)
    assert matrix.shape == (len(made.suspect.sentences), len(made.reference.sentences))
    assert matrix.min() >= 0.0 and matrix.max() <= 1.0
    boilerplate = [index for index, sentence in enumerate(made.suspect.sentences) if sentence.boilerplate]
    assert boilerplate and not matrix[boilerplate].any()
    single = [
        link
        for link in align_sentences(made.suspect, made.reference, detector().model.lexicon)
        if len(link.suspect) == len(link.reference) == 1
    ]
    assert len(single) > 10
    assert all(matrix[link.suspect[0], link.reference[0]] == link.similarity for link in single)


def test_the_word_alignment_is_the_one_that_was_classified() -> None:
    made = harbor()
    for pair in made.alignment:
        words = detector().word_alignment(made, pair)
        assert all(pair.suspect.overlap(span) == len(span) for span in words.suspect)
        # a word may answer to several that stand apart [place of ... business -> office], in a link each
        links = [(link.reference, link.suspect) for link in words.links]
        assert len(links) == len(set(links))
        linked = {span for _, mine in links for span in mine}
        assert linked <= set(words.suspect)
        unlinked = [span for span in words.suspect if span not in linked]
        named = [item.suspect.span for item in pair.substitutions]
        assert all(any(span.overlap(stretch) for stretch in (*pair.added, *named)) for span in unlinked)
        equal = [link for link in words.links if link.relation == "equal"]
        text, other = made.suspect.article.text, made.reference.article.text
        assert all(link.suspect[0].of(text).lower() == link.reference[0].of(other).lower() for link in equal)


def test_a_word_that_moved_is_linked_across() -> None:
    made = detector().compare(
        "Yesterday the secretary signed the harbour agreement in the capital.",
        "The secretary signed the harbour agreement in the capital yesterday.",
    )
    [pair] = made.alignment
    crossing = [link for link in detector().word_alignment(made, pair).links if link.crossing]
    assert [link.reference[0].of(made.reference.article.text) for link in crossing] == ["yesterday"]


def test_the_words_of_another_comparisons_pair_are_refused() -> None:
    made = harbor()
    stranger = replace(made.alignment[0], similarity=0.5)
    with pytest.raises(ValueError, match="isn't in this comparison"):
        detector().word_alignment(made, stranger)
