"""Letters about a copy, filled from its case. A person reads, completes and sends them; the program never does."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from textwrap import fill
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from spindetect.report.words import COPIES

_WIDTH = 76
_TEMPLATES = Environment(  # noqa: S701  # plain text; what shows it in a page escapes it
    loader=PackageLoader("spindetect.desk", "templates/letters"),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
_TEMPLATES.filters["filled"] = lambda text, indent="": fill(
    text, _WIDTH, initial_indent=indent, subsequent_indent=indent
)
KINDS: Mapping[str, str] = {"plain": "A plain letter", "dmca": "A DMCA notice"}


def elsewhere(past: Sequence[Any]) -> list[dict[str, Any]]:
    """The other addresses under which a case's suspect was sent, of its events."""
    return [json.loads(event.value) for event in past if event.kind == "seen"]


def letter(kind: str, case: Any, past: Sequence[Any]) -> tuple[str, str]:
    """A letter's subject and text; what only a person knows stands in [brackets]."""
    share = f"{case.coverage:.0%} of its words stand in sentences that have a counterpart in the original"
    values = {
        "case": case,
        "also": elsewhere(past),
        "today": datetime.now(UTC).strftime("%d %B %Y").lstrip("0"),
        "copied": f"{COPIES.get(case.verdict, 'it has passages of the original')}; {share}",
    }
    text = _TEMPLATES.get_template(f"{kind}.txt.j2").render(values)
    subject, _, body = text.partition("\n\n")
    return subject.removeprefix("Subject: ").strip(), body.strip() + "\n"


def draft(kind: str, case: Any, past: Sequence[Any], page: str) -> bytes:
    """The letter as a draft that mail programs open, the report attached."""
    subject, text = letter(kind, case, past)
    message = EmailMessage()
    message["Subject"] = " ".join(subject.split())[:200]
    message["X-Unsent"] = "1"  # so that it is opened to be edited
    message.set_content(text)
    message.add_attachment(page.encode("utf-8", "replace"), "text", "html", filename=f"report-{case.id}.html")
    return message.as_bytes()
