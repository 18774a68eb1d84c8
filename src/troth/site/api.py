"""What other programs may do here: every room's operations in one description, OpenAPI 3.1 at /api/openapi.json."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from troth import __version__
from troth.breaches.api import router as breaches
from troth.cases.api import ROUTERS as CASES
from troth.channels.api.api import router as messages
from troth.clocks.api import router as policy
from troth.desk.api import ROUTERS as DESK
from troth.incidents.api import router as incidents
from troth.notices.api import router as cohorts
from troth.notices.telling_api import router as notices
from troth.orders.api import router as orders
from troth.people.api import router as people
from troth.people.operations import ONCE_HEADER
from troth.people.problems import CONTENT_TYPE, NOT_KEPT, Problem
from troth.people.rules.keys import Scope
from troth.people.rules.problems import Kind, kind_of
from troth.privacy.api import router as privacy
from troth.promises.api import router as promises
from troth.record.api import router as receipts
from troth.remedies.api import router as remedies
from troth.search.api import router as search
from troth.status.api import router as public_page

log = logging.getLogger(__name__)

ROOT = "/api/"
#: Pages for people beneath the same address.
PAGES = ("/api/docs", "/api/reference")
#: The problems that every operation can answer with.
STATUSES = (400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 503)


class Api(NinjaAPI):
    """The description, with what every operation has in common written out for each."""

    def create_temporal_response(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse("", content_type=self.get_content_type(), headers=NOT_KEPT)

    def get_openapi_schema(self, **values: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**values)
        schema["components"]["securitySchemes"] = {
            "key": {
                "type": "http",
                "scheme": "bearer",
                "description": "A key that an administrator made at /keys/: `Authorization: Bearer troth_…`",
            }
        }
        schema["components"]["schemas"]["Problem"] = PROBLEM
        for operations in schema["paths"].values():
            for method, operation in operations.items():
                _complete(method, operation)
        named = json.dumps(schema)
        for name in [name for name in schema["components"]["schemas"] if f'schemas/{name}"' not in named]:
            del schema["components"]["schemas"][name]
        return schema


PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "description": "What is wrong, as RFC 9457 tells it.",
    "type": "object",
    "properties": {
        "type": {"type": "string", "enum": [f"/api/reference#{kind.slug}" for kind in Kind]},
        "title": {"type": "string"},
        "status": {"type": "integer", "enum": sorted({kind.status for kind in Kind})},
        "detail": {"type": "string"},
        "scope": {"type": "string", "enum": [str(scope) for scope in Scope]},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "in": {"type": "string", "enum": ["body", "query", "path", "header"]},
                    "at": {"type": "string"},
                    "detail": {"type": "string"},
                },
                "required": ["in", "at", "detail"],
                "additionalProperties": False,
            },
        },
        "objections": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"quote": {"type": "string"}, "why": {"type": "string"}},
                "required": ["quote", "why"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["type", "title", "status"],
    "additionalProperties": False,
}


def _complete(method: str, operation: dict[str, Any]) -> None:
    """Its key and scope, its problems, and the name it is done once under."""
    scope = operation.get("x-scope")
    operation["security"] = [{"key": [scope] if scope else []}]
    for status in STATUSES:
        titles = " ".join(kind.title for kind in Kind if kind.status == status)
        operation["responses"][status] = {
            "description": titles,
            "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    for status in (401, 429, 503):
        name = "WWW-Authenticate" if status == 401 else "Retry-After"
        operation["responses"][status]["headers"] = {name: {"schema": {"type": "string"}}}
    for parameter in operation["parameters"]:
        _never_null(parameter["schema"])
    if method == "post":
        operation["parameters"].append(
            {
                "in": "header",
                "name": ONCE_HEADER,
                "required": False,
                "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
                "description": "Your name for this request: sent again under it, it is done once and answered alike.",
            }
        )


def _never_null(schema: dict[str, Any]) -> None:
    """In an address a thing is given or left out; null cannot be written there."""
    given = [one for one in schema.pop("anyOf", []) if one != {"type": "null"}]
    for one in given:
        schema |= one


api = Api(
    title="Troth",
    version=__version__,
    description="Promises, cases, messages, customers and events of one company, for other programs.",
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
)
for router in (
    messages,
    *CASES,
    policy,
    promises,
    remedies,
    orders,
    incidents,
    cohorts,
    notices,
    receipts,
    people,
    privacy,
    *DESK,
    search,
    public_page,
    breaches,
):
    api.add_router("", router)


# Problems


@api.exception_handler(ValidationError)
def _not_sound(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [
        {
            "in": str(found["loc"][0]),
            "at": ".".join(str(part) for part in found["loc"][1:] if part != "asked")[:200],
            "detail": str(found["msg"]),
        }
        for found in error.errors[:20]
    ]
    return Problem(Kind.NOT_SOUND, errors=errors).response()


@api.exception_handler(HttpError)
def _of_ninja(request: HttpRequest, error: HttpError) -> HttpResponse:
    return Problem(kind_of(error.status_code)).response()


@api.exception_handler(Http404)
def _not_here(request: HttpRequest, error: Http404) -> HttpResponse:
    return Problem(Kind.NOT_HERE).response()


@api.exception_handler(Problem)
def _told(request: HttpRequest, error: Problem) -> HttpResponse:
    return error.response()


@api.exception_handler(Exception)
def _broken(request: HttpRequest, error: Exception) -> HttpResponse:
    log.exception("The API could not answer.")
    if isinstance(error, OperationalError | InterfaceError):
        return Problem(Kind.CLOSED, headers={"Retry-After": "5"}).response()
    return Problem(Kind.BROKEN).response()


def never_html(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Whatever goes wrong beneath /api, before or behind the operations, is told as a problem and never as a page."""

    def answered(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if not request.path_info.startswith(ROOT) or request.path_info.startswith(PAGES):
            return response
        if response.status_code < 400 or response.get("Content-Type", "").startswith(CONTENT_TYPE):
            return response
        problem = Problem(kind_of(response.status_code)).response()
        for name in ("Allow", "Retry-After"):
            if name in response:
                problem[name] = response[name]
        return problem

    return answered


# The description, and its pages


@lru_cache(maxsize=1)
def described() -> bytes:
    return json.dumps(api.get_openapi_schema(path_prefix=ROOT), ensure_ascii=False).encode()


def openapi(request: HttpRequest) -> HttpResponse:
    return HttpResponse(described(), content_type="application/json")


def nothing(request: HttpRequest, rest: str = "") -> HttpResponse:
    return Problem(Kind.NOT_HERE, "See /api/reference for what there is.").response()


for view in (openapi, nothing):
    view.door = "public"  # type: ignore[attr-defined]

nothing.csrf_exempt = True  # type: ignore[attr-defined] # it answers everything alike, and changes nothing
