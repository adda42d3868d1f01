"""The requests that the service takes, each with what its answer becomes."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from spindetect.client.reports import Report, ServiceError
from spindetect.links.url import URL
from spindetect.settings import CANDIDATES

if TYPE_CHECKING:
    import httpx

Source = str | Path | URL | Mapping[str, Any]
"""A ``str`` is a text, a ``Path`` a file that is sent, a `URL` a link that the service follows; a mapping has
the fields of the service's ArticleForm, such as ``{"text": ..., "title": ..., "outlet": ...}``."""
Asked = Literal["compare", "score", "sources"]
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Call(Generic[Made]):
    """A request, and what its answer becomes."""

    method: str
    path: str
    made: Callable[[httpx.Response], Made]
    body: Any = None
    headers: Mapping[str, str] | None = None
    query: Mapping[str, Any] | None = None


def compare(suspect: Source, reference: Source, ignore: Sequence[Source] = (), case: bool = False) -> Call[Report]:
    """Compare a suspect with a reference; with ``case`` it is put before the moderators if it looks like a copy."""
    return Call("POST", "/v1/compare", _report, {**_item(suspect, reference, ignore), "case": case})


def score(suspect: Source, ignore: Sequence[Source] = ()) -> Call[Report]:
    """Score a suspect with no reference."""
    return Call("POST", "/v1/score", _report, _item(suspect, None, ignore))


def sources(suspect: Source, candidates: int = CANDIDATES, case: bool = True) -> Call[Report]:
    """Find what a suspect is made from in the service's archive."""
    return Call("POST", "/v1/sources", _report, {**_item(suspect), "candidates": candidates, "case": case})


def html(suspect: Source, reference: Source | None = None) -> Call[str]:
    """The HTML report on a suspect."""
    return Call("POST", "/v1/reports", lambda answer: answer.text, _item(suspect, reference))


def add_articles(articles: Iterable[Mapping[str, Any]]) -> Call[dict[str, Any]]:
    """Add articles to the archive; how many were added, were there, or couldn't be."""
    return Call("POST", "/v1/archive/articles", _json, {"articles": list(articles)})


def remove_article(id: str) -> Call[None]:
    """Remove an article from the archive for good."""
    return Call("DELETE", "/v1/archive/articles", lambda _: None, query={"id": id})


def submit(asked: Asked, items: Iterable[Mapping[str, Any]], once: str | None = None) -> Call[str]:
    """Begin a job; its id. ``once`` makes sure that it is begun once, however often this is sent.

    An item has the fields that the address of that name takes, as ``item`` makes them.
    """
    headers = {"Idempotency-Key": once} if once else None
    body = {"asked": asked, "items": list(items)}
    return Call("POST", "/v1/jobs", lambda answer: str(answer.json()["id"]), body, headers)


def job(id: str) -> Call[dict[str, Any]]:
    """How far a job is."""
    return Call("GET", f"/v1/jobs/{id}", _json)


def results(id: str, first: int = 0, limit: int = 100) -> Call[list[Report | ServiceError | None]]:
    """The items of a job from number ``first`` on: a report, what went wrong, or None for one that waits."""
    query = {"first": first, "limit": limit}
    return Call("GET", f"/v1/jobs/{id}/results", lambda answer: list(map(_result, answer.json())), query=query)


def item(suspect: Source, reference: Source | None = None, ignore: Sequence[Source] = ()) -> dict[str, Any]:
    """An item of a job."""
    return _item(suspect, reference, ignore)


def _item(suspect: Source, reference: Source | None = None, ignore: Sequence[Source] = ()) -> dict[str, Any]:
    sides = {"suspect": _article(suspect), **({} if reference is None else {"reference": _article(reference)})}
    return {**sides, "ignore": list(map(_article, ignore))} if ignore else sides


def _article(source: Source) -> dict[str, Any]:
    if isinstance(source, Path):
        return {"file": base64.b64encode(source.read_bytes()).decode(), "name": source.name}
    if isinstance(source, URL):
        return {"url": source.address}
    return {"text": source} if isinstance(source, str) else dict(source)


def _report(answer: httpx.Response) -> Report:
    case = answer.headers.get("spindetect-case")
    return Report(answer.json(), int(case) if case else None)


def _json(answer: httpx.Response) -> Any:
    return answer.json()


def _result(one: Mapping[str, Any]) -> Report | ServiceError | None:
    if one["state"] == "waiting":
        return None
    return Report(one["report"]) if one["state"] == "done" else ServiceError(one["problem"], 0, None)
