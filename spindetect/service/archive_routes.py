"""The archive's addresses: add articles, remove them, find them, say what there is."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from time import time
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from starlette.concurrency import run_in_threadpool

from spindetect.archive.archive import Archive
from spindetect.read.format import BadRecord
from spindetect.report.words import counted
from spindetect.service.core import Service, needs, service_of
from spindetect.service.forms import ArticleForm, Strict, form_of
from spindetect.service.keys import Caller
from spindetect.service.openapi import problems, takes
from spindetect.service.problems import Problem
from spindetect.service.store import note
from spindetect.service.tables import replies
from spindetect.service.work import Errand, NoArchive

router = APIRouter(prefix="/v1/archive", tags=["archive"])
Archivist = Annotated[Caller, Depends(needs("archive"))]
Scorer = Annotated[Caller, Depends(needs("score"))]
Once = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)]
_STALE = 600.0  # seconds after which a request that was never answered, as the server died, may be repeated
_KEPT = 24 * 3600.0  # seconds for which an answer is kept under its key
_NO_ARCHIVE = problems("no_archive", "archive_busy", "archive_damaged")


class ArchiveForm(Strict):
    """Articles to archive: fields as `spindetect archive add` reads them, ``text`` among them."""

    articles: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=1000)]


class FindForm(Strict):
    """An article whose likeliest sources are looked for."""

    suspect: ArticleForm
    limit: Annotated[int, Field(ge=1, le=100)] = 5


class AddedArticles(BaseModel):
    """The outcome of adding; ``faults`` gives a reason for each article that couldn't be added."""

    added: int
    known: int
    changed: int
    unusable: int
    faults: list[str]


class Found(BaseModel):
    """An archived article and how well it matches."""

    id: str
    title: str | None
    url: str | None
    outlet: str | None
    published: str | None
    match: float


class ArchiveInfo(BaseModel):
    """An archive's contents, and the bytes of its parts on disk."""

    articles: int
    segments: int
    index_bytes: int
    catalogue_bytes: int
    text_bytes: int


@router.get("", responses=_NO_ARCHIVE)
async def info(request: Request, _: Scorer) -> ArchiveInfo:
    """How many articles there are, and how large the archive is."""
    return ArchiveInfo(**asdict(await _with(service_of(request), Archive.info)))


@router.post(
    "/articles",
    responses={**problems("no_archive", "key_reused", "in_progress", "archive_busy", "archive_damaged", body=True)},
    openapi_extra=takes(ArchiveForm, multipart=False),
    response_model=AddedArticles,
)
async def add(request: Request, caller: Archivist, key: Once = None) -> Response:
    """Add articles; what is there already is skipped. The archive is made if there is none."""
    service = service_of(request)
    form = await form_of(request, ArchiveForm)

    async def added() -> bytes:
        faults: list[BadRecord] = []
        done = await _with(service, lambda archive: archive.add(form.articles, report=faults.append), create=True)
        await service.write(lambda write: note(write, caller.name, "archive added", counted(done.added, "article")))
        return AddedArticles(**asdict(done), faults=[str(one) for one in faults]).model_dump_json().encode()

    body = await _once(service, f"{caller.name}:{key}" if key else None, await request.body(), added)
    return Response(body, media_type="application/json")


@router.delete(
    "/articles", status_code=204, responses={**_NO_ARCHIVE, **problems("not_found", "invalid", "no_archive")}
)
async def remove(request: Request, caller: Archivist, id: Annotated[str, Query(max_length=2000)]) -> None:
    """Remove an article for good; its text is overwritten."""
    service = service_of(request)
    if await _with(service, lambda archive: archive.remove(id)):
        raise Problem("not_found", f"the archive has no article {id[:200]!r}.")
    await service.write(lambda write: note(write, caller.name, "archive removed", id))


@router.post(
    "/find",
    responses={**_NO_ARCHIVE, **problems("no_archive", "archive_damaged", body=True, work=True)},
    openapi_extra=takes(FindForm, multipart=False),
)
async def find(request: Request, _: Scorer) -> list[Found]:
    """Find the articles that a suspect is likeliest to be made from, without comparing them."""
    service = service_of(request)
    form = await form_of(request, FindForm)
    given = (await service.fetched(Errand("sources", form.suspect.given("suspect")))).suspect

    def found(archive: Archive) -> list[Found]:
        archive.refresh()
        article = given.article(service.settings.detector)
        fields = ("id", "title", "url", "outlet", "published")
        return [
            Found(**{name: getattr(hit.record, name) for name in fields}, match=hit.score)
            for hit in archive.find(article, form.limit)
        ]

    return await _with(service, found)


async def _with(service: Service, use: Callable[[Archive], Any], create: bool = False) -> Any:
    """Use the archive, away from the loop and by one at a time."""

    def used() -> Any:
        path = service.settings.archive
        if path is None:
            raise NoArchive("this service was started without --archive.")
        with service.archive_lock:
            there = (path / "archive.json").exists()
            if not there and not create:
                raise NoArchive("this service has no archive yet. Add articles to it first.")
            with Archive.open(path) if there else Archive.create(path) as archive:
                return use(archive)

    return await run_in_threadpool(used)


async def _once(service: Service, once: str | None, asked: bytes, answer: Callable[[], Awaitable[bytes]]) -> bytes:
    """An answer that is made once under its idempotency key, and given again for the same request."""
    if once is None:
        return await answer()
    digest = hashlib.sha256(asked).hexdigest()
    mine = replies.c.once == once

    def begin(write: Any) -> bytes | None:
        write.execute(replies.delete().where(replies.c.created < time() - _KEPT))
        stale = mine & replies.c.status.is_(None) & (replies.c.created < time() - _STALE)
        write.execute(replies.delete().where(stale))
        there = write.execute(select(replies).where(mine)).first()
        if there is None:
            write.execute(replies.insert().values(once=once, digest=digest, created=time()))
            return None
        if there.digest != digest:
            raise Problem("key_reused", "another request was sent under this idempotency key.")
        if there.status is None:
            raise Problem("in_progress", "the request that was first sent under this key is being answered.")
        return zlib.decompress(there.body)

    try:
        if (there := await service.write(begin)) is not None:
            return there
    except IntegrityError as error:  # two at the very same moment
        raise Problem("in_progress", "the request that was first sent under this key is being answered.") from error
    try:
        body = await answer()
    except BaseException:
        await service.write(lambda write: write.execute(replies.delete().where(mine)))
        raise
    kept = replies.update().where(mine).values(status=200, body=zlib.compress(body))
    await service.write(lambda write: write.execute(kept))
    return body
