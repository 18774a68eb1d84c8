"""Every address beneath /api/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from troth.site.api import api, nothing, openapi
from troth.site.api_pages import docs, reference

urlpatterns: list[URLPattern | URLResolver] = [
    path("openapi.json", openapi, name="openapi"),
    path("docs", docs, name="api_docs"),
    path("reference", reference, name="api_reference"),
    path("", api.urls),
    path("<path:rest>", nothing),
]
