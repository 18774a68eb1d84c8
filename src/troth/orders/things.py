"""What the ledger tells of in this room: each order's times, and the promise of its delivery."""

from __future__ import annotations

from collections.abc import Sequence

from troth.ledger.replay import Thing
from troth.ledger.rules.replay import Columns
from troth.orders.models import Order
from troth.orders.rules.replay import TIMES, order_told
from troth.words.refs import ref


def orders(numbers: Sequence[int]) -> dict[int, Columns]:
    """The columns of these orders, as their facts would put them."""
    return {
        row.pk: {
            "OrderNoted": 1,
            "customer": ref("customer", row.customer_id),
            "promise": ref("promise", row.promise_id) if row.promise_id else "",
            "cancelled_by": row.cancelled_by,
            **{name: getattr(row, name) for name in TIMES},
        }
        for row in Order.objects.filter(pk__in=numbers)
    }


THINGS = (Thing(word="order", model=Order, rows=orders, told=order_told),)
