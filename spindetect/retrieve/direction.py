"""Which of two texts is the copy: by when they were published, and by what the words of both say."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np

from spindetect.errors import InvalidModel
from spindetect.findings import MACHINE_RELATIONS, Direction, DirectionSign, Result, Undecided
from spindetect.parts import DIRECTION, Parts, finite, save_parts
from spindetect.pipeline import compare_documents
from spindetect.read.times import parse_time
from spindetect.records import Article
from spindetect.results import Comparison
from spindetect.retrieve.signs import EVEN, ODD, Leaning, Measured, measure
from spindetect.score.additive import sigmoid
from spindetect.score.verdict import BOTH_WAYS
from spindetect.scorer import Scorer

Side = Literal["suspect", "reference"]

# Log-odds from which a direction is told: in training, 95% of what is told by words is right; of real news 98%.
TOLD = 1.25
# Log-odds of times: they are easily forged, and a page brought up to date has a later one than its copies.
_TIMES = 2.5
# Log-odds of words, at most.
_MOST_WORDS = 6.0
# Share of the suspect in common below which neither text is a copy of the other, and the probability of a machine's
# work below which words say nothing: people's changes go both ways.
_RELATED = 0.3
_PERHAPS_MACHINE = 0.2
_UNSAID = "when it was published"
_LONGEST_SHOWN = 60  # characters of a published time that isn't understood
_MOST_SIGNS = 4
_LEAST_SIGN = 0.2  # nats
# Tell-tales that a side needs to be named for them, and by what factor they must outnumber the others (plus one).
_ENOUGH_TELLTALES = 3
_OUTNUMBER = 2
_SWAPPED = "The reference is told to be the copy: the files are probably swapped."


def with_direction(comparison: Comparison, scorer: Scorer) -> Comparison:
    """The comparison, and which side is the copy.

    A machine's work that the reference is, is none of the suspect's: then the verdict is undecided, and says that
    the files are probably swapped, unless the reference couldn't be accused either: then it says why. The score
    stays what it is, evidence that a machine made one from the other.
    """
    leaning, counts = leaning_for(comparison, scorer), scorer.pair_counts
    measured = measure(comparison, scorer.model.lexicon, counts) if leaning and counts else None
    direction = tell_direction(comparison, measured, leaning)
    if direction.copy == "reference" and comparison.verdict in MACHINE_RELATIONS:
        sides = comparison.reference, comparison.suspect
        turned = compare_documents(*sides, scorer.model, comparison.signature, scorer.pair_counts)
        swapped = Undecided("swapped", "reference", _SWAPPED)
        reasons = (swapped,) if turned.verdict in MACHINE_RELATIONS else turned.undecided or (BOTH_WAYS,)
        return replace(comparison, direction=direction, verdict="undecided", undecided=reasons)
    return replace(comparison, direction=direction)


def leaning_for(comparison: Comparison, scorer: Scorer) -> Leaning | None:
    """The weights by which words tell who copied; None where they say nothing, or the model has none."""
    if worth_measuring(comparison) and scorer.pair_counts:
        return load_leaning(Path(scorer.model.metadata["folder"]))
    return None


def worth_measuring(comparison: Result) -> bool:
    """Whether words may show which side is the copy: one of them may be a machine's work."""
    return _related(comparison) and comparison.probability >= _PERHAPS_MACHINE


def _related(comparison: Result) -> bool:
    return comparison.verdict != "independent" and comparison.coverage >= _RELATED


def tell_direction(comparison: Result, measured: Measured | None, leaning: Leaning | None) -> Direction:
    """Which side of a comparison is the copy, by its times and by what was ``measured`` of its words, if it was."""
    if not _related(comparison):
        return Direction(None, "neither text is told to be a version of the other")
    by_times = by_time(comparison)
    times = {"suspect": _TIMES, "reference": -_TIMES, None: 0.0}[by_times.copy]
    leans = leaning.log_odds(measured) if measured and leaning else 0.0
    words = max(-_MOST_WORDS, min(_MOST_WORDS, leans))
    total = words + times
    signs = _signs(measured, leaning) if measured and leaning else []
    copy = _side(total) if abs(total) >= TOLD else None
    reason = _reason(by_times, _said(signs, words), times, words)
    timed = [DirectionSign("published", times, by_times.reason)] if by_times.copy else []
    return Direction(copy, reason, sigmoid(total), (*timed, *signs))


def _side(nats: float) -> Side:
    return "suspect" if nats > 0 else "reference"


def _reason(timed: Direction, said: str, times: float, words: float) -> str:
    """Why a direction was told, or why it wasn't: what the times say, and what the words."""
    words_tell = bool(said) and abs(words) >= TOLD
    if timed.copy is None:
        return said if words_tell else f"{timed.reason}, and the words don't show it either"
    if not words_tell:
        return timed.reason if abs(times + words) >= TOLD or not said else f"{timed.reason}, but {said}"
    if words * times > 0:
        return f"{timed.reason}, and {said}"
    return f"{said}, though {timed.reason}" if abs(times + words) >= TOLD else f"{timed.reason}, but {said}"


# --- times --------------------------------------------------------------------------------------------


