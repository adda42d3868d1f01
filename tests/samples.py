"""One story written in every input format: what a reader must make of each is the same text.

A format without a sample here fails `tests/test_formats.py`.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import tarfile
import zipfile
from collections.abc import Callable
from html import escape

PARAGRAPHS = (
    "The only mill in Tolland will close in March after ninety years, its owners said on Tuesday.",
    "“We heard it on the radio,” said Marjorie Penn, who has worked there since 1998. “Nobody told us first.”",
    "About 230 people work in the mill. The state said that it would look for a buyer, but a spokesman, Alan "
    "Reyes, gave no date. The café across the street has been for sale since May.",
)
TEXT = "\n\n".join(PARAGRAPHS)
PUBLISHED = "2026-01-05T06:07:08Z"


def html() -> str:
    body = "".join(f"<p>{escape(paragraph)}</p>\n" for paragraph in PARAGRAPHS)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Mill</title>'
        f'<meta property="article:published_time" content="{PUBLISHED}"></head><body>'
        f"<nav><a href='/'>Home</a></nav><article>{body}</article><script>x()</script></body></html>"
    )


def _zipped(*parts: tuple[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, data in parts:
            bundle.writestr(name, data, zipfile.ZIP_STORED if name == "mimetype" else None)
    return stream.getvalue()


def docx(body: str = "", styles: str = "") -> bytes:
    """Runs, an accepted insertion, deleted and hidden text, a text box's fallback, a note, a content control."""
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    first, second, third = map(escape, PARAGRAPHS)
    cut = first.index("close")
    body = body or (
        f"<w:p><w:pPr><w:jc/></w:pPr><w:r><w:t>{first[:10]}</w:t></w:r><w:r><w:t xml:space='preserve'>"
        f"{first[10:cut]}</w:t></w:r><w:del><w:r><w:delText>shut </w:delText></w:r></w:del><w:ins><w:r><w:t>"
        f"{first[cut:]}</w:t></w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t>Hidden.</w:t></w:r></w:p>"
        f"<w:sdt><w:sdtContent><w:p><w:r><w:t>{second}</w:t><w:footnoteReference w:id='2'/></w:r></w:p>"
        f"</w:sdtContent></w:sdt><w:tbl><w:tr><w:tc><w:p><w:r><w:t>{third}</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    )
    return _zipped(
        ("[Content_Types].xml", "<Types/>"),
        ("word/header1.xml", f"<w:hdr xmlns:w='{space}'><w:p><w:r><w:t>Head</w:t></w:r></w:p></w:hdr>"),
        ("word/styles.xml", f"<w:styles xmlns:w='{space}'>{styles}</w:styles>"),
        ("word/document.xml", f"<w:document xmlns:w='{space}'><w:body>{body}</w:body></w:document>"),
    )


def odt() -> bytes:
    first, second, third = map(escape, PARAGRAPHS)
    spaces = "".join(
        f" xmlns:{name}='urn:oasis:names:tc:opendocument:xmlns:{name}:1.0'" for name in ("office", "text")
    )
    body = (
        "<text:tracked-changes><text:p>Gone.</text:p></text:tracked-changes>"
        f"<text:h>{first[:10]}<text:span>{first[10:]}</text:span></text:h>"
        f"<text:p>{second.replace(' ', '<text:s/>', 1)}<text:note><text:p>A note.</text:p></text:note></text:p>"
        f"<text:list><text:list-item><text:p>{third}</text:p></text:list-item></text:list>"
    )
    content = f"<office:document-content{spaces}><office:body><office:text>{body}</office:text></office:body>"
    return _zipped(
        ("mimetype", "application/vnd.oasis.opendocument.text"),
        ("content.xml", f"{content}</office:document-content>"),
    )


def epub() -> bytes:
    def page(*paragraphs: str) -> str:
        inside = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
        return (
            f"<html xmlns='http://www.w3.org/1999/xhtml'><head><title>x</title></head><body>{inside}</body></html>"
        )

    book = (
        "<package xmlns='http://www.idpf.org/2007/opf'><metadata xmlns:dc='http://purl.org/dc/elements/1.1/'>"
        "<dc:title>Mill</dc:title></metadata><manifest>"
        "<item id='n' href='nav.xhtml' media-type='application/xhtml+xml' properties='nav'/>"
        "<item id='b' href='text/b%20b.xhtml' media-type='application/xhtml+xml'/>"
        "<item id='a' href='text/a.xhtml' media-type='application/xhtml+xml'/></manifest>"
        "<spine><itemref idref='n'/><itemref idref='a'/><itemref idref='b'/></spine></package>"
    )
    return _zipped(
        ("mimetype", "application/epub+zip"),
        (
            "META-INF/container.xml",
            "<container xmlns='urn:oasis:names:tc:opendocument:xmlns:container'><rootfiles>"
            "<rootfile full-path='OEBPS/book.opf'/></rootfiles></container>",
        ),
        ("OEBPS/book.opf", book),
        ("OEBPS/nav.xhtml", page("Contents")),
        ("OEBPS/text/b b.xhtml", page(*PARAGRAPHS[2:])),
        ("OEBPS/text/a.xhtml", page(*PARAGRAPHS[:2])),
    )


def pdf(pages: tuple[tuple[str, ...], ...] = (), also: bytes = b"") -> bytes:
    """A PDF of lines as a printer sets them: a running head, a page number, words cut at the lines' ends."""
    pages = pages or (
        (
            "The Tolland Courier",
            "The only mill in Tolland will close in March after ninety years, its own-",
            "ers said on Tuesday.",
            "",
            "“We heard it on the radio,” said Marjorie Penn, who has worked there since",
            "1998. “Nobody told us first.”",
            "1",
        ),
        (
            "The Tolland Courier",
            "About 230 people work in the mill. The state said that it would look for a",
            "buyer, but a spokesman, Alan Reyes, gave no date. The café across the street",
            "has been for sale since May.",
            "2",
        ),
    )
    kids = " ".join(f"{4 + 2 * at} 0 R" for at in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for at, lines in enumerate(pages):
        shown = [line.encode("cp1252").replace(b"(", rb"\(").replace(b")", rb"\)") for line in lines]
        stream = b"BT /F1 11 Tf 14 TL 60 780 Td " + b" ".join(b"(" + line + b") Tj T*" for line in shown) + b" ET"
        stream += b" " + also if at == len(pages) - 1 else b""
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * at} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode(),
            f"<< /Length {len(stream)} >>\nstream\n".encode() + stream + b"\nendstream",
        ]
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, data in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + data + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def rtf() -> bytes:
    def written(text: str) -> str:
        return "".join(char if char.isascii() else f"\\u{ord(char)}?" for char in text)

    body = "\\par\\par\n".join(map(written, PARAGRAPHS)).replace("mill", "{\\b mill}", 1)
    head = r"{\rtf1\ansi\ansicpg1252{\fonttbl\f0\fswiss Helvetica;}{\info{\title Mill}}"
    return f"{head}\\f0\\pard {body}\\par}}".encode("ascii")


