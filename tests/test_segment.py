"""Cutting texts into tokens and sentences: hand-worked boundaries, and spans that slice back."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from spindetect.records import Article, Document, Mark, Span
from spindetect.segment import tokens as tokens_module
from spindetect.segment.document import segment
from spindetect.segment.normalise import normalise
from spindetect.segment.tokens import tokenize, tokenizer
from spindetect.segment.vocabulary import UNSEEN_SURPRISAL, Vocabulary

VOCABULARY = Vocabulary({"the": 0.0, "mill": 7.5}, {"mill": 0}, {"went": "go"})


def cut(text: str, *marks: Mark) -> Document:
    return segment(Article(text, marks=marks), VOCABULARY)


def sentences(text: str) -> list[str]:
    return [sentence.span.of(text) for sentence in cut(text).sentences]


# --- sentence boundaries, each list as a reader would cut it -----------------------------------------

ABBREVIATIONS = [
    ["Mr. Hale met Gen. Ruiz at the dam.", "They spoke for an hour."],
    ["Mrs. Vale, Ms. Orr and Dr. Pike won.", "Prof. Lund lost."],
    ["She flew to the U.S. capital on Monday.", "It rained."],
    ["He moved to the U.S.", "The rest of the family stayed."],
    ["The ferry leaves at 6 a.m. Thursday.", "Tickets cost $4."],
    ["The ferry leaves at 6 a.m.", "The captain waits for nobody."],
    ["The novel by J. R. Castle sold well.", "It was his first."],
    ["He works for Acme Inc. and lives in St. Louis.", "She doesn't."],
    ["She joined Beta Corp.", "The firm is small."],
    ["The vote is on Jan. 5.", "The result follows."],
    ["She has a Ph.D. from the old school.", "He does not."],
    ["He was born in Washington, D.C.", "His mother was a nurse."],
    ["Bring nuts, e.g. almonds, and fruit, i.e. pears.", "Then eat."],
    ["It rose 3.5 percent to $1.2 billion.", "See No. 5 for details."],
]
CLOSINGS = [
    ["“We lost.”", "She closed the door."],
    ['"We lost."', "She closed the door."],
    ["“Why?” he asked.", "“Because,” she said."],
    ["'Go!' he cried.", "Nobody went."],
    ["Prices fell (again.)", "Nobody cared."],
    ["He said: “No.”", "And he left."],
    ["Is it true?!", "Yes... it is.", "Really…", "He left."],
    ["We shall see.", "40 people came.", "iPhone sales rose."],
]


@pytest.mark.parametrize("expected", ABBREVIATIONS + CLOSINGS, ids=lambda expected: expected[0][:30])
def test_a_full_stop_ends_a_sentence_only_where_a_reader_would(expected: list[str]) -> None:
    assert sentences(" ".join(expected)) == expected


@pytest.mark.parametrize(
    "text, expected",
    [
        ("The plan failed.The mayor resigned.", ["The plan failed.", "The mayor resigned."]),
        ("It ended in 2021.The deputy took over.", ["It ended in 2021.", "The deputy took over."]),
        ("“It is over.”She wept.", ["“It is over.”", "She wept."]),
        ("“It is over.”Mr. Hale left.", ["“It is over.”", "Mr. Hale left."]),
        ("It is over!Nobody spoke.", ["It is over!", "Nobody spoke."]),
    ],
)
def test_a_missing_space_after_a_full_stop_does_not_join_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_a_headline_without_a_full_stop_is_a_sentence_of_its_own(line_break: str) -> None:
    text = f"Mayor Resigns After Vote{line_break}{line_break}She left on Monday. Nobody spoke."
    assert sentences(text) == ["Mayor Resigns After Vote", "She left on Monday.", "Nobody spoke."]
    text = text.replace(line_break * 2, line_break)
    assert sentences(text) == ["Mayor Resigns After Vote", "She left on Monday.", "Nobody spoke."]


@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
def test_line_breaks_in_hard_wrapped_text_mean_nothing(line_break: str) -> None:
    first = [
        "This report was typed on an old",
        "machine that broke every line at",
        "some column, and nobody",
        "minded.",
    ]
    second = ["It has a second paragraph", "as well."]
    text = line_break.join(first) + " Then it went\non." + 2 * line_break + line_break.join(second)
    assert sentences(text) == [line_break.join(first), "Then it went\non.", line_break.join(second)]


@pytest.mark.parametrize(
    ("wrapped", "others", "hard"), [(3, 7, True), (3, 8, False), (6, 14, True), (6, 15, False), (2, 0, False)]
)
def test_three_lines_and_three_in_ten_that_break_off_make_a_hard_wrapped_text(
    wrapped: int, others: int, hard: bool
) -> None:
    lines = ["The mill stood"] * wrapped + ["near the quay."] + ["Nobody spoke."] * others
    text = "\n".join(lines).replace("stood\nThe", "stood\nthe")
    assert ("\n" in sentences(text)[0]) is hard


def test_list_items_are_sentences() -> None:
    assert sentences("Buy:\n- apples\n- pears\n* plums") == ["Buy:", "- apples", "- pears", "* plums"]


def test_the_number_of_a_list_item_stays_with_it() -> None:
    assert sentences("1. Open the lid.\n2. Pour the milk.") == ["1. Open the lid.", "2. Pour the milk."]


def test_boilerplate_makes_sentences_of_its_own_and_markup_none() -> None:
    text = "Share this The dam [broke](http://x.example) today. Leave a Reply"
    marks = [
        Mark(Span(0, 10), "boilerplate", "share list"),
        Mark(Span(text.index("["), text.index("[") + 1), "markup", "link"),
        Mark(Span(text.index("]"), text.index(")") + 1), "markup", "link"),
        Mark(Span(text.index("Leave"), len(text)), "boilerplate", "comments"),
    ]
    document = cut(text, *marks)
    found = [(sentence.span.of(text), sentence.boilerplate) for sentence in document.sentences]
    assert found == [
        ("Share this", True),
        ("The dam [broke](http://x.example) today.", False),
        ("Leave a Reply", True),
    ]
    assert document.word_count == 4
    assert document.sentence_count == 1


# --- tokens ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, tokens",
    [
        ("can't", ["ca", "n't"]),
        ("cannot", ["can", "not"]),
        ("won’t", ["wo", "n’t"]),
        ("they'll", ["they", "'ll"]),
        ("we’ve", ["we", "’ve"]),
        ("I'm", ["I", "'m"]),
        ("he'd", ["he", "'d"]),
        ("DON'T", ["DO", "N'T"]),
        ("the mill's wheel", ["the", "mill", "'s", "wheel"]),
        ("o'clock", ["o'clock"]),
        ("wed its id", ["wed", "its", "id"]),
        ("U.S.-Japan talks", ["U.S.", "-", "Japan", "talks"]),
        ("an 85-minute film", ["an", "85", "-", "minute", "film"]),
        ("5,000 people", ["5,000", "people"]),
        ("10% of $4", ["10", "%", "of", "$", "4"]),
        ("word—word", ["word", "—", "word"]),
        ("paused—“and then,”—he", ["paused", "—", "“", "and", "then", ",", "”", "—", "he"]),
        ("left.—“No", ["left", ".", "—", "“", "No"]),
        ("why?—‘never’—she", ["why", "?", "—", "‘", "never", "’", "—", "she"]),
        ('paused--"and', ["paused", "--", '"', "and"]),
        ("“this”/“that”", ["“", "this", "”", "/", "“", "that", "”"]),
        ("said:“No…“Yes", ["said", ":", "“", "No", "…", "“", "Yes"]),
        ("well‑known co‐op, 20−year", ["well", "‑", "known", "co", "‐", "op", ",", "20", "−", "year"]),
        ("see https://dam.example/x?y=1 now", ["see", "https://dam.example/x?y=1", "now"]),
    ],
)
def test_tokens(text: str, tokens: list[str]) -> None:
    assert tokenize(text)[0] == tokens


PIECES = st.sampled_from(
    [
        "The", "mill", "closed.", "Mr.", "U.S.", "“No,”", "he’s", "5,000", "Café", "cafe\u0301", "👩‍🚀",
        "🎉!", "\r\n", "\n\n", "\u2029", "de\u00adfense", "dеfense", "\u200b", "“", "”", '"', "...", "—",
        "-", "n't", "\ufeff", "中文", "Москва", "i.e.", "a.m.", ".X", "\t", "\u00a0", "x" * 40, "👍🏽",
    ]
)  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=80), st.lists(PIECES, max_size=25).map(" ".join), st.lists(PIECES, max_size=25).map("".join)
)


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_tokens_slice_back_and_cover_all_that_is_not_white_space(text: str) -> None:
    spellings, starts = tokenize(text)
    for spelling, start in zip(spellings, starts, strict=True):
        assert text[start : start + len(spelling)] == spelling
    ends = [start + len(spelling) for spelling, start in zip(spellings, starts, strict=True)]
    gaps = [text[end:start] for end, start in zip([0, *ends], [*starts, len(text)], strict=True)]
    assert all(not gap or gap.isspace() for gap in gaps)


@given(st.one_of(TEXTS, st.text("kmgtbdsnaTMGKB$%., ", max_size=60)))
@settings(max_examples=150, deadline=None)
def test_tokens_cut_chunk_by_chunk_are_those_of_the_whole_text(text: str) -> None:
    assume(max(map(len, text.split()), default=0) < 100)
    whole = [(token.text, token.idx) for token in tokenizer()(text) if not token.text.isspace()]
    assert list(zip(*tokenize(text), strict=True)) == whole


def test_chunks_kept_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens_module, "_CHUNKS_KEPT", 50)
    monkeypatch.setattr(tokens_module, "_kept", {})
    for number in range(100):
        assert tokenize(f"Mill {number}, can't.")[0] == ["Mill", str(number), ",", "ca", "n't", "."]
        assert len(tokens_module._kept) <= 50 + 3


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_sentences_part_the_tokens_and_slice_back(text: str) -> None:
    document = cut(text)
    assert len(document.words) == len(document.starts) == len(document.quoted)
    if not document.words:
        assert document.sentences == ()
        return
    assert document.sentences[0].first == 0 and document.sentences[-1].last == len(document.words)
    assert all(one.last == other.first for one, other in pairwise(document.sentences))
    for sentence in document.sentences:
        assert sentence.first < sentence.last
        assert sentence.span == document.span(sentence.first, sentence.last)
        assert 0 <= sentence.span.start < sentence.span.end <= len(text)
        assert not sentence.span.of(text)[0].isspace()


# One token of many affixes costs spaCy the square of its length; a megabyte of them must not take hours.
@pytest.mark.parametrize("unit", ['"', "n't", "=", '."', ",", "😀"])
def test_long_runs_of_affixes_are_cut_in_reasonable_time(unit: str) -> None:
    tokenize("warm up")
    text = unit * 3000
    begun = time.process_time()
    spellings, starts = tokenize(text)
    assert time.process_time() - begun < 0.5
    assert "".join(spellings) == text and starts[0] == 0


# --- normal forms ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, norm",
    [
        ("Mill", "mill"),
        ("Café’s", "cafe's"),
        ("cafe\u0301", "cafe"),
        ("naïve", "naive"),
        ("ﬁnd", "find"),
        ("–", "-"),
        ("…", "..."),
        ("„", '"'),
        ("İstanbul", "istanbul"),
        ("Ελλάδα", "ελλαδα"),
    ],
)
def test_ordinary_spellings_are_unified_and_not_disguised(text: str, norm: str) -> None:
    assert normalise(text) == (norm, False)


@pytest.mark.parametrize(
    "text, norm",
    [
        ("dеfense", "defense"),  # Cyrillic е
        ("Αgency", "agency"),  # Greek Α
        ("de\u00adfense", "defense"),  # soft hyphen
        ("de\u200bfense", "defense"),  # zero-width space
        ("de\u2060fense", "defense"),  # word joiner
        ("ｄｅｆｅｎｓｅ", "defense"),
        ("𝐝𝐞𝐟𝐞𝐧𝐬𝐞", "defense"),
        ("d\u0336e\u0336f\u0336", "def"),  # struck out
        ("ɡo", "go"),
        ("１２", "12"),
    ],
)
def test_disguised_spellings_are_undone_and_told(text: str, norm: str) -> None:
    assert normalise(text) == (norm, True)


@pytest.mark.parametrize("text", ["Москва", "ворона", "СССР", "нос", "России", "свёклы", "Αθήνα", "ΝΑΤΟ"])
def test_words_of_another_alphabet_are_not_disguised_latin(text: str) -> None:
    assert not normalise(text)[1]


@given(st.text(max_size=12))
@example("00AΊ")  # the accent hid that the letter looks like a Latin one
@settings(max_examples=300, deadline=None)
def test_a_normal_form_is_stable(text: str) -> None:
    """Of lower-case words: Greek beside capitals is a symbol [TNFα], in lower case it may be a disguise [pαper]."""
    norm, _ = normalise(text.lower())
    assert normalise(norm)[0] == norm


@given(st.text(alphabet=st.characters(max_codepoint=127), max_size=12))
@settings(max_examples=100, deadline=None)
def test_plain_ascii_is_never_disguised(text: str) -> None:
    assert normalise(text) == (text.lower(), False)


# --- words ----------------------------------------------------------------------------------------


def test_what_is_known_of_a_word() -> None:
    mill = VOCABULARY["Mill"]
    assert (mill.norm, mill.stem, mill.shape, mill.function, mill.capitalised) == (
        "mill",
        "mill",
        "word",
        False,
        True,
    )
    assert (mill.surprisal, mill.row, mill.content) == (7.5, 0, True)
    assert VOCABULARY["went"].stem == VOCABULARY["going"].stem == "go"
    assert VOCABULARY["n’t"].stem == "not" and VOCABULARY["n’t"].function
    assert VOCABULARY["zyx"].surprisal == UNSEEN_SURPRISAL and VOCABULARY["zyx"].row == -1
    assert VOCABULARY["$"].shape == "punctuation" and VOCABULARY["$"].surprisal == 0.0
    assert VOCABULARY["5th"].shape == "number" and VOCABULARY["5th"].content
    assert not VOCABULARY["the"].content
    assert VOCABULARY["Mill"] is mill


# --- quotations -----------------------------------------------------------------------------------


def quoted(text: str) -> str:
    document = cut(text)
    return " ".join(word.text for word, inside in zip(document.words, document.quoted, strict=True) if inside)


@pytest.mark.parametrize(
    "text, inside",
    [
        ("“We won,” he said.", "We won ,"),
        ('"We won," he said.', "We won ,"),
        ("«We won», he said. „Indeed” too.", "We won Indeed"),
        ("He said nothing.", ""),
        ("It’s the mill’s end, isn’t it?", ""),
        ("“It is open\n\nNothing more.", "It is open"),
        ("“First part.\n\n“Second part,” he said.", "First part . Second part ,"),
    ],
)
def test_what_stands_in_quotation_marks(text: str, inside: str) -> None:
    assert quoted(text) == inside


def test_a_mark_left_open_for_hundreds_of_words_was_no_quotation() -> None:
    assert quoted('The 5" pipe ' + "ran on " * 300) == ""


def test_spellings_met_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens_module, "_SPELLINGS_KEPT", 100)
    for first in range(0, 1_000, 50):
        found, _ = tokenize(" ".join(f"Word{number}," for number in range(first, first + 50)))
        assert found[:4] == [f"Word{first}", ",", f"Word{first + 1}", ","]
        assert len(tokenizer().vocab.strings) < 250


def test_half_a_character_is_one_unknown_one_beside_words_seen_through() -> None:
    document = segment(Article("gre\u200ben \ud83d"), Vocabulary())
    assert [word.text for word in document.words] == ["gre\u200ben", "\ufffd"]
