"""What is learnt for scoring alone: two files in the model's folder.

alone.npz    NumPy arrays: hashed n-grams with counts, what words may stand for, what is known of words
alone.json   format, the digest of the arrays, weights, features, training data, metrics
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spindetect.errors import InvalidModel
from spindetect.files import bounded_bytes
from spindetect.model.arrays import finite, hashes_of, packed_arrays, read_arrays
from spindetect.reference_free.features import FEATURE_NAMES
from spindetect.reference_free.ngrams import CLASSES, Collocations, Floats
from spindetect.reference_free.ngrams import Table as Counts
from spindetect.reference_free.originals import Ranking, Supposed
from spindetect.reference_free.token_features import GROUPS, SIGNS, Suspicion, Table
from spindetect.score.additive import Logit, ramps

FORMAT = 1
_TYPES = {
    "singles": np.uint32, "starts": np.uint32, "supposed": np.uint16, "habit": np.int8, "kindred": np.uint8,
    "phrases": np.uint16, "phrase_habit": np.int8, "put_in": np.int8, "capital": np.uint8, "function": np.uint8,
    "pairs_steps": np.uint32, "pairs_codes": np.uint8, "triples_steps": np.uint32, "triples_codes": np.uint8,
}  # fmt: skip
_LARGEST = 200_000_000  # bytes unpacked; ours takes 22 million
ARRAYS, WEIGHTS = "alone.npz", "alone.json"
_NATS = 20.0  # habits and fondness are kept in twentieths of a nat
_SHARE = 255.0


@dataclass(frozen=True)
class Judgement:
    """The log-odds that a text was spun: an intercept, and a piecewise-linear function of each feature, 0 at 0."""

    intercept: float
    knots: Mapping[str, Sequence[float]]
    weights: Mapping[str, Sequence[float]]

    def parts(self, features: Mapping[str, float]) -> dict[str, float]:
        """What each feature adds to the log-odds, in nats, against a text without a trace of it."""
        logit = Logit(self.intercept, self.weights)
        return {name: logit.part(name, ramps(features[name], knots)) for name, knots in self.knots.items()}


@dataclass(frozen=True, eq=False)
class AloneModel:
    """Collocations, suppositions and weights, the metadata that they were saved with, the vocabulary's words."""

    collocations: Collocations
    supposed: Supposed
    table: Table
    ranking: Ranking
    suspicion: Suspicion
    judgement: Judgement
    metadata: Mapping[str, Any]
    words: Sequence[str] = ()

    @property
    def signature(self) -> str:
        """Changes whenever the parameters do."""
        return f"alone:{self.metadata['digest'][:12]}"


def save_alone(folder: Path, model: AloneModel) -> None:
    """Write both files."""
    packed = packed_arrays(_packed(model))
    (folder / ARRAYS).write_bytes(packed)
    record = {
        "format": FORMAT,
        **model.metadata,
        "arrays": {"file": ARRAYS, "sha256": hashlib.sha256(packed).hexdigest()},
        "ranking": asdict(model.ranking),
        "suspicion": {
            "knots": _plain(model.suspicion.knots),
            "intercepts": dict(model.suspicion.intercepts),
            "weights": {group: _plain(weights) for group, weights in model.suspicion.weights.items()},
        },
        "judgement": {
            "intercept": model.judgement.intercept,
            "knots": _plain(model.judgement.knots),
            "weights": _plain(model.judgement.weights),
        },
    }
    (folder / WEIGHTS).write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", "utf-8")


def _plain(found: Mapping[str, Sequence[float]]) -> dict[str, list[float]]:
    return {name: [round(float(value), 5) for value in values] for name, values in found.items()}


def load_alone(folder: Path, words: Sequence[str]) -> AloneModel:
    """Load and check what a model's folder holds for scoring alone; ``words`` are its vocabulary.

    Raises `InvalidModel` for what is missing, damaged or of another format.
    """
    try:
        return _loaded(folder, words)
    except FileNotFoundError as error:
        raise InvalidModel(
            f"The model in {folder} can't score an article without a reference: {error.filename} is missing. "
            "Reinstall spindetect, give a reference, or train the model again."
        ) from error
    except InvalidModel as error:
        raise InvalidModel(f"The model in {folder} can't score an article without a reference: {error}") from error


def _loaded(folder: Path, words: Sequence[str]) -> AloneModel:
    with _blaming(WEIGHTS):
        raw = bounded_bytes(folder / WEIGHTS)
        record = json.loads(raw)
        _check(record)
        ranking = Ranking(**{name: finite(value) for name, value in record["ranking"].items()})
        suspicion, judgement = _suspicion(record["suspicion"]), _judgement(record["judgement"])
    with _blaming(ARRAYS):
        packed = bounded_bytes(folder / ARRAYS)
        _check_digest(record, packed)
        collocations, supposed, table = _unpacked(read_arrays(packed, _TYPES, _LARGEST), len(words))
    metadata = {**record, "digest": hashlib.sha256(raw).hexdigest()}
    return AloneModel(collocations, supposed, table, ranking, suspicion, judgement, metadata, words)


