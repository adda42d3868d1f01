"""Articles scored alone, with the model that ships: reports, restoring, commands, pages, damaged models."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from math import fsum
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from typer.testing import CliRunner, Result

from spindetect import Detector, assessment
from spindetect.cli import app
from spindetect.commands.report import day
from spindetect.errors import InvalidModel, SpindetectError
from spindetect.parts import ALONE, ALONE_ARRAYS, renew
from spindetect.reference_free.features import measure
from spindetect.report.html.context import strongest
from spindetect.report.html.index import entry
from spindetect.report.html.listing import listing
from spindetect.report.html.page import index_page
from spindetect.report.html.pieces import numbered_evidence
from spindetect.report.html.reference_free import paragraphs, word_sum
from spindetect.report.notebook import card
from spindetect.report.plain import reasons
from spindetect.report.reference_free import render_alone
from spindetect.report.restoring import marked
from spindetect.results import Assessment

ROOT = Path(__file__).parents[1]
STORIES = ("harbor", "battery", "heatwave")
SPUN = ROOT / "data" / "harbor" / "spun.txt"
ORIGINAL = ROOT / "data" / "harbor" / "original.txt"
SCHEMA = json.loads((ROOT / "spindetect" / "report" / "report.schema.json").read_text("utf-8"))
HOSTILE = (
    "<script>alert('run')</script> </style> {{ 7 * 191 }} \u202egnp.exe\u202c pass\u200bword \x1b[31mred "
    "<b onmouseover=alert('b')>the</b> <U+0041>"
)


@lru_cache
def detector() -> Detector:
    return Detector.load()


@lru_cache
def scored(story: str = "harbor", version: str = "spun") -> Assessment:
    return detector().score(ROOT / "data" / story / f"{version}.txt")


def body(version: str = "spun") -> str:
    """The harbour story without what a page puts around it."""
    text = (ROOT / "data" / "harbor" / f"{version}.txt").read_text("utf-8")
    return text[text.index("SAINT ALBAN") :]


def run(*arguments: object, input: bytes | None = None) -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments], input=input)


# --- honest writing from elsewhere -----------------------------------------------------

BRITISH = {
    "removal": """
The lorry had run out of petrol by the time it reached our flat, so the driver rang for a mate and waited on the
pavement whilst we made him a cuppa. He was a cheerful bloke in a mac and wellies. He said he had been on the
motorway since six and hadn't had so much as a biscuit. We gave him crisps and a slice of fruit cake from the
larder, and our lad showed him his football stickers. The lift was out of order, naturally, so the settee, the
cooker and the chest of drawers had to go up four flights. He charged us forty quid and wouldn't take a tip. Later
I found his spanner in the dustbin cupboard, together with a torch and a parking ticket, and posted the lot to the
depot in a jiffy bag.""",
    "estate car": """
Filled her up with unleaded at the services, four star being long gone, and set off up the dual carriageway with
the windscreen washers gurgling. She's a 1978 estate with the overdrive gearbox, one careful owner and then me.
The bonnet catch wants looking at, the offside wing has been resprayed by somebody who was colour blind, and
there's a knock from the nearside rear that the chap at the garage put down to a tired damper. I've had the wheel
arches done, new tyres all round, and a reconditioned gearbox from a breaker's yard in Telford. At the roundabout
outside Shrewsbury a juggernaut cut me up and I had to mount the kerb, which did the tracking no favours at all.
Stopped in a lay-by for a flask of tea. An old boy in a caravan came over to tell me that his father had driven
one to Spain and back in 1981 on three cylinders. MOT's due in October and I'm dreading it. Petrol at that price,
you'd think I'd have more sense, but I wouldn't swap her.""",
}


@pytest.mark.parametrize("name", BRITISH)
def test_words_of_another_country_are_nobody_s_spinning(name: str) -> None:
    found = detector().score(BRITISH[name])
    assert found.score < 50 and found.verdict != "spun"
    supposed = {(one.suspect.text.lower(), guess.text.lower()) for one in found.giveaways for guess in one.guesses}
    exchanged = {
        ("petrol", "gasoline"),
        ("petrol", "gas"),
        ("kerb", "curb"),
        ("colour", "color"),
        ("lift", "elevator"),
    }
    assert not supposed & (exchanged | {("pavement", "sidewalk"), ("whilst", "while"), ("favours", "favors")})


