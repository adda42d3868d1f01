"""Make the substitutions of a sentence pair: spans, kind, quotation, tell-tale flag."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import NamedTuple

from spindetect.align.lexical.lexicon import Lexicon
from spindetect.align.lexical.same_word import UNRELATED
from spindetect.align.words.strands import Strand, WordAlignment
from spindetect.classify.phrases import PhrasePair
from spindetect.classify.rules import Context, Names, kind_of
from spindetect.findings import Phrase, Substitution
from spindetect.kinds import KINDS, Counts, Kind, Variant, telltale_reason
from spindetect.records import Document, Span, Word

# Tokens at a text's beginning within which its headline begins, and the content words that show its case.
_BEGINNING = 60
_HEADLINE = 4
# Evidence of one substitution is bounded, so that no single one decides.
MOST_EVIDENCE = 4.0


class Unweighed(NamedTuple):
    """A substitution that has no weight yet, with what the lexicon knows of it and what the features count.

    ``words`` are its phrases as word ranges of the strands. ``rule`` says why it is of its kind, ``telling`` why it
    is a tell-tale ("" if it isn't). ``known`` says that the lexicon has it; ``evidence`` is
    the log-odds, in nats and bounded, that a spinner made it and not a person. ``variant`` says why both phrases
    are one, damaged or written otherwise, which counts as kept; None if they aren't. ``relatedness`` is the cosine
    of the words' vectors, ``rarer`` by how many nats the new word is rarer; both are 0 but for single words.
    ``renamed`` says that a name stands in another name's place, as where a form is filled in anew. ``share`` is how
    much it counts: the second of its like counts a half, the third a third. ``misfit`` says by how many nats
    the old word would fit better between the suspect's neighbouring words, bounded; 0 but for single words.
    """

    words: PhrasePair
    kind: Kind
    suspect: Phrase
    reference: Phrase
    quoted: bool
    rule: str
    telling: str
    known: bool
    evidence: float
    variant: Variant | None
    relatedness: float
    rarer: float
    renamed: bool
    share: float = 1.0
    misfit: float = 0.0

    @property
    def telltale(self) -> bool:
        """Whether hardly anyone but a machine would make it."""
        return self.telling != ""

    @property
    def same(self) -> bool:
        """Whether both phrases are one."""
        return self.variant is not None

    @property
    def counts(self) -> Counts:
        """The sort of change that it counts as; where both phrases are one word, another form of it."""
        return "form" if self.variant else KINDS[self.kind].counts

    def weighing(self, weight: float) -> Substitution:
        """The substitution, with what it adds to the score's log-odds in nats."""
        reason = f"{self.rule}; {self.telling}" if self.telling else self.rule
        return Substitution(
            self.kind, self.suspect, self.reference, self.quoted, self.telltale, weight, reason, rule=self.rule
        )


def substitutions(
    pairs: Sequence[PhrasePair],
    alignment: WordAlignment,
    suspect: Document,
    reference: Document,
    lexicon: Lexicon,
    names: Names = (frozenset(), frozenset()),
) -> list[Unweighed]:
    """The substitutions that the phrase pairs amount to; their weights come from the score.

    ``names`` are the reference's and the suspect's `only_names`.
    """
    if not pairs:
        return []
    strands = alignment.reference, alignment.suspect
    words = _without_headline_case(strands[0], reference), _without_headline_case(strands[1], suspect)
    return [_classified(phrases, alignment, words, suspect, reference, lexicon, names) for phrases in pairs]


def only_names(document: Document) -> AbstractSet[str]:
    """The words, by normal form, that a text has capitalised inside its sentences, and nowhere in lower case."""
    words = document.words
    inside = {words[i].norm for i in document.lexical if words[i].capitalised and i and words[i - 1].lexical}
    return inside - {word.norm for word in words if not word.capitalised}


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


def _classified(
    phrases: PhrasePair,
    alignment: WordAlignment,
    words: tuple[tuple[Word, ...], tuple[Word, ...]],
    suspect: Document,
    reference: Document,
    lexicon: Lexicon,
    names: Names,
) -> Unweighed:
    """One substitution; ``words`` are those of both strands, the reference's first, without a headline's case."""
    theirs, mine = phrases.reference, phrases.suspect
    old, new = words[0][theirs.start : theirs.stop], words[1][mine.start : mine.stop]
    known = lexicon.find(old, new)
    context = Context(
        phrases,
        reference=old,
        suspect=new,
        reference_before=words[0][theirs.start - 1] if theirs.start else None,
        suspect_before=words[1][mine.start - 1] if mine.start else None,
        lexicon=lexicon,
        known=known,
        names=names,
    )
    kind, reason = kind_of(context)
    still_quoted = _quoted(suspect, alignment.suspect, mine)
    evidence = lexicon.evidence(old, new, known) if KINDS[kind].exchange else 0.0
    telling = telltale_reason(kind, evidence, still_quoted)  # reported speech may be reworded
    single = len(old) == len(new) == 1
    related = lexicon.relatedness(old[0].row, new[0].row) if single else 0.0
    renamed = (
        kind == "name"
        and not known
        and related < UNRELATED
        and all(
            word.capitalised or not word.content for word in alignment.reference.words[theirs.start : theirs.stop]
        )
        and all(word.capitalised or not word.content for word in alignment.suspect.words[mine.start : mine.stop])
    )
    at = phrases.spans
    return Unweighed(
        phrases,
        kind,
        _phrase(suspect, at[1]) if at else phrase(suspect, alignment.suspect, mine),
        _phrase(reference, at[0]) if at else phrase(reference, alignment.reference, theirs),
        still_quoted or _quoted(reference, alignment.reference, theirs),
        str(reason),
        telling,
        known is not None,
        max(-MOST_EVIDENCE, min(MOST_EVIDENCE, evidence)),
        reason if isinstance(reason, Variant) else None,
        related,
        new[0].surprisal - old[0].surprisal if single and kind == "synonym" else 0.0,
        renamed,
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
