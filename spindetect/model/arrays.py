"""Arrays and numbers from files that nobody vouches for: no objects, of expected types, finite, of bounded size."""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Mapping
from tokenize import TokenError
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
    try:
        with np.load(io.BytesIO(packed), allow_pickle=False) as found:
            arrays = {name: found[name] for name in types}
    except (SyntaxError, TokenError) as error:  # an array's head is read as Python's literals
        raise ValueError(f"an array's head can't be read ({error})") from error
    for name, array in arrays.items():
        if array.dtype != types[name]:
            raise ValueError(f"the {name} are {array.dtype}, expected {np.dtype(types[name])}")
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            raise ValueError(f"the {name} aren't all finite")
    return arrays


def packed_arrays(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Arrays as the bytes of a compressed ``.npz`` file, for `read_arrays`: of the same arrays the same bytes."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def hashes_of(steps: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Ascending hashes given by the steps between them; raises ``ValueError`` where these lead beyond 32 bits."""
    hashes = np.cumsum(steps, dtype=np.uint64)
    if len(hashes) and int(hashes[-1]) >= 2**32:
        raise ValueError("the steps between the hashes lead beyond 32 bits")
    return hashes.astype(np.uint32)


def finite(value: Any) -> float:
    """A number, refused with ``ValueError`` if it is infinite or none at all."""
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{value!r} among the parameters")
    return number
