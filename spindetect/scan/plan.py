"""The plan of a scan. It travels to every worker, so it is plain data."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypedDict

from spindetect.errors import SpindetectError
from spindetect.files import bounded_bytes
from spindetect.memory import MEGABYTE
from spindetect.scan.feeds import feed_files
from spindetect.scan.places import Far, FoundFile, Here, Place, place
from spindetect.settings import CANDIDATES, FILE_ROWS, MEMORY_LIMIT, SAME_STORY, SUSPECT_SECONDS, Settings
from spindetect.signature import code_signature

Engine = Literal["local", "ray"]
# Suspects in a part: what a kill costs at most, per worker; at 40 a second, a few seconds' work.
PART = 64
ENDINGS = (".jsonl", ".parquet")


@dataclass(frozen=True, slots=True)
class Shard:
    """An archive by its name, a path on each node that has it, with how many articles it holds.

    ``indexed`` are those in its index; ``actor`` is the name of the Ray actor that answers for it.
    """

    name: str
    articles: int
    indexed: int
    actor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanSettings:
    """The settings of a scan beside its input, its output and its archives.

    ``itself`` scans a corpus against itself. With neither that nor an archive every article is scored alone; with
    ``alone`` it is scored so as well. Suspects whose score or reuse reaches ``report_at`` have a report in
    ``report_dir``. ``part`` are the suspects in a part, ``file_rows`` the rows in a file of an output that is a
    folder. With ``spread``, not every node has all of the archives.
    """

    itself: bool = False
    candidates: int = CANDIDATES
    ignore: Sequence[Path] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)
    cluster_at: float = SAME_STORY
    part: int = PART
    time_limit: float | None = SUSPECT_SECONDS
    memory_limit: int = MEMORY_LIMIT * MEGABYTE
    file_rows: int = FILE_ROWS
    spread: bool = False
    alone: bool = False
    report_dir: Path | None = None
    report_at: Mapping[str, float] = field(default_factory=dict)


class ScanKeywords(TypedDict, total=False):
    """`ScanSettings` as keywords of `spindetect.scan.scan`; None stands for the default, of a time for no limit."""

    itself: bool
    candidates: int
    ignore: Sequence[str | Path]
    columns: Mapping[str, str] | None
    settings: Settings | None
    cluster_at: float
    part: int
    time_limit: float | None
    memory_limit: int
    file_rows: int
    spread: bool
    alone: bool
    report_dir: str | Path | None
    report_at: Mapping[str, float] | None


@dataclass(frozen=True, slots=True)
class Plan(ScanSettings):
    """The input of a scan, its archives, and its settings.

    ``articles`` is how many the archives must hold on every node; None: that isn't checked. ``shards`` are all
    archives that there are on nodes of which not each has all.
    """

    source: Place
    out: Place
    archives: tuple[Path, ...]
    articles: int | None = None
    shards: tuple[Shard, ...] = ()

    @classmethod
    def of(cls, source: str | Path, out: str | Path, archives: Sequence[str | Path], asked: ScanKeywords) -> Plan:
        """The plan of a scan with the settings that were asked for."""
        given: dict[str, Any] = {
            name: value for name, value in asked.items() if value is not None or name == "time_limit"
        }
        given["ignore"] = tuple(map(Path, given.get("ignore", ())))
        if "report_dir" in given:
            given["report_dir"] = Path(given["report_dir"])
        return cls(place(source), place(out), tuple(map(Path, archives)), **given)

    @property
    def parts(self) -> Place:
        """The folder of finished parts, beside the output; it goes when the scan is done."""
        return self.out.beside(f"{self.out.name}.parts")

    @property
    def own_archive(self) -> Path:
        """Where a corpus that is scanned against itself is archived, unless an archive is named."""
        if isinstance(self.out, Far):
            raise SpindetectError(
                f"an archive must be on a disk, and {self.out} isn't. Make one of the input with spindetect "
                "archive add, and name it with --archive beside --self."
            )
        return self.out.path.with_name(f"{self.out.name}.archive")

    @property
    def in_files(self) -> bool:
        """Whether the output is a folder of Parquet files: its name has no ending."""
        return not self.out.name.endswith(ENDINGS)


def identity(plan: Plan, files: Sequence[FoundFile], articles: int) -> dict[str, Any]:
    """All that rows depend on, ``articles`` in the archives: a scan is resumed only when none of it has changed."""
    from spindetect.model import find_model
    from spindetect.parts import MANIFEST
    from spindetect.reference_free.language_model import digest

    manifest = bounded_bytes(find_model(plan.settings.model) / MANIFEST)  # it has the digests of all parts
    return {
        "code": code_signature(),
        "model": hashlib.sha256(manifest).hexdigest(),
        "settings": plan.settings.signature,
        **({"lm": digest(Path(plan.settings.lm))} if plan.settings.lm else {}),
        "input": _files_digest(files),
        "archives": [str(path) for path in map(on_any_node, plan.archives)],
        "articles": articles,
        "self": plan.itself,
        "alone": plan.alone,
        "candidates": plan.candidates,
        "ignore": _files_digest([file for path in plan.ignore for file in feed_files(Here(path))]),
        "columns": dict(plan.columns),
        "part": plan.part,
        "reports": [str(plan.report_dir), dict(plan.report_at)] if plan.report_dir else None,
    }


def _files_digest(files: Sequence[FoundFile]) -> str:
    """The files' places, sizes and times of change, as one digest."""
    digest = hashlib.blake2b(digest_size=16)
    for file in files:
        digest.update(json.dumps([str(file.place), file.size, file.changed_ns]).encode())
    return digest.hexdigest()


# --- archives, node by node -----------------------------------------------------


def on_any_node(archive: Path) -> Path:
    """An archive's path by a name that is understood on each node: ``$NAMES`` and ``~`` stay as they are."""
    return archive if str(archive).startswith("~") or "$" in str(archive) else archive.resolve()


def on_this_node(archive: Path) -> Path:
    """Where an archive lies on this node, which has a ``$NAME`` in its environment, and a home for ``~``."""
    return Path(os.path.expandvars(archive)).expanduser()
