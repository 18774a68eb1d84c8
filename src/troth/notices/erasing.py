"""A customer's part of this room: which cohorts they were in, and which lists named them.

Rows stay with the customer's number, for whom it concerned and that they were told is evidence; names, addresses and what staff wrote
about them go. Of an address that was nobody's the mark in the digest stays, without the salt that would lead back to it.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from troth.notices.models import Line, Member, Recipient

#: In place of a reason that told of somebody: who is left out is so for one.
ERASED = "-"


def holds(customers: Sequence[int], addresses: Sequence[str]) -> dict[str, int]:
    """How many of what."""
    return {
        "cohorts": Member.objects.filter(_theirs(customers, addresses)).count(),
        "lines": Line.objects.filter(_theirs(customers, addresses)).count(),
    }


def left() -> set[int]:
    """Who was forgotten and has words here (again)."""
    gone = Q(customer__erased_at__isnull=False)
    members = Member.objects.filter(gone).exclude(address="", name="", reason__in=["", ERASED])
    lines = Line.objects.filter(gone).exclude(address="", name="", said="")
    told = Recipient.objects.filter(member__customer__erased_at__isnull=False).exclude(address="", tried=[], note="")
    return set(told.values_list("member__customer_id", flat=True)) | {
        pk for rows in (members, lines) for pk in rows.values_list("customer_id", flat=True) if pk
    }


def erase(customers: Sequence[int], addresses: Sequence[str]) -> None:
    """Empty what is personal of these, under whichever of their addresses a list named them."""
    theirs = Member.objects.filter(_theirs(customers, addresses))
    Recipient.objects.filter(member__in=theirs).update(address="", domain="", tried=[], note="")
    theirs.exclude(reason="").update(reason=ERASED)
    theirs.update(address="", salt=b"", name="")
    lines = Line.objects.filter(_theirs(customers, addresses) | _named(addresses))
    lines.update(address="", name="", said="")


def _theirs(customers: Sequence[int], addresses: Sequence[str]) -> Q:
    return Q(customer__in=customers) | Q(customer=None, address__in=[one.lower() for one in addresses])


def _named(addresses: Sequence[str]) -> Q:
    """Lines that could not be read, in which one of these stands."""
    found = Q(pk__in=[])
    for address in addresses:
        found |= Q(~Q(problem=""), said__icontains=address)
    return found
