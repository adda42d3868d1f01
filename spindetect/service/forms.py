"""The content of requests: JSON, or a form with files. Pydantic checks it and describes it for OpenAPI."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Annotated, Any, TypeVar

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from spindetect.service.problems import Problem
from spindetect.service.work import Given
from spindetect.settings import CANDIDATES

Form = TypeVar("Form", bound=BaseModel)
_Short = Annotated[str, Field(max_length=2000)]
_FIELDS = ("text", "file", "url")
_FORM_TYPE = "multipart/form-data"


class Strict(BaseModel):
    """A form that refuses fields that it doesn't know."""

    model_config = ConfigDict(extra="forbid")


class ArticleForm(Strict):
    """An article: exactly one of ``text``, ``file`` and ``url``, and what is known of it.

    ``text`` is plain text, Markdown or a whole HTML page; ``file`` the bytes of a file of any format that
    spindetect reads, in base64, whose ``name`` has its ending; ``url`` a public web page.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "oneOf": [{"required": [one], "properties": {one: {"type": "string"}}} for one in _FIELDS]
        },
    )

    text: str | None = None
    file: Annotated[str | None, Field(json_schema_extra={"contentEncoding": "base64"})] = None
    url: _Short | None = None
    name: _Short | None = None
    title: _Short | None = None
    outlet: _Short | None = None
    published: _Short | None = None
    address: Annotated[_Short | None, Field(description="Where a text or a file is published.")] = None

    @model_validator(mode="after")
    def _one(self) -> ArticleForm:
        given = [name for name in _FIELDS if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"expected exactly one of {', '.join(_FIELDS)}; found {' and '.join(given) or 'none'}")
        return self

    def given(self, side: str) -> Given:
        """The article as a worker takes it; raises `Problem` for what isn't base64."""
        data = None
        if self.file is not None:
            try:
                data = base64.b64decode(self.file, validate=True)
            except (binascii.Error, ValueError) as error:
                raise Problem(
                    "invalid", f"the {side}'s file isn't base64.", [_fault(side, "not base64")]
                ) from error
        known: dict[str, Any] = {name: _clean(getattr(self, name)) for name in ("title", "outlet", "published")}
        name = _clean(self.name) or known["title"] or _clean(self.address or self.url) or side
        return Given(name, self.text, data, url=_clean(self.address or self.url), link=self.url, **known)


class CompareForm(Strict):
    """A suspect and the reference that it may be made from. With ``case`` it is put before the moderators."""

    suspect: ArticleForm
    reference: ArticleForm
    ignore: Annotated[list[ArticleForm], Field(max_length=10)] = []
    case: bool = False


class ScoreForm(Strict):
    """A suspect to score with no reference. With ``case``, one that is called spun is put before the moderators."""

    suspect: ArticleForm
    ignore: Annotated[list[ArticleForm], Field(max_length=10)] = []
    case: bool = False


class SourcesForm(Strict):
    """A suspect whose sources are looked for in the archive.

    Unless ``case`` is false, a likely copy becomes a case, and so does what is called spun where none is found.
    """

    suspect: ArticleForm
    ignore: Annotated[list[ArticleForm], Field(max_length=10)] = []
    candidates: Annotated[int, Field(ge=1, le=50)] = CANDIDATES
    case: bool = True


class ReportForm(Strict):
    """A suspect, and a reference if there is one, to write an HTML report on."""

    suspect: ArticleForm
    reference: ArticleForm | None = None
    ignore: Annotated[list[ArticleForm], Field(max_length=10)] = []


async def form_of(request: Request, kind: type[Form]) -> Form:
    """The request's body as a form; raises `Problem` when it isn't one.

    In a multipart form an article is a file or a text field of its name (``suspect``), what is known of it are
    fields such as ``suspect.title``.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if media_type == "application/json":
            return kind.model_validate_json(await request.body())
        if media_type == _FORM_TYPE and kind is not BaseModel:
            return kind.model_validate(await _multipart(request))
    except ValidationError as error:
        errors = [_fault(".".join(map(str, one["loc"])), one["msg"]) for one in error.errors(include_url=False)][
            :20
        ]
        code = "malformed" if error.errors()[0]["type"] == "json_invalid" else "invalid"
        raise Problem(code, f"{errors[0]['field'] or 'the body'}: {errors[0]['message']}", errors) from error
    except HTTPException as error:  # a form that isn't well-formed, or has too many parts
        raise Problem("malformed", str(error.detail)) from error
    raise Problem(
        "wrong_media_type", f"found {media_type[:100] or 'none'}; expected application/json or {_FORM_TYPE}."
    )


async def _multipart(request: Request) -> dict[str, Any]:
    found: dict[str, Any] = {}
    async with request.form(max_files=12, max_fields=60) as form:
        for key, value in form.multi_items():
            name, _, part = key.partition(".")
            if isinstance(value, UploadFile):
                file = {"file": base64.b64encode(await value.read()).decode(), "name": value.filename or name}
                if name == "ignore":
                    found.setdefault(name, []).append(file)
                else:
                    found[name] = {**file, **found.get(name, {})}
            elif name in ("suspect", "reference"):
                found.setdefault(name, {})[part or "text"] = value
            elif name == "ignore":
                found.setdefault(name, []).append({"text": value})
            else:
                found[name] = json.loads(value) if value in ("true", "false") or value.isdecimal() else value
    return found


def _clean(text: str | None) -> str | None:
    """One line of printable characters, which every database takes; None for an empty one."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split()) or None if text else None


def _fault(field: str, message: str) -> dict[str, str]:
    return {"field": field, "message": message}
