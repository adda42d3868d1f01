"""A result as pandas tables, one row a substitution, a giveaway, a sentence pair or a contribution."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Literal, get_args

from spindetect.errors import needed
from spindetect.findings import Result
from spindetect.report.blocks import Paired, blocks

if TYPE_CHECKING:
    import pandas

Table = Literal["substitutions", "alignment", "contributions", "giveaways"]
TABLES: tuple[Table, ...] = get_args(Table)

Rows = tuple[Sequence[Any], Mapping[str, Callable[[Any], Any]]]
"""A table's items, and by its columns' names the value that each row shows."""


def to_frame(result: Result, table: Table | None = None) -> pandas.DataFrame:
    """One of a result's tables, in the suspect's order; giveaways and contributions strongest first.

    By default it is that of the substitutions; without a reference that of the giveaways, whose ``original`` is the
    likeliest phrase that stood there, missing where none is likely. ``pair`` is the row of the alignment that a
    substitution belongs to; weights and nats are log-odds; spans are half-open and count code points of the text as
    read; ``added`` and ``dropped`` count stretches; sentences are numbered from 1 outside boilerplate.
    Raises `MissingExtra` without pandas and ``ValueError`` for an unknown table.
    """
    table = table or ("giveaways" if result.reference_free else "substitutions")
    if table not in TABLES:
        raise ValueError(f"there is no table {table!r}; ask for one of {', '.join(TABLES)}.")
    frame = needed("pandas", "make tables", "notebooks").DataFrame
    items, cells = _MAKERS[table](result)
    rows = [{name: cell(item) for name, cell in cells.items()} for item in items]
    return frame(rows, columns=list(cells))


def _plain(*names: str) -> dict[str, Callable[[Any], Any]]:
    return {name: attrgetter(name) for name in names}


def _spans(path: str, *sides: str) -> dict[str, Callable[[Any], Any]]:
    return {f"{side}_{end}": attrgetter(f"{path.format(side)}.{end}") for side in sides for end in ("start", "end")}


def _substitutions(comparison: Result) -> Rows:
    places = {item: row for row, block in enumerate(_pairs(comparison)) for item in block.pair.substitutions}
    return comparison.substitutions, {
        **_plain("kind"),
        "reference": attrgetter("reference.text"),
        "suspect": attrgetter("suspect.text"),
        **_plain("quoted", "telltale", "weight", "reason"),
        "pair": places.__getitem__,
        **_spans("{}.span", "suspect", "reference"),
    }


def _giveaways(result: Result) -> Rows:
    return result.giveaways, {
        **_plain("kind"),
        "suspect": attrgetter("suspect.text"),
        "original": lambda item: item.original.text if item.original else None,
        **_plain("quoted", "telltale", "probability", "weight", "reason"),
        **_spans("{}.span", "suspect"),
    }


def _alignment(comparison: Result) -> Rows:
    return _pairs(comparison), {
        "suspect_sentences": lambda block: tuple([sentence.number for sentence in block.suspect]),
        "reference_sentences": lambda block: tuple([sentence.number for sentence in block.reference]),
        "similarity": attrgetter("pair.similarity"),
        "moved": attrgetter("moved"),
        "substitutions": lambda block: len(block.pair.substitutions),
        "telltales": lambda block: sum(item.telltale for item in block.pair.substitutions),
        "weight": lambda block: sum(item.weight for item in block.pair.substitutions),
        "added": lambda block: len(block.pair.added),
        "dropped": lambda block: len(block.pair.dropped),
        "suspect": lambda block: block.pair.suspect.of(comparison.suspect.article.text),
        "reference": lambda block: block.pair.reference.of(comparison.reference.article.text),
        **_spans("pair.{}", "suspect", "reference"),
    }


def _pairs(comparison: Result) -> list[Paired]:
    """The sentence pairs in the suspect's order."""
    return [block for block in blocks(comparison) if isinstance(block, Paired)]


_MAKERS: dict[Table, Callable[[Result], Rows]] = {
    "substitutions": _substitutions,
    "giveaways": _giveaways,
    "alignment": _alignment,
    "contributions": lambda result: (result.contributions, _plain("feature", "value", "nats", "explanation")),
}
