"""Inputs made to hold a reader up: shapes of every input format, in any size; `hostile` reads them."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import Any

Shape = Callable[[int], bytes]
"""Makes an input of about so many bytes, and no more."""

_PROSE = b"The harbour was closed to ships on Monday, and nobody said why. "


def filled(piece: bytes, size: int, head: bytes = b"", tail: bytes = b"") -> bytes:
    """``head``, a piece over and over, and ``tail``: as many as there is room for."""
    return head + piece * max(1, (size - len(head) - len(tail)) // len(piece)) + tail


def of(piece: str, head: str = "", tail: str = "") -> Shape:
    """A shape of one piece."""
    return lambda size: filled(piece.encode(), size, head.encode(), tail.encode())


def halves(first: str, second: str, head: str = "", between: str = "", tail: str = "") -> Shape:
    """Two pieces, each filling half of the room: so many of the one for each of the other."""
    return lambda size: (
        filled(first.encode(), size // 2, head.encode(), between.encode())
        + filled(second.encode(), size // 2, b"", tail.encode())
    )


def counted(piece: str, head: str = "", tail: str = "") -> Shape:
    """Pieces that each have a number of their own, in place of ``%d``."""

    def made(size: int) -> bytes:
        pieces, left, number = [head], size - len(head) - len(tail), 0
        while (left := left - len(one := piece.replace("%d", str(number)))) >= 0:
            pieces.append(one)
            number += 1
        return "".join([*pieces, tail]).encode()

    return made


def nested(opening: str, closing: str, inside: str = "", head: str = "", tail: str = "") -> Shape:
    """As many pieces inside each other as there is room for."""

    def made(size: int) -> bytes:
        deep = (size - len(head) - len(tail) - len(inside)) // (len(opening) + len(closing))
        return (head + opening * deep + inside + closing * deep + tail).encode()

    return made


def page(shape: Shape, head: bytes = b"") -> Shape:
    """The same in the body of a page that has an article."""
    front = b"<!doctype html><html><head>" + head + b"</head><body><article><p>" + 4 * _PROSE + b"</p>"
    return lambda size: front + shape(size - len(front) - 30) + b"</article></body></html>"


# --- texts ----------------------------------------------------------------------

_SIGNS = {
    "spaces": " ",
    "line ends": "\n",
    "carriage returns": "\r",
    "tabs": "\t",
    "one word": "a",
    "full stops": ". ",
    "angles": "<",
    "tags in tags": "<a",
    "tags": "<b>",
    "brackets": "[",
    "BBCode": "[b]",
    "BBCode values": "[url=a",
    "wiki links": "[[a|",
    "templates": "{{a|",
    "quotation marks": "\"' ",
    "ampersands": "&",
    "entities": "&amp;",
    "numbers": "1,",
    "digits": "1",
    "hyphens": "-",
    "broken words": "a-\n",
    "dashes": " -- ",
    "slashes": "/a",
    "addresses": "http://a.b/",
    "long addresses": "www.a",
    "mail addresses": "a@b.",
    "at signs": "@a",
    "hashes": "#a ",
    "bytes that are no text": "\udc80",
    "escapes": "\\u0041",
    "quoted-printable": "=C3=A9",
    "soft ends": "=\n",
    "mojibake": "Ã¢â‚¬â„¢",
    "soft hyphens": "a\u00ad",
    "no width": "a\u200b",
    "combining marks": "e\u0301",
    "overrides": "\u202ea\u202c",
    "look-alikes": "Тhе ",
    "pictures": "👨‍👩‍👧",
    "ligatures": "e ﬃ ",
    "two dots": ": ",
    "share lists": "Share this on Facebook Twitter\n",
    "bylines": "By John Smith\n",
    "dates": "March 3, 2020 ",
    "captions": "Photo: John Smith / AP\n",
    "updated": "Updated at 3:04 p.m. on ",
    "read more": "Read more: a\n",
    "copyright": "Copyright 2020 The ",
    "all rights": "All rights reserved. ",
    "subscribe": "Subscribe to our ",
    "advertisement": "Advertisement\n",
    "related": "Related: ",
    "said": 'said, "',
    "initials": "J. R. ",
    "footnotes": "a[1]",
    "stars": "*a ",
    "underscores": "_a",
    "pipes": "|a",
    "rules": "---\n",
    "more": "> ",
    "dollars": "$1 million ",
    "times": "10:30 a.m. ",
    "parentheses": "(",
    "both": "()",
    "closing": ")a",
}


def _texts(ending: str = "", head: str = "") -> dict[str, Shape]:
    found: dict[str, Shape] = {
        name: (lambda size, sign=sign: filled(sign.encode("utf-8", "surrogateescape"), size, head.encode()))
        for name, sign in _SIGNS.items()
    }
    found |= {
        f"{name}, then one word": of(sign, head, "\nIt rained.")
        for name, sign in (
            ("spaces", " "),
            ("line ends", "\n"),
            ("hyphens", "-"),
            ("quotation marks", '"'),
            ("angles", "<"),
        )
    }
    found["random bytes above ASCII"] = lambda size: bytes(128 + (n * n // 7) % 128 for n in range(size))
    found["all bytes"] = lambda size: filled(bytes(range(256)), size)
    found["UTF-16"] = lambda size: filled("Тhе ".encode("utf-16-le"), size, b"\xff\xfe")
    found["UTF-16 without a mark"] = lambda size: filled("word ".encode("utf-16-be"), size)
    found["Latin-1"] = lambda size: filled("é è ü ".encode("latin-1"), size)
    found["Shift JIS"] = lambda size: filled("日本語の文".encode("shift_jis"), size)
    return found


_MARKDOWN = {
    "brackets": nested("[", "]"),
    "link ends": of("](", "[a"),
    "links": of("[a](b) "),
    "link titles": of('[a](b "'),
    "links in links": nested("[a", "](b)"),
    "images": of("![a](b"),
    "images open": of("!["),
    "asterisks": of("*a **b "),
    "stars between": of("a*"),
    "underscores": of("_a __b "),
    "code": of("`a ``b "),
    "tables": of("|a|b|\n", "|a|b|\n|-|-|\n"),
    "table rules": of("|-|:-:"),
    "table rules open": of("| - | ", "| a |\n"),
    "quotes": of("> "),
    "quotes and lists": of("> - 1. "),
    "lists": of("- a\n"),
    "fences": of("```\n"),
    "headings": of("# a #\n"),
    "heading ends": of("#", "# a "),
    "definitions": counted("[a%d]: b\n"),
    "labels": halves("[a]: b\n", "[a]"),
    "labels in labels": of("[[a]"),
    "footnotes": of("[^a]"),
    "comments": of("<!--"),
    "comments, dashes": of("-", "<!--"),
    "tags": of("<a b "),
    "autolinks": of("<http://a"),
    "front matter": of("a: b\n", "---\n"),
    "front matter ends": of("---\n"),
    "rules": of("* "),
    "rules of dashes": of("- "),
    "escapes": of("\\*"),
    "strikes": of("~~a"),
    "line breaks": of("  \n"),
    "parentheses in links": of("(", "[a]("),
    "parentheses pairs": of("()", "[a]("),
    "angles in links": of("<", "[a]("),
    "backticks of all lengths": lambda size: b" ".join(b"`" * n for n in range(1, int((2 * size) ** 0.5) - 2)),
}

# --- pages ----------------------------------------------------------------------

_NESTING = (
    "div p span b a font table ul ol li dl blockquote q article section main form pre h1 em noscript svg select "
    "object"
)
_REPEATED = {
    "paragraphs": "<p>It rained.",
    "long paragraphs": "<p>" + "It rained all day, and nobody went out. " * 3 + "</p>",
    "breaks": "<br>",
    "links": "<a href=b>a</a> ",
    "list items": "<li>It rained",
    "cells": "<tr><td>It rained<td>all day",
    "headings": "<h2>It rained</h2>",
    "images": "<img src=a alt='It rained'>",
    "figures": "<figure><figcaption>It rained</figure>",
    "times": "<time datetime=2020-01-02>2 January</time>",
    "bylines": "<p class=byline>By John Smith, 3 March 2020</p>",
    "authors": "<span class=author rel=author>John Smith</span>",
    "comments": "<!--",
    "comments closed": "<!-- a -->",
    "declarations": "<!a",
    "instructions": "<?a ",
    "closing tags": "</p>",
    "closing others": "<b><i></b></i>",
    "scripts": "<script>a</script>",
    "scripts open": "<script>",
    "styles open": "<style>",
    "titles": "<title>a</title>",
    "forms": "<form><input><button>a",
    "frames": "<iframe src=a>",
    "CDATA": "<![CDATA[",
    "entities": "&lt;",
    "entities open": "&a",
    "numbers": "&#1234567890;",
    "NULs": "\x00<b>",
    "dates": "Published 3 March 2020 at 10:30 ",
    "tags in tags": "<a",
    "quotes in tags": "<a b='\"",
    "slashes": "</",
    "equals": "<a =",
    "hidden": "<p hidden>It rained.</p>",
    "hidden by style": "<p style='display:none'>It rained.</p>",
    "white": "<i style='color:#fff'>It rained.</i>",
    "small": "<i style='font-size:0'>It rained.</i>",
    "divs": "<div>It rained all day long.</div>",
    "spans": "<span>a</span> ",
    "ids": "<p id=a>It rained.</p>",
    "sections": "<section><h2>a</h2><p>It rained.</section>",
    "detail": "<details><summary>a</details>",
    "comments sections": "<div class=comment>It rained.</div>",
    "quotes": "<blockquote>It rained.</blockquote>",
    "bases": "<base href=a>",
    "metas": "<meta name=date content=2020-01-02>",
    "codes": "<pre><code>a</code></pre>",
    "rules": "<hr>",
    "audios": "<audio><video><source>",
    "definitions": "<dl><dt>a<dd>It rained</dl>",
    "ruby": "<ruby>a<rt>b</ruby>",
    "soft": "<wbr>a",
    "bodies": "<body>",
    "htmls": "<html>",
    "heads": "<head>",
    "captions": "<caption>a",
    "tables": "<table><caption>a</table>",
}

_LINKED = "<script type='application/ld+json'>"
_HTML: dict[str, Shape] = {
    **{f"{name} in {name}": page(of(f"<{name}>")) for name in _NESTING.split()},
    **{
        f"{name} in {name}, each with a text": page(of(f"<{name}>It rained all day long. "))
        for name in _NESTING.split()
    },
    **{
        f"{name} in {name}, closed": page(nested(f"<{name}>a", f"b</{name}>"))
        for name in ("div", "span", "b", "blockquote")
    },
    **{name: page(of(piece)) for name, piece in _REPEATED.items()},
    "tags that end": page(of("<a", "<a", ">It rained.")),
    "attributes": page(counted("a%d=b ", "<p ", ">It rained.</p>")),
    "attributes alike": page(of("a=b ", "<p ", ">It rained.</p>")),
    "attributes without an end": page(of("a='", "<p ")),
    "one attribute": page(of("x", "<p title='", "'>It rained.</p>")),
    "classes": page(of("a ", "<style>.a{color:red}</style><p class='", "'>It rained.</p>")),
    "classes, each other": page(counted("a%d ", "<style>.a1{color:red}</style><p class='", "'>It rained.</p>")),
    "rules, each other": page(counted(".a%d{color:#fff}", "<style>", "</style><p class=a1>It rained.</p>")),
    "rules of one class": page(of(".a{color:#fff}", "<style>", "</style><p class=a>It rained.</p>")),
    "rules for elements": page(halves(".a{color:#fff}", "<p class=a>It rained.</p>", "<style>", "</style>")),
    "selectors": page(of(".a,", "<style>", "{color:#fff}</style><p class=a>It rained.</p>")),
    "selectors open": page(of(".a", "<style>", "</style><p class=a>It rained.</p>")),
    "declarations for elements": page(
        halves("color:#fff;", "<p class=a>It rained.</p>", "<style>.a{", "}</style>")
    ),
    "values": page(halves("a,", "<p class=a>It rained.</p>", "<style>.a{color:", "}</style>")),
    "braces": page(of("{", "<style>.a", "</style>It rained.")),
    "printed": page(of("@media print ", "<style>", "</style><p style='color:red'>It rained.</p>")),
    "printed, open": page(of("@media print{a", "<style>", "</style><p style='color:red'>It rained.</p>")),
    "printed, closed": page(of("@media print{a{}", "<style>", "</style><p style='color:red'>It rained.</p>")),
    "style comments": page(of("/*", "<style>", "</style><p style='color:red'>It rained.</p>")),
    "grounds": page(of("body,", "<style>", "{background:#fff}</style><p style='color:red'>It rained.</p>")),
    "style of a colour": page(of(" ", "<p style='color:a", "'>It rained.</p>")),
    "style of zeros": page(of("0", "<p style='font-size:", "'>It rained.</p>")),
    "style of semicolons": page(of(";", "<p style='", "'>It rained.</p>")),
    "hidden in hidden": page(of("<div style='color:#fff'>It rained.")),
    "grounds in grounds": page(of("<div style='background:#000;color:#fff'>a")),
    "shown in hidden": page(of("<div style='visibility:hidden'><p style='visibility:visible'>It rained.")),
    "linked data, brackets": page(of("[", _LINKED, "</script>")),
    "linked data, objects": page(of('{"a":', _LINKED, "</script>")),
    "linked data, graph": page(
        of('{"@type":"NewsArticle","headline":"a"},', _LINKED + '{"@graph":[', "{}]}</script>")
    ),
    "linked data, many": page(of(_LINKED + '{"@type":"NewsArticle","datePublished":"2020-01-02"}</script>')),
    "linked data, deep": page(nested('{"a":[', "]}", "1", _LINKED, "</script>")),
    "linked data, text": page(of("&quot;", _LINKED + '{"articleBody":"', '"}</script>')),
    "metas in the head": lambda size: page(
        of("<p>It rained."), of("<meta property='article:published_time' content=2020>")(size - 1_000)
    )(size),
    "a declared charset": lambda size: filled("é".encode("latin-1"), size, b"<html><meta charset=iso-2022-jp><p>"),
    "a declared charset, gb": lambda size: filled(b"\xb0\xa1 ", size, b"<html><meta charset=hz><p>"),
    "declarations of charsets": of("<meta ", "<html>"),
    "declarations of XML": of("<?xml ", "<html>"),
    "quoted-printable": of("<p class=3D'a'>It rained all day long, and nobody went out at all.=\n", "<html>"),
    "comment before the page": of("-", "<!--"),
    "comments before the page": of("<!-- a -->\n"),
    "spaces before the page": of(" ", "", "<html><p>It rained."),
    "doctype": of(" a", "<!doctype html"),
    "entities declared": lambda size: filled(
        b"<p>&e;", size, b"<!doctype html [<!ENTITY e '" + _PROSE * 20 + b"'>]><html>"
    ),
    "XHTML": of("<p/>", "<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><body>", "</body></html>"),
    "name spaces": of("<a:b xmlns:a='c'>", "<html xmlns='http://www.w3.org/1999/xhtml'>"),
}

# --- XML in bundles -------------------------------------------------------------


def zipped(*parts: tuple[str, bytes], packed: bool = True) -> bytes:
    """A ZIP archive of some parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, data in parts:
            stored = not packed or name == "mimetype"
            bundle.writestr(name, data, zipfile.ZIP_STORED if stored else None, 9)
    return stream.getvalue()


