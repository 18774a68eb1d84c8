"""What was written to a person, as it is handed out to them (docs/formats/export.md)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from troth.post.models import Letter


def told_letters(ids: Sequence[int]) -> Iterator[dict[str, Any]]:
    for one in Letter.objects.filter(customer_id__in=ids).defer("raw").order_by("pk").iterator(500):
        yield {
            "letter": one.pk,
            "customer": one.customer_id,
            "to": one.to_address,
            "subject": one.subject,
            "message_id": one.message_id,
            "because": one.because,
            "automatic": one.automatic,
            "state": one.state,
            "created_at": one.created_at,
            "delivered_at": one.delivered_at,
            "bounced_at": one.bounced_at,
            "file": path(one.pk),
        }


def path(pk: int) -> str:
    return f"sent/{pk}.eml"


def files(ids: Sequence[int]) -> Iterator[tuple[str, bytes]]:
    """Each letter as it left, one at a time."""
    numbers = Letter.objects.filter(customer_id__in=ids).order_by("pk").values_list("pk", flat=True)
    for pk in numbers.iterator(2000):
        raw = bytes(Letter.objects.values_list("raw", flat=True).get(pk=pk))
        if raw:
            yield path(pk), raw
