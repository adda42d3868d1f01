"""The HTML report without a browser: what it says, what it escapes, how it is written."""

from __future__ import annotations

import html
import math
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from factory import SWAPS, Swap, comparison, document, spun_comparison, with_names
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from spindetect.cli import app
from spindetect.commands.report import ReportFolder, day, file_name
from spindetect.errors import SpindetectError
from spindetect.findings import Candidate, Direction, Phrase, SentencePair, Undecided
from spindetect.ignoring import leave_out
from spindetect.kinds import KINDS
from spindetect.read.generated import is_generated
from spindetect.records import Mark, Span
from spindetect.report.alike import alike
from spindetect.report.html.answer import answer, headline
from spindetect.report.html.checking import checking
from spindetect.report.html.context import context, strongest, unchanged
from spindetect.report.html.index import entry, sorted_entries
from spindetect.report.html.listing import listing
from spindetect.report.html.origin import candidates, copying_limit, direction_sentence, web_link
from spindetect.report.html.page import index_page
from spindetect.report.html.pictures import Scale, dot_plot, kind_bars, text_map, waterfall
from spindetect.report.html.pieces import numbered_evidence, pieces
from spindetect.report.html.rows import Row, rows
from spindetect.report.inert import inert
from spindetect.report.notebook import card
from spindetect.report.words import bounded
from spindetect.results import Comparison

ROOT = Path(__file__).parents[1]
HARBOR = ROOT / "data" / "harbor"
TODAY = day(None)
SPUN, ORIGINAL, EDITED = (str(HARBOR / f"{name}.txt") for name in ("spun", "original", "edited"))


def run(*arguments: str, input: bytes | None = None) -> Result:
    return CliRunner().invoke(app, list(arguments), input=input)


def all_rows(made: Comparison) -> list[Row]:
    return rows(made, numbered_evidence(made))