def eml() -> bytes:
    """A newsletter: a plain version that only says where to look, the article as a page, an attachment."""
    part = base64.encodebytes(html().encode("utf-8")).decode("ascii")
    return (
        "Return-Path: <news@example.org>\nFrom: News <news@example.org>\nTo: you@example.org\nSubject: Mill\n"
        "Date: Mon, 05 Jan 2026 06:07:08 +0000\nMIME-Version: 1.0\n"
        'Content-Type: multipart/mixed; boundary="M"\n\n--M\nContent-Type: multipart/alternative; boundary="A"\n\n'
        "--A\nContent-Type: text/plain; charset=utf-8\n\nRead it in your browser.\n"
        "--A\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
        f"{part}\n--A--\n--M\nContent-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\n"
        "Else.\n--M--\n"
    ).encode("ascii")


def mhtml() -> bytes:
    import quopri

    page = quopri.encodestring(html().encode("utf-8")).decode("ascii")
    return (
        "From: <Saved by Blink>\nSnapshot-Content-Location: https://example.org/mill\nSubject: Mill\n"
        "Date: Tue, 3 Mar 2026 12:00:00 -0000\nMIME-Version: 1.0\n"
        'Content-Type: multipart/related; type="text/html"; boundary="B"\n\n'
        f"--B\nContent-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n{page}\n"
        "--B\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--B--\n"
    ).encode("ascii")


def record() -> dict[str, object]:
    return {"id": "mill", "title": "Mill", "published": PUBLISHED, "text": TEXT}


def newsapi() -> bytes:
    article = {
        "source": {"id": None, "name": "The Tolland Courier"},
        "title": "Mill",
        "description": "A mill closes.",
        "url": "https://example.org/mill",
        "publishedAt": PUBLISHED,
        "content": "".join(f"<p>{escape(paragraph)}</p>" for paragraph in PARAGRAPHS),
    }
    return json.dumps({"status": "ok", "totalResults": 1, "articles": [article]}, indent=1).encode()


