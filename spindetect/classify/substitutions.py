"""Make the substitutions of a sentence pair: spans, kind, quotation, tell-tale flag."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from spindetect.align.lexicon import Entry, Lexicon
from spindetect.align.same_word import SAME
from spindetect.align.strands import Strand, WordAlignment
from spindetect.classify.phrases import Swap
from spindetect.classify.rules import Context, kind_of
from spindetect.classify.telltales import telltale_reason
from spindetect.findings import Phrase, Substitution
from spindetect.kinds import KINDS, Counts, Kind
from spindetect.records import Document, Span, Word

# Tokens at a text's beginning within which its headline begins, and the content words that show its case.
_BEGINNING = 60
_HEADLINE = 4


class Judged(NamedTuple):
    """A substitution without its weight, but with what the lexicon knows of it and its ``evidence`` in nats.

    ``same`` says that both phrases are one word, damaged or written otherwise: it counts as kept.
    """

    kind: Kind
    suspect: Phrase
    reference: Phrase
    quoted: bool
    telltale: bool
    reason: str
    known: Entry | None
    evidence: float
    same: bool = False

    @property
    def counts(self) -> Counts:
        """What it counts as; where both phrases are one word, as another form of it."""
        return "form" if self.same else KINDS[self.kind].counts

    def weighing(self, weight: float) -> Substitution:
        """The substitution, with what it adds to the score's log-odds in nats."""
        return Substitution(
            self.kind, self.suspect, self.reference, self.quoted, self.telltale, weight, self.reason
        )


def substitutions(
    swaps: Sequence[Swap],
    alignment: WordAlignment,
    suspect: Document,
    reference: Document,
    lexicon: Lexicon,
) -> list[Judged]:
    """The substitutions that the swaps amount to; their weights come from the score."""
    if not swaps:
        return []
    words = (
        _without_headline_case(alignment.reference, reference),
        _without_headline_case(alignment.suspect, suspect),
    )
    return [_judged(swap, alignment, words, suspect, reference, lexicon) for swap in swaps]


def _without_headline_case(strand: Strand, document: Document) -> tuple[Word, ...]:
    """A strand's words; those of a headline in title case are capitalised only if the article below has them so.

    [Inspectors Say -> Examiners Say] exchanges no name, [Kessler Sound -> Kessler Noise] does. Only a text's
    beginning may be its headline. Without an article below it nothing tells, and all words stay as they are.
    """
    words = strand.words
    if not words or strand.tokens[0] >= _BEGINNING or _ended(strand, document):
        return words
    content = [word.capitalised for word in words[1:] if word.content and word.shape == "word"]
    below = document.lexical[bisect_right(document.lexical, strand.tokens[-1]) :]
    if len(content) < _HEADLINE or not all(content) or not below:
        return words
    inside = {
        document.words[i].norm for i in below if document.words[i].capitalised and document.words[i - 1].lexical
    }
    return tuple([word if word.norm in inside else replace(word, capitalised=False) for word in words])


def _judged(
    swap: Swap,
    alignment: WordAlignment,
    words: tuple[tuple[Word, ...], tuple[Word, ...]],
    suspect: Document,
    reference: Document,
    lexicon: Lexicon,
) -> Judged:
    """One substitution; ``words`` are those of both strands, the reference's first."""
    old = words[0][swap.reference.start : swap.reference.stop]
    new = words[1][swap.suspect.start : swap.suspect.stop]
    known = lexicon.find(old, new)
    context = Context(
        swap,
        reference=old,
        suspect=new,
        reference_before=words[0][swap.reference.start - 1] if swap.reference.start else None,
        suspect_before=words[1][swap.suspect.start - 1] if swap.suspect.start else None,
        lexicon=lexicon,
        known=known,
    )
    kind, reason = kind_of(context)
    still_quoted = _quoted(suspect, alignment.suspect, swap.suspect)
    quoted = still_quoted or _quoted(reference, alignment.reference, swap.reference)
    evidence = lexicon.evidence(old, new, known) if KINDS[kind].exchange else 0.0
    telling = telltale_reason(kind, evidence, still_quoted)  # reported speech may be reworded
    return Judged(
        kind,
        _phrase(suspect, swap.spans[1]) if swap.spans else phrase(suspect, alignment.suspect, swap.suspect),
        _phrase(reference, swap.spans[0]) if swap.spans else phrase(reference, alignment.reference, swap.reference),
        quoted,
        bool(telling),
        f"{reason}; {telling}" if telling else reason,
        known,
        evidence,
        reason in SAME,
    )


def phrase(document: Document, strand: Strand, words: range) -> Phrase:
    """The phrase that some words of a strand make in the text."""
    last = strand.tokens[words.stop - 1]
    start, end = document.starts[strand.tokens[words.start]], document.starts[last] + len(document.words[last].text)
    return _phrase(document, Span(start, end))


def _phrase(document: Document, span: Span) -> Phrase:
    return Phrase(span, span.of(document.article.text))


def _ended(strand: Strand, document: Document) -> bool:
    """Whether a full stop or the like follows a strand, as it hardly ever does a headline."""
    after = document.words[strand.tokens[-1] + 1 : strand.tokens[-1] + 2]
    return bool(after) and after[0].text in (".", "!", "…")


def _quoted(document: Document, strand: Strand, words: range) -> bool:
    return True in [document.quoted[token] for token in strand.tokens[words.start : words.stop]]
