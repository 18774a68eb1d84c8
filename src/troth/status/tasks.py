"""What the worker's lane of this room does; safe to repeat and to run side by side."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.utils import timezone

from troth.status import actions, kept, pages, queries


def publish() -> int:
    """Bring the last copy to what the tables say, then write to subscribers; how often and how many letters."""
    now = timezone.now()
    found = queries.snapshot(now=now)
    written = kept.keep(pages.pages(found), Path(settings.TROTH_DATA) / kept.FOLDER, zone=found.zone, now=now)
    return int(written) + actions.announce(found, now=now) + actions.let_go(now=now)
