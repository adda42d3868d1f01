"""A report that is ready to send: it names both articles, no folder of anybody's, and no outlet if asked."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pytest
from factory import spun_comparison, with_names
from typer.testing import CliRunner, Result

from spindetect.cli import app
from spindetect.commands.report import ReportFolder, without_paths
from spindetect.files import last_part
from spindetect.findings import Candidate
from spindetect.report.anonymous import without_names
from spindetect.report.html.checking import checking
from spindetect.report.html.index import entry, grouped
from spindetect.report.html.names import names
from spindetect.report.html.page import index_page, report_page
from spindetect.results import Assessment, Comparison

BODY = (Path(__file__).parents[1] / "data" / "harbor" / "original.txt").read_text("utf-8")
SECRET = "Daily Globe Buzz"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments])


def visible(page: str) -> str:
    body = re.sub(r"<(style|script)>.*?</\1>", "", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", body)).split())


@lru_cache
def told() -> Comparison:
    """A comparison whose suspect says all that there is to say of itself, also in its text."""
    made = spun_comparison()
    article = replace(
        made.suspect.article,
        name="/home/jdoe42/news/spun.txt",
        title=f"New lighthouse, by {SECRET}",
        outlet=SECRET,
        url="https://www.dailyglobebuzz.example/lighthouse",
        published="2025-11-14T03:17:52+00:00",
    )
    warned = (f"{article.name}: 1 sentence is left out.",)
    return replace(made, suspect=replace(made.suspect, article=article), warnings=warned)


def test_both_articles_are_named_before_anything_else() -> None:
    suspect, reference = names(told())
    assert (suspect.title, suspect.outlet) == (f"New lighthouse, by {SECRET}", SECRET)
    assert (suspect.published, suspect.shown_link) == ("2025-11-14, 03:17", "dailyglobebuzz.example/lighthouse")
    assert reference.title.startswith("“Defense Secretary Ruth Calloway opened the new lighthouse")
    said = visible(told().to_html("2026-11-29"))
    order = [said.index(part) for part in (suspect.title, SECRET, reference.title, "The suspect is", "green light")]
    assert order == sorted(order)
    assert "made on 2026-11-29" in said and "made on" not in visible(told().to_html())


def test_what_an_archive_knows_of_the_reference_is_named() -> None:
    best = Candidate(
        "7", "Lighthouse opened", "https://coast.example/7", "2025-11-13", "The Coast", 9.0, "spun", 0.9
    )
    reference = names(replace(told(), candidates=(best,)))[1]
    assert (reference.title, reference.outlet, reference.link) == (best.title, best.outlet, best.url)


@pytest.mark.parametrize("name", ["/home/me/a.txt", "C:\\Users\\me\\a.txt", "a.txt", "./news/a.txt"])
def test_a_path_is_its_last_part(name: str) -> None:
    assert last_part(name) == "a.txt"


def test_no_folder_is_named_anywhere() -> None:
    page = told().to_html("2026-11-29")
    assert "jdoe42" not in page and "spun.txt" in page
    assert "spun.txt: 1 sentence is left out." in visible(page)
    made = with_names(spun_comparison(), "C:\\Users\\jdoe42\\a.txt", "/home/jdoe42/b.txt")
    assert "jdoe42" not in made.to_html()
    index = index_page([entry(told(), "a.html")], [without_paths("cannot read /home/jdoe42/c.txt: gone.")])
    assert "jdoe42" not in index and "cannot read c.txt: gone." in index


def test_an_address_in_a_message_stays() -> None:
    message = "cannot read https://news.example/a/b.html: it is missing."
    assert without_paths(message) == message


@pytest.mark.parametrize("view", ["page", "index"])
def test_anonymous_leaves_out_outlets_links_and_files(view: str) -> None:
    text = told().suspect.article.text
    article = replace(told().suspect.article, text=text.replace("Home » World", "www.dg.com » "[:12].ljust(12)))
    made = replace(told(), suspect=replace(told().suspect, article=article))
    page = made.to_html(anonymous=True) if view == "page" else index_page([entry(without_names(made), "a.html")])
    for part in (SECRET, "dailyglobebuzz", "www.dg.com", "jdoe42", "spun.txt"):
        assert part.lower() not in page.lower()
    if view == "page":
        assert "Ruth Calloway" in page and "--anonymous" in visible(page)


def test_an_anonymous_result_keeps_its_spans() -> None:
    shown = without_names(told())
    assert len(shown.suspect.article.text) == len(told().suspect.article.text)
    for item in shown.substitutions:
        assert item.suspect.span.of(shown.suspect.article.text) == item.suspect.text
    assert shown.score == told().score


def test_the_digest_of_an_anonymous_report_is_that_of_the_text() -> None:
    assert checking(told()).texts == checking(told(), anonymous=True).texts
    assert (
        checking(told(), anonymous=True).commands[0].startswith("spindetect report SUSPECT REFERENCE --anonymous")
    )


def test_what_the_command_says_of_the_articles_is_shown_and_makes_the_report_anew(tmp_path: Path) -> None:
    suspect, reference = tmp_path / "s.txt", tmp_path / "r.txt"
    suspect.write_text(BODY.replace("said", "mentioned"), "utf-8")
    reference.write_text(BODY, "utf-8")
    options = ("--title", "Port deal", "--url", "https://a.example/1", "--outlet", "A", "--published", "2025-11-14")
    theirs = ("--reference-title", "Deal on port", "--reference-name", "archive copy", "--date", "2026-11-29")
    first, second = tmp_path / "1.html", tmp_path / "2.html"
    assert run("report", suspect, reference, *options, *theirs, "-o", first).exit_code == 0
    page = first.read_text("utf-8")
    said = visible(page)
    for part in ("Port deal A · 2025-11-14", "Deal on port", "archive copy", "made on 2026-11-29"):
        assert part.replace(" · ", "") in said.replace(" · ", "") or part in said
    assert str(tmp_path) not in page
    command = html.unescape(re.search(r"<pre><code>spindetect (report .*?) --output", page)[1])
    assert "--title 'Port deal'" in command and "s.txt REFERENCE" in command
    assert run("report", suspect, reference, *options, *theirs, "-o", second).exit_code == 0
    assert second.read_text("utf-8") == page


@pytest.mark.parametrize("day", ["tomorrow", "2026-13-01", "29.11.2026"])
def test_a_date_that_is_none_is_refused(tmp_path: Path, day: str) -> None:
    refused = run("report", tmp_path / "s.txt", "-o", tmp_path / "r.html", "--date", day)
    assert refused.exit_code == 2 and "--date takes a day" in refused.stderr
    assert not (tmp_path / "r.html").exists()


def test_a_folder_of_reports_names_no_folder(tmp_path: Path) -> None:
    folder = ReportFolder(tmp_path / "reports", lambda message: None, "2026-11-29", anonymous=True)
    assert list(folder.reported([told()])) == [told()]
    folder.write_index(["cannot read /home/jdoe42/c.txt: gone."])
    pages = {path.name: path.read_text("utf-8") for path in (tmp_path / "reports").iterdir()}
    assert set(pages) >= {"suspect.html", "index.html"}
    assert not any(part in page for page in pages.values() for part in ("jdoe42", SECRET))
    assert "made on 2026-11-29" in pages["index.html"]


def test_the_index_counts_and_keeps_the_compared_apart_from_those_alone() -> None:
    made = told()
    alone = Assessment(
        suspect=made.suspect,
        reference=replace(made.reference, words=(), starts=(), quoted=(), sentences=()),
        features={},
        relations={"spun": 0.1, "natural": 0.9},
        contributions=(),
        intercept=-2.2,
        verdict="natural",
        signature="",
        warnings=(),
    )
    entries = [entry(made, "a.html"), entry(alone, "b.html")]
    groups = grouped(entries)
    assert [(group.compared, len(group.entries)) for group in groups] == [(True, 1), (False, 1)]
    assert "translations and rewrites by AI" in groups[1].note
    said = visible(index_page(entries))
    assert "2 articles" in said and "Compared with a reference (1)" in said and "Scored alone (1)" in said
    assert "no signs of a spinner" in said and report_page(made)
