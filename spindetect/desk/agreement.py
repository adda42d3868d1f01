"""How model and moderators agree: what each score was worth, who overruled what, and where to put the threshold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import sqrt
from typing import Any

from sqlalchemy import Connection, select

from spindetect.service.tables import cases

COPIES = ("copy", "licensed")  # what is licensed is a copy as well
DECIDED = (*COPIES, "no_copy")
LEAST_SURE = 0.95  # precision that the suggested threshold has, at the lower end of its 95% interval
_Z = 1.96
_THRESHOLDS = tuple(range(50, 100, 5))
_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Bin:
    """Cases of like figure: how many, what the model expected (0 to 1), and how many were copies."""

    first: int
    count: int
    expected: float
    copies: float


@dataclass(frozen=True, slots=True)
class AtThreshold:
    """The share that is right if all from a figure on are taken for copies; ``low`` and ``high`` hold 95%."""

    threshold: int
    count: int
    precision: float
    low: float
    high: float
    found: float


@dataclass(frozen=True, slots=True)
class Month:
    """A month's decisions, and the share (0 to 1) of them in which model and moderator agreed."""

    name: str
    count: int
    agreed: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """All of it; ``suggested`` is None while too few cases are decided."""

    decided: int
    bins: tuple[Bin, ...]
    thresholds: tuple[AtThreshold, ...]
    months: tuple[Month, ...]
    overruled: Sequence[Any]
    suggested: int | None


def agreement(read: Connection, alone: bool = False) -> Agreement:
    """Model against moderators over all decided cases, by what the case said when it was decided.

    The figure is the reuse, and 50 or more of it the model's yes; where no source was known (``alone``), the score.
    """
    figure = (cases.c.decided_score if alone else cases.c.decided_reuse).label("figure")
    columns = (cases.c.id, cases.c.suspect_title, figure, cases.c.decision, cases.c.decided, cases.c.decided_by)
    wanted = select(*columns).where(cases.c.decision.in_(DECIDED), cases.c.decided_source.is_(None) == alone)
    rows = read.execute(wanted.order_by(cases.c.decided.desc())).all()
    by_tens: dict[int, list[Any]] = {first: [] for first in range(0, 100, 10)}
    by_month: dict[str, list[bool]] = {}
    for row in rows:
        by_tens[int(min(row.figure, 99.9) // 10) * 10].append(row)
        month = datetime.fromtimestamp(row.decided, UTC).strftime("%Y-%m")
        by_month.setdefault(month, []).append(_agrees(row))
    bins = [
        Bin(
            first,
            len(these),
            expected=sum(row.figure for row in these) / len(these) / 100.0,
            copies=sum(row.decision in COPIES for row in these) / len(these),
        )
        for first, these in by_tens.items()
        if these
    ]
    months = [Month(name, len(agreed), sum(agreed) / len(agreed)) for name, agreed in sorted(by_month.items())]
    thresholds = tuple(_at(rows, threshold) for threshold in _THRESHOLDS)
    return Agreement(
        decided=len(rows),
        bins=tuple(bins),
        thresholds=thresholds,
        months=tuple(months),
        overruled=[row for row in rows if not _agrees(row)][:_SHOWN],
        suggested=next((one.threshold for one in thresholds if one.count and one.low >= LEAST_SURE), None),
    )


def interval(hits: int, count: int) -> tuple[float, float]:
    """Wilson's 95% interval of a share.

    >>> [round(end, 3) for end in interval(95, 100)]
    [0.888, 0.978]
    """
    if not count:
        return 0.0, 1.0
    share = hits / count
    middle = share + _Z**2 / (2 * count)
    reach = _Z * sqrt(share * (1 - share) / count + _Z**2 / (4 * count**2))
    scale = 1 + _Z**2 / count
    return max(0.0, (middle - reach) / scale), min(1.0, (middle + reach) / scale)


def _agrees(row: Any) -> bool:
    return (row.figure >= 50.0) == (row.decision in COPIES)


def _at(rows: Sequence[Any], threshold: int) -> AtThreshold:
    taken = [row for row in rows if row.figure >= threshold]
    hits = sum(row.decision in COPIES for row in taken)
    copies = sum(row.decision in COPIES for row in rows)
    low, high = interval(hits, len(taken))
    precision = hits / len(taken) if taken else 0.0
    return AtThreshold(threshold, len(taken), precision, low, high, hits / copies if copies else 0.0)
