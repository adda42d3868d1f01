"""Both articles on a terminal: side by side where there is room, otherwise below each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from rich.text import Text

from spindetect.findings import Result, SentencePair
from spindetect.kinds import KINDS, Kind
from spindetect.report.blocks import Paired, Unmatched, blocks, giveaways_in, numbers_of
from spindetect.report.inert import inert
from spindetect.report.layout import EMPTY_LINE, FAINT, STRONG, Columns, Paragraph, paragraph, rule, rule_across
from spindetect.report.marking import marked_alone, marked_reference, marked_suspect, plain_sentence
from spindetect.report.words import counted


@dataclass(frozen=True, slots=True)
class Selection:
    """Which substitutions are marked, and whether sentences without a mark are left out.

    Where ``kinds`` aren't all there are, what was merely added or dropped isn't marked either.
    """

    kinds: frozenset[Kind] = frozenset(KINDS)
    only_changed: bool = False

    @property
    def everything(self) -> bool:
        """Whether all kinds of changes are marked."""
        return self.kinds >= frozenset(KINDS)

    def of(self, comparison: Result) -> Result:
        """The comparison with the selected substitutions only; its score and reasons stay."""
        if self.everything:
            return comparison
        return replace(comparison, alignment=tuple(self._pair(pair) for pair in comparison.alignment))

    def _pair(self, pair: SentencePair) -> SentencePair:
        chosen = tuple(item for item in pair.substitutions if item.kind in self.kinds)
        return replace(pair, substitutions=chosen, added=(), dropped=())


EVERYTHING = Selection()


_ONLY = {"suspect": "not in this reference", "reference": "not in the suspect"}
COLUMNS_FROM = 100  # two columns of less than 48 are harder to read than one below the other


def sides(comparison: Result, width: int, selection: Selection) -> Iterator[Paragraph | Columns]:
    """Both articles, block by block, with a legend of the marks in use before them.

    With ``selection.only_changed`` a line says how many blocks were left out.
    """
    view = _SideBySide(comparison, width) if width >= COLUMNS_FROM else _Stacked(comparison, width)
    parts = blocks(comparison)
    if parts:
        yield EMPTY_LINE
        yield from view.legend()
    for shown, group in groupby(parts, lambda block: _shown(block, comparison, selection)):
        if shown:
            for block in group:
                yield from view.paired(block) if isinstance(block, Paired) else view.unmatched(block)
        else:
            yield from view.left_out(list(group))


def _shown(block: Paired | Unmatched, comparison: Result, selection: Selection) -> bool:
    """Whether a block has something to show that was selected."""
    if not selection.only_changed:
        return True
    if isinstance(block, Unmatched):
        return selection.everything
    if not selection.everything:
        return bool(block.pair.substitutions)
    return block.moved or not _alike(*_marked(comparison, block))


class _Stacked:
    """The reference's sentences above the suspect's."""

    def __init__(self, comparison: Result, width: int) -> None:
        self.comparison = comparison
        self.width = width

    def legend(self) -> Iterator[Paragraph]:
        """The meaning of the marks."""
        yield paragraph("- reference   + suspect   = both alike", style=FAINT)
        yield paragraph("[old → new]{kind}   {kind!} tell-tale   [-dropped-]   {+added+}", style=FAINT)
        yield from _guesses_legend(self.comparison)

    def paired(self, block: Paired) -> Iterator[Paragraph]:
        """An aligned pair, or one of its sides when they are alike."""
        yield EMPTY_LINE
        title = (
            f"suspect {numbers_of(block.suspect)} · reference {numbers_of(block.reference)} · {_likeness(block)}"
        )
        yield rule(title, self.width)
        reference, suspect = _marked(self.comparison, block)
        if _alike(reference, suspect):
            yield paragraph(suspect, "= ", style=FAINT)
        else:
            yield paragraph(reference, "- ")
            yield paragraph(suspect, "+ ")

    def unmatched(self, block: Unmatched) -> Iterator[Paragraph]:
        """Sentences that one side has alone."""
        yield EMPTY_LINE
        yield rule(f"{block.side} {numbers_of(block.sentences)} · {_ONLY[block.side]}", self.width)
        for text in _sentences(self.comparison, block):
            yield paragraph(text, "+ " if block.side == "suspect" else "- ")

    def left_out(self, group: Sequence[Paired | Unmatched]) -> Iterator[Paragraph]:
        """How much isn't shown."""
        yield EMPTY_LINE
        yield paragraph(_count(group), style=FAINT)


