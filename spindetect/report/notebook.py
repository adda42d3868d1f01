"""How a comparison and its parts show themselves in Jupyter: small cards of HTML, without scripts.

The template is ``notebook.jinja``, beside this file. It escapes everything, and every
text in it is made inert first, so that nothing in an article can act on the page.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from rich.console import Console
from rich.style import Style
from rich.text import Text

from spindetect.findings import RELATIONS, Contribution, Giveaway, Result, SentencePair, Substitution
from spindetect.records import Article, Document, Sentence, Span
from spindetect.report.alike import SOMETHING, best, strongest
from spindetect.report.blocks import Paired, blocks
from spindetect.report.inert import inert
from spindetect.report.marking import change, label, marked_reference, marked_suspect
from spindetect.report.plain import Reason, on_both_sides
from spindetect.report.plain import reasons as reasons_of
from spindetect.report.restoring import search_terms
from spindetect.report.terminal import verdict_words
from spindetect.report.words import counted, who_copied

MOST_SHOWN = 5  # contributions and substitutions; a table has them all
MOST_PAIRS = 40  # sentence pairs in the part that folds out, so that a notebook stays small
MOST_SENTENCES = 60
_LEAST_SHARE = 0.01  # of a relation that is mentioned


def comparison_html(comparison: Result) -> str:
    """Score, verdict, the strongest reasons and substitutions; the sentence pairs fold out."""
    found = comparison.substitutions
    copying = who_copied(comparison.direction) if comparison.direction else ""
    shown = [item for item in found if item.persuasion is not None or abs(item.weight) >= SOMETHING]
    reasons = _reasons(comparison)
    relations = {name: comparison.relations.get(name, 0.0) for name in RELATIONS}
    pairs = [block.pair for block in blocks(comparison) if isinstance(block, Paired)]
    return _rendered(
        "comparison",
        comparison=comparison,
        meaning=verdict_words(comparison),
        copying=copying[:1].upper() + copying[1:],
        reference_is_copy=comparison.reference_is_copy,
        relations=[
            item for item in sorted(relations.items(), key=lambda item: -item[1]) if item[1] >= _LEAST_SHARE
        ],
        reasons=reasons,
        longest=_longest(reasons),
        substitutions=_strongest(comparison, [*shown, *comparison.giveaways]),
        telltales=sum(item.telltale for item in found),
        pairs=[_sides(comparison, pair) for pair in pairs[:MOST_PAIRS]],
    )


def assessment_html(report: Result) -> str:
    """Score, verdict, the strongest reasons and giveaways of a suspect scored alone, and what to search for."""
    reasons = _reasons(report)
    return _rendered(
        "report",
        report=report,
        meaning=verdict_words(report),
        reasons=reasons,
        longest=_longest(reasons),
        giveaways=_strongest(report, report.giveaways),
        telltales=sum(item.telltale for item in report.giveaways),
        searches=search_terms(report),
    )


def _strongest(result: Result, found: Sequence[Substitution | Giveaway]) -> list[Substitution | Giveaway]:
    """The most convincing items, the best of each group of like ones; where nothing is decided, on both sides."""
    sides = on_both_sides(result, found, lambda one: one.weight, MOST_SHOWN)
    return [best(group) for _, side, most in sides for group in strongest(side, most)]


def _reasons(result: Result) -> list[Reason]:
    """The strongest reasons that don't show as 0.00; where nothing is decided, on both sides."""
    found = [one for one in reasons_of(result) if abs(one.nats) >= SOMETHING]
    sides = on_both_sides(result, found, lambda one: one.nats, MOST_SHOWN)
    return [one for _, side, most in sides for one in side[:most]]


def _longest(reasons: Sequence[Reason]) -> float:
    """The nats for which the longest bar stands."""
    return max((abs(item.nats) for item in reasons), default=1.0) or 1.0


def document_html(document: Document) -> str:
    """Name and size; its sentences fold out, those that take no part struck through."""
    ignored = {mark.span for mark in document.article.marks if mark.kind == "ignored"}
    sentences = [
        (sentence.span.of(document.article.text), _left_out(sentence, ignored))
        for sentence in islice(document.sentences, MOST_SENTENCES)
    ]
    return _rendered("document", document=document, sentences=sentences)


def _left_out(sentence: Sentence, ignored: Container[Span]) -> str:
    """Why a sentence takes no part; "" when it does."""
    if not sentence.boilerplate:
        return ""
    return "ignored: shared by many" if sentence.span in ignored else "boilerplate"


def _sides(comparison: Result, pair: SentencePair) -> tuple[Markup, Markup]:
    """The reference's and the suspect's side of a pair, marked as in the terminal."""
    return (
        _html(marked_reference(comparison.reference.article, pair)),
        _html(marked_suspect(comparison.suspect.article, pair, beside=True)),
    )


def _html(text: Text) -> Markup:
    """Marked text as HTML: the terminal's styles as elements that mean the same."""
    pieces = []
    for part in text.render(Console(force_terminal=False)):
        html, style = Markup.escape(part.text), part.style or Style()
        for wanted, element in (
            (style.strike, "del"),
            (style.underline, "ins"),
            (style.bold, "b"),
            (style.italic, "i"),
        ):
            html = Markup("<{0}>{1}</{0}>").format(Markup(element), html) if wanted else html  # noqa: S704
        shade = "faint" if style.dim else style.color.name if style.color else None
        pieces.append(Markup('<span class="{}">{}</span>').format(shade, html) if shade else html)
    return Markup("").join(pieces)


def _rendered(macro: str, **values: Any) -> str:
    """One of the template's macros, with the style sheet before it."""
    template = _environment().get_template("notebook.jinja")
    return str(template.render(part=macro, values=values))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # every text that the template shows is made inert; what is marked up already was made so
        finalize=lambda shown: inert(shown) if isinstance(shown, str) and not isinstance(shown, Markup) else shown,
    )
    environment.tests["guess"] = lambda item: isinstance(item, Giveaway)
    environment.filters |= {"label": label, "counted": counted, "change": lambda item: _html(change(item))}
    return environment


# --- by type -----------------------------------------------------------------------------------------

_MACROS: dict[type[Any], str] = {
    Article: "article",
    Contribution: "contribution",
    Giveaway: "giveaway",
    SentencePair: "pair",
    Substitution: "substitution",
}


def card(noun: Any) -> str:
    """The card of a result or of one of its parts; raises ``KeyError`` for anything else."""
    if isinstance(noun, Result):
        return assessment_html(noun) if noun.reference_free else comparison_html(noun)
    return document_html(noun) if isinstance(noun, Document) else _rendered(_MACROS[type(noun)], item=noun)


def show_cards_in(shell: Any) -> None:
    """Let an IPython shell show the parts of a result as cards; the results themselves say how they are shown."""
    for kind in (Document, *_MACROS):
        shell.display_formatter.formatters["text/html"].for_type(kind, card)
