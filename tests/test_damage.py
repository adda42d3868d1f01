"""Damage undone in reading: what is repaired, what is honest and stays, and that spans slice back."""

from __future__ import annotations

import quopri
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spindetect.detector import Detector
from spindetect.read.article import article_from_text
from spindetect.repair.damage import repair

DATA = Path(__file__).parent.parent / "data"
SPUN, ORIGINAL = ((DATA / "harbor" / name).read_text("utf-8") for name in ("spun.txt", "original.txt"))


@cache
def detector() -> Detector:
    return Detector.load()


def repaired(text: str) -> str:
    found = repair(text, detector().model.vocabulary.knows)
    return found.seen.text if found else text


@pytest.mark.parametrize(
    "text, whole",
    [
        ("â€œWe won,â€ he said. Itâ€™s late â€” no.", "“We won,” he said. It’s late — no."),
        ("â€œWe won,â€\x9d he said.", "“We won,” he said."),
        ("â\x80\x9cWe won,â\x80\x9d he said.", "“We won,” he said."),
        ("Ã¢â‚¬Å“TwiceÃ¢â‚¬Â\x9d at the cafÃƒÂ©", "“Twice” at the café"),
        ("‚ÄúMac‚Äù √©t√©", "“Mac” été"),
        ("вЂњYesвЂќ, ΓÇ£yesΓÇ¥", "“Yes”, “yes”"),
        ("the cafÃ© in MÃ¼nchen, at 20Â°C for Â£5", "the café in München, at 20°C for £5"),
        ("itâ€™s Å¡koda, KovaÄ‡", "it’s škoda, Kovać"),
        ("donâ??t, donï¿½t, don\ufffdt, don?t, we?re", "don’t, don’t, don’t, don’t, we’re"),
        ("The crew leftâ€¦ Hello.Â The end.", "The crew left… Hello. The end."),
        ("don`t, it´s, Ann‘s, weʼve, 6 o`clock", "don’t, it’s, Ann’s, we’ve, 6 o’clock"),
        ("a `word', ‘tis the ‘s’, a ‘red car’, Lukʼyanivka", "a `word', ‘tis the ‘s’, a ‘red car’, Lukʼyanivka"),
        ("Then n o b o d y came to t h a t, but a l m o s t all.", "Then nobody came to that, but almost all."),
        ("He has a f i n a l offer, I f o u n d it", "He has a final offer, I found it"),
        ("F E R R Y  R E T U R N S", "FERRY  RETURNS"),
        ("the h\u00a0a\u00a0r\u00a0b\u00a0o\u00a0u\u00a0r", "the harbour"),
        ("plan B C D E F, x y z w, a b c", "plan B C D E F, x y z w, a b c"),
        ("\x93We won,\x94 he said. It\x92s late \x96 no.", "“We won,” he said. It’s late – no."),
    ],
)
def test_a_wrong_encoding_is_undone(text: str, whole: str) -> None:
    assert repaired(text) == whole


@pytest.mark.parametrize(
    "text, whole",
    [
        ("It=E2=80=99s a caf=C3=A9, af=\nter noon=20\nthen x=3D5", "It’s a café, after noon \nthen x=5"),
        ("It=E2=80=99s here =\nnow, don=92t", "It’s here now, don’t"),
        ("don=92t", "don’t"),
        ("&ldquo;Yes&rdquo; &amp; &#8217; &#x2014; &amp;rsquo;", "“Yes” & ’ — ’"),
        (r"don\u2019t \"Yes\" it\'s.\nThen", 'don’t "Yes" it\'s.\nThen'),
        (r"It rained.\n\nThen it stopped.\r\n\r\nWe left.", "It rained.\nThen it stopped.\nWe left."),
    ],
)
def test_codes_become_characters(text: str, whole: str) -> None:
    assert repaired(text) == whole


