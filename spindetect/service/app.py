"""The HTTP application: the service's addresses, what comes before them, and its problems."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from time import perf_counter

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from spindetect.errors import SpindetectError
from spindetect.service import archive_routes, case_routes, hook_routes, job_routes, operating, scoring
from spindetect.service.archive_routes import ArchiveForm, FindForm
from spindetect.service.case_routes import EventForm
from spindetect.service.core import Service
from spindetect.service.forms import CompareForm, ReportForm, ScoreForm, SourcesForm
from spindetect.service.hook_routes import HookForm, SignalForm
from spindetect.service.job_routes import JobForm
from spindetect.service.jobs import Runner
from spindetect.service.limits import RequestLimits
from spindetect.service.openapi import document_of, methods_of
from spindetect.service.problems import Problem, from_status, problem_of
from spindetect.service.settings import ServiceSettings
from spindetect.version import __version__

log = logging.getLogger("spindetect.service")
_FORMS = (
    *(CompareForm, ScoreForm, SourcesForm, ReportForm),
    *(JobForm, ArchiveForm, FindForm, HookForm, SignalForm, EventForm),
)
_ROUTERS = (operating, scoring, job_routes, archive_routes, hook_routes, case_routes)


def create_app(settings: ServiceSettings) -> FastAPI:
    """The application; its workers start with it and end with it."""

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        service = app.state.service = Service(settings)
        lasting = (service.hooks.deliver(), Runner(service).run(), service.forget())
        tasks = [asyncio.create_task(one) for one in lasting]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
            await asyncio.to_thread(service.close)

    app = FastAPI(
        title="spindetect",
        version=__version__,
        summary="Tells whether an article is a machine paraphrase of another one, and proves it.",
        lifespan=life,
        docs_url=None,  # its page loads scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
    )
    for module in _ROUTERS:
        app.include_router(module.router)
    app.openapi = partial(document_of, app, _FORMS, scoring.FORMS)  # type: ignore[method-assign]
    app.add_exception_handler(SpindetectError, _spindetect_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(Exception, _fault)
    app.add_middleware(_Measured)
    app.add_middleware(RequestLimits, settings=settings)
    return app


class _Measured:
    """Counts and times requests. Plain ASGI: Starlette's middleware around functions takes a millisecond."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun, status = perf_counter(), 500

        async def sending(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await self.app(scope, receive, sending)
        finally:
            route = getattr(scope.get("route"), "path", "none")
            metrics = scope["app"].state.service.metrics
            metrics.requests.labels(route, status).inc()
            metrics.seconds.labels(route).observe(perf_counter() - begun)


async def _spindetect_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, SpindetectError)  # noqa: S101  # so it was registered
    return problem_of(error).response()


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101  # so it was registered
    problem = from_status(error.status_code, error.detail, error.headers)
    if error.status_code == 405:  # the framework names the methods of the first address only
        allowed = methods_of(request.app.openapi(), request.url.path)
        problem.headers["allow"] = allowed or problem.headers.get("allow", "")
    return problem.response()


async def _invalid(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101  # so it was registered
    errors = [{"field": ".".join(map(str, one["loc"])), "message": one["msg"]} for one in error.errors()]
    return Problem("invalid", f"{errors[0]['field']}: {errors[0]['message']}", errors).response()


async def _fault(request: Request, error: Exception) -> Response:
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return Problem("internal", "the service's log says more.").response()
