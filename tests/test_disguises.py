"""Disguises: what is seen through, what stays, and that no disguise lowers a score."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from disguises import DISGUISES, PAGES, html_of, page
from hypothesis import given, settings
from hypothesis import strategies as st

from spindetect.detector import Detector
from spindetect.read.article import article_from_bytes
from spindetect.read.pages import main_text
from spindetect.repair.disguise import see_through
from spindetect.results import Comparison

DATA = Path(__file__).parent.parent / "data"
SENTENCE = "The cautious harbor council, led by Ms. Calloway, said on Monday that 12 ships had come. "


@cache
def detector() -> Detector:
    return Detector.load()


def seen(text: str) -> str:
    found = see_through(text, detector().model.vocabulary.knows)
    return text if found is None else found.text


def read(story: str, name: str) -> str:
    return (DATA / story / name).read_text("utf-8")


@pytest.mark.parametrize(
    "text, plain",
    [
        ("the dеfеnsе ministry", "the defense ministry"),  # Cyrillic е
        ("the dεfense minιstry", "the defense ministry"),  # Greek
        ("Ꮯalloway’ѕ ꜱpeech", "Calloway’s speech"),  # Cherokee, Cyrillic, small capital
        ("ｄｅｆｅｎｓｅ，１２", "defense,12"),
        ("𝐝𝐞𝐟𝐞𝐧𝐬𝐞 𝔪𝔦𝔫𝔦𝔰𝔱𝔯𝔶 ⓞⓕ", "defense ministry of"),
        ("de\u200bfense min\u2060is\ufefftry\u200d", "defense ministry"),
        ("de\u00adfense", "defense"),
        ("d\u0336e\u0336f\u0336e\u0336n\u0336s\u0336e\u0336", "defense"),
        ("d\u0301\u0302\u0303\u0304\u0305efense", "defense"),
        ("de\u2066fen\u200ese", "defense"),
        ("the \u202eesnefed\u202c ministry", "the defense ministry"),
        ("the \u202eyrtsinim esnefed\u202c", "the ministry defense"),
        ("they\u200bsaid\u200bthat\u200bships\u200bcame", "they said that ships came"),
        ("Monday,\u200bthe ships.\u200bThey came", "Monday, the ships. They came"),
        ("it was Calloway\u200bsaid", "it was Calloway said"),
        ("They see a соре and a расе of horses", "They see a cope and a pace of horses"),
    ],
)
def test_a_disguise_is_seen_through(text: str, plain: str) -> None:
    assert seen(text) == plain


@pytest.mark.parametrize(
    "text",
    [
        "The poet Анна Ахматова and the paper Правда spoke of Москва.",
        "He said “мама ела суп” and “он сор, а не вор” to her.",
        "The Russian word “сор” means litter.",
        "Read (сор) there.",
        "The alliance НАТО, in Greek ΝΑΤΟ, and the ВВС met.",
        "Οδυσσέας Ελύτης wrote τα ρω του έρωτα; it is a και b.",
        "TNFα, NFκB and TGFβ bind; a μm is 10 Å, Δx is σx.",
        "Müller, Nguyễn, Ọlúṣẹ́gun, Łukasz, Žižek and Yıldırım met in Kraków.",
        "Mu\u0308ller, Nguye\u0302\u0303n and Olu\u0301s\u0323e\u0323\u0301gun met.",
        "A family 👨‍👩‍👧, an astronaut 👩🏽‍🚀, a flag 🏳️‍🌈 and ❤️.",
        "The party חד״ש\u200e and محمد\u200f won; می\u200cخواهم is Persian, क्\u200dष Hindi.",
        "An x̄ of 3 and 10² at 1\u0305 volts, №\u00a05, ™ and ½.",
        "東京 and 한국어 and ไทย.",
    ],
)
def test_what_is_no_disguise_stays_what_it_is(text: str) -> None:
    assert see_through(text, detector().model.vocabulary.knows) is None
    document = detector().document(text)
    assert [word.text for word in document.words if word.disguised] == []


def test_bidi_marks_beside_a_right_to_left_name_are_no_disguise() -> None:
    document = detector().document("The firm שלום\u200e Ltd, led by \u200eJohn\u200f Levy, grew.")
    assert [word.text for word in document.words if word.disguised] == []
    assert "John" in [word.text for word in document.words]


def test_a_greek_or_russian_quotation_keeps_its_words_in_a_text_that_is_tampered_with() -> None:
    text = "The dеfense chief said “не сор и не вор” on Monday."
    assert seen(text) == text.replace("dеfense", "defense")


@pytest.mark.parametrize("name", DISGUISES)
def test_each_disguise_is_listed_and_its_spans_slice_back(name: str) -> None:
    plain = read("harbor", "spun.txt")
    text = DISGUISES[name](plain, np.random.default_rng(1), 0.5)
    found = detector().compare(text, read("harbor", "original.txt"))
    assert found.suspect.article.text == text
    for word, start in zip(found.suspect.words, found.suspect.starts, strict=True):
        assert text[start : start + len(word.text)] == word.text
    listed = [item for item in found.substitutions if item.kind == "disguise"]
    for item in listed:
        assert item.telltale and item.weight >= 0 and item.suspect.text != item.reference.text
        assert item.suspect.span.of(text) == item.suspect.text
    assert len(listed) >= (0 if name == "accents" else 10)


def pair_scores(story: str, name: str, rate: float) -> tuple[Comparison, Comparison]:
    """The plain and the disguised comparison of an example."""
    suspect, reference = read(story, "spun.txt"), read(story, "original.txt")
    rng = np.random.default_rng(2)
    if name in DISGUISES:
        return detector().compare(suspect, reference), detector().compare(
            DISGUISES[name](suspect, rng, rate), reference
        )
    pages = page(html_of(suspect)), PAGES[name](suspect, rng, rate)
    first, second = (article_from_bytes(one.encode(), "page.html") for one in pages)
    return detector().compare(first, reference), detector().compare(second, reference)


@pytest.mark.parametrize("rate", [0.2, 1.0])
@pytest.mark.parametrize("name", [*DISGUISES, *PAGES])
def test_no_disguise_lowers_a_score(name: str, rate: float) -> None:
    for story in ("harbor", "battery"):
        plain, disguised = pair_scores(story, name, rate)
        assert disguised.score >= 0.95 * plain.score, story


def test_a_disguised_text_is_aligned_as_the_plain_one() -> None:
    plain, disguised = pair_scores("harbor", "soft hyphens", 1.0)
    others = [item.reference for item in disguised.substitutions if item.kind != "disguise"]
    assert others == [item.reference for item in plain.substitutions]
    kept = {name: value for name, value in plain.features.items() if name != "telltales"}
    assert {name: disguised.features[name] for name in kept} == pytest.approx(kept)


@pytest.mark.parametrize("disguise", DISGUISES.values(), ids=DISGUISES)
def test_the_same_generator_gives_the_same_disguise(disguise: Callable[..., str]) -> None:
    first, second = (disguise(SENTENCE * 3, np.random.default_rng(5), 0.6) for _ in range(2))
    assert first == second != SENTENCE * 3
    assert disguise(SENTENCE, np.random.default_rng(5), 0.0) == SENTENCE


ALPHABET = st.sampled_from(
    "aeosTh .,’“\n1éёсоАМаре\u200b\u200d\u200e\u202e\u202c\u00ad\u0301\u0336ａ𝐛αοвн👩ש한\u2066\ufe0f\u0323κ"
)


@given(st.text(alphabet=ALPHABET, max_size=60))
@settings(max_examples=300, deadline=None)
def test_what_is_seen_maps_back_in_order(text: str) -> None:
    found = see_through(text, detector().model.vocabulary.knows)
    if found is not None:
        places = list(zip(found.starts, found.ends, strict=True))
        assert len(places) == len(found.text)
        assert all(0 <= start < end <= len(text) for start, end in places)
        assert list(found.starts) == sorted(found.starts) and list(found.ends) == sorted(found.ends)
    document = detector().document(text)
    end = 0
    for word, start in zip(document.words, document.starts, strict=True):
        assert start >= end and document.article.text[start : start + len(word.text)] == word.text
        end = start + len(word.text)


@given(st.text(alphabet=st.characters(max_codepoint=0x24F, exclude_characters="\u00ad"), max_size=60))
@settings(max_examples=100, deadline=None)
def test_latin_text_is_left_alone(text: str) -> None:
    assert see_through(text, detector().model.vocabulary.knows) is None


# --- pages ----------------------------------------------------------------------------------------

PARAGRAPH = f"<p>{SENTENCE * 4}</p>"


def extracted(line: str, style: str = "", body: str = "<body>") -> tuple[str, tuple[str, ...]]:
    """What is read of a page with a line among paragraphs, and the warnings."""
    text, warnings = main_text(
        f"<html><head><style>{style}</style></head>{body}<article>{PARAGRAPH}<p>{line}</p>{PARAGRAPH}</article></body></html>"
    )
    return text.split("\n")[1], warnings


@pytest.mark.parametrize(
    "tag, style",
    [
        ('<span style="color:#fff">', ""),
        ('<span style="color: White !important; background: #FFFFFF">', ""),
        ('<span style="color:rgb(255, 255, 255)">', ""),
        ('<span style="font-size:0px">', ""),
        ('<span style="color:#123456;background-color:#123456">', ""),
        ('<span style="color:transparent">', ""),
        ('<span class="a b">', "p { margin: 0 } .b, i.c { color: #ffffff; }"),
        ('<span style="color:#000">', "body { background: #000 }"),
        ("<span hidden>", ""),
    ],
)
def test_text_that_a_page_hides_is_left_out_with_a_warning(tag: str, style: str) -> None:
    line, warnings = extracted(f"The dock opened {tag}secret words </span>on Monday at noon.", style)
    assert line == "The dock opened on Monday at noon."
    assert len(warnings) == 1 and warnings[0].startswith("hidden text: 12 characters")


@pytest.mark.parametrize(
    "tag, style",
    [
        ('<span style="color:#fff;background:#c00">', ""),
        ('<span style="color:#333">', ""),
        ('<span style="color:#fff">', "body { background-color: #111 }"),
        ('<span class="note">', ".note { color: white; background: navy }"),
        ('<span style="font-size:0.9em">', ""),
    ],
)
def test_text_that_a_page_shows_is_kept(tag: str, style: str) -> None:
    line, warnings = extracted(f"The dock opened {tag}with a song </span>on Monday at noon.", style)
    assert line == "The dock opened with a song on Monday at noon." and warnings == ()


def test_a_page_that_would_lose_everything_is_left_as_it_is() -> None:
    text, warnings = main_text(f'<html><body style="color:white"><article>{PARAGRAPH}</article></body></html>')
    assert "harbor council" in text and [one[:46] for one in warnings] == [
        "hidden text: most of the text is hidden by the"
    ]


def styled(body: str, style: str) -> str:
    return f"<html><head><style>{style}</style></head><body>{body}</body></html>"


BESIDE = "<p>The letters desk of this paper can be written to at any time of the day, in any week.</p>" * 3


@pytest.mark.parametrize(
    "opening, style",
    [
        ('<div style="visibility: hidden">', ""),
        ('<div style="visibility:hidden"><div style="visibility:visible">', ""),
        ("<div class=story>", ".story { visibility: hidden }"),
        ("<div id=story>", "#story { visibility: hidden }"),
        ('<div style="display:none">', ""),
        ('<div style="opacity:0">', ""),
        ("<div class=story>", ".story{opacity:0;left:-9999px}"),
        ("<div hidden>", ""),
        ('<table><tr><td style="font-size:0px"><div style="font-size:16px">', ""),
        ('<div style="font-size:0"><div style="font-size:1rem">', ""),
        ("<div class=row><div class=col>", ".row{font-size:0}.col{font-size:16px}"),
        ('<div style="font-size:0">', ""),
        ('<div style="background-image:url(x.jpg);color:#fff">', ""),
        ('<div style="background:linear-gradient(#111,#222);color:white">', ""),
        ('<div id=story style="color:white">', "#story{background:#111}"),
        ('<div style="color:white">', ""),
        ('<div style="color:#fff;background:url(x.jpg) #fff">', ""),
        ('<div style="overflow:hidden">', ""),
        ("<div class=story>", "@media print { .story { visibility: hidden } .x { color: red } }"),
    ],
)
def test_an_article_is_not_thrown_away_for_its_wrapper(opening: str, style: str) -> None:
    told = "The cautious harbor council, led by Ms. Calloway, said that ship number {} had come on Monday."
    article = "".join(f"<p>{told.format(number)}</p>" for number in range(12))
    closing = "".join(f"</{tag}>" for tag in reversed(re.findall(r"<(\w+)", opening)))
    text, warnings = main_text(styled(f"{opening}{article}{closing}{BESIDE}", style))
    assert text.count("harbor council") == 12
    assert all(one.startswith("hidden text: most") for one in warnings)


def test_paragraphs_that_a_script_shows_one_by_one_are_the_text() -> None:
    article = "".join(f'<p class="fade">{SENTENCE} {number}</p>' for number in range(9))
    page = styled(f"<article>{article}</article>{BESIDE}", ".fade{visibility:hidden}")
    assert main_text(page)[0].count("harbor council") == 9


@pytest.mark.parametrize(
    "opening",
    [
        *('<div style="display:none">', "<div hidden>", "<div class=off>", '<div style="opacity:1;display: none">'),
        *(
            '<div style="opacity:0">',
            '<div style="position:absolute;left:-9999px">',
            '<div style="text-indent:-999em">',
        ),
        *(
            "<div class='a visually-hidden'>",
            "<div class=sr-only>",
            '<div style="clip-path: inset(50%)">',
            '<div style="clip: rect(0 0 0 0)">',
            '<div style="clip:rect(1px,1px,1px,1px)">',
        ),
    ],
)
def test_hidden_prose_beside_an_article_as_long_is_left_out_and_told(opening: str) -> None:
    told = "The cautious harbor council, led by Ms. Calloway, said that ship number {} had come on Monday."
    article = "".join(f"<p>{told.format(number)}</p>" for number in range(9))
    decoy = "".join(f"<p>{told.format(number).replace('harbor', 'secret')}</p>" for number in range(8))
    page = styled(f"<article>{article}{opening}{decoy}</div></article>", ".off{display:none}")
    text, [warning] = main_text(page)
    assert text.count("harbor") == 9 and "secret" not in text and warning.endswith("were left out")


@pytest.mark.parametrize("style", ["opacity:0;transition:opacity 1s", "opacity:.5", "left:-9px", "clip:auto"])
def test_what_fades_in_or_is_moved_a_little_shows(style: str) -> None:
    page = styled(f"<article>{PARAGRAPH * 3}<p style='{style}'>{SENTENCE} At last.</p></article>", "")
    text, warnings = main_text(page)
    assert "At last" in text and not warnings


def test_hidden_menus_and_decoys_beside_an_article_are_left_out() -> None:
    menu = "".join(f"<li>Entry {number}</li>" for number in range(300))
    decoy = f'<p style="visibility:hidden">Secret words of another author stand here. {SENTENCE}</p>'
    page = (
        f"<html><body><ul style='display:none'>{menu}</ul><article>{PARAGRAPH * 3}{decoy}</article></body></html>"
    )
    text, warnings = main_text(page)
    assert "Secret" not in text and "Entry" not in text and len(warnings) == 1
    assert warnings[0].endswith("doesn't show were left out")


@pytest.mark.parametrize("inside", ["<b></b>", "<span>fen</span>", "<wbr>", "<!-- x -->", "<i hidden>xyz</i>"])
def test_a_word_split_by_tags_is_whole(inside: str) -> None:
    line, _ = extracted(f"The de{inside}se council opened it.")
    assert line.startswith("The defense" if "fen" in inside else "The dese")
