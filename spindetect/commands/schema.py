"""The forms of what is written, as JSON Schema: reports, and the rows of a scan."""

from __future__ import annotations

from importlib.resources import files
from typing import Literal

from spindetect.commands.streams import FINE, write_output

Form = Literal["report", "row"]
_PLACES = {"report": ("spindetect.report", "report.schema.json"), "row": ("spindetect.scan", "row.schema.json")}


def schema(form: Form) -> int:
    """Write the schema of reports or of rows, and return exit code 0."""
    package, name = _PLACES[form]
    write_output(files(package).joinpath(name).read_text("utf-8"))
    return FINE
