"""The OpenAPI 3.1 document: FastAPI's, with the report's own schema and the problems."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel

from spindetect.service.problems import KINDS, MEDIA_TYPE

_SCHEMAS = "#/components/schemas/"
REPORT = f"{_SCHEMAS}Report"
_ALWAYS = ("unauthenticated", "forbidden", "malformed", "internal")
_WITH_BODY = ("body_too_slow", "too_large", "wrong_media_type", "invalid")
_WORK = ("unreadable_article", "link_refused", "busy", "not_ready", "worker_died", "took_too_long")


class ProblemDetails(BaseModel):
    """A problem (RFC 9457); ``code`` stays the same from version to version."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[dict[str, str]] | None = None


def problems(*codes: str, body: bool = False, work: bool = False) -> dict[int | str, dict[str, Any]]:
    """The ``responses`` of an address that may answer with these problems besides those that all may."""
    all_codes = [*_ALWAYS, *codes, *(_WITH_BODY if body else ()), *(_WORK if work else ())]
    said: dict[int | str, dict[str, Any]] = {}
    for status in sorted({KINDS[code].status for code in all_codes}):
        of_it = [code for code in dict.fromkeys(all_codes) if KINDS[code].status == status]
        said[status] = {
            "description": "; ".join(f"{code}: {KINDS[code].title}" for code in of_it),
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}},
        }
    return said


def methods_of(document: dict[str, Any], path: str) -> str:
    """The methods that an address takes, as the Allow header has them; "" for one that isn't in the document."""
    found: set[str] = set()
    for template, methods in document["paths"].items():
        if re.fullmatch(re.sub(r"\{[a-z]+\}", "[^/]+", template), path):
            found |= {method.upper() for method in methods}
    return ", ".join(sorted(found))


def takes(form: type[BaseModel], multipart: bool = True) -> dict[str, Any]:
    """The ``openapi_extra`` of an address that takes a form, as JSON or with files."""
    reference = {"schema": {"$ref": f"#/components/schemas/{form.__name__}"}}
    content: dict[str, Any] = {"application/json": reference}
    if multipart:
        sides = [name for name in ("suspect", "reference") if name in form.model_fields]
        needed = [name for name in sides if form.model_fields[name].is_required()]
        parts = {name: {"type": "string", "contentMediaType": "application/octet-stream"} for name in sides}
        content["multipart/form-data"] = {"schema": {"type": "object", "properties": parts, "required": needed}}
    return {"requestBody": {"required": True, "content": content}}


def document_of(
    app: FastAPI, forms: tuple[type[BaseModel], ...], items: Mapping[str, type[BaseModel]]
) -> dict[str, Any]:
    """The OpenAPI document of an app; ``forms`` are those that its addresses take, ``items`` those of jobs."""
    if app.openapi_schema:
        return app.openapi_schema
    made = FastAPI.openapi(app)
    schemas = made.setdefault("components", {}).setdefault("schemas", {})
    described: tuple[type[BaseModel], ...] = (*forms, ProblemDetails)
    for form in described:
        schema = form.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= schema.pop("$defs", {})
        schemas[form.__name__] = schema
    schemas["JobForm"]["oneOf"] = [
        {"properties": {"asked": {"const": asked}, "items": {"items": {"$ref": f"{_SCHEMAS}{form.__name__}"}}}}
        for asked, form in items.items()
    ]
    # the schema of the JSON report, with its definitions under names of their own
    own = (files("spindetect.report") / "report.schema.json").read_text("utf-8")
    report = json.loads(own.replace('"#/$defs/', '"#/components/schemas/Report_'))
    schemas |= {f"Report_{name}": one for name, one in report.pop("$defs", {}).items()}
    del report["$schema"]
    schemas["Report"] = report
    for name in ("HTTPValidationError", "ValidationError"):  # what FastAPI says where we answer with a problem
        schemas.pop(name, None)
    for methods in made["paths"].values():
        for operation in methods.values():
            if "HTTPValidationError" in str(operation["responses"].get("422", "")):
                operation["responses"]["422"] = problems("invalid")[422]
    made["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    made["security"] = [{"key": []}, {}]
    return made
