"""The table of input formats: every row reads the same story, is told by its content, and is bounded."""

from __future__ import annotations

import ast
import gzip
import io
import json
import random
import re
import sys
import zipfile
from html import escape
from pathlib import Path

import pytest
from samples import MODULES, PARAGRAPHS, PUBLISHED, SAMPLES, TEXT, feed, html, parquet, pdf, warc

from spindetect import Detector
from spindetect.archive.inputs import read_records
from spindetect.archive.records import Record
from spindetect.errors import MissingExtra, UnreadableArticle
from spindetect.read.article import read_article
from spindetect.read.entries import read_entries
from spindetect.read.format import BadRecord, Entry, Format
from spindetect.read.formats import FORMATS, by_ending, by_media_type, tell_format
from spindetect.read.times import parse_time
from spindetect.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
ALL = [row.name for row in FORMATS]


@pytest.fixture(params=ALL)
def sample(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The story in a file of each format in turn; a format without a sample fails."""
    ending, write = SAMPLES[request.param]
    path = tmp_path / f"mill{ending}"
    for module in MODULES.get(next(row.extra for row in FORMATS if row.name == request.param) or "", ()):
        pytest.importorskip(module.partition(".")[0])
    path.write_bytes(write())
    return path


def words(text: str) -> list[str]:
    return text.replace("**", "").split()


def test_there_is_a_sample_for_each_format_and_no_other() -> None:
    assert set(SAMPLES) == set(ALL)


def test_the_text_is_the_same_in_every_format(sample: Path) -> None:
    article = read_article(sample)
    assert words(article.text) == words(TEXT)
    assert [words(line) for line in article.text.splitlines() if line.strip()] == [words(one) for one in PARAGRAPHS]


def test_a_story_scores_as_copied_from_itself_in_any_format(sample: Path) -> None:
    comparison = Detector.load().compare(sample, TEXT)
    assert (comparison.verdict, list(comparison.substitutions)) == ("copied", [])


def test_an_archive_takes_every_format(sample: Path) -> None:
    (record,) = read_records(sample)
    assert isinstance(record, Record) and record.text and words(record.text) == words(TEXT)
    raw = sample.read_bytes() if sample.suffix != ".gz" else gzip.decompress(sample.read_bytes())
    said = b"2026-01-05" in raw or b"05 Jan 2026" in raw  # when it was published, and then its title as well
    if said:
        assert (parse_time(record.published), record.title) == (parse_time(PUBLISHED), "Mill")
    form = by_ending(sample.name)
    assert said or (form and "fields" not in form.kept)  # what has fields has these


def test_the_content_tells_the_format_under_a_wrong_name(sample: Path, tmp_path: Path) -> None:
    row = next(row for row in FORMATS if by_ending(sample.name) is row)
    if row.name in ("text", "markdown", "csv", "zip"):  # what nothing else is, and what may be anything
        return
    renamed = sample.rename(tmp_path / "mill.txt")
    assert words(read_article(renamed).text) == words(TEXT)


def test_rows_name_endings_and_media_types_of_their_own() -> None:
    endings = [ending for row in FORMATS for ending in row.endings]
    types = [kind for row in FORMATS for kind in row.media_types]
    assert len(set(endings)) == len(endings) and len(set(types)) == len(types)
    assert all(ending == ending.lower() and ending.startswith(".") for ending in endings)
    assert all(bool(row.document) != bool(row.many) and row.endings and row.kept for row in FORMATS)
    assert by_media_type("Text/HTML; charset=utf-8") is by_ending("A.HTM")


@pytest.mark.parametrize("row", FORMATS, ids=lambda row: row.name)
def test_the_readme_has_every_format_and_a_text_that_is_the_name_of_such_a_file_is_warned_of(row: Format) -> None:
    readme = (ROOT / "README.md").read_text("utf-8").split("## What is read")[1].split("###")[0]
    said = [word for word in row.title.split() if word[:1].isupper()] + [f"`{ending}`" for ending in row.endings]
    assert any(word.strip("()") in readme for word in said)
    for name in (f"kept/mill{ending}" for ending in row.endings):
        assert [one for one in read_article(name).warnings if "the name of a file" in one]
        assert not [one for one in read_article(f"See {name}").warnings if "the name of a file" in one]


def test_only_the_table_lists_formats() -> None:
    """In the package's code but the formats' own there is no text or list with four or more of them in it."""
    words = {*ALL, *(ending for row in FORMATS for ending in row.endings)}
    endings = re.compile("|".join(rf"(?<![/+\w]){ending[1:]}\b" for ending in words if ending.startswith(".")))
    for path in (ROOT / "spindetect").rglob("*.py"):
        if "formats" in path.parts or "training" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.List | ast.Set | ast.Tuple):
                listed = [one.value for one in node.elts if isinstance(one, ast.Constant) and one.value in words]
                assert len(listed) < 4, (path, listed)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "\n" not in node.value:
                assert len(set(endings.findall(node.value))) < 4, (path, node.value)


@pytest.mark.parametrize("row", [row for row in FORMATS if row.extra], ids=lambda row: row.name)
def test_a_missing_package_is_named_with_the_command(row, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ending, write = SAMPLES[row.name]
    (tmp_path / f"mill{ending}").write_bytes(write())
    for module in MODULES[row.extra]:
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(
        MissingExtra, match=rf"pip install 'spindetect\[{row.extra}\]' \(from a checkout: pip install"
    ):
        read_article(tmp_path / f"mill{ending}")


# --- each format's own --------------------------------------------------------------


def test_a_page_from_memory_is_read_as_one() -> None:
    article = read_article(html())
    assert (words(article.text), article.format, article.published) == (words(TEXT), "html", PUBLISHED)


def test_a_pdf_says_on_which_page_a_place_is(tmp_path: Path) -> None:
    path = tmp_path / "mill.pdf"
    path.write_bytes(pdf())
    article = read_article(path)
    assert article.page(article.text.index("Marjorie")) == 1
    assert article.page(article.text.index("About 230")) == 2
    assert "Courier" not in article.text


def test_the_report_has_the_places_where_pages_begin(tmp_path: Path) -> None:
    path = tmp_path / "mill.pdf"
    path.write_bytes(pdf())
    report = Detector.load().compare(path, TEXT).to_dict()
    assert report["suspect"]["pages"] == list(read_article(path).pages) and len(report["suspect"]["pages"]) == 2
    assert "pages" not in report["reference"]


def test_a_hyphen_that_belongs_to_the_word_stays(tmp_path: Path) -> None:
    path = tmp_path / "mill.pdf"
    lines = (
        "It was a well-known mill in a small town by the sea, and it was a well-",
        "known town for that. The ﬁre brigade of South-".replace("ﬁ", "fi"),
        "Tolland came in time, after what was, as all who were there agree, a three-",
        "day trip. Nobody was hurt.",
    )
    path.write_bytes(pdf((lines,)))
    assert "a well-known town" in read_article(path).text
    assert "a three-day trip" in read_article(path).text
    assert "South-Tolland" in read_article(path).text


def test_a_sentence_goes_on_over_the_end_of_a_page(tmp_path: Path) -> None:
    path = tmp_path / "mill.pdf"
    long = "words that fill a line to its end as printers set them, and then some more of"
    path.write_bytes(pdf((("Courier", long, long, "12"), ("Courier", "them all.", "The end.", "13"))))
    assert read_article(path).text == f"{long} {long} them all.\n\nThe end."


@pytest.mark.parametrize(
    ("data", "texts"),
    [
        ([{"text": "One."}, {"text": "Two."}], ["One.", "Two."]),
        ({"articles": [{"content": "One."}, {"content": None, "description": "Two."}]}, ["One.", "Two."]),
        ({"response": {"status": "ok", "docs": [{"body": "One."}]}}, ["One."]),
        ({"hits": {"total": 1, "hits": [{"_id": "a", "_source": {"text": "One."}}]}}, ["One."]),
        ({"version": "1.1", "description": "A feed.", "items": [{"content_html": "<p>One.</p>"}]}, ["One."]),
        ({"title": "A", "text": "One.", "comments": [{"text": "Nice."}]}, ["One."]),
        ({"a": {"text": "One."}, "b": {"text": "Two."}}, ["One.", "Two."]),
        ({"status": "ok", "articles": []}, []),
        (
            {"@graph": [{"@type": "WebSite", "name": "A"}, {"@type": "NewsArticle", "articleBody": "One."}]},
            ["One."],
        ),
    ],
)
def test_json_gives_each_article_wherever_it_is(tmp_path: Path, data: object, texts: list[str]) -> None:
    path = tmp_path / "feed.json"
    for indent in (None, 2):
        path.write_text(json.dumps(data, indent=indent), "utf-8")
        assert [record.text for record in read_records(path) if isinstance(record, Record)] == texts


def test_json_goes_as_far_as_it_is_sound(tmp_path: Path) -> None:
    path = tmp_path / "feed.json"
    path.write_text('[{"text": "One."}, 5, {"text": "Two."}, {"text": ', "utf-8")
    one, five, two, rest = read_records(path)
    assert isinstance(one, Record) and isinstance(two, Record)
    assert str(five) == f"{path}, item 2: found a int, expected an object with the article's fields."
    assert isinstance(rest, BadRecord) and rest.place == f"{path}, after item 3"


def test_a_large_array_is_read_item_by_item() -> None:
    items = [{"id": str(number), "text": f"{number} " + "word " * 400} for number in range(3_000)]
    found = list(read_entries(io.BytesIO(json.dumps(items).encode()), "feed.json", 1_000_000))
    assert [entry.fields for entry in found if isinstance(entry, Entry)] == items


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_table_goes_by_its_own_delimiter(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "feed.csv"
    rows = (
        ("id", "title", "text"),
        ("a", "", '"It rained, then\nit stopped"'),
        ("b", "B", '"<p>Café; closed.</p>"'),
    )
    path.write_bytes("\r\n".join(map(delimiter.join, rows)).encode("cp1252"))
    one, two = read_records(path)
    assert isinstance(one, Record) and isinstance(two, Record)
    assert (one.text, one.title, two.text) == ("It rained, then\nit stopped", None, "Café; closed.")


@pytest.mark.parametrize(
    "table",
    [
        b'sep=;\nid;text\na;"""It rained,"" she said"\n',
        '\ufeffid\ttext\na\t"""It rained,"" she said"\n'.encode("utf-16-le"),
        b'id, text\na, """It rained,"" she said"\n',
        b'id,text\na,"\\"It rained,\\" she said"\n',
        b'id,text\na,"""It rained,"" she said"\n\0',
        b'id,text\ra,"""It rained,"" she said"\r',
    ],
)
def test_a_table_as_spreadsheets_and_databases_write_it(tmp_path: Path, table: bytes) -> None:
    path = tmp_path / "feed.csv"
    path.write_bytes(table)
    (one,) = read_records(path)
    assert isinstance(one, Record) and (one.id, one.text) == ("a", '"It rained," she said')


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("utf-16", "utf-8"),
        ("iso-8859-1", "utf-8"),
        ("windows-1252", "utf-8"),
        ("iso-8859-1", "latin-1"),
        ("utf-8", "cp1252"),
    ],
)
def test_a_feed_whose_declaration_is_an_older_one(tmp_path: Path, declared: str, encoding: str) -> None:
    path = tmp_path / "feed.xml"
    feed = f"<?xml version='1.0' encoding='{declared}'?><rss><channel><item><description>The caf\u00e9 closed."
    path.write_bytes(f"{feed}</description></item></channel></rss>".encode(encoding))
    (one,) = read_records(path)
    assert isinstance(one, Record) and one.text == "The caf\u00e9 closed."


