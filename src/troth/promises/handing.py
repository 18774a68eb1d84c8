"""What was promised to a person, as it is handed out to them (docs/formats/export.md)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Q

from troth.promises.models import Promise
from troth.words.refs import ref


def told_promises(ids: Sequence[int], *, hidden_cases: Sequence[int]) -> Iterator[dict[str, Any]]:
    """All that was promised to these, but in the cases that are not theirs to see."""
    hidden = Q(about__in=[ref("case", pk) for pk in hidden_cases])
    rows = Promise.objects.filter(customer_id__in=ids).exclude(hidden).select_related("owner").order_by("pk")
    for one in rows.prefetch_related("tellings").iterator(200):
        yield {
            "promise": str(one.public_id),
            "reference": ref("promise", one.pk),
            "customer": one.customer_id,
            "sort": one.sort,
            "strength": one.strength,
            "speaker": one.speaker,
            "state": one.state,
            "what": one.what,
            "condition": one.condition,
            "quote": one.source_quote,
            "source": one.source,
            "about": one.about,
            "by": one.owner.name if one.owner else None,
            "said_at": one.said_at,
            "first_due": one.first_due,
            "due": one.due,
            "zone": one.zone,
            "moves": one.moves,
            "done_at": one.done_at,
            "settled_at": one.settled_at,
            "reason": one.reason,
            "miss_reason": one.miss_reason,
            "verdict": one.verdict,
            "verdict_at": one.verdict_at,
            "imported": one.imported,
            "tellings": [
                {
                    "kind": told.kind,
                    "words": told.words,
                    "due": told.due,
                    "to_due": told.to_due,
                    "handed_at": told.handed_at,
                    "delivered_at": told.delivered_at,
                }
                for told in sorted(one.tellings.all(), key=lambda told: told.pk)
            ],
        }
