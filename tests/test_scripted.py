"""Pages whose article is in what their scripts would show, and captions that stand in the text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from spindetect.read.article import read_article
from spindetect.read.captions import without_captions
from spindetect.read.pages import parsed

PARAGRAPHS = (
    "The harbour board voted on Tuesday night to close the old ferry pier for good, after a service of 112 years.",
    "Engineers had warned in March that the timber piles were rotting and that repairs would cost four millions.",
    '"We looked at every option, and none of them was safe," said Margaret Oduya, who chairs the board.',
    "About ninety people a day still used the boat, most of them shipyard workers who live over the estuary.",
    "A bus will replace it from the first of June, although the journey by road takes forty minutes longer.",
)
HTML = "".join(f"<p>{one}</p>" for one in PARAGRAPHS)
CAPTIONS = (
    "A ferry leaves the pier at dusk.",
    "Workers inspect the piles in March.",
    "The brass band on the quay.",
)
SHELL = (
    "<!doctype html><html><head><title>Ferry pier to close</title></head><body><div id='__next'><h1>Ferry pier to "
    "close</h1>{}<div>Loading…</div></div>{}</body></html>"
)


def state(**props: object) -> str:
    data = {"props": {"pageProps": props}, "page": "/news/[slug]", "buildId": "x"}
    return f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(data)}</script>'


def words_of(tmp_path: Path, page: str) -> list[str]:
    (tmp_path / "page.html").write_text(page, "utf-8")
    return read_article(tmp_path / "page.html").text.split()


RELATED = [{"title": "Bus fares", "summary": "Fares on local buses rise next month by five per cent, it was said."}]
PIECES = [
    {"value": "The harbour board "},
    {"value": "voted"},
    {"value": PARAGRAPHS[0][len("The harbour board voted") :]},
]


@pytest.mark.parametrize(
    "script",
    [
        state(article={"title": "Ferry", "body": HTML}, related=RELATED),
        state(story={"content": [{"type": "paragraph", "text": one} for one in PARAGRAPHS]}),
        state(
            post={
                "body": {
                    "content": [{"content": PIECES}, *({"content": [{"value": one}]} for one in PARAGRAPHS[1:])]
                }
            }
        ),
        state(articles=[{"body": HTML}, {"body": HTML.replace("ferry", "tram") * 3}]),
        f"<script>window.__STATE__ = {json.dumps({'article': {'text': ' '.join(PARAGRAPHS)}})}; run();</script>",
    ],
    ids=["html", "blocks", "pieces", "articles", "assigned"],
)
def test_an_article_that_only_scripts_would_show_is_read(tmp_path: Path, script: str) -> None:
    assert words_of(tmp_path, SHELL.format("", script)) == " ".join(PARAGRAPHS).split()
    (tmp_path / "teaser.html").write_text(SHELL.format(f"<p>{PARAGRAPHS[0]}</p>", script), "utf-8")
    article = read_article(tmp_path / "teaser.html")
    assert article.text.split() == " ".join(PARAGRAPHS).split()
    assert any("scripts would show" in one for one in article.warnings)


@pytest.mark.parametrize(
    "script",
    [
        state(
            messages={"a": "Please accept our cookies to go on reading.", "b": "Something went wrong. Try again."}
        ),
        state(article={"body": "Quite another story, of which the page shows nothing at all. " * 30}),
        '<script id="__NEXT_DATA__" type="application/json">{"props": {"article": "cut off</script>',
        f"<script type='application/json'>{'[' * 5000}</script>",
    ],
    ids=["messages", "another", "cut off", "deep"],
)
def test_what_is_shown_stays_where_the_state_is_of_something_else(tmp_path: Path, script: str) -> None:
    shown = words_of(tmp_path, SHELL.format(HTML, script))
    assert " ".join(PARAGRAPHS) in " ".join(shown) and "cookies" not in shown and "Quite" not in shown


@pytest.mark.parametrize(
    "gallery",
    [
        "<ul>{}</ul>".format("".join(f"<li><img src='a.jpg'><p>{one}</p></li>" for one in CAPTIONS)),
        "".join(f"<p><a href='b.jpg'><img src='a.jpg'></a><br><em>{one}</em></p>" for one in CAPTIONS),
        "".join(f"<table><tr><td><img src='a.jpg'></td></tr><tr><td>{one}</td></tr></table>" for one in CAPTIONS),
        "".join(f"<figure><img src='a.jpg'><figcaption>{one}</figcaption></figure>" for one in CAPTIONS),
        "".join(f"<div class='slide'><img src='a.jpg'><p class='caption'>{one}</p></div>" for one in CAPTIONS),
    ],
    ids=["list", "italics", "table", "figure", "class"],
)
def test_captions_of_a_gallery_are_no_part_of_the_article(tmp_path: Path, gallery: str) -> None:
    first = f"<p>{PARAGRAPHS[0]}</p>"
    page = f"<html><body><article>{HTML.replace(first, first + gallery)}</article></body></html>"
    assert words_of(tmp_path, page) == " ".join(PARAGRAPHS).split()


@pytest.mark.parametrize(
    "part",
    [
        "<p><img src='a.jpg'>Nine members of the board voted for the closure.</p>",
        "<p><img src='a.jpg'> Nine members <em>of the board</em> voted for the closure.</p>",
        "<ul><li><img src='a.png' width='16'>Nine members of the board</li>"
        "<li><img src='a.png' width='16'>voted for the closure.</li></ul>",
        "<ul><li><img src='a.jpg'>Nine members of the board</li><li>voted for the closure.</li></ul>",
        "<table><tr><td><img src='a.jpg'></td><td>Nine members</td><td>voted for it</td></tr></table>",
    ],
)
def test_words_beside_a_picture_stay(tmp_path: Path, part: str) -> None:
    page = f"<html><body><article>{HTML}{part}</article></body></html>"
    assert "Nine members" in " ".join(words_of(tmp_path, page))


def test_a_page_of_pictures_keeps_its_captions() -> None:
    page = "<html><body><ul>{}</ul></body></html>".format(
        "".join(f"<li><img src='a.jpg'><p>{one}</p></li>" for one in CAPTIONS)
    )
    tree = parsed(page)[1]
    assert tree is not None and not without_captions(tree)
    assert CAPTIONS[0] in "".join(tree.itertext())
