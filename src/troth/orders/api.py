"""Orders for other programs: told of one by one or many at once, listed, read."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from django.db import transaction
from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Query
from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from troth.orders import actions, queries
from troth.orders.models import Order
from troth.orders.rules.given import FIELDS, Given, NotAnOrder
from troth.people.operations import (
    Asked,
    Id,
    Instant,
    Number,
    Operations,
    Page,
    Told,
    maybe_text,
    not_sound,
    page_of_rows,
    staff_of,
    text,
)
from troth.people.queries import family
from troth.people.rules.keys import Scope

router = Operations(tags=["orders"])

_AMOUNT = r"^\d{1,12}(\.\d{1,2})?$"


def _amount(value: object) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if not isinstance(value, str) or not re.fullmatch(_AMOUNT, value, re.ASCII):
        raise ValueError("Write an amount as text, such as “12.50”: a number would lose cents.")
    return Decimal(value)


#: Money goes as text, so that no program on the way makes a float of it.
Amount = Annotated[
    Decimal,
    Field(max_digits=14, decimal_places=2, ge=0),
    BeforeValidator(_amount),
    PlainSerializer(lambda value: f"{value:.2f}", return_type=str),
    WithJsonSchema({"type": "string", "pattern": _AMOUNT}),
]


class OrderStanding(StrEnum):
    OUT = "out"
    """Neither delivered nor cancelled."""
    OVERDUE = "overdue"
    """Out, and behind its date."""
    LATE = "late"
    """Delivered behind its date."""
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


class OrdersAsked(Page):
    customer: Annotated[Id | None, Field(description="Also those under records merged into theirs.")] = None
    reference: Annotated[str | None, text(300)] = None
    product: Annotated[str | None, text(300)] = None
    place: Annotated[str | None, text(300)] = None
    standing: OrderStanding | None = None


class OrderTold(Told):
    id: int
    reference: str
    customer: int
    product: str
    variant: str
    place: str
    quantity: int
    amount: Amount | None
    currency: str
    ordered_at: Instant
    promised_for: Annotated[Instant | None, Field(description="What the shop says now.")]
    delivered_at: Instant | None
    cancelled_at: Instant | None
    cancelled_by: Literal["", "customer", "company"]
    promise: Annotated[
        int | None, Field(description="The promise of its delivery, with the date the customer was given.")
    ]


class Orders(Told):
    items: list[OrderTold]
    next: Annotated[str | None, Field(description="The `cursor` of the next page; null at the end.")]


class OrderAsked(Asked):
    """What is left out stays as it was."""

    reference: Annotated[
        str, text(300), Field(description="The shop's own name for it; told again it is the same order.")
    ]
    customer: Annotated[Number | None, Field(description="Or how they are reached.")] = None
    kind: Literal["email", "phone", "social"] = "email"
    address: Annotated[str, maybe_text(254)] = ""
    name: Annotated[str, maybe_text(120)] = ""
    product: Annotated[str | None, maybe_text(300)] = None
    variant: Annotated[str | None, maybe_text(300)] = None
    place: Annotated[str | None, maybe_text(300)] = None
    quantity: Number | None = None
    amount: Amount | None = None
    currency: Annotated[str | None, Field(pattern="^[A-Z]{3}$", description="ISO 4217; with an amount.")] = None
    ordered_at: Annotated[Instant | None, Field(description="Now where left out.")] = None
    promised_for: Annotated[
        Instant | None,
        Field(
            description="A date that is to come becomes a promise. A later one moves no promise: that counts once they were told."
        ),
    ] = None
    delivered_at: Instant | None = None
    cancelled_at: Instant | None = None
    cancelled_by: Annotated[
        Literal["customer", "company"] | None,
        Field(description="With cancelled_at. The customer lets the promise off; the company breaks it."),
    ] = None
    by_itself: Annotated[
        bool,
        Field(description="Let Troth tell the customer by itself before the date slips; for an order told of first."),
    ] = False


class ManyOrdersAsked(Asked):
    orders: Annotated[list[OrderAsked], Field(min_length=1, max_length=actions.BATCH)]


class RefusedOrder(Told):
    place: Annotated[int, Field(description="Which of those that were told, from 0.")]
    at: str
    detail: str


class NotedOrders(Told):
    new: int
    changed: int
    same: int
    refused: list[RefusedOrder]


@router.reads("/orders", scope=Scope.ORDERS_READ, gives=Orders, name="list_orders", summary="List orders, newest first")
def list_orders(request: HttpRequest, asked: Query[OrdersAsked]) -> Orders:
    rows = Order.objects.filter(queries.standing(asked.standing or "", now=timezone.now()))
    if asked.customer:
        rows = rows.filter(customer_id__in=family(asked.customer))
    exactly = {name: value for name in ("reference", "product", "place") if (value := getattr(asked, name))}
    found, on = page_of_rows(rows.filter(**exactly), by="ordered_at", page=asked)
    return Orders(items=[_told(order) for order in found], next=on)


@router.does(
    "/orders", scope=Scope.ORDERS_WRITE, gives=OrderTold, name="note_order", summary="Tell of an order, new or known"
)
def note_order(request: HttpRequest, asked: OrderAsked) -> OrderTold:
    try:
        noted = actions.note(_given(asked), by=staff_of(request), now=timezone.now(), by_itself=asked.by_itself)
    except NotAnOrder as error:
        raise not_sound("body", error.field, str(error)) from error
    assert noted.order
    return _told(noted.order)


@router.does(
    "/orders/many",
    scope=Scope.ORDERS_WRITE,
    gives=NotedOrders,
    name="note_orders",
    summary="Tell of up to 500 orders, new or known",
)
def note_orders(request: HttpRequest, asked: ManyOrdersAsked) -> NotedOrders:
    """What cannot be so is answered with its place and hinders no other."""
    staff, now = staff_of(request), timezone.now()
    found: dict[int, actions.Noted] = {}
    with transaction.atomic():
        for by_itself in (False, True):
            places = [place for place, one in enumerate(asked.orders) if one.by_itself is by_itself]
            if not places:
                continue
            givens = [_given(asked.orders[place]) for place in places]
            noted = actions.note_all(givens, by=staff, now=now, by_itself=by_itself)
            found |= dict(zip(places, noted, strict=True))
    refused = [
        RefusedOrder(place=place, at=one.problem.field, detail=str(one.problem))
        for place, one in sorted(found.items())
        if one.problem
    ]
    new, changed = sum(one.is_new for one in found.values()), sum(one.is_changed for one in found.values())
    return NotedOrders(new=new, changed=changed, same=len(found) - new - changed - len(refused), refused=refused)


@router.reads("/orders/{number}", scope=Scope.ORDERS_READ, gives=OrderTold, name="read_order", summary="Read an order")
def read_order(request: HttpRequest, number: Id) -> OrderTold:
    order = Order.objects.filter(pk=number).first()
    if order is None:
        raise Http404
    return _told(order)


def _given(asked: OrderAsked) -> Given:
    return Given(**{name: getattr(asked, name) for name in FIELDS})


def _told(order: Order) -> OrderTold:
    names = (
        "reference", "product", "variant", "place", "quantity", "amount", "currency", "ordered_at", "promised_for",
        "delivered_at", "cancelled_at", "cancelled_by",
    )  # fmt: skip
    values = {name: getattr(order, name) for name in names}
    return OrderTold(id=order.pk, customer=order.customer_id, promise=order.promise_id, **values)
