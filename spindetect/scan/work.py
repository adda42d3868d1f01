"""A worker's part on any engine: load model and archive once, make rows of suspects."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from platform import node

from spindetect.archive.inputs import RawRecord, outlined
from spindetect.archive.records import Record
from spindetect.archive.searching import Searchable
from spindetect.archive.shards import open_archives
from spindetect.detector import Detector
from spindetect.errors import SpindetectError, SystemRefused, UnreadableArticle
from spindetect.files import whole_file
from spindetect.findings import Result
from spindetect.read.article import article_from_text, read_article
from spindetect.read.format import BadRecord, Unread
from spindetect.results import Assessment, Comparison
from spindetect.retrieve.searching import MOST_VERSIONS, Search
from spindetect.scan.plan import Plan, on_this_node
from spindetect.scan.reading import read
from spindetect.scan.rows import Item, Row, failed_row, family_fields, found_row, scored_row
from spindetect.scan.spread import Ask, SpreadArchive
from spindetect.score.families import UNKNOWN
from spindetect.worker_life import Fate, Limits

_SOME_TEXT = "The harbour was closed to ships on Monday. It rained all day, and the ferry stayed in port."


def start(plan: Plan, ask: Ask | None = None) -> Callable[[Item], Row]:
    """A worker process's part: make a row of each suspect, once model and archive are loaded.

    ``ask`` asks the shards that are spread over a cluster's nodes, where the plan has any.
    """
    scanner = Scanner(plan, ask)
    return lambda item: scanner.row(*item)


def lost_row(plan: Plan, item: Item, fate: Fate) -> Row:
    """The row of a suspect whose worker gave none."""
    number, suspect = item
    reason = Limits(plan.time_limit, plan.memory_limit).reason(fate)
    return failed_row(number, outlined(suspect, plan.columns), reason) | origin(plan)


def origin(plan: Plan) -> Row:
    """The part of a plan that every row has: the input and the archives of the scan."""
    return {"input": str(plan.source), "archives": [str(path) for path in plan.archives]}


class Scanner:
    """Makes rows; what goes wrong with one suspect stays in its row."""

    def __init__(self, plan: Plan, ask: Ask | None = None) -> None:
        self._detector = Detector.load(settings=plan.settings)
        self._itself = plan.itself
        self._plan = plan
        self._alone = plan.alone
        self._ignore = tuple(read_article(path, settings=plan.settings) for path in plan.ignore)
        self._search = _search(plan, self._detector, ask) if plan.archives or plan.shards else None
        # A part loaded on its first use would count as the first suspect's time.
        with suppress(UnreadableArticle):  # fewer words than these may be allowed
            self._detector.compare(_SOME_TEXT, _SOME_TEXT)
            self._detector.score(_SOME_TEXT)

    def row(self, number: int, suspect: RawRecord) -> Row:
        """One suspect's row; raises ``MemoryError`` where it takes more than it may."""
        return self._row(number, suspect) | origin(self._plan)

    def _row(self, number: int, suspect: RawRecord) -> Row:
        about = outlined(suspect, self._plan.columns)
        record: Record | BadRecord = about
        try:
            record = read(self._plan, suspect)
            if isinstance(record, BadRecord):
                named = isinstance(suspect, Unread) and suspect.fields  # a page of a crawl has its address
                return failed_row(number, about if named else record, str(record))
            return self._found(number, record)
        except (MemoryError, SystemRefused):  # the second is no fault of the article
            raise
        except SpindetectError as error:
            return failed_row(number, record, str(error))
        except Exception as error:  # even a fault of our own must not stop a scan of millions
            return failed_row(
                number, record, f"spindetect failed ({type(error).__name__}: {error}); please report this bug"
            )

    def _found(self, number: int, suspect: Record) -> Row:
        article = article_from_text(suspect.text or "", suspect.name)
        article = replace(article, published=suspect.published or article.published)
        if not self._search:
            report = self._detector.score(article, self._ignore)
            return scored_row(number, suspect, report) | self._family(report) | self._report(number, report)
        match = self._search.match(article, suspect if self._itself else None)
        if not isinstance(match.best, Comparison):
            raise match.errors[0]
        row = found_row(number, suspect, match.best, match.errors) | self._report(number, match.best)
        if not self._alone:
            return row | self._family(match.best)
        report = self._detector.score(article, self._ignore)
        named = match.best if match.best.family else report
        return row | self._family(named) | {"alone_score": round(report.score, 4)}

    def _report(self, number: int, result: Comparison | Assessment) -> Row:
        """Write a report on a suspect that deserves one; where that fails, the row has a warning."""
        reached = [(getattr(result, name) or 0.0) >= least for name, least in self._plan.report_at.items()]
        if self._plan.report_dir is None or not any(reached):
            return {}
        if isinstance(result, Comparison):
            result = self._detector.examined(result)
        name = f"{number:08}.html"
        with whole_file(self._plan.report_dir / name) as stream:
            stream.write(result.to_html().encode("utf-8", "backslashreplace"))
        return {"report": name}

    def _family(self, result: Result) -> Row:
        families = self._detector.families
        if families is None or result.family != UNKNOWN:
            return family_fields(result, [])
        return family_fields(result, families.exchanges(result, self._detector.model.vocabulary))


def _search(plan: Plan, detector: Detector, ask: Ask | None) -> Search:
    """The searcher of suspects in the archives of this node, or in all nodes' shards."""
    if ask:
        archive: Searchable = SpreadArchive(plan.shards, ask, MOST_VERSIONS)
    else:
        archive = open_archives(list(map(on_this_node, plan.archives)))
    if plan.articles is not None and len(archive) != plan.articles:
        raise SpindetectError(
            f"on {node()}, {', '.join(map(str, plan.archives))} has {len(archive):,} articles, but "
            f"{plan.articles:,} where the scan was begun. Copy it to every node anew, and add nothing to it "
            "meanwhile."
        )
    return Search(detector, archive, plan.candidates, plan.ignore, thrifty=not plan.itself)