def test_a_time_as_a_database_writes_it_and_lines_within_a_text(tmp_path: Path) -> None:
    path = tmp_path / "feed.json"
    path.write_text('{"text": "One.\n\nTwo.", "published": {"$date": "2026-01-05"}}', "utf-8")
    (one,) = read_records(path)
    assert isinstance(one, Record) and (one.text, one.published) == ("One.\n\nTwo.", "2026-01-05")


def test_a_quotation_mark_that_nobody_closes_costs_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "feed.csv"
    path.write_text('id,text\na,One.\nb,"' + "word\n" * 5_000, "utf-8")
    one, bad = read_records(path, settings=Settings(max_characters=1_000))
    assert isinstance(one, Record) and isinstance(bad, BadRecord) and "the rest cannot be read" in bad.reason


def test_rows_of_one_long_string_are_read_few_at_a_time(tmp_path: Path) -> None:
    import pyarrow
    import pyarrow.parquet

    path = tmp_path / "a.parquet"
    text = "word " * 200_000
    table = pyarrow.table({"id": [str(number) for number in range(300)], "text": [text] * 300})
    pyarrow.parquet.write_table(table, path)
    assert path.stat().st_size < 100_000
    import tracemalloc

    tracemalloc.start()
    *rows, last = read_records(path, settings=Settings(max_characters=1_000))
    assert rows and all(isinstance(row, BadRecord) and "1,000,000 characters" in row.reason for row in rows)
    assert isinstance(last, BadRecord) and "it unpacks to far more than articles do" in last.reason
    assert tracemalloc.get_traced_memory()[1] < 60_000_000
    tracemalloc.stop()


