"""What documents and pages hold beside the text that a reader sees: hidden, struck, set apart, drawn askew."""

from __future__ import annotations

import json
import textwrap
from itertools import pairwise, zip_longest
from pathlib import Path

import pytest
from samples import PARAGRAPHS, TEXT, docx, html, pdf

from spindetect.read.article import article_from_bytes, read_article
from spindetect.repair.broken_words import first_letters

WHITE = '<w:color w:val="FFFFFF"/>'


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r>"


def paragraph(*runs: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (paragraph(run("It closes in "), run("zebra ", WHITE), run("March after ninety years.")), None),
        (
            paragraph(run("It closes in "), run("zebra ", '<w:sz w:val="2"/>'), run("March after ninety years.")),
            None,
        ),
        (paragraph(run("It closes in "), run("May ", "<w:strike/>"), run("March after ninety years.")), None),
        (
            paragraph(
                run("It closes in "), run("May ", '<w:rStyle w:val="Gone"/>'), run("March after ninety years.")
            ),
            None,
        ),
        (paragraph(run("It closes in March after ninety years.", WHITE)), None),  # all of it: it is the text
        (paragraph(run("It closes", '<w:strike w:val="0"/>'), run(" in March after ninety years.")), None),
        (
            paragraph(run("I"), properties='<w:framePr w:dropCap="drop"/>')
            + paragraph(run("t closes in March after ninety years.")),
            None,
        ),
        (
            paragraph(run("It closes in M"), properties="<w:rPr><w:del/></w:rPr>")
            + paragraph(run("arch after ninety years.")),
            None,
        ),
        (
            paragraph(run("It closes in"), '<w:r><w:br w:type="page"/></w:r>', run("March after ninety years.")),
            None,
        ),
        (
            paragraph(
                run("It closes in "),
                f"<w:r><w:txbxContent>{paragraph(run('A quotation.'))}</w:txbxContent></w:r>",
                run("March after ninety years."),
            ),
            "It closes in March after ninety years.\n\nA quotation.",
        ),
        (
            f"<w:tbl><w:shd w:fill='1F3864'/>{paragraph(run('On a dark ground.', WHITE))}</w:tbl>"
            + paragraph(run("It closes in March after ninety years.")),
            "On a dark ground.\n\nIt closes in March after ninety years.",
        ),
    ],
)
def test_what_a_word_document_shows(body: str, shown: str | None) -> None:
    styles = "<w:style w:styleId='Gone'><w:rPr><w:vanish/></w:rPr></w:style>"
    article = article_from_bytes(docx(body, styles), "mill.docx")
    assert article.text == (shown or "It closes in March after ninety years.")
    assert any("hidden text" in warning for warning in article.warnings) == ("zebra" in body)


@pytest.mark.parametrize(
    ("drawn", "warned"),
    [
        (b"BT 3 Tr 60 100 Td (zebra crossing) Tj ET", True),
        (b"BT 1 1 1 rg 60 100 Td [(zebra) -200 (crossing)] TJ ET", True),
        (b"BT /F1 1 Tf 60 100 Td (zebra crossing) Tj ET", True),
        (b"q .7 .7 -.7 .7 100 100 cm BT /F1 60 Tf (zebra) Tj ET Q", False),  # a watermark
        (b"BT 0 1 -1 0 30 100 Tm (zebra 2403.0001) Tj ET", False),  # in the margin
    ],
)
def test_what_a_pdf_shows(drawn: bytes, warned: bool) -> None:
    article = article_from_bytes(pdf(also=drawn), "mill.pdf")
    assert "zebra" not in article.text and article.text.endswith("for sale since May.")
    assert any("hidden text" in warning for warning in article.warnings) == warned


def test_white_letters_on_a_painted_ground_show() -> None:
    drawn = b"0 0 1 rg 50 90 200 30 re f BT 1 1 1 rg 60 100 Td (The end.) Tj ET"
    assert "The end." in article_from_bytes(pdf(also=drawn), "mill.pdf").text


LINES = "\n".join(textwrap.fill(one, 34) for one in 2 * PARAGRAPHS).split("\n")


def drawn(*cells: tuple[int, int, str]) -> bytes:
    shown = ((x, y, text.encode("cp1252")) for x, y, text in cells)
    return b"BT " + b" ".join(b"1 0 0 1 %d %d Tm (%s) Tj" % cell for cell in shown) + b" ET"