def visible(page: str) -> str:
    """A page's text without its tags, style and script."""
    body = re.sub(r"<(style|script)>.*?</\1>", "", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", body)).split())


# --- the page ---------------------------------------------------------------------


@pytest.mark.slow
def test_the_same_comparison_gives_the_same_bytes_in_every_process() -> None:
    code = (
        "import hashlib; from pathlib import Path; from spindetect import Detector; "
        f"made = Detector.load().compare(Path({SPUN!r}), Path({ORIGINAL!r})); "
        "print(hashlib.sha256(made.to_html().encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


def test_the_page_loads_nothing_and_says_so() -> None:
    page = spun_comparison().to_html()
    policy = html.unescape(re.search(r'Content-Security-Policy" content="([^"]+)"', page)[1])
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert re.findall(r'(?:src|href)="([^#"][^"]*)"', page) == []
    assert "http" not in re.sub(r"http-equiv", "", page)
    assert not re.search(r'\sstyle="|\son\w+="', page)
    assert is_generated(page[:2000])


def test_an_ordinary_report_is_small() -> None:
    result = run("report", SPUN, ORIGINAL, "-o", "-")
    assert result.exit_code == 0
    assert len(result.stdout.encode()) < 300_000


def test_templates_are_only_loaded_for_a_report() -> None:
    code = "import spindetect, spindetect.records, sys; print('jinja2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "False\n"


def test_both_sides_link_to_each_other_and_ids_are_unique() -> None:
    page = spun_comparison().to_html()
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for number in range(1, len(SWAPS) + 1):
        assert re.search(rf'id="s{number}" href="#r{number}" data-g="\d+"', page)
        assert re.search(rf'id="r{number}" href="#s{number}" data-g="\d+"', page)
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


@settings(deadline=None, max_examples=40)
@given(st.text(min_size=1, max_size=60), st.text(max_size=40))
def test_any_text_comes_out_escaped_and_visible(text: str, name: str) -> None:
    text = f"<b>{text}</b> & 'stays'"
    page = _with_text(text, name).to_html()
    assert " ".join(inert(text).split()) in visible(page)
    assert {char for char in page if not char.isprintable()} == {"\n"}
    page.encode("utf-8")


def test_hostile_names_reasons_and_warnings_are_escaped() -> None:
    bad = "<script>alert(1)</script>\u202e"
    made = with_names(spun_comparison(), bad, bad)
    pair = made.alignment[0]
    items = tuple(replace(item, reason=bad) for item in pair.substitutions)
    made = replace(
        made, alignment=(replace(pair, substitutions=items), *made.alignment[1:]), warnings=(bad,), signature=bad
    )
    page = made.to_html()
    assert page.count("<script>") == 1
    assert "\u202e" not in page
    assert "<script>alert(1)</script><U+202E>" in visible(page)
    index = index_page([entry(made, "x.html")], [bad])
    assert index.count("<script>") == 1
    assert "\u202e" not in index


def test_empty_articles_make_a_report_too() -> None:
    made = comparison(document("", "a.txt"), document("", "b.txt"), verdict="undecided", nats=())
    empty = Undecided("no_words", "suspect", "The suspect has no words, so there is nothing to judge.")
    said = visible(replace(made, undecided=(empty,)).to_html())
    assert f"There is no verdict. {empty.explanation}" in said
    assert "Neither text has any sentences." in said


def _with_text(text: str, name: str) -> Comparison:
    """A comparison of a text with itself, aligned as a whole, whatever it holds."""
    made = with_names(comparison(document("One."), document("One.")), name, name)
    side = replace(made.suspect, article=replace(made.suspect.article, text=text))
    whole = Span(0, len(text))
    sides = replace(side, sentences=(replace(side.sentences[0], span=whole),))
    return replace(made, suspect=sides, reference=sides, alignment=(SentencePair(whole, whole, 1.0),))


# --- what it says -----------------------------------------------------------------


def test_headlines_say_how_sure_the_verdict_is() -> None:
    sides = document("A."), document("B.")
    for nats, words in ((9.0, "almost certainly"), (4.0, "very probably"), (2.5, "probably"), (0.5, "more likely")):
        assert words in headline(comparison(*sides, nats=(nats,)))
    assert headline(comparison(*sides, verdict="edited", nats=(-3.0,))).endswith("the way people edit.")
    apart = comparison(*sides, verdict="independent", nats=(-2.0,))
    assert "as texts that fill in one form do" in headline(replace(apart, coverage=1.0))
    assert headline(replace(apart, coverage=0.1)).endswith("no text in common to speak of.")
    assert "points both ways" in headline(comparison(*sides, verdict="undecided"))


def test_an_answer_never_claims_certainty_that_there_is_not() -> None:
    assert answer(comparison(document("A."), document("B."), nats=(12.0,))).score == "over 99.9"
    assert answer(comparison(document("A."), document("B."), nats=(-12.0,))).score == "under 0.1"


@given(st.floats(0, 100))
def test_bounded_numbers_are_true(value: float) -> None:
    text = bounded(value)
    number = float(text.split()[-1])
    if text.startswith("over"):
        assert value > number
    elif text.startswith("under"):
        assert value < number
    else:
        assert math.isclose(number, value, abs_tol=0.0500001)
        assert (number in (0, 100)) == (value in (0, 100))


def test_facts_tell_size_coverage_and_tampered_quotations() -> None:
    facts = {fact.name: fact.text for fact in answer(spun_comparison()).facts}
    assert facts["Suspect"].startswith("spun.txt — ")
    assert facts["Suspect"].endswith("1 line of boilerplate left out")
    assert facts["Coverage"].startswith("86% of the suspect’s words")
    assert facts["Substitutions"].startswith("6, 3 of them tell-tales")
    assert facts["Quotations"] == "1 substitution where the suspect reports a quotation indirectly"
    made = spun_comparison()
    quoting = replace(made, suspect=replace(made.suspect, quoted=tuple([True] * len(made.suspect.words))))
    said = {fact.name: fact.text for fact in answer(quoting).facts}["Quotations"]
    assert said == "1 substitution inside direct quotations: words put into somebody’s mouth"


def test_checking_gives_digests_and_commands_that_are_safe_to_paste() -> None:
    made = with_names(spun_comparison(), "a b; rm -rf ~.txt", "-n.txt")
    found = checking(made)
    assert found.commands[0] == "spindetect report 'a b; rm -rf ~.txt' ./-n.txt --output report.html"
    assert [len(text.digest) for text in found.texts] == [64, 64]
    assert "SUSPECT REFERENCE" in checking(with_names(made, "x\n$(reboot)", "-")).commands[0]


# --- archive and ignored texts ----------------------------------------------------


def test_the_direction_is_said_near_the_top_and_the_score_does_not_claim_it() -> None:
    made = replace(spun_comparison(), direction=Direction("suspect", "the suspect was published later", 0.92))
    said = visible(made.to_html())
    sentence = "The suspect is the copy: the suspect was published later."
    assert said.index(sentence) < said.index("The strongest evidence")
    assert "It does not say who copied whom. The words of both texts or their times show" in said
    assert "the reference may be the copy" not in said
    assert "The suspect is the copy: the suspect was published later." in made._repr_html_()


def test_a_direction_that_is_unknown_or_the_other_way_round_is_said_too() -> None:
    unknown = Direction(None, "neither text says when it was published")
    assert direction_sentence(unknown).startswith("Which text is the copy can't be told: neither text says")
    assert copying_limit(unknown).endswith("nothing else here does: the reference may be the copy.")
    other = Direction("reference", "the reference was published later", 0.08)
    assert direction_sentence(other).endswith("read its evidence the other way round.")
    assert direction_sentence(None) == ""
    said = visible(replace(spun_comparison(), direction=other).to_html())
    opening = "The reference is the copy, not the suspect: the reference was published later."
    assert said.index(opening) < said.index("read its evidence the other way round") < said.index("The model puts")
    assert "machine paraphrase of the reference" not in said[: said.index("The strongest evidence")]
    card = replace(spun_comparison(), direction=other)._repr_html_()
    assert card.count("The reference is the copy") == 1
    assert card.index("The reference is the copy") < card.index("of 100:")
    assert "copy:" not in visible(spun_comparison().to_html())
    assert "is the copy" not in spun_comparison()._repr_html_()


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        " https://news.example/",
        "java\nscript:alert(1)",
        "https:news.example",
        "https:///news.example",
        "https://news.example/\u202egpj",
        "https://news.example/a b",
        "data:text/html,x",
        "//news.example/",
        "file:///etc/passwd",
        "",
    ],
)
def test_what_is_no_web_address_is_no_link(url: str) -> None:
    assert web_link(url) == ""
    page = _from_archive(url).to_html()
    assert re.findall(r'<a [^>]*href="([^#"][^"]*)"', page) == []
    assert " ".join(inert(url).split()) in visible(page)


