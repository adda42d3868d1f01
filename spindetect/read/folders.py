"""The article files in a folder and below it, and what is left out there, so that nothing goes unmentioned."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from spindetect.errors import UnreadableArticle
from spindetect.read.formats import FORMATS, by_ending
from spindetect.read.generated import REPORTS, is_noted, noted_reports


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder's article files, sorted by path, and how many others there are.

    ``unread`` counts by ending the files of no format that is read, "" for those without an ending.
    """

    path: Path
    files: tuple[Path, ...]
    unread: Counter[str]
    reports: int
    hidden: int
    special: int

    @property
    def left_out(self) -> str:
        """The files left out and why, in one line; "" when there are none."""
        kinds = [
            f"{count} {ending or ('file' if count == 1 else 'files') + ' without an ending'}"
            for ending, count in sorted(self.unread.items())
        ]
        parts = [f"{', '.join(kinds)} (no format that is read)"] if kinds else []
        parts += [f"{self.reports} of spindetect's own reports"] if self.reports else []
        parts += [f"{self.hidden} hidden"] if self.hidden else []
        parts += (
            [f"{self.special} that aren't files, or are links to nothing, to folders or out of it"]
            if self.special
            else []
        )
        return f"left out in {self.path}: {'; '.join(parts)}." if parts else ""

    def require_all(self) -> None:
        """Raise `UnreadableArticle` when files were left out that may be articles: not reports, nor hidden ones."""
        if self.unread or self.special:
            raise UnreadableArticle(
                f"{self.left_out} With --strict all must be read: save them in another format, or move them."
            )

    def require_some(self) -> None:
        """Raise `UnreadableArticle` when there is no article at all."""
        if not self.files:
            raise UnreadableArticle(f"no articles in {self.path}: {expected_endings()}. Name another folder.")


def expected_endings() -> str:
    """The endings of files that are read, in a few words for an error."""
    return f"expected files that end in {', '.join(row.endings[0] for row in FORMATS if row.endings)}"


def list_folder(folder: Path) -> Folder:
    """The contents of a folder and those below it.

    Articles are told by their endings, in any case. Files and folders whose names begin with a dot are left
    out, and so are links to files elsewhere, and spindetect's own reports where a run listed them. Raises
    ``UnreadableArticle`` when ``folder`` isn't a folder that can be listed.
    """
    if not folder.is_dir():
        found = "a file" if folder.exists() else "nothing"
        raise UnreadableArticle(f"cannot list {folder}: expected a folder of articles, found {found} there.")
    root = folder.resolve()
    files: list[Path] = []
    unread: Counter[str] = Counter()
    reports = hidden = special = 0
    for parent, folders, names in os.walk(folder, onerror=_refuse_listing):
        noted = noted_reports(Path(parent))
        hidden += sum(name.startswith(".") and name != REPORTS for name in [*folders, *names])
        special += sum(not name.startswith(".") and Path(parent, name).is_symlink() for name in folders)
        folders[:] = [name for name in folders if not name.startswith(".")]
        for path in (Path(parent) / name for name in names if not name.startswith(".")):
            form = by_ending(path.name)
            if not path.is_file() or (path.is_symlink() and not path.resolve().is_relative_to(root)):
                special += 1
            elif form is None:
                unread[path.suffix.lower()] += 1
            elif form.name == "html" and is_noted(path, noted):
                reports += 1
            else:
                files.append(path)
    return Folder(folder, tuple(sorted(files)), unread, reports, hidden, special)


def _refuse_listing(error: OSError) -> None:
    raise UnreadableArticle(f"cannot list {error.filename}: {error.strerror}. Check its permissions.") from error