@pytest.mark.parametrize(
    "text, whole",
    [
        ("the infor-\nmation of the com-\r\n  mittee", "the information of the committee"),
        ("a well-\nknown, state-of-the-\nart plan", "a well-known, state-of-the-art plan"),
        ("the infor-\nmation, commit-\ntee and Mr. Marl-\nowe", "the information, committee and Mr. Marlowe"),
        ("Mr. Odell and Od-\nell", "Mr. Odell and Odell"),
        ("the infor\u00ad\nmation, gov¬\nernment", "the information, government"),
        ("the infor- mation was there", "the information was there"),
        ("scienti ﬁ c of ﬁ ce, an e ﬃ cient ﬁ nancial plan", "scientiﬁc ofﬁce, an eﬃcient ﬁnancial plan"),
        ("The ef cient of cer had a di erent rst day.", "The efficient officer had a different first day."),
        ("an of?cer’s e\ufffdort, bene\x02t", "an officer’s effort, benefit"),
        ("in\u00adfor\u00adma\u00adtion of the gov\u00adern\u00adment", "information of the government"),
        ("The govern\u200bment of a shelf\u200cful", "The government of a shelfful"),
        ("The **bio**nic read**er** is un*like*ly", "The bionic reader is unlikely"),
    ],
)  # fmt: skip
def test_broken_words_are_made_whole(text: str, whole: str) -> None:
    assert repaired(text) == whole


@pytest.mark.parametrize(
    "text, whole",
    [
        ("They did n' t go, ca n ' t say, wo n 't and isn’ t.", "They didn't go, can't say, won't and isn’t."),
        (
            "The mayor 's plan, Ann ' s boat; they ' ll see, I 'd go.",
            "The mayor's plan, Ann's boat; they'll see, I'd go.",
        ),
        ("Mr. O ' Brien left at six o 'clock.", "Mr. O'Brien left at six o'clock."),
        ("`` Yes , '' he said -LRB- AP -RRB- .", "“ Yes , ” he said ( AP ) ."),
        ("the well @-@ known plan of 1 @,@ 200 people", "the well-known plan of 1,200 people"),
        ('" Yes , " he said . " We won . "', "“ Yes , ” he said . “ We won . ”"),
    ],
)
def test_what_a_tokenizer_set_apart_is_joined(text: str, whole: str) -> None:
    assert repaired(text) == whole
    assert "mark" in repair(text).warning()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "text",
    [
        "They did n't go. The Smiths' s-bend, the 's' key, 'm' or 'd'; the boys' dogs, 'Yes,' he said.",
        "Vitamin D 'Amato' and group O 'Negative' blood, a 6 \" pipe and a 5 \" pipe, ``code`` there.",
        "“It’s the café’s — 20°C, £5 — in München,” said Nguyễn of Ấn Độ. CAFÉ… “É” né” À «la» ΑΒΓ",
        "The letters Â and Ã are Portuguese: São, Âmbar, AÇÃO.",
        "two-\nand three-year plans; pre- and post-war; a man- he was tall",
        "Anglo-\nSaxon. He left -\nthen she did.",
        "E=MC2, a=b and x = 20; see page?t=4 and AT&T; R&D; fish&chips",
        "f**k, s**t, 2*3*4 and a * b * c",
        "The ﬁrst oﬃce was eﬃcient.",
        "What?He left. Is it a?b",
        "He teh recieve thier rist unknwon wrods.",
        "C:\\new\\table and \\alpha",
        "A family 👨‍👩‍👧, می\u200cخواهم and क्\u200dष.",
    ],
)
def test_what_is_honest_stays(text: str) -> None:
    assert repair(text, detector().model.vocabulary.knows) is None


def test_the_spun_example_and_its_original_are_whole() -> None:
    assert repaired(SPUN) == SPUN and repaired(ORIGINAL) == ORIGINAL


def bold_beginnings(text: str) -> str:
    words = (f"**{word[:2]}**{word[2:]}" if word.isalpha() and len(word) > 4 else word for word in text.split(" "))
    return " ".join(words)


MANGLED: dict[str, Callable[[str], str]] = {
    "mojibake": lambda text: text.encode().decode("cp1252", errors="replace"),
    "quoted-printable": lambda text: quopri.encodestring(text.encode()).decode(),
    "line ends": lambda text: text.replace("tion", "-\ntion"),
    "soft hyphens": lambda text: text.replace("tion", "\u00adtion").replace("ment", "\u00adment"),
    "ligatures as signs": lambda text: text.replace("fi", "\x0c").replace("ff", "\x0b"),
    "bold beginnings": bold_beginnings,
}