def _guesses_legend(comparison: Result) -> Iterator[Paragraph]:
    """The meaning of the marks of sentences without a partner, where there are any."""
    if comparison.giveaways:
        yield paragraph("[old? → new]{kind} not in this reference; what it said is a guess", style=FAINT)


class _SideBySide:
    """The reference's sentences in the left column, the suspect's in the right one."""

    def __init__(self, comparison: Result, width: int) -> None:
        self.comparison = comparison
        self.width = width

    def legend(self) -> Iterator[Paragraph | Columns]:
        """The meaning of the marks, and which side is whose."""
        yield paragraph("[old] │ [new]{kind}   {kind!} tell-tale   [-dropped-] │ {+added+}", style=FAINT)
        yield from _guesses_legend(self.comparison)
        yield EMPTY_LINE
        names = [inert(side.article.name) for side in (self.comparison.reference, self.comparison.suspect)]
        yield Columns(
            paragraph(Text.assemble("reference ", (names[0], STRONG))),
            paragraph(Text.assemble("suspect ", (names[1], STRONG))),
        )

    def paired(self, block: Paired) -> Iterator[Columns]:
        """An aligned pair, faint when both sides are alike."""
        yield rule_across(
            numbers_of(block.reference), f"{numbers_of(block.suspect)} · {_likeness(block)}", self.width
        )
        reference, suspect = _marked(self.comparison, block, beside=True)
        style = FAINT if _alike(reference, suspect) else ""
        yield Columns(paragraph(reference, style=style), paragraph(suspect, style=style))

    def unmatched(self, block: Unmatched) -> Iterator[Columns]:
        """Sentences that one side has alone, with nothing beside them."""
        title = f"{numbers_of(block.sentences)} · {_ONLY[block.side]}"
        mine = block.side == "suspect"
        yield rule_across("" if mine else title, title if mine else "", self.width)
        for text in _sentences(self.comparison, block):
            yield Columns(EMPTY_LINE, paragraph(text)) if mine else Columns(paragraph(text), EMPTY_LINE)

    def left_out(self, group: Sequence[Paired | Unmatched]) -> Iterator[Columns]:
        """How much isn't shown."""
        yield rule_across(_count(group), "", self.width)


def _marked(comparison: Result, block: Paired, beside: bool = False) -> tuple[Text, Text]:
    """The reference's and the suspect's side of a pair."""
    return (
        marked_reference(comparison.reference.article, block.pair),
        marked_suspect(comparison.suspect.article, block.pair, beside),
    )


def _alike(reference: Text, suspect: Text) -> bool:
    """Whether both sides of a pair say the same, with no mark on either."""
    return reference.plain == suspect.plain


def _sentences(comparison: Result, block: Unmatched) -> Iterator[Text]:
    """The texts of a block that one side has alone, the suspect's with what gives it away."""
    if block.side == "reference":
        return (plain_sentence(comparison.reference.article, sentence.span) for sentence in block.sentences)
    article, giveaways = comparison.suspect.article, comparison.giveaways
    return (
        marked_alone(article, sentence.span, giveaways_in(giveaways, sentence.span)) for sentence in block.sentences
    )


def _likeness(block: Paired) -> str:
    """How alike the sides of a pair are, and whether it stands elsewhere in the reference."""
    return f"{block.pair.similarity:.0%} alike{' · moved' if block.moved else ''}"


def _count(group: Sequence[Paired | Unmatched]) -> str:
    """How many blocks were left out, and of which sort."""
    pairs = sum(isinstance(block, Paired) for block in group)
    alone = sum(len(block.sentences) for block in group if isinstance(block, Unmatched))
    parts = [counted(pairs, "pair")] if pairs else []
    parts += [f"{counted(alone, 'sentence')} without a partner"] if alone else []
    return f"… {' and '.join(parts)} not shown"