@pytest.mark.parametrize("count", [2, 3])
@pytest.mark.parametrize("longer", [0, 4])
@pytest.mark.parametrize("by_words", [False, True])
def test_columns_that_are_drawn_line_by_line_are_read_one_after_the_other(
    count: int, longer: int, by_words: bool
) -> None:
    deep = (len(LINES) + (count - 1) * longer) // count
    starts = [0, deep, *(deep + at * (deep - longer) for at in range(1, count))]
    columns = [LINES[first:last] for first, last in pairwise([*starts[:count], len(LINES)])]
    cells = [(60, 780, "A mill of the town is to close"), (60, 750, "after ninety years")]
    for at, row in enumerate(zip_longest(*columns, fillvalue="")):
        for number, line in enumerate(row):
            x = 60 + 170 * number
            for word in line.split() if by_words else [line] if line else []:
                cells.append((x, 700 - 12 * at, word))
                x += 5 * len(word)
    text = article_from_bytes(pdf(((),), drawn(*cells, (290, 300, "7"))), "mill.pdf").text
    wanted = ["A mill of the town is to close", "after ninety years", *LINES]
    assert "".join(text.split()) == "".join("".join(wanted).split())


@pytest.mark.parametrize(
    "rows",
    [
        [("Mill number", "built in 1934"), ("Mill number", "built in 1935")],
        [("MR. REYES:", "The state will look for a buyer of the mill."), ("MS. PENN:", "Nobody told us first.")],
        [("•", "The state will look for a buyer of the mill."), ("•", "Nobody told us first, she said.")],
    ],
)
def test_tables_speakers_and_bullets_are_read_line_by_line(rows: list[tuple[str, str]]) -> None:
    rows = 8 * rows
    cells = [
        (x, 700 - 12 * at, text) for at, row in enumerate(rows) for x, text in zip((60, 150), row, strict=True)
    ]
    text = article_from_bytes(pdf(((),), drawn(*cells)), "mill.pdf").text
    assert " ".join(text.split()) == " ".join(" ".join(row) for row in rows)


def test_line_numbers_are_no_text() -> None:
    lines = tuple(f"{number} the mill of the town has worked for ninety years and" for number in range(1, 10))
    assert article_from_bytes(pdf((lines,)), "mill.pdf").text == " ".join([lines[0][2:]] * 9)


def test_what_is_struck_through_on_a_page_is_gone() -> None:
    page = (
        html()
        .replace("About 230", "<del>About 250</del> <ins>About 230</ins>")
        .replace("no date", "<s>a</s> no date")
    )
    text = read_article(page).text
    assert "250" not in text and "gave no date" in text
    assert (
        "only mill"
        in read_article(f"<html><body><s>{''.join(f'<p>{one}</p>' for one in PARAGRAPHS)}</s></body></html>").text
    )


def test_a_large_first_letter_belongs_to_its_paragraph() -> None:
    page = html().replace("<p>The only", "<div class='drop'>T</div><p>he only")
    assert "The only mill" in read_article(page).text


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("T he mill", "The mill"),
        ("T\nhe mill", "The mill"),
        ("A mill", None),
        ("H is for mill", None),
        ("X rays", None),
    ],
)
def test_a_letter_set_apart_is_joined_if_that_makes_a_word(text: str, joined: str | None) -> None:
    edits = first_letters(text, {"the", "mill", "amill", "his"}.__contains__)
    whole = text
    for start, end, _ in edits:
        whole = whole[:start] + whole[end:]
    assert whole == (joined or text)


def linked(**fields: object) -> str:
    data = json.dumps({"@type": "LiveBlogPosting", "headline": "Mill", **fields})
    return f'<script type="application/ld+json">{data}</script>'


def test_what_a_page_holds_back_is_taken_from_its_linked_data() -> None:
    teaser = f"<html><body><article><p>{PARAGRAPHS[0]}</p><p>Log in to read more.</p></article>{{}}</body></html>"
    article = read_article(teaser.format(linked(articleBody=TEXT)))
    assert article.text.split() == TEXT.split() and any("linked data" in one for one in article.warnings)
    posts = linked(liveBlogUpdate=[{"@type": "BlogPosting", "articleBody": one} for one in PARAGRAPHS])
    page = f"<html><body><nav>Home</nav>{posts}</body></html>"
    assert read_article(page).text.split() == TEXT.split()
    other = linked(articleBody="Something else altogether stands here, and it is longer. " * 20)
    assert PARAGRAPHS[0] in read_article(teaser.format(other)).text


def test_samples_are_files(tmp_path: Path) -> None:
    (tmp_path / "mill.docx").write_bytes(docx())
    assert "Hidden" not in read_article(tmp_path / "mill.docx").text
