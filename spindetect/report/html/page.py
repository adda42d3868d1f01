"""A comparison as one self-contained HTML file, and an index page over many.

The pages load nothing: style and script stand in them, and a content security policy
lets the browser run these two, known by their digests, and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from spindetect.kinds import KINDS
from spindetect.read.generated import GENERATOR
from spindetect.report.anonymous import without_names
from spindetect.report.html.answer import LIMITS, answer
from spindetect.report.html.checking import checking, made_with
from spindetect.report.html.context import sides, unchanged
from spindetect.report.html.listing import listing
from spindetect.report.html.names import names
from spindetect.report.html.origin import candidates
from spindetect.report.html.pictures import dot_plot, kind_bars, text_map, waterfall
from spindetect.report.html.pieces import Numbers, evidence_of, numbered_evidence
from spindetect.report.html.reference_free import ALONE_LIMITS, answer_alone, paragraphs, word_sum
from spindetect.report.html.rows import rows
from spindetect.report.inert import inert
from spindetect.report.restoring import search_terms
from spindetect.report.words import counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jinja2 import Environment

    from spindetect.findings import Result
    from spindetect.report.html.index import IndexEntry

# Rows from which the browser is told to lay out only what is on the screen.
_LONG = 200
_BOTH_SIDES = "The evidence on both sides"


def report_page(
    result: Result, date: str | None = None, anonymous: bool = False, given: Mapping[str, str] | None = None
) -> str:
    """The whole report as HTML: the same result gives the same text, byte for byte.

    ``date`` is the day on which the report was made, named at its head; ``anonymous`` leaves out the names of
    outlets, links and file names. ``given`` are options that said something of the articles, by their names.
    """
    shown = without_names(result) if anonymous else result
    numbers = numbered_evidence(shown)
    found = listing(shown, numbers)
    values = _assessment_values(shown, numbers) if shown.reference_free else _comparison_values(shown, numbers)
    values["long"] = len(values["rows"]) > _LONG or len(evidence_of(shown)) > _LONG
    listed = [(id, title) for id, title, there in values.pop("contents") if there]
    return _render(
        "report.html.j2",
        scripts=("theme.js", "report.js"),
        made=made_with(result, date),
        names=names(shown),
        sides=sides(shown, numbers),
        listing=found,
        rated=any(item.telling for item in found),
        kinds=kind_bars(evidence_of(shown)),
        waterfall=waterfall(shown),
        checking=checking(result, date, anonymous, given or {}),
        sections_listed=[("facts", "What was compared"), *listed, ("checking", "Check this report yourself")],
        alone=shown.reference_free,
        **values,
    )


def _comparison_values(result: Result, numbers: Numbers) -> dict[str, Any]:
    """The values that only the page on a comparison has."""
    honest = result.score < 50.0
    suspect, reference = names(result)
    shown, found = answer(result), candidates(result)
    title = "What speaks against a machine" if honest else "The strongest evidence"
    count = len(result.substitutions)
    return {
        "title": f"{suspect.title} against {reference.title}",
        "answer": shown,
        "limits": (shown.copying, *LIMITS),
        "evidence_title": _BOTH_SIDES if result.verdict == "undecided" else title,
        "unchanged": unchanged(result) if honest or not count else (),
        "candidates": found,
        "rows": rows(result, numbers),
        "guesses": bool(result.giveaways),
        "map": text_map(result),
        "plot": dot_plot(result),
        "counted": counted(len(evidence_of(result)), "substitution"),
        "words": (),
        "searches": (),
        "contents": (
            ("candidates", "Candidates from the archive", bool(found)),
            ("articles", "Both texts, side by side", True),
            ("pictures", "Pictures", True),
            ("sum", "How the score adds up", True),
            ("all", "Every substitution", True),
        ),
    }


def _assessment_values(result: Result, numbers: Numbers) -> dict[str, Any]:
    """The same of the page on an article scored alone."""
    shown = answer_alone(result)
    title = "The strongest giveaways" if shown.machine else "What reads oddly all the same"
    return {
        "title": f"{names(result)[0].title} scored alone",
        "answer": shown,
        "limits": (shown.copying, *ALONE_LIMITS),
        "evidence_title": _BOTH_SIDES if result.verdict == "undecided" else title,
        "unchanged": (),
        "candidates": (),
        "rows": paragraphs(result, numbers),
        "guesses": True,
        "map": None,
        "plot": None,
        "counted": counted(len(result.giveaways), "phrase"),
        "words": word_sum(result),
        "searches": [inert(query) for query in search_terms(result)],
        "contents": (
            ("articles", "The article", True),
            ("searches", "What to search for", True),
            ("pictures", "Kinds of giveaways", bool(result.giveaways)),
            ("sum", "How the score adds up", True),
            ("all", "Every giveaway", True),
        ),
    }


def index_page(
    entries: Sequence[IndexEntry], failures: Sequence[str] = (), date: str | None = None, note: str = ""
) -> str:
    """The page that leads to many reports, in the order given; ``failures`` says what could not be scored.

    ``note`` says what else there is to know of them.
    """
    from spindetect.report.html.index import grouped

    verdicts = Counter(entry.verdict for entry in entries)
    return _render(
        "index.html.j2",
        scripts=("theme.js", "index.js"),
        title="Reports",
        long=False,
        made=(f"made on {inert(date)}" if date else "", ""),
        counted=counted(len(entries), "article"),
        note=note,
        directions=any(entry.direction for entry in entries),
        copies=any(entry.reference_is_copy for entry in entries),
        verdicts=sorted(verdicts.items(), key=lambda item: (-item[1], item[0])),
        groups=grouped(entries),
        failures=[inert(one) for one in failures],
    )


def _render(template: str, scripts: Sequence[str], **values: Any) -> str:
    """A template filled in, with the style and the scripts that belong to it."""
    kinds = _environment().get_template("kinds.css.j2").render(kinds=KINDS)
    style, script = _asset("report.css") + kinds, "\n".join(map(_asset, scripts))
    policy = _policy(
        style_src=policy_digest(style), script_src=policy_digest(script), base_uri="none", form_action="none"
    )
    page = _environment().get_template(template)
    return page.render(generator=GENERATOR, style=style, script=script, policy=policy, **values)


def _policy(**allowed: str) -> str:
    """A content security policy that allows nothing but what it is given."""
    rules = {"default-src": "none", **{name.replace("_", "-"): value for name, value in allowed.items()}}
    return "; ".join(f"{name} '{value}'" for name, value in rules.items())


def _asset(name: str) -> str:
    """A style sheet or script that ships with spindetect."""
    return (files("spindetect.report.html") / "templates" / name).read_text(encoding="utf-8")


def policy_digest(text: str) -> str:
    """The digest of a style or script, as content security policies write it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()).decode()


@lru_cache(maxsize=1)
def _environment() -> Environment:
    """The templates' environment; whatever a template doesn't mark as safe is escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("spindetect.report.html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
