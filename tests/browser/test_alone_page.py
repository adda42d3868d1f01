"""The page on an article scored alone, as its readers use it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from pages import alone
from test_report_safety import violations

from spindetect.report.alike import weight_of
from spindetect.report.html.context import strongest
from spindetect.report.html.listing import perhaps
from spindetect.report.html.pieces import numbered_evidence
from spindetect.report.words import bounded, signed

if TYPE_CHECKING:
    from conftest import Open, Tab

FOUND = alone("spun").giveaways
NUMBERS = numbered_evidence(alone("spun"))
SHOWN = "(mark) => getComputedStyle(mark).textDecorationLine === 'underline'"


def number_of(text: str) -> int:
    """The number of the spun article's first giveaway of this text."""
    return 1 + [one.suspect.text for one in FOUND].index(text)


def group_of(text: str) -> int:
    """The number of its line in the list."""
    return NUMBERS[FOUND[number_of(text) - 1]][1]


def shown_marks(tab: Tab) -> int:
    return tab.value(f"[...document.querySelectorAll('.m')].filter({SHOWN}).length")


def article(tab: Tab) -> str:
    return " ".join(tab.page.locator("#rows").inner_text().split())


def test_the_answer_and_the_strongest_giveaways_come_first(open_report: Open) -> None:
    tab = open_report("spun_alone")
    assert tab.page.locator("h1").inner_text().startswith("The suspect was")
    assert tab.page.locator("h1").bounding_box()["y"] < 300
    assert tab.page.locator(".score b").first.inner_text() == bounded(alone("spun").score)
    shown = tab.page.locator(".evidence li").all_inner_texts()
    found = strongest(alone("spun"), NUMBERS)
    assert len(shown) == len(found) == 5
    for text, item in zip(shown, found, strict=True):
        assert item.suspect.phrase in text and item.reason in text
        assert item.reference is None or item.reference.phrase in text


def test_pointing_says_what_a_phrase_may_have_said(open_report: Open) -> None:
    tab = open_report("spun_alone")
    number = number_of("Protection")
    one = FOUND[number - 1]
    tab.page.locator(f"#s{number}").scroll_into_view_if_needed()
    tab.page.hover(f"#s{number}")
    tab.page.mouse.move(*[value + 1 for value in _middle(tab, f"#s{number}")])
    status = tab.status()
    for part in (f"{number} of {len(FOUND)}", "Protection", f"perhaps {perhaps(one)}", one.kind, one.reason):
        assert part in status
    alike = [other for other in FOUND if NUMBERS[other][1] == NUMBERS[one][1]]
    assert f"weight {signed(weight_of(alike))}" in status
    tab.page.mouse.move(5, 5)
    assert tab.status() == ""


def _middle(tab: Tab, selector: str) -> tuple[float, float]:
    box = tab.page.locator(selector).bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_next_and_previous_by_key_and_by_button(open_report: Open) -> None:
    tab = open_report("spun_alone")
    for one in FOUND[:3]:
        tab.page.keyboard.press("n")
        assert tab.marks() == [one.suspect.text]
        assert tab.in_view(".m.on")
    tab.page.keyboard.press("p")
    assert tab.marks() == [FOUND[1].suspect.text]
    tab.page.locator("#next").click()
    assert tab.marks() == [FOUND[2].suspect.text]
    tab.page.keyboard.press("Escape")
    assert (tab.marks(), tab.status()) == ([], "")


def test_keys_can_be_switched_off(open_report: Open) -> None:
    tab = open_report("spun_alone")
    tab.page.locator(".filters > summary").click()
    tab.page.locator("#shortcuts").uncheck()
    tab.page.keyboard.press("n")
    assert tab.marks() == []


@pytest.mark.parametrize("script", [True, False])
def test_the_article_can_be_read_as_it_may_have_been(open_report: Open, script: bool) -> None:
    tab = open_report("spun_alone", script=script)
    assert "Protection Secretary Ruth Calloway" in article(tab)
    assert "Defense Secretary" not in article(tab)
    tab.page.locator("#as-it-was").check()
    assert "Defense Secretary Ruth Calloway" in article(tab)
    assert "Protection Secretary" not in article(tab)
    tab.page.locator("#as-it-is").check()
    assert "Protection Secretary Ruth Calloway" in article(tab)