def test_a_web_address_is_a_link_that_tells_nothing() -> None:
    page = _from_archive('HTTPS://news.example/?a=1&b="2').to_html()
    links = set(re.findall(r'<a class="url"[^>]*>', page))  # at the head, and among the candidates
    [link] = links
    assert link == (
        '<a class="url" href="HTTPS://news.example/?a=1&amp;b=&#34;2" rel="noopener noreferrer nofollow">'
    )


def test_candidates_are_listed_with_all_that_the_archive_knows() -> None:
    [first, second] = candidates(_from_archive("https://news.example/"))
    assert (first.title, first.id, first.outlet, first.published) == ("Lighthouse", "7", "The Coast", "2025-11-13")
    assert (first.score, first.verdict, first.coverage) == ("95.9", "spun", "86%")
    assert (second.title, second.id, second.outlet) == ("8", "", "")
    assert candidates(spun_comparison()) == ()
    assert "Candidates from the archive" not in spun_comparison().to_html()


def test_the_index_names_the_source_and_the_direction() -> None:
    made = replace(_from_archive("https://news.example/"), direction=Direction("suspect", "it was later", 0.92))
    page = visible(index_page([entry(made, "x.html")]))
    assert (
        "against original.txt (The Coast, 2025-11-13, 1 other candidate) the suspect is the copy: it was later"
        in page
    )
    assert (
        "Where publication times or the words of both texts show which side is the copy, the entry says so." in page
    )
    assert "Which side is the copy" not in index_page([entry(spun_comparison(), "x.html")])


