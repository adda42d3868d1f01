"""A result as pandas tables, one row a substitution, a giveaway, a sentence pair or a contribution."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Literal, get_args

from spindetect.errors import MissingExtra
from spindetect.findings import Result, SentencePair
from spindetect.report.blocks import Numbered, Paired, blocks

if TYPE_CHECKING:
    import pandas

Table = Literal["substitutions", "alignment", "contributions", "giveaways"]
TABLES: tuple[Table, ...] = get_args(Table)

SUBSTITUTION_COLUMNS = (
    "kind",
    "reference",
    "suspect",
    "quoted",
    "telltale",
    "weight",
    "reason",
    "pair",
    "suspect_start",
    "suspect_end",
    "reference_start",
    "reference_end",
)
GIVEAWAY_COLUMNS = (
    "kind",
    "suspect",
    "original",
    "quoted",
    "telltale",
    "probability",
    "weight",
    "reason",
    "suspect_start",
    "suspect_end",
)
ALIGNMENT_COLUMNS = (
    "suspect_sentences",
    "reference_sentences",
    "similarity",
    "moved",
    "substitutions",
    "telltales",
    "weight",
    "added",
    "dropped",
    "suspect",
    "reference",
    "suspect_start",
    "suspect_end",
    "reference_start",
    "reference_end",
)
CONTRIBUTION_COLUMNS = ("feature", "value", "nats", "explanation")


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
    if find_spec("pandas") is None:
        raise MissingExtra("to_frame takes pandas, which isn't installed. Run: pip install 'spindetect[notebooks]'")
    import pandas

    rows, columns = _MAKERS[table]
    return pandas.DataFrame(rows(result), columns=list(columns))


def _pairs(comparison: Result) -> list[Paired]:
    """The sentence pairs in the suspect's order."""
    return [block for block in blocks(comparison) if isinstance(block, Paired)]


def _substitutions(comparison: Result) -> list[dict[str, Any]]:
    places = {item: row for row, block in enumerate(_pairs(comparison)) for item in block.pair.substitutions}
    return [
        {
            "kind": item.kind,
            "reference": item.reference.text,
            "suspect": item.suspect.text,
            "quoted": item.quoted,
            "telltale": item.telltale,
            "weight": item.weight,
            "reason": item.reason,
            "pair": places[item],
            "suspect_start": item.suspect.span.start,
            "suspect_end": item.suspect.span.end,
            "reference_start": item.reference.span.start,
            "reference_end": item.reference.span.end,
        }
        for item in comparison.substitutions
    ]


def _giveaways(result: Result) -> list[dict[str, Any]]:
    return [
        {
            "kind": item.kind,
            "suspect": item.suspect.text,
            "original": item.original.text if item.original else None,
            "quoted": item.quoted,
            "telltale": item.telltale,
            "probability": item.probability,
            "weight": item.weight,
            "reason": item.reason,
            "suspect_start": item.suspect.span.start,
            "suspect_end": item.suspect.span.end,
        }
        for item in result.giveaways
    ]


def _alignment(comparison: Result) -> list[dict[str, Any]]:
    return [
        {
            "suspect_sentences": _numbers(block.suspect),
            "reference_sentences": _numbers(block.reference),
            "moved": block.moved,
            **_pair(comparison, block.pair),
        }
        for block in _pairs(comparison)
    ]


def _pair(comparison: Result, pair: SentencePair) -> dict[str, Any]:
    return {
        "similarity": pair.similarity,
        "substitutions": len(pair.substitutions),
        "telltales": sum(item.telltale for item in pair.substitutions),
        "weight": sum(item.weight for item in pair.substitutions),
        "added": len(pair.added),
        "dropped": len(pair.dropped),
        "suspect": pair.suspect.of(comparison.suspect.article.text),
        "reference": pair.reference.of(comparison.reference.article.text),
        "suspect_start": pair.suspect.start,
        "suspect_end": pair.suspect.end,
        "reference_start": pair.reference.start,
        "reference_end": pair.reference.end,
    }


def _contributions(comparison: Result) -> list[dict[str, Any]]:
    return [
        {"feature": item.feature, "value": item.value, "nats": item.nats, "explanation": item.explanation}
        for item in comparison.contributions
    ]


def _numbers(sentences: tuple[Numbered, ...]) -> tuple[int, ...]:
    return tuple(sentence.number for sentence in sentences)


_MAKERS: dict[Table, tuple[Callable[[Result], list[dict[str, Any]]], tuple[str, ...]]] = {
    "substitutions": (_substitutions, SUBSTITUTION_COLUMNS),
    "giveaways": (_giveaways, GIVEAWAY_COLUMNS),
    "alignment": (_alignment, ALIGNMENT_COLUMNS),
    "contributions": (_contributions, CONTRIBUTION_COLUMNS),
}
