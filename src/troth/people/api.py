"""Customers for other programs: listed, read, made known; and what a key is."""

from __future__ import annotations

from typing import Annotated, Literal

from django.db.models import F, Q
from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Query
from pydantic import Field

from troth.people import actions
from troth.people.models import Customer, Handle
from troth.people.operations import (
    Asked,
    Id,
    Instant,
    Operations,
    Page,
    Told,
    key_of,
    maybe_text,
    not_sound,
    page_of_rows,
    staff_of,
    text,
)
from troth.people.problems import Problem
from troth.people.rules.addresses import NotAnAddress, email_address
from troth.people.rules.keys import Scope
from troth.people.rules.problems import Kind

router = Operations()


class KeyTold(Told):
    id: int
    name: str
    scopes: list[Scope]
    staff: Annotated[int, Field(description="For whom it acts.")]
    expires_at: Instant | None


class CustomersAsked(Page):
    handle: Annotated[str | None, text(254), Field(description="Who is reached by exactly this.")] = None


class HandleTold(Told):
    kind: Literal["email", "phone", "social"]
    address: str
    verified_at: Instant | None
    bounced_at: Annotated[Instant | None, Field(description="Letters to it came back.")]


class CustomerTold(Told):
    id: int
    name: str
    zone: Annotated[str, Field(description="Theirs, where it is known.")]
    group: Annotated[str, Field(description="Which sort of customer, such as vip; targets may depend on it.")]
    met_at: Instant
    erased_at: Annotated[Instant | None, Field(description="They were forgotten: nothing else is told of them.")]
    handles: list[HandleTold]


class Customers(Told):
    items: list[CustomerTold]
    next: Annotated[str | None, Field(description="The `cursor` of the next page; null at the end.")]


class CustomerChange(Asked):
    group: Annotated[str, maybe_text(120), Field(description="Empty: none.")]


class CustomerAsked(Asked):
    kind: Literal["email", "phone", "social"] = "email"
    address: Annotated[str, text(254)]
    name: Annotated[str, maybe_text(120)] = ""


@router.reads("/key", scope=None, gives=KeyTold, name="read_key", summary="See what this key is", tags=["keys"])
def read_key(request: HttpRequest) -> KeyTold:
    key = key_of(request)
    scopes = [Scope(scope) for scope in key.scopes]
    return KeyTold(id=key.pk, name=key.name, scopes=scopes, staff=key.staff_id, expires_at=key.expires_at)


@router.reads(
    "/customers",
    scope=Scope.CUSTOMERS_READ,
    gives=Customers,
    name="list_customers",
    summary="List customers, newest first",
    tags=["customers"],
)
def list_customers(request: HttpRequest, asked: Query[CustomersAsked]) -> Customers:
    """Records that were merged are one customer here, under the number of the one in front."""
    rows = Customer.objects.filter(Q(root=None) | Q(root=F("pk")))
    if asked.handle:
        reached = Customer.objects.filter(handles__address=_spelled(asked.handle))
        rows = rows.filter(Q(pk__in=reached.values("root_id")) | Q(pk__in=reached.values("pk")))
    found, on = page_of_rows(rows, by="met_at", page=asked)
    return Customers(items=_told(found), next=on)


def _spelled(handle: str) -> str:
    try:
        return email_address(handle)
    except NotAnAddress:
        return " ".join(handle.split())


@router.reads(
    "/customers/{number}",
    scope=Scope.CUSTOMERS_READ,
    gives=CustomerTold,
    name="read_customer",
    summary="Read a customer",
    tags=["customers"],
)
def read_customer(request: HttpRequest, number: Id) -> CustomerTold:
    """A number that was merged into another is answered with the one in front."""
    found = Customer.objects.select_related("root").filter(pk=number).first()
    if found is None:
        raise Http404
    return _told([found.root or found])[0]


@router.does(
    "/customers",
    scope=Scope.CUSTOMERS_WRITE,
    gives=CustomerTold,
    name="meet_customer",
    summary="Find a customer by how they are reached, or make them known",
    tags=["customers"],
)
def meet_customer(request: HttpRequest, asked: CustomerAsked) -> CustomerTold:
    """The name is used for somebody new only: whoever is known already keeps theirs."""
    try:
        handle = actions.find_or_make_customer(
            address=asked.address, name=asked.name, kind=asked.kind, channel="api", now=timezone.now()
        )
    except NotAnAddress as error:
        raise not_sound("body", "address", str(error)) from error
    customer = handle.customer
    return _told([customer.root or customer])[0]


@router.changes(
    "/customers/{number}",
    scope=Scope.CUSTOMERS_WRITE,
    gives=CustomerTold,
    name="change_customer",
    summary="Say which group a customer is of",
    tags=["customers"],
)
def change_customer(request: HttpRequest, number: Id, asked: CustomerChange) -> CustomerTold:
    """Targets may depend on it, from the next clock on."""
    found = Customer.objects.select_related("root").filter(pk=number).first()
    if found is None:
        raise Http404
    front = found.root or found
    if front.erased_at:
        raise Problem(Kind.SETTLED, "This person was erased: nothing is said of them any more.")
    actions.set_group(front, group=asked.group, by=staff_of(request), now=timezone.now())
    front.refresh_from_db()
    return _told([front])[0]


def _told(customers: list[Customer]) -> list[CustomerTold]:
    """With the handles of each one's whole family; one statement."""
    ids = [customer.pk for customer in customers]
    handles: dict[int, list[HandleTold]] = {pk: [] for pk in ids}
    reached = Handle.objects.select_related("customer").filter(Q(customer__root_id__in=ids) | Q(customer_id__in=ids))
    for handle in reached.order_by("pk"):
        handles[handle.customer.root_pk].append(
            HandleTold(
                kind=handle.kind,  # type: ignore[arg-type] # choices of the model
                address=handle.address,
                verified_at=handle.verified_at,
                bounced_at=handle.bounced_at,
            )
        )
    return [
        CustomerTold(
            id=customer.pk,
            name=customer.name,
            zone=customer.zone,
            group=customer.group,
            met_at=customer.met_at,
            erased_at=customer.erased_at,
            handles=handles[customer.pk],
        )
        for customer in customers
    ]