def test_the_index_puts_those_last_whose_reference_is_the_copy() -> None:
    honest = replace(spun_comparison(), direction=Direction("reference", "it was later", 0.08))
    weaker = replace(
        spun_comparison(), relations={"copied": 1.0, "spun": 0.0, "back_translated": 0.0, "llm_rewritten": 0.0}
    )
    entries = sorted_entries([entry(honest, "honest.html"), entry(weaker, "weaker.html")])
    assert [one.file for one in entries] == ["weaker.html", "honest.html"]
    assert "Articles whose reference is the copy come last." in index_page(entries)
    assert "come last" not in index_page([entry(weaker, "weaker.html")])


def test_ignored_sentences_are_muted_labelled_and_counted_apart_from_boilerplate() -> None:
    made = spun_comparison()
    last = len(made.suspect.sentences) - 1
    suspect = leave_out(made.suspect, {last: "in 7 other stories of the archive"})
    made = replace(made, suspect=suspect)
    [row] = [row for row in all_rows(made) if row.kind == "ignored"]
    assert row.notes == ("ignored: shared by many (suspect; in 7 other stories of the archive)",)
    assert [(piece.role, piece.classes) for piece in row.suspect.pieces] == [("aside", "ignored")]
    assert row.suspect.pieces[0].text == "Visitors may climb it from subsequent week."
    assert not row.changed
    [boilerplate] = [row for row in all_rows(made) if row.kind == "boilerplate"]
    assert boilerplate.notes == ("boilerplate of the suspect, not compared: navigation",)
    facts = {fact.name: fact.text for fact in answer(made).facts}
    assert facts["Suspect"].endswith(
        "4 sentences; 1 line of boilerplate left out; 1 sentence ignored: shared by many"
    )
    assert "not counting 1 of boilerplate, 1 ignored: shared by many" in visible(made._repr_html_())
    assert '<del title="ignored: shared by many">Visitors' in card(suspect)


def test_neighbouring_boilerplate_and_ignored_sentences_have_rows_of_their_own() -> None:
    side = leave_out(
        document("Menu. Shared. Shared too. Own.", boilerplate=("Menu.",)), {1: "in a.txt", 2: "in a.txt"}
    )
    found = all_rows(comparison(side, document("Other.")))
    assert [(row.kind, row.suspect.pieces[0].text) for row in found if row.suspect] == [
        ("boilerplate", "Menu."),
        ("ignored", "Shared. Shared too."),
        ("alone", "Own."),
    ]


def test_checking_names_the_archive_and_what_was_ignored() -> None:
    made = _from_archive("https://news.example/")
    found = checking(replace(made, signature=f"{made.signature}|ignore:0123456789ab|shared:5|candidates:2"))
    assert found.commands == (
        "spindetect score spun.txt --archive ARCHIVE --candidates 2 --ignore FILE --report-dir reports",
        "spindetect score spun.txt --archive ARCHIVE --candidates 2 --ignore FILE --format json",
    )
    assert found.notes[0] == "ARCHIVE is the folder of the archive, where the reference has the id 7."
    assert found.notes[1].startswith("FILE is the text that was ignored")
    files = checking(replace(spun_comparison(), signature="spindetect:0|ignore:0123456789ab"))
    assert files.commands[0] == "spindetect report spun.txt original.txt --ignore FILE --output report.html"
    assert len(files.notes) == 1
    assert checking(spun_comparison()).notes == ()