def load_pair_counts(folder: Path, words: int) -> Collocations:
    """Counts of single words and pairs alone, a fourth of the time: triples count as never met.

    Raises `InvalidModel` for what is damaged or of another format, or of another number of ``words``.
    """
    with _blaming(WEIGHTS):
        record = json.loads(bounded_bytes(folder / WEIGHTS))
        _check(record)
    with _blaming(ARRAYS):
        packed = bounded_bytes(folder / ARRAYS)
        _check_digest(record, packed)
        types = {name: _TYPES[name] for name in ("singles", "pairs_steps", "pairs_codes")}
        arrays = read_arrays(packed, types, _LARGEST)
        if arrays["singles"].shape != (words + len(CLASSES),):
            raise ValueError(f"it doesn't know {words} words")
        never = Counts(np.zeros(0, dtype=np.uint32), np.zeros(0, dtype=np.uint8))
        pairs = _counts(arrays["pairs_steps"], arrays["pairs_codes"])
        return Collocations(arrays["singles"].astype(np.int64), pairs, never)


@contextmanager
def _blaming(name: str) -> Iterator[None]:
    """Turn whatever reading a damaged file may raise into an `InvalidModel` that names it."""
    try:
        yield
    except (FileNotFoundError, InvalidModel):
        raise
    except Exception as error:
        raise InvalidModel(
            f"{name} is damaged ({type(error).__name__}: {error}). Reinstall spindetect, or train the model again."
        ) from error


def _check(record: Mapping[str, Any]) -> None:
    if record["format"] != FORMAT:
        raise InvalidModel(
            f"{WEIGHTS} is of format {record['format']!r}, this version of spindetect reads {FORMAT}. "
            "Use a model made for this version."
        )
    if tuple(record["judgement"]["knots"]) != FEATURE_NAMES or tuple(record["suspicion"]["knots"]) != SIGNS:
        raise InvalidModel(
            f"the features in {WEIGHTS} aren't those of this version. Use a model made for this version."
        )


def _check_digest(record: Mapping[str, Any], packed: bytes) -> None:
    if record["arrays"]["file"] != ARRAYS or hashlib.sha256(packed).hexdigest() != record["arrays"]["sha256"]:
        raise InvalidModel(
            f"{ARRAYS} is damaged: its digest isn't the one in {WEIGHTS}. "
            "Reinstall spindetect, or train the model again."
        )


def _suspicion(record: Mapping[str, Any]) -> Suspicion:
    knots = {sign: _ascending(record["knots"][sign]) for sign in SIGNS}
    weights = {
        group: {sign: _weights(record["weights"][group][sign], knots[sign]) for sign in SIGNS} for group in GROUPS
    }
    return Suspicion(knots, {group: finite(record["intercepts"][group]) for group in GROUPS}, weights)


def _judgement(record: Mapping[str, Any]) -> Judgement:
    knots = {name: _ascending(record["knots"][name]) for name in FEATURE_NAMES}
    if any(found[0] != 0.0 for found in knots.values()):
        raise ValueError("a feature's knots don't begin at 0")
    weights = {name: _weights(record["weights"][name], knots[name]) for name in FEATURE_NAMES}
    return Judgement(finite(record["intercept"]), knots, weights)


def _ascending(values: Sequence[Any]) -> list[float]:
    found = [finite(value) for value in values]
    if len(found) < 2 or any(high <= low for low, high in pairwise(found)):
        raise ValueError(f"knots that don't ascend: {found}")
    return found


def _weights(values: Sequence[Any], knots: Sequence[float]) -> list[float]:
    if len(values) != len(knots) - 1:
        raise ValueError(f"{len(values)} weights for {len(knots)} knots")
    return [finite(value) for value in values]


# --- arrays -------------------------------------------------------------------------------------------


def _packed(model: AloneModel) -> dict[str, NDArray[Any]]:
    collocations, supposed, table = model.collocations, model.supposed, model.table
    phrases = [(new, old, habit) for new, known in sorted(supposed.phrases.items()) for old, habit in known]
    arrays: dict[str, NDArray[Any]] = {
        "singles": collocations.singles.astype(np.uint32),
        "starts": supposed.starts.astype(np.uint32),
        "supposed": supposed.words.astype(np.uint16),
        "habit": _bytes(supposed.habit),
        "kindred": np.packbits(supposed.kindred),
        "phrases": _flat([ids for new, old, _ in phrases for ids in (new, old)]),
        "phrase_habit": _bytes(np.array([habit for _, _, habit in phrases])),
        "put_in": _bytes(table.put_in / 2.0),
        "capital": np.rint(table.capital * _SHARE).astype(np.uint8),
        "function": np.packbits(table.function),
    }
    for name, counts in (("pairs", collocations.pairs), ("triples", collocations.triples)):
        arrays[f"{name}_steps"] = np.diff(counts.hashes, prepend=np.uint32(0))
        arrays[f"{name}_codes"] = counts.codes
    return arrays


def _bytes(nats: Floats) -> NDArray[np.int8]:
    return np.clip(np.rint(nats * _NATS), -127, 127).astype(np.int8)


# Between the ids of one phrase and those of the next.
_BREAK = 65_535


def _flat(phrases: Sequence[Sequence[int]]) -> NDArray[np.uint16]:
    return np.array([value for phrase in phrases for value in (*phrase, _BREAK)], dtype=np.uint16)


def _unpacked(arrays: Mapping[str, NDArray[Any]], words: int) -> tuple[Collocations, Supposed, Table]:
    for name, array in arrays.items():
        if array.ndim != 1:
            raise ValueError(f"the {name} have {array.ndim} dimensions, expected one")
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
    )
    kindred = np.unpackbits(arrays["kindred"], count=len(supposed)).astype(bool)
    phrases = _phrases(arrays["phrases"], arrays["phrase_habit"] / _NATS, words)
    return (
        Collocations(singles, *counted),
        Supposed(starts, supposed, arrays["habit"] / _NATS, kindred, phrases),
        table,
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
