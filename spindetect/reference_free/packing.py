"""The parameters for scoring alone as they are kept in a file: arrays of whole numbers of one to four bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spindetect.parts import hashes_of
from spindetect.reference_free.ngrams import CLASSES, Floats, Ids, NGramModel
from spindetect.reference_free.ngrams import Table as Counts
from spindetect.reference_free.originals import Supposed
from spindetect.reference_free.slots import OFFSETS, Slots
from spindetect.reference_free.token_features import Table

TYPES = {
    "singles": np.uint32, "starts": np.uint32, "supposed": np.uint16, "habit": np.int8, "kindred": np.uint8,
    "phrases": np.uint16, "phrase_habit": np.int8, "put_in": np.int8, "capital": np.uint8, "function": np.uint8,
    "counted_as": np.uint16, "more": np.uint8, "slot_context": np.int8, "slot_filler": np.int8,
    "slot_layers": np.int8, "slot_bias": np.int16, "slot_thresholds": np.int16, "pairs_steps": np.uint32,
    "pairs_codes": np.uint8, "triples_steps": np.uint32, "triples_codes": np.uint8,
}  # fmt: skip
"""The arrays by name, with their types."""
LARGEST = 200_000_000  # bytes unpacked; ours takes 22 million
_NATS = 20.0  # habits and fondness are kept in twentieths of a nat
_SHARE = 255.0
_THOUSANDTHS = 1000.0


class Known(NamedTuple):
    """How words follow one another, what they may stand for, what is known of each, and what fits a slot."""

    ngrams: NGramModel
    supposed: Supposed
    table: Table
    slots: Slots


def packed(known: Known) -> dict[str, NDArray[Any]]:
    """The arrays of what is known."""
    ngrams, supposed, table, slots = known
    phrases = [(new, old, habit) for new, known in sorted(supposed.phrases.items()) for old, habit in known]
    arrays: dict[str, NDArray[Any]] = {
        "singles": ngrams.singles.astype(np.uint32),
        "starts": supposed.starts.astype(np.uint32),
        "supposed": supposed.words.astype(np.uint16),
        "habit": _bytes(supposed.habit),
        "kindred": np.packbits(supposed.kindred),
        "phrases": _flat([ids for new, old, _ in phrases for ids in (new, old)]),
        "phrase_habit": _bytes(np.array([habit for _, _, habit in phrases])),
        "put_in": _bytes(table.put_in / 2.0),
        "capital": np.rint(table.capital * _SHARE).astype(np.uint8),
        "function": np.packbits(table.function),
        "counted_as": _others(table.counted_as),
        "more": np.frombuffer("\n".join(ngrams.more).encode(), dtype=np.uint8),
        "slot_context": slots.context.ravel(),
        "slot_filler": slots.filler.ravel(),
        "slot_layers": slots.layers.ravel(),
        "slot_bias": np.rint(slots.bias * _THOUSANDTHS).astype(np.int16),
        "slot_thresholds": np.rint(slots.thresholds * _THOUSANDTHS).astype(np.int16),
    }
    for name, counts in (("pairs", ngrams.pairs), ("triples", ngrams.triples)):
        arrays[f"{name}_steps"] = np.diff(counts.hashes, prepend=np.uint32(0))
        arrays[f"{name}_codes"] = counts.codes
    return arrays


def _bytes(nats: Floats) -> NDArray[np.int8]:
    return np.clip(np.rint(nats * _NATS), -127, 127).astype(np.int8)


def _others(counted_as: Ids) -> NDArray[np.uint16]:
    """The ids that count as another one, each followed by that one."""
    others = np.flatnonzero(counted_as != np.arange(len(counted_as)))
    return np.stack([others, counted_as[others]], axis=1).ravel().astype(np.uint16)


# Between the ids of one phrase and those of the next.
_BREAK = 65_535


def _flat(phrases: Sequence[Sequence[int]]) -> NDArray[np.uint16]:
    return np.array([value for phrase in phrases for value in (*phrase, _BREAK)], dtype=np.uint16)


def unpacked(arrays: Mapping[str, NDArray[Any]], vocabulary: int, scale: float, unit: float) -> Known:
    """The parameters, from arrays; ``vocabulary`` is its number of words, ``scale`` and ``unit`` are of `Slots`.

    Raises `ValueError` for arrays that don't fit together.
    """
    for name, array in arrays.items():
        if array.ndim != 1:
            raise ValueError(f"the {name} have {array.ndim} dimensions, expected one")
    more = more_words(arrays, vocabulary)
    words = vocabulary + len(more)
    singles = arrays["singles"].astype(np.int64)
    starts = arrays["starts"].astype(np.int64)
    supposed = arrays["supposed"].astype(np.int64)
    sizes = (len(singles) - len(CLASSES), len(starts) - 1, len(arrays["put_in"]), len(arrays["capital"]))
    if set(sizes) != {words}:
        raise ValueError(f"it knows {sizes[0]} words, the vocabulary {words}")
    if starts[0] != 0 or starts[-1] != len(supposed) or (np.diff(starts) < 0).any() or (supposed >= words).any():
        raise ValueError("what words may stand for doesn't fit the vocabulary")
    counted = [_counts(arrays[f"{name}_steps"], arrays[f"{name}_codes"]) for name in ("pairs", "triples")]
    if len(arrays["habit"]) != len(supposed):
        raise ValueError(f"{len(arrays['habit'])} habits for {len(supposed)} suppositions")
    table = Table(
        arrays["put_in"] / _NATS * 2.0,
        arrays["capital"] / _SHARE,
        np.unpackbits(arrays["function"], count=words).astype(bool),
        np.arange(len(singles)),
    )
    others = arrays["counted_as"].reshape(-1, 2)
    if (others >= words).any():
        raise ValueError("words count as ones beyond the vocabulary")
    table.counted_as[others[:, 0]] = others[:, 1]
    kindred = np.unpackbits(arrays["kindred"], count=len(supposed)).astype(bool)
    phrases = _phrases(arrays["phrases"], arrays["phrase_habit"] / _NATS, words)
    return Known(
        NGramModel(singles, counted[0], counted[1], more),
        Supposed(starts, supposed, arrays["habit"] / _NATS, kindred, phrases),
        table,
        _slots(arrays, words, scale, unit),
    )


def more_words(arrays: Mapping[str, NDArray[Any]], vocabulary: int) -> dict[str, int]:
    """The ids of the words that a vocabulary of so many lacks."""
    found = arrays["more"].tobytes().decode("utf-8").split()
    if len(set(found)) != len(found):
        raise ValueError("a word has two ids")
    return {word: vocabulary + row for row, word in enumerate(found)}


def pair_counts(arrays: Mapping[str, NDArray[Any]], vocabulary: int) -> NGramModel:
    """Counts of single words and pairs alone: triples count as never met."""
    more = more_words(arrays, vocabulary)
    if arrays["singles"].shape != (vocabulary + len(more) + len(CLASSES),):
        raise ValueError(f"it doesn't know {vocabulary} words")
    never = Counts(np.zeros(0, dtype=np.uint32), np.zeros(0, dtype=np.uint8))
    pairs = _counts(arrays["pairs_steps"], arrays["pairs_codes"])
    return NGramModel(arrays["singles"].astype(np.int64), pairs, never, more)


def _slots(arrays: Mapping[str, NDArray[Any]], words: int, scale: float, unit: float) -> Slots:
    bias = arrays["slot_bias"] / _THOUSANDTHS
    thresholds = arrays["slot_thresholds"] / _THOUSANDTHS
    ids, neurons = words + len(CLASSES), len(thresholds)
    context, filler, layers = (arrays[f"slot_{name}"] for name in ("context", "filler", "layers"))
    size = len(context) // ids
    fitting = (len(bias), len(context), len(filler), len(layers))
    if fitting != (ids, ids * size, ids * neurons, size * neurons * (len(OFFSETS) + 1)):
        raise ValueError("the network of slots doesn't fit the vocabulary")
    return Slots(
        context.reshape(ids, size),
        filler.reshape(ids, neurons),
        layers.reshape(size, -1),
        thresholds,
        bias,
        scale,
        unit,
    )


def _counts(steps: NDArray[np.uint32], codes: NDArray[np.uint8]) -> Counts:
    if len(steps) != len(codes):
        raise ValueError("the n-grams' hashes and counts don't fit together")
    return Counts(hashes_of(steps), codes)


def _phrases(
    flat: NDArray[np.uint16], habits: Floats, words: int
) -> dict[tuple[int, ...], list[tuple[tuple[int, ...], float]]]:
    if (flat[flat != _BREAK] >= words).any():
        raise ValueError("phrases of words beyond the vocabulary")
    ends = np.flatnonzero(flat == _BREAK).tolist()
    values = flat.tolist()
    found = [tuple(values[first:last]) for first, last in zip([0, *(end + 1 for end in ends)], ends, strict=False)]
    phrases: dict[tuple[int, ...], list[tuple[tuple[int, ...], float]]] = {}
    for new, old, habit in zip(found[::2], found[1::2], habits.tolist(), strict=True):
        phrases.setdefault(new, []).append((old, habit))
    return phrases
