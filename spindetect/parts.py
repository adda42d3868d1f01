"""The manifest of a model's folder: which parts it has, each with its format, its size and its SHA-256.

    manifest.json   {"format": 1, "parts": {"alone.json": {"format": 2, "bytes": 9533, "sha256": "..."}, ...}}

All parts are read and written here, so that what is damaged, was copied from another model or is of another version
is refused before anything is made of it. A part is read, and held against the manifest, when it is first asked for.
Arrays and numbers are checked here as well: no objects, which could execute code, only expected types and finite
numbers, and no more bytes than a limit. The rooms that use a part know what its numbers mean.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tokenize import TokenError
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from spindetect.errors import InvalidModel
from spindetect.files import bounded_bytes, whole_file

FORMAT = 1
MANIFEST = "manifest.json"
MODEL, LEXICON = "model.json", "lexicon.npz"
DIRECTION, HEARING = "direction.json", "hearing.json"
ALONE, ALONE_ARRAYS = "alone.json", "alone.npz"
FAMILIES, FAMILIES_ARRAYS = "families.json", "families.npz"
PARTS = (MODEL, LEXICON, DIRECTION, ALONE, ALONE_ARRAYS, FAMILIES, FAMILIES_ARRAYS, HEARING)
"""The files that a model may have; only the first two are in all of them."""
_REPAIR = "Reinstall spindetect, or train the model again."


@dataclass(frozen=True)
class Parts:
    """The parts of the model in a folder, as its manifest has them: for each file format, bytes and sha256."""

    folder: Path
    rows: Mapping[str, Mapping[str, Any]]

    @classmethod
    def of(cls, folder: Path) -> Parts:
        """Read the manifest, if there is one; raises `InvalidModel` if it is damaged or of another format."""
        try:
            found = json.loads(bounded_bytes(folder / MANIFEST))
            if found["format"] != FORMAT:
                raise InvalidModel(_other_format(MANIFEST, found["format"], FORMAT))
            rows = {str(name): {**row, "sha256": str(row["sha256"])} for name, row in found["parts"].items()}
            return cls(folder, rows)
        except FileNotFoundError:
            return cls(folder, {})
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            raise InvalidModel(f"{MANIFEST} is damaged ({type(error).__name__}: {error}). {_REPAIR}") from error

    def __contains__(self, name: str) -> bool:
        """Whether the model has a part, or its file stands there unnamed, which reading it refuses."""
        return name in self.rows or (self.folder / name).exists()

    def digest(self, name: str) -> str:
        """The SHA-256 that the manifest has of a part, in hex; "" for a part that the model doesn't have."""
        return str(self.rows[name]["sha256"]) if name in self.rows else ""

    def read(self, name: str, format: int | None = None) -> bytes:
        """A part's bytes, which are those that the manifest names; ``format`` is the one that is understood.

        Raises ``FileNotFoundError`` for a part that the model doesn't have, and `InvalidModel` for one that is
        missing, damaged, copied from elsewhere or of another format.
        """
        row = self.rows.get(name)
        try:
            content = bounded_bytes(self.folder / name)
        except FileNotFoundError as error:
            if row is None:
                raise
            raise InvalidModel(f"{name} is missing, and {MANIFEST} names it. {_REPAIR}") from error
        except (OSError, ValueError) as error:
            raise InvalidModel(f"{name} is damaged ({type(error).__name__}: {error}). {_REPAIR}") from error
        if row is None:
            raise InvalidModel(f"{MANIFEST} is missing, or doesn't name {name}. {_REPAIR}")
        if hashlib.sha256(content).hexdigest() != row["sha256"]:
            whose = "it was changed, or copied from another model"
            raise InvalidModel(f"{name} is damaged: it isn't what {MANIFEST} names ({whose}). {_REPAIR}")
        if format is not None and row.get("format") != format:
            raise InvalidModel(_other_format(name, row.get("format"), format))
        return content

    def check_arrays(self, arrays: str, record: str, said: Mapping[str, Any]) -> None:
        """Raise `InvalidModel` unless a part's record says that it goes with these arrays, which the model has."""
        if said["file"] != arrays or said["sha256"] != self.digest(arrays):
            raise InvalidModel(f"{arrays} is damaged: its digest isn't the one in {record}. {_REPAIR}")


def _other_format(name: str, found: object, read: int) -> str:
    return (
        f"the format of {name} is {found!r}, this version of spindetect reads format {read}. "
        "Use a model made for this version."
    )


def save_parts(folder: Path, parts: Mapping[str, bytes | Mapping[str, Any]]) -> None:
    """Write some parts of a model, each whole or not at all, and last the manifest; other parts' rows stay.

    A part is its bytes, or plain data.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows = dict(Parts.of(folder).rows) if (folder / MANIFEST).is_file() else {}
    for name, part in parts.items():
        content = part if isinstance(part, bytes) else _record_bytes(part)
        with whole_file(folder / name) as stream:
            stream.write(content)
        rows[name] = _row(name, content)
    _write(folder, rows)


def renew(folder: Path) -> None:
    """Write the manifest of the parts as they lie in a folder, after one was copied there by hand."""
    present = [name for name in PARTS if (folder / name).is_file()]
    _write(folder, {name: _row(name, bounded_bytes(folder / name)) for name in present})


def _record_bytes(record: Mapping[str, Any]) -> bytes:
    return (json.dumps(record, indent=1, ensure_ascii=False) + "\n").encode()


def _row(name: str, content: bytes) -> dict[str, Any]:
    row: dict[str, Any] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    if name.endswith(".json"):
        with suppress(ValueError, LookupError, TypeError):  # whoever reads it says what is wrong with it
            row = {"format": json.loads(content)["format"], **row}
    return row


def _write(folder: Path, rows: Mapping[str, Mapping[str, Any]]) -> None:
    with whole_file(folder / MANIFEST) as stream:
        stream.write(
            _record_bytes({"format": FORMAT, "parts": {name: rows[name] for name in PARTS if name in rows}})
        )


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


def packed_arrays(name: str, arrays: Mapping[str, NDArray[Any]]) -> tuple[bytes, dict[str, str]]:
    """Arrays as the bytes of a compressed ``.npz`` file, the same of the same arrays, for `read_arrays`.

    Beside them what a record says of the part of this ``name``, for `Parts.check_arrays`.
    """
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    packed = buffer.getvalue()
    return packed, {"file": name, "sha256": hashlib.sha256(packed).hexdigest()}


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
