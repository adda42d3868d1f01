"""A model is a folder: parameters in formats that can't execute code, metadata, and a card.

    manifest.json   its parts, each with format and digest (`spindetect.parts`)
    model.json      format, name, version, classifier, training data with digests, metrics
    lexicon.npz     NumPy arrays: words with surprisal and vectors, substitutions, expressions
    README.md       the model card

Loading checks formats and digests and refuses what it doesn't know.
"""

from __future__ import annotations

import gc
import json
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spindetect.align.lexical.lexicon import Entry, Lexicon
from spindetect.errors import InvalidModel
from spindetect.parts import DIRECTION, LEXICON, MODEL, Parts, finite, packed_arrays, read_arrays, save_parts
from spindetect.score.additive import Logit
from spindetect.score.classifier import TOLD_APART, Classifier, Explained
from spindetect.score.features import FEATURE_NAMES, OF_MACHINE, OF_REUSE, OF_TRANSLATION
from spindetect.score.word_choice import WordChoice
from spindetect.segment.vocabulary import Vocabulary

FORMAT = 8
# Errors that reading a damaged file of these formats may raise.
_DAMAGE = (
    *(OSError, ValueError, LookupError, TypeError, AttributeError, EOFError, MemoryError),
    *(zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error),
)
_EVIDENCE_SCALE = 20.0  # evidence is kept in twentieths of a nat
_ASSOCIATION_SCALE = 255.0
_LARGEST_LEXICON = 1_000_000_000  # bytes unpacked, some twenty times the shipped one's
# The arrays of `pack`; an array of anything else, as of Python objects, is refused.
_TYPES = {
    **dict.fromkeys(("words", "irregular", "pairs", "association", "expressions", "expression_kinds"), np.uint8),
    **{"rarity": np.float32, "vectors": np.int8, "evidence": np.int8, "unseen": np.float64},
}
_EXPRESSION_KINDS = ("idiom", "collocation")


@dataclass(frozen=True)
class Model:
    """Everything learnt: vocabulary, lexicon and classifier, with the metadata they were saved with."""

    name: str
    vocabulary: Vocabulary
    lexicon: Lexicon
    classifier: Classifier
    metadata: Mapping[str, Any]

    @property
    def signature(self) -> str:
        """Name, version and digest: changes whenever the parameters do."""
        return f"{self.name}:{self.metadata['version']}:{self.metadata['digest'][:12]}"


def find_model(name: str) -> Path:
    """The folder of a model: a path as it is, or a name among those shipped with the package."""
    given = Path(name)
    package = Path(__file__).parent
    shipped = [package / "models" / name, package.parent / "models" / name]
    for folder in (*shipped, given):
        if (folder / MODEL).is_file():
            return folder
    raise InvalidModel(
        f"There is no model {name!r}: no model.json in {given} or among the models shipped with spindetect. "
        "Give a model's folder or leave the setting out."
    )


def load_model(name: str) -> Model:
    """Load and check a model; raises `InvalidModel` for anything missing, damaged or unknown."""
    folder = find_model(name)
    try:
        parts = Parts.of(folder)
        metadata = json.loads(parts.read(MODEL, FORMAT))
        packed = parts.read(LEXICON)
        _check(metadata, parts)
        metadata["digest"] = parts.digest(MODEL)
        metadata["folder"] = str(folder)
        vocabulary, lexicon = _unpacked(packed)
        classifier = classifier_from_dict(metadata["classifier"])
        return Model(str(metadata["name"]), vocabulary, lexicon, classifier, metadata)
    except InvalidModel as error:
        raise InvalidModel(f"The model in {folder} can't be used: {error}") from error
    except _DAMAGE as error:
        raise InvalidModel(
            f"The model in {folder} is damaged ({type(error).__name__}: {error}). "
            "Reinstall spindetect, or train the model again."
        ) from error


