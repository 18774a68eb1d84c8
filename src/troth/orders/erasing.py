"""A customer's part of this room: what they bought.

An order's times stay, for what became of the company's word is counted; what it was, where it went and what the shop calls it go.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Value
from django.db.models.fields import TextField
from django.db.models.functions import Cast, Concat

from troth.orders.models import Order, Upload

#: How the reference of an emptied order begins; its own number follows, for no two may be alike.
GONE = "gone:"


def holds(customers: Sequence[int]) -> dict[str, int]:
    """How many of what."""
    return {"orders": Order.objects.filter(customer_id__in=customers).count()}


def left() -> set[int]:
    """Who was forgotten and has words here (again)."""
    full = Order.objects.filter(customer__erased_at__isnull=False).exclude(reference__startswith=GONE)
    return set(full.values_list("customer_id", flat=True))


def erase(customers: Sequence[int]) -> None:
    """Empty what they bought, and let go of files in which it may stand: nobody can tell whose every row is."""
    Upload.objects.filter(state=Upload.State.LOOKED_AT).delete()
    Upload.objects.exclude(refusals=[]).update(refusals=[])
    Order.objects.filter(customer_id__in=customers).update(
        reference=Concat(Value(GONE), Cast("pk", TextField())),
        product="",
        variant="",
        place="",
        amount=None,
        currency="",
    )
