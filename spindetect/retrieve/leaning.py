"""The weights by which signs in the words tell a direction: kept in a model's folder, loaded and checked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from spindetect.errors import InvalidModel
from spindetect.parts import DIRECTION, Parts, finite, save_parts
from spindetect.retrieve.signs import EVEN, ODD, Leaning

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