def test_the_command_in_a_report_from_an_archive_makes_it_anew(tmp_path: Path) -> None:
    archive, ignored, first, second = (tmp_path / name for name in ("archive", "ignored.txt", "1", "2"))
    ignored.write_text(Path(ORIGINAL).read_text("utf-8").split("\n\n")[2], "utf-8")
    assert (
        run("archive", "add", str(archive), ORIGINAL, str(ROOT / "data" / "battery" / "original.txt")).exit_code
        == 0
    )
    arguments = ("--archive", str(archive), "--ignore", str(ignored), "--report-dir", str(first))
    assert run("score", SPUN, *arguments).exit_code == 0
    [page] = [file for file in first.glob("[!.]*") if file.name != "index.html"]
    text = page.read_text("utf-8")
    command = html.unescape(re.search(r"<pre><code>spindetect (.*?)</code>", text)[1])
    places = {"ARCHIVE": archive, "FILE": ignored, "reports": second, "spun.txt": SPUN}
    assert run(*(str(places.get(word, word)) for word in command.split())).exit_code == 0
    assert (second / page.name).read_text("utf-8") == text
    assert "ignored: shared by many (suspect; in " in text


def _from_archive(url: str) -> Comparison:
    """The spun article against a reference from an archive, with another candidate."""
    made = spun_comparison()
    best = Candidate("7", "Lighthouse", url, "2025-11-13", "The Coast", made.score, made.verdict, made.coverage)
    other = Candidate("8", None, None, None, None, 10.0, "independent", 0.02)
    return replace(made, candidates=(best, other))


# --- evidence ---------------------------------------------------------------------


def test_the_strongest_evidence_is_five_telltales_first_in_context() -> None:
    made = spun_comparison()
    found = strongest(made, numbered_evidence(made))
    assert [one.suspect.phrase for one in found[:3]] == ["inexperienced mild", "Protection", "value"]
    assert len(found) == 5
    assert (found[0].reference.before, found[0].reference.phrase) == ("“We gave the builders the ", "green light")
    assert found[0].number == 5


def test_context_is_cut_between_words_and_without_markup() -> None:
    text = "word " * 30 + "[here](http://x.example) " + "word " * 30
    side = document(text)
    start = text.index("here")
    marks = (Mark(Span(start - 1, start), "markup", "link"), Mark(Span(start + 4, start + 23), "markup", "link"))
    article = replace(side.article, marks=marks)
    made = context(article, _phrase(text, "here"), Span(0, len(text)))
    assert made.before.startswith("…word ")
    assert made.after.endswith(" word…")
    assert "http" not in made.after


def _phrase(text: str, part: str) -> Phrase:
    at = text.index(part)
    return Phrase(Span(at, at + len(part)), part)


def test_evidence_against_a_machine_leads_when_the_score_is_low() -> None:
    swaps = [Swap("new", "brand new", weight=0.5, telltale=True), Swap("cost", "value", weight=-0.2)]
    made = comparison(
        spun_comparison().suspect, spun_comparison().reference, swaps, [(0, 0), (1, 1)], "edited", (-3.0,)
    )
    assert [one.suspect.phrase for one in strongest(made, numbered_evidence(made))] == ["value"]


def test_the_evidence_of_a_copy_is_what_was_taken_over() -> None:
    text = document("A brass band played until noon. Fishermen watched. It rained.")
    made = comparison(text, text, [], [(0, 0), (1, 1)], "copied", (-3.0,))
    assert unchanged(made) == ("A brass band played until noon.", "Fishermen watched.")
    assert "taken over word for word" in visible(made.to_html())


def test_like_substitutions_are_told_once_with_all_their_places() -> None:
    suspect, reference = document("He mentioned it. She mentioned it."), document("He said it. She said it.")
    made = comparison(suspect, reference, [Swap("said", "mentioned", weight=0.25)], [(0, 0), (1, 1)])
    [one] = listing(made, numbered_evidence(made))
    assert [(place.number, place.sentence) for place in one.places] == [(1, "1"), (2, "2")]
    assert one.total == "+0.50"
    assert [len(group) for group in alike(made.substitutions)] == [2]


