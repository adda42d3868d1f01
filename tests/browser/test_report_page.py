"""The report as its readers use it: pointing, clicking, filtering, keys, themes, widths."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pages import build, comparison

from spindetect.report.html.answer import headline
from spindetect.report.html.context import strongest
from spindetect.report.html.names import names
from spindetect.report.html.pieces import numbered_evidence
from spindetect.report.words import bounded, signed

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Open, Tab

GREEN_LIGHT = "green light"
MILD = "inexperienced mild"


def number_of(text: str) -> int:
    """The number of the spun article's first substitution by ``text``."""
    return 1 + [item.suspect.text for item in comparison("spun").substitutions].index(text)


def shown_marks(tab: Tab) -> int:
    """How many of the suspect's marks have a line under them."""
    return tab.value(
        "[...document.querySelectorAll('.suspect .m')]"
        ".filter((mark) => getComputedStyle(mark).textDecorationLine === 'underline').length"
    )


def count(kind: str | None = None, telltale: bool | None = None, quoted: bool | None = None) -> int:
    """How many substitutions of the spun article are such."""
    return sum(
        (kind is None or item.kind == kind)
        and (telltale is None or item.telltale == telltale)
        and (quoted is None or item.quoted == quoted)
        for item in comparison("spun").substitutions
    )


# --- pairs ------------------------------------------------------------------------


def test_the_answer_and_its_evidence_are_on_the_first_screen(open_report: Open) -> None:
    made = comparison("spun")
    tab = open_report("spun")
    assert tab.page.locator("h1").inner_text() == headline(made)
    assert tab.page.locator("h1").bounding_box()["y"] < 300
    assert tab.page.locator(".score b").first.inner_text() == bounded(made.score)
    shown = tab.page.locator(".evidence li").all_inner_texts()
    found = strongest(made, numbered_evidence(made))
    assert len(shown) == len(found) == 5
    for text, item in zip(shown, found, strict=True):
        for side in (item.reference, item.suspect):
            assert " ".join(f"{side.before}{side.phrase}{side.after}".split()) in " ".join(text.split())


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
@pytest.mark.parametrize("name", ["named", "partly"])
def test_the_first_screen_says_it_all(open_report: Open, name: str, width: int, height: int, scheme: str) -> None:
    tab = open_report(name, width, scheme)
    tab.page.set_viewport_size({"width": width, "height": height})
    made = comparison(name)
    first, second = names(made)
    wanted = [f".names .{side} cite" for side in ("suspect", "reference")]
    wanted += [f".names .{one.side} .url" for one in (first, second) if one.link]
    wanted += ["h1", ".score b", *[f".evidence li:nth-child({place}) .change" for place in (1, 2, 3)]]
    for selector in wanted:
        box = tab.page.locator(selector).first.bounding_box()
        assert box and box["y"] >= 0 and box["y"] + box["height"] <= height, selector
    assert tab.page.locator("h1").inner_text().count(".") == 1  # the verdict in one sentence
    assert tab.page.locator("title").inner_text().startswith(first.title)
    shown = tab.page.locator(".evidence .change .became").all_inner_texts()[:3]
    assert shown == [item.became for item in strongest(made, numbered_evidence(made))[:3]]


def test_a_phone_shows_the_answer_and_a_table_of_contents(open_report: Open) -> None:
    tab = open_report("spun", 390)
    assert tab.value("document.documentElement.scrollHeight") < 6 * 844
    assert tab.page.locator("details.fold[open]").count() == 0
    for link in ("#articles", "#all"):
        tab.page.locator(f".contents a[href='{link}']").click()
        assert tab.page.locator(f"{link} details.fold[open]").count() == 1
    assert tab.page.locator("#list .item").first.is_visible()


def test_what_is_folded_opens_for_what_leads_there(open_report: Open) -> None:
    tab = open_report("spun", 390)
    tab.page.locator(".evidence a").first.click()
    assert tab.in_view(".m.on")
    assert open_report("spun", 1440).page.locator("details.fold:not([open])").count() == 0
    assert open_report("spun", 390, script=False).page.locator("details.fold:not([open])").count() == 0


