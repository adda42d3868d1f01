"""Comparing, scoring, finding sources, writing reports: one request, one answer."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from spindetect.service.core import needs, service_of
from spindetect.service.forms import ArticleForm, CompareForm, ReportForm, ScoreForm, SourcesForm, form_of
from spindetect.service.keys import Caller
from spindetect.service.openapi import REPORT, problems, takes
from spindetect.service.settings import ServiceSettings
from spindetect.service.work import Errand, Given
from spindetect.settings import CANDIDATES

router = APIRouter(prefix="/v1", tags=["scoring"])
Scorer = Annotated[Caller, Depends(needs("score"))]
FORMS: dict[str, type[CompareForm] | type[ScoreForm] | type[SourcesForm]] = {
    "compare": CompareForm,
    "score": ScoreForm,
    "sources": SourcesForm,
}
_REPORT: dict[str, Any] = {
    "description": "The report, as `spindetect score --format json` has it. The header Spindetect-Case names "
    "the case that was opened, if one was.",
    "content": {"application/json": {"schema": {"$ref": REPORT}}},
}
_ANSWERS = {200: _REPORT, **problems(body=True, work=True)}


@router.post("/compare", responses=_ANSWERS, openapi_extra=takes(CompareForm), response_class=Response)
async def compare(request: Request, caller: Scorer) -> Response:
    """Compare a suspect with a reference: is it a machine paraphrase, a copy, or neither?"""
    return await _answered(request, await form_of(request, CompareForm), "compare", caller)


@router.post("/score", responses=_ANSWERS, openapi_extra=takes(ScoreForm), response_class=Response)
async def score(request: Request, caller: Scorer) -> Response:
    """Score a suspect with no reference: was it spun, and which phrases give it away?"""
    return await _answered(request, await form_of(request, ScoreForm), "score", caller)


@router.post(
    "/sources",
    responses={200: _REPORT, **problems("no_archive", "archive_damaged", body=True, work=True)},
    openapi_extra=takes(SourcesForm),
    response_class=Response,
)
async def sources(request: Request, caller: Scorer) -> Response:
    """Find what a suspect is made from in the archive.

    A likely copy becomes a case for the moderators, and so does a suspect without a source that is called spun.
    """
    return await _answered(request, await form_of(request, SourcesForm), "sources", caller)


@router.post(
    "/reports",
    responses={200: {"description": "The report.", "content": {"text/html": {}}}, **problems(body=True, work=True)},
    openapi_extra=takes(ReportForm),
    response_class=Response,
)
async def reports(request: Request, caller: Scorer) -> Response:
    """Write the HTML report on a suspect: one page that loads nothing, to read, print and send."""
    form = await form_of(request, ReportForm)
    errand = Errand(
        "compare" if form.reference else "score",
        form.suspect.given("suspect"),
        form.reference.given("reference") if form.reference else None,
        ignored(form.ignore),
        page=True,
    )
    done, _ = await service_of(request).ask(request, errand, caller)
    return Response(
        done.page, media_type="text/html; charset=utf-8", headers={"Content-Security-Policy": "sandbox"}
    )


async def _answered(
    request: Request, form: CompareForm | ScoreForm | SourcesForm, asked: str, caller: Caller
) -> Response:
    service = service_of(request)
    done, case = await service.ask(request, errand_of(asked, form, service.settings), caller)
    headers = {"Spindetect-Case": str(case)} if case is not None else None
    return Response(done.report, media_type="application/json", headers=headers)


def errand_of(asked: str, form: CompareForm | ScoreForm | SourcesForm, settings: ServiceSettings) -> Errand:
    """A worker's errand for a form."""
    return Errand(
        asked,  # type: ignore[arg-type]
        form.suspect.given("suspect"),
        form.reference.given("reference") if isinstance(form, CompareForm) else None,
        ignored(form.ignore),
        form.candidates if isinstance(form, SourcesForm) else CANDIDATES,
        case_at=settings.case_at if form.case else None,
    )


def ignored(forms: list[ArticleForm]) -> tuple[Given, ...]:
    """The texts that everybody shares, as workers take them."""
    return tuple(form.given("ignored text") for form in forms)