def test_every_substitution_is_in_the_list_and_in_the_text() -> None:
    made = spun_comparison()
    listed = listing(made, numbered_evidence(made))
    assert {(one.reference, one.suspect) for one in listed} == {(swap.old, swap.new) for swap in SWAPS}
    shown = [
        piece for row in all_rows(made) for cell in (row.suspect, row.reference) if cell for piece in cell.pieces
    ]
    for number in range(1, len(SWAPS) + 1):
        assert sum(piece.number == number for piece in shown) == 2


# --- rows and pieces --------------------------------------------------------------


def test_rows_hold_every_character_of_both_articles() -> None:
    for made in (spun_comparison(), comparison(document("A. B."), document("C."), verdict="independent")):
        found = all_rows(made)
        for side in ("suspect", "reference"):
            cells = [getattr(row, side) for row in found if getattr(row, side)]
            shown = "".join("".join(piece.text for piece in cell.pieces) for cell in cells)
            text = getattr(made, side).article.text
            assert sorted(shown.replace(" ", "")) == sorted("".join(text.split()))


def test_boilerplate_stands_where_it_is_in_the_article() -> None:
    first, *_ = all_rows(spun_comparison())
    assert (first.kind, first.changed) == ("boilerplate", False)
    assert first.notes == ("boilerplate of the suspect, not compared: navigation",)
    assert first.reference is None


def test_endless_boilerplate_is_cut_and_says_so() -> None:
    text = "Nav " * 1000 + "\nA sentence."
    made = comparison(document(text, boilerplate=("Nav " * 999,)), document("A sentence."), [], [(0, 0)])
    [row] = [row for row in all_rows(made) if row.kind == "boilerplate"]
    assert row.suspect.pieces[0].text.endswith("… and 2,500 more characters")


def test_rows_say_what_happened_to_a_pair() -> None:
    suspect, reference = document("C. A. B."), document("A. B. C.")
    found = all_rows(comparison(suspect, reference, [], [(0, 2), (1, 0), (2, 1)]))
    assert [row.moved for row in found] == [True, False, False]
    assert found[0].notes == ("unchanged", "moved")
    tampered = [row for row in all_rows(spun_comparison()) if row.tampered]
    assert [row.notes[-1] for row in tampered] == ["quotation altered"]


def test_markup_is_left_out_and_boilerplate_inside_a_sentence_set_aside() -> None:
    text = "See [it] now Share this please."
    marks = (
        Mark(Span(4, 5), "markup", "link"),
        Mark(Span(7, 8), "markup", "link"),
        Mark(Span(13, 23), "boilerplate", "share list"),
    )
    article = replace(document(text).article, marks=marks)
    found = [(piece.role, piece.text) for piece in pieces(article, Span(0, len(text)))]
    assert found == [
        ("plain", "See "),
        ("plain", "it"),
        ("plain", " now "),
        ("aside", "Share this"),
        ("plain", " please."),
    ]
    assert [piece.text for piece in pieces(article, Span(9, 12))] == ["now"]


# --- pictures ---------------------------------------------------------------------


def test_the_waterfall_adds_up_to_the_score() -> None:
    made = spun_comparison()
    found = waterfall(made)
    total = made.intercept + math.fsum(item.nats for item in made.contributions)
    assert found.total.nats == f"+{total:.2f}"
    assert [step.nats for step in found.steps] == ["−0.40", "+2.40", "+1.35", "−0.20"]
    assert [step.classes for step in found.steps] == ["against", "for", "for", "against"]


def test_every_feature_has_its_exact_part_beside_the_reasons() -> None:
    made = comparison(document("A."), document("B."), nats=tuple(2.0 / (1 + place) for place in range(20)))
    found = waterfall(made)
    assert len(found.features) == 20
    assert found.features[0].nats == "+2.00"


