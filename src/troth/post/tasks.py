"""Sending, as a lane of the worker: thin, safe to repeat and to run side by side."""

from __future__ import annotations

from django.utils import timezone

from troth.post import queries, sending


def deliver() -> int:
    """Send what is due; how many letters were dealt with."""
    if not queries.due_exists(now=timezone.now()):
        return 0
    return sending.sweep(carrier=sending.carrier_in_use(), clock=timezone.now)
