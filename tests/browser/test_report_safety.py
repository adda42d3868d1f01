"""What a report must never do, and who must be able to read it: hostile articles, accessibility, paper."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from pages import ATTACKS, HARBOR, comparison

if TYPE_CHECKING:
    from conftest import Open, Tab


def text_of(tab: Tab) -> str:
    return " ".join(tab.page.locator("body").inner_text().split())


# --- hostile articles ---------------------------------------------------------------


def test_a_hostile_article_is_only_text(open_report: Open) -> None:
    tab = open_report("hostile")
    for key in "nnnnt":
        tab.page.keyboard.press(key)
    tab.page.locator(".row .suspect .s").first.click()
    tab.page.evaluate("document.getElementById('own-order').click()")
    assert tab.dialogs == []
    assert tab.errors == []
    assert tab.requests == [tab.page.url.split("#")[0]]
    assert tab.page.locator("img, iframe, base, link, object, embed, script:not(body > script)").count() == 0
    assert tab.page.locator("[onload], [onerror], [onmouseover], [style]").count() == 0
    assert tab.value("document.title").endswith("— spindetect")


def test_a_hostile_article_is_shown_as_it_is(open_report: Open) -> None:
    shown = text_of(open_report("hostile"))
    for part in (
        "alert('run')",  # its tags are markup, and left out
        "{{ 7 * 191 }}",
        "&lt;b&gt; &amp;",
        "<U+202E>",
        "pass<U+200B>word",
        "<U+001B>",
    ):
        assert part in shown
    assert "1337" not in shown


def test_no_character_of_the_page_is_invisible_or_turns_text_around(open_report: Open) -> None:
    source = comparison("hostile").to_html()
    assert {char for char in source if not char.isprintable()} == {"\n"}
    assert "\u202e" in "".join(ATTACKS)


def test_stacked_marks_stay_inside_their_sentence(open_report: Open) -> None:
    tab = open_report("hostile")
    assert set(
        tab.page.locator(".cell").evaluate_all("(cells) => cells.map((cell) => getComputedStyle(cell).overflowY)")
    ) == {"clip"}


def test_the_policy_stops_a_script_that_gets_in(open_report: Open) -> None:
    tab = open_report("spun")
    tab.page.evaluate("""() => {
      const script = document.createElement("script");
      script.textContent = "alert(1)";
      const image = new Image();
      image.src = "https://attacker.example/x.png";
      document.body.append(script, image);
    }""")
    assert tab.dialogs == []
    assert tab.failed == ["https://attacker.example/x.png csp"]
    assert sum("Content Security Policy" in error for error in tab.errors) == 2


def test_only_a_web_address_of_a_candidate_is_a_link(open_report: Open) -> None:
    tab = open_report("archived")
    table = tab.page.get_by_role("table")
    address = "https://news.example/harbour?a=1&b=2"
    links = table.locator("a").evaluate_all("(all) => all.map((one) => [one.getAttribute('href'), one.rel])")
    assert links == [[address, "noopener noreferrer nofollow"]]
    assert table.locator("a").all_inner_texts() == [address]
    shown = " ".join(table.inner_text().split())
    for text in (
        "javascript:alert('url')",
        "onmouseover=\"alert('quote')",
        "data:text/html,<script>",
        ATTACKS[0],
        ATTACKS[1],
    ):
        assert text in shown
    assert tab.page.locator("[onmouseover], img, script:not(body > script)").count() == 0
    assert (tab.dialogs, tab.errors, tab.requests) == ([], [], [tab.page.url])


# --- accessibility --------------------------------------------------------------------


def violations(tab: Tab) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(tab.page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 800, 390])
def test_axe_finds_nothing(open_report: Open, width: int, scheme: str) -> None:
    tab = open_report("short", width, scheme)
    tab.page.evaluate("document.querySelector('.filters').open = true")
    tab.page.keyboard.press("n")
    assert violations(tab) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["hostile", "archived", "unrelated", "empty", "index", "partly", "edited"])
def test_axe_finds_nothing_in_other_reports(open_report: Open, name: str) -> None:
    assert violations(open_report(name)) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_candidates_stay_a_table_when_stacked(open_report: Open, scheme: str) -> None:
    tab = open_report("archived", 390, scheme)
    tab.unfold()
    assert tab.page.get_by_role("columnheader").all_inner_texts()[0] == "article"
    assert tab.page.get_by_role("table").get_by_role("row").count() == 1 + len(comparison("archived").candidates)
    assert violations(tab) == []


@pytest.mark.slow
def test_axe_finds_nothing_in_the_texts_own_orders(open_report: Open) -> None:
    tab = open_report("short", scheme="dark")
    tab.page.evaluate("document.getElementById('own-order').click()")
    assert violations(tab) == []


# WCAG's contrast ratio of two colours, in the page; 4.5 is what level AA asks of text.
_CONTRAST = """(element) => {
  const channel = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map((part) => channel(part / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const own = getComputedStyle(element).backgroundColor;
  const back = light(own === "rgba(0, 0, 0, 0)" ? getComputedStyle(document.body).backgroundColor : own);
  const ratio = (colour) => {
    const [low, high] = [light(colour), back].sort((one, other) => one - other);
    return (high + 0.05) / (low + 0.05);
  };
  return Math.min(ratio(getComputedStyle(element).color), ratio(getComputedStyle(element, "::after").color));
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_marks_and_their_letters_have_enough_contrast(open_report: Open, scheme: str) -> None:
    for name in ("spun", "hostile", "llm_rewritten"):
        marks = open_report(name, scheme=scheme).page.locator(".suspect .m")
        ratios = marks.evaluate_all(f"(marks) => marks.map({_CONTRAST})")
        assert min(ratios) >= 4.5


def test_a_screen_reader_is_told_of_the_chosen_pair_and_spared_the_decoration(open_report: Open) -> None:
    tab = open_report("spun")
    status = tab.page.locator("#status")
    assert (status.get_attribute("role"), status.get_attribute("aria-live")) == ("status", "polite")
    content = tab.page.locator(".suspect .m").first.evaluate("(mark) => getComputedStyle(mark, '::after').content")
    assert content.endswith('/ ""')
    assert tab.page.get_by_role("img", name="Map of both texts").count() == 1
    assert tab.page.get_by_role("img", name="Dot plot").count() == 1
    headings = tab.page.get_by_role("heading").all_inner_texts()
    assert headings[1:4] == ["The strongest evidence", "What was compared", "What the score does not mean"]


# --- paper ----------------------------------------------------------------------------


def printed(tab: Tab) -> str:
    from pypdf import PdfReader

    pages = PdfReader(io.BytesIO(tab.page.pdf(format="A4"))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_the_printed_report_carries_the_same_evidence(open_report: Open) -> None:
    tab = open_report("spun", scheme="dark")
    tab.page.keyboard.press("n")
    tab.page.evaluate("document.getElementById('own-order').click()")
    tab.page.emulate_media(media="null")
    paper = printed(tab)
    made = comparison("spun")
    for item in made.contributions:
        assert " ".join(item.explanation.split()) in paper
    missing = [
        item.suspect.text
        for item in made.substitutions
        if f"{item.reference.text} → {item.suspect.text}" not in paper
    ]
    assert missing == []
    assert made.signature.replace("|", "") in paper.replace("|", "").replace(" ", "")
    for control in ("Next →", "Theme:", "Kinds and views"):
        assert control not in paper


def test_paper_is_black_and_white_and_keeps_the_signs(open_report: Open) -> None:
    tab = open_report("spun", scheme="dark")
    tab.page.emulate_media(media="print")
    mark = tab.page.locator(".suspect .m.term.t:not(.q)").first
    style = mark.evaluate(
        "(mark) => { const own = getComputedStyle(mark), letter = getComputedStyle(mark, '::after');"
        " return [own.color, own.textDecorationStyle, letter.content, letter.color]; }"
    )
    assert style == ["rgb(0, 0, 0)", "double", '"T!" / ""', "rgb(0, 0, 0)"]
    assert tab.value("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_a_long_report_prints_in_full(open_report: Open) -> None:
    tab = open_report("long")
    tab.page.emulate_media(media="print")
    assert set(
        tab.page.locator(".row, .list .item").evaluate_all(
            "(all) => [...new Set(all.map((one) => getComputedStyle(one).contentVisibility))]"
        )
    ) == {"visible"}
    assert (HARBOR / "spun.txt").read_text(encoding="utf-8").split("\n")[0] in text_of(tab)