def test_the_map_has_few_elements_however_many_substitutions() -> None:
    text = "A brass band played until noon. " * 300
    made = comparison(document(text), document(text.replace("noon", "night")), [], [(at, at) for at in range(300)])
    found = text_map(made)
    assert found.moved == ""
    assert found.ribbons.count("M") == 300
    assert text_map(spun_comparison()).ticks[0].classes == "name t"


def test_the_dot_plot_says_in_words_what_it_shows() -> None:
    suspect, reference = document("C. A. B."), document("A. B. C.")
    made = comparison(suspect, reference, [], [(0, 2), (1, 0), (2, 1)])
    assert dot_plot(made).caption == "3 aligned pairs, 1 of them out of order; 1 passage of reuse."
    assert "No sentence" in dot_plot(comparison(suspect, reference)).caption


def test_kinds_are_counted_with_their_telltales() -> None:
    bars = kind_bars(spun_comparison().substitutions)
    assert [(bar.name, bar.count, bar.telltales) for bar in bars[:3]] == [
        ("synonym", 4, 1),
        ("name", 1, 1),
        ("term", 1, 1),
    ]
    assert len(bars) == len(KINDS)


def test_a_scale_maps_its_ends_and_bears_an_empty_range() -> None:
    assert [Scale(2, 4, 100)(value) for value in (2, 3, 4)] == [0, 50, 100]
    assert Scale(3, 3, 100)(3) == 0


# --- files ------------------------------------------------------------------------


