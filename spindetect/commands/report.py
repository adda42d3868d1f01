"""Writing reports: one as a file to send, or one for each scored suspect with an index that leads to them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from spindetect.commands.sources import named_source
from spindetect.commands.streams import FINE, open_output
from spindetect.errors import SpindetectError
from spindetect.read.generated import note_reports
from spindetect.results import Assessment, Comparison
from spindetect.settings import Settings

if TYPE_CHECKING:
    from spindetect.links.url import URL
    from spindetect.report.html.index import Entry

STANDARD_STREAM = "-"
_INDEX = "index.html"
_ANOTHER_FOLDER = "Name another folder for reports."
_LONGEST_NAME = 80  # characters: well under what any file system takes, also with a number and an ending
# What Windows won't have a file be called, whatever its ending (learn.microsoft.com, "Naming Files").
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """What ``spindetect report`` was asked for; an ``output`` of ``-`` is standard output.

    The suspect is compared with a ``reference``, with its likeliest source in an ``archive``, or scored alone. In
    its place a ``row`` of a scan may be named, as ``FILE:ID``; ``input`` is where what was scanned lies now.
    ``overwrite`` lets the report take the place of any file, not only of a report or an empty file.
    """

    suspect: str | None
    reference: str | None
    output: Path
    settings: Settings = field(default_factory=Settings)
    ignore: Sequence[str] = ()
    overwrite: bool = False
    archive: Path | None = None
    row: str | None = None
    input: str | None = None


def report(options: ReportOptions) -> int:
    """Write the report on two articles, or on one alone, and return exit code 0."""
    if [options.suspect, options.reference, *options.ignore].count(STANDARD_STREAM) > 1:
        raise SpindetectError("standard input was named twice and can be read only once. Name a file.")
    if (options.suspect is None) == (options.row is None):
        raise SpindetectError("name a suspect, or a row of a scan with --row FILE:ID.")
    if options.input is not None and options.row is None:
        raise SpindetectError("--input says where what was scanned lies now, and is for --row.")
    suspect = named_source(options.suspect) if options.suspect is not None else None
    reference = named_source(options.reference) if options.reference is not None else None
    ignore = [named_source(name) for name in options.ignore]
    keep_apart(options.output, filter(None, (suspect, reference, *ignore)))
    output = None if str(options.output) == STANDARD_STREAM else options.output
    if output is not None and not options.overwrite:
        require_ours(output, "Name another output file, or give --overwrite.")
    with open_output(output) as write:  # opened first, so that a bad path is known before the work
        write(_result(options).to_html())
    return FINE


def _result(options: ReportOptions) -> Comparison | Assessment:
    from spindetect.commands.compare import compared
    from spindetect.commands.rows import result_of_row

    if options.suspect is not None:
        return compared(options.suspect, options.reference, options.archive, options.ignore, options.settings)
    archives = [options.archive] if options.archive else []
    return result_of_row(options.row or "", options.input, archives, options.ignore, options.settings)


def keep_apart(output: Path, articles: Iterable[Path | URL], written: str = "report") -> None:
    """Raise `SpindetectError` if ``output`` is one of the articles, which it would replace."""
    for article in articles:
        if isinstance(article, Path) and output.exists() and article.exists() and output.samefile(article):
            raise SpindetectError(f"the {written} would replace the article {article}. Name another output file.")


def require_ours(path: Path, advice: str) -> None:
    """Raise `SpindetectError`, with ``advice``, when ``path`` holds something else than a page made here."""
    from spindetect.read.generated import is_generated_file

    if path.is_file() and path.stat().st_size and not is_generated_file(path):
        raise SpindetectError(f"{path} is there already and isn't a report of spindetect's. {advice}")


class ReportFolder:
    """A folder of reports; ``complain`` is told of each that can't be written, and the others go on.

    The folder is made at once. Raises `SpindetectError` when that fails, or when its index
    is a page that spindetect didn't make.
    """

    def __init__(self, folder: Path, complain: Callable[[str], None]) -> None:
        self.folder = folder
        self.complain = complain
        self.entries: list[Entry] = []
        self.taken: set[str] = {_INDEX}
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SpindetectError(
                f"cannot make the folder {folder}: {error.strerror}. Name a folder that may be written to."
            ) from error
        require_ours(folder / _INDEX, _ANOTHER_FOLDER)

    def reported(self, results: Iterable[Comparison | Assessment]) -> Iterator[Comparison | Assessment]:
        """The results as they come, each after its report was written; the index at the end."""
        for result in results:
            try:
                self._report(result)
            except SpindetectError as error:
                self.complain(str(error))
            yield result

    def write_index(self, failures: Sequence[str]) -> None:
        """Write the page that leads to all reports; ``failures`` says what could not be scored."""
        from spindetect.report.html.index import sorted_entries
        from spindetect.report.html.page import index_page

        with open_output(self.folder / _INDEX) as write:
            write(index_page(sorted_entries(self.entries), failures))
        note_reports(self.folder, [_INDEX, *(one.file for one in self.entries)])

    def _report(self, result: Comparison | Assessment) -> None:
        from spindetect.report.html.index import entry

        name = file_name(result.suspect.article.name, self.taken)
        path = self.folder / name
        require_ours(path, _ANOTHER_FOLDER)
        with open_output(path) as write:
            write(result.to_html())
        self.entries.append(entry(result, name))


def file_name(article: str, taken: set[str]) -> str:
    """A name for the report on ``article``, safe on every system and not yet in ``taken``, where it goes.

    >>> taken = set()
    >>> file_name("news/a b.txt", taken), file_name("news_a b.md", taken), file_name("news/A b.txt", taken)
    ('news-a-b.txt.html', 'news_a-b.md.html', 'news-A-b.txt-2.html')
    """
    stem = re.sub(r"[^A-Za-z0-9._-]+", "-", article)[-_LONGEST_NAME:].strip("-.") or "article"
    if _RESERVED.fullmatch(stem.split(".")[0]):
        stem = f"article-{stem}"
    name, count = f"{stem}.html", 1
    while name.casefold() in taken:  # some file systems take no notice of case
        count += 1
        name = f"{stem}-{count}.html"
    taken.add(name.casefold())
    return name
