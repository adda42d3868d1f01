"""Listening: uvicorn, with a limit on how long a request's head may take to arrive."""

from __future__ import annotations

import asyncio
from typing import Any

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from spindetect.service.settings import ServiceSettings

_HEAD_SECONDS = 10.0
_CONNECTIONS = 1000
_PARTING = 10  # seconds for requests to finish when the service is told to end


class PromptProtocol(HttpToolsProtocol):
    """Hangs up on clients that connect and don't send the head of a request in time."""

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Wait for the rest of the head of what begins here."""
        if self._late is None and (self.cycle is None or self.cycle.response_complete):
            self._wait()
        super().data_received(data)

    def on_headers_complete(self) -> None:
        """The head is there; from here on the limits on bodies hold."""
        self._stop()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._stop()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._late = self.loop.call_later(_HEAD_SECONDS, self.transport.abort)

    def _stop(self) -> None:
        if self._late:
            self._late.cancel()
            self._late = None


def serve(app: FastAPI, settings: ServiceSettings) -> None:
    """Listen until told to end (SIGINT or SIGTERM)."""
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        http=PromptProtocol,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=_CONNECTIONS,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=_PARTING,
    )
