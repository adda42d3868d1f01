"""Inputs made to hold a reader up: time grows with their length; what its size doesn't explain is an error."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import random
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path

import pyarrow.parquet
import pytest
from hostile_inputs import HOSTILE, counted, in_zstd, tarred, zipped
from samples import SAMPLES

from spindetect.archive.inputs import record_of, unread_in
from spindetect.archive.records import Record
from spindetect.errors import UnreadableArticle
from spindetect.memory import check_memory, limited
from spindetect.read.article import article_from_bytes, article_from_text
from spindetect.read.boilerplate import boilerplate_marks
from spindetect.read.entries import read_member
from spindetect.read.format import BadRecord, Member
from spindetect.read.unpacking import _ALWAYS, piped
from spindetect.settings import Settings

_LARGEST = 1_000_000  # characters

# What took the square of the length, or more, before it was mended.
MENDED = (
    *(("rtf", name) for name in ("fonts", "fonts with charsets", "fonts that end", "links open")),
    *(("rtf", name) for name in ("a charset of digits", "one number")),
    *(("eml", name) for name in ("parameters", "parameters in pieces", "parameters, quotes")),
    ("mbox", "of a mail: parameters"),
    ("html", "tags in tags"),
    ("html", "style of a colour"),
    ("odt", "spaces, a number"),
)
# Of each format what is slowest now.
WORST = (
    *(("eml", name) for name in ("digests", "encoded words in a row", "parts with long fields", "parts in parts")),
    ("mhtml", "parts"),
    *(("text", name) for name in ("soft ends", "Latin-1", "at signs", "combining marks")),
    *(("markdown", name) for name in ("links in links", "labels")),
    *(("html", name) for name in ("entities declared", "rules for elements", "attributes")),
    *(("docx", name) for name in ("angles", "name spaces, each other", "a long entity", "a billion laughs")),
    *(("odt", name) for name in ("spans", "elements in elements")),
    *(("epub", name) for name in ("rules for elements", "tags in tags")),
    *(("json", name) for name in ("items, empty", "objects around a text", "fields")),
    *(("csv", name) for name in ("an open quote", "columns and rows")),
    *(("feed", name) for name in ("items in items, with a text", "name spaces in name spaces", "a long entity")),
    *(("feed", name) for name in ("entities in attributes", "a billion laughs", "defaults for elements")),
    *(("pdf", name) for name in ("texts", "hexadecimal")),
    *(("warc", name) for name in ("records of pages", "header fields")),
)


def read(form: str, data: bytes) -> list[Record | BadRecord]:
    """What a reading process and a worker make of a file."""
    found = []
    ending = (HOSTILE.get(form) or SAMPLES[form])[0]
    for item in unread_in(BytesIO(data), f"x{ending}", "x", None):
        record = record_of(item, {}, _LARGEST)
        if isinstance(record, Record):
            article_from_text(record.text or "", record.name)
        found.append(record)
    return found


def seconds(form: str, data: bytes) -> float:
    start = time.process_time()
    read(form, data)
    return time.process_time() - start


@pytest.mark.slow
@pytest.mark.parametrize(
    ("form", "name", "size"), [*((*one, 12_000) for one in MENDED), *((*one, 3_000) for one in WORST)]
)
def test_four_times_the_length_takes_no_more_than_some_four_times_as_long(form: str, name: str, size: int) -> None:
    is_linear(form, HOSTILE[form][1][name], size)


@pytest.mark.slow
@pytest.mark.parametrize("form", SAMPLES)
def test_of_every_format_the_sample_over_and_over_or_without_an_end_is_read_as_soon(form: str) -> None:
    whole = SAMPLES[form][1]()
    half = len(whole) // 2
    is_linear(form, lambda size: whole * (size // len(whole) + 1), 12_000)
    is_linear(form, lambda size: whole[:half] + whole[half : half + 1] * size, 12_000)


def is_linear(form: str, shape: Callable[[int], bytes], size: int) -> None:
    longer, limit = shape(4 * size), 8 * max(seconds(form, shape(size)), 0.03)
    assert any(seconds(form, longer) < limit for _ in range(3))  # a machine at other work is slow once, not thrice


@pytest.mark.parametrize(("form", "name"), [("docx", "paragraphs, packed"), ("odt", "angles, packed")])
def test_a_document_that_unpacks_to_more_than_documents_do_is_an_error(form: str, name: str) -> None:
    [found] = read(form, HOSTILE[form][1][name](20_000))
    assert isinstance(found, BadRecord) and "unpacks to far more than documents do" in found.reason


@pytest.mark.parametrize(
    "name", ["forms that multiply", "pages of one content", "texts, packed", "a tree that doubles"]
)
@pytest.mark.slow
def test_a_pdf_that_draws_more_than_its_size_explains_is_an_error(name: str) -> None:
    with pytest.raises(UnreadableArticle, match=r"draws far more than its size|LimitReached"):
        article_from_bytes(HOSTILE["pdf"][1][name](100_000), "x.pdf")


def test_no_hostile_input_is_larger_than_it_may_be() -> None:
    for form in ("rtf", "eml", "json", "feed", "docx", "pdf"):
        for name, shape in HOSTILE[form][1].items():
            if "packed" not in name and "filter" not in name:
                assert len(shape(20_000)) <= 24_000 or "tree" in name or "over and over" in name, (form, name)


@pytest.mark.parametrize("data", [b"\xb4", b"\xb4{", b"\xff\xfe\xff", b"\x00\x00\x00[\xff\xff\xff\xff"])
def test_json_that_begins_with_no_text_is_an_error_of_its_own(data: bytes) -> None:
    assert all(isinstance(one, BadRecord) for one in read("json", data))


def test_a_parser_without_memory_is_not_taken_for_damage() -> None:
    class NoMemory(Exception):
        code = 2

    with pytest.raises(MemoryError):
        check_memory(NoMemory())
    check_memory(ValueError())


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux")
def test_xml_beyond_the_memory_limit_is_a_memory_error() -> None:
    # In a process of its own: one that has given memory back has some left below the limit.
    with ProcessPoolExecutor(1, get_context("spawn")) as pool, pytest.raises(MemoryError):
        pool.submit(read_in_little_memory).result()


def read_in_little_memory() -> None:
    document = HOSTILE["docx"][1]["paragraphs"](1_900_000)
    with limited(30_000_000):
        read("docx", document)


# --- what is packed ---------------------------------------------------------------------


@pytest.mark.parametrize("ending", [".txt", ".html", ".jsonl", ".csv", ".mbox"])
@pytest.mark.parametrize(
    "pack", [gzip.compress, bz2.compress, lzma.compress, in_zstd], ids=lambda pack: pack.__module__
)
def test_what_unpacks_to_far_more_than_articles_do_is_told(pack: Callable[[bytes], bytes], ending: str) -> None:
    data = pack(b'{"text":"It rained."}\n' * 40_000)
    *some, last = unread_in(BytesIO(data), f"x{ending}", "x", None)
    assert isinstance(last, BadRecord) and "far more than articles do" in last.reason and len(some) < 5_000


@pytest.mark.parametrize("inner", ["a.txt", "a.txt.gz", "a.jsonl.gz", "a.zip", "a.tar.gz"])
def test_packed_files_in_a_packed_file_share_what_it_may_unpack_to(inner: str) -> None:
    data = b"It rained. " * 30_000
    if inner.endswith(".zip"):
        data = zipped(("b.txt", data))
    elif ".tar" in inner:
        data = tarred(("b.txt", data))
    data = gzip.compress(data) if inner.endswith(".gz") else data
    found = read("zip", zipped(*[(f"{number:02}{inner}", data) for number in range(9)]))
    assert len(found) < 5 and isinstance(found[-1], BadRecord) and "far more than articles" in found[-1].reason


def test_a_credited_file_is_read_to_its_end_and_a_byte_more_is_not() -> None:
    size = _ALWAYS + Settings().unpack_times * 1_000
    for more in (0, 5_000):
        data = gzip.compress(b"a " * ((size + more) // 2), 9)
        name = b"a" * (1_000 - len(data) - 1) + b"\0"
        [found] = read("gz", data[:3] + b"\x08" + data[4:10] + name + data[10:])
        assert isinstance(found, BadRecord if more else Record)


@pytest.mark.parametrize("name", ["mails in parts", "digests", "parts in pieces"])
def test_a_mail_of_more_parts_than_mails_have_is_told_soon(name: str) -> None:
    piece = 'Content-Type: multipart/mixed; boundary*0="a%d"\n\n--a%d\n'
    pieces = counted(piece, "From: a\nSubject: b\n")
    data = pieces(200_000) if name == "parts in pieces" else HOSTILE["eml"][1][name](1_000_000)
    begun = time.process_time()
    [found] = read("eml", data)
    assert isinstance(found, BadRecord) and "than mails do" in found.reason and time.process_time() - begun < 1


@pytest.mark.parametrize("line", ["--- a/file_{0}.c", "--", "-- {0}", "--------", "--a{0}", "--b"])
def test_a_mail_in_parts_may_have_any_number_of_lines_that_begin_like_its_parts(line: str) -> None:
    head = 'From: a\nSubject: b\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="a"\n\n--a\n\n'
    lines = [line.format(number) for number in range(3_000)]
    [found] = read("eml", (head + "\n".join([*lines, "It rained.", "", "--a--", *lines])).encode())
    assert isinstance(found, Record) and found.text and found.text.count("--") >= 3_000 and "rained" in found.text


def test_what_lies_in_lists_and_objects_counts_against_what_a_file_may_unpack_to() -> None:
    stream = BytesIO()
    table = pyarrow.table({"text": ["It rained."] * 30, "more": [[["y" * 1_000] * 500]] * 30})
    pyarrow.parquet.write_table(table, stream, compression="zstd")
    *some, last = unread_in(BytesIO(stream.getvalue()), "x.parquet", "x", None)
    assert len(some) < 3 and isinstance(last, BadRecord) and "far more than articles do" in last.reason


def test_a_page_of_a_few_tags_is_read_without_a_search() -> None:
    data = b'{"text":"<html><nav>Home</nav><p class=a>It rained.</p><script>x</script>"}\n' * 1_000
    begun = time.process_time()
    found = read("jsonl", data)
    assert {one.text for one in found if isinstance(one, Record)} == {"It rained."} and len(found) == 1_000
    assert time.process_time() - begun < 1.5


@pytest.mark.parametrize("name", ["zip", "parquet"])
@pytest.mark.parametrize("packed", [False, True])
def test_what_is_read_from_its_end_does_not_come_through_a_pipe(name: str, packed: bool) -> None:
    [write] = [write for sample, (_, write) in SAMPLES.items() if sample == name][:1]
    data = gzip.compress(write()) if packed else write()
    [found] = unread_in(piped(BytesIO(data).read), f"x.{name}{'.gz' if packed else ''}", "x", None)
    assert isinstance(found, BadRecord) and "is read from its end" in found.reason and "Save it" in found.reason


def test_a_file_that_packs_better_is_read_whole_if_that_is_asked_for() -> None:
    data = in_zstd(b'{"text":"It rained all day, and nobody went out."}\n' * 20_000)
    few, most = [
        list(unread_in(BytesIO(data), "x.jsonl.zst", "x", None, Settings(unpack_times=times)))
        for times in (16, 100_000)
    ]
    assert len(data) < 5_000 and isinstance(few[-1], BadRecord) and "--unpack-times" in few[-1].reason
    assert len(most) == 20_000 and not isinstance(most[-1], BadRecord)


def test_honest_packed_files_are_read_whole() -> None:
    chosen = random.Random(18)
    words = ["".join(chosen.choices("etaoinshrdlu", k=7)) for _ in range(2_000)]
    lines = [json.dumps({"id": n, "text": " ".join(chosen.choices(words, k=200))}) for n in range(700)]
    data = "\n".join(lines).encode()
    for pack in (gzip.compress, bz2.compress):
        found = list(unread_in(BytesIO(pack(data)), "x.jsonl", "x", None))
        assert len(data) > 1_000_000 and len(found) == 700 and not any(isinstance(one, BadRecord) for one in found)
    some = [(f"{number}.jsonl.gz", gzip.compress(data[:300_000])) for number in range(4)]
    for bundle, name in ((tarred(*some), "x.tar"), (zipped(*some), "x.zip")):
        found = list(unread_in(BytesIO(bundle), name, "x", None))
        assert len(found) > 700 and sum(isinstance(one, BadRecord) for one in found) == 4  # each is cut in a line
    fetched = list(read_member(Member("x", "x.jsonl.gz", gzip.compress(data), "application/gzip"), 1_000_000))
    assert len(fetched) == 700


# --- what is long -----------------------------------------------------------------------


def test_an_endless_page_is_taken_as_it_shows() -> None:
    article = article_from_bytes(b"<html><title>T</title><body><p>It rained.</p>" + b"<br>" * 41_000, "x.html")
    assert article.text == "It rained." and "all visible text" in article.warnings[0]
    field = json.dumps({"text": "<p>It rained.</p>" + "<i hidden></i>" * 41_000}).encode()
    [found] = read("json", field)
    assert isinstance(found, Record) and found.text == "It rained."


def test_of_more_lines_than_articles_have_none_is_boilerplate() -> None:
    text = "It rained all day.\n" * 30 + "Leave a Reply\n"
    assert [mark.reason for mark in boilerplate_marks(text)] == ["comment form"]
    assert boilerplate_marks(text + "It rained all day.\n" * 20_000) == []


@pytest.mark.skipif(sys.platform != "linux", reason="the benchmark reads the peak of memory from /proc")
def test_figures_of_hostile_inputs_do_not_name_the_folder_they_lay_in(tmp_path: Path) -> None:
    from hostile import measured

    row = measured("x.txt", b"\x00\x01\x02" * 900, tmp_path)
    assert "x.txt" in row["said"] and str(tmp_path) not in row["said"]
