"""Reading: decoding, formats, errors, HTML extraction, Markdown syntax, folders."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spindetect.errors import UnreadableArticle
from spindetect.read.article import article_from_bytes, article_from_text, read_article
from spindetect.read.decode import decode
from spindetect.read.folders import list_folder
from spindetect.read.formats.texts import markup_of
from spindetect.read.markdown import markup_marks, reads_as_markdown
from spindetect.read.marks import hide, tidy
from spindetect.read.pages import main_text, visible_text
from spindetect.records import Article, Mark, Span
from spindetect.settings import Settings

SENTENCE = "The old mill by the harbour burnt down on Friday night, and nobody knows why."
ENGLISH = "The café’s owner paid £5 for “naïve” art."


def words_left(text: str) -> str:
    """The text without what its marks cover."""
    return hide(text, article_from_text(text, format="markdown").marks).replace("\x00", "")


def reasons(text: str) -> list[tuple[str, str]]:
    return [(mark.span.of(text), mark.reason) for mark in markup_marks(text)]


# Sources


def test_a_string_is_the_text_itself():
    article = read_article(SENTENCE)
    assert article == Article(SENTENCE, "text", "text", None, (), ())


def test_an_article_passes_through():
    article = Article("x", "mine")
    assert read_article(article) is article


def test_a_path_is_a_file_and_its_name(tmp_path):
    path = tmp_path / "story.txt"
    path.write_bytes(b"\xef\xbb\xbfOne.\r\n\r\nTwo.\n")
    article = read_article(path)
    assert (article.text, article.name, article.encoding) == ("One.\r\n\r\nTwo.\n", str(path), "utf-8")
    assert read_article(path, name="suspect").name == "suspect"


def test_a_dash_is_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("Ça va.".encode()), encoding="utf-8"))
    article = read_article(Path("-"))
    assert (article.text, article.name, article.format) == ("Ça va.", "-", "text")


@pytest.mark.parametrize("text", ["", " \n\t"])
def test_nothing_is_an_article_with_a_warning(text, tmp_path):
    path = tmp_path / "empty.txt"
    path.write_text(text)
    for article in (read_article(path), read_article(text)):
        assert article.text == text
        assert article.marks == ()
        assert any("empty" in warning for warning in article.warnings)


# Errors


def unreadable(source: Path, **settings: int) -> str:
    with pytest.raises(UnreadableArticle) as caught:
        read_article(source, settings=Settings(**settings))
    return str(caught.value)


def test_a_missing_file(tmp_path):
    assert "there is no such file" in unreadable(tmp_path / "none.txt")


def test_a_folder_instead_of_a_file(tmp_path):
    assert "it is a folder, and a file was expected" in unreadable(tmp_path)


@pytest.mark.skipif(getattr(os, "geteuid", lambda: 0)() == 0, reason="root and Windows may read every file")
def test_a_forbidden_file(tmp_path):
    path = tmp_path / "secret.txt"
    path.write_text("x")
    path.chmod(0)
    assert "permission was denied" in unreadable(path)


def test_permission_denied_by_the_system(tmp_path, monkeypatch):
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert "permission was denied" in unreadable(tmp_path / "secret.txt")


def test_a_path_that_cannot_be():
    assert "Check the path" in unreadable(Path("a\x00b"))


def test_too_many_characters(tmp_path):
    path = tmp_path / "long.txt"
    path.write_text("é" * 11, encoding="utf-8")
    assert "it has 11 characters, and at most 10" in unreadable(path, max_characters=10)
    path.write_text("é" * 10, encoding="utf-8")
    assert read_article(path, settings=Settings(max_characters=10)).text == "é" * 10
    with pytest.raises(UnreadableArticle, match="at most 3 characters"):
        read_article("four", settings=Settings(max_characters=3))


def test_an_endless_file_is_not_read_to_its_end():
    zero = Path("/dev/zero")
    if not zero.exists():
        pytest.skip("no /dev/zero here")
    assert "more than 40 bytes" in unreadable(zero, max_characters=10)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "a PNG picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
        (b"PK\x03\x04\x14\x00", "a ZIP archive"),
        (b"\x7fELF\x02\x01", "an ELF program"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "WebP picture"),
        (bytes(200), "no text"),
        (bytes(range(256)) * 4, "no text"),
        (b"\x01\x02\x03 these are words \x05", "control characters"),
    ],
)
def test_binary_files_are_refused_by_name(data, kind, tmp_path):
    path = tmp_path / "thing"
    path.write_bytes(data)
    message = unreadable(path)
    assert kind in message
    assert "plain text, Markdown or HTML was expected" in message


# Decoding


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16-le"),
        ("utf-32", "utf-32-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32-be", "utf-32-be"),
        ("cp1252", "cp1252"),
    ],
)
def test_english_in_every_encoding(encoding, found):
    decoded = decode(ENGLISH.encode(encoding))
    assert (decoded.text, decoded.encoding) == (ENGLISH, found)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("naïve", "latin-1"),
        ("£5", "cp1252"),
        ("Die Größe der Brücke überraschte die Bürger.", "cp1252"),
        ("Старый дом у моря сгорел ночью, и никто не знает почему.", "cp1251"),
        ("Старый дом у моря", "utf-16-le"),
        ("これは短い日本語の文章です。読めますか。", "shift_jis"),
    ],
)
def test_short_texts_in_legacy_encodings(text, encoding):
    assert decode(text.encode(encoding)).text == text


@pytest.mark.parametrize(
    "head",
    [
        b"<html><meta charset=koi8-r>",
        b"<html><meta http-equiv='Content-Type' content='text/html; charset=koi8-r'>",
        b"<?xml version='1.0' encoding='koi8-r'?><html>",
    ],
)
def test_a_declared_charset_is_believed(head):
    decoded = decode(head + "Дом".encode("koi8-r"))
    assert decoded.text.endswith("Дом")
    assert decoded.encoding == "koi8-r"


def test_a_wrong_declaration_is_not():
    page = "<html><meta charset='{}'>naïve".format
    assert decode(page("iso-8859-1").encode()).text.endswith("naïve")
    assert decode(page("utf-16").encode()).text.endswith("naïve")
    assert decode(page("hex").encode()).text.endswith("naïve")
    assert decode(page("utf-8").encode("cp1252")).text.endswith("naïve")


def test_damaged_utf8_keeps_what_is_whole():
    cut = decode("Two cafés – é".encode()[:-1])
    assert (cut.text, cut.encoding) == ("Two cafés – \ufffd", "utf-8")
    assert cut.warnings == ("damaged: 1 characters are not valid utf-8",)


def test_a_paste_in_another_encoding_is_read_as_what_it_is():
    story = "“It rained,” she said, “and it cost us " + "a lot of money, " * 20
    mixed = decode(story.encode() + "£14 and a café.".encode("cp1252"))
    assert (mixed.text, mixed.encoding) == (story + "£14 and a café.", "utf-8")
    assert mixed.warnings == ("damaged: 2 characters are not valid utf-8",)


def test_guesses_are_told():
    assert decode("Die Größe der Brücke überraschte die Bürger.".encode("cp1252")).warnings == (
        "encoding guessed: cp1252",
    )


@given(st.text(max_size=200))
def test_utf8_with_a_mark_always_comes_back(text):
    try:
        decoded = decode(b"\xef\xbb\xbf" + text.encode("utf-8", errors="replace"))
    except UnreadableArticle:
        return  # mostly control characters
    whole = text.encode("utf-8", errors="replace").decode("utf-8")
    assert decoded.text == whole.lstrip("\ufeff")  # every mark at the front goes


@settings(deadline=None)  # the first page loads trafilatura
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data):
    try:
        article = article_from_bytes(data, "bytes.txt")
    except UnreadableArticle:
        return
    assert isinstance(article.text, str)


# Formats


@pytest.mark.parametrize(
    ("text", "ending", "told"),
    [
        ("Plain words.", ".txt", "text"),
        ("Plain words.", ".html", "text"),
        ("If a < b and c > d, stop.", ".html", "text"),
        ("<p>Words.", ".html", "html"),
        ("<p>Words.</p>", ".txt", "html"),
        ("<p>Words.</p>", "", "html"),
        ("\n<!DOCTYPE html><p>Words.", ".txt", "html"),
        ("<!-- saved --><html><p>Words.", ".md", "html"),
        ("<?xml version='1.0'?><html><p>Words.</p></html>", "", "html"),
        ("# Words", ".md", "markdown"),
        ("<p align=center>Words</p>", ".md", "markdown"),
        ("# Words", "", "text"),
        ("# One\n[a](https://x.org)\n## Two\n[b](/y)", "", "markdown"),
        ("---\ntitle: One\n---\nWords.", ".txt", "markdown"),
        ("---\nA rule, then words.\n---\nWords.", "", "text"),
    ],
)
def test_the_format_is_told_by_content_and_ending(text, ending, told):
    assert markup_of(text, ending) == told


def test_hashtags_and_brackets_are_no_markdown():
    assert not reads_as_markdown("#one #two\n[sic] and [1]\n* a\n* b\n")


# HTML


def page(body: str) -> bytes:
    head = "<!doctype html><html><head><title>Mill</title><script>var hidden = 1;</script></head>"
    return f"{head}<body><nav><a href='/'>Home</a></nav>{body}</body></html>".encode()


def test_the_main_text_of_a_small_page():
    article = article_from_bytes(page(f"<p>{SENTENCE}</p>"), "a.html")
    assert (article.text, article.format, article.encoding) == (SENTENCE, "html", "utf-8")
    assert article.warnings == ()


def test_paragraphs_of_a_short_page_stay_apart():
    body = f"<article><h1>Mill burns down</h1><p>{SENTENCE}</p><p>It was <b>old</b>. 🙂</p></article>"
    assert article_from_bytes(page(body), "a.html").text.split("\n") == [
        "Mill burns down",
        SENTENCE,
        "It was old. 🙂",
    ]


def test_notes_and_what_is_said_of_the_author_are_left_out():
    article = "".join(f"<p>{SENTENCE} ({number})</p>" for number in range(8))
    article = article.replace("night,", "night,<sup><a href='#n1'>1</a></sup>", 1)
    article += f"<blockquote class='wp-block-pullquote'><p>{SENTENCE}</p></blockquote>"
    article += "<blockquote class='twitter-tweet'><p>The mill is gone!</p>Ann (@ann)</blockquote>"
    notes = "".join(f"<li><p>Note {number}, by the council.</p></li>" for number in range(8))
    about = "<div itemprop='author'><p>Ann Miller writes of the harbour for us, and of its mills.</p></div>"
    page = f"<html><body><article>{article}{about}<section class='footnotes'><ol>{notes}</ol></section></article>"
    assert main_text(page)[0] == "\n".join(f"{SENTENCE} ({number})" for number in range(8))


@pytest.mark.parametrize(
    "page",
    [
        "<div><div><strong>{0}</strong></div><p>{1}</p><p>{2}</p></div>",
        "<center><font size=2>{0}</font><p><font>{1}</font><p><font>{2}</font></center>",
        "<article>{0}<p>{1}</p>{2}</article>",
        "<article><p class='has-footnotes'>{0}</p><p>{1}</p><p>{2}</p></article>",
    ],
)
def test_prose_outside_of_paragraphs_is_not_lost(page):
    lines = [f"{SENTENCE} ({number})." for number in range(3)]
    assert main_text(f"<html><body>{page.format(*lines)}</body></html>")[0].split("\n") == lines


def test_words_in_elements_of_forms_stay_in_their_sentence():
    lines = [f"{SENTENCE} ({number}, on Monday)." for number in range(3)]
    marked = "".join(f"<p>{line}</p>" for line in lines).replace(
        "Monday", "<time datetime='2026-01-05'>Monday</time>"
    )
    page = f"<html><body><article>{marked.replace('mill', '<button>mill</button>')}</article></body></html>"
    assert main_text(page)[0].split("\n") == lines


def test_comments_and_scripts_are_left_out():
    body = f"<article><p>{SENTENCE}</p></article><div id='comments'><p>First!</p></div>"
    text = article_from_bytes(page(body), "a.html").text
    assert "First!" not in text
    assert "hidden" not in text


def test_a_page_in_a_declared_charset():
    data = b"<html><head><meta charset='windows-1251'></head><body><p>" + "Старый дом сгорел.".encode("cp1251")
    article = article_from_bytes(data, "a.html")
    assert (article.text, article.encoding) == ("Старый дом сгорел.", "cp1251")


def test_an_xml_declaration_and_zeros_do_no_harm():
    data = b"<?xml version='1.0' encoding='iso-8859-1'?><html><body><p>A caf\xe9\x00 by the sea.</p></body></html>"
    assert article_from_bytes(data, "a.xhtml").text == "A café by the sea."


def test_where_no_main_text_is_found_all_visible_text_is_taken():
    deep = "<html><body>" + "<div>" * 3000 + "Deep words" + "</div>" * 3000 + "</body></html>"
    text, warnings = main_text(deep)
    assert text == "Deep words"
    assert warnings == ("no main text found: all visible text of the page was taken",)


def test_a_page_without_text():
    article = article_from_bytes(b"<html><body><script>x()</script></body></html>", "a.html")
    assert article.text == ""
    assert article.warnings[0].startswith("no text found")


def test_visible_text_has_a_line_for_each_block():
    markup = "<head><title>T</title><body>a<br>b &amp; <i>c</i>\n d<!-- x --><p>e</p><STYLE>f</style><select>g"
    assert visible_text(markup) == "a\nb & c d\ne\ng"


# Markdown


def test_markdown_stays_as_it_is_and_its_syntax_is_marked():
    text = "# A *fine* [day](https://x.org/a_(b) 'T')\n\n- one **two**\n"
    article = article_from_text(text, format="markdown")
    assert article.text == text
    assert {mark.kind for mark in article.marks} == {"markup"}
    assert words_left(text) == " A fine day\n\n one two\n"


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("---\nkey: a\n---\nWords", [("---\nkey: a\n---", "front matter")]),
        ("## Two ##", [("##", "heading"), ("##", "heading")]),
        ("Two\n===", [("===", "rule")]),
        ("> - 1. a", [("> - 1.", "list or quotation mark")]),
        ("- [x] done", [("- [x]", "list or quotation mark")]),
        ("a [b](/c) d", [("[", "link"), ("](/c)", "link address")]),
        ("a [b][1]\n\n[1]: /c", [("[", "link"), ("][1]", "link address"), ("[1]: /c", "link definition")]),
        ("a [b]\n\n[B]: /c", [("[", "link"), ("]", "link address"), ("[B]: /c", "link definition")]),
        ("![alt](/i.png) b", [("![alt](/i.png)", "image")]),
        ("a[^1]\n\n[^1]: b", [("[^1]", "footnote mark"), ("[^1]: b", "footnote or code")]),
        ("import A from './a'\n\na", [("import A from './a'", "footnote or code")]),
        (":::note\na\n:::", [(":::note", "footnote or code"), (":::", "footnote or code")]),
        ('a {% b %} {{< c d="e" >}} f', [("{% b %}", "template"), ('{{< c d="e" >}}', "template")]),
        ("# A {#b .c}\n\n[d]{.e}", [("#", "heading"), ("{#b .c}", "template"), ("{.e}", "template")]),
        ("[[a|b]] %%c%%\n\n[TOC]", [("[[a|", "template"), ("%%c%%", "template"), ("[TOC]", "template")]),
        ("> [!NOTE]\n> a", [(">", "list or quotation mark"), ("[!NOTE]", "template")]),
        ("a\\\nb", [("\\", "escape")]),
        ("a <b>b</b>", [("<b>", "HTML tag"), ("</b>", "HTML tag")]),
        ("a <!-- b\nc --> d", [("<!-- b\nc -->", "HTML comment")]),
        ("<https://x.org>", [("<https://x.org>", "link address")]),
        ("a `b*c*`", [("`", "code mark"), ("*", "emphasis"), ("*", "emphasis"), ("`", "code mark")]),
        ("```py\na *b* c\n```\n*d*", [("```py", "code fence"), ("```", "code fence"), ("*", "emphasis")]),
        ("| a |\n|---|", [("|", "table pipe"), ("|", "table pipe"), ("|---|", "table rule")]),
        ("a | b\n--|--\nc | d", [("|", "table pipe"), ("--|--", "table rule"), ("|", "table pipe")]),
        (r"a \* b", [("\\", "escape")]),
        ("~~a~~ b", [("~~a~~", "struck text")]),
        ("a ~~ b", [("~~", "struck text")]),
    ],
)
def test_each_kind_of_markdown_syntax(text, marked):
    assert reasons(text)[: len(marked)] == marked


@pytest.mark.parametrize(
    "text",
    [
        "snake_case_name",
        "5 * 3 * 2",
        "f**k this",
        "[sic] he said",
        "a < b > c",
        "1984. was a year",
        "a | b",
        "#tag",
        "import duties rose, he said.",
        "{sic} and {b}",
        "50%% and more",
    ],
)
def test_what_only_looks_like_markdown_stays_unmarked(text):
    assert markup_marks(text) == []


def test_boilerplate_in_markdown_covers_its_syntax():
    text = f"# Mill burns\n\n{SENTENCE}\n\n## [Leave a Reply](#respond)\n"
    marks = article_from_text(text, format="markdown").marks
    assert [(mark.span.of(text), mark.kind) for mark in marks] == [
        ("#", "markup"),
        ("## [Leave a Reply](#respond)", "boilerplate"),
    ]


# Marks


def test_marks_are_sorted_and_do_not_overlap():
    marks = [
        Mark(Span(5, 9), "markup", "b"),
        Mark(Span(0, 6), "markup", "a"),
        Mark(Span(2, 4), "boilerplate", "c"),
        Mark(Span(8, 12), "boilerplate", "d"),
    ]
    assert [(mark.span.start, mark.span.end, mark.reason) for mark in tidy(marks)] == [
        (0, 2, "a"),
        (2, 4, "c"),
        (4, 6, "a"),
        (6, 8, "b"),
        (8, 12, "d"),
    ]


@given(st.text(alphabet="ab #*_[]()<>!|-`~\\\n.:e\u0301🙂👩\u200d", max_size=120))
def test_marks_of_any_text_are_in_order_and_inside_it(text):
    for form in ("text", "markdown"):
        end = 0
        for mark in article_from_text(text, format=form).marks:
            assert end <= mark.span.start < mark.span.end <= len(text)
            assert mark.reason
            end = mark.span.end


def test_spans_count_code_points():
    text = f"Mill 👩‍👩‍👧 burns e\u0301\n\n{SENTENCE}\n\n🙂 e\u0301\n\nLeave a Reply"
    (mark,) = article_from_text(text).marks
    assert mark.span.of(text) == "Leave a Reply"


@pytest.mark.slow
@pytest.mark.parametrize(
    "text", ["word " * 100_000, "a b\n" * 50_000, "[" * 200_000, "](" + " " * 200_000, "x" * 500_000]
)
def test_long_inputs_take_time_in_proportion(text):
    # Quadratic patterns would take minutes here; nothing is timed, the test only has to end.
    for form in ("text", "markdown"):
        article_from_text(text, format=form)


# Folders and imports


def test_article_files_are_found_in_order(tmp_path):
    for name in ("b.TXT", "a/c.md", "a/d.html", "e.png", ".f.txt", ".git/g.txt", "h.text", "i.xhtml"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    (tmp_path / "folder.txt").mkdir()
    found = [path.relative_to(tmp_path).as_posix() for path in list_folder(tmp_path).files]
    assert found == ["a/c.md", "a/d.html", "b.TXT", "h.text", "i.xhtml"]


def test_article_files_wants_a_folder(tmp_path):
    with pytest.raises(UnreadableArticle, match="expected a folder of articles, found nothing"):
        list_folder(tmp_path / "none")


def test_reading_text_imports_neither_trafilatura_nor_charset_normalizer():
    code = (
        "import sys, spindetect.read.article as a; a.read_article('Some text.'); "
        "assert not {'trafilatura', 'lxml', 'charset_normalizer'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_source_of_another_type_is_refused() -> None:
    with pytest.raises(TypeError, match="is a bytes, but must be a str"):
        read_article(b"The mill closed.")  # type: ignore[arg-type]


def test_a_text_that_is_the_name_of_a_file_has_a_warning() -> None:
    for text in ("spun.txt", "data/harbor/spun.txt", r"C:\\data\\a.PDF".lower()):
        assert any("give its Path" in warning for warning in read_article(text).warnings)
    for text in ("The mill closed.", "See spun.txt", "It is in spun.txt."):
        assert not any("Path" in warning for warning in read_article(text).warnings)


def test_every_byte_order_mark_at_the_front_goes() -> None:
    assert article_from_bytes(b"<html>&#65279;</html>", "mill.html").text == ""
    article = article_from_bytes("\ufeff\ufeffThe mill closed.".encode(), "mill.txt")
    assert (article.text, article.encoding) == ("The mill closed.", "utf-8")


UNSHOWN = ["\x06", "\x1f", "\x0b", "\x0c", "\uffff", "&#6;", "&#x1F", "&#0011;", "&#xFFFE;", "&#65535;"]


@pytest.mark.parametrize("char", UNSHOWN)
def test_characters_that_no_page_shows_do_not_keep_it_from_being_read(char: str) -> None:
    page = f"<html><body><nav>Menu</nav>It rained{char} all day.<p class=related>{char}</p>{char}</body>"
    article = article_from_bytes(page.encode(), "page.html")
    assert article.text.split() == ["It", "rained", "all", "day."]
    assert article_from_bytes(page.replace(char, "&#66;").encode(), "page.html").text.startswith("It rainedB all")
