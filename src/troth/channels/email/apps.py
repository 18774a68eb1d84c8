from __future__ import annotations

from django.apps import AppConfig


class EmailConfig(AppConfig):
    name = "troth.channels.email"
    label = "email"