@lru_cache(maxsize=1)
def _unpacked(packed: bytes) -> tuple[Vocabulary, Lexicon]:
    """The contents of a lexicon's file; the last one is kept, since unpacking takes most of loading a model again.

    Garbage isn't collected meanwhile: the tables hold none, and looking through them takes a third of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        return unpack(read_arrays(packed, _TYPES, _LARGEST_LEXICON))
    finally:
        if was_on:
            gc.enable()


def _check(metadata: Mapping[str, Any], parts: Parts) -> None:
    """Refuse other features, or a lexicon that isn't the one the model was saved with."""
    if not str(metadata["version"]):
        raise ValueError("it must have a version")
    if tuple(metadata["classifier"]["knots"]) != FEATURE_NAMES:
        raise InvalidModel("its features aren't those of this version. Use a model made for this version.")
    parts.check_arrays(LEXICON, MODEL, metadata["lexicon"])


def save_model(
    folder: Path, metadata: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]], classifier: Classifier
) -> None:
    """Write a model's folder; ``arrays`` as `pack` makes them."""
    packed, lexicon = packed_arrays(LEXICON, arrays)
    save_parts(folder, {LEXICON: packed, MODEL: _record(metadata, lexicon, classifier)})


def _record(metadata: Mapping[str, Any], lexicon: dict[str, str], classifier: Classifier) -> dict[str, Any]:
    return {"format": FORMAT, **metadata, "lexicon": lexicon, "classifier": classifier_to_dict(classifier)}


def read_lexicon(folder: Path) -> dict[str, NDArray[Any]]:
    """The lexicon's arrays of a model in ``folder``, as `pack` makes them."""
    return read_arrays(Parts.of(folder).read(LEXICON), _TYPES, _LARGEST_LEXICON)


def save_beside(source: Path, folder: Path, metadata: Mapping[str, Any], classifier: Classifier) -> None:
    """Write a model's folder with another classifier, and all the parts of the one in ``source``, byte for byte."""
    kept = Parts.of(source)
    parts = {name: kept.read(name) for name in kept.rows if name != MODEL}
    lexicon = {"file": LEXICON, "sha256": kept.digest(LEXICON)}
    save_parts(folder, {**parts, MODEL: _record(metadata, lexicon, classifier)})


def copy_comparing(source: Path, folder: Path) -> None:
    """Copy what a model in ``source`` compares with; what scores alone and tells the tool is left out."""
    parts = Parts.of(source)
    save_parts(folder, {name: parts.read(name) for name in (MODEL, LEXICON, DIRECTION)})


def classifier_to_dict(classifier: Classifier) -> dict[str, Any]:
    """The classifier as plain data."""
    return {
        "knots": {name: list(knots) for name, knots in classifier.knots.items()},
        "machine": _explained_dict(classifier.machine),
        "reuse": _explained_dict(classifier.reuse),
        "translation": _logit_dict(classifier.translation),
        "relations": {name: _logit_dict(logit) for name, logit in classifier.relation.items()},
        "word_choice": {name: getattr(classifier.words, name) for name in ("intercept", "gained", "lost")},
    }


def _explained_dict(explained: Explained) -> dict[str, Any]:
    return {**_logit_dict(explained.logit), "typical": dict(explained.typical)}


def _logit_dict(logit: Logit) -> dict[str, Any]:
    return {"intercept": logit.intercept, "weights": {name: list(w) for name, w in logit.weights.items()}}


def classifier_from_dict(data: Mapping[str, Any]) -> Classifier:
    """The classifier back from plain data; a missing relation or feature raises `KeyError`."""
    knots = {name: tuple(map(finite, found)) for name, found in data["knots"].items()}
    for name, found in knots.items():
        if any(high <= low for low, high in pairwise(found)):
            raise ValueError(f"the knots of {name} don't ascend")
    answers = OF_MACHINE, OF_REUSE, OF_TRANSLATION
    of_machine, of_reuse, of_translation = ({name: knots[name] for name in names} for names in answers)
    relations = {name: _logit(data["relations"][name], of_machine) for name in TOLD_APART}
    machine, reuse = _explained(data["machine"], of_machine), _explained(data["reuse"], of_reuse)
    words = data["word_choice"]
    gained, lost = ({word: finite(nats) for word, nats in words[side].items()} for side in ("gained", "lost"))
    choice = WordChoice(gained, lost, finite(words["intercept"]))
    return Classifier(knots, machine, reuse, _logit(data["translation"], of_translation), relations, choice)


def _explained(data: Mapping[str, Any], knots: Mapping[str, tuple[float, ...]]) -> Explained:
    return Explained(_logit(data, knots), {name: finite(data["typical"][name]) for name in knots})


