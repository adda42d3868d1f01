"""The archive that a scan makes of its own input, beside the output; only one with its mark is ever removed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from spindetect.archive.archive import Archive
from spindetect.archive.layout import ABOUT, CATALOGUE, INDEX, TEXTS
from spindetect.errors import SpindetectError
from spindetect.files import bounded_bytes, whole_file

_MARK = "scan.json"
_OURS = (TEXTS, CATALOGUE, f"{CATALOGUE}-wal", f"{CATALOGUE}-shm", INDEX, ABOUT, _MARK)
_LARGEST_MARK = 10_000  # bytes


def require_own_archive(path: Path) -> None:
    """Raise `SpindetectError` for something of that name that no scan to this output made."""
    if not path.exists():
        return
    try:
        marked = json.loads(bounded_bytes(path / _MARK, _LARGEST_MARK))["archive"] == path.name
    except (OSError, ValueError, LookupError, TypeError):
        marked = False
    if not marked:
        raise SpindetectError(
            f"{path} wasn't made by a scan to this output, so it stays as it is. Is it an archive of the input? "
            "Then name it with --archive. Otherwise move it away, or name another output."
        )


def opened_own_archive(path: Path) -> Archive:
    """The scan's own archive, made if there is none."""
    require_own_archive(path)
    if path.exists():
        return Archive.open(path)
    archive = Archive.create(path)
    with whole_file(path / _MARK) as stream:
        stream.write(json.dumps({"made_by": "spindetect scan", "archive": path.name}).encode() + b"\n")
    return archive


def remove_own_archive(path: Path) -> None:
    """Delete it, the mark last, and nothing that somebody else put there."""
    require_own_archive(path)
    for name in _OURS if path.exists() else ():
        part = path / name
        if part.is_dir() and not part.is_symlink():
            shutil.rmtree(part, ignore_errors=True)
        else:
            part.unlink(missing_ok=True)
    if path.exists() and not any(path.iterdir()):
        path.rmdir()
