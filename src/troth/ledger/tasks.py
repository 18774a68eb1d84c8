"""Sealing, as a task: thin, safe to repeat."""

from __future__ import annotations

from django.utils import timezone

from troth.ledger import rotation, sealing


def seal() -> int:
    """Seal until nothing waits; how many entries. Where a new key signed, the ledger is told."""
    total = 0
    while sealed := sealing.seal(now=timezone.now()):
        total += sealed
    if total:
        rotation.tell_of_keys(now=timezone.now())
    return total
