"""What is held of a person here, as it is handed out to them (docs/formats/export.md)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from troth.people.models import Customer, Handle, Link


def customers(ids: Sequence[int]) -> Iterator[dict[str, Any]]:
    for one in Customer.objects.filter(pk__in=ids).order_by("pk"):
        yield {
            "customer": one.pk,
            "name": one.name,
            "zone": one.zone,
            "group": one.group,
            "pseudonym": str(one.pseudonym),
            "met_at": one.met_at,
            "merged_into": one.root_pk if one.root_pk != one.pk else None,
        }


def addresses(ids: Sequence[int]) -> Iterator[dict[str, Any]]:
    for one in Handle.objects.filter(customer_id__in=ids).order_by("pk"):
        yield {
            "customer": one.customer_id,
            "kind": one.kind,
            "address": one.address,
            "verified_at": one.verified_at,
            "bounced_at": one.bounced_at,
        }


def links(ids: Sequence[int]) -> Iterator[dict[str, Any]]:
    """When, and for how long; not what opens them: who reads this may be another than who may open them."""
    for one in Link.objects.filter(customer_id__in=ids).order_by("pk"):
        yield {
            "link": one.pk,
            "about": one.about,
            "issued_at": one.issued_at,
            "expires_at": one.expires_at,
            "opened_at": one.opened_at,
            "revoked_at": one.revoked_at,
        }
