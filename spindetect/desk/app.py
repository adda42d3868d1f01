"""The desk's addresses, added to the service's application."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.resources import files
from urllib.parse import quote

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import RedirectResponse, Response

from spindetect.desk import case_pages, people_pages, queue_pages
from spindetect.desk.web import Refused, SignIn, page
from spindetect.service.app import create_app
from spindetect.service.settings import ServiceSettings

router = APIRouter(prefix="/desk", include_in_schema=False)
_STATIC = {
    "report.css": ("spindetect.report.html", "templates/report.css", "text/css; charset=utf-8"),
    "desk.css": ("spindetect.desk", "static/desk.css", "text/css; charset=utf-8"),
    "icon.svg": ("spindetect.desk", "static/icon.svg", "image/svg+xml"),
    "desk.js": ("spindetect.desk", "static/desk.js", "text/javascript; charset=utf-8"),
}


def create_desk(settings: ServiceSettings) -> FastAPI:
    """The service's application with the desk in it."""
    app = create_app(settings)
    for one in (router, people_pages.router, queue_pages.router, case_pages.router):
        app.include_router(one)
    app.add_exception_handler(SignIn, _sign_in)
    app.add_exception_handler(Refused, _refused)
    return app


@router.get("/static/{name}")
async def static(request: Request, name: str) -> Response:
    """A style sheet or script of the desk's own."""
    if name not in _STATIC:
        raise Refused(404, "There is no such file.")
    data, digest = _file(name)
    headers = {"ETag": f'"{digest}"', "Cache-Control": "no-cache"}
    if request.headers.get("if-none-match") == f'"{digest}"':
        return Response(status_code=304, headers=headers)
    return Response(data, headers=headers, media_type=_STATIC[name][2])


@cache
def _file(name: str) -> tuple[bytes, str]:
    package, path, _ = _STATIC[name]
    data = files(package).joinpath(path).read_bytes()
    return data, sha256(data).hexdigest()[:32]


async def _sign_in(request: Request, _: Exception) -> Response:
    """A visitor who isn't signed in is led to the form, and from there to the page they asked for."""
    query = f"?{request.url.query}" if request.url.query else ""
    back = quote(request.url.path + query, safe="") if request.method == "GET" else ""
    return RedirectResponse(f"/desk/login{f'?back={back}' if back else ''}", 303)


async def _refused(request: Request, error: Exception) -> Response:
    status = error.status if isinstance(error, Refused) else 400
    return page(request, "refused.html.j2", None, {"said": str(error), "status": status}, status)
