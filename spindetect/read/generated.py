"""How what was made here is told from other files, so that it is replaced without asking and never scored."""

from __future__ import annotations

import re
from pathlib import Path

GENERATOR = "spindetect report"
"""What a page's ``generator`` says."""

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


# --- scores ---------------------------------------------------------------------

# How the files begin that ``score --output`` writes: as CSV, as a table, as JSON with or without indentation.
_RESULT = re.compile(
    r"score,verdict,coverage,"
    r"|score  (?:reuse  )?verdict +coverage "
    r"|(?:\[\s*)?\{\s*\"schema_version\": ?\"?[\d.]+\"?,\s*\"signature\": ?\"spindetect:"
    r"|\[\]\s*$"
)


def is_result_file(path: Path) -> bool:
    """Whether a file holds scores that were written here; an empty one counts, as no scores may have been."""
    try:
        with path.open(encoding="utf-8", errors="replace") as stream:
            beginning = stream.read(_BEGINNING)
    except OSError:
        return False
    return not beginning or _RESULT.match(beginning) is not None
