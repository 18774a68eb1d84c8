"""Reading orders: of a customer, and those that are out."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Q, QuerySet

from troth.orders.models import Order
from troth.people.queries import family


def of_customer(customer_id: int, *, most: int) -> list[Order]:
    """What this person bought, the newest first, whichever of their records it stands under."""
    return list(Order.objects.filter(customer_id__in=family(customer_id)).order_by("-ordered_at", "-pk")[:most])


def out() -> Q:
    """Not delivered, and not cancelled either."""
    return Q(delivered_at=None, cancelled_at=None)


def overdue(now: datetime) -> Q:
    """Still out behind the date they were promised for."""
    return out() & Q(promised_for__lt=now)


def came_late() -> Q:
    """Delivered behind the date they were promised for."""
    return Q(delivered_at__gt=F("promised_for"))


def standing(which: str, *, now: datetime) -> Q:
    """Orders by how they stand: "out", "overdue", "late", "delivered", "cancelled"; anything else is all."""
    return {
        "out": out(),
        "overdue": overdue(now),
        "late": came_late(),
        "delivered": Q(delivered_at__isnull=False),
        "cancelled": Q(cancelled_at__isnull=False),
    }.get(which, Q())


def found(words: str) -> QuerySet[Order]:
    """Those whose reference is *words*, or whose product, place or customer has them."""
    if not words:
        return Order.objects.all()
    return Order.objects.filter(
        Q(reference=words)
        | Q(product__icontains=words)
        | Q(place__icontains=words)
        | Q(customer__name__icontains=words)
    )
