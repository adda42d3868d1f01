"""The two results, with their views: `Comparison` with a reference, `Assessment` without one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from spindetect.findings import Passage, Result
from spindetect.records import pickled_by_value

if TYPE_CHECKING:
    from pandas import DataFrame


@dataclass(frozen=True, slots=True, repr=False)
class _Viewed(Result):
    """A result with the views that both have."""

    def to_dict(
        self, with_text: bool = False, granularity: Literal["substitution", "edit"] = "substitution"
    ) -> dict[str, Any]:
        """The report as plain data, in the form of ``spindetect/report/report.schema.json``.

        ``with_text`` includes the texts as read, which all spans refer to. The granularity "edit" adds the changes
        as annotators mark them.
        """
        from spindetect.report.data import report_dict

        return report_dict(self, with_text, granularity)

    def to_html(self, date: str | None = None, anonymous: bool = False) -> str:
        """The report as one self-contained HTML page, to read, print and send.

        ``date`` is the day shown at the top: none by default, so that the same result gives the same page;
        ``anonymous`` leaves out the names of outlets, links and file names.
        """
        from spindetect.report.html.page import report_page

        return report_page(self, date, anonymous)

    def to_frame(
        self, table: Literal["substitutions", "alignment", "contributions", "giveaways"] | None = None
    ) -> DataFrame:
        """One of the result's tables as a pandas DataFrame; see `spindetect.report.frames.to_frame`.

        By default that of the substitutions, of an assessment that of the giveaways. Raises `MissingExtra` without
        pandas and ``ValueError`` for an unknown table.
        """
        from spindetect.report.frames import to_frame

        return to_frame(self, table)

    def _repr_html_(self) -> str:
        from spindetect.report.notebook import card

        return card(self)

    def __repr__(self) -> str:
        names = [self.suspect.article.name, *([] if self.reference_free else [self.reference.article.name])]
        shown = ", ".join(map(repr, names))
        return f"{type(self).__name__}({shown}, score={self.score:.2f}, verdict={self.verdict!r})"


@dataclass(frozen=True, slots=True, repr=False)
class Comparison(_Viewed):
    """The result of comparing a suspect with a reference; `Result` documents its fields."""

    @property
    def passages(self) -> tuple[Passage, ...]:
        """Stretches of reuse, in the suspect's order; computed on first use: a search shows one of many."""
        from spindetect.align.passages.finding import passages_of

        return passages_of(self)


@dataclass(frozen=True, slots=True, repr=False)
class Assessment(_Viewed):
    """The result of scoring a suspect without a reference; every word has its exact share in the score."""

    @property
    def reference_free(self) -> bool:
        """Always true for an assessment."""
        return True

    def search_terms(self, most: int = 5) -> list[str]:
        """Queries with which a search engine may find the source, best first.

        They consist of names, numbers and rare words, which spinners leave alone, and of restored words.
        """
        from spindetect.report.restoring import search_terms

        return search_terms(self, most)

    def restored(self) -> str:
        """The text as read, with the likeliest original in the place of every phrase that has one."""
        from spindetect.report.restoring import restored

        return restored(self)


def later(comparison: Comparison, fields: Mapping[str, Callable[[], Comparison]]) -> Comparison:
    """The comparison with fields that are taken from others, each of which is worked out on first use.

    Whatever takes a whole one works them all out: ``==``, pickling, `dataclasses.replace` and the views. The
    functions may be called again by another thread, so they must give the same each time.
    """
    made = copy(comparison)
    for name in fields:
        object.__delattr__(made, name)
    made._later.update(fields)
    return made


pickled_by_value(Comparison, Assessment)