def by_time(comparison: Result) -> Direction:
    """The side that was published later, where both say when and the times don't overlap."""
    suspect, reference = comparison.suspect.article.published, comparison.reference.article.published
    ours, theirs = parse_time(suspect), parse_time(reference)
    if ours is None or theirs is None:
        missing = [_untimed("suspect", suspect), _untimed("reference", reference)]
        if all(one.endswith(_UNSAID) for one in missing):
            return Direction(None, f"neither text says {_UNSAID}")
        return Direction(None, ", and ".join(filter(None, missing)))
    suspect, reference = _dated(comparison.suspect.article), _dated(comparison.reference.article)
    if ours.first > theirs.last:
        return Direction("suspect", f"the suspect was published later ({suspect}) than the reference ({reference})")
    if theirs.first > ours.last:
        return Direction(
            "reference", f"the reference was published later ({reference}) than the suspect ({suspect})"
        )
    return Direction(None, f"the times are too close to tell ({suspect} and {reference})")


def _dated(article: Article) -> str:
    """A published time and where it stands: [2025-11-13, byline]."""
    return ", ".join(filter(None, (article.published, article.about.dated_by)))


def _untimed(side: str, published: str | None) -> str:
    """Why a side's published time is of no use; "" when it is."""
    said = (published or "").strip()
    if not said:
        return f"the {side} doesn't say {_UNSAID}"
    if parse_time(said) is not None:
        return ""
    shown = said if len(said) <= _LONGEST_SHOWN else f"{said[:_LONGEST_SHOWN]}…"
    return f"the {side}'s published time ('{shown}') isn't understood"


# --- words --------------------------------------------------------------------------------------------


def _signs(measured: Measured, leaning: Leaning) -> list[DirectionSign]:
    """Tell-tales plain to see and the signs that say most, each with what the log-odds would lose without it."""
    found = []
    here, there = measured.shown, measured.telltales[1]
    for name, nats in leaning.parts(measured).items():
        if abs(nats) < _LEAST_SIGN and not _plain(name, measured):
            continue
        value = measured.odd[name]
        explanation = ODD[name][value < 0]
        if name == "telltales" and value > 0 and here > there:
            explanation = f"the suspect has {here} tell-tales of a machine but the reference {_only(there)}"
        elif name == "telltales" and value < 0:
            explanation = f"the reference has {there} tell-tales of a machine but the suspect {_only(here)}"
        found.append(DirectionSign(name, nats, explanation))
    return sorted(found, key=lambda one: (not _plain(one.sign, measured), -abs(one.nats)))[:_MOST_SIGNS]


def _plain(name: str, measured: Measured) -> bool:
    """Whether a sign is plain to see, and so the first to be named: tell-tales that are nearly all on one side."""
    fewer, more = sorted(measured.telltales)
    return name == "telltales" and more >= _ENOUGH_TELLTALES and more >= _OUTNUMBER * (fewer + 1)


def _only(count: int) -> str:
    return f"only {count}" if count else "none"


def _said(signs: Sequence[DirectionSign], words: float) -> str:
    """The two strongest signs that say what all the words say, as a clause; "" if none says much.

    A sign of all words and the same of content words are one [fit, content_fit].
    """
    agreeing: dict[str, str] = {}
    for one in signs:
        if one.nats * words > 0:
            agreeing.setdefault(one.sign.removeprefix("content_"), one.explanation)
    return ", and ".join(list(agreeing.values())[:2])


FORMAT = 1


def save_leaning(folder: Path, leaning: Leaning, about: Mapping[str, Any]) -> None:
    """Write the weights; ``about`` is whatever else should be known of them."""
    record = {
        "format": FORMAT,
        **about,
        "odd": [dict(zip(ODD, _rounded(row), strict=True)) for row in leaning.odd],
        "even": [dict(zip(("constant", *EVEN), _rounded(row), strict=True)) for row in leaning.even],
        "scale": {name: round(value, 6) for name, value in leaning.scale.items()},
        "shift": {name: round(value, 6) for name, value in leaning.shift.items()},
    }
    save_parts(folder, {DIRECTION: record})


def _rounded(row: Any) -> list[float]:
    return [round(float(value), 5) for value in row]


@lru_cache(maxsize=4)
def load_leaning(folder: Path) -> Leaning | None:
    """The weights in a model's folder, None where it has none.

    Raises `InvalidModel` for a file that is damaged, or of another format or other signs than this version's.
    """
    try:
        parts = Parts.of(folder)
        if DIRECTION not in parts:
            return None
        record = json.loads(parts.read(DIRECTION, FORMAT))
        odd = np.array([[finite(row[name]) for name in ODD] for row in record["odd"]])
        even = np.array([[finite(row[name]) for name in ("constant", *EVEN)] for row in record["even"]])
        scale = {name: finite(record["scale"][name]) for name in (*ODD, *EVEN)}
        shift = {name: finite(record["shift"][name]) for name in EVEN}
        if not len(odd) == len(even) > 0 or min(scale.values()) <= 0.0:
            raise ValueError("weights that don't fit together")
    except InvalidModel as error:
        raise InvalidModel(f"The model in {folder} can't tell who copied whom: {error}") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidModel(
            f"{folder / DIRECTION} is damaged ({type(error).__name__}: {error}), so that who copied whom can't be "
            "told. Reinstall spindetect, or train the model again."
        ) from error
    return Leaning(odd, even, scale, shift)
