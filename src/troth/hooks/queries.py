"""Reads about endpoints and what was sent to them."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from troth.hooks.models import Delivery, DeliveryState, Endpoint
from troth.hooks.rules.schedule import Why


def endpoints() -> QuerySet[Endpoint]:
    """All of them by name, each with how much waits for it and how its last try went."""
    mine = Delivery.objects.filter(endpoint=OuterRef("pk")).order_by()
    waiting = mine.filter(state=DeliveryState.WAITING).values("endpoint").annotate(count=Count("pk")).values("count")
    last = Delivery.objects.filter(endpoint=OuterRef("pk"), last_try_at__isnull=False).order_by("-pk")
    return (
        Endpoint.objects.defer("secret", "old_secret")
        .annotate(waiting=Coalesce(Subquery(waiting), 0), last_at=Subquery(last.values("last_try_at")[:1]))
        .order_by("name", "pk")
    )


def deliveries(
    endpoint: Endpoint, *, states: Sequence[str] = (), kind: str = "", older: int | None = None
) -> QuerySet[Delivery]:
    """What was sent to it or waits, the newest first."""
    rows = Delivery.objects.filter(endpoint=endpoint).order_by("-pk")
    if states:
        rows = rows.filter(state__in=list(states))
    if kind:
        rows = rows.filter(kind=kind)
    return rows if older is None else rows.filter(pk__lt=older)


def switched_off_by_themselves() -> list[str]:
    """The names of endpoints that nobody has looked after since they were switched off by themselves."""
    off = Endpoint.objects.filter(off_because__in=[Why.FAILING, Why.GONE]).order_by("name")
    return list(off.values_list("name", flat=True))
