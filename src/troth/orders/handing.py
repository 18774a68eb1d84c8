"""What a person bought, as it is handed out to them (docs/formats/export.md)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from troth.orders.models import Order
from troth.words.refs import ref


def told_orders(ids: Sequence[int]) -> Iterator[dict[str, Any]]:
    """All that these bought, as far as it is known here."""
    for one in Order.objects.filter(customer_id__in=ids).order_by("pk").iterator(500):
        yield {
            "order": one.reference,
            "reference": ref("order", one.pk),
            "customer": one.customer_id,
            "product": one.product,
            "variant": one.variant,
            "place": one.place,
            "quantity": one.quantity,
            "amount": None if one.amount is None else str(one.amount),
            "currency": one.currency,
            "ordered_at": one.ordered_at,
            "promised_for": one.promised_for,
            "delivered_at": one.delivered_at,
            "cancelled_at": one.cancelled_at,
            "cancelled_by": one.cancelled_by,
            "promise": ref("promise", one.promise_id) if one.promise_id else None,
        }