def table() -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerows([["Id", "Headline", "Date", "Body"], ["mill", "Mill", PUBLISHED, TEXT]])
    return stream.getvalue().encode()


def parquet() -> bytes:
    import pyarrow
    import pyarrow.parquet

    stream = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist([record()]), stream)
    return stream.getvalue()


def feed() -> bytes:
    body = escape("".join(f"<p>{escape(paragraph)}</p>" for paragraph in PARAGRAPHS))
    return (
        "<?xml version='1.0'?><!-- made --><rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'>"
        "<channel><title>The Tolland Courier</title><link>https://example.org</link><item><title>Mill</title>"
        "<link>https://example.org/mill</link><guid isPermaLink='false'>mill</guid>"
        "<pubDate>Mon, 05 Jan 2026 06:07:08 GMT</pubDate><description>A mill closes.</description>"
        f"<content:encoded>{body}</content:encoded></item></channel></rss>"
    ).encode()


def warc() -> bytes:
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    stream = io.BytesIO()
    writer = WARCWriter(stream, gzip=True)

    def answer(address: str, kind: str, data: bytes, status: str = "200 OK") -> None:
        headers = StatusAndHeaders(status, [("Content-Type", kind)], protocol="HTTP/1.1")
        payload = io.BytesIO(data)
        writer.write_record(writer.create_warc_record(address, "response", payload, http_headers=headers))

    writer.write_record(writer.create_warcinfo_record("x.warc.gz", {"software": "test"}))
    answer("https://example.org/mill.png", "image/png", b"\x89PNG\r\n\x1a\n")
    answer("https://example.org/gone", "text/html", b"<p>Gone.</p>", "404 Not Found")
    answer("https://example.org/mill", "text/html; charset=utf-8", html().encode())
    return stream.getvalue()


def subtitles() -> bytes:
    """Captions of seven words, some shown again as they roll, with a sound, a voice's tag, and pauses."""
    cues, second = ["WEBVTT - Mill\nKind: captions", "NOTE made by hand"], 0
    for paragraph in PARAGRAPHS:
        words, last = paragraph.split(), ""
        for at in range(0, len(words), 7):
            line = escape(" ".join(words[at : at + 7]), quote=False)
            times = f"00:{second:02}.000 --> 00:{second + 1:02}.500 align:start"
            cues.append(f"{len(cues)}\n{times}\n{last}<i>{line}</i>")
            second, last = second + 2, f"{line}\n"
        cues.append(f"00:{second:02}.000 --> 00:{second:02}.500\n[bell rings]")
        second += 5
    return "\n\n".join(cues).encode()


def tar() -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as bundle:
        for name, data in (("news/mill.txt", TEXT.encode()), ("news/.DS_Store", b"\x00\x01")):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            bundle.addfile(info, io.BytesIO(data))
    return stream.getvalue()


MODULES = {"documents": ("pypdf", "striprtf.striprtf", "warcio.archiveiterator"), "parquet": ("pyarrow",)}
"""The modules that the formats of each extra import."""

SAMPLES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "text": (".txt", TEXT.encode),
    "markdown": (".md", lambda: TEXT.replace("only mill", "**only** mill").encode()),
    "html": (".html", lambda: html().encode()),
    "pdf": (".pdf", pdf),
    "docx": (".docx", docx),
    "odt": (".odt", odt),
    "epub": (".epub", epub),
    "rtf": (".rtf", rtf),
    "subtitles": (".vtt", subtitles),
    "eml": (".eml", eml),
    "mhtml": (".mhtml", mhtml),
    "mbox": (".mbox", lambda: b"From news@example.org Mon Jan  5 06:07:08 2026\n" + eml()),
    "json": (".json", newsapi),
    "jsonl": (".jsonl", lambda: json.dumps(record()).encode() + b"\n"),
    "csv": (".csv", table),
    "parquet": (".parquet", parquet),
    "feed": (".rss", feed),
    "warc": (".warc.gz", warc),
    "zip": (".zip", lambda: _zipped(("news/", b""), ("news/mill.docx", docx()), ("__MACOSX/._mill.docx", b"x"))),
    "tar": (".tar.gz", tar),
}
"""Of each format in `spindetect.read.formats` the ending and what gives the story in it."""
