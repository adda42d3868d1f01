"""Clients of the service, for threads and for coroutines."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from spindetect.client.calls import Call, Made, Source, compare, job, score, sources
from spindetect.client.reports import Report, ServiceError
from spindetect.errors import needed
from spindetect.settings import CANDIDATES

if TYPE_CHECKING:
    import httpx

_EVERY = 0.5  # seconds between two looks at a job


class Client:
    """A client that waits. Threads may share one. A refusal of the service is raised as `ServiceError`."""

    def __init__(self, address: str, key: str | None = None, seconds: float = 120.0) -> None:
        self._http = needed("httpx", "ask the service", "service").Client(**_options(address, key, seconds))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def do(self, call: Call[Made]) -> Made:
        """Do a call, as `compare` and the other functions of this module make them."""
        return call.made(_checked(self._http.request(**_sent(call))))

    def compare(
        self, suspect: Source, reference: Source, ignore: Sequence[Source] = (), case: bool = False
    ) -> Report:
        """As `compare`."""
        return self.do(compare(suspect, reference, ignore, case))

    def score(self, suspect: Source, ignore: Sequence[Source] = ()) -> Report:
        """As `score`."""
        return self.do(score(suspect, ignore))

    def sources(self, suspect: Source, candidates: int = CANDIDATES, case: bool = True) -> Report:
        """As `sources`."""
        return self.do(sources(suspect, candidates, case))

    def wait(self, id: str) -> dict[str, Any]:
        """Wait until a job is finished; its last state."""
        while (state := self.do(job(id)))["state"] == "waiting":
            time.sleep(_EVERY)
        return state


class AsyncClient:
    """A client for coroutines, otherwise as `Client`."""

    def __init__(self, address: str, key: str | None = None, seconds: float = 120.0) -> None:
        self._http = needed("httpx", "ask the service", "service").AsyncClient(**_options(address, key, seconds))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.aclose()

    async def do(self, call: Call[Made]) -> Made:
        """Do a call, as `compare` and the other functions of this module make them."""
        return call.made(_checked(await self._http.request(**_sent(call))))

    def compare(
        self, suspect: Source, reference: Source, ignore: Sequence[Source] = (), case: bool = False
    ) -> Awaitable[Report]:
        """As `compare`."""
        return self.do(compare(suspect, reference, ignore, case))

    def score(self, suspect: Source, ignore: Sequence[Source] = ()) -> Awaitable[Report]:
        """As `score`."""
        return self.do(score(suspect, ignore))

    def sources(self, suspect: Source, candidates: int = CANDIDATES, case: bool = True) -> Awaitable[Report]:
        """As `sources`."""
        return self.do(sources(suspect, candidates, case))

    async def wait(self, id: str) -> dict[str, Any]:
        """Wait until a job is finished; its last state."""
        import asyncio

        while (state := await self.do(job(id)))["state"] == "waiting":
            await asyncio.sleep(_EVERY)
        return state


def _options(address: str, key: str | None, seconds: float) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return {"base_url": address, "headers": headers, "timeout": seconds}


def _sent(call: Call[Any]) -> dict[str, Any]:
    sent = {"method": call.method, "url": call.path, "headers": call.headers, "params": call.query}
    return sent if call.body is None else {**sent, "json": call.body}


def _checked(answer: httpx.Response) -> httpx.Response:
    if answer.is_success:
        return answer
    try:
        problem = answer.json()
    except ValueError:
        problem = {}
    again = answer.headers.get("retry-after", "")
    raise ServiceError(problem, answer.status_code, float(again) if again.isdecimal() else None)