@pytest.mark.parametrize("name", MANGLED)
def test_a_damaged_article_is_compared_as_the_whole_one(name: str) -> None:
    text = MANGLED[name](SPUN)
    found, plain = detector().compare(text, ORIGINAL), detector().compare(SPUN, ORIGINAL)
    assert abs(found.score - plain.score) < 3 and found.coverage == pytest.approx(plain.coverage, abs=0.03)
    assert [item.kind for item in found.substitutions].count("disguise") == 0
    assert sum(warning.startswith("damaged text repaired: ") for warning in found.warnings) == 1
    assert found.suspect.article.text == text


def test_the_damage_is_listed_once_as_what_it_is() -> None:
    document = detector().document("Itâ€™s the infor-\nmation of the commit-\ntee.")
    assert document.article.warnings == (
        "damaged text repaired: 1 character garbled by a wrong encoding, 2 words broken at line ends",
    )
    assert [word.text for word in document.words if word.disguised] == []
    assert [word.norm for word in document.words][3:6] == ["information", "of", "the"]
    assert detector().document(document.article).article.warnings == document.article.warnings


def test_hyphens_anywhere_and_many_signs_that_do_not_show_are_still_a_disguise() -> None:
    for text in ("th\u00ade cap\u00adtain s\u00adaid n\u00ado", "th\u200be cap\u200dtain sa\u200bid n\u200bo"):
        document = detector().document(text)
        assert sum(word.disguised for word in document.words) == 4
        assert [word.norm for word in document.words] == ["the", "captain", "said", "no"]


def test_signs_beside_a_word_are_no_disguise() -> None:
    document = detector().document("\ufeffThe \u200bcaptain\u200b said\u2060, \u200eno\u200f. " * 5)
    assert [word.text for word in document.words if word.disguised] == []


def test_emphasis_inside_a_word_of_markdown_breaks_no_word() -> None:
    text = (
        "# A title\n\nThe **bio**nic un*like*ly f**k\n\n[bio](/x)nic <b>read</b>er, one<br>two and a **fine**, day,"
        "\n"
        "great\\-aunt **self**-made"
    )
    norms = [word.norm for word in detector().document(article_from_text(text, "x.md", "markdown")).words]
    found = "a title the bionic unlikely bionic reader one two and a fine day great aunt self made".split()
    assert [norm for norm in norms if norm.isalpha()] == found
    assert norms.count("-") == 2


PIECES = "a the infor mation - = E2 =E2=80=99 â€œ Ã ﬁ * ** &amp; \\ ' ? tion 1".split()
ALPHABET = st.sampled_from([*PIECES, " ", "\n", "\u00ad", "\u200b", "\ufffd"])


@given(st.lists(ALPHABET, max_size=30).map("".join))
@settings(max_examples=300, deadline=None)
def test_what_is_repaired_maps_back_in_order(text: str) -> None:
    found = repair(text, detector().model.vocabulary.knows)
    if found is not None:
        assert len(found.seen.starts) == len(found.seen.ends) == len(found.seen.text)
        assert list(found.seen.starts) == sorted(found.seen.starts)
    document = detector().document(text)
    end = 0
    for word, start in zip(document.words, document.starts, strict=True):
        assert start >= end and text[start : start + len(word.text)] == word.text and word.text
        end = start + len(word.text)


HOSTILE = [
    "a",
    "*a",
    "a*",
    "a-\n",
    "a- ",
    "=\n",
    "=20",
    "a ﬁ ",
    "&a",
    "?a",
    "â€œ",
    "Ã¢â‚¬",
    "a\u00ad",
    "a\u200b",
    "xq ",
]


@pytest.mark.slow
@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_texts_take_no_more_than_linear_time(piece: str) -> None:
    text = piece * 100_000 + "=C3=A9"
    start = time.perf_counter()
    repair(text, detector().model.vocabulary.knows)
    assert time.perf_counter() - start < 20