def packing(make: Callable[[bytes, bool], bytes], shape: Shape) -> dict[str, Shape]:
    """A part of the file's size as it stands, and one that is packed to that size."""

    def stored(size: int) -> bytes:
        return make(shape(size - len(make(b"", False))), False)

    def packed(size: int) -> bytes:
        room = size - len(make(b"", False))
        sample = len(zlib.compress(shape(1_000_000), 9))
        return make(shape(min(60_000_000, int(0.98 * room * 1_000_000 / sample))), True)

    return {"": stored, ", packed": packed}


_WORD_SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_ODF_SPACES = "".join(
    f" xmlns:{one}='urn:oasis:names:tc:opendocument:xmlns:{one}:1.0'" for one in ("office", "text")
)


def _docx(xml: bytes, packed: bool) -> bytes:
    head = f"<w:document xmlns:w='{_WORD_SPACE}'><w:body>".encode()
    whole = xml if xml.startswith(b"<!DOCTYPE") else head + xml
    return zipped(("word/document.xml", whole), packed=packed)


def _odt(xml: bytes, packed: bool) -> bytes:
    head = f"<office:document-content{_ODF_SPACES}><office:body><office:text>".encode()
    whole = xml if xml.startswith(b"<!DOCTYPE") else head + xml
    return zipped(("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", whole), packed=packed)


_CONTAINER = b"<container><rootfile full-path='book.opf'/></container>"


def _epub_of(opf: bytes, *chapters: tuple[str, bytes], packed: bool = True) -> bytes:
    return zipped(
        ("mimetype", b"application/epub+zip"),
        ("META-INF/container.xml", _CONTAINER),
        ("book.opf", opf),
        *chapters,
        packed=packed,
    )


def _epub(xml: bytes, packed: bool) -> bytes:
    item = b"<item id='a' href='a.xhtml' media-type='application/xhtml+xml'/>"
    return _epub_of(b"<package>" + item + b"<itemref idref='a'/></package>", ("a.xhtml", xml), packed=packed)


