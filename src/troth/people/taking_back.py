"""Customers that only an import knew, and that went with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, ForeignObjectRel, Model, OuterRef, QuerySet

from troth.ledger.actions import append_past
from troth.people.models import Customer, Handle, Staff
from troth.words.facts import TakenBack
from troth.words.refs import ref


@transaction.atomic
def take_back_customers(numbers: Sequence[int], *, by: Staff | None, now: datetime) -> int:
    """Let those of them go of whom nothing else is known here; how many."""
    rows: QuerySet[Customer] = Customer.objects.filter(
        pk__in=numbers, erased_at=None, handles__verified_at=None, handles__bounced_at=None
    )
    for relation in pointing_at(Customer):
        if relation.related_model is not Handle:
            theirs = relation.related_model._default_manager.filter(**{relation.field.name: OuterRef("pk")})
            if relation.related_model is Customer:  # everybody's root is a customer, most often themselves
                theirs = theirs.exclude(pk=OuterRef("pk"))
            rows = rows.filter(~Exists(theirs))
    for relation in pointing_at(Handle):
        said = relation.related_model._default_manager.filter(**{f"{relation.field.name}__customer": OuterRef("pk")})
        rows = rows.filter(~Exists(said))
    going = sorted(set(rows.values_list("pk", flat=True)))
    Handle.objects.filter(customer__in=going).delete()
    Customer.objects.filter(pk__in=going)._raw_delete(using="default")
    who = by.reference if by else ""
    append_past(
        ((now, TakenBack(about=ref("customer", pk), customer=ref("customer", pk), by=who)) for pk in going),
        now=now,
    )
    return len(going)


def pointing_at(model: type[Model]) -> list[ForeignObjectRel]:
    """Every foreign key that the database keeps to *model*, those without a name from here (`related_name="+"`) too."""
    found = [one for one in model._meta.get_fields(include_hidden=True) if isinstance(one, ForeignObjectRel)]
    return [one for one in found if one.field.concrete and getattr(one.field, "db_constraint", True)]