def test_what_is_not_in_the_reference_is_marked_and_leads_to_the_list(open_report: Open) -> None:
    tab = open_report("partly")
    made = comparison("partly")
    assert tab.page.locator(".suspect .m.guess").count() == len(made.giveaways) > 5
    mark = tab.page.locator(".suspect .m.guess").first
    mark.scroll_into_view_if_needed()
    mark.hover()
    assert "not in this reference" in tab.status()
    assert tab.page.locator("#joiner").is_hidden()
    tab.page.keyboard.press("p")
    assert tab.marks() == [made.giveaways[-1].suspect.text]
    assert "not in this reference" in tab.page.locator(".row.alone").first.inner_text()
    assert tab.errors == []


def test_hovering_joins_a_pair_and_says_what_it_is(open_report: Open) -> None:
    tab = open_report("spun")
    item = comparison("spun").substitutions[number_of(MILD) - 1]
    tab.page.hover(f"#s{number_of(MILD)}")
    assert tab.page.locator(".m.pointed").all_inner_texts() == [MILD, GREEN_LIGHT]
    status = tab.status()
    for part in (f"{GREEN_LIGHT} → {MILD}", item.kind, "tell-tale", f"weight {signed(item.weight)}", item.reason):
        assert part in status
    assert tab.page.locator("#joiner").is_visible()
    tab.page.mouse.move(5, 5)
    assert (tab.status(), tab.page.locator(".m.pointed").count()) == ("", 0)


def test_a_mouse_that_rests_points_at_nothing_while_keys_move_the_page(open_report: Open) -> None:
    tab = open_report("spun")
    tab.page.hover(f"#s{number_of(MILD)}")
    for _ in range(12):
        tab.page.keyboard.press("n")
    assert tab.page.locator(".m.pointed").count() == 0
    assert "12 of" in tab.status()


def test_hovering_the_reference_joins_the_same_pair(open_report: Open) -> None:
    tab = open_report("spun")
    tab.page.hover(f"#r{number_of(MILD)}")
    assert tab.page.locator(".m.pointed").all_inner_texts() == [MILD, GREEN_LIGHT]


def test_keyboard_focus_joins_a_pair_too(open_report: Open) -> None:
    tab = open_report("spun")
    first = comparison("spun").substitutions[0]
    tab.page.locator("#previous").focus()
    for _ in range(30):  # past the tools, to the one mark that tab stops at
        tab.page.keyboard.press("Tab")
        if tab.marks():
            break
    assert tab.marks() == [first.suspect.text, first.reference.text]
    assert f"{first.reference.text} → {first.suspect.text}" in tab.status()
    tab.page.keyboard.press("Enter")
    assert tab.value("document.activeElement.id") == "r1"


@pytest.mark.parametrize("report", ["spun", "spun_alone"])
def test_one_mark_at_a_time_is_a_tab_stop(open_report: Open, report: str) -> None:
    tab = open_report(report)
    stops = "[...document.querySelectorAll('.m')].filter((mark) => mark.tabIndex === 0).map((mark) => mark.id)"
    assert tab.value(stops) == ["s1"]
    tab.page.keyboard.press("n")
    tab.page.keyboard.press("n")
    assert tab.value(stops) == ["s2"]


def test_a_tampered_quotation_stands_out(open_report: Open) -> None:
    tab = open_report("spun")
    row = tab.page.locator(".row.tampered").first
    assert "quotation altered" in row.inner_text()
    quoted = row.locator(".suspect .m.q").first
    assert quoted.evaluate("(mark) => getComputedStyle(mark).boxShadow") != "none"
    assert "”" in quoted.evaluate("(mark) => getComputedStyle(mark, '::after').content")


def test_every_kind_has_its_letter_beside_its_colour(open_report: Open) -> None:
    tab = open_report("spun")
    for item, letter in zip(("name", "term", "synonym", "function"), "NTSG", strict=True):
        mark = tab.page.locator(f".suspect .m.{item}").first
        content = mark.evaluate("(mark) => getComputedStyle(mark, '::after').content")
        assert content.startswith(f'"{letter}')