def _same_chapter(size: int) -> bytes:
    """One chapter that stands in the order of reading as often as there is room."""
    item = b"<item id='a' href='a.xhtml' media-type='application/xhtml+xml'/>"
    chapter = filled(b"<p>It rained.</p>", 400_000)
    opf = filled(b"<itemref idref='a'/>", 40 * size, b"<package>" + item, b"</package>")
    return _epub_of(opf, ("a.xhtml", chapter))


def _laughs(root: str) -> Shape:
    names = [f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 9)]
    entities = "<!ENTITY a0 'It rained. '>" + "".join(names)
    return lambda size: f"<!DOCTYPE x [{entities}]>{root}&a8;".encode()[:size]


def _quadratic_entities(root: str) -> Shape:
    return lambda size: filled(
        b"&a;", size, f"<!DOCTYPE x [<!ENTITY a '{'It rained. ' * (size // 25)}'>]>{root}".encode()
    )


def _xml(prefix: str, leaf: str, root: str) -> dict[str, Shape]:
    """Shapes of XML in which ``leaf`` is a paragraph, without its prefix."""
    p = prefix + leaf
    return {
        "paragraphs": of(f"<{p}/>"),
        "one paragraph": of("It rained. ", f"<{p}>"),
        "line ends": of("\n", f"<{p}>"),
        "elements in elements": nested(f"<{p}>", f"</{p}>"),
        "elements open": of(f"<{p}>"),
        "attributes": counted(" a%d='b'", f"<{p}", "/>"),
        "name spaces": of(f"<{p} xmlns:c='d'>"),
        "name spaces, each other": counted(f"<{p} xmlns:c%d='d'>"),
        "comments": of("<!-- a -->"),
        "instructions": of("<?a b?>"),
        "entities": of("&#65;", f"<{p}>"),
        "unknown entities": of("&a;", f"<{p}>"),
        "ampersands": of("&", f"<{p}>"),
        "angles": of("<", f"<{p}>"),
        "closing": of(f"</{p}>"),
        "other ends": of("<a></b>"),
        "a billion laughs": _laughs(root),
        "a long entity": _quadratic_entities(root),
        "text between": of(f"<{p}>a</{p}>b"),
    }


def _in_bundle(make: Callable[[bytes, bool], bytes], shapes: Mapping[str, Shape]) -> dict[str, Shape]:
    return {name + how: made for name, shape in shapes.items() for how, made in packing(make, shape).items()}


_DOCX = {
    **_xml("w:", "p", f"<w:document xmlns:w='{_WORD_SPACE}'><w:body><w:p><w:r><w:t>"),
    "runs": of("<w:r><w:t>a</w:t></w:r>", "<w:p>"),
    "hidden runs": of("<w:r><w:rPr><w:vanish/></w:rPr><w:t>a</w:t></w:r>", "<w:p>"),
    "a run of many": of("<w:b/>", "<w:p><w:r>"),
}
_ODT = {
    **_xml("text:", "p", f"<office:document-content{_ODF_SPACES}><office:body><office:text><text:p>"),
    "spaces": of("<text:s text:c='100000000'/>", "<text:p>"),
    "spaces, a number": of("9", "<text:p><text:s text:c='", "'/>"),
    "spans": of("<text:span>a", "<text:p>"),
}
_CHAPTERS = {
    name: _HTML[name] for name in ("div in div", "tags in tags", "comments", "entities open", "hidden in hidden")
}
_CHAPTERS |= {
    "paragraphs": of("<p>a"),
    "empty tags": of("<b></b>"),
    "rules for elements": _HTML["rules for elements"],
}

# --- PDF ------------------------------------------------------------------------


def pdf(*objects: bytes, trailer: bytes = b"") -> bytes:
    """A PDF document of objects numbered from 1; the first one is its catalogue."""
    pieces, at, places = [b"%PDF-1.7\n"], 9, []
    for number, body in enumerate(objects, start=1):
        piece = b"%d 0 obj\n%b\nendobj\n" % (number, body)
        places.append(at)
        pieces.append(piece)
        at += len(piece)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<</Root 1 0 R/Size %d%b>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, trailer, at)
    return b"".join(pieces) + table + end


_CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"
_FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"


def _stream(data: bytes, more: bytes = b"") -> bytes:
    return b"<</Length %d%b>>\nstream\n%b\nendstream" % (len(data), more, data)


def _flat(data: bytes, more: bytes = b"") -> bytes:
    return _stream(zlib.compress(data, 9), b"/Filter/FlateDecode" + more)


