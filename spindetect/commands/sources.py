"""Sources named on the command line: links, files and folders; and the articles in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from spindetect.commands.streams import complain
from spindetect.errors import SpindetectError
from spindetect.links.url import URL, is_link

if TYPE_CHECKING:
    from spindetect.read.files import FolderFile
    from spindetect.records import Article
    from spindetect.settings import Settings

Fail = Callable[[str], object]
"""Called with what can't be read, and why; the others go on."""
_MOST_ARTICLES = 10_000  # of files of many, which are read before any is scored


def named_source(name: str) -> Path | URL:
    """The link or the path that an argument names; raises `UnreadableLink` for a link that can't be one."""
    if not name:  # as of a variable that isn't set: it would be the folder that one stands in
        raise SpindetectError("an argument is empty. Name a file, a folder or a link.")
    return URL(name) if is_link(name) else Path(name)


def named_files(names: Iterable[str], fail: Fail, strict: bool) -> list[Path | FolderFile | URL]:
    """The links and files that ``names`` stand for: of a folder its articles, and what else is in it is said."""
    from spindetect.read.files import FolderFile
    from spindetect.read.folders import list_folder

    found: list[Path | FolderFile | URL] = []
    for name in names:
        try:
            path = named_source(name)
            if not isinstance(path, Path) or not path.is_dir():
                found.append(path)
                continue
            folder = list_folder(path)
            if folder.left_out:
                complain(folder.left_out)
            found += [FolderFile(file, path) for file in folder.files]
            folder.require_some()
            if strict:
                folder.require_all()
        except SpindetectError as error:
            fail(str(error))
    return found


def read_all(paths: Iterable[Path | FolderFile | URL], settings: Settings, fail: Fail) -> list[Article]:
    """The articles in files, without those that can't be read; of a file of many, each."""
    found: list[Article] = []
    for path in paths:
        try:
            for article in _articles(path, settings, fail):
                found.append(article)
                if len(found) > _MOST_ARTICLES:
                    raise SpindetectError(
                        f"{path}, with what was named before, holds more than {_MOST_ARTICLES:,} articles, the "
                        "most that are kept in memory; the rest was left out. Scan them: spindetect scan."
                    )
        except SpindetectError as error:
            fail(str(error))
    return found


def _articles(path: Path | FolderFile | URL, settings: Settings, fail: Fail) -> Iterator[Article]:
    from spindetect.read.article import article_of_entry
    from spindetect.read.entries import link_entries, read_entries
    from spindetect.read.files import FolderFile, open_file
    from spindetect.read.format import Entry

    limit = settings.max_characters
    with ExitStack() as stack:
        if isinstance(path, URL):
            entries = link_entries(path, settings)
        else:
            named, folder = (path.path, path.folder) if isinstance(path, FolderFile) else (path, None)
            entries = read_entries(stack.enter_context(open_file(named, folder)), str(path), limit)
        for entry in entries:
            if not isinstance(entry, Entry):
                fail(str(entry.error))
                continue
            try:
                yield article_of_entry(entry, entry.place, limit)
            except SpindetectError as error:
                fail(str(error))
