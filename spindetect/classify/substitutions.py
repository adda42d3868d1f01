"""Make the substitutions of a sentence pair: spans, kind, quotation, tell-tale flag."""

from __future__ import annotations

from collections.abc import Sequence

from spindetect.align.strands import Strand, WordAlignment
from spindetect.classify.kinds import Context, kind_of
from spindetect.classify.swaps import Swap
from spindetect.classify.telltales import telltale_reason
from spindetect.datatypes import Document, Phrase, Substitution, Word
from spindetect.lexicon import Lexicon


def substitutions(
    swaps: Sequence[Swap],
    alignment: WordAlignment,
    suspect: Document,
    reference: Document,
    lexicon: Lexicon,
) -> tuple[Substitution, ...]:
    """The substitutions that the swaps amount to, without weights: those come from the score."""
    return tuple(_substitution(swap, alignment, suspect, reference, lexicon) for swap in swaps)


def _substitution(
    swap: Swap, alignment: WordAlignment, suspect: Document, reference: Document, lexicon: Lexicon
) -> Substitution:
    context = Context(
        swap,
        reference=alignment.reference.words[swap.reference.start : swap.reference.stop],
        suspect=alignment.suspect.words[swap.suspect.start : swap.suspect.stop],
        reference_before=_before(alignment.reference, swap.reference.start),
        suspect_before=_before(alignment.suspect, swap.suspect.start),
    )
    kind, reason = kind_of(context)
    quoted = _quoted(suspect, alignment.suspect, swap.suspect) or _quoted(
        reference, alignment.reference, swap.reference
    )
    telling = telltale_reason(kind, context, quoted, lexicon)
    return Substitution(
        kind=kind,
        suspect=phrase(suspect, alignment.suspect, swap.suspect),
        reference=phrase(reference, alignment.reference, swap.reference),
        quoted=quoted,
        telltale=bool(telling),
        weight=0.0,
        reason=f"{reason}; {telling}" if telling else reason,
    )


def phrase(document: Document, strand: Strand, words: range) -> Phrase:
    """The phrase that some words of a strand make in the text."""
    span = document.span(strand.tokens[words.start], strand.tokens[words.stop - 1] + 1)
    return Phrase(span, span.of(document.article.text))


def _before(strand: Strand, index: int) -> Word | None:
    return strand.words[index - 1] if index else None


def _quoted(document: Document, strand: Strand, words: range) -> bool:
    return any(document.quoted[strand.tokens[index]] for index in words)