def test_report_writes_one_file(tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    result = run("report", SPUN, ORIGINAL, "--output", str(target))
    assert (result.exit_code, result.stdout) == (0, "")
    assert target.read_text("utf-8") == run("report", SPUN, ORIGINAL, "-o", "-").stdout
    assert [file.name for file in tmp_path.iterdir()] == ["report.html"]


def test_report_ignores_what_everybody_shares(tmp_path: Path) -> None:
    shared, target = tmp_path / "shared.txt", tmp_path / "report.html"
    shared.write_text(Path(ORIGINAL).read_text("utf-8").split("\n\n")[2], "utf-8")
    assert run("report", SPUN, ORIGINAL, "--ignore", str(shared), "-o", str(target)).exit_code == 0
    said = visible(target.read_text("utf-8"))
    assert "ignored: shared by many (reference; in shared.txt)" in said
    assert f"spindetect report spun.txt original.txt --ignore FILE --date {TODAY} --output report.html" in said
    result = run("report", SPUN, ORIGINAL, "--ignore", str(shared), "-o", str(shared))
    assert (result.exit_code, "would replace the article" in result.stderr) == (2, True)
    result = run("report", "-", ORIGINAL, "--ignore", "-", "-o", str(target), input=b"One.")
    assert (result.exit_code, "named twice" in result.stderr) == (2, True)


def test_report_reads_standard_input_once(tmp_path: Path) -> None:
    text = Path(SPUN).read_bytes()
    assert run("report", "-", ORIGINAL, "-o", str(tmp_path / "r.html"), input=text).exit_code == 0
    assert "named twice" in run("report", "-", "-", "-o", str(tmp_path / "s.html"), input=text).stderr
    assert not (tmp_path / "s.html").exists()


def test_a_report_that_cannot_be_made_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    target.write_text("the last one")
    overwrite = ("-o", str(target), "--overwrite")
    result = run("report", str(tmp_path / "missing.txt"), ORIGINAL, *overwrite)
    assert (result.exit_code, target.read_text()) == (2, "the last one")
    assert "there is no such file" in result.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["report.html"]


@pytest.mark.parametrize("output", ["no/such/folder/report.html", "."])
def test_a_bad_output_is_a_clear_error(tmp_path: Path, output: str) -> None:
    result = run("report", SPUN, ORIGINAL, "-o", str(tmp_path / output))
    assert result.exit_code == 2
    assert f"cannot write {tmp_path / output}" in result.stderr


def test_a_report_replaces_only_reports_and_empty_files_unless_told(tmp_path: Path) -> None:
    target = tmp_path / "notes.txt"
    target.write_text("my notes")
    result = run("report", SPUN, ORIGINAL, "-o", str(target))
    assert (result.exit_code, target.read_text()) == (2, "my notes")
    assert "isn't a report of spindetect's. Name another output file, or give --overwrite." in result.stderr
    assert run("report", SPUN, ORIGINAL, "-o", str(target), "--overwrite").exit_code == 0
    assert is_generated(target.read_text("utf-8"))
    assert run("report", EDITED, ORIGINAL, "-o", str(target)).exit_code == 0
    empty = tmp_path / "empty.html"
    empty.touch()
    assert run("report", SPUN, ORIGINAL, "-o", str(empty)).exit_code == 0


def test_a_report_never_replaces_its_own_article(tmp_path: Path) -> None:
    article = tmp_path / "page.html"
    article.write_text("<p>He said so.</p>")
    result = run("report", str(article), ORIGINAL, "-o", str(article))
    assert "would replace the article" in result.stderr
    assert article.read_text() == "<p>He said so.</p>"


def test_a_folder_of_reports_with_an_index_sorted_by_score(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "reports"
    arguments = ("score", EDITED, SPUN, "missing.txt", "--reference", ORIGINAL, "--report-dir", str(folder))
    result = run(*arguments)
    assert result.exit_code == 2
    index = (folder / "index.html").read_text("utf-8")
    links = re.findall(r'<a href="([^"]+)"', index)
    assert [("spun" in link, "edited" in link) for link in links] == [(True, False), (False, True)]
    assert {*links, "index.html"} == {file.name for file in folder.glob("[!.]*")}
    assert "missing.txt" in visible(index)
    assert "spun" in result.stdout
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    run(*arguments)  # the same again, over its own pages
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


def test_other_peoples_pages_are_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<p>my site</p>")
    result = run("score", SPUN, "--reference", ORIGINAL, "--report-dir", str(tmp_path))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "isn't a report of spindetect's" in result.stderr
    assert (tmp_path / "index.html").read_text() == "<p>my site</p>"


def test_one_report_in_the_way_does_not_stop_the_others(tmp_path: Path) -> None:
    said: list[str] = []
    folder = ReportFolder(tmp_path, said.append)
    (tmp_path / "b.txt.html").write_text("<p>mine</p>")
    made = [with_names(spun_comparison(), f"{name}.txt", "r.txt") for name in "abc"]
    assert list(folder.reported(made)) == made
    assert len(said) == 1
    folder.write_index(said)
    assert {file.name for file in tmp_path.glob("[!.]*")} == {
        "a.txt.html",
        "b.txt.html",
        "c.txt.html",
        "index.html",
    }
    assert re.findall(r'<a href="([^"]+)"', (tmp_path / "index.html").read_text("utf-8")) == [
        "a.txt.html",
        "c.txt.html",
    ]


def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SpindetectError, match="cannot make the folder"):
        ReportFolder(tmp_path / "file", print)


@given(st.lists(st.text(max_size=100), max_size=8))
def test_file_names_are_safe_and_differ(names: list[str]) -> None:
    taken = {"index.html"}
    found = [file_name(name, taken) for name in names]
    assert len({name.casefold() for name in [*found, "index.html"]}) == len(names) + 1
    for name in found:
        assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]*\.html", name)
        assert len(name) < 120


def test_file_names_that_windows_refuses_are_avoided() -> None:
    assert file_name("con.txt", set()) == "article-con.txt.html"
    assert file_name("../../etc/passwd", set()) == "etc-passwd.html"
    assert file_name("日本", set()) == "article.html"
    assert file_name("index", {"index.html"}) == "index-2.html"


def test_the_index_sorts_by_score_then_by_name() -> None:
    def made(name: str, nats: float) -> Comparison:
        return with_names(comparison(document("A."), document("B."), nats=(nats,)), name, "r")

    entries = [entry(made(name, nats), name) for name, nats in (("b", 1.0), ("c", 3.0), ("a", 1.0))]
    assert [one.suspect for one in sorted_entries(entries)] == ["c", "a", "b"]
