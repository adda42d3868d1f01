"""A comparison as one self-contained HTML file, and an index page over many.

The pages load nothing: style and script stand in them, and a content security policy
lets the browser run these two, known by their digests, and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from spindetect.kinds import KINDS
from spindetect.read.generated import GENERATOR
from spindetect.report.html.answer import answer
from spindetect.report.html.article import giveaway_list, paragraphs
from spindetect.report.html.checking import checking, checking_alone
from spindetect.report.html.context import strongest, unchanged
from spindetect.report.html.listing import listing
from spindetect.report.html.origin import candidates
from spindetect.report.html.pictures import dot_plot, kind_bars, text_map, waterfall
from spindetect.report.html.pieces import numbered_substitutions
from spindetect.report.html.reference_free import LIMITS, answer_alone, strongest_giveaways, word_sum
from spindetect.report.html.rows import rows
from spindetect.report.inert import inert
from spindetect.report.restoring import search_terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jinja2 import Environment

    from spindetect.records import Result
    from spindetect.report.html.index import Entry

# Rows from which the browser is told to lay out only what is on the screen.
_LONG = 200


def report_page(comparison: Result) -> str:
    """The whole report as HTML: the same comparison gives the same text, byte for byte."""
    if comparison.reference_free:
        return _assessment_page(comparison)
    numbers = numbered_substitutions(comparison)
    side_by_side = rows(comparison, numbers)
    return _render(
        "report.html.j2",
        scripts=("theme.js", "report.js"),
        title=f"{inert(comparison.suspect.article.name)} against {inert(comparison.reference.article.name)}",
        answer=answer(comparison),
        candidates=candidates(comparison),
        evidence=strongest(comparison, numbers),
        unchanged=() if comparison.substitutions else unchanged(comparison),
        rows=side_by_side,
        long=len(side_by_side) > _LONG,
        listing=listing(comparison, numbers),
        map=text_map(comparison),
        plot=dot_plot(comparison),
        kinds=kind_bars(comparison.substitutions),
        waterfall=waterfall(comparison),
        checking=checking(comparison),
        substitutions=len(comparison.substitutions),
    )


def _assessment_page(report: Result) -> str:
    """The report on an article scored alone as HTML, the same text for the same report."""
    found = paragraphs(report)
    return _render(
        "alone.html.j2",
        scripts=("theme.js", "alone.js"),
        title=f"{inert(report.suspect.article.name)} scored alone",
        answer=answer_alone(report),
        limits=LIMITS,
        evidence=strongest_giveaways(report),
        paragraphs=found,
        long=len(found) > _LONG or len(report.giveaways) > _LONG,
        listing=giveaway_list(report),
        kinds=kind_bars(report.giveaways),
        searches=[inert(query) for query in search_terms(report)],
        waterfall=waterfall(report),
        words=word_sum(report),
        checking=checking_alone(report),
    )


def index_page(entries: Sequence[Entry], failures: Sequence[str] = ()) -> str:
    """The page that leads to many reports, in the order given; ``failures`` says what could not be scored."""
    return _render(
        "index.html.j2",
        scripts=("theme.js",),
        title="Reports",
        long=False,
        entries=entries,
        failures=[inert(one) for one in failures],
    )


def _render(template: str, scripts: Sequence[str], **values: Any) -> str:
    """A template filled in, with the style and the scripts that belong to it."""
    kinds = _environment().get_template("kinds.css.j2").render(kinds=KINDS)
    style, script = _asset("report.css") + kinds, "\n".join(map(_asset, scripts))
    policy = _policy(style_src=_digest(style), script_src=_digest(script), base_uri="none", form_action="none")
    page = _environment().get_template(template)
    return page.render(generator=GENERATOR, style=style, script=script, policy=policy, **values)


def _policy(**allowed: str) -> str:
    """A content security policy that allows nothing but what it is given."""
    rules = {"default-src": "none", **{name.replace("_", "-"): value for name, value in allowed.items()}}
    return "; ".join(f"{name} '{value}'" for name, value in rules.items())


def _asset(name: str) -> str:
    """A style sheet or script that ships with spindetect."""
    return (files("spindetect.report.html") / "templates" / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    """A digest as content security policies write it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


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
