"""What an article is called, where it stands and whose it is, as a page, front matter or a record says it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from spindetect.read.article import read_article
from spindetect.read.heads import Head, front_head

STORY = "<p>The harbour of Castara will be dredged next spring, the council said on Tuesday.</p>" * 4


def head_of(head: str, body: str = "") -> Head:
    article = read_article(f"<html><head>{head}</head><body><article>{body}{STORY}</article></body></html>")
    return Head(article.title, article.url, article.outlet)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ('<meta property="og:title" content="New harbour"><meta property="og:site_name" content="The Coast">'
         '<link rel="canonical" href="https://coast.example/1">',
         Head("New harbour", "https://coast.example/1", "The Coast")),
        ("<title>New harbour | The Coast</title>", Head("New harbour")),
        ('<title>North - South talks</title><meta property="og:site_name" content="The Coast">',
         Head("North - South talks", None, "The Coast")),
        ('<title>New harbour</title><meta property="og:url" content="javascript:alert(1)">', Head("New harbour")),
        ('<meta property="og:title" content="  "><title>\n New \n harbour </title>', Head("New harbour")),
        ("", Head()),
    ],
)  # fmt: skip
def test_a_pages_head(head: str, expected: Head) -> None:
    assert head_of(head) == expected


def test_a_heading_is_the_title_where_nothing_else_is() -> None:
    assert head_of("", "<h1>New <i>harbour</i></h1>").title == "New harbour"


def test_front_matter() -> None:
    front = (
        "---\ntitle: 'Rain at last'\ndate: 2025-11-14\nsource: https://coast.example/rain\nsite: The Coast\n---\n"
    )
    article = read_article(front + "# Rain\n\nIt rained.\n")
    assert (article.title, article.url, article.outlet) == (
        "Rain at last",
        "https://coast.example/rain",
        "The Coast",
    )
    assert front_head("no front matter") == Head()


def test_a_records_fields(tmp_path: Path) -> None:
    file = tmp_path / "article.jsonl"
    record = {
        "headline": "Rain",
        "body": "It rained for hours.",
        "link": "https://coast.example/r",
        "source": {"name": "Coast"},
    }
    file.write_text(json.dumps(record) + "\n", encoding="utf-8")
    article = read_article(file)
    assert (article.title, article.url, article.outlet) == ("Rain", "https://coast.example/r", "Coast")
