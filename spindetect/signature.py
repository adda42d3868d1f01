"""The parts of a score beside texts, model and settings: our code, and the libraries that read for us."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from spindetect.version import __version__

# Those that decide what the text is, what its tokens, stems and similarities are.
_LIBRARIES = ("charset-normalizer", "lxml", "numpy", "PyStemmer", "spacy", "trafilatura")
# Folders and files that show, write, fetch, train or spread work, and so have no part in a score.
_NO_PART = frozenset({"commands", "links", "report", "scan", "training", "cli.py", "workers.py"})
_DIGITS = 8


@cache
def code_signature() -> str:
    """Version and digest of the code, then the libraries' versions: changes whenever one of them does.

    ``spindetect:0.1.0+0a1b2c3d|charset-normalizer:3.4.4|...``; the code's digest tells two states of a checkout
    apart that have one version.
    """
    from importlib.metadata import version

    libraries = (f"{name}:{version(name)}" for name in _LIBRARIES)
    return "|".join([f"spindetect:{__version__}+{code_digest(Path(__file__).parent)}", *libraries])


def code_digest(package: Path) -> str:
    """The beginning of the SHA-256 of a folder's sources and tables with a part in scores, line endings apart."""
    digest = hashlib.sha256()
    paths = [*package.rglob("*.py"), *package.rglob("*.toml")]
    for path in sorted(paths, key=lambda path: path.relative_to(package).as_posix()):
        inside = path.relative_to(package)
        if inside.parts[0] not in _NO_PART:
            digest.update(f"{inside.as_posix()}\0".encode() + path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()[:_DIGITS]
