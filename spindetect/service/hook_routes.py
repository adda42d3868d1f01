"""The addresses of webhooks, and the signals that moderation tools ask for."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy import select

from spindetect.service.core import needs, service_of
from spindetect.service.forms import ArticleForm, Strict, form_of
from spindetect.service.hooks import add_hook, remove_hook
from spindetect.service.keys import Caller
from spindetect.service.openapi import problems, takes
from spindetect.service.problems import Problem
from spindetect.service.store import note
from spindetect.service.tables import deliveries, hooks
from spindetect.service.work import Errand

router = APIRouter(prefix="/v1")
Admin = Annotated[Caller, Depends(needs("admin"))]
Scorer = Annotated[Caller, Depends(needs("score"))]


class HookForm(Strict):
    """Whom to tell when a suspect's score or reuse reaches a figure."""

    url: Annotated[str, Field(max_length=2000, pattern=r"^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[!-~]*)?$")]
    figure: Literal["score", "reuse"] = "score"
    least: Annotated[float, Field(ge=0, le=100)] = 90.0


class Hook(BaseModel):
    """A webhook; its ``secret`` is shown only when it is made."""

    id: str
    url: str
    figure: str
    least: float
    secret: str | None = None


class DeadLetter(BaseModel):
    """A message that never arrived, and why."""

    id: int
    hook: str
    tries: int
    fault: str | None
    body: str


class SignalForm(Strict):
    """A moderation tool's request: a text, as ``text`` or as Coop's ``value``; other fields are not used."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "anyOf": [
                {"required": ["text"], "properties": {"text": {"type": "string"}}},
                {
                    "required": ["value"],
                    "properties": {
                        "text": {"type": "null"},
                        "value": {
                            "type": "object",
                            "required": ["value"],
                            "properties": {"value": {"type": "string"}},
                        },
                    },
                },
            ]
        },
    )
    text: str | None = None
    value: dict[str, Any] | None = None
    reference: str | None = None

    @model_validator(mode="after")
    def _has_text(self) -> SignalForm:
        if self.text is None and not (self.value and isinstance(self.value.get("value"), str)):
            raise ValueError("expected a text, or a value of type STRING as Coop has it")
        return self

    @property
    def suspect(self) -> str:
        """The text to score."""
        return self.text if self.text is not None else str((self.value or {})["value"])


class OutputType(BaseModel):
    """That a signal is a number."""

    scalarType: Literal["NUMBER"] = "NUMBER"


class Signal(BaseModel):
    """A number of 0 to 1, in the form of Coop's signals."""

    outputType: OutputType = OutputType()  # so Coop spells it
    score: float
    verdict: str
    case: int | None = None


@router.post(
    "/webhooks",
    tags=["webhooks"],
    status_code=201,
    responses=problems("link_refused", body=True),
    openapi_extra=takes(HookForm, multipart=False),
)
async def add(request: Request, caller: Admin) -> Hook:
    """Have an address told when a suspect reaches a figure. The secret that signs messages is shown this once."""
    service = service_of(request)
    form = await form_of(request, HookForm)
    made = await service.write(lambda write: add_hook(write, form.url, form.figure, form.least, caller.name))
    service.hooks.forget()
    return Hook(**made)


@router.get("/webhooks", tags=["webhooks"], responses=problems())
async def listed(request: Request, _: Admin) -> list[Hook]:
    """All webhooks."""
    rows = await service_of(request).read(
        lambda read: read.execute(select(hooks).where(hooks.c.removed.is_(None))).all()
    )
    return [Hook(id=row.id, url=row.url, figure=row.figure, least=row.least) for row in rows]


@router.delete("/webhooks/{id}", tags=["webhooks"], status_code=204, responses=problems("not_found"))
async def remove(request: Request, id: str, caller: Admin) -> None:
    """Tell an address no more."""
    service = service_of(request)
    if not await service.write(lambda write: remove_hook(write, id, caller.name)):
        raise Problem("not_found", f"there is no webhook {id[:40]!r}.")
    service.hooks.forget()


@router.get("/dead-letters", tags=["webhooks"], responses=problems())
async def dead(request: Request, _: Admin) -> list[DeadLetter]:
    """The last thousand messages that never arrived."""
    lost = select(deliveries).where(deliveries.c.state == "dead").order_by(deliveries.c.id.desc()).limit(1000)
    rows = await service_of(request).read(lambda read: read.execute(lost).all())
    return [
        DeadLetter(id=row.id, hook=row.hook_id, tries=row.tries, fault=row.fault, body=row.body) for row in rows
    ]


@router.post("/dead-letters/{id}", tags=["webhooks"], status_code=204, responses=problems("not_found", "invalid"))
async def again(request: Request, id: int, caller: Admin) -> None:
    """Send a message again that never arrived."""
    service = service_of(request)

    def revive(write: Any) -> int:
        lost = (deliveries.c.id == id) & (deliveries.c.state == "dead")
        values = {"state": "waiting", "tries": 0, "due": 0.0}
        found: int = write.execute(deliveries.update().where(lost).values(**values)).rowcount
        if found:
            note(write, caller.name, "message sent again", str(id))
        return found

    if not 0 < id < 2**31 or not await service.write(revive):
        raise Problem("not_found", f"there is no dead letter {id}.")
    service.hooks.woken.set()


@router.post(
    "/signals/{figure}",
    tags=["signals"],
    openapi_extra=takes(SignalForm, multipart=False),
    responses=problems("no_archive", "archive_damaged", body=True, work=True),
)
async def signal(request: Request, figure: Literal["spin", "reuse"], caller: Scorer) -> Signal:
    """One number about a text, for a rule of Coop's or Osprey's.

    ``spin`` says how probably a machine reworded it, ``reuse`` how probably it is a version of an archived
    article, or of the ``reference`` if one is sent.
    """
    service = service_of(request)
    form = await form_of(request, SignalForm)
    suspect = ArticleForm(text=form.suspect).given("suspect")
    reference = ArticleForm(text=form.reference).given("reference") if form.reference is not None else None
    asked: Literal["compare", "score", "sources"] = "score" if figure == "spin" else "sources"
    done, case = await service.ask(request, Errand("compare" if reference else asked, suspect, reference), caller)
    value = done.score if figure == "spin" else done.reuse or 0.0
    return Signal(score=round(value / 100.0, 6), verdict=done.verdict, case=case)
