"""What others may ask about mailboxes."""

from __future__ import annotations

from datetime import datetime

from django.db.models.functions import Greatest

from troth.channels.email.models import Mailbox


def heard() -> list[tuple[str, datetime | None, str]]:
    """Of each mailbox that is watched: its name, when it last answered or was begun to be watched, and what stands in the way."""
    rows = Mailbox.objects.filter(enabled=True, is_archive=False).order_by("name")
    return list(rows.values_list("name", Greatest("heartbeat_at", "started_at"), "last_problem"))
