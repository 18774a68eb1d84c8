"""What other rooms may ask about what arrived."""

from __future__ import annotations

from datetime import datetime

from troth.inbox.models import Arrival


def has_waiting(*, now: datetime) -> bool:
    return Arrival.objects.filter(state=Arrival.State.WAITING, next_try_at__lte=now).exists()


def waiting_since() -> datetime | None:
    """When the oldest unread arrival came; None when everything is read."""
    return (
        Arrival.objects.filter(state=Arrival.State.WAITING)
        .order_by("arrived_at")
        .values_list("arrived_at", flat=True)
        .first()
    )


def quarantined(*, limit: int = 50) -> list[Arrival]:
    return list(Arrival.objects.filter(state=Arrival.State.QUARANTINED).defer("source").order_by("-id")[:limit])


def known_outside_ids(*, channel: str, prefix: str) -> set[str]:
    """The outside ids that are kept already, without their *prefix*."""
    kept = Arrival.objects.filter(channel=channel, outside_id__startswith=prefix).values_list("outside_id", flat=True)
    return {outside_id[len(prefix) :] for outside_id in kept.iterator()}


def source_of(*, message_ref: str) -> bytes | None:
    """The original of a message, whole."""
    source = Arrival.objects.filter(message_ref=message_ref).order_by("id").values_list("source", flat=True).first()
    return None if source is None else bytes(source)
