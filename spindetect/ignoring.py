"""Leaving out what everybody shares: sentences that draw on a text that is no evidence of copying."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256

from spindetect.align.lexical.lexicon import Lexicon
from spindetect.align.sentences.pairs import align
from spindetect.files import last_part
from spindetect.read.marks import tidy
from spindetect.records import Article, Document, Mark

# From this similarity on, an aligned sentence says what the other says. Below it, the two share a topic.
_SAME = 0.5


def without_passages_of(shared: Document, document: Document, lexicon: Lexicon) -> Document:
    """``document`` without the sentences that it has from ``shared``, word for word or reworded."""
    found: dict[int, str] = {}
    for pair in align(document, shared, lexicon).pairs:
        if pair.similarity >= _SAME:
            found |= dict.fromkeys(pair.suspect, f"in {last_part(shared.article.name)}")
    return leave_out(document, found)


def ignoring(articles: Sequence[Article]) -> str:
    """The addition to a signature for ignored texts; empty without any."""
    digest = sha256("\x00".join(article.text for article in articles).encode("utf-8", "surrogatepass"))
    return f"|ignore:{digest.hexdigest()[:12]}" if articles else ""


def leave_out(document: Document, reasons: Mapping[int, str]) -> Document:
    """``document`` with some sentences, by their indices, marked as ignored.

    A reason says where else the sentence stands: ``in boilerplate.txt``. The article says
    in a warning how much is left out.
    """
    chosen = {index: reason for index, reason in reasons.items() if not document.sentences[index].boilerplate}
    if not chosen:
        return document
    sentences = tuple(
        replace(sentence, boilerplate=sentence.boilerplate or index in chosen)
        for index, sentence in enumerate(document.sentences)
    )
    new = [Mark(document.sentences[index].span, "ignored", reason) for index, reason in chosen.items()]
    smaller = replace(document, sentences=sentences)
    words = document.word_count - smaller.word_count
    causes = " and ".join(dict.fromkeys(chosen.values()))
    count = f"{len(chosen)} sentence{'s' * (len(chosen) != 1)} ({words} word{'s' * (words != 1)})"
    are, they = ("is", "it stands") if len(chosen) == 1 else ("are", "they stand")
    warning = f"{document.article.name}: {count} {are} left out: {they} {causes}."
    article = replace(
        document.article,
        marks=tidy([*document.article.marks, *new]),
        warnings=(*document.article.warnings, warning),
    )
    return replace(smaller, article=article)