def test_both_spellings_of_a_word_are_one() -> None:
    british = (
        "The colour of the harbour at the centre was grey, and the neighbours realised that the theatre was full. "
    )
    american = (
        "The color of the harbor at the center was gray, and the neighbors realized that the theater was full. "
    )
    one, other = (detector().score(text + BRITISH["removal"]) for text in (british, american))
    assert one.score == other.score and one.features == other.features


# --- the report ------------------------------------------------------------------------


@pytest.mark.parametrize("story", STORIES)
def test_a_spun_article_is_told_from_its_original(story: str) -> None:
    spun, original = scored(story), scored(story, "original")
    assert (spun.verdict, original.verdict) == ("spun", "natural")
    assert spun.score >= 80.0
    assert original.score < 20.0
    assert len(spun.giveaways) > 2 * len(original.giveaways)


@pytest.mark.parametrize("version", ["spun", "original", "edited", "back_translated"])
def test_contributions_and_intercept_sum_to_the_log_odds_of_the_score(version: str) -> None:
    report = scored("harbor", version)
    total = fsum([report.intercept, *(item.nats for item in report.contributions)])
    assert report.probability == pytest.approx(1.0 / (1.0 + math.exp(-total)), abs=1e-12)
    assert report.score == 100.0 * report.probability


def test_the_shares_of_all_words_sum_to_the_contributions(monkeypatch: pytest.MonkeyPatch) -> None:
    shares: list[np.ndarray[Any, Any]] = []
    weigh = assessment._weights
    monkeypatch.setattr(assessment, "_weights", lambda *given: shares.append(weigh(*given)) or shares[-1])
    report = detector().score(SPUN)
    assert np.isfinite(shares[0]).all()
    assert shares[0].sum() == pytest.approx(fsum(item.nats for item in report.contributions), abs=1e-9)
    known = set(shares[0].tolist())
    assert report.giveaways and all(one.weight in known for one in report.giveaways)


