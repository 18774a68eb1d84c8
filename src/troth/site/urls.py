"""Every address of the product; only `site` opens a room's doors."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from troth.site import api, health, metrics, system

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(url="/today/", permanent=False), name="home"),
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
    path("metrics", metrics.metrics, name="metrics"),
    path("system/", system.system, name="system"),
    path("", include("troth.desk.urls")),
    path("", include("troth.privacy.urls")),
    path("cases/", include("troth.cases.urls")),
    path("cases/", include("troth.drafting.urls")),
    path("notices/", include("troth.notices.urls")),
    path("targets/", include("troth.clocks.urls")),
    path("reading/", include("troth.learning.urls")),
    path("search/", include("troth.search.urls")),
    path("promises/", include("troth.promises.urls")),
    path("incidents/", include("troth.incidents.urls")),
    path("breaches/", include("troth.breaches.urls")),
    path("remedies/", include("troth.remedies.urls")),
    path("orders/", include("troth.orders.urls")),
    path("", include("troth.people.urls")),
    path("", include("troth.portal.urls")),
    path("record/", include("troth.record.urls")),
    path("", include("troth.status.urls")),
    path("write/", include("troth.channels.webform.urls")),
    path("webhooks/", include("troth.hooks.urls")),
    path("moving-in/", include("troth.channels.imports.urls")),
    path("chat/", include("troth.channels.chat.urls")),
    path("api", api.nothing),
    path("api/", include("troth.site.api_urls")),
    path("account/", include("troth.site.account_urls")),
]

handler429 = "troth.site.accounts.too_many"
handler403 = "troth.site.denied.denied"