def test_a_key_turns_the_article_back_and_forth(open_report: Open) -> None:
    tab = open_report("spun_alone")
    tab.page.keyboard.press("r")
    assert "Defense Secretary" in article(tab)
    tab.page.keyboard.press("r")
    assert "Protection Secretary" in article(tab)


def test_only_telltales_only_quoted_and_kinds(open_report: Open) -> None:
    tab = open_report("spun_alone")
    assert shown_marks(tab) == len(FOUND)
    telltales = sum(one.telltale for one in FOUND)
    tab.page.keyboard.press("t")
    assert shown_marks(tab) == telltales
    groups = {NUMBERS[one][1] for one in FOUND if one.telltale}
    assert tab.page.locator(".list .item:visible").count() == len(groups)
    tab.page.keyboard.press("n")
    assert tab.marks() == [next(one for one in FOUND if one.telltale).suspect.text]
    tab.page.keyboard.press("t")
    tab.page.locator(".filters > summary").click()
    tab.page.locator("#only-quoted").check()
    assert shown_marks(tab) == sum(one.quoted for one in FOUND)
    tab.page.locator("#only-quoted").uncheck()
    tab.page.locator(".kind-filter[value=synonym]").uncheck()
    assert shown_marks(tab) == sum(one.kind != "synonym" for one in FOUND)


def test_a_mark_leads_to_its_line_and_back_without_a_script(open_report: Open) -> None:
    tab = open_report("spun_alone", script=False)
    number = number_of("Protection")
    tab.page.locator(f"#s{number}").click()
    group = group_of("Protection")
    assert tab.page.url.endswith(f"#g{group}")
    tab.page.locator(f"#g{group} .places a").first.click()
    assert tab.page.url.endswith(f"#s{number}")


def test_a_line_of_the_list_leads_to_its_mark(open_report: Open) -> None:
    tab = open_report("spun_alone")
    group = group_of("Chinese language")
    tab.page.locator(f"#g{group} .places a").first.click()
    assert tab.marks() == ["Chinese language"]
    assert tab.in_view(".m.on")
    tab.page.keyboard.press("Enter")
    assert tab.value("document.activeElement.id") == f"g{group}"


# --- safety, accessibility, paper ------------------------------------------------------------


def test_a_hostile_article_is_only_text(open_report: Open) -> None:
    tab = open_report("hostile_alone")
    for key in "nnnrtn":
        tab.page.keyboard.press(key)
    assert (tab.dialogs, tab.errors) == ([], [])
    assert tab.requests == [tab.page.url.split("#")[0]]
    assert tab.page.locator("img, iframe, base, link, object, embed, script:not(body > script)").count() == 0
    assert tab.page.locator("[onload], [onerror], [onmouseover], [style]").count() == 0
    assert "1337" not in tab.page.locator("body").inner_text()


def test_nothing_leads_out_of_the_page(open_report: Open) -> None:
    tab = open_report("spun_alone")
    links = tab.page.locator("a").evaluate_all("(all) => all.map((one) => one.getAttribute('href'))")
    assert links and all(link.startswith("#") for link in links)
    assert tab.requests == [tab.page.url]


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 800, 390])
def test_axe_finds_nothing(open_report: Open, width: int, scheme: str) -> None:
    tab = open_report("short_alone", width, scheme)
    tab.page.evaluate("document.querySelector('.filters').open = true")
    tab.page.keyboard.press("n")
    assert violations(tab) == []
    tab.page.keyboard.press("r")
    assert violations(tab) == []
    assert tab.value("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["hostile_alone", "empty_alone", "original_alone"])
def test_axe_finds_nothing_in_other_reports(open_report: Open, name: str) -> None:
    assert violations(open_report(name)) == []


def test_a_long_article_is_laid_out_as_it_is_read(open_report: Open) -> None:
    tab = open_report("long_alone")
    assert tab.value("document.body.classList.contains('long')")
    tab.page.keyboard.press("p")
    assert f"{len(alone('long').giveaways)} of" in tab.status()
    assert tab.in_view(".m.on")


def test_paper_shows_the_article_the_list_and_no_tools(open_report: Open) -> None:
    from pypdf import PdfReader

    tab = open_report("spun_alone")
    tab.page.emulate_media(media="print")
    printed = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(tab.page.pdf())).pages)
    words = " ".join(printed.split())
    for part in ("Protection", "Every giveaway", "What to search for", "Check this report yourself"):
        assert part in words
    for part in ("Only tell-tales", "Kinds and views", "as it may have been Esc"):
        assert part not in words