def test_a_feed_gives_each_entry_with_its_own_address_and_time(tmp_path: Path) -> None:
    path = tmp_path / "atom.xml.txt"
    path.write_text(
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>News</title><updated>2026-02-01</updated>"
        "<entry><id>a</id><title type='html'>A &amp;amp; B</title><link rel='self' href='https://x.org/self'/>"
        "<link href='https://x.org/a'/><updated>2026-02-01</updated><published>2026-01-05</published>"
        "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>One.</p><p>Two.</p></div></content></entry>"
        "<entry><id>b</id><summary>Three.</summary><updated>2026-02-01</updated></entry>",
        "utf-8",
    )
    first, second, *rest = read_records(path)
    assert isinstance(first, Record) and isinstance(second, Record)
    assert (first.id, first.url, first.published) == ("a", "https://x.org/a", "2026-01-05")
    assert (first.text, first.outlet) == ("One.\nTwo.", "News")
    assert (second.text, second.published) == ("Three.", None)  # a time of change isn't one of publication
    assert rest == []


def test_a_sitemap_is_said_to_hold_links_only(tmp_path: Path) -> None:
    path = tmp_path / "sitemap.rss"
    path.write_text("<urlset><url><loc>https://x.org</loc></url></urlset>", "utf-8")
    with pytest.raises(UnreadableArticle, match="lists links and holds no articles"):
        read_article(path)


