"""Answers of the service: a report with the records that the library gives, or a problem."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeVar, cast

from spindetect.errors import SpindetectError
from spindetect.findings import (
    Candidate,
    Contribution,
    Direction,
    Phrase,
    SentencePair,
    Substitution,
    Undecided,
    Verdict,
)
from spindetect.records import Span

_Kind = TypeVar("_Kind")


class ServiceError(SpindetectError):
    """The service refused, or failed; ``code`` stays the same from version to version."""

    def __init__(self, problem: Mapping[str, Any], status: int, retry_after: float | None) -> None:
        super().__init__(str(problem.get("detail") or problem.get("title") or f"the service answered {status}"))
        self.code = str(problem.get("code", "unknown"))
        self.status = status
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Report:
    """A report of the service: the same records as those of a `spindetect.results.Comparison`, from its JSON.

    ``case`` is the case that it opened for the moderators, if it did. Of a suspect that was scored alone,
    ``reuse`` is None, and ``substitutions`` are in ``to_dict()`` only, as they have no reference.
    """

    data: Mapping[str, Any]
    case: int | None = None

    @property
    def score(self) -> float:
        """Spin score, 0 to 100."""
        return float(self.data["score"])

    @property
    def reuse(self) -> float | None:
        """How probably the suspect is a version of the reference, 0 to 100; None without one."""
        return cast("float | None", self.data["reuse"])

    @property
    def verdict(self) -> Verdict:
        """The verdict."""
        return cast("Verdict", self.data["verdict"])

    @property
    def coverage(self) -> float:
        """The share of the suspect that the reference accounts for, 0 to 1."""
        return float(self.data["coverage"])

    @property
    def signature(self) -> str:
        """All that the score depends on."""
        return str(self.data["signature"])

    @property
    def relations(self) -> dict[str, float]:
        """Each relation with its probability."""
        return dict(self.data["relations"])

    @property
    def undecided(self) -> tuple[Undecided, ...]:
        """Why nothing is decided, if that is the verdict."""
        return tuple([_record(Undecided, one) for one in self.data["undecided"]])

    @property
    def contributions(self) -> tuple[Contribution, ...]:
        """The nats that each feature adds to the score."""
        return tuple([_record(Contribution, one) for one in self.data["contributions"]])

    @property
    def substitutions(self) -> tuple[Substitution, ...]:
        """All substitutions, in the suspect's order."""
        if self.data["reference"] is None:
            return ()
        return tuple(
            [
                _record(Substitution, one, suspect=_phrase(one["suspect"]), reference=_phrase(one["reference"]))
                for one in self.data["substitutions"]
            ]
        )

    @property
    def alignment(self) -> tuple[SentencePair, ...]:
        """The aligned sentences; their substitutions are in ``substitutions``."""
        return tuple(
            [
                SentencePair(
                    _span(one["suspect"]),
                    _span(one["reference"]),
                    one["similarity"],
                    added=tuple(map(_span, one["added"])),
                    dropped=tuple(map(_span, one["dropped"])),
                )
                for one in self.data["alignment"]
            ]
        )

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """The articles of the archive that were compared, best first."""
        return tuple([_record(Candidate, one) for one in self.data.get("candidates", ())])

    @property
    def direction(self) -> Direction | None:
        """Which side is the copy, where that was asked."""
        found = self.data.get("direction")
        return _record(Direction, found) if found else None

    @property
    def warnings(self) -> tuple[str, ...]:
        """Its warnings, as sentences."""
        return tuple(self.data["warnings"])

    def to_dict(self) -> dict[str, Any]:
        """The report as plain data, as `Comparison.to_dict` gives it."""
        return dict(self.data)


def _record(kind: type[_Kind], data: Mapping[str, Any], **made: Any) -> _Kind:
    """A record of its fields in a report; what the report has besides is left out."""
    known = {one.name: data[one.name] for one in fields(kind) if one.name in data}  # type: ignore[arg-type]
    return kind(**{**known, **made})


def _span(data: Mapping[str, int]) -> Span:
    return Span(data["start"], data["end"])


def _phrase(data: Mapping[str, Any]) -> Phrase:
    return Phrase(_span(data), data["text"])
