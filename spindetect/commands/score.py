"""Scoring many suspects: each against its best match among references or in an archive, or alone."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from spindetect.commands.options.score import ScoreOptions
from spindetect.commands.options.shared import parse_limits
from spindetect.commands.progress import progress_bar, worth_a_bar
from spindetect.commands.report import ReportFolder, keep_apart
from spindetect.commands.sources import named_files, named_source, read_all
from spindetect.commands.streams import FAILED, FINE, REACHED, complain, open_output
from spindetect.errors import SpindetectError
from spindetect.findings import Result
from spindetect.report.tables import as_text
from spindetect.results import Assessment, Comparison
from spindetect.settings import CANDIDATES

if TYPE_CHECKING:
    from spindetect.detector import Detector
    from spindetect.links.url import URL
    from spindetect.records import Article
    from spindetect.retrieve.searching import Match
    from spindetect.scorer import Source

STANDARD_INPUT = "-"


def score(options: ScoreOptions) -> int:
    """Write a score for every suspect and return the exit code.

    0: fine; 1: a score or reuse reached ``fail_at``, of a suspect whose reference isn't the copy; 2:
    something could not be read or scored, which wins over 1 because the answer is incomplete.
    Failures are named on standard error, and the others are scored all the same.
    """
    limits = parse_limits(options.fail_at)
    if [*options.suspects, *options.references, *options.ignore].count(STANDARD_INPUT) > 1:
        raise SpindetectError("standard input was named more than once, but it can be read only once. Name files.")
    if options.references and options.archive:
        raise SpindetectError("give --reference or --archive, not both: what to score against or where to find it.")
    if options.candidates is not None and options.archive is None:
        raise SpindetectError("--candidates is for --archive; every reference is compared. Leave it out.")
    if options.with_text and options.format not in ("json", "jsonl"):
        raise SpindetectError("--with-text is for JSON. Give --format json or jsonl.")
    if options.granularity == "edit" and options.format not in ("json", "jsonl"):
        raise SpindetectError("--granularity edit is for JSON reports. Add --format json or jsonl.")
    if options.output:
        keep_apart(options.output, map(Path, (*options.suspects, *options.references, *options.ignore)), "scores")
        if not options.force:
            require_result(options.output)
    tally = Tally(limits)
    suspects = _suspects(options, tally)
    references = _references(options, tally)
    if not suspects or (options.references and not references):
        return FAILED
    matches = _matches(options, suspects, references)  # first, so that a wrong archive leaves no empty folder
    folder = (
        ReportFolder(options.report_dir, tally.fail, options.date, options.anonymous)
        if options.report_dir
        else None
    )
    bar = worth_a_bar(len(suspects))
    with (
        open_output(options.output, hold=bar and sys.stdout.isatty()) as write,
        progress_bar(len(suspects), bar) as advance,
    ):
        results = tally.count(matches, advance)
        if folder:
            results = folder.reported(results)
        shown = as_text(results, options.format, len(references) != 1, options.with_text, options.granularity)
        for piece in shown:
            write(piece)
    if folder:
        folder.write_index(tally.messages)
    return tally.exit_code


def require_result(path: Path) -> None:
    """Raise `SpindetectError` when ``path`` holds something else than scores that were written here."""
    from spindetect.read.generated import is_result_file

    if path.is_file() and not is_result_file(path):
        raise SpindetectError(
            f"{path} is there already and doesn't hold scores of spindetect's. Name another file, or give --force."
        )


class Tally:
    """The outcome so far, which decides the exit code."""

    def __init__(self, fail_at: Mapping[str, float]) -> None:
        self.fail_at = fail_at
        self.reached = False
        self.messages: list[str] = []

    def fail(self, message: str) -> None:
        """Say that something could not be read or scored, and remember it."""
        self.messages.append(message)
        complain(message)

    def count(self, matches: Iterable[Match], advance: Callable[[], None]) -> Iterator[Comparison | Assessment]:
        """The best results of the matches that have one; the failures are reported in passing."""
        for match in matches:
            for message in dict.fromkeys(str(error) for error in match.errors):
                self.fail(message)
            if match.best is not None:
                self.reached |= self._reaches(match.best)
                yield match.best
            advance()

    def _reaches(self, best: Result) -> bool:
        """Whether a suspect's score or reuse is as high as its limit.

        One whose reference is the copy is no offender.
        """
        reached = [(getattr(best, name) or 0.0) >= limit for name, limit in self.fail_at.items()]
        return any(reached) and (best.reference_free or not best.reference_is_copy)

    @property
    def failed(self) -> bool:
        """Whether something could not be read, scored or reported."""
        return bool(self.messages)

    @property
    def exit_code(self) -> int:
        """2 when something failed, otherwise 1 when a score reached the limit, otherwise 0."""
        if self.failed:
            return FAILED
        return REACHED if self.reached else FINE


def _matches(options: ScoreOptions, suspects: Sequence[Source], references: Sequence[Article]) -> Iterator[Match]:
    """For each suspect, in order, its best match among the references or in the archive."""
    from spindetect.detector import Detector
    from spindetect.retrieve.searching import Search, match_many

    detector = Detector.load(settings=options.settings)
    ignore = tuple(map(named_source, options.ignore))
    if not options.references and options.archive is None:
        return _alone(detector, suspects, options.jobs, ignore)
    if options.archive is None:
        return best_matches(detector, suspects, references, options.jobs, ignore)
    from spindetect.archive.archive import Archive

    archive = Archive.open(options.archive)
    search = Search(detector, archive, options.candidates or CANDIDATES, ignore, alone=True)
    return match_many(search, suspects, options.jobs)


def _alone(
    detector: Detector, suspects: Sequence[Source], jobs: int, ignore: Sequence[Path | URL]
) -> Iterator[Match]:
    """Each suspect scored with no reference."""
    from spindetect.retrieve.searching import Match

    for result in detector.score_many(suspects, jobs, ignore):
        yield Match(None, (result,)) if isinstance(result, SpindetectError) else Match(result)


def best_matches(
    detector: Detector,
    suspects: Sequence[Source],
    references: Sequence[Article],
    jobs: int,
    ignore: Sequence[Path | URL] = (),
) -> Iterator[Match]:
    """For each suspect, in order, its comparison with the reference that it matches best."""
    from spindetect.retrieve.searching import Match, best_of

    pairs = ((suspect, reference) for suspect in suspects for reference in references)
    results = iter(detector.compare_many(pairs, jobs=jobs, ignore=ignore))
    for _ in suspects:
        group = list(islice(results, len(references)))
        errors = tuple(result for result in group if isinstance(result, SpindetectError))
        yield Match(best_of([result for result in group if not isinstance(result, SpindetectError)]), errors)


def _suspects(options: ScoreOptions, tally: Tally) -> list[Source]:
    """The suspects to score; what holds many articles is read here, and so are standard input and links.

    Other files are left to the worker processes, which have no standard input.
    """
    from spindetect.links.url import URL
    from spindetect.read.formats import by_ending

    found: list[Source] = []
    for path in named_files(options.suspects, tally.fail, options.strict):
        form = None if isinstance(path, URL) else by_ending(str(path))
        if isinstance(path, URL) or str(path) == STANDARD_INPUT or (form and form.many):
            found += read_all([path], options.settings, tally.fail)
        else:
            found.append(path)
    return found


def _references(options: ScoreOptions, tally: Tally) -> list[Article]:
    """The references, read once for all suspects, so that one that can't be read is reported once."""
    return read_all(named_files(options.references, tally.fail, options.strict), options.settings, tally.fail)
