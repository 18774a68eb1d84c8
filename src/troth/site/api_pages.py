"""The API's two pages for people: one to try things out, and a plain one that everybody can read."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from troth.people.rules.problems import Kind
from troth.site.api import described


def docs(request: HttpRequest) -> HttpResponse:
    """Swagger UI, from our own static files. It is not usable by everybody: the reference is."""
    return render(request, "site/api_docs.html", {})


def reference(request: HttpRequest) -> HttpResponse:
    return render(request, "site/api_reference.html", told())


for view in (docs, reference):
    view.door = "public"  # type: ignore[attr-defined]


@lru_cache(maxsize=1)
def told() -> dict[str, Any]:
    """The description as the page tells it: operations by what they are about, the forms they use, and the problems."""
    schema: dict[str, Any] = json.loads(described())
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            groups.setdefault(operation["tags"][0], []).append(_operation(method.upper(), path, operation))
    forms = {name: form for name, form in schema["components"]["schemas"].items() if name != "Problem"}
    return {
        "company": None,
        "version": schema["info"]["version"],
        "groups": sorted(groups.items()),
        "forms": [_form(name, form) for name, form in sorted(forms.items())],
        "problems": [{"slug": kind.slug, "status": kind.status, "title": kind.title} for kind in Kind],
    }


def _operation(method: str, path: str, operation: dict[str, Any]) -> dict[str, Any]:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    status, answer = next((code, each) for code, each in operation["responses"].items() if code.startswith("2"))
    return {
        "id": operation["operationId"],
        "method": method,
        "path": path,
        "summary": operation["summary"],
        "description": operation.get("description", ""),
        "scope": operation.get("x-scope", ""),
        "parameters": [
            {
                "name": each["name"],
                "where": each["in"],
                "type": type_words(each["schema"]),
                "needed": each["required"],
                "description": each.get("description", ""),
            }
            for each in operation["parameters"]
        ],
        "body": type_words(body) if body else "",
        "status": status,
        "answer": type_words(answer["content"]["application/json"]["schema"]),
    }


def _form(name: str, form: dict[str, Any]) -> dict[str, Any]:
    needed = set(form.get("required", []))
    return {
        "name": name,
        "description": form.get("description", ""),
        "values": form.get("enum", []),
        "fields": [
            {
                "name": field,
                "type": type_words(each),
                "needed": field in needed,
                "default": json.dumps(each["default"]) if "default" in each else "",
                "description": each.get("description", ""),
            }
            for field, each in form.get("properties", {}).items()
        ],
    }


def type_words(schema: dict[str, Any]) -> str:
    """What a value is, in a few words: `integer`, `text, at most 200`, `CaseTold`, `list of CaseTold`, `[integer, integer]`."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    for several in ("anyOf", "allOf", "oneOf"):
        if several in schema:
            return " or ".join(type_words(one) for one in schema[several])
    if "enum" in schema:
        return ", ".join(json.dumps(value) for value in schema["enum"])
    kind = schema.get("type", "anything")
    if "prefixItems" in schema:
        return f"[{', '.join(type_words(one) for one in schema['prefixItems'])}]"
    if kind == "array":
        return f"list of {type_words(schema['items'])}"
    if kind == "string":
        most = f", at most {schema['maxLength']}" if "maxLength" in schema else ""
        return "instant" if schema.get("format") == "date-time" else f"text{most}"
    if kind == "integer" and schema.get("maximum", 2**62) < 2**62:
        return f"integer, {schema.get('minimum', 0)} to {schema['maximum']}"
    return str(kind)