# --- getting about ----------------------------------------------------------------


def test_next_and_previous_by_key_and_by_button(open_report: Open) -> None:
    tab = open_report("spun")
    texts = [item.suspect.text for item in comparison("spun").substitutions]
    for text in texts[:4]:
        tab.page.keyboard.press("n")
        assert tab.marks()[0] == text
        assert tab.in_view(".suspect .m.on")
        assert tab.in_view(".reference .m.on")
    tab.page.keyboard.press("p")
    assert tab.marks()[0] == texts[2]
    tab.page.click("#next")
    assert tab.marks()[0] == texts[3]
    assert f"4 of {len(texts)}" in tab.status()
    tab.page.keyboard.press("Escape")
    assert (tab.marks(), tab.status()) == ([], "")


def test_the_ends_are_ends(open_report: Open) -> None:
    tab = open_report("spun")
    tab.page.keyboard.press("p")
    last = comparison("spun").substitutions[-1].suspect.text
    assert tab.marks()[0] == last
    tab.page.keyboard.press("n")
    assert tab.marks()[0] == last


def test_next_skips_what_a_filter_hides(open_report: Open) -> None:
    tab = open_report("spun")
    tab.page.check("#only-telltales")
    found = [item.suspect.text for item in comparison("spun").substitutions if item.telltale]
    for text in found[:5]:
        tab.page.keyboard.press("n")
        assert tab.marks()[0] == text


def test_single_keys_can_be_switched_off(open_report: Open) -> None:
    tab = open_report("spun")
    tab.page.click(".filters > summary")
    tab.page.uncheck("#shortcuts")
    tab.page.keyboard.press("n")
    assert tab.marks() == []
    tab.page.check("#shortcuts")
    tab.page.keyboard.press("Control+n")
    assert tab.marks() == []


def test_evidence_leads_to_its_place(open_report: Open) -> None:
    tab = open_report("spun")
    for links in (".evidence a", "#list .places a"):
        link = tab.page.locator(links).first
        item = comparison("spun").substitutions[int(link.get_attribute("href").removeprefix("#s")) - 1]
        link.click()
        assert tab.marks() == [item.suspect.text, item.reference.text]
        assert tab.in_view(".m.on")


@pytest.mark.parametrize("width", [1440, 390])
def test_clicking_a_sentence_brings_its_partner_into_view(open_report: Open, width: int) -> None:
    tab = open_report("moved", width)
    tab.unfold()
    tab.page.evaluate("document.getElementById('own-order').click()")
    first = tab.page.locator("#suspect-pane .cell:has(a.whose)").first
    label = first.locator("a.whose")
    partner = "#" + label.get_attribute("href").removeprefix("#")
    assert not tab.in_view(partner)
    first.locator(".s").click(position={"x": 2, "y": 2})
    assert tab.in_view(partner)
    assert tab.page.locator(".cell.found").count() == 2


def test_clicking_in_the_reference_brings_the_suspect_into_view(open_report: Open) -> None:
    tab = open_report("moved")
    tab.page.evaluate("document.getElementById('own-order').click()")
    label = tab.page.locator("#reference-pane a.whose").first
    label.click()
    assert tab.in_view("#" + label.get_attribute("href").removeprefix("#"))


def test_each_text_in_its_own_order_and_back(open_report: Open) -> None:
    tab = open_report("moved")
    layout = (
        "[...document.querySelectorAll('#rows .row')].map((row) => [...row.children].map((cell) => cell.innerText))"
    )
    before = tab.value(layout)
    tab.page.evaluate("document.getElementById('own-order').click()")
    for side in ("suspect", "reference"):
        cells = tab.page.locator(f"#{side}-pane .cell")
        starts = cells.evaluate_all("(cells) => cells.map((cell) => Number(cell.dataset.at))")
        assert starts == sorted(starts)
        assert len(starts) >= 20
    marks = tab.page.locator("#suspect-pane .m")
    guesses = marks.evaluate_all("(all) => all.findIndex((mark) => !mark.classList.contains('guess'))")
    for _ in range(guesses + 1):  # a guess has no partner
        tab.page.keyboard.press("n")
    assert tab.in_view(".suspect .m.on")
    assert tab.in_view(".reference .m.on")
    tab.page.keyboard.press("Escape")
    tab.page.evaluate("document.getElementById('own-order').click()")
    assert tab.value(layout) == before


