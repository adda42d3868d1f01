"""The index's files, looked at without tantivy: what is damaged is named before tantivy can trip over it.

A file of tantivy's ends in: JSON that has a CRC-32 of all before it, that JSON's length, a fixed number.
Damaged files make tantivy answer wrongly, panic or end the process, so each is checked once
before it is used. `LISTS` say which files belong to the index.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from spindetect.files import refused

META, MANAGED = "meta.json", ".managed.json"
LISTS = (META, MANAGED)
WRITER_LOCK, META_LOCK = ".tantivy-writer.lock", ".tantivy-meta.lock"
_PARTS = ("term", "idx", "pos", "fast", "fieldnorm", "store")
_FIELDS = [("words", "text"), ("key", "u64")]
_LARGEST_LIST = 20_000_000  # bytes; a segment takes under two thousand
_TANTIVY = 1337
_WORD = 4
_LONGEST_FOOTER = 10_000
_BLOCK = 1 << 22

_Seen = tuple[str, int, int, int]
# Files that had the right checksum when this process last read them, with inode, size and time of change.
_whole: set[_Seen] = set()


def damaged_files(folder: Path) -> list[str]:
    """The faults of the index's files, a clause for each damaged one, with its path; empty if there are none."""
    meta = folder / META
    for _ in range(5):  # a writer may be replacing the files
        before = _stamp(meta)
        found = _damaged(folder)
        if not found or _stamp(meta) == before:
            break
    return found


def _damaged(folder: Path) -> list[str]:
    faults = []
    for path in (folder / META, folder / MANAGED):
        try:
            listed = _read_list(path)
            if path.name == META:
                _segments(listed)
            elif not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
                raise TypeError("it isn't a list of names")
        except FileNotFoundError:
            faults.append(f"{path} is missing")
        except OSError as error:
            if refusal := refused(path, error):
                raise refusal from error
            faults.append(f"{path} isn't what was written")
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            faults.append(f"{path} isn't what was written")
    if faults:
        return faults
    files = [folder / name for name in index_files(folder)]
    with ThreadPoolExecutor() as pool:
        checked = zip(files, pool.map(_file_fault, files), strict=True)
        return [f"{path} {fault}" for path, fault in checked if fault]


def index_files(folder: Path) -> list[str]:
    """The names of the files that make up the index, its lists apart."""
    return [name for segment in _segments(_read_list(folder / META)) for name in _segment_files(segment)]


def _segment_files(segment: dict[str, Any]) -> list[str]:
    name = segment["segment_id"].replace("-", "")
    deletes = [f"{name}.{segment['deletes']['opstamp']}.del"] if segment["deletes"] else []
    return [*(f"{name}.{part}" for part in _PARTS), *deletes]


def _read_list(path: Path) -> Any:
    _refuse_no_file(path)
    with path.open("rb") as stream:
        return json.loads(stream.read(_LARGEST_LIST))


def _segments(meta: Any) -> list[dict[str, Any]]:
    """The segments that a ``meta.json`` lists; raises ``ValueError`` or such when it isn't one of ours."""
    if [(field["name"], field["type"]) for field in meta["schema"]] != _FIELDS:
        raise ValueError("it is another program's index")
    for segment in meta["segments"]:
        for name in _segment_files(segment):
            if Path(name).name != name or type(segment["max_doc"]) is not int:
                raise ValueError("it isn't a list of segments")
    return list(meta["segments"])


def _refuse_no_file(path: Path) -> None:
    """Raise ``ValueError`` for a pipe or device, reading which might never end."""
    if path.exists() and not path.is_file():
        raise ValueError(f"{path} isn't a file")


def _file_fault(path: Path) -> str:
    """The fault of one of tantivy's files; empty if there is none."""
    try:
        _refuse_no_file(path)
        seen = _stamp(path)
        if seen in _whole:
            return ""
        with path.open("rb") as stream:
            size = os.fstat(stream.fileno()).st_size
            stream.seek(max(0, size - 2 * _WORD))
            tail = stream.read()
            length = int.from_bytes(tail[:_WORD], "little")
            if int.from_bytes(tail[_WORD:], "little") != _TANTIVY or length > min(size, _LONGEST_FOOTER):
                return "is cut off: its end is missing"
            end = size - length - 2 * _WORD
            stream.seek(end)
            wanted = json.loads(stream.read(length))["crc"]
            stream.seek(0)
            checksum = 0
            while end and (block := stream.read(min(_BLOCK, end))):
                checksum, end = zlib.crc32(block, checksum), end - len(block)
    except FileNotFoundError:
        return "is missing"
    except OSError as error:
        if refusal := refused(path, error):
            raise refusal from error
        return "is cut off or isn't what was written"
    except (ValueError, LookupError, TypeError, RecursionError):
        return "is cut off or isn't what was written"
    if checksum != wanted:
        return "is damaged: its checksum is wrong"
    if seen:
        _whole.add(seen)
    return ""


def _stamp(path: Path) -> _Seen | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return str(path), stat.st_ino, stat.st_size, stat.st_mtime_ns


def and_more(faults: Sequence[str]) -> str:
    """The first of some faults, and how many more there are."""
    return faults[0] if len(faults) == 1 else f"{faults[0]}, and {len(faults) - 1:,} more of its files"
