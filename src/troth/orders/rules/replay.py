"""An order as its facts put it; pure."""

from __future__ import annotations

from collections.abc import Iterable

from troth.ledger.rules.replay import Columns, Told, count

TIMES = ("ordered_at", "promised_for", "delivered_at", "cancelled_at")


def order_told(facts: Iterable[Told]) -> Columns:
    """The columns of an order, from its facts, oldest first."""
    columns: Columns = {"OrderNoted": 0}
    for fact in facts:
        if fact.kind == "OrderNoted":
            count(columns, "OrderNoted")
            columns["customer"] = fact.customer
        if fact.kind in {"OrderNoted", "OrderChanged"}:
            fact.put_at(columns, *TIMES)
            fact.put(columns, "cancelled_by", "promise")
    return columns
