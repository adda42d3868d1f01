"""What a scan was asked for. A plan travels to every worker, so it is plain data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from spindetect import __version__
from spindetect.errors import SpindetectError
from spindetect.settings import Settings

Engine = Literal["local", "ray"]
# Suspects in a part: what a kill costs at most, per worker; at 40 a second, a few seconds' work.
PART = 64
# Share of a suspect in common from which two articles are the same story.
SAME_STORY = 0.3
# Seconds for one suspect: a thousand times what a news article takes, and enough for a book against five.
TIME_LIMIT = 300.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What to scan, against which archives, and how; ``itself`` scans a corpus against itself."""

    source: Path
    out: Path
    archives: tuple[Path, ...]
    itself: bool = False
    candidates: int = 5
    ignore: tuple[Path, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)
    cluster_at: float = SAME_STORY
    part: int = PART
    time_limit: float | None = TIME_LIMIT

    @property
    def parts(self) -> Path:
        """The folder of finished parts, beside the output; it goes when the scan is done."""
        return self.out.with_name(f"{self.out.name}.parts")

    @property
    def own_archive(self) -> Path:
        """Where a corpus that is scanned against itself is archived, unless an archive is named."""
        return self.out.with_name(f"{self.out.name}.archive")


def identity(plan: Plan, files: Sequence[Path]) -> dict[str, Any]:
    """All that rows depend on: a scan is resumed only when none of it has changed."""
    from spindetect.archive.shards import open_archives

    with open_archives(plan.archives) as archive:
        articles = len(archive)
    return {
        "version": __version__,
        "model": _model_digest(plan.settings.model),
        "settings": plan.settings.signature,
        "input": _files_digest(files),
        "archives": [str(path.resolve()) for path in plan.archives],
        "articles": articles,
        "self": plan.itself,
        "candidates": plan.candidates,
        "ignore": _files_digest(plan.ignore),
        "columns": dict(plan.columns),
        "part": plan.part,
    }


def _model_digest(name: str) -> str:
    from spindetect.model import find_model

    return hashlib.sha256((find_model(name) / "model.json").read_bytes()).hexdigest()


def _files_digest(files: Sequence[Path]) -> str:
    """The files' paths, sizes and times of change, as one digest."""
    digest = hashlib.blake2b(digest_size=16)
    for path in files:
        try:
            stat = path.stat()
        except OSError as error:
            raise SpindetectError(f"cannot read {path}: {error.strerror}. Name a file or folder.") from error
        digest.update(json.dumps([str(path.resolve()), stat.st_size, stat.st_mtime_ns]).encode())
    return digest.hexdigest()
