"""Restoring: an article with the likeliest originals of its giveaways in place."""

from __future__ import annotations

import json

from spindetect.commands.options.pair import RestoreOptions
from spindetect.commands.report import keep_apart
from spindetect.commands.sources import named_source
from spindetect.commands.streams import FINE, open_output
from spindetect.errors import SpindetectError


def restore(options: RestoreOptions) -> int:
    """Write the article as it may have been before it was spun, and return exit code 0."""
    if [options.suspect, *options.ignore].count("-") > 1:
        raise SpindetectError("standard input was named twice and can be read only once. Name a file.")
    suspect, ignore = named_source(options.suspect), [named_source(name) for name in options.ignore]
    if options.output is not None:
        keep_apart(options.output, (suspect, *ignore), "restored text")
    from spindetect.detector import Detector
    from spindetect.report.inert import inert, inert_json
    from spindetect.report.restoring import marked

    detector = Detector.load(settings=options.settings)
    report = detector.score(suspect, ignore)
    with open_output(options.output) as write:
        if options.format == "json":
            whole = report.to_dict()
            record = {"score": whole["score"], "verdict": report.verdict, "restored": report.restored()}
            record |= {name: whole[name] for name in ("substitutions", "search_terms", "warnings")}
            write(inert_json(json.dumps(record, ensure_ascii=False, indent=2)) + "\n")
        else:
            text = report.restored() if options.format == "plain" else marked(report)
            write("\n".join(map(inert, text.rstrip().split("\n"))) + "\n")
    return FINE
