"""What a person sought, was offered and given to make good, as it is handed out to them (docs/formats/export.md)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from troth.remedies.models import Remedy
from troth.remedies.queries import UNHEARD
from troth.remedies.rules.money import plain
from troth.words.refs import ref


def told_remedies(ids: Sequence[int], *, hidden_cases: Sequence[int], whole: bool) -> Iterator[dict[str, Any]]:
    """All of theirs; without what only we talked about, and what belongs to cases that are not theirs to see, unless *whole*."""
    rows = Remedy.objects.filter(customer_id__in=ids).exclude(about__in=[ref("case", pk) for pk in hidden_cases])
    if not whole:
        rows = rows.exclude(state__in=UNHEARD)
    for one in rows.order_by("pk").iterator(200):
        yield {
            "remedy": str(one.public_id),
            "reference": ref("remedy", one.pk),
            "customer": one.customer_id,
            "about": one.about,
            "sort": one.sort,
            "state": one.state,
            "what": one.what,
            "amount": plain(one.amount),
            "currency": one.currency,
            "promise": ref("promise", one.promise_id) if one.promise_id else None,
            "sought_at": one.sought_at,
            "offered_at": one.offered_at,
            "accepted_at": one.accepted_at,
            "due": one.due,
            "missed_at": one.missed_at,
            "given_at": one.given_at,
            "proof": one.proof_reference,
            "proof_note": one.proof_note,
            "ended_at": one.ended_at,
            "reason": one.reason,
            "standard": one.standard,
            "occasion": one.occasion,
            "occasion_at": one.occasion_at,
        }