def test_a_features_value_is_the_sum_of_what_the_words_add(monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    monkeypatch.setattr(assessment, "measure", lambda *given: found.append(measure(*given)) or found[-1])
    report = detector().score(SPUN)
    assert (found[0].amounts >= 0.0).all()
    assert list(found[0].amounts.sum(axis=1)) == pytest.approx(list(report.features.values()))


def test_giveaways_slice_back_to_their_phrases_and_do_not_overlap() -> None:
    report = scored()
    text = report.suspect.article.text
    assert [one.suspect.span.of(text) for one in report.giveaways] == [one.suspect.text for one in report.giveaways]
    ends = [0, *(one.suspect.span.end for one in report.giveaways)]
    assert all(end <= one.suspect.span.start for end, one in zip(ends, report.giveaways, strict=False))


def test_guesses_are_probabilities_best_first() -> None:
    for one in (one for story in STORIES for one in scored(story).giveaways):
        chances = [guess.probability for guess in one.guesses]
        assert len(chances) <= 3
        assert chances == sorted(chances, reverse=True)
        assert all(0.05 <= chance <= 1.0 for chance in chances) and sum(chances) <= 1.0 + 1e-9
        assert 0.0 < one.probability < 1.0 and math.isfinite(one.weight)
        assert (one.original is None) == (not chances or chances[0] < 0.5)
        assert one.reason


def test_what_the_phrases_said_is_guessed() -> None:
    originals = {one.suspect.text: one.original.text for one in scored().giveaways if one.original}
    wanted = {"Protection": "Defense", "earlier than": "before", "grow to be": "become", "Lengthy": "Long"}
    assert {phrase: originals.get(phrase) for phrase in wanted} == wanted
    assert next(one for one in scored().giveaways if one.suspect.text == "Chinese language").kind == "demonym"


def test_where_nothing_is_decided_alone_the_views_show_both_sides() -> None:
    made = scored()
    unsure = replace(made, verdict="undecided")
    against = next(one for one in reasons(made) if one.nats <= -0.05)
    page, shown = unsure.to_html(), render_alone(unsure, 80)
    one, other = page[page.index("<h3>What speaks for a machine") :].split("<h3>What speaks for a person")
    assert made.giveaways and 'class="became"' in one and 'class="became"' not in other.split("</section>")[0]
    assert against.text.replace("'", "&#39;") in other.split("</section>")[0]
    assert shown.index("What speaks for a machine:") < shown.index("What speaks for a person:")
    assert "What speaks for" not in made.to_html() + render_alone(made, 80)


def test_phrases_shown_at_lower_odds_are_in_spun_texts_and_have_a_likely_original() -> None:
    usual = 1.0 / (1.0 + math.exp(0.7))
    spun = [one for one in scored().giveaways if one.probability < usual and "capital" not in one.reason]
    assert spun and all(one.probability > 0.1 and one.guesses[0].probability >= 0.5 for one in spun)
    natural = [one for one in scored(version="original").giveaways if "capital" not in one.reason]
    assert all(one.probability >= usual for one in natural)


def test_the_same_text_gives_the_same_report() -> None:
    again = Detector.load().score(SPUN)
    assert again.to_dict() == scored().to_dict()
    assert again.to_html() == scored().to_html()
    assert again.signature == scored().signature
    assert "alone:" in again.signature


@pytest.mark.parametrize("version", ["spun", "original"])
def test_the_data_follow_the_schema(version: str) -> None:
    data = scored("harbor", version).to_dict()
    jsonschema.validate(json.loads(json.dumps(data, allow_nan=False)), SCHEMA)
    assert data["reference"] is None
    assert fsum(data["relations"].values()) == pytest.approx(1.0)
    assert data["search_terms"] == scored("harbor", version).search_terms()
    assert {"probability", "guesses", "reason"} <= set(data["substitutions"][0])


def test_what_is_ignored_takes_no_part() -> None:
    lead = body().split("\n\n")[0]
    report = detector().score(SPUN, ignore=[lead])
    end = report.suspect.article.text.index(lead) + len(lead)
    assert not any(end - len(lead) <= one.suspect.span.start < end for one in report.giveaways)
    assert any(end - len(lead) <= one.suspect.span.start < end for one in scored().giveaways)
    assert "ignore:" in report.signature
    assert "--ignore FILE" in report.to_html()


# --- what proves nothing -----------------------------------------------------------------

DEGENERATE = {
    "empty": "",
    "blank": " \n\n\t ",
    "one word": "word",
    "marks": "... !!! ??? —",
    "thirty words": " ".join(body().split()[:29]),
    "not English": "Der Minister beendete am Donnerstag einen Besuch auf den Inseln im Süden. " * 10,
    "another script": "Министр обороны завершил визит на южные острова в четверг. " * 10,
    "one word repeated": "harbor " * 20_000,
    "a grammar word repeated": "the " * 20_000,
    "a suspicious phrase repeated": "the inexperienced mild " * 3,
    "one long word": "a" * 50_000,
    "numbers": "12 34 56 " * 200,
    "surrogates": "\ud800 " * 60,
}


@pytest.mark.parametrize("name", DEGENERATE)
def test_what_proves_nothing_accuses_nobody(name: str) -> None:
    report = detector().score(DEGENERATE[name])
    assert report.verdict in ("undecided", "natural")
    assert report.score < 50.0
    assert report.restored() is not None
    jsonschema.validate(report.to_dict(), SCHEMA)
    assert "</html>" in report.to_html()
    assert render_alone(report)
    assert all(len(query.split()) >= 3 for query in report.search_terms())


@pytest.mark.parametrize("name", ["empty", "blank", "one word", "marks", "thirty words", "not English"])
def test_too_little_to_go_by_is_undecided_and_says_why(name: str) -> None:
    report = detector().score(DEGENERATE[name])
    assert report.verdict == "undecided"
    assert report.warnings
    assert report.warnings[-1] in report.to_html().replace("&#39;", "'")
    assert "no accusation" in report.to_html()


def test_another_language_says_nothing_at_all() -> None:
    assert detector().score(DEGENERATE["not English"]).score == pytest.approx(10.0, abs=0.01)


@pytest.mark.parametrize("change", [str.upper, str.lower, lambda text: text.replace(".", "").replace("\n", " ")])
def test_without_capitals_or_sentence_ends_an_original_stays_natural(change: Callable[[str], str]) -> None:
    assert detector().score(change(body("original"))).verdict == "natural"
    assert detector().score(change(body("spun"))).verdict == "spun"


def test_all_lower_case_is_no_name_without_its_capital() -> None:
    report = detector().score(body("original").lower())
    assert "a name without its capital" not in [one.reason for one in report.giveaways]
    telling = detector().score(body().replace("America", "america").replace("China", "china"))
    assert "a name without its capital" in [one.reason for one in telling.giveaways]


# --- restoring -----------------------------------------------------------------------------


def test_restoring_puts_the_likeliest_originals_in_place() -> None:
    report = scored()
    text = report.restored()
    assert "Defense Secretary Ruth Calloway" in text
    assert "Protection Secretary" in report.suspect.article.text
    for line in (line for line in report.suspect.article.text.splitlines() if "Share this" in line):
        assert line in text.splitlines()


def test_an_original_is_written_as_the_phrase_is() -> None:
    found = detector().score(body().upper()).giveaways
    originals = [one.original.text for one in found if one.original and len(one.suspect.text) > 1]
    assert originals and all(text.isupper() for text in originals)
    assert "Long Wharf" in scored().restored() and "Lengthy Wharf" in scored().suspect.article.text


def test_every_change_is_marked() -> None:
    report = scored()
    changed = [one for one in report.giveaways if one.original]
    text = marked(report)
    assert all(f"[{one.suspect.text} -> {one.original.text}]" in text for one in changed if one.original)
    for one in changed:
        assert one.original
        text = text.replace(f"[{one.suspect.text} -> {one.original.text}]", one.suspect.text, 1)
    assert text == report.suspect.article.text


def test_queries_hold_three_to_eight_words_that_are_in_the_restored_text() -> None:
    report = scored()
    queries = report.search_terms()
    assert 0 < len(queries) <= 5 and len(report.search_terms(2)) == 2
    known = report.restored()
    for query in queries:
        assert all(word in known for word in query.split())
        assert len(query.split()) >= 3
        assert len(set(query.split())) == len(query.split())


def test_restore_writes_three_formats(tmp_path: Path) -> None:
    assert run("restore", SPUN).stdout.rstrip() == marked(scored()).rstrip()
    assert run("restore", SPUN, "--format", "plain").stdout.rstrip() == scored().restored().rstrip()
    file = tmp_path / "restored.json"
    assert run("restore", SPUN, "--format", "json", "--output", file).exit_code == 0
    record = json.loads(file.read_text("utf-8"))
    assert record["restored"] == scored().restored()
    assert record["search_terms"] == scored().search_terms()
    assert record["substitutions"] == scored().to_dict()["substitutions"]


def test_restore_reads_standard_input_and_makes_it_inert() -> None:
    given = f"{HOSTILE}\n\n{body()}".encode()
    shown = run("restore", "-", input=given).stdout
    assert "\x1b" not in shown and "\u202e" not in shown
    assert "<U+001B>" in shown and "[Protection -> Defense]" in shown


def test_restoring_never_replaces_the_article(tmp_path: Path) -> None:
    file = tmp_path / "spun.txt"
    file.write_bytes(SPUN.read_bytes())
    result = run("restore", file, "--output", file)
    assert result.exit_code == 2 and "the restored text would replace the article" in result.stderr
    assert file.read_bytes() == SPUN.read_bytes()
    assert run("restore", "-", "--ignore", "-", input=b"text").exit_code == 2


def test_restore_of_what_is_not_there_fails() -> None:
    result = run("restore", "no-such-file.txt")
    assert result.exit_code == 2
    assert "no-such-file.txt" in result.stderr


# --- score, compare ------------------------------------------------------------------------


@pytest.mark.slow
def test_score_without_a_reference_in_every_format() -> None:
    table = run("score", SPUN, ORIGINAL).stdout
    assert [line.split()[2] for line in table.splitlines() if line.endswith(".txt")] == ["spun", "natural"]
    assert f"search for: {scored().search_terms()[0]}" in table
    reports = json.loads(run("score", SPUN, ORIGINAL, "--format", "json").stdout)
    for one in reports:
        jsonschema.validate(one, SCHEMA)
    lines = run("score", SPUN, ORIGINAL, "--format", "jsonl").stdout.splitlines()
    assert [json.loads(line) for line in lines] == reports
    rows = list(csv.DictReader(io.StringIO(run("score", SPUN, ORIGINAL, "--format", "csv").stdout)))
    assert [row["verdict"] for row in rows] == ["spun", "natural"]
    assert [row["reference"] for row in rows] == ["", ""]
    assert rows[0]["substitutions"] == str(len(scored().giveaways))


def test_fail_at_counts_suspects_scored_alone() -> None:
    assert run("score", ORIGINAL, "--fail-at", "50").exit_code == 0
    assert run("score", SPUN, ORIGINAL, "--fail-at", "50").exit_code == 1


@pytest.mark.slow
def test_an_unreadable_file_among_others_is_said_and_the_others_go_on() -> None:
    alone = run("score", SPUN, "no-such-file.txt", ORIGINAL, "--format", "jsonl")
    both = run("score", SPUN, "no-such-file.txt", ORIGINAL, "--format", "jsonl", "--jobs", "2")
    assert (alone.exit_code, both.exit_code) == (2, 2)
    assert "no-such-file.txt" in alone.stderr and "no-such-file.txt" in both.stderr
    assert both.stdout == alone.stdout
    assert [json.loads(line)["verdict"] for line in alone.stdout.splitlines()] == ["spun", "natural"]


def test_a_suspect_whose_source_is_not_in_the_archive_is_scored_alone(tmp_path: Path) -> None:
    archive, folder = tmp_path / "archive", tmp_path / "reports"
    assert run("archive", "add", archive, ROOT / "data" / "battery" / "original.txt").exit_code == 0
    battery = ROOT / "data" / "battery" / "spun.txt"
    result = run(
        "score", SPUN, battery, "--archive", archive, "--format", "json", "--report-dir", folder, "--fail-at", "50"
    )
    assert result.exit_code == 1
    alone, found = json.loads(result.stdout)
    assert alone["reference"] is None and alone["verdict"] == "spun"
    assert found["reference"]["name"] and found["verdict"] == "spun"
    index = (folder / "index.html").read_text("utf-8")
    assert "2 articles" in index
    assert [
        f'{title} <span class="num">(1)</span>' in index for title in ("Compared with a reference", "Scored alone")
    ]


def test_many_suspects_come_back_in_order_with_their_errors() -> None:
    suspects = [SPUN, Path("no-such-file.txt"), ORIGINAL]
    kinds = [type(one) for one in detector().score_many(suspects)]
    assert kinds[0] is kinds[2] is Assessment
    assert issubclass(kinds[1], SpindetectError)


def test_compare_shows_a_suspect_alone() -> None:
    shown = run("compare", SPUN).stdout
    assert "with no reference: spun" in shown
    assert "[Defense? → Protection]{name" in shown
    assert "to find the source, search for" in shown
    assert all(len(line) <= 80 for line in shown.splitlines())
    assert (
        json.loads(run("compare", SPUN, "--format", "json").stdout)
        == json.loads(run("score", SPUN, "--format", "json").stdout)[0]
    )
    refused = run("compare", SPUN, "--kinds", "name")
    assert refused.exit_code == 2 and "reference" in refused.stderr


# --- the page ------------------------------------------------------------------------------


def test_report_writes_a_page_on_a_suspect_alone(tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    assert run("report", SPUN, "--output", file).exit_code == 0
    assert file.read_text("utf-8") == detector().score(SPUN).to_html(day(None))
    refused = run("report", SPUN, "--output", SPUN)
    assert refused.exit_code == 2 and "would replace the article" in refused.stderr


def test_the_page_shows_every_giveaway_with_its_guesses() -> None:
    page = scored().to_html()
    numbers = numbered_evidence(scored())
    for one in scored().giveaways:
        number, group = numbers[one]
        assert f'id="s{number}" href="#g{group}"' in page
        assert f'id="g{group}"' in page
    for item in listing(scored(), numbers):
        assert item.perhaps.replace("'", "&#39;") in page
    assert scored().signature in page
    assert all(query in page for query in scored().search_terms())


def test_the_list_has_the_most_telling_first() -> None:
    numbers = numbered_evidence(scored())
    telling = {number: one.persuasion for number, one in enumerate(scored().giveaways, start=1)}
    listed = [max(telling[place.number] for place in item.places) for item in listing(scored(), numbers)]
    assert listed == sorted(listed, reverse=True)
    first = [telling[item.number] for item in strongest(scored(), numbers)]
    assert len(first) == 5 and first == sorted(first, reverse=True)


def test_the_paragraphs_hold_the_article_and_nothing_else() -> None:
    rows = paragraphs(scored(), numbered_evidence(scored()))
    shown = " ".join(piece.text for row in rows if row.suspect for piece in row.suspect.pieces)
    sentences = [one for one in scored().suspect.sentences if not one.boilerplate]
    plain = "".join(shown.split())
    text = scored().suspect.article.text
    assert all("".join(one.span.of(text).split()) in plain for one in sentences)
    assert sum(piece.role == "giveaway" for row in rows if row.suspect for piece in row.suspect.pieces) == len(
        scored().giveaways
    )
    assert any(row.notes == ("boilerplate, not scored: breadcrumb",) for row in rows)


def test_a_long_paragraph_is_cut_into_several() -> None:
    report = detector().score("He saw the harbor and said so to the crew. " * 30)
    assert [row.kind for row in paragraphs(report, numbered_evidence(report))] == ["text"] * 3


def test_the_words_add_up_to_the_score() -> None:
    numbers = [float(one.nats.replace("−", "-")) for one in word_sum(scored())]
    assert numbers[-1] == pytest.approx(sum(numbers[:-1]), abs=0.02)


def test_a_hostile_article_is_only_text() -> None:
    page = detector().score(f"{HOSTILE}\n\n{body()}").to_html()
    assert {char for char in page if not char.isprintable()} == {"\n"}
    assert page.count("<script>") == 1
    assert "alert(&#39;run&#39;)" in page
    assert "1337" not in page


def test_report_folders_hold_suspects_scored_alone(tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    result = run("score", SPUN, ORIGINAL, "no-such-file.txt", "--report-dir", folder)
    assert result.exit_code == 2
    pages = sorted(path.name for path in folder.glob("*.html"))
    assert len(pages) == 3 and "index.html" in pages
    index = (folder / "index.html").read_text("utf-8")
    assert 'Scored alone <span class="num">(2)</span>' in index
    assert "Compared with" not in index
    assert "no-such-file.txt" in index
    assert index.index("spun.txt.html") < index.index("original.txt.html")
    assert scored().to_html(day(None)) in [(folder / name).read_text("utf-8") for name in pages]


def test_the_index_holds_both_kinds_of_report() -> None:
    made = detector().compare(SPUN, ORIGINAL)
    page = index_page([entry(made, "a.html"), entry(scored(), "b.html")])
    assert "2 articles" in page
    assert page.index("Compared with a reference") < page.index("Scored alone") and "against " in page


def test_a_notebook_shows_report_and_giveaway() -> None:
    shown = scored()._repr_html_()
    assert "scored alone" in shown and scored().search_terms()[0] in shown
    one = next(one for one in scored().giveaways if one.original)
    assert one.suspect.text in card(one) and one.guesses[0].text in card(one)
    assert "undecided" in detector().score("")._repr_html_()
    hostile = detector().score(f"{HOSTILE}\n\n{body()}")
    assert "<script>" not in hostile._repr_html_()


# --- models that can't do it ----------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the model's folder."""
    source = Path(detector().model.metadata["folder"])
    return Path(shutil.copytree(source, tmp_path / "model"))


def refusal(folder: Path, compares: bool = True) -> str:
    """What a model's folder says that can't score alone; comparing goes on where its n-grams can be read."""
    loaded = Detector.load(folder)
    with pytest.raises(InvalidModel) as caught:
        loaded.score(body())
    with pytest.raises(InvalidModel):
        loaded.score_many([body()])
    if compares:
        assert loaded.compare(body(), body("original")).verdict == "spun"
    else:
        with pytest.raises(InvalidModel, match=r"Reinstall|made for this version") as refused:
            loaded.compare(body(), body("original"))
        assert str(folder) in str(refused.value)
    assert str(folder) in str(caught.value)
    return str(caught.value)


def change_weights(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    file = folder / ALONE
    record = json.loads(file.read_text("utf-8"))
    change(record)
    file.write_text(json.dumps(record), "utf-8")
    renew(folder)


def change_arrays(folder: Path, **changed: Any) -> None:
    """Other arrays, with the digest that belongs to them."""
    file = folder / ALONE_ARRAYS
    with np.load(file) as arrays:
        kept = {name: arrays[name] for name in arrays.files}
    np.savez(file, **{name: value for name, value in {**kept, **changed}.items() if value is not None})
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    change_weights(folder, lambda record: record["arrays"].update(sha256=digest))


@pytest.mark.parametrize("name", [ALONE_ARRAYS, ALONE])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    said = refusal(folder, compares=False)
    assert f"{name} is missing, and manifest.json names it" in said and "Reinstall" in said
    (folder / ALONE).unlink(missing_ok=True)
    (folder / ALONE_ARRAYS).unlink(missing_ok=True)
    renew(folder)  # a model that has no such parts compares without them, and says so in its signature
    said = refusal(folder)
    assert f"{ALONE} is missing" in said and "give a reference" in said
    assert "|ngrams:" not in Detector.load(folder).signature


def test_a_flipped_byte_is_noticed(folder: Path) -> None:
    raw = bytearray((folder / ALONE_ARRAYS).read_bytes())
    raw[len(raw) // 2] ^= 1
    (folder / ALONE_ARRAYS).write_bytes(raw)
    said = refusal(folder, compares=False)
    assert f"{ALONE_ARRAYS} is damaged" in said and "Reinstall" in said


@pytest.mark.parametrize("pairs", [[1], [1, 65_000], [65_000, 1]])
def test_words_that_count_as_none_are_noticed(folder: Path, pairs: list[int]) -> None:
    change_arrays(folder, counted_as=np.array(pairs, dtype=np.uint16))
    assert f"{ALONE_ARRAYS} is damaged" in refusal(folder)


def test_weights_that_are_no_json_are_noticed(folder: Path) -> None:
    (folder / ALONE).write_text("{", "utf-8")
    assert f"{ALONE} is damaged" in refusal(folder, compares=False)
    renew(folder)
    assert f"format of {ALONE} is None" in refusal(folder, compares=False)


CHANGES: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "format": (lambda record: record.update(format=99), "is 99, this version of spindetect reads format 3"),
    "nan": (lambda record: record["judgement"].update(intercept=math.nan), "nan"),
    "infinity": (lambda record: record["ranking"].update(left=math.inf), "inf"),
    "features": (lambda record: record["judgement"]["knots"].pop("phrases"), "features"),
    "knots": (lambda record: record["judgement"]["knots"].update(phrases=[0.0, 0.0]), "ascend"),
    "no format": (lambda record: record.pop("format"), "is None, this version"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_other_weights_are_refused(folder: Path, name: str) -> None:
    change, reason = CHANGES[name]
    change_weights(folder, change)
    said = refusal(folder, compares=name not in ("format", "features", "no format"))
    assert reason in said and ALONE in said


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"put_in": np.array([{"a": 1}], dtype=object)}, "Object arrays"),
        ({"put_in": None}, "put_in is not a file"),
        ({"put_in": np.array([math.nan])}, "float64"),
        ({"capital": np.zeros((2, 2), dtype=np.uint8)}, "2 dimensions"),
        ({"habit": np.zeros(3, dtype=np.int8)}, "3 habits"),
        ({"singles": np.zeros(9, dtype=np.uint32)}, "vocabulary"),
    ],
)
def test_other_arrays_are_refused(folder: Path, changed: dict[str, Any], reason: str) -> None:
    change_arrays(folder, **changed)
    said = refusal(folder, compares="singles" not in changed)
    assert reason in said and f"{ALONE_ARRAYS} is damaged" in said


def test_the_command_line_says_what_is_wrong_with_a_model(folder: Path) -> None:
    (folder / ALONE_ARRAYS).unlink()
    for command in (("score", SPUN, ORIGINAL), ("restore", SPUN), ("compare", SPUN)):
        result = run(*command, "--model", folder)
        assert result.exit_code == 2
        assert result.stderr.count(f"{ALONE_ARRAYS} is missing") == 1
    renew(folder)
    (folder / ALONE).unlink()
    renew(folder)
    assert run("score", SPUN, "--reference", ORIGINAL, "--model", folder).exit_code == 0
