"""Which tool made the substitutions? Every spinner has a dictionary, and the dictionary leaves its fingerprint.

families.npz    hashes of phrase pairs, and how readily each known family makes each of them
families.json   format, the digest of the arrays, names of the families, limits, figures

No phrase can be read back from a hash: the dictionaries are somebody's product. The families:

wp_auto_spinner    a dictionary that several products carry, in two versions (2015 and 2019) of one of them
wordnet            tools that take a word's synonyms from WordNet, with or without its inflection
tortured_phrases   the same, and "tortured" scientific terms ("counterfeit consciousness") before all else
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from spindetect.errors import InvalidModel
from spindetect.findings import MACHINE_RELATIONS, FamilyFit, Result
from spindetect.kinds import KINDS
from spindetect.parts import FAMILIES, FAMILIES_ARRAYS, Parts, hashes_of, packed_arrays, read_arrays, save_parts
from spindetect.segment.tokens import tokenize
from spindetect.segment.vocabulary import Vocabulary

FORMAT = 2
_TYPES = {"steps": np.uint32, "codes": np.uint8}
_LARGEST = 20_000_000  # bytes unpacked; ours takes 0.6 million
UNKNOWN = "unknown family"
"""The family of a text that none of the known ones made."""

FEWEST = 8
"""Substitutions with which a family can be told at all."""

LEAST_SHARE = 0.15
"""The share of substitutions (0 to 1) below which no family is named."""
# Families that share a dictionary, and so don't lead each other.
_AKIN = ({"wordnet", "tortured_phrases"},)

# Log-probability of a substitution that a family isn't known to make, in nats.
_NEVER = math.log(1e-4)
# Log-probabilities are kept in eighths of a nat; code 0 stands for "never".
_NATS = 8.0

Named = TypeVar("Named", bound=Result)
Pair = tuple[str, str]
"""(reference phrase, suspect phrase), as `normal_form` writes them."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The share of substitutions (0 to 1) that each family must make to be named, by its name.

    ``compared`` is for substitutions found with a reference, ``alone`` for restored ones. ``lead`` is in
    nats over all substitutions: families are in order, and of those that fit alike the first is named.
    ``ahead`` is in nats a substitution: a family that fits so much better than all with another dictionary is named
    with any share from `LEAST_SHARE` on, as tools know only a part of a dictionary or add to it; with a reference.
    """

    compared: Mapping[str, float]
    alone: Mapping[str, float]
    lead: float
    ahead: Mapping[str, float]


@dataclass(frozen=True, eq=False)
class Families:
    """The known families' treatment of each phrase; safe to share between threads.

    ``hashes`` ascend; ``log_chances`` has a row for each and a column for each of ``names``: log
    P(suspect phrase | reference phrase) in nats, -inf for what the family doesn't do.
    """

    names: tuple[str, ...]
    hashes: NDArray[np.uint32]
    log_chances: NDArray[np.float32]
    limits: Limits

    def fits(self, pairs: Sequence[Pair], chances: Sequence[float] = ()) -> tuple[FamilyFit, ...]:
        """How well each family fits substitutions (at least one), the likeliest first.

        Phrases of as many words that no family makes are fitted word by word: exchanges that stand side by side are
        found as one. ``chances`` say how probable each of the pairs is (0 to 1), if they are guesses.
        """
        parts = [
            [pair] if known else word_pairs(*pair) for pair, known in zip(pairs, self.known(pairs), strict=True)
        ]
        found = self._rows([one for part in parts for one in part])
        weights = np.repeat(chances or np.ones(len(parts)), [len(part) for part in parts])
        shares = np.average(np.isfinite(found), axis=0, weights=weights).tolist()
        likely = np.average(np.maximum(found, _NEVER).astype(np.float64), axis=0, weights=weights).tolist()
        fits = [FamilyFit(*one) for one in zip(self.names, shares, likely, strict=True)]
        return tuple(sorted(fits, key=lambda fit: -round(fit.log_likelihood, 6)))

    def known(self, pairs: Sequence[Pair]) -> list[bool]:
        """Of each substitution whether any family makes it."""
        return list(map(bool, np.isfinite(self._rows(pairs)).max(axis=1, initial=False).tolist()))

    def exchanges(self, result: Result, vocabulary: Vocabulary) -> list[str]:
        """Substitutions that no known family makes, as "reference -> suspect", each once, sorted."""
        pairs = sorted(set(pairs_of(result, vocabulary)))
        known = self.known(pairs)
        return [f"{old} -> {new}" for (old, new), one in zip(pairs, known, strict=True) if not one and old and new]

    def _rows(self, pairs: Sequence[Pair]) -> NDArray[np.float32]:
        hashes = np.array([hashed(*pair) for pair in pairs], dtype=np.uint32)
        found = np.full((len(pairs), len(self.names)), -np.inf, dtype=np.float32)
        if len(self.hashes):
            places = np.minimum(np.searchsorted(self.hashes, hashes), len(self.hashes) - 1)
            there = self.hashes[places] == hashes
            found[there] = self.log_chances[places[there]]
        return found

    def named(
        self, fits: Sequence[FamilyFit], count: int, least: Mapping[str, float], ahead: Mapping[str, float]
    ) -> str:
        """The family that made ``count`` substitutions; `UNKNOWN` if none makes ``least`` or is ``ahead``."""
        fitting = [
            fit
            for fit in fits
            if fit.share >= least[fit.name]
            or (fit.share >= LEAST_SHARE and lead_of(fit, fits) >= ahead.get(fit.name, math.inf))
        ]
        enough = sorted(fitting, key=lambda fit: self.names.index(fit.name))
        if not enough:
            return UNKNOWN
        best = enough[0]
        for fit in enough[1:]:
            if count * (fit.log_likelihood - best.log_likelihood) > self.limits.lead:
                best = fit
        return best.name

    def with_family(self, result: Named, vocabulary: Vocabulary) -> Named:
        """The result with the families' fits, when a machine made it and there are enough substitutions.

        "Unknown family" is for what a spinner did; of texts that were translated back or
        rewritten by a language model nothing is said, unless a known family fits.
        """
        pairs = pairs_of(result, vocabulary) if result.verdict in MACHINE_RELATIONS else []
        if len(pairs) < FEWEST:
            return result
        fits = self.fits(*guesses_of(result, vocabulary)) if result.reference_free else self.fits(pairs)
        # guesses are out of known dictionaries, so one of these is always ahead
        limits = (self.limits.alone, {}) if result.reference_free else (self.limits.compared, self.limits.ahead)
        name = self.named(fits, len(pairs), *limits)
        if name == UNKNOWN and result.verdict != "spun":
            return replace(result, families=fits)
        return replace(result, families=fits, family=name)


def word_pairs(old: str, new: str) -> list[Pair]:
    """The exchanged words of phrases of as many words; other phrases as they are.

    >>> word_pairs("the chief executive", "the principal administrator")
    [('chief', 'principal'), ('executive', 'administrator')]
    """
    words = old.split(), new.split()
    if len(words[0]) != len(words[1]) or old == new:
        return [(old, new)]
    return [(one, other) for one, other in zip(*words, strict=True) if one != other]


def akin(name: str, other: str | None) -> bool:
    """Whether two families share a dictionary, so that neither is unknown where the other is known."""
    return name == other or any({name, other} <= group for group in _AKIN)


def lead_of(fit: FamilyFit, fits: Sequence[FamilyFit]) -> float:
    """By how much a family fits better than all with another dictionary, in nats a substitution; 0 without such."""
    others = [one.log_likelihood for one in fits if not akin(fit.name, one.name)]
    return fit.log_likelihood - max(others, default=fit.log_likelihood)


def pairs_of(result: Result, vocabulary: Vocabulary) -> list[Pair]:
    """The substitutions that may be out of a dictionary: a comparison's, or the first guesses of a report's."""
    if result.reference_free:
        found = [(one.guesses[0].text, one.suspect.text, one.kind) for one in result.giveaways if one.guesses]
    else:
        found = [(one.reference.text, one.suspect.text, one.kind) for one in result.substitutions]
    return [
        (normal_form(old, vocabulary), normal_form(new, vocabulary))
        for old, new, kind in found
        if KINDS[kind].exchange
    ]


def guesses_of(result: Result, vocabulary: Vocabulary) -> tuple[list[Pair], list[float]]:
    """All guesses of a report at its substitutions, and how probable each is; "something else" is one of them.

    Its reference phrase is empty, so that no family makes it: known dictionaries supply the guesses, and an unknown
    tool shows by how little they explain.
    """
    pairs, chances = [], []
    for one in result.giveaways:
        if one.guesses and KINDS[one.kind].exchange:
            new, known = normal_form(one.suspect.text, vocabulary), [guess.probability for guess in one.guesses]
            pairs += [(normal_form(guess.text, vocabulary), new) for guess in one.guesses] + [("", new)]
            chances += [*known, max(1.0 - sum(known), 0.0)]
    return pairs, chances


def normal_form(phrase: str, vocabulary: Vocabulary) -> str:
    """A phrase as dictionaries are asked for it: its words' normal forms with spaces between them."""
    words = vocabulary.words(_spellings(phrase))
    return " ".join([word.norm for word in words if word.lexical])


