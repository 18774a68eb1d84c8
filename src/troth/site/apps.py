from __future__ import annotations

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "troth.site"

    def ready(self) -> None:
        from troth.site import witness  # noqa: F401 - models must be there first
