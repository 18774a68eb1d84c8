"""Receipts as small as they can be: what stands in the ledger about a thing, once all of it is sealed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from troth.ledger.models import Entry, Unsealed
from troth.post.rules.letter import Attachment

#: For TROTH_ENCLOSURES.
FOR_LETTER = "tests.receipts.for_letter"


def for_letter(references: Sequence[str], *, now: datetime) -> list[Attachment] | None:
    """One for each thing, or None while something about one of them waits for its seal."""
    entries = Entry.objects.filter(about__in=references).order_by("pk")
    if Unsealed.objects.filter(entry__in=entries).exists():
        return None
    return [
        Attachment(
            name=f"receipt-{reference.replace(':', '-')}.txt",
            content_type="text/plain; charset=utf-8",
            content="".join(
                f"{entry.kind} – {bytes(entry.leaf_hash).hex()}\n" for entry in entries if entry.about == reference
            ).encode(),
        )
        for reference in references
    ]
