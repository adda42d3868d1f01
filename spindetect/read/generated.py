"""How what was made here is told from other files.

By what is in it, so that it is replaced without asking; and by a list that the run wrote beside it, so that it
isn't scored, as anybody can say in a page that it was made here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import file_digest
from pathlib import Path

from spindetect.files import whole_file

GENERATOR = "spindetect report"
"""The content of a page's ``generator``."""

_BEGINNING = 2000  # characters in which a page of ours says so


def is_generated(beginning: str) -> bool:
    """Whether a file that begins like this is a page made here."""
    return f'<meta name="generator" content="{GENERATOR}">' in beginning[:_BEGINNING]


def is_generated_file(path: Path) -> bool:
    """Whether a file is a page made here; one that can't be read isn't."""
    try:
        with path.open(encoding="utf-8", errors="replace") as stream:
            return is_generated(stream.read(_BEGINNING))
    except OSError:
        return False


# --- reports that are no articles ---------------------------------------------------

REPORTS = ".spindetect-reports"
"""The file in a folder of reports that lists them: a digest and a name on each line."""
_LARGEST_LIST = 10_000_000  # bytes


def note_reports(folder: Path, names: Iterable[str]) -> None:
    """List reports that were written to a folder, there; raises ``OSError`` as the system does."""
    noted = noted_reports(folder) | {name: _digest(folder / name) for name in names}
    with whole_file(folder / REPORTS) as stream:
        stream.writelines(f"{digest} {name}\n".encode() for name, digest in sorted(noted.items()))


def noted_reports(folder: Path) -> dict[str, str]:
    """The reports that are listed in a folder, each with the digest that it was written with."""
    listed = folder / REPORTS
    try:
        if not listed.is_file() or listed.is_symlink() or listed.stat().st_size > _LARGEST_LIST:
            return {}
        lines = (line.partition(" ") for line in listed.read_text("utf-8", "replace").splitlines())
    except OSError:
        return {}
    return {name: digest for digest, _, name in lines}


def is_noted(path: Path, noted: dict[str, str]) -> bool:
    """Whether a file is one of the listed reports, and still as it was written."""
    try:
        return path.name in noted and _digest(path) == noted[path.name]
    except OSError:
        return False


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


# --- scores ---------------------------------------------------------------------

# How the files begin that ``score --output`` writes: as CSV, as a table, as JSON with or without indentation.
_RESULT = re.compile(
    r"score,verdict,coverage,|score  (?:reuse  )?verdict +coverage "
    r"|(?:\[\s*)?\{\s*\"schema_version\": ?\"?[\d.]+\"?,\s*\"signature\": ?\"spindetect:|\[\]\s*$"
)


def is_result_file(path: Path) -> bool:
    """Whether a file holds scores that were written here; an empty one counts, as no scores may have been."""
    try:
        with path.open(encoding="utf-8", errors="replace") as stream:
            beginning = stream.read(_BEGINNING)
    except OSError:
        return False
    return not beginning or _RESULT.match(beginning) is not None
