"""What holds of everything spindetect makes, whatever it was made of; hypothesis and the fuzzer both ask these.

Each function makes something of an input, checks it, and gives it back. `spindetect.errors` may be raised
where the input is refused; anything else is a bug.
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
import tempfile
from functools import cache
from pathlib import Path

import jsonschema
import lxml.html
import numpy as np
import pytest
from rich.cells import cell_len

import spindetect
from spindetect import Article, Comparison, Detector
from spindetect.archive.inputs import BadRecord, read_records
from spindetect.archive.records import Record, pack, unpack
from spindetect.errors import UnreadableArticle
from spindetect.findings import RELATIONS
from spindetect.read.article import article_from_bytes, article_from_text
from spindetect.read.times import parse_time
from spindetect.records import Document
from spindetect.report.html.page import report_page
from spindetect.report.tables import CSV_COLUMNS, FORMATS, as_text
from spindetect.report.terminal import render
from spindetect.scan.rows import COLUMNS, as_line, failed_row
from spindetect.score.features import FEATURES, OF_MACHINE, OF_REUSE
from spindetect.score.verdict import PRIOR_LOG_ODDS
from spindetect.segment.document import segment
from spindetect.unicode import known_everywhere, printable

SCHEMA = json.loads((Path(spindetect.__file__).parent / "report" / "report.schema.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
ENDINGS = (".txt", ".md", ".html", "")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_LEAST_WIDTH = 40


@cache
def detector() -> Detector:
    """The shipped model, loaded once."""
    return Detector.load()


# --- reading --------------------------------------------------------------------


def check_reading(data: bytes, ending: str) -> Article | None:
    """Read bytes as a file with this ending; None where they are refused as no article."""
    try:
        article = article_from_bytes(data, f"article{ending}")
    except UnreadableArticle as error:
        assert f"article{ending}" in str(error) and str(error).endswith(".")
        return None
    return check_article(article)


def check_article(article: Article) -> Article:
    """Marks are sorted, don't overlap and lie in the text, which has no byte-order mark at its front."""
    assert not article.text.startswith("\ufeff") or article.encoding is None
    ends = [0]
    for mark in article.marks:
        assert ends[-1] <= mark.span.start < mark.span.end <= len(article.text)
        assert mark.reason
        ends.append(mark.span.end)
    assert bool(article.text.strip()) or article.warnings
    return article


# --- segmenting -----------------------------------------------------------------


def check_segmenting(article: Article) -> Document:
    """Tokens and sentences cover the text in order and point into it as read."""
    document = segment(article, detector().model.vocabulary)
    text = known_everywhere(article.text)
    assert len(document.words) == len(document.starts) == len(document.quoted)
    end = 0
    for word, start in zip(document.words, document.starts, strict=True):
        assert start >= end and word.text
        assert text[start : start + len(word.text)] == word.text
        end = start + len(word.text)
    assert end <= len(text)
    edges = [0, *(sentence.last for sentence in document.sentences)]
    assert [sentence.first for sentence in document.sentences] == edges[:-1]
    assert edges[-1] == len(document.words)
    for sentence in document.sentences:
        assert sentence.first < sentence.last
        assert sentence.span == document.span(sentence.first, sentence.last)
    assert 0 <= document.word_count <= len(document.words)
    return document


# --- comparing ------------------------------------------------------------------


def check(comparison: Comparison) -> Comparison:
    """Probabilities, sums, spans and reasons, and the report's schema."""
    suspect, reference = comparison.suspect.article.text, comparison.reference.article.text
    _check_score(comparison)
    for pair in comparison.alignment:
        assert 0 <= pair.suspect.start < pair.suspect.end <= len(suspect)
        assert 0 <= pair.reference.start < pair.reference.end <= len(reference)
        assert 0.0 <= pair.similarity <= 1.0
        for item in pair.substitutions:
            for phrase, whole, text in (
                (item.suspect, pair.suspect, suspect),
                (item.reference, pair.reference, reference),
            ):
                assert whole.start <= phrase.span.start < phrase.span.end <= whole.end
                assert phrase.span.of(text) == phrase.text and phrase.text
            assert item.reason
        for spans, whole in ((pair.added, pair.suspect), (pair.dropped, pair.reference)):
            assert all(whole.start <= span.start < span.end <= whole.end for span in spans)
    for passage in comparison.passages:
        assert 0 <= passage.suspect.start < passage.suspect.end <= len(suspect)
        assert 0 <= passage.reference.start < passage.reference.end <= len(reference)
    if comparison.coverage >= 0.5:
        assert comparison.passages
    assert comparison.alignment or not comparison.coverage

    report = comparison.to_dict()
    VALIDATOR.validate(report)
    assert json.loads(json.dumps(report, allow_nan=False)) == report
    return comparison


def _check_score(comparison: Comparison) -> None:
    """The score, its relations and what adds up to it."""
    assert tuple(comparison.relations) == RELATIONS
    assert all(0.0 <= value <= 1.0 for value in comparison.relations.values())
    assert sum(comparison.relations.values()) == pytest.approx(1.0)
    assert 0.0 <= comparison.score <= 100.0 and 0.0 <= comparison.coverage <= 1.0
    assert comparison.verdict in (*RELATIONS, "undecided")

    total = comparison.intercept + sum(item.nats for item in comparison.contributions)
    assert comparison.score == pytest.approx(100 / (1 + math.exp(-max(-50.0, min(50.0, total)))), abs=1e-6)
    assert {item.feature for item in comparison.contributions} == set(OF_MACHINE)
    assert {item.feature for item in comparison.reuse_contributions} == set(OF_REUSE)
    told = comparison.reuse_intercept + sum(item.nats for item in comparison.reuse_contributions)
    assert comparison.reuse == pytest.approx(100 / (1 + math.exp(-max(-50.0, min(50.0, told)))), abs=1e-6)
    assert (comparison.verdict == "undecided") == bool(comparison.undecided)
    assert all(comparison.features[item.feature] == item.value for item in comparison.contributions)
    sizes = [abs(item.nats) for item in comparison.contributions]
    assert sizes == sorted(sizes, reverse=True)
    _check_parts(comparison)