def test_a_record_of_a_crawl_says_where_it_is(tmp_path: Path) -> None:
    pytest.importorskip("warcio")
    path = tmp_path / "a.warc.gz"
    path.write_bytes(warc())
    (record,) = read_records(path)
    assert isinstance(record, Record)
    assert (record.id, record.url) == ("https://example.org/mill", "https://example.org/mill")
    offset = record.other["warc_offset"]
    assert path.read_bytes()[offset : offset + 2] == b"\x1f\x8b"
    path.write_bytes(warc()[:-40])
    assert isinstance(list(read_records(path))[-1], BadRecord) or len(list(read_records(path))) == 1


# --- hostile files ------------------------------------------------------------------


def test_a_bomb_of_gzip_is_not_unpacked_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "mill.txt.gz"
    path.write_bytes(gzip.compress(bytes(50_000_000)))
    with pytest.raises(UnreadableArticle, match="more than 4,000 bytes"):
        read_article(path, settings=Settings(max_characters=1_000))


@pytest.mark.parametrize("name", ["mill.docx", "mill.odt"])
def test_a_bomb_in_a_document_is_not_unpacked_to_its_end(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:
        if name == "mill.odt":
            bundle.writestr("mimetype", "application/vnd.oasis.opendocument.text", zipfile.ZIP_STORED)
        bundle.writestr("content.xml" if name == "mill.odt" else "word/document.xml", b"<a>" + bytes(50_000_000))
    with pytest.raises(UnreadableArticle, match="unpacks to far more than documents do"):
        read_article(path, settings=Settings(max_characters=10_000))


def test_a_zip_of_bombs_is_given_up(tmp_path: Path) -> None:
    path = tmp_path / "bombs.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:
        for number in range(40):
            bundle.writestr(f"{number:02}.txt", b"word " * 100_000)
    *_, last = read_records(path)
    assert isinstance(last, BadRecord) and "unpacks to far more" in last.reason


def test_zips_in_zips_end(tmp_path: Path) -> None:
    data = b"A text."
    for number in range(8):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as bundle:
            bundle.writestr("inner.zip" if number else "a.txt", data)
        data = stream.getvalue()
    (tmp_path / "outer.zip").write_bytes(data)
    (bad,) = read_records(tmp_path / "outer.zip")
    assert isinstance(bad, BadRecord) and "inside each other" in bad.reason


def test_a_mail_of_parts_inside_parts_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    parts = "".join(f'Content-Type: multipart/mixed; boundary="{at}"\n\n--{at}\n' for at in range(900))
    path.write_text(f"From: a@b.c\nSubject: x\nMIME-Version: 1.0\n{parts}" + "word\n" * 100_000, "utf-8")
    with pytest.raises(UnreadableArticle, match="more inside each other, than mails do"):
        read_article(path)


def test_entities_of_xml_are_not_multiplied(tmp_path: Path) -> None:
    lol = "".join(f'<!ENTITY l{number} "{f"&l{number - 1};" * 10}">' for number in range(1, 10))
    path = tmp_path / "a.rss"
    path.write_text(
        f'<!DOCTYPE rss [<!ENTITY l0 "lol">{lol}]><rss><channel><item><description>&l9;</description>'
        "</item></channel></rss>",
        "utf-8",
    )
    assert sum(len(record.text or "") for record in read_records(path) if isinstance(record, Record)) < 10_000


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("kept", [0.3, 0.9])
def test_a_file_cut_off_is_an_error_of_ours_or_what_is_left(tmp_path: Path, name: str, kept: float) -> None:
    ending, write = SAMPLES[name]
    data = write()
    path = tmp_path / f"mill{ending}"
    path.write_bytes(data[: int(kept * len(data))])
    try:
        read_article(path)
    except (UnreadableArticle, MissingExtra) as error:
        assert str(path) in str(error) or isinstance(error, MissingExtra)
    list(read_records(path))


def test_unknown_bytes_are_text_or_an_error() -> None:
    assert tell_format(b"", "nothing").name == "text"
    assert tell_format(b"PK\x03\x04", "a.xlsx").name == "text"  # which says what it looks like
    assert tell_format(feed()[:4096], "a.xml").name == "feed"
    assert tell_format(parquet()[:4096], "a.txt").name == "parquet"


# --- what is told from what ------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "texts"),
    [
        ([{"article": {"text": "One."}, "id": "a"}, {"article": {"text": "Two."}}], ["One.", "Two."]),
        ([{"title": {"rendered": "A"}, "content": {"rendered": "<p>One.</p>"}}], ["One."]),
        ({"response": {"results": [{"webTitle": "A", "fields": {"bodyText": "One."}}]}}, ["One."]),
        ([{"title": "A", "text": ["One.", "Two."]}], ["One.\n\nTwo."]),
        ({"id": ["a", "b"], "text": ["One.", "Two."]}, []),  # columns, not paragraphs
        ({"title": "A", "paragraphs": ["One.", "Two."]}, ["One.\n\nTwo."]),
        ({"headline": "A", "articleBody": ["One.", "Two."]}, ["One.\n\nTwo."]),
        ([{"@type": "BreadcrumbList"}, {"@type": "NewsArticle", "articleBody": "One."}], ["One."]),
        # Portable Text, Contentful, Slate, Arc
        ({"body": [{"_type": "block", "children": [{"_type": "span", "text": "One."}]}]}, ["One."]),
        (
            {"body": {"nodeType": "document", "content": [{"nodeType": "p", "content": [{"value": "One."}]}]}},
            ["One."],
        ),
        ({"document": {"nodes": [{"type": "p", "nodes": [{"text": "One."}]}] * 2}}, ["One.\n\nOne."]),
        ({"headlines": {"basic": "A"}, "content_elements": [{"type": "text", "content": "One."}]}, ["One."]),
        # Draft.js, Editor.js, ProseMirror, as a newspaper keeps it; but articles with a type are articles
        ({"title": "A", "content": {"blocks": [{"type": "x", "text": "One."}]}}, ["One."]),
        ({"blocks": [{"id": "a", "type": "header", "data": {"text": "One."}}]}, ["One."]),
        (
            {
                "type": "doc",
                "content": [{"type": "p", "content": [{"type": "text", "text": one} for one in ("On", "e.")]}] * 2,
            },
            ["One.\n\nOne."],
        ),
        ({"contents": [{"type": "kicker"}, {"type": "html", "content": "<p>One.</p><p>Two.</p>"}]}, ["One.\nTwo."]),
        (
            {"content": [{"type": "a", "title": "A", "text": "One."}, {"type": "a", "title": "B", "text": "Two."}]},
            ["One.", "Two."],
        ),
        ({"text": escape(escape("<p>One.</p><p>Two.</p>"))}, ["One.\nTwo."]),
        ({"text": "<p>One <ruby>day<rt>dei</rt></ruby>.</p><p>Two.</p>"}, ["One day.\nTwo."]),
        (["One.", "Two."], []),
    ],
)
def test_fields_are_taken_out_of_their_wrappings(tmp_path: Path, data: object, texts: list[str]) -> None:
    path = tmp_path / "feed.json"
    path.write_text(json.dumps(data), "utf-8")
    found = list(read_records(path))
    assert [record.text for record in found if isinstance(record, Record)] == texts
    assert found  # what gives no article is an error