def _page_of(content: bytes, *others: bytes, resources: bytes = b"/Font<</F 4 0 R>>") -> bytes:
    leaf = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 5 0 R/Resources<<%b>>>>" % resources
    return pdf(_CATALOGUE, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", leaf, _FONT, content, *others)


_SHOW = b"BT /F 12 Tf (It rained all day.) Tj ET\n"


def _content(piece: bytes, head: bytes = b"", tail: bytes = b"") -> dict[str, Shape]:
    """A page's content as it stands, and packed."""
    return {
        "": lambda size: _page_of(_stream(filled(piece, size - 800, head, tail))),
        ", packed": lambda size: _page_of(_flat(filled(piece, min(60_000_000, 300 * size), head, tail)))[:size],
    }


def _same_page(size: int) -> bytes:
    """One page with a long content, as often as there is room."""
    content = _flat(filled(_SHOW, 3_000_000))
    kids = b"3 0 R " * ((size - len(content) - 1_000) // 6)
    leaf = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 5 0 R/Resources<</Font<</F 4 0 R>>>>>>"
    return pdf(_CATALOGUE, b"<</Type/Pages/Kids[" + kids + b"]/Count 9>>", leaf, _FONT, content)


def _pages_of_one_content(size: int) -> bytes:
    """Pages of their own that share a content."""
    content = _flat(filled(_SHOW, 300_000))
    leaf = b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F 3 0 R>>>>>>"
    count = (size - len(content) - 1_000) // (len(leaf) + 60)
    kids = b"".join(b"%d 0 R " % (5 + n) for n in range(count))
    return pdf(_CATALOGUE, b"<</Type/Pages/Kids[" + kids + b"]/Count %d>>" % count, _FONT, content, *[leaf] * count)


def _contents_of_one_page(size: int) -> bytes:
    """A page whose content is one stream over and over."""
    content = _flat(filled(_SHOW, 300_000))
    several = b"[" + b"5 0 R " * ((size - len(content) - 1_000) // 6) + b"]"
    leaf = b"<</Type/Page/Parent 2 0 R/Contents " + several + b"/Resources<</Font<</F 4 0 R>>>>>>"
    return pdf(_CATALOGUE, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", leaf, _FONT, content)


def _doubling_tree(size: int) -> bytes:
    """Nodes of a tree of pages that have the next one twice: 2 ** 40 pages."""
    nodes = [b"<</Type/Pages/Kids[%d 0 R %d 0 R]/Count 1>>" % (3 + n, 3 + n) for n in range(40)]
    return pdf(_CATALOGUE, *nodes, b"<</Type/Page/Parent 2 0 R>>")


def _deep_tree(size: int) -> bytes:
    count = size // 80
    nodes = [b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % (3 + n) for n in range(count)]
    return pdf(_CATALOGUE, *nodes, b"<</Type/Page>>")


def _looping_tree(size: int) -> bytes:
    return pdf(_CATALOGUE, b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 1>>")


def _forms(size: int) -> bytes:
    """Forms that draw the next one ten times: 10 ** 20 times the last."""
    forms = [
        _stream(
            b"/X Do " * 10, b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>" % (7 + n)
        )
        for n in range(20)
    ]
    last = _stream(_SHOW, b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</Font<</F 4 0 R>>>>")
    return _page_of(_stream(b"/X Do " * 10), *forms, last, resources=b"/XObject<</X 6 0 R>>")


def _same_form(size: int) -> bytes:
    """A form with a long content, drawn as often as there is room."""
    form = _flat(
        filled(_SHOW, 1_000_000), b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</Font<</F 4 0 R>>>>"
    )
    calls = _flat(b"/X Do " * 200_000)
    return _page_of(calls, form, resources=b"/XObject<</X 6 0 R>>")


def _mapped(cmap: Shape, packed: bool = False) -> Shape:
    def made(size: int) -> bytes:
        font = b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/ToUnicode 6 0 R>>"
        text = cmap(40 * size if packed else size - 1_500)
        leaf = b"<</Type/Page/Parent 2 0 R/Contents 5 0 R/Resources<</Font<</F 4 0 R>>>>>>"
        content = _stream(b"BT /F 12 Tf <00410042> Tj ET " * 10)
        mapping = _flat(text) if packed else _stream(text)
        return pdf(_CATALOGUE, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", leaf, font, content, mapping)

    return made


def _huge_table(size: int) -> bytes:
    """A table of references that says to have a billion entries."""
    table = _flat(b"\x00" * (size * 100), b"/Type/XRef/W[1 1 1]/Index[0 1000000000]/Size 1000000000/Root 1 0 R")
    body = b"%PDF-1.7\n1 0 obj\n" + _CATALOGUE + b"\nendobj\n"
    return body + b"9 0 obj\n" + table + b"\nendobj\nstartxref\n%d\n%%%%EOF" % len(body)


def _object_stream(size: int) -> bytes:
    """Objects in a stream that says to have a million of them."""
    inside = filled(b"1 0 ", 40 * size)
    objects = _flat(inside, b"/Type/ObjStm/N 100000000/First %d" % len(inside))
    return _page_of(_stream(_SHOW), objects)


def _widths(size: int) -> bytes:
    font = b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/DescendantFonts[6 0 R]>>"
    descendant = (
        b"<</Type/Font/Subtype/CIDFontType2/DW 9/W[" + b"0 900000000 500 " * ((size - 1_500) // 16) + b"]>>"
    )
    leaf = b"<</Type/Page/Parent 2 0 R/Contents 5 0 R/Resources<</Font<</F 4 0 R>>>>>>"
    return pdf(_CATALOGUE, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", leaf, font, _stream(_SHOW), descendant)


def _filters(name: bytes, data: Shape) -> Shape:
    return lambda size: _page_of(_stream(data(size - 1_000), b"/Filter/" + name))


def _chained(size: int) -> bytes:
    """A content packed many times over."""
    data = filled(_SHOW, 50_000_000)
    for _ in range(4):
        data = zlib.compress(data, 9)
    return _page_of(_stream(data, b"/Filter[" + b"/FlateDecode" * 4 + b"]"))


def _tables_in_a_row(size: int) -> bytes:
    """Tables of references, each with one before it."""
    found, before = b"%PDF-1.7\n1 0 obj\n" + _CATALOGUE + b"\nendobj\n", 0
    while len(found) < size - 200:
        at = len(found)
        found += b"xref\n0 1\n0000000000 65535 f \ntrailer\n<</Root 1 0 R/Size 2/Prev %d>>\n" % before
        before = at
    return found + b"startxref\n%d\n%%%%EOF" % before


_PDF: dict[str, Shape] = {
    **{
        name + how: shape
        for name, pieces in {
            "texts": (_SHOW,),
            "single letters": (b"(a) Tj ", b"BT /F 9 Tf "),
            "texts moved": (b"1 0 Td (a) Tj ", b"BT /F 9 Tf "),
            "fonts": (b"/F 9 Tf ", b"BT "),
            "states": (b"q ",),
            "states back": (b"Q ",),
            "matrices": (b"1 0 0 1 9 9 cm ",),
            "arrays": (b"[(a) -900 (b)] TJ ", b"BT /F 9 Tf "),
            "one array": (b"(a) -9 ", b"BT /F 9 Tf [", b"] TJ"),
            "brackets": (b"[",),
            "dictionaries": (b"<<",),
            "parentheses": (b"(",),
            "escapes": (b"\\(", b"("),
            "numbers": (b"1 ",),
            "one number": (b"1",),
            "one name": (b"a", b"/"),
            "names": (b"/a ",),
            "inline images": (b"BI ID EI ",),
            "inline images open": (b"BI ID a ",),
            "marks": (b"/a <</ActualText (It rained)>> BDC EMC ",),
            "marks open": (b"/a BMC ",),
            "comments": (b"%",),
            "hexadecimal": (b"41", b"BT /F 9 Tf <", b"> Tj"),
            "line ends": (b"T* (a) ' ", b"BT /F 9 Tf "),
            "end of images": (b"E I", b"BI ID "),
        }.items()
        for how, shape in _content(*pieces).items()
    },
    "one page over and over": _same_page,
    "pages of one content": _pages_of_one_content,
    "contents of one page": _contents_of_one_page,
    "a tree that doubles": _doubling_tree,
    "a deep tree": _deep_tree,
    "a tree in a circle": _looping_tree,
    "forms that multiply": _forms,
    "one form over and over": _same_form,
    "mapping, a large range": _mapped(of("<0000> <ffff> <0041>\n", "1 beginbfrange\n", "endbfrange")),
    "mapping, ranges": _mapped(of("<0000> <ffff> <0041>\n", "1 beginbfrange\n", "endbfrange"), True),
    "mapping, wide ranges": _mapped(of("<00000000> <7fffffff> <0041>\n", "1 beginbfrange\n", "endbfrange")),
    "mapping, characters": _mapped(of("<0041> <0042>\n", "1 beginbfchar\n", "endbfchar"), True),
    "mapping, long values": _mapped(of("0041", "1 beginbfchar\n<0041> <", ">\nendbfchar"), True),
    "mapping, arrays": _mapped(of("<0041>", "1 beginbfrange\n<0000> <ffff> [", "]\nendbfrange"), True),
    "a table of a billion": _huge_table,
    "objects in a stream": _object_stream,
    "widths": _widths,
    "packed by LZW": _filters(b"LZWDecode", of("\x01\x80")),
    "run lengths": _filters(b"RunLengthDecode", lambda size: filled(b"\x81a", size)),
    "hexadecimal filter": _filters(b"ASCIIHexDecode", of("28")),
    "base 85": _filters(b"ASCII85Decode", of("z")),
    "filters on filters": lambda size: _page_of(
        _stream(b"", b"/Filter[" + b"/ASCIIHexDecode" * ((size - 1_000) // 15) + b"]")
    ),
    "packed four times": _chained,
    "tables in a row": _tables_in_a_row,
    "no table": lambda size: filled(b"1 0 obj\n<<>>\nendobj\n", size, b"%PDF-1.7\n"),
    "no table, objects open": lambda size: filled(b"1 0 obj\n", size, b"%PDF-1.7\n", b"\nstartxref\n9\n%%EOF"),
    "trailers": lambda size: filled(b"trailer\n<<", size, b"%PDF-1.7\n", b"\nstartxref\n9\n%%EOF"),
    "the end over and over": lambda size: filled(b"startxref\n9\n%%EOF\n", size, b"%PDF-1.7\n"),
    "spaces at the end": lambda size: filled(b" ", size, _page_of(_stream(_SHOW))),
    "zeros": lambda size: filled(b"\x00", size, b"%PDF-1.7\n"),
    "an object of brackets": lambda size: pdf(_CATALOGUE, b"[" * (size - 300)),
    "an object of dictionaries": lambda size: pdf(_CATALOGUE, b"<</a" * ((size - 300) // 4)),
    "an object of text": lambda size: pdf(_CATALOGUE, b"(" + b"\\" * (size - 300)),
    "references in a circle": lambda size: pdf(b"1 0 R"),
    "a catalogue in a row": lambda size: pdf(*[b"%d 0 R" % (n + 2) for n in range((size - 300) // 50)]),
}

# --- RTF, mails -----------------------------------------------------------------

_RTF = {
    name: of(piece, "{\\rtf1 ")
    for name, piece in {
        "groups": "{",
        "groups closed": "{}",
        "words": "\\b ",
        "one word": "\\a",
        "long words": "a\\",
        "characters": "\\'e9",
        "Unicode": "\\u8217?",
        "Unicode skipped": "\\uc9999\\u65 ",
        "binary": "\\bin999999999 a",
        "paragraphs": "\\par ",
        "fonts": "{\\fonttbl{\\f0 A;}",
        "destinations": "{\\*\\a ",
        "fields": "{\\field{\\fldinst a}{\\fldrslt b}}",
        "plain": "a ",
        "backslashes": "\\\\",
        "line ends": "\\\n",
        "numbers": "\\u99999999999",
        "tables": "\\cell\\row ",
        "closing": "}",
        "links": '{\\field{\\*\\fldinst{HYPERLINK "a"}}',
        "half a link": "\\field HYPERLINK",
        "code pages": "\\ansicpg932 ",
    }.items()
}
_RTF["one number"] = of("9", "{\\rtf1 \\u")
_RTF["links open"] = of('HYPERLINK "', "{\\rtf1 {\\field{\\*\\fldinst{")
_RTF["fonts with charsets"] = of("\\f0\\fcharset0 ", "{\\rtf1{\\fonttbl ")
_RTF["fonts that end"] = of("\\f0;", "{\\rtf1{\\fonttbl ")
_RTF["a charset of digits"] = of("1", "{\\rtf1{\\fonttbl\\f0\\fcharset")
_RTF["skipped"] = of("{\\*\\a ", "{\\rtf1 ", "It rained.")

_MAIL_HEAD = "From: a@b.c\nTo: d@e.f\nSubject: Rain\nMIME-Version: 1.0\nMessage-ID: <a@b>\n"
_BODY = "Content-Type: text/plain\n\nIt rained.\n"
_MAIL: dict[str, Shape] = {
    "header fields": of("X-A: b\n", _MAIL_HEAD, "\n\nIt rained."),
    "one field": of(" a\n", _MAIL_HEAD + "X-A: b\n", "\nIt rained."),
    "a long subject": of("a", "From: a@b.c\nMIME-Version: 1.0\nTo: a@b.c\nSubject: ", "\n\nIt rained."),
    "encoded words": of("=?utf-8?q?a?= ", "From: a@b.c\nMIME-Version: 1.0\nSubject: ", "\n\nIt rained."),
    "encoded words open": of("=?", "From: a@b.c\nMIME-Version: 1.0\nSubject: ", "\n\nIt rained."),
    "encoded words in a row": of("=?utf-8?q?a?=", "From: a@b.c\nMIME-Version: 1.0\nSubject: ", "\n\nIt rained."),
    "addresses": of("a@b.c, ", "MIME-Version: 1.0\nSubject: a\nTo: a@b.c\nFrom: ", "\n\nIt rained."),
    "comments in an address": of("(", "MIME-Version: 1.0\nSubject: a\nTo: a@b.c\nFrom: ", "\n\nIt rained."),
    "a date of brackets": of("(", _MAIL_HEAD + "Date: ", "\n\nIt rained."),
    "a date": of("1 ", _MAIL_HEAD + "Date: ", "\n\nIt rained."),
    "parameters": counted('; a%d="b"', _MAIL_HEAD + "Content-Type: text/plain", "\n\nIt rained."),
    "parameters in pieces": counted("; a*%d=b", _MAIL_HEAD + "Content-Type: text/plain", "\n\nIt rained."),
    "parameters, quotes": of('"', _MAIL_HEAD + "Content-Type: text/plain; a=", "\n\nIt rained."),
    "a disposition": counted("; a*%d*=b", _MAIL_HEAD + "Content-Disposition: inline", "\n\nIt rained."),
    "a type": of("a/", _MAIL_HEAD + "Content-Type: ", "\n\nIt rained."),
    "a charset": of("a", _MAIL_HEAD + "Content-Type: text/plain; charset=", "\n\nIt rained."),
    "parts": of(f"--a\n{_BODY}", _MAIL_HEAD + "Content-Type: multipart/mixed; boundary=a\n\n", "--a--"),
    "parts with long fields": of(
        "--a\nContent-Type: text/plain; a=" + '"' * 900 + "\n\na\n",
        _MAIL_HEAD + "Content-Type: multipart/mixed; boundary=a\n\n",
    ),
    "boundaries": of("--a\n", _MAIL_HEAD + "Content-Type: multipart/mixed; boundary=a\n\n", "--a--"),
    "almost boundaries": of("--aa\n", _MAIL_HEAD + "Content-Type: multipart/mixed; boundary=a\n\n", "--a--"),
    "parts in parts": counted("Content-Type: multipart/mixed; boundary=a%d\n\n--a%d\n", _MAIL_HEAD),
    "parts in parts, one boundary": of("Content-Type: multipart/mixed; boundary=a\n\n--a\n", _MAIL_HEAD),
    "mails in mails": of("Content-Type: message/rfc822\n\n", _MAIL_HEAD),
    "mails in parts": of(
        "--a\nContent-Type: message/rfc822\n\n", _MAIL_HEAD + "Content-Type: multipart/mixed; boundary=a\n\n"
    ),
    "digests": of("--a\n\n", _MAIL_HEAD + "Content-Type: multipart/digest; boundary=a\n\n"),
    "base64": of("QQ==\n", _MAIL_HEAD + "Content-Transfer-Encoding: base64\n\n"),
    "base64, one line": of("A", _MAIL_HEAD + "Content-Transfer-Encoding: base64\n\n"),
    "quoted-printable": of("=C3=A9=\n", _MAIL_HEAD + "Content-Transfer-Encoding: quoted-printable\n\n"),
    "quoted-printable, signs": of("=", _MAIL_HEAD + "Content-Transfer-Encoding: quoted-printable\n\n"),
    "uuencode": of("M" + "a" * 60 + "\n", _MAIL_HEAD + "Content-Transfer-Encoding: x-uuencode\n\nbegin 644 a\n"),
    "line ends": of("\n", _MAIL_HEAD + "\n"),
    "carriage returns": of("\r", _MAIL_HEAD + "\n"),
    "one line": of("a", _MAIL_HEAD + "\n"),
    "spaces": of(" ", _MAIL_HEAD + "\n"),
    "quotes": of("> ", _MAIL_HEAD + "\n"),
    "a header without end": of("a", _MAIL_HEAD + "X-"),
    "page in a page": of("<div>", _MAIL_HEAD + "Content-Type: text/html\n\n"),
    "tags": of("<a", _MAIL_HEAD + "Content-Type: text/html\n\n"),
    "defects": of("a\n", _MAIL_HEAD),
    "other charsets": of("é", _MAIL_HEAD + "Content-Type: text/plain; charset=iso-2022-kr\n\n"),
}
_MHTML_HEAD = 'MIME-Version: 1.0\nFrom: a\nContent-Type: multipart/related; boundary="a"; type="text/html"\n'
_MHTML = {
    name: of(piece, _MHTML_HEAD + head, tail)
    for name, piece, head, tail in (
        ("parts", "--a\nContent-Type: text/html\n\n<p>It rained.</p>\n", "\n", "--a--"),
        ("pictures", "--a\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\nQUFB\n", "\n", "--a--"),
        ("one page", "<div>It rained.", "\n--a\nContent-Type: text/html\n\n", "\n--a--"),
        (
            "one page, quoted",
            "<p class=3D'a'>It rained=\n",
            "\n--a\nContent-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n",
            "\n--a--",
        ),
        (
            "locations",
            "Content-Location: http://a.b/\n",
            "",
            "\n--a\nContent-Type: text/html\n\n<p>It rained.\n--a--",
        ),
        (
            "addresses",
            "a",
            "Snapshot-Content-Location: http://",
            "\n\n--a\nContent-Type: text/html\n\n<p>It rained.\n--a--",
        ),
    )
}


def _in_mailbox(shape: Shape) -> Shape:
    return lambda size: b"From a@b.c Thu Jan  1 00:00:00 2020\n" + shape(size - 60)


_MBOX = {
    "mails": of(
        "From a@b.c Thu Jan  1 00:00:00 2020\nSubject: a\nFrom: a@b.c\nMIME-Version: 1.0\n\nIt rained.\n\n"
    ),
    "mails of pages": of("From a b 2020\nContent-Type: text/html\n\n<p>It rained.\n\n"),
    "mails of types": counted("From a b 2020\nContent-Type: text/plain; charset=%d\n\nIt rained.\n\n"),
    "mails of dates": counted("From a b 2020\nDate: (%d) Thu, 2 Jan 2020 10:00 +0100\n\nIt rained.\n\n"),
    "beginnings": of("From a b 2020\n\n"),
    "one mail": of("a\n", "From a@b.c Thu Jan  1 00:00:00 2020\n" + _MAIL_HEAD + "\n"),
    "one line": of("a", "From a@b.c Thu Jan  1 00:00:00 2020\n" + _MAIL_HEAD + "\n"),
    "almost beginnings": of("\nFrom a", "From a@b.c Thu Jan  1 00:00:00 2020\n" + _MAIL_HEAD + "\n"),
}

# --- records --------------------------------------------------------------------

_JSON: dict[str, Shape] = {
    "brackets": of("["),
    "brackets closed": nested("[", "]"),
    "objects": of('{"a":'),
    "objects closed": nested('{"a":', "}", "1"),
    "objects around a text": nested('{"a":', "}", '{"text":"It rained."}'),
    "lists of objects": nested('{"a":[', "]}", "1"),
    "items": of('{"text":"It rained."},', "[", '{"text":"a"}]'),
    "items, empty": of("{},", "[", "{}]"),
    "numbers": of("1,", "[", "1]"),
    "nulls": of("null,", "[", "null]"),
    "one number": of("9", '{"text":"It rained.","a":', "}"),
    "a fraction": of("9", '{"text":"a","a":1.', "}"),
    "an exponent": of("9", '{"text":"a","a":1e', "}"),
    "fields": counted('"a%d":1,', "{", '"text":"It rained."}'),
    "fields alike": of('"text":"It rained.",', "{", '"text":"a"}'),
    "one key": of("a", '{"text":"It rained.","', '":1}'),
    "one key, first": of("a", '{"', '":1,"text":"It rained."}'),
    "one text": of("a", '{"text":"', '"}'),
    "escapes": of("\\u00e9", '{"text":"', '"}'),
    "half surrogates": of("\\ud800", '{"text":"', '"}'),
    "a text of tags": of("<p>", '{"text":"<p>', '</p>"}'),
    "a text of tags in tags": of("<a", '{"text":"<p></p>', '"}'),
    "a page": of("<div>", '{"text":"<html><body>', '"}'),
    "a page of hidden text": of("<p style='color:#fff'>a", '{"text":"<p>a</p>', '"}'),
    "spaces": of(" ", '{"text":"a"', "}"),
    "commas": of(",", "[", "]"),
    "open string": of("a", '{"text":"'),
    "values in a row": of('{"text":"a"}'),
    "an answer": of('{"content":"It rained."},', '{"articles":[', "{}]}"),
    "lists in an answer": of("[],", '{"articles":[', "[]]}"),
    "a list for each field": counted('"a%d":[{}],', "{", '"b":[]}'),
    "paragraphs": of('"It rained.",', '{"content":[', '"a"]}'),
    "a list in a field": of("[],", '{"text":"a","a":[', "[]]}"),
    "deep in a field": nested("[", "]", "", '{"text":"It rained.","a":', "}"),
    "a long title": of("a", '{"text":"It rained.","title":"', '"}'),
    "a long time": of("1", '{"text":"It rained.","published":"', '"}'),
    "a time of words": of("March ", '{"text":"It rained.","published":"', '"}'),
    "a long id": of("a", '{"text":"It rained.","id":"', '"}'),
    "many ids": counted('{"id":"%d","text":"a"},', "[", "{}]"),
    "columns of columns": counted('"a%d":["a"],', '{"content":["a"],', '"b":1}'),
    "UTF-16": lambda size: filled('{"a":'.encode("utf-16-le"), size),
    "UTF-32": lambda size: filled("[".encode("utf-32-be"), size),
    "bytes that are no text": lambda size: filled(b"\xff", size, b'{"text":"'),
    "a number in UTF-8": of("1", '{"text":1'),
    "quotes": of('"', '{"text":'),
    "backslashes": of("\\", '{"text":"'),
    "a mark": of("\ufeff", "", '{"text":"a"}'),
    "rendered": of('"rendered":"a",', '{"content":{', '"rendered":"b"}}'),
    "a source": of('"name":"a",', '{"text":"It rained.","source":{', '"name":"b"}}'),
}
_JSONL = {
    **_JSON,
    "lines": of('{"text":"It rained."}\n'),
    "lines of others": of("1\n"),
    "empty lines": of("\n"),
    "lines of brackets": of("[\n"),
    "lines of no text": of('{"a":1}\n'),
    "carriage returns": of("\r"),
    "lines of keys": counted('{"a%d":1,"text":"a"}\n'),
}

_CSV: dict[str, Shape] = {
    "quotes": of('"', "text\n"),
    "quotes doubled": of('""', 'text\n"'),
    "an open quote": of("a\n", 'text\n"'),
    "cells": of(",", "text\n"),
    "columns": of("a,"),
    "columns and rows": halves("a,", ",,,\n", between="text\n"),
    "columns, each other": halves("a,", "1,", between="text\n"),
    "rows": of("a\n", "text\n"),
    "empty rows": of("\n", "text\n"),
    "one cell": of("a", "text\n"),
    "carriage returns": of("\r", "text\n"),
    "NULs": of("\x00", "text\n"),
    "tabs": of("\t", "text\t\n"),
    "delimiters": of(",;|\t"),
    "bytes that are no text": lambda size: filled(b"\xff", size, b"text\n"),
    "names in one": of("text,", "", "\n"),
    "a cell of tags": of("<a", 'text\n"<p></p>', '"'),
    "no first line": of("\n"),
    "first line alone": of("text"),
    "names of one column": of("text,", "", "\n" + "a," * 2_000),
}


def _parquet(table: Callable[[int], Any], **options: Any) -> Shape:
    """A Parquet file of a table that is made for a size; cut where it is longer than it may be."""

    def made(size: int) -> bytes:
        from pyarrow import parquet

        stream = io.BytesIO()
        parquet.write_table(table(size), stream, **options)
        return stream.getvalue()

    return made


def _one_string(length: int, rows: int) -> Callable[[int], Any]:
    def made(size: int) -> Any:
        import pyarrow as pa

        return pa.table({"text": pa.DictionaryArray.from_arrays(pa.array([0] * rows), ["x" * length])})

    return made


def _column(value: Any, rows: int, kind: str = "") -> Callable[[int], Any]:
    def made(size: int) -> Any:
        import pyarrow as pa

        return pa.table({"text": ["It rained."] * rows, "a": [value] * rows})

    return made


def _many_columns(size: int) -> Any:
    import pyarrow as pa

    return pa.table({"text": ["It rained."], **{f"a{number}": ["b"] for number in range(size // 400)}})


def _deep_lists(size: int) -> Any:
    import pyarrow as pa

    value: Any = "a"
    for _ in range(60):
        value = [value]
    return pa.table({"text": ["It rained."], "a": [value]})


def _spoilt(shape: Shape) -> Shape:
    """The same with a number in the footer made large."""

    def made(size: int) -> bytes:
        data = bytearray(shape(size))
        for place in range(len(data) - 120, len(data) - 8, 7):
            data[place] |= 0x7F
        return bytes(data)

    return made


_ZSTD = {"compression": "zstd", "compression_level": 19, "store_schema": False}
_PARQUET: dict[str, Shape] = {
    "one string of 20 MB": _parquet(_one_string(20_000_000, 256), **_ZSTD),
    "one string of 4 MB": _parquet(_one_string(4_000_000, 4_000), **_ZSTD),
    "a string of 4 MB for each row": _parquet(_one_string(4_000_000, 60), use_dictionary=False, **_ZSTD),
    "a string of 100 MB": _parquet(_one_string(100_000_000, 1), use_dictionary=False, **_ZSTD),
    "a million rows": _parquet(_one_string(10, 1_000_000), **_ZSTD),
    "bytes": _parquet(_column(b"\xff" * 4_000_000, 200), **_ZSTD),
    "lists": _parquet(_column(["b"] * 100_000, 40), **_ZSTD),
    "lists of numbers": _parquet(_column([1] * 1_000_000, 20), **_ZSTD),
    "lists in lists": _parquet(_deep_lists),
    "objects": _parquet(_column({"b": "c" * 2_000_000}, 100), **_ZSTD),
    "objects in lists": _parquet(_column([{"b": "c"}] * 100_000, 30), **_ZSTD),
    "columns": _parquet(_many_columns),
    "row groups": _parquet(_one_string(10, 2_000), row_group_size=4, store_schema=False),
    "a spoilt foot": _spoilt(_parquet(_one_string(10, 2_000))),
    "a spoilt foot of lists": _spoilt(_parquet(_column(["b"] * 100, 100))),
    "no foot": lambda size: filled(b"PAR1", size),
    "a foot of zeros": lambda size: filled(b"\x00", size, b"PAR1", b"\xff\xff\x00\x00PAR1"),
}

_RSS = "<?xml version='1.0'?><rss version='2.0'><channel><title>a</title>"
_ITEM = "<item><title>a</title><description>It rained.</description></item>"
_FEED: dict[str, Shape] = {
    "items": of(_ITEM, _RSS),
    "items open": of("<item>", _RSS),
    "items in items": nested("<item>", "</item>", "", _RSS),
    "items in items, with a text": nested("<item><description>It rained.</description>", "</item>", "", _RSS),
    "entries": of(
        "<entry><content type='html'>&lt;p&gt;It rained.</content></entry>",
        "<feed xmlns='http://www.w3.org/2005/Atom'>",
    ),
    "elements in one item": of("<a>b</a>", _RSS + "<item>", "</item>"),
    "descriptions": of("<description>It rained.</description>", _RSS + "<item>", "</item>"),
    "links": of("<link>http://a.b</link>", _RSS + "<item>", "</item>"),
    "sources": of("<source><title>a</title></source>", _RSS + "<item>", "</item>"),
    "a text of tags": of("&lt;a", _RSS + "<item><description>", "</description></item>"),
    "a text of hidden": of("&lt;p style='color:#fff'&gt;a", _RSS + "<item><description>", "</description></item>"),
    "a text of pages": of("&lt;div&gt;", _RSS + "<item><description>", "</description></item>"),
    "CDATA": of("<![CDATA[a]]>", _RSS + "<item><description>", "</description></item>"),
    "XHTML": nested(
        "<div>",
        "</div>",
        "It rained.",
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><content type='xhtml'>",
        "</content></entry></feed>",
    ),
    "elements in elements": nested("<a>", "</a>", "", _RSS),
    "attributes": counted(" a%d='b'", _RSS + "<item", "/>"),
    "name spaces": counted("<a xmlns:b%d='c'/>", _RSS),
    "name spaces in name spaces": counted("<a xmlns:b%d='c'>", _RSS),
    "comments": of("<!-- a -->", _RSS),
    "a comment": of("-", _RSS + "<!--"),
    "instructions": of("<?a b?>", _RSS),
    "a billion laughs": _laughs("<rss><channel><item><description>"),
    "a long entity": _quadratic_entities("<rss><channel><item><description>"),
    "entities in attributes": lambda size: filled(
        b"&a;", size, b"<!DOCTYPE x [<!ENTITY a '" + b"b" * (size // 3) + b"'>]><rss><channel><item a='", b"'/>"
    ),
    "parameter entities": lambda size: filled(
        b"%a;", size, b"<!DOCTYPE x [<!ENTITY % a '<!-- b -->'>", b"]><rss/>"
    ),
    "entities declared": counted("<!ENTITY a%d 'b'>", "<!DOCTYPE rss [", "]><rss/>"),
    "attributes declared": counted("<!ATTLIST a b%d CDATA 'c'>", "<!DOCTYPE rss [", "]><rss><a/></rss>"),
    "defaults for elements": lambda size: (
        counted("<!ATTLIST a b%d CDATA 'c'>", "<!DOCTYPE rss [", "]><rss>")(size // 2) + filled(b"<a/>", size // 2)
    ),
    "models": of("(a,", "<!DOCTYPE rss [<!ELEMENT rss "),
    "unknown entities": of("&b;", _RSS),
    "other ends": of("<a></b>", _RSS),
    "angles": of("<", _RSS),
    "closing": of("</a>", _RSS),
    "records": of("<article><text>It rained.</text></article>", "<?xml version='1.0'?><a>"),
    "paragraphs": of("<p>It rained.</p>", "<?xml version='1.0'?><a>", "</a>"),
    "paragraphs in paragraphs": nested("<p>a", "</p>", "", "<?xml version='1.0'?><a>", "</a>"),
    "bodies in bodies": nested("<body>a<p/>", "</body>", "", "<?xml version='1.0'?><a>", "</a>"),
    "an agency's texts": of("<inlineData>a</inlineData>", "<newsItem><contentSet>", "</contentSet></newsItem>"),
    "an agency's texts in texts": nested("<inlineData>a", "</inlineData>", "", "<newsItem>", "</newsItem>"),
    "an agency's empty texts": nested("<inlineData><a/>", "</inlineData>", "", "<newsItem>", "</newsItem>"),
    "an agency's items in items": nested(
        "<newsItem><headline>a</headline><inlineData>a</inlineData>", "</newsItem>"
    ),
    "records in records": nested("<article>", "</article>", "", "<?xml version='1.0'?><a>"),
    "records in records, with a text": nested(
        "<article><text>a</text>", "</article>", "", "<?xml version='1.0'?><a>"
    ),
    "fields of a record": counted("<b%d>c</b%d>", "<?xml version='1.0'?><a><article>", "</article></a>"),
    "rows": of("<row/>", "<?xml version='1.0'?><a>"),
    "a sitemap": of("<url><loc>http://a.b/</loc></url>", "<?xml version='1.0'?><urlset>"),
    "sitemaps": of("<urlset>", "<?xml version='1.0'?>"),
    "sitemaps in sitemaps": nested("<urlset>", "</urlset>", "", "<?xml version='1.0'?>"),
    "titles": of("<title>a</title>", _RSS),
    "channels": of("<channel>", "<rss>"),
    "text": of("a ", _RSS),
    "a title of elements": of("<b>c</b>", _RSS + "<item><title>", "</title></item>"),
    "another charset": lambda size: filled(_ITEM.encode(), size, b"<?xml version='1.0' encoding='utf-7'?><rss>"),
    "UTF-16": lambda size: filled(_ITEM.encode("utf-16-le"), size, "\ufeff<rss>".encode("utf-16-le")),
}


# --- crawls, bundles ------------------------------------------------------------


def record(data: bytes, kind: str = "response", media_type: str = "text/html", more: str = "") -> bytes:
    """A record of a crawl."""
    if kind == "response":
        data = f"HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\n{more}\r\n".encode() + data
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: http://a.b/\r\nContent-Length: {len(data)}\r\n"
    return head.encode() + b"Content-Type: application/http; msgtype=response\r\n\r\n" + data + b"\r\n\r\n"


_ENGLISH = b"<html><body><p>" + _PROSE * 10 + b"</p>"


def _crawled(shape: Shape, packed: bool = False, more: str = "") -> Shape:
    def made(size: int) -> bytes:
        if not packed:
            return record(_ENGLISH + shape(size - len(_ENGLISH) - 500), more=more)
        return gzip.compress(record(_ENGLISH + shape(min(60_000_000, 900 * size)), more=more), 9)[:size]

    return made


_WARC: dict[str, Shape] = {
    "records": lambda size: filled(record(b"<p>a"), size),
    "records of pages": lambda size: filled(record(_ENGLISH), size),
    "records in gzip": lambda size: filled(gzip.compress(record(_ENGLISH)), size),
    "empty gzip members": lambda size: filled(gzip.compress(b""), size, gzip.compress(record(_ENGLISH))),
    "header fields": lambda size: filled(b"A: b\r\n", size, b"WARC/1.0\r\n", b"\r\n"),
    "one field": lambda size: filled(b"a", size, b"WARC/1.0\r\nA: ", b"\r\n\r\n"),
    "a long header of HTTP": lambda size: _crawled(of("a"), more="A: b\r\n" * (size // 7))(size // 2 * 3)[:size],
    "one line": lambda size: filled(b"a", size, b"WARC/1.0"),
    "a length of a billion": lambda size: filled(
        b"a",
        size,
        b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 99999999999\r\n\r\n"
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n",
    ),
    "a negative length": lambda size: filled(
        b"a", size, b"WARC/1.0\r\nWARC-Type: resource\r\nContent-Type: text/html\r\nContent-Length: -5\r\n\r\n"
    ),
    "a page": _crawled(of("<div>It rained.")),
    "a page, packed": _crawled(of("<div>It rained."), True),
    "tags, packed": _crawled(of("<a"), True),
    "spaces, packed": _crawled(of(" "), True),
    "paragraphs, packed": _crawled(of("<p>"), True),
    "pieces": _crawled(of("<p><p a")),
    "chunked": _crawled(of("1\r\na\r\n"), more="Transfer-Encoding: chunked\r\n"),
    "packed within": _crawled(of("a"), more="Content-Encoding: gzip\r\n"),
    "packed twice": lambda size: gzip.compress(
        record(gzip.compress(_ENGLISH + b" " * (200 * size), 9), more="Content-Encoding: gzip\r\n")
    ),
    "packed by brotli": _crawled(of("a"), more="Content-Encoding: br\r\n"),
    "line ends": lambda size: filled(b"\r\n", size, b"WARC/1.0\r\n"),
    "feeds": lambda size: record(_FEED["items in items"](size - 600), media_type="application/rss+xml"),
    "conversions": lambda size: record(of("It rained. ")(size - 600), "conversion"),
    "JSON": lambda size: record(_JSON["objects closed"](size - 600), media_type="application/json"),
}


def _members(data: bytes, name: str = "a%d.txt") -> Shape:
    def made(size: int) -> bytes:
        parts = size // (len(zlib.compress(data, 9)) + 100)
        return zipped(*[(name.replace("%d", str(number)), data) for number in range(parts)])

    return made


def _overlapping(size: int) -> bytes:
    """A ZIP archive whose entries all are one packed stream."""
    inside = zlib.compressobj(9, zlib.DEFLATED, -15)
    raw = b"a" * 2_000_000
    data = inside.compress(raw) + inside.flush()
    parts = (size - len(data) - 200) // 60
    names = [b"a%05d.txt" % number for number in range(parts)]
    fields = (zlib.crc32(raw), len(data), len(raw))
    local = (
        b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0"
        + b"".join(one.to_bytes(4, "little") for one in fields)
        + b"\x0a\0\0\0"
    )
    body = local + names[0] + data
    central = b"".join(
        b"PK\x01\x02\x14\0\x14\0\0\0\x08\0\0\0\0\0"
        + b"".join(one.to_bytes(4, "little") for one in fields)
        + b"\x0a\0"
        + b"\0" * 12
        + (0).to_bytes(4, "little")
        + name
        for name in names
    )
    count = parts.to_bytes(2, "little")
    end = (
        b"PK\x05\x06\0\0\0\0" + count + count + len(central).to_bytes(4, "little") + len(body).to_bytes(4, "little")
    )
    return body + central + end + b"\0\0"


def _doll(data: bytes, name: str, deep: int) -> bytes:
    for number in range(deep):
        data = zipped((name, data))
        name = f"a{number}.zip"
    return data


def tarred(*parts: tuple[str, bytes], mode: str = "w") -> bytes:
    """A tar archive of some parts."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as bundle:  # type: ignore[call-overload]
        for name, data in parts:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            bundle.addfile(info, io.BytesIO(data))
    return stream.getvalue()


_LARGE_PAGE = "<div>It rained. " * 1_000_000
_ZIP: dict[str, Shape] = {
    "members": _members(b"It rained."),
    "one name for all": lambda size: zipped(("a/../" * (size // 12) + "a.txt", b"It rained.")),
    "packed members": lambda size: zipped(
        *[(f"a{n}.txt.gz", gzip.compress(b"It rained. " * 40_000, 9)) for n in range(size // 200)]
    ),
    "documents, each packed": lambda size: zipped(
        *[(f"a{n}.docx", _docx(b"<w:p/>" * 80_000, True)) for n in range(size // 400)]
    ),
    "tables, each packed": lambda size: zipped(
        *[(f"a{n}.parquet", _parquet(_one_string(400_000, 9), **_ZSTD)(size)) for n in range(size // 1_200)]
    ),
    "crawls, each packed": lambda size: zipped(
        *[(f"a{n}.warc", gzip.compress(record(_ENGLISH + b" " * 400_000), 9)) for n in range(size // 900)]
    ),
    "members of 1 MB": _members(b"a" * 1_000_000),
    "members of one name": _members(b"It rained.", "a.txt"),
    "members in folders": _members(b"It rained.", "a/" * 100 + "%d.txt"),
    "overlapping": _overlapping,
    "one of 80 MB": lambda size: zipped(("a.txt", b"a" * 80_000_000)),
    "a page of 16 MB": lambda size: zipped(("a.html", _LARGE_PAGE.encode())),
    "tags in tags of 16 MB": lambda size: zipped(("a.html", b"<a" * 8_000_000)),
    "pages of 1 MB": lambda size: zipped(*[(f"a{n}.html", b"<div>It rained. " * 60_000) for n in range(20)]),
    "zips in zips": lambda size: _doll(b"a" * 10_000_000, "a.txt", 3),
    "documents packed": lambda size: zipped(("a.docx", _docx(b"<w:p/>" * 15_000_000, True))),
    "long names": lambda size: zipped((("a" * 60_000) + ".txt", b"It rained.")),
    "JSON packed": lambda size: zipped(("a.json", b"[" * 20_000_000)),
    "lines packed": lambda size: zipped(("a.jsonl", b'{"text":"a"}\n' * 1_000_000)),
    "CSV packed": lambda size: zipped(("a.csv", b"text\n" + b"a\n" * 5_000_000)),
    "a foot over and over": lambda size: filled(b"PK\x05\x06" + b"\0" * 18, size, b"PK\x03\x04"),
}
_TAR: dict[str, Shape] = {
    "members": lambda size: tarred(*[(f"a{n}.txt", b"It rained.") for n in range(size // 1_024 - 20)]),
    "long names": lambda size: tarred(("a" * (size - 12_000) + ".txt", b"It rained.")),
    "members, packed": lambda size: tarred(*[(f"a{n}.txt", b"It rained.") for n in range(4_000)], mode="w:xz"),
    "one of 80 MB": lambda size: tarred(("a.txt", b"a" * 80_000_000), mode="w:xz"),
    "a page of 16 MB": lambda size: tarred(("a.html", _LARGE_PAGE.encode()), mode="w:xz"),
    "zeros": lambda size: filled(b"\0", size, tarred(("a.txt", b"It rained."))[:1_536]),
    "zeros, packed": lambda size: gzip.compress(tarred(("a.txt", b"a"))[:1_024] + b"\0" * 90_000_000, 9),
}


def _packed(pack: Callable[[bytes], bytes]) -> dict[str, Shape]:
    """What any packing holds: a text, a page, lines and an array that unpack to a hundred times the size."""
    return {
        "a text of 4 MB": lambda size: pack(b"It rained. " * 400_000),
        "a page of 16 MB": lambda size: pack(_LARGE_PAGE.encode()),
        "spaces of 200 MB": lambda size: pack(b" " * 200_000_000)[:size],
        "paragraphs of 15 MB": lambda size: pack(b"<p>" * 5_000_000),
        "a line of 200 MB": lambda size: pack(b'{"text":"' + b"a" * 200_000_000)[:size],
        "links of 15 MB": lambda size: pack(b"<p><a href=b>a</a> " * 800_000),
        "members": lambda size: filled(pack(b"a" * 1_000), size),
        "lines": lambda size: pack(b'{"text":"a"}\n' * 1_000_000),
        "rows": lambda size: pack(b"text\n" + b"a\n" * 5_000_000),
        "an array": lambda size: pack(b'[{"text":"a"}' + b',{"text":"a"}' * 1_000_000 + b"]"),
        "entries": lambda size: pack(_RSS.encode() + _ITEM.encode() * 200_000),
        "mails": lambda size: pack(_MBOX["mails"](10_000_000)),
        "garbage after it": lambda size: filled(b"\xff", size, pack(b"It rained. " * 9)),
        "zeros after it": lambda size: filled(b"\0", size, pack(b"It rained. " * 9)),
        "tables of 15 MB": lambda size: pack(b"<table><tr><td>" * 1_000_000),
    }


def _credited(shape: Shape) -> Shape:
    """In gzip, as long as a file of that size may unpack to: the name in its head fills the rest of the size."""

    def made(size: int) -> bytes:
        packed = gzip.compress(shape(16 * size + 400_000), 9)
        if len(packed) > size:
            packed = gzip.compress(shape(size), 9)
        name = b"a" * max(0, size - len(packed) - 1) + b"\0"
        return packed[:3] + b"\x08" + packed[4:10] + name + packed[10:]

    return made


def in_zstd(data: bytes) -> bytes:
    """Packed by zstd."""
    import pyarrow as pa

    return bytes(pa.compress(data, codec="zstd", asbytes=True))


_SUBTITLES: dict[str, Shape] = {
    "cues": of("1\n00:01.000 --> 00:02.000\n- It rained.\n\n", "WEBVTT\n\n"),
    "times": of("00:01.000 --> 00:02.000\n", "WEBVTT\n\n"),
    "arrows": of("-->", "WEBVTT\n\n00:01.000 "),
    "digits": of("1", "WEBVTT\n\n"),
    **{f"a line of {sign}": of(sign, "WEBVTT\n\n00:01.000 --> 00:02.000\n") for sign in "<>-([{&♪ "},
    "brackets and voices": of("<v a", "WEBVTT\n\n00:01.000 --> 00:02.000\n"),
    **{f"text, {name}": shape for name, shape in _texts().items()},
}


HOSTILE: dict[str, tuple[str, Mapping[str, Shape]]] = {
    "text": (".txt", _texts()),
    "markdown": (".md", {**_MARKDOWN, **_texts()}),
    "html": (".html", {**_HTML, **{f"text, {name}": page(shape) for name, shape in _texts().items()}}),
    "docx": (".docx", _in_bundle(_docx, _DOCX)),
    "odt": (".odt", _in_bundle(_odt, _ODT)),
    "epub": (".epub", {**_in_bundle(_epub, _CHAPTERS), "one chapter over and over": _same_chapter}),
    "pdf": (".pdf", _PDF),
    "rtf": (".rtf", _RTF),
    "subtitles": (".vtt", _SUBTITLES),
    "eml": (".eml", _MAIL),
    "mhtml": (".mhtml", _MHTML),
    "mbox": (
        ".mbox",
        {
            **_MBOX,
            **{f"of a mail: {name}": _in_mailbox(shape) for name, shape in _MAIL.items()},
        },
    ),
    "json": (".json", _JSON),
    "jsonl": (".jsonl", _JSONL),
    "csv": (".csv", _CSV),
    "parquet": (".parquet", _PARQUET),
    "feed": (".xml", _FEED),
    "warc": (".warc", _WARC),
    "zip": (".zip", _ZIP),
    "tar": (".tar", _TAR),
    "gz": (".gz", _packed(lambda data: gzip.compress(data, 9))),
    "bz2": (".bz2", _packed(lambda data: bz2.compress(data, 9))),
    "xz": (".xz", _packed(lambda data: lzma.compress(data))),
    "zst": (".zst", _packed(in_zstd)),
}
_STREAMED = "text markdown html rtf eml mhtml mbox json jsonl csv feed warc".split()
HOSTILE |= {
    f"{form} in gz": (
        f"{HOSTILE[form][0]}.gz",
        {name: _credited(shape) for name, shape in HOSTILE[form][1].items()},
    )
    for form in _STREAMED
}
"""Of each format, and of each packing, the ending of its files and what is hostile in it."""
