"""Names for files and folders that take another one's place when they are whole."""

from __future__ import annotations

import os
from pathlib import Path

_LONGEST = 50  # characters kept of a name, so that the longer one fits where the name itself does


def unguessable(path: Path) -> Path:
    """A hidden name beside ``path``, in the same folder, that nobody can have put a file or a link at before.

    Open a file there with mode ``x``, which follows no link.
    """
    return path.with_name(f".{path.name[:_LONGEST]}.{os.urandom(8).hex()}.tmp")
