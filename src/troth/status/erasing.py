"""A customer's part of this room: that an address of theirs wants to be written to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from troth.status import actions
from troth.status.models import Subscriber


def theirs(addresses: Sequence[str]) -> QuerySet[Subscriber]:
    """Whose letters go to one of these."""
    return Subscriber.objects.filter(address__in=[one for one in addresses if one])


def holds(addresses: Sequence[str]) -> dict[str, int]:
    """How many of what."""
    return {"subscriptions": theirs(addresses).count()}


def erase(addresses: Sequence[str], *, now: datetime) -> None:
    """They are written to no more; the addresses and what was sent there go. Raises post.erasing.Leaving."""
    for subscriber in theirs(addresses):
        actions.end(subscriber, how="forgotten", now=now)
