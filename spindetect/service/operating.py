"""Operators' questions: is the service alive, is it ready, how much does it do, what do its problems mean."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from spindetect.service.core import needs, service_of
from spindetect.service.keys import Caller
from spindetect.service.openapi import problems
from spindetect.service.problems import KINDS, Problem
from spindetect.version import __version__

router = APIRouter(tags=["operating"])


class Health(BaseModel):
    """That the service is there."""

    status: str
    version: str


class ProblemKind(BaseModel):
    """A kind of problem."""

    code: str
    status: int
    title: str
    advice: str


@router.get("/healthz")
async def healthz() -> Health:
    """Whether the service is alive."""
    return Health(status="alive", version=__version__)


@router.get("/readyz", responses=problems("not_ready"))
async def readyz(request: Request) -> Health:
    """Whether it can answer: a worker has loaded the model, and the database is there."""
    service = service_of(request)
    again = {"Retry-After": "2"}
    if service.crew.fault or not service.crew.ready.is_set():
        raise Problem("not_ready", service.crew.fault or "the model is being loaded.", headers=again)
    try:
        await service.read(lambda read: read.execute(text("SELECT 1")))
    except SQLAlchemyError as error:
        raise Problem("not_ready", "the database doesn't answer.", headers=again) from error
    return Health(status="ready", version=__version__)


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}, **problems()})
async def metrics(request: Request, _: Annotated[Caller, Depends(needs(""))]) -> Response:
    """Figures for Prometheus."""
    return Response(service_of(request).metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")


@router.get("/problems")
async def all_problems() -> list[ProblemKind]:
    """Every kind of problem that this service answers with."""
    return [_kind(code) for code in KINDS]


@router.get("/problems/{code}", responses=problems("not_found"))
async def one_problem(code: str) -> ProblemKind:
    """The meaning of a problem's code, and its remedy."""
    if code not in KINDS:
        raise Problem("not_found", f"there is no problem {code[:60]!r}.")
    return _kind(code)


def _kind(code: str) -> ProblemKind:
    one = KINDS[code]
    return ProblemKind(code=one.code, status=one.status, title=one.title, advice=one.advice)