@pytest.mark.parametrize("name", ["a.xml", "a.txt"])
def test_xml_of_other_programs_gives_each_article_or_an_error(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    article = "<article><id>{0}</id><title>T</title><body>&lt;p&gt;Text {0}.&lt;/p&gt;</body></article>"
    path.write_text(f"<?xml version='1.0'?><export>{article.format(1)}{article.format(2)}</export>", "utf-8")
    assert [record.text for record in read_records(path) if isinstance(record, Record)] == ["Text 1.", "Text 2."]
    path.write_text("<?xml version='1.0'?><svg><text>No.</text></svg>", "utf-8")
    (bad,) = read_records(path)
    assert isinstance(bad, BadRecord) and "XML without articles" in bad.reason


@pytest.mark.parametrize("start", ["", "------=_Part_1\n", "From a@b.c Mon Jan  5 10:00:00 2026\nSubject: Mill\n"])
def test_a_part_of_a_mail_is_read_as_one(tmp_path: Path, start: str) -> None:
    import quopri

    path = tmp_path / "mill.txt"
    head = f"{start}Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
    path.write_bytes(head.encode() + quopri.encodestring(TEXT.encode()) + b"\n")
    assert words(read_article(path).text) == words(TEXT)


def test_a_page_cut_out_of_a_mail_is_whole_again(tmp_path: Path) -> None:
    import quopri

    path = tmp_path / "mill.html"
    for page in (html(), html().replace(' lang="en"', "").replace('<meta charset="utf-8">', "")):
        path.write_bytes(quopri.encodestring(page.encode()))
        assert words(read_article(path).text) == words(TEXT)


def test_each_mail_of_a_mailbox_is_an_article(tmp_path: Path) -> None:
    path = tmp_path / "all.mbox"
    mail = "From a@b.c Mon Jan  5 10:00:00 2026\nSubject: {0}\nMIME-Version: 1.0\n\nText {0}.\n>From here on.\n\n"
    path.write_text(mail.format("one") + mail.format("two"), "utf-8")
    found = [record for record in read_records(path) if isinstance(record, Record)]
    assert [record.title for record in found] == ["one", "two"]
    assert [(record.text or "").split("\n")[0] for record in found] == ["Text one.", "Text two."]
    assert len({record.id for record in found}) == 2


@pytest.mark.parametrize(
    "letter",
    [
        "From: all of us\nTo: you\nSubject: thanks\n\nThe mill closes.",
        "Note: it rained.\nDate: unknown.\n\nIt rained.",
    ],
)
def test_a_letter_is_no_mail(letter: str) -> None:
    assert tell_format(letter.encode(), "a.txt").name == "text"


@pytest.mark.parametrize("name", ALL)
def test_a_file_with_bytes_changed_is_an_error_of_ours_or_what_is_left(name: str) -> None:
    ending, write = SAMPLES[name]
    whole = write()
    chance = random.Random(name)
    for _ in range(6):
        data = bytearray(whole)
        for place in chance.sample(range(len(data)), min(len(data), 1 + len(data) // 200)):
            data[place] = chance.randrange(256)
        try:
            found = list(read_entries(io.BytesIO(bytes(data)), f"mill{ending}", 100_000))
        except MissingExtra:
            continue
        assert all(isinstance(one, Entry | BadRecord) for one in found)


_BODY = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
_NITF = (
    "<nitf><head><docdata><date.issue norm='20260105T060708Z'/></docdata></head><body><body.head><hedline><hl1>Mill"
    "</hl1></hedline><byline>By Ann Orr</byline></body.head><body.content><media><media-caption>The mill"
    f"</media-caption></media>{_BODY}</body.content></body></nitf>"
)
_G2 = "xmlns='http://iptc.org/std/nar/2006-10-01/'"
_META = (
    "<itemMeta><provider literal='Courier'/><versionCreated>2026-01-05T06:07:08Z</versionCreated></itemMeta>"
    "<contentMeta><headline>Mill</headline><by>By Ann Orr</by></contentMeta>"
)


@pytest.mark.parametrize(
    "written",
    [
        _NITF,
        f"<newsItem {_G2}>{_META}<contentSet><inlineXML>{_NITF}</inlineXML></contentSet></newsItem>",
        f"<newsMessage {_G2}><itemSet><newsItem>{_META}<contentSet><inlineXML><h:html xmlns:h='http://www.w3.org/1999/"
        f"xhtml'><h:body>{_BODY.replace('p>', 'h:p>')}</h:body></h:html></inlineXML></contentSet></newsItem>"
        "</itemSet></newsMessage>",
        f"<newsItem {_G2}>{_META}<contentSet><inlineData>{TEXT}</inlineData></contentSet></newsItem>",
        "<NewsML><NewsItem><NewsManagement><FirstCreated>20260105T060708Z</FirstCreated></NewsManagement><NewsComponent>"
        "<NewsLines><HeadLine>Mill</HeadLine><ByLine>By Ann Orr</ByLine></NewsLines><ContentItem><DataContent>"
        f"{_BODY}</DataContent></ContentItem></NewsComponent></NewsItem></NewsML>",
    ],
    ids=["nitf", "newsml-g2 of nitf", "newsml-g2 of xhtml", "newsml-g2 of text", "newsml"],
)
@pytest.mark.parametrize("head", ["", "<?xml version='1.0' encoding='UTF-8'?>\n"])
def test_agencies_xml_gives_its_article_and_what_is_said_of_it(tmp_path: Path, written: str, head: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text(head + written, "utf-8")
    article = read_article(path)
    assert [line for line in article.text.splitlines() if line] == list(PARAGRAPHS)
    assert (article.title, article.about.author) == ("Mill", "By Ann Orr")
    assert parse_time(article.published) == parse_time(PUBLISHED)


def test_an_agency_s_text_in_a_feed_s_entry_is_one_article(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    nitf = f"<nitf><body><body.content>{_BODY}</body.content></body></nitf>"
    entry = f"<entry><title>Mill</title><content type='text/xml'>{nitf}</content></entry>"
    path.write_text(f"<feed xmlns='http://www.w3.org/2005/Atom'>{entry}</feed>", "utf-8")
    article = read_article(path)
    assert ([line for line in article.text.splitlines() if line], article.title) == (list(PARAGRAPHS), "Mill")


@pytest.mark.parametrize(
    "written",
    [
        "<TEI xmlns='http://www.tei-c.org/ns/1.0'><teiHeader><p>By hand.</p></teiHeader><text><body>"
        f"{_BODY}</body></text></TEI>",
        f"<d:section xmlns:d='http://docbook.org/ns/docbook'>{_BODY.replace('p>', 'd:para>')}</d:section>",
        f"<FictionBook><description><p>No.</p></description><body><section>{_BODY}</section></body></FictionBook>",
    ],
    ids=["tei", "docbook", "fictionbook"],
)
def test_other_xml_gives_its_paragraphs(tmp_path: Path, written: str) -> None:
    path = tmp_path / "a.xml"
    path.write_text(f"<?xml version='1.0'?>{written}", "utf-8")
    assert [line for line in read_article(path).text.splitlines() if line] == list(PARAGRAPHS)


@pytest.mark.parametrize(
    "written",
    [
        "0:00:01.000,0:00:02.000\nThe mill closed,\n\n0:00:02.000,0:00:03.000\nand nobody knew why.\n",
        "1\n00:00:01,000 --> 00:00:02,000\nThe mill closed,\n\n2\n00:00:02,000 --> 00:00:03,000 align:start\n"
        "and nobody knew why.\n",
    ],
)
def test_captions_of_several_programs(tmp_path: Path, written: str) -> None:
    (tmp_path / "a.txt").write_text(written, "utf-8")
    assert read_article(tmp_path / "a.txt").text == "The mill closed, and nobody knew why."


def test_captions_are_one_text_and_what_is_cut_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text("<tt><body><div><p begin='1'>It rained</p><p begin='2'>all day.</p></div></body></tt>", "utf-8")
    assert read_article(path).text == "It rained all day."
    cues = ("<i>It rained\n\n", "- All day?\n- All day.\n", "(thunder)\n\n")
    numbered = (f"{at}\n00:00:0{at},000 --> 00:00:0{at},900\n{cue}" for at, cue in enumerate(cues, 1))
    path.write_text("".join([*numbered, "4\n00:00:0"]), "utf-8")
    assert read_article(path).text == "It rained\n\nAll day?\n\nAll day. 4 00:00:0"
    path.write_text("WEBVTT\n\n00:01.000 --> 00:02.000\n[thunder]\n", "utf-8")
    assert read_article(path).warnings[0].startswith("no text found: nothing is said")
