"""NumPy arrays from files that nobody vouches for: no objects, of the types expected, finite, of bounded size."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray


def read_arrays(packed: bytes, types: Mapping[str, DTypeLike], largest: int) -> dict[str, NDArray[Any]]:
    """The arrays in the bytes of a ``.npz`` file, by name.

    Raises ``ValueError`` for arrays that aren't of these types, hold numbers that aren't finite, or take more than
    ``largest`` bytes, and whatever `numpy.load` raises; objects, which could execute code, aren't read.
    """
    with zipfile.ZipFile(io.BytesIO(packed)) as members:
        size = sum(member.file_size for member in members.infolist())
    if size > largest:
        raise ValueError(f"the arrays unpack to {size:,} bytes, and at most {largest:,} are taken")
    with np.load(io.BytesIO(packed), allow_pickle=False) as found:
        arrays = {name: found[name] for name in types}
    for name, array in arrays.items():
        if array.dtype != types[name]:
            raise ValueError(f"the {name} are {array.dtype}, expected {np.dtype(types[name])}")
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            raise ValueError(f"the {name} aren't all finite")
    return arrays
