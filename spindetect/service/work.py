"""A worker process's part of a request: read, compare, and make the parts of the answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Literal

from spindetect.detector import Detector
from spindetect.errors import SpindetectError
from spindetect.findings import Candidate, Direction, Result, Verdict
from spindetect.links.connection import Fetched
from spindetect.read.article import article_from_bytes, only_article, read_article
from spindetect.read.entries import fetched_entries
from spindetect.records import Article, Document
from spindetect.report.html.names import title_of
from spindetect.retrieve.searching import Search
from spindetect.settings import CANDIDATES, Settings

if TYPE_CHECKING:
    from spindetect.archive.archive import Archive

ANYHOW = -1.0  # as `Errand.case_at`: a case is wanted whatever comes out
_REFRESH = 5.0  # seconds after which an archive is looked at anew: the command line may have added to it


class NoArchive(SpindetectError):
    """Nothing was archived yet."""


Asked = Literal["compare", "score", "sources"]


@dataclass(frozen=True, slots=True)
class Given:
    """An article as it was given: a ``text``, a file's bytes as ``data``, or a ``link``; and what is known of it.

    A link is ``fetched`` before a worker gets it.
    """

    name: str
    text: str | None = None
    data: bytes | None = None
    title: str | None = None
    url: str | None = None
    outlet: str | None = None
    published: str | None = None
    link: str | None = None
    fetched: Fetched | None = None

    def article(self, settings: Settings) -> Article:
        """The article, read; raises `UnreadableArticle`."""
        limit = settings.max_characters
        if self.fetched is not None:
            found = only_article(fetched_entries(self.fetched, limit), self.name, limit)
        elif self.data is not None:
            found = article_from_bytes(self.data, self.name, max_characters=limit)
        else:
            found = read_article(self.text or "", settings=settings, name=self.name)
        given = {name: getattr(self, name) for name in ("title", "url", "outlet", "published")}
        return replace(found, **{name: value for name, value in given.items() if value})


@dataclass(frozen=True, slots=True)
class Errand:
    """A worker's errand. With ``page``, the HTML report too; a result of ``case_at`` or more gives a `CaseFile`."""

    asked: Asked
    suspect: Given
    reference: Given | None = None
    ignore: tuple[Given, ...] = ()
    candidates: int = CANDIDATES
    page: bool = False
    case_at: float | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """The facts about an article on one side of a case, with the digest of its text."""

    digest: str
    id: str | None
    title: str | None
    url: str | None
    outlet: str | None
    published: str | None
    words: int
    text: str


@dataclass(frozen=True, slots=True)
class CaseFile:
    """All that a case is opened with; ``worth`` one only if it is, otherwise it says how a case stands now."""

    suspect: Named
    source: Named | None
    score: float
    reuse: float
    coverage: float
    verdict: Verdict
    direction: Direction | None
    family: str | None
    signature: str
    candidates: tuple[Candidate, ...]
    page: str
    worth: bool = True


@dataclass(frozen=True, slots=True)
class Done:
    """The outcome of an errand: the JSON report, its main figures, and the other parts that were asked for."""

    report: bytes
    score: float
    reuse: float | None
    verdict: Verdict
    page: str | None = None
    case: CaseFile | None = None
    digest: str | None = None  # of the suspect's text, where there might be a case of it


def start(settings: Settings, archive: Path | None) -> Callable[[Errand], Done]:
    """A worker's whole life; the model is loaded here, once."""
    detector = Detector.load(settings=settings)
    with suppress(SpindetectError):
        detector.alone  # noqa: B018  # loaded before the first request waits for it
    return partial(_do, detector, _Shelf(archive))


@dataclass(slots=True)
class _Shelf:
    """The archive, opened when it is there, and looked at anew now and then."""

    path: Path | None
    archive: Archive | None = None
    seen: float = 0.0

    def opened(self) -> Archive:
        if self.archive is None:
            if self.path is None or not (self.path / "archive.json").exists():
                raise NoArchive("this service has no archive yet. Add articles to it first.")
            from spindetect.archive.archive import Archive

            self.archive = Archive.open(self.path)
        elif monotonic() - self.seen > _REFRESH:
            self.archive.refresh()
        self.seen = monotonic()
        return self.archive


def _do(detector: Detector, shelf: _Shelf, errand: Errand) -> Done:
    suspect = errand.suspect.article(detector.settings)
    ignore = [one.article(detector.settings) for one in errand.ignore]
    result: Result
    if errand.asked == "score":
        result = detector.score(suspect, ignore)
    elif errand.asked == "compare":
        assert errand.reference is not None  # noqa: S101  # so says the request's form
        result = detector.compare(suspect, errand.reference.article(detector.settings), ignore)
    else:
        result = _best(detector, shelf, errand, suspect, ignore)
    worth_a_case = _worth_a_case(errand, result)
    page = result.to_html() if errand.page or worth_a_case else None  # type: ignore[attr-defined]
    case: CaseFile | None = None
    if worth_a_case:
        best = result.candidates[0] if result.candidates else None
        known = best or errand.reference or errand.suspect
        case = CaseFile(
            suspect=_named(errand.suspect, None, result.suspect),
            source=_named(known, best.id if best else None, result.reference) if result.reference.words else None,
            score=result.score,
            reuse=result.reuse or 0.0,
            coverage=result.coverage,
            verdict=result.verdict,
            direction=result.direction,
            family=result.family,
            signature=result.signature,
            candidates=result.candidates,
            page=page or "",
            worth=errand.case_at != ANYHOW,
        )
    return Done(
        report=json.dumps(result.to_dict()).encode(),  # type: ignore[attr-defined]
        score=result.score,
        reuse=result.reuse,
        verdict=result.verdict,
        page=page,
        case=case,
        digest=text_digest(result.suspect.article.text) if errand.case_at is not None else None,
    )


def _worth_a_case(errand: Errand, result: Result) -> bool:
    """Whether a result is put before the moderators; without a source only where it accuses by itself."""
    if errand.case_at is None or _itself(errand.suspect, result):
        return False
    if errand.case_at == ANYHOW:
        return True
    if result.reference_free:
        return result.verdict == "spun" and result.score >= errand.case_at
    return bool(result.reference.words) and max(result.score, result.reuse or 0.0) >= errand.case_at


def _itself(suspect: Given, result: Result) -> bool:
    """Whether the source that was found is the suspect, archived from the same address."""
    url = suspect.url or result.suspect.article.url
    return bool(url and result.candidates) and result.candidates[0].url == url


def _best(detector: Detector, shelf: _Shelf, errand: Errand, suspect: Article, ignore: list[Article]) -> Result:
    """The best comparison of a suspect with the archive, or the report on it alone."""
    found = Search(detector, shelf.opened(), errand.candidates, ignore, alone=True).match_shown(suspect)
    if found.best is None:
        raise found.errors[0]
    return found.best


def _named(known: Given | Candidate, id: str | None, document: Document) -> Named:
    article = document.article
    return Named(
        digest=text_digest(article.text),
        id=id,
        title=known.title or title_of(article, document),
        url=known.url or article.url,
        outlet=known.outlet or article.outlet,
        published=known.published or article.published,
        words=document.word_count,
        text=article.text,
    )


def text_digest(text: str) -> str:
    """The SHA-256 of a text in hexadecimal, under which it is stored."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
