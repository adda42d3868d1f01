"""A result without the names of outlets, links and files, as it may be passed on."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TypeVar

from spindetect.findings import Candidate, Phrase, Result, Substitution
from spindetect.records import Article, Document

AnyResult = TypeVar("AnyResult", bound=Result)

_BLOCK = "\N{FULL BLOCK}"
_ADDRESS = (
    r"(?:https?://|www\.)[^\s<>\"'”’)\]]+|[\w.+-]{1,64}+@[\w-]{1,63}+(?:\.[\w-]+)+"
    r"|\b(?:[a-z0-9-]{1,63}+\.){1,9}(?:com|org|net|info|biz|news|co|io|uk|us|eu|de|fr|in|au|ca|example)\b(?:/[^\s<>\"']*)?"
)
_HOST = re.compile(r"https?://(?:www\.)?([^/\s:?#]+)", re.IGNORECASE)
_SHORTEST = 3  # characters of a name that can be looked for in a text


def without_names(result: AnyResult) -> AnyResult:
    """The result with outlets and links blacked out, letter by letter, so that all spans stay true.

    Addresses are blacked out wherever they stand, an outlet's name wherever it is written as its page, the archive
    or its address has it. Other names stay: they are what the article is about.
    """
    articles = [result.suspect.article, result.reference.article]
    sources: list[Article | Candidate] = [*articles, *result.candidates]
    hosts = [found[1] for one in sources if one.url and (found := _HOST.match(one.url))]
    files = [one.name for one in articles if one.name not in ("text", "-")]
    hidden = {name.strip() for name in [*[one.outlet or "" for one in sources], *hosts, *files]}
    listed = [re.escape(one) for one in sorted(hidden, key=lambda one: (-len(one), one)) if len(one) >= _SHORTEST]
    known = [rf"(?<!\w)(?:{'|'.join(listed)})(?!\w)"] if listed else []
    pattern = re.compile("|".join([*known, _ADDRESS]), re.IGNORECASE)

    def black(text: str) -> str:
        return pattern.sub(lambda found: _BLOCK * len(found[0]), text)

    def document(side: Document, name: str) -> Document:
        article = side.article
        title = article.title and black(article.title)
        shown = replace(article, text=black(article.text), name=name, title=title, url=None, outlet=None)
        return replace(side, article=shown)

    suspect, reference = document(result.suspect, "suspect"), document(result.reference, "reference")
    pairs = [
        replace(pair, substitutions=tuple([_substitution(one, suspect, reference) for one in pair.substitutions]))
        for pair in result.alignment
    ]
    return replace(
        result,
        suspect=suspect,
        reference=reference,
        alignment=tuple(pairs),
        giveaways=tuple([replace(one, suspect=_phrase(one.suspect, suspect)) for one in result.giveaways]),
        candidates=tuple(
            [
                replace(one, id=str(number), title=one.title and black(one.title), url=None, outlet=None)
                for number, one in enumerate(result.candidates, start=1)
            ]
        ),
        direction=result.direction and replace(result.direction, reason=black(result.direction.reason)),
        warnings=tuple(map(black, result.warnings)),
        undecided=tuple([replace(one, explanation=black(one.explanation)) for one in result.undecided]),
    )


def _phrase(phrase: Phrase, document: Document) -> Phrase:
    return replace(phrase, text=phrase.span.of(document.article.text))


def _substitution(one: Substitution, suspect: Document, reference: Document) -> Substitution:
    return replace(one, suspect=_phrase(one.suspect, suspect), reference=_phrase(one.reference, reference))