def _logit(data: Mapping[str, Any], knots: Mapping[str, tuple[float, ...]]) -> Logit:
    weights = {name: tuple(map(finite, data["weights"][name])) for name in knots}
    for name, found in weights.items():
        if len(found) != max(0, len(knots[name]) - 1):
            raise ValueError(f"{name} has {len(found)} weights for {len(knots[name])} knots")
    return Logit(finite(data["intercept"]), weights)


def pack(
    words: list[str],
    surprisal: NDArray[np.float32],
    vectors: NDArray[np.int8],
    irregular: Mapping[str, str],
    entries: Mapping[tuple[str, str], Entry],
    expressions: Mapping[str, str],
    unseen: Sequence[tuple[float, float]] = (),
) -> dict[str, NDArray[Any]]:
    """Everything the lexicon holds as arrays; texts are UTF-8 with line breaks between them."""
    pairs = sorted(entries)
    found = [entries[pair] for pair in pairs]
    return {
        "words": _text(words),
        "rarity": surprisal.astype(np.float32),
        "vectors": vectors,
        "irregular": _text([f"{form}\t{base}" for form, base in sorted(irregular.items())]),
        "pairs": _text([f"{reference}\t{suspect}" for reference, suspect in pairs]),
        "association": np.array([round(e.association * _ASSOCIATION_SCALE) for e in found], dtype=np.uint8),
        "evidence": np.array([round(e.evidence * _EVIDENCE_SCALE) for e in found], dtype=np.int8),
        "expressions": _text(sorted(expressions)),
        "expression_kinds": np.array(
            [_EXPRESSION_KINDS.index(expressions[phrase]) for phrase in sorted(expressions)], dtype=np.uint8
        ),
        "unseen": np.array(unseen, dtype=np.float64).reshape(-1, 2),
    }


def unpack(arrays: Mapping[str, NDArray[Any]]) -> tuple[Vocabulary, Lexicon]:
    """Vocabulary and lexicon back from the arrays of `pack`."""
    words = _lines(arrays["words"])
    rows = {word: row for row, word in enumerate(words)}
    surprisal = dict(zip(words, np.minimum(arrays["rarity"], 12.0).tolist(), strict=True))
    if arrays["vectors"].ndim != 2 or len(arrays["vectors"]) != len(words):
        raise ValueError(f"{len(arrays['vectors'])} vectors for {len(words)} words")
    irregular = dict(line.split("\t") for line in _lines(arrays["irregular"]))
    vocabulary = Vocabulary(surprisal, rows, irregular)
    vectors = arrays["vectors"].astype(np.float32)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    pairs = [(before, after) for before, after in (line.split("\t") for line in _lines(arrays["pairs"]))]
    entries = dict(zip(pairs, _entries(arrays["association"], arrays["evidence"]), strict=True))
    kinds = [_EXPRESSION_KINDS[kind] for kind in arrays["expression_kinds"].tolist()]
    expressions: dict[str, Any] = dict(zip(_lines(arrays["expressions"]), kinds, strict=True))
    single = {word for pair in entries for word in pair if " " not in word}
    stems = {word: vocabulary.stem(word) for word in single}
    unseen = tuple((knot, nats) for knot, nats in arrays["unseen"].tolist())
    if list(unseen) != sorted(set(unseen)):
        raise ValueError("the knots of the evidence of unseen substitutions don't ascend")
    return vocabulary, Lexicon(entries, expressions, vectors, stems, unseen)


def _entries(association: NDArray[np.uint8], evidence: NDArray[np.int8]) -> list[Entry]:
    """An entry for each pair of numbers as `pack` scales them; equal ones are one object, as most are."""
    known, nats = (association / _ASSOCIATION_SCALE).tolist(), (evidence / _EVIDENCE_SCALE).tolist()
    made: dict[tuple[float, float], Entry] = {}
    return [made.get(pair) or made.setdefault(pair, Entry(*pair)) for pair in zip(known, nats, strict=True)]


def _text(lines: list[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(lines).encode("utf-8"), dtype=np.uint8)


def _lines(array: NDArray[np.uint8]) -> list[str]:
    return array.tobytes().decode("utf-8").split("\n") if array.size else []
