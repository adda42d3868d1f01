"""What a worker does, on whichever engine: load model and archive once, make rows of suspects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from platform import node

from spindetect.archive.inputs import BadRecord
from spindetect.archive.records import Record
from spindetect.archive.shards import open_archives
from spindetect.datatypes import Comparison
from spindetect.detector import Detector
from spindetect.errors import SpindetectError
from spindetect.read.article import article_from_text
from spindetect.scan.far_shards import NodeGone, opened
from spindetect.scan.plan import Plan, on_this_node
from spindetect.scan.rows import Item, Row, failed_row, found_row
from spindetect.sources import Search
from spindetect.workers import DIED, Fate


def start(plan: Plan) -> Callable[[Item], Row]:
    """What a worker process does with each suspect, once it has loaded what that takes."""
    scanner = Scanner(plan)
    return lambda item: scanner.row(*item)


def lost_row(plan: Plan, item: Item, fate: Fate) -> Row:
    """The row of a suspect whose worker gave none."""
    if fate == "died":
        return failed_row(*item, f"{DIED}.")
    return failed_row(*item, f"it took more than {plan.time_limit:g} seconds, the time limit, and was given up.")


class Scanner:
    """Makes rows; what goes wrong with one suspect stays in its row."""

    def __init__(self, plan: Plan) -> None:
        detector = Detector.load(settings=plan.settings)
        archive = opened(plan) if plan.shards else open_archives([on_this_node(path) for path in plan.archives])
        _check_copy(plan, len(archive))
        self._itself = plan.itself
        self._search = Search(detector, archive, plan.candidates, plan.ignore, thrifty=not plan.itself)

    def row(self, number: int, suspect: Record | BadRecord) -> Row:
        """One suspect's row."""
        if isinstance(suspect, BadRecord):
            return failed_row(number, suspect, str(suspect))
        try:
            return self._found(number, suspect)
        except NodeGone:
            raise
        except SpindetectError as error:
            return failed_row(number, suspect, str(error))
        except Exception as error:  # even a fault of our own must not stop a scan of millions
            return failed_row(
                number, suspect, f"spindetect failed ({type(error).__name__}: {error}); please report this bug"
            )

    def _found(self, number: int, suspect: Record) -> Row:
        article = article_from_text(suspect.text or "", suspect.name)
        article = replace(article, published=suspect.published or article.published)
        match = self._search.match(article, suspect if self._itself else None)
        if not isinstance(match.best, Comparison):
            raise match.errors[0]
        return found_row(number, suspect, match.best, match.errors)


def _check_copy(plan: Plan, found: int) -> None:
    """Raise `SpindetectError` when a node's copy of the archives isn't what the scan was begun with."""
    if plan.articles is not None and found != plan.articles:
        raise SpindetectError(
            f"on {node()}, {', '.join(map(str, plan.archives))} has {found:,} articles, but {plan.articles:,} "
            "where the scan was begun. Copy it to every node anew, and add nothing to it meanwhile."
        )