@lru_cache(maxsize=20_000)  # spinners put in the same phrases again and again, and most of the time goes here
def _spellings(phrase: str) -> tuple[str, ...]:
    return tuple(tokenize(phrase)[0])


def hashed(reference: str, suspect: str) -> int:
    """32 bits that stand for a pair of phrases."""
    digest = hashlib.blake2b(f"{reference}\t{suspect}".encode("utf-8", "replace"), digest_size=4).digest()
    return int.from_bytes(digest, "little")


def load_families(folder: Path) -> Families | None:
    """Load and check what a model's folder knows of families; None when it has neither file.

    Raises `InvalidModel` for what is damaged, of another format, or there by half.
    """
    try:
        parts = Parts.of(folder)
        if FAMILIES_ARRAYS not in parts and FAMILIES not in parts:
            return None
        record = json.loads(parts.read(FAMILIES, FORMAT))
        parts.check_arrays(FAMILIES_ARRAYS, FAMILIES, record["arrays"])
        arrays = read_arrays(parts.read(FAMILIES_ARRAYS), _TYPES, _LARGEST)
        return _unpacked(record, arrays["steps"], arrays["codes"])
    except InvalidModel as error:
        raise InvalidModel(f"The model in {folder} can't tell which tool spun a text: {error}") from error
    except Exception as error:  # whatever reading a damaged file may raise
        raise InvalidModel(
            f"The model in {folder} is damaged: {FAMILIES_ARRAYS} or {FAMILIES} ({type(error).__name__}: {error}). "
            "Reinstall spindetect, or train the model again."
        ) from error


