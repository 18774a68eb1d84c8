"""Who has left, and what goes after them by mail: a thin lane, safe to repeat."""

from __future__ import annotations

from django.utils import timezone

from troth.channels.chat import actions


def look() -> int:
    return actions.look(now=timezone.now())
