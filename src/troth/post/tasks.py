"""Sending, as lanes of the worker: thin, safe to repeat and to run side by side."""

from __future__ import annotations

from django.utils import timezone

from troth.post import bulk, queries, sending


def deliver() -> int:
    """Send what is due; how many letters were dealt with."""
    if not queries.due_exists(now=timezone.now()):
        return 0
    return sending.sweep(carrier=sending.carrier_in_use(), clock=timezone.now)


def deliver_in_bulk() -> int:
    """Send what is due of the letters to very many; how many were tried."""
    if not queries.bulk_due_exists(now=timezone.now()):
        return 0
    return bulk.sweep(carrier=sending.carrier_in_use(), clock=timezone.now)