def save_families(folder: Path, families: Families, about: Mapping[str, Any]) -> None:
    """Write both files; ``about`` is whatever else should be known of them."""
    chances = families.log_chances.T.astype(np.float64)
    finite = np.isfinite(chances)
    nats = np.where(finite, -chances, 0.0)
    codes = np.where(finite, np.clip(np.rint(nats * _NATS) + 1, 1, 255), 0).astype(np.uint8)
    packed, said = packed_arrays(
        FAMILIES_ARRAYS, {"steps": np.diff(families.hashes, prepend=np.uint32(0)), "codes": codes}
    )
    limits = families.limits
    record = {
        "format": FORMAT,
        **about,
        "arrays": said,
        "families": list(families.names),
        "limits": {
            "compared": dict(limits.compared),
            "alone": dict(limits.alone),
            "lead": limits.lead,
            "ahead": dict(limits.ahead),
        },
    }
    save_parts(folder, {FAMILIES_ARRAYS: packed, FAMILIES: record})


def _unpacked(record: Mapping[str, Any], steps: NDArray[np.uint32], codes: NDArray[np.uint8]) -> Families:
    names = tuple(map(str, record["families"]))
    if codes.shape != (len(names), len(steps)):
        raise ValueError("hashes, codes and names of families don't fit together")
    chances = np.where(codes > 0, -(codes.astype(np.float32) - 1.0) / _NATS, -np.inf).astype(np.float32)
    found = record["limits"]
    ways = ("compared", "alone", "ahead")
    compared, alone, ahead = ({name: float(found[way][name]) for name in names} for way in ways)
    limits = Limits(compared, alone, float(found["lead"]), ahead)
    if not all(map(math.isfinite, [*compared.values(), *alone.values(), *ahead.values(), limits.lead])):
        raise ValueError(f"limits that aren't finite: {found}")
    return Families(names, hashes_of(steps), np.ascontiguousarray(chances.T), limits)
