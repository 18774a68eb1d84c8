"""The addresses of an installation whose company has a sign-in of its own."""

from __future__ import annotations

from django.urls import include, path

from troth.site import account_urls

urlpatterns = [path("account/", include(account_urls.elsewhere_urls)), path("", include("troth.site.urls"))]
