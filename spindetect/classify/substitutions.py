"""Make the substitutions of a sentence pair: spans, kind, quotation, tell-tale flag."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from spindetect.align.lexicon import Entry, Lexicon
from spindetect.align.same_word import SAME
from spindetect.align.strands import Strand, WordAlignment
from spindetect.classify.phrases import Swap
from spindetect.classify.rules import Context, kind_of
from spindetect.classify.telltales import telltale_reason
from spindetect.kinds import KINDS, Counts, Kind
from spindetect.records import Document, Phrase, Span, Substitution, Word


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
    return [_judged(swap, alignment, suspect, reference, lexicon) for swap in swaps]


def _judged(
    swap: Swap, alignment: WordAlignment, suspect: Document, reference: Document, lexicon: Lexicon
) -> Judged:
    old = alignment.reference.words[swap.reference.start : swap.reference.stop]
    new = alignment.suspect.words[swap.suspect.start : swap.suspect.stop]
    known = lexicon.find(old, new)
    context = Context(
        swap,
        reference=old,
        suspect=new,
        reference_before=_before(alignment.reference, swap.reference.start),
        suspect_before=_before(alignment.suspect, swap.suspect.start),
        lexicon=lexicon,
        known=known,
    )
    kind, reason = kind_of(context)
    quoted = _quoted(suspect, alignment.suspect, swap.suspect) or _quoted(
        reference, alignment.reference, swap.reference
    )
    evidence = lexicon.evidence(old, new, known) if KINDS[kind].exchange else 0.0
    telling = telltale_reason(kind, evidence, quoted)
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


def _before(strand: Strand, index: int) -> Word | None:
    return strand.words[index - 1] if index else None


def _quoted(document: Document, strand: Strand, words: range) -> bool:
    return True in [document.quoted[token] for token in strand.tokens[words.start : words.stop]]
