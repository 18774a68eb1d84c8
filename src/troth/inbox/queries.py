"""What other rooms may ask about what arrived."""

from __future__ import annotations

from datetime import datetime

from troth.inbox.models import Arrival


def known_outside_ids(*, channel: str, prefix: str) -> set[str]:
    """The outside ids that are kept already, without their *prefix*."""
    kept = Arrival.objects.filter(channel=channel, outside_id__startswith=prefix).values_list("outside_id", flat=True)
    return {outside_id[len(prefix) :] for outside_id in kept.iterator()}


def unread_since() -> datetime | None:
    """Since when the arrival that waits longest could have been read."""
    waiting = Arrival.objects.filter(state=Arrival.State.WAITING).order_by("next_try_at", "id")
    return waiting.values_list("next_try_at", flat=True).first()


def waiting_count() -> int:
    return Arrival.objects.filter(state=Arrival.State.WAITING).count()