def _check_parts(comparison: Comparison) -> None:
    """Contributions, weights and intercept, from the model's numbers by other means than the package's.

    A feature's ramps with their weights are a function that is linear between the knots.
    """
    classifier = detector().model.classifier
    machine = classifier.machine
    parts = {
        name: float(np.interp(comparison.features[name], knots, np.cumsum([0.0, *machine.logit.weights[name]])))
        if len(knots) > 1
        else 0.0
        for name, knots in classifier.knots.items()
        if name in OF_MACHINE
    }
    typical = machine.logit.intercept + sum(machine.typical.values())
    share = (comparison.intercept - PRIOR_LOG_ODDS) / (typical - PRIOR_LOG_ODDS)
    words = min(comparison.suspect.word_count, comparison.reference.word_count)
    assert comparison.reuse is not None and 0.0 <= comparison.reuse <= 100.0
    full = (1.0 if words >= 40 else 0.15 * words / 40) * comparison.reuse / 100.0
    full *= min(1.0, comparison.reuse / 50.0)
    if comparison.undecided:
        assert comparison.score < 50.0 and -1e-9 <= share <= full + 1e-9
    else:
        assert share == pytest.approx(full, abs=1e-9)
    for item in comparison.contributions:
        assert item.nats == pytest.approx(share * (parts[item.feature] - machine.typical[item.feature]), abs=1e-9)
    of_substitutions = [
        feature.name for feature in FEATURES if feature.per_substitution and comparison.features[feature.name]
    ]
    weighed = sum(item.weight for item in comparison.substitutions)
    assert weighed == pytest.approx(share * sum(parts[name] for name in of_substitutions), abs=1e-6)
    assert all(item.weight == 0.0 for item in comparison.substitutions if item.kind == "form")


def check_comparing(suspect: Article, reference: Article) -> Comparison:
    """Compare two articles."""
    return check(detector().compare(suspect, reference))


# --- views ----------------------------------------------------------------------


def check_views(comparison: Comparison) -> None:
    """Nothing that an article, a name or a warning holds steers a terminal, a page or a spreadsheet."""
    for width, color in ((_LEAST_WIDTH, False), (120, True)):
        check_terminal(render(comparison, width, color), width)
    for form in FORMATS:
        text = "".join(as_text([comparison, comparison], form, show_reference=True))
        assert _unprintable(text) <= {"\n"}
        if form == "json":
            assert json.loads(text) == [json.loads(json.dumps(comparison.to_dict()))] * 2
        if form == "csv":
            check_sheet(text)
    check_page(report_page(comparison))


def check_terminal(view: str, width: int) -> None:
    """Colours, visible characters and line breaks only; no line wider than asked."""
    plain = _COLOUR.sub("", view)
    assert _unprintable(plain) <= {"\n"}
    assert all(cell_len(line) <= width for line in plain.split("\n"))


def check_sheet(text: str) -> None:
    """Rows of as many cells as there are columns, of which none is a formula to a spreadsheet."""
    rows = list(csv.reader(io.StringIO(text)))
    assert all(len(row) == len(CSV_COLUMNS) for row in rows)
    assert not any(cell.startswith(tuple("=+-@＝＋－＠\t\r")) for row in rows for cell in row)


def check_page(page: str) -> None:
    """A page without any element, attribute or character that came out of an article."""
    assert _unprintable(page) <= {"\n"}
    tree = lxml.html.document_fromstring(page)
    assert not [
        one for one in tree.iter() if one.tag in ("img", "iframe", "base", "link", "object", "embed", "form")
    ]
    assert len(tree.findall(".//script")) == len(tree.findall(".//style")) == 1
    names = {name for one in tree.iter() for name in one.attrib}
    assert not {name for name in names if name.startswith("on") or name in ("style", "src", "srcdoc")}
    assert all(one.get("href")[:1] == "#" or one.get("href").startswith("http") for one in tree.iter("a"))


def _unprintable(text: str) -> set[str]:
    return {char for char in text if not printable(char)}


# --- records --------------------------------------------------------------------


def check_records(data: bytes, ending: str = ".jsonl") -> list[Record | BadRecord]:
    """Read bytes as a file of records; what is no record says where it stands, in one row of a scan."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"feed{ending}"
        path.write_bytes(data)
        found = list(read_records(path))
    for number, one in enumerate(found):
        if isinstance(one, BadRecord):
            assert one.place.startswith(str(path)) and one.reason
        else:
            check_record(one)
        line = as_line(failed_row(number, one, "too bad"))
        assert line.count(b"\n") == 1 and list(json.loads(line)) == list(COLUMNS)
    return found


def check_record(record: Record) -> None:
    """A record has an id and a text, survives packing, and says when it was published or nothing."""
    assert record.id and record.text and record.text.strip()
    again = unpack(pack(record, keep_text=True))
    assert (again.id, again.text, again.digest) == (record.id, record.text, record.digest)
    assert unpack(pack(record, keep_text=False)).text is None
    moment = parse_time(record.published)
    assert moment is None or moment.first <= moment.last
    check_article(article_from_text(record.text, record.name))
