"""Writing reports: one as a file to send, or one for each scored suspect with an index that leads to them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from spindetect.commands.options.report import ReportOptions
from spindetect.commands.sources import named_source
from spindetect.commands.streams import FINE, open_output
from spindetect.errors import SpindetectError
from spindetect.files import last_part
from spindetect.read.generated import note_reports
from spindetect.results import Assessment, Comparison

if TYPE_CHECKING:
    from spindetect.links.url import URL
    from spindetect.report.html.index import IndexEntry

STANDARD_STREAM = "-"
_INDEX = "index.html"
_ANOTHER_FOLDER = "Name another folder for reports."
_PATH = re.compile(r"(?<![^\s'\"(])(?:[A-Za-z]:)?(?:[^\s/\\:'\"]*[/\\])+[^\s/\\:'\"]+")
_LONGEST_NAME = 80  # characters: well under what any file system takes, also with a number and an ending
# Names that Windows refuses a file, with any ending (learn.microsoft.com, "Naming Files").
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


def day(given: str | None) -> str:
    """The day that a report bears; raises `SpindetectError` for what is no day."""
    if given is None:
        return datetime.now(UTC).astimezone().date().isoformat()
    try:
        return date.fromisoformat(given).isoformat()
    except ValueError:
        raise SpindetectError(f"--date takes a day as 2026-11-29; {given!r} is none.") from None


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
    today = day(options.date)
    with open_output(output) as write:  # opened first, so that a bad path is known before the work
        from spindetect.report.html.page import report_page

        theirs = {f"reference-{name}": said for name, said in options.reference_facts.items()}
        write(report_page(_result(options), today, options.anonymous, {**options.suspect_facts, **theirs}))
    return FINE


def _result(options: ReportOptions) -> Comparison | Assessment:
    from spindetect.commands.compare import compared
    from spindetect.commands.rows import result_of_row

    facts = options.suspect_facts, options.reference_facts
    if options.suspect is not None:
        return compared(
            options.suspect, options.reference, options.archive, options.ignore, options.settings, facts
        )
    if any(facts):
        raise SpindetectError("what is said of articles is for files that are named, not for --row. Leave it out.")
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

    def __init__(
        self, folder: Path, complain: Callable[[str], None], date: str | None = None, anonymous: bool = False
    ) -> None:
        self.folder = folder
        self.date = day(date)
        self.anonymous = anonymous
        self.complain = complain
        self.entries: list[IndexEntry] = []
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
            write(index_page(sorted_entries(self.entries), [without_paths(one) for one in failures], self.date))
        note_reports(self.folder, [_INDEX, *(one.file for one in self.entries)])

    def _report(self, result: Comparison | Assessment) -> None:
        from spindetect.report.anonymous import without_names
        from spindetect.report.html.index import entry

        shown = without_names(result) if self.anonymous else result
        name = file_name(last_part(shown.suspect.article.name), self.taken)
        path = self.folder / name
        require_ours(path, _ANOTHER_FOLDER)
        with open_output(path) as write:
            write(result.to_html(self.date, self.anonymous))
        self.entries.append(entry(shown, name))


def without_paths(message: str) -> str:
    """A message with the last part of every path in its place, as a page that is passed on may show it.

    >>> without_paths("cannot read /home/me/a.txt: it is missing. See https://news.example/a.")
    'cannot read a.txt: it is missing. See https://news.example/a.'
    """
    return _PATH.sub(lambda found: last_part(found[0]), message)


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
