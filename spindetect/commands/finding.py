"""Finding a suspect's sources in an archive, and showing one of its articles."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from spindetect.commands.archive import View
from spindetect.commands.options.archive import FindOptions
from spindetect.commands.sources import named_source
from spindetect.commands.streams import FINE, complain, write_output
from spindetect.errors import SpindetectError
from spindetect.report.inert import inert, inert_json


def find(options: FindOptions) -> int:
    """Write the articles that a suspect is likeliest to be made from, best first, and return exit code 0."""
    from spindetect.archive.archive import Archive
    from spindetect.archive.records import content_digest
    from spindetect.archive.terms import visible_text
    from spindetect.detector import Detector

    with Archive.open(options.archive) as archive:
        detector = Detector.load(settings=options.settings)
        ignore = [named_source(name) for name in options.ignore]
        document = detector.document(named_source(options.suspect), ignore)
        text = visible_text(document.article, detector.model.vocabulary.knows)
        digest = content_digest(document.article.text)
        hits = archive.find_text(text, options.limit, detector.model.lexicon, digest)
        for warning in document.article.warnings:
            complain(warning)
    if options.format == "json":
        rows = [{**replace(hit.record, text=None).to_dict(), "match": hit.score} for hit in hits]
        plain = json.loads(
            json.dumps(rows), parse_constant=lambda _: None
        )  # JSON has no infinity for a field to be
        write_output(inert_json(json.dumps(plain, ensure_ascii=False, allow_nan=False, indent=2)) + "\n")
    elif hits:
        write_output(f"{'match':>7}  {'published':<25}  article\n")
        for hit in hits:
            when = inert(hit.record.published or "-")
            write_output(f"{hit.score:7.1f}  {when:<25}  {inert(hit.record.name)}\n")
    else:
        write_output("Nothing found: the archive has no article with words of the suspect.\n")
    return FINE


def show(path: Path, id: str, format: View) -> int:
    """Write one article of an archive, its text and all that is known of it, and return exit code 0."""
    from spindetect.archive.archive import Archive

    with Archive.open(path) as archive:
        record = archive.record(id)
        if record is None:
            raise SpindetectError(f"there is no article {id!r} in {path}. spindetect archive find lists ids.")
        text = archive.text_of(record) if format == "table" else ""
    if format == "json":
        write_output(inert_json(json.dumps(record.to_dict(), ensure_ascii=False, default=str, indent=2)) + "\n")
        return FINE
    known = {name: value for name, value in record.to_dict().items() if name != "text"}
    lines = [f"{inert(name)}: {inert(str(value))}" for name, value in known.items()]
    write_output("\n".join([*lines, "", *map(inert, text.rstrip().split("\n"))]) + "\n")
    return FINE