def test_the_map_shows_what_moved_and_leads_there(open_report: Open) -> None:
    tab = open_report("moved")
    assert tab.page.locator("#map .ribbons.moved").count() == 1
    assert tab.page.locator("#map *").count() < 60
    box = tab.page.locator("#map").bounding_box()
    tab.page.locator("#map").click(position={"x": 0.9 * box["width"], "y": 3})
    found = tab.page.locator(".cell.suspect.found")
    whole = len(comparison("moved").suspect.article.text)
    assert 0.8 < int(found.get_attribute("data-at")) / whole <= 0.9
    place = "Number(document.getElementById('here').getAttribute('x')) / 1000"
    drawn = f"new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done({place}))))"
    assert tab.value(drawn) > 0.3


# --- filters ----------------------------------------------------------------------


def test_kinds_can_be_hidden(open_report: Open) -> None:
    tab = open_report("spun")
    everything = count()
    assert shown_marks(tab) == everything
    tab.page.click(".filters > summary")
    tab.page.uncheck(".kind-filter[value=synonym]")
    assert shown_marks(tab) == everything - count("synonym")
    assert tab.page.locator("#list .item.synonym").first.is_hidden()
    assert tab.page.locator("#map .tick.synonym").first.is_hidden()
    tab.page.check(".kind-filter[value=synonym]")
    assert shown_marks(tab) == everything


def test_only_telltales_and_only_quotations(open_report: Open) -> None:
    tab = open_report("spun")
    tab.page.keyboard.press("t")
    assert tab.page.locator("#only-telltales").is_checked()
    assert shown_marks(tab) == count(telltale=True)
    assert tab.page.locator("#list .item:visible").count() < tab.page.locator("#list .item").count()
    tab.page.click(".filters > summary")
    tab.page.check("#only-quoted")
    assert shown_marks(tab) == count(telltale=True, quoted=True)


def test_a_hidden_mark_is_plain_text(open_report: Open) -> None:
    tab = open_report("spun")
    tab.page.keyboard.press("n")
    kind = comparison("spun").substitutions[0].kind
    tab.page.evaluate(f"document.querySelector('.kind-filter[value={kind}]').click()")
    assert tab.marks() == []
    tab.page.locator("#s1").hover()
    assert tab.page.locator(".m.pointed").count() == 0


def test_only_changed_sentences(open_report: Open) -> None:
    tab = open_report("edited")
    rows = tab.page.locator(".row:visible").count()
    tab.page.click(".filters > summary")
    tab.page.check("#only-changed")
    assert tab.page.locator(".row:visible").count() < rows
    assert tab.page.locator(".row.plain:visible").count() == 0


def test_filters_work_on_a_long_report(open_report: Open) -> None:
    tab = open_report("long")
    assert tab.page.locator("body.long").count() == 1
    assert tab.page.locator("#map *").count() < 60
    tab.page.check("#only-telltales")
    found = [item.suspect.text for item in comparison("long").substitutions if item.telltale]
    tab.page.keyboard.press("p")
    assert tab.marks()[0] == found[-1]
    assert tab.in_view(".suspect .m.on")


# --- themes, widths, no script ----------------------------------------------------


def paper(tab: Tab) -> list[int]:
    colour = tab.value("getComputedStyle(document.body).backgroundColor")
    return [int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]


