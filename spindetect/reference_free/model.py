"""The parameters for scoring alone: two files in the model's folder.

alone.npz    NumPy arrays: hashed n-grams with counts, what words may stand for, what is known of words
alone.json   format, the digest of the arrays, weights, features, training data, metrics
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from spindetect.errors import InvalidModel
from spindetect.parts import ALONE, ALONE_ARRAYS, Parts, finite, packed_arrays, read_arrays, save_parts
from spindetect.reference_free.features import FEATURE_NAMES
from spindetect.reference_free.ngrams import NGramModel
from spindetect.reference_free.originals import Ranking, Supposed
from spindetect.reference_free.packing import LARGEST, TYPES, Known, packed, pair_counts, unpacked
from spindetect.reference_free.slots import Slots
from spindetect.reference_free.token_features import GROUPS, SIGNS, Suspicion, Table
from spindetect.score.additive import Logit, ramps

FORMAT = 3


@dataclass(frozen=True)
class Judgement:
    """The log-odds that a text was spun: an intercept, and a piecewise-linear function of each feature, 0 at 0."""

    intercept: float
    knots: Mapping[str, Sequence[float]]
    weights: Mapping[str, Sequence[float]]

    def parts(self, features: Mapping[str, float]) -> dict[str, float]:
        """The nats that each feature adds to the log-odds, against a text without a trace of it."""
        logit = Logit(self.intercept, self.weights)
        return {name: logit.part(name, ramps(features[name], knots)) for name, knots in self.knots.items()}


@dataclass(frozen=True, eq=False)
class AloneModel:
    """The n-gram model, originals, slots, weights, the metadata that they were saved with, and all words by id."""

    ngrams: NGramModel
    supposed: Supposed
    table: Table
    slots: Slots
    ranking: Ranking
    suspicion: Suspicion
    judgement: Judgement
    metadata: Mapping[str, Any]
    words: Sequence[str]

    @property
    def signature(self) -> str:
        """Changes whenever the parameters do."""
        return f"alone:{self.metadata['digest'][:12]}"


def save_alone(folder: Path, model: AloneModel) -> None:
    """Write both files."""
    arrays, said = packed_arrays(
        ALONE_ARRAYS, packed(Known(model.ngrams, model.supposed, model.table, model.slots))
    )
    record = {
        "format": FORMAT,
        **model.metadata,
        "arrays": said,
        "slots": {"scale": model.slots.scale, "unit": model.slots.unit},
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
    save_parts(folder, {ALONE_ARRAYS: arrays, ALONE: record})


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
    parts = Parts.of(folder)
    with _blaming(ALONE):
        record = _record(parts)
        ranking = Ranking(**{name: finite(value) for name, value in record["ranking"].items()})
        of = record["suspicion"]
        knots = {sign: _ascending(of["knots"][sign]) for sign in SIGNS}
        weights = {
            group: {sign: _weights(of["weights"][group][sign], knots[sign]) for sign in SIGNS} for group in GROUPS
        }
        suspicion = Suspicion(knots, {group: finite(of["intercepts"][group]) for group in GROUPS}, weights)
        judgement = judgement_of(record["judgement"], FEATURE_NAMES)
        scale, unit = (finite(record["slots"][name]) for name in ("scale", "unit"))
    with _blaming(ALONE_ARRAYS):
        parts.check_arrays(ALONE_ARRAYS, ALONE, record["arrays"])
        arrays = read_arrays(parts.read(ALONE_ARRAYS), TYPES, LARGEST)
        known = unpacked(arrays, len(words), scale, unit)
        if not known.ngrams.more.keys().isdisjoint(words):
            raise ValueError("a word has two ids")
    metadata = {**record, "digest": parts.digest(ALONE)}
    return AloneModel(*known, ranking, suspicion, judgement, metadata, (*words, *known.ngrams.more))


def load_pair_counts(folder: Path, words: int) -> NGramModel:
    """Counts of single words and pairs alone, a fourth of the time: triples count as never met.

    Raises `InvalidModel` for what is damaged or of another format, or of another number of ``words``.
    """
    parts = Parts.of(folder)
    with _blaming(ALONE):
        record = _record(parts)
    with _blaming(ALONE_ARRAYS):
        types = {name: TYPES[name] for name in ("more", "singles", "pairs_steps", "pairs_codes")}
        parts.check_arrays(ALONE_ARRAYS, ALONE, record["arrays"])
        arrays = read_arrays(parts.read(ALONE_ARRAYS), types, LARGEST)
        return pair_counts(arrays, words)


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


def _record(parts: Parts) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(parts.read(ALONE, FORMAT))
    if tuple(record["judgement"]["knots"]) != FEATURE_NAMES or tuple(record["suspicion"]["knots"]) != SIGNS:
        raise InvalidModel(
            f"the features in {ALONE} aren't those of this version. Use a model made for this version."
        )
    return record


def judgement_of(record: Mapping[str, Any], names: Sequence[str]) -> Judgement:
    """The judgement by the features of these names, of what JSON holds; what doesn't fit raises `ValueError`."""
    knots = {name: _ascending(record["knots"][name]) for name in names}
    if any(found[0] != 0.0 for found in knots.values()):
        raise ValueError("a feature's knots don't begin at 0")
    weights = {name: _weights(record["weights"][name], knots[name]) for name in names}
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