def test_dark_follows_the_system_and_the_button(open_report: Open) -> None:
    assert min(paper(open_report("spun"))) > 230
    tab = open_report("spun", scheme="dark")
    assert max(paper(tab)) < 40
    button = tab.page.locator("#theme")
    button.click()
    assert (button.inner_text(), max(paper(tab)) < 40) == ("Theme: dark", True)
    button.click()
    assert (button.inner_text(), min(paper(tab)) > 230) == ("Theme: light", True)
    button.click()
    assert (button.inner_text(), max(paper(tab)) < 40) == ("Theme: automatic", True)


@pytest.mark.parametrize("name", ["spun", "moved", "hostile", "archived", "unrelated", "empty", "index"])
def test_nothing_sticks_out_at_any_width(open_report: Open, name: str) -> None:
    tab = open_report(name)
    for width in (1440, 800, 390, 320):
        tab.page.set_viewport_size({"width": width, "height": 900})
        assert (width, tab.value("document.documentElement.scrollWidth")) == (width, width)
        if name != "index":
            tab.page.evaluate("document.querySelector('.filters').open = true")
            panel = tab.page.locator(".panel").bounding_box()
            assert 0 <= panel["x"] <= panel["x"] + panel["width"] <= width
    assert tab.errors == []


def test_columns_stand_side_by_side_or_one_above_the_other(open_report: Open) -> None:
    for width, beside in ((1440, True), (800, True), (390, False)):
        tab = open_report("spun", width)
        suspect = tab.page.locator(".row.pair .suspect").first.bounding_box()
        reference = tab.page.locator(".row.pair .reference").first.bounding_box()
        assert (abs(suspect["y"] - reference["y"]) < 2) == beside
        assert (reference["y"] >= suspect["y"] + suspect["height"]) != beside


def test_without_script_everything_is_there_to_read(open_report: Open) -> None:
    tab = open_report("spun", script=False)
    assert tab.page.locator(".toolbar").is_hidden()
    assert tab.page.locator("#theme").is_hidden()
    assert tab.page.locator("#list .item").count() > 50
    tab.page.click(f"#s{number_of(MILD)}")  # a plain link to its partner
    assert tab.page.url.endswith(f"#r{number_of(MILD)}")


def test_the_index_sorts_and_leads_to_reports(open_report: Open, folder: Path) -> None:
    build("spun", folder)
    tab = open_report("index")
    links = tab.page.locator(".entry a")
    assert links.first.get_attribute("href") == "spun.html"
    assert "cannot read <b>x</b>.txt: gone." in tab.page.locator(".failures").inner_text()
    assert tab.page.locator(".group h2").all_inner_texts() == ["Compared with a reference (6)", "Scored alone (1)"]
    links.first.click()
    assert tab.page.locator("h1").inner_text() == headline(comparison("spun"))


def test_the_index_sorts_by_a_column_filters_and_counts(open_report: Open) -> None:
    tab = open_report("index")
    first = tab.page.locator(".group").first
    scores = first.locator(".entry").evaluate_all("(all) => all.map((one) => Number(one.dataset.score))")
    button = first.get_by_role("button", name="sort by score")
    button.click()
    order = "(all) => all.map((one) => Number(one.dataset.score))"
    assert first.locator(".entry").evaluate_all(order) == sorted(scores, reverse=True)
    button.click()
    assert first.locator(".entry").evaluate_all(order) == sorted(scores)
    assert tab.page.locator("#shown").inner_text() == "7 of 7 shown"
    tab.page.locator("#verdict").select_option("copied")
    assert tab.page.locator("#shown").inner_text() == "1 of 7 shown"
    assert tab.page.locator(".entry:visible").count() == 1
    assert tab.page.locator(".group:visible").count() == 1
    tab.page.locator("#verdict").select_option("")
    tab.page.locator("#find").fill("no such article")
    assert tab.page.locator("#shown").inner_text() == "0 of 7 shown"


def test_the_index_prints_with_a_readable_column(open_report: Open) -> None:
    tab = open_report("index")
    tab.page.emulate_media(media="print")
    tab.page.set_viewport_size({"width": 690, "height": 900})  # what A4 leaves between its margins
    assert tab.page.locator("#index-tools").is_hidden()
    assert tab.page.locator(".entry .name").first.bounding_box()["width"] > 200
